//! Masks made for a user's filters: everything else follows from the filters.

use super::{AllStages, Coupling, Fill, FilterFill, FilterPolish, MAX_FILTER_RADIUS, Recipe, Stage, Stages};
use crate::error::{Error, length};
use crate::filters::{Combine, FilterKernel, Filters, SpaceKind, TimeKind};
use crate::jobs::{Means, Serial};
use crate::memory::{Carver, bytes_of};
use crate::shape::Shape;
use crate::simd::SimdLevel;
use crate::threshold::{filter_fill, filter_polish};
use rand_core::SeedableRng;
use rand_xoshiro::Xoshiro128PlusPlus;

/// Steps of polish of a recipe for filters: of a mask with layers, of a flat one, and of one with more than 2^18 elements.
pub const FILTER_STEPS: [u32; 3] = [12, 24, 8];

/// Elements from which on a recipe saves time: the last hundredths of a decibel would take a third of it.
const LARGE: usize = 1 << 18;

/// Exponents of the kernel of a filter fill.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Powers {
    /// In space.
    pub space: f32,
    /// In time.
    pub time: f32,
    /// Layers where a tent over the kernel in time ends; 0 for none.
    pub tent: u32,
}

impl Powers {
    /// Good exponents for filters, without probes.
    #[must_use]
    pub fn of(filters: &Filters) -> Self {
        let (space, time) = (&filters.space, &filters.time);
        let time_power = match time.kind {
            // 4 at α = 0.1, 2.5 at 0.2; less with a box: patterns are more even
            TimeKind::Ema => {
                let most = if space.kind == SpaceKind::Box { 3.5 } else { 4.0 };
                (most * libm::pow(f64::from(time.alpha) / 0.1, -0.68)).clamp(1.0, most) as f32
            }
            TimeKind::Exponential => 1.15,
            TimeKind::Gaussian => 1.7,
            TimeKind::None | TimeKind::Box | TimeKind::Taps => 1.0,
        };
        let space_power = match (space.kind, time.kind) {
            // a narrow Gaussian as sharp as that leaves patterns less even than void-and-cluster's
            (SpaceKind::Gaussian, TimeKind::Exponential) => (0.6 + 0.75 * space.sigma).clamp(1.2, 1.6),
            (SpaceKind::Gaussian, _) => 1.6,
            (SpaceKind::Box, TimeKind::None) | (SpaceKind::Taps, _) => 1.0,
            (SpaceKind::Box, TimeKind::Box) | (SpaceKind::Binomial, _) => 1.5,
            (SpaceKind::Box, _) => 1.1,
        };
        // what is farther than 8 layers is small in an average that starts anew: with 64 layers the fill takes .6 of the time without loss
        let tent = if time.kind == TimeKind::Exponential { 8 } else { 0 };
        Self { space: space_power, time: time_power, tent }
    }

    /// These exponents where the kernel stays positive definite on a shape, else 1.
    fn sound(self, filters: &Filters, shape: Shape) -> Self {
        let fill = self.fill(filters, shape);
        let plain = Self { space: 1.0, time: 1.0, ..self };
        if filter_fill::check_kernel(&fill, filters, shape).is_ok() { self } else { plain }
    }

    fn fill(&self, filters: &Filters, shape: Shape) -> FilterFill {
        let radius = FilterKernel::new(filters, shape).radius_of_power(self.space.into(), LEAST);
        let coupled = filters.time.kind != TimeKind::None && shape.layers >= FEW_LAYERS;
        let disorder = match shape.pixels() {
            _ if coupled => 1.0,
            ..SMALL => 150.0,
            _ => 60.0,
        };
        let radius = (radius as u32).clamp(1, MAX_FILTER_RADIUS);
        FilterFill { power: self.space, time_power: self.time, tent: self.tent, radius, disorder }
    }
}

/// Least factor in space that a fill's kernel reaches to: a tenth of what rounds to a weight of 1.
const LEAST: f64 = 0.5 / 40_000.0;

/// Layers from which on the time filter keeps a fill from settling on a lattice; with fewer, noise does.
const FEW_LAYERS: u32 = 4;

/// Pixels below which a fill takes more noise.
const SMALL: usize = 1024;

/// Parts of a kernel's sum that a polish tries to hold, the best first: a polish with less than the last makes masks worse.
const SHARES: [f32; 3] = [1.0, 0.99, 0.97];

/// The fill of masks for a Gaussian in space alone: that of dither masks, coarser than the filter, so that patterns are as even as those of
/// void-and-cluster. None for a Gaussian that is too wide or too narrow for it.
fn gaussian_fill(filters: &Filters) -> Option<Stage> {
    if filters.space.kind != SpaceKind::Gaussian || filters.time.kind != TimeKind::None {
        return None;
    }
    // a fill as fine as a narrow filter settles on lattices
    let sigma = filters.space.sigma;
    let sigma = sigma * (1.1 + 0.44 * (1.34 - sigma).max(0.0));
    let coupling = Coupling { channel_weight: 0.0, ..Coupling::PLAIN };
    let fill = Fill { coupling, ..Fill::new(sigma, libm::ceilf(4.0 * sigma) as u32) };
    fill.check().is_ok().then_some(Stage::Fill(fill))
}

