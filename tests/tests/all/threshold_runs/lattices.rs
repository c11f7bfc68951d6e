//! Small masks are noise: no thresholded pattern has much of its power in one bin of its spectrum, as that of a lattice has.

use crate::common::ranks;
use bluegrad::measure::{pattern_power_spectrum, scratch_len};
use bluegrad::{Config, Preset, Shape, Stage};

/// The largest part of a pattern's power in one bin, over the grey levels k/32.
fn largest_part(ranks: &[u32], shape: Shape) -> f64 {
    let (width, height) = (shape.width as usize, shape.height as usize);
    let half = width / 2 + 1;
    let mut power = vec![0.0; half * height];
    let mut scratch = vec![0.0; scratch_len(shape).expect("a size")];
    let mut largest = 0.0_f64;
    for k in 1..32 {
        pattern_power_spectrum(ranks, shape, f64::from(k) / 32.0, &mut power, &mut scratch).expect("lengths");
        // columns 0 and W/2 stand once in the full spectrum, the others twice
        let times = |i: usize| if i.is_multiple_of(half) || 2 * (i % half) == width { 1.0 } else { 2.0 };
        let total: f64 = power.iter().enumerate().map(|(i, power)| times(i) * power).sum();
        largest = power.iter().map(|power| power / total).fold(largest, f64::max);
    }
    largest
}

/// As [`largest_part`], the largest of 32 seeds.
fn of_seeds(config: &Config) -> f64 {
    let part = |seed| largest_part(&ranks(&Config { seed, ..*config }).expect("valid"), config.shape);
    (0..32).map(part).fold(0.0, f64::max)
}

/// Sides, and the most of a pattern's power in one bin. (Of void-and-cluster's masks one in 500 has more at 16x16.)
const MOST: [(u32, f64); 2] = [(16, 0.12), (32, 0.03)];

#[test]
fn no_preset_makes_lattices() {
    for (side, most) in MOST {
        for preset in Preset::ALL {
            let config = Config::new(preset, side, side);
            if config.recipe.stages()[0].as_spectral().is_none() {
                let part = of_seeds(&config);
                assert!(part <= most, "{} {side}x{side}: {part}", preset.name());
            }
        }
        for levels in [2, 4, 16] {
            let recipe = Preset::Dither.recipe().with_levels(levels, 1.26).expect("room");
            let part = of_seeds(&Config { recipe, ..Config::new(Preset::Dither, side, side) });
            assert!(part <= most, "{levels} levels, {side}x{side}: {part}");
        }
    }
}

/// Each plane of volumes: layers that act on each other, channels, both.
#[test]
fn no_plane_of_a_volume_is_a_lattice() {
    let volumes =
        [(Preset::SpaceTime, 16, 1), (Preset::SpaceTimeWide, 16, 1), (Preset::Dither, 1, 4), (Preset::SpaceTime, 4, 3)];
    for (side, most) in MOST {
        for (preset, layers, channels) in volumes {
            let flat = Config::new(preset, side, side);
            let ranks = ranks(&Config { shape: Shape { layers, channels, ..flat.shape }, ..flat }).expect("valid");
            for plane in ranks.chunks(flat.shape.pixels()) {
                let part = largest_part(plane, flat.shape);
                assert!(part <= most, "{} {side}x{side}x{layers}x{channels}: {part}", preset.name());
            }
        }
    }
}

/// What the tests above would miss if it could not see a lattice: a fill without its noise makes one.
#[test]
fn a_fill_without_noise_makes_lattices() {
    for (side, most) in MOST {
        let mut config = Config::new(Preset::Dither, side, side);
        let Stage::Fill(fill) = &mut config.recipe.stages[0] else { panic!("a fill") };
        fill.disorder = 0.0;
        let part = of_seeds(&config);
        assert!(part > 2.0 * most, "{side}x{side}: {part}");
    }
}
