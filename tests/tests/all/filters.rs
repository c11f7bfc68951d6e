//! Masks for filters: kernels against sums over weights, runs against the twin, what they gain, and what is refused.

use crate::common::{levels, memory, ranks, with_generator};
use bluegrad::filters::{FilterKernel, Filters, SpaceFilter, TimeFilter};
use bluegrad::measure;
use bluegrad::recipe::{FilterFill, FilterPolish, Powers};
use bluegrad::{Config, Error, Generator, Jobs, Line, Preset, Recipe, Serial, Shape, SimdLevel, Stage};
use bluegrad_tests::threshold::filters::Weights;
use bluegrad_tests::threshold::recipe;
use std::sync::atomic::{AtomicU32, Ordering};

const GAUSSIAN: SpaceFilter = SpaceFilter::gaussian(1.0);

fn all_filters() -> Vec<Filters> {
    vec![
        Filters::GAUSSIAN,
        Filters::product(SpaceFilter::gaussian(4.0), TimeFilter::ema(0.1)),
        Filters::product(SpaceFilter::mean(3), TimeFilter::exponential(0.1, 0.1)),
        Filters::product(SpaceFilter::mean(32), TimeFilter::mean(5)),
        Filters::product(SpaceFilter::binomial(2), TimeFilter::gaussian(1.0)),
        Filters::product(SpaceFilter::taps(&[1.0, -0.5, 0.25]), TimeFilter::taps(&[0.5, 0.25, 0.125, 0.125])),
        Filters::separate(GAUSSIAN, TimeFilter::ema(0.3), 0.4),
        Filters::product(SpaceFilter::binomial(31), TimeFilter::exponential(1.0, 0.5)),
        Filters::product(GAUSSIAN, TimeFilter::gaussian(8.0)),
    ]
}

fn shape(width: u32, height: u32, layers: u32, channels: u32) -> Shape {
    Shape::new(width, height).with_layers(layers).with_channels(channels)
}

#[test]
fn kernels_are_sums_over_weights() {
    for filters in all_filters() {
        for shape in [shape(8, 9, 1, 1), shape(16, 12, 7, 1), shape(40, 33, 2, 1)] {
            let (kernel, twin) = (FilterKernel::new(&filters, shape), Weights::new(&filters, shape));
            for d in 0..shape.layers as usize {
                for (x, y) in [(0, 0), (1, 0), (0, 1), (3, 2), (7, 8), (4, 4)] {
                    let (a, b) = (kernel.at(x, y, d), twin.at(x, y, d));
                    assert!(
                        (a - b).abs() < 1e-12 * twin.at(0, 0, 0),
                        "{filters:?}, {shape:?}, {x} {y} {d}: {a}, twin {b}"
                    );
                }
            }
            let (a, b) = (kernel.sum(), twin.sum());
            assert!((a / b - 1.0).abs() < 1e-11, "{filters:?}, {shape:?}: sum {a}, twin {b}");
        }
    }
}

fn config(shape: Shape, filters: Filters, stages: &[Stage]) -> Config {
    let recipe = Recipe { filters, ..Recipe::new(stages) };
    Config { shape, seed: 9, recipe, ..Config::new(Preset::Dither, 8, 8) }
}

fn cases() -> Vec<Config> {
    let fill = |power, time_power, tent, radius| {
        Stage::FilterFill(FilterFill { power, time_power, tent, radius, disorder: 1.0 })
    };
    let polish = |steps, radius, time_radius| {
        Stage::FilterPolish(FilterPolish { steps, radius, time_radius, ..FilterPolish::PLAIN })
    };
    let ema = Filters::product(GAUSSIAN, TimeFilter::ema(0.2));
    let noisy = Stage::FilterFill(FilterFill { disorder: 60.0, ..FilterFill::PLAIN });
    vec![
        config(shape(40, 36, 1, 1), Filters::GAUSSIAN, &[noisy, polish(3, 5, 0)]),
        // two planes at a time, and two rows of tiles
        config(shape(16, 64, 9, 2), ema, &[fill(1.5, 2.5, 0, 7), polish(2, 5, 4)]),
        config(shape(33, 17, 4, 1), ema, &[fill(1.5, 2.5, 3, 6), polish(2, 6, 2)]),
        config(shape(8, 8, 6, 1), all_filters()[3], &[fill(1.0, 1.0, 0, 31)]),
        config(shape(24, 20, 5, 3), all_filters()[6], &[fill(1.6, 2.0, 0, 6), polish(2, 6, 2)]),
        config(shape(16, 16, 3, 1), all_filters()[5], &[fill(1.0, 1.0, 0, 2)]),
    ]
}

