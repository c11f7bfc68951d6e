//! `docs/sample.png` is what its example renders, and the README's commands work.

use crate::common::Folder;
use std::io::Cursor;

#[path = "../../examples/sample.rs"]
mod example;

const SAMPLE: &[u8] = include_bytes!("../../../docs/sample.png");

/// Width, height and samples of an 8-bit or 1-bit grey PNG.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    assert_eq!(info.color_type, png::ColorType::Grayscale);
    samples.truncate(info.buffer_size());
    (info.width, info.height, samples)
}

#[test]
fn it_is_what_the_example_renders() {
    let (width, height, samples) = decoded(SAMPLE);
    assert_eq!((width, height), (example::WIDTH, example::HEIGHT));
    assert!(samples == example::render(), "render docs/sample.png anew, as cli/examples/sample.rs says");
}

/// Runs README's two commands, in a folder like the repository.
///
/// The part before `--` is left out.
#[test]
fn the_readme_s_commands_work() {
    let readme = include_str!("../../../README.md");
    let lines = readme.lines().filter_map(|line| line.strip_prefix("cargo run --release -p bluegrad-cli -- "));
    let lines: Vec<&str> = lines.collect();
    assert!(lines.len() >= 2, "{lines:?}");
    let folder = Folder::new();
    std::fs::create_dir(folder.file("docs")).unwrap();
    folder.write("docs/sample.png", SAMPLE);
    for line in lines {
        folder.good(line);
    }
    let (width, height, bits) = decoded(&folder.read("dithered.png"));
    assert_eq!((width, height, bits.len()), (320, 200, 40 * 200));
    // The dithered picture is as bright as the picture.
    let white: u32 = bits.iter().map(|byte| byte.count_ones()).sum();
    let (_, _, samples) = decoded(SAMPLE);
    let sum: f64 = samples.iter().map(|sample| f64::from(*sample) / 255.0).sum();
    assert!((f64::from(white) - sum).abs() < 0.002 * 64_000.0, "{white} white pixels for {sum}");
}
