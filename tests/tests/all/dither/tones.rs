//! Positions of tones: means over whole tiles in wider arithmetic, linear light in exact integers, rows against a scalar twin.

use super::{Row, Rows, SHAPE};
use bluegrad::dither::{self, BitOrder, Levels, Mix, Sample, Thresholds, Tone, light, threshold};
use bluegrad::{Dither, Error, Mask, Shape};

/// Largest error of a mean in code values, in units of 1/(2n) of a step between output values.
const MOST_IN_CODES: f64 = 1.001;

/// Largest error of a mean in light, in the same units.
const MOST_IN_LIGHT: f64 = 1.06;

/// Even levels, 16-bit codes of their 8-bit values.
fn even(levels: u32) -> Vec<u16> {
    (0..levels).map(|level| (257 * ((2 * 255 * level + levels - 1) / (2 * (levels - 1)))) as u16).collect()
}

/// Level sets of the sweep.
fn sets() -> Vec<Vec<u16>> {
    let counts = (2..=16).chain([17, 31, 32, 63, 64, 100, 128, 255, 256]);
    let uneven = [
        vec![0, 80 * 257, 65535],
        vec![1, 2, 3, 700, 701, 40000],
        vec![12345, 54321],
        vec![2651, 65535],
        vec![65534, 65535],
    ];
    counts.map(even).chain(uneven).collect()
}

fn positions<S: Sample>(values: &[u16], mix: Mix, pixels: u32) -> Vec<u32> {
    let mut positions = vec![0; 1 << (8 * size_of::<S>())];
    Tone::new(values, mix, pixels).expect("good values").fill::<S>(&mut positions).expect("the right length");
    positions
}

/// Linear light by the platform's functions.
fn light_f64(code: u16) -> f64 {
    let x = f64::from(code) / 65535.0;
    if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
}

/// Counts, for each fraction of a position in 2^-16, the pixels of a tile that go up.
fn counts_up(n: u32) -> Vec<u32> {
    let mut up = vec![0; 65537];
    for rank in 0..n {
        // floor((2r + 1)·2^15/n)
        let threshold = (u64::from(2 * rank + 1) << 15) / u64::from(n);
        up[65536 - threshold as usize] += 1;
    }
    for i in 1..up.len() {
        up[i] += up[i - 1];
    }
    up
}

/// Returns the worst error of a mean over all inputs, in 1/(2n) of a step, and checks ends and order.
fn worst(values: &[u16], mix: Mix, n: u32, up: &[u32], exact: &[f64]) -> f64 {
    let positions = positions::<u16>(values, mix, n);
    assert!(positions.is_sorted(), "{values:?}: a position falls");
    let (first, last) = (usize::from(values[0]), usize::from(*values.last().expect("two values")));
    assert!(positions[..=first].iter().all(|p| *p == 0));
    assert!(positions[last..].iter().all(|p| *p == (values.len() as u32 - 1) << 24));
    for (level, value) in (0_u32..).zip(values) {
        assert_eq!(positions[usize::from(*value)], level << 24, "output value {value} has dots");
    }
    let mut worst = 0.0_f64;
    let value = |level: usize| exact[usize::from(values[level])];
    for code in first..last {
        let position = positions[code];
        assert_eq!(position & 0xFF, 0, "finer than a threshold");
        let (level, up) = ((position >> 24) as usize, up[(position >> 8) as usize & 0xFFFF]);
        let mean = match up {
            0 => value(level),
            _ => value(level) + (value(level + 1) - value(level)) * f64::from(up) / f64::from(n),
        };
        let above = values.partition_point(|value| usize::from(*value) <= code);
        let step = value(above) - value(above - 1);
        worst = worst.max((mean - exact[code]).abs() / step * 2.0 * f64::from(n));
    }
    worst
}

