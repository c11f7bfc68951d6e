//! The pass between the transforms: rows forward, the terms' losses and multipliers, the product, rows back.

use super::bins::{Bins, Factors, LaneSums, powers};
use super::low_band::Window;
use super::smoothness;
use crate::fft::Plan;
use crate::fft::edge::{entangle, untangle};
use crate::fft::{rows_forward, rows_inverse};
use crate::jobs::{Chunks, Jobs, Strip, Strips, each};
use crate::shape::MAX_SIDE;
use crate::simd::{Kernel, LANES, Lanes, Level, Row, Words, reduce};

/// The raw losses of the spectral terms, without weights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sums {
    pub(crate) low_band: f64,
    pub(crate) smoothness: f64,
    pub(crate) profile: f64,
}

/// Work space and tables of the pass.
pub(crate) struct Between<'a, 'p> {
    pub(crate) plan: &'a Plan<'p>,
    pub(crate) spectrum: &'a mut [Row],
    /// The Nyquist row: real and imaginary part of W bins.
    pub(crate) nyquist: &'a mut [[f32; 2]],
    /// [`smoothness::plane_len`] floats; empty without that term.
    pub(crate) amplitudes: &'a mut [f32],
    /// [`profile::plane_len`] floats; empty without that term.
    pub(crate) profile: &'a [f32],
    pub(crate) cutoff: f32,
    pub(crate) factors: Factors,
}

/// The most row tiles.
const MAX_TILES: usize = MAX_SIDE as usize / (2 * LANES);

impl Between<'_, '_> {
    /// The pass. A job is a tile of rows; smoothness, which looks at the neighbours, wants all amplitudes first.
    pub(crate) fn run(self, level: Level, jobs: &dyn Jobs) -> Sums {
        let Self { plan, spectrum, nyquist, amplitudes, profile, cutoff, factors } = self;
        let (rows, tiles) = (plan.tile_rows(), plan.shape.row_tiles());
        let smooth = !amplitudes.is_empty();
        if smooth {
            let strips = Strips::new(amplitudes, smoothness::stride(plan.shape), smoothness::column(0), LANES);
            let mut parts = (Chunks::new(spectrum, rows), Chunks::new(nyquist, rows), strips);
            each(jobs, tiles, &mut parts, |_, (tile, nyquist, amplitudes)| {
                level.run(Measure { plan, tile, nyquist, amplitudes });
            });
            level.run(Border { plan, nyquist, amplitudes });
        }
        let bins = Bins {
            shape: plan.shape,
            window: Window::new(cutoff),
            amplitudes,
            profile,
            factors,
            scale: 1.0 / plan.shape.pixels() as f32,
        };
        let mut sums = [Sums::default(); MAX_TILES];
        let mut parts = (Chunks::new(spectrum, rows), Chunks::new(nyquist, rows), Chunks::new(&mut sums, 1));
        each(jobs, tiles, &mut parts, |group, (tile, nyquist, sums)| {
            if let Some(sums) = sums.first_mut() {
                *sums = level.run(Multiply { plan, bins: &bins, group, tile, nyquist, measured: smooth });
            }
        });
        // every loss carries 1/(4M), see the parent's text
        let quarter = 0.25 / plan.shape.pixels() as f64;
        let mut total = Sums::default();
        for sums in sums.iter().take(tiles) {
            total.low_band += quarter * sums.low_band;
            total.smoothness += quarter * sums.smoothness;
            total.profile += quarter * sums.profile;
        }
        total
    }
}

/// Transforms a tile of rows and writes its amplitudes. Lane 0 of the first tile, the only one with a part of `nyquist`, is taken
/// apart.
struct Measure<'a, 'p> {
    plan: &'a Plan<'p>,
    tile: &'a mut [Row],
    nyquist: &'a mut [[f32; 2]],
    amplitudes: Strip<'a, f32>,
}

impl Kernel for Measure<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        transform::<V>(token, self.plan, self.tile, self.nyquist);
        write_amplitudes::<V>(token, self.plan, self.tile, &mut self.amplitudes);
    }
}

