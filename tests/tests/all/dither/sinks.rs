//! All sample types, forms of levels, sinks and SIMD levels against one sample at a time.

use super::{Row, Rows, SHAPE, even_grey};
use bluegrad::dither::palette;
use bluegrad::dither::{self, BitOrder, ByteOrder, Levels, Mix, Samples, Sink, Thresholds, Tone, threshold};
use bluegrad::{Dither, Error, Mask, Shape, SimdLevel};

/// Ranks without a pattern.
fn ranks(n: u32) -> Vec<u32> {
    (0..n).map(|i| (u64::from(i) * 40_503 % u64::from(n)) as u32).collect()
}

/// Thresholds of ranks.
fn fine(ranks: &[u32]) -> Vec<u16> {
    let n = ranks.len() as u32;
    ranks.iter().map(|rank| threshold(2 * rank + 1, 2 * n)).collect()
}

/// Thresholds of 8-bit texels, as ranks of 256.
fn of_texels(texels: &[u8]) -> Vec<u16> {
    texels.iter().map(|texel| (2 * u16::from(*texel) + 1) * 128).collect()
}

fn samples16(length: usize) -> Vec<u16> {
    (0..length).map(|i| if i % 11 == 3 { 65535 } else { (i * 24_593 % 65536) as u16 }).collect()
}

/// Worst error of a mean over a tile in 1/(2n) of a step, for even levels of 16-bit samples.
fn worst_of_even(n: u32, levels: u32) -> f64 {
    let ranks: Vec<u32> = (0..n).collect();
    let mask = fine(&ranks);
    let shape = Shape::new(n.min(256), n.div_ceil(256));
    assert_eq!(shape.pixels(), mask.len());
    let dither = Dither::grey(Thresholds::U16(&mask), shape, Levels::Even([levels])).expect("good input");
    let mut worst = 0.0_f64;
    let mut to = vec![0; shape.width as usize];
    for v in (0..=65535_u16).step_by(331).chain([1, 2, 32767, 32768, 65534, 65535]) {
        let mut sum = 0_u64;
        for y in 0..shape.height {
            dither.to_levels(y, &vec![v; to.len()][..], &mut to).expect("the right length");
            sum += to.iter().map(|level| u64::from(*level)).sum::<u64>();
        }
        let exact = f64::from(v) * f64::from(levels - 1) / 65535.0;
        worst = worst.max((sum as f64 / f64::from(n) - exact).abs() * 2.0 * f64::from(n));
    }
    worst
}

#[test]
fn means_of_even_levels_of_16_bits() {
    for levels in [2, 3, 16, 255, 256] {
        for n in [256, 4096, 16384, 65536] {
            let worst = worst_of_even(n, levels);
            assert!(worst <= 1.001, "{levels} levels, {n} pixels: {worst}");
        }
        let worst = worst_of_even(240 * 256, levels);
        assert!(worst <= 1.0 + 2.0 * 61_440.0 / 131_072.0, "{levels} levels: {worst}");
    }
}

/// Pairs against the exact positions: counts of a whole tile.
#[test]
fn means_of_pairs() {
    let sets = [2_u32, 4, 16, 100, 256].map(|levels| {
        (0..levels).map(|k| (257 * ((2 * 255 * k + levels - 1) / (2 * (levels - 1)))) as u16).collect::<Vec<_>>()
    });
    let uneven = vec![0, 80 * 257, 81 * 257, 65535];
    for values in sets.into_iter().chain([uneven]) {
        for (mix, limit) in [(Mix::Codes, 1.001), (Mix::Light, 1.06 + 2.0 * 4096.0 * 0.01)] {
            let n = 4096;
            let mut pairs = [[0; 2]; 256];
            Tone::new(&values, mix, n).expect("good values").fill_pairs(&mut pairs).expect("the right length");
            let exact = |code: u16| match mix {
                Mix::Codes => f64::from(code),
                Mix::Light => {
                    let x = f64::from(code) / 65535.0;
                    if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
                }
            };
            let mut before = 0;
            for v in 0..=65535_u16 {
                let (i, j) = (v / 257, v % 257);
                let [position, slope] = pairs[usize::from(i)];
                let position = position + ((slope * u32::from(j)) >> 8);
                assert!(position >= before, "{v}: a position falls");
                before = position;
                // thresholds are (2r + 1)·8: pixels that go up
                let level = (position >> 24) as usize;
                let up =
                    (0..n).rev().take_while(|rank| (position & 0xFF_FFFF) + ((2 * rank + 1) << 11) >= 1 << 24).count();
                let (below, above) = (exact(values[level]), values.get(level + 1).map_or(0.0, |value| exact(*value)));
                let (mean, step) = (below + (above - below) * up as f64 / f64::from(n), above - below);
                if level + 1 == values.len() {
                    assert_eq!((v, up), (65535, 0));
                } else {
                    let error = (mean - exact(v)).abs() / step * 2.0 * f64::from(n);
                    assert!(error <= limit, "{} values, {mix:?}, input {v}: {error}", values.len());
                }
            }
        }
    }
    let error = Tone::new(&[0, 300, 65535], Mix::Codes, 4).expect("good").fill_pairs(&mut [[0; 2]; 256]).unwrap_err();
    assert_eq!(error.to_string(), "output value is 300: it must be a multiple of 257, as 8-bit codes are, for pairs");
    let error = Tone::new(&[0, 65535], Mix::Codes, 4).expect("good").fill_pairs(&mut [[0; 2]; 255]).unwrap_err();
    assert_eq!(error.to_string(), "pairs of position and slope: 255 given, 256 needed");
}

