//! Packs levels of 1, 2 or 4 bits into bytes.

/// Where the first sample of a byte stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BitOrder {
    /// In the highest bits, as in PNG and in most displays.
    #[default]
    MsbFirst,
    /// In the lowest bits, as in XBM and in some displays.
    LsbFirst,
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
