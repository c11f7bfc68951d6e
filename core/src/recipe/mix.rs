//! Dither masks whose grey mask is as dark as wanted: one number from the best dithering to the darkest mask.

use super::preset::{SMOOTH_FILL, SMOOTH_FIRST, SMOOTH_SECOND};
use super::{MAX_STAGES, Polish, Recipe, Spectral, Stage, TermWeight};
use crate::error::Error;
use crate::optimizer::{Optimizer, Schedule};

/// Where the family is fixed; it is linear between.
const ROWS: [MixRow; 6] = [
    // no grey term
    MixRow { mix: 0.0, grey_weight: [0.0, 0.0], step_size: [0.7, 0.7], ..SMOOTH },
    SMOOTH,
    MixRow {
        mix: 0.5,
        steps: 40.0,
        grey_sigma: 1.44,
        grey_weight: [13.0, 13.0],
        step_size: [0.158, 0.114],
        momentum: 0.8,
        dark_weight: 275.0,
        ..SMOOTH
    },
    MixRow {
        mix: 0.75,
        steps: 60.0,
        far_sigma: 3.4,
        grey_sigma: 1.275,
        grey_weight: [31.0, 31.0],
        step_size: [0.112, 0.053],
        momentum: 0.88,
        dark_steps: 12.0,
        dark_sigma: 1.392,
        dark_weight: 320.0,
    },
    MixRow {
        mix: 0.875,
        steps: 70.0,
        far_sigma: 3.4,
        grey_sigma: 1.174,
        grey_weight: [44.0, 44.0],
        step_size: [0.066, 0.039],
        momentum: 0.896,
        dark_steps: 18.0,
        dark_sigma: 1.307,
        dark_weight: 456.0,
    },
    MixRow {
        mix: 1.0,
        steps: 80.0,
        far_sigma: 2.97,
        grey_sigma: 1.12,
        grey_weight: [87.0, 87.0],
        step_size: [0.042, 0.021],
        momentum: 0.902,
        dark_steps: 24.0,
        dark_sigma: 1.27,
        dark_weight: 547.0,
    },
];

/// The preset `dither-smooth`.
const SMOOTH: MixRow = MixRow {
    mix: 0.25,
    steps: SMOOTH_SECOND.steps as f32,
    far_sigma: SMOOTH_SECOND.kernel.sigma[2],
    grey_sigma: SMOOTH_SECOND.grey_sigma,
    grey_weight: [SMOOTH_SECOND.grey_weight.start, SMOOTH_SECOND.grey_weight.end],
    step_size: [SMOOTH_SECOND.step_size.start, SMOOTH_SECOND.step_size.end],
    momentum: SMOOTH_SECOND.momentum,
    dark_steps: 12.0,
    dark_sigma: 1.674,
    dark_weight: 0.0,
};

/// Numbers of the second polish, and of the last one, which only darkens.
#[derive(Clone, Copy)]
struct MixRow {
    mix: f32,
    steps: f32,
    /// Of the kernel's widest Gaussian.
    far_sigma: f32,
    grey_sigma: f32,
    grey_weight: [f32; 2],
    step_size: [f32; 2],
    momentum: f32,
    dark_steps: f32,
    dark_sigma: f32,
    dark_weight: f32,
}

impl Recipe {
    /// Dither masks whose grey mask is itself dark at low frequencies, by a mix from 0 to 1, for any size: 0 is dithering alone,
    /// 0.25 is the preset `dither-smooth`, and at 1 the grey mask is at some −48 dB up to 0.25 cycles/pixel, where 8 bits end,
    /// and dithers far better than the preset `spectral`. `docs/mix.md` has the figures.
    ///
    /// The fill and the first polish are those of `dither-smooth`. In the second the weight of the grey term rises, its cut-off
    /// too, and its step size falls, so that `step_size·λ` stays within the heavy ball's `2·(1 + momentum)`. Its balance of
    /// two forces leaves values that are not quite ranks, and ranking them is noise that no weight gets below: above 0.25 a last
    /// polish follows. Its steps are so small, and λ so large, that it moves low frequencies alone.
    ///
    /// # Errors
    /// [`Error::Number`] for a mix that is out of range.
    pub const fn dither_mix(mix: f32) -> Result<Self, Error> {
        if !(mix >= 0.0 && mix <= 1.0) {
            return Err(Error::Number { what: "mix", value: mix, range: "from 0 (dithering) to 1 (a dark grey mask)" });
        }
        let knot = MixRow::at(mix);
        let (fill, first, second) =
            (Stage::Fill(SMOOTH_FILL), Stage::Polish(SMOOTH_FIRST), Stage::Polish(knot.second()));
        if knot.dark_weight > 0.0 {
            Ok(Self::new(&[fill, first, second, Stage::Polish(knot.dark())]))
        } else {
            Ok(Self::new(&[fill, first, second]))
        }
    }

