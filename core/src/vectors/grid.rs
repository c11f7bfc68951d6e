//! Planes of `f32` that repeat the torus around their edges: where the pixels of a mask are, component by component, layer by layer.

use crate::shape::Shape;
use crate::simd::LANES;

/// Layout of planes, padded on each side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) layers: usize,
    /// Padding on each side, at most [`MAX_PADDING`].
    pub(super) padding: usize,
}

/// Largest padding, pixels.
pub(super) const MAX_PADDING: usize = 12;

impl Grid {
    pub(super) const fn new(shape: Shape, padding: usize) -> Self {
        Self { width: shape.width as usize, height: shape.height as usize, layers: shape.layers as usize, padding }
    }

    /// Chunks of 16 pixels of a row.
    pub(super) const fn chunks(&self) -> usize {
        self.width.div_ceil(LANES)
    }

    /// Elements from a row to the next: whole chunks of pixels between the padding; not a power of two.
    pub(super) const fn stride(&self) -> usize {
        (self.chunks() * LANES + 2 * self.padding).next_multiple_of(8) + 8
    }

    /// Elements of a plane.
    pub(super) const fn plane(&self) -> usize {
        self.stride() * (self.height + 2 * self.padding)
    }

    /// Elements of a component: all layers, and a chunk more.
    pub(super) const fn volume(&self) -> usize {
        self.plane() * self.layers + LANES
    }

    /// Index of a pixel in a component.
    #[inline(always)]
    pub(super) const fn index(&self, layer: usize, x: usize, y: usize) -> usize {
        layer * self.plane() + (y + self.padding) * self.stride() + self.padding + x
    }

    /// Index of a pixel of a layer, by its own index, in a component.
    #[inline(always)]
    pub(super) fn index_of(&self, layer: usize, pixel: u32) -> usize {
        let width = self.width.max(1);
        self.index(layer, pixel as usize % width, pixel as usize / width)
    }

    /// Repeats the pixels of a component's planes around their edges.
    pub(super) fn wrap(&self, component: &mut [f32]) {
        let (width, height, padding, stride) = (self.width.max(1), self.height.max(1), self.padding, self.stride());
        for plane in component.chunks_exact_mut(self.plane().max(1)) {
            for row in plane.chunks_exact_mut(stride.max(1)).skip(padding).take(height) {
                // outwards: on a torus narrower than the padding the padding repeats itself
                for i in padding + width..row.len() {
                    if let Some(value) = row.get(i - width).copied() {
                        row[i] = value;
                    }
                }
                for i in (0..padding).rev() {
                    if let Some(value) = row.get(i + width).copied()
                        && let Some(to) = row.get_mut(i)
                    {
                        *to = value;
                    }
                }
            }
            for y in (0..padding).map(|y| y + padding + height) {
                repeat(plane, (y - height) * stride, y * stride, stride);
            }
            for y in (0..padding).rev() {
                repeat(plane, (y + height) * stride, y * stride, stride);
            }
        }
    }
}

/// Copies a row of a plane to another one.
fn repeat(plane: &mut [f32], from: usize, to: usize, len: usize) {
    let (low, high) = if from < to { (from, to) } else { (to, from) };
    let Some((first, second)) = plane.split_at_mut_checked(high) else { return };
    if let (Some(first), Some(second)) = (first.get_mut(low..low + len), second.get_mut(..len)) {
        if from < to { second.copy_from_slice(first) } else { first.copy_from_slice(second) }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::Grid;
    use crate::shape::Shape;
    use std::vec;

    /// Every element of the padded planes is that of its pixel on the torus, narrow ones too.
    #[test]
    fn planes_repeat_the_torus() {
        for (width, height, padding) in [(8, 9, 3), (8, 8, 12), (19, 11, 12), (32, 16, 1)] {
            let grid = Grid::new(Shape::new(width, height).with_layers(2), padding);
            let (width, height) = (width as usize, height as usize);
            let mut component = vec![f32::NAN; grid.volume()];
            let value = |layer: usize, x: usize, y: usize| ((layer * height + y % height) * width + x % width) as f32;
            for layer in 0..2 {
                for pixel in 0..width * height {
                    component[grid.index_of(layer, pixel as u32)] = value(layer, pixel % width, pixel / width);
                }
            }
            grid.wrap(&mut component);
            for layer in 0..2 {
                for y in 0..height + 2 * padding {
                    for x in 0..width + 2 * padding {
                        let at = layer * grid.plane() + y * grid.stride() + x;
                        let (x, y) = (x + 2 * width - padding % width, y + 2 * height - padding % height);
                        assert_eq!(component[at], value(layer, x, y), "{width}x{height}, {padding}: {layer} {x} {y}");
                    }
                }
            }
        }
    }
}
