//! Encodes and decodes PNG pictures in memory.

use bluegrad::Shape;
use png::{BitDepth, ColorType, Decoder, DecodingError, Encoder, EncodingError, Transformations};
use std::io::{BufRead, Seek};

/// Largest picture, pixels: 1 GiB when decoded to 16-bit RGBA.
const MOST_PIXELS: u64 = 1 << 27;

/// First bytes of every PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

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

/// A decoded picture of any kind.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) shape: Shape,
    /// Pixels are RGB; else grey.
    pub(crate) color: bool,
    pub(crate) alpha: bool,
    /// Samples have 16 bits, big-endian; else 8.
    pub(crate) sixteen: bool,
    pub(crate) bytes: Vec<u8>,
}

/// Decodes a picture of any kind: a palette to its colours, an animation to its first frame.
pub(crate) fn decode(mut from: impl BufRead + Seek) -> Result<Picture, String> {
    let start = from.fill_buf().map_err(|error| error.to_string())?;
    if !start.starts_with(SIGNATURE) {
        return Err("not a PNG: convert the picture to PNG".to_string());
    }
    let mut decoder = Decoder::new(from);
    // Palettes become RGB, a transparent colour becomes alpha, and 1, 2 and 4 bits become bytes.
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(why)?;
    let info = reader.info();
    let shape = Shape::new(info.width, info.height);
    if u64::from(shape.width) * u64::from(shape.height) > MOST_PIXELS {
        let Shape { width, height, .. } = shape;
        return Err(format!("size {width}x{height}: a picture may have at most {MOST_PIXELS} pixels"));
    }
    let size = reader.output_buffer_size().ok_or("the PNG is too large")?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size).map_err(|_| format!("not enough memory: the picture needs {size} bytes"))?;
    bytes.resize(size, 0);
    reader.next_frame(&mut bytes).map_err(why)?;
    let (color_type, depth) = reader.output_color_type();
    let color = matches!(color_type, ColorType::Rgb | ColorType::Rgba);
    let alpha = matches!(color_type, ColorType::GrayscaleAlpha | ColorType::Rgba);
    Ok(Picture { shape, color, alpha, sixteen: depth == BitDepth::Sixteen, bytes })
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
