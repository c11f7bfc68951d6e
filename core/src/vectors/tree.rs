//! Splits of samples and pixels into halves: k-d orders, which pair pixels with samples, and buckets of near samples.
//!
//! The order of N samples: split at the middle into the lesser and the greater half along the axis where the samples reach widest, then each
//! half in the same way, down to single samples. Pixels that are split by their own values at the same places along the same axes come into
//! the same order: the k-th pixel gets the k-th sample. Equal values split by index. A node of the tree is known by its middle, which no
//! other node has.

use super::Sample;

/// Greatest depth: 2²⁴ samples, and the root.
const DEPTH: usize = 28;

/// Parts of a range that is halved again and again, each before its halves.
pub(super) struct Halves {
    stack: [[u32; 2]; DEPTH],
    depth: usize,
    /// Parts of so many elements or fewer are not halved.
    least: usize,
}

/// A part, and whether it is halved.
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) halved: bool,
}

impl Part {
    /// Where it is halved.
    pub(super) const fn middle(&self) -> usize {
        self.start + (self.end - self.start) / 2
    }
}

impl Halves {
    pub(super) fn new(len: usize, least: usize) -> Self {
        let mut stack = [[0; 2]; DEPTH];
        stack[0] = [0, len as u32];
        Self { stack, depth: usize::from(len > 0), least: least.max(1) }
    }

    fn push(&mut self, start: usize, end: usize) {
        if let Some(to) = self.stack.get_mut(self.depth) {
            *to = [start as u32, end as u32];
            self.depth += 1;
        }
    }
}

impl Iterator for Halves {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        self.depth = self.depth.checked_sub(1)?;
        let [start, end] = self.stack.get(self.depth)?.map(|at| at as usize);
        let part = Part { start, end, halved: end - start > self.least };
        if part.halved {
            self.push(part.middle(), end);
            self.push(start, part.middle());
        }
        Some(part)
    }
}

/// A key that orders by a value, then by an index. No value is NaN.
fn key(value: f32, index: u32) -> u64 {
    let bits = value.to_bits();
    let ordered = if bits >> 31 == 0 { bits | 1 << 31 } else { !bits };
    u64::from(ordered) << 32 | u64::from(index)
}

/// Moves the least `count` keys to the front (Hoare's selection with pivots from a fixed stream).
fn select(keys: &mut [u64], count: usize) {
    let (mut keys, mut count) = (keys, count);
    let mut draw = 0x9E37_79B9_u32;
    while count > 0 && count < keys.len() {
        draw = draw.wrapping_mul(0x0019_660D).wrapping_add(0x3C6E_F35F);
        let at = ((u64::from(draw) * keys.len() as u64) >> 32) as usize;
        let Some((last, rest)) = keys.split_last_mut() else { return };
        if let Some(pivot) = rest.get_mut(at) {
            core::mem::swap(pivot, last);
        }
        let (pivot, mut less) = (*last, 0);
        for i in 0..rest.len() {
            if let (Some(&own), Some(&first)) = (rest.get(i), rest.get(less)) {
                (rest[i], rest[less]) = (first, own);
                less += usize::from(own < pivot);
            }
        }
        if let Some(first) = rest.get_mut(less) {
            core::mem::swap(first, last);
        }
        if count <= less {
            keys = keys.get_mut(..less).unwrap_or_default();
        } else {
            keys = keys.get_mut(less + 1..).unwrap_or_default();
            count -= less + 1;
        }
    }
}

/// Splits indices by the values of `value`, the lesser to the front.
fn split(indices: &mut [u32], keys: &mut [u64], value: impl Fn(u32) -> f32) {
    let Some(keys) = keys.get_mut(..indices.len()) else { return };
    for (key_of, index) in keys.iter_mut().zip(&*indices) {
        *key_of = key(value(*index), *index);
    }
    select(keys, indices.len() / 2);
    for (index, key) in indices.iter_mut().zip(&*keys) {
        *index = *key as u32;
    }
}

fn count_up(indices: &mut [u32]) {
    for (i, to) in (0..).zip(indices) {
        *to = i;
    }
}

/// How far samples reach along each axis.
fn extents(samples: &[Sample], indices: &[u32]) -> Sample {
    let (mut low, mut high) = ([f32::MAX; 4], [f32::MIN; 4]);
    for sample in indices.iter().filter_map(|index| samples.get(*index as usize)) {
        for c in 0..4 {
            low[c] = if sample[c] < low[c] { sample[c] } else { low[c] };
            high[c] = if sample[c] > high[c] { sample[c] } else { high[c] };
        }
    }
    core::array::from_fn(|c| high[c] - low[c])
}

/// How far samples reach along the axis where they reach widest.
pub(super) fn width(samples: &[Sample], indices: &[u32]) -> f64 {
    extents(samples, indices).into_iter().fold(0.0, |widest: f64, extent| widest.max(extent.into()))
}

/// Brings samples into their k-d order. `axes` gets the axis of each node, by the node's middle.
pub(super) fn order(samples: &[Sample], order: &mut [u32], axes: &mut [u8], keys: &mut [u64]) {
    count_up(order);
    for part in Halves::new(order.len(), 1).filter(|part| part.halved) {
        let Some(indices) = order.get_mut(part.start..part.end) else { return };
        let extents = extents(samples, indices);
        let mut widest = 0;
        for c in 1..4 {
            widest = if extents[c] > extents[widest & 3] { c } else { widest };
        }
        split(indices, keys, |i| samples.get(i as usize).map_or(0.0, |sample| sample[widest & 3]));
        if let Some(to) = axes.get_mut(part.middle()) {
            *to = widest as u8;
        }
    }
}

