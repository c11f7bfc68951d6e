//! Masks and runs that own their memory: the bytes of a generator in the caller's.

use bluegrad::recipe::{AllStages, DitherStages, SpectralStages};
use bluegrad::{Config, Error, Generator, Layout, Line, OwnedGenerator, Preset, Range, Report, Shape};

fn memory(config: &Config) -> Vec<Line> {
    vec![Line::ZERO; Layout::new(config).expect("a valid configuration").lines()]
}

/// The ranks by init, step, read.
fn ranks(config: &Config) -> Vec<u32> {
    let mut memory = memory(config);
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), config).expect("valid");
    while !generator.step(3).expect("a good block").done {}
    generator.mask().expect("done").ranks().to_vec()
}

#[test]
fn a_mask_by_one_call() {
    for (width, height, seed) in [(8, 8, 0), (64, 64, 7), (24, 9, u64::MAX)] {
        let config = Config { seed, ..Config::new(Preset::Dither, width, height) };
        let n = u64::from(width * height);
        let expected: Vec<u8> = ranks(&config).iter().map(|rank| (256 * u64::from(*rank) / n) as u8).collect();
        assert_eq!(bluegrad::mask(width, height, seed), Ok(expected));
    }
    for (width, height) in [(0, 0), (7, 64), (64, 4097), (u32::MAX, u32::MAX)] {
        assert!(matches!(bluegrad::mask(width, height, 7), Err(Error::Size { .. })));
    }
}

/// A set of stages makes the bytes of all stages, or says which stage it is without.
#[test]
fn runs_of_a_set_of_stages() {
    for preset in Preset::ALL.into_iter().filter(|preset| *preset != Preset::Published) {
        let config = Config { seed: 3, ..Config::new(preset, 16, 16) };
        let expected = ranks(&config);
        let (mut all, mut dither, mut spectral) = (memory(&config), memory(&config), memory(&config));
        let got = [
            Generator::run::<AllStages>(Line::as_bytes_mut(&mut all), &config),
            Generator::run::<DitherStages>(Line::as_bytes_mut(&mut dither), &config),
            Generator::run::<SpectralStages>(Line::as_bytes_mut(&mut spectral), &config),
        ];
        let has = match preset {
            Preset::Spectral => [true, false, true],
            Preset::VoidAndCluster | Preset::DitherGradient => [true, false, false],
            _ => [true, true, false],
        };
        for (got, has) in got.iter().zip(has) {
            match got {
                Ok(generator) => assert_eq!(generator.mask().expect("done").ranks(), expected, "{preset:?}"),
                Err(error) => assert!(matches!(error, Error::LeftOut(_)), "{preset:?}: {error}"),
            }
            assert_eq!(got.is_ok(), has, "{preset:?}");
        }
    }
    let small = Config::new(Preset::Dither, 5, 16);
    assert!(matches!(Generator::run::<DitherStages>(&mut [], &small), Err(Error::Size { .. })));
    let (config, mut line) = (Config::new(Preset::Dither, 8, 8), [Line::ZERO]);
    let short = Generator::run::<DitherStages>(Line::as_bytes_mut(&mut line), &config);
    assert!(matches!(short, Err(Error::Length { .. })));
}

