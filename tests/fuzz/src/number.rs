//! Numbers as they are wrong in practice: small ones, limits, one beyond a limit, no numbers at all.

use arbitrary::Arbitrary;

/// Floats at which something changes.
const FLOATS: [f32; 24] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    0.3,
    2.0,
    3.5,
    0.01,
    1e-6,
    0.0624,
    0.7071,
    0.99,
    1.0 - f32::EPSILON,
    1.5,
    8.0,
    32.0,
    1000.0,
    1e6,
    1e-45,
    f32::MAX,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];

/// A word of a struct.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Number {
    /// A count or a choice, mostly of a few.
    Small(u8),
    /// One of the floats above.
    Known(u8),
    /// A float from 0 to 4, in steps of 1/16384.
    Float(u16),
    /// Any bits.
    Any(u32),
}

impl Number {
    /// The word.
    #[must_use]
    pub fn word(self) -> u32 {
        match self {
            Self::Small(number) => small(number).into(),
            Self::Any(bits) => bits,
            _ => self.float().to_bits(),
        }
    }

    /// The float.
    #[must_use]
    pub fn float(self) -> f32 {
        match self {
            Self::Small(number) => small(number).into(),
            Self::Known(index) => FLOATS[usize::from(index) % FLOATS.len()],
            Self::Float(number) => f32::from(number) / 16384.0,
            Self::Any(bits) => f32::from_bits(bits),
        }
    }
}

fn small(number: u8) -> u8 {
    if number < 192 { number % 24 } else { number }
}
