//! Low band: power below the cut-off.
//!
//! `L = (1/M)·Σ_k w_k²·S_k²`, `w = max(1 − f²/f_c², 0)`, f the radial frequency and `f_c` the cut-off in cycles/pixel.
//! `(∂L/∂S)/S = (2/M)·w²`.
//!
//! The published notebook writes w as `max(0.7 − fx² − fy², 0)/0.7` with fx, fy from −1 to 1 (1 = Nyquist), on a grid half a
//! bin off centre; this is its symmetric form.

use crate::simd::{LANES, Lanes};

/// The highest cut-off: the corner of the spectrum, √½ cycles/pixel.
#[allow(clippy::approx_constant, reason = "four digits, as users type it")]
pub const MAX_CUTOFF: f32 = 0.7071;

/// The window, without a weight a bin: `f²/f_c²` of a row plus that of a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    /// `1/f_c²`.
    inverse: f32,
}

impl Window {
    pub(crate) fn new(cutoff: f32) -> Self {
        let cutoff = f64::from(cutoff);
        Self { inverse: (1.0 / (cutoff * cutoff)) as f32 }
    }

    /// `(l/len)²/f_c²` of the frequency `l` of an axis, 0 ≤ l < len; above the middle they are negative ones.
    #[inline(always)]
    pub(crate) fn part(&self, l: usize, len: usize) -> f32 {
        let l = if 2 * l > len { len.saturating_sub(l) } else { l };
        let f = l as f32 / len as f32;
        f * f * self.inverse
    }

    /// The parts of the 16 vertical frequencies of row tile `group`.
    #[inline(always)]
    pub(crate) fn lanes(&self, group: usize, height: usize) -> [f32; LANES] {
        let mut parts = [0.0; LANES];
        for lane in 0..LANES {
            parts[lane] = self.part(group * LANES + lane, height);
        }
        parts
    }

    /// w² from both parts.
    #[inline(always)]
    pub(crate) fn squared<V: Lanes>(token: V::Token, row: V, lane: V) -> V {
        let w = ((V::splat(token, 1.0) - row) - lane).max(V::splat(token, 0.0));
        w * w
    }
}
