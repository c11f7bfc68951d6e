//! The generator as a state machine: slices, snapshots, bad blocks, bad configurations, no allocation.

use crate::common::{self, memory, one_stage, ranks, spectral, spectral_mut, values, with_generator};
use bluegrad::recipe::Ranks;
use bluegrad::spectral::{Knot, Profile};
use bluegrad::{
    Config, Distribution, Error, Generator, Layout, Line, Optimizer, Preset, Recipe, Schedule, Shape, SimdLevel,
    Spectral, TermWeight,
};

/// Every term, optimiser and kind of rank in a few steps.
fn everything() -> Config {
    let ball = Spectral { steps: 7, projection_period: 3, ..spectral(&Preset::Spectral.recipe(), 0) };
    let adam = Spectral {
        steps: 5,
        optimizer: Optimizer::ADAM,
        step_size: Schedule::linear(0.01, 0.0),
        profile: TermWeight::randomized(0.3),
        ranks: Ranks::Binned,
        ..Spectral::PUBLISHED
    };
    let config = Config::new(Preset::Spectral, 32, 64);
    Config { recipe: Recipe::spectral(&[ball, adam, Spectral { steps: 3, ..Spectral::PUBLISHED }]), seed: 3, ..config }
}

#[test]
fn slices_give_the_same_bits_as_one_run() {
    let config = everything();
    let expected = ranks(&config).expect("a valid configuration");
    for slice in [1, 2, 4, 97] {
        with_generator(&config, |mut generator| {
            while !generator.step(slice).expect("a good block").done {}
            assert_eq!(generator.mask().expect("done").ranks(), expected);
        });
    }
}

/// A copy of the block, at another address and at another level, after every step.
#[test]
fn a_snapshot_goes_on_with_the_same_bits() {
    let config = everything();
    let expected = ranks(&config).expect("a valid configuration");
    let levels = common::levels();
    let mut lines = memory(&config);
    Generator::init(Line::as_bytes_mut(&mut lines), &config).expect("a valid configuration");
    let mut done = false;
    while !done {
        let mut moved = vec![Line::ZERO; lines.len() + 3];
        moved[3..].copy_from_slice(&lines);
        let mut generator = Generator::open(Line::as_bytes_mut(&mut moved[3..])).expect("a snapshot");
        assert_eq!(*generator.config(), config);
        done = generator.step(1).expect("a good block").done;
        if done {
            assert_eq!(generator.mask().expect("done").ranks(), expected);
        }
        Line::as_bytes_mut(&mut lines).copy_from_slice(generator.block());
    }
    let mixed = Config { level: levels[levels.len() - 1], ..config };
    assert_eq!(ranks(&mixed).expect("a valid configuration"), expected);
}

#[test]
fn evaluating_changes_nothing() {
    let config = everything();
    let expected = ranks(&config).expect("a valid configuration");
    with_generator(&config, |mut generator| {
        while !generator.step(1).expect("a good block").done {
            generator.evaluate(&Spectral::PUBLISHED).expect("a good block");
        }
        generator.evaluate(&Spectral::PUBLISHED).expect("a good block");
        assert_eq!(generator.mask().expect("done").ranks(), expected);
        let report = generator.report();
        assert_eq!(generator.step(10).expect("a good block"), report, "after the end nothing happens");
    });
}

#[test]
fn ranks_are_exact_and_ties_go_by_index() {
    // four values only, among them -0 and 0
    struct Ties(u32);
    impl rand_core::TryRng for Ties {
        type Error = core::convert::Infallible;
        fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Ok(self.0 & 0xC000_0000)
        }
        fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
            self.try_next_u32().map(u64::from)
        }
        fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Self::Error> {
            to.fill(0);
            Ok(())
        }
    }
    let config = one_stage(64, 32, Spectral { steps: 0, ..Spectral::PUBLISHED });
    let mut lines = memory(&config);
    let mut generator = Generator::init_with_rng(Line::as_bytes_mut(&mut lines), &config, &mut Ties(1)).expect("valid");
    let start = values(&mut generator);
    assert!(generator.step(1).expect("a good block").done);
    let mut order: Vec<usize> = (0..start.len()).collect();
    order.sort_by(|a, b| start[*a].total_cmp(&start[*b]));
    let ranks = generator.mask().expect("done").ranks();
    assert!(order.iter().enumerate().all(|(rank, index)| ranks[*index] as usize == rank));
}

