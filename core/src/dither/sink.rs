//! Where the levels of a row go, and in which form.

use super::bits::{BitOrder, pack_fours, pack_pairs, packed_len};
use crate::error::{Error, length};
use crate::simd::{BYTES, Lanes};

/// Output of a row: the form, and the buffer that gets it. Its length is exactly that of the row.
///
/// A level is the index of an output value, 0 to L − 1, or of a palette's colour. A row of grey has a level per pixel, a row of RGB three,
/// a row for a palette one.
#[derive(Debug)]
pub enum Sink<'s> {
    /// One byte per level.
    Levels(&'s mut [u8]),
    /// 8-bit values of even levels, round(255·level/(L − 1)), halves up: one byte per level. Not for a palette.
    Values(&'s mut [u8]),
    /// `values[channel][level]`, one byte per level. Grey and palettes use channel 0.
    Mapped {
        /// Gets one byte per level.
        to: &'s mut [u8],
        /// At least one value per level, for each channel.
        values: [&'s [u8]; 3],
    },
    /// Levels of 1, 2, 4 or 8 bits, one after the other. Unused bits of the last byte are 0.
    Packed {
        /// Gets ceil(levels·bits/8) bytes, [`Dither::packed_len`](super::Dither::packed_len).
        to: &'s mut [u8],
        /// Bits per level; they must hold every level.
        bits: u32,
        /// Place of the first level in a byte.
        order: BitOrder,
    },
    /// Two planes of 1 bit per pixel, as panels with two frame memories take them: bit 0 and bit 1 of the level. At most 4 levels, and one
    /// level per pixel. Unused bits of the last bytes are 0.
    Planes {
        /// Each gets ceil(pixels/8) bytes.
        to: [&'s mut [u8]; 2],
        /// Place of the first pixel in a byte.
        order: BitOrder,
    },
    /// RGB of at most 8, 8 and 4 levels, one byte per pixel: rrrgggbb.
    Rgb332(&'s mut [u8]),
    /// RGB of at most 32, 64 and 32 levels, two bytes per pixel: rrrrrggg gggbbbbb as a 16-bit number.
    Rgb565 {
        /// Gets two bytes per pixel.
        to: &'s mut [u8],
        /// Order of the two bytes.
        order: ByteOrder,
    },
}

/// Order of the bytes of a 16-bit number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, bytemuck::CheckedBitPattern)]
#[repr(u32)]
pub enum ByteOrder {
    /// Low byte first, as in memory of most processors.
    #[default]
    LittleEndian = 0,
    /// High byte first, as most displays take it over SPI.
    BigEndian = 1,
}

/// What a sink must know of its dither.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// Levels of each channel; grey and palettes repeat theirs.
    pub(super) levels: [u16; 3],
    /// Levels per pixel: 3 for RGB, else 1.
    pub(super) channels: usize,
    /// Levels are the colours of a palette.
    pub(super) palette: bool,
}

impl Form {
    /// Levels of the channel that has the most.
    pub(super) fn most(&self) -> u16 {
        self.levels.into_iter().fold(0, u16::max)
    }

    fn at_most(&self, most: [u16; 3]) -> bool {
        self.levels.iter().zip(most).all(|(levels, most)| *levels <= most)
    }
}

impl Sink<'_> {
    /// Checks form and lengths for a row of `count` levels.
    pub(super) fn check(&self, form: &Form, count: usize) -> Result<(), Error> {
        let right = |is, why| if is { Ok(()) } else { Err(Error::Sink(why)) };
        match self {
            Self::Levels(to) => length("row of levels", count, to.len()),
            Self::Values(to) => {
                right(!form.palette, "a palette has colours, not values of even levels: take the levels, or map them")?;
                length("row of values", count, to.len())
            }
            Self::Mapped { to, values } => {
                for (levels, values) in form.levels.into_iter().zip(values).take(form.channels) {
                    right(values.len() >= levels.into(), "mapping wants a value for each level of each channel")?;
                }
                length("row of mapped values", count, to.len())
            }
            Self::Packed { to, bits, .. } => {
                right(matches!(bits, 1 | 2 | 4 | 8), "a packed level has 1, 2, 4 or 8 bits")?;
                right(u32::from(form.most()) <= 1 << bits, "a packed level has too few bits for the number of levels")?;
                length("packed row", packed_len(count, *bits), to.len())
            }
            Self::Planes { to, .. } => {
                right(form.channels == 1 && form.most() <= 4, "two planes hold grey or a palette of at most 4 levels")?;
                let [low, high] = to;
                length("row of plane 0", packed_len(count, 1), low.len())?;
                length("row of plane 1", packed_len(count, 1), high.len())
            }
            Self::Rgb332(to) => {
                right(form.channels == 3 && form.at_most([8, 8, 4]), "RGB332 holds RGB of at most 8, 8 and 4 levels")?;
                length("row of RGB332", count / 3, to.len())
            }
            Self::Rgb565 { to, .. } => {
                let fits = form.channels == 3 && form.at_most([32, 64, 32]);
                right(fits, "RGB565 holds RGB of at most 32, 64 and 32 levels")?;
                length("row of RGB565", count / 3 * 2, to.len())
            }
        }
    }

    /// Returns the place of levels `first ..` of a row, if the sink takes levels as they are: it needs no [`Self::put`] then.
    #[inline(always)]
    pub(super) fn place(&mut self, first: usize, count: usize) -> Option<&mut [u8]> {
        match self {
            Self::Levels(to) => to.get_mut(first..first + count),
            _ => None,
        }
    }

    /// Writes levels `first ..` of a row; `first` is a multiple of 8 and of the channels.
    #[inline(always)]
    pub(super) fn put<V: Lanes>(&mut self, token: V::Token, form: &Form, first: usize, levels: &[u8]) {
        let whole = first.is_multiple_of(8) && first.is_multiple_of(form.channels);
        debug_assert!(whole, "blocks begin at whole bytes and pixels");
        let count = levels.len();
        match self {
            Self::Levels(to) => copy(levels, part(to, first, count)),
            Self::Values(to) => {
                let steps = form.levels.map(step);
                if form.channels == 3 {
                    each::<3>(levels, part(to, first, count), |channel, level| value(level, steps[channel]));
                } else {
                    each::<1>(levels, part(to, first, count), |channel, level| value(level, steps[channel]));
                }
            }
            Self::Mapped { to, values } => {
                let look =
                    |channel: usize, level: u8| values[channel].get(usize::from(level)).copied().unwrap_or_default();
                if form.channels == 3 {
                    each::<3>(levels, part(to, first, count), look);
                } else {
                    each::<1>(levels, part(to, first, count), look);
                }
            }
            Self::Packed { to, bits, order } => {
                let to = part(to, first * *bits as usize / 8, packed_len(count, *bits));
                match bits {
                    1 => pack_bit::<V>(token, levels, to, *order, 0),
                    2 => pack_fours(levels, to, *order),
                    4 => pack_pairs(levels, to, *order),
                    _ => copy(levels, to),
                }
            }
            Self::Planes { to: [low, high], order } => {
                let size = packed_len(count, 1);
                pack_bit::<V>(token, levels, part(low, first / 8, size), *order, 0);
                pack_bit::<V>(token, levels, part(high, first / 8, size), *order, 1);
            }
            Self::Rgb332(to) => {
                let to = part(to, first / 3, count / 3);
                for ([r, g, b], to) in levels.as_chunks::<3>().0.iter().zip(to) {
                    *to = (r << 5) | (g << 2) | b;
                }
            }
            Self::Rgb565 { to, order } => {
                let to = part(to, first / 3 * 2, count / 3 * 2).as_chunks_mut::<2>().0;
                for ([r, g, b], to) in levels.as_chunks::<3>().0.iter().zip(to) {
                    let (high, low) = ((r << 3) | (g >> 3), (g << 5) | b);
                    *to = if *order == ByteOrder::BigEndian { [high, low] } else { [low, high] };
                }
            }
        }
    }
}

/// Returns a part of a buffer whose length [`Sink::check`] has seen.
#[inline(always)]
fn part(to: &mut [u8], first: usize, count: usize) -> &mut [u8] {
    let part = first.checked_add(count).and_then(|end| to.get_mut(first..end));
    debug_assert!(part.is_some(), "Sink::check wants the row's length");
    part.unwrap_or_default()
}

/// Copies bytes; unlike the slices' own method without a panic path.
#[inline(always)]
fn copy(from: &[u8], to: &mut [u8]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}

/// Writes `of(channel, level)` for each level.
#[inline(always)]
fn each<const C: usize>(levels: &[u8], to: &mut [u8], of: impl Fn(usize, u8) -> u8) {
    for (levels, to) in levels.as_chunks::<C>().0.iter().zip(to.as_chunks_mut::<C>().0) {
        for channel in 0..C {
            to[channel] = of(channel, levels[channel]);
        }
    }
}

/// Packs bit `bit` of each level. Unused bits of the last byte are 0.
#[inline(always)]
fn pack_bit<V: Lanes>(token: V::Token, levels: &[u8], to: &mut [u8], order: BitOrder, bit: u32) {
    let (blocks, rest) = levels.as_chunks::<BYTES>();
    let Some((whole, tail)) = to.split_at_mut_checked(BYTES / 8 * blocks.len()) else { return };
    for (levels, to) in blocks.iter().zip(whole.as_chunks_mut().0) {
        *to = V::at_least(token, &levels.map(|level| (level >> bit) & 1), &[1; BYTES]);
    }
    let mut last = [0; BYTES];
    for (to, level) in last.iter_mut().zip(rest) {
        *to = (level >> bit) & 1;
    }
    for (to, byte) in tail.iter_mut().zip(V::at_least(token, &last, &[1; BYTES])) {
        *to = byte;
    }
    reorder(to, order);
}

/// Puts the first sample of each byte where `order` wants it; it is in the lowest bit.
#[inline(always)]
pub(super) fn reorder(bytes: &mut [u8], order: BitOrder) {
    if order == BitOrder::MsbFirst {
        for byte in bytes {
            *byte = byte.reverse_bits();
        }
    }
}

/// Fractional bits of [`step`]. With 24 bits `level·step` fits a `u32`, and every value is rounded correctly.
const STEP_BITS: u32 = 24;

/// Returns ceil(255·2^24/(L − 1)): the 8-bit value of one of L levels, Q24.
#[inline(always)]
fn step(levels: u16) -> u32 {
    debug_assert!((1..=256).contains(&levels), "Levels::check");
    (255_u32 << STEP_BITS).div_ceil(u32::from(levels.saturating_sub(1)).max(1))
}

/// Returns round(255·level/(L − 1)), halves up, for the step of L.
#[inline(always)]
fn value(level: u8, step: u32) -> u8 {
    // at most 255·2^24 + 255 + 2^23, which fits
    (u32::from(level).wrapping_mul(step).wrapping_add(1 << (STEP_BITS - 1)) >> STEP_BITS) as u8
}
