//! The losses of the spectral objective over the full spectrum, and their exact gradients with respect to the image.
//!
//! `X = forward(x)`, `S = |X|`, all W x H bins. A spectral term is written on the amplitudes S, as its value L and
//! `G = ∂L/∂S`; one pull-back serves all of them:
//!
//! ```text
//! ∂S_k/∂x_j = Re(X_k·exp(2πi k·j))/S_k     so     ∂L/∂x = M·Re inverse(G·X/S)     (0 where S = 0)
//! ```

mod objective;

pub use objective::{Gradients, Objective};

use crate::dft::{Complex, forward, inverse_real, radial_frequencies};
use bluegrad::spectral::Profile;
use bluegrad::{Distribution, Spectral, TermWeight};

/// The terms, in the order of their random factors and of the losses; the histogram, the only one that is not on amplitudes, is last.
pub const NAMES: [&str; 4] = ["low band", "smoothness", "profile", "histogram"];

/// Number of terms.
pub const TERMS: usize = NAMES.len();

/// Weight of each term in a stage, in the order of [`NAMES`].
#[must_use]
pub fn weights(stage: &mut Spectral) -> [&mut TermWeight; TERMS] {
    [&mut stage.low_band, &mut stage.smoothness, &mut stage.profile, &mut stage.histogram]
}

/// The term `name` on amplitudes. `cutoff` is fc of the low band, cycles/pixel.
fn on_amplitudes(name: &str, objective: &Objective, amplitudes: &[f64], cutoff: f64) -> Evaluation {
    let &Objective { width, height, ref aims, .. } = objective;
    match name {
        "low band" => low_band_of(amplitudes, width, height, cutoff),
        "smoothness" => smoothness_of(amplitudes, width, height),
        "profile" => profile_of(amplitudes, aims),
        _ => panic!("{name} is not a term on amplitudes"),
    }
}

/// One number for each term, in the order of [`NAMES`]: weights, random factors or losses.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Terms(pub [f64; TERMS]);

impl Terms {
    /// The published weights with every random factor 1.
    pub const PUBLISHED: Self = Self([0.1, 0.01, 0.0, 2.2]);
    /// 1 for every term.
    pub const ONES: Self = Self([1.0; TERMS]);

    /// The number of the term `name`.
    #[must_use]
    pub fn of(&self, name: &str) -> f64 {
        let index = NAMES.iter().position(|own| *own == name);
        self.0[index.unwrap_or_else(|| panic!("{name} is not a term"))]
    }

    /// Sum of the products: of weights and losses it is the total loss.
    #[must_use]
    pub fn dot(&self, other: &Self) -> f64 {
        self.0.iter().zip(other.0).map(|(a, b)| a * b).sum()
    }
}

/// A loss with its gradient.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// L.
    pub loss: f64,
    /// `∂L/∂x`, W x H. (`∂L/∂S` where a function on amplitudes says so.)
    pub gradient: Vec<f64>,
}

/// Adds `factor·from` to `to`.
fn add_scaled(to: &mut [f64], factor: f64, from: &[f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += factor * from;
    }
}

/// `S = |X|` of every bin, W x H.
#[must_use]
pub fn amplitudes(spectrum: &[Complex]) -> Vec<f64> {
    spectrum.iter().map(|bin| bin.norm()).collect()
}

/// The chain rule from amplitudes to the image: `∂L/∂x = M·Re inverse(G·X/S)` for `G = ∂L/∂S`; a bin with S = 0, where
/// |X| has no gradient, counts as 0.
#[must_use]
pub fn pull_back(spectrum: &[Complex], amplitude_gradient: &[f64], width: usize, height: usize) -> Vec<f64> {
    let pixels = spectrum.len() as f64;
    let scaled = |(bin, &gradient): (&Complex, &f64)| {
        let amplitude = bin.norm();
        if amplitude > 0.0 { bin.scale(pixels * gradient / amplitude) } else { Complex::default() }
    };
    let product: Vec<Complex> = spectrum.iter().zip(amplitude_gradient).map(scaled).collect();
    inverse_real(&product, width, height)
}

