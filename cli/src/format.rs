//! File formats of masks: one row of [`FORMATS`] each, with its writer and its reader.
//!
//! Help texts, messages and fuzzing take their lists of formats from the table, so a new format needs a row and its functions here,
//! a test in `cli/tests/all/formats.rs`, and a line in `CHANGELOG.md`.

use crate::c_header;
use crate::failure::{Failure, Result};
use crate::image::{Atlas, Image, Masks, Reading, Slices};
use crate::mask_png;
use crate::npy::{self, Element};
use crate::picture;
use bluegrad::shape::MAX_SIDE;
use bluegrad::{Distribution, Mask, Range, Shape};
use clap::ValueEnum;
use png::BitDepth;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Longest file that is read, bytes: twice the largest mask in the widest type.
const MAX_FILE_BYTES: u64 = 2 * 8 * (MAX_SIDE as u64) * (MAX_SIDE as u64);

/// A file format of masks, known by its extension.
pub(crate) struct Format {
    extension: &'static str,
    /// Extension and content, for lists in help texts.
    help: &'static str,
    /// Type of the pixels that are written where no `--depth` is given.
    element: Element,
    /// Integers that `--depth` may ask for.
    depths: &'static [Depth],
    /// Makes a file.
    write: fn(&Content<'_>) -> Result<Vec<u8>>,
    /// Reads a file; `None` if the format is only written. The shape is checked before any pixel is decoded.
    read: Option<Reader>,
}

type Reader = fn(&[u8], &Reading) -> std::result::Result<Atlas, String>;

/// All formats, in the order of help texts and messages.
static FORMATS: [Format; 9] = [
    Format {
        extension: "png",
        help: ".png",
        element: Element::U1,
        depths: &[Depth::Eight, Depth::Sixteen],
        write: write_png,
        read: Some(mask_png::decode),
    },
    Format {
        extension: "npy",
        help: ".npy",
        element: Element::F4,
        depths: &Depth::ALL,
        write: |content| Ok(npy::encode(content.element, content.mask.shape(), &content.pixels()?)),
        read: Some(read_npy),
    },
    raw("u8", "raw little-endian .u8", Element::U1, |bytes, reading| read_raw(bytes, Element::U1, reading)),
    raw("u16", ".u16", Element::U2, |bytes, reading| read_raw(bytes, Element::U2, reading)),
    raw("u32", ".u32", Element::U4, |bytes, reading| read_raw(bytes, Element::U4, reading)),
    raw("f32", ".f32", Element::F4, |bytes, reading| read_raw(bytes, Element::F4, reading)),
    Format {
        extension: "u16be",
        help: "big-endian .u16be",
        element: Element::U2,
        depths: &[],
        write: |content| Ok(swapped(&content.pixels()?)),
        read: Some(|bytes, reading| read_raw(&swapped(bytes), Element::U2, reading)),
    },
    Format {
        extension: "h",
        help: "a C array .h",
        element: Element::U1,
        depths: &Depth::ALL,
        write: write_c_header,
        read: None,
    },
    Format {
        extension: "csv",
        help: "ranks as text .csv",
        element: Element::U4,
        depths: &[],
        write: |content| Ok(csv(content.mask).into_bytes()),
        read: None,
    },
];

/// A format of pixels without a header.
const fn raw(extension: &'static str, help: &'static str, element: Element, read: Reader) -> Format {
    Format { extension, help, element, depths: &[], write: |content| content.pixels(), read: Some(read) }
}

impl Format {
    /// Returns the format that a path's extension names, for writing.
    pub(crate) fn to_write(path: &Path) -> Result<&'static Self> {
        Self::of(path, |_| true)
    }

    /// Returns the format that a path's extension names, for reading.
    pub(crate) fn to_read(path: &Path) -> Result<&'static Self> {
        Self::of(path, |format| format.read.is_some())
    }

    fn of(path: &Path, usable: fn(&Self) -> bool) -> Result<&'static Self> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let mut formats = FORMATS.iter().filter(|format| usable(format));
        formats.find(|format| format.extension == extension).ok_or_else(|| {
            let path = path.display();
            Failure::usage(format_args!("{path}: the extension must name the format: {}", extensions(", ", usable)))
        })
    }

    /// Reads the masks of a file from its bytes.
    pub(crate) fn decode(&self, bytes: &[u8], reading: &Reading) -> std::result::Result<Masks, String> {
        match self.read {
            Some(read) => Ok(read(bytes, reading)?.cut(reading.slice)),
            None => Err(format!(".{} files can only be written", self.extension)),
        }
    }
}

/// Extensions of the formats that can be read.
pub(crate) fn readable_extensions() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().filter(|format| format.read.is_some()).map(|format| format.extension)
}

/// Lists the formats that can be read, for help texts.
pub(crate) fn readable() -> String {
    FORMATS.iter().filter(|format| format.read.is_some()).map(|format| format.help).collect::<Vec<_>>().join(", ")
}

/// Lists the formats that can be written, for help texts.
pub(crate) fn writable() -> String {
    FORMATS.iter().map(|format| format.help).collect::<Vec<_>>().join(", ")
}

