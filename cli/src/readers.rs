//! What the commands make of the bytes of a file that they read: for `tests/fuzz`, and no interface to rely on.

use crate::dither::texels_by_order;
use crate::failure::Failure;
use crate::format::{self, Format};
use crate::image::ShapeRules;
use crate::measured::Measured;
use crate::settings::Init;
use crate::{numbers, picture};
use bluegrad::spectral::Profile;
use bluegrad::{Distribution, Error, Shape};
use std::path::Path;

/// The error's line.
type Result<T> = std::result::Result<T, String>;

/// Extensions of the formats that can be read.
pub fn extensions() -> impl Iterator<Item = &'static str> {
    format::readable_extensions()
}

/// A mask as each command takes it.
#[derive(Debug)]
pub struct Mask {
    /// Width and height.
    pub shape: Shape,
    /// The numbers of the file.
    pub values: Vec<f64>,
    /// What `generate --init` starts from.
    pub places: Vec<f32>,
    /// Pixels whose value another one has too.
    pub shared: usize,
    /// What `dither --mask` compares with.
    pub texels: Vec<u8>,
}

/// A mask file of that name, whose ending says what it holds: read, made ready for `--init` and for `dither`, and, up to
/// `most_measured` pixels, measured. `raw_shape` is for files that do not say their own; `check` sees the shape before anything is
/// decoded.
///
/// # Errors
/// The line that the user would see.
pub fn mask(
    name: &str,
    bytes: &[u8],
    raw_shape: Option<Shape>,
    check: fn(Shape) -> std::result::Result<(), Error>,
    most_measured: usize,
) -> Result<Mask> {
    let path = Path::new(name);
    let format = Format::to_read(path).map_err(line)?;
    let image = format.decode(bytes, &ShapeRules { raw_shape, shape_options: "a shape", check })?;
    image.span()?;
    let Init { shape, values: places, shared } = Init::new(&image);
    let texels = texels_by_order(&image);
    if shape.pixels() <= most_measured && bluegrad::measure::check(shape).is_ok() {
        Measured::of_image(path, &image).map_err(line)?;
    }
    Ok(Mask { shape, values: image.values, places, shared, texels })
}

/// A picture that `dither` reads: its width, height, and the bytes of its pixels.
///
/// # Errors
/// The line that the user would see.
pub fn picture(bytes: &[u8]) -> Result<(Shape, usize)> {
    let picture = picture::decode(std::io::Cursor::new(bytes))?;
    Ok((picture.shape, picture.bytes.len()))
}

/// The profile in the bytes of a text file.
///
/// # Errors
/// The line that the user would see.
pub fn profile(bytes: &[u8]) -> Result<Profile> {
    let path = Path::new("profile.txt");
    numbers::text(path, bytes.to_vec()).and_then(|text| numbers::parse_profile(path, &text)).map_err(line)
}

/// The distribution in the bytes of a text file.
///
/// # Errors
/// The line that the user would see.
pub fn distribution(bytes: &[u8]) -> Result<Distribution> {
    let path = Path::new("table.txt");
    numbers::text(path, bytes.to_vec()).and_then(|text| numbers::parse_distribution(path, &text)).map_err(line)
}

fn line(failure: Failure) -> String {
    failure.message
}
