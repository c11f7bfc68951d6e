//! Six colours, by a 32x32 mask and a table of the palette that are constants.
#![cfg_attr(target_os = "none", no_std, no_main)]

use bluegrad::{Error, Shape};
use bluegrad_firmware::{PALETTE, TEXELS};

#[cfg(target_os = "none")]
mod rows;

fn picture(clock: fn() -> u64, line: &mut dyn FnMut(&str)) -> Result<u64, Error> {
    // in the order of spectra-6: black, white, yellow, red, blue, green
    bluegrad_firmware::show_colors((&TEXELS, Shape::new(32, 32)), (&PALETTE, b"KWYRBG"), clock, line)
}

/// What the target must show.
#[cfg(not(target_os = "none"))]
fn main() -> Result<(), Error> {
    picture(|| 0, &mut |text| println!("{text}")).map(drop)
}
