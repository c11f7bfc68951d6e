//! What builder and tables refuse.

use super::{INKS, Random, table};
use bluegrad::dither::palette::{Palette, PaletteConfig, build, words};
use bluegrad::{Error, SimdLevel};

#[test]
fn configurations_are_checked() {
    let new = PaletteConfig::new;
    let refused = |config: PaletteConfig<'_>| {
        let mut none = [];
        let error = config.check().expect_err("an error");
        // as text: a NaN equals nothing
        let built = build(&config, &mut none).expect_err("an error");
        assert_eq!(built.to_string(), error.to_string());
        assert!(!error.to_string().contains('\n'), "one line");
        error
    };
    let many = Random(8).colors(65);
    assert_eq!(refused(new(&[])), Error::Colors { got: 0 });
    assert_eq!(refused(new(&INKS[..1])), Error::Colors { got: 1 });
    assert_eq!(refused(new(&many)), Error::Colors { got: 65 });
    assert_eq!(new(&many[..64]).check(), Ok(()));
    assert_eq!(refused(new(&[[1; 3], [2; 3], [3; 3], [2; 3]])), Error::SameColors { first: 1, second: 3 });
    for nodes in [0, 8, 10, 32, 34, u32::MAX] {
        assert_eq!(refused(PaletteConfig { nodes, ..new(&INKS) }), Error::Nodes { got: nodes });
    }
    for grain in [-0.001, 1.001, f32::NAN, f32::INFINITY] {
        assert!(matches!(refused(PaletteConfig { grain, ..new(&INKS) }), Error::Number { .. }));
    }
    let needed = words(6, 17).expect("a size");
    assert_eq!(needed, 4 + 1536 + 6 + 5 * 17 * 17 * 17 + 7);
    for got in [0, needed - 1, needed + 1] {
        let wanted = Error::Length { what: "table of a palette", needed, got };
        assert_eq!(build(&new(&INKS), &mut vec![0; got]), Err(wanted));
    }
}

/// A damaged table is refused, or gives wrong colours of the palette.
#[test]
fn tables_are_checked() {
    let good = table(&PaletteConfig { nodes: 9, ..PaletteConfig::new(&INKS) });
    assert!(Palette::new(&good).is_ok());
    for length in [0, 3, 4, 100, good.len() - 1] {
        assert!(Palette::new(&good[..length]).is_err(), "{length} words");
    }
    let mut random = Random(9);
    let pixels: Vec<_> = (0..200).map(|_| random.pixel()).collect();
    let thresholds: Vec<_> = (0..200).map(|_| random.next() as u16).collect();
    let mut refused = 0;
    for _ in 0..3000 {
        let mut table = good.clone();
        let limit = [1600, table.len() as u64][random.below(2) as usize];
        let index = random.below(limit) as usize;
        table[index] = random.next() as u16 >> random.below(16);
        let Ok(palette) = Palette::new(&table) else {
            refused += 1;
            continue;
        };
        for level in [SimdLevel::Auto, SimdLevel::Scalar] {
            let mut indices = vec![0xff; 200];
            super::find(&palette, level, &pixels, &thresholds, &mut indices);
            assert!(indices.iter().all(|index| *index < 6), "word {index}");
        }
    }
    assert!(refused > 1000, "{refused} refused");
    let wrong = |index: usize, word: u16| {
        let mut table = good.clone();
        table[index] = word;
        Palette::new(&table).expect_err("an error")
    };
    for (index, word) in
        [(0, 0), (1, 1), (1, 65), (2, 8), (3, 1), (4, 81 * 8), (4, 1), (5, 32769), (1540, 6), (1540, 1)]
    {
        assert!(matches!(wrong(index, word), Error::PaletteTable(_)), "word {index} = {word}");
    }
    assert!(matches!(wrong(1, 7), Error::Length { .. }));
    assert!(matches!(wrong(1546, 32768), Error::PaletteTable(_)), "a share above the next");
}
