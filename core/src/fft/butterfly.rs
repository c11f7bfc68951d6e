//! The DFTs of 4 and 8 elements, in registers, forward sign.

use crate::simd::{Lanes, Row};

/// Complex numbers, one a lane.
#[derive(Clone, Copy)]
pub(super) struct Complex<V> {
    pub(super) re: V,
    pub(super) im: V,
}

impl<V: Lanes> Complex<V> {
    /// Lanes of chunk `chunk` of a row; of an inverse transform with the parts swapped: the inverse of z is the swapped
    /// forward transform of the swapped z.
    #[inline(always)]
    pub(super) fn load<const INVERSE: bool>(token: V::Token, row: &Row, chunk: usize) -> Self {
        let (re, im) = (V::load(token, &row.re, chunk), V::load(token, &row.im, chunk));
        if INVERSE { Self { re: im, im: re } } else { Self { re, im } }
    }

    /// The opposite of [`Complex::load`].
    #[inline(always)]
    pub(super) fn store<const INVERSE: bool>(self, row: &mut Row, chunk: usize) {
        let (re, im) = if INVERSE { (self.im, self.re) } else { (self.re, self.im) };
        re.store(&mut row.re, chunk);
        im.store(&mut row.im, chunk);
    }

    /// The product with the same number in each lane.
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

/// A DFT of `R` elements whose twiddles take `T` = 2(R − 1) numbers a row.
pub(super) trait Dft<const R: usize, const T: usize> {
    fn dft<V: Lanes>(token: V::Token, x: [Complex<V>; R]) -> [Complex<V>; R];
}

pub(super) struct Four;
pub(super) struct Eight;

impl Dft<4, 6> for Four {
    #[inline(always)]
    fn dft<V: Lanes>(_: V::Token, [x0, x1, x2, x3]: [Complex<V>; 4]) -> [Complex<V>; 4] {
        let (a, b) = (x0.plus(x2), x0.minus(x2));
        let (c, d) = (x1.plus(x3), x1.minus(x3));
        [a.plus(c), b.minus_i(d), a.minus(c), b.plus_i(d)]
    }
}

impl Dft<8, 14> for Eight {
    /// Two DFTs of 4, of the even and of the odd elements, the latter turned by eighths.
    #[inline(always)]
    fn dft<V: Lanes>(token: V::Token, [x0, x1, x2, x3, x4, x5, x6, x7]: [Complex<V>; 8]) -> [Complex<V>; 8] {
        let [e0, e1, e2, e3] = Four::dft(token, [x0, x2, x4, x6]);
        let [o0, o1, o2, o3] = Four::dft(token, [x1, x3, x5, x7]);
        let half = V::splat(token, core::f32::consts::FRAC_1_SQRT_2);
        // o1·(1 − i)/√2 and o3·(−1 − i)/√2, the latter with its sign left to the sums below
        let o1 = Complex { re: (o1.re + o1.im) * half, im: (o1.im - o1.re) * half };
        let o3 = Complex { re: (o3.re - o3.im) * half, im: (o3.re + o3.im) * half };
        [e0.plus(o0), e1.plus(o1), e2.minus_i(o2), e3.minus(o3), e0.minus(o0), e1.minus(o1), e2.plus_i(o2), e3.plus(o3)]
    }
}
