//! Bins of a half spectrum, and the rings of the radial profile.

use super::{check, decibels, mean, power_len};
use crate::error::{Error, length};
use crate::shape::Shape;

/// Rings of the radial profile, 1/64 cycle/pixel wide, up to the corner of the spectrum.
pub const RINGS: usize = 46;

/// Rings per cycle/pixel.
const RINGS_PER_CYCLE: u64 = 64;

/// Rings of fewer bins have no meaningful variance: the two bins of a conjugate pair are always equal.
const MIN_ANISOTROPY_BINS: u32 = 4;

/// Rings of less power, −120 dB, hold rounding errors only: ordered dither has such rings.
const MIN_ANISOTROPY_POWER: f64 = 1e-12;

/// Variance/mean² below −100 dB counts as −100 dB: the pattern of a single pixel has rounding errors only.
const ANISOTROPY_FLOOR: f64 = 1e-10;

/// One ring of the radial profile (RAPSD, Ulichney 1987): i/64 ≤ f < (i + 1)/64, without DC.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ring {
    /// Mean power relative to white; 0 if the ring has no bin.
    pub mean: f64,
    /// Variance/mean² of its bins; 0 if it has no power.
    pub anisotropy: f64,
    /// Bins of the full spectrum.
    pub bins: u32,
}

/// One bin of a half spectrum.
pub(super) struct Bin {
    pub(super) power: f64,
    /// How often it stands in the full spectrum.
    pub(super) count: u32,
    /// Column and row as signed frequencies, in bins: 0 ≤ u ≤ W/2, −H/2 < v ≤ H/2.
    pub(super) index: [i32; 2],
    /// f² = num/den, exactly.
    pub(super) num: u64,
    pub(super) den: u64,
}

impl Bin {
    /// floor(64·f), in integers.
    pub(super) fn ring(&self) -> usize {
        debug_assert!(self.den > 0, "both sides are at least 8");
        (RINGS_PER_CYCLE * RINGS_PER_CYCLE * self.num / self.den.max(1)).isqrt() as usize
    }
}

/// The bin of column u and row v, without its power.
pub(super) fn bin_of(u: u64, v: u64, shape: Shape) -> Bin {
    let (width, height) = (u64::from(shape.width), u64::from(shape.height));
    let index = [u as i32, if 2 * v > height { v as i32 - height as i32 } else { v as i32 }];
    let v = v.min(height - v);
    let count = if u == 0 || 2 * u == width { 1 } else { 2 };
    let num = u * u * height * height + v * v * width * width;
    Bin { power: 0.0, count, index, num, den: width * width * height * height }
}

/// All bins but DC.
pub(super) fn bins(power: &[f64], shape: Shape) -> impl Iterator<Item = Bin> {
    let half = u64::from(shape.width) / 2 + 1;
    (0..).zip(power).skip(1).map(move |(i, power)| Bin { power: *power, ..bin_of(i % half, i / half, shape) })
}

/// The sums of one ring.
#[derive(Clone, Copy, Default)]
pub(super) struct RingSums {
    sum: f64,
    squares: f64,
    bins: u32,
}

impl RingSums {
    pub(super) fn add(&mut self, bin: &Bin) {
        self.sum += f64::from(bin.count) * bin.power;
        self.squares += f64::from(bin.count) * bin.power * bin.power;
        self.bins += bin.count;
    }

    pub(super) fn ring(self) -> Ring {
        // a ring without bins has mean 0
        let count = f64::from(self.bins.max(1));
        let mean = self.sum / count;
        let anisotropy = if mean > 0.0 { (self.squares / count / (mean * mean) - 1.0).max(0.0) } else { 0.0 };
        Ring { mean, anisotropy, bins: self.bins }
    }
}

/// The radial profile of a power spectrum.
///
/// # Errors
/// [`Error::Size`], [`Error::Length`].
pub fn rings(power: &[f64], shape: Shape) -> Result<[Ring; RINGS], Error> {
    check(shape)?;
    length("power spectrum", power_len(shape), power.len())?;
    let mut sums = [RingSums::default(); RINGS];
    for bin in bins(power, shape) {
        if let Some(sums) = sums.get_mut(bin.ring()) {
            sums.add(&bin);
        }
    }
    Ok(sums.map(RingSums::ring))
}

/// Whether the middle of ring i, (2i + 1)/128 cycles/pixel, lies between two frequencies.
pub(super) fn within(i: usize, from: f64, to: f64) -> bool {
    let middle = (2 * i + 1) as f64 / (2 * RINGS_PER_CYCLE) as f64;
    from < middle && middle < to
}

/// [`super::Quality::anisotropy`].
#[inline(never)]
pub(super) fn anisotropy(rings: &[Ring; RINGS]) -> f64 {
    let counts = |ring: &Ring| ring.bins >= MIN_ANISOTROPY_BINS && ring.mean > MIN_ANISOTROPY_POWER;
    let wide = (0..).zip(rings).filter(|(i, ring)| within(*i, 0.35, 0.7) && counts(ring));
    mean(&mut wide.map(|(_, ring)| decibels(ring.anisotropy.max(ANISOTROPY_FLOOR))))
}
