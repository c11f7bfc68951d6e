//! `NumPy`'s `.npy`: writes version 1.0, reads versions 1.0 to 3.0.
//!
//! Format (`numpy.lib.format`): a magic number, a version, the header's length, a header that is a Python dictionary with the keys
//! `descr`, `fortran_order` and `shape`, then the elements. The reader searches the header for these keys: masks are an
//! array of two to four dimensions of plain numbers, so a parser of Python literals is not needed.

use bluegrad::Shape;

const MAGIC: &[u8] = b"\x93NUMPY";

/// Type of an element: unsigned integer or float, with its size in bytes. Little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    U1,
    U2,
    U4,
    F4,
    F8,
}

impl Element {
    const ALL: [Self; 5] = [Self::U1, Self::U2, Self::U4, Self::F4, Self::F8];

    /// `NumPy`'s name of the type.
    const fn descr(self) -> &'static str {
        match self {
            Self::U1 => "|u1",
            Self::U2 => "<u2",
            Self::U4 => "<u4",
            Self::F4 => "<f4",
            Self::F8 => "<f8",
        }
    }

    /// Size of an element, in bytes.
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::U1 => 1,
            Self::U2 => 2,
            Self::U4 | Self::F4 => 4,
            Self::F8 => 8,
        }
    }

    /// Number of values of an integer type; `None` for floats.
    pub(crate) const fn levels(self) -> Option<u64> {
        match self {
            Self::U1 => Some(1 << 8),
            Self::U2 => Some(1 << 16),
            Self::U4 => Some(1 << 32),
            Self::F4 | Self::F8 => None,
        }
    }

    /// Decodes elements; bytes of an incomplete last element are ignored.
    pub(crate) fn decode(self, bytes: &[u8]) -> Vec<f64> {
        fn each<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> f64) -> Vec<f64> {
            bytes.as_chunks::<N>().0.iter().map(|chunk| value(*chunk)).collect()
        }
        match self {
            Self::U1 => each(bytes, |b: [u8; 1]| f64::from(b[0])),
            Self::U2 => each(bytes, |b| f64::from(u16::from_le_bytes(b))),
            Self::U4 => each(bytes, |b| f64::from(u32::from_le_bytes(b))),
            Self::F4 => each(bytes, |b| f64::from(f32::from_le_bytes(b))),
            Self::F8 => each(bytes, f64::from_le_bytes),
        }
    }
}

/// Returns a file of these elements, in the order of [`Shape`]: an array (height, width) of a flat mask, else (layers, height, width),
/// or (layers, height, width, channels) if there are several channels.
pub(crate) fn encode(element: Element, shape: Shape, data: &[u8]) -> Vec<u8> {
    let descr = element.descr();
    let Shape { width, height, layers, channels } = shape;
    let sides = match (layers, channels) {
        (1, 1) => format!("{height}, {width}"),
        (_, 1) => format!("{layers}, {height}, {width}"),
        _ => format!("{layers}, {height}, {width}, {channels}"),
    };
    let mut header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({sides}), }}");
    // The format wants the elements to start at a multiple of 64: spaces and a line feed fill the header.
    let start = MAGIC.len() + 4;
    let length = (start + header.len() + 1).next_multiple_of(64) - start;
    header.extend(std::iter::repeat_n(' ', length - header.len() - 1));
    header.push('\n');
    // Fits: the dictionary has five short numbers, so the header has at most 128 bytes.
    let length = (length as u16).to_le_bytes();
    [MAGIC, &[1, 0], &length, header.as_bytes(), data].concat()
}

/// A decoded file.
pub(crate) struct Array<'a> {
    pub(crate) element: Element,
    /// Length of the dimension before height and width.
    pub(crate) slices: Option<u32>,
    /// Height, width and channels.
    pub(crate) shape: Shape,
    /// Bytes of the elements.
    pub(crate) data: &'a [u8],
}

/// Decodes the header; the number of elements is not checked.
pub(crate) fn decode(bytes: &[u8]) -> Result<Array<'_>, String> {
    let rest = bytes.strip_prefix(MAGIC).ok_or("not a .npy file: it does not start with NumPy's magic number")?;
    let cut = || "a truncated .npy file: it ends within its header".to_string();
    let (length, rest) = match rest {
        [1, _, a, b, rest @ ..] => (usize::from(u16::from_le_bytes([*a, *b])), rest),
        [2 | 3, _, a, b, c, d, rest @ ..] => (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest),
        [0 | 4.., ..] => return Err("a .npy file of an unknown version; 1.0, 2.0 and 3.0 can be read".to_string()),
        _ => return Err(cut()),
    };
    let (header, data) = rest.split_at_checked(length).ok_or_else(cut)?;
    let header = std::str::from_utf8(header).map_err(|_| "a damaged .npy header: it is not text")?;
    let descr = value_of(header, "descr")?.trim_matches(['\'', '"']);
    let element = Element::ALL.into_iter().find(|element| element.descr() == descr.replace("<u1", "|u1"));
    let element = element.ok_or_else(|| {
        format!("elements of type {descr}: expected |u1, <u2, <u4, <f4 or <f8 (NumPy: m.astype('<f4'))")
    })?;
    if value_of(header, "fortran_order")? != "False" {
        return Err(
            "the array is column-major (Fortran order): save it row-major (NumPy: numpy.ascontiguousarray)".to_string()
        );
    }
    let (slices, shape) = shape_of(header)?;
    Ok(Array { element, slices, shape, data })
}

/// Returns the value of a key: the text up to the next comma or a tuple's closing bracket.
fn value_of<'h>(header: &'h str, key: &str) -> Result<&'h str, String> {
    let missing = || format!("a damaged .npy header: it has no {key}");
    let quotes = ['\'', '"'].map(|quote| format!("{quote}{key}{quote}"));
    let found = quotes.iter().find_map(|quoted| header.split_once(quoted.as_str()));
    let value = found.and_then(|(_, rest)| rest.trim_start().strip_prefix(':')).ok_or_else(missing)?.trim_start();
    let end = if value.starts_with('(') { value.find(')').map(|end| end + 1) } else { value.find([',', '}']) };
    let value = end.and_then(|end| value.get(..end)).map(str::trim);
    value.filter(|value| !value.is_empty()).ok_or_else(missing)
}

fn shape_of(header: &str) -> Result<(Option<u32>, Shape), String> {
    let text = value_of(header, "shape")?;
    let sides: Vec<u32> =
        text.trim_matches(['(', ')']).split(',').filter_map(|side| side.trim().parse().ok()).collect();
    match sides[..] {
        [height, width] => Ok((None, Shape::new(width, height))),
        [height, width, channels @ 2..=4] => Ok((None, Shape::new(width, height).with_channels(channels))),
        [slices, height, width] => Ok((Some(slices), Shape::new(width, height))),
        [slices, height, width, channels @ 1..=4] => {
            Ok((Some(slices), Shape::new(width, height).with_channels(channels)))
        }
        _ => Err(format!(
            "an array of shape {text}: a mask has two dimensions, (height, width), slices of masks three, (slices, height, width), \
             and slices of 1 to 4 channels four, (slices, height, width, channels)"
        )),
    }
}
