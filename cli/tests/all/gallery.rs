//! `bluegrad gallery`: figures, page, strip, bad input.

use crate::common::{Folder, png, without_pictures};
use png::{BitDepth, ColorType};
use serde_json::Value;
use std::process::Command;

const METHODS: [&str; 8] = [
    "white",
    "bayer",
    "interleaved-gradient-noise",
    "high-pass",
    "void-and-cluster",
    "dither",
    "dither-smooth",
    "floyd-steinberg",
];

const TITLES: [&str; 8] = [
    "White noise",
    "Bayer 8 × 8",
    "Interleaved gradient noise",
    "High-pass, renormalised",
    "void-and-cluster",
    "dither",
    "dither-smooth",
    "Floyd–Steinberg",
];

/// A PNG of 8-bit samples.
fn encoded(width: u32, height: u32, color: ColorType, samples: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(samples).unwrap();
    bytes
}

fn figures(folder: &Folder, line: &str) -> Value {
    serde_json::from_str(&folder.good(line).stdout).unwrap()
}

/// A 24x16 ramp with a bright square.
fn ramp() -> Vec<u8> {
    let pixel = |x: usize, y: usize| if x > 15 && y > 9 { 230 } else { 9 * x + 2 * y };
    (0..24 * 16).map(|i| pixel(i % 24, i / 24) as u8).collect()
}

/// Linear light of an 8-bit sRGB code.
fn light(code: u8) -> f64 {
    let x = f64::from(code) / 255.0;
    if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
}

/// Blurs by the definition, mirrored at the borders.
fn blurred(plane: &[f64], width: i64, sigma: f64) -> Vec<f64> {
    let height = plane.len() as i64 / width;
    let radius = (4.0 * sigma).ceil() as i64;
    let fold = |i: i64, n: i64| i.rem_euclid(2 * n).min(2 * n - 1 - i.rem_euclid(2 * n));
    let pixel = |i: i64| {
        let (mut sum, mut weights) = (0.0, 0.0);
        for (dx, dy) in (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy))) {
            let weight = (-((dx * dx + dy * dy) as f64) / (2.0 * sigma * sigma)).exp();
            sum += weight * plane[(fold(i / width + dy, height) * width + fold(i % width + dx, width)) as usize];
            weights += weight;
        }
        sum / weights
    };
    (0..plane.len() as i64).map(pixel).collect()
}

/// Largest bin of a spectrum over the mean bin, the plane's mean taken off first.
fn structure(plane: &[f64], width: usize) -> f64 {
    let (n, height) = (plane.len(), plane.len() / width);
    let power = |u: usize, v: usize| {
        let (mut re, mut im) = (0.0, 0.0);
        for (i, value) in plane.iter().enumerate() {
            let turns = (u * (i % width)) as f64 / width as f64 + (v * (i / width)) as f64 / height as f64;
            re += value * (std::f64::consts::TAU * turns).cos();
            im += value * (std::f64::consts::TAU * turns).sin();
        }
        re * re + im * im
    };
    let bins: Vec<f64> = (1..n).map(|k| power(k % width, k / width)).collect();
    bins.iter().copied().fold(0.0, f64::max) / (bins.iter().sum::<f64>() / n as f64)
}

