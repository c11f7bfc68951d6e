//! Readers: files and series of files, and the formats that have no module of their own.

use super::{Format, extensions};
use crate::failure::{Failure, Result};
use crate::image::{Atlas, Image, Masks, OptionNames, Reading, Slices, size};
use crate::npy::{self, Element};
use crate::numbered::{self, Numbered};
use bluegrad::Shape;
use bluegrad::shape::MAX_SIDE;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Longest file that is read, bytes: twice the largest mask in the widest type.
const MAX_FILE_BYTES: u64 = 2 * 8 * (MAX_SIDE as u64) * (MAX_SIDE as u64);

/// Reads the masks of a file, or of the files of a series or a folder.
pub(crate) fn load(path: &Path, reading: &Reading) -> Result<Masks> {
    if path.is_dir() {
        let files =
            numbered::folder(path, |file| Format::to_read(file).is_ok()).map_err(|why| Failure::file(path, why))?;
        if files.is_empty() {
            let extensions = extensions(", ", |format| format.read.is_some());
            return Err(Failure::file(path, format_args!("the folder has no mask: {extensions}")));
        }
        return load_series(path, &files, reading);
    }
    let format = Format::to_read(path)?;
    match Numbered::of(path).filter(|_| !path.exists()) {
        None => format.decode(&read_file(path)?, reading).map_err(|why| Failure::file(path, why)),
        Some(series) => {
            let files = series.existing();
            if files.is_empty() {
                let why = "no file of this series exists; numbers start at 0 or 1";
                return Err(Failure::file(&series.path(0), why));
            }
            load_series(path, &files, reading)
        }
    }
}

/// Reads the files of a series, each a slice.
fn load_series(path: &Path, files: &[PathBuf], reading: &Reading) -> Result<Masks> {
    let OptionNames { slices, slice, .. } = *reading.options;
    if reading.slices.is_some() {
        return Err(Failure::usage(format_args!(
            "{}: each file of a series is a slice: leave {slices} out",
            path.display()
        )));
    }
    let of = files.len() as u64;
    if let Some(index) = reading.slice.filter(|index| u64::from(*index) >= of) {
        let why = format_args!("the series has no slice {index}: {slice} 0 to {} are its slices", of - 1);
        return Err(Failure::file(path, why));
    }
    let wanted = |index: &u32| reading.slice.is_none_or(|slice| slice == *index);
    let mut all = Masks { images: Vec::new(), of, assumed: Vec::new() };
    for (index, file) in (0..).zip(files).filter(|(index, _)| wanted(index)) {
        let Masks { images, of, assumed } = load(file, &Reading { slice: None, ..*reading })?;
        let [(_, image)] = <[_; 1]>::try_from(images)
            .map_err(|_| Failure::file(file, format_args!("{of} slices: a file of a series holds one")))?;
        if let Some((_, first)) = all.images.first() {
            let differ = |own: String, first: String| {
                Failure::file(file, format_args!("{own}, but the first file of the series is {first}"))
            };
            if first.shape != image.shape {
                return Err(differ(size(image.shape), size(first.shape)));
            }
            if first.levels != image.levels {
                return Err(differ(kind(image.levels), kind(first.levels)));
            }
        }
        if all.images.is_empty() {
            all.assumed = assumed;
        }
        all.images.push((index, image));
    }
    Ok(all)
}

/// The type of the numbers in words.
fn kind(levels: Option<u64>) -> String {
    levels.map_or_else(|| "of floats".to_string(), |levels| format!("of {} bits", levels.ilog2()))
}

/// Whether the file itself says how many slices it has.
pub(crate) fn says_slices(path: &Path) -> bool {
    path.is_dir()
        || Numbered::of(path).is_some()
        || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("npy"))
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

pub(super) fn read_npy(bytes: &[u8], reading: &Reading) -> std::result::Result<Atlas, String> {
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

pub(super) fn read_raw(bytes: &[u8], element: Element, reading: &Reading) -> std::result::Result<Atlas, String> {
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
