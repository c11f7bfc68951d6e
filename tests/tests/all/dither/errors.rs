//! What is refused.

use super::{Rows, SHAPE, even_grey, even_rgb, texels};
use bluegrad::dither::BitOrder;
use bluegrad::{Error, Shape};

#[test]
fn bad_masks_and_levels() {
    let texels = texels();
    for levels in [0, 1, 257, u32::MAX] {
        for make in [even_grey, even_rgb] {
            let error = make(&texels, SHAPE, levels).unwrap_err();
            assert_eq!(error, Error::Levels { got: levels });
            assert_eq!(error.to_string(), format!("{levels} levels: dithering makes 2 to 256 of them"));
        }
    }
    for (width, height) in [(0, 0), (0, 5), (7, 0), (4097, 1), (1, 4097), (u32::MAX, u32::MAX)] {
        let error = even_grey(&[], Shape::new(width, height), 2).unwrap_err();
        assert_eq!(error, Error::DitherSize { width, height });
        let said = format!("size {width}x{height}: width and height must each be from 1 to 4096 to dither with");
        assert_eq!(error.to_string(), said);
    }
    for got in [0, 34] {
        let error = even_grey(&texels[..got], SHAPE, 2).unwrap_err();
        assert_eq!(error.to_string(), format!("texels of the mask: {got} given, 35 needed"));
    }
}

#[test]
fn rows_of_a_wrong_length() {
    let texels = texels();
    let grey = even_grey(&texels, SHAPE, 2).expect("good input");
    let rgb = even_rgb(&texels, SHAPE, 2).expect("good input");
    let (row, mut to) = ([128_u8; 20], [0xAA; 21]);
    for length in [0, 19, 21] {
        let said = |what: &str, needed: usize| format!("{what}: {length} given, {needed} needed");
        let error = grey.to_levels(0, &row[..], &mut to[..length]).unwrap_err();
        assert_eq!(error.to_string(), said("row of levels", 20));
        let error = grey.to_values(0, &row[..], &mut to[..length]).unwrap_err();
        assert_eq!(error.to_string(), said("row of values", 20));
        let error = grey.to_packed(0, &row[..], &mut to[..length], BitOrder::MsbFirst).unwrap_err();
        assert_eq!(error.to_string(), said("packed row", 3));
    }
    for (length, needed) in [(1, 3), (19, 21), (20, 21)] {
        let said = format!("row of RGB, three samples a pixel: {length} given, {needed} needed");
        let row = &row[..length];
        assert_eq!(rgb.to_levels(0, row, &mut to[..length]).unwrap_err().to_string(), said);
        assert_eq!(rgb.to_values(0, row, &mut to[..length]).unwrap_err().to_string(), said);
        assert_eq!(rgb.to_packed(0, row, &mut to, BitOrder::LsbFirst).unwrap_err().to_string(), said);
    }
    assert_eq!(to, [0xAA; 21], "nothing is written");
    grey.to_packed(0, &[0_u8; 0][..], &mut [], BitOrder::MsbFirst).expect("an empty row");
}
