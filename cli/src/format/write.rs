//! Writers: what is asked of the files of a mask, and the bytes of each format.

use super::{Format, Holds, extensions};
use crate::c_header;
use crate::failure::{Failure, Result};
use crate::npy::Element;
use crate::numbered::Numbered;
use crate::picture;
use bluegrad::{Distribution, Mask, Range, Shape};
use clap::ValueEnum;
use png::BitDepth;
use std::path::{Path, PathBuf};

/// Bits of a written pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Depth {
    #[value(name = "8")]
    Eight,
    #[value(name = "16")]
    Sixteen,
    // Ranks. (A doc comment would become help.)
    #[value(name = "32")]
    ThirtyTwo,
}

impl Depth {
    pub(super) const ALL: [Self; 3] = [Self::Eight, Self::Sixteen, Self::ThirtyTwo];

    const fn element(self) -> Element {
        match self {
            Self::Eight => Element::U1,
            Self::Sixteen => Element::U2,
            Self::ThirtyTwo => Element::U4,
        }
    }
}

/// The files, format, pixel type, range and name that a mask is written with.
pub(crate) struct Encoding {
    format: &'static Format,
    element: Element,
    pub(crate) range: Range,
    /// Name of a C array.
    name: String,
    /// One file, or a file for each layer.
    files: Vec<PathBuf>,
    /// A file holds one layer.
    by_layer: bool,
}

/// What options ask of the files of a mask.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted<'w> {
    pub(crate) depth: Option<Depth>,
    pub(crate) range: Option<Range>,
    /// Name of a C array.
    pub(crate) name: Option<&'w str>,
    /// Layers stand below each other in one PNG.
    pub(crate) atlas: bool,
}

impl Encoding {
    /// Returns the encoding that the file's extension and the options ask for.
    pub(crate) fn new(path: &Path, shape: Shape, wanted: Wanted<'_>) -> Result<Self> {
        let Wanted { depth, range, name, atlas } = wanted;
        let format = Format::to_write(path)?;
        if let Some(depth) = depth.filter(|depth| !format.depths.contains(depth)) {
            return Err(Failure::usage(format_args!(
                "--depth {} goes with {} only; the extension of a raw file says its depth: .u8, .u16, .u32",
                8 * depth.element().size(),
                extensions(", ", |format| format.depths.contains(&depth))
            )));
        }
        let element = depth.map_or(format.element, Depth::element);
        if name.is_some() && format.extension != "h" {
            return Err(Failure::usage("--name goes with .h only: the name of the array"));
        }
        let series = Numbered::of(path);
        if atlas && (format.holds != Holds::Picture || series.is_some()) {
            let pictures = extensions(", ", |format| format.holds == Holds::Picture);
            let all = extensions(", ", |format| format.holds == Holds::All);
            return Err(Failure::usage(format_args!(
                "--atlas puts all layers into one {pictures}: name a file such as mask.png; {all} hold layers without --atlas"
            )));
        }
        format.check(path, shape, atlas || series.is_some())?;
        let files = match &series {
            None => vec![path.to_path_buf()],
            Some(_) if name.is_some() && shape.layers > 1 => {
                let why = "--name is the name of one array: leave it out, and each file names its own";
                return Err(Failure::usage(why));
            }
            Some(series) => (0..shape.layers).map(|layer| series.path(layer)).collect(),
        };
        let encoding = Self {
            format,
            element,
            range: range.unwrap_or_default(),
            name: name.unwrap_or_default().to_string(),
            files,
            by_layer: series.is_some(),
        };
        if range.is_some() && !encoding.has_floats() {
            return Err(Failure::usage("--range goes with floats only: .f32, or .npy without --depth"));
        }
        Ok(encoding)
    }

    /// Paths of the files.
    pub(crate) fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Whether the pixels are ranks, which have no distribution.
    pub(crate) fn has_ranks(&self) -> bool {
        matches!(self.element, Element::U4)
    }

    /// Whether the pixels are floats.
    pub(crate) fn has_floats(&self) -> bool {
        self.element.levels().is_none()
    }

