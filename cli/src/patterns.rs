//! Figures of the binary patterns of a mask.

mod ramp;

use crate::failure::Result;
use crate::spectrum::Spectrum;
use bluegrad::Shape;
use bluegrad::measure::{self, GreyLevel, LEVELS, Patterns};
use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;
use std::thread::available_parallelism;

pub(crate) use ramp::{RAMP_BITS, RAMP_SIGMA};

/// Smallest mask that is measured on all cores, pixels: below, starting threads takes longer.
const MIN_PIXELS_FOR_THREADS: usize = 128 * 128;

/// Largest scratch memory of all threads together, in f64: 1 GiB.
pub(crate) const MOST_SCRATCH: usize = 1 << 27;

/// Grey levels in tables, in 128ths.
pub(crate) const NAMED_LEVELS: [u32; 11] = [2, 4, 8, 16, 32, 64, 96, 112, 120, 124, 126];

/// Binary patterns of a mask, with their figures.
#[derive(Debug)]
pub(crate) struct Dithered {
    pub(crate) shape: Shape,
    ranks: Vec<u32>,
    levels: Box<[GreyLevel; LEVELS]>,
    pub(crate) figures: Patterns,
    /// PSNR of a blurred ramp at each of [`RAMP_BITS`], in dB.
    pub(crate) ramp_psnr: [f64; RAMP_BITS.len()],
}

impl Dithered {
    /// Measures a mask of any values.
    pub(crate) fn of_values(values: &[f64], shape: Shape) -> Result<Self> {
        let (mut order, mut ranks) = (vec![0; values.len()], vec![0; values.len()]);
        measure::ranks(values, &mut order, &mut ranks)?;
        Self::new(ranks, shape)
    }

    /// Measures a mask by its ranks, which may have ties.
    pub(crate) fn new(ranks: Vec<u32>, shape: Shape) -> Result<Self> {
        let levels = measure_levels(&ranks, shape)?;
        let mut scratch = vec![0.0; measure::energy_scratch_len(shape)?];
        let figures = Patterns::new(&levels, measure::total_energy(&ranks, shape, &mut scratch)?);
        let ramp_psnr = ramp::psnr(&ranks, shape);
        Ok(Self { shape, ranks, levels, figures, ramp_psnr })
    }

    /// Figures of all 127 levels, from 1/128.
    pub(crate) fn levels(&self) -> &[GreyLevel; LEVELS] {
        &self.levels
    }

    /// Figures of level k/128, k from 1 to 127.
    pub(crate) fn level(&self, k: u32) -> &GreyLevel {
        &self.levels[k as usize - 1]
    }

    /// Whether a pixel of the pattern at level k/128 is set; the mask tiles the plane.
    pub(crate) fn is_set(&self, k: u32, x: u32, y: u32) -> bool {
        let Shape { width, height, .. } = self.shape;
        let rank = self.ranks[(y % height * width + x % width) as usize];
        rank < measure::threshold(self.shape, f64::from(k) / 128.0)
    }

    /// Spectrum of the pattern at level k/128.
    pub(crate) fn spectrum(&self, k: u32) -> Result<Spectrum> {
        Spectrum::of_pattern(&self.ranks, self.shape, f64::from(k) / 128.0)
    }
}

/// Measures all levels, on a number of threads that suits the mask.
fn measure_levels(ranks: &[u32], shape: Shape) -> Result<Box<[GreyLevel; LEVELS]>> {
    let mut levels = Box::new([GreyLevel::default(); LEVELS]);
    let scratch_len = measure::levels_scratch_len(shape)?;
    let threads = if ranks.len() < MIN_PIXELS_FOR_THREADS { 1 } else { available_parallelism().map_or(1, usize::from) };
    let threads = threads.clamp(1, (MOST_SCRATCH / scratch_len).max(1));
    // An even number: two levels share a transform.
    let share = LEVELS.div_ceil(threads).next_multiple_of(2);
    levels.par_chunks_mut(share).enumerate().try_for_each(|(i, part)| {
        let mut scratch = vec![0.0; scratch_len];
        measure::levels(ranks, shape, (1 + i * share) as u32, part, &mut scratch)
    })?;
    Ok(levels)
}
