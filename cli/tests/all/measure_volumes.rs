//! `bluegrad measure` and `compare` of masks with layers and channels.

use crate::common::{Folder, png_of, without_pictures};
use png::{BitDepth, ColorType};
use serde_json::{Value, json};

const SIDE: usize = 16;
const N: usize = SIDE * SIDE;
const LAYERS: usize = 4;

/// Value of a pixel of a plane: an odd factor maps the pixels to all values.
fn value(layer: usize, channel: usize, pixel: usize) -> u8 {
    (pixel * (2 * layer + 37) + 29 * channel + layer * layer) as u8
}

/// Values in the order layer, row, column, channel.
fn elements(layers: usize, channels: usize) -> Vec<u8> {
    let pixels = |layer| (0..N).flat_map(move |pixel| (0..channels).map(move |channel| value(layer, channel, pixel)));
    (0..layers).flat_map(pixels).collect()
}

fn npy(shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape}), }}\n");
    [b"\x93NUMPY\x01\0", &(header.len() as u16).to_le_bytes()[..], header.as_bytes(), data].concat()
}

fn grey(layers: usize, pixels: &[u8]) -> Vec<u8> {
    png_of(SIDE as u32, (SIDE * layers) as u32, ColorType::Grayscale, BitDepth::Eight, pixels)
}

/// A folder with one volume as array, atlas, slices and raw file, and one of two channels.
fn folder() -> Folder {
    let folder = Folder::new();
    let volume = elements(LAYERS, 1);
    folder.write("v.npy", npy("4, 16, 16", &volume));
    folder.write("atlas.png", grey(LAYERS, &volume));
    folder.write("v.u8", &volume);
    for (layer, pixels) in volume.chunks(N).enumerate() {
        folder.write(&format!("s_{layer}.png"), grey(1, pixels));
    }
    folder.write("two.npy", npy("4, 16, 16, 2", &elements(LAYERS, 2)));
    // Numbers of one and of two digits, and what is no slice.
    std::fs::create_dir_all(folder.file("slices/old.png")).unwrap();
    for (layer, pixels) in volume.chunks(N).enumerate() {
        folder.write(&format!("slices/blue_16x16_{}.png", layer + 8), grey(1, pixels));
    }
    folder.write("slices/.blue_16x16_8.png", "of another program");
    folder.write("slices/README.txt", "where the slices come from");
    folder
}

/// Figures of each mask, without its name.
fn measured(folder: &Folder, line: &str) -> Vec<Value> {
    let mut all: Vec<Value> = serde_json::from_str(&folder.good(&format!("measure --json {line}")).stdout).unwrap();
    all.iter_mut().for_each(|mask| drop(mask.as_object_mut().unwrap().remove("file")));
    all
}

#[test]
fn files_of_one_volume() {
    let folder = folder();
    let own = measured(&folder, "v.npy");
    let volume = &own[0];
    assert_eq!(own.len(), 1);
    let sides = ["width_pixels", "height_pixels", "layers", "channels"].map(|key| volume[key].as_u64().unwrap());
    assert_eq!(sides, [16, 16, 4, 1]);
    for line in ["atlas.png --slices 4", "v.u8 --slices 4", "s_%d.png", "slices", "slices/", "v.npy --channel r"] {
        let said = if line.contains("channel") {
            "v.npy: an array of three dimensions, read as 4 slices of 16x16"
        } else {
            ""
        };
        let text = if said.is_empty() {
            folder.good(&format!("measure --json {line}")).stdout
        } else {
            folder.said(&format!("measure --json {line}"), said)
        };
        let mut all: Vec<Value> = serde_json::from_str(&text).unwrap();
        all[0].as_object_mut().unwrap().remove("file");
        assert_eq!(all, own, "{line}");
    }
    let channel = &volume["each_channel"][0];
    assert_eq!(channel["layers_with_exact_histogram"], 4);
    assert_eq!(channel["frame_error_thousandths"].as_array().unwrap().len(), 4);
    assert_eq!(channel["layers"].as_array().unwrap().len(), 4);
    assert_eq!(volume["summed_db"], json!([null, null, null]));
    // The structure of a layer is that of the layer alone.
    for layer in 0..LAYERS {
        let alone = &measured(&folder, &format!("atlas.png --slices 4 --slice {layer}"))[0];
        for (key, of) in [("peak_mean", "peak_mean"), ("peak_mid", "peak_mid"), ("peak_worst", "peak_worst")] {
            let (own, alone) = (channel["layers"][layer][key].as_f64(), alone["patterns"][of].as_f64());
            assert!((own.unwrap() / alone.unwrap() - 1.0).abs() < 1e-9, "layer {layer}, {key}");
        }
    }
}

