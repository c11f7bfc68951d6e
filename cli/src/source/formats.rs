//! Pictures that are no PNG, decoded whole by the crate `image`.

use super::color::{Conversion, Space};
use super::whole::{Orientation, Whole};
use super::{Pixel, Rows, Source, allocate, check};
use image::{ColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use std::io::{BufReader, Cursor, Read};

/// Longest file, bytes: that of the largest picture without compression, in 16-bit RGBA.
const MOST_BYTES: u64 = 1 << 30;

/// What can be read, for messages.
const READABLE: &str = "PNG, JPEG, WebP, GIF, TIFF, BMP, PBM, PGM or PPM";

pub(super) fn open<'f>(head: Vec<u8>, from: BufReader<Box<dyn Read + 'f>>) -> Result<Source<'f>, String> {
    let unknown = || format!("not a picture that can be read: convert it to {READABLE}");
    let format = image::guess_format(&head).map_err(|_| unknown())?;
    let name = match format {
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::WebP => "WebP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Pnm => "PNM",
        _ => return Err(unknown()),
    };
    let mut bytes = head;
    from.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(format!("the file has more than {MOST_BYTES} bytes"));
    }
    if format == ImageFormat::Jpeg && !has_end(&bytes) {
        return Err("a truncated JPEG: the file ends within the picture".to_string());
    }
    let why = |error: ImageError| match error {
        ImageError::Unsupported(error) => format!("a {name} of a kind that cannot be read: {error}"),
        ImageError::Limits(_) => format!("a {name} that needs too much memory"),
        error => format!("a damaged {name}: {error}"),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // The size is checked here, before pixels are decoded.
    reader.limits(Limits::no_limits());
    let mut decoder = reader.into_decoder().map_err(why)?;
    let (width, height) = decoder.dimensions();
    let shape = check(width, height)?;
    let color = decoder.color_type();
    let pixel = match color {
        ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8 => {
            Pixel { color: color.has_color(), alpha: color.has_alpha(), sixteen: false }
        }
        ColorType::L16 | ColorType::La16 | ColorType::Rgb16 | ColorType::Rgba16 => {
            Pixel { color: color.has_color(), alpha: color.has_alpha(), sixteen: true }
        }
        _ => return Err(format!("a {name} of floats: convert it to 8 or 16 bits")),
    };
    // Metadata that cannot be read does not make the picture useless.
    let orientation = decoder.orientation().map(Orientation::of_image).unwrap_or_default();
    let profile = decoder.icc_profile().unwrap_or_default();
    let space = profile.as_deref().map_or(Space::Srgb, Space::Profile);
    let (conversion, ignored) = Conversion::new(space, pixel.color);
    let mut bytes = allocate(decoder.total_bytes())?;
    decoder.read_image(&mut bytes).map_err(why)?;
    let whole = Whole::new(bytes, shape, pixel, u16::from_ne_bytes, orientation);
    Ok(Source::from_rows(whole.upright(), pixel, Rows::Whole(whole), conversion, ignored))
}

/// Whether a JPEG has its end marker after the start of its first scan: the decoder fills what is missing with grey.
fn has_end(bytes: &[u8]) -> bool {
    const SCAN: u8 = 0xDA;
    const END: [u8; 2] = [0xFF, 0xD9];
    let mut rest = bytes.get(2..).unwrap_or_default();
    // Segments up to the first scan: thumbnails in them have end markers of their own.
    while let [0xFF, marker, tail @ ..] = rest {
        match (*marker, tail) {
            (SCAN, tail) => return tail.windows(2).any(|pair| pair == END),
            // Fill bytes.
            (0xFF, _) => rest = &rest[1..],
            (_, [a, b, ..]) => rest = tail.get(usize::from(u16::from_be_bytes([*a, *b]))..).unwrap_or_default(),
            _ => return false,
        }
    }
    // Nothing that the decoder would take for a picture.
    true
}
