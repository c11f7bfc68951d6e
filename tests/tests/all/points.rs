//! Point sets against their twins; every SIMD level, threads, snapshots, bad input, damage.

use crate::common::same_bytes;
use bluegrad::measure::{
    PointErrors, PointQuality, point_errors, point_quality, point_rings, point_scratch_len, radial_power,
};
use bluegrad::points::{MAX_POINTS, PointConfig, PointLayout, PointPreset, PointReport, Points};
use bluegrad::{Error, Jobs, Line, Serial, SimdLevel};
use bluegrad_tests::points::{Stage, energy_at, kernel, powers, run, start};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// A thread for each tile, the last first.
struct Threads;

impl Jobs for Threads {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        assert!(tiles > 1, "the test is of several tiles");
        std::thread::scope(|scope| (0..tiles).rev().for_each(|index| drop(scope.spawn(move || tile(index)))));
    }
}

fn memory(config: &PointConfig, byte: u8) -> Vec<Line> {
    let mut memory = vec![Line::ZERO; PointLayout::new(config).expect("a valid configuration").lines()];
    Line::as_bytes_mut(&mut memory).fill(byte);
    memory
}

/// The points after some steps.
fn points_after(config: &PointConfig, steps: u32, jobs: &dyn Jobs) -> Vec<[u32; 2]> {
    let mut memory = memory(config, 0xFF);
    let mut points = Points::init(Line::as_bytes_mut(&mut memory), config).expect("a valid configuration");
    points.step_on(steps, jobs).expect("a good block");
    points.positions().to_vec()
}

fn points(config: &PointConfig) -> Vec<[u32; 2]> {
    points_after(config, u32::MAX, &Serial)
}

fn levels() -> impl Iterator<Item = SimdLevel> {
    SimdLevel::ALL.into_iter().filter(|level| level.is_supported())
}

fn sorted(mut points: Vec<[u32; 2]>) -> Vec<[u32; 2]> {
    points.sort_unstable();
    points
}

const FAST: [Stage; 2] = [(16, 0.86, 0.44, 0.55), (8, 0.91, 0.43, 0.32)];

/// From one point on: tori smaller than the kernel, with one row of cells, with two, with many.
#[test]
fn every_count_is_its_twin_at_every_level() {
    for count in [1, 2, 3, 4, 5, 7, 11, 12, 13, 16, 21, 26, 27, 28, 29, 33, 47, 48, 49, 52, 64, 100, 150] {
        let expected = sorted(run(count as usize, 3, &FAST));
        for level in levels() {
            let config = PointConfig { seed: 3, preset: PointPreset::Fast, level, ..PointConfig::new(count) };
            assert_eq!(points(&config).len(), count as usize);
            assert!(sorted(points(&config)) == expected, "{count} points at {}", level.name());
        }
    }
}

/// Two tiles, in the second step and the third: points cross the border of the tiles, and that of the torus.
#[test]
fn several_tiles_are_their_twin() {
    let config = PointConfig { seed: 2, preset: PointPreset::Fast, ..PointConfig::new(3300) };
    let expected = sorted(run(3300, 2, &[(3, 0.86, 0.44, 0.55)]));
    assert!(sorted(points_after(&config, 3, &Threads)) == expected);
}

/// The stages of every preset and of sigma, from their documentation in `docs/points.md`.
#[test]
fn every_preset_is_its_twin() {
    let sigma = |sigma| PointConfig { sigma, ..PointConfig::new(40) };
    let preset = |preset| PointConfig { preset, ..PointConfig::new(40) };
    let cases: [(PointConfig, [Stage; 2]); 6] = [
        (preset(PointPreset::Default), [(44, 0.88, 0.37, 0.82), (20, 1.0, 0.38, 0.35)]),
        (preset(PointPreset::Sharp), [(53, 0.78, 0.5, 0.87), (11, 0.93, 0.36, 0.65)]),
        (preset(PointPreset::Best), [(130, 0.84, 0.4, 0.9), (30, 0.95, 0.4, 0.5)]),
        (sigma(0.75), [(48, 0.75, 0.4, 0.84), (16, 0.89, 0.38, 0.4)]),
        (sigma(0.9375), [(48, 0.9375, 0.4, 0.84), (16, 1.0, 0.38, 0.4)]),
        (PointConfig { preset: PointPreset::Fast, ..sigma(0.75) }, [(16, 0.75, 0.44, 0.6), (8, 0.89, 0.4, 0.35)]),
    ];
    for (config, stages) in cases {
        assert!(sorted(points(&config)) == sorted(run(40, 0, &stages)), "{config:?}");
    }
}