#[test]
fn every_size_ends_in_exact_ranks() {
    for (width, height) in [(16, 16), (16, 64), (64, 16), (32, 32), (256, 128)] {
        let mut config = Config::new(Preset::Spectral, width, height);
        spectral_mut(&mut config).steps = 20;
        let mut ranks = ranks(&config).expect("a valid configuration");
        ranks.sort_unstable();
        assert!(ranks.iter().enumerate().all(|(i, rank)| i == *rank as usize), "{width}x{height}");
    }
}

#[test]
fn what_is_asked_too_soon_is_an_error() {
    with_generator(&Config::new(Preset::Spectral, 16, 16), |mut generator| {
        generator.step(4).expect("a good block");
        let steps = Preset::Spectral.recipe().steps(64 * 64).expect("few");
        assert_eq!(generator.mask().unwrap_err(), Error::NotDone { step: 4, steps });
    });
}

#[test]
fn bad_blocks_are_errors() {
    let config = everything();
    let needed = Layout::new(&config).expect("valid").bytes();
    let mut lines = memory(&config);
    let bytes = Line::as_bytes_mut(&mut lines);
    for misaligned in 1..64 {
        assert_eq!(Generator::init(&mut bytes[misaligned..], &config).unwrap_err(), Error::Alignment);
        assert_eq!(Generator::open(&mut bytes[misaligned..]).unwrap_err(), Error::Alignment);
    }
    for got in (0..needed).step_by(61).chain([needed - 1]) {
        let what = "block of memory, bytes";
        assert_eq!(Generator::init(&mut bytes[..got], &config).unwrap_err(), Error::Length { what, needed, got });
    }
    assert!(matches!(Generator::open(bytes), Err(Error::NotAGenerator(_))), "zeros");
    Generator::init(bytes, &config).expect("valid").step(3).expect("a good block");
    for got in (0..needed).step_by(61).chain([needed - 1]) {
        assert!(Generator::open(&mut bytes[..got]).is_err(), "{got} bytes");
    }
    let header = 1_500;
    for place in 0..header {
        bytes[place] ^= 0x55;
        let opened = Generator::open(bytes).map(|generator| (*generator.config(), generator.report()));
        bytes[place] ^= 0x55;
        // past the end of the header proper a change means nothing
        let unchanged = Generator::open(bytes).map(|generator| (*generator.config(), generator.report()));
        assert!(opened.is_err() || opened == unchanged, "byte {place}");
    }
}

/// Whatever stands behind the header: a wrong mask or an error, never a panic.
#[test]
fn damaged_buffers_never_panic() {
    let config = everything();
    let mut noise = bluegrad_tests::noise::Noise::new(4);
    for fill in [0x00, 0x7F, 0xFF, -1] {
        let mut lines = memory(&config);
        let bytes = Line::as_bytes_mut(&mut lines);
        Generator::init(bytes, &config).expect("valid").step(1).expect("a good block");
        for byte in &mut bytes[bluegrad::layout::HEADER_BYTES..] {
            *byte = if fill < 0 { noise.bits() as u8 } else { fill as u8 };
        }
        let mut generator = Generator::open(bytes).expect("the header is whole");
        while !generator.step(5).expect("the header is whole").done {}
        let mut texture = vec![0; config.shape.pixels()];
        generator.mask().expect("done").write_u8(&mut texture).expect("the right length");
    }
}

