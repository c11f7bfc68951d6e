//! Linear light of sRGB codes, in integers.

/// Fractional bits of [`Linear`]'s arithmetic: products of two numbers up to 1 fit a `u128`.
const BITS: u32 = 60;

/// Returns the linear light of a 16-bit sRGB code, in units of 1/(2^32 − 1), correctly rounded.
///
/// With x = code/65535 (IEC 61966-2-1): x/12.92 for x ≤ 0.04045, else ((x + 0.055)/1.055)^2.4. The test compares all 65536 codes with
/// exact integers.
#[must_use]
pub fn light(code: u16) -> u32 {
    Linear::default().light(code)
}

/// Computes [`light`]; the root of one code is the first guess of the next.
pub(super) struct Linear {
    /// Fifth root in Q60, above 0.
    root: u128,
}

impl Default for Linear {
    fn default() -> Self {
        Self { root: 1 << BITS }
    }
}

impl Linear {
    pub(super) fn light(&mut self, code: u16) -> u32 {
        let x = u64::from(code);
        // 0.04045·65535 = 2650.9
        if code <= 2650 {
            // (2^32 − 1)/65535 = 65537, so light = 65537·x/12.92, which never ends in one half: 323 = 1292/4 is odd
            return ((x * 65537 * 25 * 2 + 323) / (2 * 323)) as u32;
        }
        // z = (x/65535 + 0.055)/1.055, at most 1; light = z²·⁵√(z²)
        let z = (u128::from(1000 * x + 55 * 65535) << BITS) / (1055 * 65535);
        let square = (z * z) >> BITS;
        let light = (square * self.fifth_root(square)) >> BITS;
        // at most 2^32 − 1 + ½
        ((light * u128::from(u32::MAX) + (1 << (BITS - 1))) >> BITS) as u32
    }

    /// Newton's method for r⁵ = s, both Q60, s from 2^-8 to 1.
    fn fifth_root(&mut self, s: u128) -> u128 {
        let step = |r: u128| {
            let square = (r * r) >> BITS;
            (4 * r + (s << BITS) / ((square * square) >> BITS).max(1)) / 5
        };
        // From any guess the first step ends at or above the root, which is at most 1; from there the steps fall until rounding stops them.
        let mut root = step(self.root).min(1 << BITS);
        loop {
            let next = step(root);
            if next >= root {
                break;
            }
            root = next;
        }
        self.root = root;
        root
    }
}
