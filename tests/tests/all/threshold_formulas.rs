//! The formulas under the dither objective: kernels, energies, gradients.

use bluegrad_tests::noise::Noise;
use bluegrad_tests::terms::{central_differences, relative_error};
use bluegrad_tests::threshold::energy::{self, Pairs, added_mean_field, huber, psi};
use bluegrad_tests::threshold::kernel::{Band, Component, Table, gaussian, groups, mixture, radial};
use bluegrad_tests::threshold::polish::noise_of_ranks;
use bluegrad_tests::threshold::ranks_of_keys;
use std::f64::consts::PI;

const WIDE: [Component; 2] = [Component { sigma: 1.7, weight: 1.0 }, Component { sigma: 4.3, weight: 5.4 }];
const RING: Band = Band { weight: 3.0, cutoff: 0.1745, exponent: 4.147 };

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
fn a_gaussian_is_the_product_of_its_axes() {
    for (width, height, radius) in [(8, 13, 5), (64, 48, 9), (17, 31, 30), (40, 8, 20)] {
        let table = Table::new(width, height, radius, |r2| gaussian(r2, 1.7));
        let product = Table::gaussian(width, height, radius, 1.7);
        assert_eq!((table.columns, table.rows), (product.columns, product.rows));
        for (a, b) in table.values.iter().zip(&product.values) {
            assert!((a - b).abs() < 1e-14, "{width}x{height}: {a} and {b}");
        }
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
        // 64 intervals leave 1.6e-7 at the largest radius, where b(0) is 0.08
        assert!((got - expected).abs() < 2e-7, "r = {r}: {got}, expected {expected}");
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

/// Triangular values in random order.
fn triangular(pixels: usize, seed: u64) -> Vec<f64> {
    noise_of_ranks(&shuffled(pixels, seed)).iter().map(|x| f64::from(*x) / 8_388_608.0 - 1.0).collect()
}

#[test]
fn psi_is_the_mean_square_of_a_rounded_difference() {
    for d in [-1.9, -1.0, -0.3, 0.0, 0.25, 0.75, 1.0, 1.4, 2.0] {
        let square = |i: i32| {
            let g = (f64::from(i) + 0.5) / 20_000.0;
            ((g + d).round() - g.round()).powi(2)
        };
        let mean = (0..20_000).map(square).sum::<f64>() / 20_000.0;
        assert!((psi(d) - mean).abs() < 2e-4, "ψ({d}) = {}, the mean {mean}", psi(d));
        assert!((energy::soft_psi(d, 1e-9) - psi(d)).abs() < 1e-8, "ψ({d})");
    }
}

#[test]
fn the_energy_of_added_noise_is_the_error_over_all_greys() {
    for (width, height) in [(12, 9), (8, 16), (17, 8)] {
        let table = Table::new(width, height, 4, |r2| gaussian(r2, 1.3));
        let pairs = Pairs::square(width, height, &table);
        let noise = triangular(width * height, 5);
        let (error, energy) = (energy::all_greys(width, height, &table, &noise), pairs.added_energy(&noise));
        assert!((energy / error - 1.0).abs() < 1e-9, "{width}x{height}: {energy}, over greys {error}");
    }
}

/// The mean field of a value is the mean of the pairs' slope over triangular neighbours, and the pairs' slope that of the energy.
#[test]
fn soft_gradients_of_added_noise_are_the_central_differences() {
    for (width, height, radius, tau) in [(12, 9, 4, 0.2), (16, 16, 6, 0.08), (8, 30, 9, 0.004)] {
        let pairs = pairs(width, height, radius, 1.3);
        let noise: Vec<f64> = triangular(width * height, 7).iter().map(|n| 1.05 * n).collect();
        let sums = pairs.added_sums(&noise, tau);
        let gradient: Vec<f64> = noise.iter().zip(sums).map(|(n, sum)| sum + added_mean_field(*n, tau)).collect();
        let energy = |noise: &[f64]| pairs.soft_added_energy(noise, tau);
        let error = relative_error(&gradient, &central_differences(&noise, 1e-7, energy));
        assert!(error < 1e-5, "{width}x{height}, τ = {tau}: relative error {error:e}");
    }
    for tau in [0.2_f64, 0.03] {
        for n in [-1.0 - tau / 2.0, -1.0, -0.9, -0.2, 0.0, 0.5, 0.99, 1.0 + tau / 2.0] {
            let step = 1.0 / 4000.0;
            let part = |i: i32| {
                let m = (f64::from(i) + 0.5) * step - 1.0;
                let slope = |d: f64| (d / tau).clamp(-1.0, 1.0);
                (1.0 - m.abs()) * step * (slope(n - m) + slope(n - m - 1.0) + slope(n - m + 1.0))
            };
            let (mean, field) = ((0..8000).map(part).sum::<f64>(), added_mean_field(n, tau));
            assert!((mean - field).abs() < 1e-5, "n = {n}, τ = {tau}: {field}, the mean {mean}");
        }
    }
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
