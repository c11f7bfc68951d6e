//! Planes that repeat the torus around their edges.

use crate::shape::Shape;
use crate::simd::{Kernel, Lanes, SHORTS, Words};

/// A plane of 16-bit values, padded by `radius` on each side with the torus's repetition (a halo).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Padding {
    pub(crate) shape: Shape,
    pub(crate) radius: usize,
}

impl Padding {
    /// Elements of a row: pixels, and the padding on either side, to whole half chunks. The last chunk of pixels may reach into the next row.
    pub(crate) const fn stride(&self) -> usize {
        (self.shape.width as usize + 2 * self.radius).next_multiple_of(SHORTS / 2)
    }

    /// Rows.
    pub(crate) const fn rows(&self) -> usize {
        self.shape.height as usize + 2 * self.radius
    }

    /// Elements of the plane: its rows, and one chunk more, so that a chunk can be read at every pixel.
    pub(crate) const fn len(&self) -> usize {
        self.rows() * self.stride() + SHORTS
    }

    /// Index of pixel (0, y).
    pub(crate) const fn row(&self, y: usize) -> usize {
        (y + self.radius) * self.stride() + self.radius
    }

    /// The row of the image that row `row` of the plane repeats.
    pub(crate) const fn image_row(&self, row: usize) -> usize {
        debug_assert!(self.shape.height > 0, "a mask has rows");
        let height = if self.shape.height == 0 { 1 } else { self.shape.height as usize };
        // row − radius modulo the height, and never below 0: the radius may be more than the height
        (row + height * self.radius - self.radius) % height
    }

    /// Fills the padding left and right of a row whose pixels are written.
    #[inline(always)]
    pub(crate) fn close(&self, row: &mut [i16]) {
        let (width, radius) = (self.shape.width as usize, self.radius);
        debug_assert!(row.len() >= width + 2 * radius, "a row is one stride");
        // from the pixels outwards: on a torus narrower than the radius the padding repeats itself
        for i in 0..radius {
            if let Some(value) = row.get(radius + i).copied()
                && let Some(to) = row.get_mut(radius + width + i)
            {
                *to = value;
            }
        }
        for i in (0..radius).rev() {
            if let Some(value) = row.get(i + width).copied()
                && let Some(to) = row.get_mut(i)
            {
                *to = value;
            }
        }
    }
}

/// Makes the rows of a padded plane from row `first` on.
pub(crate) struct PaddedRows<'a, F> {
    pub(crate) padding: &'a Padding,
    /// Values of the image, Q24.
    pub(crate) values: &'a [i32],
    pub(crate) first: usize,
    pub(crate) plane: &'a mut [i16],
    /// Converts a value to the plane's format.
    pub(crate) short: F,
}

impl<F: Fn(i32) -> i16> Kernel for PaddedRows<'_, F> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let (width, radius) = (self.padding.shape.width as usize, self.padding.radius);
        debug_assert!(self.values.len() == self.padding.shape.pixels(), "one value a pixel");
        let mut row = self.first;
        for to in self.plane.chunks_exact_mut(self.padding.stride().max(1)) {
            let from = self.padding.image_row(row) * width;
            let from = self.values.get(from..from + width).unwrap_or_default();
            // always there: a row is one stride, which has room for width + 2·radius
            if let Some(pixels) = to.get_mut(radius..radius + from.len()) {
                for i in 0..pixels.len().min(from.len()) {
                    pixels[i] = (self.short)(from[i]);
                }
            }
            self.padding.close(to);
            row += 1;
        }
    }
}
