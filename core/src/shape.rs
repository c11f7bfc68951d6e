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
/// The most layers of a mask.
pub const MAX_LAYERS: u32 = 256;
/// The most channels of a mask.
pub const MAX_CHANNELS: u32 = 4;
/// The most elements of a mask: a block of 64 bytes an element fits the address space.
pub const MAX_ELEMENTS: usize = if usize::BITS < 64 { 1 << 25 } else { 1 << 30 };

/// Size of a mask: planes of `width` by `height` pixels, one for each channel of each layer.
///
/// Elements outside this crate are in the order layer, row, column, channel: element
/// `((layer * height + y) * width + x) * channels + channel`. A flat mask, of one layer and one channel, is a row-major image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Shape {
    /// Width, 8 to 4096 pixels; with a spectral stage a power of two from 16.
    pub width: u32,
    /// Height, 8 to 4096 pixels; with a spectral stage a power of two from 16.
    pub height: u32,
    /// Layers, slices in time: 1 to 256.
    pub layers: u32,
    /// Channels of a pixel: 1 to 4.
    pub channels: u32,
}

impl Shape {
    /// A shape of one layer and one channel; it is checked where it is used.
    #[must_use]
    pub const fn new(width: u32, height: u32) -> Self {
        Self { width, height, layers: 1, channels: 1 }
    }

    /// The shape with another number of layers.
    #[must_use]
    pub const fn with_layers(self, layers: u32) -> Self {
        Self { layers, ..self }
    }

    /// The shape with another number of channels.
    #[must_use]
    pub const fn with_channels(self, channels: u32) -> Self {
        Self { channels, ..self }
    }

    /// The shape of one plane: one channel of one layer.
    #[must_use]
    pub const fn plane(self) -> Self {
        Self::new(self.width, self.height)
    }

    /// The number of pixels of a plane.
    #[must_use]
    pub const fn pixels(self) -> usize {
        self.width as usize * self.height as usize
    }

    /// The number of planes: one for each channel of each layer.
    #[must_use]
    pub const fn planes(self) -> usize {
        self.layers as usize * self.channels as usize
    }

    /// The number of elements: the pixels of all planes.
    #[must_use]
    pub const fn elements(self) -> usize {
        self.pixels().saturating_mul(self.planes())
    }

    /// Whether the mask is one plane.
    #[must_use]
    pub const fn is_flat(self) -> bool {
        self.layers == 1 && self.channels == 1
    }

    /// Index of the plane of a channel of a layer: planes are layer by layer, and in a layer channel by channel.
    pub(crate) const fn plane_index(self, layer: u32, channel: u32) -> usize {
        layer as usize * self.channels as usize + channel as usize
    }

    /// Whether it is one layer of one channel.
    ///
    /// # Errors
    /// [`Error::Layers`].
    pub(crate) const fn check_flat(self) -> Result<(), Error> {
        let Self { layers, channels, .. } = self;
        if self.is_flat() { Ok(()) } else { Err(Error::NotFlat { layers, channels }) }
    }

    /// Whether a mask can have the number of layers and the number of channels.
    ///
    /// # Errors
    /// [`Error::Layers`].
    pub(crate) const fn check_counts(self) -> Result<(), Error> {
        let Self { layers, channels, .. } = self;
        let good = layers >= 1 && layers <= MAX_LAYERS && channels >= 1 && channels <= MAX_CHANNELS;
        if good { Ok(()) } else { Err(Error::Layers { layers, channels }) }
    }

    /// Whether a mask can have it: sides from 8 to 4096, 1 to 256 layers, 1 to 4 channels, at most [`MAX_ELEMENTS`] elements.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Layers`].
    pub const fn check(self) -> Result<(), Error> {
        let Self { width, height, layers, channels } = self;
        if width < MIN_SIDE || width > MAX_SIDE || height < MIN_SIDE || height > MAX_SIDE {
            return Err(Error::Size { width, height });
        }
        if self.elements() > MAX_ELEMENTS {
            return Err(Error::Layers { layers, channels });
        }
        self.check_counts()
    }

    /// Whether the FFT can transform it, as the spectral objective needs: each side a power of two from 16 to 4096, one
    /// layer, one channel.
    ///
    /// # Errors
    /// [`Error::TransformSize`], [`Error::NotFlat`].
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
