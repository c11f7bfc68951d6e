//! Instruction sets: which exist here, detected once; the one dispatch; the words that kernels are written in.
//!
//! A kernel is a struct that holds its arguments and a `Kernel::run` that is generic over `Lanes`. One lane is one
//! signal (or one pixel), so a value's arithmetic does not depend on how many lanes a vector has, and every level gives
//! the same bits. This file and its folder are the first of the core's two rooms for `unsafe`: a token that proves a
//! CPU feature is made here, after the feature was seen, and nowhere else.

mod detect;
mod lanes;
mod shorts;
mod transpose;

pub(crate) use lanes::{Lanes, reduce};
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

/// Lanes of a tile: independent signals that one row of memory holds side by side, on every level.
pub const LANES: usize = 16;

/// Assertion of loads and stores on the index of a chunk. In a release build a chunk past the last reads as zeros, and is not written.
const NO_CHUNK: &str = "loops over chunks end at the last chunk";

/// One row of a tile: the same element of 16 independent complex signals.
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
    /// Plain scalar code, one lane at a time.
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
    /// Every level, `Auto` first, each family from the least to the best.
    pub const ALL: [Self; 8] =
        [Self::Auto, Self::Scalar, Self::Sse2, Self::Sse42, Self::Avx2, Self::Avx512, Self::Neon, Self::Simd128];

    /// The best level of this CPU and this build.
    #[must_use]
    pub fn detect() -> Self {
        detect::best()
    }

    /// Whether this CPU and this build have it.
    #[must_use]
    pub fn is_supported(self) -> bool {
        match self {
            Self::Auto | Self::Scalar => true,
            #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
            Self::Sse2 | Self::Sse42 | Self::Avx2 | Self::Avx512 => self as u32 <= Self::detect() as u32,
            other => other == Self::detect(),
        }
    }

    /// The level itself, with `Auto` resolved.
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

    /// Its name: `auto`, `scalar`, `sse2`, `sse4.2`, `avx2`, `avx512`, `neon`, `simd128`.
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

    /// The level of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The level itself; `Auto`, and one that this CPU or this build lacks, is the best that is here. One function for all that
    /// dispatch: where each would ask for itself, the questions would be larger than the calls.
    #[inline(never)]
    fn usable(self) -> Self {
        if self != Self::Auto && self.is_supported() { self } else { Self::detect() }
    }

    /// Runs a kernel with this level's vectors; a level that is not here runs as the best that is.
    #[inline]
    pub(crate) fn run<K: Kernel>(self, kernel: K) -> K::Output {
        // One place in memory that each arm hands over the address of: an arm that moved the kernel would copy all its fields.
        let mut kernel = ManuallyDrop::new(kernel);
        let kernel = &mut kernel;
        match self.usable() {
            // SAFETY (each arm): `usable` has just said that this CPU has the level; one arm runs, and takes the kernel once.
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
/// The kernel is nobody else's: it is taken.
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

/// Runs a kernel with plain code; without the feature `scalar`, where the target always has vectors, with these if it gains from
/// them.
///
/// # Safety
/// The kernel is nobody else's: it is taken.
#[inline(always)]
unsafe fn scalar<K: Kernel>(kernel: &mut ManuallyDrop<K>) -> K::Output {
    #[cfg(all(any(target_arch = "x86", target_arch = "x86_64"), target_feature = "sse2", not(feature = "scalar")))]
    if const { K::WORDS.gain_from_sse2() } {
        // SAFETY: this build is for CPUs that have it, and the caller's promise.
        return unsafe { least_vectors(Sse2::assume_supported(), kernel) };
    }
    #[cfg(all(target_arch = "aarch64", target_feature = "neon", not(feature = "scalar")))]
    if const { true } {
        // SAFETY: this build is for CPUs that have it, and the caller's promise.
        return unsafe { least_vectors(Neon::assume_supported(), kernel) };
    }
    // SAFETY: the caller's promise.
    <f32 as Lanes>::call((), unsafe { ManuallyDrop::take(kernel) })
}

/// What a kernel is made of: for which levels it is worth being compiled.
#[derive(Clone, Copy)]
#[cfg_attr(not(any(target_arch = "x86", target_arch = "x86_64")), allow(dead_code, reason = "they have one level"))]
pub(crate) enum Words {
    /// Vectors of floats: SSE4.2 has nothing for them that SSE2 has not, and runs what that has.
    Floats,
    /// Anything else, as vectors of 16-bit integers: each level has something for it.
    Any,
    /// Loops that the compiler makes vectors of: where a build is for SSE2 anyway, scalar code is what SSE2 would be.
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

/// A piece of work that is compiled once for every level that it gains from.
pub(crate) trait Kernel {
    /// What it gives back.
    type Output;
    /// What it is made of.
    #[cfg_attr(not(any(target_arch = "x86", target_arch = "x86_64")), allow(dead_code, reason = "they have one level"))]
    const WORDS: Words;
    /// The work. Implementations and all that they call are `#[inline(always)]`, without closures or iterator adapters,
    /// so that they are compiled with the level's instructions.
    fn run<V: Lanes>(self, token: V::Token) -> Self::Output;
}
