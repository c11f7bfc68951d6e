//! The front: gradient descent on the hard energy from any start, with a threshold that moves from dark to light; each
//! step ends with the exact rank projection.

use super::kernel::gaussian;
use super::{Torus, keys_of_values, ranks_of_keys, round, values_of_ranks};
use bluegrad::Schedule;

/// The parameters of a front.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Front {
    /// Steps of the gradient.
    pub steps: u32,
    /// Standard deviation of the kernel, pixels.
    pub sigma: f32,
    /// Its radius: a square window of 2R + 1.
    pub radius: usize,
    /// lr.
    pub step_size: Schedule,
    /// μ.
    pub momentum: f32,
    /// The threshold: values from it on are alike.
    pub threshold: Schedule,
}

/// The ranks after the front. It draws nothing, so it needs no seed.
#[must_use]
pub fn run(front: &Front, width: usize, height: usize, ranks: &[u32]) -> Vec<u32> {
    let mut ranks = ranks.to_vec();
    let mut momentum = vec![0_i32; ranks.len()];
    let taps = taps(front);
    let mu = i64::from(round(256.0 * f64::from(front.momentum)));
    for step in 0..front.steps {
        let threshold = round(65_536.0 * f64::from(front.threshold.at(step, front.steps))).clamp(1, 65_536);
        let lr = i64::from(round(1024.0 * f64::from(front.step_size.at(step, front.steps))));
        let mut x = values_of_ranks(&ranks);
        let g = gradient(&taps, width, height, &x, threshold);
        for ((x, m), g) in x.iter_mut().zip(&mut momentum).zip(g) {
            let most = 1 << 30;
            *m = (((i64::from(*m) * mu) >> 8) + i64::from(g)).clamp(-most, most) as i32;
            *x = (i64::from(*x) - ((i64::from(*m) * lr) >> 10)).clamp(-most, most) as i32;
        }
        ranks = ranks_of_keys(&keys_of_values(&x));
    }
    ranks
}

/// The weights of a front: of the centre, then of the other offsets (dx, dy) of the window, sum about 65 536.
#[derive(Clone, Debug, PartialEq)]
pub struct Taps {
    /// The radius of the window.
    pub radius: usize,
    /// The weight of the centre.
    pub centre: u32,
    /// The other offsets and their weights.
    pub others: Vec<((i32, i32), u32)>,
}

/// The taps of a front.
///
/// `round(65 536·f/Σf)`, `f = exp(−r²/(2·sigma²))`, the sum over the whole window
#[must_use]
pub fn taps(front: &Front) -> Taps {
    let radius = front.radius as i32;
    let offsets = || (-radius..=radius).flat_map(move |dy| (-radius..=radius).map(move |dx| (dx, dy)));
    let f = |(dx, dy): (i32, i32)| gaussian(f64::from(dx * dx + dy * dy), f64::from(front.sigma));
    let sum: f64 = offsets().map(f).sum();
    let weight = |offset| round(65_536.0 * f(offset) / sum) as u32;
    let others = offsets().filter(|offset| *offset != (0, 0)).map(|offset| (offset, weight(offset)));
    Taps { radius: front.radius, centre: weight((0, 0)), others: others.collect() }
}

/// The gradient in Q24: below the threshold `2·(x − lt) − K(0)`, from it on `T − lt`, with lt the weight of the
/// neighbours that are darker, all values cut at the threshold T (Q16).
#[must_use]
pub fn gradient(taps: &Taps, width: usize, height: usize, x: &[i32], threshold: i32) -> Vec<i32> {
    let q: Vec<i32> = x.iter().map(|x| (x >> 8).min(threshold)).collect();
    let image = Torus::new(width, height, taps.radius, &q);
    let q24 = |weight: u32| (weight << 8) as i32;
    let at = |p: usize| {
        let place = (p % width, p / width);
        let darker = taps.others.iter().filter(|(offset, _)| image.at(place, *offset) < q[p]);
        let lt = q24(darker.map(|(_, weight)| weight).sum());
        if q[p] < threshold { 2 * (x[p] - lt) - q24(taps.centre) } else { (threshold << 8) - lt }
    };
    (0..x.len()).map(at).collect()
}