#[test]
fn runs_agree_with_the_twin_on_every_level() {
    for config in cases() {
        let twin = recipe::run(&config, None);
        for level in levels() {
            let got = ranks(&Config { level, ..config }).expect("valid");
            let different = got.iter().zip(&twin).filter(|(a, b)| a != b).count();
            assert!(different == 0, "{:?}, {}: {different} ranks differ", config.shape, level.name());
        }
    }
}

/// Two threads take the tiles from either end.
struct TwoThreads;

impl Jobs for TwoThreads {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        std::thread::scope(|scope| {
            scope.spawn(|| (0..tiles / 2).for_each(tile));
            (tiles / 2..tiles).for_each(tile);
        });
    }
}

/// Of the polish: rows of tiles of so small a fill stay on one thread.
#[test]
fn threads_change_no_bit() {
    let run = |jobs: &dyn Jobs| {
        with_generator(&cases()[1], |mut generator| {
            while !generator.step_on(3, jobs).expect("a good block").done {}
            generator.mask().expect("done").ranks().to_vec()
        })
    };
    assert!(run(&Serial) == run(&TwoThreads));
}

/// So large that rows of tiles go to the host's threads; some steps, with the filters' own kernel in the last.
#[test]
fn threads_change_no_byte_of_a_large_fill() {
    const STEPS: u32 = 12;
    let filters = Filters::product(GAUSSIAN, TimeFilter::ema(0.1));
    let fill = Stage::FilterFill(FilterFill { radius: 8, ..FilterFill::PLAIN });
    let config = config(shape(128, 64, 64, 1), filters, &[fill]);
    let run = |jobs: &dyn Jobs| {
        let mut memory = memory(&config);
        let bytes = Line::as_bytes_mut(&mut memory);
        Generator::init(&mut *bytes, &config).expect("good filters").step_on(STEPS, jobs).expect("a good block");
        bytes.to_vec()
    };
    let counted = Counted::default();
    assert!(run(&Serial) == run(&counted));
    assert!(counted.0.load(Ordering::Relaxed) > 0, "no loop went to the host");
}

/// As [`TwoThreads`]; counts its loops.
#[derive(Default)]
struct Counted(AtomicU32);

impl Jobs for Counted {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        self.0.fetch_add(1, Ordering::Relaxed);
        TwoThreads.run(tiles, tile);
    }
}

/// The most of the pair loss, dB, that a recipe for filters may have, and how much less than that of a dither mask it is at least.
#[test]
fn the_error_after_filters_is_small() {
    let cases = [
        (Filters::GAUSSIAN, shape(32, 32, 1, 1), -10.4, 0.1),
        (Filters::product(SpaceFilter::mean(3), TimeFilter::NONE), shape(32, 32, 1, 1), -8.0, 1.0),
        (Filters::product(SpaceFilter::mean(5), TimeFilter::NONE), shape(32, 32, 1, 1), -10.8, 1.0),
        (Filters::product(GAUSSIAN, TimeFilter::ema(0.2)), shape(16, 16, 8, 1), -13.0, 1.0),
    ];
    for (filters, shape, most, gain) in cases {
        let recipe = Recipe::filtered(&filters, shape, None).expect("good filters");
        let made = ranks(&Config { recipe, shape, seed: 2, ..Config::new(Preset::Dither, 8, 8) }).expect("valid");
        let loss = Weights::new(&filters, shape).loss(shape, &made);
        assert!(loss < most, "{filters:?}: {loss} dB");
        let plain = ranks(&Config { shape, seed: 2, ..Config::new(Preset::Dither, 8, 8) }).expect("valid");
        let other = Weights::new(&filters, shape).loss(shape, &plain);
        assert!(loss < other - gain, "{filters:?}: {loss} dB, a dither mask {other}");
    }
}