#[inline(always)]
fn transform<V: Lanes>(token: V::Token, plan: &Plan<'_>, tile: &mut [Row], nyquist: &mut [[f32; 2]]) {
    rows_forward::<V>(token, &plan.rows, tile);
    if !nyquist.is_empty() {
        untangle(&plan.rows, tile, nyquist);
    }
}

/// Completes the plane of amplitudes: the Nyquist bins, and the border.
struct Border<'a, 'p> {
    plan: &'a Plan<'p>,
    nyquist: &'a [[f32; 2]],
    amplitudes: &'a mut [f32],
}

impl Kernel for Border<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        write_nyquist::<V>(token, self.plan, self.nyquist, self.amplitudes);
        smoothness::fill_border(self.amplitudes, self.plan.shape);
    }
}

/// Multiplies a tile of rows and transforms it back.
struct Multiply<'a, 'p> {
    plan: &'a Plan<'p>,
    bins: &'a Bins<'a>,
    group: usize,
    tile: &'a mut [Row],
    nyquist: &'a mut [[f32; 2]],
    /// Whether [`Measure`] has transformed it already.
    measured: bool,
}

impl Kernel for Multiply<'_, '_> {
    type Output = Sums;
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) -> Sums {
        let Self { plan, bins, group, tile, nyquist, measured } = self;
        if !measured {
            transform::<V>(token, plan, tile, nyquist);
        }
        let mut sums = Sums::default();
        sums.add(&bins.multiply::<V>(token, plan.rows.frequencies, tile, group));
        if !nyquist.is_empty() {
            sums.add(&bins.multiply_nyquist::<V>(token, plan.rows.frequencies, nyquist));
            entangle(tile, nyquist);
        }
        rows_inverse::<V>(token, &plan.rows, tile);
        sums
    }
}

impl Sums {
    /// Adds a tile: 16 lanes by the fixed tree, tiles in the order of their index.
    #[inline(always)]
    fn add(&mut self, tile: &LaneSums) {
        self.low_band += f64::from(reduce(&tile.low_band));
        self.smoothness += f64::from(reduce(&tile.smoothness));
        self.profile += f64::from(reduce(&tile.profile));
    }
}

/// Writes the stored amplitudes D of a tile to its strip of the plane.
#[inline(always)]
fn write_amplitudes<V: Lanes>(token: V::Token, plan: &Plan<'_>, tile: &[Row], plane: &mut Strip<'_, f32>) {
    for (row, l) in tile.iter().zip(plan.rows.frequencies) {
        let Some(to) = plane.row(smoothness::plane_row(usize::from(*l))).first_chunk_mut() else { return };
        for chunk in 0..V::chunks() {
            let (re, im) = (V::load(token, &row.re, chunk), V::load(token, &row.im, chunk));
            (re * re + im * im).sqrt().store(to, chunk);
        }
    }
}

/// Writes the stored amplitudes of the Nyquist row, 16 rows at a time: its bins lie one a row, but the roots are a vector's
/// (a scalar root costs a change between instruction encodings on x86).
#[inline(always)]
fn write_nyquist<V: Lanes>(token: V::Token, plan: &Plan<'_>, nyquist: &[[f32; 2]], plane: &mut [f32]) {
    let (stride, half) = (smoothness::stride(plan.shape), plan.shape.height as usize / 2);
    let (nyquist, _) = nyquist.as_chunks::<LANES>();
    let (frequencies, _) = plan.rows.frequencies.as_chunks::<LANES>();
    for (bins, frequencies) in nyquist.iter().zip(frequencies) {
        let mut amplitudes = [0.0; LANES];
        let powers = powers(bins);
        for chunk in 0..V::chunks() {
            V::load(token, &powers, chunk).sqrt().store(&mut amplitudes, chunk);
        }
        for i in 0..LANES {
            let to = smoothness::row_mut(plane, stride, usize::from(frequencies[i]));
            if let Some(to) = to.get_mut(smoothness::column(half)) {
                *to = amplitudes[i];
            }
        }
    }
}