/// Rows by pairs, under thresholds of 8 and 16 bits, of integers and floats.
#[test]
fn rows_of_pairs_and_floats() {
    let ranks = ranks(35);
    let (mask, texels) = (fine(&ranks), super::texels());
    let mut pairs = [[0; 2]; 256];
    Tone::new(&[0, 80 * 257, 65535], Mix::Light, 35).expect("good values").fill_pairs(&mut pairs).expect("the length");
    let row = samples16(999);
    let floats: Vec<f32> = row.iter().map(|v| f32::from(*v) / 65535.0).collect();
    for (thresholds, fine) in [(Thresholds::U16(&mask), mask.clone()), (Thresholds::U8(&texels), of_texels(&texels))] {
        let dither = Dither::grey(thresholds, SHAPE, Levels::Pairs([&pairs])).expect("good input").at(3, 1);
        let (mut to, mut of_floats) = (vec![0; row.len()], vec![0; row.len()]);
        dither.to_levels(2, &row[..], &mut to).expect("the right length");
        dither.to_levels(2, &floats[..], &mut of_floats).expect("the right length");
        assert_eq!(to, of_floats);
        for (x, (v, got)) in row.iter().zip(&to).enumerate() {
            let [position, slope] = pairs[usize::from(v / 257)];
            let threshold = fine[3 * 7 + (x + 3) % 7];
            let wanted =
                (u64::from(position) + ((u64::from(slope) * u64::from(v % 257)) >> 8) + (u64::from(threshold) << 8))
                    >> 24;
            assert_eq!(u64::from(*got), wanted, "pixel {x}");
        }
    }
    // floats beyond the range, and none
    let odd = [f32::NAN, -1.0, f32::NEG_INFINITY, -0.0, 2.0, f32::INFINITY, 1.0, 1e-9];
    let dither = Dither::grey(Thresholds::U8(&[128]), Shape::new(1, 1), Levels::Even([256])).expect("good input");
    let mut to = [9; 8];
    dither.to_levels(0, &odd[..], &mut to).expect("the right length");
    assert_eq!(to, [0, 0, 0, 0, 255, 255, 255, 0]);
    // every code comes back from its float
    let codes: Vec<u16> = (0..=65535).collect();
    let floats: Vec<f32> = codes.iter().map(|v| f32::from(*v) / 65535.0).collect();
    let mut table = vec![0_u32; 65536];
    (0..).zip(&mut table).for_each(|(v, to): (u32, _)| *to = v << 16);
    let black = [0_u16];
    let dither = Dither::grey(Thresholds::U16(&black), Shape::new(1, 1), Levels::Table([&table])).expect("good input");
    let (mut to, mut of_floats) = (vec![0; 65536], vec![0; 65536]);
    dither.to_levels(0, &codes[..], &mut to).expect("the right length");
    dither.to_levels(0, &floats[..], &mut of_floats).expect("the right length");
    assert_eq!(to, of_floats);
}

