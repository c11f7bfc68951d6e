//! Error of accumulated frames: the test that the authors of FAST publish.

use super::threshold;
use super::volume::{Channel, Stamp, squares};
use crate::error::{Error, length};
use crate::shape::Shape;
use bytemuck::{Pod, Zeroable};
use core::ops::Range;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// Thresholds of [`frame_variances`].
pub const FRAME_THRESHOLDS: u32 = 256;

/// Standard deviation of the Gaussian that the published test blurs with, pixels.
pub const FRAME_SIGMA: f64 = 1.3435;

/// Weight of a new frame in the published test.
pub const FRAME_ALPHA: f64 = 0.1;

/// Returns the taps of the published test's blur: the Gaussian of [`FRAME_SIGMA`] up to 4 pixels, 3 standard deviations.
#[must_use]
pub fn frame_taps() -> [f64; 9] {
    [-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0].map(|i| libm::exp(-i * i / (2.0 * FRAME_SIGMA * FRAME_SIGMA)))
}

/// Most taps of a spatial filter along an axis.
pub const MOST_TAPS: usize = 4096;

/// The average over frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Average<'a> {
    /// `r_0 = m_0`, `r_k = α·m_k + (1 − α)·r_{k−1}`; α above 0, at most 1.
    Exponential(f64),
    /// Weights of the newest frame, of the one before it, and so on: `r_k = Σ_j w_j·m_{k−j} / Σ_j w_j`, j up to k. The sums of the first
    /// weights, one by one, must be above 0.
    Weights(&'a [f64]),
}

/// What the frames of a test are filtered with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameTest<'a> {
    /// Taps of the spatial filter, the same along both axes, divided by their sum where used. They wrap around the mask.
    pub space: &'a [f64],
    /// The average over frames.
    pub time: Average<'a>,
    /// Seed of the thresholds.
    pub seed: u64,
}

/// Errors of frames, x 1e-3 of the range from black to white: the square root of the mean over thresholds of the variance over pixels.
///
/// NaN for a frame that the mask does not have.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct FrameErrors {
    /// The first frame.
    pub first: f64,
    /// The frame 8, counted from 1.
    pub frame_8: f64,
    /// The frame 16.
    pub frame_16: f64,
    /// The frame 32.
    pub frame_32: f64,
    /// The last frame.
    pub last: f64,
    /// Root of the sum of the squares of the errors of all frames.
    pub rss: f64,
}

impl FrameErrors {
    /// Summarises the variances of all frames, from [`frame_variances`].
    #[must_use]
    pub fn new(variances: &[f64]) -> Self {
        let error = |variance: f64| 1000.0 * libm::sqrt(variance);
        let at = |frame: usize| variances.get(frame).map_or(f64::NAN, |variance| error(*variance));
        Self {
            first: at(0),
            frame_8: at(7),
            frame_16: at(15),
            frame_32: at(31),
            last: variances.last().map_or(f64::NAN, |variance| error(*variance)),
            rss: error(variances.iter().sum()),
        }
    }
}

