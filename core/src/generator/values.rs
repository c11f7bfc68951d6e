//! The present values of a run, into rows.

use crate::distribution::Distribution;
use crate::layout::Buffers;
use crate::recipe::{AllStages, Stage, Stages};
use crate::shape::Shape;
use crate::threshold::{filter_polish, polish};

/// Where each row of each plane goes: the index of its first value, and the distance of its values.
pub(super) struct Rows<'a> {
    pub(super) shape: Shape,
    pub(super) step: usize,
    pub(super) place: &'a dyn Fn(u32, u32, u32) -> Option<usize>,
}

impl Rows<'_> {
    /// Calls `each` with the place of each row, plane by plane.
    fn each(&self, mut each: impl FnMut(Option<usize>)) {
        for layer in 0..self.shape.layers {
            for channel in 0..self.shape.channels {
                for y in 0..self.shape.height {
                    each((self.place)(layer, channel, y));
                }
            }
        }
    }

    /// Number of values from the first of a buffer to the last that is written.
    pub(super) fn needed(&self) -> usize {
        let row = self.step.saturating_mul(self.shape.width.saturating_sub(1) as usize).saturating_add(1);
        let mut needed = 0;
        self.each(|first| needed = needed.max(first.map_or(0, |first| first.saturating_add(row))));
        needed
    }

    /// Writes values, given plane by plane.
    pub(super) fn write(&self, mut values: impl Iterator<Item = f32>, to: &mut [f32]) {
        self.each(|first| {
            let row = first.and_then(|first| to.get_mut(first..)).unwrap_or_default();
            let mut row = row.iter_mut().step_by(self.step.max(1));
            for value in values.by_ref().take(self.shape.width as usize) {
                if let Some(to) = row.next() {
                    *to = value;
                }
            }
        });
    }
}

/// Writes the present values into rows.
///
/// While a polish runs the values are its own, else `Q((rank + ½)/n)` of the distribution; 1 for a pixel without a rank.
pub(super) fn write_present(
    buffers: &mut Buffers<'_>,
    distribution: &Distribution,
    stage: Option<&Stage>,
    to: &mut [f32],
    rows: &Rows<'_>,
) {
    let shape = rows.shape;
    if let Some(Stage::Polish(stage)) = stage
        && let Some(values) = polish::values(stage, shape, buffers.threshold)
    {
        return rows.write(values, to);
    }
    if let Some(Stage::FilterPolish(stage)) = stage
        && AllStages::FILTERS
        && let Some(values) = filter_polish::values(stage, shape, buffers.threshold)
    {
        return rows.write(values, to);
    }
    let n = shape.pixels() as f64;
    let value = |rank: &u32| distribution.quantile((f64::from(*rank) + 0.5) / n) as f32;
    rows.write(buffers.ranks.iter().map(value), to);
}
