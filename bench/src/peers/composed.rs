//! A pair of 2-D transforms made of a library's 1-D ones, as its users would: real rows, a transpose, complex columns that
//! lie in one piece each; and back. The spectrum stays transposed, and in the library's own order if it has one: who works
//! on it bin by bin needs no other, so neither side pays for an order that it does not use.

use crate::memory::Floats;
use crate::pair::Pair;
use bluegrad::Shape;
use bluegrad::fft::Complex;

/// The 1-D transforms of a library, for the two axes of one shape: W columns, H rows.
pub(super) trait Axes {
    /// Who and how.
    fn name(&self) -> String;
    /// output = scale · image.
    fn scale(&self) -> f32;
    /// Whether the spectrum of a row is W/2 long, the bin at W/2 being the imaginary part of bin 0; else it is W/2 + 1 long.
    fn packed(&self) -> bool;
    /// The spectra of all rows of an image.
    fn rows(&mut self, image: &[f32], spectra: &mut [Complex]);
    /// Each of the columns, H long, becomes its spectrum.
    fn columns(&mut self, columns: &mut [Complex]);
    /// Undoes [`Axes::columns`].
    fn columns_back(&mut self, columns: &mut [Complex]);
    /// Undoes [`Axes::rows`]; may destroy the spectra.
    fn rows_back(&mut self, spectra: &mut [Complex], output: &mut [f32]);
    /// Brings the spectrum of a column into natural order.
    fn to_natural(&self, _column: &mut [Complex]) {}
}

/// Complex numbers that start at a multiple of 64 bytes.
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
    /// Bins of a row as the library has them.
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