    /// Returns the bytes of each file; `command` goes into the comment of a C header.
    pub(crate) fn encode(&self, mask: &Mask<'_>, distribution: &Distribution, command: &str) -> Result<Vec<Vec<u8>>> {
        let Self { format, element, range, .. } = *self;
        let one = |(layer, path): (u32, &PathBuf)| {
            let mask = if self.by_layer { &mask.layer(layer)? } else { mask };
            let stem = path.file_stem().unwrap_or_default().to_string_lossy();
            let name = if self.name.is_empty() { &c_header::name_of_file(&stem) } else { &self.name };
            (format.write)(&Content { mask, element, range, distribution, name, command })
        };
        (0..).zip(&self.files).map(one).collect()
    }
}

/// What a writer puts into a file.
pub(super) struct Content<'c> {
    pub(super) mask: &'c Mask<'c>,
    /// Type of a pixel.
    pub(super) element: Element,
    /// Range of floats.
    range: Range,
    /// Distribution of floats and of integers of 8 and 16 bits.
    distribution: &'c Distribution,
    /// Name of a C array.
    name: &'c str,
    /// Command that makes the file again.
    command: &'c str,
}

impl Content<'_> {
    /// Returns the pixels, little-endian, in the order of [`Shape`]: integers of 8 or 16 bits, ranks in 32, or floats.
    pub(super) fn pixels(&self) -> Result<Vec<u8>> {
        Ok(match self.element {
            Element::U1 => u8_values(self.mask, self.distribution)?,
            Element::U2 => {
                u16_values(self.mask, self.distribution)?.iter().flat_map(|value| value.to_le_bytes()).collect()
            }
            Element::U4 => {
                let mut ranks = vec![0; self.mask.shape().elements()];
                self.mask.write_ranks(&mut ranks)?;
                ranks.iter().flat_map(|rank| rank.to_le_bytes()).collect()
            }
            Element::F4 | Element::F8 => {
                let values = f32_values(self.mask, self.range, self.distribution)?;
                values.iter().flat_map(|value| value.to_le_bytes()).collect()
            }
        })
    }
}

/// Returns the mask in 8 bits, of a distribution.
pub(crate) fn u8_values(mask: &Mask<'_>, distribution: &Distribution) -> Result<Vec<u8>> {
    let mut values = vec![0; mask.shape().elements()];
    mask.write_u8_as(&mut values, distribution)?;
    Ok(values)
}

fn u16_values(mask: &Mask<'_>, distribution: &Distribution) -> Result<Vec<u16>> {
    let mut values = vec![0; mask.shape().elements()];
    mask.write_u16_as(&mut values, distribution)?;
    Ok(values)
}

/// Returns the mask as floats of a distribution.
pub(crate) fn f32_values(mask: &Mask<'_>, range: Range, distribution: &Distribution) -> Result<Vec<f32>> {
    let mut values = vec![0.0; mask.shape().elements()];
    mask.write_f32_as(&mut values, range, distribution)?;
    Ok(values)
}

pub(super) fn write_png(content: &Content<'_>) -> Result<Vec<u8>> {
    let (depth, pixels) = match content.element {
        Element::U2 => {
            let values = u16_values(content.mask, content.distribution)?;
            (BitDepth::Sixteen, values.iter().flat_map(|value| value.to_be_bytes()).collect())
        }
        _ => (BitDepth::Eight, u8_values(content.mask, content.distribution)?),
    };
    let shape = content.mask.shape();
    let shape = Shape { height: shape.height * shape.layers, layers: 1, ..shape };
    picture::encode_mask(shape, depth, &pixels).map_err(Failure::other)
}

/// Returns the ranks as text: a line for each row of the mask.
pub(super) fn csv(mask: &Mask<'_>) -> String {
    let row = |ranks: &[u32]| ranks.iter().map(u32::to_string).collect::<Vec<_>>().join(",") + "\n";
    mask.ranks().chunks(mask.shape().width.max(1) as usize).map(row).collect()
}

pub(super) fn write_c_header(content: &Content<'_>) -> Result<Vec<u8>> {
    let Content { mask, element, name, command, .. } = *content;
    Ok(c_header::header(name, mask.shape(), element, &content.pixels()?, command).into_bytes())
}
