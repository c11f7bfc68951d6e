//! The pass over the bins, between the transforms: losses, and the product of each bin with its multiplier.
//!
//! A term says ℓ and m of a bin ([`super::terms`] has the scales); the pass adds up ℓ and replaces the bin X by Σ m·X/M, so that the
//! inverse transform gives `∂L/∂x`. Losses are added in 16 lanes down the rows of a tile, then lane by lane in a fixed tree, then tile by
//! tile: the order, so every bit, is that of any SIMD level and number of threads.

use super::amplitudes::{self, Neighbours, Window};
use super::terms::{BIN_TERMS, Bin, BinRow, BinTerms, Reads};
use crate::fft::{BinKernel, Plan, TileBins};
use crate::jobs::{Chunks, Jobs, Strip, Strips};
use crate::shape::{MAX_SIDE, Shape};
use crate::simd::{Kernel, LANES, Lanes, Row, SimdLevel, Words, reduce};
use heapless::Vec;

/// One number for each term of the bins, by the term's index.
pub(crate) type PerTerm = [f64; BIN_TERMS];

/// Terms, tables and work space of the pass.
pub(crate) struct Objective<'a, 'p, T> {
    pub(crate) plan: &'a Plan<'p>,
    pub(crate) spectrum: &'a mut [Row],
    /// Real and imaginary part of the W bins of the Nyquist row.
    pub(crate) nyquist: &'a mut [[f32; 2]],
    /// [`amplitudes::plane_len`] floats; used only if a term reads neighbours.
    pub(crate) amplitudes: &'a mut [f32],
    pub(crate) terms: &'a T,
    /// Factor of each term's multiplier: its weight, times its random number of this step.
    pub(crate) factors: [f32; BIN_TERMS],
}

/// Most row tiles of a mask.
const MAX_TILES: usize = MAX_SIDE as usize / (2 * LANES);

impl<T: BinTerms> Objective<'_, '_, T> {
    /// Replaces the bins by their products; returns each term's Σ ℓ over all bins.
    ///
    /// A sum has no weight and no scale: [`super::terms::Term::scale`] makes it a loss. If a term reads neighbours, a first pass writes
    /// all amplitudes.
    pub(crate) fn run(self, level: SimdLevel, jobs: &dyn Jobs) -> PerTerm {
        let Self { plan, spectrum, nyquist, amplitudes, terms, factors } = self;
        let reads = terms.reads();
        let neighbours = reads == Reads::Neighbours;
        let amplitudes = if neighbours { amplitudes } else { &mut [] };
        debug_assert!(!neighbours || amplitudes.len() == amplitudes::plane_len(plan.shape), "the plane holds all bins");
        debug_assert!(spectrum.len() == plan.tile_rows() * plan.shape.row_tiles(), "the spectrum holds all tiles");
        debug_assert!(plan.shape.row_tiles() <= MAX_TILES, "each tile has its own sums");
        if neighbours {
            let strips = Strips::new(amplitudes, amplitudes::stride(plan.shape), amplitudes::column(0), LANES);
            let mut parts = plan.bin_parts(spectrum, nyquist, strips);
            plan.over_bins::<false, _, _>((level, jobs), true, &mut parts, &WriteAmplitudes);
            level.run(CompleteAmplitudes { shape: plan.shape, nyquist, amplitudes });
        }
        let scale = 1.0 / plan.shape.pixels() as f32;
        let multiply = Multiply { shape: plan.shape, amplitudes, terms, factors, reads, scale };
        // only as many as there are: a whole array of zeros would cost as much as hundreds of bins
        let mut sums = Vec::<PerTerm, MAX_TILES>::new();
        let _ = sums.resize_default(plan.shape.row_tiles());
        let mut parts = plan.bin_parts(spectrum, nyquist, Chunks::new(&mut sums, 1));
        plan.over_bins::<true, _, _>((level, jobs), !neighbours, &mut parts, &multiply);
        let mut total = PerTerm::default();
        for sums in &sums {
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

/// Completes the plane of amplitudes.
struct CompleteAmplitudes<'a> {
    shape: Shape,
    nyquist: &'a [[f32; 2]],
    amplitudes: &'a mut [f32],
}

impl Kernel for CompleteAmplitudes<'_> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        amplitudes::complete::<V>(token, self.shape, self.nyquist, self.amplitudes);
    }
}

/// Multiplies the bins of a row tile and sums their losses.
struct Multiply<'a, T> {
    shape: Shape,
    /// The plane of amplitudes; empty unless a term reads neighbours.
    amplitudes: &'a [f32],
    terms: &'a T,
    factors: [f32; BIN_TERMS],
    reads: Reads,
    /// 1/M, which all multipliers share.
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
        debug_assert!(sums.len() == 1, "each tile has its own sums");
        if let Some(sums) = sums.first_mut() {
            *sums = total;
        }
    }
}

/// A smaller stored amplitude counts as 0, where |X| has no gradient.
const TINY: f32 = 1e-20;

