//! Figures of the binary patterns, one grey level at a time: how a flat area looks when dithered.

use super::plane::Plane;
use super::{Bin, RINGS, Ring, RingSums, SIGMA_COUNT, SIGMAS, anisotropy, bin_of, check, threshold};
use crate::error::{Error, length};
use crate::shape::Shape;

/// Number of grey levels measured: k/128 for k = 1 … 127.
pub const LEVELS: usize = 127;

/// The denominator of the grey levels.
const STEPS: u32 = 128;

/// Every 4th level counts for [`super::Peak`]: the 31 with k = 4, 8 … 124.
pub(super) const FOURTH: usize = 4;

/// Figures of the binary pattern at one grey level, as powers relative to white noise (1 is white).
///
/// NaN where the pattern has only one colour, or where the mask is too small to have a bin for a figure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GreyLevel {
    /// The grey level g = k/128.
    pub grey: f64,
    /// Share ρ of set pixels: g, but for rounding and ties. All powers are divided by n·ρ(1 − ρ).
    pub density: f64,
    /// HVS error at each of [`SIGMAS`]: `Σ|Ĝ|²·P / Σ|Ĝ|²` over all bins but DC, P the pattern's power and
    /// `|Ĝ|² = exp(−4π²σ²f²)`.
    pub hvs_error: [f64; SIGMA_COUNT],
    /// RMS of the pattern, blurred by the Gaussian of each of [`SIGMAS`], minus ρ; pixels are 0 or 1.
    pub rms: [f64; SIGMA_COUNT],
    /// `LF(g)`: mean of P over 0 < f ≤ principal/2, the principal frequency √g up to ½, then √(1 − g) (Ulichney 1987).
    pub low_frequency: f64,
    /// Mean of P over 0 < f < 0.2 cycles/pixel.
    pub hard_cut: f64,
    /// [`super::Quality::anisotropy`] of the pattern, dB.
    pub anisotropy: f64,
    /// Structure: `max P` over all bins but DC. P sums to n = W·H, so peak/n is the fraction of the pattern's power in its
    /// largest bin: 1 of a checkerboard, about ln(n/2)/n of noise. Each of a conjugate pair is a bin of its own.
    pub peak: f64,
    /// Frequency of the largest bin, horizontal and vertical, cycles/pixel: u/W from 0 to ½, v/H above −½ up to ½. Tie-break among bins
    /// that differ by rounding only: the first in the order of [`super::pattern_power_spectrum`].
    pub peak_frequency: [f64; 2],
}

/// Relative lead that a later bin needs to become the peak, so that rounding does not choose among equal bins.
const PEAK_TIE: f64 = 1e-9;

/// Elements of scratch that [`levels`] needs, and [`super::patterns`] too.
///
/// # Errors
/// [`Error::Size`].
pub const fn levels_scratch_len(shape: Shape) -> Result<usize, Error> {
    if let Err(error) = check(shape) {
        return Err(error);
    }
    Ok(Plane::scratch_len(shape, shape.width as usize) + weights_len(shape))
}

/// Elements of the blur's tables: a row and a column per sigma.
const fn weights_len(shape: Shape) -> usize {
    SIGMA_COUNT * (shape.width as usize / 2 + 1 + shape.height as usize)
}

/// Measures the levels `first`/128, (`first` + 1)/128 … into `to`.
///
/// Two levels share one transform: slices of even length cost least.
///
/// `ranks` has W·H elements, `scratch` at least [`levels_scratch_len`].
///
/// # Errors
/// [`Error::Size`], [`Error::Length`], [`Error::Number`] if a level is not between 1/128 and 127/128.
#[inline(never)]
pub fn levels(ranks: &[u32], shape: Shape, first: u32, to: &mut [GreyLevel], scratch: &mut [f64]) -> Result<(), Error> {
    let beyond = first as usize + to.len();
    if first < 1 || beyond > LEVELS + 1 {
        let value = if first < 1 { first as usize } else { beyond - 1 };
        return Err(Error::Number { what: "grey level k of k/128", value: value as f32, range: "from 1 to 127" });
    }
    pairs(ranks, shape, 1, &mut to.chunks_mut(2).zip((first..).step_by(2)), scratch)
}