/// Bayer's matrix by its recursion; the figures of the other masks go through the same code.
#[test]
fn figures_are_what_their_definitions_say() {
    let folder = Folder::new();
    let ramp = ramp();
    folder.write("ramp.png", encoded(24, 16, ColorType::Grayscale, &ramp));
    let all = figures(&folder, "gallery ramp.png --json --palette web-safe --out r.html");
    assert_eq!(all["sigmas"], serde_json::json!([1.0, 1.5, 3.0]));
    assert_eq!(all["pictures"][0]["crop"], serde_json::json!([0, 0, 24, 16]));

    let mut matrix = vec![vec![0_usize]];
    for n in [1, 2, 4] {
        let value = |x: usize, y: usize| 4 * matrix[y % n][x % n] + [[0, 2], [3, 1]][y / n][x / n];
        matrix = (0..2 * n).map(|y| (0..2 * n).map(|x| value(x, y)).collect()).collect();
    }
    let picture: Vec<f64> = ramp.iter().map(|code| light(*code)).collect();
    for (output, values) in [(0, vec![0, 255]), (1, vec![0, 85, 170, 255])] {
        let levels: Vec<f64> = values.iter().map(|value| light(*value)).collect();
        let dithered: Vec<f64> = picture
            .iter()
            .enumerate()
            .map(|(i, wanted)| {
                let below = levels[..levels.len() - 1].iter().rposition(|level| level <= wanted).unwrap();
                let part = (wanted - levels[below]) / (levels[below + 1] - levels[below]);
                // So many of 64 pixels go up, those of the highest ranks.
                let up = (64.0 * part + 0.5).floor() as usize;
                levels[below + usize::from(matrix[i / 24 % 8][i % 8] >= 64 - up)]
            })
            .collect();
        let said = &all["pictures"][0]["outputs"][output];
        assert_eq!(said["output"], ["1-bit", "2-bit"][output]);
        assert_eq!(said["colors"], values.len());
        let bayer = &said["methods"][1];
        assert_eq!(bayer["method"], "bayer");
        for (i, sigma) in [1.0, 1.5, 3.0].into_iter().enumerate() {
            let pairs: Vec<(f64, f64)> =
                blurred(&dithered, 24, sigma).into_iter().zip(blurred(&picture, 24, sigma)).collect();
            let mean = |of: fn(f64, f64) -> f64| pairs.iter().map(|(a, b)| of(*a, *b)).sum::<f64>() / 384.0;
            let psnr = -10.0 * mean(|a, b| (a - b) * (a - b)).log10();
            let got = bayer["psnr_db"][i].as_f64().unwrap();
            assert!((got - psnr).abs() < 1e-6, "σ {sigma}: {got}, not {psnr}");
            // Greys have only L, the cube root of light.
            let error = 100.0 * mean(|a, b| (a.cbrt() - b.cbrt()).abs());
            let got = bayer["oklab"][i].as_f64().unwrap();
            assert!((got - error).abs() < 1e-4, "σ {sigma}: {got}, not {error}");
        }
        let error: Vec<f64> = dithered.iter().zip(&picture).map(|(a, b)| a - b).collect();
        let (got, expected) = (bayer["structure"].as_f64().unwrap(), structure(&error, 24));
        assert!((got / expected - 1.0).abs() < 1e-4, "{got}, not {expected}");
    }
}

#[test]
fn masks_beat_white_noise_and_only_diffusion_spreads() {
    let folder = Folder::new();
    // Without IMAGE: the sample.
    let all = figures(&folder, "gallery --json");
    let picture = &all["pictures"][0];
    assert_eq!(picture["crop"], serde_json::json!([0, 0, 512, 384]));
    for (output, colors) in [(0, 8), (1, 64), (2, 6)] {
        let output = &picture["outputs"][output];
        assert_eq!(output["colors"], colors);
        let methods = output["methods"].as_array().unwrap();
        assert!(methods.iter().map(|method| method["method"].as_str().unwrap()).eq(METHODS));
        for method in methods {
            let spread = method["spread"].as_u64().unwrap();
            let diffused = method["method"] == "floyd-steinberg";
            assert!(if diffused { spread > 1000 } else { spread == 0 }, "{method}");
        }
        let psnr = |name: &str, i: usize| {
            methods.iter().find(|method| method["method"] == name).unwrap()["psnr_db"][i].as_f64().unwrap()
        };
        // A palette cannot mix all colours: that error all methods share.
        let part = if colors == 6 { 0.3 } else { 1.0 };
        for (i, least) in [(0, 7.0), (1, 9.0), (2, 10.0)] {
            for mask in ["void-and-cluster", "dither", "dither-smooth"] {
                assert!(psnr(mask, i) > psnr("white", i) + part * least, "{mask}, {i}");
                assert!(psnr(mask, i) > psnr("high-pass", i) + part * 4.0, "{mask}, {i}");
            }
        }
    }
}

