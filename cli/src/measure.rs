//! `bluegrad measure`: the figures of any mask.

mod histogram;

use crate::args::MeasureArgs;
use crate::failure::{Failure, Result};
use crate::load::{self, Wanted};
use crate::spectrum::Spectrum;
use bluegrad::Shape;
use bluegrad::measure::{self, LOW_POWER_RADII, Quality};
use histogram::Histogram;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

/// What is printed of one file.
struct Measured {
    file: String,
    shape: Shape,
    histogram: Histogram,
    quality: Quality,
}

/// [`Measured`] as JSON has it: the names are an interface. A figure that there is not, or that is infinite, is null.
#[derive(Serialize)]
struct Record<'m> {
    file: &'m str,
    width_pixels: u32,
    height_pixels: u32,
    histogram: &'m Histogram,
    low_power_radii_cycles_per_pixel: [f64; LOW_POWER_RADII.len()],
    low_power_db: [f64; LOW_POWER_RADII.len()],
    flatness_db: f64,
    anisotropy_db: f64,
}

/// Measures every file, then prints; the first bad one ends it.
pub(crate) fn run(args: &MeasureArgs) -> Result<()> {
    let raw_shape = args.width.zip(args.height).map(|(width, height)| Shape::new(width, height));
    let wanted = Wanted { raw_shape, shape_options: "--width and --height", check: measure::check };
    let all = args.files.iter().map(|path| measured(path, &wanted)).collect::<Result<Vec<_>>>()?;
    crate::print(&if args.json { json(&all)? } else { table(&all) })
}

fn measured(path: &Path, wanted: &Wanted) -> Result<Measured> {
    let image = load::load(path, wanted)?;
    let values = image.unit_values().map_err(|why| Failure::file(path, why))?;
    let spectrum = Spectrum::new(&values, image.shape).map_err(|failure| Failure::file(path, failure.message))?;
    let histogram = Histogram::new(&image.values, image.levels);
    Ok(Measured { file: path.display().to_string(), shape: image.shape, histogram, quality: spectrum.quality })
}

impl<'m> Record<'m> {
    fn new(Measured { file, shape, histogram, quality }: &'m Measured) -> Self {
        Self {
            file,
            width_pixels: shape.width,
            height_pixels: shape.height,
            histogram,
            low_power_radii_cycles_per_pixel: LOW_POWER_RADII,
            low_power_db: quality.low_power,
            flatness_db: quality.flatness,
            anisotropy_db: quality.anisotropy,
        }
    }
}

fn json(all: &[Measured]) -> Result<String> {
    let records: Vec<Record<'_>> = all.iter().map(Record::new).collect();
    serde_json::to_string_pretty(&records).map(|text| text + "\n").map_err(Failure::other)
}

fn table(all: &[Measured]) -> String {
    let file_width = all.iter().map(|one| one.file.chars().count()).max().unwrap_or(0).max(4);
    let mut text =
        "dB relative to white noise of the same variance; grey low power: 0 < f <= R cycles/pixel\n".to_string();
    // Writing to a string cannot fail.
    let _ = write!(text, "{:file_width$}  {:>9}", "file", "size");
    for radius in LOW_POWER_RADII {
        let _ = write!(text, " {:>7}", format!("R={radius}"));
    }
    let _ = writeln!(text, " {:>9} {:>11}  histogram", "flatness", "anisotropy");
    for Measured { file, shape, histogram, quality } in all {
        let size = format!("{}x{}", shape.width, shape.height);
        let _ = write!(text, "{file:file_width$}  {size:>9}");
        for power in quality.low_power {
            let _ = write!(text, " {:>7}", figure(power, 1));
        }
        let (flatness, anisotropy) = (figure(quality.flatness, 2), figure(quality.anisotropy, 2));
        let _ = writeln!(text, " {flatness:>9} {anisotropy:>11}  {histogram}");
    }
    text
}

/// A figure, or a dash where the mask is too small to have it.
fn figure(number: f64, decimals: usize) -> String {
    if number.is_nan() { "-".to_string() } else { format!("{number:.decimals$}") }
}
