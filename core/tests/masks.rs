//! The published crate makes the masks of its algorithm version, byte for byte, and refuses bad input.
//!
//! Some of the masks of `tests/golden.txt` in the repository, which has all of them; after a bump of the version take them from there.

use bluegrad::{ALGORITHM_VERSION, Config, Error, OwnedGenerator, Preset};

/// FNV-1a, 64 bits, over ranks as little-endian u32.
fn hash(ranks: &[u32]) -> u64 {
    let bytes = ranks.iter().flat_map(|rank| rank.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn masks_of_this_version() {
    assert_eq!(ALGORITHM_VERSION, 5);
    let golden = [
        (Preset::Dither, 64, 64, 0xdee2_9a15_fdf2_a295),
        (Preset::Dither, 40, 24, 0xd8ad_9cf3_8362_0da5),
        (Preset::VoidAndCluster, 32, 32, 0xcbfd_cb60_98ce_35bd),
        // of 50 steps
        (Preset::Spectral, 32, 32, 0x3911_6afe_83ea_1c79),
    ];
    for (preset, width, height, expected) in golden {
        let mut config = Config { seed: 7, ..Config::new(preset, width, height) };
        if let Some(stage) = config.recipe.stages[0].as_spectral_mut() {
            stage.steps = 50;
        }
        let generator = OwnedGenerator::run(&config).expect("a valid configuration");
        assert_eq!(hash(generator.mask().expect("done").ranks()), expected, "{preset:?} {width}x{height}");
    }
}

#[test]
fn bad_input_is_an_error() {
    let error = bluegrad::mask(7, 64, 0).expect_err("7 is too small");
    assert!(matches!(error, Error::Size { .. }));
    assert!(error.to_string().contains("from 8 to 4096"), "{error}");
}
