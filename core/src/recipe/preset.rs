//! The recipes that come with the library.

use super::{Coupling, Fill, Front, Law, Mixture, Polish, Recipe, Spectral, Stage, Swap, TermWeight, VoidAndCluster};
use crate::distribution::Distribution;
use crate::error::Error;
use crate::optimizer::{Optimizer, Schedule};
use bytemuck::{CheckedBitPattern, NoUninit};

/// Sigma of the family of dither masks, pixels: for near viewing, by default, and for far viewing.
pub const DITHER_SIGMAS: [f32; 3] = [1.0, 1.26, 1.7];

/// Steps of polish of the family: by default, and for speed.
pub const DITHER_STEPS: [u32; 2] = [14, 8];

/// Weight of time in the family of space-time masks, relative to space: the least, the default, the most.
pub const SPACE_TIME_WEIGHTS: [f32; 3] = [0.02, 0.28, 1.0];

/// A recipe that comes with the library.
///
/// One question decides: does the picture depend on the noise linearly? If not (dithering, ambient occlusion, shadows, stochastic
/// transparency, importance sampling), take `Dither` or `DitherSmooth`. If so (noise that is added over 16 output levels or more, small
/// offsets), take `Spectral`, whose thresholded patterns are nearly white. In an animation add the golden ratio, 0.618034, to each value in
/// [0, 1), modulo 1, each frame, rather than move the mask by an offset. Figures: docs/choosing.md.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Preset {
    /// Dithering and every nonlinear use: each thresholded pattern is blue. 64x64 in about a millisecond.
    #[default]
    Dither = 0,
    /// As `Dither` with about half of the polish, for load time within a frame.
    DitherFast = 1,
    /// Dithering, ahead of void-and-cluster in each of its own strongholds.
    DitherClassic = 2,
    /// Dithering, six times the time for the last tenths of a decibel.
    DitherBest = 3,
    /// Nonlinear and linear uses of one mask: the patterns are blue, and the grey mask is dark at low frequencies.
    DitherSmooth = 4,
    /// Dithering that is looked at closely: the least error at the finest blur.
    DitherNear = 5,
    /// Dithering by gradient descent alone, from noise.
    DitherGradient = 6,
    /// Exact void-and-cluster (Ulichney 1993), sigma 1.5 pixels.
    VoidAndCluster = 7,
    /// Noise that enters linearly: the grey mask itself is blue, its patterns are nearly white. Sides are powers of two from 16.
    Spectral = 8,
    /// The published gradient-descent method, constant for constant: 100 000 steps. Sides are powers of two from 16.
    Published = 9,
    /// Triangular noise that is added before rounding to integers, and no other use: every rounded picture is blue. Its configuration has
    /// the distribution: read the mask as that.
    Triangular = 10,
    /// Layers for frames: each layer is blue in space, each pixel over time. Ahead of void-and-cluster in space and time at equal blurs.
    SpaceTime = 11,
    /// As `SpaceTime` with more of time, over more frames: for averages of eight frames and more.
    SpaceTimeWide = 12,
}

/// A row of the table of presets.
struct Row {
    preset: Preset,
    name: &'static str,
    purpose: &'static str,
    stages: &'static [Stage],
}

const COUNT: usize = 13;