fn extensions(separator: &str, wanted: fn(&Format) -> bool) -> String {
    let names = FORMATS.iter().filter(|format| wanted(format)).map(|format| format!(".{}", format.extension));
    names.collect::<Vec<_>>().join(separator)
}

/// Reads the masks of a file.
pub(crate) fn load(path: &Path, reading: &Reading) -> Result<Masks> {
    let format = Format::to_read(path)?;
    format.decode(&read_file(path)?, reading).map_err(|why| Failure::file(path, why))
}

/// Reads one mask: the wanted slice, else the first. Also returns what was assumed, in one line, if anything.
pub(crate) fn load_one(path: &Path, reading: &Reading) -> Result<(Image, Option<String>)> {
    // The other slices are not copied.
    let first = Reading { slice: reading.slice.or(Some(0)), ..*reading };
    let Masks { mut images, of, mut assumed } = load(path, &first)?;
    if of > 1 && reading.slice.is_none() {
        let option = reading.options.slice;
        assumed.push(format!("{of} slices, the first is read; {option} reads another"));
    }
    let image = images.pop().map(|(_, image)| image).ok_or_else(|| Failure::file(path, "the file has no mask"))?;
    Ok((image, (!assumed.is_empty()).then(|| assumed.join("; "))))
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| Failure::file(path, error))?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Failure::file(path, error))?;
    match bytes.len() as u64 {
        0 => Err(Failure::file(path, "the file is empty")),
        length if length > MAX_FILE_BYTES => {
            Err(Failure::file(path, "too long for a mask of at most 4096x4096 pixels"))
        }
        _ => Ok(bytes),
    }
}

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
    const ALL: [Self; 3] = [Self::Eight, Self::Sixteen, Self::ThirtyTwo];

    const fn element(self) -> Element {
        match self {
            Self::Eight => Element::U1,
            Self::Sixteen => Element::U2,
            Self::ThirtyTwo => Element::U4,
        }
    }
}

/// The format, pixel type, range and name that a mask is written with.
pub(crate) struct Encoding {
    format: &'static Format,
    element: Element,
    pub(crate) range: Range,
    /// Name of a C array.
    name: String,
}

impl Encoding {
    /// Returns the encoding that the file's extension and the options ask for.
    pub(crate) fn new(path: &Path, depth: Option<Depth>, range: Option<Range>, name: Option<&str>) -> Result<Self> {
        let format = Format::to_write(path)?;
        if let Some(depth) = depth.filter(|depth| !format.depths.contains(depth)) {
            let with = FORMATS.iter().filter(|format| format.depths.contains(&depth));
            let with: Vec<String> = with.map(|format| format!(".{}", format.extension)).collect();
            return Err(Failure::usage(format_args!(
                "--depth {} goes with {} only; the extension of a raw file says its depth: .u8, .u16, .u32",
                8 * depth.element().size(),
                with.join(", ")
            )));
        }
        let element = depth.map_or(format.element, Depth::element);
        if name.is_some() && format.extension != "h" {
            return Err(Failure::usage("--name goes with .h only: the name of the array"));
        }
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = name.map_or_else(|| c_header::name_of_file(&stem), String::from);
        let encoding = Self { format, element, range: range.unwrap_or_default(), name };
        if range.is_some() && !encoding.has_floats() {
            return Err(Failure::usage("--range goes with floats only: .f32, or .npy without --depth"));
        }
        Ok(encoding)
    }

    /// Whether the pixels are ranks, which have no distribution.
    pub(crate) fn has_ranks(&self) -> bool {
        matches!(self.element, Element::U4)
    }

    /// Whether the pixels are floats.
    pub(crate) fn has_floats(&self) -> bool {
        self.element.levels().is_none()
    }

    /// Returns the file's bytes; `command` goes into the comment of a C header.
    pub(crate) fn encode(&self, mask: &Mask<'_>, distribution: &Distribution, command: &str) -> Result<Vec<u8>> {
        let Self { format, element, range, name } = self;
        (format.write)(&Content { mask, element: *element, range: *range, distribution, name, command })
    }
}

/// What a writer puts into a file.
struct Content<'c> {
    mask: &'c Mask<'c>,
    /// Type of a pixel.
    element: Element,
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
    /// Returns the pixels, little-endian, row by row: integers of 8 or 16 bits, ranks in 32, or floats.
    fn pixels(&self) -> Result<Vec<u8>> {
        Ok(match self.element {
            Element::U1 => u8_values(self.mask, self.distribution)?,
            Element::U2 => {
                u16_values(self.mask, self.distribution)?.iter().flat_map(|value| value.to_le_bytes()).collect()
            }
            Element::U4 => self.mask.ranks().iter().flat_map(|rank| rank.to_le_bytes()).collect(),
            Element::F4 | Element::F8 => {
                let values = f32_values(self.mask, self.range, self.distribution)?;
                values.iter().flat_map(|value| value.to_le_bytes()).collect()
            }
        })
    }
}

