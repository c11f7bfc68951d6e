//! Read: the finished mask, as integers, floats, ranks or texels to dither with.
//!
//! Each call writes the elements in the order layer, row, column, channel. A bluegrad_region chooses layers and channels, one layer for a
//! slice of a texture array for instance, and the bytes from pixel to pixel, row to row and layer to layer, so a mask goes straight into a
//! mapped texture, one channel of RGBA pixels or a part of an atlas. bluegrad_read_values alone may be called before the run is done, to show how the mask comes about.

use crate::border;
use crate::generator::{bluegrad_generator, open};
use crate::region::{self, Region, bluegrad_region};
use crate::status::*;
use bluegrad::shape::MAX_CHANNELS;
use bluegrad::{Distribution, Error, Generator, Mask, Range, dither};
use core::mem::MaybeUninit;

/// Where values go: the caller's memory.
struct Place<T> {
    to: *mut T,
    size: usize,
    region: *const bluegrad_region,
}

impl<T> Place<T> {
    /// The same as bytes, and the size of an element: one function does for all types.
    fn bytes(self) -> (Place<u8>, usize) {
        (Place { to: self.to.cast(), size: self.size, region: self.region }, size_of::<T>())
    }
}

/// The region and its bytes, checked.
///
/// # Safety
/// `generator` is what `opened` was opened from; `place` is NULL, misaligned or may be written for its size.
unsafe fn checked<'a>(
    generator: *const bluegrad_generator,
    opened: &Generator<'_>,
    (place, element): (Place<u8>, usize),
) -> Result<(Region, &'a mut [u8]), bluegrad_status> {
    // SAFETY: the caller's promise.
    let region = Region::new(unsafe { region::read(place.region) }?, opened.config().shape, element)?;
    if place.size < region.size {
        return Err(BLUEGRAD_ERROR_LENGTH);
    }
    let block = bluegrad::Layout::new(opened.config()).map_err(code)?.bytes();
    border::apart(place.to, place.size, generator, block)?;
    if !(place.to as usize).is_multiple_of(element) {
        return Err(BLUEGRAD_ERROR_MISALIGNED);
    }
    // SAFETY: the caller's promise, and apart from the generator.
    Ok((region, unsafe { border::slice_mut(place.to, place.size & !(element - 1)) }?))
}

/// Writes a row of a mask as the bytes of its elements.
type WriteRow<'a> = &'a dyn Fn(&Mask<'_>, &mut [u8]) -> Result<(), Error>;

/// Pixels that are written at a time where there are gaps between them.
const PART: usize = 64;

/// Writes a row whose pixels lie apart.
fn scatter(row: &Mask<'_>, to: &mut [u8], region: &Region, write: WriteRow<'_>) -> Result<(), Error> {
    let mut values = [0_u32; PART * MAX_CHANNELS as usize];
    let mut pixels = to.chunks_mut(region.pixel_stride.max(1));
    for part in row.row_parts(PART) {
        let bytes = bytemuck::must_cast_slice_mut(&mut values).get_mut(..part.shape().width as usize * region.pixel);
        debug_assert!(bytes.is_some(), "an element has at most 4 bytes");
        let bytes: &mut [u8] = bytes.unwrap_or_default();
        write(&part, bytes)?;
        for (from, to) in bytes.chunks_exact(region.pixel.max(1)).zip(&mut pixels) {
            if let Some(to) = to.get_mut(..from.len()) {
                to.copy_from_slice(from);
            }
        }
    }
    Ok(())
}

/// Writes a region of a finished mask, row by row, each by `write`.
///
/// # Safety
/// `generator` as [`open`] wants it; `place` is NULL, misaligned or may be written for its size.
unsafe fn read(
    generator: *const bluegrad_generator,
    place: (Place<u8>, usize),
    write: WriteRow<'_>,
) -> Result<(), bluegrad_status> {
    // SAFETY: the caller's promise.
    let opened = unsafe { open(generator) }?;
    let mask = opened.mask().map_err(code)?;
    // SAFETY: the caller's promise.
    let (region, bytes) = unsafe { checked(generator, &opened, place) }?;
    for (i, layer) in region.layers.clone().enumerate() {
        let part = mask.channels_of(layer, region.channels.start, region.channels.len() as u32).map_err(code)?;
        for (y, row) in part.rows().enumerate() {
            let first = i * region.layer_stride + y * region.row_stride;
            let to = bytes.get_mut(first..).and_then(|rest| rest.get_mut(..region.row));
            debug_assert!(to.is_some(), "`checked` wants room for every row");
            let to = to.unwrap_or_default();
            let written =
                if region.pixel_stride == region.pixel { write(&row, to) } else { scatter(&row, to, &region, write) };
            written.map_err(code)?;
        }
    }
    Ok(())
}

/// Bytes of a row as elements.
fn elements<T: bytemuck::Pod>(bytes: &mut [u8]) -> &mut [T] {
    let elements = bytemuck::try_cast_slice_mut(bytes);
    debug_assert!(elements.is_ok(), "`checked` wants whole, aligned elements");
    elements.unwrap_or_default()
}

/// Reads a finished mask as 8-bit values floor(256*rank/n), n the number of pixels of a layer: each of the 256 equally often where 256
/// divides n. For thresholds, and for textures of uniform noise.
///
/// generator: one thread at a time. to: first element, not in the generator's memory. size: bytes at `to`, at least those from the first
/// element to the end of the last: layer_stride*(layers - 1) + row_stride*(height - 1) + pixel_stride*(width - 1) + channels times the
/// element's size. region: NULL: the whole mask without a gap. Bytes between pixels, rows and layers are not touched.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _NOT_DONE before the last step, _PLANE for layers or channels
/// that the mask does not have, _STRIDE, _LENGTH, _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_u8(
    generator: *const bluegrad_generator,
    to: *mut u8,
    size: usize,
    region: *const bluegrad_region,
) -> bluegrad_status {
    let place = Place { to, size, region }.bytes();
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, place, &|row, to| row.write_u8(to)) })
}