/// Measures every `FOURTH`-th level, the levels of [`super::Peak`], and leaves the others as they are.
pub(super) fn fourths(
    ranks: &[u32],
    shape: Shape,
    to: &mut [GreyLevel; LEVELS],
    scratch: &mut [f64],
) -> Result<(), Error> {
    let (mut fourths, every) = ([GreyLevel::default(); LEVELS / FOURTH], FOURTH as u32);
    let numbered = fourths.chunks_mut(2).zip((every..).step_by(2 * FOURTH));
    pairs(ranks, shape, every, &mut { numbered }, scratch)?;
    for (to, from) in to.iter_mut().skip(FOURTH - 1).step_by(FOURTH).zip(fourths) {
        *to = from;
    }
    Ok(())
}

/// Measures pairs of levels, the first of each at k, the second `apart` above.
fn pairs(
    ranks: &[u32],
    shape: Shape,
    apart: u32,
    pairs: &mut dyn Iterator<Item = (&mut [GreyLevel], u32)>,
    scratch: &mut [f64],
) -> Result<(), Error> {
    let needed = levels_scratch_len(shape)?;
    length("ranks", shape.pixels(), ranks.len())?;
    let bad = Error::Length { what: "scratch", needed, got: scratch.len() };
    let (weights, rest) = scratch.split_at_mut_checked(weights_len(shape)).ok_or(bad)?;
    let weights = Weights::new(shape, weights);
    let mut plane = Plane::new(shape, shape.width as usize, rest)?;
    for (pair, k) in pairs {
        let meters = [Meter::new(ranks, shape, k), Meter::new(ranks, shape, k + apart)];
        let measured = measure(ranks, shape, meters, &mut plane, &weights);
        for (to, from) in pair.iter_mut().zip(measured) {
            *to = from;
        }
    }
    Ok(())
}

/// `exp(−4π²σ²f²)` as a product of one table per axis.
struct Weights<'a> {
    columns: &'a [[f64; SIGMA_COUNT]],
    rows: &'a [[f64; SIGMA_COUNT]],
}

impl<'a> Weights<'a> {
    fn new(shape: Shape, scratch: &'a mut [f64]) -> Self {
        let (all, _) = scratch.as_chunks_mut();
        debug_assert!(all.len() * SIGMA_COUNT == weights_len(shape), "`levels` cuts the scratch to this length");
        let (columns, rows) = all.split_at_mut_checked(shape.width as usize / 2 + 1).unwrap_or_default();
        for (table, side) in [(&mut *columns, shape.width), (&mut *rows, shape.height)] {
            for (weights, i) in table.iter_mut().zip(0..side) {
                let f = f64::from(i.min(side - i)) / f64::from(side);
                *weights = SIGMAS.map(|sigma| {
                    let x = 2.0 * core::f64::consts::PI * sigma * f;
                    libm::exp(-x * x)
                });
            }
        }
        Self { columns, rows }
    }
}

/// The sums of one pattern.
struct Meter {
    k: u32,
    threshold: u32,
    density: f64,
    hvs: [f64; SIGMA_COUNT],
    low: (f64, f64),
    cut: (f64, f64),
    /// Power and index of the largest bin.
    peak: (f64, [i32; 2]),
    rings: [RingSums; RINGS],
}

impl Meter {
    fn new(ranks: &[u32], shape: Shape, k: u32) -> Self {
        let threshold = threshold(shape, f64::from(k) / f64::from(STEPS));
        let set = ranks.iter().filter(|rank| **rank < threshold).count();
        debug_assert!(!ranks.is_empty(), "`levels` checks the shape");
        let density = set as f64 / ranks.len().max(1) as f64;
        Self {
            k,
            threshold,
            density,
            hvs: [0.0; SIGMA_COUNT],
            low: (0.0, 0.0),
            cut: (0.0, 0.0),
            peak: (0.0, [0; 2]),
            rings: [RingSums::default(); RINGS],
        }
    }

    /// The pixel minus the pattern's mean.
    fn value(&self, rank: u32) -> f64 {
        f64::from(rank < self.threshold) - self.density
    }