/// All inputs, all level sets, both mixes and all five sizes of a mask: nothing is sampled.
#[test]
fn means_of_all_inputs() {
    let codes: Vec<f64> = (0..=u16::MAX).map(f64::from).collect();
    let lights: Vec<f64> = (0..=u16::MAX).map(light_f64).collect();
    for n in [256, 3477, 4096, 10000, 65536] {
        let up = counts_up(n);
        let mut most = [0.0_f64; 2];
        for values in sets() {
            for (i, (mix, exact)) in [(Mix::Codes, &codes), (Mix::Light, &lights)].into_iter().enumerate() {
                let worst = worst(&values, mix, n, &up, exact);
                let limit = [MOST_IN_CODES, MOST_IN_LIGHT][i];
                assert!(worst <= limit, "{} values from {}, {mix:?}, n {n}: {worst}", values.len(), values[0]);
                most[i] = most[i].max(worst);
            }
        }
        println!("n {n}: worst error {:.4} in codes, {:.4} in light, in 1/(2n) of a step", most[0], most[1]);
    }
}

/// Masks above 65536 pixels share thresholds: 2^-16 of a step more.
#[test]
fn means_with_a_large_mask() {
    let codes: Vec<f64> = (0..=u16::MAX).map(f64::from).collect();
    for n in [65537, 100_000, 1 << 20, 1 << 24] {
        let up = counts_up(n);
        for values in [even(2), even(256), vec![12345, 54321]] {
            let limit = MOST_IN_CODES + 2.0 * f64::from(n) / 65536.0;
            let worst = worst(&values, Mix::Codes, n, &up, &codes);
            assert!(worst <= limit, "{} values, n {n}: {worst} of {limit}", values.len());
        }
    }
}

/// 8-bit inputs have the positions of the 16-bit codes that they stand for.
#[test]
fn inputs_of_8_bits() {
    for values in sets() {
        for mix in [Mix::Codes, Mix::Light] {
            let wide = positions::<u16>(&values, mix, 3477);
            assert!(positions::<u8>(&values, mix, 3477).iter().eq(wide.iter().step_by(257)));
        }
    }
}

/// Product of a number in 32-bit limbs, lowest first, and a factor.
fn times(number: &mut Vec<u32>, factor: u64) {
    let mut carry = 0_u128;
    for limb in number.iter_mut() {
        let sum = u128::from(*limb) * u128::from(factor) + carry;
        (*limb, carry) = (sum as u32, sum >> 32);
    }
    while carry > 0 {
        number.push(carry as u32);
        carry >>= 32;
    }
}

/// Returns a⁵·b¹², highest limb first after the number of limbs: such lists compare as the numbers do.
fn product(a: u64, b: u64) -> (usize, Vec<u32>) {
    let mut number = vec![1];
    (0..5).for_each(|_| times(&mut number, a));
    (0..12).for_each(|_| times(&mut number, b));
    (number.len(), number.into_iter().rev().collect())
}

/// |light − y·M| ≤ ½ for M = 2^32 − 1 and y = z^2.4, by (2·light ∓ 1)⁵·den¹² against (2M)⁵·num¹², z = num/den.
#[test]
fn light_of_all_codes() {
    let most = u64::from(u32::MAX);
    for code in 0..=u16::MAX {
        let (x, got) = (u64::from(code), u64::from(light(code)));
        if x * 100_000 <= 4045 * 65535 {
            // y = 100·x/(1292·65535)
            let (num, den) = (100 * x * most, 1292 * 65535);
            assert!((2 * num).abs_diff(2 * got * den) <= den, "{code}: {got}");
            continue;
        }
        let (num, den) = (1000 * x + 55 * 65535, 1055 * 65535);
        let exact = product(2 * most, num);
        assert!(product(2 * got - 1, den) <= exact && exact <= product(2 * got + 1, den), "{code}: {got}");
    }
    assert_eq!([light(0), light(65535)], [0, u32::MAX]);
}

