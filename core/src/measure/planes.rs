//! Structure of each plane of a volume.

use super::levels::fourths;
use super::{GreyLevel, LEVELS, Peak};
use crate::error::Error;
use crate::shape::Shape;
use bytemuck::{Pod, Zeroable};

/// Structure of the planes of a volume: means over the planes, and the largest of them. One lattice among many layers shows in the
/// largest.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct PlanePeaks {
    /// Mean over the planes of the mean peak.
    pub mean: f64,
    /// Mean over the planes of the peak at middle levels.
    pub mid: f64,
    /// Mean over the planes of the worst peak.
    pub worst: f64,
    /// Largest mean peak of a plane.
    pub largest_mean: f64,
    /// Largest peak at middle levels of a plane.
    pub largest_mid: f64,
    /// Largest worst peak of a plane.
    pub largest_worst: f64,
}

impl PlanePeaks {
    /// Summarises the peaks of all planes. NaN where a plane has no figure, or there is no plane.
    #[must_use]
    pub fn new(peaks: &[Peak]) -> Self {
        let figures: [fn(&Peak) -> f64; 3] = [|peak| peak.mean, |peak| peak.mid, |peak| peak.worst];
        let count = peaks.len() as f64;
        let [mean, mid, worst] = figures.map(|figure| peaks.iter().map(figure).sum::<f64>() / count);
        let [largest_mean, largest_mid, largest_worst] = figures.map(|figure| {
            let larger = |a: f64, b: f64| if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) };
            peaks.iter().map(figure).reduce(larger).unwrap_or(f64::NAN)
        });
        Self { mean, mid, worst, largest_mean, largest_mid, largest_worst }
    }
}

/// Computes the structure of one plane: [`super::Patterns::peak`] alone, at a quarter of the cost of all figures.
///
/// `ranks` has W·H elements, `scratch` at least [`super::levels_scratch_len`].
///
/// # Errors
/// [`Error::Size`], [`Error::NotFlat`], [`Error::Length`].
pub fn plane_peak(ranks: &[u32], shape: Shape, scratch: &mut [f64]) -> Result<Peak, Error> {
    let mut levels = [GreyLevel::default(); LEVELS];
    fourths(ranks, shape, &mut levels, scratch)?;
    Ok(Peak::new(&levels))
}
