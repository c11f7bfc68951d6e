//! The mask, a few steps at a time.

use bluegrad::{Config, Error, Generator, Line};
use bluegrad_machine::{instructions, paint, println, used};

/// Steps between two reports of progress: a firmware would do other work then.
const SLICE: u32 = 4;

/// Makes the mask in `memory` and leaves its texels, one byte a pixel.
///
/// # Errors
/// Those of [`Generator::init`]; there are none for a configuration whose layout was made when compiling.
pub fn make(config: &Config, memory: &mut [Line], texels: &mut [u8]) -> Result<(), Error> {
    paint();
    let start = instructions();
    let mut generator = Generator::init(Line::as_bytes_mut(memory), config)?;
    loop {
        let before = instructions();
        let first = generator.report().step;
        let report = generator.step(SLICE)?;
        let each = (instructions() - before) / u64::from((report.step - first).max(1));
        println!("step {} of {}: {} instructions a step", report.step, report.steps, each);
        if report.done {
            break;
        }
    }
    println!("instructions {}", instructions() - start);
    println!("stack {}", used());
    let mask = generator.mask()?;
    // the hash of `tests/golden.txt`
    let bytes = mask.ranks().iter().flat_map(|rank| rank.to_le_bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    println!("hash {:08x}{:08x}", (hash >> 32) as u32, hash as u32);
    mask.write_u8(texels)
}
