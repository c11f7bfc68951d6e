//! `bluegrad compare`: table, JSON, page.

use crate::common::{Folder, without_pictures};
use serde_json::Value;

/// A folder with one blue mask and two others.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.good("generate --size 32 --steps 300 --out blue.png");
    // An odd multiplier maps indices to all ranks; the patterns are lines.
    for (name, factor) in [("lines.u32", 389_u32), ("steep.u32", 97)] {
        let ranks: Vec<u8> = (0..1024_u32).flat_map(|i| (i * factor % 1024).to_le_bytes()).collect();
        folder.write(name, ranks);
    }
    folder
}

#[test]
fn a_table_with_the_best_marked() {
    let folder = folder();
    let text = folder.good("compare blue.png lines.u32 steep.u32").stdout;
    for part in [
        "structure",
        "grey of the worst",
        "blue",
        "lines",
        "steep",
        "32x32",
        "error to the eye",
        "LFthr",
        "RMS",
        "flatness",
        "PSNR",
        "1/64",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.lines().all(|line| line.len() <= 120), "{text}");
    let dark = text.lines().find(|line| line.contains("power, f <= 0.25")).unwrap();
    let cells: Vec<&str> = dark.split_whitespace().skip(4).collect();
    assert!(cells[0].ends_with('*') && !cells[1].ends_with('*') && !cells[2].ends_with('*'), "{dark}");
    let anisotropy = text.lines().find(|line| line.contains("anisotropy,")).unwrap();
    assert!(!anisotropy.contains('*'), "{anisotropy}");
}

#[test]
fn many_masks_fit_a_terminal() {
    let folder = folder();
    let text = folder.good(&format!("compare {}", "blue.png lines.u32 ".repeat(4))).stdout;
    assert!(text.lines().all(|line| line.len() <= 120), "{text}");
    // Equal names are replaced by letters.
    assert!(text.starts_with("A  blue.png"), "{text}");
    assert!(text.contains("H  lines.u32"), "{text}");
}

#[test]
fn json_says_which_is_best() {
    let folder = folder();
    let text = folder.good("compare --json lines.u32 blue.png blue.png").stdout;
    let value: Value = serde_json::from_str(&text).unwrap();
    let alone: Value = serde_json::from_str(&folder.good("measure --json lines.u32").stdout).unwrap();
    assert_eq!(value["masks"][0], alone[0]);
    assert_eq!(value["best"]["low_power_db_radius_0.25"], serde_json::json!([1, 2]));
    assert_eq!(value["best"]["anisotropy_db"], serde_json::json!([]));
    assert_eq!(value["best"]["peak_mean"], serde_json::json!([1, 2]));
    assert_eq!(value["best"]["peak_worst_grey"], serde_json::json!([]));
    let psnr = |i: usize| value["masks"][i]["ramp_psnr_db"][0].as_f64().unwrap();
    let best = if psnr(0) > psnr(1) { serde_json::json!([0]) } else { serde_json::json!([1, 2]) };
    assert_eq!(value["best"]["ramp_psnr_db_bits_1"], best);
}

#[test]
fn the_page() {
    let folder = folder();
    folder.write("a<b>&.u8", (0..64_u32).map(|i| (i * 37 % 64) as u8).collect::<Vec<_>>());
    folder.good("compare blue.png a<b>&.u8 lines.u32 --report r.html");
    let page = folder.read_text("r.html");
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    // Pictures: five levels of three masks, each with a spectrum, and the colour scale.
    assert_eq!(page.matches("data:image/png;base64,").count(), 2 * 5 * 3 + 1);
    // Two rings per level, or one where a bin is its own mirror image; a ring is two circles.
    let rings = page.matches("<circle").count() - page.matches("<circle class").count();
    assert!(page.matches("class=\"marked\"").count() == 15 && (30..=60).contains(&rings), "{rings}");
    // Plots: three over levels, one profile of the masks, five profiles of levels.
    assert_eq!(page.matches("role=\"img\"").count(), 9);
    assert_eq!(page.matches("<li>").count(), 3);
    assert!(page.contains("a&lt;b&gt;&amp;") && !page.contains("a<b>"));
    let page = without_pictures(&page);
    assert!(page.contains("<strong>") && !page.contains("NaN") && !page.contains("inf dB"));
    for outside in ["http://", "https://", "<script", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn bad_input() {
    let folder = folder();
    folder.bad(&["compare"], 2, &["FILE"]);
    folder.bad(&["compare", "blue.png"], 2, &["not 1", "2 to 8 masks"]);
    folder.bad(&[&["compare"], &["blue.png"; 9][..]].concat(), 2, &["not 9", "2 to 8 masks"]);
    folder.bad(&["compare", "blue.png", "missing.png"], 1, &["missing.png"]);
    folder.bad(&["compare", "blue.png", "lines.u32", "--report", "no/r.html"], 1, &["no/r.html", "does not exist"]);
    folder.bad(&["compare", "blue.png", "lines.u32", "--report", "r.png"], 2, &["r.png", "ends in .html"]);
    folder.bad(&["compare", "blue.png", "lines.u32", "--report", "./blue.png"], 2, &["blue.png", "another file"]);
    folder.bad(&["compare", "blue.png", "missing.png", "--report", "r.html"], 1, &["missing.png"]);
    folder.write("flat.u8", [7; 64]);
    folder.bad(&["compare", "blue.png", "flat.u8"], 1, &["flat.u8", "different values"]);
    folder.write("odd.u8", [1; 200]);
    folder.bad(&["compare", "blue.png", "odd.u8", "--report", "r.html"], 1, &["odd.u8", "--width and --height"]);
}
