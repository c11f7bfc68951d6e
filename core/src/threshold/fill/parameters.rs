//! Parameters of the fill.

use crate::error::{Error, number};
use crate::threshold::PIXELS_A_STEP;
use crate::threshold::coupling::Coupling;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Integer void fill: places all pixels, each into the emptiest pixel that is left.
///
/// One step places 1024 pixels.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Fill {
    /// Standard deviation of a placed pixel's Gaussian, 0.5 to 4 pixels.
    ///
    /// Used from a tenth of the pixels on, multiplied by `1 + 20/n` on a mask of n pixels.
    pub sigma: f32,
    /// Radius of the kernel, 2 to 16 pixels.
    pub radius: u32,
    /// Weight of a narrower Gaussian that is subtracted, 0 to 0.99.
    pub narrow_weight: f32,
    /// Standard deviation of that Gaussian, 0.3 pixels to `sigma`.
    pub narrow_sigma: f32,
    /// Not 0: take the emptiest pixel of the whole mask each time, not of a tile, and from a tenth of the pixels on without noise.
    pub exact: u32,
    /// Noise in the choice of each pixel, as a multiple of the usual noise: 0 to 2.5.
    ///
    /// Less noise makes sparse patterns more even and more like a lattice. With 0, which leaves ties alone to chance, masks of 16 and 32
    /// pixels are ordered dithers.
    pub disorder: f32,
    /// How the planes of a mask with layers or channels act on each other.
    pub coupling: Coupling,
}

impl Fill {
    /// By tiles, one Gaussian of sigma 1.26 pixels, radius 5.
    pub const PLAIN: Self = Self::new(1.26, 5);

    /// A fill by tiles with one Gaussian.
    #[must_use]
    pub const fn new(sigma: f32, radius: u32) -> Self {
        Self {
            sigma,
            radius,
            narrow_weight: 0.0,
            narrow_sigma: 0.5,
            exact: 0,
            disorder: 1.0,
            coupling: Coupling::PLAIN,
        }
    }

    /// Number of steps for so many pixels of all planes.
    pub(crate) const fn steps(pixels: usize) -> u32 {
        pixels.div_ceil(PIXELS_A_STEP) as u32
    }

    pub(crate) const fn check(&self) -> Result<(), Error> {
        if let Err(error) = number("fill.sigma", self.sigma, 0.5, 4.0, "from 0.5 to 4 pixels") {
            return Err(error);
        }
        if let Err(error) = number("fill.radius", self.radius as f32, 2.0, 16.0, "from 2 to 16 pixels") {
            return Err(error);
        }
        if let Err(error) = number("fill.narrow_weight", self.narrow_weight, 0.0, 0.99, "from 0 to 0.99") {
            return Err(error);
        }
        if let Err(error) = number("fill.disorder", self.disorder, 0.0, 2.5, "from 0 to 2.5") {
            return Err(error);
        }
        if let Err(error) = self.coupling.check() {
            return Err(error);
        }
        number("fill.narrow_sigma", self.narrow_sigma, 0.3, self.sigma, "from 0.3 pixels to the fill's sigma")
    }
}
