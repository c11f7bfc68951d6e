//! What leaves a mask, of any permutation and any distribution.

use super::cases;
use bluegrad::distribution::Kind;
use bluegrad::{Distribution, Mask, Range, Shape};
use proptest::prelude::*;

/// A shape and its ranks in any order.
fn mask() -> impl Strategy<Value = (Shape, Vec<u32>)> {
    (1_u32..=70, 1_u32..=70).prop_flat_map(|(width, height)| {
        let ranks: Vec<u32> = (0..width * height).collect();
        (Just(Shape::new(width, height)), Just(ranks).prop_shuffle())
    })
}

fn distribution() -> impl Strategy<Value = Distribution> {
    let table = prop::collection::vec(-1.0_f32..=1.0, 65).prop_map(|mut table| {
        table.sort_by(f32::total_cmp);
        (table[0], table[64]) = (-1.0, 1.0);
        Distribution::from_table(std::array::from_fn(|i| table[i]))
    });
    let gaussian = (0.15_f32..=2.0).prop_map(|sigma| Distribution { sigma, ..Distribution::GAUSSIAN });
    prop_oneof![Just(Distribution::UNIFORM), Just(Distribution::TRIANGULAR), gaussian, table]
}

/// The quantile, by its definition where that is short.
fn quantile(distribution: &Distribution, u: f64) -> Option<f64> {
    match distribution.kind {
        Kind::Uniform => Some(2.0 * u - 1.0),
        Kind::Triangular if u < 0.5 => Some((2.0 * u).sqrt() - 1.0),
        Kind::Triangular => Some(1.0 - (2.0 - 2.0 * u).sqrt()),
        Kind::Table => {
            let i = ((64.0 * u) as usize).min(63);
            let (low, high) = (f64::from(distribution.table[i]), f64::from(distribution.table[i + 1]));
            Some(low + (high - low) * (64.0 * u - i as f64))
        }
        _ => None,
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn integers((shape, ranks) in mask()) {
        let n = shape.pixels();
        let mask = Mask::new(shape, &ranks).expect("one rank a pixel");
        let (mut narrow, mut wide, mut same) = (vec![0xAA; n + 2], vec![0xAAAA; n + 2], vec![0xAAAA; n + 2]);
        mask.write_u8(&mut narrow[1..=n]).expect("the right length");
        mask.write_u16(&mut wide[1..=n]).expect("the right length");
        mask.write_ranks_u16(&mut same[1..=n]).expect("few pixels");
        prop_assert!([narrow[0], narrow[n + 1]] == [0xAA; 2] && [wide[0], wide[n + 1], same[0], same[n + 1]] == [0xAAAA; 4]);
        for (i, rank) in ranks.iter().enumerate() {
            let rank = *rank as usize;
            prop_assert_eq!(usize::from(narrow[i + 1]), 256 * rank / n);
            prop_assert_eq!(usize::from(wide[i + 1]), 65_536 * rank / n);
            prop_assert_eq!(usize::from(same[i + 1]), rank);
        }
    }

    #[test]
    fn floats((shape, ranks) in mask(), distribution in distribution(), unit in any::<bool>()) {
        let (n, range) = (shape.pixels(), if unit { Range::Unit } else { Range::Signed });
        let mask = Mask::new(shape, &ranks).expect("one rank a pixel");
        let mut values = vec![7.0; n + 2];
        mask.write_f32_as(&mut values[1..=n], range, &distribution).expect("a good distribution");
        prop_assert_eq!([values[0], values[n + 1]], [7.0; 2]);
        let (low, mut by_rank) = (if unit { 0.0 } else { -1.0 }, vec![0.0; n]);
        for (value, rank) in values[1..=n].iter().zip(&ranks) {
            prop_assert!((low..1.0).contains(value), "{value}");
            by_rank[*rank as usize] = *value;
            if let Some(exact) = quantile(&distribution, (f64::from(*rank) + 0.5) / n as f64) {
                let exact = if unit { 0.5 * (exact + 1.0) } else { exact };
                prop_assert!((f64::from(*value) - exact).abs() < 1e-6, "{value}, not {exact}");
            }
        }
        prop_assert!(by_rank.windows(2).all(|pair| pair[0] <= pair[1]), "values in the order of the ranks");
    }

    #[test]
    fn rows((shape, ranks) in mask()) {
        let mask = Mask::new(shape, &ranks).expect("one rank a pixel");
        let mut whole = vec![0; shape.pixels()];
        mask.write_u16(&mut whole).expect("the right length");
        let width = shape.width as usize;
        prop_assert_eq!(mask.rows().count(), shape.height as usize);
        for (row, expected) in mask.rows().zip(whole.chunks(width)) {
            let mut line = vec![0; width];
            row.write_u16(&mut line).expect("the right length");
            prop_assert_eq!(&line[..], expected);
        }
    }
}