/// The first step is the step size times the gradient of the energy in f64, within 1 %, and the kernel is nearly a Gaussian.
#[test]
fn the_first_step_is_the_gradient_of_the_energy() {
    for r in 0..80 {
        let r = f64::from(r) / 10.0;
        assert!((kernel(r) - (-r * r / 2.0).exp()).abs() < 0.03, "{r}");
    }
    for count in [5_usize, 60, 300] {
        let config = PointConfig { seed: 9, preset: PointPreset::Default, ..PointConfig::new(count as u32) };
        let (sigma, step_size) = (0.88, 0.37);
        let side = (count as f64).sqrt();
        let unit = side / 4_294_967_296.0;
        let before = start(count, 9);
        let at: Vec<[f64; 2]> = before.iter().map(|point| point.map(|x| f64::from(x) * unit)).collect();
        let after = points_after(&config, 1, &Serial);
        let (mut wrong, mut all) = (0.0, 0.0);
        for (i, own) in at.iter().enumerate() {
            let others: Vec<_> = (0..count).filter(|j| *j != i).map(|j| at[j]).collect();
            let h = 1e-4;
            let step = [0, 1].map(|axis| {
                let mut ends = [*own; 2];
                ends[0][axis] += h;
                ends[1][axis] -= h;
                let [more, less] = ends.map(|own| energy_at(own, &others, side, sigma));
                (-step_size * (more - less) / (2.0 * h)).clamp(-0.25, 0.25)
            });
            let moved = |from: [u32; 2], to: [u32; 2]| {
                [0, 1].map(|axis| f64::from(to[axis].wrapping_sub(from[axis]) as i32) * unit)
            };
            // the points are in another order: the one that is nearest to where the step leads
            let error =
                |to: &[u32; 2]| (0..2).map(|axis| (moved(before[i], *to)[axis] - step[axis]).powi(2)).sum::<f64>();
            wrong += after.iter().map(error).fold(f64::MAX, f64::min);
            all += step[0] * step[0] + step[1] * step[1];
        }
        assert!(wrong < 1e-4 * all && all > 0.0, "{count} points: {} of the step", (wrong / all).sqrt());
    }
}

/// Sets of several tiles: threads, every level, and slices of steps give the same points.
#[test]
fn threads_and_levels_give_the_same_points() {
    for (count, preset) in [(3300, PointPreset::Fast), (8000, PointPreset::Sharp)] {
        let config = PointConfig { seed: 5, preset, level: SimdLevel::Scalar, ..PointConfig::new(count) };
        // over the border of the stages
        let steps = if preset == PointPreset::Fast { 18 } else { 3 };
        let expected = points_after(&config, steps, &Serial);
        for level in levels() {
            let config = PointConfig { level, ..config };
            assert!(points_after(&config, steps, &Serial) == expected, "{}", level.name());
        }
        let config = PointConfig { level: SimdLevel::Auto, ..config };
        assert!(points_after(&config, steps, &Threads) == expected, "threads");
    }
}

/// The order: rows of cells from the top, in each row from the left, but for what the last step moved.
#[test]
fn points_are_in_the_order_of_the_cells() {
    let set = points(&PointConfig::new(1000));
    let far = set.windows(2).filter(|pair| pair[0][1].abs_diff(pair[1][1]) > 1 << 30).count();
    assert!(far < 4, "{far} neighbours in the order are a quarter of the torus apart");
}

/// Copies of a block go on, wherever the run is, and to the same bytes.
#[test]
fn a_snapshot_goes_on() {
    let config = PointConfig { seed: 8, preset: PointPreset::Fast, ..PointConfig::new(300) };
    let (mut whole, mut sliced) = (memory(&config, 0), memory(&config, 0x7E));
    let mut points = Points::init(Line::as_bytes_mut(&mut whole), &config).expect("a valid configuration");
    assert_eq!(points.report(), Points::init(Line::as_bytes_mut(&mut sliced), &config).expect("valid").report());
    while !points.report().is_done() {
        let report = points.step(5).expect("a good block");
        let mut copy = sliced.clone();
        assert_eq!(Points::layout_of(Line::as_bytes_mut(&mut copy)), PointLayout::new(&config));
        let mut again = Points::open(Line::as_bytes_mut(&mut copy)).expect("a snapshot");
        assert_eq!(again.config(), &config);
        for _ in 0..5 {
            again.step(1).expect("a good block");
        }
        assert_eq!(again.report(), report);
        assert!(again.positions() == points.positions());
        sliced = copy;
    }
    assert_eq!(points.report().step, points.report().steps);
    assert!(same_bytes(whole, sliced), "the block depends on what the memory held, or on the slices");
}

