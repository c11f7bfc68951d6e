//! The formulas under the dither objective: kernels, energies, gradients, and the integers that stand for them.

use bluegrad::Schedule;
use bluegrad_tests::noise::Noise;
use bluegrad_tests::terms::{central_differences, relative_error};
use bluegrad_tests::threshold::energy::{self, Pairs, huber};
use bluegrad_tests::threshold::front::{self, Front};
use bluegrad_tests::threshold::kernel::{Band, Component, Table, gaussian, groups, mixture, radial};
use bluegrad_tests::threshold::polish::{self, Ends, Kernel, Polish};
use bluegrad_tests::threshold::{ranks_of_keys, values_of_ranks};
use std::f64::consts::PI;

const WIDE: [Component; 2] = [Component { sigma: 1.7, weight: 1.0 }, Component { sigma: 4.3, weight: 5.4 }];
const RING: Band = Band { weight: 3.0, cutoff: 0.1745, exponent: 4.147 };

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
    }
}

/// Ranks in random order.
fn shuffled(pixels: usize, seed: u64) -> Vec<u32> {
    let mut noise = Noise::new(seed);
    let keys: Vec<i32> = (0..pixels).map(|_| noise.bits() as i32).collect();
    ranks_of_keys(&keys)
}

/// `(rank + ½)/n` in random order.
fn uniform(pixels: usize, seed: u64) -> Vec<f64> {
    shuffled(pixels, seed).iter().map(|rank| (f64::from(*rank) + 0.5) / pixels as f64).collect()
}

fn pairs(width: usize, height: usize, radius: usize, win: f32) -> Pairs {
    let (centre, weights) = radial(radius, &WIDE, win, None);
    Pairs::from_groups(width, height, centre, &groups(radius), &weights)
}

/// However small the torus, each offset of the plane's window counts once.
#[test]
fn a_table_holds_the_whole_window() {
    for (width, height, radius) in [(8, 8, 30), (64, 64, 30), (61, 13, 9), (16, 17, 8), (9, 200, 12)] {
        let count = Table::new(width, height, radius, |_| 1.0);
        assert_eq!(count.sum(), ((2 * radius + 1) * (2 * radius + 1)) as f64, "{width}x{height}");
        assert_eq!((count.columns, count.rows), ((2 * radius + 1).min(width), (2 * radius + 1).min(height)));
        let table = Table::new(width, height, radius, |r2| gaussian(r2, 2.0));
        let line: f64 = (-(radius as i32)..=radius as i32).map(|d| gaussian(f64::from(d * d), 2.0)).sum();
        assert!((table.sum() / (line * line) - 1.0).abs() < 1e-12, "{width}x{height}");
        // It is separable, and its entry at an offset is that of the torus.
        let at = |d: i64, side: usize| -> f64 {
            let all = (-(radius as i64)..=radius as i64).filter(|e| (e - d).rem_euclid(side as i64) == 0);
            all.map(|e| gaussian((e * e) as f64, 2.0)).sum()
        };
        let mut reached = vec![0.0; width * height];
        for (q, value) in table.pixels(width + 3, width, height).zip(&table.values) {
            assert_eq!(reached[q], 0.0, "a pixel is reached once");
            reached[q] = *value;
        }
        for (q, value) in reached.iter().enumerate() {
            let expected = at((q % width) as i64 - 3, width) * at((q / width) as i64 - 1, height);
            assert!((value - expected).abs() < 1e-12, "{width}x{height}, pixel {q}: {value}, expected {expected}");
        }
        assert_eq!(table.pixels(width + 3, width, height).nth(table.centre()), Some(width + 3));
    }
}

