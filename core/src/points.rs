//! Point sets: an exact number of points on a torus, evenly spread without a lattice.
//!
//! The same idea as [`crate::threshold`], with positions in place of values. N points on the unit torus, n their mean distance 1/√N, repel
//! each other with the gradient of the energy
//!
//! ```text
//! E = Σ_pairs exp(−r²/2(σn)²) = ½ Σ_f w(f)·(|S(f)|² − N),  S(f) = Σ_i exp(−2πi f·x_i),  w a Gaussian of width √N/2πσ
//! ```
//!
//! so the low frequencies of the set's spectrum vanish, the lowest most. The set tiles, has exactly the number of points that was asked
//! for, and is of any number from 1 to 2²². `sigma` is the one number that decides what a set is good for: at 0.95 the spectrum is flat
//! above its low band, as that of Gaussian blue noise; at 0.68 points are far apart, and the set is nearly a lattice in places.
//!
//! ```
//! use bluegrad::Line;
//! use bluegrad::points::{PointConfig, PointLayout, Points};
//!
//! const CONFIG: PointConfig = PointConfig { seed: 7, ..PointConfig::new(100) };
//! const LAYOUT: PointLayout = match PointLayout::new(&CONFIG) {
//!     Ok(layout) => layout,
//!     Err(_) => panic!("from 1 to 4194304 points"),
//! };
//! let mut memory = [Line::ZERO; LAYOUT.lines()];
//! let mut points = Points::init(Line::as_bytes_mut(&mut memory), &CONFIG)?;
//! while !points.step(8)?.is_done() {}
//! // Positions on the torus, in units of 2⁻³²; or as floats in [0, 1).
//! assert_eq!(points.positions().len(), 100);
//! let mut floats = [[0.0; 2]; 100];
//! points.write_f32(&mut floats)?;
//! # Ok::<(), bluegrad::Error>(())
//! ```
//!
//! # How a step works
//!
//! All numbers are integers, so every SIMD level, every number of threads and every machine gives the same bytes. Points are sorted into
//! cells of a grid; each point sums the forces of the points of the cells around, in 16-bit lanes; then its velocity and position follow:
//!
//! ```text
//! x16 = low 16 bits of (x·S >> 32)   S = 2¹²·√N/σ: 2¹² is one σn; an image of the torus k away adds k·S
//! d   = saturated 2·(x16_i − x16_j),  u = (dx² >> 16) + (dy² >> 16),  g = 2¹⁵(1 − u/2¹⁵)¹⁶ in four rounded squares, F = Σ_j d·g
//! v   = (B·v + K·F) >> 16             B = 2¹⁶·momentum, K = 2²⁰·step size/(σ·√N), |v| at most 2³⁰/√N
//! x   = x + v                         2³² is the side of the torus
//! ```
//!
//! (1 − u)¹⁶ is exp(−r²/2(σn)²) but for 2 % of its peak, and 0 from 4σn on. A Gaussian that is cut earlier lets points merge.
//!
//! The output is in the order of the last step's cells: by rows of cells, which are rows of the picture.

mod config;
mod forces;
mod grid;
mod header;
mod layout;
mod sort;
mod start;

pub use config::{MAX_POINTS, MAX_SIGMA, MIN_SIGMA, PointConfig, PointPreset};
pub use header::POINTS_VERSION;
pub use layout::{POINTS_HEADER_BYTES, PointLayout};

use crate::error::{Error, length};
use crate::jobs::{Jobs, Means, Serial};
use crate::memory::MEMORY_ALIGN;
use crate::simd::SimdLevel;
use bytemuck::{Pod, Zeroable};
use grid::Grid;
use header::Header;
use layout::Buffers;

/// A position on the torus: x and y in units of 2⁻³² of its side.
pub type Position = [u32; 2];

/// Progress of a run of a point set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
#[non_exhaustive]
pub struct PointReport {
    /// Steps done.
    pub step: u32,
    /// Steps in all.
    pub steps: u32,
}

impl PointReport {
    /// Whether the set is done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        self.step >= self.steps
    }
}

/// A point set in the caller's memory: init, step, read.
///
/// The block holds no pointer: a copy of its bytes is a snapshot, and [`Points::open`] goes on from it, at another address or on another
/// machine of the same endianness and [`POINTS_VERSION`].
#[derive(Debug)]
pub struct Points<'m> {
    memory: &'m mut [u8],
    config: PointConfig,
    layout: PointLayout,
    step: u32,
    level: SimdLevel,
}

impl<'m> Points<'m> {
    /// Starts a run: points of a lattice, each moved at random by up to three quarters of the mean distance.
    ///
    /// `memory` starts at a multiple of 64 and has at least [`PointLayout::bytes`] bytes, which are overwritten.
    ///
    /// # Errors
    /// [`Error::Alignment`], [`Error::Length`], [`Error::Level`], and those of [`PointConfig::check`].
    pub fn init(memory: &'m mut [u8], config: &PointConfig) -> Result<Self, Error> {
        let layout = PointLayout::new(config)?;
        let level = config.level.resolve()?;
        let memory = block(memory, layout.bytes())?;
        memory.fill(0);
        let mut points = Self { memory, config: *config, layout, step: 0, level };
        let count = config.count;
        let buffers = points.buffers()?;
        start::scatter(config.seed, count, buffers.positions);
        points.save()?;
        Ok(points)
    }

