//! A mask applied to rows: every result against the formula, in integers wide enough to forget about them.

use bluegrad::dither::{self, BitOrder, Dither};
use bluegrad::{Error, Mask, Shape};

const SHAPE: Shape = Shape::new(7, 5);

/// A permutation of 0 … n − 1 as ranks.
fn ranks(n: u32) -> Vec<u32> {
    let step = (n * 5 / 8..).find(|step| gcd(*step, n) == 1).expect("some number is coprime to n");
    (0..n).map(|i| (u64::from(i) * u64::from(step) % u64::from(n)) as u32).collect()
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Texels without a pattern, 0 and 255 among them.
fn texels() -> Vec<u8> {
    let mut texels: Vec<u8> = (0..SHAPE.pixels()).map(|i| (i * 151 % 256) as u8).collect();
    texels[34] = 255;
    texels
}

/// A row of samples without a pattern, 0 and 255 among them.
fn samples(length: usize) -> Vec<u8> {
    (0..length).map(|i| if i % 11 == 3 { 255 } else { (i * 97 % 256) as u8 }).collect()
}

/// The level of a sample whose mask has u = numerator/denominator there: floor(v·(L − 1)/255 + u), by no division but this.
fn level(v: u8, levels: u32, numerator: i64, denominator: i64) -> u8 {
    let exact = i64::from(v) * i64::from(levels - 1) * denominator + 255 * numerator;
    u8::try_from(exact.div_euclid(255 * denominator)).expect("a level")
}

/// The level of a sample under an 8-bit texel, which is rank m of 256.
fn level_of_texel(v: u8, levels: u32, texel: u8) -> u8 {
    level(v, levels, 2 * i64::from(texel) + 1, 512)
}

/// The mask's texel over a pixel, with all offsets added up.
fn texel_at(texels: &[u8], x: u64, y: u64) -> u8 {
    let (width, height) = (u64::from(SHAPE.width), u64::from(SHAPE.height));
    texels[(y % height * width + x % width) as usize]
}

/// What `levels` must give for a row.
fn expected(row: &[u8], levels: u32, channels: usize, at: impl Fn(usize) -> [u64; 2]) -> Vec<u8> {
    let texels = texels();
    let one = |(i, v): (usize, &u8)| {
        let [x, y] = at(i % channels);
        level_of_texel(*v, levels, texel_at(&texels, x + (i / channels) as u64, y))
    };
    row.iter().enumerate().map(one).collect()
}

#[test]
fn every_sample_texel_and_number_of_levels() {
    let texels: Vec<u8> = (0..=255).collect();
    let mut to = [0; 256];
    for levels in 2..=256 {
        let dither = Dither::grey(&texels, Shape::new(256, 1), levels).expect("good input");
        for v in 0..=255 {
            dither.levels(0, &[v; 256], &mut to).expect("the right length");
            for (texel, got) in texels.iter().zip(to) {
                assert_eq!(got, level_of_texel(v, levels, *texel), "{v} to {levels} levels under {texel}");
            }
        }
        dither.levels(0, &[0; 256], &mut to).expect("the right length");
        assert_eq!(to, [0; 256]);
        dither.levels(0, &[255; 256], &mut to).expect("the right length");
        assert_eq!(to, [(levels - 1) as u8; 256]);
    }
}

#[test]
fn two_levels_are_plain_thresholding() {
    let texels: Vec<u8> = (0..=255).collect();
    let dither = Dither::grey(&texels, Shape::new(256, 1), 2).expect("good input");
    let mut to = [0; 256];
    for v in 0..=255_u16 {
        dither.levels(0, &[v as u8; 256], &mut to).expect("the right length");
        for (m, got) in (0..256_u16).zip(to) {
            let threshold = if m < 128 { m } else { m - 1 };
            assert_eq!(got == 1, v >= 255 - threshold, "{v} under {m}");
        }
    }
}

#[test]
fn every_value() {
    for levels in 2..=256_u32 {
        let dither = Dither::grey(&[0], Shape::new(1, 1), levels).expect("good input");
        for level in 0..levels {
            // round(255·level/(L − 1)), halves up
            let value = (2 * 255 * level + levels - 1) / (2 * (levels - 1));
            assert_eq!(u32::from(dither.value(level as u8)), value, "{level} of {levels}");
        }
        assert_eq!(dither.value(255), 255);
        let (row, mut to, mut as_levels) = (samples(300), [0; 300], [0; 300]);
        dither.values(0, &row, &mut to).expect("the right length");
        dither.levels(0, &row, &mut as_levels).expect("the right length");
        assert!(to.iter().copied().eq(as_levels.iter().map(|level| dither.value(*level))));
    }
}

#[test]
fn every_width_and_offset() {
    let texels = texels();
    let offsets = [0, 1, 6, 7, 8, 100, u32::MAX - 1, u32::MAX];
    for levels in [2, 5, 256] {
        let dither = Dither::grey(&texels, SHAPE, levels).expect("good input");
        for width in 0..=40 {
            let row = samples(width);
            let mut to = vec![0; width];
            for (i, x) in offsets.into_iter().enumerate() {
                let (down, y) = (offsets[(i + width) % 8], offsets[(3 * i + width) % 8]);
                dither.at(x, down).levels(y, &row, &mut to).expect("the right length");
                let at = [u64::from(x), u64::from(down) + u64::from(y)];
                assert_eq!(to, expected(&row, levels, 1, |_| at), "width {width} at {x}, {down}, row {y}");
            }
        }
    }
}

#[test]
fn masks_of_one_row_column_or_pixel() {
    let row = samples(23);
    let mut to = [0; 23];
    for (width, height) in [(1, 1), (1, 9), (9, 1), (64, 2), (4096, 1)] {
        let shape = Shape::new(width, height);
        let texels = samples(shape.pixels());
        let dither = Dither::grey(&texels, shape, 4).expect("good input");
        for y in 0..20 {
            dither.at(5, 3).levels(y, &row, &mut to).expect("the right length");
            for (x, (v, got)) in row.iter().zip(to).enumerate() {
                let texel = texels[(y as usize + 3) % height as usize * width as usize + (x + 5) % width as usize];
                assert_eq!(got, level_of_texel(*v, 4, texel), "{width}x{height} at {x}, {y}");
            }
        }
    }
}

#[test]
fn channels_of_rgb() {
    let texels = texels();
    let (left, top) = (1_000_000_007, u32::MAX);
    let dither = Dither::rgb(&texels, SHAPE, 3).expect("good input").at(left, top);
    let offsets = [[u32::MAX, 1], [0, 0], [3, 4_000_000_000]];
    let thirds = [[0, 0], [2, 1], [4, 3]];
    let kinds = [(dither, [[0; 2]; 3]), (dither.channel_offsets(offsets), offsets), (dither.channels_apart(), thirds)];
    for (dither, offsets) in kinds {
        for width in 0..=40 {
            let row = samples(3 * width);
            let mut to = vec![0; 3 * width];
            for y in [0, 3, 99, u32::MAX] {
                dither.levels(y, &row, &mut to).expect("the right length");
                let at = |channel: usize| {
                    let [dx, dy] = offsets[channel].map(u64::from);
                    [u64::from(left) + dx, u64::from(top) + dy + u64::from(y)]
                };
                assert_eq!(to, expected(&row, 3, 3, at), "width {width}, {offsets:?}");
            }
        }
    }
    let grey = [100, 100, 100].repeat(40);
    let mut to = [0; 120];
    dither.levels(0, &grey, &mut to).expect("the right length");
    assert!(to.as_chunks::<3>().0.iter().all(|[r, g, b]| r == g && g == b), "grey stays grey");
}

/// Bits of a byte, the first sample's first, as its order has them.
fn bits_of(packed: &[u8], sample: usize, bits: usize, order: BitOrder) -> u8 {
    let first = sample * bits;
    let shift = match order {
        BitOrder::MsbFirst => 8 - bits - first % 8,
        BitOrder::LsbFirst => first % 8,
    };
    (packed[first / 8] >> shift) & (0xFF >> (8 - bits))
}

#[test]
fn packed_rows() {
    let texels = texels();
    let counts = [(2, 1), (3, 2), (4, 2), (5, 4), (15, 4), (16, 4), (17, 8), (256, 8)];
    for ((levels, bits), rgb) in counts.into_iter().flat_map(|count| [(count, false), (count, true)]) {
        let make = if rgb { Dither::rgb } else { Dither::grey };
        let dither = make(&texels, SHAPE, levels).expect("good input").at(3, 2).channels_apart();
        assert_eq!(dither.bits(), bits as u32);
        // Past 192 samples the row goes on from another block.
        for width in (0..=40).chain([63, 64, 65, 191, 192, 193, 577]) {
            let row = samples(if rgb { 3 * width } else { width });
            let (mut to, mut plain) = (vec![0xAA; (row.len() * bits).div_ceil(8)], vec![0; row.len()]);
            assert_eq!(dither.packed_len(row.len()), to.len());
            dither.levels(4, &row, &mut plain).expect("the right length");
            for order in [BitOrder::MsbFirst, BitOrder::LsbFirst] {
                to.fill(0xAA);
                dither.pack(4, &row, &mut to, order).expect("the right length");
                for (i, level) in plain.iter().enumerate() {
                    let got = bits_of(&to, i, bits, order);
                    assert_eq!(got, *level, "sample {i} of {width}, {levels} levels, rgb {rgb}, {order:?}");
                }
                for padding in row.len()..to.len() * 8 / bits {
                    assert_eq!(bits_of(&to, padding, bits, order), 0, "padding of {width} pixels, {order:?}");
                }
            }
        }
    }
    let huge = Dither::grey(&texels, SHAPE, 16).expect("good input").packed_len(usize::MAX);
    assert_eq!(huge, usize::MAX / 2 + 1);
}

/// The sum of the levels over the whole mask is the nearest to n·v·(L − 1)/255 that there is, halves up.
#[test]
fn the_mean_is_exact() {
    for (width, height) in [(16, 16), (15, 17), (17, 3), (1, 1), (64, 64), (255, 4)] {
        let shape = Shape::new(width, height);
        let n = width * height;
        let ranks = ranks(n);
        let mut texels = vec![0; n as usize];
        dither::texels(&Mask::new(shape, &ranks).expect("one rank a pixel"), &mut texels).expect("the right length");
        for levels in (2..=256).step_by(if n > 1000 { 23 } else { 1 }) {
            let dither = Dither::grey(&texels, shape, levels).expect("good input");
            for v in 0..=255 {
                let sum = sum_over_the_mask(&dither, shape, v);
                let twice = 2 * i64::from(n) * i64::from(v) * i64::from(levels - 1);
                assert_eq!(sum, (twice + 255).div_euclid(510), "{v} to {levels} levels, {width}x{height}");
            }
        }
    }
}

fn sum_over_the_mask(dither: &Dither<'_>, shape: Shape, v: u8) -> i64 {
    let width = shape.width as usize;
    let (row, mut to) = (vec![v; width], vec![0; width]);
    let mut sum = 0;
    for y in 0..shape.height {
        dither.levels(y, &row, &mut to).expect("the right length");
        sum += to.iter().map(|level| i64::from(*level)).sum::<i64>();
    }
    sum
}

/// With plain 8-bit texels the mean is off by at most 1/512 of a step, and somewhere by as much as that within a tenth.
#[test]
fn the_bias_of_texels() {
    let shape = Shape::new(32, 32);
    let ranks = ranks(1024);
    let mut texels = vec![0; 1024];
    Mask::new(shape, &ranks).expect("one rank a pixel").write_u8(&mut texels).expect("the right length");
    for levels in [2, 4, 7, 16, 200] {
        let dither = Dither::grey(&texels, shape, levels).expect("good input");
        let bias = |v: u8| {
            let exact = f64::from(v) * f64::from(levels - 1) / 255.0;
            (sum_over_the_mask(&dither, shape, v) as f64 / 1024.0 - exact).abs()
        };
        let most = (0..=255).map(bias).fold(0.0, f64::max);
        assert!(most <= 1.0 / 512.0 && most > 0.9 / 512.0, "{levels} levels: {most}");
    }
}

/// A texel has the threshold of the exact formula, of ranks and of 16-bit values alike.
#[test]
fn texels_of_finer_masks() {
    let check = |texel: u8, numerator: i64, denominator: i64| {
        for (levels, v) in [(2, 0), (2, 127), (2, 128), (2, 255), (3, 64), (16, 201), (256, 9)] {
            let row = [v; 1];
            let mut to = [0];
            let texels = [texel];
            let dither = Dither::grey(&texels, Shape::new(1, 1), levels).expect("good input");
            dither.levels(0, &row, &mut to).expect("the right length");
            assert_eq!(to[0], level(v, levels, numerator, denominator), "{v} to {levels}, {numerator}/{denominator}");
        }
    };
    for m in (0..65_536).step_by(7).chain([65_535]) {
        check(dither::texel(2 * m + 1, 1 << 17), 2 * i64::from(m) + 1, 1 << 17);
    }
    for n in [1, 2, 3, 64, 254, 255, 256, 510, 1000, 16_777_216] {
        for rank in (0..n).step_by((n / 100).max(1) as usize).chain([n - 1]) {
            check(dither::texel(2 * rank + 1, 2 * n), 2 * i64::from(rank) + 1, 2 * i64::from(n));
        }
    }
    // 8-bit values stay what they are, but for 128, which has the threshold of 127.
    for m in 0..256 {
        assert_eq!(u32::from(dither::texel(2 * m + 1, 512)), if m == 128 { 127 } else { m });
    }
}

#[test]
fn texels_of_nonsense() {
    for (numerator, denominator) in [(1, 0), (1, 1), (u32::MAX, 1), (u32::MAX, u32::MAX), (7, 3)] {
        assert_eq!(dither::texel(numerator, denominator), 255, "{numerator}/{denominator}");
    }
    assert_eq!(dither::texel(0, 0), 0);
    let shape = Shape::new(4, 2);
    let wrong = [u32::MAX; 8];
    let mask = Mask::new(shape, &wrong).expect("one rank a pixel");
    let mut to = [0; 8];
    dither::texels(&mask, &mut to).expect("the right length");
    assert_eq!(to, [255; 8]);
    let error = dither::texels(&mask, &mut to[1..]).unwrap_err();
    assert_eq!(error.to_string(), "texels: 7 given, 8 needed");
}

#[test]
fn bad_masks_and_levels() {
    let texels = texels();
    for levels in [0, 1, 257, u32::MAX] {
        for make in [Dither::grey, Dither::rgb] {
            let error = make(&texels, SHAPE, levels).unwrap_err();
            assert_eq!(error, Error::Levels { got: levels });
            assert_eq!(error.to_string(), format!("{levels} levels: dithering makes 2 to 256 of them"));
        }
    }
    for (width, height) in [(0, 0), (0, 5), (7, 0), (4097, 1), (1, 4097), (u32::MAX, u32::MAX)] {
        let error = Dither::grey(&[], Shape::new(width, height), 2).unwrap_err();
        assert_eq!(error, Error::DitherSize { width, height });
        let said = format!("size {width}x{height}: width and height must each be from 1 to 4096 to dither with");
        assert_eq!(error.to_string(), said);
    }
    for got in [0, 34] {
        let error = Dither::grey(&texels[..got], SHAPE, 2).unwrap_err();
        assert_eq!(error.to_string(), format!("texels of the mask: {got} given, 35 needed"));
    }
}

#[test]
fn rows_of_a_wrong_length() {
    let texels = texels();
    let grey = Dither::grey(&texels, SHAPE, 2).expect("good input");
    let rgb = Dither::rgb(&texels, SHAPE, 2).expect("good input");
    let (row, mut to) = ([128; 20], [0xAA; 21]);
    for length in [0, 19, 21] {
        let said = |what: &str, needed: usize| format!("{what}: {length} given, {needed} needed");
        let error = grey.levels(0, &row, &mut to[..length]).unwrap_err();
        assert_eq!(error.to_string(), said("row of levels", 20));
        let error = grey.values(0, &row, &mut to[..length]).unwrap_err();
        assert_eq!(error.to_string(), said("row of values", 20));
        let error = grey.pack(0, &row, &mut to[..length], BitOrder::MsbFirst).unwrap_err();
        assert_eq!(error.to_string(), said("packed row", 3));
    }
    for (length, needed) in [(1, 3), (19, 21), (20, 21)] {
        let said = format!("row of RGB, three samples a pixel: {length} given, {needed} needed");
        let row = &row[..length];
        assert_eq!(rgb.levels(0, row, &mut to[..length]).unwrap_err().to_string(), said);
        assert_eq!(rgb.values(0, row, &mut to[..length]).unwrap_err().to_string(), said);
        assert_eq!(rgb.pack(0, row, &mut to, BitOrder::LsbFirst).unwrap_err().to_string(), said);
    }
    assert_eq!(to, [0xAA; 21], "nothing is written");
    grey.pack(0, &[], &mut [], BitOrder::MsbFirst).expect("an empty row");
}
