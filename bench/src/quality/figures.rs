//! Figures of a mask.

use crate::whole::is_permutation;
use bluegrad::measure::{
    GreyLevel, LEVELS, LOW_POWER_RADII, SIGMAS, decibels, levels_scratch_len, patterns, power_len, power_spectrum,
    quality,
};
use bluegrad::{Error, Shape};

/// Figures of a mask.
pub const COLUMNS: usize = 25;

/// Column of the HVS error at sigma 1.0; 1.5, 2.0, 3.0 follow.
pub const HVS: usize = 0;
/// Column of the power of the grey mask below 0.125 cycles/pixel; 0.25, 0.35 follow.
pub const FULL: usize = 4;
/// Column of the low-frequency power of patterns: dB of the mean.
///
/// Mean over levels k/16.
pub const LF_THR: usize = 7;
/// Column of the low-frequency power of patterns: mean of the dB.
pub const LF_THR_DB: usize = 8;
/// Column of the RMS of patterns blurred at sigma 1.0, in thousandths; 1.5, 1.9 follow.
pub const RMS: usize = 9;
/// Column of the low-frequency power at level 1/64; 1/32, 1/16, 31/32, 63/64 follow.
pub const LF: usize = 12;
/// Column of the power of patterns below 0.2 cycles/pixel.
///
/// Mean of the dB.
pub const HARD_CUT: usize = 17;
/// Column of the flatness of the grey mask.
pub const FLATNESS: usize = 18;
/// Column of the anisotropy of the grey mask; that of patterns follows.
pub const ANISOTROPY: usize = 19;
/// Column of the mean peak of patterns, over levels k/32.
///
/// In multiples of white noise's mean bin. The mean over levels 1/4 to 3/4 and the worst level follow.
pub const PEAK: usize = 21;
/// Column of [`tile_power`].
pub const TILE: usize = 24;

/// Names of the columns.
pub const NAMES: [&str; COLUMNS] = [
    "HVS 1.0",
    "HVS 1.5",
    "HVS 2.0",
    "HVS 3.0",
    "full .125",
    "full .25",
    "full .35",
    "LFthr",
    "LFthr, mean of dB",
    "RMS 1.0",
    "RMS 1.5",
    "RMS 1.9",
    "LF 1/64",
    "LF 1/32",
    "LF 1/16",
    "LF 31/32",
    "LF 63/64",
    "cut .2",
    "flatness",
    "anisotropy",
    "anisotropy of patterns",
    "peak, mean",
    "peak, mid",
    "peak, worst",
    "tile",
];

/// Levels k/128 of the columns from [`LF`] on.
const LF_LEVELS: [usize; 5] = [2, 4, 8, 124, 126];

/// All figures of one mask, or means of several.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Value of each of [`NAMES`].
    pub values: [f64; COLUMNS],
    /// Whether each rank occurs once.
    ///
    /// Then each of 256 levels is equally frequent.
    pub exact: bool,
}

impl Figures {
    /// Measures ranks, with or without ties.
    ///
    /// # Errors
    /// Errors of [`bluegrad::measure`].
    pub fn of(ranks: &[u32], shape: Shape) -> Result<Self, Error> {
        let mut scratch = vec![0.0; levels_scratch_len(shape)?];
        let mut levels = [GreyLevel::default(); LEVELS];
        let patterns = patterns(ranks, shape, &mut levels, &mut scratch)?;
        let grey: Vec<f32> = ranks.iter().map(|rank| *rank as f32).collect();
        let mut power = vec![0.0; power_len(shape)];
        power_spectrum(&grey, shape, &mut power, &mut scratch)?;
        let quality = quality(&power, shape)?;

        let mut values = [f64::NAN; COLUMNS];
        let low = |k: usize| decibels(levels[k - 1].low_frequency);
        let hvs = [1.0, 1.5, 2.0, 3.0].map(|sigma| patterns.hvs_error_mean[place(&SIGMAS, sigma)]);
        let full = [0.125, 0.25, 0.35].map(|radius| quality.low_power[place(&LOW_POWER_RADII, radius)]);
        let rms = [1.0, 1.5, 1.9].map(|sigma| 1e3 * patterns.rms[place(&SIGMAS, sigma)]);
        values[HVS..FULL].copy_from_slice(&hvs);
        values[FULL..LF_THR].copy_from_slice(&full);
        values[LF_THR] = patterns.low_frequency;
        values[LF_THR_DB] = (1..16).map(|k| low(8 * k)).sum::<f64>() / 15.0;
        values[RMS..LF].copy_from_slice(&rms);
        values[LF..HARD_CUT].copy_from_slice(&LF_LEVELS.map(low));
        values[HARD_CUT] = patterns.hard_cut;
        values[FLATNESS] = quality.flatness;
        values[ANISOTROPY] = quality.anisotropy;
        values[ANISOTROPY + 1] = patterns.anisotropy;
        let peak = patterns.peak;
        values[PEAK..TILE].copy_from_slice(&[peak.mean, peak.mid, peak.worst]);
        values[TILE] = tile_power(&power, shape);
        Ok(Self { values, exact: is_permutation(ranks) })
    }

    /// Returns the mean of each figure; exact if all masks are exact.
    #[must_use]
    pub fn mean(all: &[Self]) -> Self {
        let mean = |i: usize| all.iter().map(|figures| figures.values[i]).sum::<f64>() / all.len() as f64;
        Self { values: std::array::from_fn(mean), exact: all.iter().all(|figures| figures.exact) }
    }
}