#[test]
fn the_page_has_all_methods_and_loads_nothing() {
    let folder = Folder::new();
    let color: Vec<u8> = (0..40_u32 * 30 * 3).map(|i| (i * 89 % 256) as u8).collect();
    folder.write("a<b>&.png", encoded(40, 30, ColorType::Rgb, &color));
    folder.write("ramp.png", encoded(24, 16, ColorType::Grayscale, &ramp()));
    let run = folder.good("gallery a<b>&.png ramp.png");
    assert_eq!(run.stdout, "wrote bluegrad-gallery.html: a<b>&.png, ramp.png by 8 methods\n");
    let page = folder.read_text("bluegrad-gallery.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    // Two pictures, each with 8 methods at three outputs, and fitted to the palette.
    assert_eq!(page.matches("data:image/png;base64,").count(), 2 * (1 + 3 * 8 + 1));
    let page = without_pictures(&page);
    assert!(page.contains("a&lt;b&gt;&amp;.png") && !page.contains("a<b>"));
    for (title, key) in TITLES.iter().zip(METHODS) {
        // A crop and a row in each of six sections.
        assert_eq!(page.matches(&format!("<th scope=\"row\">{title}</th>")).count(), 6, "{title}");
        assert_eq!(page.matches(&format!("-{key}\" disabled>{title}</button>")).count(), 6, "{title}");
    }
    assert_eq!(page.matches("class=\"output\">spectra-6: 6 colours</h3>").count(), 2);
    for heading in ["1 bit a channel: 8 colours", "2 bits a channel: 64 colours", "1 bit: 2 greys", "2 bits: 4 greys"] {
        assert_eq!(page.matches(&format!("class=\"output\">{heading}</h3>")).count(), 1, "{heading}");
    }
    for outside in ["http://", "https://", "<link", "src=", "url(\"", "@import", "NaN"] {
        assert!(!page.contains(outside), "{outside}");
    }
    // Each id once, and what refers to an id finds it.
    let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]).collect();
    let mut different = ids.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), ids.len());
    for part in ["data-shows=\"", "href=\"#"] {
        assert!(page.split(part).skip(1).all(|rest| ids.contains(&&rest[..rest.find('"').unwrap()])), "{part}");
    }
    // The table has the figures of JSON.
    let all = figures(&folder, "gallery a<b>&.png ramp.png --json");
    let psnr = all["pictures"][1]["outputs"][0]["methods"][5]["psnr_db"][0].as_f64().unwrap();
    let rows: Vec<&str> = page.split("<th scope=\"row\">dither</th>").collect();
    assert!(rows[4].replace("<strong>", "").starts_with(&format!("<td>{psnr:.2}<")), "{}", &rows[4][..80]);
}

#[test]
fn the_same_bytes_with_any_number_of_threads() {
    let folder = Folder::new();
    folder.write("ramp.png", encoded(24, 16, ColorType::Grayscale, &ramp()));
    let run = |threads: &str, name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bluegrad"));
        command.current_dir(folder.path()).env("RAYON_NUM_THREADS", threads);
        let output =
            command.args(["gallery", "ramp.png", "--quiet", "--out", name, "--strip", "s.png"]).output().unwrap();
        assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
        (folder.read(name), folder.read("s.png"))
    };
    assert!(run("1", "one.html") == run("4", "four.html"));
}

