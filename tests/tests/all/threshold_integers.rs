//! The integers of the dither objective against the f64 formulas that they stand for.

use bluegrad::{Schedule, Shape};
use bluegrad_tests::noise::Noise;
use bluegrad_tests::terms::{central_differences, relative_error};
use bluegrad_tests::threshold::energy::{self, Pairs};
use bluegrad_tests::threshold::fill::Coupling;
use bluegrad_tests::threshold::front::{self, Front};
use bluegrad_tests::threshold::kernel::{Band, Component, groups, mixture, radial};
use bluegrad_tests::threshold::polish::{self, Ends, Kernel, Polish};
use bluegrad_tests::threshold::{ranks_of_keys, values_of_ranks};

const WIDE: [Component; 2] = [Component { sigma: 1.7, weight: 1.0 }, Component { sigma: 4.3, weight: 5.4 }];
const RING: Band = Band { weight: 3.0, cutoff: 0.1745, exponent: 4.147 };

const FRONT: Front = Front {
    steps: 1,
    sigma: 1.42,
    radius: 4,
    step_size: Schedule::constant(0.7),
    momentum: 0.3,
    threshold: Schedule::linear(0.01, 1.0),
};

/// A polish with everything, so that each part can be taken away.
fn full() -> Polish {
    Polish {
        steps: 18,
        radius: 9,
        mixture: WIDE.to_vec(),
        ends: Some(Ends { mixture: vec![Component { sigma: 6.0, weight: 1.0 }], inner: 0.005, outer: 0.3 }),
        win: 1.7,
        band: Some(RING),
        grey_sigma: 1.1,
        step_size: Schedule::geometric(1.1, 0.6),
        tau: Schedule::geometric(0.04, 0.0006),
        momentum: 0.5,
        grey_weight: Schedule::geometric(0.6, 0.7),
        freeze: (0.0, 0.0),
        added: false,
        coupling: Coupling::default(),
        product_weight: 0.0,
        product_sigma: 1.5,
    }
}

/// Ranks in random order.
fn shuffled(pixels: usize, seed: u64) -> Vec<u32> {
    let mut noise = Noise::new(seed);
    let keys: Vec<i32> = (0..pixels).map(|_| noise.bits() as i32).collect();
    ranks_of_keys(&keys)
}

/// What a polish step should take as its gradient, in f64.
fn expected_gradient(polish: &Polish, width: usize, height: usize, x: &[f64], tau: f64, lambda: f64) -> Vec<f64> {
    let groups = groups(polish.radius);
    let noise: Vec<f64> = x.iter().map(|x| 2.0 * x - 1.0).collect();
    let sums = |parts: &[Component], band: Option<&Band>| {
        let (centre, weights) = radial(polish.radius, parts, polish.win, band);
        let pairs = Pairs::from_groups(width, height, centre, &groups, &weights);
        if polish.added { pairs.folded_sums(&noise, 2.0 * tau) } else { pairs.pair_sums(x, tau) }
    };
    let mean_field = |x: f64| {
        if polish.added { energy::added_mean_field(2.0 * x - 1.0, 2.0 * tau) } else { energy::mean_field(x, tau) }
    };
    let mut g = sums(&polish.mixture, polish.band.as_ref());
    if let Some(ends) = &polish.ends {
        let (inner, outer) = (f64::from(ends.inner), f64::from(ends.outer));
        for ((g, second), x) in g.iter_mut().zip(sums(&ends.mixture, None)).zip(x) {
            let v = ((outer - x.min(1.0 - x)) / (outer - inner)).clamp(0.0, 1.0);
            *g += v * (second - *g);
        }
    }
    let grey = low_pass(polish, width, height, x);
    g.iter().zip(x).zip(grey).map(|((g, x), grey)| g + mean_field(*x) + lambda * grey).collect()
}

