//! Vector operations on `f32`, for one lane (`f32`) and for the vectors of `fearless_simd`.
//!
//! Each operation is one instruction or two, so a kernel compiles to what intrinsics would give. (Tried with bare `__m128`, `__m256` and
//! `__m512` in every pass of the transforms and of a step: within 0.2 % of the instructions at SSE2 and AVX2, 0.998 to 1.022 of the time at
//! AVX-512. Only the transposes gained, see `transpose.rs`.)

use super::repel::Repel;
use super::shorts::ScalarShort;
use super::{Kernel, LANES, NO_CHUNK};
use core::ops::{Add, Div, Mul, Sub};

/// Bits of the first approximation of a reciprocal root, less half of the number's bits (Lomont 2003).
#[cfg(feature = "vectors")]
const ROOT_START: u32 = 0x5F37_5A86;

/// A vector of `LEN` independent `f32`; `LEN` divides 16.
///
/// All operations are the correctly rounded ones of IEEE 754, lane by lane: no fused multiply-add, no approximation.
pub(crate) trait Lanes:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Lanes per vector.
    const LEN: usize;
    /// Vectors per 16 lanes.
    const CHUNKS: usize = LANES / Self::LEN;
    /// Proof that the CPU has the instructions.
    type Token: Copy;
    /// Vector of 16-bit integers of the same SIMD level.
    type Short: Repel<Token = Self::Token>;

    /// Runs a kernel as a function of its own: code that several kernels share is compiled once.
    fn call<K: Kernel>(token: Self::Token, kernel: K) -> K::Output;
    /// Returns [`Lanes::CHUNKS`], hidden from the compiler if above 1.
    ///
    /// So a loop over chunks is not unrolled, which would multiply the code without gain.
    #[inline(always)]
    fn chunks() -> usize {
        if Self::CHUNKS == 1 { 1 } else { core::hint::black_box(Self::CHUNKS).min(Self::CHUNKS) }
    }
    /// Returns `value` in each lane.
    fn splat(token: Self::Token, value: f32) -> Self;
    /// Loads lanes `chunk * LEN ..` of 16; `chunk` is below [`Lanes::CHUNKS`].
    fn load(token: Self::Token, from: &[f32; LANES], chunk: usize) -> Self;
    /// Loads pairs `chunk * LEN ..` of 16: the first of each, and the second of each.
    fn load_pairs(token: Self::Token, from: &[[f32; 2]; LANES], chunk: usize) -> (Self, Self);
    /// Stores to lanes `chunk * LEN ..` of 16; `chunk` is below [`Lanes::CHUNKS`].
    fn store(self, to: &mut [f32; LANES], chunk: usize);
    /// The square root.
    fn sqrt(self) -> Self;
    /// An approximation of 1/√self, within 0.2 %: an integer start and one step of Newton. Lanes are positive and normal.
    #[cfg(feature = "vectors")]
    fn reciprocal_root(self) -> Self;
    /// The larger. Of −0 and 0 it may be either; no lane may be NaN.
    fn max(self, other: Self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// Lane by lane: `self < limit ? below : otherwise`.
    fn select_less(self, limit: Self, below: Self, otherwise: Self) -> Self;
    /// Stores the integer part of each lane, truncated, and returns the fractional part; −2³¹ < lane < 2³¹.
    fn split_integer(self, to: &mut [i32; LANES], chunk: usize) -> Self;
    /// Vector of as many `i32`.
    type Count: Copy;
    /// Returns `first`, `first + 1` and so on, a number a lane.
    fn count_from(token: Self::Token, first: i32) -> Self::Count;
    /// Adds 1 to the count of each lane where `self < limit`.
    fn count_less(self, limit: Self, count: Self::Count) -> Self::Count;
    /// Subtracts 1 from the count of each lane where `self < limit`.
    fn discount_less(self, limit: Self, count: Self::Count) -> Self::Count;
    /// Returns a bit per lane, the first lane's lowest: set where `self < limit`.
    fn less(self, limit: Self) -> u64;
    /// Stores counts to lanes `chunk * LEN ..` of 16; `chunk` is below [`Lanes::CHUNKS`].
    fn store_count(count: Self::Count, to: &mut [i32; LANES], chunk: usize);
    /// Transposes the first `LEN` vectors in place, a block of `LEN` x `LEN`.
    fn transpose(token: Self::Token, block: &mut [Self; LANES]);
    /// Whether [`Lanes::look_up`] is faster than loads one by one.
    const GATHERS: bool;
    /// Returns the elements of a table at 16 places.
    fn look_up(token: Self::Token, table: &[u32; 256], at: &[u8; LANES]) -> [u32; LANES];
    /// Returns a bit per byte, the first byte's lowest: set where `a` is at least `b`.
    fn at_least(token: Self::Token, a: &[u8; BYTES], b: &[u8; BYTES]) -> [u8; BYTES / 8];
}