/// Reads a finished mask as 16-bit values floor(65536*rank/n). Parameters and errors: as bluegrad_read_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_u16(
    generator: *const bluegrad_generator,
    to: *mut u16,
    size: usize,
    region: *const bluegrad_region,
) -> bluegrad_status {
    let place = Place { to, size, region }.bytes();
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, place, &|row, to| row.write_u16(elements(to))) })
}

/// Reads a finished mask as 8-bit values of a distribution: 255*(Q((rank + 1/2)/n) + 1)/2 to the nearest, Q the quantile function. A value
/// v stands for 2*v/255 - 1. For noise that is added, where a shader or a sensor model wants other than uniform noise.
///
/// distribution: as it is in the configuration, or any other; a uniform one gives the values of bluegrad_read_u8, which links 7 KiB less.
/// The others, and errors: as bluegrad_read_u8, and BLUEGRAD_ERROR_UNKNOWN_VALUE, _NUMBER or _DISTRIBUTION_TABLE of the distribution.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_u8_as(
    generator: *const bluegrad_generator,
    to: *mut u8,
    size: usize,
    region: *const bluegrad_region,
    distribution: *const Distribution,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let distribution = unsafe { border::checked(distribution) }?;
        let place = Place { to, size, region }.bytes();
        // SAFETY: the caller's promise.
        unsafe { read(generator, place, &|row, to| row.write_u8_as(to, &distribution)) }
    };
    of(run())
}

/// Reads a finished mask as 16-bit values of a distribution, 65535 in place of 255. Parameters and errors: as bluegrad_read_u8_as.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_u16_as(
    generator: *const bluegrad_generator,
    to: *mut u16,
    size: usize,
    region: *const bluegrad_region,
    distribution: *const Distribution,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let distribution = unsafe { border::checked(distribution) }?;
        let place = Place { to, size, region }.bytes();
        // SAFETY: the caller's promise.
        unsafe { read(generator, place, &|row, to| row.write_u16_as(elements(to), &distribution)) }
    };
    of(run())
}

/// The caller's distribution; uniform for NULL.
///
/// # Safety
/// NULL, misaligned or readable.
unsafe fn wanted(distribution: *const Distribution) -> Result<Distribution, bluegrad_status> {
    if distribution.is_null() {
        return Ok(Distribution::UNIFORM);
    }
    // SAFETY: the caller's promise.
    unsafe { border::checked(distribution) }
}

/// Reads a finished mask as floats Q((rank + 1/2)/n), Q the quantile function of a distribution; never the upper end of the range.
///
/// range: one of BLUEGRAD_RANGE_*. distribution: NULL: uniform. The others, and errors: as bluegrad_read_u8, and
/// BLUEGRAD_ERROR_UNKNOWN_VALUE, _NUMBER for sigma, _DISTRIBUTION_TABLE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_f32(
    generator: *const bluegrad_generator,
    to: *mut f32,
    size: usize,
    region: *const bluegrad_region,
    range: MaybeUninit<Range>,
    distribution: *const Distribution,
) -> bluegrad_status {
    let run = || {
        let range = border::choice(range)?;
        // SAFETY: the caller's promise.
        let distribution = unsafe { wanted(distribution) }?;
        let place = Place { to, size, region }.bytes();
        // SAFETY: the caller's promise.
        unsafe { read(generator, place, &|row, to| row.write_f32_as(elements(to), range, &distribution)) }
    };
    of(run())
}

