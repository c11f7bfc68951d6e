//! Masks with layers and channels: every format holds them, and every format that is read gives them back.

use crate::common::{Folder, png_of, without_pictures};
use png::{BitDepth, ColorType};
use std::io::Cursor;

const SIDE: usize = 8;
const N: usize = SIDE * SIDE;
const LAYERS: usize = 3;

/// Rank of a pixel of a plane: an odd factor maps the pixels to all ranks.
fn rank(layer: usize, channel: usize, pixel: usize) -> u32 {
    ((pixel * (2 * layer + 11) + 17 * channel + 5) % N) as u32
}

/// Ranks in the order of elements: layer, row, column, channel.
fn elements(layers: usize, channels: usize) -> Vec<u32> {
    let pixel = |layer| (0..N).flat_map(move |pixel| (0..channels).map(move |channel| rank(layer, channel, pixel)));
    (0..layers).flat_map(pixel).collect()
}

fn npy(shape: &str, descr: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}\n");
    [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

fn bytes(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Header and data of an array.
fn parts(npy: &[u8]) -> (String, Vec<u8>) {
    let length = 10 + usize::from(u16::from_le_bytes([npy[8], npy[9]]));
    (String::from_utf8(npy[10..length].to_vec()).unwrap(), npy[length..].to_vec())
}

/// A folder with `v.npy`, the ranks of a volume of `channels` channels.
fn folder(channels: usize) -> Folder {
    let folder = Folder::new();
    let shape = format!("{LAYERS}, {SIDE}, {SIDE}, {channels}");
    folder.write("v.npy", npy(&shape, "<u4", &bytes(&elements(LAYERS, channels))));
    folder
}

/// Options that read `v.npy` and change nothing.
fn same(channels: usize) -> String {
    format!("generate --init v.npy --layers {LAYERS} --channels {channels} --steps 0")
}

fn decoded(png: &[u8]) -> (u32, u32, ColorType, BitDepth, Vec<u8>) {
    let mut reader = png::Decoder::new(Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    (info.width, info.height, info.color_type, info.bit_depth, pixels)
}

fn eight(rank: &u32) -> u8 {
    (256 * rank / N as u32) as u8
}

#[test]
fn arrays() {
    for (channels, shape) in [(1, "3, 8, 8"), (2, "3, 8, 8, 2"), (4, "3, 8, 8, 4")] {
        let (folder, ranks) = (folder(channels), elements(LAYERS, channels));
        folder.good(&format!("{} --out out.npy", same(channels)));
        let (header, data) = parts(&folder.read("out.npy"));
        assert_eq!(header.trim_end(), format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}"));
        let floats: Vec<f32> = data.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        assert!(floats.iter().all(|value| (0.0..1.0).contains(value)));
        assert!(floats.iter().map(|value| (value * N as f32) as u32).eq(ranks.iter().copied()));
        folder.good(&format!("{} --depth 32 --out out.npy", same(channels)));
        assert_eq!(parts(&folder.read("out.npy")).1, bytes(&ranks));
        folder.good(&format!("{} --depth 8 --out out.npy", same(channels)));
        assert!(parts(&folder.read("out.npy")).1.into_iter().eq(ranks.iter().map(eight)));
        folder.good(&format!("{} --range signed --out out.npy", same(channels)));
        let (_, data) = parts(&folder.read("out.npy"));
        let signed = data.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes));
        assert!(signed.zip(&floats).all(|(signed, unit)| (signed - (2.0 * unit - 1.0)).abs() < 1e-6));
    }
    // A layer alone has the axis of layers only beside channels; a flat mask is a picture.
    let folder = Folder::new();
    folder.write("v.npy", npy("8, 8, 2", "<u4", &bytes(&elements(1, 2))));
    folder.good("generate --init v.npy --channels 2 --steps 0 --depth 32 --out out.npy");
    let (header, data) = parts(&folder.read("out.npy"));
    assert!(header.contains("'shape': (1, 8, 8, 2)"), "{header}");
    assert_eq!(data, bytes(&elements(1, 2)));
    folder.good("generate --size 8 --layers 1 --channels 1 --steps 1 --out out.npy");
    assert!(parts(&folder.read("out.npy")).0.contains("'shape': (8, 8)"));
}

#[test]
fn raw_files() {
    let (folder, ranks) = (folder(3), elements(LAYERS, 3));
    for (name, expected) in [
        ("out.u8", ranks.iter().map(eight).collect::<Vec<u8>>()),
        ("out.u16", ranks.iter().flat_map(|rank| (*rank as u16 * 1024).to_le_bytes()).collect()),
        ("out.u16be", ranks.iter().flat_map(|rank| (*rank as u16 * 1024).to_be_bytes()).collect()),
        ("out.u32", bytes(&ranks)),
    ] {
        folder.good(&format!("{} --out {name}", same(3)));
        assert_eq!(folder.read(name), expected, "{name}");
        for size in ["", "--size 8"] {
            folder.good(&format!("generate --init {name} --layers 3 --channels 3 {size} --steps 0 --out back.u32"));
            assert_eq!(folder.ranks("back.u32"), ranks, "{name}");
        }
    }
}

/// Pictures of all numbers of channels: slices below each other, or a file of each layer.
#[test]
fn pictures() {
    for (channels, color) in
        [(1, ColorType::Grayscale), (2, ColorType::GrayscaleAlpha), (3, ColorType::Rgb), (4, ColorType::Rgba)]
    {
        let (folder, ranks) = (folder(channels), elements(LAYERS, channels));
        folder.good(&format!("{} --atlas --out atlas.png", same(channels)));
        let values: Vec<u8> = ranks.iter().map(eight).collect();
        assert_eq!(decoded(&folder.read("atlas.png")), (8, 24, color, BitDepth::Eight, values.clone()));
        let said = folder.good(&format!("{} --out m_%02d.png", same(channels))).stdout;
        assert!(said.starts_with("wrote m_%02d.png (3 files): 8x8 with 3 layers"), "{said}");
        for (layer, values) in values.chunks(N * channels).enumerate() {
            let picture = decoded(&folder.read(&format!("m_{layer:02}.png")));
            assert_eq!(picture, (8, 8, color, BitDepth::Eight, values.to_vec()));
        }
        folder.good(&format!("{} --atlas --depth 16 --out deep.png", same(channels)));
        let sixteen = ranks.iter().flat_map(|rank| (*rank as u16 * 1024).to_be_bytes()).collect();
        assert_eq!(decoded(&folder.read("deep.png")), (8, 24, color, BitDepth::Sixteen, sixteen));
        assert_eq!(folder.list(), ["atlas.png", "deep.png", "m_00.png", "m_01.png", "m_02.png", "v.npy"]);
        for file in ["atlas.png", "deep.png", "m_%02d.png"] {
            let line = format!("generate --init {file} --layers 3 --channels {channels} --steps 0 --out back.u32");
            folder.good(&line);
            assert_eq!(folder.ranks("back.u32"), ranks, "{line}");
        }
    }
}

/// A file of each layer, in every other format.
#[test]
fn files_of_layers() {
    let (folder, ranks) = (folder(1), elements(LAYERS, 1));
    for name in ["m%d.npy", "m%d.u32", "m%d.csv", "m%d.h"] {
        let said = folder.good(&format!("{} --out {name} --report r.html", same(1))).stdout;
        assert!(said.starts_with(&format!("wrote {name} (3 files), r.html: ")), "{said}");
    }
    for (layer, ranks) in ranks.chunks(N).enumerate() {
        let (header, _) = parts(&folder.read(&format!("m{layer}.npy")));
        assert!(header.contains("'shape': (8, 8)"), "{header}");
        assert_eq!(folder.ranks(&format!("m{layer}.u32")), ranks);
        let text = folder.read_text(&format!("m{layer}.csv"));
        let cells = text.lines().flat_map(|line| line.split(',')).map(|cell| cell.parse::<u32>().unwrap());
        assert!(cells.eq(ranks.iter().copied()));
        assert!(folder.read_text(&format!("m{layer}.h")).contains(&format!(" bluegrad_m{layer}[")));
    }
    // A number of one file is a file too.
    let said = folder.good("generate --size 8 --steps 1 --out one_%d.png").stdout;
    assert!(said.starts_with("wrote one_0.png: 8x8, dither"), "{said}");
}

#[test]
fn c_header() {
    let folder = folder(2);
    folder.good(&format!("{} --depth 32 --out mask.h", same(2)));
    let text = folder.read_text("mask.h");
    for line in [
        "#define BLUEGRAD_MASK_WIDTH 8",
        "#define BLUEGRAD_MASK_HEIGHT 8",
        "#define BLUEGRAD_MASK_LAYERS 3",
        "#define BLUEGRAD_MASK_CHANNELS 2",
        " *   bluegrad_mask[((l * BLUEGRAD_MASK_HEIGHT + y) * BLUEGRAD_MASK_WIDTH + x) * BLUEGRAD_MASK_CHANNELS + c]",
        " *   bluegrad generate --size 8 --layers 3 --channels 2 --preset space-time --seed 0 --steps 0 --init v.npy --depth 32 --out mask.h",
    ] {
        assert!(text.lines().any(|other| other == line), "{line}");
    }
    let (_, values) = text.split_once("= {\n").unwrap();
    let (values, _) = values.split_once('}').unwrap();
    let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
    assert!(values.map(|value| value.parse::<u32>().unwrap()).eq(elements(LAYERS, 2)));
}

/// A mask of one layer and one channel is read of a volume where a command wants one.
#[test]
fn one_plane_of_a_file() {
    let folder = folder(2);
    for (channel, index) in [("r", 0), ("a", 1)] {
        for layer in 0..LAYERS {
            let note = "v.npy: an array of four dimensions, read as 3 slices of 8x8";
            let line = format!("generate --init v.npy --init-channel {channel} --init-slice {layer}");
            folder.said(&format!("{line} --steps 0 --out out.u32"), note);
            assert!(folder.ranks("out.u32").into_iter().eq((0..N).map(|pixel| rank(layer, index, pixel))));
        }
    }
    folder.good(&format!("{} --out m_%d.png", same(2)));
    let text = folder.good("measure m_%d.png --channel a --each-slice").stdout;
    assert!(["m_%d.png[0] ", "m_%d.png[1] ", "m_%d.png[2] "].iter().all(|name| text.contains(name)), "{text}");
    folder.good("generate --init m_%d.png --init-channel a --init-slice 2 --steps 0 --out out.u32");
    assert!(folder.ranks("out.u32").into_iter().eq((0..N).map(|pixel| rank(2, 1, pixel))));
    // Numbers start at 0 or 1.
    std::fs::remove_file(folder.file("m_0.png")).unwrap();
    folder.good("generate --init m_%d.png --layers 2 --channels 2 --steps 0 --out out.u32");
    assert_eq!(folder.ranks("out.u32"), elements(LAYERS, 2)[2 * N..]);
}

#[test]
fn bad_options() {
    let folder = folder(2);
    let bad = |line: &str, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), 2, said);
    for layers in ["0", "257", "-1", "4294967296", "many"] {
        bad(&format!("generate --layers {layers}"), &["--layers", "from 1 to 256"]);
    }
    for channels in ["0", "5", "x"] {
        bad(&format!("generate --channels {channels}"), &["--channels", "from 1 to 4"]);
    }
    for option in ["--layers 2", "--channels 2"] {
        for preset in ["spectral", "published", "void-and-cluster", "dither-gradient"] {
            let name = option.split(' ').next().unwrap();
            bad(&format!("generate --preset {preset} {option}"), &[name, preset, "one layer", "--preset dither,"]);
        }
        bad(&format!("generate --levels 4 {option}"), &["--levels", "one layer and one channel"]);
    }
    for beta in ["0.01", "1.01", "-0.1", "nan"] {
        bad(&format!("generate --layers 4 --beta {beta}"), &["--beta", "from 0.02 to 1"]);
    }
    bad("generate --beta 0.1", &["--beta", "--layers 2 or more"]);
    bad("generate --beta 0.1 --preset space-time --layers 1", &["--beta", "--layers 2 or more"]);
    for preset in ["dither", "space-time-wide", "spectral"] {
        bad(&format!("generate --preset {preset} --layers 4 --beta 0.1"), &["--beta", preset, "space-time"]);
    }
    bad("generate --layers 4 --sigma 1.3", &["--sigma", "space-time", "--preset dither"]);
    bad("generate --size 4096 --layers 256", &["--layers", "1073741824 elements", "GB", "smaller size"]);
    bad("generate --size 4096 --layers 33 --channels 2", &["33 layers of 2 channels", "GB"]);
    // Formats that do not hold layers or channels.
    bad("generate --layers 2 --out m.png", &["m.png", "one layer, not 2", "--atlas", "mask_%d.png", ".npy, .u8"]);
    bad("generate --layers 2 --out m.csv", &["m.csv", "one layer, not 2", ".npy, .u8", ".h hold layers"]);
    bad("generate --channels 2 --out m.csv", &["m.csv", "one channel, not 2", ".png, .npy, .u8", "hold channels"]);
    bad("generate --layers 2 --channels 2 --out m_%d.csv", &["one channel, not 2"]);
    for out in ["m.npy", "m.u8", "m.h", "m.csv", "m_%d.png"] {
        bad(&format!("generate --layers 2 --atlas --out {out}"), &["--atlas", "one .png"]);
    }
    bad("generate --layers 2 --out m_%d.h --name mask", &["--name"]);
    bad("generate --layers 2 --out m_%d.png --trace m_1.png", &["m_1.png", "named twice"]);
    // The files of a series are inputs, each.
    folder.good(&format!("{} --out m_%d.png", same(2)));
    bad("generate --init m_%d.png --layers 3 --channels 2 --out m_%d.png", &["--init m_0.png", "overwrite"]);
    bad("generate --init m_%d.png --layers 3 --channels 2 --out a.npy --trace m_2.png", &["--init m_2.png"]);
}

