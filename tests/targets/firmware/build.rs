//! Gives each program a memory map of its own: what it may use of the board, so that the linker refuses what is too large.

use std::path::PathBuf;
use std::{env, fs};

/// Program, KiB of flash, KiB of RAM.
const LIMITS: [(&str, u32, u32); 2] = [("mask32", 96, 64), ("mask64", 96, 128)];

fn main() {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
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
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=FLASH_KIB");
}
