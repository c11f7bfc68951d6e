//! Forces between points whose coordinates are 16-bit integers.

use super::{SHORTS, Short};
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
use fearless_simd::{SimdBase, SimdInt, SimdIntWiden, SimdInto, kernel};

/// What the kernel begins from at distance 0: less than 2¹⁵ so that after four rounded squares nothing is left where a distance saturates.
const PEAK: i16 = 0x7FE0;

/// Points on which forces are summed at a time. Four share the loads of their neighbours.
pub(crate) const AT_ONCE: usize = 4;

/// Sums of forces. The arithmetic is that of 16-bit lanes; sums wrap in 32 bits, so their order does not matter.
///
/// For each pair, with wrapping differences of coordinates: `d = saturated 2·(own − other)`, `u = (dx² >> 16) + (dy² >> 16)`,
/// `g = (32736 − u)` squared four times by the rounding product `(a² + 2¹⁴) >> 15`, force `d·g`. That is 2¹⁵(1 − u/2¹⁵)¹⁶ in integers, and 0 from
/// a distance of 2¹⁴ on.
#[cfg_attr(not(feature = "points"), allow(dead_code, reason = "point sets alone have forces"))]
pub(crate) trait Repel: Short {
    /// Sums of 32 bits, one for each lane or for some lanes.
    type Sums: Copy;

    /// Sums of 0.
    fn none(token: Self::Token) -> Self::Sums;
    /// Adds to `sums` the forces of the points of `vectors` vectors, from the first on, on each of four points, both axes.
    ///
    /// Points of a block after these vectors, if a level adds them too, have no force.
    fn repel(
        token: Self::Token,
        own: &[[Self; 2]; AT_ONCE],
        others: [&[i16; SHORTS]; 2],
        vectors: usize,
        sums: &mut [[Self::Sums; 2]; AT_ONCE],
    );
    /// The sum of all lanes.
    fn total(sums: Self::Sums) -> i32;
}

/// One lane, in loops that a compiler may turn into vectors of its own.
impl Repel for super::shorts::ScalarShort {
    type Sums = i32;

    #[inline(always)]
    fn none((): ()) -> i32 {
        0
    }

    #[inline(always)]
    fn repel(
        (): (),
        own: &[[Self; 2]; AT_ONCE],
        others: [&[i16; SHORTS]; 2],
        _: usize,
        sums: &mut [[i32; 2]; AT_ONCE],
    ) {
        let [xs, ys] = others;
        for (own, sums) in own.iter().zip(sums) {
            let [x, y] = own.map(Self::value);
            let [mut fx, mut fy] = *sums;
            for i in 0..SHORTS {
                let (dx, dy) = (x.wrapping_sub(xs[i]), y.wrapping_sub(ys[i]));
                let (dx, dy) = (dx.saturating_add(dx), dy.saturating_add(dy));
                let high = |d: i16| ((i32::from(d) * i32::from(d)) >> 16) as i16;
                let square = |t: i16| ((i32::from(t) * i32::from(t) + (1 << 14)) >> 15) as i16;
                let u = high(dx).wrapping_add(high(dy));
                let g = square(square(square(square(PEAK.wrapping_sub(u)))));
                fx = fx.wrapping_add(i32::from(dx) * i32::from(g));
                fy = fy.wrapping_add(i32::from(dy) * i32::from(g));
            }
            *sums = [fx, fy];
        }
    }

    #[inline(always)]
    fn total(sums: i32) -> i32 {
        sums
    }
}

