//! Palette files: GIMP `.gpl`, `.hex`, JASC `.pal`, and the palette of a PNG. The content says the format.

use crate::args::{Color, color};
use png::{ColorType, Decoder};
use std::io::Cursor;

/// First bytes of every PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// First line of a GIMP palette.
const GIMP: &str = "GIMP Palette";

/// First line of a JASC palette.
const JASC: &str = "JASC-PAL";

/// Returns the colours of a file, in its order; how many a palette may have is checked elsewhere.
pub(crate) fn parse(bytes: &[u8]) -> Result<Vec<Color>, String> {
    if bytes.starts_with(PNG) {
        return of_png(bytes);
    }
    let unknown = "not a palette: expected a GIMP .gpl, a .hex, a JASC .pal or a PNG with a palette";
    let text = std::str::from_utf8(bytes).map_err(|_| unknown)?;
    // Some editors put a byte order mark before the text.
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = (1..).zip(text.lines().map(str::trim));
    let colors = match lines.next() {
        Some((_, GIMP)) => gimp(lines)?,
        Some((_, JASC)) => jasc(lines)?,
        Some((_, first)) if color(first).is_some() || first.is_empty() || first.starts_with(';') => hex(text)?,
        _ => return Err(unknown.to_string()),
    };
    if colors.is_empty() { Err("the file has no colours".to_string()) } else { Ok(colors) }
}

/// `R G B`, then a name; comments start with #.
fn gimp<'t>(lines: impl Iterator<Item = (u32, &'t str)>) -> Result<Vec<Color>, String> {
    let is_header = |line: &str| ["Name:", "Columns:", "Channels:"].iter().any(|name| line.starts_with(name));
    let colors = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#') && !is_header(line));
    colors
        .map(|(number, line)| rgb(line).ok_or_else(|| wrong(number, line, "red, green and blue from 0 to 255")))
        .collect()
}

/// A version, the number of colours, then `R G B` in each line.
fn jasc<'t>(lines: impl Iterator<Item = (u32, &'t str)>) -> Result<Vec<Color>, String> {
    let mut lines = lines.filter(|(_, line)| !line.is_empty());
    let version = lines.next().map(|(_, line)| line);
    if version != Some("0100") {
        return Err(format!("a JASC palette of version {}: expected 0100", version.unwrap_or("nothing")));
    }
    let (number, line) = lines.next().ok_or("a truncated JASC palette: it has no number of colours")?;
    let count: usize = line.parse().map_err(|_| wrong(number, line, "the number of colours"))?;
    let colors: Vec<Color> = lines
        .map(|(number, line)| rgb(line).ok_or_else(|| wrong(number, line, "red, green and blue from 0 to 255")))
        .collect::<Result<_, _>>()?;
    if colors.len() == count {
        Ok(colors)
    } else {
        Err(format!("a JASC palette of {} colours that says {count}", colors.len()))
    }
}

/// A colour in each line; comments start with ;.
fn hex(text: &str) -> Result<Vec<Color>, String> {
    let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty() && !line.starts_with(';'));
    lines.map(|(number, line)| color(line).ok_or_else(|| wrong(number, line, "a colour such as ff8000"))).collect()
}

/// Parses three numbers of 8 bits; words may follow.
fn rgb(line: &str) -> Option<Color> {
    let mut words = line.split_whitespace().map(|word| word.parse().ok());
    Some([words.next()??, words.next()??, words.next()??])
}

fn wrong(number: u32, line: &str, expected: &str) -> String {
    let start: String = line.chars().take(20).collect();
    format!("line {number}: `{start}`: expected {expected}")
}

/// The palette of a PNG, without its pixels.
fn of_png(bytes: &[u8]) -> Result<Vec<Color>, String> {
    let reader = Decoder::new(Cursor::new(bytes)).read_info().map_err(|error| format!("a damaged PNG: {error}"))?;
    let info = reader.info();
    let palette = info.palette.as_deref().filter(|_| info.color_type == ColorType::Indexed);
    let colors = palette.ok_or("the PNG has no palette: its colours are grey or RGB")?.as_chunks().0.to_vec();
    Ok(colors)
}

#[cfg(test)]
mod tests {
    use super::parse;

    const THREE: [[u8; 3]; 3] = [[0, 0, 0], [255, 128, 0], [1, 2, 3]];

    #[test]
    fn every_format() {
        let gimp =
            "GIMP Palette\nName: Three\nColumns: 2\n# comment\n\n  0   0   0\tBlack\n255 128 0 An orange 7\n1 2 3\n";
        let files = [
            gimp.to_string(),
            gimp.replace('\n', "\r\n"),
            format!("\u{feff}{gimp}"),
            "JASC-PAL\r\n0100\r\n3\r\n0 0 0\r\n255 128 0\r\n1 2 3\r\n".to_string(),
            "000000\nff8000\n010203\n".to_string(),
            "\n; by hand\n#000\nFF8000\n\n#010203".to_string(),
        ];
        for file in files {
            assert_eq!(parse(file.as_bytes()).unwrap(), THREE, "{file}");
        }
    }

    #[test]
    fn a_png() {
        let encode = |color, palette: &[u8]| {
            let mut bytes = Vec::new();
            let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
            encoder.set_color(color);
            encoder.set_palette(palette.to_vec());
            let mut writer = encoder.write_header().unwrap();
            writer.write_image_data(&vec![0; color.samples()]).unwrap();
            writer.finish().unwrap();
            bytes
        };
        assert_eq!(parse(&encode(png::ColorType::Indexed, THREE.as_flattened())).unwrap(), THREE);
        // A suggested palette of an RGB picture is none.
        let error = parse(&encode(png::ColorType::Rgb, THREE.as_flattened())).unwrap_err();
        assert!(error.contains("no palette"), "{error}");
        assert!(parse(b"\x89PNG\r\n\x1a\n").unwrap_err().contains("damaged PNG"));
    }

    #[test]
    fn bad_files() {
        for (file, said) in [
            ("", "not a palette"),
            ("hello", "not a palette"),
            ("\n", "no colours"),
            ("GIMP Palette\n", "no colours"),
            ("GIMP Palette\n0 0\n", "line 2: `0 0`: expected red, green and blue"),
            ("GIMP Palette\nName: x\n0 0 256\n", "line 3"),
            ("GIMP Palette\n0 -1 5\n", "line 2"),
            ("JASC-PAL\n", "version nothing"),
            ("JASC-PAL\n0200\n1\n0 0 0\n", "version 0200"),
            ("JASC-PAL\n0100\n", "no number of colours"),
            ("JASC-PAL\n0100\nmany\n", "line 3: `many`: expected the number of colours"),
            ("JASC-PAL\n0100\n2\n0 0 0\n", "1 colours that says 2"),
            ("JASC-PAL\n0100\n1\n0 0 x\n", "line 4"),
            ("ff8000\nff80\n", "line 2: `ff80`: expected a colour such as ff8000"),
        ] {
            let error = parse(file.as_bytes()).unwrap_err();
            assert!(error.contains(said), "{file:?}: {error}");
        }
        assert!(parse(&[0xFF, 0xFE, 0, 0]).unwrap_err().contains("not a palette"));
    }
}