    /// The recipe with a last stage that takes away what grey power is left up to 0.25 cycles/pixel: the darkest mix comes to
    /// −61 dB, where the preset `spectral` is, for 0.1 dB of HVS error at 1.5 pixels and 0.4 at 3. Sides are powers of two. For
    /// grey masks that are dark already: of others it takes more.
    ///
    /// # Errors
    /// [`Error::StageCount`] if it has no room for one more.
    pub const fn darkened(&self) -> Result<Self, Error> {
        let mut recipe = *self;
        if recipe.stage_count as usize >= MAX_STAGES {
            return Err(Error::StageCount { got: recipe.stage_count + 1, most: MAX_STAGES as u32 });
        }
        recipe.stages[recipe.stage_count as usize] = Stage::Spectral(DARKEN);
        recipe.stage_count += 1;
        Ok(recipe)
    }
}

/// The window of the low band falls to 0 at its cut-off, so that this is past what it is to darken; no smoothness, for the amplitudes
/// above are those of the patterns.
const DARKEN: Spectral = Spectral {
    steps: 50,
    optimizer: Optimizer::heavy_ball(0.8),
    step_size: Schedule::constant(1.0),
    histogram_step_size: Schedule::constant(0.02),
    low_band: TermWeight::new(0.1),
    cutoff: 0.32,
    smoothness: TermWeight::NONE,
    histogram: TermWeight::new(2.2),
    ..Spectral::PUBLISHED
};

impl MixRow {
    const fn at(mix: f32) -> Self {
        let mut below = 0;
        while below + 2 < ROWS.len() && ROWS[below + 1].mix <= mix {
            below += 1;
        }
        let (a, b) = (ROWS[below], ROWS[below + 1]);
        let f = (mix - a.mix) / (b.mix - a.mix);
        Self {
            mix,
            far_sigma: between(a.far_sigma, b.far_sigma, f),
            steps: between(a.steps, b.steps, f),
            grey_sigma: between(a.grey_sigma, b.grey_sigma, f),
            grey_weight: ends(a.grey_weight, b.grey_weight, f),
            step_size: ends(a.step_size, b.step_size, f),
            momentum: between(a.momentum, b.momentum, f),
            dark_steps: between(a.dark_steps, b.dark_steps, f),
            dark_sigma: between(a.dark_sigma, b.dark_sigma, f),
            dark_weight: between(a.dark_weight, b.dark_weight, f),
        }
    }

    const fn second(&self) -> Polish {
        let mut kernel = SMOOTH_SECOND.kernel;
        kernel.sigma[2] = self.far_sigma;
        Polish {
            kernel,
            steps: (self.steps + 0.5) as u32,
            grey_sigma: self.grey_sigma,
            grey_weight: Schedule::geometric(self.grey_weight[0], self.grey_weight[1]),
            step_size: Schedule::geometric(self.step_size[0], self.step_size[1]),
            momentum: self.momentum,
            ..SMOOTH_SECOND
        }
    }

    /// At the least step size of the fixed point.
    const fn dark(&self) -> Polish {
        Polish {
            steps: (self.dark_steps + 0.5) as u32,
            grey_sigma: self.dark_sigma,
            grey_weight: Schedule::constant(self.dark_weight),
            step_size: Schedule::constant(1.0 / 512.0),
            tau: Schedule::constant(0.01),
            momentum: 0.0,
            ..SMOOTH_SECOND
        }
    }
}

/// From a to b; both exactly at f = 0 and 1.
const fn between(a: f32, b: f32, f: f32) -> f32 {
    (1.0 - f) * a + f * b
}

const fn ends(a: [f32; 2], b: [f32; 2], f: f32) -> [f32; 2] {
    [between(a[0], b[0], f), between(a[1], b[1], f)]
}