/// Texels of two levels give what the table gives.
#[test]
fn two_levels_of_any_tone() {
    let shape = Shape::new(61, 57);
    let ranks = ranks(shape.pixels() as u32);
    let (mask, fine) = (Mask::new(shape, &ranks).expect("one rank a pixel"), fine(&ranks));
    let (mut texels, mut table) = (vec![0; ranks.len()], [0; 256]);
    for (values, mix) in
        [([0, 65535], Mix::Codes), ([0, 65535], Mix::Light), ([3000, 50000], Mix::Light), ([0, 1], Mix::Codes)]
    {
        let tone = Tone::new(&values, mix, ranks.len() as u32).expect("good values");
        tone.two_levels().expect("two values").texels(&mask, &mut texels).expect("the right length");
        tone.fill::<u8>(&mut table).expect("the right length");
        let by_texels = even_grey(&texels, shape, 2).expect("good input");
        let by_table = Dither::grey(Thresholds::U16(&fine), shape, Levels::Table([&table])).expect("good input");
        for v in 0..=255_u8 {
            for y in 0..57 {
                let (mut a, mut b) = ([9; 61], [9; 61]);
                by_texels.to_levels(y, &[v; 61][..], &mut a).expect("the right length");
                by_table.to_levels(y, &[v; 61][..], &mut b).expect("the right length");
                assert_eq!(a, b, "{v} in row {y} to {values:?}, {mix:?}");
            }
        }
    }
    let tone = |values: &'static [u16], pixels| Tone::new(values, Mix::Codes, pixels).expect("good values");
    assert_eq!(tone(&[0, 9, 65535], 3477).two_levels().map(|_| ()).unwrap_err(), Error::Levels { got: 3 });
    let larger = tone(&[0, 65535], 3478).two_levels().expect("two values");
    let error = larger.texels(&mask, &mut texels).unwrap_err();
    assert_eq!(error.to_string(), "pixels of the tone: 3478 given, 3477 needed");
    let right = tone(&[0, 65535], 3477).two_levels().expect("two values");
    assert_eq!(right.texels(&mask, &mut texels[1..]).unwrap_err().to_string(), "texels: 3476 given, 3477 needed");
}

/// One number's bits, as a sink has to write them.
fn expected(levels: &[u8], form: usize, channels: usize) -> Vec<u8> {
    let bits = |bits: usize, msb: bool, of: &dyn Fn(u8) -> u8| {
        let mut bytes = vec![0_u8; (levels.len() * bits).div_ceil(8)];
        for (i, level) in levels.iter().enumerate() {
            let at = i * bits % 8;
            bytes[i * bits / 8] |= of(*level) << if msb { 8 - bits - at } else { at };
        }
        bytes
    };
    let pixels =
        || levels.chunks(channels).map(|pixel| pixel.iter().map(|level| u16::from(*level)).collect::<Vec<_>>());
    match form {
        0 => bits(1, true, &|level| level),
        1 => bits(2, false, &|level| level),
        2 => bits(4, true, &|level| level),
        3 => bits(8, true, &|level| level),
        4 => [bits(1, false, &|level| level % 2), bits(1, false, &|level| level / 2)].concat(),
        5 => pixels().map(|p| (p[0] * 32 + p[1] * 4 + p[2]) as u8).collect(),
        6 => pixels().flat_map(|p| (p[0] * 2048 + p[1] * 32 + p[2]).to_le_bytes()).collect(),
        _ => pixels().flat_map(|p| (p[0] * 2048 + p[1] * 32 + p[2]).to_be_bytes()).collect(),
    }
}

