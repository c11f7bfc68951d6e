//! Rows of samples: levels, values and packed bits.

use super::{Rows, SHAPE, even_grey, even_rgb, level_of_texel, samples, texels};
use bluegrad::Shape;
use bluegrad::dither::BitOrder;

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
        let dither = even_grey(&texels, Shape::new(256, 1), levels).expect("good input");
        for v in 0..=255 {
            dither.to_levels(0, &[v; 256][..], &mut to).expect("the right length");
            for (texel, got) in texels.iter().zip(to) {
                assert_eq!(got, level_of_texel(v, levels, *texel), "{v} to {levels} levels under {texel}");
            }
        }
        dither.to_levels(0, &[0_u8; 256][..], &mut to).expect("the right length");
        assert_eq!(to, [0; 256]);
        dither.to_levels(0, &[255_u8; 256][..], &mut to).expect("the right length");
        assert_eq!(to, [(levels - 1) as u8; 256]);
    }
}

#[test]
fn two_levels_are_plain_thresholding() {
    let texels: Vec<u8> = (0..=255).collect();
    let dither = even_grey(&texels, Shape::new(256, 1), 2).expect("good input");
    let mut to = [0; 256];
    for v in 0..=255_u16 {
        dither.to_levels(0, &[v as u8; 256][..], &mut to).expect("the right length");
        for (m, got) in (0..256_u16).zip(to) {
            let threshold = if m < 128 { m } else { m - 1 };
            assert_eq!(got == 1, v >= 255 - threshold, "{v} under {m}");
        }
    }
}

#[test]
fn every_value() {
    for levels in 2..=256_u32 {
        let dither = even_grey(&[0], Shape::new(1, 1), levels).expect("good input");
        // round(255·level/(L − 1)), halves up
        let value = |level: u32| ((2 * 255 * level + levels - 1) / (2 * (levels - 1))) as u8;
        let (row, mut to, mut as_levels) = ((0..=255).collect::<Vec<u8>>(), [0; 256], [0; 256]);
        dither.to_values(0, &row[..], &mut to).expect("the right length");
        dither.to_levels(0, &row[..], &mut as_levels).expect("the right length");
        assert!(to.iter().copied().eq(as_levels.iter().map(|level| value(u32::from(*level)))), "{levels} levels");
    }
}

#[test]
fn every_width_and_offset() {
    let texels = texels();
    let offsets = [0, 1, 6, 7, 8, 100, u32::MAX - 1, u32::MAX];
    for levels in [2, 5, 256] {
        let dither = even_grey(&texels, SHAPE, levels).expect("good input");
        for width in 0..=40 {
            let row = samples(width);
            let mut to = vec![0; width];
            for (i, x) in offsets.into_iter().enumerate() {
                let (down, y) = (offsets[(i + width) % 8], offsets[(3 * i + width) % 8]);
                dither.at(x, down).to_levels(y, &row[..], &mut to).expect("the right length");
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
        let dither = even_grey(&texels, shape, 4).expect("good input");
        for y in 0..20 {
            dither.at(5, 3).to_levels(y, &row[..], &mut to).expect("the right length");
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
    let dither = even_rgb(&texels, SHAPE, 3).expect("good input").at(left, top);
    let offsets = [[u32::MAX, 1], [0, 0], [3, 4_000_000_000]];
    let thirds = [[0, 0], [2, 1], [4, 3]];
    let kinds = [(dither, [[0; 2]; 3]), (dither.channel_offsets(offsets), offsets), (dither.channels_apart(), thirds)];
    for (dither, offsets) in kinds {
        for width in 0..=40 {
            let row = samples(3 * width);
            let mut to = vec![0; 3 * width];
            for y in [0, 3, 99, u32::MAX] {
                dither.to_levels(y, &row[..], &mut to).expect("the right length");
                let at = |channel: usize| {
                    let [dx, dy] = offsets[channel].map(u64::from);
                    [u64::from(left) + dx, u64::from(top) + dy + u64::from(y)]
                };
                assert_eq!(to, expected(&row, 3, 3, at), "width {width}, {offsets:?}");
            }
        }
    }
    let grey = [100_u8, 100, 100].repeat(40);
    let mut to = [0; 120];
    dither.to_levels(0, &grey[..], &mut to).expect("the right length");
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
        let make = if rgb { even_rgb } else { even_grey };
        let dither = make(&texels, SHAPE, levels).expect("good input").at(3, 2).channels_apart();
        assert_eq!(dither.bits(), bits as u32);
        // Past 192 samples the row goes on from another block.
        for width in (0..=40).chain([63, 64, 65, 191, 192, 193, 577]) {
            let row = samples(if rgb { 3 * width } else { width });
            let (mut to, mut plain) = (vec![0xAA; (row.len() * bits).div_ceil(8)], vec![0; row.len()]);
            assert_eq!(dither.packed_len(row.len()), to.len());
            dither.to_levels(4, &row[..], &mut plain).expect("the right length");
            for order in [BitOrder::MsbFirst, BitOrder::LsbFirst] {
                to.fill(0xAA);
                dither.to_packed(4, &row[..], &mut to, order).expect("the right length");
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
    let huge = even_grey(&texels, SHAPE, 16).expect("good input").packed_len(usize::MAX);
    assert_eq!(huge, usize::MAX / 2 + 1);
}
