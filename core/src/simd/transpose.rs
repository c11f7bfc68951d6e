//! Transposes of a block of vectors in registers.
//!
//! At 4 lanes portable zips serve. At 8 and 16 lanes zips cross 128-bit halves, and were slower than these intrinsics (21 against 15.5 ns for
//! 16x16).

#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
use super::LANES;
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
use fearless_simd::{Simd, SimdBase, f32x4};

/// 4x4: two rounds of zips.
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
#[inline(always)]
pub(super) fn transpose4<S: Simd>(_: S, block: &mut [f32x4<S>; LANES]) {
    let (a, b) = (block[0].zip_low(block[2]), block[1].zip_low(block[3]));
    let (c, d) = (block[0].zip_high(block[2]), block[1].zip_high(block[3]));
    block[0] = a.zip_low(b);
    block[1] = a.zip_high(b);
    block[2] = c.zip_low(d);
    block[3] = c.zip_high(d);
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
pub(super) mod x86 {
    use super::LANES;
    #[cfg(target_arch = "x86")]
    use core::arch::x86::*;
    #[cfg(target_arch = "x86_64")]
    use core::arch::x86_64::*;
    use fearless_simd::x86::{Avx2, Avx512};
    use fearless_simd::{SimdInto, f32x8, f32x16, kernel};

    /// 8x8: 4x4 blocks within the 128-bit halves, then the halves.
    #[inline(always)]
    pub(in super::super) fn transpose8(token: Avx2, block: &mut [f32x8<Avx2>; LANES]) {
        kernel!(
            #[inline(always)]
            fn network(token: Avx2, r: [__m256; 8]) -> [__m256; 8] {
                let _ = token;
                let a = _mm256_unpacklo_ps(r[0], r[1]);
                let b = _mm256_unpackhi_ps(r[0], r[1]);
                let c = _mm256_unpacklo_ps(r[2], r[3]);
                let d = _mm256_unpackhi_ps(r[2], r[3]);
                let e = _mm256_unpacklo_ps(r[4], r[5]);
                let f = _mm256_unpackhi_ps(r[4], r[5]);
                let g = _mm256_unpacklo_ps(r[6], r[7]);
                let h = _mm256_unpackhi_ps(r[6], r[7]);
                let ac0 = _mm256_shuffle_ps::<0x44>(a, c);
                let ac1 = _mm256_shuffle_ps::<0xEE>(a, c);
                let bd0 = _mm256_shuffle_ps::<0x44>(b, d);
                let bd1 = _mm256_shuffle_ps::<0xEE>(b, d);
                let eg0 = _mm256_shuffle_ps::<0x44>(e, g);
                let eg1 = _mm256_shuffle_ps::<0xEE>(e, g);
                let fh0 = _mm256_shuffle_ps::<0x44>(f, h);
                let fh1 = _mm256_shuffle_ps::<0xEE>(f, h);
                [
                    _mm256_permute2f128_ps::<0x20>(ac0, eg0),
                    _mm256_permute2f128_ps::<0x20>(ac1, eg1),
                    _mm256_permute2f128_ps::<0x20>(bd0, fh0),
                    _mm256_permute2f128_ps::<0x20>(bd1, fh1),
                    _mm256_permute2f128_ps::<0x31>(ac0, eg0),
                    _mm256_permute2f128_ps::<0x31>(ac1, eg1),
                    _mm256_permute2f128_ps::<0x31>(bd0, fh0),
                    _mm256_permute2f128_ps::<0x31>(bd1, fh1),
                ]
            }
        );
        let b = *block;
        let columns = network(
            token,
            [b[0].into(), b[1].into(), b[2].into(), b[3].into(), b[4].into(), b[5].into(), b[6].into(), b[7].into()],
        );
        let mut i = 0;
        while i < 8 {
            block[i] = columns[i].simd_into(token);
            i += 1;
        }
    }

    /// 16x16: 4x4 blocks within the 128-bit quarters, then two rounds of quarters.
    #[inline(always)]
    pub(in super::super) fn transpose16(token: Avx512, block: &mut [f32x16<Avx512>; LANES]) {
        kernel!(
            #[inline(always)]
            fn quad(token: Avx512, r: [__m512; 4]) -> [__m512; 4] {
                let _ = token;
                let a = _mm512_unpacklo_ps(r[0], r[1]);
                let b = _mm512_unpackhi_ps(r[0], r[1]);
                let c = _mm512_unpacklo_ps(r[2], r[3]);
                let d = _mm512_unpackhi_ps(r[2], r[3]);
                [
                    _mm512_shuffle_ps::<0x44>(a, c),
                    _mm512_shuffle_ps::<0xEE>(a, c),
                    _mm512_shuffle_ps::<0x44>(b, d),
                    _mm512_shuffle_ps::<0xEE>(b, d),
                ]
            }
        );
        kernel!(
            #[inline(always)]
            fn quarters(token: Avx512, r: [__m512; 4]) -> [__m512; 4] {
                let _ = token;
                let a = _mm512_shuffle_f32x4::<0x88>(r[0], r[1]);
                let b = _mm512_shuffle_f32x4::<0xDD>(r[0], r[1]);
                let c = _mm512_shuffle_f32x4::<0x88>(r[2], r[3]);
                let d = _mm512_shuffle_f32x4::<0xDD>(r[2], r[3]);
                [
                    _mm512_shuffle_f32x4::<0x88>(a, c),
                    _mm512_shuffle_f32x4::<0x88>(b, d),
                    _mm512_shuffle_f32x4::<0xDD>(a, c),
                    _mm512_shuffle_f32x4::<0xDD>(b, d),
                ]
            }
        );
        let b = *block;
        let q0 = quad(token, [b[0].into(), b[1].into(), b[2].into(), b[3].into()]);
        let q1 = quad(token, [b[4].into(), b[5].into(), b[6].into(), b[7].into()]);
        let q2 = quad(token, [b[8].into(), b[9].into(), b[10].into(), b[11].into()]);
        let q3 = quad(token, [b[12].into(), b[13].into(), b[14].into(), b[15].into()]);
        let mut i = 0;
        while i < 4 {
            let columns = quarters(token, [q0[i], q1[i], q2[i], q3[i]]);
            block[i] = columns[0].simd_into(token);
            block[4 + i] = columns[1].simd_into(token);
            block[8 + i] = columns[2].simd_into(token);
            block[12 + i] = columns[3].simd_into(token);
            i += 1;
        }
    }
}