/// Every sink, sample type, width around the blocks, under each SIMD level that this CPU has.
#[test]
fn every_sink_and_level() {
    for (width, height) in [(7, 5), (64, 2), (96, 1), (400, 1), (1, 1)] {
        let shape = Shape::new(width, height);
        let ranks = ranks(width * height);
        let (fine, texels) = (fine(&ranks), ranks.iter().map(|rank| (rank * 37) as u8).collect::<Vec<u8>>());
        let masks = [Thresholds::U16(&fine), Thresholds::U8(&texels)];
        let forms: [([u32; 3], usize); 8] = [
            ([2; 3], 1),
            ([4; 3], 3),
            ([16; 3], 1),
            ([256; 3], 3),
            ([4; 3], 1),
            ([8, 8, 4], 3),
            ([32, 64, 32], 3),
            ([32, 64, 32], 3),
        ];
        for (form, (counts, channels)) in forms.into_iter().enumerate() {
            for mask in masks {
                for pixels in [0, 1, 7, 8, 21, 64, 127, 128, 129, 384, 401, 1000] {
                    let wide = samples16(pixels * channels);
                    let narrow: Vec<u8> = wide.iter().map(|v| (v >> 8) as u8).collect();
                    let widened: Vec<u16> = narrow.iter().map(|v| 257 * u16::from(*v)).collect();
                    let floats: Vec<f32> = wide.iter().map(|v| f32::from(*v) / 65535.0).collect();
                    for (samples, codes) in
                        [(narrow.samples(), &widened), (wide.samples(), &wide), (floats.samples(), &wide)]
                    {
                        let dither = if channels == 1 {
                            Dither::grey(mask, shape, Levels::Even([counts[0]]))
                        } else {
                            Dither::rgb(mask, shape, Levels::Even(counts))
                        };
                        let dither = dither.expect("good input").at(5, 9).channels_apart();
                        let levels =
                            one_by_one(&mask, shape, codes, matches!(samples, Samples::U8(_)), counts, channels);
                        let wanted = expected(&levels, form, channels);
                        for simd in SimdLevel::ALL.into_iter().filter(|simd| simd.is_supported()) {
                            let mut to = vec![0xAA; wanted.len()];
                            let mut plain = vec![0xAA; levels.len()];
                            let dither = dither.simd(simd);
                            dither.row(3, samples, Sink::Levels(&mut plain)).expect("the right length");
                            assert_eq!(
                                plain,
                                levels,
                                "{width}x{height}, form {form}, {pixels} pixels, {}",
                                simd.name()
                            );
                            let half = to.len() / 2;
                            let sink = match form {
                                0 => Sink::Packed { to: &mut to, bits: 1, order: BitOrder::MsbFirst },
                                1 => Sink::Packed { to: &mut to, bits: 2, order: BitOrder::LsbFirst },
                                2 => Sink::Packed { to: &mut to, bits: 4, order: BitOrder::MsbFirst },
                                3 => Sink::Packed { to: &mut to, bits: 8, order: BitOrder::MsbFirst },
                                4 => Sink::Planes { to: to.split_at_mut(half).into(), order: BitOrder::LsbFirst },
                                5 => Sink::Rgb332(&mut to),
                                6 => Sink::Rgb565 { to: &mut to, order: ByteOrder::LittleEndian },
                                _ => Sink::Rgb565 { to: &mut to, order: ByteOrder::BigEndian },
                            };
                            dither.row(3, samples, sink).expect("the right length");
                            assert_eq!(to, wanted, "{width}x{height}, form {form}, {pixels} pixels, {}", simd.name());
                        }
                    }
                }
            }
        }
    }
}

/// Even levels by the formulas, at (5, 9) + channel thirds, row 3.
fn one_by_one(
    mask: &Thresholds<'_>,
    shape: Shape,
    codes: &[u16],
    narrow: bool,
    counts: [u32; 3],
    channels: usize,
) -> Vec<u8> {
    let (width, height) = (shape.width as usize, shape.height as usize);
    let level = |(i, v): (usize, &u16)| {
        let channel = i % channels;
        let (dx, dy) = (channel * width / 3, channel * height / 3);
        let at = (12 + dy) % height * width + (5 + dx + i / channels) % width;
        let steps = u64::from(counts[channel] - 1);
        match mask {
            Thresholds::U8(texels) if narrow => {
                // 257·v·255 + t over 255·257
                let t = u64::from(texels[at]) - u64::from(texels[at] >= 128);
                ((u64::from(*v) / 257 * steps + t) / 255) as u8
            }
            Thresholds::U8(texels) => fine_level(*v, steps, (2 * u64::from(texels[at]) + 1) * 128, 0),
            Thresholds::U16(fine) => {
                let half = if 32768 % shape.pixels() == 0 { 0 } else { 128 };
                fine_level(*v, steps, u64::from(fine[at]), half)
            }
        }
    };
    codes.iter().enumerate().map(level).collect()
}

fn fine_level(v: u16, steps: u64, threshold: u64, half: u64) -> u8 {
    ((((u64::from(v) * steps) << 24) / 65535 + (threshold << 8) + half) >> 24) as u8
}

