//! `bluegrad measure` on masks of bluegrad and on other masks.

use crate::common::{Folder, png};
use png::{BitDepth, ColorType};
use serde_json::Value;

fn json(folder: &Folder, line: &str) -> Vec<Value> {
    let text = folder.good(&format!("measure --json {line}")).stdout;
    serde_json::from_str(&text).unwrap()
}

fn low_power(value: &Value) -> Vec<f64> {
    value["low_power_db"].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

#[test]
fn every_format_that_can_be_read() {
    let folder = Folder::new();
    let names = ["m.png", "m.npy", "m.u8", "m.u16", "m.u32", "m.f32"];
    for name in names {
        folder.good(&format!("generate --preset spectral --size 64 --steps 300 --out {name}"));
    }
    folder.good("generate --preset spectral --size 64 --steps 300 --depth 16 --out deep.png");
    let all = json(&folder, &format!("{} deep.png", names.join(" ")));
    assert_eq!(all.len(), 7);
    let exact = low_power(&all[4]);
    assert!(exact.iter().all(|power| *power < -35.0), "{exact:?}");
    for (value, bits) in all.iter().zip([8, 0, 8, 16, 0, 0, 16]) {
        assert_eq!(value["width_pixels"], 64);
        assert_eq!(value["height_pixels"], 64);
        assert_eq!(value["histogram"]["exact"], true);
        let allowed = if bits == 8 { 15.0 } else { 0.1 };
        let close = low_power(value).iter().zip(&exact).all(|(a, b)| (a - b).abs() < allowed);
        assert!(close, "{value} against {exact:?}");
    }
    let kinds: Vec<&str> = all.iter().map(|value| value["histogram"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["balanced", "distinct", "balanced", "distinct", "ranks", "distinct", "distinct"]);
    assert_eq!(all[0]["histogram"]["levels"], 256);
    assert_eq!(all[0]["histogram"]["min_count"], 16);
    assert_eq!(all[0]["histogram"]["max_count"], 16);
}

#[test]
fn a_table_of_several() {
    let folder = Folder::new();
    folder.good("generate --size 16 --steps 5 --out a.png");
    folder.good("generate --width 32 --height 16 --steps 5 --out b.npy");
    let text = folder.good("measure a.png b.npy").stdout;
    assert_eq!(text.lines().count(), 6);
    for part in ["flat", "anis.", "hist.", "peak", "LFthr", "s=1.5", "R=0.125", "16x16", "32x16", "exact"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.lines().all(|line| line.len() <= 120), "{text}");
}

#[test]
fn one_at_length() {
    let folder = Folder::new();
    folder.good("generate --size 32 --steps 50 --out a.png");
    let text = folder.good("measure a.png").stdout;
    for part in ["32x32", "each 4 times", "error to the eye", "63/64", "LFthr", "RMS", "PSNR", "flatness", "anisotropy"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.lines().all(|line| line.len() <= 120), "{text}");
    // Text and JSON have the same figures.
    let value = &json(&folder, "a.png")[0];
    let line = |name: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(name));
        line.unwrap()[42..].split_whitespace().map(|cell| cell.parse().unwrap()).collect::<Vec<f64>>()
    };
    let near = |printed: &[f64], figures: &Value, by: f64| {
        let figures = figures.as_array().unwrap();
        assert_eq!(printed.len(), figures.len());
        assert!(
            printed.iter().zip(figures).all(|(a, b)| (a - b.as_f64().unwrap()).abs() <= by),
            "{printed:?} {figures:?}"
        );
    };
    let patterns = &value["patterns"];
    near(&line("error to the eye, mean"), &patterns["hvs_error_mean_db"], 0.00501);
    near(&line("error to the eye, worst"), &patterns["hvs_error_worst_db"], 0.00501);
    near(&line("error to the eye, all"), &patterns["total_energy_db"], 0.00501);
    near(&line("RMS"), &patterns["rms_thousandths"], 0.0501);
    let peaks = |names: &[&str]| names.iter().map(|name| patterns[name].clone()).collect::<Value>();
    near(&line("largest bin, x"), &peaks(&["peak_mean", "peak_mid", "peak_worst"]), 0.0501);
    let frequency = patterns["peak_worst_frequency_cycles_per_pixel"].as_array().unwrap();
    let worst = [&[patterns["peak_worst_grey"].clone()], &frequency[..]].concat();
    near(&line("worst: grey; f"), &worst.into(), 0.000501);
    near(&line("ramp"), &value["ramp_psnr_db"], 0.0501);
    near(&line("power"), &value["low_power_db"], 0.00501);
    let levels: Vec<Value> =
        patterns["levels"].as_array().unwrap().iter().map(|level| level["low_frequency_db"].clone()).collect();
    // At this size, the lowest radius has no bin.
    let printed = text.lines().find(|line| line.contains("half the principal")).unwrap()[42..].split_whitespace();
    for (cell, level) in printed.zip(levels) {
        let same = level.as_f64().map_or(cell == "-", |db| (cell.parse::<f64>().unwrap() - db).abs() <= 0.00501);
        assert!(same, "{cell} {level}");
    }
}

