//! Rows of a picture, dithered one after the other: nothing holds more than a row.

use bluegrad::dither::{BitOrder, Levels, Samples, Sink, Thresholds};
use bluegrad::{Dither, Error, Shape};
use bluegrad_machine::println;

const WIDTH: usize = 64;
const HEIGHT: i32 = 48;

/// Shows a ball before a ramp by a mask's texels: a dark pixel is a `#`, a light one a dot.
///
/// # Errors
/// Those of [`Dither::grey`].
pub fn show(texels: &[u8], shape: Shape) -> Result<(), Error> {
    let dither = Dither::grey(Thresholds::U8(texels), shape, Levels::Even([2]))?;
    for y in 0..HEIGHT {
        let mut samples = [0; WIDTH];
        for (x, sample) in (0..).zip(&mut samples) {
            *sample = grey(x, y);
        }
        // what a display of 1 bit a pixel takes
        let mut bits = [0; WIDTH / 8];
        let sink = Sink::Packed { to: &mut bits, bits: 1, order: BitOrder::MsbFirst };
        dither.row(y as u32, Samples::U8(&samples), sink)?;
        let mut line = [b'.'; WIDTH];
        for (x, place) in line.iter_mut().enumerate() {
            if bits.get(x / 8).is_some_and(|byte| byte << (x % 8) & 0x80 == 0) {
                *place = b'#';
            }
        }
        println!("{}", core::str::from_utf8(&line).unwrap_or_default());
    }
    Ok(())
}

/// The picture: light falls on a ball from above and from the left.
fn grey(x: i32, y: i32) -> u8 {
    let (dx, dy) = (x - 32, y - 24);
    if dx * dx + dy * dy > 20 * 20 {
        return (x * 255 / 63) as u8;
    }
    let (dx, dy) = (dx + 8, dy + 8);
    (255 - (dx * dx + dy * dy) / 4).clamp(0, 255) as u8
}
