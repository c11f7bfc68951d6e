//! File formats of masks: one row of [`FORMATS`] each, with its writer and its reader.
//!
//! Help texts, messages and fuzzing take their lists of formats from the table, so a new format needs a row and its functions here,
//! a test in `cli/tests/all/formats.rs`, and a line in `CHANGELOG.md`.

mod read;
mod write;

use crate::failure::{Failure, Result};
use crate::image::{Atlas, Masks, Reading};
use crate::mask_png;
use crate::npy::{self, Element};
use bluegrad::Shape;
use std::path::Path;

pub(crate) use read::{load, load_one, load_whole, says_slices};
pub(crate) use write::{Depth, Encoding, Wanted, f32_values, u8_values};

use read::{read_npy, read_raw};
use write::{Content, csv, write_c_header, write_png};

/// A file format of masks, known by its extension.
pub(crate) struct Format {
    extension: &'static str,
    /// Extension and content, for lists in help texts.
    help: &'static str,
    /// Type of the pixels that are written where no `--depth` is given.
    element: Element,
    /// Integers that `--depth` may ask for.
    depths: &'static [Depth],
    /// Most layers and channels of a file.
    holds: Holds,
    /// Makes a file.
    write: fn(&Content<'_>) -> Result<Vec<u8>>,
    /// Reads a file; `None` if the format is only written. The shape is checked before any pixel is decoded.
    read: Option<Reader>,
}

/// What a file of a format holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// One layer of one channel.
    Plane,
    /// One layer of all channels, or all layers below each other.
    Picture,
    /// All layers and channels.
    All,
}

type Reader = fn(&[u8], &Reading) -> std::result::Result<Atlas, String>;

/// All formats, in the order of help texts and messages.
static FORMATS: [Format; 9] = [
    Format {
        extension: "png",
        help: ".png",
        element: Element::U1,
        depths: &[Depth::Eight, Depth::Sixteen],
        holds: Holds::Picture,
        write: write_png,
        read: Some(mask_png::decode),
    },
    Format {
        extension: "npy",
        help: ".npy",
        element: Element::F4,
        depths: &Depth::ALL,
        holds: Holds::All,
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
        holds: Holds::All,
        write: |content| Ok(swapped(&content.pixels()?)),
        read: Some(|bytes, reading| read_raw(&swapped(bytes), Element::U2, reading)),
    },
    Format {
        extension: "h",
        help: "a C array .h",
        element: Element::U1,
        depths: &Depth::ALL,
        holds: Holds::All,
        write: write_c_header,
        read: None,
    },
    Format {
        extension: "csv",
        help: "ranks as text .csv",
        element: Element::U4,
        depths: &[],
        holds: Holds::Plane,
        write: |content| Ok(csv(content.mask).into_bytes()),
        read: None,
    },
];

/// A format of pixels without a header.
const fn raw(extension: &'static str, help: &'static str, element: Element, read: Reader) -> Format {
    Format {
        extension,
        help,
        element,
        depths: &[],
        holds: Holds::All,
        write: |content| content.pixels(),
        read: Some(read),
    }
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

    /// Refuses layers and channels that a file does not hold; `apart` if each layer has a file or a part of a picture.
    fn check(&self, path: &Path, shape: Shape, apart: bool) -> Result<()> {
        let (extension, all) = (self.extension, extensions(", ", |format| format.holds == Holds::All));
        let fail = |why: String| Err(Failure::usage(format_args!("{}: {why}", path.display())));
        match self.holds {
            Holds::Picture if shape.layers > 1 && !apart => fail(format!(
                ".{extension} holds one layer, not {}: give --atlas for layers below each other, a name such as mask_%d.{extension} for a \
                 file of each layer, or {all}",
                shape.layers
            )),
            Holds::Plane if shape.layers > 1 && !apart => {
                fail(format!(".{extension} holds one layer, not {}: {all} hold layers", shape.layers))
            }
            Holds::Plane if shape.channels > 1 => {
                let pictures = extensions(", ", |format| format.holds == Holds::Picture);
                fail(format!(".{extension} holds one channel, not {}: {pictures}, {all} hold channels", shape.channels))
            }
            _ => Ok(()),
        }
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

/// Lists what can be read, for help texts.
pub(crate) fn readable() -> String {
    let readable = FORMATS.iter().filter(|format| format.read.is_some()).map(|format| format.help);
    readable.collect::<Vec<_>>().join(", ") + "; mask_%d.png or a folder stands for files that are a slice each"
}

/// Lists the formats that can be written, for help texts.
pub(crate) fn writable() -> String {
    FORMATS.iter().map(|format| format.help).collect::<Vec<_>>().join(", ")
}

fn extensions(separator: &str, wanted: impl Fn(&Format) -> bool) -> String {
    let names = FORMATS.iter().filter(|format| wanted(format)).map(|format| format!(".{}", format.extension));
    names.collect::<Vec<_>>().join(separator)
}

/// Swaps the bytes of each pair; a byte without a partner stays, so that the length is refused as it is.
fn swapped(bytes: &[u8]) -> Vec<u8> {
    let (pairs, last) = bytes.as_chunks::<2>();
    pairs.iter().flat_map(|[a, b]| [*b, *a]).chain(last.iter().copied()).collect()
}
