//! A mask file with all figures, for `measure` and `compare`.

mod figures;
mod histogram;
mod record;

use crate::failure::{Failure, Result};
use crate::format;
use crate::image::{Image, ShapeRules};
use crate::patterns::Dithered;
use crate::spectrum::Spectrum;
use bluegrad::{Shape, measure};
use histogram::Histogram;
use std::path::{Path, PathBuf};

pub(crate) use figures::{Better, Figure};
pub(crate) use record::Record;

/// A mask with all figures.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Path as the user wrote it.
    pub(crate) file: String,
    pub(crate) shape: Shape,
    pub(crate) histogram: Histogram,
    /// Spectrum of the values.
    pub(crate) spectrum: Spectrum,
    /// Figures of the binary patterns.
    pub(crate) dithered: Dithered,
}

impl Measured {
    /// Measures every file, up to the first error. `width` and `height` are for raw files.
    pub(crate) fn all(files: &[PathBuf], width: Option<u32>, height: Option<u32>) -> Result<Vec<Self>> {
        let raw_shape = width.zip(height).map(|(width, height)| Shape::new(width, height));
        let rules = ShapeRules { raw_shape, shape_options: "--width and --height", check: measure::check };
        files.iter().map(|path| Self::new(path, &rules)).collect()
    }

    fn new(path: &Path, rules: &ShapeRules) -> Result<Self> {
        Self::of_image(path, &format::load(path, rules)?)
    }

    /// Measures a mask; `path` is for messages.
    pub(crate) fn of_image(path: &Path, image: &Image) -> Result<Self> {
        let of_file = |failure: Failure| Failure::file(path, failure.message);
        let values = image.unit_values().map_err(|why| Failure::file(path, why))?;
        let spectrum = Spectrum::new(&values, image.shape).map_err(of_file)?;
        drop(values);
        let histogram = Histogram::new(&image.values, image.levels);
        let dithered = Dithered::of_values(&image.values, image.shape).map_err(of_file)?;
        Ok(Self { file: path.display().to_string(), shape: image.shape, histogram, spectrum, dithered })
    }

    /// Width and height as text, such as `64x64`.
    pub(crate) fn size(&self) -> String {
        format!("{}x{}", self.shape.width, self.shape.height)
    }
}

/// Name of level k/128 as a reduced fraction, such as `1/64`.
pub(crate) fn level_name(k: u32) -> String {
    let shift = k.trailing_zeros().min(7);
    format!("{}/{}", k >> shift, 128 >> shift)
}

/// Formats a figure; a dash if the mask is too small for the figure.
///
/// Powers below −100 dB are rounding errors and read `<-99`.
pub(crate) fn text(number: f64, decimals: usize) -> String {
    if number.is_nan() {
        return "-".to_string();
    }
    if number <= -100.0 {
        return "<-99".to_string();
    }
    let text = format!("{number:.decimals$}");
    // -0.00 reads 0.00.
    if text.trim_start_matches('-').chars().all(|c| matches!(c, '0' | '.')) { text.replace('-', "") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{level_name, text};

    #[test]
    fn figures_in_text() {
        let all = [(-0.004, "0.00"), (-0.006, "-0.01"), (-10.0, "-10.00"), (-300.0, "<-99"), (f64::NAN, "-")];
        for (number, expected) in all {
            assert_eq!(text(number, 2), expected);
        }
    }

    #[test]
    fn levels_by_name() {
        assert_eq!([1, 2, 64, 96, 127].map(level_name), ["1/128", "1/64", "1/2", "3/4", "127/128"]);
    }
}
