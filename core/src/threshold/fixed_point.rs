//! Fixed-point numbers whose format is part of their type.

use core::ops::{Add, Sub};

/// A fixed-point number with `N` fractional bits: the word holds `value·2^N`.
///
/// The formats on both sides of a product or a conversion give the shift, so a wrong format does not compile.
///
/// `+` and `-` stand where the sum fits an `i32` for every input; builds with overflow checks test that. Products and the `wrapping_`
/// functions wrap: parameters that are not stable overflow, and still have one result.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub(super) struct Q<const N: u32>(pub(super) i32);

impl<const N: u32> Q<N> {
    pub(super) const ZERO: Self = Self(0);
    pub(super) const ONE: Self = Self(1 << N);
    pub(super) const HALF: Self = Self(1 << (N - 1));

    /// The nearest number to `value`, which is in range.
    pub(super) fn nearest(value: f64) -> Self {
        Self(libm::round(value * f64::from(1 << N)) as i32)
    }

    /// The same number with `M` fractional bits: exact for more bits, rounded down for fewer.
    #[inline(always)]
    pub(super) const fn to<const M: u32>(self) -> Q<M> {
        if M < N { Q(self.0 >> (N - M)) } else { Q(self.0 << (M - N)) }
    }

    /// The nearest number with `M` fractional bits, fewer than `N`.
    #[inline(always)]
    pub(super) const fn round_to<const M: u32>(self) -> Q<M> {
        Q(self.0.wrapping_add(const { 1 << (N - M - 1) }) >> const { N - M })
    }

    /// The product with `P` fractional bits, rounded down. Wraps unless `self·other·2^(N + M)` fits an `i32`.
    #[inline(always)]
    pub(super) const fn times<const M: u32, const P: u32>(self, other: Q<M>) -> Q<P> {
        Q(self.0.wrapping_mul(other.0) >> const { N + M - P })
    }

    /// The product with `P` fractional bits in 64 bits, rounded down.
    #[inline(always)]
    pub(super) const fn wide_times<const M: u32, const P: u32>(self, other: Q<M>) -> i64 {
        (self.0 as i64 * other.0 as i64) >> const { N + M - P }
    }

    /// The number whose word is nearest to `word`, at most ± `limit`.
    #[inline(always)]
    pub(super) fn saturated(word: i64, limit: Self) -> Self {
        Self(word.clamp(-i64::from(limit.0), limit.0.into()) as i32)
    }

    #[inline(always)]
    pub(super) const fn wrapping_add(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }

    #[inline(always)]
    pub(super) const fn wrapping_sub(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }

    #[inline(always)]
    pub(super) fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    #[inline(always)]
    pub(super) fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    /// The nearest number from `least` to `most`. (`Ord::clamp` panics if its limits are out of order, which the compiler would have to
    /// exclude.)
    #[inline(always)]
    pub(super) fn within(self, least: Self, most: Self) -> Self {
        self.max(least).min(most)
    }
}

impl<const N: u32> Add for Q<N> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl<const N: u32> Sub for Q<N> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
