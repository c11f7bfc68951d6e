//! Vector operations on `i16`, for sums over pairs of pixels.

use super::NO_CHUNK;
use core::ops::{Add, Mul, Sub};
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
use fearless_simd::{Bytes, Simd, SimdBase, SimdCombine, SimdIntWiden, SimdMask, i16x8, i16x16, i32x8, u16x8};

/// Pixels per block of a kernel on 16-bit integers, the same on every level.
pub(crate) const SHORTS: usize = 32;

/// A vector of `LEN` independent `i16`; `LEN` divides 32. Sums, differences and products wrap.
pub(crate) trait Short: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// Lanes per vector.
    const LEN: usize;
    /// Vectors that a kernel keeps in registers at a time, 1 to [`MOST_VECTORS`].
    const VECTORS: usize;
    /// Blocks of 32 pixels that pair sums take at a time, 1 to [`MOST_BLOCKS`]. Above 1 only where [`Short::VECTORS`] make one block.
    const BLOCKS: usize;
    /// Proof that the CPU has the instructions.
    type Token: Copy;
    /// A weight prepared for [`Short::weighted_by`].
    type Weight: Copy;

    /// Returns `value` in each lane.
    fn splat(token: Self::Token, value: i16) -> Self;
    /// Loads lanes `chunk * LEN ..` of 32; `chunk` is below `32 / LEN`.
    fn load(token: Self::Token, from: &[i16; SHORTS], chunk: usize) -> Self;
    /// Stores to lanes `chunk * LEN ..` of 32; `chunk` is below `32 / LEN`.
    fn store(self, to: &mut [i16; SHORTS], chunk: usize);
    /// Sum, saturated.
    fn saturating_add(self, other: Self) -> Self;
    /// Difference, saturated.
    fn saturating_sub(self, other: Self) -> Self;
    /// The smaller.
    fn min(self, other: Self) -> Self;
    /// The larger.
    fn max(self, other: Self) -> Self;
    /// Half, rounded down.
    fn half(self) -> Self;
    /// Rounding product `(a·weight + 2¹⁴) >> 15`; the weight is at least 0.
    fn weighted(self, token: Self::Token, weight: i16) -> Self;
    /// Prepares a weight from 0 to 2¹⁴ − 1 for many products.
    fn weight(token: Self::Token, weight: i16) -> Self::Weight;
    /// As [`Short::weighted`].
    fn weighted_by(self, token: Self::Token, weight: &Self::Weight) -> Self;
    /// `self < limit ? value : 0`, lane by lane.
    fn if_less(self, limit: Self, value: Self) -> Self;
    /// Returns a bit mask: bit i is set if lane i of both is equal.
    fn equal_bits(self, other: Self) -> u32;
    /// Returns a bit mask of 8 sums: bit j is set if `limit + Σ rows[k][j]·weight[k] < 0`.
    ///
    /// Weights are i16, two of them in a word, the first in its lower half. Words of rows are below 2¹⁵, and sums fit an i32.
    fn below_zero(token: Self::Token, rows: [&[u16; 8]; 4], weights: [u32; 2], limit: i32) -> u32;
}

/// Maximum of [`Short::VECTORS`] times [`Short::BLOCKS`].
pub(crate) const MOST_VECTORS: usize = 4;

/// Maximum of [`Short::BLOCKS`].
pub(crate) const MOST_BLOCKS: usize = 2;

/// A vector of one lane. Its operators wrap.
#[derive(Clone, Copy)]
pub(crate) struct ScalarShort(i16);

impl ScalarShort {
    /// The lane.
    #[inline(always)]
    pub(super) fn value(self) -> i16 {
        self.0
    }
}

impl Add for ScalarShort {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

impl Sub for ScalarShort {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
}

impl Mul for ScalarShort {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(self.0.wrapping_mul(other.0))
    }
}

impl Short for ScalarShort {
    const LEN: usize = 1;
    const VECTORS: usize = 2;
    const BLOCKS: usize = 1;
    type Token = ();
    type Weight = i16;

