//! Figures of the binary patterns against the f64 reference: any size, any mask, with ties and without.

use crate::common;
use bluegrad::measure::{
    self, GreyLevel, LEVELS, Patterns, Peak, energy_scratch_len, levels_scratch_len, power_len, scratch_len,
};
use bluegrad::{Config, Error, Preset, Shape};
use bluegrad_tests::noise::uniform_image;
use bluegrad_tests::{measure as grey_reference, patterns as reference};

fn ranks(values: &[f64]) -> Vec<u32> {
    let (mut order, mut ranks) = (vec![0; values.len()], vec![0; values.len()]);
    measure::ranks(values, &mut order, &mut ranks).expect("the right lengths");
    ranks
}

fn patterns(ranks: &[u32], shape: Shape) -> ([GreyLevel; LEVELS], Patterns) {
    let mut levels = [GreyLevel::default(); LEVELS];
    let mut scratch = vec![f64::NAN; levels_scratch_len(shape).expect("a good size")];
    let patterns = measure::patterns(ranks, shape, &mut levels, &mut scratch).expect("the right lengths");
    (levels, patterns)
}

/// Within 0.01 dB where both have a figure, and a figure in the same places. Below -200 dB there is rounding only.
fn near(what: &str, got: f64, expected: f64) {
    let same = (got - expected).abs() < 0.01 || got.is_nan() && expected.is_nan() || got < -200.0 && expected < -200.0;
    assert!(same, "{what}: {got}, reference {expected}");
}

fn near_each<const N: usize>(what: &str, got: [f64; N], expected: [f64; N]) {
    for (i, (got, expected)) in got.into_iter().zip(expected).enumerate() {
        near(&format!("{what} {i}"), got, expected);
    }
}

fn compare(values: &[f64], width: u32, height: u32) {
    let (w, h) = (width as usize, height as usize);
    let (levels, got) = patterns(&ranks(values), Shape::new(width, height));
    let expected = reference::patterns(values, w, h);
    for (k, (level, expected)) in (1..).zip(levels.iter().zip(&expected.levels)) {
        let at = format!("{width}x{height}, level {k}/128:");
        assert_eq!(level.grey, f64::from(k) / 128.0);
        near_each(&format!("{at} HVS"), level.hvs_error.map(measure::decibels), expected.hvs_error);
        near_each(&format!("{at} 1e5 RMS"), level.rms.map(|x| 1e5 * x), expected.rms.map(|x| 1e5 * x));
        near(&format!("{at} low"), measure::decibels(level.low_frequency), expected.low_frequency);
        near(&format!("{at} cut"), measure::decibels(level.hard_cut), expected.hard_cut);
        near(&format!("{at} anisotropy"), level.anisotropy, expected.anisotropy);
        near(&format!("{at} peak"), level.peak, expected.peak);
        let bin = peak_bin(level, width, height);
        assert_eq!(bin.is_some(), !expected.peak_bins.is_empty(), "{at} {:?}", level.peak_frequency);
        assert!(bin.is_none_or(|bin| expected.peak_bins.contains(&bin)), "{at} {bin:?} of {:?}", expected.peak_bins);
    }
    let at = format!("{width}x{height}:");
    near_each(&format!("{at} mean"), got.hvs_error_mean, expected.hvs_error_mean);
    near_each(&format!("{at} worst"), got.hvs_error_worst, expected.hvs_error_worst);
    near_each(&format!("{at} 1e5 RMS"), got.rms.map(|x| 1e5 * x), expected.rms.map(|x| 1e5 * x));
    near(&format!("{at} low"), got.low_frequency, expected.low_frequency);
    near(&format!("{at} cut"), got.hard_cut, expected.hard_cut);
    near(&format!("{at} anisotropy"), got.anisotropy, expected.anisotropy);
    near_each(&format!("{at} peak"), [got.peak.mean, got.peak.mid, got.peak.worst], expected.peaks);
    let worst = (4..=124).step_by(4).map(|k| &levels[k - 1]).find(|level| level.grey == got.peak.worst_grey);
    let figures = |level: &GreyLevel| (level.peak, level.peak_frequency);
    assert_eq!(worst.map(figures), Some((got.peak.worst, got.peak.worst_frequency)), "{at}");
}

/// Column and row, from 0, of the bin at a level's peak; none of a level of one colour.
fn peak_bin(level: &GreyLevel, width: u32, height: u32) -> Option<(usize, usize)> {
    let [u, v] = [0, 1].map(|i| level.peak_frequency[i] * f64::from([width, height][i]));
    assert!(u.is_nan() || (u - u.round()).abs() < 1e-9 && (v - v.round()).abs() < 1e-9, "{:?}", level.peak_frequency);
    let row = (v.round() as i64).rem_euclid(i64::from(height));
    (!u.is_nan()).then_some((u.round() as usize, row as usize))
}