#[test]
fn bad_configurations_are_errors() {
    let good = Config::new(Preset::Spectral, 64, 64);
    for (width, height) in [(0, 0), (1, 1), (15, 15), (48, 48), (8192, 8192), (64, 0)] {
        assert_eq!(
            Layout::new(&Config { shape: Shape::new(width, height), ..good }),
            Err(Error::TransformSize { width, height })
        );
    }
    for preset in [Preset::Spectral, Preset::Dither] {
        for (layers, channels) in [(0, 1), (257, 1), (1, 0), (1, 5), (u32::MAX, u32::MAX)] {
            let shape = Shape::new(64, 64).with_layers(layers).with_channels(channels);
            let error = Layout::new(&Config { shape, ..Config::new(preset, 64, 64) }).expect_err("too few or too many");
            assert_eq!(error, Error::Layers { layers, channels });
            let text = error.to_string();
            let wanted = format!(
                "{layers} layers, {channels} channels: a mask has 1 to 256 layers, 1 to 4 channels, and at most "
            );
            assert!(text.starts_with(&wanted), "{text}");
            assert_eq!(bluegrad::Mask::new(shape, &[]).expect_err("too few or too many"), error);
        }
        let most = Shape::new(4096, 4096).with_layers(64);
        assert_eq!(most.elements(), bluegrad::shape::MAX_ELEMENTS);
        assert_eq!(most.check(), Ok(()));
        assert_eq!(most.with_layers(65).check(), Err(Error::Layers { layers: 65, channels: 1 }));
    }
    for (preset, stage) in [
        (Preset::Spectral, "spectral"),
        (Preset::Published, "spectral"),
        (Preset::VoidAndCluster, "void-and-cluster"),
        (Preset::DitherGradient, "front"),
    ] {
        for (layers, channels) in [(2, 1), (1, 3)] {
            let shape = Shape::new(64, 64).with_layers(layers).with_channels(channels);
            let error = Layout::new(&Config { shape, ..Config::new(preset, 64, 64) }).expect_err("flat only");
            assert_eq!(error, Error::FlatOnly(stage));
        }
    }
    let mut checked = 0;
    let mut bad = |change: &dyn Fn(&mut Spectral)| {
        let mut config = good;
        change(spectral_mut(&mut config));
        let error = Layout::new(&config).expect_err("out of range");
        assert!(matches!(error, Error::Number { .. }), "{error}");
        assert!(!error.to_string().contains('\n'));
        checked += 1;
    };
    for value in [f32::NAN, f32::INFINITY, -1.0] {
        bad(&|stage| stage.low_band.weight = value);
        bad(&|stage| stage.smoothness.weight = value);
        bad(&|stage| stage.profile.weight = value);
        bad(&|stage| stage.histogram.weight = value);
        bad(&|stage| stage.step_size.start = value);
        bad(&|stage| stage.histogram_step_size.end = value);
        bad(&|stage| stage.optimizer.momentum = value);
        bad(&|stage| stage.optimizer.second_momentum = value);
        bad(&|stage| stage.optimizer.epsilon = value);
    }
    for value in [f32::NAN, f32::INFINITY, -0.1, 0.0, 0.7072] {
        bad(&|stage| stage.cutoff = value);
    }
    assert_eq!(checked, 32);
    for got in [0, 9] {
        let mut recipe = good.recipe;
        recipe.stage_count = got;
        assert_eq!(recipe.check(), Err(Error::StageCount { got, most: 8 }));
    }
    let long = Spectral { steps: u32::MAX, ..Spectral::PUBLISHED };
    let config = Config { recipe: Recipe::spectral(&[long]), ..good };
    assert_eq!(config.check(), Err(Error::StepCount));
}