#[test]
fn values_and_maps() {
    let texels = super::texels();
    let dither = Dither::rgb(Thresholds::U8(&texels), SHAPE, Levels::Even([2, 5, 3])).expect("good input");
    let row = super::samples(300);
    let (mut levels, mut values, mut mapped) = (vec![0; 300], vec![0; 300], vec![0; 300]);
    dither.to_levels(0, &row[..], &mut levels).expect("the right length");
    dither.to_values(0, &row[..], &mut values).expect("the right length");
    let maps = [&[7, 9][..], &[1, 2, 3, 4, 5], &[100, 200, 250, 0]];
    dither.row(0, row.samples(), Sink::Mapped { to: &mut mapped, values: maps }).expect("the right length");
    for (i, level) in levels.iter().enumerate() {
        // halves up
        let even = [[0, 255].as_slice(), &[0, 64, 128, 191, 255], &[0, 128, 255]];
        assert_eq!(values[i], even[i % 3][usize::from(*level)]);
        assert_eq!(mapped[i], maps[i % 3][usize::from(*level)]);
    }
}

#[test]
fn forms_that_the_levels_do_not_have() {
    let texels = super::texels();
    let mask = Thresholds::U8(&texels);
    let grey = |levels| Dither::grey(mask, SHAPE, Levels::Even([levels])).expect("good input");
    let rgb = |levels| Dither::rgb(mask, SHAPE, Levels::Even(levels)).expect("good input");
    let row = [100_u8; 24];
    let mut to = [0xAA; 48];
    let said = |dither: Dither<'_>, sink: Sink<'_>| dither.row(0, row.samples(), sink).unwrap_err().to_string();
    let order = BitOrder::MsbFirst;
    for bits in [0, 3, 16, u32::MAX] {
        let error = said(grey(2), Sink::Packed { to: &mut to[..3], bits, order });
        assert_eq!(error, "a packed level has 1, 2, 4 or 8 bits");
    }
    let few = "a packed level has too few bits for the number of levels";
    assert_eq!(said(grey(3), Sink::Packed { to: &mut to[..3], bits: 1, order }), few);
    assert_eq!(said(rgb([2, 5, 2]), Sink::Packed { to: &mut to[..6], bits: 2, order }), few);
    assert_eq!(said(grey(2), Sink::Packed { to: &mut to[..4], bits: 1, order }), "packed row: 4 given, 3 needed");
    let planes = "two planes hold grey or a palette of at most 4 levels";
    let [mut low, mut high] = [[0; 3]; 2];
    assert_eq!(said(grey(5), Sink::Planes { to: [&mut low, &mut high], order }), planes);
    assert_eq!(said(rgb([2; 3]), Sink::Planes { to: [&mut low, &mut high], order }), planes);
    let error = said(grey(4), Sink::Planes { to: [&mut low, &mut high[1..]], order });
    assert_eq!(error, "row of plane 1: 2 given, 3 needed");
    let rgb332 = "RGB332 holds RGB of at most 8, 8 and 4 levels";
    assert_eq!(said(rgb([8; 3]), Sink::Rgb332(&mut to[..8])), rgb332);
    assert_eq!(said(grey(2), Sink::Rgb332(&mut to[..8])), rgb332);
    assert_eq!(said(rgb([8, 8, 4]), Sink::Rgb332(&mut to[..24])), "row of RGB332: 24 given, 8 needed");
    let rgb565 = "RGB565 holds RGB of at most 32, 64 and 32 levels";
    let sink = Sink::Rgb565 { to: &mut to[..16], order: ByteOrder::BigEndian };
    assert_eq!(said(rgb([64, 64, 32]), sink), rgb565);
    let sink = Sink::Rgb565 { to: &mut to[..8], order: ByteOrder::BigEndian };
    assert_eq!(said(rgb([32, 64, 32]), sink), "row of RGB565: 8 given, 16 needed");
    let sink = Sink::Mapped { to: &mut to[..24], values: [&[0, 1], &[0, 1], &[0]] };
    assert_eq!(said(rgb([2; 3]), sink), "mapping wants a value for each level of each channel");
    let (wide, pairs) = (vec![0; 65536], [[0; 2]; 256]);
    let by_table = Dither::grey(mask, SHAPE, Levels::Table([&wide])).expect("good input");
    assert_eq!(said(by_table, Sink::Levels(&mut to[..24])), "positions: 65536 given, 256 needed");
    let by_pairs = Dither::grey(mask, SHAPE, Levels::Pairs([&pairs])).expect("good input");
    let error = said(by_pairs, Sink::Levels(&mut to[..24]));
    assert_eq!(error, "pairs of position and slope are for 16-bit samples and floats");
    let error = Dither::grey(mask, SHAPE, Levels::Pairs([&pairs[1..]])).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "pairs of position and slope: 255 given, 256 needed");
    let short = Dither::grey(mask, SHAPE, Levels::Table([&wide[..256]])).expect("good input");
    let error = short.row(0, Samples::U16(&[0; 4]), Sink::Levels(&mut to[..4])).unwrap_err();
    assert_eq!(error.to_string(), "positions: 256 given, 65536 needed");
    assert_eq!(to, [0xAA; 48], "nothing is written");
    assert_eq!(dither::check(Shape::new(1, 4096)), Ok(()));
}

