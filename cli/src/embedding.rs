//! Parts of the commands as functions of values, for the Python module. Not a stable interface.

use crate::args::{Cli, Command, GenerateArgs, one_line};
use crate::dither::thresholds_by_order;
use crate::failure::{Failure, Result as OrFailure};
use crate::image::Image;
use crate::measured::{AnyRecord, Measured, MeasuredVolume};
use crate::settings;
use bluegrad::{Config, Filters, Shape};
use clap::Parser;
use std::path::Path;

/// The error is the line that a user would see.
type Result<T> = std::result::Result<T, String>;

/// Returns the configuration that options of `generate` ask for. Files that they name are read.
///
/// # Errors
/// The line that the user would see.
pub fn configuration(options: &[String]) -> Result<Config> {
    generate_args(options).and_then(|args| settings::settings(&args)).map(|settings| settings.config).map_err(line)
}

fn generate_args(options: &[String]) -> OrFailure<GenerateArgs> {
    let words = ["bluegrad", "generate"].into_iter().map(String::from).chain(options.iter().cloned());
    match Cli::try_parse_from(words).map_err(|error| Failure::usage(one_line(&error)))?.command {
        Command::Generate(args) => Ok(*args),
        _ => Err(Failure::usage("these are no options of `generate`")),
    }
}

/// Returns the figures of a mask as the JSON object of `measure --json`.
///
/// `values` are in the order of [`Shape`]; `levels` is the number of values that their type can hold, `None` for floats. Filters are for
/// masks with layers or channels.
///
/// # Errors
/// The line that the user would see.
pub fn figures(
    name: &str,
    values: Vec<f64>,
    shape: Shape,
    levels: Option<u64>,
    filters: Option<&Filters>,
) -> Result<String> {
    let image = Image { shape, values, levels };
    let path = Path::new(name);
    let json = if shape.is_flat() && filters.is_none() {
        let measured = Measured::of_image(path, None, &image).map_err(line)?;
        serde_json::to_string(&AnyRecord::of_flat(&measured).map_err(line)?)
    } else {
        let measured = MeasuredVolume::of_image(path, None, &image, filters).map_err(line)?;
        serde_json::to_string(&AnyRecord::from(&measured))
    };
    json.map_err(|error| error.to_string())
}

/// A mask as `dither` uses it.
#[derive(Debug)]
pub struct Mask {
    /// 16-bit thresholds, row by row.
    pub thresholds: Vec<u16>,
    /// 8-bit texels.
    pub texels: Vec<u8>,
    /// Pixels that a tone counts: fewer than the mask has where values repeat evenly.
    pub pixels: u32,
}

/// Returns thresholds by the order of the values of a flat mask.
///
/// # Errors
/// The line that the user would see.
pub fn thresholds(values: Vec<f64>, shape: Shape) -> Result<Mask> {
    bluegrad::dither::check(shape).map_err(|error| error.to_string())?;
    let image = Image { shape, values, levels: None };
    if image.values.len() > 1 {
        image.span()?;
    }
    let by_order = thresholds_by_order(&image);
    Ok(Mask { thresholds: by_order.thresholds, texels: by_order.texels, pixels: by_order.pixels })
}

fn line(failure: Failure) -> String {
    failure.message
}
