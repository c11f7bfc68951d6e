//! A mask to start from.

use crate::failure::{Failure, Result};
use crate::format;
use crate::image::{Image, ShapeRules};
use bluegrad::{Error, Shape};
use std::path::Path;

/// A mask that a run refines.
#[derive(Debug)]
pub(crate) struct Init {
    pub(crate) shape: Shape,
    /// Row-major; in the order of the file's values, and equal where those are.
    pub(crate) values: Vec<f32>,
    /// Pixels whose value another one has too.
    pub(crate) shared: usize,
}

impl Init {
    /// Reads a mask of the wanted shape, or of its file's.
    pub(crate) fn read(
        path: &Path,
        wanted: Option<Shape>,
        check: fn(Shape) -> std::result::Result<(), Error>,
    ) -> Result<Self> {
        let shape_options = "--width and --height";
        let image = format::load(path, &ShapeRules { raw_shape: wanted, shape_options, check })?;
        let Shape { width, height, .. } = image.shape;
        if let Some(wanted) = wanted.filter(|wanted| *wanted != image.shape) {
            return Err(Failure::usage(format_args!(
                "--init {}: it is {width}x{height}, not {}x{}; give its size or none",
                path.display(),
                wanted.width,
                wanted.height
            )));
        }
        image.span().map_err(|why| Failure::file(path, why))?;
        Ok(Self::new(&image))
    }

    pub(crate) fn new(image: &Image) -> Self {
        let mut sorted = image.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let groups = sorted.chunk_by(|a, b| a == b).map(<[f64]>::len);
        let shared = groups.filter(|pixels| *pixels > 1).sum();
        sorted.dedup();
        // Places among the different values: f32 has each of up to 2²⁴, but not every f64 or 32-bit integer.
        let place = |value: &f64| sorted.partition_point(|other| other < value) as f32;
        Self { shape: image.shape, values: image.values.iter().map(place).collect(), shared }
    }
}