#[test]
fn thresholds_of_masks() {
    let shape = Shape::new(61, 57);
    let n = shape.pixels() as u32;
    let ranks: Vec<u32> = (0..n).map(|i| i * 1000 % n).collect();
    let mask = Mask::new(shape, &ranks).expect("one rank a pixel");
    let mut to = vec![0; ranks.len()];
    dither::thresholds(&mask, &mut to).expect("the right length");
    for (rank, got) in ranks.iter().zip(&to) {
        assert_eq!(u64::from(*got), (2 * u64::from(*rank) + 1) * 32768 / u64::from(n));
    }
    let error = dither::thresholds(&mask, &mut to[1..]).unwrap_err();
    assert_eq!(error.to_string(), "thresholds: 3476 given, 3477 needed");
    assert_eq!(
        [threshold(0, 0), threshold(1, 1), threshold(u32::MAX, 1), threshold(1, u32::MAX)],
        [0, 65535, 65535, 0]
    );
    assert_eq!(threshold((1 << 25) - 1, 1 << 25), 65535);
}

fn mask() -> Vec<u16> {
    let n = SHAPE.pixels() as u32;
    (0..n).map(|i| threshold(2 * (i * 13 % n) + 1, 2 * n)).collect()
}

fn grey<'m>(mask: &'m [u16], shape: Shape, table: &'m [u32]) -> Result<Dither<'m>, Error> {
    Dither::grey(Thresholds::U16(mask), shape, Levels::Table([table]))
}

