//! Floats aligned to 64 bytes, and noise to fill them.

use bluegrad::Line;
use std::ops::{Deref, DerefMut};

/// Floats aligned to 64 bytes.
#[derive(Debug)]
pub struct Floats {
    lines: Vec<Line>,
    len: usize,
}

impl Floats {
    /// Allocates `len` zeros.
    #[must_use]
    pub fn new(len: usize) -> Self {
        Self { lines: vec![Line::ZERO; (len * size_of::<f32>()).div_ceil(size_of::<Line>())], len }
    }
}

impl Deref for Floats {
    type Target = [f32];
    fn deref(&self) -> &[f32] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }
}

impl DerefMut for Floats {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }
}

/// Fills `image` with noise in [−1, 1), the same in each run.
///
/// A value is the upper 24 bits of a Weyl sequence, mixed by the finaliser of `SplitMix64`.
pub fn fill_with_noise(image: &mut [f32]) {
    let mut weyl = 0_u64;
    for value in image {
        weyl = weyl.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (weyl ^ (weyl >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        *value = ((mixed ^ (mixed >> 31)) >> 40) as f32 * (1.0 / 8_388_608.0) - 1.0;
    }
}
