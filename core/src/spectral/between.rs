//! The pass between the transforms: rows forward, the terms' losses and multipliers, the product, rows back.

use super::low_band::Window;
use super::profile;
use super::smoothness::{self, Neighbours};
use crate::fft::Plan;
use crate::fft::edge::{entangle, untangle};
use crate::fft::{rows_forward, rows_inverse};
use crate::shape::Shape;
use crate::simd::{Kernel, LANES, Lanes, Row, reduce};

/// What multiplies each term's gradient: its weight, times its random number of this step. 0 leaves a term's gradient out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Factors {
    pub(crate) low_band: f32,
    pub(crate) smoothness: f32,
    pub(crate) profile: f32,
}

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
    /// [`smoothness::plane_len`] floats; empty if no stage has that term.
    pub(crate) amplitudes: &'a mut [f32],
    /// [`profile::plane_len`] floats; empty if no stage has that term.
    pub(crate) profile: &'a [f32],
    pub(crate) cutoff: f32,
    pub(crate) factors: Factors,
}

/// Below this a stored amplitude counts as 0, which has no gradient.
const TINY: f32 = 1e-20;

impl Kernel for Between<'_, '_> {
    type Output = Sums;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) -> Sums {
        let Self { plan, spectrum, nyquist, amplitudes, profile, cutoff, factors } = self;
        let width = (plan.shape.width as usize).max(1);
        let smooth = !amplitudes.is_empty();
        for (group, tile) in spectrum.chunks_exact_mut(width).enumerate() {
            rows_forward::<V>(token, &plan.rows, tile);
            if group == 0 {
                untangle(&plan.rows, tile, nyquist);
            }
            if smooth {
                write_amplitudes::<V>(token, plan, tile, group, amplitudes);
            }
        }
        if smooth {
            write_nyquist(plan, nyquist, amplitudes);
            smoothness::fill_border(amplitudes, plan.shape);
        }
        let bins = Bins {
            shape: plan.shape,
            window: Window::new(cutoff),
            amplitudes,
            profile,
            factors,
            scale: 1.0 / plan.shape.pixels() as f32,
        };
        let mut sums = Sums::default();
        for (group, tile) in spectrum.chunks_exact_mut(width).enumerate() {
            let lanes = bins.multiply::<V>(token, plan.rows.frequencies, tile, group);
            sums.add(&lanes);
            if group == 0 {
                let lanes = bins.multiply_nyquist(plan.rows.frequencies, nyquist);
                sums.add(&lanes);
                entangle(tile, nyquist);
            }
            rows_inverse::<V>(token, &plan.rows, tile);
        }
        // every loss carries 1/(4M), see the parent's text
        let quarter = 0.25 / plan.shape.pixels() as f64;
        Sums {
            low_band: sums.low_band * quarter,
            smoothness: sums.smoothness * quarter,
            profile: sums.profile * quarter,
        }
    }
}

/// The losses of one tile in 16 lanes.
#[derive(Clone, Copy)]
struct LaneSums {
    low_band: [f32; LANES],
    smoothness: [f32; LANES],
    profile: [f32; LANES],
}

impl LaneSums {
    const ZERO: Self = Self { low_band: [0.0; LANES], smoothness: [0.0; LANES], profile: [0.0; LANES] };
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

/// Writes the stored amplitudes D of a tile to the plane.
#[inline(always)]
fn write_amplitudes<V: Lanes>(token: V::Token, plan: &Plan<'_>, tile: &[Row], group: usize, plane: &mut [f32]) {
    let stride = smoothness::stride(plan.shape);
    for (row, l) in tile.iter().zip(plan.rows.frequencies) {
        let to = smoothness::row_mut(plane, stride, usize::from(*l));
        let Some(to) = to.get_mut(smoothness::column(group * LANES)..).and_then(|to| to.first_chunk_mut()) else {
            return;
        };
        for chunk in 0..V::CHUNKS {
            let (re, im) = (V::load(token, &row.re, chunk), V::load(token, &row.im, chunk));
            (re * re + im * im).sqrt().store(to, chunk);
        }
    }
}

/// Writes the stored amplitudes of the Nyquist row.
#[inline(always)]
fn write_nyquist(plan: &Plan<'_>, nyquist: &[[f32; 2]], plane: &mut [f32]) {
    let (stride, half) = (smoothness::stride(plan.shape), plan.shape.height as usize / 2);
    for ([re, im], l) in nyquist.iter().zip(plan.rows.frequencies) {
        let to = smoothness::row_mut(plane, stride, usize::from(*l));
        if let Some(to) = to.get_mut(smoothness::column(half)) {
            *to = Lanes::sqrt(re * re + im * im);
        }
    }
}

/// What a bin's losses and multiplier depend on.
struct Bins<'a> {
    shape: Shape,
    window: Window,
    amplitudes: &'a [f32],
    profile: &'a [f32],
    factors: Factors,
    /// 1/M.
    scale: f32,
}

