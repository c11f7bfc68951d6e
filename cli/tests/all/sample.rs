//! The sample is what its example renders, and the README's commands work.

use crate::common::Folder;
use std::io::Cursor;

#[path = "../../examples/sample/main.rs"]
mod example;

const SAMPLE: &[u8] = include_bytes!("../../src/gallery/sample.png");

/// Width, height and samples of a PNG as 8-bit RGB.
fn decoded(bytes: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut samples = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut samples).unwrap();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
    samples.truncate(info.buffer_size());
    (info.width, info.height, samples)
}

/// Some rows: all of them would take minutes. A row depends on no other.
#[test]
fn it_is_what_the_example_renders() {
    let (width, height, samples) = decoded(SAMPLE);
    assert_eq!((width, height), (example::WIDTH, example::HEIGHT));
    let renderer = example::Renderer::new();
    for y in [30, 200, 333] {
        let row = &samples[3 * (y * width) as usize..][..3 * width as usize];
        assert!(row == renderer.row(y), "row {y}: render the sample anew, as cli/examples/sample/main.rs says");
    }
}

/// Runs README's commands, in a folder like the repository.
///
/// The part before `--` is left out.
#[test]
fn the_readme_s_commands_work() {
    let readme = include_str!("../../../README.md");
    let lines = readme.lines().filter_map(|line| line.strip_prefix("cargo run --release -p bluegrad-cli -- "));
    let lines: Vec<&str> = lines.map(|line| line.split(" #").next().unwrap()).collect();
    assert!(lines.len() >= 3, "{lines:?}");
    let folder = Folder::new();
    std::fs::create_dir_all(folder.file("cli/src/gallery")).unwrap();
    folder.write("cli/src/gallery/sample.png", SAMPLE);
    for line in lines {
        folder.good(line);
    }
    let (width, height, dithered) = decoded(&folder.read("dithered.png"));
    assert_eq!((width, height), (example::WIDTH, example::HEIGHT));
    // The dithered picture is as bright as the picture.
    let mean = |samples: &[u8]| samples.iter().map(|sample| f64::from(*sample)).sum::<f64>() / samples.len() as f64;
    let (got, wanted) = (mean(&dithered), mean(&decoded(SAMPLE).2));
    assert!((got - wanted).abs() < 0.3, "{got}, not {wanted}");
}
