//! File formats of masks: one row of [`FORMATS`] each, with its writer and its reader.
//!
//! Help texts, messages and fuzzing take their lists of formats from the table, so a new format needs a row and its functions here,
//! a test in `cli/tests/all/formats.rs`, and a line in `CHANGELOG.md`.

use crate::c_header;
use crate::failure::{Failure, Result};
use crate::image::{Atlas, Image, Masks, OptionNames, Reading, Slices, size};
use crate::mask_png;
use crate::npy::{self, Element};
use crate::numbered::Numbered;
use crate::picture;
use bluegrad::shape::MAX_SIDE;
use bluegrad::{Distribution, Mask, Range, Shape};
use clap::ValueEnum;
use png::BitDepth;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

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

/// Lists the formats that can be read, for help texts.
pub(crate) fn readable() -> String {
    FORMATS.iter().filter(|format| format.read.is_some()).map(|format| format.help).collect::<Vec<_>>().join(", ")
}

/// Lists the formats that can be written, for help texts.
pub(crate) fn writable() -> String {
    FORMATS.iter().map(|format| format.help).collect::<Vec<_>>().join(", ")
}

fn extensions(separator: &str, wanted: impl Fn(&Format) -> bool) -> String {
    let names = FORMATS.iter().filter(|format| wanted(format)).map(|format| format!(".{}", format.extension));
    names.collect::<Vec<_>>().join(separator)
}

/// Reads the masks of a file, or of the files of a series.
pub(crate) fn load(path: &Path, reading: &Reading) -> Result<Masks> {
    let format = Format::to_read(path)?;
    let read = |path: &Path, reading: &Reading| {
        format.decode(&read_file(path)?, reading).map_err(|why| Failure::file(path, why))
    };
    match Numbered::of(path).filter(|_| !path.exists()) {
        None => read(path, reading),
        Some(series) => load_series(path, &series, reading, read),
    }
}

/// Reads the files of a series, each a slice.
fn load_series(
    path: &Path,
    series: &Numbered,
    reading: &Reading,
    read: impl Fn(&Path, &Reading) -> Result<Masks>,
) -> Result<Masks> {
    let OptionNames { slices, slice, .. } = *reading.options;
    if reading.slices.is_some() {
        return Err(Failure::usage(format_args!(
            "{}: each file of a series is a slice: leave {slices} out",
            path.display()
        )));
    }
    let files = series.existing();
    if files.is_empty() {
        return Err(Failure::file(&series.path(0), "no file of this series exists; numbers start at 0 or 1"));
    }
    let of = files.len() as u64;
    if let Some(index) = reading.slice.filter(|index| u64::from(*index) >= of) {
        let why = format_args!("the series has no slice {index}: {slice} 0 to {} are its slices", of - 1);
        return Err(Failure::file(path, why));
    }
    let wanted = |index: &u32| reading.slice.is_none_or(|slice| slice == *index);
    let mut all = Masks { images: Vec::new(), of, assumed: Vec::new() };
    for (index, file) in (0..).zip(&files).filter(|(index, _)| wanted(index)) {
        let Masks { images, of, assumed } = read(file, &Reading { slice: None, ..*reading })?;
        let [(_, image)] = <[_; 1]>::try_from(images)
            .map_err(|_| Failure::file(file, format_args!("{of} slices: a file of a series holds one")))?;
        if let Some((_, first)) = all.images.first().filter(|(_, first)| first.shape != image.shape) {
            let (own, first) = (size(image.shape), size(first.shape));
            return Err(Failure::file(file, format_args!("{own}, but the first file of the series is {first}")));
        }
        if all.images.is_empty() {
            all.assumed = assumed;
        }
        all.images.push((index, image));
    }
    Ok(all)
}

/// Whether the file itself says how many slices it has.
pub(crate) fn says_slices(path: &Path) -> bool {
    Numbered::of(path).is_some() || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy"))
}

