//! Masks of vectors: each pixel holds a sample of a set, and every half-space of samples is a blue pattern.
//!
//! A set of W·H samples is spread evenly over a [`Space`]; each layer holds each sample once. What counts is the distance between samples
//! (directions: the chord):
//!
//! ```text
//! E = −½ Σ_ij K(i−j)·|x_i − x_j|        but for a factor and a constant the filtered squared error of the patterns of all half-spaces
//! ```
//!
//! K is the [`FilterKernel`] of the recipe's filters. Stages, each a file:
//!
//! | step | file | does |
//! |---|---|---|
//! | fill | `fill` | ranks of each dimension of the space, jointly |
//! | map | `set`, `tree` | the set with its k-d order; pixels at the points that their ranks map to |
//! | flow | `flow` | all pixels at once by the gradient of E, as points of the space |
//! | pair | `tree`, `swaps` | a sample for each pixel: k-d order, then 2-opt; one layer a step |
//! | blend | `flow`, `swaps` | pixels pulled to their samples, more each round; a step of flow; 2-opt |
//!
//! Integers, and floats without fused operations in a fixed order: the same bytes on every level and target.
//!
//! ```
//! use bluegrad::vectors::{Space, VectorConfig, Vectors};
//! use bluegrad::{Filters, Line, Shape};
//!
//! let config = VectorConfig::new(Space::CosineHemisphere, Filters::GAUSSIAN, Shape::new(16, 16))?;
//! let mut memory = vec![Line::ZERO; config.bytes()?.div_ceil(64)];
//! let mut vectors = Vectors::init(Line::as_bytes_mut(&mut memory), &config)?;
//! while !vectors.step(8)?.done {}
//! let mut texture = [0.0; 16 * 16 * 3];
//! vectors.write_f32(&mut texture)?;
//! assert!(texture.chunks(3).all(|direction| direction[2] > 0.0));
//! # Ok::<(), bluegrad::Error>(())
//! ```

mod block;
mod fill;
mod flow;
mod grid;
mod set;
mod space;
mod stages;
mod swaps;
mod tree;

pub use fill::{JointFill, MAX_JOINT_RADIUS};
pub use set::{MAX_SAMPLES, samples};
pub use space::Space;

use crate::error::{Error, number};
use crate::filters::{FilterKernel, Filters, TimeKind};
use crate::jobs::{Jobs, Means, Serial};
use crate::memory::MEMORY_ALIGN;
use crate::shape::Shape;
use crate::simd::SimdLevel;
use block::{Buffers, Header, Progress};
use bytemuck::{CheckedBitPattern, NoUninit};

/// A sample: two to four components; the others are 0.
pub type Sample = [f32; 4];

/// Version of the algorithm: the same configuration and the same number give the same mask, byte for byte, on every machine.
pub const VECTORS_VERSION: u32 = 1;

/// A run as plain data: how many steps of what.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct VectorRecipe {
    /// The joint fill that a run starts with.
    pub fill: JointFill,
    /// Steps of flow, 0 to 1000.
    pub steps: u32,
    /// Rounds of blend, 0 to 1000.
    pub rounds: u32,
    /// Points that stand for the set, 16 to 256.
    pub points: u32,
    /// Radius of the flow's kernel, 1 to 12 pixels.
    pub radius: u32,
    /// Least weight of a tap of the flow, as a part of the kernel's centre, 0.0001 to 0.5.
    pub least: f32,
    /// Rate of the flow, in units of the mean distance's: 0.01 to 10.
    pub rate: f32,
    /// Momentum of the flow, 0 to 0.95.
    pub momentum: f32,
    /// Softness ε of the first and of the last step, in units of a neighbourhood's spacing: 0.01 to 10.
    pub softness: [f32; 2],
    /// Weight of half-spaces through the origin in the flow of directions, 0 to 1; other spaces do not read it.
    pub central: f32,
    /// Pull to the samples in the first and in the last round of blend, 0.001 to 1.
    pub pull: [f32; 2],
}