/// All presets, in the order of their numbers. Whatever lists presets reads this table.
const TABLE: &[Row; COUNT] = &[
    Row {
        preset: Preset::Dither,
        name: "dither",
        purpose: "dithering, ambient occlusion, shadows, sampling, anything nonlinear: every thresholded pattern is blue",
        stages: &family(DITHER_SIGMAS[1], DITHER_STEPS[0]),
    },
    Row {
        preset: Preset::DitherFast,
        name: "dither-fast",
        purpose: "dithering, at load time within a frame: about half of the polish",
        stages: &family(DITHER_SIGMAS[1], DITHER_STEPS[1]),
    },
    Row {
        preset: Preset::DitherClassic,
        name: "dither-classic",
        purpose: "dithering, ahead of void-and-cluster in each of its own strongholds",
        stages: &[Stage::Fill(CLASSIC_FILL), Stage::Polish(CLASSIC)],
    },
    Row {
        preset: Preset::DitherBest,
        name: "dither-best",
        purpose: "dithering, six times the time for the last tenths of a decibel",
        stages: &[Stage::Fill(Fill::new(1.32, 6)), Stage::Polish(BEST_FIRST), Stage::Polish(BEST_SECOND)],
    },
    Row {
        preset: Preset::DitherSmooth,
        name: "dither-smooth",
        purpose: "nonlinear and linear uses of one mask: every pattern is blue, and the grey mask is dark at low frequencies",
        stages: &[Stage::Fill(SMOOTH_FILL), Stage::Polish(SMOOTH_FIRST), Stage::Polish(SMOOTH_SECOND)],
    },
    Row {
        preset: Preset::DitherNear,
        name: "dither-near",
        purpose: "dithering that is looked at closely: the least error at the finest blur",
        stages: &[Stage::Fill(Fill::new(1.14, 5)), Stage::Polish(NEAR)],
    },
    Row {
        preset: Preset::DitherGradient,
        name: "dither-gradient",
        purpose: "dithering by gradient descent alone, from noise",
        stages: &[
            Stage::Front(Front { steps: 1000, ..Front::PLAIN }),
            Stage::Polish(Polish { steps: 80, ..SMOOTH_FIRST }),
            Stage::Polish(SMOOTH_SECOND),
        ],
    },
    Row {
        preset: Preset::VoidAndCluster,
        name: "void-and-cluster",
        purpose: "Ulichney's void-and-cluster (1993), exact, to compare against",
        stages: &[Stage::VoidAndCluster(VoidAndCluster::CLASSIC)],
    },
    Row {
        preset: Preset::Spectral,
        name: "spectral",
        purpose: "noise that enters linearly, added over 16 levels or more or as a small offset: the grey mask itself is blue",
        stages: &[Stage::Spectral(SPECTRAL)],
    },
    Row {
        preset: Preset::Published,
        name: "published",
        purpose: "the published method, constant for constant: 100 000 randomised steps, to compare against",
        stages: &[Stage::Spectral(Spectral::PUBLISHED), Stage::Spectral(PUBLISHED_END)],
    },
    Row {
        preset: Preset::Triangular,
        name: "triangular",
        purpose: "triangular noise added before rounding to integers (TPDF dither), and no other use: every rounded picture is blue",
        stages: &[Stage::Fill(Fill::new(1.22, 5)), Stage::Polish(TRIANGULAR)],
    },
    Row {
        preset: Preset::SpaceTime,
        name: "space-time",
        purpose: "masks with layers, one a frame: each layer is blue in space, each pixel over time",
        stages: &space_time(SPACE_TIME_WEIGHTS[1]),
    },
    Row {
        preset: Preset::SpaceTimeWide,
        name: "space-time-wide",
        purpose: "masks with layers for averages of many frames: as space-time with more of time",
        stages: &[Stage::Fill(WIDE_FILL), Stage::Polish(WIDE)],
    },
];

impl Preset {
    /// Every preset, the default first.
    pub const ALL: [Self; COUNT] = {
        let mut all = [Self::Dither; COUNT];
        let mut i = 0;
        while i < COUNT {
            assert!(TABLE[i].preset as usize == i, "the rows stand in the order of the numbers");
            all[i] = TABLE[i].preset;
            i += 1;
        }
        all
    };

    const fn row(self) -> &'static Row {
        // a preset's number is below the count: the compiler drops the comparison
        let i = self as usize;
        if i < COUNT { &TABLE[i] } else { &TABLE[0] }
    }

    /// Name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// One line: what the preset is for.
    #[must_use]
    pub const fn purpose(self) -> &'static str {
        self.row().purpose
    }

    /// Preset of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// Distribution of the values that the preset's masks are made for.
    #[must_use]
    pub const fn distribution(self) -> Distribution {
        match self {
            Self::Triangular => Distribution::TRIANGULAR,
            _ => Distribution::UNIFORM,
        }
    }

    /// The preset's recipe.
    #[must_use]
    pub const fn recipe(self) -> Recipe {
        Recipe::new(self.row().stages)
    }
}

impl Recipe {
    /// The family of dither masks: sigma from 1.0, for near viewing, to 1.7 pixels, for far viewing; `steps` of polish, by
    /// default and for speed [`DITHER_STEPS`].
    ///
    /// # Errors
    /// [`Error::Number`] for a sigma that is out of range.
    pub const fn dither(sigma: f32, steps: u32) -> Result<Self, Error> {
        if sigma >= DITHER_SIGMAS[0] && sigma <= DITHER_SIGMAS[2] {
            Ok(Self::new(&family(sigma, steps)))
        } else {
            Err(Error::Number {
                what: "sigma",
                value: sigma,
                range: "from 1 to 1.7 pixels for the family of dither masks",
            })
        }
    }

    /// The family of space-time masks: a weight of time from 0.02, the least, to 1, as much time as space. By
    /// default [`SPACE_TIME_WEIGHTS`]`[1]`.
    ///
    /// # Errors
    /// [`Error::Number`] for a weight that is out of range.
    pub const fn space_time(weight: f32) -> Result<Self, Error> {
        if weight >= SPACE_TIME_WEIGHTS[0] && weight <= SPACE_TIME_WEIGHTS[2] {
            Ok(Self::new(&space_time(weight)))
        } else {
            Err(Error::Number {
                what: "the weight of time",
                value: weight,
                range: "from 0.02 to 1 for the family of space-time masks",
            })
        }
    }

