//! What a block held before `init` changes nothing: no report, no value, no byte of the block afterwards.

use crate::common::{bits, memory_of, one_stage, same_bytes, values, volumes};
use bluegrad::recipe::{Ranks, Swap};
use bluegrad::{
    Config, Generator, Layout, Line, Optimizer, Preset, Recipe, Report, Schedule, Spectral, Stage, TermWeight,
};

/// Sides that leave lanes idle, that fill them, and that have whole windows.
const SIZES: [(u32, u32); 7] = [(16, 16), (32, 16), (64, 16), (16, 32), (16, 64), (32, 32), (64, 64)];

/// A preset with at most `steps` steps a stage.
fn short(preset: Preset, width: u32, height: u32, steps: u32) -> Config {
    let mut config = Config { seed: 5, ..Config::new(preset, width, height) };
    for stage in &mut config.recipe.stages {
        match stage {
            Stage::Spectral(stage) => stage.steps = stage.steps.min(steps),
            Stage::Front(stage) => stage.steps = stage.steps.min(steps),
            Stage::Polish(stage) => stage.steps = stage.steps.min(steps),
            _ => {}
        }
    }
    config
}

/// Every report of a run that is done step by step, and the bits of the values after each step.
fn trace(mut generator: Generator<'_>) -> Vec<(Report, Vec<u32>)> {
    let mut trace = Vec::new();
    loop {
        let report = generator.step(1).expect("a good block");
        let losses = report.losses;
        assert!(losses.total().is_finite(), "step {}: {losses:?}", report.step);
        trace.push((report, bits(&values(&mut generator))));
        if report.done {
            return trace;
        }
    }
}

/// The same trace and the same block from zeros, from NaNs and from large floats; `start` begins a run.
fn check<F>(what: &str, config: &Config, start: F)
where
    F: for<'m> Fn(&'m mut [u8], &Config) -> Generator<'m>,
{
    let run = |byte| {
        let mut memory = memory_of(config, byte);
        let trace = trace(start(Line::as_bytes_mut(&mut memory), config));
        (trace, memory)
    };
    let (expected, zeros) = run(0x00);
    for byte in [0xFF, 0x7E] {
        let (trace, memory) = run(byte);
        let same = trace.iter().zip(&expected).position(|(a, b)| a != b);
        assert_eq!(same, None, "{what}: the first step that differs, counted from 0, in memory of {byte:#x}");
        assert!(same_bytes(zeros.clone(), memory), "{what}: the block in memory of {byte:#x}");
    }
}

fn from_noise<'m>(memory: &'m mut [u8], config: &Config) -> Generator<'m> {
    Generator::init(memory, config).expect("a valid configuration")
}

#[test]
fn every_preset() {
    for preset in Preset::ALL {
        for (width, height) in SIZES {
            let config = short(preset, width, height, 6);
            check(&format!("{} {width}x{height}", preset.name()), &config, from_noise);
        }
    }
}

/// Every term, optimiser and kind of rank, with projections between.
#[test]
fn every_spectral_choice() {
    for (width, height) in SIZES {
        for optimizer in [Optimizer::GRADIENT_DESCENT, Optimizer::heavy_ball(0.9), Optimizer::ADAM] {
            for ranks in [Ranks::Exact, Ranks::Binned] {
                let step_size = Schedule::constant(0.01);
                let stage =
                    Spectral { steps: 5, optimizer, ranks, step_size, projection_period: 2, ..Spectral::PUBLISHED };
                let config = one_stage(width, height, Spectral { profile: TermWeight::new(0.3), ..stage });
                check(&format!("{optimizer:?} {ranks:?} {width}x{height}"), &config, from_noise);
            }
        }
    }
}

/// Sides that are no multiple of anything, with swaps at the end; and from a given mask.
#[test]
fn odd_sides_and_given_masks() {
    let swap = |config: Config| {
        let mut recipe = config.recipe.with_levels(4, 1.26).expect("room for a stage");
        if let Stage::Swap(swap @ Swap { .. }) = &mut recipe.stages[recipe.stage_count as usize - 1] {
            swap.steps = 3;
        }
        Config { recipe, ..config }
    };
    for (width, height) in [(8, 8), (9, 8), (8, 33), (33, 17), (40, 50)] {
        for preset in [Preset::Dither, Preset::DitherClassic, Preset::DitherGradient, Preset::VoidAndCluster] {
            let what = format!("{} {width}x{height}", preset.name());
            check(&what, &swap(short(preset, width, height, 4)), from_noise);
        }
    }
    for preset in [Preset::Dither, Preset::Spectral] {
        let config = short(preset, 16, 16, 4);
        let config = Config { recipe: Recipe::refining(&config.recipe), ..config };
        let mask: Vec<f32> = (0..256).map(|i| (i * 37 % 101) as f32).collect();
        check(preset.name(), &config, |memory, config| {
            Generator::init_with_mask(memory, config, &mask).expect("a valid configuration").0
        });
    }
}

#[test]
fn layers_and_channels() {
    for (what, config) in volumes() {
        check(what, &config, from_noise);
        let mask: Vec<f32> = (0..config.shape.elements()).map(|i| (i * 37 % 101) as f32).collect();
        let config = Config { recipe: config.recipe.refining(), ..config };
        check(&format!("{what} from a mask"), &config, |memory, config| {
            Generator::init_with_mask(memory, config, &mask).expect("a valid configuration").0
        });
    }
}

/// Between the steps of a spectral stage its work space may hold anything: each step writes what it reads.
#[test]
fn work_space_between_steps() {
    const WORK: [&str; 6] = ["transform", "sort", "wanted", "ranks", "work", "nyquist"];
    for (width, height) in SIZES {
        for ranks in [Ranks::Exact, Ranks::Binned] {
            let stage = Spectral { steps: 4, ranks, profile: TermWeight::new(0.3), ..Spectral::PUBLISHED };
            let config = one_stage(width, height, stage);
            let layout = Layout::new(&config).expect("a valid configuration");
            let run = |byte: Option<u8>| {
                let mut memory = memory_of(&config, 0);
                let memory = Line::as_bytes_mut(&mut memory);
                Generator::init(memory, &config).expect("a valid configuration");
                let reports = (0..5).map(|_| {
                    let mut rest = &mut *memory;
                    let mut filled = 0;
                    for (name, bytes) in layout.buffers() {
                        let (buffer, after) = rest.split_at_mut(bytes);
                        if let Some(byte) = byte.filter(|_| WORK.contains(&name)) {
                            buffer.fill(byte);
                            filled += 1;
                        }
                        rest = after;
                    }
                    assert_eq!(filled, if byte.is_some() { WORK.len() } else { 0 });
                    let mut generator = Generator::open(memory).expect("a good block");
                    let report = generator.step(1).expect("a good block");
                    (report, bits(&values(&mut generator)))
                });
                reports.collect::<Vec<_>>()
            };
            let expected = run(None);
            for byte in [0x00, 0xFF] {
                let same = run(Some(byte)) == expected;
                assert!(same, "{ranks:?} {width}x{height}: work space of {byte:#x}");
            }
        }
    }
}
