//! How the planes of a volume act on each other.

use crate::error::{Error, number};
use crate::pairs::Mixture;
use bytemuck::{CheckedBitPattern, NoUninit};

/// The largest radius of a coupling in time, layers.
pub const MAX_TIME_RADIUS: u32 = 16;

/// Coupling of planes. A pixel of a plane acts on other layers at the same pixel, and on other channels of its layer.
///
/// Layers repeat: the layer after the last is the first.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Coupling {
    /// Weight w of the spatial kernel in the other channels of the layer, 0 to 1. Read only with 2 channels or more.
    pub channel_weight: f32,
    /// Weight β of the kernel in time, 0 (layers are independent) to 4, relative to the spatial kernel. Read only with 2 layers or more.
    pub time_weight: f32,
    /// Radius of the kernel in time, 0 to 16 layers.
    pub time_radius: u32,
    /// Kernel in time, of the distance in layers.
    pub time_kernel: Mixture,
}

impl Coupling {
    /// Independent layers; channels of a layer act on each other with 0.12 of the spatial kernel.
    pub const PLAIN: Self =
        Self { channel_weight: 0.12, time_weight: 0.0, time_radius: 0, time_kernel: Mixture::new(&[(1.5, 1.0)]) };

    /// The kernel in time between a pixel and the layer `ahead` layers on, of `layers` that repeat: the sum over all distances within the
    /// radius that lead there, forth and back. With all layers, the pixel's own among them, the sum is 1.
    pub(crate) fn time_at(&self, ahead: u32, layers: u32) -> f64 {
        debug_assert!(ahead < layers, "a layer of the mask");
        let layers = layers.max(1);
        let (mut sum, mut all) = (0.0, 0.0);
        for distance in 1..=self.time_radius {
            let kernel = self.time_kernel.at(f64::from(distance * distance));
            all += 2.0 * kernel;
            for there in [distance % layers, (layers - distance % layers) % layers] {
                sum += if there == ahead { kernel } else { 0.0 };
            }
        }
        if all > 0.0 { sum / all } else { 0.0 }
    }

    pub(crate) const fn check(&self) -> Result<(), Error> {
        let checks = [
            number("coupling.channel_weight", self.channel_weight, 0.0, 1.0, "from 0 to 1"),
            number("coupling.time_weight", self.time_weight, 0.0, 4.0, "from 0 to 4"),
            number("coupling.time_radius", self.time_radius as f32, 0.0, MAX_TIME_RADIUS as f32, "from 0 to 16 layers"),
            self.time_kernel.check(),
        ];
        let mut i = 0;
        while i < checks.len() {
            if checks[i].is_err() {
                return checks[i];
            }
            i += 1;
        }
        if self.time_weight > 0.0 && (self.time_radius == 0 || self.time_kernel.is_none()) {
            return Err(Error::Number {
                what: "coupling.time_weight",
                value: self.time_weight,
                range: "0 without a time_radius and a time_kernel",
            });
        }
        Ok(())
    }
}
