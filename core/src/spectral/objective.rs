//! The pass over the bins between the transforms: each term's loss and multiplier, and the product.

use super::amplitudes::{self, Neighbours};
use super::terms::{BIN_TERMS, Bin, BinRow, BinTerms, Reads};
use crate::fft::{BinKernel, Plan, TileBins};
use crate::jobs::{Chunks, Jobs, Strip, Strips};
use crate::shape::{MAX_SIDE, Shape};
use crate::simd::{Kernel, LANES, Lanes, Row, SimdLevel, Words, reduce};

/// A number for each term of the bins, by the term's index.
pub(crate) type PerTerm = [f64; BIN_TERMS];

/// Terms, work space and tables of the pass.
pub(crate) struct Objective<'a, 'p, T> {
    pub(crate) plan: &'a Plan<'p>,
    pub(crate) spectrum: &'a mut [Row],
    /// The Nyquist row: real and imaginary part of W bins.
    pub(crate) nyquist: &'a mut [[f32; 2]],
    /// [`amplitudes::plane_len`] floats; not read unless a term reads neighbours.
    pub(crate) amplitudes: &'a mut [f32],
    pub(crate) terms: &'a T,
    /// What multiplies each term's gradient: its weight, times its random number of this step.
    pub(crate) factors: [f32; BIN_TERMS],
}

/// The most row tiles.
const MAX_TILES: usize = MAX_SIDE as usize / (2 * LANES);

impl<T: BinTerms> Objective<'_, '_, T> {
    /// Replaces the bins by their products; gives each term's sum over the bins, not weighted and not scaled. Terms that read neighbours
    /// want all amplitudes first, in a pass of their own.
    pub(crate) fn run(self, level: SimdLevel, jobs: &dyn Jobs) -> PerTerm {
        let Self { plan, spectrum, nyquist, amplitudes, terms, factors } = self;
        let reads = terms.reads();
        let neighbours = reads == Reads::Neighbours;
        let amplitudes = if neighbours { amplitudes } else { &mut [] };
        if neighbours {
            let strips = Strips::new(amplitudes, amplitudes::stride(plan.shape), amplitudes::column(0), LANES);
            let mut parts = plan.bin_parts(spectrum, nyquist, strips);
            plan.over_bins::<false, _, _>((level, jobs), true, &mut parts, &WriteAmplitudes);
            level.run(CompleteAmplitudes { plan, nyquist, amplitudes });
        }
        let scale = 1.0 / plan.shape.pixels() as f32;
        let multiply = Multiply { shape: plan.shape, amplitudes, terms, factors, reads, scale };
        let mut sums = [PerTerm::default(); MAX_TILES];
        let mut parts = plan.bin_parts(spectrum, nyquist, Chunks::new(&mut sums, 1));
        plan.over_bins::<true, _, _>((level, jobs), !neighbours, &mut parts, &multiply);
        let mut total = PerTerm::default();
        for sums in sums.iter().take(plan.shape.row_tiles()) {
            add(&mut total, sums);
        }
        total
    }
}

fn add(to: &mut PerTerm, from: &PerTerm) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

/// Writes the amplitudes of a tile to its strip of the plane.
struct WriteAmplitudes;

impl BinKernel<Strip<'_, f32>> for WriteAmplitudes {
    #[inline(always)]
    fn run<V: Lanes>(&self, token: V::Token, bins: &mut TileBins<'_>, mut plane: Strip<'_, f32>) {
        amplitudes::write_tile::<V>(token, bins, &mut plane);
    }
}

/// Completes the plane of amplitudes: the Nyquist bins, and the border.
struct CompleteAmplitudes<'a, 'p> {
    plan: &'a Plan<'p>,
    nyquist: &'a [[f32; 2]],
    amplitudes: &'a mut [f32],
}

impl Kernel for CompleteAmplitudes<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        amplitudes::write_nyquist::<V>(token, self.plan, self.nyquist, self.amplitudes);
        amplitudes::fill_border(self.amplitudes, self.plan.shape);
    }
}

/// Multiplies the bins by what the terms say.
struct Multiply<'a, T> {
    shape: Shape,
    /// The plane of amplitudes, if a term reads neighbours.
    amplitudes: &'a [f32],
    terms: &'a T,
    factors: [f32; BIN_TERMS],
    reads: Reads,
    /// 1/M, which all multipliers have.
    scale: f32,
}

impl<T: BinTerms> BinKernel<&mut [PerTerm]> for Multiply<'_, T> {
    #[inline(always)]
    fn run<V: Lanes>(&self, token: V::Token, bins: &mut TileBins<'_>, sums: &mut [PerTerm]) {
        let mut total = PerTerm::default();
        add(&mut total, &self.tile::<V>(token, bins));
        if !bins.nyquist.is_empty() {
            add(&mut total, &self.nyquist::<V>(token, bins));
        }
        debug_assert!(sums.len() == 1, "a tile has its own sums");
        if let Some(sums) = sums.first_mut() {
            *sums = total;
        }
    }
}

/// Below this a stored amplitude counts as 0, which has no gradient.
const TINY: f32 = 1e-20;

