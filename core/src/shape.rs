//! The shape of a mask: width, height, layers, channels.

use crate::error::Error;
use crate::simd::LANES;
use bytemuck::{Pod, Zeroable};

/// The smallest side of a mask.
pub const MIN_SIDE: u32 = 8;
/// The smallest side of a mask of the spectral objective.
pub const MIN_TRANSFORM_SIDE: u32 = 16;
/// The largest side of a mask.
pub const MAX_SIDE: u32 = 4096;

/// Size of a mask. Images are row-major: pixel (x, y) is element `y * width + x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Shape {
    /// Width, 8 to 4096 pixels; with a spectral stage a power of two from 16.
    pub width: u32,
    /// Height, 8 to 4096 pixels; with a spectral stage a power of two from 16.
    pub height: u32,
    /// Layers, slices in time: 1. No other number of layers is supported yet.
    pub layers: u32,
    /// Channels of a pixel: 1. No other number of channels is supported yet.
    pub channels: u32,
}

impl Shape {
    /// A shape of one layer and one channel; it is checked where it is used.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height, layers: 1, channels: 1 }
    }

    /// The number of pixels of a layer.
    #[must_use]
    pub const fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }

    /// Whether it is one layer of one channel.
    ///
    /// # Errors
    /// [`Error::Layers`].
    pub(crate) const fn check_flat(self) -> Result<(), Error> {
        let Self { layers, channels, .. } = self;
        if layers == 1 && channels == 1 { Ok(()) } else { Err(Error::Layers { layers, channels }) }
    }

    /// Whether a mask can have it: each side from 8 to 4096, one layer, one channel.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Layers`].
    pub const fn check(self) -> Result<(), Error> {
        if let Err(error) = self.check_flat() {
            return Err(error);
        }
        let Self { width, height, .. } = self;
        if width >= MIN_SIDE && width <= MAX_SIDE && height >= MIN_SIDE && height <= MAX_SIDE {
            Ok(())
        } else {
            Err(Error::Size { width, height })
        }
    }

    /// Whether the FFT can transform it, as the spectral objective needs: each side a power of two from 16 to 4096, one
    /// layer, one channel.
    ///
    /// # Errors
    /// [`Error::TransformSize`], [`Error::Layers`].
    pub const fn check_transform(self) -> Result<(), Error> {
        if let Err(error) = self.check_flat() {
            return Err(error);
        }
        if is_transform_side(self.width) && is_transform_side(self.height) {
            Ok(())
        } else {
            Err(Error::TransformSize { width: self.width, height: self.height })
        }
    }

    /// Tiles of columns: 16 packed columns (32 real ones) each; a width of 16 fills half a tile.
    pub(crate) const fn column_tiles(self) -> usize {
        (self.width as usize).div_ceil(2 * LANES)
    }

    /// The most of [`Shape::column_group`].
    pub(crate) const MAX_COLUMN_GROUP: usize = 2;

    /// Tiles of columns that are worked on together: two in tall images, so that of an image row both lines of a pair are read
    /// while they are near; those of one tile alone lie so far apart that no cache fetches ahead.
    pub(crate) const fn column_group(self) -> usize {
        if self.height >= 512 && self.column_tiles() > 1 { Self::MAX_COLUMN_GROUP } else { 1 }
    }

    /// Tiles of rows: 16 vertical frequencies each; a height of 16 fills half a tile.
    pub(crate) const fn row_tiles(self) -> usize {
        (self.height as usize).div_ceil(2 * LANES)
    }
}

const fn is_transform_side(side: u32) -> bool {
    side.is_power_of_two() && side >= MIN_TRANSFORM_SIDE && side <= MAX_SIDE
}
