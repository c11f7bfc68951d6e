//! Masks of other programs: channels of PNGs, atlases of slices, big-endian files.

use crate::common::{Folder, png_of};
use png::{BitDepth, ColorType};
use serde_json::Value;

const SIDE: u32 = 16;
const N: usize = (SIDE * SIDE) as usize;

/// Mask number `k`: each value of 0..=255 once. An odd multiplier maps indices to all values.
fn mask(k: u8) -> Vec<u8> {
    (0..=255_u8).map(|i| i.wrapping_mul(2 * k + 37).wrapping_add(k)).collect()
}

/// A folder with masks 0 to 5 as `0.u8` to `5.u8`, and the figures of each.
fn folder() -> (Folder, Vec<Value>) {
    let folder = Folder::new();
    let names: Vec<String> = (0..6).map(|k| format!("{k}.u8")).collect();
    (0..6).zip(&names).for_each(|(k, name)| folder.write(name, mask(k)));
    let text = folder.good(&format!("measure --json {}", names.join(" "))).stdout;
    let mut all: Vec<Value> = serde_json::from_str(&text).unwrap();
    all.iter_mut().for_each(nameless);
    assert!(all.windows(2).all(|pair| pair[0] != pair[1]), "the masks differ");
    (folder, all)
}

fn nameless(value: &mut Value) {
    value.as_object_mut().unwrap().retain(|key, _| key != "file" && key != "slice");
}

/// Figures of a file without names, and its slices.
fn parsed(text: &str) -> (Vec<Value>, Vec<Value>) {
    let mut all: Vec<Value> = serde_json::from_str(text).unwrap();
    let slices = all.iter().map(|value| value["slice"].clone()).collect();
    all.iter_mut().for_each(nameless);
    (all, slices)
}

/// Interleaves channels.
fn interleaved(channels: &[&[u8]]) -> Vec<u8> {
    (0..channels[0].len()).flat_map(|i| channels.iter().map(move |channel| channel[i])).collect()
}

fn picture(color: ColorType, channels: &[&[u8]]) -> Vec<u8> {
    png_of(SIDE, (channels[0].len() / SIDE as usize) as u32, color, BitDepth::Eight, &interleaved(channels))
}

#[test]
fn equal_channels_are_grey() {
    let (folder, figures) = folder();
    let (grey, solid, other) = (mask(0), vec![200; N], mask(1));
    let (grey, solid, other) = (&grey[..], &solid[..], &other[..]);
    let ignored = "its alpha differs and is ignored, --channel a reads it";
    for (color, channels, note) in [
        (ColorType::Rgb, &[grey, grey, grey][..], "RGB with equal channels, read as grey".to_string()),
        (
            ColorType::Rgba,
            &[grey, grey, grey, solid],
            "RGBA with equal channels, read as grey without alpha, which is constant".to_string(),
        ),
        (ColorType::Rgba, &[grey, grey, grey, other], format!("RGBA with equal channels, read as grey; {ignored}")),
        (
            ColorType::GrayscaleAlpha,
            &[grey, solid],
            "grey with alpha, read without alpha, which is constant".to_string(),
        ),
        (ColorType::Indexed, &[grey], "paletted with equal channels, read as grey".to_string()),
    ] {
        folder.write("m.png", picture(color, channels));
        let (values, slices) = parsed(&folder.said("measure --json m.png", &format!("m.png: {note}")));
        assert_eq!(values, figures[..1], "{note}");
        assert_eq!(slices, [Value::Null]);
    }
    // Runs of files with the same note share a line; a named channel is no assumption.
    folder.write("m.png", picture(ColorType::Rgb, &[grey; 3]));
    let note = "RGB with equal channels, read as grey";
    folder.said("measure m.png 0.u8 m.png m.png", &format!("m.png and 2 other files: {note}"));
    folder.said("compare m.png 1.u8", &format!("m.png: {note}"));
    folder.good("measure m.png --channel r");
}

