//! The stages: that each keeps its own rules, and lowers the energy.

use super::energy::Pairs;
use super::fill::{self, Coupling, Fill};
use super::front::{self, Front};
use super::kernel::{Component, Table, gaussian, groups, radial};
use super::polish::{self, Polish};
use super::void_and_cluster::{self, VoidAndCluster};
use super::*;
use bluegrad::{Schedule, Shape};

const SHAPES: [(usize, usize); 7] = [(8, 8), (13, 9), (40, 20), (33, 17), (64, 64), (100, 8), (8, 100)];
const APART: Coupling = Coupling { channel_weight: 0.0, time_weight: 0.0, time_radius: 0, time_kernel: Vec::new() };
const FILL: Fill = Fill {
    sigma: 1.26,
    radius: 5,
    narrow_weight: 0.0,
    narrow_sigma: 0.0,
    exact: false,
    disorder: 1.0,
    coupling: APART,
};
const EXACT: Fill =
    Fill { sigma: 1.4, radius: 6, narrow_weight: 0.11, narrow_sigma: 1.0, exact: true, disorder: 1.0, coupling: APART };
const VOID_AND_CLUSTER: VoidAndCluster = VoidAndCluster { sigma: 1.5, fraction: 0.02 };
const FRONT: Front = Front {
    steps: 60,
    sigma: 1.42,
    radius: 4,
    step_size: Schedule::constant(0.7),
    momentum: 0.3,
    threshold: Schedule::linear(0.01, 1.0),
};

fn flat(width: usize, height: usize) -> Shape {
    Shape::new(width as u32, height as u32)
}

fn polish() -> Polish {
    Polish {
        steps: 12,
        radius: 9,
        mixture: vec![Component { sigma: 1.7262, weight: 1.0 }, Component { sigma: 4.3092, weight: 5.4 }],
        ends: None,
        win: 1.7,
        band: None,
        grey_sigma: 1.071,
        step_size: Schedule::geometric(0.69, 0.49),
        tau: Schedule::geometric(0.043, 0.0006),
        momentum: 0.54,
        grey_weight: Schedule::geometric(0.39, 0.59),
        freeze: (0.0, 0.0),
        added: false,
        coupling: APART,
        product_weight: 0.0,
        product_sigma: 1.5,
    }
}

fn assert_permutation(what: &str, ranks: &[u32]) {
    let mut sorted = ranks.to_vec();
    sorted.sort_unstable();
    assert!(sorted.iter().copied().eq(0..ranks.len() as u32), "{what}: not every rank once");
}

/// The pixels of ranks 0, 1, 2 …
fn order(ranks: &[u32]) -> Vec<usize> {
    let mut order = vec![0; ranks.len()];
    for (p, &rank) in ranks.iter().enumerate() {
        order[rank as usize] = p;
    }
    order
}

/// The hard energy of ranks over that of white noise, for the polish's own kernel.
fn energy(width: usize, height: usize, ranks: &[u32]) -> f64 {
    let polish = polish();
    let (centre, weights) = radial(polish.radius, &polish.mixture, polish.win, None);
    let pairs = Pairs::from_groups(width, height, centre, &groups(polish.radius), &weights);
    let n = ranks.len() as f64;
    let x: Vec<f64> = ranks.iter().map(|&rank| (f64::from(rank) + 0.5) / n).collect();
    pairs.energy(&x) / ((centre * (n + 1.0) - 1.0) / 6.0)
}

#[test]
fn every_stage_gives_every_rank_once() {
    for (width, height) in SHAPES {
        let shape = format!("{width}x{height}");
        let noise = noise_ranks(width * height, 3);
        assert_permutation(&shape, &noise);
        for fill in [FILL, EXACT] {
            let ranks = fill::run(&fill, flat(width, height), 3, 0);
            assert_permutation(&shape, &ranks);
            assert_ne!(ranks, fill::run(&fill, flat(width, height), 4, 0), "{shape}: another seed");
            assert_ne!(ranks, fill::run(&fill, flat(width, height), 3, 1), "{shape}: another step");
        }
        assert_permutation(&shape, &void_and_cluster::run(&VOID_AND_CLUSTER, width, height, 3, 0));
        assert_permutation(&shape, &polish::run(&polish(), width, height, &noise));
        assert_permutation(&shape, &front::run(&FRONT, width, height, &noise));
    }
}

/// The draws as the core's own tests know them: xoshiro128++ and the stride of the factors.
#[test]
fn draws_are_those_of_their_step() {
    let mut stream = Xoshiro128PlusPlus::seed_from_u64(5_u64.wrapping_add(0xD134_2543_DE82_EF95_u64.wrapping_mul(3)));
    let mut draws = Draws::of_step(5, 2);
    assert_eq!(draws.next_u32(), stream.next_u32());
    let below = draws.below(1000);
    assert_eq!(below as u64, (u64::from(stream.next_u32()) * 1000) >> 32);
}