#[test]
fn options() {
    // web-safe has no table, which takes its time.
    let folder = Folder::new();
    let size = |name: &str| {
        let bytes = folder.read(name);
        let reader = ::png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        (reader.info().width, reader.info().height)
    };
    let color: Vec<u8> = (0..600_u32 * 520 * 3).map(|i| (i / 1800 % 256) as u8).collect();
    folder.write("large.png", encoded(600, 520, ColorType::Rgb, &color));
    let crop = |line: &str| figures(&folder, line)["pictures"][0]["crop"].clone();
    assert_eq!(crop("gallery large.png --palette web-safe --json"), serde_json::json!([44, 4, 512, 512]));
    assert_eq!(
        crop("gallery large.png --palette web-safe --json --crop 592,0,8,520"),
        serde_json::json!([592, 0, 8, 520])
    );
    assert!(folder.read_text("bluegrad-gallery.html").contains("from (592, 0) of 600 × 520"));

    folder.good("gallery large.png --palette web-safe --strip s.png --crop 0,0,200,50 --quiet");
    assert_eq!(size("s.png"), (4 * 208 + 3 * 4, 2 * 100 + 4));

    // The ramp has no colour, so grey changes nothing else.
    let grey = figures(&folder, "gallery large.png --palette web-safe --grey --json --crop 0,0,64,256");
    assert_eq!(grey["pictures"][0]["outputs"][1]["colors"], 4);
    // Codes come out lighter: a larger error in light.
    let codes = figures(&folder, "gallery large.png --palette web-safe --grey --codes --json --crop 0,0,64,256");
    let psnr = |all: &Value| all["pictures"][0]["outputs"][0]["methods"][5]["psnr_db"][2].as_f64().unwrap();
    assert!(psnr(&codes) + 10.0 < psnr(&grey), "{} {}", psnr(&codes), psnr(&grey));
    // A position for each channel: luminance has less noise.
    let same = figures(&folder, "gallery large.png --palette web-safe --json --crop 0,0,64,256");
    let apart = figures(&folder, "gallery large.png --palette web-safe --json --crop 0,0,64,256 --channels apart");
    assert_ne!(same, apart);
}

#[test]
fn pictures_without_an_error() {
    let folder = Folder::new();
    folder.write("white.png", encoded(8, 8, ColorType::Grayscale, &[255; 64]));
    let all = figures(&folder, "gallery white.png --palette web-safe --json");
    let method = &all["pictures"][0]["outputs"][0]["methods"][7];
    assert_eq!(method["psnr_db"], serde_json::json!([null, null, null]));
    assert_eq!((&method["oklab"], &method["structure"]), (&serde_json::json!([0.0, 0.0, 0.0]), &Value::Null));
    let page = without_pictures(&folder.read_text("bluegrad-gallery.html"));
    assert!(page.contains("exact") && !page.contains("inf") && !page.contains("NaN"));
}

/// The means are right but for the grain of the table, which trades some for less noise.
#[test]
fn palettes() {
    let folder = Folder::new();
    folder.write("ramp.png", encoded(24, 16, ColorType::Grayscale, &ramp()));
    folder.write("ends.png", encoded(16, 8, ColorType::Grayscale, &[[0; 8], [255; 8]].concat().repeat(8)));
    for (name, colors) in [("pico-8", 16), ("game-boy", 4), ("web-safe", 6)] {
        let all = figures(&folder, &format!("gallery ramp.png --json --palette {name}"));
        let output = &all["pictures"][0]["outputs"][2];
        assert_eq!((&output["output"], &output["colors"]), (&Value::from(name), &Value::from(colors)));
    }
    // Black and white become the darkest and the lightest colour: no dots, with any method.
    for name in ["spectra-6", "game-boy", "black-white-red"] {
        let all = figures(&folder, &format!("gallery ends.png --json --palette {name}"));
        for method in all["pictures"][0]["outputs"][2]["methods"].as_array().unwrap() {
            assert!(method["psnr_db"].as_array().unwrap().iter().all(Value::is_null), "{name}: {method}");
        }
    }
    // The pictures in the page: the mean of a dithered flat is the fitted grey.
    let shown = |page: &str, id: &str| {
        let rest = &page[page.find(&format!("<image id=\"{id}\"")).unwrap()..];
        let start = rest.find("base64,").unwrap() + 7;
        let bytes = decoded_base64(&rest[start..start + rest[start..].find('"').unwrap()]);
        let mut decoder = ::png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(::png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut samples = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut samples).unwrap();
        samples
    };
    folder.write("flat.png", encoded(128, 128, ColorType::Grayscale, &[150; 128 * 128]));
    folder.good("gallery flat.png --quiet");
    let page = folder.read_text("bluegrad-gallery.html");
    let (black, white) = ([31, 24, 41].map(light), [168, 180, 182].map(light));
    let fitted = shown(&page, "p0-spectra-6");
    let dithered = shown(&page, "p0-spectra-6-dither");
    for channel in 0..3 {
        let wanted = black[channel] + (white[channel] - black[channel]) * light(150);
        let mean = |samples: &[u8]| {
            samples[channel..].iter().step_by(3).map(|code| light(*code)).sum::<f64>() / (128.0 * 128.0)
        };
        assert!((mean(&fitted) - wanted).abs() < 0.003, "channel {channel}: {} of {wanted}", mean(&fitted));
        assert!((mean(&dithered) - wanted).abs() < 0.012, "channel {channel}: {} of {wanted}", mean(&dithered));
    }
}

