//! Hands the memory map of the target's board to the linker script of `cortex-m-rt` or `riscv-rt`.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    let value = |name: &str| env::var(name).unwrap_or_default();
    if value("CARGO_CFG_TARGET_OS") != "none" {
        return;
    }
    let map = if value("CARGO_CFG_TARGET_ARCH") == "arm" { "mps2.x" } else { "virt.x" };
    let out = PathBuf::from(value("OUT_DIR"));
    fs::copy(map, out.join("memory.x")).expect("the build directory can be written");
    println!("cargo:rerun-if-changed={map}");
    println!("cargo:rustc-link-search={}", out.display());
    // the script of cortex-m-rt includes the map, that of riscv-rt wants it before
    if map == "virt.x" {
        println!("cargo:rustc-link-arg=-Tmemory.x");
    }
    println!("cargo:rustc-link-arg=-Tlink.x");
}
