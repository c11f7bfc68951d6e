//! Flow: all pixels move at once by the gradient of the energy, with momentum, as points of the space.
//!
//! ```text
//! E = −½ Σ_ij K(i−j)·|x_i − x_j|                        the filtered squared error of all half-spaces, but for a factor and a constant
//! g_i = (1/M)·Σ_y n(x_i − y) − Σ_j K(i−j)·n(x_i − x_j)        n(v) = v/√(|v|² + ε²), ΣK = 1
//! m ← μ·m + g,  x ← x − rate·m;  a direction is then scaled to length 1
//! ```
//!
//! Of directions, half-spaces through the origin may count more: they are what visibility at a horizon asks for. Their patterns are alike by
//! the angle between directions, as those of all half-spaces by the chord. With the weight w of `central` for the angle
//!
//! ```text
//! n(v) = v/√(|v|² + ε²)·(1 − w + w/√(max(0, 1 − |v|²/4) + .02))       cos(angle/2)² = 1 − |v|²/4; .02 rounds the force at opposite directions
//! ```
//!
//! y are M points that stand for the whole set: the second sum thins a place out where the set is thinner. Each lane is one pixel, and a
//! pixel adds its taps and points in their order: no level changes a bit. Square roots are [`Lanes::reciprocal_root`].

use super::Sample;
use super::grid::Grid;
use crate::simd::{Kernel, LANES, Lanes, Words};
use bytemuck::{Pod, Zeroable};

/// A neighbour of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Tap {
    /// From the first element of the padding to the neighbour's, for the pixel at column 0 and row 0.
    pub(super) offset: u32,
    /// Layers ahead.
    pub(super) layer: u32,
    /// K.
    pub(super) weight: f32,
}

/// Constants of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constants {
    /// ε².
    pub(super) softness: f32,
    /// μ.
    pub(super) momentum: f32,
    /// Weight of the angle between directions; the chord has the rest.
    pub(super) central: f32,
}

/// Rounds the force of the angle at opposite directions.
const OPPOSITE: f32 = 0.02;

/// Adds the gradient of a row of pixels to its momentum.
pub(super) struct GradientRow<'a, const D: usize> {
    pub(super) grid: Grid,
    /// Where pixels are, component by component.
    pub(super) places: &'a [f32],
    pub(super) taps: &'a [Tap],
    pub(super) points: &'a [Sample],
    pub(super) constants: Constants,
    pub(super) layer: usize,
    pub(super) y: usize,
    /// Momentum of the row, component by component, chunks of 16 pixels.
    pub(super) momentum: &'a mut [[f32; LANES]],
}

/// Constants of a step in all lanes.
#[derive(Clone, Copy)]
struct Soft<V> {
    softness: V,
    /// 1 + [`OPPOSITE`], 1/4, [`OPPOSITE`], and the weights of the chord and of the angle; none for the chord alone.
    angle: Option<[V; 5]>,
}

impl<V: Lanes> Soft<V> {
    #[inline(always)]
    fn new(token: V::Token, constants: &Constants) -> Self {
        let weight = constants.central;
        let angle = [1.0 + OPPOSITE, 0.25, OPPOSITE, 1.0 - weight, weight];
        let mut lanes = [V::splat(token, 0.0); 5];
        for i in 0..5 {
            lanes[i] = V::splat(token, angle[i]);
        }
        Self { softness: V::splat(token, constants.softness), angle: if weight > 0.0 { Some(lanes) } else { None } }
    }
}

/// `sum += n·weight` for each component of a difference.
#[inline(always)]
fn pull<V: Lanes, const D: usize>(from: &[V; D], to: &[V; D], soft: &Soft<V>, weight: Option<V>, sum: &mut [V; D]) {
    let mut difference = *from;
    let mut square = soft.softness;
    for c in 0..D {
        difference[c] = from[c] - to[c];
        square = square + difference[c] * difference[c];
    }
    let mut scale = square.reciprocal_root();
    if let Some([one, quarter, least, chord, angle]) = soft.angle {
        let free = (one - (square - soft.softness) * quarter).max(least);
        scale = scale * (chord + angle * free.reciprocal_root());
    }
    if let Some(weight) = weight {
        scale = scale * weight;
    }
    for c in 0..D {
        sum[c] = sum[c] + difference[c] * scale;
    }
}