/// Brings pixels into the order of the samples: `value(pixel, axis)` is where a pixel is.
pub(super) fn order_pixels(axes: &[u8], pixels: &mut [u32], keys: &mut [u64], value: impl Fn(u32, usize) -> f32) {
    count_up(pixels);
    for part in Halves::new(pixels.len(), 1).filter(|part| part.halved) {
        let axis = axes.get(part.middle()).copied().unwrap_or_default();
        let Some(pixels) = pixels.get_mut(part.start..part.end) else { return };
        split(pixels, keys, |pixel| value(pixel, axis.into()));
    }
}

/// Most samples of a bucket.
pub(super) const BUCKET: usize = 16;

/// Brings samples into buckets of near ones, by halving them along directions: those of [`Halves`] down to [`BUCKET`].
///
/// The direction of a part is a random vector, each component times how far the part reaches along its axis.
pub(super) fn buckets(
    samples: &[Sample],
    components: usize,
    indices: &mut [u32],
    keys: &mut [u64],
    mut unit: impl FnMut() -> f32,
) {
    count_up(indices);
    for part in Halves::new(indices.len(), BUCKET).filter(|part| part.halved) {
        let Some(indices) = indices.get_mut(part.start..part.end) else { return };
        let mut direction = extents(samples, indices);
        for component in direction.iter_mut().take(components) {
            *component *= unit() + unit() - 1.0;
        }
        split(indices, keys, |i| {
            let [a, b, c, d] = samples.get(i as usize).copied().unwrap_or_default();
            let [x, y, z, w] = direction;
            // at most 4 products of finite numbers
            ((a * x + b * y) + c * z) + d * w
        });
    }
}

/// Means of runs of the k-d order, as many as `means`: points that stand for all samples.
pub(super) fn means(samples: &[Sample], order: &[u32], means: &mut [Sample]) {
    let parts = means.len().max(1);
    for (part, to) in means.iter_mut().enumerate() {
        let (start, end) = (part * order.len() / parts, (part + 1) * order.len() / parts);
        let indices = order.get(start..end).unwrap_or_default();
        let mut sum = [0.0_f64; 4];
        for sample in indices.iter().filter_map(|i| samples.get(*i as usize)) {
            for c in 0..4 {
                sum[c] += f64::from(sample[c]);
            }
        }
        *to = sum.map(|sum| (sum / indices.len().max(1) as f64) as f32);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use rand_core::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro128PlusPlus;
    use std::{vec, vec::Vec};

    fn random(count: usize) -> Vec<Sample> {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(count as u64);
        // few values, of both signs: ties
        (0..count).map(|_| [0; 4].map(|_| (rng.next_u32() >> 29) as f32 - 3.5)).collect()
    }

    #[test]
    fn selection_moves_the_least_to_the_front() {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
        for count in 0..60 {
            let keys: Vec<u64> = (0..40).map(|_| u64::from(rng.next_u32() >> 27)).collect();
            let (mut sorted, mut own) = (keys.clone(), keys);
            sorted.sort_unstable();
            select(&mut own, count);
            let front = count.min(40);
            own[..front].sort_unstable();
            own[front..].sort_unstable();
            assert_eq!(own, sorted, "{count}");
        }
    }

    /// Sorts at every node, recursively.
    fn twin(samples: &[Sample], indices: &mut [u32]) {
        if indices.len() < 2 {
            return;
        }
        let reach = |c: usize| {
            let values = indices.iter().map(|i| samples[*i as usize][c]);
            values.clone().fold(f32::MIN, f32::max) - values.fold(f32::MAX, f32::min)
        };
        let widest = (1..4).fold(0, |best, c| if reach(c) > reach(best) { c } else { best });
        let half = indices.len() / 2;
        indices.sort_by(|a, b| samples[*a as usize][widest].total_cmp(&samples[*b as usize][widest]).then(a.cmp(b)));
        indices[..half].sort_unstable();
        indices[half..].sort_unstable();
        let (low, high) = indices.split_at_mut(half);
        twin(samples, low);
        twin(samples, high);
    }

    #[test]
    fn orders_agree_with_sorts() {
        for count in [1, 2, 3, 77, 500] {
            let samples = random(count);
            let (mut own, mut axes, mut keys) = (vec![0; count], vec![0; count], vec![0; count]);
            order(&samples, &mut own, &mut axes, &mut keys);
            let mut wanted: Vec<u32> = (0..count as u32).collect();
            twin(&samples, &mut wanted);
            assert_eq!(own, wanted);
            // pixels that are where the samples are get those
            let mut pixels = vec![0; count];
            order_pixels(&axes, &mut pixels, &mut keys, |pixel, axis| samples[pixel as usize][axis]);
            assert_eq!(pixels, own);
        }
    }

    #[test]
    fn buckets_hold_each_sample_once() {
        let samples = random(333);
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(9);
        let (mut own, mut keys) = (vec![0; 333], vec![0; 333]);
        buckets(&samples, 4, &mut own, &mut keys, || (rng.next_u32() >> 8) as f32 / (1 << 24) as f32);
        let mut sorted = own.clone();
        sorted.sort_unstable();
        assert!((0..333).eq(sorted));
        let leaves: Vec<_> = Halves::new(333, BUCKET).filter(|part| !part.halved).collect();
        assert!(leaves.iter().all(|part| part.end - part.start <= BUCKET));
        // near samples: far fewer values a bucket than of a random one
        let spread = |indices: &[u32]| extents(&samples, indices).iter().sum::<f32>();
        let mean = leaves.iter().map(|part| spread(&own[part.start..part.end])).sum::<f32>() / leaves.len() as f32;
        assert!(mean < 0.75 * spread(&own), "{mean}");
    }
}