#[test]
fn values_are_the_middles_of_equal_parts() {
    assert_eq!(values_of_ranks(&[0, 3, 1, 2]), [1 << 21, 7 << 21, 3 << 21, 5 << 21]);
    assert_eq!(values_of_ranks(&[2, 0, 1])[1], (1 << 23) / 3, "rounded down");
    assert_eq!(ranks_of_keys(&[5, -3, 5, 0]), [2, 0, 3, 1], "equal keys by position");
}

/// The first pixel is the least of the noise, and every later one of a head scale lies in the largest void that an f64 field of the
/// same kernel knows, but for the noise; without the usual noise ties alone (7) are left to chance.
#[test]
fn a_fill_starts_in_the_largest_voids() {
    let (width, height) = (64, 64);
    for (seed, disorder) in (0..4).flat_map(|seed| [(seed, 0.0), (seed, 1.0)]) {
        let what = format!("seed {seed}, disorder {disorder}");
        let order = order(&fill::run(&Fill { disorder, ..FILL }, flat(width, height), seed, 0));
        let most = |usual: f32| (usual * disorder).max(8.0);
        let mut draws = Draws::of_step(seed, 0);
        let bytes = (0..1024).flat_map(|_| draws.next_u32().to_le_bytes());
        let noise: Vec<u32> = bytes.map(|byte| u32::from(byte) * most(24_000.0) as u32 / 256).collect();
        let least = in_tiles(width, height, 0).concat().into_iter().min_by_key(|&p| noise[p]).expect("pixels");
        assert_eq!(order[0], least, "{what}");
        // Up to 1/256 σ 9, up to 1/64 σ 4.5, up to .033 σ 3; the rounding of weights adds a little.
        for (from, until, sigma, radius, noise) in
            [(1, 16, 9.0, 30, most(24_000.0)), (16, 64, 4.5, 18, most(12_000.0)), (64, 136, 3.0, 12, most(2500.0))]
        {
            let table = Table::new(width, height, radius, |r2| 12_000.0 * gaussian(r2, sigma));
            for rank in from..until {
                let field = field(&table, width, height, &order[..rank]);
                let least = field.iter().copied().fold(f64::INFINITY, f64::min);
                let at = field[order[rank]];
                assert!(
                    at < least + f64::from(noise) + 12.0,
                    "{what}, rank {rank}: {at}, the largest void is at {least}"
                );
            }
        }
    }
}

/// In the last scales, too: exact minima of a difference of Gaussians, the first of which is wider by 20/n, but for the noise and the
/// rounding of weights (half a unit each, 169 of them at most; few while pixels are few).
#[test]
fn an_exact_fill_ends_in_the_largest_voids() {
    let (width, height) = (32, 32);
    let sigma = f64::from(1.4_f32) * (1.0 + 20.0 / 1024.0);
    let k = |r2| gaussian(r2, sigma) - f64::from(0.11_f32) * gaussian(r2, 1.0);
    let sum = Table::new(width, height, 6, k).sum();
    for (disorder, noise) in [(0.0, 7.0), (2.0, 15.0)] {
        let order = order(&fill::run(&Fill { disorder, ..EXACT }, flat(width, height), 0, 0));
        for (from, until, total, slack) in [(66, 103, 8.0 * 65_000.0, 8.0), (103, 1024, 65_000.0, 25.0)] {
            let table = Table::new(width, height, 6, |r2| total / sum * k(r2));
            for rank in from..until {
                let field = field(&table, width, height, &order[..rank]);
                let least = field.iter().copied().fold(f64::INFINITY, f64::min);
                let at = field[order[rank]];
                let what = format!("disorder {disorder}, rank {rank}: {at}, the largest void is at {least}");
                assert!(at < least + noise + slack, "{what}");
            }
        }
    }
}

/// The sum of the kernels at some pixels; huge at these pixels themselves.
fn field(table: &Table, width: usize, height: usize, pixels: &[usize]) -> Vec<f64> {
    let mut field = vec![0.0; width * height];
    for &p in pixels {
        for (q, k) in table.pixels(p, width, height).zip(&table.values) {
            field[q] += k;
        }
        field[p] += 1e9;
    }
    field
}

/// A tile gets one pixel in a sweep: the ranks of a sweep lie in different tiles, so no two are of the same 32 x 16 block
/// counted from the sweep's offset. At 64x64 that are eight to a sweep.
#[test]
fn sweeps_place_one_pixel_in_a_tile() {
    let order = order(&fill::run(&FILL, flat(64, 64), 0, 0));
    // From .033 on: 136 pixels. While no tile is full, each eight following ranks are one sweep.
    for sweep in order[136..136 + 8 * 100].chunks(8) {
        let good = (0..64).any(|offset| {
            let tile = |p: &usize| (p % 64 / 32, (p / 64 + 64 - offset) % 64 / 16);
            let mut tiles: Vec<_> = sweep.iter().map(tile).collect();
            tiles.sort_unstable();
            tiles.windows(2).all(|pair| pair[0] != pair[1])
        });
        assert!(good, "{sweep:?}");
    }
}

