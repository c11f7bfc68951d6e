//! Pictures as rows of samples, upright and in sRGB.
//!
//! A PNG is decoded row by row, unless rows come in another order (interlaced, turned). With the cargo feature `formats` the crate `image`
//! decodes other formats, whole. The content says the format, not the file's name.

mod color;
#[cfg(feature = "formats")]
mod formats;
mod png;
mod whole;

use bluegrad::Shape;
use color::Conversion;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read, Seek, SeekFrom};
use whole::Whole;

/// Largest picture, pixels: 1 GiB when decoded to 16-bit RGBA.
const MOST_PIXELS: u64 = 1 << 27;

/// First bytes of every PNG.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Bytes that tell the formats apart.
const HEAD: u64 = 16;

/// Samples of a row, interleaved; alpha comes last.
#[derive(Debug)]
pub(crate) enum Row<'r> {
    U8(&'r [u8]),
    U16(&'r [u16]),
}

/// Samples of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pixel {
    /// Pixels are RGB; else grey.
    pub(crate) color: bool,
    pub(crate) alpha: bool,
    /// Rows have 16 bits; else 8.
    pub(crate) sixteen: bool,
}

impl Pixel {
    /// Number of samples.
    pub(crate) fn samples(self) -> usize {
        (if self.color { 3 } else { 1 }) + usize::from(self.alpha)
    }
}

/// A picture whose rows are read from the top.
pub(crate) struct Source<'f> {
    pub(crate) shape: Shape,
    pub(crate) pixel: Pixel,
    /// What of the file is ignored, for a warning.
    pub(crate) ignored: Option<String>,
    rows: Rows<'f>,
    conversion: Option<Conversion>,
    /// A row of 16 bits.
    codes: Vec<u16>,
}

/// A row as its decoder stores it.
struct Stored<'r> {
    bytes: &'r [u8],
    code: Option<Code>,
}

/// Makes a 16-bit sample of its two bytes.
type Code = fn([u8; 2]) -> u16;

enum Rows<'f> {
    Png(png::Rows<'f>),
    Whole(Whole),
}

impl<'f> Source<'f> {
    /// Reads the header of a picture of any kind; an animation counts as its first frame.
    pub(crate) fn new(from: impl Read + 'f) -> Result<Self, String> {
        let mut from = BufReader::with_capacity(1 << 16, Box::new(from) as Box<dyn Read + 'f>);
        let mut head = Vec::new();
        from.by_ref().take(HEAD).read_to_end(&mut head).map_err(|error| error.to_string())?;
        if head.starts_with(SIGNATURE) {
            png::open(Bytes(Cursor::new(head).chain(from)))
        } else if head.is_empty() {
            Err("the file is empty".to_string())
        } else {
            other(head, from)
        }
    }

    fn from_rows(
        shape: Shape,
        pixel: Pixel,
        rows: Rows<'f>,
        conversion: Option<Conversion>,
        ignored: Option<String>,
    ) -> Self {
        let sixteen = pixel.sixteen || conversion.is_some();
        Self { shape, pixel: Pixel { sixteen, ..pixel }, ignored, rows, conversion, codes: Vec::new() }
    }

    /// Returns the next row.
    pub(crate) fn row(&mut self) -> Result<Row<'_>, String> {
        let Stored { bytes, code } = match &mut self.rows {
            Rows::Png(rows) => rows.row()?,
            Rows::Whole(whole) => whole.row(),
        };
        if !self.pixel.sixteen {
            return Ok(Row::U8(bytes));
        }
        self.codes.clear();
        match code {
            Some(code) => self.codes.extend(bytes.as_chunks::<2>().0.iter().map(|pair| code(*pair))),
            None => self.codes.extend(bytes.iter().map(|byte| 257 * u16::from(*byte))),
        }
        if let Some(conversion) = &mut self.conversion {
            conversion.apply(&mut self.codes, self.pixel)?;
        }
        Ok(Row::U16(&self.codes))
    }

    /// Checks the rest of the file.
    pub(crate) fn finish(&mut self) -> Result<(), String> {
        match &mut self.rows {
            Rows::Png(rows) => rows.finish(),
            Rows::Whole(_) => Ok(()),
        }
    }
}

#[cfg(feature = "formats")]
fn other<'f>(head: Vec<u8>, from: BufReader<Box<dyn Read + 'f>>) -> Result<Source<'f>, String> {
    formats::open(head, from)
}

#[cfg(not(feature = "formats"))]
fn other<'f>(_: Vec<u8>, _: BufReader<Box<dyn Read + 'f>>) -> Result<Source<'f>, String> {
    Err("not a PNG: convert the picture to PNG".to_string())
}

/// Checks the size of a picture before memory is allocated.
fn check(width: u32, height: u32) -> Result<Shape, String> {
    match u64::from(width) * u64::from(height) {
        0 => Err(format!("size {width}x{height}: the picture has no pixels")),
        1..=MOST_PIXELS => Ok(Shape::new(width, height)),
        _ => Err(format!("size {width}x{height}: a picture may have at most {MOST_PIXELS} pixels")),
    }
}

/// Allocates the bytes of a whole picture.
fn allocate(size: u64) -> Result<Vec<u8>, String> {
    let short = || format!("not enough memory: the picture needs {size} bytes");
    let size = usize::try_from(size).map_err(|_| short())?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size).map_err(|_| short())?;
    bytes.resize(size, 0);
    Ok(bytes)
}

/// The bytes of a file or pipe, from its start.
///
/// png asks for `Seek` and reads forward only.
struct Bytes<'f>(Chain<Cursor<Vec<u8>>, BufReader<Box<dyn Read + 'f>>>);

impl Read for Bytes<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        self.0.read(to)
    }
}

impl BufRead for Bytes<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.0.consume(count);
    }
}

impl Seek for Bytes<'_> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