/// The low-pass of x − ½ in f64.
fn low_pass(polish: &Polish, width: usize, height: usize, x: &[f64]) -> Vec<f64> {
    let sigma = f64::from(polish.grey_sigma);
    let radius = ((2.8 * 2.0_f64.sqrt() * sigma).ceil() as i64).min(polish.radius as i64);
    let e = |t: i64| (-((t * t) as f64) / (4.0 * sigma * sigma)).exp();
    let sum: f64 = (-radius..=radius).map(e).sum();
    let at = |p: usize| {
        let mut b = 0.0;
        for dy in -radius..=radius {
            for dx in -radius..=radius {
                let column = ((p % width) as i64 + dx).rem_euclid(width as i64) as usize;
                let row = ((p / width) as i64 + dy).rem_euclid(height as i64) as usize;
                b += e(dx) * e(dy) / (sum * sum) * (x[row * width + column] - 0.5);
            }
        }
        b
    };
    (0..x.len()).map(at).collect()
}

/// The grey term is the gradient of `½·Σ_i y_i·B_i`, y = x − ½ and B its low-pass: a quadratic form in x.
#[test]
fn the_grey_term_is_a_gradient() {
    let polish = full();
    let x: Vec<f64> = shuffled(144, 2).iter().map(|rank| (f64::from(*rank) + 0.5) / 144.0).collect();
    let value = |x: &[f64]| 0.5 * low_pass(&polish, 16, 9, x).iter().zip(x).map(|(b, x)| b * (x - 0.5)).sum::<f64>();
    let error = relative_error(&low_pass(&polish, 16, 9, &x), &central_differences(&x, 1e-3, value));
    assert!(error < 1e-9, "relative error {error:e}");
}

/// The integer gradient, g/2¹⁸, within what its roundings can add up to. For each group: half a unit of 2⁻¹³ in the product and
/// half in the weight, for each of two kernels at most; 1/Ti for rounding all q by ½; half a unit of 2⁻¹⁵ per tap of a row of the
/// low-pass, of 2⁻¹⁶ per tap of a column, and the weights' own rounding; 2⁻⁸ of the second kernel's difference (at most 2).
#[test]
fn the_integer_gradient_is_that_of_f64() {
    let bare = Polish { ends: None, band: None, grey_weight: Schedule::constant(0.0), ..full() };
    let parts = [
        ("pairs", bare.clone(), 1.0),
        ("band", Polish { band: Some(RING), ..bare.clone() }, 1.0),
        ("ends", Polish { ends: full().ends, ..bare.clone() }, 1.0),
        ("grey", Polish { grey_weight: Schedule::constant(2.5), ..bare.clone() }, 1.0),
        ("narrow torus", Polish { ..full() }, 0.125),
        ("added noise", Polish { added: true, ..bare.clone() }, 1.0),
        ("added noise, narrow torus", Polish { added: true, ..full() }, 0.125),
    ];
    for (what, polish, size) in parts {
        let (width, height) = (64, (64.0 * size) as usize);
        let ranks = shuffled(width * height, 9);
        let x = if polish.added { polish::noise_of_ranks(&ranks) } else { values_of_ranks(&ranks) };
        let real: Vec<f64> = x.iter().map(|x| f64::from(*x) / 16_777_216.0).collect();
        let shape = Shape::new(width as u32, height as u32);
        let kernel = Kernel::new(&polish, shape);
        for tau in [0.0556, 0.01, 0.0006] {
            let (ti, lambda) = (polish::threshold(tau), polish.grey_weight.at(0, 1));
            let g = polish::gradient(&polish, &kernel, shape, &x, ti, lambda);
            let tau = f64::from(ti) / 65_536.0;
            let expected = expected_gradient(&polish, width, height, &real, tau, f64::from(lambda));
            let error = |(g, e): (&i32, f64)| f64::from(*g) / 262_144.0 - e;
            let errors: Vec<f64> = g.iter().zip(expected).map(error).collect();
            let most = errors.iter().fold(0.0, |most: f64, e| most.max(e.abs()));
            let mean = errors.iter().sum::<f64>() / errors.len() as f64;
            let rms = (errors.iter().map(|e| e * e).sum::<f64>() / errors.len() as f64).sqrt();
            let groups = kernel.groups.len() as f64;
            let ends = if polish.ends.is_some() { 2.0_f64.powi(-7) } else { 0.0 };
            // added noise has two pair sums
            let sums = if polish.added { 2.0 } else { 1.0 };
            let bound = sums * (groups / 8192.0 + 1.0 / f64::from(ti)) + ends + f64::from(lambda) * 0.001 + 0.001;
            assert!(most < bound, "{what}, τ = {tau}: off by {most:e}, at most {bound:e}");
            // Roundings down add a little at the ends; else they are to the nearest.
            assert!(mean.abs() < 0.0001, "{what}, τ = {tau}: off by {mean:e} in the mean");
            assert!(rms < sums * 0.0005, "{what}, τ = {tau}: off by {rms:e} rms");
        }
    }
}

