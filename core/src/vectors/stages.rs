//! The steps of a run, in order: fill, map, flow, pair, blend.

use super::block::{Buffers, Flow, grid};
use super::fill::Task;
use super::flow::{Constants, GradientRow, MoveRow, Tap};
use super::grid::Grid;
use super::{JointFill, Sample, VectorConfig, fill, set, swaps, tree};
use crate::filters::FilterKernel;
use crate::jobs::{Chunks, Means, each};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// Passes of 2-opt after the k-d order, and in each round of blend.
const PASSES: [u32; 2] = [4, 2];

/// Softness of the distances whose mean sets the rate, as a part of the width of the set.
const RATE_SOFTNESS: f64 = 0.05;

/// Random numbers of a step.
fn stream(config: &VectorConfig, step: u32) -> Xoshiro128PlusPlus {
    const STRIDE: u64 = 0xD134_2543_DE82_EF95;
    let seed = u64::from(config.seed[0]) | u64::from(config.seed[1]) << 32;
    Xoshiro128PlusPlus::seed_from_u64(seed.wrapping_add(STRIDE.wrapping_mul(u64::from(step) + 1)))
}

/// Takes a step of a run; None if the block is damaged.
pub(super) fn step(config: &VectorConfig, means: Means<'_>, step: u32, buffers: &mut Buffers<'_>) -> Option<()> {
    match config.space.components() {
        2 => step_of::<2>(config, means, step, buffers),
        3 => step_of::<3>(config, means, step, buffers),
        _ => step_of::<4>(config, means, step, buffers),
    }
}

fn step_of<const D: usize>(
    config: &VectorConfig,
    means: Means<'_>,
    step: u32,
    buffers: &mut Buffers<'_>,
) -> Option<()> {
    let VectorConfig { shape, space, filters, recipe, .. } = config;
    let mut rng = stream(config, step);
    let fill_steps = JointFill::steps(*space, *shape);
    let Some(index) = step.checked_sub(fill_steps) else {
        let task = Task { fill: &recipe.fill, filters, space: *space, shape: *shape, level: means.level };
        return fill::step(task, step, &mut rng, buffers.shared, buffers.ranks);
    };
    let Some(index) = index.checked_sub(1) else { return map::<D>(config, &mut rng, buffers) };
    let Some(index) = index.checked_sub(recipe.steps) else {
        let softness = geometric(recipe.softness, index, recipe.steps);
        return flow::<D>(config, means, softness, buffers);
    };
    let Some(round) = index.checked_sub(shape.layers) else { return pair::<D>(config, index, buffers) };
    blend::<D>(config, means, round, buffers)
}

/// Value of a step between the first and the last, in equal ratios.
fn geometric([first, last]: [f32; 2], index: u32, count: u32) -> f64 {
    let part = f64::from(index) / f64::from(count.saturating_sub(1).max(1));
    f64::from(first) * libm::pow(f64::from(last) / f64::from(first), part)
}