/// Returns the mask in 8 bits, of a distribution.
pub(crate) fn u8_values(mask: &Mask<'_>, distribution: &Distribution) -> Result<Vec<u8>> {
    let mut values = vec![0; mask.shape().pixels()];
    mask.write_u8_as(&mut values, distribution)?;
    Ok(values)
}

fn u16_values(mask: &Mask<'_>, distribution: &Distribution) -> Result<Vec<u16>> {
    let mut values = vec![0; mask.shape().pixels()];
    mask.write_u16_as(&mut values, distribution)?;
    Ok(values)
}

/// Returns the mask as floats of a distribution.
pub(crate) fn f32_values(mask: &Mask<'_>, range: Range, distribution: &Distribution) -> Result<Vec<f32>> {
    let mut values = vec![0.0; mask.shape().pixels()];
    mask.write_f32_as(&mut values, range, distribution)?;
    Ok(values)
}

fn write_png(content: &Content<'_>) -> Result<Vec<u8>> {
    let (depth, pixels) = match content.element {
        Element::U2 => {
            let values = u16_values(content.mask, content.distribution)?;
            (BitDepth::Sixteen, values.iter().flat_map(|value| value.to_be_bytes()).collect())
        }
        _ => (BitDepth::Eight, u8_values(content.mask, content.distribution)?),
    };
    picture::encode_grey(content.mask.shape(), depth, &pixels).map_err(Failure::other)
}

fn read_npy(bytes: &[u8], reading: &Reading) -> std::result::Result<Atlas, String> {
    let npy::Array { element, slices: own, shape, data } = npy::decode(bytes)?;
    let Shape { width, height, .. } = shape;
    let mut assumed = Vec::new();
    let (slices, shape) = match (own, reading.slices) {
        (None, slices) => (slices.unwrap_or(Slices::ONE), shape),
        (Some(0), _) => return Err(format!("an array of 0 slices of {width}x{height}: a mask needs pixels")),
        (Some(own), given) => {
            let slices = Slices::stacked(own);
            if given.is_some_and(|given| given != slices) {
                let option = reading.options.slices;
                return Err(format!("an array of {own} slices of {width}x{height}: give {option} {own} or none"));
            }
            if given.is_none() {
                assumed.push(format!("an array of three dimensions, read as {own} slices of {width}x{height}"));
            }
            (slices, slices.atlas(shape))
        }
    };
    let slice = reading.check(shape, slices)?;
    let needed = shape.pixels() * element.size();
    let Shape { width, height, .. } = shape;
    if data.len() != needed {
        let got = data.len();
        return Err(format!("a damaged .npy file: {width}x{height} needs {needed} bytes after its header, not {got}"));
    }
    Ok(Atlas { values: element.decode(data), levels: element.levels(), slices, slice, assumed })
}

fn read_raw(bytes: &[u8], element: Element, reading: &Reading) -> std::result::Result<Atlas, String> {
    let (length, size) = (bytes.len(), element.size());
    let slices = reading.slices.unwrap_or(Slices::ONE);
    let slice = match reading.raw_shape {
        Some(shape) => shape,
        None => {
            // Fits: a file has at most MAX_FILE_BYTES.
            let count = slices.count() as usize;
            let side = (length / size / count).isqrt();
            if side * side * size * count != length {
                let of = if count == 1 { String::new() } else { format!("{count} slices, each a ") };
                let why = format!("{length} bytes are no {of}square of {size}-byte pixels");
                return Err(format!("{why}: give {}", reading.options.raw_shape));
            }
            Shape::new(side as u32, side as u32)
        }
    };
    (reading.check)(slice).map_err(|error| error.to_string())?;
    let shape = slices.atlas(slice);
    reading.check(shape, slices)?;
    let Shape { width, height, .. } = slice;
    let needed = shape.pixels() * size;
    if needed != length {
        let of = if slices == Slices::ONE { String::new() } else { format!("{} slices of ", slices.count()) };
        return Err(format!(
            "the file has {length} bytes, not {needed}: {of}{width}x{height} pixels of {size} bytes each"
        ));
    }
    Ok(Atlas { values: element.decode(bytes), levels: element.levels(), slices, slice, assumed: Vec::new() })
}

/// Swaps the bytes of each pair; a byte without a partner stays, so that the length is refused as it is.
fn swapped(bytes: &[u8]) -> Vec<u8> {
    let (pairs, last) = bytes.as_chunks::<2>();
    pairs.iter().flat_map(|[a, b]| [*b, *a]).chain(last.iter().copied()).collect()
}

/// Returns the ranks as text: a line for each row of the mask.
fn csv(mask: &Mask<'_>) -> String {
    let row = |ranks: &[u32]| ranks.iter().map(u32::to_string).collect::<Vec<_>>().join(",") + "\n";
    mask.ranks().chunks(mask.shape().width.max(1) as usize).map(row).collect()
}

fn write_c_header(content: &Content<'_>) -> Result<Vec<u8>> {
    let Content { mask, element, name, command, .. } = *content;
    Ok(c_header::header(name, mask.shape(), element, &content.pixels()?, command).into_bytes())
}