/// Bytes that [`Lanes::at_least`] compares, the same on every level.
pub(crate) const BYTES: usize = 64;

/// Looks up elements one by one.
#[inline(always)]
fn look_up<Token>(_: Token, table: &[u32; 256], at: &[u8; LANES]) -> [u32; LANES] {
    let mut elements = [0; LANES];
    for i in 0..LANES {
        elements[i] = table[usize::from(at[i])];
    }
    elements
}

/// Sums 16 lanes, always in the same order: a tree that adds halves.
pub(crate) fn reduce(lanes: &[f32; LANES]) -> f32 {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *lanes;
    let (a, b, c, d, e, f, g, h) = (a + i, b + j, c + k, d + l, e + m, f + n, g + o, h + p);
    let (a, b, c, d) = (a + e, b + f, c + g, d + h);
    (a + c) + (b + d)
}

impl Lanes for f32 {
    const LEN: usize = 1;
    type Token = ();
    type Short = ScalarShort;

    #[inline(never)]
    fn call<K: Kernel>((): (), kernel: K) -> K::Output {
        kernel.run::<Self>(())
    }
    #[inline(always)]
    fn splat((): (), value: f32) -> Self {
        value
    }
    #[inline(always)]
    fn load((): (), from: &[f32; LANES], chunk: usize) -> Self {
        debug_assert!(chunk < LANES, "{NO_CHUNK}");
        match from.get(chunk) {
            Some(value) => *value,
            None => 0.0,
        }
    }
    #[inline(always)]
    fn load_pairs((): (), from: &[[f32; 2]; LANES], chunk: usize) -> (Self, Self) {
        debug_assert!(chunk < LANES, "{NO_CHUNK}");
        match from.get(chunk) {
            Some([first, second]) => (*first, *second),
            None => (0.0, 0.0),
        }
    }
    #[inline(always)]
    fn store(self, to: &mut [f32; LANES], chunk: usize) {
        debug_assert!(chunk < LANES, "{NO_CHUNK}");
        if let Some(to) = to.get_mut(chunk) {
            *to = self;
        }
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        libm::sqrtf(self)
    }
    #[cfg(feature = "vectors")]
    #[inline(always)]
    fn reciprocal_root(self) -> Self {
        let start = f32::from_bits(ROOT_START.wrapping_sub(self.to_bits() >> 1));
        start * (1.5 - 0.5 * self * start * start)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f32::abs(self)
    }
    #[inline(always)]
    fn select_less(self, limit: Self, below: Self, otherwise: Self) -> Self {
        if self < limit { below } else { otherwise }
    }
    #[inline(always)]
    fn split_integer(self, to: &mut [i32; LANES], chunk: usize) -> Self {
        debug_assert!(chunk < LANES, "{NO_CHUNK}");
        let integer = self as i32;
        if let Some(to) = to.get_mut(chunk) {
            *to = integer;
        }
        self - integer as f32
    }
    type Count = i32;
    #[inline(always)]
    fn count_from((): (), first: i32) -> i32 {
        first
    }
    #[inline(always)]
    fn count_less(self, limit: Self, count: i32) -> i32 {
        count + i32::from(self < limit)
    }
    #[inline(always)]
    fn discount_less(self, limit: Self, count: i32) -> i32 {
        count - i32::from(self < limit)
    }
    #[inline(always)]
    fn less(self, limit: Self) -> u64 {
        u64::from(self < limit)
    }
    #[inline(always)]
    fn store_count(count: i32, to: &mut [i32; LANES], chunk: usize) {
        debug_assert!(chunk < LANES, "{NO_CHUNK}");
        if let Some(to) = to.get_mut(chunk) {
            *to = count;
        }
    }
    #[inline(always)]
    fn transpose((): (), _: &mut [Self; LANES]) {}
    const GATHERS: bool = false;
    #[inline(always)]
    fn look_up((): (), table: &[u32; 256], at: &[u8; LANES]) -> [u32; LANES] {
        look_up((), table, at)
    }
    #[inline(always)]
    fn at_least((): (), a: &[u8; BYTES], b: &[u8; BYTES]) -> [u8; BYTES / 8] {
        let mut bytes = [0; BYTES / 8];
        for ((to, a), b) in bytes.iter_mut().zip(a.as_chunks::<8>().0).zip(b.as_chunks::<8>().0) {
            for i in 0..8 {
                *to |= u8::from(a[i] >= b[i]) << i;
            }
        }
        bytes
    }
}