#[test]
fn one_channel_of_several() {
    let (folder, figures) = folder();
    let masks: Vec<Vec<u8>> = (0..4).map(mask).collect();
    let channels: Vec<&[u8]> = masks.iter().map(Vec::as_slice).collect();
    folder.write("m.png", picture(ColorType::Rgba, &channels));
    for (channel, figures) in ["r", "g", "b", "a"].iter().zip(&figures) {
        let (values, _) = parsed(&folder.good(&format!("measure --json m.png --channel {channel}")).stdout);
        assert_eq!(values[0], *figures, "{channel}");
    }
    // A grey file's red, green and blue are its grey, so that it can stand beside a file in colour.
    let (values, _) = parsed(&folder.good("measure --json m.png 0.u8 --channel g").stdout);
    assert_eq!(values, [figures[1].clone(), figures[0].clone()]);
    // 16 bits
    let deep: Vec<u8> = (0..N).flat_map(|i| (0..3).flat_map(move |k| [mask(k)[i], 0])).collect();
    folder.write("deep.png", png_of(SIDE, SIDE, ColorType::Rgb, BitDepth::Sixteen, &deep));
    let (values, _) = parsed(&folder.good("measure --json deep.png --channel b").stdout);
    assert_eq!(values[0]["patterns"], figures[2]["patterns"]);
    // `compare` reads the same way.
    let text = folder.good("compare m.png 3.u8 --channel b --json").stdout;
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["masks"][0]["patterns"], figures[2]["patterns"]);
}

#[test]
fn channels_that_cannot_be_read() {
    let folder = Folder::new();
    let (a, b, solid) = (mask(0), mask(1), vec![9; N]);
    let (a, b, solid) = (&a[..], &b[..], &solid[..]);
    let bad = |color, channels: &[&[u8]], options: &[&str], said: &[&str]| {
        folder.write("m.png", picture(color, channels));
        folder.bad(&[&["measure", "m.png", "--each-slice"], options].concat(), 1, &[&["m.png"], said].concat());
    };
    bad(ColorType::Rgb, &[a, b, solid], &[], &["RGB with different channels", "give --channel r or g"]);
    bad(ColorType::Rgba, &[a, b, a, b], &[], &["RGBA with different channels", "--channel r, g, b or a"]);
    bad(ColorType::Rgb, &[solid, a, solid], &[], &["give --channel g"]);
    bad(ColorType::Rgba, &[solid, solid, solid, a], &[], &["different alpha", "--channel a"]);
    bad(ColorType::GrayscaleAlpha, &[solid, a], &[], &["different alpha", "--channel a"]);
    bad(ColorType::Rgb, &[a, a, a], &["--channel", "a"], &["no alpha", "r, g or b"]);
    bad(ColorType::Grayscale, &[a], &["--channel", "a"], &["no alpha"]);
    bad(ColorType::Rgb, &[a, b, solid], &["--channel", "b"], &["every pixel is 9"]);
    folder.bad(&["measure", "m.png", "--channel", "red"], 2, &["red", "r, g, b, a"]);
    folder.bad(&["generate", "--init", "m.png"], 1, &["--init-channel r or g"]);
    folder.bad(&["generate", "--init-channel", "r"], 2, &["--init"]);
    folder.write("p.png", picture(ColorType::Grayscale, &[a]));
    folder.bad(&["dither", "p.png", "--mask", "m.png"], 1, &["--mask-channel r or g"]);
    folder.bad(&["dither", "p.png", "--mask-channel", "r"], 2, &["--mask"]);
}

/// Puts masks side by side into rows of `columns`.
fn grid(columns: usize, count: u8) -> Vec<u8> {
    let masks: Vec<Vec<u8>> = (0..count).map(mask).collect();
    let side = SIDE as usize;
    let of_row = |row: &[Vec<u8>], y: usize| row.iter().flat_map(|mask| mask[y * side..][..side].to_vec()).collect();
    masks.chunks(columns).flat_map(|row| (0..side).flat_map(move |y| -> Vec<u8> { of_row(row, y) })).collect()
}

fn atlas(columns: u32, rows: u32, pixels: &[u8]) -> Vec<u8> {
    png_of(SIDE * columns, SIDE * rows, ColorType::Grayscale, BitDepth::Eight, pixels)
}

