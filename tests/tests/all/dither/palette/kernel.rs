//! The colours of pixels, against the formula in i64 read from the table's words.

use super::{CORNERS, INKS, Random, table};
use bluegrad::SimdLevel;
use bluegrad::dither::palette::{Palette, PaletteConfig, words};

/// The formula of `core/src/dither/palette.rs`, with a sort and wide integers.
fn color(table: &[u16], pixel: [u8; 3], threshold: u16) -> u8 {
    let (colors, side) = (usize::from(table[1]), usize::from(table[2]));
    let order = &table[4 + 1536..];
    let nodes = &order[colors..];
    let mut node = 0;
    let mut fractions = [(0_i64, 0); 3];
    for channel in 0..3 {
        let entry = 4 + (256 * channel + usize::from(pixel[channel])) * 2;
        node += usize::from(table[entry]);
        fractions[channel] = (i64::from(table[entry + 1]), side.pow(2 - channel as u32));
    }
    fractions.sort_by_key(|(fraction, _)| -fraction);
    let weights = [1 << 15, fractions[0].0, fractions[1].0, fractions[2].0, 0];
    let mut corners = [node; 4];
    for i in 1..4 {
        corners[i] = corners[i - 1] + fractions[i - 1].1;
    }
    let t15 = i64::from((threshold >> 1).min(32766));
    let index = (0..colors - 1)
        .filter(|j| {
            let share = |i: usize| i64::from(nodes[corners[i] * (colors - 1) + j]);
            (t15 << 15) + (1 << 14) >= (0..4).map(|i| share(i) * (weights[i] - weights[i + 1])).sum()
        })
        .count();
    order[index] as u8
}

fn compare(table: &[u16], random: &mut Random) {
    let palette = Palette::new(table).expect("a table");
    let mut pixels: Vec<_> = (0..3000).map(|_| random.pixel()).collect();
    // equal fractions, and the ends of the axes
    pixels.extend((0..=255).map(|code| [code; 3]));
    pixels.extend(CORNERS);
    let thresholds: Vec<_> = (0..pixels.len())
        .map(|i| [0, 1, 65533, 65534, 65535, random.next() as u16][if i % 3 == 0 { i / 3 % 5 } else { 5 }])
        .collect();
    let wanted: Vec<_> =
        pixels.iter().zip(&thresholds).map(|(pixel, threshold)| color(table, *pixel, *threshold)).collect();
    for level in SimdLevel::ALL.into_iter().filter(|level| level.is_supported()) {
        for (start, length) in [(0, pixels.len()), (1, 0), (2, 1), (3, 15), (4, 16), (5, 17), (6, 67)] {
            let range = start..start + length.min(pixels.len() - start);
            let mut indices = vec![0xff; range.len()];
            super::find(&palette, level, &pixels[range.clone()], &thresholds[range.clone()], &mut indices);
            assert!(indices == wanted[range], "{}, {length} pixels, {} colours", level.name(), palette.colors());
        }
    }
}

#[test]
fn every_level_is_the_formula() {
    let mut random = Random(1);
    for nodes in [9, 17, 33] {
        compare(&table(&PaletteConfig { nodes, ..PaletteConfig::new(&INKS) }), &mut random);
    }
    for count in [2, 8, 9, 10, 17, 64] {
        compare(&table(&PaletteConfig { nodes: 9, ..PaletteConfig::new(&random.colors(count)) }), &mut random);
    }
}

/// Tables that no builder makes: shares and axes without a pattern.
#[test]
fn every_valid_table_is_the_formula() {
    let mut random = Random(2);
    for (colors, side) in [(2, 9), (5, 17), (9, 33), (10, 9), (64, 9)] {
        let mut table = vec![0x5031, colors as u16, side as u16, 0];
        for step in [side * side, side, 1] {
            for _ in 0..256 {
                table.push((random.below(side - 1) * step) as u16);
                table.push(random.below(32769) as u16);
            }
        }
        table.extend((0..colors as u16).rev());
        for _ in 0..side.pow(3) {
            let mut node: Vec<_> = (0..colors - 1).map(|_| random.below(32768) as u16).collect();
            node.sort_unstable();
            table.extend(node);
        }
        // what lies behind is read and not used
        table.extend([0xffff; 7]);
        assert_eq!(table.len(), words(colors as usize, side as u32).expect("a size"));
        compare(&table, &mut random);
    }
}