/// Low band on amplitudes: `L = Σ w²·S²/M`, `w = max(1 − f²/fc², 0)`, fc = `cutoff` and f in cycles/pixel; DC counts.
/// The gradient is `∂L/∂S = 2·w²·S/M`.
#[must_use]
pub fn low_band_of(amplitudes: &[f64], width: usize, height: usize, cutoff: f64) -> Evaluation {
    let pixels = amplitudes.len() as f64;
    let mut loss = 0.0;
    let bins = amplitudes.iter().zip(radial_frequencies(width, height));
    let gradient = bins
        .map(|(s, f)| {
            let w = (1.0 - f * f / (cutoff * cutoff)).max(0.0);
            loss += w * w * s * s / pixels;
            2.0 * w * w * s / pixels
        })
        .collect();
    Evaluation { loss, gradient }
}

/// Smoothness on amplitudes, all bins, DC too: `L = (Σ lap² + Σ gx² + Σ gy²)/M`, where, everything periodic,
/// `lap = (left + right + up + down − 4·S)/5`, `gx = (S − left)/2`, `gy = (S − up)/2`. The gradient is `∂L/∂S`: the
/// transposed stencils on lap, gx and gy, times 2/M.
#[must_use]
pub fn smoothness_of(amplitudes: &[f64], width: usize, height: usize) -> Evaluation {
    let pixels = amplitudes.len() as f64;
    let at = |u: usize, v: usize| v % height * width + u % width;
    let (mut lap, mut gx, mut gy) = (vec![0.0; amplitudes.len()], vec![0.0; amplitudes.len()], Vec::new());
    for v in 0..height {
        for u in 0..width {
            let s = amplitudes[at(u, v)];
            let (left, right) = (amplitudes[at(u + width - 1, v)], amplitudes[at(u + 1, v)]);
            let (up, down) = (amplitudes[at(u, v + height - 1)], amplitudes[at(u, v + 1)]);
            lap[at(u, v)] = (left + right + up + down - 4.0 * s) / 5.0;
            gx[at(u, v)] = (s - left) / 2.0;
            gy.push((s - up) / 2.0);
        }
    }
    let square_sum = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>();
    let loss = (square_sum(&lap) + square_sum(&gx) + square_sum(&gy)) / pixels;
    let gradient = (0..amplitudes.len())
        .map(|i| {
            let (u, v) = (i % width, i / width);
            let (left, right) = (at(u + width - 1, v), at(u + 1, v));
            let (up, down) = (at(u, v + height - 1), at(u, v + 1));
            let from_lap = (lap[left] + lap[right] + lap[up] + lap[down] - 4.0 * lap[i]) / 5.0;
            let from_differences = (gx[i] - gx[right]) / 2.0 + (gy[i] - gy[down]) / 2.0;
            2.0 / pixels * (from_lap + from_differences)
        })
        .collect();
    Evaluation { loss, gradient }
}

/// The amplitudes that the profile term aims at, W x H: `√M·s·A(f)`, 0 for DC, with
/// `s = √(Σ_i (t_i − mean t)² / Σ_{k≠0} A(f_k)²)`: by Parseval they have the power of the targets t less their mean.
/// A profile that is 0 at every bin but DC has no such s: all 0.
#[must_use]
pub fn profile_aims(width: usize, height: usize, profile: &Profile, targets: &[f64]) -> Vec<f64> {
    let mut aims: Vec<f64> = radial_frequencies(width, height).into_iter().map(|f| profile.amplitude(f)).collect();
    aims[0] = 0.0;
    let mean = targets.iter().sum::<f64>() / targets.len() as f64;
    let wanted: f64 = targets.iter().map(|t| (t - mean) * (t - mean)).sum();
    let unscaled: f64 = aims.iter().map(|a| a * a).sum();
    let scale = if unscaled > 0.0 { (wanted / unscaled).sqrt() } else { 0.0 };
    for aim in &mut aims {
        *aim *= scale * ((width * height) as f64).sqrt();
    }
    aims
}