impl<T: BinTerms> Multiply<'_, T> {
    /// Returns what the loops over the bins read.
    #[inline(always)]
    fn pass<V: Lanes>(&self, token: V::Token) -> Pass<V, T> {
        let mut factors = [V::splat(token, 0.0); BIN_TERMS];
        for i in 0..BIN_TERMS {
            factors[i] = V::splat(token, self.factors[i]);
        }
        Pass { terms: *self.terms, factors, scale: V::splat(token, self.scale), reads: self.reads }
    }

    /// Multiplies the rows of a tile; returns the sums of the tile's losses.
    #[inline(always)]
    fn tile<V: Lanes>(&self, token: V::Token, bins: &mut TileBins<'_>) -> PerTerm {
        let tile = bins.tile;
        let pass = self.pass::<V>(token);
        let data = pass.terms.tile_data(tile);
        let counts = counts(tile, self.shape.height as usize);
        let mut totals = [[0.0; LANES]; BIN_TERMS];
        for chunk in 0..V::chunks() {
            let mut sums = [V::splat(token, 0.0); BIN_TERMS];
            let count = V::load(token, &counts, chunk);
            let mut window = Window::new(token, self.amplitudes, self.shape, tile, chunk);
            for (l, row) in bins.order.iter().enumerate() {
                // not asserted: the table of rows is in the block, which may be damaged
                let Some(to) = bins.rows.get_mut(usize::from(*row)) else { return PerTerm::default() };
                let (re, im) = (V::load(token, &to.re, chunk), V::load(token, &to.im, chunk));
                let row = BinRow { l, tile, neighbours: next(token, &mut window) };
                let bin = pass.bin(token, re * re + im * im, own(&row));
                let coefficients = pass.terms.coefficients(token, &data, &row, chunk);
                let factor = pass.factor(token, &bin, &coefficients, count, &mut sums);
                (re * factor).store(&mut to.re, chunk);
                (im * factor).store(&mut to.im, chunk);
            }
            for i in 0..BIN_TERMS {
                sums[i].store(&mut totals[i], chunk);
            }
        }
        totals.map(|lanes| f64::from(reduce(&lanes)))
    }

    /// Multiplies the Nyquist row, 16 bins at a time; returns the sums of the row's losses.
    ///
    /// The bins stand once in the full spectrum, each in another row of the tile.
    #[inline(always)]
    fn nyquist<V: Lanes>(&self, token: V::Token, bins: &mut TileBins<'_>) -> PerTerm {
        let mut totals = [[0.0; LANES]; BIN_TERMS];
        let half = self.shape.height as usize / 2;
        let (tile, lane) = (half / LANES, half % LANES);
        let pass = self.pass::<V>(token);
        let data = pass.terms.tile_data(tile);
        let mut window = Window::<f32>::new((), self.amplitudes, self.shape, tile, lane);
        for (group, bins) in bins.nyquist.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            // One by one, in scalar code: in the plane the 16 bins have different rows.
            let (mut amplitudes, mut gathered) = ([0.0; LANES], [[0.0; LANES]; BIN_TERMS]);
            for i in 0..LANES {
                let row = BinRow { l: group * LANES + i, tile, neighbours: next((), &mut window) };
                amplitudes[i] = own(&row).unwrap_or_default();
                let coefficients = pass.terms.coefficients::<f32>((), &data, &row, lane);
                for t in 0..BIN_TERMS {
                    gathered[t][i] = coefficients[t];
                }
            }
            let mut factors = [0.0; LANES];
            for chunk in 0..V::chunks() {
                let mut sums = [V::splat(token, 0.0); BIN_TERMS];
                let mut coefficients = sums;
                for t in 0..BIN_TERMS {
                    sums[t] = V::load(token, &totals[t], chunk);
                    coefficients[t] = V::load(token, &gathered[t], chunk);
                }
                let in_plane = pass.reads == Reads::Neighbours;
                let amplitude = if in_plane { Some(V::load(token, &amplitudes, chunk)) } else { None };
                let bin = pass.bin(token, amplitudes::powers(token, bins, chunk), amplitude);
                let once = V::splat(token, 1.0);
                pass.factor(token, &bin, &coefficients, once, &mut sums).store(&mut factors, chunk);
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
}

/// What the loops over the bins read, in their own copy: a store to a bin cannot change it, so it stays in registers.
struct Pass<V, T> {
    terms: T,
    factors: [V; BIN_TERMS],
    scale: V,
    reads: Reads,
}

impl<V: Lanes, T: BinTerms> Pass<V, T> {
    /// Returns what terms read of a bin. Without `amplitude`, from the plane, it is the root of the power.
    #[inline(always)]
    fn bin(&self, token: V::Token, power: V, amplitude: Option<V>) -> Bin<V> {
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

    /// Returns the multiplier of a bin; adds the bin's losses, `count` times each.
    #[inline(always)]
    fn factor(
        &self,
        token: V::Token,
        bin: &Bin<V>,
        coefficients: &[V; BIN_TERMS],
        count: V,
        sums: &mut [V; BIN_TERMS],
    ) -> V {
        let multiplier = self.terms.evaluate(token, &self.factors, bin, coefficients, count, sums);
        multiplier * self.scale
    }
}

/// Returns what is around the next bins of a window, if there is one.
#[inline(always)]
fn next<V: Lanes>(token: V::Token, window: &mut Option<Window<'_, V>>) -> Option<Neighbours<V>> {
    match window {
        Some(window) => window.next(token),
        None => None,
    }
}

/// Returns the amplitudes of bins, if they come from the plane.
#[expect(clippy::manual_map, reason = "a closure would not be compiled for the level")]
#[inline(always)]
fn own<V: Lanes>(row: &BinRow<V>) -> Option<V> {
    match row.neighbours {
        Some(Neighbours { own, .. }) => Some(own),
        None => None,
    }
}

/// Returns how often each of 16 bins stands in the full spectrum.
///
/// k = 0 stands there once, all others as k and −k. At a height of 16 a tile has 8 bins: its other lanes count 0 times.
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
