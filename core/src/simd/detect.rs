//! Detection of the best level of this CPU.
//!
//! Rust's `core` has no feature detection, so on x86 this reads CPUID, and XCR0 for the registers that the operating system saves.

use super::SimdLevel;

#[cfg(target_arch = "x86")]
use core::arch::x86 as arch;
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64 as arch;

impl SimdLevel {
    /// Returns the best level of this CPU and this build that is not above `cap`.
    ///
    /// `Auto` caps nothing; `Scalar` is below all levels. A level of another family of processors caps nothing: `Avx2` caps an x86 with AVX-512
    /// to AVX2, and ARM keeps NEON.
    #[must_use]
    pub fn at_most(cap: Self) -> Self {
        // levels of a family are numbered from a multiple of 16 on, the least first
        const FAMILY: u32 = 16;
        let best = best();
        let lower = (cap as u32) < best as u32;
        match cap {
            Self::Auto => best,
            Self::Scalar => Self::Scalar,
            _ if lower && cap as u32 / FAMILY == best as u32 / FAMILY => cap,
            _ => best,
        }
    }
}

/// The best level that this build has kernels for.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
const MOST: SimdLevel = if cfg!(feature = "avx512") {
    SimdLevel::Avx512
} else if cfg!(feature = "avx2") {
    SimdLevel::Avx2
} else if cfg!(feature = "sse4_2") {
    SimdLevel::Sse42
} else {
    SimdLevel::Sse2
};

/// The best level of this CPU and this build.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
#[inline]
pub(super) fn best() -> SimdLevel {
    use core::sync::atomic::{AtomicU32, Ordering};
    // The core's only static: a cache. All threads that fill it write the same level.
    static CACHE: AtomicU32 = AtomicU32::new(0);
    match CACHE.load(Ordering::Relaxed) {
        1 => SimdLevel::Scalar,
        2 => SimdLevel::Sse2,
        3 => SimdLevel::Sse42,
        4 => SimdLevel::Avx2,
        5 => SimdLevel::Avx512,
        _ => {
            let level = read_cpu();
            let level = if level as u32 > MOST as u32 { MOST } else { level };
            CACHE.store(level as u32, Ordering::Relaxed);
            level
        }
    }
}

/// Whether all bits of `register` with these numbers are set.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
const fn has(register: u32, bits: &[u32]) -> bool {
    let mut mask = 0;
    let mut i = 0;
    while i < bits.len() {
        mask |= 1 << bits[i];
        i += 1;
    }
    register & mask == mask
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
#[cold]
fn read_cpu() -> SimdLevel {
    // Bit numbers: Intel SDM volume 2A, CPUID. The sets of features: the documentation of `fearless_simd`'s tokens.
    let leaf0 = cpuid(0, 0);
    let extended = cpuid(0x8000_0000, 0);
    let leaf1 = cpuid(1, 0);
    let leaf7 = if leaf0.eax >= 7 { cpuid(7, 0) } else { NO_LEAF };
    let leaf_d = if leaf0.eax >= 13 { cpuid(13, 1) } else { NO_LEAF };
    let leaf_81 = if extended.eax >= 0x8000_0001 { cpuid(0x8000_0001, 0) } else { NO_LEAF };

    let sse2 = has(leaf1.edx, &[24, 25, 26]); // fxsr, sse, sse2
    // sse3, ssse3, cmpxchg16b, sse4.1, sse4.2, popcnt
    let sse42 = sse2 && has(leaf1.ecx, &[0, 9, 13, 19, 20, 23]);
    // fma, movbe, xsave, osxsave, avx, f16c; lzcnt; bmi1, avx2, bmi2
    let avx2 = sse42
        && has(leaf1.ecx, &[12, 22, 26, 27, 28, 29])
        && has(leaf_81.ecx, &[5])
        && has(leaf7.ebx, &[3, 5, 8])
        && saved_by_os() & 0x06 == 0x06;
    let avx512 = avx2
        && has(leaf1.ecx, &[1, 25, 30]) // pclmulqdq, aes, rdrand
        // f, dq, rdseed, adx, ifma, cd, sha, bw, vl
        && has(leaf7.ebx, &[16, 17, 18, 19, 21, 28, 29, 30, 31])
        // vbmi, vbmi2, gfni, vaes, vpclmulqdq, vnni, bitalg, vpopcntdq
        && has(leaf7.ecx, &[1, 6, 8, 9, 10, 11, 12, 14])
        && has(leaf_d.eax, &[0, 1, 3]) // xsaveopt, xsavec, xsaves
        && saved_by_os() & 0xE6 == 0xE6;
    if avx512 {
        SimdLevel::Avx512
    } else if avx2 {
        SimdLevel::Avx2
    } else if sse42 {
        SimdLevel::Sse42
    } else if sse2 {
        SimdLevel::Sse2
    } else {
        SimdLevel::Scalar
    }
}

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
const NO_LEAF: arch::CpuidResult = arch::CpuidResult { eax: 0, ebx: 0, ecx: 0, edx: 0 };

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
#[allow(unused_unsafe, reason = "`__cpuid_count` became safe after the stated MSRV")]
fn cpuid(leaf: u32, sub_leaf: u32) -> arch::CpuidResult {
    // SAFETY: every x86 CPU that Rust's targets run on has the CPUID instruction; it reads no memory.
    unsafe { arch::__cpuid_count(leaf, sub_leaf) }
}

/// Returns XCR0: the registers that the operating system saves (bits 1 and 2: SSE, AVX; 5 to 7: AVX-512).
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn saved_by_os() -> u64 {
    #[target_feature(enable = "xsave")]
    fn read() -> u64 {
        // SAFETY: the caller has seen OSXSAVE, so register 0 exists.
        #[allow(unused_unsafe, reason = "safe in newer compilers")]
        unsafe {
            arch::_xgetbv(0)
        }
    }
    // SAFETY: only called after CPUID has said XSAVE and OSXSAVE.
    unsafe { read() }
}

/// Returns the best level of this build: each of these targets has one, known at compile time.
#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
#[inline]
pub(super) fn best() -> SimdLevel {
    if cfg!(target_arch = "aarch64") {
        SimdLevel::Neon
    } else if cfg!(all(target_arch = "wasm32", target_feature = "simd128")) {
        SimdLevel::Simd128
    } else {
        SimdLevel::Scalar
    }
}
