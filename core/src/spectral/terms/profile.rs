//! Radial profile: distance of the amplitudes from a profile that the user gives.
//!
//! ```text
//! L = (1/M) Σ_{k≠0} (S_k − √M·s·A(|f_k|))²      A the user's profile at the radial frequency
//! (∂L/∂S)/S = (2/M)·(1 − √M·s·A/S)              0 where S = 0
//! ```
//!
//! The scale s gives the profile the power of the wanted values t: `s² · Σ_{k≠0} A² = Σ_i (t_i − mean t)²` (Parseval). [`fill_plane`]
//! writes the target of each bin to a plane when a run starts.

use super::{Bin, BinRow, BinTerm, Reads, Term};
use crate::error::Error;
use crate::shape::Shape;
use crate::simd::{LANES, Lanes};
use bytemuck::{Pod, Zeroable};

/// Most knots of a profile.
pub const MAX_KNOTS: usize = 32;

/// One knot of a radial profile.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Knot {
    /// Radial frequency, cycles/pixel, 0 to 0.7072.
    pub frequency: f32,
    /// Amplitude there, at least 0, in any unit: the profile is scaled to the total power of the wanted values.
    pub amplitude: f32,
}

/// A radial amplitude profile: linear between its knots, constant before the first and after the last.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Profile {
    /// The knots, in rising order of frequency.
    pub knots: [Knot; MAX_KNOTS],
    /// Number of knots, 2 to 32.
    pub knot_count: u32,
}

impl Profile {
    /// Blue: nothing below 0.25 cycles/pixel, then rising to a plateau at 0.45.
    pub const BLUE: Self =
        Self::new(&[Knot { frequency: 0.25, amplitude: 0.0 }, Knot { frequency: 0.45, amplitude: 1.0 }]);

    /// A profile of these knots; those past [`MAX_KNOTS`] make it fail its check.
    #[must_use]
    pub const fn new(knots: &[Knot]) -> Self {
        let mut profile =
            Self { knots: [Knot { frequency: 0.0, amplitude: 0.0 }; MAX_KNOTS], knot_count: knots.len() as u32 };
        let mut i = 0;
        while i < knots.len() && i < MAX_KNOTS {
            profile.knots[i] = knots[i];
            i += 1;
        }
        profile
    }

    /// Whether it can be aimed at.
    ///
    /// # Errors
    /// [`Error::Profile`].
    pub const fn check(&self) -> Result<(), Error> {
        if self.knot_count < 2 || self.knot_count as usize > MAX_KNOTS {
            return Err(Error::Profile("its number of knots is out of range"));
        }
        let mut some = false;
        let mut last = -1.0;
        let mut i = 0;
        while i < self.knot_count as usize && i < MAX_KNOTS {
            let Knot { frequency, amplitude } = self.knots[i];
            if !(frequency >= 0.0 && frequency <= 0.7072) {
                return Err(Error::Profile("a frequency is out of range"));
            }
            if frequency <= last {
                return Err(Error::Profile("its frequencies do not rise"));
            }
            if !(amplitude >= 0.0 && amplitude < 1e6) {
                return Err(Error::Profile("an amplitude is out of range"));
            }
            some = some || amplitude > 0.0;
            last = frequency;
            i += 1;
        }
        if some { Ok(()) } else { Err(Error::Profile("all its amplitudes are 0")) }
    }

    /// The amplitude at a radial frequency in cycles/pixel, before scaling.
    #[must_use]
    pub fn amplitude(&self, frequency: f64) -> f64 {
        // Not asserted: users may ask a profile that fails its check.
        let knots = self.knots.get(..self.knot_count as usize).unwrap_or(&self.knots);
        let Some(mut before) = knots.first() else { return 0.0 };
        for knot in knots {
            let (f0, f1) = (f64::from(before.frequency), f64::from(knot.frequency));
            if frequency < f1 {
                let (a0, a1) = (f64::from(before.amplitude), f64::from(knot.amplitude));
                return if f1 > f0 { a0 + (a1 - a0) * ((frequency - f0) / (f1 - f0)) } else { a1 };
            }
            before = knot;
        }
        f64::from(before.amplitude)
    }
}

/// Length of the plane of targets, in floats: for each |l| = 0 … W/2 the bins k = 0 … H/2, padded to a multiple of 16.
pub(crate) const fn plane_len(shape: Shape) -> usize {
    (shape.width as usize / 2 + 1) * stride(shape)
}

/// Stride of the plane of targets, in floats.
pub(crate) const fn stride(shape: Shape) -> usize {
    (shape.height as usize / 2 + 1).next_multiple_of(LANES)
}

/// Returns the targets of horizontal frequency `l`, 0 ≤ l < W.
#[inline(always)]
fn row(plane: &[f32], shape: Shape, l: usize) -> &[f32] {
    let width = shape.width as usize;
    debug_assert!(plane.len() == plane_len(shape), "the term has its plane");
    // empty past the plane: `l` is of a table in the block, which may be damaged
    let start = (if 2 * l > width { width.saturating_sub(l) } else { l }) * stride(shape);
    plane.get(start..start + stride(shape)).unwrap_or_default()
}