/// Patterns of masks for Gaussians are about as even as those of void-and-cluster. Means of some seeds: single masks scatter by a tenth.
#[test]
fn flat_masks_for_gaussians_are_no_lattices() {
    const SEEDS: u64 = 8;
    let shape = shape(32, 32, 1, 1);
    let peak = |recipe: Recipe| {
        let mut scratch = vec![0.0; measure::levels_scratch_len(shape).expect("a size")];
        let peaks: Vec<_> = (0..SEEDS)
            .map(|seed| {
                let made = ranks(&Config { recipe, shape, seed, ..Config::new(Preset::Dither, 8, 8) }).expect("valid");
                measure::plane_peak(&made, shape, &mut scratch).expect("a mask")
            })
            .collect();
        (peaks.iter().map(|peak| peak.mean).sum::<f64>(), peaks.iter().map(|peak| peak.mid).sum::<f64>())
    };
    let (mean, mid) = peak(Preset::VoidAndCluster.recipe());
    for sigma in [1.0, 1.3435, 2.0] {
        let filters = Filters::product(SpaceFilter::gaussian(sigma), TimeFilter::NONE);
        let ours = peak(Recipe::filtered(&filters, shape, None).expect("good filters"));
        assert!(
            ours.0 < 1.15 * mean && ours.1 < 1.15 * mid,
            "sigma {sigma}: {ours:?}, void-and-cluster {:?}",
            (mean, mid)
        );
    }
}

fn probe(filters: &Filters, shape: Shape, level: SimdLevel) -> Result<Powers, Error> {
    let mut memory = vec![Line::ZERO; Powers::probe_bytes(shape) / 64];
    Line::as_bytes_mut(&mut memory).fill(0xFF);
    Powers::probe(filters, shape, level, Line::as_bytes_mut(&mut memory))
}

#[test]
fn probes_choose_the_same_everywhere() {
    let filters = Filters::product(GAUSSIAN, TimeFilter::ema(0.1));
    let shape = shape(64, 64, 4, 1);
    let all: Vec<Powers> = levels().into_iter().map(|level| probe(&filters, shape, level).expect("good")).collect();
    assert!(all.iter().all(|powers| *powers == all[0]), "{all:?}");
    // of all exponents that are tried, the largest in time suit long averages
    assert!(all[0].time >= 1.6 && all[0].space >= 1.5, "{all:?}");
    let mut short = vec![Line::ZERO; Powers::probe_bytes(shape) / 64 - 1];
    let refused = Powers::probe(&filters, shape, SimdLevel::Auto, Line::as_bytes_mut(&mut short));
    assert!(matches!(refused, Err(Error::Length { .. })), "{refused:?}");
}

/// Of all exponents that a probe may find, those that it finds are about the best for fills of other masks too.
#[test]
fn probes_find_good_powers() {
    const TIMES: [f32; 5] = [1.0, 1.25, 1.6, 2.6, 4.0];
    const SPACES: [f32; 3] = [1.0, 1.5, 1.6];
    let shape = shape(32, 32, 4, 1);
    for time in [TimeFilter::ema(0.7), TimeFilter::taps(&[1.0, 0.8, 0.64, 0.5, 0.4, 0.32])] {
        let filters = Filters::product(SpaceFilter::taps(&[1.0, 3.0, 4.0, 3.0, 1.0]), time);
        let loss = |powers: Powers| {
            let recipe = Recipe::filtered(&filters, shape, Some(powers)).ok()?;
            let recipe = Recipe { filters, ..Recipe::new(&recipe.stages()[..1]) };
            let config = Config { recipe, shape, seed: 5, ..Config::new(Preset::Dither, 8, 8) };
            Some(Weights::new(&filters, shape).loss(shape, &ranks(&config).expect("valid")))
        };
        let own = Powers::of(&filters);
        let others = TIMES.iter().flat_map(|time| SPACES.map(|space| Powers { space, time: *time, ..own }));
        let losses: Vec<f64> = others.filter_map(loss).collect();
        let found = loss(probe(&filters, shape, SimdLevel::Auto).expect("good filters")).expect("powers of a probe");
        let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
        let most = losses.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        assert!(found < least + 0.1 && least + 0.5 < most, "{time:?}: {found} dB of {losses:?}");
    }
}

