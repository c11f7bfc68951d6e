//! realfft for the rows, rustfft for all columns at once; both plan for the CPU.

use super::Peer;
use super::composed::{Axes, Composed};
use bluegrad::Shape;
use bluegrad::fft::Complex;
use num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use rustfft::{Fft, FftPlanner};
use std::sync::Arc;

const NAME: &str = "realfft + rustfft";

pub(super) fn peer() -> Peer {
    let about = "rows by realfft 3.5, transposed by blocks, columns by rustfft 6.4 and left transposed";
    Peer::new(NAME, about.into(), |shape| Ok(Box::new(Composed::new(Rustfft::new(shape), shape))))
}

struct Rustfft {
    rows: Arc<dyn RealToComplex<f32>>,
    rows_back: Arc<dyn ComplexToReal<f32>>,
    columns: Arc<dyn Fft<f32>>,
    columns_back: Arc<dyn Fft<f32>>,
    /// Buffer of one row: a real transform overwrites its input.
    row: Vec<f32>,
    scratch: Vec<Complex32>,
    pixels: usize,
}

impl Rustfft {
    fn new(shape: Shape) -> Self {
        let (width, height) = (shape.width as usize, shape.height as usize);
        let (mut real, mut complex) = (RealFftPlanner::new(), FftPlanner::new());
        let (rows, rows_back) = (real.plan_fft_forward(width), real.plan_fft_inverse(width));
        let (columns, columns_back) = (complex.plan_fft_forward(height), complex.plan_fft_inverse(height));
        let real_scratch = rows.get_scratch_len().max(rows_back.get_scratch_len());
        let scratch = columns.get_inplace_scratch_len().max(columns_back.get_inplace_scratch_len()).max(real_scratch);
        let scratch = vec![Complex32::default(); scratch];
        Self { rows, rows_back, columns, columns_back, row: vec![0.0; width], scratch, pixels: shape.pixels() }
    }
}

impl Axes for Rustfft {
    fn name(&self) -> String {
        NAME.into()
    }

    fn scale(&self) -> f32 {
        self.pixels as f32
    }

    fn packed(&self) -> bool {
        false
    }

    fn rows(&mut self, image: &[f32], spectra: &mut [Complex]) {
        let width = self.row.len();
        let spectra: &mut [Complex32] = bytemuck::cast_slice_mut(spectra);
        for (row, spectrum) in image.chunks_exact(width).zip(spectra.chunks_exact_mut(width / 2 + 1)) {
            self.row.copy_from_slice(row);
            let done = self.rows.process_with_scratch(&mut self.row, spectrum, &mut self.scratch);
            done.expect("buffers of the planned lengths");
        }
    }

    fn columns(&mut self, columns: &mut [Complex]) {
        self.columns.process_with_scratch(bytemuck::cast_slice_mut(columns), &mut self.scratch);
    }

    fn columns_back(&mut self, columns: &mut [Complex]) {
        self.columns_back.process_with_scratch(bytemuck::cast_slice_mut(columns), &mut self.scratch);
    }

    fn rows_back(&mut self, spectra: &mut [Complex], output: &mut [f32]) {
        let width = self.row.len();
        let spectra: &mut [Complex32] = bytemuck::cast_slice_mut(spectra);
        for (row, spectrum) in output.chunks_exact_mut(width).zip(spectra.chunks_exact_mut(width / 2 + 1)) {
            // realfft wants exact zeros there
            spectrum[0].im = 0.0;
            spectrum[width / 2].im = 0.0;
            let done = self.rows_back.process_with_scratch(spectrum, row, &mut self.scratch);
            done.expect("buffers of the planned lengths");
        }
    }
}
