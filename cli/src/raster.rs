//! Formats of dithered pictures: one row of [`FORMATS`] each, and their writers.
//!
//! Rows come from the top, in the bytes that [`Rows`] names; a writer adds headers and compression and holds no picture. Help texts and
//! messages take their lists from the table, so a new format needs a row, a writer and a test in `cli/tests/all/raster.rs`.

mod flat;
mod png;

use crate::failure::Failure;
use bluegrad::Shape;
use bluegrad::dither::{BitOrder, ByteOrder};
use std::io::{self, Write};
use std::path::Path;

/// A format of dithered pictures, known by its name or by the extension of a file.
#[derive(Debug)]
pub(crate) struct Format {
    /// Name for `--format`, and the extension of files without `--out`.
    pub(crate) name: &'static str,
    /// Extensions beside the name.
    extensions: &'static [&'static str],
    /// What the format holds, for help texts.
    help: &'static str,
    pub(crate) kind: Kind,
}

/// What a format writes around rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Png,
    /// Binary `P4`.
    Pbm,
    /// Binary `P5`.
    Pgm,
    /// Binary `P6`.
    Ppm,
    Xbm,
    /// A C array of a raw layout.
    C,
    /// Rows without a header.
    Raw(Layout),
}

/// Layout of the bytes of raw files and C arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Levels of so many bits, one after the other, rows at whole bytes.
    Bits(u32),
    /// All rows of bit 0, then all rows of bit 1.
    Planes,
    /// A byte a pixel: rrrgggbb.
    Rgb332,
    /// Two bytes a pixel: rrrrrggg gggbbbbb.
    Rgb565(ByteOrder),
}

const fn raw(name: &'static str, help: &'static str, layout: Layout) -> Format {
    Format { name, extensions: &[], help, kind: Kind::Raw(layout) }
}

/// All formats, in the order of help texts and messages.
static FORMATS: [Format; 14] = [
    Format { name: "png", extensions: &[], help: "", kind: Kind::Png },
    Format { name: "pbm", extensions: &[], help: "", kind: Kind::Pbm },
    Format { name: "pgm", extensions: &[], help: "", kind: Kind::Pgm },
    Format { name: "ppm", extensions: &[], help: "", kind: Kind::Ppm },
    Format { name: "xbm", extensions: &[], help: "", kind: Kind::Xbm },
    Format { name: "c", extensions: &["h"], help: " (array; c:raw2, c:planes ... choose its layout)", kind: Kind::C },
    raw("raw1", "", Layout::Bits(1)),
    raw("raw2", "", Layout::Bits(2)),
    raw("raw4", "", Layout::Bits(4)),
    raw("raw8", " (levels of 1 to 8 bits)", Layout::Bits(8)),
    raw("planes", " (all bits 0, then all bits 1)", Layout::Planes),
    raw("rgb332", "", Layout::Rgb332),
    raw("rgb565le", "", Layout::Rgb565(ByteOrder::LittleEndian)),
    raw("rgb565be", "", Layout::Rgb565(ByteOrder::BigEndian)),
];

/// Lists the formats for help texts.
pub(crate) fn help() -> String {
    FORMATS.iter().map(|format| format!("{}{}", format.name, format.help)).collect::<Vec<_>>().join(", ")
}

fn names() -> String {
    FORMATS.iter().map(|format| format.name).collect::<Vec<_>>().join(", ")
}

/// A format, and the layout that `c:LAYOUT` asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    pub(crate) format: &'static Format,
    pub(crate) layout: Option<Layout>,
}

