//! Swaps for few levels, against the energy of the definition.

use super::is_permutation;
use crate::common::ranks;
use bluegrad::recipe::Swap;
use bluegrad::{Config, Preset, Recipe, Stage};
use bluegrad_tests::threshold::kernel::{groups, radial};

/// The energy at the thresholds between L levels, `−½ ΣK|v_i − v_j|`, by the definition.
fn energy(ranks: &[u32], width: usize, height: usize, swap: &Swap) -> f64 {
    use bluegrad_tests::threshold::kernel::Component;
    let n = width * height;
    let level = |p: usize| (u64::from(swap.levels) * u64::from(ranks[p]) / n as u64) as f64;
    let pairs = swap.kernel.sigma.into_iter().zip(swap.kernel.weight).filter(|(_, weight)| *weight > 0.0);
    let mixture: Vec<Component> = pairs.map(|(sigma, weight)| Component { sigma, weight }).collect();
    let (_, weights) = radial(swap.radius as usize, &mixture, swap.taper, None);
    let mut sum = 0.0;
    for (group, weight) in groups(swap.radius as usize).iter().zip(weights) {
        for (dx, dy) in &group.taps {
            for p in 0..n {
                let x = (p as i32 % width as i32 + dx).rem_euclid(width as i32);
                let y = (p as i32 / width as i32 + dy).rem_euclid(height as i32);
                sum += weight * (level(p) - level((y * width as i32 + x) as usize)).abs();
            }
        }
    }
    -0.5 * sum
}

/// Each sweep lowers the energy of the definition until none does, also on a torus smaller than the kernel.
#[test]
fn swaps_lower_the_energy_of_few_levels() {
    for (width, height) in [(32, 32), (17, 31), (8, 10)] {
        for levels in [2, 4, 16] {
            let recipe = Preset::Dither.recipe().with_levels(levels, 1.26).expect("room");
            let config = Config { recipe, ..Config::new(Preset::Dither, width, height) };
            let Stage::Swap(swap) = recipe.stages[2] else { panic!("a swap") };
            let (width, height) = (width as usize, height as usize);
            let before = ranks(&Config { recipe: Preset::Dither.recipe(), ..config }).expect("valid");
            let once = Stage::Swap(Swap { steps: 1, ..swap });
            let once = Recipe::new(&[recipe.stages[0], recipe.stages[1], once]);
            let once = ranks(&Config { recipe: once, ..config }).expect("valid");
            let after = ranks(&config).expect("valid");
            assert!(is_permutation(&after), "{levels} levels of {width}x{height}");
            let energies = [&before, &once, &after].map(|ranks| energy(ranks, width, height, &swap));
            let first =
                if (width, height) == (32, 32) { energies[1] < energies[0] } else { energies[1] <= energies[0] };
            assert!(first && energies[2] <= energies[1], "{levels} levels of {width}x{height}: {energies:?}");
            // settled: no swap of neighbours lowers it, by the definition
            let mut best = 0.0_f64;
            for p in 0..width * height {
                for (dx, dy) in [(1, 0), (0, 1), (1, 1), (3, 2)] {
                    let q = (p / width + dy) % height * width + (p + dx) % width;
                    if width * height > 400 && p % 7 > 0 {
                        continue;
                    }
                    let mut swapped = after.clone();
                    swapped.swap(p, q);
                    best = best.min(energy(&swapped, width, height, &swap) - energies[2]);
                }
            }
            assert!(best > -1e-3, "{levels} levels of {width}x{height}: a swap would gain {best}");
        }
    }
}
