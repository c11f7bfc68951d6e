//! SIMD levels: detection, the one dispatch, and the vector operations of kernels.
//!
//! A kernel is a struct of arguments with a `Kernel::run` that is generic over `Lanes`. One lane is one signal or one pixel, so the arithmetic
//! of a value does not depend on the number of lanes, and every level gives the same bits.
//!
//! `unsafe` in the core stands in this module and in `jobs`. Here a token proves that the CPU has a feature; tokens are made in
//! `SimdLevel::run` alone, after detection.

mod detect;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod gather;
mod lanes;
mod repel;
mod shorts;
mod transpose;

pub(crate) use lanes::{BYTES, Lanes, reduce};
#[cfg(feature = "points")]
pub(crate) use repel::{AT_ONCE, Repel};
pub(crate) use shorts::{MOST_BLOCKS, MOST_VECTORS, SHORTS, Short};

use crate::error::Error;
use bytemuck::{CheckedBitPattern, NoUninit, Pod, Zeroable};
use core::mem::ManuallyDrop;
#[cfg(target_arch = "aarch64")]
use fearless_simd::aarch64::Neon;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use fearless_simd::wasm32::WasmSimd128;
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
use fearless_simd::x86::Sse2;
#[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), feature = "sse4_2"))]
use fearless_simd::x86::Sse4_2;
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
use fearless_simd::{Simd, f32x4};
#[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), feature = "avx2"))]
use fearless_simd::{f32x8, x86::Avx2};
#[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), feature = "avx512"))]
use fearless_simd::{f32x16, x86::Avx512};

/// Lanes of a tile: independent signals in one row of memory, the same on every level.
pub const LANES: usize = 16;

/// Assertion of loads and stores on the index of a chunk. In a release build a chunk past the last reads as zeros, and is not written.
const NO_CHUNK: &str = "loops over chunks end at the last chunk";

/// One row of a tile: one element of each of 16 independent complex signals.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C, align(64))]
#[doc(hidden)]
pub struct Row {
    /// Real parts.
    pub re: [f32; LANES],
    /// Imaginary parts.
    pub im: [f32; LANES],
}

/// An instruction set. The choice changes the speed only: every level gives the same bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum SimdLevel {
    /// The best that this CPU and this build have.
    #[default]
    Auto = 0,
    /// Plain code; where the target always has vectors, as x86-64 and 64-bit ARM, the least of these.
    Scalar = 1,
    /// x86 with SSE2, 4 lanes.
    Sse2 = 2,
    /// x86 with SSE4.2, 4 lanes.
    Sse42 = 3,
    /// x86-64-v3: AVX2, 8 lanes.
    Avx2 = 4,
    /// The Ice Lake set of AVX-512, 16 lanes.
    Avx512 = 5,
    /// 64-bit ARM, 4 lanes.
    Neon = 16,
    /// WebAssembly's 128-bit vectors, 4 lanes.
    Simd128 = 32,
}

impl SimdLevel {
    /// Every level: `Auto`, then each family of processors from the least level to the best.
    pub const ALL: [Self; 8] =
        [Self::Auto, Self::Scalar, Self::Sse2, Self::Sse42, Self::Avx2, Self::Avx512, Self::Neon, Self::Simd128];

    /// Returns the best level of this CPU and this build.
    #[must_use]
    pub fn detect() -> Self {
        detect::best()
    }

    /// Whether this CPU and this build have the level.
    #[must_use]
    pub fn is_supported(self) -> bool {
        match self {
            Self::Auto | Self::Scalar => true,
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Self::Sse2 | Self::Sse42 | Self::Avx2 | Self::Avx512 => self as u32 <= Self::detect() as u32,
            other => other == Self::detect(),
        }
    }

    /// Returns the level itself, or the best one for `Auto`.
    ///
    /// # Errors
    /// [`Error::Level`] if this CPU or this build lacks it.
    pub fn resolve(self) -> Result<Self, Error> {
        match self {
            Self::Auto => Ok(Self::detect()),
            level if level.is_supported() => Ok(level),
            level => Err(Error::Level(level.name())),
        }
    }

