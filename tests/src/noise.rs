//! Deterministic noise for test images: splitmix64 (Steele, Lea, Flood 2014).

/// A stream of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise(u64);

impl Noise {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// U(0, 1): a multiple of 2⁻²⁴ in [0, 1), so that f32 holds it exactly.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 40) as f64 / 16_777_216.0
    }
}

/// `n` values U(−1, 1), each exact in f32 (a multiple of 2⁻²³ in [−1, 1)), so the core can start from the same ones.
#[must_use]
pub fn uniform_image(seed: u64, n: usize) -> Vec<f64> {
    let mut noise = Noise::new(seed);
    (0..n).map(|_| 2.0 * noise.unit() - 1.0).collect()
}

/// The values rounded to f32, as the core takes them.
#[must_use]
pub fn to_f32(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| value as f32).collect()
}

/// The values widened to f64.
#[must_use]
pub fn to_f64(values: &[f32]) -> Vec<f64> {
    values.iter().map(|&value| f64::from(value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs for seed 1234567, as published with the generator.
    #[test]
    fn the_stream_is_splitmix64() {
        let mut noise = Noise::new(1_234_567);
        assert_eq!(noise.bits(), 6_457_827_717_110_365_317);
        assert_eq!(noise.bits(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn images_are_uniform_and_exact_in_f32() {
        let images: Vec<f64> = (0..16).flat_map(|seed| uniform_image(seed, 10_000)).collect();
        assert_eq!(to_f64(&to_f32(&images)), images);
        let mean = images.iter().sum::<f64>() / 16e4;
        let square = images.iter().map(|x| x * x).sum::<f64>() / 16e4;
        // Four standard deviations: 0.577 and 0.298 over the root of the count.
        assert!(mean.abs() < 0.0058 && (square - 1.0 / 3.0).abs() < 0.003, "mean {mean}, mean square {square}");
    }
}