/// Makes the set with its orders, the taps and the constants of the flow, and puts pixels where their ranks map to.
fn map<const D: usize>(config: &VectorConfig, rng: &mut impl Rng, buffers: &mut Buffers<'_>) -> Option<()> {
    let VectorConfig { shape, space, .. } = *config;
    // the fill's work space
    buffers.shared.fill(0);
    let Flow { places, keys, .. } = Flow::new(buffers.shared, config)?;
    if !space.is_list() {
        set::samples(space, buffers.samples, keys).ok()?;
    }
    tree::order(buffers.samples, buffers.order, buffers.axes, keys);
    tree::means(buffers.samples, buffers.order, buffers.points);
    for bucketed in &mut buffers.bucketings {
        tree::buckets(buffers.samples, D, bucketed, keys, || (rng.next_u32() >> 8) as f32 / (1 << 24) as f32);
    }
    let kernel = FilterKernel::new(&config.filters, shape);
    let grid = grid(config);
    buffers.values.taps = taps(&kernel, &grid, config.recipe.least, buffers.taps) as u32;
    // the spaces of this crate are about 1 wide
    let width = if space.is_list() { tree::width(buffers.samples, buffers.order) } else { 1.0 };
    buffers.values.rate = (f64::from(config.recipe.rate) / mean_nearness(buffers.points, width)) as f32;
    let neighbours = kernel.sum() / kernel.centre();
    buffers.values.spacing = (width * libm::pow(neighbours, -1.0 / space.dimensions() as f64)) as f32;
    let (pixels, elements) = (shape.pixels(), shape.elements());
    for layer in 0..grid.layers {
        for pixel in 0..pixels {
            let mut u = [0.0; 4];
            for (dimension, u) in u.iter_mut().enumerate().take(space.dimensions()) {
                let rank = *buffers.ranks.get(dimension * elements + layer * pixels + pixel)?;
                *u = ((f64::from(rank) + 0.5) / pixels as f64).min(1.0);
            }
            let at = grid.index_of(layer, pixel as u32);
            for (c, component) in space.map(u).into_iter().enumerate().take(D) {
                *places.get_mut(c * grid.volume() + at)? = component;
            }
        }
    }
    if space.is_list() {
        // the samples of the k-d order, until the flow moves them
        let (keys, rest) = keys.split_at_mut_checked(pixels)?;
        let ordered = bytemuck::must_cast_slice_mut::<u64, u32>(rest).get_mut(..pixels)?;
        for layer in 0..grid.layers {
            tree::order_pixels(buffers.axes, ordered, keys, |pixel, axis| {
                places.get(axis * grid.volume() + grid.index_of(layer, pixel)).copied().unwrap_or_default()
            });
            for (pixel, index) in ordered.iter().zip(&*buffers.order) {
                let sample = buffers.samples.get(*index as usize)?;
                for (c, component) in sample.iter().enumerate().take(D) {
                    *places.get_mut(c * grid.volume() + grid.index_of(layer, *pixel))? = *component;
                }
            }
        }
    }
    wrap::<D>(&grid, places);
    Some(())
}

fn wrap<const D: usize>(grid: &Grid, places: &mut [f32]) {
    for component in places.chunks_exact_mut(grid.volume().max(1)).take(D) {
        grid.wrap(component);
    }
}

/// Lists the offsets within the padding whose weight is at least a part of the centre's, each offset of the torus once; returns how many.
fn taps(kernel: &FilterKernel, grid: &Grid, least: f32, taps: &mut [Tap]) -> usize {
    let reach = |side: usize| {
        let padding = grid.padding;
        (padding.min((side - 1) / 2), padding.min(side / 2))
    };
    let (left, right) = reach(grid.width.max(1));
    let (above, below) = reach(grid.height.max(1));
    let least = f64::from(least) * kernel.centre();
    let mut count = 0;
    for layer in 0..grid.layers {
        for y in 0..=above + below {
            for x in 0..=left + right {
                let torus =
                    |at: usize, before: usize, side: usize| if at < before { at + side - before } else { at - before };
                let weight = kernel.at(torus(x, left, grid.width), torus(y, above, grid.height), layer);
                let own = x == left && y == above && layer == 0;
                if weight.abs() >= least
                    && !own
                    && let Some(tap) = taps.get_mut(count)
                {
                    let offset = (y + grid.padding - above) * grid.stride() + x + grid.padding - left;
                    *tap = Tap { offset: offset as u32, layer: layer as u32, weight: weight as f32 };
                    count += 1;
                }
            }
        }
    }
    let taps = taps.get_mut(..count).unwrap_or_default();
    let sum = taps.iter().fold(kernel.centre(), |sum, tap| sum + f64::from(tap.weight));
    for tap in taps {
        tap.weight = (f64::from(tap.weight) / sum) as f32;
    }
    count
}

/// Mean of 1/√(d² + (.05·width)²) over all pairs of points.
fn mean_nearness(points: &[Sample], width: f64) -> f64 {
    let (mut sum, softness) = (0.0, RATE_SOFTNESS * width);
    for a in points {
        for b in points {
            let mut square = softness * softness;
            for c in 0..4 {
                let difference = f64::from(a[c]) - f64::from(b[c]);
                square += difference * difference;
            }
            sum += 1.0 / libm::sqrt(square);
        }
    }
    sum / (points.len() * points.len()).max(1) as f64
}

