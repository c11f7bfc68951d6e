//! The pictures of the gallery: whole or in part, as 16-bit sRGB codes.

use crate::args::{AlphaName, GalleryArgs};
use crate::dither::{Converter, Wanted};
use crate::failure::{Failure, Result};
use crate::output;
use crate::source::Source as Rows;
use bluegrad::Shape;
use bluegrad::dither::{Mix, Samples};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

/// The picture without IMAGE, made by `cli/examples/sample`.
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
            return Ok(vec![Self::new(Path::new("sample.png"), Cursor::new(SAMPLE), args)?]);
        }
        let read = |path: &std::path::PathBuf| {
            let file = File::open(path).map_err(|error| Failure::file(path, error))?;
            Self::new(path, file, args)
        };
        args.images.iter().map(read).collect()
    }

    fn new(path: &Path, file: impl Read, args: &GalleryArgs) -> Result<Self> {
        let fail = |why: String| Failure::file(path, why);
        let mut rows = Rows::new(file).map_err(fail)?;
        if let Some(ignored) = rows.ignored.as_ref().filter(|_| !args.quiet) {
            output::warn(&format!("{}: {ignored}", path.display()));
        }
        let whole = rows.shape;
        let Shape { width, height, .. } = whole;
        if width.min(height) < LEAST_SIDE {
            return Err(fail(format!("size {width}x{height}: a picture of the gallery has at least 8x8 pixels")));
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
        let color = rows.pixel.color && !args.grey;
        let channels = if color { 3 } else { 1 };
        let mix = if args.codes { Mix::Codes } else { Mix::Light };
        let wanted = Wanted { channels, grey: args.grey, alpha: AlphaName::Over([255; 3]), mix };
        let mut converter = Converter::new(rows.pixel, wanted);
        let mut codes = Vec::with_capacity(channels * wide as usize * high as usize);
        let part = channels * left as usize..channels * (left + wide) as usize;
        for y in 0..height {
            let row = rows.row().map_err(fail)?;
            if !(top..top + high).contains(&y) {
                continue;
            }
            match converter.row(row).0 {
                Samples::U8(row) => codes.extend(row[part.clone()].iter().map(|value| 257 * u16::from(*value))),
                Samples::U16(row) => codes.extend_from_slice(&row[part.clone()]),
                Samples::F32(_) => debug_assert!(false, "pictures have integer samples"),
            }
        }
        rows.finish().map_err(fail)?;
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
