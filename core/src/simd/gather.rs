//! Elements of a table at many places at once, on x86 with AVX2.

use super::LANES;
#[cfg(target_arch = "x86")]
use core::arch::x86::*;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::*;
use fearless_simd::x86::{Avx2, Avx512};
use fearless_simd::{SimdBase, SimdInto, kernel, u32x16};

/// Elements at 16 places, by two gathers.
#[inline(always)]
pub(super) fn gather8(token: Avx2, table: &[u32; 256], at: &[u8; LANES]) -> [u32; LANES] {
    kernel!(
        #[inline(always)]
        fn gather(token: Avx2, table: &[u32; 256], at: u64) -> __m256i {
            let _ = token;
            let at = _mm256_cvtepu8_epi32(_mm_set_epi64x(0, at.cast_signed()));
            // SAFETY: each place is a byte, and the table has an element for each byte.
            unsafe { _mm256_i32gather_epi32::<4>(table.as_ptr().cast(), at) }
        }
    );
    let [low, high] = bytemuck::must_cast::<[u8; LANES], [u64; 2]>(*at);
    let (low, high) = (gather(token, table, low), gather(token, table, high));
    let halves: [[u32; 8]; 2] = [bytemuck::must_cast(low), bytemuck::must_cast(high)];
    bytemuck::must_cast(halves)
}

/// Elements at 16 places, by one gather.
#[inline(always)]
pub(super) fn gather16(token: Avx512, table: &[u32; 256], at: &[u8; LANES]) -> [u32; LANES] {
    kernel!(
        #[inline(always)]
        fn gather(token: Avx512, table: &[u32; 256], at: u128) -> __m512i {
            let _ = token;
            let at = _mm512_cvtepu8_epi32(_mm_set_epi64x((at >> 64) as i64, at as i64));
            // SAFETY: each place is a byte, and the table has an element for each byte.
            unsafe { _mm512_i32gather_epi32::<4>(at, table.as_ptr().cast()) }
        }
    );
    let elements: u32x16<Avx512> = gather(token, table, u128::from_le_bytes(*at)).simd_into(token);
    let mut all = [0; LANES];
    elements.store_array(&mut all);
    all
}