#[test]
fn bad_starts() {
    let folder = folder(2);
    let bad = |line: &str, status, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), status, said);
    bad("generate --init v.npy", 1, &["v.npy", "2 channels", "--init-channel r or a"]);
    bad("generate --init v.npy --layers 3", 2, &["8x8 with 3 layers of 2 channels, not 8x8 with 3 layers"]);
    bad("generate --init v.npy --layers 2 --channels 2", 2, &["3 layers of 2 channels, not 8x8 with 2 layers"]);
    bad("generate --init v.npy --layers 3 --channels 2 --size 16", 2, &["8x8 with 3 layers of 2 channels, not 16x16"]);
    bad("generate --init v.npy --layers 3 --channels 2 --init-slice 1", 2, &["--init-slice", "--layers"]);
    bad("generate --init v.npy --channels 2 --init-channel r", 2, &["--init-channel", "--channels"]);
    bad("generate --init v.npy --layers 3 --channels 2 --init-slices 2", 1, &["v.npy", "--init-slices 3 or none"]);
    folder.write("v.u8", vec![1; 100]);
    bad("generate --init v.u8 --layers 3 --channels 2", 1, &["v.u8", "100 bytes", "3 slices", "2 channels"]);
    bad("generate --init v.u8 --size 8 --layers 3 --channels 2", 1, &["v.u8", "100 bytes, not 384", "2 channels"]);
    // A plane of equal values is named.
    let mut values = elements(LAYERS, 2);
    values[4 * N..].iter_mut().step_by(2).for_each(|value| *value = 7);
    folder.write("v.npy", npy("3, 8, 8, 2", "<u4", &bytes(&values)));
    bad("generate --init v.npy --layers 3 --channels 2", 1, &["v.npy", "layer 2, channel 0: every pixel is 7"]);
    folder.write("v.npy", npy("3, 8, 8, 5", "<u4", &[]));
    bad("generate --init v.npy --layers 3", 1, &["(3, 8, 8, 5)", "1 to 4 channels"]);
    folder.write("v.npy", npy("3, 8, 8, 2", "<u4", &[0; 99]));
    bad("generate --init v.npy --layers 3 --channels 2", 1, &["8x24 with 2 channels needs 1536 bytes", "not 99"]);
    // Series with gaps, of different sizes, with slices.
    bad("generate --init m_%d.png --layers 2", 1, &["m_0.png", "no file of this series", "0 or 1"]);
    let picture = |side: u32| {
        let values: Vec<u8> = (0..side * side).map(|i| i as u8).collect();
        png_of(side, side, ColorType::Grayscale, BitDepth::Eight, &values)
    };
    folder.write("m_0.png", picture(8));
    folder.write("m_1.png", picture(16));
    bad("generate --init m_%d.png --layers 2", 1, &["m_1.png", "16x16, but the first file of the series is 8x8"]);
    bad("generate --init m_%d.png --init-slices 2", 2, &["--init-slices", "series"]);
    bad("generate --init m_%d.png --init-slice 2", 1, &["no slice 2", "--init-slice 0 to 1"]);
    folder.write("m_1.png", "no picture");
    bad("generate --init m_%d.png --layers 2", 1, &["m_1.png", "PNG"]);
}