/// Implements `Repel` for the vector type of one SIMD level. Arguments in order: vector, its sums, token, lanes, lanes of the sums, native
/// vector, `(a, _) → a² >> 16` and `t → (t² + 2¹⁴) >> 15` of native vectors.
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
macro_rules! repel {
    ($vector:ident, $sums:ident, $token:ident, $len:literal, $word:ty, |$a:ident| $high:expr, |$t:ident| $square:expr) => {
        impl Repel for fearless_simd::$vector<$token> {
            type Sums = fearless_simd::$sums<$token>;

            #[inline(always)]
            fn none(token: $token) -> Self::Sums {
                SimdBase::splat(token, 0)
            }

            #[inline(always)]
            fn repel(
                token: $token,
                own: &[[Self; 2]; AT_ONCE],
                others: [&[i16; SHORTS]; 2],
                vectors: usize,
                sums: &mut [[Self::Sums; 2]; AT_ONCE],
            ) {
                kernel!(
                    #[inline(always)]
                    fn high(token: $token, $a: $word) -> $word {
                        let _ = token;
                        $high
                    }
                );
                kernel!(
                    #[inline(always)]
                    fn kernel_of(token: $token, $t: $word) -> $word {
                        let _ = token;
                        let $t = $square;
                        let $t = $square;
                        let $t = $square;
                        $square
                    }
                );
                let [xs, ys] = others.map(
                    #[inline(always)]
                    |all| all.as_chunks::<$len>().0,
                );
                let peak = <Self as SimdBase<_>>::splat(token, PEAK);
                for (x, y) in xs.iter().zip(ys).take(vectors) {
                    let (x, y) = (
                        <Self as SimdBase<_>>::load_array_ref(token, x),
                        <Self as SimdBase<_>>::load_array_ref(token, y),
                    );
                    for i in 0..AT_ONCE {
                        let (dx, dy) = (own[i][0] - x, own[i][1] - y);
                        let dx = <Self as SimdInt<_>>::saturating_add(dx, dx);
                        let dy = <Self as SimdInt<_>>::saturating_add(dy, dy);
                        let square_x: Self = high(token, dx.into()).simd_into(token);
                        let square_y: Self = high(token, dy.into()).simd_into(token);
                        let g: Self = kernel_of(token, (peak - (square_x + square_y)).into()).simd_into(token);
                        sums[i][0] += dx.pairwise_dot_product(g);
                        sums[i][1] += dy.pairwise_dot_product(g);
                    }
                }
            }

            #[inline(always)]
            fn total(sums: Self::Sums) -> i32 {
                let mut lanes = [0; $len / 2];
                SimdBase::store_array(sums, &mut lanes);
                let mut total = 0_i32;
                for lane in lanes {
                    total = total.wrapping_add(lane);
                }
                total
            }
        }
    };
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod x86 {
    use super::*;
    #[cfg(target_arch = "x86")]
    use core::arch::x86::*;
    #[cfg(target_arch = "x86_64")]
    use core::arch::x86_64::*;
    use fearless_simd::x86::{Avx2, Avx512, Sse2, Sse4_2};

    repel!(i16x8, i32x4, Sse2, 8, __m128i, |a| _mm_mulhi_epi16(a, a), |t| {
        // twice the upper half of the square, plus bits 15 and 14 of the lower half, rounded
        let (high, low) = (_mm_mulhi_epi16(t, t), _mm_mullo_epi16(t, t));
        let carry = _mm_srli_epi16::<1>(_mm_add_epi16(_mm_srli_epi16::<14>(low), _mm_set1_epi16(1)));
        _mm_add_epi16(_mm_add_epi16(high, high), carry)
    });
    repel!(i16x8, i32x4, Sse4_2, 8, __m128i, |a| _mm_mulhi_epi16(a, a), |t| _mm_mulhrs_epi16(t, t));
    repel!(i16x16, i32x8, Avx2, 16, __m256i, |a| _mm256_mulhi_epi16(a, a), |t| _mm256_mulhrs_epi16(t, t));
    repel!(i16x32, i32x16, Avx512, 32, __m512i, |a| _mm512_mulhi_epi16(a, a), |t| _mm512_mulhrs_epi16(t, t));
}

#[cfg(target_arch = "aarch64")]
mod aarch64 {
    use super::*;
    use core::arch::aarch64::{int16x8_t, vqdmulhq_s16, vqrdmulhq_s16, vshrq_n_s16};
    use fearless_simd::aarch64::Neon;

    // half of a² >> 15, which saturates at −2¹⁵ alone: the kernel is 0 there either way
    repel!(i16x8, i32x4, Neon, 8, int16x8_t, |a| vshrq_n_s16::<1>(vqdmulhq_s16(a, a)), |t| vqrdmulhq_s16(t, t));
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm32 {
    use super::*;
    use core::arch::wasm32::{i16x8_q15mulr_sat, i16x8_shuffle, i32x4_extmul_high_i16x8, i32x4_extmul_low_i16x8, v128};
    use fearless_simd::wasm32::WasmSimd128;

    repel!(
        i16x8,
        i32x4,
        WasmSimd128,
        8,
        v128,
        |a| i16x8_shuffle::<1, 3, 5, 7, 9, 11, 13, 15>(i32x4_extmul_low_i16x8(a, a), i32x4_extmul_high_i16x8(a, a)),
        |t| i16x8_q15mulr_sat(t, t)
    );
}