    fn add(&mut self, bin: &Bin, weights: &[f64; SIGMA_COUNT]) {
        for (sum, weight) in self.hvs.iter_mut().zip(weights) {
            *sum += weight * bin.power;
        }
        let count = f64::from(bin.count);
        // (principal/2)² = k/512 up to k = 64; in integers: a bin exactly on the circle is inside
        if bin.num * u64::from(4 * STEPS) <= u64::from(self.k.min(STEPS - self.k.min(STEPS))) * bin.den {
            self.low = (self.low.0 + count * bin.power, self.low.1 + count);
        }
        if bin.num * 25 < bin.den {
            self.cut = (self.cut.0 + count * bin.power, self.cut.1 + count);
        }
        if bin.power > (1.0 + PEAK_TIE) * self.peak.0 {
            self.peak = (bin.power, bin.index);
        }
        if let Some(ring) = self.rings.get_mut(bin.ring()) {
            ring.add(bin);
        }
    }

    /// Figures of the sums, given `blur`, the sums of the weights.
    fn level(&self, shape: Shape, blur: &[f64; SIGMA_COUNT]) -> GreyLevel {
        let n = shape.pixels() as f64;
        let variance = self.density * (1.0 - self.density);
        // 0/0 is NaN where there is no bin or no second colour
        let scale = 1.0 / (n * variance);
        let mean = |(sum, count): (f64, f64)| if variance > 0.0 { scale * sum / count } else { f64::NAN };
        let (mut hvs_error, mut rms) = ([f64::NAN; SIGMA_COUNT], [f64::NAN; SIGMA_COUNT]);
        for (((error, rms), sum), blur) in hvs_error.iter_mut().zip(&mut rms).zip(&self.hvs).zip(blur) {
            *error = mean((*sum, *blur));
            // Parseval: Σ|Ĝ·B|² = n·Σ(blurred − ρ)², and RMS is the root of the mean of the latter
            *rms = if variance > 0.0 { libm::sqrt(*sum) / n } else { f64::NAN };
        }
        let rings = self.rings.map(|sums| sums.ring());
        let anisotropy = if variance > 0.0 { anisotropy(&rings.map(|ring| scaled(ring, scale))) } else { f64::NAN };
        let (power, [u, v]) = self.peak;
        let frequency = [f64::from(u) / f64::from(shape.width), f64::from(v) / f64::from(shape.height)];
        GreyLevel {
            grey: f64::from(self.k) / f64::from(STEPS),
            density: self.density,
            hvs_error,
            rms,
            low_frequency: mean(self.low),
            hard_cut: mean(self.cut),
            anisotropy,
            peak: mean((power, 1.0)),
            peak_frequency: if variance > 0.0 { frequency } else { [f64::NAN; 2] },
        }
    }
}

fn scaled(ring: Ring, scale: f64) -> Ring {
    Ring { mean: ring.mean * scale, ..ring }
}

/// Measures two real patterns a and b by one transform of z = a + ib: `A(f) = (Z(f) + Z̄(−f))/2`, `B(f) = (Z(f) − Z̄(−f))/2i`.
fn measure(
    ranks: &[u32],
    shape: Shape,
    [mut a, mut b]: [Meter; 2],
    plane: &mut Plane<'_>,
    weights: &Weights<'_>,
) -> [GreyLevel; 2] {
    plane.transform(&|i| ranks.get(i).map_or([0.0; 2], |rank| [a.value(*rank), b.value(*rank)]));
    let (width, height) = (shape.width as usize, shape.height as usize);
    let mut blur = [0.0; SIGMA_COUNT];
    for (v, row) in weights.rows.iter().enumerate() {
        for (u, column) in weights.columns.iter().enumerate().skip(usize::from(v == 0)) {
            let z = plane.bin(u, v);
            let mirrored = plane.bin((width - u) % width, (height - v) % height);
            let (re, im) = ([z[0] + mirrored[0], z[0] - mirrored[0]], [z[1] - mirrored[1], z[1] + mirrored[1]]);
            let mut bin = bin_of(u as u64, v as u64, shape);
            let mut both = *row;
            for ((both, column), blur) in both.iter_mut().zip(column).zip(&mut blur) {
                *both *= column * f64::from(bin.count);
                *blur += *both;
            }
            bin.power = 0.25 * (re[0] * re[0] + im[0] * im[0]);
            a.add(&bin, &both);
            bin.power = 0.25 * (im[1] * im[1] + re[1] * re[1]);
            b.add(&bin, &both);
        }
    }
    [a.level(shape, &blur), b.level(shape, &blur)]
}