/// A frame is dithered by its layer; several pictures are consecutive frames.
#[test]
fn frames() {
    let folder = folder(2);
    let ramp: Vec<u8> = (0..=255).collect();
    folder.write("p.png", png_of(16, 16, ColorType::Grayscale, BitDepth::Eight, &ramp));
    folder.write("q.png", png_of(16, 16, ColorType::Grayscale, BitDepth::Eight, &ramp));
    let alone = |layer: u32, offset: &str| {
        let line = format!("dither p.png --mask v.npy --mask-channel a --mask-slice {layer} --offset {offset} --quiet");
        folder.good(&format!("{line} --out alone.png"));
        folder.read("alone.png")
    };
    let layers = [0, 1, 2].map(|layer| alone(layer, "0,0"));
    assert!(layers[0] != layers[1] && layers[1] != layers[2]);
    folder.good(&format!("{} --out m_%d.png", same(2)));
    folder.good(&format!("{} --atlas --out atlas.png", same(2)));
    for mask in ["v.npy", "m_%d.png", "atlas.png --mask-slices 3"] {
        let line = format!("dither --mask {mask} --mask-channel a");
        for (layer, expected) in layers.iter().enumerate() {
            let said = folder.good(&format!("{line} p.png --frame {layer} --out out.png")).stdout;
            assert_eq!(folder.read("out.png"), *expected, "{line} {layer}");
            assert!(said.contains(&format!("mask 8x8, layer {layer} of 3, ")), "{said}");
        }
    }
    // Layers that are used up come again at another offset: after 3 and 6 frames, 1 and 2 steps of the R2 sequence, in 8ths.
    for (frame, layer, offset) in [(3, 0, "6,4"), (5, 2, "6,4"), (6, 0, "4,1"), (u32::MAX, 0, "5,6")] {
        folder.good(&format!("dither p.png --mask v.npy --mask-channel a --frame {frame} --out out.png"));
        assert_eq!(folder.read("out.png"), alone(layer, offset), "{frame}");
    }
    folder.good("dither p.png --mask v.npy --mask-channel a --frame 3 --offset 5,-9 --out out.png");
    assert_eq!(folder.read("out.png"), alone(0, "11,-5"));
    // Pictures after the first are the next frames; without --mask, frames have layers too.
    std::fs::create_dir(folder.file("d")).unwrap();
    folder.good("dither p.png q.png --mask v.npy --mask-channel a --frame 1 --out-dir d");
    assert_eq!([folder.read("d/p.png"), folder.read("d/q.png")], [layers[1].clone(), layers[2].clone()]);
    let said = folder.good("dither p.png q.png --frame 15 --out-dir d").stdout;
    assert!(said.contains("layer 15 of 16, preset") && said.contains("layer 0 of 16, preset"), "{said}");
    let bad = |line: &str, status, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), status, said);
    bad(
        "dither p.png --mask m_0.png --mask-channel r --frame 1",
        1,
        &["m_0.png", "--frame", "--mask-slices", "--layers"],
    );
    bad("dither p.png --frame -1", 2, &["--frame", "whole number"]);
    bad("dither p.png --mask v.npy --mask-channel r --mask-slice 1 --frame 1", 2, &["--frame", "--mask-slice"]);
    bad("dither p.png --mask m_%d.png --mask-channel r --out m_1.png", 2, &["m_1.png", "replace"]);
    let mut values = elements(LAYERS, 1);
    values[N..2 * N].fill(9);
    folder.write("flat.npy", npy("3, 8, 8", "<u4", &bytes(&values)));
    bad("dither p.png --mask flat.npy --frame 4", 1, &["flat.npy: layer 1 of 3, every pixel is 9"]);
}

