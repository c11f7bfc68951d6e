//! Readers of the commands as functions of bytes, for `tests/fuzz`. Not a stable interface.

use crate::dither::thresholds_by_order;
use crate::failure::Failure;
use crate::format::{self, Format};
use crate::image::{Channel, OptionNames, Reading};
use crate::measured::Measured;
use crate::numbers;
use crate::settings::Init;
use crate::source::{Row, Source};
use bluegrad::spectral::Profile;
use bluegrad::{Distribution, Error, Shape};
use clap::ValueEnum;
use std::path::Path;

/// The error is the line that a user would see.
type Result<T> = std::result::Result<T, String>;

/// Extensions of the formats that can be read.
pub fn extensions() -> impl Iterator<Item = &'static str> {
    format::readable_extensions()
}

/// A mask as each command uses it.
#[derive(Debug)]
pub struct Mask {
    /// Width and height, in pixels.
    pub shape: Shape,
    /// Numbers of the file, row by row.
    pub values: Vec<f64>,
    /// Values that `generate --init` starts from.
    pub places: Vec<f32>,
    /// Number of pixels that share a value with another pixel.
    pub shared: usize,
    /// Thresholds of `dither --mask`.
    pub thresholds: Vec<u16>,
}

/// What is read of a file.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'c> {
    /// Shape of raw files, or of their slices.
    pub raw_shape: Option<Shape>,
    /// Value of `--channel`.
    pub channel: Option<&'c str>,
    /// Value of `--slices`.
    pub slices: Option<&'c str>,
    /// Value of `--slice`.
    pub slice: Option<u32>,
}

/// Reads the masks of a file and prepares them for `--init`, `dither` and `measure`.
///
/// The extension of `name` says the format. `check` sees the shape of a mask before pixels are decoded. Masks of up to
/// `most_measured` pixels are measured.
///
/// # Errors
/// The line that the user would see.
pub fn masks(
    name: &str,
    bytes: &[u8],
    choice: &Choice<'_>,
    check: fn(Shape) -> std::result::Result<(), Error>,
    most_measured: usize,
) -> Result<Vec<Mask>> {
    const OPTIONS: OptionNames =
        OptionNames { raw_shape: "a shape", channel: "--channel", slices: "--slices", slice: "--slice" };
    let path = Path::new(name);
    let format = Format::to_read(path).map_err(line)?;
    let reading = Reading {
        raw_shape: choice.raw_shape,
        channel: choice.channel.map(|name| Channel::from_str(name, false)).transpose()?,
        all_channels: None,
        different_channels: false,
        slices: choice.slices.map(str::parse).transpose()?,
        slice: choice.slice,
        options: &OPTIONS,
        check,
    };
    let masks = format.decode(bytes, &reading)?;
    let prepared = masks.images.into_iter().map(|(index, image)| {
        let Init { shape, values: places, shared, .. } = Init::new(&image)?;
        let thresholds = thresholds_by_order(&image).thresholds;
        if shape.pixels() <= most_measured && bluegrad::measure::check(shape).is_ok() {
            Measured::of_image(path, Some(index), &image).map_err(line)?;
        }
        Ok(Mask { shape, values: image.values, places, shared, thresholds })
    });
    prepared.collect()
}

/// Decodes a picture for `dither`; returns its shape and the number of its samples.
///
/// # Errors
/// The line that the user would see.
pub fn picture(bytes: &[u8]) -> Result<(Shape, usize)> {
    let mut source = Source::new(bytes)?;
    let mut samples = 0;
    for _ in 0..source.shape.height {
        samples += match source.row()? {
            Row::U8(row) => row.len(),
            Row::U16(row) => row.len(),
        };
    }
    source.finish()?;
    Ok((source.shape, samples))
}

/// Parses a radial profile.
///
/// # Errors
/// The line that the user would see.
pub fn profile(bytes: &[u8]) -> Result<Profile> {
    let path = Path::new("profile.txt");
    numbers::text(path, bytes.to_vec()).and_then(|text| numbers::parse_profile(path, &text)).map_err(line)
}

/// Parses a table of quantiles.
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