/// A mask of low-pass noise, so that no figure is 0 dB by chance.
fn pink(seed: u64, width: usize, height: usize) -> Vec<f64> {
    let noise = uniform_image(seed, width * height);
    (0..width * height)
        .map(|i| {
            noise[i] + 0.7 * noise[i / width * width + (i + 1) % width] + 0.4 * noise[(i + width) % (width * height)]
        })
        .collect()
}

#[test]
fn agrees_with_the_reference_at_any_size() {
    for (width, height) in [(8, 8), (10, 14), (17, 31), (48, 32), (13, 8), (16, 24), (37, 33)] {
        compare(&pink(u64::from(width + height), width as usize, height as usize), width, height);
    }
}

#[test]
fn agrees_on_a_blue_mask_also_in_8_bits() {
    let config = Config { seed: 5, ..Config::new(Preset::Spectral, 32, 32) };
    let exact = common::ranks(&config).expect("a valid configuration");
    let values: Vec<f64> = exact.iter().copied().map(f64::from).collect();
    assert_eq!(ranks(&values), exact, "ranks are their own ranks");
    compare(&values, 32, 32);
    let texture: Vec<f64> = values.iter().map(|rank| (rank / 4.0).floor()).collect();
    let (a, b) = (patterns(&exact, config.shape), patterns(&ranks(&texture), config.shape));
    // every k/128 is a whole number of 256ths
    assert_eq!(a.0, b.0);
    compare(&texture, 32, 32);
}

#[test]
fn agrees_where_values_tie_anyhow() {
    let steps = |x: f64| (4.0 * x * x.abs()).round();
    compare(&pink(9, 17, 12).into_iter().map(steps).collect::<Vec<_>>(), 17, 12);
    let two: Vec<f64> = (0..256).map(|i| f64::from(u8::from(i % 7 == 0))).collect();
    compare(&two, 16, 16);
}

#[test]
fn all_thresholds_agree_with_the_reference() {
    let energy = |values: &[f64], width: u32, height: u32| {
        let shape = Shape::new(width, height);
        let mut scratch = vec![f64::NAN; energy_scratch_len(shape).expect("a good size")];
        let got = measure::total_energy(&ranks(values), shape, &mut scratch).expect("the right lengths");
        near_each(
            &format!("{width}x{height}: sigma"),
            got,
            reference::total_energy(values, width as usize, height as usize),
        );
        got
    };
    for (width, height) in [(8, 8), (17, 31), (24, 16)] {
        energy(&pink(1, width as usize, height as usize), width, height);
    }
    energy(&pink(2, 12, 15).into_iter().map(|x| (3.0 * x).round()).collect::<Vec<_>>(), 12, 15);
    let config = Config::new(Preset::Spectral, 16, 16);
    let blue: Vec<f64> = common::ranks(&config).expect("a valid configuration").into_iter().map(f64::from).collect();
    assert!(energy(&blue, 16, 16)[1] < -1.0);
}

#[test]
fn the_spectrum_of_one_pattern() {
    for (width, height) in [(17_u32, 31_u32), (48, 32)] {
        let (w, h) = (width as usize, height as usize);
        let shape = Shape::new(width, height);
        let values = pink(4, w, h);
        let ranks = ranks(&values);
        for k in [1, 4, 16, 64, 96, 127] {
            let (mut power, mut scratch) =
                (vec![f64::NAN; power_len(shape)], vec![f64::NAN; scratch_len(shape).expect("a good size")]);
            let grey = k as f64 / 128.0;
            measure::pattern_power_spectrum(&ranks, shape, grey, &mut power, &mut scratch).expect("the right lengths");
            let expected = grey_reference::power(&reference::pattern(&values, k), w, h);
            for (i, got) in power.iter().enumerate() {
                let bin = expected[i / (w / 2 + 1) * w + i % (w / 2 + 1)];
                assert!((got - bin).abs() < 1e-9 * (1.0 + bin), "{width}x{height}, {k}/128, bin {i}: {got}, {bin}");
            }
        }
    }
}

/// Measured from the published matrix by others: low-frequency power -11.9 dB, RMS 29.8, 5.7, 1.1 (x 1e-3).
#[test]
fn ordered_dither_has_its_known_figures() {
    // Bayer 1973: bits of x^y and of y, interleaved, from the lowest up.
    let bayer = |x: u32, y: u32| (0..6).fold(0, |rank, bit| 4 * rank + 2 * ((x ^ y) >> bit & 1) + (y >> bit & 1));
    let ranks: Vec<u32> = (0..4096).map(|i| bayer(i % 64, i / 64)).collect();
    let (_, figures) = patterns(&ranks, Shape::new(64, 64));
    assert!((figures.low_frequency + 11.9).abs() < 0.05, "{figures:?}");
    for (rms, known) in figures.rms.iter().zip([29.8, 5.7, 1.1]) {
        assert!((1000.0 * rms - known).abs() < 0.05, "{figures:?}");
    }
    assert!(figures.anisotropy > 10.0, "{figures:?}");
}