    /// The recipe with a last stage that swaps pixels for masks of few levels. Its kernel is that of the family at `sigma`.
    ///
    /// # Errors
    /// [`Error::StageCount`] if it has no room for one more.
    pub const fn with_levels(&self, levels: u32, sigma: f32) -> Result<Self, Error> {
        let mut recipe = *self;
        if recipe.stage_count as usize >= super::MAX_STAGES {
            return Err(Error::StageCount { got: recipe.stage_count + 1, most: super::MAX_STAGES as u32 });
        }
        let Polish { radius, kernel, taper, .. } = family_polish(sigma, 0);
        recipe.stages[recipe.stage_count as usize] =
            Stage::Swap(Swap { steps: 64, levels, radius, reach: 3, kernel, taper });
        recipe.stage_count += 1;
        Ok(recipe)
    }
}

const fn family(sigma: f32, steps: u32) -> [Stage; 2] {
    // coarser than the eye's blur where that is narrow: a fine fill has peaks, and far viewing has none to lose
    let fill = sigma * (1.15 - 0.1 * sigma);
    [Stage::Fill(Fill::new(fill, 5)), Stage::Polish(family_polish(sigma, steps))]
}

/// The step size is near the most that is stable, `s·(2 + λ) < 2(1 + μ)`: few steps get far, and any number of them ends well.
const fn family_polish(sigma: f32, steps: u32) -> Polish {
    Polish {
        steps,
        radius: 9,
        kernel: Mixture::new(&[(1.4 * sigma, 1.0), (2.72 * sigma, 6.4)]),
        ends: Mixture::new(&[(1.5 * sigma, 1.0), (6.0, 14.7)]),
        ends_inner: 0.005,
        ends_outer: 0.08,
        taper: 1.45,
        grey_sigma: 0.912 * sigma,
        grey_weight: Schedule::geometric(0.78, 0.65),
        step_size: Schedule::geometric(0.97, 0.83),
        tau: Schedule::geometric(0.045, 0.0019),
        momentum: 0.44,
        freeze_below: 0.033,
        freeze_above: 0.07,
        ..Polish::PLAIN
    }
}

/// The weight is that of the fill. The fill decides most of what space and time get; the polish refines both.
const fn space_time(weight: f32) -> [Stage; 2] {
    let fill = Coupling {
        time_weight: weight,
        time_radius: 4,
        time_kernel: Mixture::new(&[(1.5, 1.0), (1.05, 0.07)]),
        ..Coupling::PLAIN
    };
    let polish = Coupling {
        time_weight: 0.39 * weight,
        time_radius: 4,
        time_kernel: Mixture::new(&[(1.85, 1.0)]),
        ..Coupling::PLAIN
    };
    [
        Stage::Fill(Fill { coupling: fill, ..Fill::new(1.385, 5) }),
        Stage::Polish(Polish { coupling: polish, ..SPACE_TIME }),
    ]
}

const SPACE_TIME: Polish = Polish {
    steps: 6,
    radius: 6,
    kernel: Mixture::new(&[(1.89, 1.0), (9.18, 8.89), (0.73, 0.015)]),
    taper: 1.87,
    grey_sigma: 2.15,
    grey_weight: Schedule::geometric(0.173, 0.357),
    step_size: Schedule::geometric(1.3, 0.92),
    tau: Schedule::geometric(0.02, 0.0022),
    momentum: 0.47,
    product_weight: 0.12,
    product_sigma: 1.476,
    ..Polish::PLAIN
};

const WIDE_FILL: Fill = Fill {
    coupling: Coupling {
        time_weight: 0.38,
        time_radius: 6,
        time_kernel: Mixture::new(&[(1.8, 1.0)]),
        ..Coupling::PLAIN
    },
    ..Fill::new(1.6, 6)
};

const WIDE: Polish = Polish {
    steps: 8,
    radius: 8,
    kernel: Mixture::new(&[(2.15, 1.0), (5.0, 8.7)]),
    taper: 1.6,
    grey_sigma: 1.42,
    grey_weight: Schedule::geometric(0.28, 1.1),
    step_size: Schedule::constant(0.98),
    tau: Schedule::geometric(0.0174, 0.0015),
    momentum: 0.5,
    coupling: Coupling {
        time_weight: 0.088,
        time_radius: 6,
        time_kernel: Mixture::new(&[(2.0, 1.0), (3.0, 0.3)]),
        ..Coupling::PLAIN
    },
    product_weight: 0.05,
    product_sigma: 1.2,
    ..Polish::PLAIN
};

