//! Makes masks in slices, as a game does between frames: half a millisecond of each frame.

use bluegrad::{Config, Error, OwnedGenerator, Preset};
use std::time::{Duration, Instant};

fn main() -> Result<(), Error> {
    let mut config = Config::new(Preset::Dither, 128, 128);
    let mut generator = OwnedGenerator::new(&config)?;
    for seed in 0..3 {
        config.seed = seed;
        generator.restart(&config)?; // in the same memory
        let mut frames = 0;
        while !generator.report().done {
            frames += 1;
            let start = Instant::now();
            while start.elapsed() < Duration::from_micros(500) && !generator.step(1)?.done {}
        }
        let texture = generator.mask()?.to_u8();
        println!("mask {seed}: {frames} frames, {} steps, first values {:?}", generator.report().steps, &texture[..4]);
    }
    Ok(())
}
