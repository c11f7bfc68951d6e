//! The command `points`: every file format holds the same points; bad input.

use crate::common::Folder;
use std::io::Cursor;

const SET: &str = "points --count 37 --seed 5 --preset fast";

/// The file of a set, as `.npy` with whole numbers gives the points.
fn made(name: &str, options: &str) -> (Vec<u8>, Vec<[u32; 2]>) {
    let folder = Folder::new();
    folder.good(&format!("{SET} --depth 32 --out whole.npy"));
    folder.good(&format!("{SET} --out {name} {options}"));
    let (header, data) = npy(&folder.read("whole.npy"));
    assert!(header.contains("'<u4'") && header.contains("'shape': (37, 2)"), "{header}");
    let words: Vec<u32> = data.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
    assert_eq!(words.len(), 2 * 37);
    (folder.read(name), words.as_chunks::<2>().0.to_vec())
}

fn npy(bytes: &[u8]) -> (String, Vec<u8>) {
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    (String::from_utf8(bytes[10..10 + length].to_vec()).unwrap(), bytes[10 + length..].to_vec())
}

/// The nearest multiple of 2^-24 below.
fn float(coordinate: u32) -> f32 {
    (f64::from(coordinate >> 8) / f64::from(1 << 24)) as f32
}

#[test]
fn npy_of_floats() {
    let (bytes, points) = made("set.npy", "");
    let (header, data) = npy(&bytes);
    assert!(header.contains("'<f4'") && header.contains("'shape': (37, 2)"), "{header}");
    assert!(data.into_iter().eq(points.as_flattened().iter().flat_map(|x| float(*x).to_le_bytes())));
}

#[test]
fn text_files_read_back_to_the_points() {
    let skip = |name: &str| match name {
        "set.csv" => 1,
        _ => 8,
    };
    for (name, separator) in [("set.csv", ','), ("set.ply", ' ')] {
        for options in ["", "--depth 32"] {
            let (bytes, points) = made(name, options);
            let text = String::from_utf8(bytes).unwrap();
            let lines: Vec<&str> = text.lines().skip(skip(name)).collect();
            assert_eq!(lines.len(), 37, "{text}");
            for (line, point) in lines.iter().zip(&points) {
                let cells: Vec<&str> = line.split(separator).take(2).collect();
                if options.is_empty() {
                    assert!(cells.iter().map(|cell| cell.parse::<f32>().unwrap()).eq(point.map(float)), "{line}");
                } else {
                    assert!(cells.iter().map(|cell| cell.parse::<u32>().unwrap()).eq(*point), "{line}");
                }
            }
        }
    }
    let (bytes, points) = made("set.svg", "");
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches("<circle").count(), 37);
    assert!(text.contains(&format!("cx=\"{}\" cy=\"{}\"", float(points[9][0]), float(points[9][1]))));
    assert!(text.contains("bluegrad points --count 37 --seed 5 --preset fast"));
    let (bytes, points) = made("my-set.h", "--depth 32");
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("static const uint32_t bluegrad_my_set[37][2] = {"), "{text}");
    assert!(text.contains(&format!("{{{}u, {}u}},", points[36][0], points[36][1])));
    let (bytes, points) = made("set.h", "");
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.contains("static const float bluegrad_set[37][2] = {") && !text.contains("stdint"), "{text}");
    assert!(text.contains(&format!("{{{:?}f, ", float(points[3][0]))));
}

/// The preview is darkest where a point is.
#[test]
fn preview() {
    let (bytes, points) = made("set.png", "");
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (64, 64));
    for [x, y] in points {
        assert_eq!(pixels[(y >> 26) as usize * 64 + (x >> 26) as usize], 0);
    }
    let dark = pixels.iter().map(|pixel| f64::from(255 - pixel)).sum::<f64>() / (255.0 * 64.0 * 64.0);
    // a dot of a quarter of the mean distance
    assert!((dark - std::f64::consts::PI / 16.0).abs() < 0.03, "{dark}");
}

#[test]
fn options_change_the_set_but_threads_and_levels_do_not() {
    let folder = Folder::new();
    let set = |options: &str| {
        folder.good(&format!("points --count 4000 --preset fast --out set.npy {options}"));
        folder.read("set.npy")
    };
    let plain = set("");
    assert!(set("--threads 3") == plain && set("--level scalar") == plain && set("--seed 0") == plain);
    assert!(set("--seed 1") != plain && set("--sigma 0.8") != plain);
    assert!(folder.list() == ["set.npy"]);
}