/// Each command that reads a mask reads a folder of slices.
#[test]
fn folders_of_slices() {
    let folder = folder();
    // The one star is in the words above the table.
    let text = folder.good("compare slices v.npy").stdout;
    assert!(
        text.contains("16x16 with 4 layers, histogram exact in all layers") && text.matches('*').count() == 1,
        "{text}"
    );
    let text = folder.good("measure slices --each-slice").stdout;
    assert!(["slices[0] ", "slices[3] "].iter().all(|name| text.contains(name)), "{text}");
    let slice = |line: &str| measured(&folder, line)[0]["patterns"].clone();
    assert_eq!(slice("slices --slice 2"), slice("s_2.png"));
    for of in ["--init v.npy", "--init slices"] {
        folder.good(&format!("generate {of} --layers 4 --steps 0 --out out.u32"));
        assert_eq!(folder.ranks("out.u32"), elements(LAYERS, 1).into_iter().map(u32::from).collect::<Vec<_>>(), "{of}");
    }
    let ramp: Vec<u8> = (0..=255).collect();
    folder.write("p.png", grey(1, &ramp));
    folder.good("dither p.png --mask slices --frame 3 --out a.png");
    folder.good("dither p.png --mask s_3.png --out b.png");
    assert_eq!(folder.read("a.png"), folder.read("b.png"));
    // No slice is overwritten.
    for line in ["generate --init slices --layers 4", "dither p.png --mask slices"] {
        let line = format!("{line} --out slices/blue_16x16_9.png");
        folder.bad(&line.split(' ').collect::<Vec<_>>(), 2, &["blue_16x16_9.png"]);
    }
}

#[test]
fn folders_that_are_no_series() {
    let folder = folder();
    let bad = |line: &str, status, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), status, said);
    let slice = |name: &str| folder.write(name, grey(1, &elements(1, 1)));
    let remove = |name: &str| std::fs::remove_file(folder.file(name)).unwrap();
    bad("measure slices/old.png", 1, &["slices/old.png", "no mask", ".png, .npy, .u8"]);
    bad("measure slices --slices 2", 2, &["slices", "leave --slices out"]);
    bad("measure slices --slice 4", 1, &["slices", "no slice 4", "--slice 0 to 3"]);
    slice("slices/blue_16x16_13.png");
    bad("measure slices", 1, &["slices: blue_16x16_13.png follows blue_16x16_11.png", "rise by 1"]);
    remove("slices/blue_16x16_13.png");
    slice("slices/blue_16x16_08.png");
    bad("measure slices", 1, &["slices: blue_16x16_8.png follows blue_16x16_08.png", "rise by 1"]);
    remove("slices/blue_16x16_08.png");
    for other in ["slices/blue_16x32_12.png", "slices/red_16x16_12.png", "slices/blue_16x16_12.npy", "slices/zero.png"]
    {
        slice(other);
        bad("measure slices", 1, &["slices: the names, from blue_16x", "to ", "one number", "mask_%d.png"]);
        remove(other);
    }
    let next = "slices/blue_16x16_12.png";
    folder.write(next, grey(2, &elements(2, 1)));
    bad("compare slices v.npy", 1, &[next, "16x32, but the first file of the series is 16x16"]);
    let wide: Vec<u8> = elements(1, 1).into_iter().flat_map(|value| [value, value]).collect();
    folder.write(next, png_of(16, 16, ColorType::Grayscale, BitDepth::Sixteen, &wide));
    bad("measure slices", 1, &[next, "of 16 bits, but the first file of the series is of 8 bits"]);
    folder.write(next, "no picture");
    bad("dither s_0.png --mask slices --frame 0 --out o.png", 1, &[next, "PNG"]);
    // One slice is a mask of one layer; a missing folder is a missing file.
    std::fs::create_dir(folder.file("one")).unwrap();
    slice("one/a.png");
    assert_eq!(measured(&folder, "one")[0]["patterns"], measured(&folder, "s_0.png")[0]["patterns"]);
    bad("measure none", 2, &["none", "extension"]);
}