/// Profile on amplitudes: `L = (1/M)·Σ_{k≠0} (S_k − aim_k)²`, aims from [`profile_aims`]; DC does not count. The
/// gradient is `∂L/∂S = (2/M)·(S − aim)`.
#[must_use]
pub fn profile_of(amplitudes: &[f64], aims: &[f64]) -> Evaluation {
    let pixels = amplitudes.len() as f64;
    let mut gradient: Vec<f64> = amplitudes.iter().zip(aims).map(|(s, aim)| 2.0 / pixels * (s - aim)).collect();
    gradient[0] = 0.0;
    let loss = amplitudes.iter().zip(aims).skip(1).map(|(s, aim)| (s - aim) * (s - aim)).sum::<f64>() / pixels;
    Evaluation { loss, gradient }
}

/// A term on amplitudes as a term on the image.
fn of_image(image: &[f64], width: usize, height: usize, term: impl Fn(&[f64]) -> Evaluation) -> Evaluation {
    let spectrum = forward(image, width, height);
    let on_amplitudes = term(&amplitudes(&spectrum));
    let gradient = pull_back(&spectrum, &on_amplitudes.gradient, width, height);
    Evaluation { loss: on_amplitudes.loss, gradient }
}

/// The values that `n` pixels are to have, smallest first: `Q(i/(n−1))`, in f64, never rounded to f32.
#[must_use]
pub fn targets(distribution: &Distribution, n: usize) -> Vec<f64> {
    let last = (n.max(2) - 1) as f64;
    (0..n).map(|i| distribution.quantile(i as f64 / last)).collect()
}

/// Rank of every value, 0 for the smallest; of equal values (−0 equals 0) the one with the smaller index comes first.
#[must_use]
pub fn ranks(image: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..image.len()).collect();
    // The sort is stable, so indices stay in order among equals.
    order.sort_by(|&i, &j| image[i].partial_cmp(&image[j]).expect("no NaN"));
    let mut ranks = vec![0; image.len()];
    for (rank, &i) in order.iter().enumerate() {
        ranks[i] = rank;
    }
    ranks
}

/// The histogram term with exact ranks: `L = Σ_i (x_i − targets[rank_i])²`; gradient `2·(x_i − targets[rank_i])`, which
/// is exact where no two values are equal.
#[must_use]
pub fn histogram(image: &[f64], targets: &[f64]) -> Evaluation {
    let distances = image.iter().zip(ranks(image)).map(|(x, rank)| x - targets[rank]);
    let distances: Vec<f64> = distances.collect();
    let loss = distances.iter().map(|d| d * d).sum();
    Evaluation { loss, gradient: distances.iter().map(|d| 2.0 * d).collect() }
}

/// Central differences: `(8·(L(x + h) − L(x − h)) − (L(x + 2h) − L(x − 2h)))/(12h)` in every pixel, error O(h⁴).
#[must_use]
pub fn central_differences(image: &[f64], h: f64, loss: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let mut moved = image.to_vec();
    let mut derivative = |i: usize| {
        let mut at = |steps: f64| {
            moved[i] = image[i] + steps * h;
            loss(&moved)
        };
        let near = at(1.0) - at(-1.0);
        let far = at(2.0) - at(-2.0);
        moved[i] = image[i];
        (8.0 * near - far) / (12.0 * h)
    };
    (0..image.len()).map(&mut derivative).collect()
}

/// The largest `|a_i − b_i| / max(|b_i|, rms b)`: relative, but not to a component that happens to be near 0.
#[must_use]
pub fn relative_error(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len(), "the lengths differ");
    let rms = (b.iter().map(|b| b * b).sum::<f64>() / b.len() as f64).sqrt();
    a.iter().zip(b).map(|(a, b)| (a - b).abs() / b.abs().max(rms)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests;