/// Layers are space-time masks by default: blue along each pixel's frames too, more so with more of time.
#[test]
fn presets_of_layers() {
    let folder = Folder::new();
    // Mean over the pixels of the power of a pixel's frames at the lowest frequency, relative to white noise.
    let slow = |options: &str| {
        folder.good(&format!("generate --size 16 --layers 8 --out v.u32 {options}"));
        let ranks = folder.ranks("v.u32");
        assert_eq!(ranks.len(), 8 * 256);
        for layer in ranks.chunks(256) {
            let mut sorted = layer.to_vec();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..256));
        }
        let power = |pixel: usize| {
            let wave = |phase: f64| -> f64 {
                let turn = |layer: usize| (std::f64::consts::TAU * layer as f64 / 8.0 + phase).cos();
                (0..8).map(|layer| f64::from(ranks[layer * 256 + pixel]) * turn(layer)).sum()
            };
            wave(0.0).powi(2) + wave(std::f64::consts::FRAC_PI_2).powi(2)
        };
        let variance = (256.0_f64 * 256.0 - 1.0) / 12.0;
        (0..256).map(power).sum::<f64>() / (256.0 * 8.0 * variance)
    };
    let (even, little, much) = (slow(""), slow("--beta 0.02"), slow("--beta 1"));
    let independent = slow("--preset dither");
    let figures = format!("{much} {even} {little} {independent}");
    assert!(much < little && even < little && little < 0.6 * independent, "{figures}");
    assert!((independent - 1.0).abs() < 0.15 && even < 0.7, "{independent} {even}");
    // The command of a header makes the same file.
    folder.good("generate --size 8 --layers 2 --beta 0.5 --out m.h");
    let text = folder.read_text("m.h");
    assert!(text.contains("--size 8 --layers 2 --preset space-time --seed 0 --beta 0.5 --out m.h"), "{text}");
}