#[test]
fn slices() {
    let (folder, figures) = folder();
    let stacked = grid(1, 6);
    folder.write("down.png", atlas(1, 6, &stacked));
    folder.write("across.png", atlas(6, 1, &grid(6, 6)));
    folder.write("grid.png", atlas(3, 2, &grid(3, 6)));
    folder.write("down.u8", &stacked);
    folder.write("grid.u8", grid(3, 6));
    let size = "--width 16 --height 16";
    for (file, option) in [
        ("down.png", "6".to_string()),
        ("across.png", "6x1".to_string()),
        ("grid.png", "3x2".to_string()),
        ("down.u8", "6".to_string()),
        ("down.u8", format!("6 {size}")),
        ("grid.u8", format!("3x2 {size}")),
    ] {
        let (values, slices) =
            parsed(&folder.good(&format!("measure --json {file} --each-slice --slices {option}")).stdout);
        assert_eq!(values, figures, "{file} {option}");
        assert_eq!(slices, (0..6).map(Value::from).collect::<Vec<_>>());
        let (values, slices) =
            parsed(&folder.good(&format!("measure --json {file} --slices {option} --slice 4")).stdout);
        assert_eq!((values, slices), (vec![figures[4].clone()], vec![4.into()]), "{file} {option}");
    }
    let text = folder.good("measure grid.png --each-slice --slices 3x2").stdout;
    assert!(text.contains("grid.png[0] ") && text.contains("grid.png[5] "), "{text}");
    let text = folder.good("measure grid.png --slices 3x2 --slice 1").stdout;
    assert!(text.starts_with("grid.png[1]: 16x16"), "{text}");
    // `compare` takes the slices of one file, or one slice of each.
    let text = folder.good("compare down.png --each-slice --slices 6").stdout;
    assert!(text.starts_with("down[0]  down.png[0]") || text.starts_with("A "), "{text}");
    folder.good("compare down.png down.u8 --slices 6 --slice 2 --report slices.html");
    assert!(folder.read_text("slices.html").contains("down.u8[2]"));
}

#[test]
fn arrays_of_three_dimensions() {
    let (folder, figures) = folder();
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (6, 16, 16), }\n";
    let length = (header.len() as u16).to_le_bytes();
    folder.write("m.npy", [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), &grid(1, 6)].concat());
    let note = "m.npy: an array of three dimensions, read as 6 slices of 16x16";
    let (values, slices) = parsed(&folder.said("measure --json m.npy --each-slice", note));
    assert_eq!((values, slices.len()), (figures, 6));
    folder.said("measure m.npy --slice 2", note);
    folder.bad(&["measure", "m.npy", "--slices", "3"], 1, &["m.npy", "--slices 6 or none"]);
    folder.bad(&["measure", "m.npy", "--slice", "6"], 1, &["m.npy", "no slice 6", "--slice 0 to 5"]);
    folder.said(
        "generate --init m.npy --steps 1",
        &format!("{note}; 6 slices, the first is read; --init-slice reads another"),
    );
}

#[test]
fn slices_that_cannot_be_read() {
    let folder = Folder::new();
    folder.write("m.png", atlas(1, 6, &grid(1, 6)));
    folder.write("m.u8", grid(1, 6));
    let bad = |line: &str, status: i32, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), status, said);
    for slices in ["0", "4097", "x2", "2x", "2x0", "-1", "2x2x2", "6.0"] {
        bad(&format!("measure m.png --slices {slices}"), 2, &["--slices", "1 to 4096"]);
    }
    bad("measure m.png --slices 5", 1, &["m.png", "16x96", "1x5 slices"]);
    bad("measure m.png --slices 16", 1, &["m.png", "16x6", "side by side", "--slices 16x1"]);
    bad("measure m.png --slices 6 --slice 6", 1, &["m.png", "no slice 6", "--slice 0 to 5"]);
    bad("measure m.png --slice 1", 1, &["m.png", "no slice 1", "--slice 0 is its one slice"]);
    bad("measure m.u8 --slices 5", 1, &["m.u8", "1536 bytes", "5 slices", "--width and --height"]);
    bad("measure m.u8 --slices 5 --width 16 --height 16", 1, &["1536 bytes, not 1280", "5 slices of 16x16"]);
    bad("measure m.u8 --slices 4096x4096 --width 4096 --height 4096", 1, &["all slices together", "16777216"]);
    bad("compare m.png --slices 1", 2, &["2 to 8 masks, not 1"]);
    bad("compare m.png m.png --each-slice --slices 6", 2, &["12 masks", "at most 8", "--slice K"]);
    bad("compare m.png --slices 6", 2, &["2 to 8 masks, not 1"]);
    bad("measure m.png --slices 6 --slice 1 --each-slice", 2, &["--each-slice", "--slice"]);
    // A file whose shape suggests slices.
    let tall = vec![0; 16 * 8192];
    folder.write("tall.png", png_of(16, 8192, ColorType::Grayscale, BitDepth::Eight, &tall));
    bad("measure tall.png", 1, &["16x8192", "slices of 16x16", "--slices 512"]);
    folder.write("wide.png", png_of(8192, 16, ColorType::Grayscale, BitDepth::Eight, &tall));
    bad("measure wide.png", 1, &["8192x16", "slices of 16x16", "--slices 512x1"]);
    bad("generate --init wide.png", 1, &["--init-slices 512x1"]);
}

