//! Binary patterns: a mask against one grey level.

use super::{half_spectrum, power_len, scratch_len};
use crate::error::{Error, length};
use crate::shape::Shape;
use crate::sort::indices;

/// Computes ranks of values, ties allowed: the number of pixels with a smaller value.
///
/// Without ties each of 0 … n − 1 occurs once. Ranks let every mask be measured by one rule, [`threshold`]. For an 8-bit mask
/// `floor(256·rank/n)`, the pattern at grey g equals that of `value < 256·g` wherever 256·g is whole and n is a multiple of 256. An uneven
/// histogram is evened out, as far as ties allow, by moving the level and not the pixels.
///
/// `values`, `order` (scratch) and `ranks` have one element per pixel.
///
/// # Errors
/// [`Error::Length`], [`Error::Number`] if a value is not finite.
pub fn ranks(values: &[f64], order: &mut [u32], ranks: &mut [u32]) -> Result<(), Error> {
    length("order", values.len(), order.len())?;
    length("ranks", values.len(), ranks.len())?;
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        return Err(Error::Number { what: "a value of the mask", value: *value as f32, range: "finite" });
    }
    // `order` is a permutation: each index has a value
    let value = |i: u32| values.get(i as usize).copied().unwrap_or_default();
    indices::sort(values, order, ranks);
    let (mut first, mut before) = (0, f64::NAN);
    for (place, i) in (0..).zip(order.iter()) {
        if value(*i) != before {
            (first, before) = (place, value(*i));
        }
        if let Some(rank) = ranks.get_mut(*i as usize) {
            *rank = first;
        }
    }
    Ok(())
}

/// Threshold of grey level g: `round(g·n)`, halves up. The binary pattern has a pixel where the rank is below.
#[must_use]
pub fn threshold(shape: Shape, grey: f64) -> u32 {
    libm::floor(grey * shape.pixels() as f64 + 0.5) as u32
}

/// Computes the power spectrum of the binary pattern at grey level g.
///
/// Divided by ρ(1 − ρ), with ρ the share of set pixels (g, but for rounding and ties); in the layout of [`super::power_spectrum`]. All
/// bins are 0 if all pixels are set or none is. [`super::rings`] of the spectrum is the RAPSD of the pattern (Ulichney 1987).
///
/// `ranks` (from a [`crate::Mask`], or from any values by [`ranks`]) has W·H elements, `power` [`power_len`], `scratch` at least
/// [`scratch_len`].
///
/// # Errors
/// [`Error::Size`], [`Error::Length`], [`Error::Number`] if g is not between 0 and 1.
pub fn pattern_power_spectrum(
    ranks: &[u32],
    shape: Shape,
    grey: f64,
    power: &mut [f64],
    scratch: &mut [f64],
) -> Result<(), Error> {
    let needed = scratch_len(shape)?;
    length("ranks", shape.pixels(), ranks.len())?;
    length("power spectrum", power_len(shape), power.len())?;
    if !(grey > 0.0 && grey < 1.0) {
        return Err(Error::Number { what: "the grey level", value: grey as f32, range: "between 0 and 1" });
    }
    if scratch.len() < needed {
        return Err(Error::Length { what: "scratch", needed, got: scratch.len() });
    }
    let threshold = threshold(shape, grey);
    half_spectrum(&|i| f64::from(ranks.get(i).is_some_and(|rank| *rank < threshold)), shape, power, scratch)
}
