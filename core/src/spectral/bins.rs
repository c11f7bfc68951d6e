//! Bins of the spectrum: what each term says of one, its loss and its multiplier.

use super::low_band::Window;
use super::profile;
use super::smoothness::{self, Neighbours};
use crate::shape::Shape;
use crate::simd::{LANES, Lanes, Row};

/// What multiplies each term's gradient: its weight, times its random number of this step. 0 leaves a term's gradient out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Factors {
    pub(crate) low_band: f32,
    pub(crate) smoothness: f32,
    pub(crate) profile: f32,
}

/// The losses of one tile in 16 lanes.
#[derive(Clone, Copy)]
pub(super) struct LaneSums {
    pub(super) low_band: [f32; LANES],
    pub(super) smoothness: [f32; LANES],
    pub(super) profile: [f32; LANES],
}

impl LaneSums {
    const ZERO: Self = Self { low_band: [0.0; LANES], smoothness: [0.0; LANES], profile: [0.0; LANES] };
}

/// Below this a stored amplitude counts as 0, which has no gradient.
const TINY: f32 = 1e-20;

/// |z|² of 16 bins.
#[inline(always)]
pub(super) fn powers(bins: &[[f32; 2]; LANES]) -> [f32; LANES] {
    let mut powers = [0.0; LANES];
    for i in 0..LANES {
        let [re, im] = bins[i];
        powers[i] = re * re + im * im;
    }
    powers
}

/// What a bin's losses and multiplier depend on.
pub(super) struct Bins<'a> {
    pub(super) shape: Shape,
    pub(super) window: Window,
    pub(super) amplitudes: &'a [f32],
    pub(super) profile: &'a [f32],
    pub(super) factors: Factors,
    /// 1/M.
    pub(super) scale: f32,
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
    pub(super) fn multiply<V: Lanes>(
        &self,
        token: V::Token,
        frequencies: &[u16],
        tile: &mut [Row],
        group: usize,
    ) -> LaneSums {
        let (width, height) = (self.shape.width as usize, self.shape.height as usize);
        let stride = smoothness::stride(self.shape);
        let lane_window = self.window.lanes(group, height);
        let counts = counts(group, height);
        let mut totals = LaneSums::ZERO;
        for chunk in 0..V::chunks() {
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

    /// Multiplies the Nyquist row, whose bins stand once in the full spectrum, 16 rows at a time; gives its losses.
    #[inline(always)]
    pub(super) fn multiply_nyquist<V: Lanes>(
        &self,
        token: V::Token,
        frequencies: &[u16],
        nyquist: &mut [[f32; 2]],
    ) -> LaneSums {
        let mut totals = LaneSums::ZERO;
        let (nyquist, _) = nyquist.as_chunks_mut::<LANES>();
        let (frequencies, _) = frequencies.as_chunks::<LANES>();
        let lane_window = V::splat(token, self.window.part(self.shape.height as usize / 2, self.shape.height as usize));
        for (bins, frequencies) in nyquist.iter_mut().zip(frequencies) {
            let gathered = self.gather_nyquist(bins, frequencies);
            let mut factors = [0.0; LANES];
            for chunk in 0..V::chunks() {
                let mut sums = [
                    V::load(token, &totals.low_band, chunk),
                    V::load(token, &totals.smoothness, chunk),
                    V::load(token, &totals.profile, chunk),
                ];
                let amplitude = V::load(token, &gathered.amplitudes, chunk);
                let bin = Bin {
                    power: V::load(token, &gathered.powers, chunk),
                    window: Window::squared(token, V::load(token, &gathered.windows, chunk), lane_window),
                    smooth: gathered.stencils.as_ref().map(|stencils| (amplitude, V::load(token, stencils, chunk))),
                    target: gathered.targets.as_ref().map(|targets| V::load(token, targets, chunk)),
                    count: V::splat(token, 1.0),
                };
                self.multiplier(token, &bin, &mut sums).store(&mut factors, chunk);
                sums[0].store(&mut totals.low_band, chunk);
                sums[1].store(&mut totals.smoothness, chunk);
                sums[2].store(&mut totals.profile, chunk);
            }
            for i in 0..LANES {
                bins[i] = [bins[i][0] * factors[i], bins[i][1] * factors[i]];
            }
        }
        totals
    }

    /// What the multipliers of 16 Nyquist bins depend on.
    #[inline(always)]
    fn gather_nyquist(&self, bins: &[[f32; 2]; LANES], frequencies: &[u16; LANES]) -> NyquistBins {
        let (width, half) = (self.shape.width as usize, self.shape.height as usize / 2);
        let (stride, group, lane) = (smoothness::stride(self.shape), half / LANES, half % LANES);
        let mut gathered = NyquistBins {
            powers: powers(bins),
            windows: [0.0; LANES],
            amplitudes: [0.0; LANES],
            stencils: if self.amplitudes.is_empty() { None } else { Some([0.0; LANES]) },
            targets: if self.profile.is_empty() { None } else { Some([0.0; LANES]) },
        };
        for i in 0..LANES {
            let l = usize::from(frequencies[i]);
            gathered.windows[i] = self.window.part(l, width);
            if let (Some(stencils), Some(neighbours)) =
                (&mut gathered.stencils, Neighbours::new(self.amplitudes, stride, l, group))
            {
                (gathered.amplitudes[i], stencils[i]) = neighbours.amplitude_and_stencil::<f32>((), lane);
            }
            if let (Some(targets), Some(target)) =
                (&mut gathered.targets, profile::row(self.profile, self.shape, l).get(half))
            {
                targets[i] = *target;
            }
        }
        gathered
    }
}

/// 16 bins of the Nyquist row, one a lane.
struct NyquistBins {
    powers: [f32; LANES],
    windows: [f32; LANES],
    amplitudes: [f32; LANES],
    stencils: Option<[f32; LANES]>,
    targets: Option<[f32; LANES]>,
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