/// A stage that no recipe may have gives no losses: a cut-off of 0 would give NaN.
#[test]
fn evaluating_a_bad_stage_is_an_error() {
    with_generator(&Config::new(Preset::Spectral, 16, 16), |mut generator| {
        let evaluated = generator.evaluate(&Spectral { cutoff: 0.0, ..Spectral::PUBLISHED });
        assert!(matches!(evaluated, Err(Error::Number { what: "cutoff", .. })), "{evaluated:?}");
        generator.evaluate(&Spectral::PUBLISHED).expect("a good stage");
    });
}

#[test]
fn bad_profiles_and_distributions_are_errors() {
    let knot = |frequency, amplitude| Knot { frequency, amplitude };
    for knots in [
        &[][..],
        &[knot(0.1, 1.0)],
        &[knot(0.1, 1.0); 33],
        &[knot(0.2, 1.0), knot(0.2, 1.0)],
        &[knot(0.1, 0.0), knot(0.2, 0.0)],
        &[knot(0.1, f32::NAN), knot(0.2, 1.0)],
        &[knot(0.1, -1.0), knot(0.2, 1.0)],
        &[knot(0.1, 1.0), knot(0.8, 1.0)],
        &[knot(f32::NAN, 1.0), knot(0.2, 1.0)],
    ] {
        let stage = Spectral { profile: TermWeight::new(1.0), ..Spectral::PUBLISHED };
        let recipe = Recipe { profile: Profile::new(knots), ..Recipe::spectral(&[stage]) };
        assert!(matches!(recipe.check(), Err(Error::Profile(_))), "{} knots", knots.len());
    }
    for sigma in [f32::NAN, 0.0, 0.1, 3.0] {
        assert!(Distribution { sigma, ..Distribution::GAUSSIAN }.check().is_err());
    }
    let line: [f32; 65] = std::array::from_fn(|i| i as f32 / 32.0 - 1.0);
    assert_eq!(Distribution::from_table(line).check(), Ok(()));
    for (place, value) in [(0, -0.5), (64, 0.9), (7, f32::NAN), (9, 0.0)] {
        let mut table = line;
        table[place] = value;
        assert_eq!(Distribution::from_table(table).check(), Err(Error::DistributionTable), "{place}");
    }
}

/// What passes the check and makes little sense: Adam that stands still, or whose steps are too large for any float, and a profile that
/// is 0 at every frequency that a mask has. The run ends, and each rank stands once.
#[test]
fn senseless_configurations_end_in_ranks() {
    let knot = |frequency, amplitude| Knot { frequency, amplitude };
    let profile = Profile::new(&[knot(0.0, 1.0), knot(1e-30, 0.0)]);
    for step_size in [0.0, 1e-45, 0.7, f32::MAX] {
        for (epsilon, second_momentum) in [(1e-8, 0.999), (1e-45, 0.0), (f32::MAX, 0.999_999_94)] {
            for ranks in [Ranks::Exact, Ranks::Binned] {
                let optimizer = Optimizer { epsilon, second_momentum, ..Optimizer::ADAM };
                let step_size = Schedule::constant(step_size);
                let (profile_term, steps) = (TermWeight::new(1.0), 9);
                let stage =
                    Spectral { steps, optimizer, step_size, profile: profile_term, ranks, ..Spectral::PUBLISHED };
                let config = one_stage(16, 32, stage);
                let config = Config { recipe: Recipe { profile, ..config.recipe }, ..config };
                let mut ranks = common::ranks(&config).expect("it passes the check");
                ranks.sort_unstable();
                assert!(ranks.into_iter().eq(0..512), "{step_size:?}, epsilon {epsilon}");
            }
        }
    }
}

