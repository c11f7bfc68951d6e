//! A length with a large odd part as a convolution (Bluestein 1970): with the chirp `w_k = exp(−πi·k²/len)`,
//! `X_k = w_k Σ_j (x_j·w_j)·w̄_{k−j}`, since `2jk = j² + k² − (k − j)²`.

use super::radix::{Radix, times};

/// A transform of one length by convolutions of a power of two.
pub(in crate::measure) struct Chirp<'a> {
    len: usize,
    /// `w_k`.
    chirp: &'a [[f64; 2]],
    /// Transform of `w̄`, divided by its length: the norm of the inverse transform.
    filter: &'a [[f64; 2]],
    work: &'a mut [[f64; 2]],
    radix: Radix<'a>,
}

/// Length of the circular convolution: no two of the 2·len − 1 differences fall on one element.
const fn circle(len: usize) -> usize {
    (2 * len).next_power_of_two()
}

impl<'a> Chirp<'a> {
    /// f64 of work space for a length.
    pub(super) const fn scratch_len(len: usize) -> usize {
        2 * len + 4 * circle(len) + Radix::scratch_len(circle(len))
    }

    /// A transform in `scratch`, which has [`Chirp::scratch_len`] elements.
    pub(super) fn new(len: usize, scratch: &'a mut [f64]) -> Self {
        debug_assert!(len > 0 && scratch.len() >= Self::scratch_len(len), "Plane::new cuts the scratch by scratch_len");
        let around = circle(len);
        let (pairs, scratch) = scratch.split_at_mut_checked(2 * len + 4 * around).unwrap_or_default();
        let (pairs, _) = pairs.as_chunks_mut::<2>();
        let (chirp, rest) = pairs.split_at_mut_checked(len).unwrap_or_default();
        let (filter, work) = rest.split_at_mut_checked(around).unwrap_or_default();
        let mut radix = Radix::new(around, scratch);
        for (k, to) in chirp.iter_mut().enumerate() {
            // reduced in integers: k² has no rounding
            let angle = core::f64::consts::PI * (k * k % (2 * len).max(1)) as f64 / len as f64;
            *to = [libm::cos(angle), -libm::sin(angle)];
        }
        let norm = 1.0 / around as f64;
        radix.transform(&|i| {
            let [re, im] = chirp.get(i.min(around - i)).copied().unwrap_or_default();
            [norm * re, -norm * im]
        });
        for (to, from) in filter.iter_mut().zip(radix.output()) {
            *to = *from;
        }
        Self { len, chirp, filter, work, radix }
    }

    /// As [`super::Line::transform`].
    pub(super) fn transform(&mut self, x: &dyn Fn(usize) -> [f64; 2]) {
        let Self { chirp, filter, work, radix, .. } = self;
        radix.transform(&|i| chirp.get(i).map_or([0.0; 2], |w| times(x(i), *w)));
        for ((to, bin), filter) in work.iter_mut().zip(radix.output()).zip(filter.iter()) {
            // the conjugate's forward transform is the conjugate of the inverse one
            let [re, im] = times(*bin, *filter);
            *to = [re, -im];
        }
        radix.transform(&|i| work.get(i).copied().unwrap_or_default());
        for ((to, [re, im]), w) in work.iter_mut().zip(radix.output()).zip(chirp.iter()) {
            *to = times([*re, -im], *w);
        }
    }

    /// The last transform.
    pub(super) fn output(&self) -> &[[f64; 2]] {
        self.work.get(..self.len).unwrap_or_default()
    }
}
