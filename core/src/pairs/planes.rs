//! The padded planes of a volume.

use super::Padding;
use crate::shape::Shape;

/// The padded planes of a volume, one after the other, as [`Shape`] orders them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Planes {
    /// Of each plane. A plane has one chunk more than its rows, so that the same row of planes whose rows fill whole pages of the cache
    /// does not compete for the same lines.
    pub(crate) padding: Padding,
    pub(crate) layers: u32,
    pub(crate) channels: u32,
}

/// Where a plane is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) layer: u32,
    pub(crate) channel: u32,
}

impl Planes {
    pub(crate) const fn new(shape: Shape, radius: usize) -> Self {
        Self { padding: Padding { shape: shape.plane(), radius }, layers: shape.layers, channels: shape.channels }
    }

    /// The number of planes.
    pub(crate) const fn count(&self) -> usize {
        self.layers as usize * self.channels as usize
    }

    /// Elements of all planes.
    pub(crate) const fn len(&self) -> usize {
        self.count() * self.padding.len()
    }

    /// Where plane `plane` is.
    pub(crate) fn place(&self, plane: usize) -> Place {
        debug_assert!(self.channels > 0, "a mask has channels");
        let channels = self.channels.max(1);
        Place { layer: plane as u32 / channels, channel: plane as u32 % channels }
    }
}
