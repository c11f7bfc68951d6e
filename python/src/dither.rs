//! Dithers pictures by a mask.

use crate::error::{of_core, value};
use crate::memory::{array, copy_of, zeros};
use bluegrad::dither::palette::named::NAMED;
use bluegrad::dither::palette::{Fit, Palette, PaletteConfig, build};
use bluegrad::dither::{Levels, Mix, Sample, Samples, Sink, Thresholds, Tone};
use bluegrad::{Dither, Error, Shape};
use numpy::PyReadonlyArray1;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// A mask, ready to dither with: thresholds by the order of its values.
#[pyclass(frozen, module = "bluegrad._native")]
pub(crate) struct Mask {
    shape: Shape,
    mask: bluegrad_cli::embedding::Mask,
}

#[pymethods]
impl Mask {
    #[new]
    fn new(py: Python<'_>, values: &Bound<'_, PyAny>, width: u32, height: u32) -> PyResult<Self> {
        let values = copy_of(&values.extract::<PyReadonlyArray1<'_, f64>>()?)?;
        let shape = Shape::new(width, height);
        bluegrad::dither::check(shape).map_err(of_core)?;
        crate::memory::check_len(shape, values.len())?;
        let mask = py.detach(|| bluegrad_cli::embedding::thresholds(values, shape)).map_err(value)?;
        Ok(Self { shape, mask })
    }
}

/// Samples of a picture.
enum Picture {
    U8(Vec<u8>),
    U16(Vec<u16>),
    F32(Vec<f32>),
}

impl Picture {
    fn of(array: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Ok(array) = array.extract::<PyReadonlyArray1<'_, u8>>() {
            Ok(Self::U8(copy_of(&array)?))
        } else if let Ok(array) = array.extract::<PyReadonlyArray1<'_, u16>>() {
            Ok(Self::U16(copy_of(&array)?))
        } else if let Ok(array) = array.extract::<PyReadonlyArray1<'_, f32>>() {
            Ok(Self::F32(copy_of(&array)?))
        } else {
            Err(PyTypeError::new_err("a picture has samples of uint8, uint16 or float32"))
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::U8(samples) => samples.len(),
            Self::U16(samples) => samples.len(),
            Self::F32(samples) => samples.len(),
        }
    }

    /// Samples from `first` on.
    fn row(&self, first: usize, count: usize) -> Samples<'_> {
        match self {
            Self::U8(samples) => Samples::U8(samples.get(first..first + count).unwrap_or_default()),
            Self::U16(samples) => Samples::U16(samples.get(first..first + count).unwrap_or_default()),
            Self::F32(samples) => Samples::F32(samples.get(first..first + count).unwrap_or_default()),
        }
    }
}

/// What samples become: output values of each channel as 16-bit codes, or the table of a palette.
#[derive(FromPyObject)]
pub(crate) enum Goal<'py> {
    Values(Vec<Vec<u16>>),
    Palette(PyReadonlyArray1<'py, u16>),
}

/// Whether values are those of even levels.
fn is_even(values: &[u16]) -> bool {
    let last = values.len().saturating_sub(1).max(1) as u64;
    values.iter().zip(0_u64..).all(|(value, level)| u64::from(*value) == (2 * 65_535 * level + last) / (2 * last))
}

fn positions<S: Sample>(len: usize, values: &[u16], light: bool, mask: &Mask) -> PyResult<Vec<u32>> {
    let mut positions = zeros(len)?;
    let mix = if light { Mix::Light } else { Mix::Codes };
    let tone = Tone::new(values, mix, mask.mask.pixels).map_err(of_core)?;
    tone.fill::<S>(&mut positions).map_err(of_core)?;
    Ok(positions)
}