    /// Returns its name: `auto`, `scalar`, `sse2`, `sse4.2`, `avx2`, `avx512`, `neon`, `simd128`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Scalar => "scalar",
            Self::Sse2 => "sse2",
            Self::Sse42 => "sse4.2",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Neon => "neon",
            Self::Simd128 => "simd128",
        }
    }

    /// Returns the level of a name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// Returns the level itself, or the best one for `Auto` and for a level that this CPU or this build lacks.
    ///
    /// Kept out of line: inlining this check at every dispatch bloats the code.
    #[inline(never)]
    fn usable(self) -> Self {
        if self != Self::Auto && self.is_supported() { self } else { Self::detect() }
    }

    /// Runs a kernel with this level's vectors, or with the best level's if this one is missing.
    #[inline]
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        // each arm takes the kernel by its address: an arm that moved the kernel would copy all its fields
        let mut kernel = ManuallyDrop::new(kernel);
        let kernel = &mut kernel;
        match self.usable() {
            // SAFETY (each arm): `usable` returned a level of this CPU; one arm runs, and takes the kernel once.
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), feature = "avx512"))]
            Self::Avx512 => {
                // SAFETY: see above.
                let token = unsafe { Avx512::assume_supported() };
                token.vectorize(
                    #[inline(always)]
                    // SAFETY: see above.
                    || unsafe { ManuallyDrop::take(kernel) }.run::<f32x16<Avx512>>(token),
                )
            }
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), feature = "avx2"))]
            Self::Avx2 => {
                // SAFETY: see above.
                let token = unsafe { Avx2::assume_supported() };
                token.vectorize(
                    #[inline(always)]
                    // SAFETY: see above.
                    || unsafe { ManuallyDrop::take(kernel) }.run::<f32x8<Avx2>>(token),
                )
            }
            #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), feature = "sse4_2"))]
            Self::Sse42 if K::WORDS.gain_from_sse42() => {
                // SAFETY: see above.
                let token = unsafe { Sse4_2::assume_supported() };
                token.vectorize(
                    #[inline(always)]
                    // SAFETY: see above.
                    || unsafe { ManuallyDrop::take(kernel) }.run::<f32x4<Sse4_2>>(token),
                )
            }
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Self::Sse2 | Self::Sse42 if K::WORDS.gain_from_sse2() => {
                // SAFETY: see above.
                unsafe { least_vectors(Sse2::assume_supported(), kernel) }
            }
            #[cfg(target_arch = "aarch64")]
            Self::Neon => {
                // SAFETY: see above.
                unsafe { least_vectors(Neon::assume_supported(), kernel) }
            }
            #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
            // SAFETY: see above.
            Self::Simd128 => unsafe { least_vectors(WasmSimd128::assume_supported(), kernel) },
            // SAFETY: see above.
            _ => unsafe { scalar(kernel) },
        }
    }
}

/// Runs a kernel with vectors of 16 bytes.
///
/// # Safety
/// Takes the kernel: the caller does not use it afterwards.
#[cfg(any(
    target_arch = "x86",
    target_arch = "x86_64",
    target_arch = "aarch64",
    all(target_arch = "wasm32", target_feature = "simd128")
))]
#[inline(always)]
unsafe fn least_vectors<S: Simd, K: Kernel>(token: S, kernel: &mut ManuallyDrop<K>) -> K::Output
where
    f32x4<S>: Lanes<Token = S>,
{
    token.vectorize(
        #[inline(always)]
        // SAFETY: the caller's promise.
        || unsafe { ManuallyDrop::take(kernel) }.run::<f32x4<S>>(token),
    )
}

/// Runs a kernel with scalar code; without the feature `scalar` with the vectors that every CPU of the target has, if it gains.
///
/// # Safety
/// Takes the kernel: the caller does not use it afterwards.
#[inline(always)]
unsafe fn scalar<K: Kernel>(kernel: &mut ManuallyDrop<K>) -> K::Output {
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2", not(feature = "scalar")))]
    if const { K::WORDS.gain_from_sse2() } {
        // SAFETY: every CPU of this target has the level; the kernel by the caller's promise.
        return unsafe { least_vectors(Sse2::assume_supported(), kernel) };
    }
    #[cfg(all(target_arch = "aarch64", target_feature = "neon", not(feature = "scalar")))]
    if const { true } {
        // SAFETY: every CPU of this target has the level; the kernel by the caller's promise.
        return unsafe { least_vectors(Neon::assume_supported(), kernel) };
    }
    // SAFETY: the caller's promise.
    <f32 as Lanes>::call((), unsafe { ManuallyDrop::take(kernel) })
}

/// Kind of a kernel's operations, which decides for which levels the kernel is compiled.
#[derive(Clone, Copy)]
#[cfg_attr(not(any(target_arch = "x86", target_arch = "x86_64")), allow(dead_code, reason = "they have one level"))]
pub(crate) enum Words {
    /// Vectors of floats. At SSE4.2 they run as compiled for SSE2, because SSE4.2 adds nothing for them.
    Floats,
    /// Others, such as vectors of 16-bit integers: compiled for each level.
    Any,
    /// Loops that the compiler vectorises. Where the target has SSE2 anyway, scalar code already is SSE2 code.
    Loops,
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
impl Words {
    #[cfg(feature = "sse4_2")]
    const fn gain_from_sse42(self) -> bool {
        !matches!(self, Self::Floats)
    }

    const fn gain_from_sse2(self) -> bool {
        !matches!(self, Self::Loops) || cfg!(not(target_feature = "sse2"))
    }
}

/// Work that is compiled once for each SIMD level that it gains from.
pub(crate) trait Kernel {
    /// Result of the work.
    type Output;
    /// Kind of its operations.
    #[cfg_attr(not(any(target_arch = "x86", target_arch = "x86_64")), allow(dead_code, reason = "they have one level"))]
    const WORDS: Words;
    /// Does the work.
    ///
    /// Implementations and all that they call are `#[inline(always)]`, and have no closure or iterator adapter without it: only inlined code
    /// is compiled with the level's instructions.
    fn run<V: Lanes>(self, token: V::Token) -> Self::Output;
}