impl Recipe {
    /// The recipe of masks with the least error after filters, for masks of a shape; without `powers` by [`Powers::of`].
    ///
    /// A fill with the kernel of the filters, or without `powers` for a Gaussian in space alone that of dither masks; then [`FILTER_STEPS`] of
    /// polish, if the taps of the polish can hold that kernel.
    ///
    /// # Errors
    /// [`Error::Number`] for a number of the filters or powers that is out of its range, [`Error::NotPositive`], and those of
    /// [`Shape::check`].
    pub fn filtered(filters: &Filters, shape: Shape, powers: Option<Powers>) -> Result<Self, Error> {
        if !AllStages::FILTERS {
            return Err(Error::Feature("filters"));
        }
        filters.check()?;
        shape.check()?;
        let fill = if let (None, Some(fill)) = (powers, gaussian_fill(filters)) {
            fill
        } else {
            let fill = powers.unwrap_or_else(|| Powers::of(filters).sound(filters, shape)).fill(filters, shape);
            fill.check()?;
            filter_fill::check_kernel(&fill, filters, shape)?;
            Stage::FilterFill(fill)
        };
        let mut recipe = Self { filters: *filters, ..Self::new(&[fill]) };
        // the tail of a Gaussian costs time and gains nothing
        let tailed = filters.space.kind == SpaceKind::Gaussian && filters.combine == Combine::Product;
        let large = shape.elements() > LARGE;
        let first = if tailed { 1 + usize::from(large) } else { 0 };
        let steps = FILTER_STEPS[if shape.layers == 1 { 1 } else { 2 * usize::from(large) }];
        for share in SHARES.into_iter().skip(first) {
            let polish = FilterPolish { steps, share, ..FilterPolish::PLAIN };
            if let Some((radius, time_radius)) = filter_polish::radii(&polish, filters, shape) {
                let polish = FilterPolish { radius, time_radius, ..polish };
                recipe = Self { filters: *filters, ..Self::new(&[fill, Stage::FilterPolish(polish)]) };
                break;
            }
        }
        Ok(recipe)
    }
}

/// Side of a probe's planes, pixels.
const PROBE_SIDE: u32 = 32;

/// Most layers of a probe.
const PROBE_LAYERS: u32 = 32;

/// Exponents in time, and then in space, that probes compare.
const TIME_POWERS: [f32; 5] = [1.0, 1.25, 1.6, 2.6, 4.0];
const SPACE_POWERS: [f32; 3] = [1.0, 1.5, 1.6];

fn probe_shape(shape: Shape) -> Shape {
    Shape::new(PROBE_SIDE, PROBE_SIDE).with_layers(shape.layers.min(PROBE_LAYERS))
}

/// The stage with the largest work space of all probes.
const WIDEST: FilterFill = FilterFill { radius: MAX_FILTER_RADIUS, ..FilterFill::PLAIN };

impl Powers {
    /// Bytes of scratch memory of [`Powers::probe`].
    #[must_use]
    pub fn probe_bytes(shape: Shape) -> usize {
        let shape = probe_shape(shape);
        bytes_of::<u32>(shape.elements()) + filter_fill::bytes(&WIDEST, shape)
    }

    /// Finds the exponents that suit filters best, by small fills.
    ///
    /// `memory` starts at a multiple of 64 and has at least [`Powers::probe_bytes`] bytes. Each probe fills a mask of 32 by 32 pixels with up
    /// to 32 of the layers, and sums the error after the filters over all pairs. The same arguments give the same exponents everywhere.
    ///
    /// # Errors
    /// [`Error::Number`] for filters that fail their check, those of [`Shape::check`], [`Error::Length`], [`Error::Alignment`].
    pub fn probe(filters: &Filters, shape: Shape, level: SimdLevel, memory: &mut [u8]) -> Result<Self, Error> {
        filters.check()?;
        shape.check()?;
        let (needed, got, shape) = (Self::probe_bytes(shape), memory.len(), probe_shape(shape));
        if got < needed {
            length("scratch memory of probes, bytes", needed, got)?;
        }
        let level = level.resolve()?;
        let mut best = Self::of(filters);
        let mut least = f64::INFINITY;
        let mut attempt = |powers: Self| -> Result<(), Error> {
            let loss = powers.loss(filters, shape, level, memory)?;
            if loss < least {
                (least, best) = (loss, powers);
            }
            Ok(())
        };
        let start = Self::of(filters);
        if shape.layers > 1 && filters.time.kind != TimeKind::None {
            for time in TIME_POWERS {
                attempt(Self { time, ..start })?;
            }
        } else {
            attempt(start)?;
        }
        let time = best.time;
        for space in SPACE_POWERS {
            if space != start.space {
                let loss = Self { space, time, ..start }.loss(filters, shape, level, memory)?;
                if loss < least {
                    (least, best) = (loss, Self { space, time, ..start });
                }
            }
        }
        Ok(best)
    }

    /// The loss of a probe; infinite where the kernel is not positive definite.
    fn loss(&self, filters: &Filters, shape: Shape, level: SimdLevel, memory: &mut [u8]) -> Result<f64, Error> {
        let fill = self.fill(filters, shape);
        if filter_fill::check_kernel(&fill, filters, shape).is_err() {
            return Ok(f64::INFINITY);
        }
        let mut memory = Carver::new(memory);
        let ranks = memory.take(shape.elements()).ok_or(Error::Alignment)?;
        let work = memory.take(filter_fill::bytes(&fill, shape)).ok_or(Error::Alignment)?;
        let means = Means { level, jobs: &Serial };
        for index in 0..FilterFill::steps(shape.elements()) {
            let rng = &mut Xoshiro128PlusPlus::seed_from_u64(index.into());
            filter_fill::step(means, (&fill, filters), shape, index, rng, work, ranks).ok_or(Error::DAMAGED)?;
        }
        Ok(filter_fill::loss(level, &FilterKernel::new(filters, shape), shape, ranks))
    }
}
