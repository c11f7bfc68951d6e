//! The masks of the gallery, as exact ranks.
//!
//! With x the column and y the row:
//!
//! - White noise: the numbers of `SplitMix64` (Steele, Lea and Flood, 2014).
//! - Bayer (1973): `M_2n = [[4·M_n, 4·M_n + 2], [4·M_n + 3, 4·M_n + 1]]`. Bit by bit, from the low one of x and y on, a base-4 digit
//!   2·(x⊕y) + y, the first one the most significant.
//! - Interleaved gradient noise (Jimenez, "Next Generation Post Processing in Call of Duty: Advanced Warfare", 2014):
//!   `frac(52.9829189·frac(0.06711056·x + 0.00583715·y))`. It has no period, so its ranks are those of the whole picture. Computed in
//!   integers, as the constants are decimal fractions.
//! - High-pass (Lottes, "Large film grain", Shadertoy 4sSXDW, first step): white noise with the kernel
//!   `[1 2 1; 2 −12 2; 1 2 1]/24`, wrapped at the edges. The ranks make its histogram flat again.
//! - Presets: masks of the core, seed 0.

use crate::failure::Result;
use crate::resources::allocate;
use bluegrad::dither::threshold;
use bluegrad::{Config, Generator, Layout, Line, Preset, Shape};
use std::borrow::Cow;

/// Side of all masks but Bayer's and interleaved gradient noise.
pub(super) const SIDE: u32 = 128;

/// A way to dither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    White,
    Bayer,
    GradientNoise,
    HighPass,
    Preset(Preset),
    /// Error diffusion, for comparison only.
    FloydSteinberg,
}

impl Method {
    pub(super) const ALL: [Self; 8] = [
        Self::White,
        Self::Bayer,
        Self::GradientNoise,
        Self::HighPass,
        Self::Preset(Preset::VoidAndCluster),
        Self::Preset(Preset::Dither),
        Self::Preset(Preset::DitherSmooth),
        Self::FloydSteinberg,
    ];

    /// Name in JSON.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::White => "white",
            Self::Bayer => "bayer",
            Self::GradientNoise => "interleaved-gradient-noise",
            Self::HighPass => "high-pass",
            Self::Preset(preset) => preset.name(),
            Self::FloydSteinberg => "floyd-steinberg",
        }
    }

    /// Name on the page.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::White => "White noise",
            Self::Bayer => "Bayer 8 × 8",
            Self::GradientNoise => "Interleaved gradient noise",
            Self::HighPass => "High-pass, renormalised",
            Self::Preset(preset) => preset.name(),
            Self::FloydSteinberg => "Floyd–Steinberg",
        }
    }

    /// Whether bluegrad recommends the method.
    pub(super) const fn is_ours(self) -> bool {
        matches!(self, Self::Preset(Preset::Dither | Preset::DitherSmooth))
    }
}

/// A mask of exact ranks, as thresholds.
#[derive(Clone)]
pub(super) struct Mask {
    pub(super) shape: Shape,
    pub(super) thresholds: Vec<u16>,
}

impl Mask {
    fn new(shape: Shape, ranks: &[u32]) -> Self {
        // Fits: a mask has at most 2^20 pixels.
        let pixels = ranks.len() as u32;
        Self { shape, thresholds: ranks.iter().map(|rank| threshold(2 * rank + 1, 2 * pixels)).collect() }
    }
}

/// The masks that do not depend on the picture.
pub(super) struct Masks(Vec<(Method, Mask)>);

impl Masks {
    /// Makes all masks; `made` is called after each.
    pub(super) fn new(made: impl Fn(Method)) -> Result<Self> {
        let square = |side| Shape::new(side, side);
        let mut all = Vec::new();
        for method in Method::ALL {
            let mask = match method {
                Method::White => Mask::new(square(SIDE), &ranks_of(&white())),
                Method::Bayer => Mask::new(square(8), &bayer()),
                Method::HighPass => Mask::new(square(SIDE), &ranks_of(&high_pass(&white(), SIDE as usize))),
                Method::Preset(preset) => Mask::new(square(SIDE), &generated(preset)?),
                Method::GradientNoise | Method::FloydSteinberg => continue,
            };
            all.push((method, mask));
            made(method);
        }
        Ok(Self(all))
    }

    /// Returns the mask of a method for a picture; none for error diffusion.
    pub(super) fn get(&self, method: Method, picture: Shape) -> Option<Cow<'_, Mask>> {
        if method == Method::GradientNoise {
            return Some(Cow::Owned(Mask::new(picture, &ranks_of(&gradient_noise(picture)))));
        }
        self.0.iter().find(|(of, _)| *of == method).map(|(_, mask)| Cow::Borrowed(mask))
    }
}

/// Returns the rank of each value; of equal values, the first has the lowest.
fn ranks_of<T: Ord>(values: &[T]) -> Vec<u32> {
    // Fits: a mask has at most 2^20 pixels.
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_by_key(|index| &values[*index as usize]);
    let mut ranks = vec![0; values.len()];
    order.iter().zip(0..).for_each(|(index, rank)| ranks[*index as usize] = rank);
    ranks
}

