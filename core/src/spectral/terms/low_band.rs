//! Low band: power below the cut-off frequency.
//!
//! ```text
//! L = (1/M) Σ_k w_k²·S_k²      w = max(1 − f²/f_c², 0), f the radial frequency and f_c the cut-off, cycles/pixel
//! (∂L/∂S)/S = (2/M)·w²
//! ```
//!
//! Source: the notebook of Wronski (2020), which writes w as `max(0.7 − fx² − fy², 0)/0.7` with fx, fy from −1 to 1 (1 = Nyquist), on a
//! grid half a bin off centre. This is the symmetric form.

use super::{Bin, BinRow, BinTerm, Reads, Term};
use crate::shape::Shape;
use crate::simd::{LANES, Lanes};

/// Highest cut-off, cycles/pixel: √½, the corner of the spectrum.
#[allow(clippy::approx_constant, reason = "four digits, as users type it")]
pub const MAX_CUTOFF: f32 = 0.7071;

/// The term. f² = fx² + fy², so `f²/f_c²` is the sum of a part of the row and a part of the lane: no table of w is needed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LowBand {
    /// `1/f_c²`.
    inverse: f32,
    width: Side,
    height: Side,
}

/// Length of an axis and its inverse, which is exact: the length is a power of two.
#[derive(Clone, Copy, Debug)]
struct Side {
    len: usize,
    inverse: f32,
}

impl Side {
    fn new(len: u32) -> Self {
        Self { len: len as usize, inverse: 1.0 / len as f32 }
    }
}

impl LowBand {
    pub(crate) fn new(cutoff: f32, shape: Shape) -> Self {
        let cutoff = f64::from(cutoff);
        let inverse = (1.0 / (cutoff * cutoff)) as f32;
        Self { inverse, width: Side::new(shape.width), height: Side::new(shape.height) }
    }

    /// Returns `f²/f_c²` of bin `l` of an axis, 0 ≤ l < len; bins above the middle are negative frequencies.
    #[inline(always)]
    fn part(&self, l: usize, side: Side) -> f32 {
        let l = if 2 * l > side.len { side.len.saturating_sub(l) } else { l };
        let f = l as f32 * side.inverse;
        f * f * self.inverse
    }
}

impl Term for LowBand {
    const NAME: &'static str = "low band";
    const WEIGHT: &'static str = "low_band.weight";
}

impl BinTerm for LowBand {
    const READS: Reads = Reads::Power;
    /// `f²/f_c²` of the 16 vertical frequencies.
    type TileData = [f32; LANES];

    #[inline(always)]
    fn tile_data(&self, tile: usize) -> Self::TileData {
        let mut parts = [0.0; LANES];
        for lane in 0..LANES {
            parts[lane] = self.part(tile * LANES + lane, self.height);
        }
        parts
    }

    /// Returns w².
    #[inline(always)]
    fn coefficient<V: Lanes>(&self, token: V::Token, lanes: &Self::TileData, row: &BinRow<V>, chunk: usize) -> V {
        let (row, lane) = (V::splat(token, self.part(row.l, self.width)), V::load(token, lanes, chunk));
        let w = ((V::splat(token, 1.0) - row) - lane).max(V::splat(token, 0.0));
        w * w
    }

    /// Returns w²·D² and w².
    #[inline(always)]
    fn loss_and_multiplier<V: Lanes>(_: V::Token, bin: &Bin<V>, squared_weight: V) -> (V, V) {
        (squared_weight * bin.power, squared_weight)
    }
}

#[cfg(test)]
mod tests {
    use super::LowBand;
    use crate::spectral::terms::check::{Amplitudes, SHAPE, compare};

    #[test]
    fn losses_and_gradient() {
        compare(&LowBand::new(0.37, SHAPE), |s: &Amplitudes| {
            let cutoff = f64::from(0.37_f32);
            let term = |(l, k)| {
                let w = f64::max(1.0 - s.frequency(l, k).powi(2) / (cutoff * cutoff), 0.0);
                (w * s.at(l as i64, k as i64)).powi(2)
            };
            s.bins().map(term).sum::<f64>() / s.pixels()
        });
    }
}
