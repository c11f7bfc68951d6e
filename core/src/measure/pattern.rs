//! Binary patterns: a mask against one grey level.

use super::{half_spectrum, power_len, scratch_len};
use crate::error::Error;
use crate::mask::length;
use crate::shape::Shape;
use crate::sort::indices;

/// Ranks of values with or without ties: how many pixels have a smaller value. Without ties that is each of 0 … n − 1 once.
///
/// With it every mask can be measured by the same rule, [`threshold`]. Of an 8-bit mask `floor(256·rank/n)` the pattern at
/// grey g is then that of `value < 256·g`, exactly, wherever 256·g is whole and n is a multiple of 256; a histogram that is
/// uneven is evened out, as far as ties can be, by moving the level and not the pixels.
///
/// `values`, `order` (scratch) and `ranks` have one element a pixel.
///
/// # Errors
/// [`Error::Length`], [`Error::Number`] if a value is not finite.
pub fn ranks(values: &[f64], order: &mut [u32], ranks: &mut [u32]) -> Result<(), Error> {
    length("order", values.len(), order.len())?;
    length("ranks", values.len(), ranks.len())?;
    if let Some(value) = values.iter().find(|value| !value.is_finite()) {
        return Err(Error::Number { what: "a value of the mask", value: *value as f32, range: "finite" });
    }
    let value = |i: u32| values.get(i as usize).copied().unwrap_or_default();
    indices::sort(values, order, ranks);
    let mut first = 0;
    for alike in order.chunk_by(|a, b| value(*a) == value(*b)) {
        for i in alike {
            if let Some(rank) = ranks.get_mut(*i as usize) {
                *rank = first;
            }
        }
        first += alike.len() as u32;
    }
    Ok(())
}

/// The threshold of grey level g: `round(g·n)`, halves up. A pixel of the binary pattern is set where its rank is less.
#[must_use]
pub fn threshold(shape: Shape, grey: f64) -> u32 {
    libm::floor(grey * shape.pixels() as f64 + 0.5) as u32
}

/// The power spectrum of the binary pattern at grey level g, over ρ(1 − ρ), ρ the share of pixels that are set (g, but for
/// rounding and ties): in the layout of [`super::power_spectrum`], all 0 if they are all or none. [`super::rings`] of it is
/// the RAPSD of the pattern (Ulichney 1987).
///
/// `ranks` (of a [`crate::Mask`], or of any values by [`ranks`]) has W·H elements, `power` [`power_len`], `scratch` at least
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