/// Of the three signs of added noise the integers take one as known. That is wrong at few pixels, and by little.
#[test]
fn the_folded_sign_is_nearly_always_right() {
    let (centre, weights) = radial(9, &WIDE, 1.7, None);
    let pairs = Pairs::from_groups(64, 64, centre, &groups(9), &weights);
    let noise: Vec<f64> =
        polish::noise_of_ranks(&shuffled(4096, 9)).iter().map(|x| f64::from(*x) / 8_388_608.0 - 1.0).collect();
    for (tau, most, share) in [(0.1, 0.03, 0.1), (0.04, 0.02, 0.02), (0.001, 0.0, 0.0)] {
        let exact = pairs.added_sums(&noise, tau);
        let errors: Vec<f64> = exact.iter().zip(pairs.folded_sums(&noise, tau)).map(|(a, b)| (a - b).abs()).collect();
        let worst = errors.iter().copied().fold(0.0, f64::max);
        let wrong = errors.iter().filter(|error| **error > 1e-12).count() as f64 / 4096.0;
        assert!(worst <= most + 1e-12 && wrong <= share, "τ = {tau}: {worst:e} at most, {wrong} of the pixels");
        let far = errors.iter().zip(&noise).filter(|(_, n)| n.abs() >= tau);
        assert!(far.into_iter().all(|(error, _)| *error < 1e-12), "τ = {tau}: right where |n| ≥ τ");
    }
}

/// The taps of a polish of a volume, from the formulas: layers and channels further, offset, weight.
fn taps_of_volume(polish: &Polish, shape: Shape) -> Vec<(i64, i64, i64, i64, f64)> {
    let (layers, channels) = (i64::from(shape.layers), i64::from(shape.channels));
    let groups = groups(polish.radius);
    let (centre, weights) = radial(polish.radius, &polish.mixture, polish.win, None);
    let plane = Pairs::from_groups(8, 8, centre, &groups, &weights);
    let w = f64::from(polish.coupling.channel_weight);
    let mut taps = Vec::new();
    for &((dx, dy), k) in &plane.taps {
        taps.extend((0..channels).map(|c| (0, c, dx.into(), dy.into(), if c == 0 { k } else { w * k })));
    }
    taps.extend((1..channels).map(|c| (0, c, 0, 0, w * centre)));
    let radius = polish.coupling.time_radius as i64;
    let kt = |d: i64| mixture((d * d) as f64, &polish.coupling.time_kernel);
    let sum: f64 = (1..=radius).map(|d| 2.0 * kt(d)).sum();
    let beta = f64::from(polish.coupling.time_weight);
    let times = (-radius..=radius).filter(|d| *d != 0 && layers > 1);
    taps.extend(times.map(|d| (d, 0, 0, 0, beta * kt(d) / sum)));
    let most = (layers / 2 - 1).clamp(0, 2);
    let mut product = Vec::new();
    for d in (-most..=most).filter(|d| *d != 0) {
        for (dy, dx) in (-2..=2_i64).flat_map(|dy| (-2..=2_i64).map(move |dx| (dy, dx))) {
            let r2 = dx * dx + dy * dy;
            if (1..=5).contains(&r2) {
                let sigma = f64::from(polish.product_sigma);
                product.push((d, 0, dx, dy, (-((d * d) as f64) / 3.92 - r2 as f64 / (2.0 * sigma * sigma)).exp()));
            }
        }
    }
    let sum: f64 = product.iter().map(|tap| tap.4).sum();
    taps.extend(product.iter().map(|(d, c, x, y, k)| (*d, *c, *x, *y, f64::from(polish.product_weight) * k / sum)));
    // the whole with the pixel itself has sum 1
    let all = centre + taps.iter().map(|tap| tap.4).sum::<f64>();
    taps.iter().map(|(d, c, x, y, k)| (*d, *c, *x, *y, k / all)).collect()
}

