//! Makes the constant tables, and gives each program a memory map of its own: what it may use of the board, so that the linker refuses what
//! is too large.

use bluegrad::dither::palette::{Fit, PaletteConfig, build, named};
use bluegrad::{Config, Error, Generator, Layout, Line, Preset, dither};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Program, KiB of flash, KiB of RAM.
const LIMITS: [(&str, u32, u32); 4] = [("mask32", 96, 64), ("mask64", 96, 128), ("bits32", 24, 8), ("colors32", 48, 8)];

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=FLASH_KIB");
    tables(&out).expect("the configuration and the palette are valid");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return;
    }
    for (program, flash, ram) in LIMITS {
        // to measure what is larger
        let flash = env::var("FLASH_KIB").ok().and_then(|kib| kib.parse().ok()).unwrap_or(flash);
        let map = format!(
            "MEMORY {{\n  FLASH : ORIGIN = 0x00000000, LENGTH = {flash}K\n  RAM : ORIGIN = 0x20000000, LENGTH = {ram}K\n}}\n"
        );
        let folder = out.join(program);
        fs::create_dir_all(&folder).expect("the build directory can be written");
        fs::write(folder.join("memory.x"), map).expect("the build directory can be written");
        println!("cargo:rustc-link-arg-bin={program}=-L{}", folder.display());
        println!("cargo:rustc-link-arg-bin={program}=-Tlink.x");
    }
}

/// Writes `tables.rs`: the texels of a 32x32 mask, and the table of the palette spectra-6 at 9 nodes an axis.
fn tables(out: &Path) -> Result<(), Error> {
    let config = Config { seed: 7, ..Config::new(Preset::Dither, 32, 32) };
    let mut memory = vec![Line::ZERO; Layout::new(&config)?.lines()];
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    generator.step(u32::MAX)?;
    let mut texels = [0; 32 * 32];
    dither::texels(&generator.mask()?, &mut texels)?;

    let colors = named::named("spectra-6").map_or(&[][..], |palette| palette.shown);
    let palette = PaletteConfig { fit: Fit::Panel, nodes: 9, ..PaletteConfig::new(colors) };
    let mut table = vec![0; palette.words()?];
    build(&palette, &mut table)?;

    let mut text = String::new();
    let _ = writeln!(text, "/// Texels of a 32x32 mask.\npub static TEXELS: [u8; {}] = {texels:?};", texels.len());
    let _ = writeln!(text, "/// Table of the palette.\npub static PALETTE: [u16; {}] = {table:?};", table.len());
    fs::write(out.join("tables.rs"), text).expect("the build directory can be written");
    Ok(())
}
