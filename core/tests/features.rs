//! Builds without some features make the golden masks on every SIMD level, and name a missing feature in the error.
//!
//! `.ci/features --all` runs this test with each feature alone, with none and with all.

use bluegrad::{Config, Error, Generator, Layout, Line, Preset, Shape, SimdLevel, Stage};

/// Features of stages, and whether this build has them.
const FEATURES: [(&str, bool); 5] = [
    ("filters", cfg!(feature = "filters")),
    ("front", cfg!(feature = "front")),
    ("spectral", cfg!(feature = "spectral")),
    ("swap", cfg!(feature = "swap")),
    ("void-and-cluster", cfg!(feature = "void-and-cluster")),
];

/// The first feature that a recipe needs and this build lacks.
fn lacking(config: &Config) -> Option<&'static str> {
    let wanted = config.recipe.stages().iter().filter_map(|stage| match stage {
        Stage::FilterFill(_) | Stage::FilterPolish(_) => Some("filters"),
        Stage::Front(_) => Some("front"),
        Stage::Spectral(_) => Some("spectral"),
        Stage::Swap(_) => Some("swap"),
        Stage::VoidAndCluster(_) => Some("void-and-cluster"),
        _ => None,
    });
    let absent = |feature: &&str| FEATURES.iter().any(|(name, here)| name == feature && !here);
    wanted.into_iter().find(absent)
}

/// SIMD levels of this CPU and this build.
fn levels() -> impl Iterator<Item = SimdLevel> {
    SimdLevel::ALL.into_iter().filter(|level| *level != SimdLevel::Auto && level.is_supported())
}

fn ranks(config: &Config) -> Vec<u32> {
    let mut memory = vec![Line::ZERO; Layout::new(config).expect("valid").lines()];
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), config).expect("valid");
    while !generator.step(3).expect("a good block").done {}
    generator.mask().expect("done").ranks().to_vec()
}

/// Hash as in `tests/golden.txt`: FNV-1a, 64 bits, over ranks as little-endian u32.
fn hash(ranks: &[u32]) -> u64 {
    let bytes = ranks.iter().flat_map(|rank| rank.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn check_refused(what: &str, config: &Config, feature: &'static str) {
    assert_eq!(config.check(), Err(Error::Feature(feature)), "{what}");
    assert_eq!(Layout::new(config), Err(Error::Feature(feature)), "{what}");
    let mut memory = vec![Line::ZERO; 8192];
    let error = Generator::init(Line::as_bytes_mut(&mut memory), config).err();
    assert_eq!(error, Some(Error::Feature(feature)), "{what}");
    let said = format!("this build leaves out what the mask needs: build the crate with its feature `{feature}`");
    assert_eq!(Error::Feature(feature).to_string(), said);
}

/// The supported levels are exactly those that both build and CPU have.
#[test]
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn levels_left_out() {
    let features = [
        (SimdLevel::Sse42, cfg!(feature = "sse4_2"), is_x86_feature_detected!("sse4.2")),
        (SimdLevel::Avx2, cfg!(feature = "avx2"), is_x86_feature_detected!("avx2")),
        (SimdLevel::Avx512, cfg!(feature = "avx512"), is_x86_feature_detected!("avx512vbmi2")),
    ];
    for (level, built, here) in features {
        assert_eq!(level.is_supported(), built && here, "{}", level.name());
        if !built {
            assert_eq!(level.resolve(), Err(Error::Level(level.name())));
            assert!((SimdLevel::detect() as u32) < level as u32 && (SimdLevel::at_most(level) as u32) < level as u32);
        }
    }
}

/// Each golden mask of at most 1024 pixels is made, or refused with the name of the missing feature.
#[test]
fn golden_masks() {
    let golden = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden.txt"));
    let golden = golden.expect("golden.txt is checked in");
    let (mut made, mut refused) = (0, 0);
    for line in golden.lines().skip(1) {
        let words: Vec<&str> = line.split(' ').collect();
        let [name, width, height, seed, steps, expected] = words[..] else { panic!("{line}") };
        let number = |word: &str| word.parse::<u32>().expect("a number");
        // masks for filters have no preset
        let Some(preset) = Preset::from_name(name) else { continue };
        let seed = u64::from(number(seed));
        // a height with layers and channels: 16x4x2
        let mut heights = height.split('x').map(number);
        let mut next = || heights.next().unwrap_or(1);
        let shape = Shape { width: number(width), height: next(), layers: next(), channels: next() };
        let mut config = Config { shape, seed, ..Config::new(preset, 64, 64) };
        if config.shape.elements() > 1024 {
            continue;
        }
        // golden masks of presets with many steps have fewer steps in their first stage
        let others = config.recipe.steps(config.shape.elements()).expect("few") - 1;
        match &mut config.recipe.stages[0] {
            Stage::Spectral(stage) => stage.steps -= others - number(steps),
            Stage::Front(stage) => stage.steps -= others - number(steps),
            _ => assert_eq!(others, number(steps), "{line}"),
        }
        if let Some(feature) = lacking(&config) {
            check_refused(line, &config, feature);
            refused += 1;
            continue;
        }
        for level in levels() {
            let hash = hash(&ranks(&Config { level, ..config }));
            assert_eq!(format!("{hash:016x}"), expected, "{line}: {}", level.name());
        }
        made += 1;
    }
    assert!(made >= 8, "`dither` needs no feature");
    println!("{made} golden masks made, {refused} refused: {FEATURES:?}");
}

/// A mask that takes sweeps in batches is made, or refused with the name of the feature.
#[test]
fn large_masks() {
    let config = Config::new(Preset::Dither, 896, 896);
    if cfg!(feature = "large") {
        assert_eq!(config.check(), Ok(()));
    } else {
        check_refused("896x896", &config, "large");
    }
    assert_eq!(Config::new(Preset::Dither, 896, 895).check(), Ok(()));
}

/// Swaps give the same mask on every level. No preset has swaps, so no golden mask has.
#[test]
fn swaps() {
    let config = Config { seed: 7, ..Config::new(Preset::Dither, 32, 24) };
    let few = Config { recipe: config.recipe.with_levels(4, 1.26).expect("room for a stage"), ..config };
    if let Some(feature) = lacking(&few) {
        check_refused("swaps", &few, feature);
        return;
    }
    let made: Vec<_> = levels().map(|level| ranks(&Config { level, ..few })).collect();
    assert!(made.iter().all(|ranks| *ranks == made[0]) && made[0] != ranks(&config));
    let mut sorted = made[0].clone();
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(0..768));
}

/// Measurement works, and tells a mask from white noise, which has 0 dB.
#[cfg(feature = "measure")]
#[test]
fn measures() {
    use bluegrad::measure::{power_len, power_spectrum, quality, scratch_len};
    let config = Config::new(Preset::Dither, 32, 32);
    let (shape, ranks) = (config.shape, ranks(&config));
    let values: Vec<f32> = ranks.iter().map(|rank| *rank as f32).collect();
    let (mut power, mut scratch) = (vec![0.0; power_len(shape)], vec![0.0; scratch_len(shape).expect("a good size")]);
    power_spectrum(&values, shape, &mut power, &mut scratch).expect("the right lengths");
    let quality = quality(&power, shape).expect("the right length");
    assert!(quality.low_power[1] < -15.0, "{quality:?}");
}
