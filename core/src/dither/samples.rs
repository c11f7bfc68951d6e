//! Samples of a row, of three types.

/// Samples of a row: grey, or red, green and blue in turn.
#[derive(Clone, Copy, Debug)]
pub enum Samples<'r> {
    /// 8-bit codes.
    U8(&'r [u8]),
    /// 16-bit codes.
    U16(&'r [u16]),
    /// Codes from 0 to 1. They are rounded to 16 bits, ties to even; NaN counts as 0.
    F32(&'r [f32]),
}

impl Samples<'_> {
    /// Number of samples.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::U8(row) => row.len(),
            Self::U16(row) => row.len(),
            Self::F32(row) => row.len(),
        }
    }

    /// Whether there is no sample.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Rounds a code from 0 to 1 to 16 bits, ties to even.
#[inline(always)]
pub(super) fn code(value: f32) -> u16 {
    // Not with `max`, which need not take the number of a NaN and a number on every target; a comparison does.
    let value = if value > 0.0 { value } else { 0.0 };
    let value = if value < 1.0 { value } else { 1.0 };
    // From 2^23 on, the last bit of a float's mantissa is 1. The sum rounds as every addition does; a cast of floats is slower.
    ((value * 65535.0 + 8_388_608.0).to_bits() & 0xFFFF) as u16
}

/// Rounds a 16-bit code to 8 bits.
#[inline(always)]
pub(super) fn narrow(code: u16) -> u8 {
    // round(v/257) for every v
    ((u32::from(code) * 255 + 32895) >> 16) as u8
}
