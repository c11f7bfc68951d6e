//! Writes a mask as a grey picture: `cargo run --release --example texture -- mask.pgm`.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: texture FILE.pgm")?;
    let (width, height, seed) = (64, 64, 7);
    let mask = bluegrad::mask(width, height, seed)?;
    let mut file = format!("P5 {width} {height} 255\n").into_bytes();
    file.extend(mask);
    std::fs::write(path, file)?;
    Ok(())
}
