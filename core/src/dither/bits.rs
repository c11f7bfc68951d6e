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

/// Bytes of a packed row of `samples` samples.
pub(super) const fn packed_len(samples: usize, bits: u32) -> usize {
    // not samples·bits/8: the product may overflow
    samples.div_ceil(8 / bits as usize)
}

/// Packs N levels of 8/N bits into each byte. Unused bits of the last byte are 0.
pub(super) fn pack<const N: usize>(levels: &[u8], to: &mut [u8], order: BitOrder) {
    let (whole, rest) = levels.as_chunks::<N>();
    let mut last = [0; N];
    for (to, level) in last.iter_mut().zip(rest) {
        *to = *level;
    }
    let join = |byte: u8, level: &u8| (byte << (8 / N)) | level;
    for (to, levels) in to.iter_mut().zip(whole.iter().chain([&last])) {
        *to = match order {
            BitOrder::MsbFirst => levels.iter().fold(0, join),
            BitOrder::LsbFirst => levels.iter().rev().fold(0, join),
        };
    }
}
