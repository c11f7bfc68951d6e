//! Smoothness: differences between the amplitudes of neighbouring bins. Loss and gradient are in [`Smoothness`] below.
//!
//! ```text
//! L = (1/M) Σ_k lap² + gx² + gy²      lap = (5-point Laplacian of S)/5, gx and gy = backward differences of S over 2, periodic,
//!                                     over all bins, DC too
//! ∂L/∂S = (2/M)·T,  T = ΔΔS/25 − ΔS/4      Δ the Laplacian
//! (∂L/∂S)/S = (2/M)·T/S
//! L = (1/M) Σ_k S·T                        L is quadratic in S
//! ```
//!
//! T is one stencil over 13 bins, read from the plane of amplitudes (`amplitudes.rs`):
//!
//! ```text
//!               0.04
//!        0.08  −0.57   0.08
//! 0.04  −0.57   1.8   −0.57   0.04
//!        0.08  −0.57   0.08
//!               0.04
//! ```
//!
//! Source: Wronski (2020).

use super::{Bin, BinRow, BinTerm, Reads, Term};
use crate::simd::Lanes;
use crate::spectral::amplitudes::Neighbours;

/// The term.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Smoothness;

impl Term for Smoothness {
    const NAME: &'static str = "smoothness";
    const WEIGHT: &'static str = "smoothness.weight";
}

impl BinTerm for Smoothness {
    const READS: Reads = Reads::Neighbours;
    type TileData = ();

    #[inline(always)]
    fn tile_data(&self, _: usize) -> Self::TileData {}

    /// Returns T of the stored amplitudes D.
    #[inline(always)]
    fn coefficient<V: Lanes>(&self, token: V::Token, (): &(), row: &BinRow<V>, _: usize) -> V {
        // Not asserted: a plane that is too short has no neighbours.
        let Some(Neighbours { own, beside, diagonal, far }) = row.neighbours else { return V::splat(token, 0.0) };
        let centre = own * V::splat(token, 1.8) - beside * V::splat(token, 0.57);
        centre + (diagonal * V::splat(token, 0.08) + far * V::splat(token, 0.04))
    }

    /// Returns D·T, the loss, and T/D, the gradient's multiplier.
    #[inline(always)]
    fn loss_and_multiplier<V: Lanes>(_: V::Token, bin: &Bin<V>, stencil: V) -> (V, V) {
        (bin.amplitude * stencil, stencil * bin.inverse)
    }
}

#[cfg(test)]
mod tests {
    use super::Smoothness;
    use crate::spectral::terms::check::{Amplitudes, compare};

    /// The loss from its definition, by differences of neighbours over the full spectrum.
    #[test]
    fn losses_and_gradient() {
        compare(&Smoothness, |s: &Amplitudes| {
            let mut sum = 0.0;
            for (l, k) in s.bins() {
                let (l, k) = (l as i64, k as i64);
                let around = s.at(l - 1, k) + s.at(l + 1, k) + s.at(l, k - 1) + s.at(l, k + 1);
                let lap = (around - 4.0 * s.at(l, k)) / 5.0;
                let (gx, gy) = ((s.at(l, k) - s.at(l - 1, k)) / 2.0, (s.at(l, k) - s.at(l, k - 1)) / 2.0);
                sum += lap * lap + gx * gx + gy * gy;
            }
            sum / s.pixels()
        });
    }
}