/// Adds a mask's lanes to counts: a true lane is −1.
#[allow(unused_macros, reason = "there are targets without vectors")]
macro_rules! add_mask {
    ($less:expr, $count:expr, $sign:tt) => {{
        let token = $count.token();
        $count $sign $less.select(Self::Count::splat(token, -1), Self::Count::splat(token, 0))
    }};
}

/// As `add_mask`, where masks are no vectors.
#[allow(unused_macros, reason = "AVX-512 alone has such masks")]
macro_rules! add_masked {
    ($less:expr, $count:expr, $sign:tt) => {{
        let token = $count.token();
        $less.select($count $sign Self::Count::splat(token, -1), $count)
    }};
}

/// Implements `Lanes` for one vector type of one SIMD level.
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
macro_rules! lanes {
    ($vector:ident, $integer:ident, $short:ident, $token:ident, $len:literal, $transpose:path, $look_up:path, $gathers:literal, $count:ident) => {
        impl Lanes for fearless_simd::$vector<$token> {
            const LEN: usize = $len;
            type Token = $token;
            type Short = fearless_simd::$short<$token>;

            #[inline(always)]
            fn call<K: Kernel>(token: $token, kernel: K) -> K::Output {
                token.vectorize(
                    #[inline(always)]
                    || kernel.run::<Self>(token),
                )
            }
            #[inline(always)]
            fn splat(token: $token, value: f32) -> Self {
                <Self as SimdBase<_>>::splat(token, value)
            }
            #[inline(always)]
            fn load(token: $token, from: &[f32; LANES], chunk: usize) -> Self {
                debug_assert!(chunk < Self::CHUNKS, "{NO_CHUNK}");
                match from.as_chunks::<$len>().0.get(chunk) {
                    Some(values) => <Self as SimdBase<_>>::load_array_ref(token, values),
                    None => <Self as SimdBase<_>>::splat(token, 0.0),
                }
            }
            #[inline(always)]
            fn load_pairs(token: $token, from: &[[f32; 2]; LANES], chunk: usize) -> (Self, Self) {
                debug_assert!(chunk < Self::CHUNKS, "{NO_CHUNK}");
                match from.as_flattened().as_chunks::<{ 2 * $len }>().0.get(chunk) {
                    Some(pairs) => {
                        let [low, high] = bytemuck::must_cast_ref::<_, [[f32; $len]; 2]>(pairs);
                        <Self as SimdBase<_>>::load_array_ref(token, low)
                            .deinterleave(<Self as SimdBase<_>>::load_array_ref(token, high))
                    }
                    None => (Lanes::splat(token, 0.0), Lanes::splat(token, 0.0)),
                }
            }
            #[inline(always)]
            fn store(self, to: &mut [f32; LANES], chunk: usize) {
                debug_assert!(chunk < Self::CHUNKS, "{NO_CHUNK}");
                if let Some(values) = to.as_chunks_mut::<$len>().0.get_mut(chunk) {
                    <Self as SimdBase<_>>::store_array(self, values);
                }
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                <Self as SimdFloat<_>>::sqrt(self)
            }
            #[cfg(feature = "vectors")]
            #[inline(always)]
            fn reciprocal_root(self) -> Self {
                use fearless_simd::Bytes;
                let token = ExtractToken::token(&self);
                let bits: fearless_simd::$integer<$token> = self.bitcast();
                let start = <fearless_simd::$integer<$token> as SimdBase<_>>::splat(token, ROOT_START as i32) - (bits >> 1);
                let start: Self = start.bitcast();
                let half = <Self as SimdBase<_>>::splat(token, 0.5) * self;
                start * (<Self as SimdBase<_>>::splat(token, 1.5) - half * start * start)
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                <Self as SimdBase<_>>::max(self, other)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                <Self as SimdFloat<_>>::copysign(self, 0.0)
            }
            #[inline(always)]
            fn select_less(self, limit: Self, below: Self, otherwise: Self) -> Self {
                <Self as SimdBase<_>>::simd_lt(self, limit).select(below, otherwise)
            }
            #[inline(always)]
            fn split_integer(self, to: &mut [i32; LANES], chunk: usize) -> Self {
                debug_assert!(chunk < Self::CHUNKS, "{NO_CHUNK}");
                let integer: fearless_simd::$integer<$token> = <Self as SimdFloat<_>>::to_int(self);
                if let Some(to) = to.as_chunks_mut::<$len>().0.get_mut(chunk) {
                    SimdBase::store_array(integer, to);
                }
                self - SimdInt::to_float::<Self>(integer)
            }
            type Count = fearless_simd::$integer<$token>;
            #[inline(always)]
            fn count_from(token: $token, first: i32) -> Self::Count {
                let mut numbers = [0; $len];
                for (number, to) in (0..).zip(&mut numbers) {
                    *to = number;
                }
                <Self::Count as SimdBase<_>>::load_array_ref(token, &numbers)
                    + <Self::Count as SimdBase<_>>::splat(token, first)
            }
            #[inline(always)]
            fn count_less(self, limit: Self, count: Self::Count) -> Self::Count {
                let less = <Self as SimdBase<_>>::simd_lt(self, limit);
                $count!(less, count, -)
            }
            #[inline(always)]
            fn discount_less(self, limit: Self, count: Self::Count) -> Self::Count {
                let less = <Self as SimdBase<_>>::simd_lt(self, limit);
                $count!(less, count, +)
            }
            #[inline(always)]
            fn less(self, limit: Self) -> u64 {
                <Self as SimdBase<_>>::simd_lt(self, limit).to_bitmask()
            }
            #[inline(always)]
            fn store_count(count: Self::Count, to: &mut [i32; LANES], chunk: usize) {
                debug_assert!(chunk < Self::CHUNKS, "{NO_CHUNK}");
                if let Some(to) = to.as_chunks_mut::<$len>().0.get_mut(chunk) {
                    SimdBase::store_array(count, to);
                }
            }
            #[inline(always)]
            fn transpose(token: $token, block: &mut [Self; LANES]) {
                $transpose(token, block);
            }
            const GATHERS: bool = $gathers;
            #[inline(always)]
            fn look_up(token: $token, table: &[u32; 256], at: &[u8; LANES]) -> [u32; LANES] {
                $look_up(token, table, at)
            }
            #[inline(always)]
            fn at_least(token: $token, a: &[u8; BYTES], b: &[u8; BYTES]) -> [u8; BYTES / 8] {
                let (a, b) = (u8x64::load_array_ref(token, a), u8x64::load_array_ref(token, b));
                a.simd_ge(b).to_bitmask().to_le_bytes()
            }
        }
    };
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod x86 {
    use super::super::gather::{gather8, gather16};
    use super::super::transpose::{transpose4, x86::transpose8, x86::transpose16};
    #[cfg(feature = "vectors")]
    use super::ROOT_START;
    use super::{BYTES, Kernel, LANES, Lanes, NO_CHUNK, look_up};
    use fearless_simd::x86::{Avx2, Avx512, Sse2, Sse4_2};
    use fearless_simd::{ExtractToken, Select, Simd, SimdBase, SimdFloat, SimdInt, SimdMask, u8x64};

    lanes!(f32x4, i32x4, i16x8, Sse2, 4, transpose4, look_up, false, add_mask);
    lanes!(f32x4, i32x4, i16x8, Sse4_2, 4, transpose4, look_up, false, add_mask);
    lanes!(f32x8, i32x8, i16x16, Avx2, 8, transpose8, gather8, true, add_mask);
    lanes!(f32x16, i32x16, i16x32, Avx512, 16, transpose16, gather16, true, add_masked);
}

#[cfg(target_arch = "aarch64")]
mod aarch64 {
    use super::super::transpose::transpose4;
    #[cfg(feature = "vectors")]
    use super::ROOT_START;
    use super::{BYTES, Kernel, LANES, Lanes, NO_CHUNK, look_up};
    use fearless_simd::aarch64::Neon;
    use fearless_simd::{ExtractToken, Select, Simd, SimdBase, SimdFloat, SimdInt, SimdMask, u8x64};

    lanes!(f32x4, i32x4, i16x8, Neon, 4, transpose4, look_up, false, add_mask);
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm32 {
    use super::super::transpose::transpose4;
    #[cfg(feature = "vectors")]
    use super::ROOT_START;
    use super::{BYTES, Kernel, LANES, Lanes, NO_CHUNK, look_up};
    use fearless_simd::wasm32::WasmSimd128;
    use fearless_simd::{ExtractToken, Select, Simd, SimdBase, SimdFloat, SimdInt, SimdMask, u8x64};

    lanes!(f32x4, i32x4, i16x8, WasmSimd128, 4, transpose4, look_up, false, add_mask);
}
