//! The pictures of the gallery: whole or in part, as 16-bit sRGB codes.

use crate::args::GalleryArgs;
use crate::dither::Samples;
use crate::failure::{Failure, Result};
use crate::picture;
use bluegrad::Shape;
use bluegrad::dither::Mix;
use std::fs::File;
use std::io::{BufReader, Cursor};
use std::path::Path;

/// The picture without IMAGE, made by `cli/examples/sample.rs`.
const SAMPLE: &[u8] = include_bytes!("sample.png");

/// Smallest side of a picture: spectra are measured from 8x8 on.
const LEAST_SIDE: u32 = 8;

/// Largest side without `--crop`.
const MOST_SIDE: u32 = 512;

/// A part of a picture.
pub(super) struct Source {
    /// Path as the user wrote it.
    pub(super) name: String,
    /// Size of the picture.
    pub(super) whole: Shape,
    /// Left and top of the part.
    pub(super) corner: [u32; 2],
    /// Size of the part.
    pub(super) shape: Shape,
    /// 3 for RGB, 1 for grey.
    pub(super) channels: usize,
    /// 16-bit sRGB codes, row by row, channels interleaved.
    pub(super) codes: Vec<u16>,
}

impl Source {
    /// Reads all pictures, or the sample.
    pub(super) fn all(args: &GalleryArgs) -> Result<Vec<Self>> {
        if args.images.is_empty() {
            let sample = picture::decode(Cursor::new(SAMPLE)).map_err(Failure::other)?;
            return Ok(vec![Self::new(Path::new("sample.png"), &sample, args)?]);
        }
        let read = |path: &std::path::PathBuf| {
            let file = File::open(path).map_err(|error| Failure::file(path, error))?;
            let picture = picture::decode(BufReader::new(file)).map_err(|why| Failure::file(path, why))?;
            Self::new(path, &picture, args)
        };
        args.images.iter().map(read).collect()
    }

    fn new(path: &Path, picture: &picture::Picture, args: &GalleryArgs) -> Result<Self> {
        let whole = picture.shape;
        let Shape { width, height, .. } = whole;
        if width.min(height) < LEAST_SIDE {
            let least = "a picture of the gallery has at least 8x8 pixels";
            return Err(Failure::file(path, format_args!("size {width}x{height}: {least}")));
        }
        let [left, top, wide, high] = args.crop.unwrap_or_else(|| {
            let (wide, high) = (width.min(MOST_SIDE), height.min(MOST_SIDE));
            [(width - wide) / 2, (height - high) / 2, wide, high]
        });
        // Sides are at most 1024: a sum that overflows is beyond the picture too.
        if left.saturating_add(wide) > width || top.saturating_add(high) > height {
            let why = format_args!("--crop {left},{top},{wide},{high} is not within the {width}x{height} pixels");
            return Err(Failure::file(path, why));
        }
        let color = picture.color && !args.grey;
        let channels = if color { 3 } else { 1 };
        let mut samples = Samples::new(picture, color, if args.codes { Mix::Codes } else { Mix::Light });
        let mut codes = Vec::with_capacity(channels * wide as usize * high as usize);
        for y in top..top + high {
            let row = samples.row(y);
            codes.extend_from_slice(&row[channels * left as usize..][..channels * wide as usize]);
        }
        let name = path.display().to_string();
        Ok(Self { name, whole, corner: [left, top], shape: Shape::new(wide, high), channels, codes })
    }

    /// Pixels in 8-bit RGB.
    pub(super) fn rgb(&self) -> Vec<u8> {
        let eight = |code: &u16| ((u32::from(*code) + 128) / 257) as u8;
        let repeat = 3 / self.channels;
        self.codes.iter().flat_map(|code| std::iter::repeat_n(eight(code), repeat)).collect()
    }
}