/// The gradient of a volume is that of its energy `½·Σ_ij K(i−j)·H(x_i − x_j)` over pixels of all planes, by central differences.
#[test]
fn the_gradient_of_a_volume_is_that_of_its_energy() {
    let coupling = Coupling {
        channel_weight: 0.3,
        time_weight: 0.4,
        time_radius: 4,
        time_kernel: vec![Component { sigma: 1.6, weight: 1.0 }, Component { sigma: 3.0, weight: 0.3 }],
    };
    let polish = Polish {
        ends: None,
        band: None,
        radius: 3,
        coupling,
        product_weight: 0.5,
        product_sigma: 1.5,
        grey_weight: Schedule::constant(0.0),
        ..full()
    };
    let (width, height, tau) = (9_i64, 8_i64, 0.02);
    for (layers, channels) in [(1, 4), (2, 1), (3, 2), (5, 1), (8, 3)] {
        let shape = Shape::new(9, 8).with_layers(layers).with_channels(channels);
        let (layers, channels) = (i64::from(layers), i64::from(channels));
        let x: Vec<i32> = (0..shape.planes() as u64).flat_map(|seed| values_of_ranks(&shuffled(72, seed))).collect();
        let real: Vec<f64> = x.iter().map(|x| f64::from(*x) / 16_777_216.0).collect();
        let ti = polish::threshold(tau);
        let tau = f64::from(ti) / 65_536.0;
        let taps = taps_of_volume(&polish, shape);
        let at = |l: i64, c: i64, px: i64, py: i64| {
            let plane = l.rem_euclid(layers) * channels + c.rem_euclid(channels);
            ((plane * height + py.rem_euclid(height)) * width + px.rem_euclid(width)) as usize
        };
        let energy = |x: &[f64]| {
            let mut sum = 0.0;
            for i in 0..x.len() as i64 {
                let (plane, p) = (i / 72, i % 72);
                let (l, c, px, py) = (plane / channels, plane % channels, p % width, p / width);
                for (dl, dc, dx, dy, k) in &taps {
                    sum -= 0.5 * k * energy::huber(x[i as usize] - x[at(l + dl, c + dc, px + dx, py + dy)], tau);
                }
            }
            sum
        };
        let g = polish::gradient(&polish, &Kernel::new(&polish, shape), shape, &x, ti, 0.0);
        for p in (0..x.len()).step_by(x.len() / 24) {
            let side = |step: f64| {
                let mut moved = real.clone();
                moved[p] += step;
                energy(&moved)
            };
            let slope = (side(1e-5) - side(-1e-5)) / 2e-5 + energy::mean_field(real[p], tau);
            let got = f64::from(g[p]) / 262_144.0;
            // half a unit of Q13 for each of some fifty roundings, and 1/Ti for those of q
            assert!((got - slope).abs() < 0.004, "{shape:?}, element {p}: {got}, expected {slope}");
        }
    }
}