fn refused(config: &Config) -> String {
    let mut memory = memory(&Config::new(Preset::Dither, 128, 128));
    let error = Generator::init(Line::as_bytes_mut(&mut memory), config).expect_err("bad filters");
    let line = error.to_string();
    assert!(!line.contains('\n'), "{line}");
    line
}

#[test]
fn bad_filters_are_refused() {
    let fill = Stage::FilterFill(FilterFill::PLAIN);
    let space = |space| config(Shape::new(16, 16), Filters::product(space, TimeFilter::NONE), &[fill]);
    let time = |time| config(shape(16, 16, 4, 1), Filters::product(GAUSSIAN, time), &[fill]);
    let stage = |stage: FilterFill| config(shape(16, 16, 4, 1), Filters::GAUSSIAN, &[Stage::FilterFill(stage)]);
    let cases = [
        (space(SpaceFilter::gaussian(f32::NAN)), "filters.space.sigma"),
        (space(SpaceFilter::gaussian(0.1)), "filters.space.sigma"),
        (space(SpaceFilter::mean(0)), "filters.space.size is 0"),
        (space(SpaceFilter::binomial(32)), "filters.space.size is 32"),
        (space(SpaceFilter::taps(&[])), "filters.space.taps.count"),
        (space(SpaceFilter::taps(&[1.0; 33])), "filters.space.taps.count is 33"),
        (space(SpaceFilter::taps(&[0.0, 0.0])), "filters.space.taps"),
        (space(SpaceFilter::taps(&[1.0, f32::INFINITY])), "filters.space.taps is inf"),
        (time(TimeFilter::ema(0.0)), "filters.time.alpha is 0"),
        (time(TimeFilter::ema(1.5)), "filters.time.alpha is 1.5"),
        (time(TimeFilter::exponential(0.1, -0.1)), "filters.time.beta"),
        (time(TimeFilter::gaussian(9.0)), "filters.time.sigma"),
        (time(TimeFilter::mean(65)), "filters.time.size"),
        (time(TimeFilter::taps(&[f32::NAN])), "filters.time.taps is NaN"),
        (config(Shape::new(16, 16), Filters::separate(GAUSSIAN, TimeFilter::NONE, 0.0), &[fill]), "filters.weight"),
        (stage(FilterFill { power: 9.0, ..FilterFill::PLAIN }), "filter_fill.power"),
        (stage(FilterFill { tent: 1, ..FilterFill::PLAIN }), "filter_fill.tent"),
        (stage(FilterFill { radius: 33, ..FilterFill::PLAIN }), "filter_fill.radius"),
        // cut where the kernel is far from 0
        (stage(FilterFill { radius: 2, power: 0.5, ..FilterFill::PLAIN }), "along rows is not positive definite"),
        (
            config(
                Shape::new(16, 16),
                Filters::GAUSSIAN,
                &[fill, Stage::FilterPolish(FilterPolish { radius: 1, steps: 1, ..FilterPolish::PLAIN })],
            ),
            "reach too far",
        ),
    ];
    for (config, part) in cases {
        let line = refused(&config);
        assert!(line.contains(part), "{line}: not {part}");
    }
    // filters that no stage reads are not looked at
    let mut unread = Config::new(Preset::Dither, 16, 16);
    unread.recipe.filters = Filters::product(SpaceFilter::mean(0), TimeFilter::NONE);
    assert!(ranks(&unread).is_ok());
    let long = Filters::product(SpaceFilter::gaussian(4.0), TimeFilter::NONE);
    let recipe = Recipe::filtered(&long, Shape::new(64, 64), None).expect("a fill alone");
    assert_eq!(recipe.stage_count, 1, "the taps of a polish hold too little of this kernel");
}