#[test]
fn channels() {
    let folder = folder();
    let two = &measured(&folder, "two.npy")[0];
    let one = &measured(&folder, "v.npy")[0];
    assert_eq!((&two["channels"], &two["each_channel"][0]), (&json!(2), &one["each_channel"][0]));
    assert!(two["summed_db"][0].as_f64().unwrap().is_finite());
    // Grey and alpha, or channels of colour, of which the constant ones do not count.
    let planes: Vec<Vec<u8>> = (0..2).map(|channel| (0..N).map(|pixel| value(0, channel, pixel)).collect()).collect();
    let flat: Vec<u8> = (0..N).flat_map(|i| [planes[0][i], planes[1][i]]).collect();
    let colour: Vec<u8> = (0..N).flat_map(|i| [planes[0][i], 9, planes[1][i], 255]).collect();
    folder.write("flat.npy", npy("16, 16, 2", &flat));
    folder.write("alpha.png", png_of(16, 16, ColorType::GrayscaleAlpha, BitDepth::Eight, &flat));
    folder.write("colour.png", png_of(16, 16, ColorType::Rgba, BitDepth::Eight, &colour));
    let expected = measured(&folder, "flat.npy");
    assert_eq!(expected[0]["each_channel"].as_array().unwrap().len(), 2);
    assert_eq!(expected[0]["each_channel"][0]["time_db"], json!([null, null, null, null]));
    assert_eq!(measured(&folder, "alpha.png"), expected);
    let note = "colour.png: RGBA, channels r, b are read; the others are constant";
    let mut text: Vec<Value> = serde_json::from_str(&folder.said("measure --json colour.png", note)).unwrap();
    text[0].as_object_mut().unwrap().remove("file");
    assert_eq!(text, expected);
    assert_eq!(measured(&folder, "alpha.png --channel a")[0]["slice"], Value::Null);
}

/// Filters that do nothing leave all of the error; a blur in space leaves what the error to the eye says, near enough.
#[test]
fn losses_for_filters() {
    let folder = folder();
    let loss = |line: &str| {
        let mask = &measured(&folder, line)[0];
        mask["each_channel"][0]["loss_db"].as_f64().unwrap()
    };
    assert_eq!(measured(&folder, "v.npy")[0]["each_channel"][0]["loss_db"], Value::Null);
    assert!(loss("v.npy --space-filter box:1").abs() < 1e-9);
    let product = loss("v.npy --space-filter gauss:1.5 --time-filter ema:.5");
    let separate = loss("v.npy --space-filter gauss:1.5 --time-filter ema:.5 --separate .5");
    assert!(product.is_finite() && separate.is_finite() && (product - separate).abs() > 0.1, "{product}, {separate}");
    assert!(loss("s_0.png --space-filter gauss:1").is_finite());
    let text = folder.good("measure v.npy --time-filter box:2").stdout;
    assert!(text.contains("\nLoss for the filters"), "{text}");
    folder.bad(&["measure", "v.npy", "--space-filter", "gauss:9"], 2, &["--space-filter", "0.3 to 4"]);
    folder.bad(&["measure", "v.npy", "--separate", ".5"], 2, &["--separate", "--space-filter"]);
}