/// Momentum and step: `M = μ·M + g` within ±4, `X −= lr·M`, less for values that are frozen.
#[test]
fn a_step_moves_against_the_momentum() {
    let polish = Polish { momentum: 0.5, freeze: (0.1, 0.2), ..full() };
    let at = |x: f64| (x * 16_777_216.0) as i32;
    let mut x = [0.05, 0.1, 0.15, 0.2, 0.9, 0.5].map(at);
    let before = x;
    let mut momentum = [0, 0, 0, 0, 1 << 16, 1 << 20];
    polish::update(&polish, 0.25, &mut x, &mut momentum, &[1 << 17, 1 << 17, 1 << 17, 1 << 17, -(1 << 15), 1 << 20]);
    assert_eq!(momentum, [1 << 17, 1 << 17, 1 << 17, 1 << 17, 0, 1 << 20], "the last one is cut at 4");
    let moved = |i: usize| f64::from(before[i] - x[i]) / 16_777_216.0;
    assert_eq!((moved(0), moved(1), moved(4)), (0.0, 0.0, 0.0));
    // The ramp's slope is a rounded integer: it may fall short of 256/256 by one.
    assert!((moved(3) - 0.125).abs() < 0.001, "free: moved by {}", moved(3));
    assert!((moved(2) - 0.0625).abs() < 0.001, "half frozen: moved by {}", moved(2));
    assert_eq!(moved(5), 1.0);
}

/// Far past what is stable the sums wrap; the ranks are still ranks.
#[test]
fn unstable_parameters_give_ranks() {
    let (lr, grey_weight) = (Schedule::constant(1e6), Schedule::constant(1e5));
    let polish = Polish { steps: 5, step_size: lr, grey_weight, momentum: 0.99, freeze: (0.1, 0.2), ..full() };
    let front = Front { steps: 5, step_size: lr, momentum: 0.99, ..FRONT };
    let start = shuffled(20 * 12, 1);
    for ranks in [polish::run(&polish, 20, 12, &start), front::run(&front, 20, 12, &start)] {
        let mut sorted = ranks;
        sorted.sort_unstable();
        assert!(sorted.iter().copied().eq(0..240));
    }
}

/// The front's gradient: with the threshold at 1 that of the hard energy; else the lighter values of equal rank T.
#[test]
fn the_front_follows_the_hard_gradient() {
    let (width, height) = (32, 16);
    let taps = front::taps(&FRONT);
    let sum = taps.centre + taps.others.iter().map(|(_, weight)| weight).sum::<u32>();
    assert!(sum.abs_diff(65_536) <= 40 && taps.others.len() == 80, "81 weights of sum {sum}");
    let others = taps.others.iter().map(|(offset, weight)| (*offset, f64::from(*weight) / 65_536.0)).collect();
    let pairs = Pairs { width, height, centre: f64::from(taps.centre) / 65_536.0, taps: others };
    let x = values_of_ranks(&shuffled(width * height, 4));
    let real: Vec<f64> = x.iter().map(|x| f64::from(*x) / 16_777_216.0).collect();
    for threshold in [1.0, 0.25] {
        // Ranks are apart by 2⁷ units of Q16, so no two values that differ are alike there.
        let cut: Vec<f64> = real.iter().map(|x| x.min(threshold)).collect();
        let hard = pairs.hard_gradient(&cut);
        let darker = |p: usize| (2.0 * cut[p] - pairs.centre - hard[p]) / 2.0;
        let g = front::gradient(&taps, width, height, &x, (threshold * 65_536.0) as i32);
        for (p, g) in g.iter().enumerate() {
            let expected = if real[p] < threshold { hard[p] } else { threshold - darker(p) };
            let got = f64::from(*g) / 16_777_216.0;
            assert!((got - expected).abs() < 1e-6, "T = {threshold}, pixel {p}: {got}, expected {expected}");
        }
    }
}
