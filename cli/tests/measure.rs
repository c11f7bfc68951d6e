//! `bluegrad measure` on masks of its own making and on others.

mod common;

use common::{Folder, png};
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
        folder.good(&format!("generate --size 64 --steps 300 --out {name}"));
    }
    folder.good("generate --size 64 --steps 300 --depth 16 --out deep.png");
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
    assert_eq!(text.lines().count(), 4);
    for part in ["flatness", "anisotropy", "histogram", "R=0.125", "16x16", "32x16", "each once"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn raw_masks_that_are_not_square() {
    let folder = Folder::new();
    folder.good("generate --width 64 --height 16 --steps 5 --out m.u16");
    // 64 * 16 = 32 * 32: taken for a square unless told.
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