impl Choice {
    /// Parses a value of `--format`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let named = |name: &str| FORMATS.iter().find(|format| format.name == name);
        let wrong = || format!("the formats are {}, and c:LAYOUT with a layout such as raw2 or planes", names());
        match text.split_once(':') {
            None => Ok(Self { format: named(text).ok_or_else(wrong)?, layout: None }),
            Some(("c", layout)) => match (named("c"), named(layout)) {
                (Some(format), Some(Format { kind: Kind::Raw(layout), .. })) => {
                    Ok(Self { format, layout: Some(*layout) })
                }
                _ => Err(wrong()),
            },
            Some(_) => Err(wrong()),
        }
    }

    /// The format that a path's extension names.
    pub(crate) fn of_path(path: &Path) -> Result<Self, String> {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let is = |format: &&Format| format.name == extension || format.extensions.contains(&extension.as_str());
        let found = FORMATS.iter().find(is).map(|format| Self { format, layout: None });
        found.ok_or_else(|| format!("the extension must name the format: {}; or give --format", names()))
    }

    /// PNG.
    pub(crate) fn png() -> Self {
        Self { format: &FORMATS[0], layout: None }
    }

    /// Extension of files of the format.
    pub(crate) fn extension(&self) -> &'static str {
        match self.format.kind {
            Kind::C => "h",
            _ => self.format.name,
        }
    }

    /// Whether files are text.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.format.kind, Kind::Xbm | Kind::C)
    }
}

/// Bytes of a row, as a writer takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// Levels, or indices of colours, of so many bits.
    Packed {
        bits: u32,
        order: BitOrder,
    },
    /// Indices of colours that are made of three levels, red first; highest bits first.
    Joined {
        bits: u32,
    },
    /// Bits 0 of the levels, then bits 1.
    Planes {
        order: BitOrder,
    },
    Rgb332,
    Rgb565(ByteOrder),
    /// Values of 8 or 16 bits, big-endian, and alpha after the colour.
    Values {
        bits: u32,
        alpha: bool,
    },
}

/// What a writer must know before the first row.
#[derive(Debug)]
pub(crate) struct Header<'h> {
    pub(crate) shape: Shape,
    /// Samples of a pixel: 1 for grey and palettes, 3 for colour.
    pub(crate) channels: usize,
    pub(crate) rows: Rows,
    /// Colours of the indices; empty if rows are no indices.
    pub(crate) colors: &'h [[u8; 3]],
    /// Name of an array.
    pub(crate) name: &'h str,
    /// Words of the layout, for comments.
    pub(crate) kind: &'h str,
}

impl Header<'_> {
    /// Bytes of a row.
    pub(crate) fn row_bytes(&self) -> usize {
        let pixels = self.shape.width as usize;
        let samples = pixels * self.channels;
        match self.rows {
            Rows::Packed { bits, .. } => (samples * bits as usize).div_ceil(8),
            Rows::Joined { bits } => (pixels * bits as usize).div_ceil(8),
            Rows::Planes { .. } => 2 * pixels.div_ceil(8),
            Rows::Rgb332 => pixels,
            Rows::Rgb565(_) => 2 * pixels,
            Rows::Values { bits, alpha } => (samples + if alpha { pixels } else { 0 }) * bits as usize / 8,
        }
    }
}

/// Why a picture was not written.
pub(crate) enum Broken {
    /// The maker of the rows failed.
    Row(Failure),
    Write(io::Error),
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Self {
        Self::Row(failure)
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// Takes all rows of a picture from their maker and gives each to a writer.
type Rest<'r> = dyn FnMut(&mut dyn FnMut(&[u8]) -> io::Result<()>) -> Result<(), Broken> + 'r;

/// Writes a picture; `row` fills the bytes of row y.
pub(crate) fn write(
    choice: Choice,
    header: &Header<'_>,
    to: &mut dyn Write,
    mut row: impl FnMut(u32, &mut [u8]) -> Result<(), Failure>,
) -> Result<(), Broken> {
    let mut bytes = vec![0; header.row_bytes()];
    let mut rest = |put: &mut dyn FnMut(&[u8]) -> io::Result<()>| {
        (0..header.shape.height).try_for_each(|y| {
            row(y, &mut bytes)?;
            Ok(put(&bytes)?)
        })
    };
    match choice.format.kind {
        Kind::Png => png::write(header, to, &mut rest),
        Kind::Xbm | Kind::C => flat::text(choice, header, to, &mut rest),
        Kind::Pbm | Kind::Pgm | Kind::Ppm | Kind::Raw(_) => flat::binary(choice, header, to, &mut rest),
    }
}