#[test]
fn floats_are_the_upper_bits() {
    let config = PointConfig::new(50);
    let mut memory = memory(&config, 0);
    let points = Points::init(Line::as_bytes_mut(&mut memory), &config).expect("a valid configuration");
    let mut floats = [[0.0; 2]; 50];
    points.write_f32(&mut floats).expect("the right length");
    for (float, position) in floats.iter().zip(points.positions()) {
        for axis in 0..2 {
            let exact = f64::from(position[axis]) / 4_294_967_296.0;
            assert!((0.0..1.0).contains(&float[axis]));
            assert!((0.0..6e-8).contains(&(exact - f64::from(float[axis]))));
        }
    }
    assert_eq!(bluegrad::points::unit(u32::MAX), 1.0 - 2.0_f32.powi(-24));
    let error = points.write_f32(&mut floats[1..]).unwrap_err();
    assert_eq!(error.to_string(), "points: 49 given, 50 needed");
}

fn quality(set: &[[u32; 2]]) -> PointQuality {
    let mut scratch = vec![f64::NAN; point_scratch_len(set.len()).expect("points that can be measured")];
    point_quality(set, &mut scratch).expect("enough scratch")
}

/// What `docs/points.md` says of 1024 points, means of three seeds; with the peak, which tells a set from a lattice (1024).
#[test]
fn sets_are_as_blue_as_promised() {
    let preset = |preset| PointConfig { preset, ..PointConfig::new(1024) };
    let sigma = PointConfig { sigma: 0.68, ..PointConfig::new(1024) };
    for (config, quarter, half, nyquist, peak) in [
        (preset(PointPreset::Fast), -58.0, -40.0, 0.62, 15.0),
        (preset(PointPreset::Default), -70.0, -52.0, 0.66, 15.0),
        (preset(PointPreset::Sharp), -64.0, -50.0, 0.74, 22.0),
        (sigma, -40.0, -27.0, 0.80, 30.0),
    ] {
        let sets: Vec<_> = (0..3).map(|seed| quality(&points(&PointConfig { seed, ..config }))).collect();
        let mean = |of: &dyn Fn(&PointQuality) -> f64| sets.iter().map(of).sum::<f64>() / 3.0;
        let found = [
            mean(&|q| q.low_power[0]),
            mean(&|q| q.low_power[1]),
            mean(&|q| q.nyquist),
            mean(&|q| q.peak),
            mean(&|q| q.anisotropy),
        ];
        let good = found[0] <= quarter && found[1] <= half && found[2] >= nyquist && found[3] <= peak;
        assert!(good && found[4] < 0.5, "{config:?}: {found:?}");
    }
}

