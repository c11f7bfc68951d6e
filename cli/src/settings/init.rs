//! The mask of `--init`.

use crate::args::GenerateArgs;
use crate::failure::{Failure, Result};
use crate::format;
use crate::image::{Image, OptionNames, Reading};
use bluegrad::{Error, Shape};

/// A mask that a run starts from.
#[derive(Debug)]
pub(crate) struct Init {
    pub(crate) shape: Shape,
    /// Row by row, in the order of the file's values; equal where the file's values are equal.
    pub(crate) values: Vec<f32>,
    /// Number of pixels that share a value with another pixel.
    pub(crate) shared: usize,
    /// What the reader of the file assumed, in one line.
    pub(crate) assumed: Option<String>,
}

impl Init {
    /// Reads the mask of `--init`, if one is given; its shape must be `wanted`, if given.
    pub(crate) fn read(
        args: &GenerateArgs,
        wanted: Option<Shape>,
        check: fn(Shape) -> std::result::Result<(), Error>,
    ) -> Result<Option<Self>> {
        const OPTIONS: OptionNames = OptionNames {
            raw_shape: "--width and --height",
            channel: "--init-channel",
            slices: "--init-slices",
            slice: "--init-slice",
        };
        let Some(path) = &args.init else { return Ok(None) };
        let reading = Reading {
            raw_shape: wanted,
            channel: args.init_channel,
            slices: args.init_slices,
            slice: args.init_slice,
            options: &OPTIONS,
            check,
        };
        let (image, assumed) = format::load_one(path, &reading)?;
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
        Ok(Some(Self { assumed, ..Self::new(&image) }))
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
        Self { shape: image.shape, values: image.values.iter().map(index).collect(), shared, assumed: None }
    }
}
