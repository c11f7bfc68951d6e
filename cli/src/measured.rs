//! A mask file with all figures, for `measure` and `compare`.

mod figures;
mod histogram;
mod record;
mod volume;

use crate::failure::{Failure, Result};
use crate::format;
use crate::image::{Image, Reading, size};
use crate::patterns::Dithered;
use crate::spectrum::Spectrum;
use bluegrad::{Filters, Shape};
use histogram::Histogram;
use std::path::{Path, PathBuf};

pub(crate) use figures::{Better, Figure};
pub(crate) use record::AnyRecord;
pub(crate) use volume::{MeasuredChannel, MeasuredVolume};

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
}

impl Tabled for Measured {
    fn name(&self) -> String {
        name_of(&self.file, self.slice)
    }

    fn stem(&self) -> String {
        stem_of(&self.file, self.slice)
    }

    fn size(&self) -> String {
        size(self.shape)
    }

    fn histogram(&self) -> String {
        self.histogram.to_string()
    }

    fn figures(&self) -> Vec<Figure> {
        self.all_figures()
    }
}

/// A measured mask in a table of masks.
pub(crate) trait Tabled {
    /// Path, with the index of a slice, such as `atlas.png[3]`.
    fn name(&self) -> String;
    /// File name without folder and extension, with the index of a slice.
    fn stem(&self) -> String;
    /// Sides, layers and channels as text.
    fn size(&self) -> String;
    /// Evenness of the histogram in words.
    fn histogram(&self) -> String;
    /// All figures, in the order of the table.
    fn figures(&self) -> Vec<Figure>;
}

/// A mask of a file, not yet measured.
#[derive(Debug)]
struct Loaded {
    path: PathBuf,
    /// Index of the slice, if the file has several and they are masks of their own.
    slice: Option<u32>,
    image: Image,
}

/// All masks of some files.
#[derive(Debug)]
pub(crate) struct AllLoaded {
    masks: Vec<Loaded>,
    /// What the readers assumed, a line each.
    pub(crate) assumed: Vec<String>,
}

/// A mask with its figures.
#[derive(Debug)]
pub(crate) enum AnyMeasured {
    Flat(Box<Measured>),
    /// A mask of several layers or channels.
    Volume(Box<MeasuredVolume>),
}

impl AllLoaded {
    /// Reads every file, up to the first error; with `volumes`, all slices of a file are the layers of one mask.
    ///
    /// At most `most` masks are read; one more is an error.
    pub(crate) fn new(files: &[PathBuf], reading: &Reading, volumes: bool, most: usize) -> Result<Self> {
        let mut all = Vec::new();
        // Runs of files with the same assumption share a line.
        let mut assumed: Vec<(&Path, usize, String)> = Vec::new();
        for path in files {
            let mut masks = format::load(path, reading)?;
            let text = std::mem::take(&mut masks.assumed).join("; ");
            if !text.is_empty() {
                match assumed.last_mut().filter(|(_, _, last)| *last == text) {
                    Some((_, others, _)) => *others += 1,
                    None => assumed.push((path, 0, text)),
                }
            }
            let of = masks.of;
            let several = of > 1 && !volumes;
            let images =
                if volumes { masks.joined().map(|image| (0, image)).into_iter().collect() } else { masks.images };
            let count = all.len() + images.len();
            if count > most {
                let file = path.display();
                let option = reading.options.slice;
                return Err(Failure::usage(format_args!(
                    "{count} masks, the slices of {file} included: at most {most} can be compared; {option} K reads one slice"
                )));
            }
            for (index, image) in images {
                let Shape { width, height, .. } = image.shape;
                image.shape.check().map_err(|error| {
                    let hint =
                        format_args!("{width}x{height}, {of} slices: {error}; {} K reads one", reading.options.slice);
                    Failure::file(path, hint)
                })?;
                all.push(Loaded { path: path.clone(), slice: several.then_some(index), image });
            }
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

    /// Number of masks.
    pub(crate) fn count(&self) -> usize {
        self.masks.len()
    }

    /// Measures each mask by itself.
    pub(crate) fn measure(&self) -> Result<Vec<AnyMeasured>> {
        let each = |mask: &Loaded| {
            Ok(if mask.image.shape.is_flat() {
                AnyMeasured::Flat(Box::new(Measured::of_image(&mask.path, mask.slice, &mask.image)?))
            } else {
                AnyMeasured::Volume(Box::new(MeasuredVolume::of_image(&mask.path, mask.slice, &mask.image, None)?))
            })
        };
        self.masks.iter().map(each).collect()
    }

    /// Measures all as flat masks; `None` if one has several layers or channels.
    pub(crate) fn measure_flat(&self) -> Option<Result<Vec<Measured>>> {
        let each = |mask: &Loaded| Measured::of_image(&mask.path, mask.slice, &mask.image);
        let flat = self.masks.iter().all(|mask| mask.image.shape.is_flat());
        flat.then(|| self.masks.iter().map(each).collect())
    }

    /// Measures all as volumes, a flat mask as one of one layer; with the loss for filters, if some are given.
    pub(crate) fn measure_volumes(&self, filters: Option<&Filters>) -> Result<Vec<MeasuredVolume>> {
        let each = |mask: &Loaded| MeasuredVolume::of_image(&mask.path, mask.slice, &mask.image, filters);
        self.masks.iter().map(each).collect()
    }
}

/// Name of a file, with the index of a slice.
fn name_of(file: &str, slice: Option<u32>) -> String {
    slice.map_or_else(|| file.to_string(), |slice| format!("{file}[{slice}]"))
}

/// Name of a file without folder and extension, with the index of a slice.
fn stem_of(file: &str, slice: Option<u32>) -> String {
    name_of(&Path::new(file).file_stem().unwrap_or_default().to_string_lossy(), slice)
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
