//! The mask of `--init`.

use crate::args::GenerateArgs;
use crate::failure::{self, Failure};
use crate::format;
use crate::image::{Image, OptionNames, Reading, Slices, size};
use bluegrad::{Error, Shape};

/// A mask that a run starts from.
#[derive(Debug)]
pub(crate) struct Init {
    pub(crate) shape: Shape,
    /// In the order of [`Shape`], in each plane in the order of the file's values; equal where the file's values are equal.
    pub(crate) values: Vec<f32>,
    /// Number of elements that share a value with another element of their plane.
    pub(crate) shared: usize,
    /// What the reader of the file assumed, in one line.
    pub(crate) assumed: Option<String>,
}

impl Init {
    /// Reads the mask of `--init`, if one is given; its sides must be those of `wanted`, if given, and its planes as many as wanted.
    pub(crate) fn read(
        args: &GenerateArgs,
        wanted: Option<Shape>,
        check: fn(Shape) -> Result<(), Error>,
    ) -> failure::Result<Option<Self>> {
        const OPTIONS: OptionNames = OptionNames {
            raw_shape: "--width and --height",
            channel: "--init-channel",
            slices: "--init-slices",
            slice: "--init-slice",
        };
        let Some(path) = &args.init else { return Ok(None) };
        let whole = args.layers.is_some() || args.channels.is_some();
        let (layers, channels) = (args.layers.unwrap_or(1), args.channels.unwrap_or(1));
        let stacked = (whole && layers > 1 && !format::says_slices(path)).then(|| Slices::stacked(layers));
        let reading = Reading {
            raw_shape: wanted,
            channel: args.init_channel,
            all_channels: None,
            different_channels: false,
            slices: args.init_slices.or(stacked),
            slice: args.init_slice,
            options: &OPTIONS,
            check,
        };
        let one = reading.channel.is_some() || reading.slice.is_some();
        if whole && one {
            return Err(Failure::usage(
                "--init-channel and --init-slice read one mask: leave --layers and --channels out, or read all of the file",
            ));
        }
        let (image, assumed) =
            if whole { format::load_whole(path, channels, &reading) } else { format::load_one(path, &reading) }?;
        let expected = wanted.unwrap_or(image.shape).with_layers(layers).with_channels(channels);
        if expected != image.shape {
            return Err(Failure::usage(format_args!(
                "--init {}: the mask is {}, not {}; give its size or none",
                path.display(),
                size(image.shape),
                size(expected)
            )));
        }
        let init = Self::new(&image).map_err(|why| Failure::file(path, why))?;
        Ok(Some(Self { assumed, ..init }))
    }

    /// Replaces the values of each plane by their order.
    ///
    /// # Errors
    /// A value is not finite, or all values of a plane are equal.
    pub(crate) fn new(image: &Image) -> Result<Self, String> {
        let shape = image.shape;
        if shape.is_flat() {
            return Self::flat(image);
        }
        let mut all = Self { shape, values: vec![0.0; shape.elements()], shared: 0, assumed: None };
        let channels = shape.channels as usize;
        for layer in 0..shape.layers {
            for channel in 0..shape.channels {
                let plane = Self::flat(&image.plane(layer, channel))
                    .map_err(|why| format!("layer {layer}, channel {channel}: {why}"))?;
                let first = layer as usize * shape.pixels() * channels + channel as usize;
                let to = all.values.iter_mut().skip(first).step_by(channels);
                to.zip(plane.values).for_each(|(to, value)| *to = value);
                all.shared += plane.shared;
            }
        }
        Ok(all)
    }

    fn flat(image: &Image) -> Result<Self, String> {
        image.span()?;
        let mut sorted = image.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let groups = sorted.chunk_by(|a, b| a == b).map(<[f64]>::len);
        let shared = groups.filter(|pixels| *pixels > 1).sum();
        sorted.dedup();
        // f32 cannot hold every f64 or 32-bit integer, but it holds every index into at most 2²⁴ distinct values.
        let index = |value: &f64| sorted.partition_point(|other| other < value) as f32;
        Ok(Self { shape: image.shape, values: image.values.iter().map(index).collect(), shared, assumed: None })
    }
}