/// Index of a number in a table of the core.
fn place<const N: usize>(table: &[f64; N], number: f64) -> usize {
    table.iter().position(|other| *other == number).expect("a number of the table")
}

/// Width and height of the tiles of the fill, in pixels.
const TILE_SIDES: [u32; 2] = [32, 16];

/// Largest multiples of the tile frequencies, along each axis.
const MULTIPLES: [i64; 2] = [6, 3];

/// Half the width of the reference ring of a bin, in cycles/pixel.
const HALF_RING: f64 = 1.0 / 128.0;

/// Returns the power at the tile frequencies of the fill.
///
/// For each bin `(a/32, b/16)` cycles/pixel, |a| ≤ 6, |b| ≤ 3, not both 0: its power over that of all other bins whose radial
/// frequency differs by at most 1/128; then the mean over the bins. Without a trace of the tiles the expectation is 1. NaN where
/// sides are no multiples of the tiles.
///
/// The sum over a ring of m bins is divided by m − 1: the bins of noise are exponentially distributed, and the expectation of the
/// inverse of a mean of m such bins is m/(m − 1).
#[must_use]
pub fn tile_power(power: &[f64], shape: Shape) -> f64 {
    let [width, height] = [shape.width, shape.height].map(i64::from);
    let [columns, rows] = [width / i64::from(TILE_SIDES[0]), height / i64::from(TILE_SIDES[1])];
    if width % i64::from(TILE_SIDES[0]) != 0 || height % i64::from(TILE_SIDES[1]) != 0 {
        return f64::NAN;
    }
    let half = width / 2 + 1;
    let at = |u: i64, v: i64| power[(v.rem_euclid(height) * half + u) as usize];
    let frequency = |u: i64, v: i64| (u as f64 / width as f64).hypot(v as f64 / height as f64);
    let of_tiles = |u: i64, v: i64| u % columns == 0 && v % rows == 0;
    let ring = |f: f64| {
        let (mut sum, mut count) = (0.0, 0.0);
        for v in -height / 2..height / 2 {
            // half of the plane: the spectrum is symmetric
            for u in i64::from(v <= 0)..half {
                if !of_tiles(u, v) && (frequency(u, v) - f).abs() <= HALF_RING {
                    (sum, count) = (sum + at(u, v), count + 1.0);
                }
            }
        }
        sum / (count - 1.0)
    };
    let (mut sum, mut count) = (0.0, 0.0);
    for a in 0..=MULTIPLES[0] {
        for b in (-MULTIPLES[1]..=MULTIPLES[1]).filter(|b| a > 0 || *b > 0) {
            let (u, v) = (a * columns, b * rows);
            (sum, count) = (sum + at(u, v) / ring(frequency(u, v)), count + 1.0);
        }
    }
    sum / count
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, FULL, Figures, HVS, LF_THR, LF_THR_DB, PEAK, RMS, TILE, tile_power};
    use crate::quality::subjects::white;
    use crate::whole::Whole;
    use bluegrad::measure::power_len;
    use bluegrad::{Config, Preset, Shape};

    fn figures(config: Config) -> Figures {
        let ranks = Whole::new(&config).and_then(|mut whole| whole.ranks()).expect("a sound configuration");
        Figures::of(&ranks, config.shape).expect("a square")
    }

    #[test]
    fn white_noise_is_white() {
        let noise = figures(Config { recipe: white(), ..Config::new(Preset::Dither, 64, 64) });
        assert!(noise.exact);
        for column in [HVS, FULL + 2, LF_THR, LF_THR_DB] {
            assert!(noise.values[column].abs() < 1.0, "{:?}", noise.values);
        }
        // ln(4096/2) + 0.58
        assert!((noise.values[PEAK] - 8.2).abs() < 1.5, "{}", noise.values[PEAK]);
        assert!((noise.values[RMS] - 117.0).abs() < 8.0, "{}", noise.values[RMS]);
        assert!((noise.values[TILE] - 1.0).abs() < 0.5, "{}", noise.values[TILE]);
    }

    #[test]
    fn dither_is_blue() {
        let dither = figures(Config::new(Preset::Dither, 64, 64));
        assert!(dither.exact && dither.values.iter().all(|value| value.is_finite()));
        assert!(dither.values[HVS] < -9.0 && dither.values[FULL] < -30.0, "{:?}", dither.values);
        // the mean of the dB is never above the dB of the mean
        assert!(dither.values[LF_THR_DB] <= dither.values[LF_THR]);
    }

    #[test]
    fn tiles_are_seen() {
        let shape = Shape::new(64, 64);
        let mut power = vec![1.0; power_len(shape)];
        let flat = tile_power(&power, shape);
        assert!((0.8..1.0).contains(&flat), "{flat}");
        // rows and columns at the frequencies of the tiles
        for v in (0..64).step_by(4) {
            for u in (0..33).step_by(2) {
                power[33 * v + u] = 2.0;
            }
        }
        assert!((tile_power(&power, shape) - 2.0 * flat).abs() < 1e-9);
        assert!(tile_power(&power, Shape::new(48, 40)).is_nan());
    }

    #[test]
    fn means() {
        let one = |value, exact| Figures { values: [value; COLUMNS], exact };
        assert_eq!(Figures::mean(&[one(1.0, true), one(2.0, false)]), one(1.5, false));
    }
}