#[test]
fn big_endian() {
    let folder = Folder::new();
    folder.good("generate --width 32 --height 16 --steps 5 --out m.u16");
    folder.good("generate --width 32 --height 16 --steps 5 --out m.u16be");
    let swapped: Vec<u8> = folder.read("m.u16").as_chunks::<2>().0.iter().flat_map(|[a, b]| [*b, *a]).collect();
    assert_eq!(folder.read("m.u16be"), swapped);
    let (values, _) = parsed(&folder.good("measure --json m.u16 m.u16be --width 32 --height 16").stdout);
    assert_eq!(values[0], values[1]);
    folder.write("odd.u16be", vec![1; 513]);
    folder.bad(&["measure", "odd.u16be", "--width", "32", "--height", "16"], 1, &["odd.u16be", "513 bytes"]);
}

/// `--init` and `dither --mask` read the slice and the channel that they name.
#[test]
fn starts_and_masks_of_pictures() {
    let (folder, _) = folder();
    let stacks: Vec<Vec<u8>> = [[0, 1], [2, 3], [4, 5]].iter().map(|pair| pair.map(mask).concat()).collect();
    let channels: Vec<&[u8]> = stacks.iter().map(Vec::as_slice).collect();
    folder.write("m.png", picture(ColorType::Rgb, &channels));
    let ramp: Vec<u8> = (0..N).map(|i| (i / 2) as u8).collect();
    folder.write("p.png", picture(ColorType::Grayscale, &[&ramp]));
    let outputs = |options: [&str; 2], file: &str, note: Option<&str>| {
        let lines = [
            format!("generate --init {file} {} --steps 0 --out out.u32", options[0]),
            format!("dither p.png --mask {file} {} --out out.png", options[1]),
        ];
        for (line, prefix) in lines.iter().zip(["--init", "--mask"]) {
            match note {
                Some(note) => folder.said(line, &note.replace("--", &format!("{prefix}-"))),
                None => folder.good(line).stdout,
            };
        }
        (folder.read("out.u32"), folder.read("out.png"))
    };
    let expected: Vec<_> = (0..6).map(|k| outputs(["", ""], &format!("{k}.u8"), None)).collect();
    assert!(expected.windows(2).all(|pair| pair[0].0 != pair[1].0 && pair[0].1 != pair[1].1));
    for (k, expected) in expected.iter().enumerate() {
        let (channel, slice) = (["r", "g", "b"][k / 2], k % 2);
        let options =
            ["init", "mask"].map(|name| format!("--{name}-channel {channel} --{name}-slices 2 --{name}-slice {slice}"));
        let note = "m.png: 2 slices, the first is read; --slice reads another";
        assert_eq!(outputs([&options[0], &options[1]], "m.png", None), *expected, "{options:?}");
        if slice == 0 {
            let options = options.map(|options| options.rsplit_once(" --").unwrap().0.to_string());
            assert_eq!(outputs([&options[0], &options[1]], "m.png", Some(note)), *expected, "{options:?}");
        }
    }
    // --quiet says nothing; the command of a header names channel and slice.
    folder.good("dither p.png --mask m.png --mask-channel g --mask-slices 2 --quiet");
    folder.good("generate --init m.png --init-channel g --init-slices 2 --quiet --steps 0 --out m.h");
    let text = folder.read_text("m.h");
    assert!(text.contains("--init m.png --init-channel g --init-slices 2 "), "{text}");
}
