//! 16-bit words: what sums over pairs of pixels are written in.

use core::ops::{Add, Mul, Sub};

/// Pixels that kernels on 16-bit words take together, on every level.
pub(crate) const SHORTS: usize = 32;

/// A vector of `LEN` independent `i16`, `LEN` a divisor of 32. Sums, differences and products wrap.
pub(crate) trait Short: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// Lanes in a vector.
    const LEN: usize;
    /// Vectors that kernels hold at a time: as many as leave registers for their work, 1 to [`MOST_VECTORS`].
    const VECTORS: usize;
    /// The proof that the CPU has the instructions.
    type Token: Copy;

    /// The same value in each lane.
    fn splat(token: Self::Token, value: i16) -> Self;
    /// Lanes `chunk * LEN ..` of 32; zeros if there is no such chunk.
    fn load(token: Self::Token, from: &[i16; SHORTS], chunk: usize) -> Self;
    /// Stores to lanes `chunk * LEN ..` of 32; nothing if there is no such chunk.
    fn store(self, to: &mut [i16; SHORTS], chunk: usize);
    /// The sum, or the nearest that an `i16` holds.
    fn saturating_add(self, other: Self) -> Self;
    /// The difference, or the nearest that an `i16` holds.
    fn saturating_sub(self, other: Self) -> Self;
    /// The smaller.
    fn min(self, other: Self) -> Self;
    /// The larger.
    fn max(self, other: Self) -> Self;
    /// Half, rounded down.
    fn half(self) -> Self;
    /// `(a·b + 2¹⁴) >> 15`; not for a = b = −2¹⁵.
    fn high_product(self, other: Self) -> Self;
    /// `self < limit ? value : 0`, as `u16` each.
    fn if_less(self, limit: Self, value: Self) -> Self;
}

/// The most of [`Short::VECTORS`].
pub(crate) const MOST_VECTORS: usize = 4;

/// One lane. Its operators wrap.
#[derive(Clone, Copy)]
pub(crate) struct One(i16);

impl Add for One {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

impl Sub for One {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(self.0.wrapping_sub(other.0))
    }
}

impl Mul for One {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(self.0.wrapping_mul(other.0))
    }
}

impl Short for One {
    const LEN: usize = 1;
    const VECTORS: usize = 2;
    type Token = ();