#[test]
fn text_and_tables() {
    let folder = folder();
    let text = folder.good("measure two.npy").stdout;
    assert!(text.starts_with("two.npy: 16x16 with 4 layers of 2 channels, histogram exact in all planes\n"), "{text}");
    let parts = [
        "Accumulated frames",
        "channel 1",
        "sum of the channels",
        "Each pixel over time",
        "largest bin, worst layer",
        "0 < f <= R",
    ];
    assert!(parts.iter().all(|part| text.contains(part)), "{text}");
    assert!(text.lines().all(|line| line.len() <= 120) && !text.contains("NaN"), "{text}");
    // Flat masks and volumes have a table each.
    let text = folder.good("measure s_0.png v.npy two.npy").stdout;
    assert!(text.contains("LFthr") && text.contains("t=0.7") && !text.contains("NaN"), "{text}");
    assert!(text.contains("v.npy    16x16 with 4 layers ") && text.contains("s_0.png"), "{text}");
}

#[test]
fn comparisons() {
    let folder = folder();
    let text = folder.good("compare v.npy two.npy s_1.png --report r.html").stdout;
    for part in ["accumulated frames", "frame 8", "over time", "alpha 0.2", "structure of layers", "worst layer"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.lines().all(|line| line.len() <= 120) && text.contains('*'), "{text}");
    let page = folder.read_text("r.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    // Plots: the error by frame, two of structure; pictures: five levels of three masks with spectra, and the colour scale.
    assert_eq!(page.matches("role=\"img\"").count(), 3);
    assert_eq!(page.matches("data:image/png;base64,").count(), 2 * 5 * 3 + 1);
    let page = without_pictures(&page);
    assert!(page.contains("16 × 16 with 4 layers of 2 channels") && !page.contains("NaN") && !page.contains("<script"));
    let value: Value = serde_json::from_str(&folder.good("compare --json v.npy s_1.png").stdout).unwrap();
    let alone: Value = serde_json::from_str(&folder.good("measure --json v.npy").stdout).unwrap();
    assert_eq!(value["masks"][0], alone[0]);
    assert_eq!(value["masks"][1]["layers"], 1);
    // A mask without layers has no figures over time.
    assert_eq!((&value["best"]["time_db_sigma_1.0"], &value["best"]["summed_db_sigma_1.0"]), (&json!([0]), &json!([])));
    // One frame has fewer squares to add up than four.
    assert_eq!(value["best"]["frame_error_thousandths_rss"], json!([]));
    let slices = folder.good("compare atlas.png --slices 4 --each-slice").stdout;
    assert!(slices.contains("atlas.png[3]") && slices.contains("LFthr"), "{slices}");
}

#[test]
fn volumes_that_cannot_be_measured() {
    let folder = folder();
    let bad = |line: &str, said: &[&str]| folder.bad(&line.split(' ').collect::<Vec<_>>(), 1, said);
    folder.write("many.u8", vec![0; 64 * 257]);
    bad("measure many.u8 --slices 257", &["many.u8", "257 slices", "1 to 256", "--slice K reads one"]);
    folder.write("black.u8", vec![7; 3 * N]);
    bad("measure black.u8 --slices 3", &["black.u8", "every pixel is 7"]);
    let constant: Vec<u8> = (0..N).flat_map(|i| [value(0, 0, i), 5]).collect();
    folder.write("constant.npy", npy("16, 16, 2", &constant));
    bad("measure constant.npy", &["constant.npy", "every pixel of channel 1 is 5"]);
    let mut floats: Vec<u8> = (0..2 * N).flat_map(|i| (i as f32).to_le_bytes()).collect();
    floats[4 * (N + 17)..4 * (N + 18)].copy_from_slice(&f32::NAN.to_le_bytes());
    folder.write("nan.f32", floats);
    bad("measure nan.f32 --slices 2", &["nan.f32", "layer 1, channel 0", "pixel (1, 1) is NaN"]);
    bad("measure v.npy --slice 4", &["v.npy", "no slice 4", "--slice 0 to 3"]);
    folder.write("one.png", grey(1, &elements(1, 1)));
    folder.bad(&["compare", "v.npy"], 2, &["2 to 8 masks, not 1"]);
    // A black layer among others is measured: its histogram is not exact, and nothing of it is undefined in the means.
    let mut volume = elements(LAYERS, 1);
    volume[..N].fill(0);
    folder.write("dark.u8", &volume);
    assert_eq!(measured(&folder, "dark.u8 --slices 4")[0]["each_channel"][0]["layers_with_exact_histogram"], 3);
}