/// Elements of scratch that [`frame_variances`] needs: about one per element of the channel.
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`].
pub const fn frames_scratch_len(shape: Shape, taps: usize) -> Result<usize, Error> {
    if let Err(error) = shape.check() {
        return Err(error);
    }
    // the blurred planes, the average, the filter
    Ok(shape.pixels() * (shape.layers as usize + 1) + Stamp::scratch_len(shape, taps))
}

/// Computes the variance of each accumulated frame, by FAST's published test (Electronic Arts, fastnoise, `temporal.py`).
///
/// ```text
/// t_s = 2·(s + u_s)/256 − 1, u_s uniform in [0, 1) by the seed, s = 0 … 255
/// m_k: the pattern [x < t_s] of layer k, 1 where true, x = (2·rank + 1)/n − 1, blurred on the torus
/// r_k: the average of m_0 … m_k
/// variance(k) = 1/256·Σ_s (variance over the pixels of r_k)
/// ```
///
/// `steps` are the thresholds s that are used: variances of parts of 0 … 256 add up to those of the whole, so that threads can share
/// the work. Cost: about two thirds of a second for 128x128x64.
///
/// `ranks` are plane by plane, as those of a [`crate::Mask`], with ranks below the pixels of a plane; `variances` has one element per
/// layer, `scratch` at least [`frames_scratch_len`] of `space`'s length.
///
/// # Errors
/// [`Error::Size`], [`Error::Layers`], [`Error::Length`], [`Error::Plane`] if there is no such channel, [`Error::Number`] for taps or an
/// average that are not as they must be.
pub fn frame_variances(
    ranks: &[u32],
    shape: Shape,
    channel: u32,
    test: &FrameTest<'_>,
    steps: Range<u32>,
    variances: &mut [f64],
    scratch: &mut [f64],
) -> Result<(), Error> {
    let channel = Channel::new(ranks, shape, channel)?;
    length("variances", shape.layers as usize, variances.len())?;
    let needed = frames_scratch_len(shape, test.space.len())?;
    let bad = Error::Length { what: "scratch", needed, got: scratch.len() };
    test.check()?;
    let pixels = shape.pixels();
    let (fields, rest) = scratch.split_at_mut_checked(pixels * shape.layers as usize).ok_or(bad)?;
    let (average, rest) = rest.split_at_mut_checked(pixels).ok_or(bad)?;
    let sum: f64 = test.space.iter().sum();
    let tap = |i: usize, _: usize| test.space.get(i).map_or(0.0, |tap| tap / sum);
    let stamp = Stamp::new(shape, test.space.len(), &tap, rest)?;
    fields.fill(0.0);
    variances.fill(0.0);
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(test.seed);
    let mut before = 0;
    for step in 0..FRAME_THRESHOLDS.min(steps.end) {
        let grey = (f64::from(step) + f64::from(rng.next_u32()) / 4_294_967_296.0) / f64::from(FRAME_THRESHOLDS);
        let below = threshold(shape, grey);
        if step >= steps.start {
            for (plane, field) in channel.planes().zip(fields.chunks_exact_mut(pixels.max(1))) {
                stamp.add(plane, before, below, field);
            }
            before = below;
            test.time.add(fields, grey, average, variances);
        }
    }
    for variance in variances {
        *variance /= pixels.max(1) as f64 * f64::from(FRAME_THRESHOLDS);
    }
    Ok(())
}

impl FrameTest<'_> {
    fn check(&self) -> Result<(), Error> {
        if self.space.is_empty() || self.space.len() > MOST_TAPS {
            let (value, what) = (self.space.len() as f32, "the number of taps of the spatial filter");
            return Err(Error::Number { what, value, range: "from 1 to 4096" });
        }
        let sum: f64 = self.space.iter().sum();
        if !(sum > 0.0 && sum.is_finite()) {
            let what = "the sum of the taps of the spatial filter";
            return Err(Error::Number { what, value: sum as f32, range: "above 0 and finite" });
        }
        self.time.check()
    }
}

impl Average<'_> {
    fn check(&self) -> Result<(), Error> {
        match self {
            Self::Exponential(alpha) if *alpha > 0.0 && *alpha <= 1.0 => Ok(()),
            Self::Exponential(alpha) => {
                let what = "the weight of a new frame";
                Err(Error::Number { what, value: *alpha as f32, range: "above 0 and at most 1" })
            }
            Self::Weights(weights) => {
                let mut sum = 0.0;
                let mut sums = weights.iter().map(|weight| {
                    sum += weight;
                    sum
                });
                let bad = sums.find(|sum| !(*sum > 0.0 && sum.is_finite()));
                match bad.or(weights.is_empty().then_some(0.0)) {
                    None => Ok(()),
                    Some(sum) => {
                        let what = "a sum of the first weights of frames";
                        Err(Error::Number { what, value: sum as f32, range: "above 0 and finite" })
                    }
                }
            }
        }
    }

    /// Adds, for each frame, the squared deviations of the average of the blurred planes up to it.
    fn add(&self, fields: &[f64], grey: f64, average: &mut [f64], variances: &mut [f64]) {
        let planes = fields.chunks_exact(average.len().max(1));
        average.fill(0.0);
        match self {
            Self::Exponential(alpha) => {
                for (k, (field, to)) in planes.zip(variances).enumerate() {
                    let (old, new) = if k == 0 { (0.0, 1.0) } else { (1.0 - alpha, *alpha) };
                    *to += squares(average, grey, field, |a, m| old * a + new * m);
                }
            }
            Self::Weights(weights) => {
                debug_assert!(!weights.is_empty(), "`check` refuses an average of nothing");
                for (k, (field, to)) in planes.clone().zip(variances).enumerate() {
                    let used = weights.get(..(k + 1).min(weights.len())).unwrap_or(weights);
                    let sum: f64 = used.iter().sum();
                    let Some((newest, older)) = used.split_first() else { return };
                    average.fill(0.0);
                    for (field, weight) in planes.clone().skip(k - older.len()).zip(older.iter().rev()) {
                        for (average, m) in average.iter_mut().zip(field) {
                            *average += weight / sum * m;
                        }
                    }
                    *to += squares(average, grey, field, |a, m| a + newest / sum * m);
                }
            }
        }
    }
}