    /// Reopens a run from its block, or from a copy of the block's bytes.
    ///
    /// A SIMD level that this CPU lacks becomes the best that it has.
    ///
    /// # Errors
    /// [`Error::Alignment`], [`Error::Length`], [`Error::NotPoints`].
    pub fn open(memory: &'m mut [u8]) -> Result<Self, Error> {
        block(memory, POINTS_HEADER_BYTES)?;
        let (config, step) = Header::read(memory)?;
        let layout = saved_layout(&config)?;
        let memory = block(memory, layout.bytes())?;
        let level = config.level.resolve().unwrap_or_else(|_| SimdLevel::detect());
        Ok(Self { memory, config, layout, step, level })
    }

    /// Layout of the run in a block, from the block's first [`POINTS_HEADER_BYTES`] bytes: how long the block is.
    ///
    /// # Errors
    /// [`Error::NotPoints`].
    pub fn layout_of(block: &[u8]) -> Result<PointLayout, Error> {
        saved_layout(&Header::read(block)?.0)
    }

    /// Does up to `steps` more steps, fewer if the run ends. Not to call again cancels the run.
    ///
    /// # Errors
    /// [`Error::NotPoints`] if the block was damaged.
    pub fn step(&mut self, steps: u32) -> Result<PointReport, Error> {
        self.step_on(steps, &Serial)
    }

    /// Does up to `steps` more steps on the host's threads, with the same points as [`Points::step`].
    ///
    /// A step uses up to one thread per 8 rows of cells: two from about 3200 points on, 16 from about 200 000 on.
    ///
    /// # Errors
    /// As [`Points::step`].
    pub fn step_on(&mut self, steps: u32, jobs: &dyn Jobs) -> Result<PointReport, Error> {
        let means = Means { level: self.level, jobs };
        for _ in 0..steps {
            let Some((stage, index)) = config::stage_of(&self.config.stages(), self.step) else { break };
            let grid = Grid::new(self.config.count, stage.sigma);
            let flip = self.step % 2 == 1;
            let count = self.config.count;
            let mut buffers = self.buffers()?;
            // a new stage has other cells
            sort::by_cells(&mut buffers, &grid, flip, index > 0, means)?;
            forces::advance(&mut buffers, &grid, !flip, &stage, count, means)?;
            self.step += 1;
        }
        self.save()?;
        Ok(self.report())
    }

    /// Progress of the run.
    #[must_use]
    pub fn report(&self) -> PointReport {
        PointReport { step: self.step, steps: config::steps(&self.config.stages()) }
    }

    /// Configuration of the run.
    #[must_use]
    pub fn config(&self) -> &PointConfig {
        &self.config
    }

    /// SIMD level of the run.
    #[must_use]
    pub fn level(&self) -> SimdLevel {
        self.level
    }

    /// The points as they are now.
    #[must_use]
    pub fn positions(&self) -> &[Position] {
        self.layout.positions(self.memory, self.step % 2 == 1)
    }

    /// Writes the points as they are now, as floats in [0, 1): multiples of 2⁻²⁴, rounded down.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn write_f32(&self, to: &mut [[f32; 2]]) -> Result<(), Error> {
        length("points", self.config.count as usize, to.len())?;
        for (to, position) in to.iter_mut().zip(self.positions()) {
            *to = position.map(unit);
        }
        Ok(())
    }

    /// The block. A copy of its bytes is a snapshot, which [`Points::open`] reopens.
    #[must_use]
    pub fn block(&self) -> &[u8] {
        self.memory
    }

    fn buffers(&mut self) -> Result<Buffers<'_>, Error> {
        Buffers::new(self.memory, &self.layout).ok_or(Error::DAMAGED_POINTS)
    }

    fn save(&mut self) -> Result<(), Error> {
        Header::write(self.memory, &self.config, self.step)
    }
}

/// A coordinate as a float in [0, 1): its upper 24 bits, which a float holds exactly.
#[must_use]
pub fn unit(coordinate: u32) -> f32 {
    const STEP: f32 = 1.0 / 16_777_216.0;
    (coordinate >> 8) as f32 * STEP
}

/// Layout of a saved configuration. It passed the check when the run began, so an error is damage.
fn saved_layout(config: &PointConfig) -> Result<PointLayout, Error> {
    PointLayout::new(config).map_err(|_| Error::NotPoints("its configuration is damaged"))
}

/// The first `needed` bytes of a block, if it is aligned and long enough.
fn block(memory: &mut [u8], needed: usize) -> Result<&mut [u8], Error> {
    let got = memory.len();
    if memory.as_ptr().align_offset(MEMORY_ALIGN) != 0 {
        return Err(Error::Alignment);
    }
    memory.get_mut(..needed).ok_or(Error::Length { what: "block of memory, bytes", needed, got })
}