/// Reads the ranks of a finished mask: each of 0 to n - 1 once in each channel of each layer. Parameters and errors: as bluegrad_read_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_ranks(
    generator: *const bluegrad_generator,
    to: *mut u32,
    size: usize,
    region: *const bluegrad_region,
) -> bluegrad_status {
    let place = Place { to, size, region }.bytes();
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, place, &|row, to| row.write_ranks(elements(to))) })
}

/// Reads the ranks of a finished mask as 16-bit numbers. Parameters and errors: as bluegrad_read_u8, and
/// BLUEGRAD_ERROR_TOO_MANY_PIXELS past 65536 pixels a layer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_ranks_u16(
    generator: *const bluegrad_generator,
    to: *mut u16,
    size: usize,
    region: *const bluegrad_region,
) -> bluegrad_status {
    let place = Place { to, size, region }.bytes();
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, place, &|row, to| row.write_ranks_u16(elements(to))) })
}

/// Reads a finished mask as 8-bit texels for bluegrad_dither, with exactly the thresholds of the ranks.
///
/// The texels of bluegrad_read_u8 do as well where 256 divides the number of pixels. Parameters and errors: as bluegrad_read_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_dither_texels(
    generator: *const bluegrad_generator,
    to: *mut u8,
    size: usize,
    region: *const bluegrad_region,
) -> bluegrad_status {
    let place = Place { to, size, region }.bytes();
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, place, &dither::texels) })
}

/// Reads a finished mask as the 16-bit thresholds of bluegrad_dither, floor((2*rank + 1)*2^15/n). Parameters and errors: as
/// bluegrad_read_u16.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_thresholds(
    generator: *const bluegrad_generator,
    to: *mut u16,
    size: usize,
    region: *const bluegrad_region,
) -> bluegrad_status {
    let place = Place { to, size, region }.bytes();
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, place, &|row, to| dither::thresholds(row, elements(to))) })
}

/// Reads a finished mask as 8-bit texels that dither to two even levels as a table of bluegrad_tone_fill would: 1 bit in light as fast as
/// plain thresholding.
///
/// low, high: the two output values, 16-bit codes. mix: as in bluegrad_tone_fill. The others, and errors: as bluegrad_read_u8, and
/// BLUEGRAD_ERROR_UNKNOWN_VALUE, _VALUES unless low < high.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_two_level_texels(
    generator: *const bluegrad_generator,
    to: *mut u8,
    size: usize,
    region: *const bluegrad_region,
    low: u16,
    high: u16,
    mix: MaybeUninit<dither::Mix>,
) -> bluegrad_status {
    let run = || {
        let mix = border::choice(mix)?;
        let place = Place { to, size, region }.bytes();
        // SAFETY: the caller's promise.
        let pixels = unsafe { open(generator) }?.config().shape.pixels();
        // at most 2^24 pixels: the shape of a mask is checked
        let levels =
            dither::Tone::new(&[low, high], mix, pixels as u32).and_then(|tone| tone.two_levels()).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { read(generator, place, &|row, to| levels.texels(row, to)) }
    };
    of(run())
}

/// Reads the present values of a run, done or not: floats from -1 to 1; 1 for a pixel without a rank.
///
/// Parameters and errors: as bluegrad_read_u8, without _NOT_DONE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_values(
    generator: *mut bluegrad_generator,
    to: *mut f32,
    size: usize,
    region: *const bluegrad_region,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let mut opened = unsafe { open(generator) }?;
        let place = Place { to, size, region }.bytes();
        // SAFETY: the caller's promise.
        let (region, bytes) = unsafe { checked(generator, &opened, place) }?;
        let (layers, channels) = (region.layers, region.channels);
        // strides are multiples of an element
        let strides = [region.pixel_stride, region.row_stride, region.layer_stride];
        let [pixel, row, layer_stride] = strides.map(|bytes| bytes / size_of::<f32>());
        let place = |layer: u32, channel: u32, y: u32| {
            let here = layers.contains(&layer) && channels.contains(&channel);
            let [layer, channel] = [layer.wrapping_sub(layers.start), channel.wrapping_sub(channels.start)];
            here.then(|| layer as usize * layer_stride + y as usize * row + channel as usize)
        };
        opened.write_value_rows(elements(bytes), pixel, place).map_err(code)
    };
    of(run())
}