/// `measure --points` of every format, of prefixes, and as JSON.
#[test]
fn measured() {
    let folder = Folder::new();
    let mut found = Vec::new();
    for name in ["set.npy", "set.csv", "set.ply", "set.svg"] {
        folder.good(&format!("points --count 600 --out {name}"));
        let text = folder.good(&format!("measure --points {name}")).stdout;
        assert!(text.starts_with(&format!("{name}: 600 points\n")), "{text}");
        found.push(text.split_once('\n').unwrap().1.to_string());
    }
    for name in ["whole.npy", "whole.csv", "whole.ply"] {
        folder.good(&format!("points --count 600 --depth 32 --out {name}"));
        found.push(folder.good(&format!("measure --points {name}")).stdout.split_once('\n').unwrap().1.to_string());
    }
    let figure = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name}: {text}"));
        line.split_whitespace().last().unwrap().parse::<f64>().unwrap()
    };
    for text in &found {
        // whole numbers have 8 bits more
        assert!(figure(text, "Power below 1/4") < -68.0, "{text}");
        assert_eq!(figure(text, "Effective Nyquist"), figure(&found[0], "Effective Nyquist"));
    }
    let json = folder.good("measure --points --json --prefix 100 set.npy set.csv").stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 2);
    assert_eq!(json[1]["points"], 100);
    // text has the shortest digits of a float of 32 bits
    let [a, b] = [0, 1].map(|i| json[i]["bilinear_error_db"].as_f64().unwrap());
    assert!((a - b).abs() < 1e-6, "{a}, {b}");

    folder.write("outside.csv", "x,y\n0.5,1.5\n0.1,0.2\n");
    folder.write("word.csv", "0.5,0.5\n0.1,much\n");
    folder.write("one.csv", "0.5\n0.1\n");
    folder.write("single.csv", "0.5,0.5\n");
    folder.write("cut.ply", "ply\nformat ascii 1.0\nelement vertex 3\nend_header\n0 0 0\n");
    folder.write("binary.ply", "ply\nformat binary_little_endian 1.0\nelement vertex 3\nend_header\n");
    folder.write("box.svg", "<svg viewBox=\"0 0 9 9\"><circle cx=\"1\" cy=\"1\"/></svg>");
    folder.good("generate --size 8 --out mask.npy");
    for (file, said) in [
        ("outside.csv", "a coordinate is 1.5: floats must be at least 0 and below 1"),
        ("word.csv", "`much` is no number"),
        ("one.csv", "a line has x and y"),
        ("single.csv", "1 points: 2 to 131072 can be measured"),
        ("cut.ply", "1 of 3 vertices"),
        ("binary.ply", "only .ply files in ASCII"),
        ("box.svg", "viewBox"),
        ("mask.npy", "shape (N, 2)"),
        ("mask.png", "mask.png"),
    ] {
        folder.bad(&["measure", "--points", file], 1, &[said]);
    }
    folder.bad(&["measure", "--points", "--prefix", "601", "set.csv"], 1, &["600 points, of which 601"]);
    folder.bad(&["measure", "--prefix", "6", "set.csv"], 2, &["--points"]);
}

#[test]
fn bad_input() {
    let folder = Folder::new();
    let bad = |line: &str, status, said: &str| folder.bad(&line.split(' ').collect::<Vec<_>>(), status, &[said]);
    bad("points --count 0 --out a.npy", 2, "0 points: a set has 1 to 4194304 of them");
    bad("points --count 4194305 --out a.npy", 2, "4194305 points: a set has 1 to 4194304 of them");
    bad("points --count x --out a.npy", 2, "expected a whole number");
    bad("points --count 9", 2, "--out");
    for sigma in ["0.5", "0", "1", "nan", "-0.7"] {
        bad(&format!("points --count 9 --sigma {sigma} --out a.npy"), 2, "it must be from 0.68 to 0.95");
    }
    bad("points --count 9 --preset slow --out a.npy", 2, "slow");
    bad("points --count 9 --out a.txt", 2, "points are written as .npy, .csv, .ply, .svg, .h, .png");
    bad("points --count 9 --depth 32 --out a.svg", 2, "leave --depth out");
    bad("points --count 9 --out missing/a.npy", 1, "does not exist");
    folder.good("points --count 9 --out a.npy");
    bad("points --count 9 --no-clobber --out a.npy", 1, "the file exists");
}