/// An 8-bit mask has the same patterns as its ranks.
#[test]
fn patterns_do_not_depend_on_the_format() {
    let folder = Folder::new();
    let names = ["m.png", "m.npy", "m.u16", "m.u32"];
    for name in names {
        folder.good(&format!("generate --size 32 --steps 100 --out {name}"));
    }
    let all = json(&folder, &names.join(" "));
    for value in &all[1..] {
        let same =
            |name: &str| assert!(value["patterns"][name] == all[0]["patterns"][name], "{name} of {}", value["file"]);
        ["levels", "hvs_error_mean_db", "hvs_error_worst_db", "rms_thousandths", "hard_cut_db"]
            .into_iter()
            .for_each(same);
        // 8 bits have 255 thresholds only.
        let energy = [value, &all[0]].map(|value| value["patterns"]["total_energy_db"][1].as_f64().unwrap());
        assert!((energy[0] - energy[1]).abs() < 0.02, "{energy:?}");
    }
    let hvs = all[0]["patterns"]["hvs_error_mean_db"][1].as_f64().unwrap();
    assert!(hvs < -1.0, "{hvs}");
}

/// The table of several masks shows the high peaks of ordered dither.
#[test]
fn a_lattice_has_a_peak() {
    let folder = Folder::new();
    let bayer = |x: u32, y: u32| (0..5).fold(0, |rank, bit| 4 * rank + 2 * ((x ^ y) >> bit & 1) + (y >> bit & 1));
    folder.write("bayer.u32", (0..1024).flat_map(|i| bayer(i % 32, i / 32).to_le_bytes()).collect::<Vec<u8>>());
    let value = &json(&folder, "bayer.u32")[0]["patterns"];
    assert_eq!(value["peak_worst_grey"], 0.5);
    assert_eq!(value["peak_worst_frequency_cycles_per_pixel"], serde_json::json!([0.5, 0.5]));
    assert!((value["peak_worst"].as_f64().unwrap() - 1024.0).abs() < 1e-6, "{value}");
    let level = value["levels"].as_array().unwrap().iter().find(|level| level["name"] == "1/4").unwrap();
    assert!((level["peak"].as_f64().unwrap() - 1024.0 / 3.0).abs() < 1e-6, "{level}");
    assert!(folder.good("measure bayer.u32").stdout.contains("1024.0"));
    let text = folder.good("measure bayer.u32 bayer.u32").stdout;
    assert!(text.lines().last().unwrap().split_whitespace().any(|cell| cell.ends_with("/1024")), "{text}");
}

#[test]
fn raw_masks_that_are_not_square() {
    let folder = Folder::new();
    folder.good("generate --width 64 --height 16 --steps 5 --out m.u16");
    // 64 * 16 = 32 * 32: without a size the file reads as a square.
    assert_eq!(json(&folder, "m.u16")[0]["width_pixels"], 32);
    let value = &json(&folder, "m.u16 --width 64 --height 16")[0];
    assert_eq!((&value["width_pixels"], &value["height_pixels"]), (&64.into(), &16.into()));
}

#[test]
fn other_sizes_and_depths() {
    let folder = Folder::new();
    for (name, depth) in
        [("1.png", BitDepth::One), ("2.png", BitDepth::Two), ("4.png", BitDepth::Four), ("8.png", BitDepth::Eight)]
    {
        folder.write(name, png(9, 11, ColorType::Grayscale, depth));
        let value = &json(&folder, name)[0];
        assert_eq!((&value["width_pixels"], &value["height_pixels"]), (&9.into(), &11.into()));
        assert_eq!(value["histogram"]["exact"], false);
    }
    assert_eq!(json(&folder, "2.png")[0]["histogram"]["levels"], 4);
    assert!(folder.good("measure 4.png").stdout.contains("uneven: 2 of 16 levels used"));
}

#[test]
fn other_arrays() {
    let folder = Folder::new();
    let values: Vec<f64> = (0..100).map(|i| f64::from(i * 37 % 101) * 1e300).collect();
    let data: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    for (version, length) in [(1, 2), (2, 4), (3, 4)] {
        // Keys in another order, double quotes, no space.
        let header = "{\"shape\":(10,10),\"fortran_order\":False,\"descr\":\"<f8\"}\n";
        let size = &(header.len() as u32).to_le_bytes()[..length];
        folder.write("m.npy", [b"\x93NUMPY", &[version, 0][..], size, header.as_bytes(), &data].concat());
        assert_eq!(json(&folder, "m.npy")[0]["histogram"]["kind"], "distinct");
    }
}

#[test]
fn the_smallest() {
    let folder = Folder::new();
    folder.write("m.u8", (0..64_u32).map(|i| (i * 37 % 64) as u8).collect::<Vec<_>>());
    let value = &json(&folder, "m.u8")[0];
    assert_eq!(value["histogram"]["kind"], "ranks");
    assert!(!folder.good("measure m.u8").stdout.contains("NaN"));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command, Stdio};
    let folder = Folder::new();
    folder.write("m.u8", (0..64).collect::<Vec<u8>>());
    let mut command = Command::new(env!("CARGO_BIN_EXE_bluegrad"));
    command.current_dir(folder.path()).arg("measure").args(vec!["m.u8"; 2000]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
}
