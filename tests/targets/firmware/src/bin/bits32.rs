//! 1 bit a pixel, by a 32x32 mask that is a constant.
#![cfg_attr(target_os = "none", no_std, no_main)]

use bluegrad::{Error, Shape};
use bluegrad_firmware::TEXELS;

#[cfg(target_os = "none")]
mod rows;

fn picture(clock: fn() -> u64, line: &mut dyn FnMut(&str)) -> Result<u64, Error> {
    bluegrad_firmware::show(&TEXELS, Shape::new(32, 32), clock, line)
}

/// What the target must show.
#[cfg(not(target_os = "none"))]
fn main() -> Result<(), Error> {
    picture(|| 0, &mut |text| println!("{text}")).map(drop)
}