#[test]
fn taps_are_all_offsets_in_order() {
    for radius in [4, 6, 8, 9] {
        let groups = groups(radius);
        let most = (radius * radius + radius / 2) as i32;
        let taps: Vec<(i32, i32, i32)> =
            groups.iter().flat_map(|group| group.taps.iter().map(|&(dx, dy)| (dx * dx + dy * dy, dy, dx))).collect();
        assert!(taps.is_sorted(), "radius {radius}: by r², dy, dx");
        let side = -20..=20;
        let count =
            side.clone().flat_map(|y| side.clone().map(move |x| x * x + y * y)).filter(|r2| *r2 <= most).count();
        assert_eq!(taps.len(), count - 1, "radius {radius}: all of them but the centre, none twice");
        for pair in groups.windows(2) {
            let full = pair[0].taps.len() == 8 && pair[0].r2 == pair[1].r2;
            assert!(pair[0].r2 < pair[1].r2 || full, "radius {radius}: a group ends with its ring or at 8");
        }
        assert!(groups.iter().all(|group| group.taps.len() <= 8));
    }
}

#[test]
fn polish_kernels_have_sum_1_and_the_wanted_shape() {
    for band in [None, Some(&RING)] {
        let groups = groups(9);
        let (centre, weights) = radial(9, &WIDE, 1.7, band);
        let sum = centre + groups.iter().zip(&weights).map(|(group, k)| group.taps.len() as f64 * k).sum::<f64>();
        assert!((sum - 1.0).abs() < 1e-12);
    }
    let (centre, weights) = radial(9, &WIDE, 1.7, None);
    for (group, k) in groups(9).iter().zip(weights) {
        let r2 = f64::from(group.r2);
        let bump = |c: Component| (-r2 / (2.0 * f64::from(c.sigma).powi(2))).exp() * share(c);
        let share_of_centre: f64 = WIDE.into_iter().map(bump).sum::<f64>() / WIDE.into_iter().map(share).sum::<f64>();
        let expected = share_of_centre * (1.0 - r2 / 94.09).powf(f64::from(1.7_f32));
        assert!((k / centre - expected).abs() < 1e-12, "r² = {r2}");
        assert!((mixture(r2, &WIDE) / mixture(0.0, &WIDE) - share_of_centre).abs() < 1e-12, "r² = {r2}");
    }
}

/// The value of a Gaussian at its centre.
fn share(c: Component) -> f64 {
    f64::from(c.weight) / f64::from(c.sigma).powi(2)
}

/// The radial weights that came with the recipe, times 2²⁰. Its parameters are printed with three or four digits: 1e-4.
#[test]
fn the_classic_kernel_is_the_recorded_one() {
    let record = [
        (1, 43886.0),
        (2, 37234.0),
        (4, 26551.0),
        (5, 22310.0),
        (8, 12968.0),
        (9, 10749.0),
        (10, 8882.0),
        (13, 4941.0),
        (16, 2754.0),
        (20, 1422.0),
        (25, 990.0),
        (26, 979.0),
        (37, 1128.0),
        (49, 919.0),
        (64, 425.0),
        (85, 50.0),
    ];
    let parts = [Component { sigma: 2.214, weight: 1.0 }, Component { sigma: 5.39, weight: 5.822 }];
    let (centre, weights) = radial(9, &parts, 1.355, Some(&RING));
    let scale = f64::from(1 << 20);
    assert!((centre * scale - 51572.0).abs() < 5.0, "centre {}", centre * scale);
    for (r2, expected) in record {
        let place = groups(9).iter().position(|group| group.r2 == r2).expect("a ring");
        let got = weights[place] * scale;
        assert!((got - expected).abs() < 0.7 + 1e-4 * expected, "r² = {r2}: {got}, recorded {expected}");
    }
}

/// The band's transform against the plain sum over a grid of both frequencies, where a rule of midpoints is exact to the
/// decay of the function.
#[test]
fn the_band_is_an_inverse_transform() {
    let (cutoff, exponent) = (f64::from(RING.cutoff), f64::from(RING.exponent));
    let h = 1.0 / 400.0;
    for r in [0.0, 1.0, 2.0_f64.sqrt(), 3.0, 5.0, 9.2] {
        let mut sum = 0.0;
        for v in -160..160 {
            for u in -160..160 {
                let (fx, fy) = ((f64::from(u) + 0.5) * h, (f64::from(v) + 0.5) * h);
                sum += (-(fx.hypot(fy) / cutoff).powf(exponent)).exp() * (2.0 * PI * fx * r).cos();
            }
        }
        let (got, expected) = (RING.transform(r), sum * h * h);
        assert!((got - expected).abs() < 1e-7, "r = {r}: {got}, expected {expected}");
    }
}

