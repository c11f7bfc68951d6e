//! PNG, row by row.

use super::{Broken, Header, Rest, Rows};
use png::{BitDepth, ColorType, Encoder, EncodingError, Filter};
use std::io::{self, Write};

/// Most bits of a pixel whose rows are not filtered: rows of indices and of few levels hold noise, which filters only lengthen.
const MOST_UNFILTERED: u32 = 4;

/// Writes a PNG.
pub(super) fn write(header: &Header<'_>, to: &mut dyn Write, rest: &mut Rest<'_>) -> Result<(), Broken> {
    let mut encoder = Encoder::new(to, header.shape.width, header.shape.height);
    let (bits, alpha) = match header.rows {
        Rows::Packed { bits, .. } | Rows::Joined { bits } => (bits, false),
        Rows::Values { bits, alpha } => (bits, alpha),
        Rows::Planes { .. } | Rows::Rgb332 | Rows::Rgb565(_) => (8, false),
    };
    encoder.set_depth(match bits {
        1 => BitDepth::One,
        2 => BitDepth::Two,
        4 => BitDepth::Four,
        16 => BitDepth::Sixteen,
        _ => BitDepth::Eight,
    });
    encoder.set_color(match (header.channels, alpha) {
        _ if !header.colors.is_empty() => ColorType::Indexed,
        (3, true) => ColorType::Rgba,
        (3, false) => ColorType::Rgb,
        (_, true) => ColorType::GrayscaleAlpha,
        (_, false) => ColorType::Grayscale,
    });
    if !header.colors.is_empty() {
        encoder.set_palette(header.colors.as_flattened().to_vec());
    }
    if bits <= MOST_UNFILTERED || !header.colors.is_empty() {
        encoder.set_filter(Filter::NoFilter);
    }
    let mut writer = encoder.write_header().map_err(io_error)?;
    let mut stream = writer.stream_writer().map_err(io_error)?;
    rest(&mut |row| stream.write_all(row))?;
    stream.finish().map_err(io_error)?;
    Ok(writer.finish().map_err(io_error)?)
}

/// The error of the writer below, which png's own conversion would turn into text.
fn io_error(error: EncodingError) -> io::Error {
    match error {
        EncodingError::IoError(error) => error,
        error => io::Error::other(error),
    }
}
