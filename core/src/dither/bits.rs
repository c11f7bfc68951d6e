//! Packs levels of 1, 2 or 4 bits into bytes.

use bytemuck::CheckedBitPattern;

/// Position of the first sample in a packed byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, CheckedBitPattern)]
#[repr(u32)]
pub enum BitOrder {
    /// In the highest bits, as in PNG and in most displays.
    #[default]
    MsbFirst = 0,
    /// In the lowest bits, as in XBM and in some displays.
    LsbFirst = 1,
}

/// Bits per packed sample: the fewest of 1, 2, 4 and 8 that hold every level.
pub(super) const fn bits_of(levels: u16) -> u32 {
    match levels {
        ..=2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        17.. => 8,
    }
}

/// Bytes of a packed row of `samples` samples of 1, 2, 4 or 8 bits.
pub(super) const fn packed_len(samples: usize, bits: u32) -> usize {
    // not samples·bits/8: the product may overflow
    match bits {
        1 => samples.div_ceil(8),
        2 => samples.div_ceil(4),
        4 => samples.div_ceil(2),
        _ => samples,
    }
}

/// Packs pairs of levels of 4 bits. Unused bits of the last byte are 0.
#[inline(always)]
pub(super) fn pack_pairs(levels: &[u8], to: &mut [u8], order: BitOrder) {
    each(
        levels,
        to,
        #[inline(always)]
        |pair| {
            let pair = u16::from_le_bytes(pair);
            match order {
                BitOrder::MsbFirst => ((pair << 4) | (pair >> 8)) as u8,
                BitOrder::LsbFirst => (pair | (pair >> 4)) as u8,
            }
        },
    );
}

/// Packs fours of levels of 2 bits. Unused bits of the last byte are 0.
#[inline(always)]
pub(super) fn pack_fours(levels: &[u8], to: &mut [u8], order: BitOrder) {
    each(
        levels,
        to,
        #[inline(always)]
        |four| {
            let four = u32::from_le_bytes(four);
            match order {
                BitOrder::MsbFirst => ((four << 6) | (four >> 4) | (four >> 14) | (four >> 24)) as u8,
                BitOrder::LsbFirst => (four | (four >> 6) | (four >> 12) | (four >> 18)) as u8,
            }
        },
    );
}

/// Writes a byte for every N levels; a last group is filled up with 0.
#[inline(always)]
fn each<const N: usize>(levels: &[u8], to: &mut [u8], join: impl Fn([u8; N]) -> u8) {
    let (whole, rest) = levels.as_chunks::<N>();
    for (to, levels) in to.iter_mut().zip(whole) {
        *to = join(*levels);
    }
    if let Some(to) = to.get_mut(whole.len()) {
        let mut last = [0; N];
        for (to, level) in last.iter_mut().zip(rest) {
            *to = *level;
        }
        *to = join(last);
    }
}
