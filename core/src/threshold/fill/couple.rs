//! Coupling of the planes of a volume: what a placed pixel adds to the fields of other planes.
//!
//! ```text
//! other channels c of its layer    cell(c, q) += w·k(q − p)        k: the kernel that the pixel adds to its own plane
//! layers ±d, d = 1 … RT            cell(p) += c0·q·kt(d)           q = β·S0/(2·Σ kt(d))
//! ```
//!
//! c0: the peak of k; S0: the sum of the stage's own kernel at peak 1; β: time weight. So all taps of time together weigh β times what the
//! stage's own kernel does. Layers wrap around. Sums saturate, so a placed pixel stays taken.

use super::passes::{CellRow, add};
use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, Words};
use crate::threshold::coupling::{Coupling, MAX_TIME_RADIUS};
use crate::threshold::placements::pixel;
use crate::threshold::torus::{FieldLayout, KernelLayout, WINDOW};

/// Taps of time on one side.
pub(super) const TIME_TAPS: usize = MAX_TIME_RADIUS as usize;

/// Placements that act on a layer at a time: their cells are found once for all layers.
const TOGETHER: usize = 16;

/// Fills `taps` with the weights of layers at distance 1, 2 …; those past the radius are 0.
pub(super) fn time_taps(coupling: &Coupling, peak: f64, sum: f64, taps: &mut [u16]) {
    let radius = coupling.time_radius as usize;
    let kernel = |d: usize| coupling.time_kernel.at((d * d) as f64);
    let total: f64 = (1..=radius).map(kernel).sum();
    let factor = if total > 0.0 { f64::from(coupling.time_weight) * sum / (2.0 * total) } else { 0.0 };
    for (tap, d) in taps.iter_mut().zip(1..) {
        *tap = if d <= radius { super::weight(peak * factor * kernel(d)) } else { 0 };
    }
}

/// Adds placed pixels of one plane to the fields of the other planes.
pub(super) struct Couple<'a> {
    pub(super) layout: FieldLayout,
    pub(super) kernel: KernelLayout,
    pub(super) shape: Shape,
    /// Elements from one plane's field to the next.
    pub(super) stride: usize,
    pub(super) fields: &'a mut [CellRow],
    pub(super) plane: usize,
    /// Placed pixels of the plane.
    pub(super) placements: &'a [u64],
    /// Empty: channels do not act on each other.
    pub(super) channel_table: &'a [u16],
    /// All 0: layers do not act on each other.
    pub(super) time_taps: &'a [u16],
}

impl Kernel for Couple<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let (layers, channels) = (self.shape.layers as usize, self.shape.channels as usize);
        debug_assert!(layers > 0 && channels > 0, "a shape that was checked");
        let (layers, channels) = (layers.max(1), channels.max(1));
        let (layer, channel) = (self.plane / channels, self.plane % channels);
        for other in 0..channels {
            if other == channel || self.channel_table.is_empty() {
                continue;
            }
            let start = (layer * channels + other) * self.stride;
            let field = self.fields.get_mut(start..start + self.stride).unwrap_or_default();
            for placement in self.placements {
                let (x, y) = column_and_row(&self.layout, *placement);
                add(&self.layout, &self.kernel, field, self.channel_table, x, y);
            }
        }
        // first element and weight of each tap's field
        let (mut targets, mut count) = ([(0, 0); 2 * TIME_TAPS], 0);
        let (mut ahead, mut behind) = (layer, layer);
        for tap in self.time_taps {
            ahead = if ahead + 1 < layers { ahead + 1 } else { 0 };
            behind = if behind > 0 { behind - 1 } else { layers - 1 };
            if *tap == 0 {
                continue;
            }
            for other in [ahead, behind] {
                if let Some(target) = targets.get_mut(count) {
                    *target = ((other * channels + channel) * self.stride, *tap);
                    count += 1;
                }
            }
        }
        let targets = targets.get(..count).unwrap_or_default();
        if targets.is_empty() {
            return;
        }
        for placements in self.placements.chunks(TOGETHER) {
            let mut cells = [0; TOGETHER];
            for (cell, placement) in cells.iter_mut().zip(placements) {
                let (x, y) = column_and_row(&self.layout, *placement);
                *cell = self.layout.cells_index(x, y) * WINDOW + x % WINDOW;
            }
            let cells = cells.get(..placements.len()).unwrap_or_default();
            for (start, tap) in targets {
                let plane = self.fields.get_mut(*start..start + self.stride).unwrap_or_default().as_flattened_mut();
                for cell in cells {
                    if let Some(to) = plane.get_mut(*cell) {
                        // saturating, by a mask: half of the cells are taken, and a branch would mispredict
                        let sum = u32::from(*to) + u32::from(*tap);
                        *to = (sum | (sum >> 16).wrapping_neg()) as u16;
                    }
                }
            }
        }
    }
}

/// Column and row of a placement.
#[inline(always)]
fn column_and_row(layout: &FieldLayout, placement: u64) -> (usize, usize) {
    debug_assert!(layout.width > 0, "a mask has columns");
    // in 32 bits: a division of 64 bits takes twice the time
    let (width, pixel) = ((layout.width as u32).max(1), pixel(placement) as u32);
    ((pixel % width) as usize, (pixel / width) as usize)
}