/// One bin in each lane.
struct Bin<V> {
    power: V,
    /// w².
    window: V,
    /// D and T of the plane, if there is one.
    smooth: Option<(V, V)>,
    /// The target of D, if there is one.
    target: Option<V>,
    /// How often the bin stands in the full spectrum: 1, 2, or 0 for a lane without a bin.
    count: V,
}

impl Bins<'_> {
    /// The multiplier of a bin; adds its losses.
    #[inline(always)]
    fn multiplier<V: Lanes>(&self, token: V::Token, bin: &Bin<V>, sums: &mut [V; 3]) -> V {
        let mut sum = V::splat(token, self.factors.low_band) * bin.window;
        sums[0] = sums[0] + bin.count * (bin.window * bin.power);
        if bin.smooth.is_some() || bin.target.is_some() {
            let zero = V::splat(token, 0.0);
            let amplitude = match bin.smooth {
                Some((amplitude, _)) => amplitude,
                None => bin.power.sqrt(),
            };
            let tiny = V::splat(token, TINY);
            let inverse = amplitude.select_less(tiny, zero, V::splat(token, 1.0) / amplitude.max(tiny));
            if let Some((_, stencil)) = bin.smooth {
                sum = sum + V::splat(token, self.factors.smoothness) * (stencil * inverse);
                sums[1] = sums[1] + bin.count * (amplitude * stencil);
            }
            if let Some(target) = bin.target {
                let distance = profile::distance(token, amplitude, target);
                sum = sum + V::splat(token, self.factors.profile) * (distance * inverse);
                sums[2] = sums[2] + bin.count * (distance * distance);
            }
        }
        sum * V::splat(token, self.scale)
    }

    /// Multiplies the bins of row tile `group`; gives their losses.
    #[inline(always)]
    fn multiply<V: Lanes>(&self, token: V::Token, frequencies: &[u16], tile: &mut [Row], group: usize) -> LaneSums {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let stride = smoothness::stride(self.shape);
        let lane_window = self.window.lanes(group, height);
        let counts = counts(group, height);
        let mut totals = LaneSums::ZERO;
        for chunk in 0..V::CHUNKS {
            let mut sums = [V::splat(token, 0.0); 3];
            let (lane_window, count) = (V::load(token, &lane_window, chunk), V::load(token, &counts, chunk));
            for (row, l) in tile.iter_mut().zip(frequencies) {
                let l = usize::from(*l);
                let (re, im) = (V::load(token, &row.re, chunk), V::load(token, &row.im, chunk));
                let row_window = V::splat(token, self.window.part(l, width));
                let bin = Bin {
                    power: re * re + im * im,
                    window: Window::squared(token, row_window, lane_window),
                    smooth: Neighbours::new(self.amplitudes, stride, l, group)
                        .map(|neighbours| neighbours.amplitude_and_stencil::<V>(token, chunk)),
                    target: profile::row(self.profile, self.shape, l)
                        .get(group * LANES..)
                        .and_then(|row| row.first_chunk())
                        .map(|row| V::load(token, row, chunk)),
                    count,
                };
                let factor = self.multiplier(token, &bin, &mut sums);
                (re * factor).store(&mut row.re, chunk);
                (im * factor).store(&mut row.im, chunk);
            }
            sums[0].store(&mut totals.low_band, chunk);
            sums[1].store(&mut totals.smoothness, chunk);
            sums[2].store(&mut totals.profile, chunk);
        }
        totals
    }

    /// Multiplies the Nyquist row; its sums stand in lane 0.
    #[inline(always)]
    fn multiply_nyquist(&self, frequencies: &[u16], nyquist: &mut [[f32; 2]]) -> LaneSums {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let stride = smoothness::stride(self.shape);
        let lane_window = self.window.part(height / 2, height);
        let mut sums = [0.0; 3];
        for ([re, im], l) in nyquist.iter_mut().zip(frequencies) {
            let l = usize::from(*l);
            let group = height / 2 / LANES;
            let lane = height / 2 % LANES;
            let bin = Bin {
                power: *re * *re + *im * *im,
                window: Window::squared((), self.window.part(l, width), lane_window),
                smooth: Neighbours::new(self.amplitudes, stride, l, group)
                    .map(|neighbours| neighbours.amplitude_and_stencil::<f32>((), lane)),
                target: profile::row(self.profile, self.shape, l).get(height / 2).copied(),
                count: 1.0,
            };
            let factor = self.multiplier((), &bin, &mut sums);
            *re *= factor;
            *im *= factor;
        }
        let mut totals = LaneSums::ZERO;
        [totals.low_band[0], totals.smoothness[0], totals.profile[0]] = sums;
        totals
    }
}

/// How often each of 16 bins stands in the full spectrum: k = 0 once, the others also as −k; a height of 16 has no more
/// than 8.
#[inline(always)]
fn counts(group: usize, height: usize) -> [f32; LANES] {
    let mut counts = [2.0; LANES];
    for lane in 0..LANES {
        let k = group * LANES + lane;
        if k == 0 {
            counts[lane] = 1.0;
        } else if k >= height / 2 {
            counts[lane] = 0.0;
        }
    }
    counts
}