/// One step of the flow.
fn flow<const D: usize>(
    config: &VectorConfig,
    means: Means<'_>,
    softness: f64,
    buffers: &mut Buffers<'_>,
) -> Option<()> {
    let Flow { places, momentum, .. } = Flow::new(buffers.shared, config)?;
    let grid = grid(config);
    let softness = (softness * f64::from(buffers.values.spacing)) as f32;
    let central = if config.space.is_directions() { config.recipe.central } else { 0.0 };
    let constants = Constants { softness: softness * softness, momentum: config.recipe.momentum, central };
    let taps = buffers.taps.get(..buffers.values.taps as usize)?;
    let (points, row) = (&*buffers.points, D * grid.chunks());
    let height = grid.height.max(1);
    let from = &*places;
    each(means.jobs, grid.layers * height, &mut Chunks::new(&mut *momentum, row), |index, momentum| {
        let (layer, y) = (index / height, index % height);
        means.level.run(GradientRow::<D> { grid, places: from, taps, points, constants, layer, y, momentum });
    });
    for (index, momentum) in momentum.chunks_exact(row.max(1)).enumerate() {
        let (layer, y) = (index / height, index % height);
        let (rate, directions) = (buffers.values.rate, config.space.is_directions());
        means.level.run(MoveRow::<D> { grid, places: &mut *places, momentum, rate, directions, layer, y });
    }
    wrap::<D>(&grid, places);
    Some(())
}

/// Where a pixel of a layer is.
fn place<const D: usize>(grid: &Grid, places: &[f32], layer: usize, pixel: u32) -> [f32; D] {
    let at = grid.index_of(layer, pixel);
    core::array::from_fn(|c| places.get(c * grid.volume() + at).copied().unwrap_or_default())
}

/// Gives each pixel of a layer a sample.
fn pair<const D: usize>(config: &VectorConfig, layer: u32, buffers: &mut Buffers<'_>) -> Option<()> {
    let Flow { places, keys, .. } = Flow::new(buffers.shared, config)?;
    let (grid, count, layer) = (grid(config), config.shape.pixels(), layer as usize);
    let (keys, rest) = keys.split_at_mut_checked(count)?;
    let ordered = bytemuck::must_cast_slice_mut::<u64, u32>(rest).get_mut(..count)?;
    tree::order_pixels(buffers.axes, ordered, keys, |pixel, axis| {
        places.get(axis * grid.volume() + grid.index_of(layer, pixel)).copied().unwrap_or_default()
    });
    let pixels = buffers.pixels.get_mut(layer * count..)?.get_mut(..count)?;
    for (pixel, sample) in ordered.iter().zip(&*buffers.order) {
        *pixels.get_mut(*sample as usize)? = *pixel;
    }
    for pass in 0..PASSES[0] {
        let bucketed = buffers.bucketings.iter().cycle().nth(pass as usize)?;
        swaps::pass::<D>(buffers.samples, bucketed, pixels, |pixel| place(&grid, places, layer, pixel));
    }
    Some(())
}

/// One round of blend.
fn blend<const D: usize>(config: &VectorConfig, means: Means<'_>, round: u32, buffers: &mut Buffers<'_>) -> Option<()> {
    let pull = geometric(config.recipe.pull, round, config.recipe.rounds) as f32;
    let (grid, count) = (grid(config), config.shape.pixels().max(1));
    {
        let Flow { places, .. } = Flow::new(buffers.shared, config)?;
        for (layer, pixels) in buffers.pixels.chunks_exact(count).enumerate() {
            for (sample, pixel) in buffers.samples.iter().zip(pixels) {
                let at = grid.index_of(layer, *pixel);
                for (c, wanted) in sample.iter().enumerate().take(D) {
                    let place = places.get_mut(c * grid.volume() + at)?;
                    *place += pull * (*wanted - *place);
                }
            }
        }
        wrap::<D>(&grid, places);
    }
    flow::<D>(config, means, config.recipe.softness[1].into(), buffers)?;
    let Flow { places, .. } = Flow::new(buffers.shared, config)?;
    for pass in 0..PASSES[1] {
        let turn = (round * PASSES[1] + pass + 1) as usize % buffers.bucketings.len();
        let bucketed = buffers.bucketings.get(turn)?;
        for (layer, pixels) in buffers.pixels.chunks_exact_mut(count).enumerate() {
            swaps::pass::<D>(buffers.samples, bucketed, pixels, |pixel| place(&grid, places, layer, pixel));
        }
    }
    Some(())
}