    #[inline(always)]
    fn splat((): (), value: i16) -> Self {
        Self(value)
    }
    #[inline(always)]
    fn load((): (), from: &[i16; SHORTS], chunk: usize) -> Self {
        match from.get(chunk) {
            Some(value) => Self(*value),
            None => Self(0),
        }
    }
    #[inline(always)]
    fn store(self, to: &mut [i16; SHORTS], chunk: usize) {
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
    fn high_product(self, other: Self) -> Self {
        Self(((i32::from(self.0) * i32::from(other.0) + (1 << 14)) >> 15) as i16)
    }
    #[inline(always)]
    fn if_less(self, limit: Self, value: Self) -> Self {
        if self.0 < limit.0 { value } else { Self(0) }
    }
}

/// `Short` for one vector type of one instruction set.
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
macro_rules! shorts {
    ($vector:ident, $token:ident, $len:literal, $vectors:literal, $product:path) => {
        impl Short for fearless_simd::$vector<$token> {
            const LEN: usize = $len;
            const VECTORS: usize = $vectors;
            type Token = $token;

            #[inline(always)]
            fn splat(token: $token, value: i16) -> Self {
                <Self as SimdBase<_>>::splat(token, value)
            }
            #[inline(always)]
            fn load(token: $token, from: &[i16; SHORTS], chunk: usize) -> Self {
                match from.as_chunks::<$len>().0.get(chunk) {
                    Some(values) => <Self as SimdBase<_>>::load_array_ref(token, values),
                    None => <Self as SimdBase<_>>::splat(token, 0),
                }
            }
            #[inline(always)]
            fn store(self, to: &mut [i16; SHORTS], chunk: usize) {
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
            fn high_product(self, other: Self) -> Self {
                $product(self, other)
            }
            #[inline(always)]
            fn if_less(self, limit: Self, value: Self) -> Self {
                let zero = <Self as SimdBase<_>>::splat(self.simd, 0);
                <Self as SimdBase<_>>::simd_lt(self, limit).select(value, zero)
            }
        }
    };
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod x86 {
    use super::{SHORTS, Short};
    #[cfg(target_arch = "x86")]
    use core::arch::x86::*;
    #[cfg(target_arch = "x86_64")]
    use core::arch::x86_64::*;
    use fearless_simd::x86::{Avx2, Avx512, Sse2, Sse4_2};
    use fearless_simd::{Select, SimdBase, SimdInt, SimdInto, i16x8, i16x16, i16x32, kernel};

    /// SSE2 has no rounding product: from the two halves of the whole one.
    #[inline(always)]
    fn product_sse2(a: i16x8<Sse2>, b: i16x8<Sse2>) -> i16x8<Sse2> {
        kernel!(
            #[inline(always)]
            fn product(token: Sse2, a: __m128i, b: __m128i) -> __m128i {
                let _ = token;
                let (high, low) = (_mm_mulhi_epi16(a, b), _mm_mullo_epi16(a, b));
                // bits 14 and 15 of the low half, rounded: what it adds to twice the high half
                let carry = _mm_srli_epi16::<1>(_mm_add_epi16(_mm_srli_epi16::<14>(low), _mm_set1_epi16(1)));
                _mm_add_epi16(_mm_add_epi16(high, high), carry)
            }
        );
        let token = a.simd;
        product(token, a.into(), b.into()).simd_into(token)
    }

    #[inline(always)]
    fn product_sse42(a: i16x8<Sse4_2>, b: i16x8<Sse4_2>) -> i16x8<Sse4_2> {
        kernel!(
            #[inline(always)]
            fn product(token: Sse4_2, a: __m128i, b: __m128i) -> __m128i {
                let _ = token;
                _mm_mulhrs_epi16(a, b)
            }
        );
        let token = a.simd;
        product(token, a.into(), b.into()).simd_into(token)
    }

    #[inline(always)]
    fn product_avx2(a: i16x16<Avx2>, b: i16x16<Avx2>) -> i16x16<Avx2> {
        kernel!(
            #[inline(always)]
            fn product(token: Avx2, a: __m256i, b: __m256i) -> __m256i {
                let _ = token;
                _mm256_mulhrs_epi16(a, b)
            }
        );
        let token = a.simd;
        product(token, a.into(), b.into()).simd_into(token)
    }

    #[inline(always)]
    fn product_avx512(a: i16x32<Avx512>, b: i16x32<Avx512>) -> i16x32<Avx512> {
        kernel!(
            #[inline(always)]
            fn product(token: Avx512, a: __m512i, b: __m512i) -> __m512i {
                let _ = token;
                _mm512_mulhrs_epi16(a, b)
            }
        );
        let token = a.simd;
        product(token, a.into(), b.into()).simd_into(token)
    }

    shorts!(i16x8, Sse2, 8, 4, product_sse2);
    shorts!(i16x8, Sse4_2, 8, 4, product_sse42);
    shorts!(i16x16, Avx2, 16, 2, product_avx2);
    shorts!(i16x32, Avx512, 32, 1, product_avx512);
}

#[cfg(target_arch = "aarch64")]
mod aarch64 {
    use super::{SHORTS, Short};
    use core::arch::aarch64::{int16x8_t, vqrdmulhq_s16};
    use fearless_simd::aarch64::Neon;
    use fearless_simd::{Select, SimdBase, SimdInt, SimdInto, i16x8, kernel};

    #[inline(always)]
    fn product_neon(a: i16x8<Neon>, b: i16x8<Neon>) -> i16x8<Neon> {
        kernel!(
            #[inline(always)]
            fn product(token: Neon, a: int16x8_t, b: int16x8_t) -> int16x8_t {
                let _ = token;
                vqrdmulhq_s16(a, b)
            }
        );
        let token = a.simd;
        product(token, a.into(), b.into()).simd_into(token)
    }

    shorts!(i16x8, Neon, 8, 4, product_neon);
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm32 {
    use super::{SHORTS, Short};
    use core::arch::wasm32::{i16x8_q15mulr_sat, v128};
    use fearless_simd::wasm32::WasmSimd128;
    use fearless_simd::{Select, SimdBase, SimdInt, SimdInto, i16x8, kernel};

    #[inline(always)]
    fn product_wasm(a: i16x8<WasmSimd128>, b: i16x8<WasmSimd128>) -> i16x8<WasmSimd128> {
        kernel!(
            #[inline(always)]
            fn product(token: WasmSimd128, a: v128, b: v128) -> v128 {
                let _ = token;
                i16x8_q15mulr_sat(a, b)
            }
        );
        let token = a.simd;
        product(token, a.into(), b.into()).simd_into(token)
    }

    shorts!(i16x8, WasmSimd128, 8, 4, product_wasm);
}
