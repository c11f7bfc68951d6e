//! The mask of `--init`.

use crate::failure::{Failure, Result};
use crate::format;
use crate::image::{Image, ShapeRules};
use bluegrad::{Error, Shape};
use std::path::Path;

/// A mask that a run starts from.
#[derive(Debug)]
pub(crate) struct Init {
    pub(crate) shape: Shape,
    /// Row by row, in the order of the file's values; equal where the file's values are equal.
    pub(crate) values: Vec<f32>,
    /// Number of pixels that share a value with another pixel.
    pub(crate) shared: usize,
}

impl Init {
    /// Reads a mask; its shape must be `wanted`, if given.
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
                "--init {}: the mask is {width}x{height}, not {}x{}; give its size or none",
                path.display(),
                wanted.width,
                wanted.height
            )));
        }
        image.span().map_err(|why| Failure::file(path, why))?;
        Ok(Self::new(&image))
    }

    /// Replaces values by their order.
    pub(crate) fn new(image: &Image) -> Self {
        let mut sorted = image.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let groups = sorted.chunk_by(|a, b| a == b).map(<[f64]>::len);
        let shared = groups.filter(|pixels| *pixels > 1).sum();
        sorted.dedup();
        // f32 cannot hold every f64 or 32-bit integer, but it holds every index into at most 2²⁴ distinct values.
        let index = |value: &f64| sorted.partition_point(|other| other < value) as f32;
        Self { shape: image.shape, values: image.values.iter().map(index).collect(), shared }
    }
}