impl VectorRecipe {
    /// A good recipe for filters that pass [`Filters::check`], on a shape that passes [`Shape::check`].
    #[must_use]
    pub fn of(space: Space, filters: &Filters, shape: Shape) -> Self {
        let kernel = FilterKernel::new(filters, shape);
        let flat = filters.time.kind == TimeKind::None || shape.layers == 1;
        let power = 1.6;
        let radius = |power, least, most| (kernel.radius_of_power(power, least) as u32).clamp(1, most);
        let time_power = match filters.time.kind {
            // 4 at α = 0.1, 2.5 at 0.2
            TimeKind::Ema => (4.0 * libm::pow(f64::from(filters.time.alpha) / 0.1, -0.68)).clamp(1.0, 4.0) as f32,
            TimeKind::Exponential => 1.15,
            TimeKind::Gaussian => 1.7,
            TimeKind::None | TimeKind::Box | TimeKind::Taps => 1.0,
        };
        let (coupling, reach) = match space.dimensions() {
            _ if flat => (0.4, 0.35),
            3 => (0.3, 0.2),
            4 => (0.3, 0.3),
            _ => (0.3, 0.15),
        };
        let fill = JointFill {
            power,
            time_power,
            radius: radius(power.into(), 1.0 / 8192.0, MAX_JOINT_RADIUS),
            disorder: 60.0,
            coupling,
            reach,
        };
        let least = if flat { 0.005 } else { 0.004 };
        Self {
            fill,
            steps: if flat { 12 } else { 6 },
            rounds: if flat { 24 } else { 8 },
            points: if flat { 128 } else { 256 },
            radius: radius(1.0, least, grid::MAX_PADDING as u32),
            least: least as f32,
            rate: 3.5,
            momentum: 0.5,
            softness: [0.5, 0.1],
            central: 0.0,
            pull: [0.1, 1.0],
        }
    }

    fn check(&self) -> Result<(), Error> {
        self.fill.check()?;
        number("vectors.steps", self.steps as f32, 0.0, 1000.0, "from 0 to 1000")?;
        number("vectors.rounds", self.rounds as f32, 0.0, 1000.0, "from 0 to 1000")?;
        number("vectors.points", self.points as f32, 16.0, block::MOST_POINTS as f32, "from 16 to 256")?;
        number("vectors.radius", self.radius as f32, 1.0, grid::MAX_PADDING as f32, "from 1 to 12 pixels")?;
        number("vectors.least", self.least, 0.0001, 0.5, "from 0.0001 to 0.5")?;
        number("vectors.rate", self.rate, 0.01, 10.0, "from 0.01 to 10")?;
        number("vectors.momentum", self.momentum, 0.0, 0.95, "from 0 to 0.95")?;
        for softness in self.softness {
            number("vectors.softness", softness, 0.01, 10.0, "from 0.01 to 10")?;
        }
        number("vectors.central", self.central, 0.0, 1.0, "from 0 to 1")?;
        for pull in self.pull {
            number("vectors.pull", pull, 0.001, 1.0, "from 0.001 to 1")?;
        }
        Ok(())
    }
}

/// What to make: a mask of vectors.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct VectorConfig {
    /// Width, height and layers; one channel.
    pub shape: Shape,
    /// Where samples lie.
    pub space: Space,
    /// The filters that the mask is made for.
    pub filters: Filters,
    /// Steps and their constants.
    pub recipe: VectorRecipe,
    /// Random seed, the lower word first.
    pub seed: [u32; 2],
    /// Instruction set.
    pub level: SimdLevel,
}

impl VectorConfig {
    /// The configuration of a good mask, with seed 0.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Layers`], [`Error::Number`] for filters that [`Filters::check`] refuses.
    pub fn new(space: Space, filters: Filters, shape: Shape) -> Result<Self, Error> {
        shape.check()?;
        filters.check()?;
        let recipe = VectorRecipe::of(space, &filters, shape);
        Ok(Self { shape, space, filters, recipe, seed: [0; 2], level: SimdLevel::Auto })
    }

    /// The configuration with another seed.
    #[must_use]
    pub const fn with_seed(self, seed: u64) -> Self {
        Self { seed: [seed as u32, (seed >> 32) as u32], ..self }
    }

    /// Whether a run can be started with it.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Layers`] (vectors have one channel), [`Error::Number`].
    pub fn check(&self) -> Result<(), Error> {
        self.shape.check()?;
        if self.shape.channels != 1 {
            let Shape { layers, channels, .. } = self.shape;
            return Err(Error::Layers { layers, channels });
        }
        self.filters.check()?;
        let kernel = FilterKernel::new(&self.filters, self.shape);
        let (centre, sum) = (kernel.centre(), kernel.sum());
        if !(centre > 0.0 && sum > 1e-6 * centre) {
            let value = (sum / centre) as f32;
            return Err(Error::Number {
                what: "the sum of the filters' kernel, over its centre",
                value,
                range: "above 0.000001",
            });
        }
        self.recipe.check()
    }