/// Returns the level of each sample, or the index of each pixel's colour.
#[pyfunction]
#[pyo3(signature = (picture, width, goal, light, mask, at, apart))]
#[allow(clippy::too_many_arguments, reason = "called by one function of the package")]
pub(crate) fn dither<'py>(
    py: Python<'py>,
    picture: &Bound<'py, PyAny>,
    width: usize,
    goal: Goal<'py>,
    light: bool,
    mask: &Bound<'py, Mask>,
    at: [u32; 2],
    apart: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let picture = Picture::of(picture)?;
    let mask = mask.get();
    let (fine, coarse) = (Thresholds::U16(&mask.mask.thresholds), Thresholds::U8(&mask.mask.texels));
    let eight = matches!(picture, Picture::U8(_));
    let (mut tables, mut words) = (Vec::new(), Vec::new());
    let (dither, channels, palette) = match &goal {
        Goal::Palette(table) => {
            words.extend(copy_of(table)?);
            let palette = Palette::new(&words).map_err(of_core)?;
            (Dither::palette(fine, mask.shape, palette), 3, true)
        }
        Goal::Values(values) => {
            let even = eight && !light && values.iter().all(|values| is_even(values));
            if !even {
                for values in values {
                    tables.push(if eight {
                        positions::<u8>(256, values, light, mask)?
                    } else {
                        positions::<u16>(65_536, values, light, mask)?
                    });
                }
            }
            // `Dither` refuses numbers of levels that it cannot make
            let levels = |channel: usize| values.get(channel).map_or(0, |values| values.len() as u32);
            let table = |channel: usize| tables.get(channel).map_or(&[][..], |table: &Vec<u32>| table);
            let dither = match (values.len(), even) {
                (1, true) => Dither::grey(coarse, mask.shape, Levels::Even([levels(0)])),
                (_, true) => Dither::rgb(coarse, mask.shape, Levels::Even([0, 1, 2].map(levels))),
                (1, false) => Dither::grey(fine, mask.shape, Levels::Table([table(0)])),
                (_, false) => Dither::rgb(fine, mask.shape, Levels::Table([0, 1, 2].map(table))),
            };
            (dither, if values.len() == 1 { 1 } else { 3 }, false)
        }
    };
    let dither = dither.map_err(of_core)?.at(at[0], at[1]);
    let dither = if apart { dither.channels_apart() } else { dither };
    let row = width * channels;
    let to_row = if palette { width } else { row };
    let rows = picture.len().checked_div(row).unwrap_or(0);
    let mut levels = zeros(rows * to_row)?;
    py.detach(|| {
        for ((y, to), row_index) in (0_u32..).zip(levels.chunks_exact_mut(to_row.max(1))).zip(0..) {
            dither.row(y, picture.row(row_index * row, row), Sink::Levels(to))?;
        }
        Ok(())
    })
    .map_err(|error: Error| of_core(error))?;
    Ok(array(py, levels))
}

/// Builds the table of a palette.
#[pyfunction]
pub(crate) fn palette(
    py: Python<'_>,
    colors: Vec<[u8; 3]>,
    panel: bool,
    grain: Option<f32>,
    nodes: Option<u32>,
) -> PyResult<Bound<'_, PyAny>> {
    let mut config = PaletteConfig::new(&colors);
    config.fit = if panel { Fit::Panel } else { Fit::None };
    config.grain = grain.unwrap_or(config.grain);
    config.nodes = nodes.unwrap_or(config.nodes);
    config.check().map_err(of_core)?;
    let mut table = zeros(config.words().map_err(of_core)?)?;
    py.detach(|| build(&config, &mut table)).map_err(of_core)?;
    Ok(array(py, table))
}

/// Name, purpose, colours that are sent, colours that are shown, even levels instead of both.
type NamedParts = (&'static str, &'static str, Vec<(u8, u8, u8)>, Vec<(u8, u8, u8)>, Option<[u32; 3]>);

/// Returns the built-in palettes.
#[pyfunction]
pub(crate) fn named_palettes() -> Vec<NamedParts> {
    let colors = |colors: &[[u8; 3]]| colors.iter().copied().map(<(u8, u8, u8)>::from).collect();
    let parts = |palette: &bluegrad::dither::palette::named::Named| {
        (palette.name, palette.purpose, colors(palette.nominal), colors(palette.shown), palette.levels)
    };
    NAMED.iter().map(parts).collect()
}
