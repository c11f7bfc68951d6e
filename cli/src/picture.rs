//! PNG in memory: grey masks, and the pictures of reports.

use bluegrad::Shape;
use png::{BitDepth, ColorType, Decoder, DecodingError, Encoder, EncodingError, Transformations};
use std::io::Cursor;

/// Encodes grey pixels, row by row.
///
/// Pixels of 16 bits are big-endian; pixels below 8 bits are packed.
pub(crate) fn encode_grey(shape: Shape, depth: BitDepth, pixels: &[u8]) -> Result<Vec<u8>, String> {
    encode(shape, ColorType::Grayscale, depth, pixels)
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

/// A decoded grey picture.
#[derive(Debug)]
pub(crate) struct Grey {
    pub(crate) shape: Shape,
    /// Number of values of the bit depth: 2, 4, 16, 256 or 65536. Pixels are below it.
    pub(crate) levels: u32,
    pub(crate) pixels: Vec<u16>,
}

/// Decodes a grey picture of 1 to 16 bits; `check` sees the shape before pixels are decoded.
pub(crate) fn decode_grey(bytes: &[u8], check: impl Fn(Shape) -> Result<(), String>) -> Result<Grey, String> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    // 1, 2 and 4 bits become bytes, stretched to 0..=255.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(why)?;
    let info = reader.info();
    let shape = Shape::new(info.width, info.height);
    let kind = match info.color_type {
        ColorType::Grayscale if info.trns.is_some() => Some("grey with transparency"),
        ColorType::Grayscale => None,
        ColorType::GrayscaleAlpha => Some("grey with alpha"),
        ColorType::Indexed => Some("paletted"),
        ColorType::Rgb | ColorType::Rgba => Some("in colour"),
    };
    if let Some(kind) = kind {
        return Err(format!("the PNG is {kind}: a mask must be grey without alpha; convert it to grey"));
    }
    check(shape)?;
    let levels = 1_u32 << (info.bit_depth as u32);
    let size = reader.output_buffer_size().ok_or("the PNG is too large")?;
    let mut buffer = vec![0; size];
    reader.next_frame(&mut buffer).map_err(why)?;
    let pixels = if levels > 256 {
        buffer.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect()
    } else {
        let step = 255 / (levels - 1) as u16;
        buffer.iter().map(|byte| u16::from(*byte) / step).collect()
    };
    Ok(Grey { shape, levels, pixels })
}

fn why(error: DecodingError) -> String {
    match error {
        DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "a truncated PNG: the file ends within the picture".to_string()
        }
        error => format!("a damaged PNG: {error}"),
    }
}