    /// Bytes of a run's block.
    ///
    /// # Errors
    /// Those of [`VectorConfig::check`].
    pub fn bytes(&self) -> Result<usize, Error> {
        self.check()?;
        Ok(block::bytes(self))
    }

    /// Number of steps.
    const fn steps(&self) -> u32 {
        let fill = JointFill::steps(self.space, self.shape);
        fill.saturating_add(1 + self.recipe.steps + self.shape.layers + self.recipe.rounds)
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VectorReport {
    /// Steps done.
    pub step: u32,
    /// Steps in all.
    pub steps: u32,
    /// Whether the mask is done.
    pub done: bool,
}

/// A run in the caller's block. The block holds no pointer: a copy of its bytes is a snapshot, and [`Vectors::open`] goes on from it.
#[derive(Debug)]
pub struct Vectors<'m> {
    memory: &'m mut [u8],
    config: VectorConfig,
    progress: Progress,
    level: SimdLevel,
}

/// The first `bytes` of a block.
fn block_of(memory: &mut [u8], bytes: usize) -> Result<&mut [u8], Error> {
    if !memory.as_ptr().addr().is_multiple_of(MEMORY_ALIGN) {
        return Err(Error::Alignment);
    }
    let got = memory.len();
    memory.get_mut(..bytes).ok_or(Error::Length { what: "bytes of the block", needed: bytes, got })
}

/// Checks the samples of a list: numbers, and not all the same.
fn check_list(list: &[f32], components: usize) -> Result<(), Error> {
    for value in list {
        number("a value of the list", *value, -1e6, 1e6, "finite, from -1000000 to 1000000")?;
    }
    let mut widest = 0.0_f32;
    for component in 0..components {
        let values = || list.iter().skip(component).step_by(components.max(1));
        let low = values().fold(f32::MAX, |low, value| low.min(*value));
        let high = values().fold(f32::MIN, |high, value| high.max(*value));
        widest = widest.max(high - low);
    }
    if list.is_empty() {
        return Ok(());
    }
    number("the width of the list", widest, 1e-6, f32::MAX, "above 0.000001: its samples must not be all the same")
}

impl<'m> Vectors<'m> {
    /// Starts a run. `memory` starts at a multiple of 64 and has at least [`VectorConfig::bytes`] bytes, which are overwritten.
    ///
    /// # Errors
    /// [`Error::Alignment`], [`Error::Length`] (of a list too: [`Vectors::init_with_list`]), [`Error::Level`], and those of
    /// [`VectorConfig::check`].
    pub fn init(memory: &'m mut [u8], config: &VectorConfig) -> Result<Self, Error> {
        Self::init_with_list(memory, config, &[])
    }

    /// Starts a run with the caller's own samples: as many as a layer has pixels, sample by sample, for [`Space::List2`] and its like.
    ///
    /// A density is a list whose samples are dense where it is high: warp the samples of a square by its inverse.
    ///
    /// # Errors
    /// As [`Vectors::init`]; [`Error::Number`] for a value that is not from −1000000 to 1000000, and for samples that are all the same.
    pub fn init_with_list(memory: &'m mut [u8], config: &VectorConfig, list: &[f32]) -> Result<Self, Error> {
        let (components, is_list) = (config.space.components(), config.space.is_list());
        let needed = if is_list { config.shape.pixels() * components } else { 0 };
        crate::error::length("values of the list", needed, list.len())?;
        check_list(list, components)?;
        let bytes = config.bytes()?;
        let level = config.level.resolve()?;
        let memory = block_of(memory, bytes)?;
        // padding and work space count too: the block's bytes depend on the configuration and the steps alone
        memory.fill(0);
        let mut vectors = Self { memory, config: *config, progress: Progress::default(), level };
        if is_list {
            let buffers = Buffers::new(vectors.memory, config).ok_or(Error::DAMAGED)?;
            for (sample, values) in buffers.samples.iter_mut().zip(list.chunks_exact(components)) {
                for (to, value) in sample.iter_mut().zip(values) {
                    *to = *value;
                }
            }
        }
        vectors.save()?;
        Ok(vectors)
    }