/// A palette's rows: samples of 16 bits and floats are rounded to 8; indices are packed, mapped and put into planes.
#[test]
fn rows_of_palettes() {
    let colors = [[0, 0, 0], [255, 255, 255], [255, 0, 0]];
    let config = palette::PaletteConfig { nodes: 9, ..palette::PaletteConfig::new(&colors) };
    let mut table = vec![0; config.words().expect("a size")];
    palette::build(&config, &mut table).expect("a palette");
    let table = palette::Palette::new(&table).expect("a table");
    let (ranks, texels) = (ranks(35), super::texels());
    for mask in [Thresholds::U8(&texels), Thresholds::U16(&fine(&ranks))] {
        let dither = Dither::palette(mask, SHAPE, table).expect("good input").at(2, 3);
        assert_eq!((dither.levels(), dither.bits(), dither.packed_len(3 * 9)), ([3; 3], 2, 3));
        for pixels in [0, 1, 9, 383, 384, 385, 1000] {
            let wide = samples16(3 * pixels);
            let narrow: Vec<u8> = wide.iter().map(|v| ((u32::from(*v) + 128) / 257) as u8).collect();
            let floats: Vec<f32> = wide.iter().map(|v| f32::from(*v) / 65535.0).collect();
            let (mut levels, mut to) = (vec![9; pixels], vec![9; pixels]);
            dither.to_levels(1, &narrow[..], &mut levels).expect("the right length");
            dither.to_levels(1, &wide[..], &mut to).expect("the right length");
            assert_eq!(levels, to, "{pixels} pixels of 16 bits");
            dither.to_levels(1, &floats[..], &mut to).expect("the right length");
            assert_eq!(levels, to, "{pixels} pixels of floats");
            let sink = Sink::Mapped { to: &mut to, values: [&[10, 20, 30], &[], &[]] };
            dither.row(1, narrow.samples(), sink).expect("the right length");
            assert!(to.iter().zip(&levels).all(|(to, level)| *to == 10 * (level + 1)));
            let mut packed = vec![9; pixels.div_ceil(4)];
            dither.to_packed(1, &narrow[..], &mut packed, BitOrder::LsbFirst).expect("the right length");
            assert_eq!(packed, expected(&levels, 1, 1));
            let (mut low, mut high) = (vec![9; pixels.div_ceil(8)], vec![9; pixels.div_ceil(8)]);
            let sink = Sink::Planes { to: [&mut low, &mut high], order: BitOrder::LsbFirst };
            dither.row(1, narrow.samples(), sink).expect("the right length");
            assert_eq!([low, high].concat(), expected(&levels, 4, 1));
            // the threshold of a pixel is the mask's at its place
            let whole = Dither::palette(mask, SHAPE, table).expect("good input");
            let mut shifted = vec![9; pixels];
            whole
                .to_levels(4, &[&[0; 6][..], &narrow].concat()[..], &mut vec![9; pixels + 2])
                .expect("the right length");
            dither.at(2, 0).to_levels(4, &narrow[..], &mut shifted).expect("the right length");
            assert_eq!(shifted, levels, "rows 1 + 3 and 4 + 0");
        }
        let error = dither.row(0, Samples::U8(&[0; 4]), Sink::Levels(&mut [0; 1])).unwrap_err();
        assert_eq!(error.to_string(), "row of RGB, three samples a pixel: 4 given, 6 needed");
        let error = dither.row(0, Samples::U8(&[0; 6]), Sink::Levels(&mut [0; 6])).unwrap_err();
        assert_eq!(error.to_string(), "row of levels: 6 given, 2 needed");
        let error = dither.row(0, Samples::U8(&[0; 6]), Sink::Values(&mut [0; 2])).unwrap_err();
        assert_eq!(error.to_string(), "a palette has colours, not values of even levels: take the levels, or map them");
    }
}