impl<const D: usize> Kernel for GradientRow<'_, D> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let (grid, chunks) = (self.grid, self.grid.chunks());
        let zero = V::splat(token, 0.0);
        let soft = Soft::new(token, &self.constants);
        let momentum = V::splat(token, self.constants.momentum);
        let share = V::splat(token, 1.0 / self.points.len().max(1) as f32);
        for column in 0..chunks {
            for chunk in 0..V::chunks() {
                let read = |at: usize| -> [V; D] {
                    let mut place = [zero; D];
                    for c in 0..D {
                        let values = self.places.get(c * grid.volume() + at..).and_then(|places| places.first_chunk());
                        if let Some(values) = values {
                            place[c] = V::load(token, values, chunk);
                        }
                    }
                    place
                };
                let own = read(grid.index(self.layer, column * LANES, self.y));
                let (mut near, mut far) = ([zero; D], [zero; D]);
                for tap in self.taps {
                    let layer = self.layer + tap.layer as usize;
                    let layer = if layer >= grid.layers { layer - grid.layers } else { layer };
                    let at = layer * grid.plane() + self.y * grid.stride() + column * LANES + tap.offset as usize;
                    pull(&own, &read(at), &soft, Some(V::splat(token, tap.weight)), &mut near);
                }
                for point in self.points {
                    let mut to = [zero; D];
                    for c in 0..D {
                        to[c] = V::splat(token, point[c & 3]);
                    }
                    pull(&own, &to, &soft, None, &mut far);
                }
                for c in 0..D {
                    if let Some(to) = self.momentum.get_mut(c * chunks + column) {
                        let gradient = far[c] * share - near[c];
                        (momentum * V::load(token, to, chunk) + gradient).store(to, chunk);
                    }
                }
            }
        }
    }
}

/// Moves a row of pixels by its momentum.
pub(super) struct MoveRow<'a, const D: usize> {
    pub(super) grid: Grid,
    pub(super) places: &'a mut [f32],
    pub(super) momentum: &'a [[f32; LANES]],
    pub(super) rate: f32,
    /// Whether places are directions.
    pub(super) directions: bool,
    pub(super) layer: usize,
    pub(super) y: usize,
}

