//! Dithers a ramp of greys to black and white, and prints the picture.

use bluegrad::dither::{Levels, Samples, Sink, Thresholds};
use bluegrad::{Dither, Error, Shape};

fn main() -> Result<(), Error> {
    let mask = bluegrad::mask(64, 64, 7)?;
    let dither = Dither::grey(Thresholds::U8(&mask), Shape::new(64, 64), Levels::Even([2]))?;
    let ramp: Vec<u8> = (0..100).map(|x| (x * 255 / 99) as u8).collect();
    let mut levels = vec![0; ramp.len()];
    for y in 0..24 {
        dither.row(y, Samples::U8(&ramp), Sink::Levels(&mut levels))?;
        let line: String = levels.iter().map(|level| if *level == 1 { '#' } else { ' ' }).collect();
        println!("{line}");
    }
    Ok(())
}
