//! Finds FFTW under the feature `fftw`, and tells the program which compiler built it.

use std::env;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "fftw")]
    if let Err(error) = pkg_config::Config::new().atleast_version("3.3").probe("fftw3f") {
        println!(
            "cargo::error=the feature `fftw` needs FFTW in single precision (Debian: libfftw3-dev, pkg-config): {error}"
        );
    }
    let version = env::var_os("RUSTC").and_then(|rustc| Command::new(rustc).arg("--version").output().ok());
    let version = version.and_then(|output| String::from_utf8(output.stdout).ok()).unwrap_or_default();
    println!("cargo::rustc-env=BENCH_RUSTC={}", version.trim());
    // arguments are separated by 0x1f there
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default().replace('\x1f', " ");
    println!("cargo::rustc-env=BENCH_RUSTFLAGS={flags}");
}
