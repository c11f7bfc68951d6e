//! Options of `measure` and `compare`: mask files and how they are read.

use super::{side, whole};
use crate::format;
use crate::image::{Channel, OptionNames, Reading, Slices};
use bluegrad::{Shape, measure};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct MaskFiles {
    #[arg(required = true, value_name = "FILE", help = format!(
        "Masks from 8x8 to 4096x4096 pixels: {}. A PNG may be in colour, if its channels are equal or --channel is given",
        format::readable()
    ))]
    pub(crate) files: Vec<PathBuf>,
    /// Width of raw files in pixels [default: raw files are square]
    #[arg(long, value_name = "W", value_parser = side, allow_hyphen_values = true, requires = "height")]
    width: Option<u32>,
    /// Height of raw files in pixels
    #[arg(long, value_name = "H", value_parser = side, allow_hyphen_values = true, requires = "width")]
    height: Option<u32>,
    /// Channel of PNGs in colour; r, g and b of a grey file are its grey [default: all channels must be equal]
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<Channel>,
    /// Slices of each file: N from top to bottom, or 8x4 across and down, numbered along rows. --width and --height are of one
    /// slice. All slices together are the layers of one mask
    #[arg(long, value_name = "N|WxH", allow_hyphen_values = true)]
    pub(crate) slices: Option<Slices>,
    /// Read only slice K of each file, counted from 0, as a mask of one layer
    #[arg(long, value_name = "K", value_parser = whole::<u32>, allow_hyphen_values = true)]
    slice: Option<u32>,
    /// Each slice is a mask of its own, FILE[K]
    #[arg(long, conflicts_with = "slice")]
    each_slice: bool,
}

impl MaskFiles {
    /// Whether all slices and channels of a file are one mask.
    pub(crate) const fn reads_volumes(&self) -> bool {
        self.slice.is_none() && !self.each_slice
    }

    /// How the files are read.
    pub(crate) fn reading(&self) -> Reading {
        const OPTIONS: OptionNames = OptionNames {
            raw_shape: "--width and --height",
            channel: "--channel",
            slices: "--slices",
            slice: "--slice",
        };
        Reading {
            raw_shape: self.width.zip(self.height).map(|(width, height)| Shape::new(width, height)),
            channel: self.channel,
            all_channels: (self.reads_volumes() && self.channel.is_none()).then_some(1),
            different_channels: true,
            slices: self.slices,
            slice: self.slice,
            options: &OPTIONS,
            check: measure::check,
        }
    }
}