const CLASSIC_FILL: Fill = Fill { narrow_weight: 0.11, narrow_sigma: 1.0, exact: 1, ..Fill::new(1.397, 6) };

const CLASSIC: Polish = Polish {
    steps: 18,
    radius: 9,
    kernel: Mixture::new(&[(2.214, 1.0), (5.39, 5.822)]),
    ends: Mixture::new(&[(2.226, 1.0), (4.981, 8.858)]),
    ends_inner: 0.0019,
    ends_outer: 0.1088,
    taper: 1.355,
    band_weight: 1.5,
    band_cutoff: 0.1876,
    band_exponent: 6.5,
    grey_sigma: 1.121,
    grey_weight: Schedule::geometric(0.598, 0.733),
    step_size: Schedule::geometric(1.1, 0.593),
    tau: Schedule::geometric(0.0446, 0.00058),
    momentum: 0.587,
    ..Polish::PLAIN
};

const BEST_FIRST: Polish = Polish {
    steps: 200,
    radius: 6,
    kernel: Mixture::new(&[(2.0, 1.0)]),
    taper: 0.47,
    step_size: Schedule::geometric(0.477, 0.060),
    tau: Schedule::geometric(0.048, 0.0076),
    momentum: 0.49,
    ..Polish::PLAIN
};

const BEST_SECOND: Polish = Polish {
    steps: 60,
    radius: 9,
    kernel: Mixture::new(&[(1.465, 0.070), (2.407, 1.0), (3.613, 0.85)]),
    taper: 0.49,
    grey_sigma: 1.408,
    grey_weight: Schedule::geometric(0.98, 0.71),
    step_size: Schedule::geometric(0.627, 1.0),
    tau: Schedule::geometric(0.027, 0.00052),
    momentum: 0.56,
    ..Polish::PLAIN
};

/// Finer than what its first polish would take best, for a grey mask that is darker up to 0.25 cycles/pixel.
pub(super) const SMOOTH_FILL: Fill = Fill::new(1.37, 6);

pub(super) const SMOOTH_FIRST: Polish = Polish {
    steps: 40,
    radius: 6,
    kernel: Mixture::new(&[(2.347, 1.0)]),
    taper: 1.04,
    step_size: Schedule::geometric(1.2, 0.057),
    tau: Schedule::geometric(0.0556, 0.0021),
    momentum: 0.2,
    ..Polish::PLAIN
};

pub(super) const SMOOTH_SECOND: Polish = Polish {
    steps: 24,
    radius: 8,
    kernel: Mixture::new(&[(1.208, 0.066), (2.316, 1.0), (3.772, 3.0)]),
    taper: 1.30,
    grey_sigma: 1.564,
    grey_weight: Schedule::geometric(2.64, 2.56),
    step_size: Schedule::geometric(0.303, 0.679),
    tau: Schedule::geometric(0.0333, 0.0023),
    momentum: 0.46,
    ..Polish::PLAIN
};

const NEAR: Polish = Polish {
    steps: 30,
    radius: 8,
    kernel: Mixture::new(&[(0.9, 0.106), (1.292, 1.0), (3.136, 0.199)]),
    taper: 1.55,
    grey_sigma: 0.76,
    grey_weight: Schedule::geometric(0.26, 0.42),
    step_size: Schedule::geometric(0.3, 0.11),
    tau: Schedule::geometric(0.033, 0.0031),
    momentum: 0.47,
    ..Polish::PLAIN
};

/// No grey term: the energy has its own, because noise that is added shows in the picture's mean.
const TRIANGULAR: Polish = Polish {
    steps: 20,
    radius: 9,
    kernel: Mixture::new(&[(1.62, 1.0), (3.3, 6.05)]),
    taper: 2.05,
    step_size: Schedule::geometric(0.26, 0.163),
    tau: Schedule::geometric(0.0099, 0.0005),
    momentum: 0.65,
    law: Law::Added,
    ..Polish::PLAIN
};

/// The notebook's last ten steps: its histogram term alone, at 0.1.
const PUBLISHED_END: Spectral = Spectral {
    steps: 10,
    histogram_step_size: Schedule::constant(0.1),
    low_band: TermWeight::NONE,
    smoothness: TermWeight::NONE,
    ..Spectral::PUBLISHED
};

/// The published loss with all random factors 1, by the heavy ball.
const SPECTRAL: Spectral = Spectral {
    steps: 500,
    optimizer: Optimizer::heavy_ball(0.97),
    step_size: Schedule::constant(2.0),
    histogram_step_size: Schedule::constant(0.02),
    low_band: TermWeight::new(0.1),
    smoothness: TermWeight::new(0.01),
    histogram: TermWeight::new(2.2),
    ..Spectral::PUBLISHED
};
