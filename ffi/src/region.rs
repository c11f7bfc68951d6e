//! A part of a mask, and where its elements lie in memory.

use crate::border;
use crate::status::*;
use bluegrad::Shape;
use bytemuck::AnyBitPattern;
use core::ops::Range;

/// A part of a mask, and its rows and layers in memory. NULL in its place, or all 0: the whole mask, without a gap.
///
/// Elements are in the order layer, row, column, channel: a row has the channels of each pixel side by side. A flat mask in the alpha of
/// 8-bit RGBA: pixel_stride 4, from the first alpha on.
#[derive(Clone, Copy, AnyBitPattern)]
#[repr(C)]
pub struct bluegrad_region {
    /// First layer, counted from 0.
    pub layer: u32,
    /// Number of layers; 0: all from `layer` on.
    pub layers: u32,
    /// First channel, counted from 0.
    pub channel: u32,
    /// Number of channels; 0: all from `channel` on.
    pub channels: u32,
    /// Bytes from row to row, at least a row's and a multiple of the element's size; 0: width*pixel_stride, rows without a gap.
    pub row_stride: usize,
    /// Bytes from layer to layer, at least a layer's and a multiple of the element's size; 0: height*row_stride, so that the rows of all
    /// layers are equally far apart.
    pub layer_stride: usize,
    /// Bytes from pixel to pixel, at least those of the channels and a multiple of the element's size; 0: channels*element, pixels without
    /// a gap. Bytes between pixels are not touched.
    pub pixel_stride: usize,
}

const _: () = assert!(size_of::<bluegrad_region>() == 16 + 3 * size_of::<usize>(), "no padding on any target");

/// A region of a mask, checked. Sizes and strides are in bytes.
pub(crate) struct Region {
    pub(crate) layers: Range<u32>,
    pub(crate) channels: Range<u32>,
    /// The channels of a pixel.
    pub(crate) pixel: usize,
    pub(crate) pixel_stride: usize,
    /// From the first element of a row to the end of its last.
    pub(crate) row: usize,
    pub(crate) row_stride: usize,
    pub(crate) layer_stride: usize,
    /// From the first element to the end of the last.
    pub(crate) size: usize,
}

/// From the start of the first of `count` things to the end of the last, each of `size` bytes and `stride` bytes after the one before.
fn span(count: u32, stride: usize, size: usize) -> Result<usize, bluegrad_status> {
    let before = stride.checked_mul(count.saturating_sub(1) as usize);
    before.and_then(|before| before.checked_add(size)).ok_or(BLUEGRAD_ERROR_LENGTH)
}

/// `count` numbers from `first` on, all that are left for 0, of those below `all`.
fn part(first: u32, count: u32, all: u32) -> Result<Range<u32>, bluegrad_status> {
    let left = all.saturating_sub(first);
    let count = if count == 0 { left } else { count };
    if count == 0 || count > left { Err(BLUEGRAD_ERROR_PLANE) } else { Ok(first..first + count) }
}

/// The region behind a pointer.
///
/// # Safety
/// NULL, misaligned or readable.
pub(crate) unsafe fn read(region: *const bluegrad_region) -> Result<bluegrad_region, bluegrad_status> {
    if region.is_null() {
        return Ok(bytemuck::Zeroable::zeroed());
    }
    // SAFETY: the caller's promise.
    Ok(*unsafe { border::reference(region) }?)
}

impl Region {
    /// A region of a mask of a checked shape with elements of a size, a power of two.
    pub(crate) fn new(given: bluegrad_region, shape: Shape, element: usize) -> Result<Self, bluegrad_status> {
        let layers = part(given.layer, given.layers, shape.layers)?;
        let channels = part(given.channel, given.channels, shape.channels)?;
        let stride = |given: usize, otherwise: usize, least: usize| match given {
            0 => Ok(otherwise),
            stride if stride < least || stride & (element - 1) != 0 => Err(BLUEGRAD_ERROR_STRIDE),
            stride => Ok(stride),
        };
        let pixel = channels.len() * element;
        let pixel_stride = stride(given.pixel_stride, pixel, pixel)?;
        let row = span(shape.width, pixel_stride, pixel)?;
        // where that is too much a mask has one row, or `span` says so
        let row_stride = stride(given.row_stride, pixel_stride.saturating_mul(shape.width as usize), row)?;
        let layer = span(shape.height, row_stride, row)?;
        // where that is too much there is one layer, or `span` says so
        let layer_stride = stride(given.layer_stride, row_stride.saturating_mul(shape.height as usize), layer)?;
        let size = span(layers.end - layers.start, layer_stride, layer)?;
        Ok(Self { layers, channels, pixel, pixel_stride, row, row_stride, layer_stride, size })
    }
}
