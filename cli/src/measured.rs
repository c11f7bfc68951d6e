//! A mask file with all figures, for `measure` and `compare`.

mod figures;
mod histogram;
mod record;

use crate::failure::{Failure, Result};
use crate::format;
use crate::image::{Image, Masks, Reading};
use crate::patterns::Dithered;
use crate::spectrum::Spectrum;
use bluegrad::Shape;
use histogram::Histogram;
use std::path::{Path, PathBuf};

pub(crate) use figures::{Better, Figure};
pub(crate) use record::Record;

/// A mask with all figures.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Path as the user wrote it.
    pub(crate) file: String,
    /// Index of the slice, if the file has several.
    pub(crate) slice: Option<u32>,
    pub(crate) shape: Shape,
    pub(crate) histogram: Histogram,
    /// Spectrum of the values.
    pub(crate) spectrum: Spectrum,
    /// Figures of the binary patterns.
    pub(crate) dithered: Dithered,
}

impl Measured {
    /// Measures every mask of every file, up to the first error.
    pub(crate) fn of_file(path: &Path, masks: Masks) -> Result<Vec<Self>> {
        let several = masks.of > 1;
        masks.images.into_iter().map(|(index, image)| Self::of_image(path, several.then_some(index), &image)).collect()
    }

    /// Measures a mask; the path and the index of a slice are for messages.
    pub(crate) fn of_image(path: &Path, slice: Option<u32>, image: &Image) -> Result<Self> {
        let file = path.display().to_string();
        let of_file = |why: String| Failure::other(format_args!("{}: {why}", name_of(&file, slice)));
        let values = image.unit_values().map_err(of_file)?;
        let spectrum = Spectrum::new(&values, image.shape).map_err(|failure| of_file(failure.message))?;
        drop(values);
        let histogram = Histogram::new(&image.values, image.levels);
        let dithered = Dithered::of_values(&image.values, image.shape).map_err(|failure| of_file(failure.message))?;
        Ok(Self { file, slice, shape: image.shape, histogram, spectrum, dithered })
    }

    /// Path, with the index of a slice, such as `atlas.png[3]`.
    pub(crate) fn name(&self) -> String {
        name_of(&self.file, self.slice)
    }

    /// File name without folder and extension, with the index of a slice.
    pub(crate) fn stem(&self) -> String {
        let stem = Path::new(&self.file).file_stem().unwrap_or_default().to_string_lossy();
        name_of(&stem, self.slice)
    }

    /// Width and height as text, such as `64x64`.
    pub(crate) fn size(&self) -> String {
        format!("{}x{}", self.shape.width, self.shape.height)
    }
}

/// All masks of some files.
#[derive(Debug)]
pub(crate) struct AllMeasured {
    pub(crate) masks: Vec<Measured>,
    /// What the readers assumed, a line each.
    pub(crate) assumed: Vec<String>,
}

impl AllMeasured {
    /// Measures every mask of every file, up to the first error. `most` masks are measured; one more is an error.
    pub(crate) fn new(files: &[PathBuf], reading: &Reading, most: usize) -> Result<Self> {
        let mut all = Vec::new();
        // Runs of files with the same assumption share a line.
        let mut assumed: Vec<(&Path, usize, String)> = Vec::new();
        for path in files {
            let masks = format::load(path, reading)?;
            let count = all.len() + masks.images.len();
            if count > most {
                let file = path.display();
                let option = reading.options.slice;
                return Err(Failure::usage(format_args!(
                    "{count} masks, the slices of {file} included: at most {most} can be compared; {option} K reads one slice"
                )));
            }
            if !masks.assumed.is_empty() {
                let text = masks.assumed.join("; ");
                match assumed.last_mut().filter(|(_, _, last)| *last == text) {
                    Some((_, others, _)) => *others += 1,
                    None => assumed.push((path, 0, text)),
                }
            }
            all.extend(Measured::of_file(path, masks)?);
        }
        let line = |(path, others, text): &(&Path, usize, String)| {
            let path = path.display();
            match others {
                0 => format!("{path}: {text}"),
                1 => format!("{path} and 1 other file: {text}"),
                others => format!("{path} and {others} other files: {text}"),
            }
        };
        Ok(Self { assumed: assumed.iter().map(line).collect(), masks: all })
    }
}

/// Name of a file, with the index of a slice.
fn name_of(file: &str, slice: Option<u32>) -> String {
    slice.map_or_else(|| file.to_string(), |slice| format!("{file}[{slice}]"))
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
