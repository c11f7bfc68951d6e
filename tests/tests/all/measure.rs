//! Figures of a grey mask against the f64 reference: any size, any mask.

use crate::common;
use bluegrad::measure::{self, LOW_POWER_RADII, power_len, scratch_len};
use bluegrad::{Config, Error, Preset, Range, Shape};
use bluegrad_tests::measure as reference;
use bluegrad_tests::noise::{to_f32, to_f64, uniform_image};

fn power(values: &[f32], shape: Shape) -> Vec<f64> {
    let mut power = vec![0.0; power_len(shape)];
    let mut scratch = vec![0.0; scratch_len(shape).expect("a good size")];
    measure::power_spectrum(values, shape, &mut power, &mut scratch).expect("the right lengths");
    power
}

/// Within 0.01 dB where both have a figure, and a figure in the same places.
fn near(what: &str, got: f64, expected: f64) {
    assert!((got - expected).abs() < 0.01 || got.is_nan() && expected.is_nan(), "{what}: {got}, reference {expected}");
}

fn compare(values: &[f32], width: u32, height: u32) {
    let shape = Shape::new(width, height);
    let (w, h) = (width as usize, height as usize);
    let image = to_f64(values);
    let got = power(values, shape);
    let expected = reference::power(&image, w, h);
    for v in 0..h {
        for u in 0..=w / 2 {
            let (a, b) = (got[v * (w / 2 + 1) + u], expected[v * w + u]);
            assert!((a - b).abs() < 1e-9 * (1.0 + b), "{width}x{height}, bin ({u}, {v}): {a}, reference {b}");
        }
    }
    let quality = measure::quality(&got, shape).expect("the right length");
    let grey = reference::grey(&image, w, h);
    for (i, radius) in LOW_POWER_RADII.iter().enumerate() {
        near(&format!("{width}x{height}, power below {radius}"), quality.low_power[i], grey.low_power[i]);
    }
    near(&format!("{width}x{height}, flatness"), quality.flatness, grey.flatness);
    near(&format!("{width}x{height}, anisotropy"), quality.anisotropy, grey.anisotropy);
    let rings = measure::rings(&got, shape).expect("the right length");
    for (i, (a, b)) in rings.iter().zip(reference::rings(&expected, w, h)).enumerate() {
        assert_eq!(a.bins as usize, b.bins, "{width}x{height}, bins of ring {i}");
        assert!(b.bins == 0 || (a.mean - b.mean).abs() < 1e-9 * (1.0 + b.mean), "{width}x{height}, ring {i}");
    }
}

#[test]
fn agrees_with_the_reference_at_any_size() {
    let sizes = [
        (8, 8),
        (10, 10),
        (17, 31),
        (20, 20),
        (40, 40),
        (48, 32),
        (100, 60),
        (64, 64),
        (16, 128),
        (13, 8),
        (96, 7 * 8),
        (37, 8),
        (4 * 41, 2 * 53),
    ];
    for (width, height) in sizes {
        compare(&to_f32(&uniform_image(u64::from(width + height), (width * height) as usize)), width, height);
    }
}

#[test]
fn agrees_on_a_blue_mask() {
    let config = Config::new(Preset::Spectral, 64, 64);
    let ranks = common::ranks(&config).expect("a valid configuration");
    let mask = bluegrad::Mask::new(config.shape, &ranks).expect("one rank a pixel");
    let mut values = vec![0.0; 64 * 64];
    mask.write_f32(&mut values, Range::Unit).expect("the right length");
    compare(&values, 64, 64);
    let mut texture = vec![0; 64 * 64];
    mask.write_u8(&mut texture).expect("the right length");
    compare(&texture.iter().map(|value| f32::from(*value)).collect::<Vec<_>>(), 64, 64);
}

/// `spectral` at 64x64: grey power below 0.25 cycles/pixel at most −55 dB in float and in 16 bits, −46 dB in 8 bits.
#[test]
fn spectral_masks_are_as_dark_as_promised() {
    for seed in 0..4 {
        let config = Config { seed, ..Config::new(Preset::Spectral, 64, 64) };
        let ranks = common::ranks(&config).expect("a valid configuration");
        let mask = bluegrad::Mask::new(config.shape, &ranks).expect("one rank a pixel");
        let n = config.shape.pixels();
        let (mut float, mut wide, mut narrow) = (vec![0.0; n], vec![0; n], vec![0; n]);
        mask.write_f32(&mut float, Range::Unit).expect("the right length");
        mask.write_u16(&mut wide).expect("the right length");
        mask.write_u8(&mut narrow).expect("the right length");
        let below_quarter = |values: &[f32]| {
            measure::quality(&power(values, config.shape), config.shape).expect("the right length").low_power[3]
        };
        let figures = [
            below_quarter(&float),
            below_quarter(&wide.iter().map(|value| f32::from(*value)).collect::<Vec<_>>()),
            below_quarter(&narrow.iter().map(|value| f32::from(*value)).collect::<Vec<_>>()),
        ];
        println!("seed {seed}: power below 0.25 in f32, u16, u8: {figures:.1?} dB");
        assert!(figures[0] <= -55.0 && figures[1] <= -55.0 && figures[2] <= -46.0, "seed {seed}: {figures:?}");
    }
}

#[test]
fn a_constant_mask_has_no_power() {
    let shape = Shape::new(16, 16);
    let power = power(&[0.25; 256], shape);
    assert!(power.iter().all(|power| *power == 0.0));
    let quality = measure::quality(&power, shape).expect("the right length");
    assert_eq!(quality.low_power[0], -300.0);
}

#[test]
fn bad_input_is_an_error() {
    for (width, height) in [(0, 0), (1, 1), (7, 8), (64, 0), (4097, 64)] {
        assert_eq!(scratch_len(Shape::new(width, height)), Err(Error::Size { width, height }));
    }
    let shape = Shape::new(16, 8);
    let (mut power, mut scratch) = (vec![0.0; power_len(shape)], vec![0.0; scratch_len(shape).expect("a good size")]);
    let short = scratch.len() - 1;
    let mut values = vec![0.5; 128];
    assert!(matches!(
        measure::power_spectrum(&values[1..], shape, &mut power, &mut scratch),
        Err(Error::Length { .. })
    ));
    assert!(matches!(
        measure::power_spectrum(&values, shape, &mut power[1..], &mut scratch),
        Err(Error::Length { .. })
    ));
    assert!(matches!(
        measure::power_spectrum(&values, shape, &mut power, &mut scratch[..short]),
        Err(Error::Length { .. })
    ));
    values[9] = f32::NAN;
    assert!(matches!(measure::power_spectrum(&values, shape, &mut power, &mut scratch), Err(Error::Number { .. })));
    assert!(matches!(measure::quality(&power[1..], shape), Err(Error::Length { .. })));
}