fn rgb<'m>(mask: &'m [u16], shape: Shape, tables: [&'m [u32]; 3]) -> Result<Dither<'m>, Error> {
    Dither::rgb(Thresholds::U16(mask), shape, Levels::Table(tables))
}

/// Rows of one sample type against the formula, pixel by pixel; packed rows against levels.
fn rows<S: Sample + Copy + Into<u64>>(sample: impl Fn(usize) -> S)
where
    [S]: Row,
{
    let (mask, n) = (mask(), SHAPE.pixels() as u32);
    let sets = [even(2), vec![0, 80 * 257, 65535], even(16), even(256)];
    let tables = sets.each_ref().map(|values| positions::<S>(values, Mix::Light, n));
    let offsets = [[u32::MAX, 1], [0, 0], [3, 4_000_000_000]];
    let [width, height] = [SHAPE.width, SHAPE.height].map(u64::from);
    for bits in [1, 2, 4, 8] {
        let at = [1, 2, 4, 8].iter().position(|b| *b == bits).expect("one of them");
        let of_channels = [&tables[at], &tables[0], &tables[at / 2]].map(|table| &table[..]);
        let by_grey = grey(&mask, SHAPE, &tables[at]).expect("good input");
        let by_rgb = rgb(&mask, SHAPE, of_channels).expect("good input").channel_offsets(offsets);
        let apart = rgb(&mask, SHAPE, [&tables[at]; 3]).expect("good input").channels_apart();
        let kinds = [(by_grey, [[0; 2]; 3], 1), (by_rgb, offsets, 3), (apart, [[0, 0], [2, 1], [4, 3]], 3)]
            .map(|(d, o, c)| (d.at(5, u32::MAX), o, c));
        for (kind, (dither, offsets, channels)) in kinds.into_iter().enumerate() {
            assert_eq!(dither.bits(), bits);
            for pixels in (0..=23).chain([64, 191, 193, 577]) {
                let row: Vec<S> = (0..pixels * channels).map(&sample).collect();
                let mut levels = vec![0; row.len()];
                let y = [0, 3, u32::MAX][pixels % 3];
                dither.to_levels(y, &row[..], &mut levels).expect("the right length");
                for (i, (v, got)) in row.iter().zip(&levels).enumerate() {
                    let [dx, dy] = offsets[i % channels].map(u64::from);
                    let column = ((i / channels) as u64 + 5 + dx) % width;
                    let down = (u64::from(y) + u64::from(u32::MAX) + dy) % height;
                    let table = if kind == 1 { of_channels[i % channels] } else { &tables[at] };
                    let threshold = u64::from(mask[(down * width + column) as usize]);
                    let wanted = (u64::from(table[(*v).into() as usize]) + (threshold << 8)) >> 24;
                    assert_eq!(u64::from(*got), wanted, "sample {i} of {pixels} pixels, {bits} bits, kind {kind}");
                }
                let per_byte = 8 / bits as usize;
                let mut packed = vec![0xAA; dither.packed_len(row.len())];
                assert_eq!(packed.len(), row.len().div_ceil(per_byte));
                dither.to_packed(y, &row[..], &mut packed, BitOrder::LsbFirst).expect("the right length");
                for (byte, levels) in packed.iter().zip(levels.chunks(per_byte)) {
                    let wanted = levels.iter().rev().fold(0, |byte: u32, level| (byte << bits) | u32::from(*level));
                    assert_eq!(u32::from(*byte), wanted, "{pixels} pixels, {bits} bits, kind {kind}");
                }
            }
        }
    }
}

#[test]
fn rows_of_8_and_16_bits() {
    rows::<u8>(|i| if i % 11 == 3 { 255 } else { (i * 97 % 256) as u8 });
    rows::<u16>(|i| if i % 11 == 3 { 65535 } else { (i * 24_593 % 65536) as u16 });
}

#[test]
fn bad_values_and_masks() {
    let error = |values: &[u16], pixels| Tone::new(values, Mix::Codes, pixels).map(|_| ()).unwrap_err();
    let many: Vec<u16> = (0..257).collect();
    for values in [&[][..], &[7], &many] {
        let got = values.len() as u32;
        assert_eq!(error(values, 4), Error::Levels { got });
        assert_eq!(error(values, 4).to_string(), format!("{got} levels: dithering makes 2 to 256 of them"));
    }
    let falls = "output value 2 is 5: it must be above the value before it";
    assert_eq!(error(&[0, 5, 5, 9], 4).to_string(), falls);
    assert_eq!(error(&[9, 3], 4), Error::Values { index: 1, value: 3 });
    for (pixels, said) in [(0, "0"), ((1 << 24) + 2, "16777218")] {
        assert_eq!(
            error(&[0, 1], pixels).to_string(),
            format!("pixels of the mask is {said}: it must be from 1 to 16777216")
        );
    }
    let tone = Tone::new(&[0, 65535], Mix::Codes, 1).expect("the least mask");
    assert_eq!(tone.fill::<u8>(&mut [0; 255]).unwrap_err().to_string(), "positions: 255 given, 256 needed");
    assert_eq!(tone.fill::<u16>(&mut [0; 256]).unwrap_err().to_string(), "positions: 256 given, 65536 needed");

    let (mask, table) = (mask(), [0; 256]);
    let said = |made: Result<Dither<'_>, Error>| made.map(|_| ()).unwrap_err().to_string();
    assert_eq!(said(grey(&mask[1..], SHAPE, &table)), "thresholds of the mask: 34 given, 35 needed");
    assert_eq!(said(grey(&mask, SHAPE, &table[1..])), "positions: 255 given, 256 needed");
    assert_eq!(said(rgb(&mask, SHAPE, [&table, &table, &[]])), "positions: 0 given, 256 needed");
    let size = "size 0x5: width and height must each be from 1 to 4096 to dither with";
    assert_eq!(said(grey(&mask, Shape::new(0, 5), &table)), size);
    let of_rgb = rgb(&mask, SHAPE, [&table; 3]).expect("good input");
    let error = of_rgb.to_levels(0, &[0_u8; 4][..], &mut [0; 4]).unwrap_err();
    assert_eq!(error.to_string(), "row of RGB, three samples a pixel: 4 given, 6 needed");
    assert_eq!(
        of_rgb.to_levels(0, &[0_u8; 3][..], &mut [0; 4]).unwrap_err().to_string(),
        "row of levels: 4 given, 3 needed"
    );
    let error = of_rgb.to_packed(0, &[0_u8; 3][..], &mut [0; 4], BitOrder::MsbFirst).unwrap_err();
    assert_eq!(error.to_string(), "packed row: 4 given, 1 needed");
    // A table that no tone made gives some levels, and no panic.
    let wild = [u32::MAX; 256];
    grey(&mask, SHAPE, &wild)
        .expect("any numbers")
        .to_levels(0, &[9_u8; 9][..], &mut [0; 9])
        .expect("the right length");
}
