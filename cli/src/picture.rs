//! Encodes PNG in memory: masks, and the pictures of reports.

use bluegrad::Shape;
use png::{BitDepth, ColorType, DecodingError, Encoder, EncodingError};

/// Encodes grey pixels, row by row.
///
/// Pixels of 16 bits are big-endian; pixels below 8 bits are packed.
pub(crate) fn encode_grey(shape: Shape, depth: BitDepth, pixels: &[u8]) -> Result<Vec<u8>, String> {
    encode(shape, ColorType::Grayscale, depth, pixels)
}

/// Encodes a mask of 1 to 4 channels, row by row: grey, grey with alpha, RGB, RGBA.
pub(crate) fn encode_mask(shape: Shape, depth: BitDepth, pixels: &[u8]) -> Result<Vec<u8>, String> {
    let color = match shape.channels {
        1 => ColorType::Grayscale,
        2 => ColorType::GrayscaleAlpha,
        3 => ColorType::Rgb,
        _ => ColorType::Rgba,
    };
    encode(shape, color, depth, pixels)
}

/// Encodes 8-bit RGB pixels, row by row.
pub(crate) fn encode_rgb(shape: Shape, pixels: &[u8]) -> Result<Vec<u8>, String> {
    encode(shape, ColorType::Rgb, BitDepth::Eight, pixels)
}

/// Encodes packed indices into a palette of RGB colours.
pub(crate) fn encode_indexed(
    shape: Shape,
    depth: BitDepth,
    palette: Vec<u8>,
    pixels: &[u8],
) -> Result<Vec<u8>, String> {
    encode_with(shape, ColorType::Indexed, depth, Some(palette), pixels)
}

fn encode(shape: Shape, color: ColorType, depth: BitDepth, pixels: &[u8]) -> Result<Vec<u8>, String> {
    encode_with(shape, color, depth, None, pixels)
}

fn encode_with(
    shape: Shape,
    color: ColorType,
    depth: BitDepth,
    palette: Option<Vec<u8>>,
    pixels: &[u8],
) -> Result<Vec<u8>, String> {
    let write = |bytes: &mut Vec<u8>| -> Result<(), EncodingError> {
        let mut encoder = Encoder::new(bytes, shape.width, shape.height);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if let Some(palette) = palette {
            encoder.set_palette(palette);
        }
        let mut writer = encoder.write_header()?;
        writer.write_image_data(pixels)?;
        writer.finish()
    };
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| format!("the PNG cannot be encoded: {error}"))?;
    Ok(bytes)
}

/// Says what is wrong with a PNG.
pub(crate) fn why(error: DecodingError) -> String {
    match error {
        DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "a truncated PNG: the file ends within the picture".to_string()
        }
        error => format!("a damaged PNG: {error}"),
    }
}
