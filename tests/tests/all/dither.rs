//! A mask applied to rows: every result against the formula, in integers wide enough to forget about them.

mod errors;
mod palette;
mod rows;
mod texels;
mod tones;

use bluegrad::Shape;

const SHAPE: Shape = Shape::new(7, 5);

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
