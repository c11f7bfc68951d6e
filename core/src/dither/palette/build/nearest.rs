//! The mixture whose mean is nearest to a colour in `OKLab`, with a price on noise.
//!
//! Gauss–Newton: `OKLab` is taken as linear around the mixture's mean, and the quadratic function that this gives is minimised over shares
//! `w ≥ 0`, `Σ w_i = 1`, by moving share from the colour of the largest gradient to the colour that gains most, as much as gains (sequential
//! minimal optimisation: Platt, 1998; the choice: Fan, Chen, Lin, 2005). Steps are halved until the true function falls.

use super::oklab::{Gradient, oklab};
use super::{Colors, MOST_COLORS, PerColor};

/// The most linearisations, and the most moves for each. Both end earlier nearly always.
const LINEARISATIONS: usize = 24;
const MOVES: usize = 400;

/// Moves end at this difference of gradients: shares are then right to about 2^-16.
const LEAST_GAIN: f64 = 1e-7;

/// What a mixture shall be: minimises (s·ΔL)² + Δa² + Δb² + grain·noise, noise the sum over shares.
pub(super) struct Aim<'n> {
    /// L, a, b to be near to.
    pub(super) lab: [f64; 3],
    /// Weight s of ΔL.
    pub(super) lightness: f64,
    /// Weight of noise.
    pub(super) grain: f64,
    pub(super) noise: &'n PerColor,
}

impl Aim<'_> {
    /// Returns s·ΔL, Δa, Δb of a colour.
    fn differences(&self, lab: &[f64; 3]) -> [f64; 3] {
        let ([l, a, b], [to_l, to_a, to_b]) = (lab, self.lab);
        [self.lightness * (l - to_l), a - to_a, b - to_b]
    }

    /// Returns (s·ΔL)² + Δa² + Δb² of a colour.
    pub(super) fn distance(&self, lab: &[f64; 3]) -> f64 {
        let differences = self.differences(lab);
        dot(&differences, &differences)
    }

    /// Returns the function to be minimised.
    pub(super) fn error(&self, colors: &Colors, shares: &PerColor) -> f64 {
        self.distance(&oklab(&colors.mean(shares)))
            + self.grain * shares.iter().zip(self.noise).map(|(w, h)| w * h).sum::<f64>()
    }
}

fn dot([a, b, c]: &[f64; 3], [x, y, z]: &[f64; 3]) -> f64 {
    a * x + b * y + c * z
}

/// Returns the best shares that are found from a start.
pub(super) fn nearest(colors: &Colors, aim: &Aim<'_>, start: PerColor) -> PerColor {
    let mut shares = start;
    let mut error = aim.error(colors, &shares);
    for _ in 0..LINEARISATIONS {
        let wanted = minimum_of_linear(colors, aim, &shares);
        let mut step = 1.0;
        let mut better = None;
        while step > 1e-3 && better.is_none() {
            let mut next = shares;
            for (next, wanted) in next.iter_mut().zip(&wanted) {
                *next += step * (wanted - *next);
            }
            let now = aim.error(colors, &next);
            better = (now < error).then_some((next, now));
            step /= 2.0;
        }
        let Some((next, now)) = better else { break };
        let gain = error - now;
        (shares, error) = (next, now);
        if gain < 1e-12 {
            break;
        }
    }
    shares
}

/// Minimises with `OKLab` linear around the mean of `shares`.
fn minimum_of_linear(colors: &Colors, aim: &Aim<'_>, shares: &PerColor) -> PerColor {
    let mean = colors.mean(shares);
    let gradient = Gradient::at(&mean);
    // what each colour changes the differences by, per share
    let mut changes = [[0.0; 3]; MOST_COLORS];
    for (change, color) in changes.iter_mut().zip(colors.iter()) {
        let [l, a, b] = gradient.times(color);
        *change = [aim.lightness * l, a, b];
    }
    let mut differences = aim.differences(&oklab(&mean));
    let mut shares = *shares;
    let mut slopes = [0.0; MOST_COLORS];
    for _ in 0..MOVES {
        let mut most = (f64::NEG_INFINITY, 0);
        let mut least = f64::INFINITY;
        let rows = slopes.iter_mut().zip(&changes).zip(aim.noise).zip(&shares).enumerate();
        for (i, (((slope, change), noise), share)) in rows.take(colors.count) {
            *slope = 2.0 * dot(change, &differences) + aim.grain * noise;
            least = if *slope < least { *slope } else { least };
            if *slope > most.0 && *share > 0.0 {
                most = (*slope, i);
            }
        }
        if most.0 - least < LEAST_GAIN {
            break;
        }
        // the colour that the function falls most by, were there share enough
        let from = most.1 % MOST_COLORS;
        let mut best = (0.0, 0.0, [0.0; 3], 0.0, 0);
        for (i, (slope, change)) in slopes.iter().zip(&changes).enumerate().take(colors.count) {
            let gain = most.0 - slope;
            let ([a, b, c], [x, y, z]) = (*change, changes[from]);
            let change = [a - x, b - y, c - z];
            let curvature = 2.0 * dot(&change, &change);
            if gain > LEAST_GAIN && gain * gain > best.0 * (curvature + 1e-12) {
                best = (gain * gain / (curvature + 1e-12), gain, change, curvature, i);
            }
        }
        let (_, gain, change, curvature, to) = best;
        let to = to % MOST_COLORS;
        let all = shares[from];
        let moved = if gain < all * curvature { gain / curvature } else { all };
        shares[to] += moved;
        // exactly 0 where all of it moves
        shares[from] -= moved;
        for (difference, change) in differences.iter_mut().zip(&change) {
            *difference += moved * change;
        }
    }
    shares
}
