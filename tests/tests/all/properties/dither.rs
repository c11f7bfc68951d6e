//! Rows that are dithered: any mask, offset, width, number of levels, against a computation of one sample at a time.

use super::cases;
use crate::dither::{Rows, even_grey, even_rgb};
use bluegrad::Dither;
use bluegrad::Shape;
use bluegrad::dither::BitOrder;
use proptest::prelude::*;

/// All that a row depends on.
#[derive(Clone, Debug)]
struct Case {
    shape: Shape,
    texels: Vec<u8>,
    levels: u32,
    rgb: bool,
    at: [u32; 2],
    offsets: [[u32; 2]; 3],
    y: u32,
    row: Vec<u8>,
}

fn case() -> impl Strategy<Value = Case> {
    let mask = (1_u32..=70, 1_u32..=70).prop_flat_map(|(width, height)| {
        (Just(Shape::new(width, height)), prop::collection::vec(any::<u8>(), (width * height) as usize))
    });
    // every number of levels, and often those of whole bits
    let levels = prop_oneof![2_u32..=256, prop::sample::select(vec![2_u32, 3, 4, 5, 16, 17, 256])];
    let row = prop::collection::vec(any::<u8>(), 0..900);
    let places = (any::<[u32; 2]>(), any::<[[u32; 2]; 3]>(), any::<u32>());
    (mask, levels, any::<bool>(), places, row).prop_map(|((shape, texels), levels, rgb, (at, offsets, y), mut row)| {
        row.truncate(row.len() - if rgb { row.len() % 3 } else { 0 });
        Case { shape, texels, levels, rgb, at, offsets, y, row }
    })
}

impl Case {
    fn dither(&self) -> Dither<'_> {
        let make = if self.rgb { even_rgb } else { even_grey };
        let dither = make(&self.texels, self.shape, self.levels).expect("good input");
        dither.at(self.at[0], self.at[1]).channel_offsets(self.offsets)
    }

    /// floor((v·(L − 1) + t')/255), t' = t − (t ≥ 128), t the texel that lies there; offsets are added up without wrapping.
    fn level(&self, i: usize) -> u8 {
        let channels = if self.rgb { 3 } else { 1 };
        let [dx, dy] = self.offsets[i % channels].map(u64::from);
        let x = (u64::from(self.at[0]) + dx + (i / channels) as u64) % u64::from(self.shape.width);
        let y = (u64::from(self.at[1]) + dy + u64::from(self.y)) % u64::from(self.shape.height);
        let texel = u32::from(self.texels[(y * u64::from(self.shape.width) + x) as usize]);
        ((u32::from(self.row[i]) * (self.levels - 1) + texel - u32::from(texel >= 128)) / 255) as u8
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn levels_and_values(case in case()) {
        let n = case.row.len();
        let (mut levels, mut values) = (vec![0xAA; n + 2], vec![0xAA; n + 2]);
        case.dither().to_levels(case.y, &case.row[..], &mut levels[1..=n]).expect("the right length");
        case.dither().to_values(case.y, &case.row[..], &mut values[1..=n]).expect("the right length");
        prop_assert_eq!([levels[0], levels[n + 1], values[0], values[n + 1]], [0xAA; 4]);
        for i in 0..n {
            let expected = case.level(i);
            prop_assert_eq!(levels[i + 1], expected, "sample {}", i);
            // round(255·level/(L − 1)), halves up
            let steps = case.levels - 1;
            prop_assert_eq!(u32::from(values[i + 1]), (2 * 255 * u32::from(expected) + steps) / (2 * steps), "sample {}", i);
        }
    }

    #[test]
    fn packed(case in case(), msb in any::<bool>()) {
        let bits = match case.levels { 2 => 1, 3..=4 => 2, 5..=16 => 4, _ => 8 };
        let len = (case.row.len() * bits).div_ceil(8);
        let mut got = vec![0xAA; len + 2];
        let order = if msb { BitOrder::MsbFirst } else { BitOrder::LsbFirst };
        case.dither().to_packed(case.y, &case.row[..], &mut got[1..=len], order).expect("the right length");
        prop_assert_eq!([got[0], got[len + 1]], [0xAA; 2]);
        let mut expected = vec![0_u8; len];
        for i in 0..case.row.len() {
            let shift = if msb { 8 - bits - i * bits % 8 } else { i * bits % 8 };
            expected[i * bits / 8] |= case.level(i) << shift;
        }
        prop_assert_eq!(&got[1..=len], &expected[..]);
    }
}