/// Reads all slices and channels of a file as one mask; raw files have `channels`. Also returns what was assumed.
pub(crate) fn load_whole(path: &Path, channels: u32, reading: &Reading) -> Result<(Image, Option<String>)> {
    let mut masks = load(path, &Reading { all_channels: Some(channels), ..*reading })?;
    let assumed = std::mem::take(&mut masks.assumed).join("; ");
    let image = masks.joined().ok_or_else(|| Failure::file(path, "the file has no mask"))?;
    (reading.check)(image.shape).map_err(|error| Failure::file(path, error))?;
    Ok((image, Some(assumed).filter(|assumed| !assumed.is_empty())))
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
    /// Returns the pixels, little-endian, in the order of [`Shape`]: integers of 8 or 16 bits, ranks in 32, or floats.
    fn pixels(&self) -> Result<Vec<u8>> {
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

fn write_png(content: &Content<'_>) -> Result<Vec<u8>> {
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

fn read_npy(bytes: &[u8], reading: &Reading) -> std::result::Result<Atlas, String> {
    let npy::Array { element, slices: own, shape, data } = npy::decode(bytes)?;
    let Shape { width, height, channels, .. } = shape;
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
            if given.is_none() && reading.all_channels.is_none() {
                let dimensions = if channels == 1 { "three" } else { "four" };
                assumed.push(format!("an array of {dimensions} dimensions, read as {own} slices of {width}x{height}"));
            }
            (slices, slices.atlas(shape).with_channels(channels))
        }
    };
    let slice = reading.check(shape, slices)?;
    let needed = shape.elements() * element.size();
    if data.len() != needed {
        let (got, Shape { width, height, .. }) = (data.len(), shape);
        let of = if channels == 1 { String::new() } else { format!(" with {channels} channels") };
        return Err(format!(
            "a damaged .npy file: {width}x{height}{of} needs {needed} bytes after its header, not {got}"
        ));
    }
    let atlas = Atlas { values: element.decode(data), levels: element.levels(), slices, slice, assumed };
    if channels == 1 || reading.all_channels.is_some() { Ok(atlas) } else { one_channel(atlas, reading) }
}

/// Keeps the channel of an array that is asked for.
fn one_channel(atlas: Atlas, reading: &Reading) -> std::result::Result<Atlas, String> {
    let (channels, option) = (atlas.slice.channels as usize, reading.options.channel);
    let Some(channel) = reading.channel else {
        let names = ["r or a", "r, g or b", "r, g, b or a"][channels - 2];
        return Err(format!(
            "an array of {channels} channels, the last of its dimensions; a mask is one channel, of two dimensions: give {option} {names}"
        ));
    };
    let why = || format!("an array of {channels} channels has no alpha: give {option} r, g or b");
    let index = channel.index(channels).ok_or_else(why)?;
    let values = atlas.values.iter().skip(index).step_by(channels).copied().collect();
    Ok(Atlas { values, slice: atlas.slice.plane(), ..atlas })
}

fn read_raw(bytes: &[u8], element: Element, reading: &Reading) -> std::result::Result<Atlas, String> {
    let (length, size) = (bytes.len(), element.size());
    let slices = reading.slices.unwrap_or(Slices::ONE);
    let channels = reading.all_channels.unwrap_or(1);
    let slice = match reading.raw_shape {
        Some(shape) => shape,
        None => {
            // Fits: a file has at most MAX_FILE_BYTES.
            let count = slices.count() as usize * channels as usize;
            let side = (length / size / count).isqrt();
            if side * side * size * count != length {
                let slices = slices.count();
                let of = if slices == 1 { String::new() } else { format!("{slices} slices, each a ") };
                let pixels = if channels == 1 { String::new() } else { format!(" in {channels} channels") };
                let why = format!("{length} bytes are no {of}square of {size}-byte pixels{pixels}");
                return Err(format!("{why}: give {}", reading.options.raw_shape));
            }
            Shape::new(side as u32, side as u32)
        }
    };
    (reading.check)(slice).map_err(|error| error.to_string())?;
    let shape = slices.atlas(slice).with_channels(channels);
    let slice = reading.check(shape, slices)?;
    let Shape { width, height, .. } = slice;
    let needed = shape.elements() * size;
    if needed != length {
        let of = if slices == Slices::ONE { String::new() } else { format!("{} slices of ", slices.count()) };
        let each = if channels == 1 { String::new() } else { format!(" in {channels} channels") };
        return Err(format!(
            "the file has {length} bytes, not {needed}: {of}{width}x{height} pixels of {size} bytes each{each}"
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
