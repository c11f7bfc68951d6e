//! A 1-D DFT of any length in f64, for measuring.

mod chirp;
mod radix;

use chirp::Chirp;
use radix::Radix;

/// The largest odd part that is transformed directly: beyond it the chirp costs less.
const MOST_DIRECT: usize = 31;

/// A transform of one length with its tables and work space.
pub(super) enum Line<'a> {
    Radix(Radix<'a>),
    Chirp(Chirp<'a>),
}

/// Whether a length's odd part is small.
const fn is_short(len: usize) -> bool {
    len >> len.trailing_zeros() <= MOST_DIRECT
}

impl<'a> Line<'a> {
    /// f64 of work space for a length, from 1.
    pub(super) const fn scratch_len(len: usize) -> usize {
        if is_short(len) { Radix::scratch_len(len) } else { Chirp::scratch_len(len) }
    }

    /// A transform in `scratch`, which has [`Line::scratch_len`] elements.
    #[inline(never)]
    pub(super) fn new(len: usize, scratch: &'a mut [f64]) -> Self {
        if is_short(len) { Self::Radix(Radix::new(len, scratch)) } else { Self::Chirp(Chirp::new(len, scratch)) }
    }

    /// Transforms `x(0) … x(len − 1)`, complex, into [`Line::output`], natural order, unnormalised.
    pub(super) fn transform(&mut self, x: &dyn Fn(usize) -> [f64; 2]) {
        match self {
            Self::Radix(radix) => radix.transform(x),
            Self::Chirp(chirp) => chirp.transform(x),
        }
    }

    /// The last transform.
    pub(super) fn output(&self) -> &[[f64; 2]] {
        match self {
            Self::Radix(radix) => radix.output(),
            Self::Chirp(chirp) => chirp.output(),
        }
    }
}