fn decoded_base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits: Vec<u32> = text
        .bytes()
        .filter(|byte| *byte != b'=')
        .map(|byte| DIGITS.iter().position(|digit| *digit == byte).unwrap() as u32)
        .collect();
    let bytes = |four: &[u32]| {
        let word = four.iter().enumerate().fold(0, |word, (i, digit)| word | digit << (26 - 6 * i));
        word.to_be_bytes()[..four.len() - 1].to_vec()
    };
    digits.chunks(4).flat_map(bytes).collect()
}

#[test]
fn bad_input() {
    let folder = Folder::new();
    folder.write("in.png", encoded(24, 16, ColorType::Grayscale, &ramp()));
    folder.write("in.html", encoded(24, 16, ColorType::Grayscale, &ramp()));
    let bad = |line: &str, status: i32, said: &[&str]| {
        let line = format!("gallery {line}");
        folder.bad(&line.split_whitespace().collect::<Vec<_>>(), status, said);
    };
    for crop in ["1", "1,2,3", "0,0,8,8,8", "-1,0,8,8", "0,0,7,8", "0,0,8,1025", "a,b,c,d", "4294967296,0,8,8"] {
        bad(&format!("in.png --crop={crop}"), 2, &["--crop", "left, top, width and height"]);
    }
    for crop in ["17,0,8,8", "0,9,8,8", "0,0,25,8", "4294967295,0,8,8"] {
        bad(&format!("in.png --crop {crop}"), 1, &["in.png", crop, "24x16"]);
    }
    bad("in.png --channels nonsense", 2, &["nonsense", "same", "apart"]);
    bad("in.png --palette spectra-7", 2, &["spectra-7", "the palettes are", "spectra-6", "game-boy"]);
    bad("in.png --palette=", 2, &["--palette"]);
    bad("in.png --quiet --json", 2, &["--quiet", "--json"]);
    bad("in.png --out page.png", 2, &["page.png", "ends in .html"]);
    bad("in.html --out ./in.html", 2, &["in.html", "another file"]);
    bad("in.png --strip ./in.png", 2, &["in.png", "another file"]);
    bad("in.png --strip page.html --out ./page.html", 2, &["named twice"]);
    bad("in.png --out no/page.html", 1, &["no/page.html", "does not exist"]);
    bad("in.png --strip no/strip.png", 1, &["no/strip.png", "does not exist"]);
    bad("missing.png", 1, &["missing.png"]);
    bad(".", 1, &["bluegrad: .: "]);
    // Also as a later picture.
    folder.write("no.png", b"no picture");
    bad("in.png no.png", 1, &["no.png", "not a picture", "PNG"]);
    folder.write("cut.png", &encoded(24, 16, ColorType::Grayscale, &ramp())[..60]);
    bad("cut.png", 1, &["cut.png", "PNG"]);
    for (width, height) in [(1, 40), (40, 1), (7, 8), (8, 7)] {
        folder.write("small.png", png(width, height, ColorType::Rgb, BitDepth::Eight));
        bad("small.png", 1, &["small.png", &format!("{width}x{height}"), "8x8"]);
    }
}
