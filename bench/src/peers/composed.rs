//! 2-D transforms made of the 1-D transforms of a library.
//!
//! Real rows, a transpose, complex columns in contiguous memory; and back. The spectrum stays transposed and, if the library has an
//! order of its own, in that order: work on bins does not depend on the order, so no contender pays for a reordering.

use crate::memory::Floats;
use crate::pair::Pair;
use bluegrad::Shape;
use bluegrad::fft::Complex;

/// The 1-D transforms of a library, for the two axes of one shape: W columns, H rows.
pub(super) trait Axes {
    /// Library and variant.
    fn name(&self) -> String;
    /// output = scale · image.
    fn scale(&self) -> f32;
    /// Whether the spectrum of a row has W/2 elements.
    ///
    /// The bin at W/2 is then the imaginary part of bin 0; else a row has W/2 + 1 elements.
    fn packed(&self) -> bool;
    /// Transforms all rows of an image.
    fn rows(&mut self, image: &[f32], spectra: &mut [Complex]);
    /// Transforms each column, of H elements.
    fn columns(&mut self, columns: &mut [Complex]);
    /// Undoes [`Axes::columns`].
    fn columns_back(&mut self, columns: &mut [Complex]);
    /// Undoes [`Axes::rows`]; may overwrite the spectra.
    fn rows_back(&mut self, spectra: &mut [Complex], output: &mut [f32]);
    /// Brings the spectrum of a column into natural order.
    fn to_natural(&self, _column: &mut [Complex]) {}
}

/// Complex numbers aligned to 64 bytes.
struct Complexes(Floats);

impl Complexes {
    fn new(len: usize) -> Self {
        Self(Floats::new(2 * len))
    }

    fn get(&mut self) -> &mut [Complex] {
        bytemuck::cast_slice_mut(&mut self.0)
    }
}

/// The 2-D pair.
pub(super) struct Composed<A> {
    axes: A,
    height: usize,
    /// Elements of the spectrum of a row.
    row_len: usize,
    image: Floats,
    rows: Complexes,
    /// W/2 + 1 columns.
    columns: Complexes,
    output: Floats,
}

impl<A: Axes> Composed<A> {
    pub(super) fn new(axes: A, shape: Shape) -> Self {
        let (half, height) = (shape.width as usize / 2, shape.height as usize);
        let row_len = if axes.packed() { half } else { half + 1 };
        Self {
            axes,
            height,
            row_len,
            image: Floats::new(shape.pixels()),
            rows: Complexes::new(row_len * height),
            columns: Complexes::new((half + 1) * height),
            output: Floats::new(shape.pixels()),
        }
    }

    fn forward(&mut self) {
        let len = self.row_len * self.height;
        self.axes.rows(&self.image, self.rows.get());
        let columns = self.columns.get();
        transpose::transpose(self.rows.get(), &mut columns[..len], self.row_len, self.height);
        if let Some((first, last)) = ends(columns, self.height).filter(|_| self.axes.packed()) {
            for (first, last) in first.iter_mut().zip(last) {
                *last = Complex { re: first.im, im: 0.0 };
                first.im = 0.0;
            }
        }
        self.axes.columns(columns);
    }

    fn inverse(&mut self) {
        let len = self.row_len * self.height;
        let columns = self.columns.get();
        self.axes.columns_back(columns);
        if let Some((first, last)) = ends(columns, self.height).filter(|_| self.axes.packed()) {
            for (first, last) in first.iter_mut().zip(last) {
                first.im = last.re;
            }
        }
        transpose::transpose(&columns[..len], self.rows.get(), self.height, self.row_len);
        self.axes.rows_back(self.rows.get(), &mut self.output);
    }
}

/// The first column and the last.
fn ends(columns: &mut [Complex], height: usize) -> Option<(&mut [Complex], &mut [Complex])> {
    let (first, rest) = columns.split_at_mut_checked(height)?;
    let start = rest.len().checked_sub(height)?;
    Some((first, &mut rest[start..]))
}

impl<A: Axes> Pair for Composed<A> {
    fn name(&self) -> String {
        self.axes.name()
    }

    fn image(&mut self) -> &mut [f32] {
        &mut self.image
    }

    fn run(&mut self) {
        self.forward();
        self.inverse();
    }

    fn output(&self) -> (&[f32], f32) {
        (&self.output, self.axes.scale())
    }

    fn spectrum(&mut self) -> Vec<Complex> {
        self.forward();
        let columns = self.columns.get();
        for column in columns.chunks_exact_mut(self.height) {
            self.axes.to_natural(column);
        }
        let mut natural = vec![Complex::default(); columns.len()];
        transpose::transpose(columns, &mut natural, self.height, columns.len() / self.height);
        natural
    }
}
