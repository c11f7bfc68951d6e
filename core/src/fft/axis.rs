//! One axis of a transform: its passes, its twiddle factors and the order of its rows.

use heapless::Vec;

/// Radix of a pass: 8, or 4 where a power of 8 does not divide the length. Radix 16 spills registers and was slower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Radix {
    Four,
    Eight,
}

impl Radix {
    pub(crate) const fn size(self) -> usize {
        match self {
            Self::Four => 4,
            Self::Eight => 8,
        }
    }
}

/// Number of passes of the longest transform, 4096 = 8·8·8·8.
const MAX_PASSES: usize = 4;

/// One pass: splits blocks of `block` rows into `radix` parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pass {
    pub(crate) radix: Radix,
    /// Rows per block.
    pub(crate) block: usize,
    /// Index of its first twiddle factor in the axis's table, in f32.
    pub(crate) twiddles: usize,
}

impl Pass {
    /// Rows per part.
    pub(crate) const fn part(&self) -> usize {
        self.block / self.radix.size()
    }

    /// Number of f32 of its twiddle factors: `radix − 1` complex numbers for each row of a part; none in the last pass.
    pub(crate) const fn twiddle_len(&self) -> usize {
        if self.part() == 1 { 0 } else { self.part() * 2 * (self.radix.size() - 1) }
    }
}

/// A transform's length, a power of two from 16 to 4096, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub struct Axis {
    len: usize,
}

impl Axis {
    /// An axis of `len` elements.
    #[must_use]
    pub const fn new(len: usize) -> Self {
        Self { len }
    }

    /// Number of elements.
    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a transform is never empty")]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// The radix that splits a block: 16 = 4·4, 32 = 4·8, 64 = 8·8, 128 = 4·8·4, 256 = 4·8·8, 512 = 8·8·8, 1024 = 4·8·8·4,
    /// 2048 = 4·8·8·8, 4096 = 8·8·8·8.
    const fn radix(&self, block: usize) -> Radix {
        if !block.trailing_zeros().is_multiple_of(3) && (block == self.len || block == 4) {
            Radix::Four
        } else {
            Radix::Eight
        }
    }

    /// The passes in forward order.
    pub(crate) fn passes(&self) -> Vec<Pass, MAX_PASSES> {
        let mut passes = Vec::new();
        let (mut block, mut twiddles) = (self.len, 0);
        while block > 1 {
            let pass = Pass { radix: self.radix(block), block, twiddles };
            let pushed = passes.push(pass);
            debug_assert!(pushed.is_ok(), "MAX_PASSES is the number of the longest transform");
            if pushed.is_err() {
                break;
            }
            twiddles += pass.twiddle_len();
            block = pass.part();
        }
        passes
    }

    /// Number of f32 of all twiddle factors.
    #[must_use]
    pub const fn twiddle_len(&self) -> usize {
        let (mut block, mut twiddles) = (self.len, 0);
        while block > 1 {
            let pass = Pass { radix: self.radix(block), block, twiddles };
            twiddles += pass.twiddle_len();
            block = pass.part();
        }
        twiddles
    }

    /// Fills the tables of twiddle factors and orders.
    ///
    /// `twiddles`: per pass exp(−2πi·j·q/block) for row j of a part and q = 1 … radix − 1, real and imaginary part. `orders`: the frequency
    /// of each row, then the row of each frequency.
    pub(crate) fn fill(&self, twiddles: &mut [f32], orders: &mut [u16]) {
        debug_assert!(twiddles.len() == self.twiddle_len() && orders.len() == 2 * self.len, "Plan::fill_tables");
        for pass in &self.passes() {
            let radix = pass.radix.size();
            let Some(to) = twiddles.get_mut(pass.twiddles..pass.twiddles + pass.twiddle_len()) else { return };
            for (i, pair) in to.chunks_exact_mut(2).enumerate() {
                let (j, q) = (i / (radix - 1), i % (radix - 1) + 1);
                let angle = -2.0 * core::f64::consts::PI * (j * q) as f64 / pass.block as f64;
                pair.copy_from_slice(&[libm::cos(angle) as f32, libm::sin(angle) as f32]);
            }
        }
        let Some((frequencies, rows)) = orders.split_at_mut_checked(self.len) else { return };
        for (row, frequency) in frequencies.iter_mut().enumerate() {
            *frequency = self.frequency(row) as u16;
            if let Some(to) = rows.get_mut(usize::from(*frequency)) {
                *to = row as u16;
            }
        }
    }

    /// Returns the frequency in row `row` after the forward passes: the digits of `row`, reversed.
    pub(crate) fn frequency(&self, row: usize) -> usize {
        let (mut frequency, mut stride, mut rest) = (0, 1, row);
        for pass in &self.passes() {
            debug_assert!(pass.part() > 0, "a block has at least as many rows as its radix");
            let part = pass.part().max(1);
            frequency += rest / part * stride;
            rest %= part;
            stride *= pass.radix.size();
        }
        frequency
    }
}

/// An axis with its passes and tables.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct AxisTables<'a> {
    pub(crate) axis: Axis,
    /// Passes in forward order.
    pub(crate) passes: Vec<Pass, MAX_PASSES>,
    pub(crate) twiddles: &'a [f32],
    /// The frequency of each row.
    pub(crate) frequencies: &'a [u16],
    /// The row of each frequency.
    pub(crate) rows: &'a [u16],
}

impl<'a> AxisTables<'a> {
    /// An axis over tables that [`Axis::fill`] filled.
    pub(crate) fn new(axis: Axis, twiddles: &'a [f32], orders: &'a [u16]) -> Self {
        debug_assert!(twiddles.len() == axis.twiddle_len() && orders.len() == 2 * axis.len, "Plan::new");
        let (frequencies, rows) = orders.split_at_checked(axis.len).unwrap_or_default();
        Self { axis, passes: axis.passes(), twiddles, frequencies, rows }
    }

    /// The frequency in row `row`.
    pub(crate) fn frequency(&self, row: usize) -> usize {
        debug_assert!(row < self.frequencies.len(), "a row of this axis");
        self.frequencies.get(row).copied().map_or(0, usize::from)
    }

    /// The row of frequency `k`.
    #[inline(always)]
    pub(crate) fn row(&self, k: usize) -> usize {
        debug_assert!(k < self.rows.len(), "k is a frequency of this axis");
        match self.rows.get(k) {
            Some(row) => usize::from(*row),
            None => 0,
        }
    }

    /// The row of frequency `−k`.
    #[inline(always)]
    pub(crate) fn mirrored(&self, k: usize) -> usize {
        self.row(if k == 0 { 0 } else { self.axis.len.wrapping_sub(k) })
    }
}