/// Random points, a lattice, a set: each figure by direct sums.
#[test]
fn figures_are_their_twins() {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(4);
    let random: Vec<[u32; 2]> = (0..150).map(|_| [rng.next_u32(), rng.next_u32()]).collect();
    let lattice: Vec<[u32; 2]> = (0..100).map(|i| [i % 10 * 429_496_729, i / 10 * 429_496_729]).collect();
    let set = points(&PointConfig { preset: PointPreset::Fast, ..PointConfig::new(200) });
    for set in [random, lattice, set] {
        let (found, root) = (quality(&set), (set.len() as f64).sqrt());
        let all = powers(&set, (2.5 * root).ceil() as i32 + 1);
        let length = |f: &[i32; 2]| f64::from(f[0] * f[0] + f[1] * f[1]).sqrt();
        let of = |inside: &dyn Fn(f64) -> bool| -> Vec<f64> {
            all.iter().filter(|(f, _)| inside(length(f))).map(|(_, power)| *power).collect()
        };
        let mean = |powers: &[f64]| powers.iter().sum::<f64>() / powers.len() as f64;
        let same = |a: f64, b: f64, what: &str| {
            assert!((a - b).abs() <= 1e-6 * b.abs().max(1.0), "{what}: {a}, expected {b}");
        };
        let decibels = |power: f64| 10.0 * power.max(1e-30).log10();
        let principal = root * (2.0 / 3.0_f64.sqrt()).sqrt();
        // a lattice's bins are 0 but for rounding
        let floor = |x: f64| x.max(-150.0);
        for (i, part) in [0.25, 0.5].into_iter().enumerate() {
            let expected = decibels(mean(&of(&|f| f <= part * principal)));
            same(floor(found.low_power[i]), floor(expected), "low power");
        }
        let expected = decibels(mean(&of(&|f| f > 0.5 * principal && f <= 0.7 * principal)));
        same(floor(found.middle_power), floor(expected), "middle power");
        same(found.peak, of(&|f| f <= 2.5 * root).into_iter().fold(0.0, f64::max), "peak");

        let rings: Vec<Vec<f64>> =
            (0..=(2.5 * root).ceil() as i32).map(|i| of(&|f| f.round() == f64::from(i))).collect();
        let means: Vec<f64> = rings.iter().map(|ring| if ring.is_empty() { 0.0 } else { mean(ring) }).collect();
        let mut radial = vec![f64::NAN; point_rings(set.len()).expect("can be measured")];
        let mut scratch = vec![f64::NAN; point_scratch_len(set.len()).expect("can be measured")];
        radial_power(&set, &mut radial, &mut scratch).expect("enough scratch");
        assert_eq!(radial.len(), means.len());
        radial.iter().zip(&means).for_each(|(a, b)| same(*a, *b, "radial power"));
        let first = means.iter().position(|mean| *mean > 0.1).expect("a power");
        let between = (0.1 - means[first - 1]) / (means[first] - means[first - 1]);
        same(found.nyquist, (first as f64 - 1.0 + between) / root, "effective Nyquist frequency");
        let counted: Vec<usize> =
            (1..means.len()).filter(|ring| (found.nyquist * root..=2.5 * root).contains(&(*ring as f64))).collect();
        let square = |ring: &usize| (means[*ring] - 1.0).powi(2);
        let expected = (counted.iter().map(square).sum::<f64>() / counted.len() as f64).sqrt();
        same(found.oscillation, expected, "oscillation");
        if found.peak < 50.0 {
            let spread = |ring: &usize| {
                let variance = mean(&rings[*ring].iter().map(|p| (p - means[*ring]).powi(2)).collect::<Vec<_>>());
                decibels(variance / means[*ring].powi(2))
            };
            same(found.anisotropy, counted.iter().map(spread).sum::<f64>() / counted.len() as f64, "anisotropy");
        }
        let distance = |a: &[u32; 2], b: &[u32; 2]| {
            let apart = |axis: usize| {
                let d = (f64::from(a[axis]) - f64::from(b[axis])).abs() / 4_294_967_296.0;
                d.min(1.0 - d)
            };
            apart(0).hypot(apart(1))
        };
        let pairs = (0..set.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let least = pairs.map(|(i, j)| distance(&set[i], &set[j])).fold(f64::MAX, f64::min);
        same(found.min_distance, least / (2.0 / (3.0_f64.sqrt() * set.len() as f64)).sqrt(), "least distance");
    }
}

/// A fine lattice has next to no error, so the integrals are right; random points have that of random points, so the variances are.
#[test]
fn errors_of_integration() {
    let errors = |set: &[[u32; 2]], seed| {
        let PointErrors { disk, gaussian, tent, half_plane, bilinear } = point_errors(set, seed).expect("points");
        [disk, gaussian, tent, half_plane, bilinear]
    };
    let fine: Vec<[u32; 2]> = (0..1 << 16).map(|i| [(i % 256) << 24 | 1 << 23, (i / 256) << 24 | 1 << 23]).collect();
    let found = errors(&fine, 1);
    let most = [-20.0, -60.0, -40.0, -18.0, -40.0];
    assert!(found.iter().zip(most).all(|(found, most)| *found < most), "{found:?}");
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(12);
    let mut powers = [0.0; 5];
    for seed in 0..80 {
        let random: Vec<[u32; 2]> = (0..100).map(|_| [rng.next_u32(), rng.next_u32()]).collect();
        for (sum, found) in powers.iter_mut().zip(errors(&random, seed)) {
            *sum += 10.0_f64.powf(found / 10.0) / 80.0;
        }
    }
    assert!(powers.iter().all(|power| (0.7..1.4).contains(power)), "{powers:?}");
    let set = points(&PointConfig { preset: PointPreset::Fast, ..PointConfig::new(300) });
    let found = errors(&set, 2);
    assert!(found[0] < -8.0 && found[1] < -30.0 && found[2] < -15.0, "{found:?}");
    assert_eq!(errors(&set, 2), found);
}

#[test]
fn what_cannot_be_measured() {
    for count in [0, 1, 131_073] {
        let text = point_scratch_len(count).unwrap_err().to_string();
        assert_eq!(text, format!("{count} points: 2 to 131072 can be measured, errors of integration of 1 or more"));
        assert!(point_quality(&vec![[0; 2]; count], &mut []).is_err() && point_rings(count).is_err());
    }
    assert!(point_errors(&[], 0).is_err());
    let set = [[0, 0], [5, 9]];
    assert!(matches!(point_quality(&set, &mut [0.0; 3]), Err(Error::Length { got: 3, .. })));
    let mut scratch = vec![0.0; point_scratch_len(2).expect("two points")];
    assert!(matches!(radial_power(&set, &mut [0.0; 2], &mut scratch), Err(Error::Length { what: "rings", .. })));
}

#[test]
fn bad_input() {
    let new = |config: PointConfig| PointLayout::new(&config).unwrap_err().to_string();
    let good = PointConfig::new(10);
    assert_eq!(new(PointConfig::new(0)), "0 points: a set has 1 to 4194304 of them");
    assert_eq!(new(PointConfig::new(MAX_POINTS + 1)), "4194305 points: a set has 1 to 4194304 of them");
    for sigma in [0.5, 0.951, -0.7, f32::NAN, f32::INFINITY] {
        let text = new(PointConfig { sigma, ..good });
        assert_eq!(
            text,
            format!("sigma of the points is {sigma}: it must be from 0.68 to 0.95, or 0 for the preset's")
        );
    }
    assert_eq!(new(PointConfig { reserved: [0, 0, 0, 1, 0, 0, 0, 0], ..good }), "a reserved word must be 0");
    assert!(PointLayout::new(&PointConfig::new(MAX_POINTS)).is_ok());

    let mut memory = vec![Line::ZERO; PointLayout::new(&good).expect("valid").lines()];
    let bytes = Line::as_bytes_mut(&mut memory);
    let len = bytes.len();
    assert_eq!(Points::init(&mut bytes[1..], &good).unwrap_err(), Error::Alignment);
    assert!(
        matches!(Points::init(&mut bytes[..len - 1], &good), Err(Error::Length { needed, got, .. }) if needed == len && got == len - 1)
    );
    assert!(matches!(Points::open(bytes), Err(Error::NotPoints("it does not begin as one"))));
    Points::init(bytes, &good).expect("a valid configuration");
    assert!(matches!(Points::open(&mut bytes[..len - 1]), Err(Error::Length { .. })));
    assert!(matches!(Points::open(&mut bytes[..64]), Err(Error::Length { .. })));
    for (at, why) in [(8, "it is of another version or endianness"), (32, "its header is damaged")] {
        bytes[at] ^= 1;
        let text = Points::open(bytes).unwrap_err().to_string();
        assert_eq!(
            text,
            format!("the block of memory holds no usable point set: {why}; initialise it with `Points::init`")
        );
        bytes[at] ^= 1;
    }
    Points::open(bytes).expect("the block as it was");
}

/// Whatever bytes follow the header, a run neither panics nor hangs.
#[test]
fn damaged_blocks_have_some_end() {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
    for count in [1, 30, 400, 4000] {
        let config = PointConfig { preset: PointPreset::Fast, ..PointConfig::new(count) };
        for kind in 0..4 {
            let mut memory = memory(&config, 0);
            Points::init(Line::as_bytes_mut(&mut memory), &config).expect("valid").step(3).expect("a good block");
            for byte in &mut Line::as_bytes_mut(&mut memory)[128..] {
                match kind {
                    0 => *byte = 0xFF,
                    1 => *byte = 0,
                    2 => *byte = rng.next_u32() as u8,
                    _ => *byte ^= if rng.next_u32().is_multiple_of(64) { 1 << (rng.next_u32() % 8) } else { 0 },
                }
            }
            let mut points = Points::open(Line::as_bytes_mut(&mut memory)).expect("the header is good");
            match points.step(4) {
                Ok(PointReport { step, .. }) => assert_eq!(step, 7),
                Err(error) => assert!(matches!(error, Error::NotPoints(_))),
            }
            assert_eq!(points.positions().len(), count as usize);
        }
    }
}