/// `∫₀¹ ‖G*(1[x > t] − (1 − t))‖² dt = n/6 − ½·ΣK·|x_i − x_j|` to the order 1/n: n values (rank + ½)/n leave 1/(12n).
#[test]
fn the_energy_is_the_error_over_all_thresholds() {
    for (width, height) in [(12, 9), (8, 16), (17, 8)] {
        let table = Table::new(width, height, 4, |r2| gaussian(r2, 1.3));
        let pairs = Pairs::square(width, height, &table);
        let total = pairs.centre + pairs.taps.iter().map(|(_, k)| k).sum::<f64>();
        assert!((total - 1.0).abs() < 1e-12, "G*G has sum {total}");
        let n = width * height;
        let x = uniform(n, n as u64);
        let (error, energy) = (energy::all_thresholds(width, height, &table, &x), pairs.energy(&x));
        let rest = 1.0 / (12.0 * n as f64);
        assert!((energy - rest - error).abs() < 1e-9, "{width}x{height}: {energy} − {rest}, over thresholds {error}");
    }
}

/// White noise has K(0)·n/6. Ranks of n pixels, each once, have a little less, since two differ by (n + 1)/(3n) in the mean:
/// (K(0)·(n + 1) − 1)/6.
#[test]
fn white_noise_has_the_expected_energy() {
    let pairs = Pairs::square(32, 16, &Table::new(32, 16, 4, |r2| gaussian(r2, 1.0)));
    let energies: Vec<f64> = (0..40).map(|seed| pairs.energy(&uniform(512, seed))).collect();
    let mean = energies.iter().sum::<f64>() / 40.0;
    let deviation = (energies.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / 40.0).sqrt();
    let expected = (pairs.centre * 513.0 - 1.0) / 6.0;
    // Four standard errors.
    assert!((mean - expected).abs() < 4.0 * deviation / 40.0_f64.sqrt(), "{mean} ± {deviation}, expected {expected}");
    assert!(deviation < 0.1 * expected, "the deviation is {deviation} of {expected}");
}

#[test]
fn soft_gradients_are_the_central_differences() {
    for (width, height, radius, tau) in [(12, 9, 4, 0.2), (16, 16, 6, 0.04), (8, 30, 9, 0.002)] {
        let pairs = pairs(width, height, radius, 1.3);
        // Not ranks: the mean field holds for any values, also a little outside.
        let mut noise = Noise::new(7);
        let x: Vec<f64> = (0..width * height).map(|_| 1.1 * noise.unit() - 0.05).collect();
        let gradient = pairs.soft_gradient(&x, tau);
        let error = relative_error(&gradient, &central_differences(&x, 1e-7, |x| pairs.soft_energy(x, tau)));
        assert!(error < 1e-5, "{width}x{height}, τ = {tau}: relative error {error:e}");
    }
}

#[test]
fn small_tau_gives_the_hard_energy_and_gradient() {
    let pairs = pairs(16, 16, 6, 1.3);
    let x = uniform(256, 3);
    let soft = pairs.soft_gradient(&x, 1e-9);
    for (i, (soft, hard)) in soft.iter().zip(pairs.hard_gradient(&x)).enumerate() {
        assert!((soft - hard).abs() < 1e-8, "pixel {i}: {soft}, hard {hard}");
    }
    // The mean field's sum is n/3 but for 1/(12n).
    assert!((pairs.soft_energy(&x, 1e-9) - pairs.energy(&x)).abs() < 1e-3);
    assert_eq!((huber(0.5, 0.2), huber(-0.1, 0.2)), (0.4, 0.1 * 0.1 / 0.4));
}