fn white() -> Vec<i64> {
    let number = |index: u64| {
        let z = index.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    // 48 bits: sums of the high-pass fit.
    (1..=u64::from(SIDE * SIDE)).map(|index| (number(index) >> 16) as i64).collect()
}

fn bayer() -> Vec<u32> {
    let rank = |x: u32, y: u32| {
        (0..3).fold(0, |rank, bit| {
            let (x, y) = (x >> bit & 1, y >> bit & 1);
            4 * rank + 2 * (x ^ y) + y
        })
    };
    (0..64).map(|i| rank(i % 8, i / 8)).collect()
}

/// Numerators of interleaved gradient noise over 10^15.
fn gradient_noise(shape: Shape) -> Vec<u64> {
    const INNER: u64 = 100_000_000;
    const OUTER: u64 = 10_000_000;
    let value = |x: u64, y: u64| {
        let inner = (6_711_056 * x + 583_715 * y) % INNER;
        // below 2^56
        529_829_189 * inner % (INNER * OUTER)
    };
    let row = |y: u32| (0..shape.width).map(move |x| value(x.into(), y.into()));
    (0..shape.height).flat_map(row).collect()
}

fn high_pass(values: &[i64], side: usize) -> Vec<i64> {
    const KERNEL: [[i64; 3]; 3] = [[1, 2, 1], [2, -12, 2], [1, 2, 1]];
    let at = |x: usize, y: usize| {
        let taps = (0..9).map(|k| (k % 3, k / 3));
        taps.map(|(dx, dy)| KERNEL[dy][dx] * values[(y + side + dy - 1) % side * side + (x + side + dx - 1) % side])
            .sum()
    };
    (0..side * side).map(|i| at(i % side, i / side)).collect()
}

/// Returns the ranks of a mask of the core.
fn generated(preset: Preset) -> Result<Vec<u32>> {
    let config = Config::new(preset, SIDE, SIDE);
    let mut memory = allocate(&Layout::new(&config)?)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    generator.step(u32::MAX)?;
    Ok(generator.mask()?.ranks().to_vec())
}

#[cfg(test)]
mod tests {
    use super::{Method, SIDE, bayer, gradient_noise, high_pass, ranks_of, white};
    use bluegrad::Shape;

    #[test]
    fn bayer_is_the_recursion() {
        let mut expected = vec![vec![0]];
        for n in [1, 2, 4] {
            let quadrant = [[0, 2], [3, 1]];
            let value = |x: usize, y: usize| 4 * expected[y % n][x % n] + quadrant[y / n][x / n];
            expected = (0..2 * n).map(|y| (0..2 * n).map(|x| value(x, y)).collect()).collect();
        }
        assert_eq!(bayer(), expected.concat());
        // First row as printed by Bayer.
        assert_eq!(bayer()[..8], [0, 32, 8, 40, 2, 34, 10, 42]);
    }

    #[test]
    fn gradient_noise_is_the_shader_s() {
        let shape = Shape::new(37, 23);
        for (i, value) in (0..).zip(gradient_noise(shape)) {
            let (x, y) = (f64::from(i % 37), f64::from(i / 37));
            let expected = (52.9829189 * (0.06711056 * x + 0.00583715 * y).fract()).fract();
            assert!((value as f64 / 1e15 - expected).abs() < 1e-12, "({x}, {y})");
        }
        // 52.9829189·0.06711056 = 3.555713…
        assert_eq!(gradient_noise(shape)[1], 555_713_357_813_584);
    }

    #[test]
    fn the_high_pass_has_no_mean_and_lottes_s_gains() {
        // One pixel of 1 shows the kernel.
        let mut point = vec![0; 25];
        point[0] = 1;
        let response = high_pass(&point, 5);
        assert_eq!((response[0], response[1], response[4], response[5], response[24]), (-12, 2, 2, 2, 1));
        assert_eq!(response.iter().sum::<i64>(), 0);
        // At Nyquist in both axes: 4·1 − 8 − 12 of each value.
        let checker: Vec<i64> = (0..16).map(|i| 1 - 2 * ((i % 4 + i / 4) % 2)).collect();
        assert_eq!(high_pass(&checker, 4), checker.iter().map(|value| -16 * value).collect::<Vec<_>>());
    }

    #[test]
    fn white_noise_is_splitmix() {
        // First two numbers of the generator with seed 0, as published with its source.
        assert_eq!(
            white()[..2],
            [0xE220_A839_7B1D_CDAF_u64, 0x6E78_9E6A_A1B9_65F4].map(|number| (number >> 16) as i64)
        );
        let mut ranks = ranks_of(&white());
        ranks.sort_unstable();
        assert!(ranks.iter().copied().eq(0..SIDE * SIDE));
    }

    #[test]
    fn equal_values_keep_their_order() {
        assert_eq!(ranks_of(&[5, 1, 5, 0]), [2, 1, 3, 0]);
    }

    #[test]
    fn names_differ() {
        let mut keys = Method::ALL.map(Method::key).to_vec();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), Method::ALL.len());
    }
}
