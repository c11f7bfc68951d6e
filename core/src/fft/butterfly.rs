//! Butterflies: DFTs of 4 and 8 elements in registers, with forward sign, and their twiddle factors.
//!
//! Operations and their order fix the bits of every transform: `passes.rs` says what may change.

use crate::simd::{Lanes, Row};

/// A vector of complex numbers, one per lane.
#[derive(Clone, Copy)]
pub(super) struct ComplexLanes<V> {
    pub(super) re: V,
    pub(super) im: V,
}

impl<V: Lanes> ComplexLanes<V> {
    /// Loads chunk `chunk` of a row; for an inverse transform with real and imaginary part swapped.
    ///
    /// With `swap(z) = Im z + i·Re z` the inverse transform of z is `swap(forward transform of swap(z))`: one code serves both.
    #[inline(always)]
    pub(super) fn load<const INVERSE: bool>(token: V::Token, row: &Row, chunk: usize) -> Self {
        let (re, im) = (V::load(token, &row.re, chunk), V::load(token, &row.im, chunk));
        if INVERSE { Self { re: im, im: re } } else { Self { re, im } }
    }

    /// Stores chunk `chunk` of a row, swapped back for an inverse transform.
    #[inline(always)]
    pub(super) fn store<const INVERSE: bool>(self, row: &mut Row, chunk: usize) {
        let (re, im) = if INVERSE { (self.im, self.re) } else { (self.re, self.im) };
        re.store(&mut row.re, chunk);
        im.store(&mut row.im, chunk);
    }

    /// Multiplies each lane by `re + i·im`.
    #[inline(always)]
    pub(super) fn times(self, token: V::Token, re: f32, im: f32) -> Self {
        let (c, s) = (V::splat(token, re), V::splat(token, im));
        Self { re: self.re * c - self.im * s, im: self.re * s + self.im * c }
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }

    /// `self − i·other`.
    #[inline(always)]
    fn minus_i(self, other: Self) -> Self {
        Self { re: self.re + other.im, im: self.im - other.re }
    }

    /// `self + i·other`.
    #[inline(always)]
    fn plus_i(self, other: Self) -> Self {
        Self { re: self.re - other.im, im: self.im + other.re }
    }
}

/// A DFT of `R` elements. A row of its twiddle factors has `T` = 2(R − 1) numbers.
pub(super) trait Dft<const R: usize, const T: usize> {
    fn dft<V: Lanes>(token: V::Token, x: [ComplexLanes<V>; R]) -> [ComplexLanes<V>; R];
}

pub(super) struct Four;
pub(super) struct Eight;

impl Dft<4, 6> for Four {
    #[inline(always)]
    fn dft<V: Lanes>(_: V::Token, [x0, x1, x2, x3]: [ComplexLanes<V>; 4]) -> [ComplexLanes<V>; 4] {
        let (a, b) = (x0.plus(x2), x0.minus(x2));
        let (c, d) = (x1.plus(x3), x1.minus(x3));
        [a.plus(c), b.minus_i(d), a.minus(c), b.plus_i(d)]
    }
}

impl Dft<8, 14> for Eight {
    /// Two DFTs of 4, of the even and of the odd elements; the odd results times the powers of `(1 − i)/√2`.
    #[inline(always)]
    fn dft<V: Lanes>(token: V::Token, [x0, x1, x2, x3, x4, x5, x6, x7]: [ComplexLanes<V>; 8]) -> [ComplexLanes<V>; 8] {
        let [e0, e1, e2, e3] = Four::dft(token, [x0, x2, x4, x6]);
        let [o0, o1, o2, o3] = Four::dft(token, [x1, x3, x5, x7]);
        let half = V::splat(token, core::f32::consts::FRAC_1_SQRT_2);
        // o1·(1 − i)/√2 and o3·(1 + i)/√2; the sums below apply the factor −i of o2 and the sign of o3's factor −(1 + i)/√2
        let o1 = ComplexLanes { re: (o1.re + o1.im) * half, im: (o1.im - o1.re) * half };
        let o3 = ComplexLanes { re: (o3.re - o3.im) * half, im: (o3.re + o3.im) * half };
        [e0.plus(o0), e1.plus(o1), e2.minus_i(o2), e3.minus(o3), e0.minus(o0), e1.minus(o1), e2.plus_i(o2), e3.plus(o3)]
    }
}

/// DFT and twiddle factors of row `j` of each part: forward the DFT first, inverse the twiddle factors first.
///
/// The twiddle factors of row 0 are 1 and are skipped.
#[inline(always)]
pub(super) fn radix_step<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize, const INVERSE: bool>(
    token: V::Token,
    x: [ComplexLanes<V>; R],
    twiddle: &[f32; T],
    j: usize,
) -> [ComplexLanes<V>; R] {
    let mut z = if INVERSE { x } else { D::dft(token, x) };
    if j > 0 {
        for q in 1..R {
            z[q] = z[q].times(token, twiddle[2 * q - 2], twiddle[2 * q - 1]);
        }
    }
    if INVERSE { D::dft(token, z) } else { z }
}