/// The patterns k/128 of a mask, but for those of one colour.
fn peaks(ranks: &[u32], shape: Shape) -> (Vec<GreyLevel>, Patterns) {
    let (levels, figures) = patterns(ranks, shape);
    (levels.into_iter().filter(|level| !level.peak.is_nan()).collect(), figures)
}

/// Ranks of the values of a function of x and y, each pixel its own rank: of equal values the first in row order is less.
fn mask_of(width: u32, height: u32, value: impl Fn(f64, f64) -> f64) -> Vec<u32> {
    let pixels = 0..width * height;
    let values: Vec<f64> = pixels.map(|i| value(f64::from(i % width), f64::from(i / width))).collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0; values.len()];
    for (rank, i) in (0..).zip(order) {
        ranks[i] = rank;
    }
    ranks
}

/// One bin holds all of the pattern at ½, whose power sums to n.
#[test]
fn a_chequerboard_is_one_bin() {
    for (width, height) in [(8, 8), (16, 16), (32, 16), (10, 24)] {
        let ranks = mask_of(width, height, |x, y| (x + y) % 2.0);
        let (levels, figures) = patterns(&ranks, Shape::new(width, height));
        let n = f64::from(width * height);
        assert!((levels[63].peak / n - 1.0).abs() < 1e-12, "{:?}", levels[63]);
        assert_eq!(levels[63].peak_frequency, [0.5; 2]);
        let peak = figures.peak;
        assert_eq!((peak.worst, peak.worst_grey, peak.worst_frequency), (levels[63].peak, 0.5, [0.5; 2]));
        assert!(peak.mean < peak.mid && peak.mid < peak.worst, "{peak:?}");
    }
}

/// Bayer's 8x8 at 1/4 is the grid of every second pixel: three bins, a third of the power each. At 1/2 it is a chequerboard.
#[test]
fn ordered_dither_is_all_structure() {
    let bayer = |x: u32, y: u32| (0..3).fold(0, |rank, bit| 4 * rank + 2 * ((x ^ y) >> bit & 1) + (y >> bit & 1));
    let ranks: Vec<u32> = (0..64).map(|i| bayer(i % 8, i / 8)).collect();
    let (levels, figures) = patterns(&ranks, Shape::new(8, 8));
    assert!((levels[31].peak - 64.0 / 3.0).abs() < 1e-9, "{:?}", levels[31]);
    // of three equal bins the first: row 0
    assert_eq!(levels[31].peak_frequency, [0.5, 0.0]);
    assert!((levels[63].peak - 64.0).abs() < 1e-9);
    // one pixel of 64: all bins alike, 64/63 of white noise's
    assert!((levels[1].peak - 64.0 / 63.0).abs() < 1e-9, "{:?}", levels[1]);
    assert_eq!(levels[1].peak_frequency, [0.125, 0.0]);
    assert_eq!(figures.peak.worst, levels[63].peak);
}

/// A wave, thresholded: a square wave, whose first harmonic has 4/π² of n in each of two bins at ½, on any sides.
#[test]
fn a_wave_is_found_where_it_is() {
    for (width, height, u, v) in
        [(64_u32, 64_u32, 5, 3), (64, 32, 9, -7), (45, 51, 7, 11), (33, 48, 4, 0), (40, 27, 0, 6)]
    {
        let [fx, fy] = [f64::from(u) / f64::from(width), f64::from(v) / f64::from(height)];
        let phase = |x: f64, y: f64| std::f64::consts::TAU * (fx * x + fy * y) + 0.1;
        let ranks = mask_of(width, height, |x, y| phase(x, y).cos());
        let (levels, _) = patterns(&ranks, Shape::new(width, height));
        for level in &levels[31..96] {
            assert_eq!(level.peak_frequency, [fx, fy], "{width}x{height}, {}", level.grey);
        }
        let fraction = levels[63].peak / f64::from(width * height);
        assert!((fraction - 4.0 / std::f64::consts::PI.powi(2)).abs() < 0.02, "{width}x{height}: {fraction}");
    }
}

/// The largest of m exponentially distributed bins is ln m + 0.58 in the mean, m half the pixels.
#[test]
fn the_peak_of_noise_grows_as_its_logarithm() {
    const SEEDS: u64 = 6;
    for (width, height) in [(16, 16), (32, 32), (64, 16), (21, 35), (64, 64)] {
        let (mut mean, mut mid) = (0.0, 0.0);
        for seed in 0..SEEDS {
            let noise = uniform_image(seed, (width * height) as usize);
            let (levels, figures) = peaks(&ranks(&noise), Shape::new(width, height));
            assert!(levels.iter().all(|level| level.peak > 1.0));
            mean += figures.peak.mean / SEEDS as f64;
            mid += figures.peak.mid / SEEDS as f64;
        }
        let expected = (f64::from(width * height) / 2.0).ln() + 0.58;
        for got in [mean, mid] {
            assert!((got / expected - 1.0).abs() < 0.25, "{width}x{height}: {got}, expected {expected}");
        }
    }
}