/// Checked with an f64 field: dark ranks are the tightest clusters of what is left, light ones the largest voids, and the
/// start is relaxed.
#[test]
fn void_and_cluster_keeps_its_rules() {
    for (width, height) in [(32, 32), (24, 40)] {
        let params = VoidAndCluster { sigma: 1.5, fraction: 0.125 };
        let order = order(&void_and_cluster::run(&params, width, height, 1, 0));
        let n = width * height;
        let start = void_and_cluster::start_pixels(&params, n);
        assert_eq!(start, n / 8, "an eighth");
        let table = Table::new(width, height, 9, |r2| gaussian(r2, 1.5));
        let least = |field: &[f64]| field.iter().copied().fold(f64::INFINITY, f64::min);
        for rank in 0..n {
            let darker = field(&table, width, height, &order[..rank]);
            if rank >= start {
                assert!(darker[order[rank]] < least(&darker) + 1e-6, "rank {rank} is not the largest void");
                continue;
            }
            let with = field(&table, width, height, &order[..=rank]);
            let most = with.iter().copied().fold(0.0, f64::max);
            assert!(with[order[rank]] > most - 1e-6, "rank {rank} is not the tightest cluster");
            if rank + 1 == start {
                assert!(darker[order[rank]] < least(&darker) + 1e-6, "the start is not relaxed");
            }
        }
    }
}

/// Of equal values the lowest column, then the lowest row, in the one tile of 8x8. Two pixels are equally tight, so the later
/// one is left and gets rank 0; and around a pixel and the one half a side away both ways lie two equal voids.
#[test]
fn equal_voids_and_clusters_go_by_position() {
    let place = |p: usize| (p % 8, p / 8);
    for seed in 0..8 {
        let two = order(&void_and_cluster::run(&VoidAndCluster { sigma: 1.5, fraction: 0.031_25 }, 8, 8, seed, 0));
        assert!(place(two[1]) < place(two[0]), "seed {seed}: {two:?}");
        let one = order(&void_and_cluster::run(&VoidAndCluster { sigma: 1.5, fraction: 0.0 }, 8, 8, seed, 0));
        let half = |dx: usize, dy: usize| (one[0] / 8 + dy) % 8 * 8 + (one[0] + dx) % 8;
        assert_eq!(one[1], half(4, 4), "seed {seed}");
        let first = [half(4, 0), half(0, 4)].into_iter().min_by_key(|&p| place(p)).expect("two");
        assert_eq!(one[2], first, "seed {seed}");
    }
}

#[test]
fn stages_count_their_steps() {
    assert_eq!((fill::steps(64), fill::steps(1024), fill::steps(4097)), (1, 1, 5));
    // 82 pixels of 4096: 656 moves, 82 removals, 4014 placements.
    assert_eq!(void_and_cluster::steps(&VOID_AND_CLUSTER, 4096), 1 + 1 + 4);
    let half = VoidAndCluster { sigma: 1.5, fraction: 1.0 };
    assert_eq!(void_and_cluster::steps(&half, 4096), 16 + 2 + 2);
    assert_eq!(void_and_cluster::start_pixels(&VoidAndCluster { sigma: 1.5, fraction: 0.0 }, 4096), 1);
}

/// Energies over white noise's, each stage in its place. The bounds leave more than the scatter of eight seeds: .001, of
/// noise .1.
#[test]
fn stages_lower_the_energy() {
    let (width, height) = (64, 64);
    for seed in 0..2 {
        let below = |what: &str, ranks: &[u32], most: f64| {
            let energy = energy(width, height, ranks);
            assert!(energy < most, "seed {seed}, {what}: {energy} of white noise's energy, expected below {most}");
            energy
        };
        let noise = noise_ranks(width * height, seed);
        assert!(below("noise", &noise, 1.25) > 0.75, "noise is white");
        let fill = fill::run(&FILL, flat(width, height), seed, 0);
        let before = below("fill", &fill, 0.056);
        let after = below("polish", &polish::run(&polish(), width, height, &fill), 0.048);
        assert!(after < 0.9 * before, "seed {seed}: the polish takes {before} to {after}");
        below("exact fill", &fill::run(&EXACT, flat(width, height), seed, 0), 0.054);
        below("void-and-cluster", &void_and_cluster::run(&VOID_AND_CLUSTER, width, height, seed, 0), 0.052);
        below("front", &front::run(&FRONT, width, height, &noise), 0.085);
    }
}

/// What is below the freeze moves no more: it keeps its ranks, but near the freeze's end, where others come down.
#[test]
fn frozen_ranks_stay() {
    let fill = fill::run(&FILL, flat(64, 64), 0, 0);
    let kept = |freeze: (f32, f32)| {
        let ranks = polish::run(&Polish { freeze, ..polish() }, 64, 64, &fill);
        (0..4096).filter(|&p| fill[p] < 700 && ranks[p] == fill[p]).count()
    };
    assert_eq!(kept((0.2, 0.3)), 700);
    assert!(kept((0.0, 0.0)) < 100, "without a freeze they move");
}
