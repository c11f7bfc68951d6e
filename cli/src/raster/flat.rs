//! Formats without compression: PBM, PGM, PPM and raw bytes; XBM and C arrays as text.

use super::{Broken, Choice, Header, Kind, Rest, Rows};
use bluegrad::Shape;
use bluegrad::dither::ByteOrder;
use std::io::{self, Write};

/// What happens to the bytes of a row on their way into the file.
struct Shaped {
    /// Bits of the last byte that are pixels, where 1 stands for black: PBM and XBM.
    inverted: Option<u8>,
    /// Rows of bits 1, which follow all rows of bits 0.
    second: Option<Vec<u8>>,
}

impl Shaped {
    fn new(choice: Choice, header: &Header<'_>) -> Self {
        let rest = header.shape.width % 8;
        let unused = if rest == 0 { 0 } else { 8 - rest };
        let inverted = match choice.format.kind {
            Kind::Pbm => Some(0xFF << unused),
            Kind::Xbm => Some(0xFF >> unused),
            _ => None,
        };
        let second = matches!(header.rows, Rows::Planes { .. }).then(Vec::new);
        Self { inverted, second }
    }

    /// Writes the part of a row whose turn it is.
    fn row(&mut self, row: &[u8], mut put: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        if let Some(second) = &mut self.second {
            let (low, high) = row.split_at(row.len() / 2);
            second.extend_from_slice(high);
            return put(low);
        }
        match (self.inverted, row.split_last()) {
            (Some(mask), Some((last, rest))) => {
                let mut bytes: Vec<u8> = rest.iter().map(|byte| !byte).collect();
                bytes.push(!last & mask);
                put(&bytes)
            }
            _ => put(row),
        }
    }
}

/// Writes PBM, PGM, PPM or a raw file.
pub(super) fn binary(
    choice: Choice,
    header: &Header<'_>,
    to: &mut dyn Write,
    rest: &mut Rest<'_>,
) -> Result<(), Broken> {
    let Shape { width, height, .. } = header.shape;
    let most = if matches!(header.rows, Rows::Values { bits: 16, .. }) { 65535 } else { 255 };
    match choice.format.kind {
        Kind::Pbm => write!(to, "P4\n{width} {height}\n")?,
        Kind::Pgm => write!(to, "P5\n{width} {height}\n{most}\n")?,
        Kind::Ppm => write!(to, "P6\n{width} {height}\n{most}\n")?,
        _ => {}
    }
    let mut shaped = Shaped::new(choice, header);
    rest(&mut |row| shaped.row(row, |bytes| to.write_all(bytes)))?;
    Ok(to.write_all(&shaped.second.unwrap_or_default())?)
}

/// Writes an array: XBM, or C with the layout of a raw format.
pub(super) fn text(choice: Choice, header: &Header<'_>, to: &mut dyn Write, rest: &mut Rest<'_>) -> Result<(), Broken> {
    let (Shape { width, height, .. }, name) = (header.shape, header.name);
    let mut numbers = Numbers { words: false, count: 0 };
    let end = if choice.format.kind == Kind::Xbm {
        let [wide, high] = ["width", "height"].map(|side| format!("#define {name}_{side}"));
        write!(to, "{wide} {width}\n{high} {height}\nstatic unsigned char {name}_bits[] = {{")?;
        "\n};\n"
    } else {
        numbers.words = header.rows == Rows::Rgb565(ByteOrder::LittleEndian) && choice.layout.is_none();
        c_start(header, numbers.words, to)?;
        "\n};\n\n#endif\n"
    };
    let mut shaped = Shaped::new(choice, header);
    rest(&mut |row| shaped.row(row, |bytes| numbers.put(to, bytes)))?;
    numbers.put(to, &shaped.second.unwrap_or_default())?;
    Ok(to.write_all(end.as_bytes())?)
}

/// Numbers of an array, so many a line.
struct Numbers {
    words: bool,
    count: usize,
}

impl Numbers {
    fn put(&mut self, to: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
        if self.words {
            bytes.as_chunks::<2>().0.iter().try_for_each(|word| {
                self.space(to, 12)?;
                write!(to, "0x{:04x},", u16::from_le_bytes(*word))
            })
        } else {
            bytes.iter().try_for_each(|byte| {
                self.space(to, 16)?;
                write!(to, "0x{byte:02x},")
            })
        }
    }

    fn space(&mut self, to: &mut dyn Write, per_line: usize) -> io::Result<()> {
        let first = self.count.is_multiple_of(per_line);
        self.count += 1;
        to.write_all(if first { b"\n    " } else { b" " })
    }
}

/// Writes a C file up to the array's brace.
fn c_start(header: &Header<'_>, words: bool, to: &mut dyn Write) -> io::Result<()> {
    let (Shape { width, height, .. }, name, kind) = (header.shape, header.name, header.kind);
    let (upper, version) = (name.to_ascii_uppercase(), env!("CARGO_PKG_VERSION"));
    let stride = header.row_bytes() / if words { 2 } else { 1 };
    let (element, bytes) = (if words { "uint16_t" } else { "uint8_t" }, header.row_bytes() * height as usize);
    let colors = match header.colors {
        [] => String::new(),
        colors => {
            let list: Vec<String> = colors.iter().map(|[r, g, b]| format!("{r:02x}{g:02x}{b:02x}")).collect();
            format!("// Colours of the indices, from 0: {}.\n", list.join(", "))
        }
    };
    let (stride, planes) = match header.rows {
        Rows::Planes { .. } => (stride / 2, "2 * "),
        _ => (stride, ""),
    };
    write!(
        to,
        "\
// A picture of {width}x{height} pixels, dithered by bluegrad {version}: {bytes} bytes.
// Layout, row by row: {kind}.
{colors}#ifndef {upper}_H
#define {upper}_H

#include <stdint.h>

#define {upper}_WIDTH {width}
#define {upper}_HEIGHT {height}
#define {upper}_STRIDE {stride}

static const {element} {name}[{planes}{upper}_HEIGHT * {upper}_STRIDE] = {{"
    )
}