#[test]
fn levels_by_parts_are_those_of_the_whole() {
    let shape = Shape::new(24, 16);
    let ranks = ranks(&pink(6, 24, 16));
    let (whole, _) = patterns(&ranks, shape);
    let mut scratch = vec![f64::NAN; levels_scratch_len(shape).expect("a good size")];
    for (first, count) in [(1, 127), (1, 2), (9, 4), (127, 1), (101, 26), (5, 0)] {
        let mut part = vec![GreyLevel::default(); count];
        measure::levels(&ranks, shape, first, &mut part, &mut scratch).expect("the right lengths");
        assert_eq!(part, whole[first as usize - 1..][..count], "{first}");
    }
}

#[test]
fn bad_input_is_an_error() {
    for (width, height) in [(0, 0), (7, 8), (64, 4097)] {
        let shape = Shape::new(width, height);
        let error = Error::Size { width, height };
        assert_eq!(levels_scratch_len(shape), Err(error));
        assert_eq!(energy_scratch_len(shape), Err(error));
        assert_eq!(measure::total_energy(&[], shape, &mut []), Err(error));
    }
    let shape = Shape::new(16, 8);
    let ranks: Vec<u32> = (0..128).collect();
    let mut scratch = vec![0.0; levels_scratch_len(shape).expect("a good size")];
    let short = scratch.len() - 1;
    let mut all = [GreyLevel::default(); LEVELS];
    let length = |result: Result<Patterns, Error>| assert!(matches!(result, Err(Error::Length { .. })), "{result:?}");
    length(measure::patterns(&ranks[1..], shape, &mut all, &mut scratch));
    length(measure::patterns(&ranks, shape, &mut all, &mut scratch[..short]));
    for (first, count) in [(0, 1), (128, 1), (127, 2), (1, 128)] {
        let mut part = vec![GreyLevel::default(); count];
        let result = measure::levels(&ranks, shape, first, &mut part, &mut scratch);
        assert!(matches!(result, Err(Error::Number { .. })), "{first}: {result:?}");
    }
    assert!(matches!(measure::levels(&ranks, shape, 1, &mut all, &mut scratch[1..]), Err(Error::Length { .. })));
    assert!(matches!(measure::total_energy(&ranks, shape, &mut scratch[..127]), Err(Error::Length { .. })));
    let mut power = vec![0.0; power_len(shape)];
    for grey in [0.0, 1.0, -0.5, f64::NAN] {
        let result = measure::pattern_power_spectrum(&ranks, shape, grey, &mut power, &mut scratch);
        assert!(matches!(result, Err(Error::Number { .. })), "{grey}: {result:?}");
    }
    let result = measure::pattern_power_spectrum(&ranks, shape, 0.5, &mut power[1..], &mut scratch);
    assert!(matches!(result, Err(Error::Length { .. })));
    assert!(matches!(measure::ranks(&[0.0; 8], &mut [0; 8], &mut [0; 7]), Err(Error::Length { .. })));
    let result = measure::ranks(&[0.0, f64::INFINITY], &mut [0; 2], &mut [0; 2]);
    assert!(matches!(result, Err(Error::Number { .. })));
}

#[test]
fn a_mask_of_one_value_has_no_figure() {
    let shape = Shape::new(8, 8);
    let mut order = [0; 64];
    let mut ranks = [9; 64];
    measure::ranks(&[0.5; 64], &mut order, &mut ranks).expect("the right lengths");
    assert_eq!(ranks, [0; 64]);
    let (levels, figures) = patterns(&ranks, shape);
    assert!(levels.iter().all(|level| level.density == 1.0 && level.hard_cut.is_nan()));
    assert!(figures.hard_cut.is_nan() && figures.low_frequency.is_nan() && figures.rms[0].is_nan());
    assert!(figures.total_energy.iter().all(|energy| energy.is_nan()));
    let Peak { mean, mid, worst, worst_grey, worst_frequency: [fx, fy] } = figures.peak;
    assert!([mean, mid, worst, worst_grey, fx, fy].iter().all(|figure| figure.is_nan()), "{:?}", figures.peak);
    // and either zero is one value
    measure::ranks(&[0.0, -0.0, 1.0, -1.0], &mut order[..4], &mut ranks[..4]).expect("the right lengths");
    assert_eq!(ranks[..4], [1, 1, 3, 0]);
}
