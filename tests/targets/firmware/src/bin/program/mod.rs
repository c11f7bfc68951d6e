//! What each program does; how large its mask is, it says itself.

use crate::SIDE;
use bluegrad::{Config, Layout, Line, Preset};
use bluegrad_firmware::{make, show};
use bluegrad_machine::{exit, instructions, println, start};
use static_cell::ConstStaticCell;

const CONFIG: Config = Config { seed: 7, ..Config::new(Preset::Dither, SIDE as u32, SIDE as u32) };
/// The block's bytes are known when compiling, and a configuration that is none does not compile.
const LINES: usize = match Layout::new(&CONFIG) {
    Ok(layout) => layout.lines(),
    Err(_) => panic!("not a valid configuration"),
};

static BLOCK: ConstStaticCell<[Line; LINES]> = ConstStaticCell::new([Line::ZERO; LINES]);
static TEXELS: ConstStaticCell<[u8; SIDE * SIDE]> = ConstStaticCell::new([0; SIDE * SIDE]);

#[cortex_m_rt::entry]
fn main() -> ! {
    start();
    println!("block {}", LINES * 64);
    let (memory, texels) = (BLOCK.take(), TEXELS.take());
    let mut line = |text: &str| println!("{text}");
    match make(&CONFIG, memory, texels).and_then(|()| show(texels, CONFIG.shape, instructions, &mut line)) {
        Ok(_) => exit(0),
        // to print the error would take 16 KiB of flash: texts, and decimals of floats
        Err(_) => exit(1),
    }
}
