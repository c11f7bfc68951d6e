//! PNG of any kind, 1 to 16 bits.

use super::color::{Conversion, Space};
use super::whole::{Orientation, Whole};
use super::{Bytes, Code, Pixel, Source, Stored, allocate, check};
use png::{BitDepth, ColorType, Decoder, DecodingError, Info, Limits, Reader, Transformations};
use std::io::ErrorKind;

/// Rows of a PNG, decoded one at a time.
pub(super) struct Rows<'f>(Box<Reader<Bytes<'f>>>);

pub(super) fn open(from: Bytes<'_>) -> Result<Source<'_>, String> {
    let mut decoder = Decoder::new(from);
    let header = decoder.read_header_info().map_err(why)?;
    let shape = check(header.width, header.height)?;
    // A row of 16-bit RGBA, and what chunks may take.
    decoder.set_limits(Limits { bytes: Limits::default().bytes + 8 * shape.width as usize });
    decoder.set_ignore_text_chunk(true);
    // Palettes become RGB, a transparent colour becomes alpha, and 1, 2 and 4 bits become bytes.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(why)?;
    let info = reader.info();
    let (interlaced, orientation) = (info.interlaced, info.exif_metadata.as_deref().and_then(Orientation::of_exif));
    let (color_type, depth) = reader.output_color_type();
    let pixel = Pixel {
        color: matches!(color_type, ColorType::Rgb | ColorType::Rgba),
        alpha: matches!(color_type, ColorType::GrayscaleAlpha | ColorType::Rgba),
        sixteen: depth == BitDepth::Sixteen,
    };
    let (conversion, ignored) = Conversion::new(space(reader.info()), pixel.color);
    let turned = orientation.filter(|orientation| !orientation.is_upright());
    if !interlaced && turned.is_none() {
        return Ok(Source::from_rows(shape, pixel, super::Rows::Png(Rows(Box::new(reader))), conversion, ignored));
    }
    let size = reader.output_buffer_size().ok_or("the PNG is too large")?;
    let mut bytes = allocate(size as u64)?;
    reader.next_frame(&mut bytes).map_err(why)?;
    let whole = Whole::new(bytes, shape, pixel, u16::from_be_bytes, turned.unwrap_or_default());
    Ok(Source::from_rows(whole.upright(), pixel, super::Rows::Whole(whole), conversion, ignored))
}

impl Rows<'_> {
    pub(super) fn row(&mut self) -> Result<Stored<'_>, String> {
        let code = (self.0.output_color_type().1 == BitDepth::Sixteen).then_some(u16::from_be_bytes as Code);
        let row = self.0.next_row().map_err(why)?.ok_or("a damaged PNG: it has too few rows")?;
        Ok(Stored { bytes: row.data(), code })
    }

    /// Reads the end of the picture's data and its checksum.
    pub(super) fn finish(&mut self) -> Result<(), String> {
        match self.0.next_row() {
            Ok(None) => Ok(()),
            Ok(Some(_)) => Err("a damaged PNG: it has too many rows".to_string()),
            Err(error) => Err(why(error)),
        }
    }
}

/// Returns the colour space that the chunks of a PNG name, by their order of precedence.
fn space<'i>(info: &'i Info<'_>) -> Space<'i> {
    if info.coding_independent_code_points.is_some_and(|code| (code.color_primaries, code.transfer_function) != (1, 13))
    {
        return Space::Unknown("its cICP colour space");
    }
    if let Some(profile) = &info.icc_profile {
        return Space::Profile(profile);
    }
    match info.gama_chunk {
        Some(gamma) if info.srgb.is_none() => Space::Gamma(gamma.into_scaled()),
        _ => Space::Srgb,
    }
}

fn why(error: DecodingError) -> String {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            "a truncated PNG: the file ends within the picture".to_string()
        }
        DecodingError::IoError(error) => error.to_string(),
        error => format!("a damaged PNG: {error}"),
    }
}