impl<const D: usize> Kernel for MoveRow<'_, D> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let (grid, chunks) = (self.grid, self.grid.chunks());
        let (rate, one) = (V::splat(token, self.rate), V::splat(token, 1.0));
        for column in 0..chunks {
            let at = grid.index(self.layer, column * LANES, self.y);
            for chunk in 0..V::chunks() {
                let mut place = [V::splat(token, 0.0); D];
                let mut square = V::splat(token, 1e-12);
                for c in 0..D {
                    let values = self.places.get(c * grid.volume() + at..).and_then(|places| places.first_chunk());
                    if let (Some(values), Some(momentum)) = (values, self.momentum.get(c * chunks + column)) {
                        place[c] = V::load(token, values, chunk) - rate * V::load(token, momentum, chunk);
                        square = square + place[c] * place[c];
                    }
                }
                let scale = if self.directions { one / square.sqrt() } else { one };
                for c in 0..D {
                    let values = self.places.get_mut(c * grid.volume() + at..);
                    if let Some(to) = values.and_then(|places| places.first_chunk_mut()) {
                        (place[c] * scale).store(to, chunk);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::shape::Shape;
    use crate::simd::SimdLevel;
    use rand_core::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro128PlusPlus;
    use std::{vec, vec::Vec};

    const TAPS: [(usize, usize, usize, f64); 4] = [(1, 0, 0, 0.2), (0, 1, 0, 0.3), (18, 10, 1, 0.25), (2, 9, 0, 0.1)];

    /// Momentum 0.5·m + g of each pixel, from the formula.
    fn twin(values: &[[f64; 3]], shape: Shape, points: &[Sample], (softness, central): (f64, f64)) -> Vec<[f64; 3]> {
        let (width, height) = (shape.width as usize, shape.height as usize);
        let pull = |from: &[f64; 3], to: [f64; 3]| {
            let v: [f64; 3] = core::array::from_fn(|c| from[c] - to[c]);
            let square = v.iter().map(|v| v * v).sum::<f64>();
            let angle = 1.0 / libm::sqrt((1.0 - square / 4.0).max(0.0) + 0.02);
            v.map(|v| v / libm::sqrt(square + softness) * (1.0 - central + central * angle))
        };
        let pixel = |i: usize| {
            let (layer, y, x) = (i / width / height, i / width % height, i % width);
            let mut sum = [0.25; 3];
            for (dx, dy, layers, weight) in TAPS {
                let other = ((layer + layers) % 2 * height + (y + dy) % height) * width + (x + dx) % width;
                let pulled = pull(&values[i], values[other]);
                sum.iter_mut().zip(pulled).for_each(|(sum, pulled)| *sum -= weight * pulled);
            }
            for point in points {
                let pulled = pull(&values[i], core::array::from_fn(|c| point[c].into()));
                sum.iter_mut().zip(pulled).for_each(|(sum, pulled)| *sum += pulled / points.len() as f64);
            }
            sum
        };
        (0..values.len()).map(pixel).collect()
    }

    #[test]
    fn gradients_agree_with_the_formula_on_every_level() {
        gradients_agree(0.0);
        gradients_agree(0.3);
    }

    fn gradients_agree(central: f64) {
        let (shape, softness) = (Shape::new(19, 11).with_layers(2), 0.04);
        let grid = Grid::new(shape, 2);
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(3);
        // in a cube whose diagonal is longer than 2
        let mut unit = || (rng.next_u32() >> 8) as f32 / (1 << 24) as f32 * 1.2;
        let points: Vec<Sample> = (0..16).map(|_| [unit(), unit(), unit(), 0.0]).collect();
        let values: Vec<[f32; 3]> = (0..2 * 19 * 11).map(|_| [unit(), unit(), unit()]).collect();
        let mut places = vec![0.0; 3 * grid.volume()];
        for (i, value) in values.iter().enumerate() {
            for c in 0..3 {
                places[c * grid.volume() + grid.index_of(i / 209, (i % 209) as u32)] = value[c];
            }
        }
        places.chunks_exact_mut(grid.volume()).for_each(|component| grid.wrap(component));
        let near = |d: usize, side: usize| if d > 2 { d + 2 - side } else { d + 2 };
        let taps = TAPS.map(|(x, y, layer, weight)| Tap {
            offset: (near(y, 11) * grid.stride() + near(x, 19)) as u32,
            layer: layer as u32,
            weight: weight as f32,
        });
        let wanted =
            twin(&values.iter().map(|v| v.map(f64::from)).collect::<Vec<_>>(), shape, &points, (softness, central));
        let constants = Constants { softness: softness as f32, momentum: 0.5, central: central as f32 };
        let mut scalar = Vec::new();
        for level in [SimdLevel::Scalar, SimdLevel::Sse2, SimdLevel::Avx2, SimdLevel::Avx512, SimdLevel::Auto] {
            if !level.is_supported() {
                continue;
            }
            let mut all = Vec::new();
            for (layer, y) in (0..22).map(|row| (row / 11, row % 11)) {
                let mut momentum = vec![[0.5; LANES]; 3 * grid.chunks()];
                let (places, taps, points) = (&places[..], &taps[..], &points[..]);
                level.run(GradientRow::<3> {
                    grid,
                    places,
                    taps,
                    points,
                    constants,
                    layer,
                    y,
                    momentum: &mut momentum,
                });
                for x in 0..19 {
                    all.push([0, 1, 2].map(|c| momentum[c * grid.chunks() + x / LANES][x % LANES]));
                }
            }
            for (own, wanted) in all.iter().zip(&wanted) {
                for c in 0..3 {
                    // the root is good to 0.2 %, each sum is at most 1
                    assert!((f64::from(own[c]) - wanted[c]).abs() < 0.006, "{level:?}: {own:?}, {wanted:?}");
                }
            }
            assert!(scalar.is_empty() || scalar == all, "{level:?}");
            scalar = all;
        }
    }
}