/// The page of layers has a player, and loads nothing.
#[test]
fn report() {
    let folder = folder(2);
    folder.good(&format!("{} --out m.npy --report r.html --trace t.csv", same(2)));
    let text = folder.read_text("r.html");
    let titles = [
        "Frames",
        "Error by frame",
        "Spectrum of a pixel over time",
        "Spectrum in space and time",
        "Structure by frame",
    ];
    for title in titles {
        assert!(text.contains(&format!("<h2>{title}</h2>")), "{title}");
    }
    let player = "<div id=\"player\" data-width=\"8\" data-height=\"8\" data-layers=\"3\">";
    for part in [player, "<script>", "NVIDIA STBN", "FAST, product 0.1/0.1", "8 × 8 × 3, 2 channels", "channel 0</h2>"]
    {
        assert!(text.contains(part), "{part}");
    }
    // The pictures of the player hold all layers of a channel.
    let sheets: Vec<&str> = text.split("<img class=\"layers\"").skip(1).collect();
    assert_eq!(sheets.len(), 2);
    for (channel, sheet) in sheets.iter().enumerate() {
        let (_, data) = sheet.split_once("base64,").unwrap();
        let (data, _) = data.split_once('"').unwrap();
        let (width, height, color, _, pixels) = decoded(&base64(data));
        assert_eq!((width, height, color), (8, 24, ColorType::Grayscale));
        let rank = |i: usize| eight(&rank(i / N, channel, i % N));
        assert!(pixels.into_iter().eq((0..LAYERS * N).map(rank)));
    }
    let bare = without_pictures(&text);
    assert!(!bare.contains("http") && !bare.contains("NaN"));
    // The record has the mean of all planes.
    let energy = |text: &str| text.lines().nth(1).unwrap().rsplit_once(',').unwrap().1.parse::<f64>().unwrap();
    let all = 10_f64.powf(energy(&folder.read_text("t.csv")) / 10.0);
    let planes = (0..LAYERS).flat_map(|layer| ["r", "a"].map(|channel| (layer, channel)));
    let each = planes.map(|(layer, channel)| {
        let line = format!("generate --init v.npy --init-slice {layer} --init-channel {channel} --steps 0 --quiet");
        let run = folder.run(&format!("{line} --out m.png --trace t.csv").split(' ').collect::<Vec<_>>());
        assert_eq!(run.status, Some(0));
        10_f64.powf(energy(&folder.read_text("t.csv")) / 10.0)
    });
    let each: Vec<f64> = each.collect();
    let mean = each.iter().sum::<f64>() / each.len() as f64;
    assert!((all / mean - 1.0).abs() < 1e-4, "{all}, not {mean}");
    // One layer with channels has no spectrum over time.
    folder.good("generate --size 8 --channels 2 --steps 1 --out m.png --report r.html");
    let text = folder.read_text("r.html");
    assert!(text.contains("data-layers=\"1\"") && !text.contains("over time</h2>"));
}

fn base64(text: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let groups = text.trim_end_matches('=').as_bytes().chunks(4);
    let bytes = groups.flat_map(|group| {
        let bits = group.iter().fold(0_u32, |bits, c| (bits << 6) | u32::from(value(*c))) << (6 * (4 - group.len()));
        bits.to_be_bytes()[1..group.len()].to_vec()
    });
    bytes.collect()
}

/// A run that needs more memory than there is says how much.
#[cfg(target_os = "linux")]
#[test]
fn too_little_memory() {
    use crate::common::Run;
    let folder = Folder::new();
    let line =
        format!("ulimit -v 4000000 && exec {} generate --size 2048 --layers 256", env!("CARGO_BIN_EXE_bluegrad"));
    let output = std::process::Command::new("sh").args(["-c", &line]).current_dir(folder.path()).output().unwrap();
    let run = Run::new(output);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""), "{run:?}");
    assert!(run.stderr.starts_with("bluegrad: not enough memory: the run needs "), "{run:?}");
    assert!(run.stderr.ends_with(" GB; choose a smaller size\n") && folder.list().is_empty(), "{run:?}");
}