    #[inline(always)]
    fn weight((): (), weight: i16) -> i16 {
        weight
    }
    #[inline(always)]
    fn weighted_by(self, (): (), weight: &i16) -> Self {
        self.weighted((), *weight)
    }
    #[inline(always)]
    fn splat((): (), value: i16) -> Self {
        Self(value)
    }
    #[inline(always)]
    fn load((): (), from: &[i16; SHORTS], chunk: usize) -> Self {
        debug_assert!(chunk < SHORTS, "{NO_CHUNK}");
        match from.get(chunk) {
            Some(value) => Self(*value),
            None => Self(0),
        }
    }
    #[inline(always)]
    fn store(self, to: &mut [i16; SHORTS], chunk: usize) {
        debug_assert!(chunk < SHORTS, "{NO_CHUNK}");
        if let Some(to) = to.get_mut(chunk) {
            *to = self.0;
        }
    }
    #[inline(always)]
    fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
    #[inline(always)]
    fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if other.0 < self.0 { other } else { self }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if other.0 > self.0 { other } else { self }
    }
    #[inline(always)]
    fn half(self) -> Self {
        Self(self.0 >> 1)
    }
    #[inline(always)]
    fn weighted(self, (): (), weight: i16) -> Self {
        Self(((i32::from(self.0) * i32::from(weight) + (1 << 14)) >> 15) as i16)
    }
    #[inline(always)]
    fn if_less(self, limit: Self, value: Self) -> Self {
        if self.0 < limit.0 { value } else { Self(0) }
    }
    #[inline(always)]
    fn equal_bits(self, other: Self) -> u32 {
        u32::from(self.0 == other.0)
    }
    #[inline(always)]
    fn below_zero((): (), rows: [&[u16; 8]; 4], weights: [u32; 2], limit: i32) -> u32 {
        let mut bits = 0;
        for j in 0..8 {
            let mut sum = limit;
            for k in 0..4 {
                // words below 2¹⁵ are the same as i16
                sum =
                    sum.wrapping_add(i32::from(rows[k][j] as i16) * i32::from((weights[k / 2] >> (k % 2 * 16)) as i16));
            }
            bits |= u32::from(sum < 0) << j;
        }
        bits
    }
}

/// Implements `Short` for one vector type of one SIMD level. Arguments in order: vector, token, [`Short::LEN`], [`Short::VECTORS`],
/// [`Short::BLOCKS`], [`Short::Weight`], and the functions behind [`Short::weight`], [`Short::weighted_by`] and [`Short::weighted`].
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
macro_rules! shorts {
    ($vector:ident, $token:ident, $len:literal, $vectors:literal, $blocks:literal, $weight:ty, $ready:path, $product:path, $any:path) => {
        impl Short for fearless_simd::$vector<$token> {
            const LEN: usize = $len;
            const VECTORS: usize = $vectors;
            const BLOCKS: usize = $blocks;
            type Token = $token;
            type Weight = $weight;

            #[inline(always)]
            fn weight(token: $token, weight: i16) -> $weight {
                $ready(token, weight)
            }
            #[inline(always)]
            fn weighted_by(self, token: $token, weight: &$weight) -> Self {
                $product(token, self, *weight)
            }
            #[inline(always)]
            fn splat(token: $token, value: i16) -> Self {
                <Self as SimdBase<_>>::splat(token, value)
            }
            #[inline(always)]
            fn load(token: $token, from: &[i16; SHORTS], chunk: usize) -> Self {
                debug_assert!(chunk < SHORTS / $len, "{NO_CHUNK}");
                match from.as_chunks::<$len>().0.get(chunk) {
                    Some(values) => <Self as SimdBase<_>>::load_array_ref(token, values),
                    None => <Self as SimdBase<_>>::splat(token, 0),
                }
            }
            #[inline(always)]
            fn store(self, to: &mut [i16; SHORTS], chunk: usize) {
                debug_assert!(chunk < SHORTS / $len, "{NO_CHUNK}");
                if let Some(values) = to.as_chunks_mut::<$len>().0.get_mut(chunk) {
                    <Self as SimdBase<_>>::store_array(self, values);
                }
            }
            #[inline(always)]
            fn saturating_add(self, other: Self) -> Self {
                <Self as SimdInt<_>>::saturating_add(self, other)
            }
            #[inline(always)]
            fn saturating_sub(self, other: Self) -> Self {
                <Self as SimdInt<_>>::saturating_sub(self, other)
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                <Self as SimdBase<_>>::min(self, other)
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                <Self as SimdBase<_>>::max(self, other)
            }
            #[inline(always)]
            fn half(self) -> Self {
                self >> 1
            }
            #[inline(always)]
            fn weighted(self, token: $token, weight: i16) -> Self {
                $any(token, self, weight)
            }
            #[inline(always)]
            fn if_less(self, limit: Self, value: Self) -> Self {
                let zero = <Self as SimdBase<_>>::splat(self.simd, 0);
                <Self as SimdBase<_>>::simd_lt(self, limit).select(value, zero)
            }
            #[inline(always)]
            fn below_zero(token: $token, rows: [&[u16; 8]; 4], weights: [u32; 2], limit: i32) -> u32 {
                super::below_zero(token, rows, weights, limit)
            }
            #[inline(always)]
            fn equal_bits(self, other: Self) -> u32 {
                SimdMask::to_bitmask(<Self as SimdBase<_>>::simd_eq(self, other)) as u32
            }
        }
    };
}

