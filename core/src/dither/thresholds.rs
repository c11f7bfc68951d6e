//! Thresholds of a mask, of 8 or 16 bits.

use crate::error::Error;
use crate::mask::Mask;

/// A mask to dither with: one threshold per pixel, row by row.
#[derive(Clone, Copy, Debug)]
pub enum Thresholds<'m> {
    /// 8-bit texels, the usual form of a mask ([`Mask::write_u8`], a C header, a PNG), or those of [`texels`].
    U8(&'m [u8]),
    /// 16-bit thresholds of [`thresholds`].
    U16(&'m [u16]),
}

impl Thresholds<'_> {
    /// Number of thresholds.
    pub(super) const fn len(&self) -> usize {
        match self {
            Self::U8(texels) => texels.len(),
            Self::U16(thresholds) => thresholds.len(),
        }
    }
}

/// Returns the texel with threshold t = floor(255·numerator/denominator), at most 254.
///
/// For rank r of n: `texel(2·r + 1, 2·n)`. For a 16-bit value m: `texel(2·m + 1, 1 << 17)`.
#[must_use]
pub const fn texel(numerator: u32, denominator: u32) -> u8 {
    texel_of(numerator as u64, denominator as u64)
}

/// [`texel`] with arguments up to 2^56.
const fn texel_of(numerator: u64, denominator: u64) -> u8 {
    let denominator = if denominator == 0 { 1 } else { denominator };
    let threshold = 255 * numerator / denominator;
    let threshold = if threshold < 254 { threshold as u8 } else { 254 };
    threshold + (threshold >> 7)
}

/// Writes texels that dither 8-bit samples to even levels exactly as the ranks would, one per element.
///
/// # Errors
/// [`Error::Length`] if `to` is not one element per element of the mask.
pub fn texels(mask: &Mask<'_>, to: &mut [u8]) -> Result<(), Error> {
    mask.write("texels", to, |rank, n| texel_of(2 * rank + 1, 2 * n))
}

/// Returns floor(2^16·numerator/denominator), at most 65535.
///
/// For rank r of n: `threshold(2·r + 1, 2·n)`.
#[must_use]
pub const fn threshold(numerator: u32, denominator: u32) -> u16 {
    let denominator = if denominator == 0 { 1 } else { denominator };
    let threshold = ((numerator as u64) << 16) / denominator as u64;
    if threshold < 65535 { threshold as u16 } else { 65535 }
}

/// Writes the thresholds of a mask, floor((2·rank + 1)·2^15/n), one per element.
///
/// # Errors
/// [`Error::Length`] if `to` is not one element per element of the mask.
pub fn thresholds(mask: &Mask<'_>, to: &mut [u16]) -> Result<(), Error> {
    // at most 2^24 pixels: the shape of a mask is checked
    mask.write("thresholds", to, |rank, n| threshold(2 * rank as u32 + 1, 2 * n as u32))
}