#[test]
fn swaps_change_the_energy_as_told() {
    let pairs = Pairs::square(12, 9, &Table::new(12, 9, 4, |r2| gaussian(r2, 1.3)));
    let x = uniform(108, 5);
    let mut noise = Noise::new(1);
    for _ in 0..50 {
        let (p, q) = ((noise.bits() % 108) as usize, (noise.bits() % 108) as usize);
        let mut swapped = x.clone();
        swapped.swap(p, q);
        let (got, expected) = (pairs.swap_change(&x, p, q), pairs.energy(&swapped) - pairs.energy(&x));
        assert!((got - expected).abs() < 1e-11, "pixels {p} and {q}: {got}, brute force {expected}");
    }
}

/// What a polish step should take as its gradient, in f64.
fn expected_gradient(polish: &Polish, width: usize, height: usize, x: &[f64], tau: f64, lambda: f64) -> Vec<f64> {
    let groups = groups(polish.radius);
    let sums = |parts: &[Component], band: Option<&Band>| {
        let (centre, weights) = radial(polish.radius, parts, polish.win, band);
        Pairs::from_groups(width, height, centre, &groups, &weights).pair_sums(x, tau)
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
    g.iter().zip(x).zip(grey).map(|((g, x), grey)| g + energy::mean_field(*x, tau) + lambda * grey).collect()
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
    let x = uniform(16 * 9, 2);
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
    ];
    for (what, polish, size) in parts {
        let (width, height) = (64, (64.0 * size) as usize);
        let x = values_of_ranks(&shuffled(width * height, 9));
        let real: Vec<f64> = x.iter().map(|x| f64::from(*x) / 16_777_216.0).collect();
        let kernel = Kernel::new(&polish);
        for tau in [0.0556, 0.01, 0.0006] {
            let (ti, lambda) = (polish::threshold(tau), polish.grey_weight.at(0, 1));
            let g = polish::gradient(&polish, &kernel, width, height, &x, ti, lambda);
            let tau = f64::from(ti) / 65_536.0;
            let expected = expected_gradient(&polish, width, height, &real, tau, f64::from(lambda));
            let errors = g.iter().zip(expected).map(|(g, e)| f64::from(*g) / 262_144.0 - e);
            let (most, square) = errors.fold((0.0, 0.0), |(most, sum): (f64, f64), e| (most.max(e.abs()), sum + e * e));
            let rms = (square / g.len() as f64).sqrt();
            let groups = kernel.taps.len() as f64;
            let ends = if polish.ends.is_some() { 2.0_f64.powi(-7) } else { 0.0 };
            let bound = groups / 8192.0 + 1.0 / f64::from(ti) + ends + f64::from(lambda) * 0.001 + 0.001;
            assert!(most < bound, "{what}, τ = {tau}: off by {most:e}, at most {bound:e}");
            assert!(rms < 0.0005, "{what}, τ = {tau}: off by {rms:e} rms");
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

/// The front's gradient: with the threshold at 1 that of the hard energy; else the lighter values of equal rank T.
#[test]
fn the_front_follows_the_hard_gradient() {
    let front = Front {
        steps: 1,
        sigma: 1.42,
        radius: 4,
        step_size: Schedule::constant(0.7),
        momentum: 0.3,
        threshold: Schedule::linear(0.01, 1.0),
    };
    let (width, height) = (32, 16);
    let taps = front::taps(&front);
    let sum = taps.centre + taps.others.iter().map(|(_, weight)| weight).sum::<u32>();
    assert!(sum.abs_diff(65_000) <= 40 && taps.others.len() == 80, "81 weights of sum {sum}");
    let others = taps.others.iter().map(|(offset, weight)| (*offset, f64::from(*weight) / 65_000.0)).collect();
    let pairs = Pairs { width, height, centre: f64::from(taps.centre) / 65_000.0, taps: others };
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