    /// Reopens a run from its block, or from a copy of the block's bytes.
    ///
    /// A SIMD level that this CPU lacks becomes the best that it has.
    ///
    /// # Errors
    /// [`Error::Alignment`], [`Error::Length`], [`Error::NotAGenerator`].
    pub fn open(memory: &'m mut [u8]) -> Result<Self, Error> {
        let (config, progress) = Header::read(memory)?;
        let bytes = config.bytes().map_err(|_| Error::DAMAGED)?;
        let level = config.level.resolve().unwrap_or_else(|_| SimdLevel::detect());
        Ok(Self { memory: block_of(memory, bytes)?, config, progress, level })
    }

    fn save(&mut self) -> Result<(), Error> {
        Header::write(self.memory, &self.config, &self.progress)
    }

    /// Does up to `steps` more steps, fewer if the run ends.
    ///
    /// # Errors
    /// [`Error::NotAGenerator`] if the block was damaged.
    pub fn step(&mut self, steps: u32) -> Result<VectorReport, Error> {
        self.step_on(steps, &Serial)
    }

    /// Does up to `steps` more steps on the host's threads, with the same bytes: steps of flow and of blend have a tile per row of a layer.
    ///
    /// # Errors
    /// As [`Vectors::step`].
    pub fn step_on(&mut self, steps: u32, jobs: &dyn Jobs) -> Result<VectorReport, Error> {
        let means = Means { level: self.level, jobs };
        for _ in 0..steps {
            if self.progress.step >= self.config.steps() {
                break;
            }
            let mut buffers = Buffers::new(self.memory, &self.config).ok_or(Error::DAMAGED)?;
            stages::step(&self.config, means, self.progress.step, &mut buffers).ok_or(Error::DAMAGED)?;
            self.progress.step += 1;
        }
        self.save()?;
        Ok(self.report())
    }

    /// How far the run is.
    #[must_use]
    pub fn report(&self) -> VectorReport {
        let (step, steps) = (self.progress.step, self.config.steps());
        VectorReport { step, steps, done: step >= steps }
    }

    /// What is made.
    #[must_use]
    pub const fn config(&self) -> &VectorConfig {
        &self.config
    }

    /// Writes the samples of all pixels, in the order layer, row, column, component.
    ///
    /// Cubes have components in [0, 1), directions and the disk in [−1, 1].
    ///
    /// # Errors
    /// [`Error::NotDone`] before the last step, [`Error::Length`], [`Error::NotAGenerator`] if the block was damaged.
    pub fn write_f32(&mut self, to: &mut [f32]) -> Result<(), Error> {
        let components = self.config.space.components();
        crate::error::length("values of the mask", self.config.shape.elements() * components, to.len())?;
        let pixels = self.config.shape.pixels().max(1);
        let buffers = self.done()?;
        for (layer, pixels) in to.chunks_exact_mut(pixels * components).zip(buffers.pixels.chunks_exact(pixels)) {
            for (sample, pixel) in buffers.samples.iter().zip(pixels) {
                let at = *pixel as usize * components;
                let to = layer.get_mut(at..at + components).ok_or(Error::DAMAGED)?;
                for (to, component) in to.iter_mut().zip(sample) {
                    *to = *component;
                }
            }
        }
        Ok(())
    }

    /// Writes the index of each pixel's sample in the set of [`samples`], layer by layer, row by row.
    ///
    /// # Errors
    /// As [`Vectors::write_f32`].
    pub fn write_indices(&mut self, to: &mut [u32]) -> Result<(), Error> {
        crate::error::length("indices of the mask", self.config.shape.elements(), to.len())?;
        let pixels = self.config.shape.pixels().max(1);
        let buffers = self.done()?;
        for (layer, pixels) in to.chunks_exact_mut(pixels).zip(buffers.pixels.chunks_exact(pixels)) {
            for (sample, pixel) in (0..).zip(pixels) {
                *layer.get_mut(*pixel as usize).ok_or(Error::DAMAGED)? = sample;
            }
        }
        Ok(())
    }

    /// Writes the ranks that the fill gave, dimension by dimension, layer by layer: for tests.
    ///
    /// # Errors
    /// As [`Vectors::write_f32`].
    #[doc(hidden)]
    pub fn write_ranks(&mut self, to: &mut [u32]) -> Result<(), Error> {
        let buffers = self.done()?;
        crate::error::length("ranks of the dimensions", buffers.ranks.len(), to.len())?;
        to.copy_from_slice(buffers.ranks);
        Ok(())
    }

    fn done(&mut self) -> Result<Buffers<'_>, Error> {
        let VectorReport { step, steps, done } = self.report();
        if !done {
            return Err(Error::NotDone { step, steps });
        }
        Buffers::new(self.memory, &self.config).ok_or(Error::DAMAGED)
    }
}