impl<T: BinTerms> Multiply<'_, T> {
    /// What terms read of a bin, from its power and, if it stands in the plane, its amplitude.
    #[inline(always)]
    fn bin<V: Lanes>(&self, token: V::Token, power: V, amplitude: Option<V>) -> Bin<V> {
        if self.reads == Reads::Power {
            let zero = V::splat(token, 0.0);
            return Bin { power, amplitude: zero, inverse: zero };
        }
        let amplitude = match amplitude {
            Some(amplitude) => amplitude,
            None => power.sqrt(),
        };
        let (zero, tiny) = (V::splat(token, 0.0), V::splat(token, TINY));
        let inverse = amplitude.select_less(tiny, zero, V::splat(token, 1.0) / amplitude.max(tiny));
        Bin { power, amplitude, inverse }
    }

    /// The row `l` of a tile's bins.
    #[inline(always)]
    fn row(&self, l: usize, tile: usize) -> BinRow<'_> {
        BinRow { l, tile, neighbours: Neighbours::new(self.amplitudes, amplitudes::stride(self.shape), l, tile) }
    }

    /// Multiplies the rows of a tile; gives the sums of its losses.
    #[inline(always)]
    fn tile<V: Lanes>(&self, token: V::Token, bins: &mut TileBins<'_>) -> PerTerm {
        let tile = bins.tile;
        let lanes = self.terms.lanes(tile);
        let counts = counts(tile, self.shape.height as usize);
        let mut totals = [[0.0; LANES]; BIN_TERMS];
        for chunk in 0..V::chunks() {
            let mut sums = [V::splat(token, 0.0); BIN_TERMS];
            let count = V::load(token, &counts, chunk);
            for (to, l) in bins.rows.iter_mut().zip(bins.frequencies) {
                let (re, im) = (V::load(token, &to.re, chunk), V::load(token, &to.im, chunk));
                let row = self.row(usize::from(*l), tile);
                let amplitude = row.neighbours.as_ref().map(|neighbours| neighbours.amplitude(token, chunk));
                let bin = self.bin(token, re * re + im * im, amplitude);
                let coefficients = self.terms.coefficients(token, &lanes, &row, chunk);
                let factor = self.factor(token, &bin, &coefficients, count, &mut sums);
                (re * factor).store(&mut to.re, chunk);
                (im * factor).store(&mut to.im, chunk);
            }
            for i in 0..BIN_TERMS {
                sums[i].store(&mut totals[i], chunk);
            }
        }
        totals.map(|lanes| f64::from(reduce(&lanes)))
    }

    /// Multiplies the Nyquist row, whose bins stand once in the full spectrum, 16 rows at a time; gives the sums of its losses.
    #[inline(always)]
    fn nyquist<V: Lanes>(&self, token: V::Token, bins: &mut TileBins<'_>) -> PerTerm {
        let mut totals = [[0.0; LANES]; BIN_TERMS];
        let (nyquist, _) = bins.nyquist.as_chunks_mut::<LANES>();
        let (frequencies, _) = bins.frequencies.as_chunks::<LANES>();
        let half = self.shape.height as usize / 2;
        let (tile, lane) = (half / LANES, half % LANES);
        let lanes = self.terms.lanes(tile);
        for (bins, frequencies) in nyquist.iter_mut().zip(frequencies) {
            // gathered one by one: what a term knows of a bin lies in another row for each
            let (mut amplitudes, mut gathered) = ([0.0; LANES], [[0.0; LANES]; BIN_TERMS]);
            for i in 0..LANES {
                let row = self.row(usize::from(frequencies[i]), tile);
                amplitudes[i] = row.neighbours.as_ref().map_or(0.0, |neighbours| neighbours.amplitude::<f32>((), lane));
                let coefficients = self.terms.coefficients::<f32>((), &lanes, &row, lane);
                for t in 0..BIN_TERMS {
                    gathered[t][i] = coefficients[t];
                }
            }
            let powers = amplitudes::powers(bins);
            let mut factors = [0.0; LANES];
            for chunk in 0..V::chunks() {
                let mut sums = [V::splat(token, 0.0); BIN_TERMS];
                let mut coefficients = sums;
                for t in 0..BIN_TERMS {
                    sums[t] = V::load(token, &totals[t], chunk);
                    coefficients[t] = V::load(token, &gathered[t], chunk);
                }
                let in_plane = self.reads == Reads::Neighbours;
                let amplitude = if in_plane { Some(V::load(token, &amplitudes, chunk)) } else { None };
                let bin = self.bin(token, V::load(token, &powers, chunk), amplitude);
                let once = V::splat(token, 1.0);
                self.factor(token, &bin, &coefficients, once, &mut sums).store(&mut factors, chunk);
                for t in 0..BIN_TERMS {
                    sums[t].store(&mut totals[t], chunk);
                }
            }
            for i in 0..LANES {
                bins[i] = [bins[i][0] * factors[i], bins[i][1] * factors[i]];
            }
        }
        totals.map(|lanes| f64::from(reduce(&lanes)))
    }

    /// What a bin is multiplied by; adds its losses, each `count` times.
    #[inline(always)]
    fn factor<V: Lanes>(
        &self,
        token: V::Token,
        bin: &Bin<V>,
        coefficients: &[V; BIN_TERMS],
        count: V,
        sums: &mut [V; BIN_TERMS],
    ) -> V {
        let multiplier = self.terms.evaluate(token, &self.factors, bin, coefficients, count, sums);
        multiplier * V::splat(token, self.scale)
    }
}

/// How often each of 16 bins stands in the full spectrum: k = 0 once, the others also as −k; a height of 16 has no more than 8.
#[inline(always)]
fn counts(tile: usize, height: usize) -> [f32; LANES] {
    let mut counts = [2.0; LANES];
    for lane in 0..LANES {
        let k = tile * LANES + lane;
        if k == 0 {
            counts[lane] = 1.0;
        } else if k >= height / 2 {
            counts[lane] = 0.0;
        }
    }
    counts
}
