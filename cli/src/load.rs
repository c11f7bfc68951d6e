//! Reads a mask of any origin.

use crate::failure::{Failure, Result};
use crate::format::Format;
use crate::npy::{self, Element};
use crate::picture;
use bluegrad::Shape;
use bluegrad::shape::MAX_SIDE;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The longest file that is read: twice the largest mask in the widest type.
const MOST_BYTES: u64 = 2 * 8 * (MAX_SIDE as u64) * (MAX_SIDE as u64);

/// What the caller wants of a mask.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// Of files that do not say it.
    pub(crate) raw_shape: Option<Shape>,
    /// The options that give it.
    pub(crate) shape_options: &'static str,
    /// Shapes that the mask may have; at most 4096 a side.
    pub(crate) check: fn(Shape) -> std::result::Result<(), bluegrad::Error>,
}

impl Wanted {
    fn check(&self, shape: Shape) -> std::result::Result<(), String> {
        (self.check)(shape).map_err(|error| error.to_string())
    }
}

/// A mask as it stands in its file.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) shape: Shape,
    /// Row-major; the numbers of the file, exactly.
    pub(crate) values: Vec<f64>,
    /// Different values that the format has; `None` for floats.
    pub(crate) levels: Option<u64>,
}

impl Image {
    /// The values stretched to 0..=1: the spectrum is relative to their variance, and this keeps any float in range.
    pub(crate) fn unit_values(&self) -> std::result::Result<Vec<f32>, String> {
        let (low, high) = self.span()?;
        // Halves, so that no difference of two floats overflows.
        let unit = |value: &f64| ((0.5 * value - 0.5 * low) / (0.5 * high - 0.5 * low)) as f32;
        Ok(self.values.iter().map(unit).collect())
    }

    /// The lowest and the highest value: finite like all of them, and not the same.
    pub(crate) fn span(&self) -> std::result::Result<(f64, f64), String> {
        if let Some(index) = self.values.iter().position(|value| !value.is_finite()) {
            let (x, y) = (index % self.shape.width as usize, index / self.shape.width as usize);
            return Err(format!("pixel ({x}, {y}) is {}: every value must be finite", self.values[index]));
        }
        let low = self.values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if 0.5 * high - 0.5 * low > 0.0 {
            Ok((low, high))
        } else {
            Err(format!("every pixel is {low}: a mask needs different values"))
        }
    }
}

/// Reads a file.
pub(crate) fn load(path: &Path, wanted: &Wanted) -> Result<Image> {
    let format = Format::to_read(path)?;
    decode(format, &read(path)?, wanted).map_err(|why| Failure::file(path, why))
}

/// A mask from the bytes of a file.
pub(crate) fn decode(format: Format, bytes: &[u8], wanted: &Wanted) -> std::result::Result<Image, String> {
    match format {
        Format::Png => png(bytes, wanted),
        Format::Npy => array(bytes, wanted),
        Format::Raw(element) => raw(bytes, element, wanted),
        Format::Header | Format::Csv => Err("this format can be written only".to_string()),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| Failure::file(path, error))?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Failure::file(path, error))?;
    match bytes.len() as u64 {
        0 => Err(Failure::file(path, "the file is empty")),
        length if length > MOST_BYTES => Err(Failure::file(path, "too long for a mask of at most 4096x4096 pixels")),
        _ => Ok(bytes),
    }
}

fn png(bytes: &[u8], wanted: &Wanted) -> std::result::Result<Image, String> {
    let picture::Grey { shape, levels, pixels } = picture::decode_grey(bytes, |shape| wanted.check(shape))?;
    let values = pixels.into_iter().map(f64::from).collect();
    Ok(Image { shape, values, levels: Some(u64::from(levels)) })
}

fn array(bytes: &[u8], wanted: &Wanted) -> std::result::Result<Image, String> {
    let (element, shape, data) = npy::decode(bytes)?;
    wanted.check(shape)?;
    let needed = shape.pixels() * element.size();
    let Shape { width, height, .. } = shape;
    if data.len() != needed {
        let got = data.len();
        return Err(format!("a damaged .npy file: {width}x{height} needs {needed} bytes after its header, not {got}"));
    }
    Ok(Image { shape, values: element.decode(data), levels: element.levels() })
}

fn raw(bytes: &[u8], element: Element, wanted: &Wanted) -> std::result::Result<Image, String> {
    let (length, size) = (bytes.len(), element.size());
    let shape = match wanted.raw_shape {
        Some(shape) => shape,
        None => {
            let side = (length / size).isqrt();
            if side * side * size != length {
                let why = format!("{length} bytes are no square of {size}-byte pixels");
                return Err(format!("{why}: give {}", wanted.shape_options));
            }
            // At most MOST_BYTES long, so a side of it fits.
            Shape::new(side as u32, side as u32)
        }
    };
    wanted.check(shape)?;
    let Shape { width, height, .. } = shape;
    let needed = shape.pixels() * size;
    if needed != length {
        return Err(format!("{length} bytes: {width}x{height} pixels of {size} bytes each are {needed}"));
    }
    Ok(Image { shape, values: element.decode(bytes), levels: element.levels() })
}
