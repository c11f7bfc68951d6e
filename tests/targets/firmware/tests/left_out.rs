//! The core without its features, as the firmware has it: what is left makes the same mask, and what is not says so. Runs on a machine
//! with an operating system.

use bluegrad::{Config, Error, Generator, Layout, Line, Preset};

#[test]
fn a_stage_that_is_left_out_is_an_error_that_names_its_feature() {
    for (preset, feature) in [
        (Preset::Spectral, "spectral"),
        (Preset::Published, "spectral"),
        (Preset::DitherGradient, "front"),
        (Preset::VoidAndCluster, "void-and-cluster"),
    ] {
        let config = Config::new(preset, 64, 64);
        assert_eq!(Layout::new(&config), Err(Error::Feature(feature)), "{}", preset.name());
        let mut memory = vec![Line::ZERO; 8192];
        let error = Generator::init(Line::as_bytes_mut(&mut memory), &config).err();
        assert_eq!(error, Some(Error::Feature(feature)), "{}", preset.name());
    }
    let config = Config::new(Preset::Dither, 64, 64);
    let recipe = config.recipe.with_levels(4, 1.26).expect("room for a stage");
    assert_eq!(Config { recipe, ..config }.check(), Err(Error::Feature("swap")));
    assert_eq!(
        Error::Feature("swap").to_string(),
        "a stage that this build leaves out: build the crate with its feature `swap`"
    );
}

#[test]
fn what_is_left_makes_the_golden_mask() {
    let config = Config { seed: 7, ..Config::new(Preset::Dither, 32, 32) };
    let mut memory = vec![Line::ZERO; Layout::new(&config).expect("valid").lines()];
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config).expect("valid");
    while !generator.step(3).expect("a good block").done {}
    let bytes = generator.mask().expect("done").ranks().iter().flat_map(|rank| rank.to_le_bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let golden = include_str!("../../../golden.txt");
    assert!(golden.contains(&format!("dither 32 32 7 41 {hash:016x}\n")), "{hash:016x}");
}
