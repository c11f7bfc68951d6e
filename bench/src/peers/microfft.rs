//! microfft: in place, sizes fixed at compile time, tables in the program.
//!
//! microfft has no inverse transform to real data, so a complex inverse transforms two rows at once: one row is the real part, the
//! next row the imaginary part.

use super::Peer;
use super::composed::{Axes, Composed};
use bluegrad::Shape;
use bluegrad::fft::Complex;
use microfft::{complex, inverse, real};
use num_complex::Complex32;

const NAME: &str = "microfft";

pub(super) fn peer() -> Peer {
    let about = "0.6 with its tables, rows, transposed by blocks, columns left transposed; inverse rows two by two";
    Peer::new(NAME, about.into(), |shape| Ok(Box::new(Composed::new(Microfft::new(shape)?, shape))))
}

type Real = fn(&mut [f32]) -> &mut [Complex32];
type InPlace = fn(&mut [Complex32]);

struct Microfft {
    real: Real,
    rows_inverse: InPlace,
    forward: InPlace,
    inverse: InPlace,
    height: usize,
    /// Buffers: one row, and two rows as one complex row.
    row: Vec<f32>,
    two: Vec<Complex32>,
}

/// Functions of a size: real, complex forward, complex inverse.
fn functions(side: u32) -> Result<(Real, InPlace, InPlace), String> {
    macro_rules! sizes {
        ($($size:literal: $real:ident $forward:ident $inverse:ident,)*) => {
            match side {
                $($size => Ok((
                    |row| real::$real(row.try_into().expect("a row")),
                    |column| { let _ = complex::$forward(column.try_into().expect("a column")); },
                    |column| { let _ = inverse::$inverse(column.try_into().expect("a column")); },
                )),)*
                _ => Err(format!("nothing of size {side}")),
            }
        };
    }
    sizes! {
        16: rfft_16 cfft_16 ifft_16,
        32: rfft_32 cfft_32 ifft_32,
        64: rfft_64 cfft_64 ifft_64,
        128: rfft_128 cfft_128 ifft_128,
        256: rfft_256 cfft_256 ifft_256,
        512: rfft_512 cfft_512 ifft_512,
        1024: rfft_1024 cfft_1024 ifft_1024,
        2048: rfft_2048 cfft_2048 ifft_2048,
        4096: rfft_4096 cfft_4096 ifft_4096,
    }
}

impl Microfft {
    fn new(shape: Shape) -> Result<Self, String> {
        let (real, _, rows_inverse) = functions(shape.width)?;
        let (_, forward, inverse) = functions(shape.height)?;
        let (width, height) = (shape.width as usize, shape.height as usize);
        let (row, two) = (vec![0.0; width], vec![Complex32::default(); width]);
        Ok(Self { real, rows_inverse, forward, inverse, height, row, two })
    }
}

impl Axes for Microfft {
    fn name(&self) -> String {
        NAME.into()
    }

    fn scale(&self) -> f32 {
        1.0
    }

    fn packed(&self) -> bool {
        true
    }

    fn rows(&mut self, image: &[f32], spectra: &mut [Complex]) {
        let width = self.row.len();
        for (row, spectrum) in image.chunks_exact(width).zip(spectra.chunks_exact_mut(width / 2)) {
            self.row.copy_from_slice(row);
            spectrum.copy_from_slice(bytemuck::cast_slice((self.real)(&mut self.row)));
        }
    }

    fn columns(&mut self, columns: &mut [Complex]) {
        bytemuck::cast_slice_mut(columns).chunks_exact_mut(self.height).for_each(self.forward);
    }

    fn columns_back(&mut self, columns: &mut [Complex]) {
        bytemuck::cast_slice_mut(columns).chunks_exact_mut(self.height).for_each(self.inverse);
    }

    fn rows_back(&mut self, spectra: &mut [Complex], output: &mut [f32]) {
        let width = self.row.len();
        let half = width / 2;
        for (rows, spectra) in output.chunks_exact_mut(2 * width).zip(spectra.chunks_exact(width)) {
            let (a, b) = spectra.split_at(half);
            // A and B are spectra of real rows: Z = A + iB, and above the middle conj A + i conj B
            self.two[0] = Complex32::new(a[0].re, b[0].re);
            self.two[half] = Complex32::new(a[0].im, b[0].im);
            for k in 1..half {
                self.two[k] = Complex32::new(a[k].re - b[k].im, a[k].im + b[k].re);
                self.two[width - k] = Complex32::new(a[k].re + b[k].im, b[k].re - a[k].im);
            }
            (self.rows_inverse)(&mut self.two);
            let (first, second) = rows.split_at_mut(width);
            for ((first, second), two) in first.iter_mut().zip(second).zip(&self.two) {
                (*first, *second) = (two.re, two.im);
            }
        }
    }
}
