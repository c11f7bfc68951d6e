//! A run that owns its memory, and a mask by one call: what allocates.

use super::{Generator, Report, Run};
use crate::error::Error;
use crate::jobs::Jobs;
use crate::layout::Layout;
use crate::mask::Mask;
use crate::memory::Line;
use crate::recipe::{AllStages, Config, DitherStages, Preset};
use alloc::vec::Vec;

/// Makes a mask for dithering: 8-bit values, row by row, each of the 256 equally often where 256 divides the number of pixels.
///
/// The mask is that of [`Preset::Dither`]; another seed gives another mask. 64x64 takes about a millisecond in an optimised build.
/// [`OwnedGenerator::run`] makes those of other presets, sizes in layers and channels, and values of other types.
///
/// ```
/// let mask = bluegrad::mask(64, 64, 7)?;
/// let (x, y, grey) = (70, 3, 100); // of a pixel of a picture
/// let threshold = mask[y % 64 * 64 + x % 64];
/// let white = grey > threshold;
/// # assert_eq!(mask.iter().filter(|value| **value == 200).count(), 16);
/// # let _ = white;
/// # Ok::<(), bluegrad::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] unless width and height are from 8 to 4096, [`Error::Memory`].
pub fn mask(width: u32, height: u32, seed: u64) -> Result<Vec<u8>, Error> {
    let config = Config { seed, ..Config::new(Preset::Dither, width, height) };
    let generator = OwnedGenerator::of(&config, |memory| Generator::run::<DitherStages>(memory, &config))?;
    Ok(generator.mask()?.to_u8())
}

/// A run that owns its memory, and keeps the memory from run to run.
///
/// ```
/// use bluegrad::{Config, OwnedGenerator, Preset, Range};
///
/// // A whole mask, of any preset and shape.
/// let config = Config { seed: 7, ..Config::new(Preset::Spectral, 32, 32) };
/// let floats = OwnedGenerator::run(&config)?.mask()?.to_f32(Range::Unit);
///
/// // Or some steps each frame, and the next mask in the same memory.
/// let mut config = Config::new(Preset::Dither, 64, 64);
/// let mut generator = OwnedGenerator::new(&config)?;
/// for seed in 0..3 {
///     config.seed = seed;
///     generator.restart(&config)?;
///     while !generator.step(2)?.done { /* the rest of the frame */ }
///     let texels = generator.mask()?.to_u8();
///     assert_eq!(texels, bluegrad::mask(64, 64, seed)?);
/// }
/// # assert_eq!(floats.len(), 1024);
/// # Ok::<(), bluegrad::Error>(())
/// ```
#[derive(Debug)]
pub struct OwnedGenerator {
    memory: Vec<Line>,
    run: Run,
}

impl OwnedGenerator {
    /// Starts a run from noise of the configuration's seed.
    ///
    /// # Errors
    /// [`Error::Memory`], and those of [`Generator::init`].
    pub fn new(config: &Config) -> Result<Self, Error> {
        Self::of(config, |memory| Generator::init(memory, config))
    }

    /// Starts a run from noise and does all its steps.
    ///
    /// # Errors
    /// As [`OwnedGenerator::new`].
    pub fn run(config: &Config) -> Result<Self, Error> {
        Self::of(config, |memory| Generator::run::<AllStages>(memory, config))
    }

    /// Starts a run from a given mask. Also returns the number of ties: [`Generator::init_with_mask`].
    ///
    /// # Errors
    /// [`Error::Memory`], and those of [`Generator::init_with_mask`].
    pub fn with_mask(config: &Config, values: &[f32]) -> Result<(Self, u32), Error> {
        let mut ties = 0;
        let generator = Self::of(config, |memory| {
            let (generator, counted) = Generator::init_with_mask(memory, config, values)?;
            ties = counted;
            Ok(generator)
        })?;
        Ok((generator, ties))
    }

    /// Takes up a run from the bytes of its block: [`OwnedGenerator::block`], saved.
    ///
    /// # Errors
    /// [`Error::Memory`], and those of [`Generator::open`].
    pub fn open(block: &[u8]) -> Result<Self, Error> {
        let layout = Generator::layout_of(block)?;
        let (needed, got) = (layout.bytes(), block.len());
        let block = block.get(..needed).ok_or(Error::Length { what: "block of memory, bytes", needed, got })?;
        let mut memory = Vec::new();
        grow(&mut memory, &layout)?;
        for (to, from) in Line::as_bytes_mut(&mut memory).iter_mut().zip(block) {
            *to = *from;
        }
        let run = Generator::open(Line::as_bytes_mut(&mut memory))?.run;
        Ok(Self { memory, run })
    }

    fn of<F>(config: &Config, begin: F) -> Result<Self, Error>
    where
        F: FnOnce(&mut [u8]) -> Result<Generator<'_>, Error>,
    {
        let mut memory = Vec::new();
        grow(&mut memory, &Layout::new(config)?)?;
        let run = begin(Line::as_bytes_mut(&mut memory))?.run;
        Ok(Self { memory, run })
    }

    /// Starts another run in the same memory, which grows if that run needs more and never shrinks.
    ///
    /// # Errors
    /// As [`OwnedGenerator::new`]; the run before goes on then.
    pub fn restart(&mut self, config: &Config) -> Result<(), Error> {
        grow(&mut self.memory, &Layout::new(config)?)?;
        self.run = Generator::init(Line::as_bytes_mut(&mut self.memory), config)?.run;
        Ok(())
    }

    /// Does up to `steps` more steps, fewer if the run ends.
    ///
    /// # Errors
    /// As [`Generator::step`].
    pub fn step(&mut self, steps: u32) -> Result<Report, Error> {
        self.with(|generator| generator.step(steps))
    }

    /// Does up to `steps` more steps on the host's threads: [`Generator::step_on`].
    ///
    /// # Errors
    /// As [`Generator::step`].
    pub fn step_on(&mut self, steps: u32, jobs: &dyn Jobs) -> Result<Report, Error> {
        self.with(|generator| generator.step_on(steps, jobs))
    }

    /// Calls a function with the run as a [`Generator`], for all else that one can do.
    pub fn with<T>(&mut self, call: impl FnOnce(&mut Generator<'_>) -> T) -> T {
        let mut generator = Generator { memory: Line::as_bytes_mut(&mut self.memory), run: self.run };
        let result = call(&mut generator);
        self.run = generator.run;
        result
    }

    /// The finished mask.
    ///
    /// # Errors
    /// [`Error::NotDone`] before the last step.
    pub fn mask(&self) -> Result<Mask<'_>, Error> {
        self.run.mask(self.block())
    }

    /// Progress of the run.
    #[must_use]
    pub fn report(&self) -> Report {
        self.run.report()
    }

    /// Configuration of the run.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.run.config
    }

    /// The block. A copy of its bytes is a snapshot, for [`OwnedGenerator::open`].
    #[must_use]
    pub fn block(&self) -> &[u8] {
        let bytes = Line::as_bytes(&self.memory);
        bytes.get(..self.run.layout.bytes()).unwrap_or(bytes)
    }
}

/// Makes room for a layout.
fn grow(memory: &mut Vec<Line>, layout: &Layout) -> Result<(), Error> {
    let more = layout.lines().saturating_sub(memory.len());
    memory.try_reserve_exact(more).map_err(|_| Error::Memory { bytes: layout.bytes() })?;
    memory.resize(memory.len() + more, Line::ZERO);
    Ok(())
}
