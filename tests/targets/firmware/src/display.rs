//! Rows of a picture, dithered one after the other: nothing holds more than a row.

use bluegrad::dither::palette::Palette;
use bluegrad::dither::{BitOrder, Levels, Samples, Sink, Thresholds};
use bluegrad::{Dither, Error, Shape};

const WIDTH: usize = 64;
const HEIGHT: i32 = 48;

/// Shows a ball before a ramp by a mask's texels, line by line: a dark pixel is a `#`, a light one a dot. Returns what the clock says of
/// a pixel.
///
/// # Errors
/// Those of [`Dither::grey`].
pub fn show(texels: &[u8], shape: Shape, clock: fn() -> u64, line: &mut dyn FnMut(&str)) -> Result<u64, Error> {
    let dither = Dither::grey(Thresholds::U8(texels), shape, Levels::Even([2]))?;
    let mut spent = 0;
    for y in 0..HEIGHT {
        let mut samples = [0; WIDTH];
        for (x, sample) in (0..).zip(&mut samples) {
            *sample = grey(x, y);
        }
        // what a display of 1 bit a pixel takes
        let mut bits = [0; WIDTH / 8];
        let start = clock();
        let sink = Sink::Packed { to: &mut bits, bits: 1, order: BitOrder::MsbFirst };
        dither.row(y as u32, Samples::U8(&samples), sink)?;
        spent += clock() - start;
        let mut text = [b'.'; WIDTH];
        for (x, place) in text.iter_mut().enumerate() {
            if bits.get(x / 8).is_some_and(|byte| byte << (x % 8) & 0x80 == 0) {
                *place = b'#';
            }
        }
        line(core::str::from_utf8(&text).unwrap_or_default());
    }
    Ok(spent / (WIDTH as u64 * HEIGHT as u64))
}

/// Shows a yellow ball before the colours of a palette, by its table: each pixel is the letter of its colour.
///
/// # Errors
/// Those of [`Palette::new`] and of [`Dither::palette`].
pub fn show_colors(
    (texels, shape): (&[u8], Shape),
    (table, letters): (&[u16], &[u8]),
    clock: fn() -> u64,
    line: &mut dyn FnMut(&str),
) -> Result<u64, Error> {
    // checks each word of the table, once
    let dither = Dither::palette(Thresholds::U8(texels), shape, Palette::new(table)?)?;
    let mut spent = 0;
    for y in 0..HEIGHT {
        let mut samples = [0; 3 * WIDTH];
        for (x, pixel) in (0..).zip(samples.as_chunks_mut().0) {
            *pixel = color(x, y);
        }
        // what a panel of 4 bits a pixel takes
        let mut nibbles = [0; WIDTH / 2];
        let start = clock();
        let sink = Sink::Packed { to: &mut nibbles, bits: 4, order: BitOrder::MsbFirst };
        dither.row(y as u32, Samples::U8(&samples), sink)?;
        spent += clock() - start;
        let mut text = [b'?'; WIDTH];
        for (places, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(nibbles) {
            let letter = |index: u8| letters.get(usize::from(index)).copied().unwrap_or(b'?');
            *places = [letter(byte >> 4), letter(byte & 15)];
        }
        line(core::str::from_utf8(&text).unwrap_or_default());
    }
    Ok(spent / (WIDTH as u64 * HEIGHT as u64))
}

/// The picture: light falls on a ball from above and from the left.
fn grey(x: i32, y: i32) -> u8 {
    ball(x, y).unwrap_or((x * 255 / 63) as u8)
}

/// The same in colours: hues from left to right, darker downwards.
fn color(x: i32, y: i32) -> [u8; 3] {
    if let Some(light) = ball(x, y) {
        return [light, light, light / 4];
    }
    let light = 255 - 4 * y;
    [x * light / 63, (32 - x).abs() * light / 32, (63 - x) * light / 63].map(|code| code as u8)
}

/// Light of the ball, if it is there.
fn ball(x: i32, y: i32) -> Option<u8> {
    let (dx, dy) = (x - 32, y - 24);
    if dx * dx + dy * dy > 20 * 20 {
        return None;
    }
    let (dx, dy) = (dx + 8, dy + 8);
    Some((255 - (dx * dx + dy * dy) / 4).clamp(0, 255) as u8)
}
