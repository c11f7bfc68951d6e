//! The formats of a mask, each known by its file's extension.

use crate::args::{Depth, GenerateArgs, RangeName};
use crate::failure::{Failure, Result};
use crate::npy::{self, Element};
use crate::picture;
use bluegrad::{ALGORITHM_VERSION, Distribution, Mask, Range, Shape};
use png::BitDepth;
use std::fmt::Write;
use std::path::Path;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Png,
    Npy,
    /// Numbers without a header.
    Raw(Element),
    Header,
    Csv,
}

/// Extensions and what they stand for; those that `measure` reads first.
const FORMATS: [(&str, Format); 8] = [
    ("png", Format::Png),
    ("npy", Format::Npy),
    ("u8", Format::Raw(Element::U1)),
    ("u16", Format::Raw(Element::U2)),
    ("u32", Format::Raw(Element::U4)),
    ("f32", Format::Raw(Element::F4)),
    ("h", Format::Header),
    ("csv", Format::Csv),
];

impl Format {
    /// The format that a mask is written in.
    pub(crate) fn to_write(path: &Path) -> Result<Self> {
        Self::of(path, &FORMATS)
    }

    /// The format that a mask is read in.
    pub(crate) fn to_read(path: &Path) -> Result<Self> {
        Self::of(path, &FORMATS[..6])
    }

    fn of(path: &Path, formats: &[(&str, Self)]) -> Result<Self> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let known = formats.iter().find(|(name, _)| *name == extension);
        known.map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<String> = formats.iter().map(|(name, _)| format!(".{name}")).collect();
            let path = path.display();
            Failure::usage(format_args!("{path}: the extension must name the format: {}", names.join(", ")))
        })
    }
}

/// How a mask is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Encoding {
    format: Format,
    depth: Option<Depth>,
    pub(crate) range: Range,
}

impl Encoding {
    /// The encoding that the options and the file's name ask for.
    pub(crate) fn new(args: &GenerateArgs, path: &Path) -> Result<Self> {
        let format = Format::to_write(path)?;
        if args.depth.is_some() && !matches!(format, Format::Png | Format::Npy) {
            return Err(Failure::usage("--depth goes with .png and .npy only; raw files name theirs: .u8, .u16"));
        }
        let encoding = Self { format, depth: args.depth, range: args.range.map(RangeName::range).unwrap_or_default() };
        if args.range.is_some() && !encoding.floats() {
            return Err(Failure::usage("--range is for floats: .f32, or .npy without --depth"));
        }
        Ok(encoding)
    }

    /// Whether the values are floats, which have the wanted distribution; integers hold evenly spread ranks.
    pub(crate) fn floats(&self) -> bool {
        match self.format {
            Format::Raw(element) => element.levels().is_none(),
            Format::Npy => self.depth.is_none(),
            Format::Png | Format::Header | Format::Csv => false,
        }
    }

    /// The file's bytes. `command` is what a C header says that it was made by.
    pub(crate) fn encode(&self, mask: &Mask<'_>, distribution: &Distribution, command: &str) -> Result<Vec<u8>> {
        let shape = mask.shape();
        match self.format {
            Format::Png => {
                let sixteen = self.depth == Some(Depth::Sixteen);
                let (depth, pixels) = match sixteen {
                    true => {
                        (BitDepth::Sixteen, u16_values(mask)?.iter().flat_map(|value| value.to_be_bytes()).collect())
                    }
                    false => (BitDepth::Eight, u8_values(mask)?),
                };
                picture::encode_grey(shape, depth, &pixels).map_err(Failure::other)
            }
            Format::Npy => {
                let element = match self.depth {
                    None => Element::F4,
                    Some(Depth::Eight) => Element::U1,
                    Some(Depth::Sixteen) => Element::U2,
                };
                Ok(npy::encode(element, shape, &self.raw(mask, element, distribution)?))
            }
            Format::Raw(element) => self.raw(mask, element, distribution),
            Format::Header => Ok(c_header(shape, &u8_values(mask)?, command).into_bytes()),
            Format::Csv => Ok(csv(mask).into_bytes()),
        }
    }

    /// The mask's values, little-endian: 8 and 16 bits, ranks in 32, or floats of the distribution.
    fn raw(&self, mask: &Mask<'_>, element: Element, distribution: &Distribution) -> Result<Vec<u8>> {
        Ok(match element {
            Element::U1 => u8_values(mask)?,
            Element::U2 => u16_values(mask)?.iter().flat_map(|value| value.to_le_bytes()).collect(),
            Element::U4 => mask.ranks().iter().flat_map(|rank| rank.to_le_bytes()).collect(),
            Element::F4 | Element::F8 => {
                f32_values(mask, self.range, distribution)?.iter().flat_map(|value| value.to_le_bytes()).collect()
            }
        })
    }
}

/// 8-bit values.
pub(crate) fn u8_values(mask: &Mask<'_>) -> Result<Vec<u8>> {
    let mut values = vec![0; mask.shape().pixels()];
    mask.write_u8(&mut values)?;
    Ok(values)
}

fn u16_values(mask: &Mask<'_>) -> Result<Vec<u16>> {
    let mut values = vec![0; mask.shape().pixels()];
    mask.write_u16(&mut values)?;
    Ok(values)
}

/// Floats of a distribution.
pub(crate) fn f32_values(mask: &Mask<'_>, range: Range, distribution: &Distribution) -> Result<Vec<f32>> {
    let mut values = vec![0.0; mask.shape().pixels()];
    mask.write_f32_as(&mut values, range, distribution)?;
    Ok(values)
}

/// One row of ranks for each row of the mask.
fn csv(mask: &Mask<'_>) -> String {
    let row = |ranks: &[u32]| ranks.iter().map(u32::to_string).collect::<Vec<_>>().join(",") + "\n";
    mask.ranks().chunks(mask.shape().width.max(1) as usize).map(row).collect()
}

/// A C array. Line comments: a file's name may hold what ends a block comment.
fn c_header(shape: Shape, values: &[u8], command: &str) -> String {
    const VALUES_PER_LINE: usize = 32;
    let Shape { width, height, .. } = shape;
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "\
// A {width}x{height} tileable blue-noise mask; value = floor(256 * rank / {pixels}), row by row.
// Made by bluegrad {version}, algorithm {ALGORITHM_VERSION}, free of any claim: use it as you like. Made again by
//   {command}
#ifndef BLUEGRAD_MASK_H
#define BLUEGRAD_MASK_H

#include <stdint.h>

#define BLUEGRAD_MASK_WIDTH {width}
#define BLUEGRAD_MASK_HEIGHT {height}

static const uint8_t bluegrad_mask[BLUEGRAD_MASK_HEIGHT * BLUEGRAD_MASK_WIDTH] = {{
",
        pixels = shape.pixels()
    );
    for line in values.chunks(VALUES_PER_LINE) {
        text.push_str("   ");
        for value in line {
            // Writing to a string cannot fail.
            let _ = write!(text, " {value},");
        }
        text.push('\n');
    }
    text.push_str("};\n\n#endif\n");
    text
}