/// [`Short::below_zero`] by products of pairs, one instruction on most levels.
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
#[inline(always)]
fn below_zero<S: Simd>(token: S, rows: [&[u16; 8]; 4], weights: [u32; 2], limit: i32) -> u32 {
    let [a, b, c, d] = rows.map(
        #[inline(always)]
        |row| <u16x8<S> as SimdBase<_>>::load_array_ref(token, row).bitcast::<i16x8<S>>(),
    );
    let [of_ab, of_cd] = weights.map(
        #[inline(always)]
        |pair| <i32x8<S> as SimdBase<_>>::splat(token, pair as i32).bitcast::<i16x16<S>>(),
    );
    let ab = a.zip_low(b).combine(a.zip_high(b)).pairwise_dot_product(of_ab);
    let cd = c.zip_low(d).combine(c.zip_high(d)).pairwise_dot_product(of_cd);
    let sums = ab + cd + <i32x8<S> as SimdBase<_>>::splat(token, limit);
    SimdMask::to_bitmask(sums.simd_lt(<i32x8<S> as SimdBase<_>>::splat(token, 0))) as u32
}

/// Defines the products of a SIMD level that has an instruction for the rounding product.
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
macro_rules! rounding {
    ($token:ident, $vector:ident, $word:ident, $intrinsic:ident, $ready:ident, $product:ident, $any:ident) => {
        #[inline(always)]
        fn $ready(token: $token, weight: i16) -> $vector<$token> {
            SimdBase::splat(token, weight)
        }

        #[inline(always)]
        fn $product(token: $token, a: $vector<$token>, weight: $vector<$token>) -> $vector<$token> {
            kernel!(
                #[inline(always)]
                fn product(token: $token, a: $word, b: $word) -> $word {
                    let _ = token;
                    $intrinsic(a, b)
                }
            );
            product(token, a.into(), weight.into()).simd_into(token)
        }

        #[inline(always)]
        fn $any(token: $token, a: $vector<$token>, weight: i16) -> $vector<$token> {
            $product(token, a, $ready(token, weight))
        }
    };
}
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod x86 {
    use super::{NO_CHUNK, SHORTS, Short};
    #[cfg(target_arch = "x86")]
    use core::arch::x86::*;
    #[cfg(target_arch = "x86_64")]
    use core::arch::x86_64::*;
    use fearless_simd::x86::{Avx2, Avx512, Sse2, Sse4_2};
    use fearless_simd::{Select, SimdBase, SimdInt, SimdInto, SimdMask, i16x8, i16x16, i16x32, kernel};

    /// Rounding product at SSE2, which has no such instruction: twice the upper half of the product, plus bits 15 and 14 of the lower half,
    /// rounded.
    #[inline(always)]
    fn any_sse2(token: Sse2, a: i16x8<Sse2>, weight: i16) -> i16x8<Sse2> {
        kernel!(
            #[inline(always)]
            fn product(token: Sse2, a: __m128i, weight: i16) -> __m128i {
                let _ = token;
                let weight = _mm_set1_epi16(weight);
                let (high, low) = (_mm_mulhi_epi16(a, weight), _mm_mullo_epi16(a, weight));
                let carry = _mm_srli_epi16::<1>(_mm_add_epi16(_mm_srli_epi16::<14>(low), _mm_set1_epi16(1)));
                _mm_add_epi16(_mm_add_epi16(high, high), carry)
            }
        );
        product(token, a.into(), weight).simd_into(token)
    }

    /// Prepares a weight below 2¹⁴: the weight, and twice the weight.
    #[inline(always)]
    fn ready_sse2(token: Sse2, weight: i16) -> [i16x8<Sse2>; 2] {
        [weight, weight.wrapping_mul(2)].map(
            #[inline(always)]
            |weight| SimdBase::splat(token, weight),
        )
    }

    /// Rounding product: the upper half of the product with twice the weight, plus bit 14 of the product with the weight.
    #[inline(always)]
    fn product_sse2(token: Sse2, a: i16x8<Sse2>, weight: [i16x8<Sse2>; 2]) -> i16x8<Sse2> {
        kernel!(
            #[inline(always)]
            fn product(token: Sse2, a: __m128i, once: __m128i, twice: __m128i) -> __m128i {
                let _ = token;
                let (high, low) = (_mm_mulhi_epi16(a, twice), _mm_mullo_epi16(a, once));
                _mm_add_epi16(high, _mm_and_si128(_mm_srli_epi16::<14>(low), _mm_set1_epi16(1)))
            }
        );
        let [once, twice] = weight;
        product(token, a.into(), once.into(), twice.into()).simd_into(token)
    }

    rounding!(Sse4_2, i16x8, __m128i, _mm_mulhrs_epi16, ready_sse42, product_sse42, any_sse42);
    rounding!(Avx2, i16x16, __m256i, _mm256_mulhrs_epi16, ready_avx2, product_avx2, any_avx2);
    rounding!(Avx512, i16x32, __m512i, _mm512_mulhrs_epi16, ready_avx512, product_avx512, any_avx512);

    shorts!(i16x8, Sse2, 8, 4, 1, [Self; 2], ready_sse2, product_sse2, any_sse2);
    shorts!(i16x8, Sse4_2, 8, 4, 1, Self, ready_sse42, product_sse42, any_sse42);
    shorts!(i16x16, Avx2, 16, 2, 1, Self, ready_avx2, product_avx2, any_avx2);
    shorts!(i16x32, Avx512, 32, 1, 2, Self, ready_avx512, product_avx512, any_avx512);
}

#[cfg(target_arch = "aarch64")]
mod aarch64 {
    use super::{NO_CHUNK, SHORTS, Short};
    use core::arch::aarch64::{int16x8_t, vqrdmulhq_s16};
    use fearless_simd::aarch64::Neon;
    use fearless_simd::{Select, SimdBase, SimdInt, SimdInto, SimdMask, i16x8, kernel};

    rounding!(Neon, i16x8, int16x8_t, vqrdmulhq_s16, ready, product, any);
    shorts!(i16x8, Neon, 8, 4, 1, Self, ready, product, any);
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm32 {
    use super::{NO_CHUNK, SHORTS, Short};
    use core::arch::wasm32::{i16x8_q15mulr_sat, v128};
    use fearless_simd::wasm32::WasmSimd128;
    use fearless_simd::{Select, SimdBase, SimdInt, SimdInto, SimdMask, i16x8, kernel};

    rounding!(WasmSimd128, i16x8, v128, i16x8_q15mulr_sat, ready, product, any);
    shorts!(i16x8, WasmSimd128, 8, 2, 1, Self, ready, product, any);
}