/// Rows that lie apart have the values of rows that do not, at every moment of a run, and nothing is written between them.
#[test]
fn present_values_in_rows_that_lie_apart() {
    const SIDE: usize = 16;
    for preset in Preset::ALL {
        let config = Config { seed: 5, ..Config::new(preset, SIDE as u32, SIDE as u32) };
        let mut lines = memory(&config);
        let mut generator = Generator::init(Line::as_bytes_mut(&mut lines), &config).expect("valid");
        let steps = generator.report().steps;
        for slice in [0, 1, 1, 1, 1, steps / 3, 1, steps / 3, 1, steps] {
            generator.step(slice).expect("sound");
            let mut whole = [0.0; SIDE * SIDE];
            generator.write_values(&mut whole).expect("the right length");
            for stride in [SIDE, SIDE + 1, 2 * SIDE + 3] {
                let mut apart = vec![7.0; stride * (SIDE - 1) + SIDE];
                let place = |_, _, y| Some(stride * y as usize);
                generator.write_value_rows(&mut apart, 1, place).expect("long enough");
                for (row, wanted) in apart.chunks(stride).zip(whole.chunks(SIDE)) {
                    assert_eq!(&row[..SIDE], wanted, "{} at stride {stride}", preset.name());
                    assert!(row[SIDE..].iter().all(|value| *value == 7.0));
                }
                apart.pop();
                generator.write_value_rows(&mut apart, 1, place).expect_err("one too few");
            }
            for beyond in [SIDE * SIDE, usize::MAX] {
                let place = |_, _, y| (y == 3).then_some(beyond);
                generator.write_value_rows(&mut [0.0; SIDE * SIDE], 1, place).expect_err("no such place");
            }
        }
    }
}

/// A cap takes the best level that is not above it; one of another processor's family does not bind.
#[test]
fn a_cap_on_the_level() {
    let best = SimdLevel::detect();
    let x86 = [SimdLevel::Sse2, SimdLevel::Sse42, SimdLevel::Avx2, SimdLevel::Avx512];
    for cap in SimdLevel::ALL {
        let level = SimdLevel::at_most(cap);
        assert!(level.is_supported() && level != SimdLevel::Auto, "{}", cap.name());
        let wanted = match cap {
            SimdLevel::Scalar => SimdLevel::Scalar,
            cap if cap != SimdLevel::Auto && cap.is_supported() => cap,
            _ => best,
        };
        assert_eq!(level, wanted, "{}", cap.name());
    }
    if best == SimdLevel::Avx512 {
        assert_eq!(x86.map(SimdLevel::at_most), x86);
    }
}

#[test]
fn a_level_that_is_not_here_is_an_error() {
    for level in SimdLevel::ALL.into_iter().filter(|level| !level.is_supported()) {
        let config = Config { level, ..Config::new(Preset::Spectral, 16, 16) };
        let mut lines = memory(&config);
        let error = Generator::init(Line::as_bytes_mut(&mut lines), &config).unwrap_err();
        assert_eq!(error, Error::Level(level.name()));
    }
    assert!(SimdLevel::ALL.iter().all(|level| SimdLevel::from_name(level.name()) == Some(*level)));
    assert_eq!(SimdLevel::from_name("sse5"), None);
}

/// 64x64 in at most 172 KiB.
#[test]
fn memory_is_as_promised() {
    for preset in Preset::ALL {
        let layout = Layout::new(&Config::new(preset, 64, 64)).expect("valid");
        for (name, bytes) in layout.buffers() {
            println!("{:10} {name:14} {bytes:7} bytes", preset.name());
            assert_eq!(bytes % 64, 0, "{name}");
        }
        println!("{:10} {:14} {:7} bytes", preset.name(), "in all", layout.bytes());
        assert!(layout.bytes() <= 173 * 1024, "{}", preset.name());
    }
}

/// The largest masks start, step and end.
#[test]
fn the_largest_sides_work() {
    for (width, height) in [(4096, 16), (16, 4096)] {
        let config = Config::new(Preset::Spectral, width, height);
        let config =
            Config { recipe: Recipe::spectral(&[Spectral { steps: 2, ..spectral(&config.recipe, 0) }]), ..config };
        assert_eq!(ranks(&config).expect("a valid configuration").len(), 65_536);
    }
}