/// The term, with its plane of targets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RadialProfile<'a> {
    pub(crate) shape: Shape,
    /// [`plane_len`] floats.
    pub(crate) plane: &'a [f32],
}

impl Term for RadialProfile<'_> {
    const NAME: &'static str = "profile";
    const WEIGHT: &'static str = "profile.weight";
}

impl BinTerm for RadialProfile<'_> {
    const READS: Reads = Reads::Amplitude;
    type TileData = ();

    #[inline(always)]
    fn tile_data(&self, _: usize) -> Self::TileData {}

    /// Returns the target of D, [`NO_TARGET`] at DC.
    #[inline(always)]
    fn coefficient<V: Lanes>(&self, token: V::Token, (): &(), at: &BinRow<V>, chunk: usize) -> V {
        let targets = row(self.plane, self.shape, at.l).get(at.tile * LANES..).and_then(|row| row.first_chunk());
        match targets {
            Some(targets) => V::load(token, targets, chunk),
            None => V::splat(token, NO_TARGET),
        }
    }

    /// Returns (D − target)² and (D − target)/D; 0 where there is no target.
    #[inline(always)]
    fn loss_and_multiplier<V: Lanes>(token: V::Token, bin: &Bin<V>, target: V) -> (V, V) {
        let zero = V::splat(token, 0.0);
        let distance = target.select_less(zero, zero, bin.amplitude - target);
        (distance * distance, distance * bin.inverse)
    }
}

/// Target of a bin that the term leaves alone: DC. Targets are at least 0.
const NO_TARGET: f32 = -1.0;

/// Fills the plane with the target of each stored amplitude D = 2S: `2·√M·s·A`, [`NO_TARGET`] at DC.
pub(crate) fn fill_plane(profile: &Profile, shape: Shape, targets: &[f32], plane: &mut [f32]) {
    let (width, height) = (shape.width as usize, shape.height as usize);
    let amplitude = |l: usize, k: usize| {
        let (fx, fy) = (l as f64 / width as f64, k as f64 / height as f64);
        if l == 0 && k == 0 { 0.0 } else { profile.amplitude(libm::sqrt(fx * fx + fy * fy)) }
    };
    let mut power = 0.0;
    for l in 0..=width / 2 {
        for k in 0..=height / 2 {
            // number of bins (±l, ±k) in the full spectrum
            let times = (if l == 0 || 2 * l == width { 1.0 } else { 2.0 })
                * (if k == 0 || 2 * k == height { 1.0 } else { 2.0 });
            power += times * amplitude(l, k) * amplitude(l, k);
        }
    }
    debug_assert!(targets.len() == shape.pixels(), "one wanted value a pixel");
    debug_assert!(plane.is_empty() || plane.len() == plane_len(shape), "a whole plane, or none without the term");
    let n = targets.len() as f64;
    let mean = targets.iter().map(|t| f64::from(*t)).sum::<f64>() / n;
    let variance = targets.iter().map(|t| (f64::from(*t) - mean) * (f64::from(*t) - mean)).sum::<f64>();
    let scale = if power > 0.0 { 2.0 * libm::sqrt(n * variance / power) } else { 0.0 };
    for (l, row) in plane.chunks_exact_mut(stride(shape)).enumerate() {
        for (k, to) in row.iter_mut().enumerate() {
            *to = if l + k == 0 { NO_TARGET } else { (scale * amplitude(l, k)) as f32 };
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::{Knot, Profile, RadialProfile, fill_plane, plane_len};
    use crate::spectral::terms::check::{Amplitudes, SHAPE, compare};

    #[test]
    fn losses_and_gradient() {
        let knot = |frequency, amplitude| Knot { frequency, amplitude };
        let profile = Profile::new(&[knot(0.1, 0.2), knot(0.3, 0.1), knot(0.5, 1.5)]);
        let targets: std::vec::Vec<f32> = (0..SHAPE.pixels()).map(|i| i as f32 / 128.0 - 1.0).collect();
        let mut plane = std::vec![0.0; plane_len(SHAPE)];
        fill_plane(&profile, SHAPE, &targets, &mut plane);
        compare(&RadialProfile { shape: SHAPE, plane: &plane }, |s: &Amplitudes| {
            let aim = |(l, k): (usize, usize)| profile.amplitude(s.frequency(l, k));
            let bins = || s.bins().filter(|(l, k)| l + k > 0);
            let mean = targets.iter().map(|t| f64::from(*t)).sum::<f64>() / s.pixels();
            let energy: f64 = targets.iter().map(|t| (f64::from(*t) - mean).powi(2)).sum();
            let scale = (energy / bins().map(|bin| aim(bin).powi(2)).sum::<f64>()).sqrt();
            let distance = |(l, k)| s.at(l as i64, k as i64) - s.pixels().sqrt() * scale * aim((l, k));
            bins().map(|bin| distance(bin).powi(2)).sum::<f64>() / s.pixels()
        });
    }
}