#[test]
fn an_owned_run_is_the_run_in_a_block() {
    let volume = Shape::new(16, 8).with_layers(2).with_channels(2);
    let configs = [
        Config::new(Preset::Spectral, 16, 32),
        Config { shape: volume, ..Config::new(Preset::SpaceTime, 16, 8) },
        Config::new(Preset::Dither, 24, 17),
    ];
    let mut owned = OwnedGenerator::new(&configs[0]).expect("valid");
    for (seed, config) in configs.iter().enumerate() {
        let config = Config { seed: seed as u64, ..*config };
        owned.restart(&config).expect("valid");
        let mut memory = memory(&config);
        let mut block = Generator::init(Line::as_bytes_mut(&mut memory), &config).expect("valid");
        assert!(matches!(owned.mask(), Err(Error::NotDone { step: 0, .. })));
        let mut report: Report = owned.report();
        while !report.done {
            report = owned.step(2).expect("a good block");
            assert_eq!(report, block.step(2).expect("a good block"));
            assert_eq!(owned.block(), block.block());
        }
        assert_eq!((owned.report(), owned.config()), (report, &config));
        // half-way from a snapshot, of more bytes than the block's too
        let mut half = OwnedGenerator::new(&config).expect("valid");
        half.step(3).expect("a good block");
        let mut saved = half.block().to_vec();
        saved.extend([1, 2, 3]);
        let mut opened = OwnedGenerator::open(&saved).expect("a whole block");
        while !opened.step(5).expect("a good block").done {}
        let (mask, reopened) = (owned.mask().expect("done"), opened.mask().expect("done"));
        assert_eq!(mask.ranks(), reopened.ranks());
        saved.truncate(half.block().len() - 1);
        assert!(matches!(OwnedGenerator::open(&saved), Err(Error::Length { .. })));
        saved[700] ^= 1;
        assert!(matches!(OwnedGenerator::open(&saved), Err(Error::NotAGenerator(_))));
        assert!(matches!(OwnedGenerator::open(&saved[..9]), Err(Error::NotAGenerator(_))));

        let elements = config.shape.elements();
        let (mut bytes, mut words, mut floats, mut numbers) =
            (vec![0; elements], vec![0; elements], vec![0.0; elements], vec![0; elements]);
        mask.write_u8(&mut bytes).expect("the right length");
        mask.write_u16(&mut words).expect("the right length");
        mask.write_f32(&mut floats, Range::Signed).expect("the right length");
        mask.write_ranks(&mut numbers).expect("the right length");
        assert_eq!((mask.to_u8(), mask.to_u16(), mask.to_f32(Range::Signed)), (bytes, words, floats));
        assert_eq!(mask.to_ranks(), numbers);
        assert_eq!(OwnedGenerator::run(&config).expect("valid").mask().expect("done").ranks(), mask.ranks());
    }
}

/// What cannot start leaves the run before as it was.
#[test]
fn a_bad_restart_changes_nothing() {
    let config = Config::new(Preset::Dither, 16, 16);
    let mut owned = OwnedGenerator::new(&config).expect("valid");
    owned.step(2).expect("a good block");
    let before = owned.block().to_vec();
    let refining = Config { recipe: config.recipe.refining(), ..Config::new(Preset::Dither, 64, 64) };
    assert!(matches!(owned.restart(&Config::new(Preset::Dither, 16, 7)), Err(Error::Size { .. })));
    assert_eq!(owned.restart(&refining), Err(Error::WrongStart));
    assert_eq!(owned.block(), before);
    assert_eq!(OwnedGenerator::new(&refining).expect_err("it starts from a mask"), Error::WrongStart);
    while !owned.step(9).expect("a good block").done {}
    assert_eq!(owned.mask().expect("done").ranks(), ranks(&config));
}

#[test]
fn a_run_from_a_mask() {
    let config = Config::new(Preset::Dither, 16, 16);
    let config = Config { recipe: config.recipe.refining(), ..config };
    let values: Vec<f32> = (0..256).map(|i| (i * 37 % 128) as f32).collect();
    let (mut owned, ties) = OwnedGenerator::with_mask(&config, &values).expect("finite values");
    assert_eq!(ties, 128);
    let mut memory = memory(&config);
    let (mut block, _) =
        Generator::init_with_mask(Line::as_bytes_mut(&mut memory), &config, &values).expect("finite values");
    let mut present = (vec![0.0; 256], vec![0.0; 256]);
    while !owned.step(1).expect("a good block").done {
        block.step(1).expect("a good block");
        owned.with(|generator| generator.write_values(&mut present.0)).expect("the right length");
        block.write_values(&mut present.1).expect("the right length");
        assert_eq!(present.0, present.1);
    }
    block.step(1).expect("a good block");
    assert_eq!(owned.mask().expect("done").ranks(), block.mask().expect("done").ranks());
    assert!(matches!(OwnedGenerator::with_mask(&config, &values[1..]), Err(Error::Length { .. })));
    assert!(matches!(OwnedGenerator::with_mask(&config, &[f32::NAN; 256]), Err(Error::Number { .. })));
}
