//! File formats of point sets in one table, and their writers.

use crate::c_header;
use crate::npy::{self, Element};
use crate::picture;
use bluegrad::Shape;
use bluegrad::points::unit;
use std::fmt::Write;
use std::path::Path;

/// A set with what its file says about it.
pub(crate) struct PointFile<'a> {
    pub(crate) points: &'a [[u32; 2]],
    /// Whole numbers in units of 2^-32, else floats.
    pub(crate) whole: bool,
    /// File name without folder and extension.
    pub(crate) stem: &'a str,
    /// Command that makes the set again.
    pub(crate) command: &'a str,
}

type Writer = fn(&PointFile<'_>) -> Result<Vec<u8>, String>;

/// Extension, whether the format has whole numbers, writer.
const FORMATS: [(&str, bool, Writer); 6] = [
    ("npy", true, array),
    ("csv", true, table),
    ("ply", true, cloud),
    ("svg", false, drawing),
    ("h", true, header),
    ("png", false, preview),
];

/// Returns the writer of a file by its extension; `whole` if whole numbers are wanted.
pub(crate) fn writer(path: &Path, whole: bool) -> Result<Writer, String> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let found = FORMATS.iter().find(|(name, _, _)| name.eq_ignore_ascii_case(extension));
    let Some((name, has_whole, writer)) = found else {
        let names = FORMATS.map(|(name, _, _)| format!(".{name}")).join(", ");
        return Err(format!("points are written as {names}; name a file that ends in one of these"));
    };
    if whole && !has_whole {
        return Err(format!(".{name} has no whole numbers; leave --depth out"));
    }
    Ok(*writer)
}

/// A coordinate as text: the shortest that reads back to the same value.
fn text(coordinate: u32, whole: bool) -> String {
    if whole { coordinate.to_string() } else { unit(coordinate).to_string() }
}

fn array(file: &PointFile<'_>) -> Result<Vec<u8>, String> {
    let shape = Shape::new(2, file.points.len() as u32);
    let all = file.points.iter().flatten();
    Ok(if file.whole {
        npy::encode(Element::U4, shape, &all.flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())
    } else {
        npy::encode(Element::F4, shape, &all.flat_map(|x| unit(*x).to_le_bytes()).collect::<Vec<u8>>())
    })
}

fn table(file: &PointFile<'_>) -> Result<Vec<u8>, String> {
    let mut lines = String::from("x,y\n");
    for [x, y] in file.points {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(lines, "{},{}", text(*x, file.whole), text(*y, file.whole));
    }
    Ok(lines.into_bytes())
}

fn cloud(file: &PointFile<'_>) -> Result<Vec<u8>, String> {
    let kind = if file.whole { "uint" } else { "float" };
    let (count, command) = (file.points.len(), file.command);
    let mut lines = format!(
        "ply\nformat ascii 1.0\ncomment {command}\nelement vertex {count}\nproperty {kind} x\nproperty {kind} y\nproperty {kind} z\nend_header\n"
    );
    for [x, y] in file.points {
        let _ = writeln!(lines, "{} {} 0", text(*x, file.whole), text(*y, file.whole));
    }
    Ok(lines.into_bytes())
}

/// Radius of a dot, in mean distances.
const DOT: f64 = 0.25;

fn drawing(file: &PointFile<'_>) -> Result<Vec<u8>, String> {
    let radius = DOT / (file.points.len() as f64).sqrt();
    let mut lines = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\" width=\"800\" height=\"800\">\n<desc>{}</desc>\n<rect width=\"1\" height=\"1\" fill=\"#fff\"/>\n",
        file.command
    );
    for [x, y] in file.points {
        let (x, y) = (unit(*x), unit(*y));
        let _ = writeln!(lines, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius:.6}\"/>");
    }
    lines += "</svg>\n";
    Ok(lines.into_bytes())
}

fn header(file: &PointFile<'_>) -> Result<Vec<u8>, String> {
    let (name, count) = (c_header::name_of_file(file.stem), file.points.len());
    let guard = format!("{}_H", name.to_ascii_uppercase());
    let (include, kind, unit_of) = if file.whole {
        ("#include <stdint.h>\n\n", "uint32_t", "units of 2^-32 of the torus")
    } else {
        ("", "float", "[0, 1)")
    };
    let mut lines = format!(
        "/* {count} points, x and y in {unit_of}.\n * {} */\n#ifndef {guard}\n#define {guard}\n\n{include}#define {}_COUNT {count}\n\nstatic const {kind} {name}[{count}][2] = {{\n",
        file.command,
        name.to_ascii_uppercase()
    );
    let literal = |x: u32| {
        let text = text(x, file.whole);
        match (file.whole, text.contains('.')) {
            (true, _) => text + "u",
            (false, true) => text + "f",
            (false, false) => text + ".0f",
        }
    };
    for [x, y] in file.points {
        let _ = writeln!(lines, "    {{{}, {}}},", literal(*x), literal(*y));
    }
    lines += "};\n\n#endif\n";
    Ok(lines.into_bytes())
}

/// Dots of half a mean distance, white around them; eight pixels a mean distance, 64 to 4096 a side.
fn preview(file: &PointFile<'_>) -> Result<Vec<u8>, String> {
    let root = (file.points.len() as f64).sqrt();
    let side = ((8.0 * root).round() as usize).clamp(64, 4096);
    let radius = DOT * side as f64 / root;
    let mut pixels = vec![255_u8; side * side];
    let reach = radius.ceil() as i64 + 1;
    for point in file.points {
        let [x, y] = point.map(|x| f64::from(x) / 4_294_967_296.0 * side as f64);
        for (dy, dx) in (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dy, dx))) {
            let (column, row) = (x.floor() as i64 + dx, y.floor() as i64 + dy);
            let distance = (column as f64 + 0.5 - x).hypot(row as f64 + 0.5 - y);
            let cover = (radius + 0.5 - distance).clamp(0.0, 1.0);
            let at = row.rem_euclid(side as i64) as usize * side + column.rem_euclid(side as i64) as usize;
            pixels[at] = pixels[at].min((255.0 * (1.0 - cover)).round() as u8);
        }
    }
    picture::encode_grey(Shape::new(side as u32, side as u32), png::BitDepth::Eight, &pixels)
}
