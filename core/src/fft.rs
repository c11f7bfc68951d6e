//! The 2-D real FFT: forward, inverse, and the half spectrum in natural order.
//!
//! # Sign and scale
//!
//! Forward: `X[v][u] = Σ x[y][c]·exp(−2πi(u·c/W + v·y/H))`, unnormalised; the spectrum stores 2X. The inverse of a stored spectrum is
//! `2·W·H·x`. Callers scale in the weights of the spectrum, where a factor costs nothing.
//!
//! # Data flow
//!
//! | forward | file | inverse |
//! |---|---|---|
//! | image → column tiles, transformed along y | `columns.rs` | last |
//! | column tiles → row tiles: two real columns per lane taken apart, transposed | `separate.rs` | |
//! | rows transformed along x | `passes.rs` | |
//! | row 0 and the Nyquist row taken apart, work on the bins | `nyquist.rs`, `rows.rs` | first |
//!
//! # Layout
//!
//! One lane is one signal, so the arithmetic of a signal is the same on every SIMD level. A column tile holds 16 packed columns: real
//! column j as real part, real column j + W/2 as imaginary part.
//!
//! The spectrum is row tiles of W [`Row`]s. Row tile g holds the vertical frequencies k from 16·g on, of 0 … H/2 − 1, one per lane; its row r
//! holds the horizontal frequency `Axis::frequency(r)`. The Nyquist row k = H/2 is the imaginary part of lane 0 of row tile 0 (`nyquist.rs`). At
//! height 16 the upper 8 lanes are unused.
//!
//! Sources: Cooley and Tukey (1965), by decimation in frequency; real columns in pairs: Press et al., Numerical Recipes, ch. 12.

pub(crate) mod axis;
mod butterfly;
mod columns;
mod natural;
mod nyquist;
mod passes;
mod rows;
mod separate;

pub use axis::{Axis, AxisTables};
pub use natural::{Complex, irfft2, natural_len, rfft2};

use crate::error::{Error, length};
use crate::jobs::{Jobs, Serial, Slots, Strip, Strips, each};
use crate::shape::Shape;
use crate::simd::{Kernel, LANES, Lanes, Row, SimdLevel, Words};
use columns::{columns_to_image, image_to_columns};
use passes::{rows_forward, rows_inverse};
pub(crate) use rows::{BinKernel, TileBins};
use separate::{merge, separate};

/// Plan of a 2-D transform: an [`Axis`] of columns (length H) and one of rows (length W), with their tables.
#[derive(Clone, Debug)]
#[doc(hidden)]
pub struct Plan<'a> {
    pub(crate) shape: Shape,
    /// The axis along y, of length H.
    pub(crate) columns: AxisTables<'a>,
    /// The axis along x, of length W.
    pub(crate) rows: AxisTables<'a>,
}

impl<'a> Plan<'a> {
    /// Lengths of the tables of a shape: f32 of twiddle factors, u16 of orders.
    #[must_use]
    pub const fn table_lens(shape: Shape) -> (usize, usize) {
        let (w, h) = (shape.width as usize, shape.height as usize);
        (Axis::new(w).twiddle_len() + Axis::new(h).twiddle_len(), 2 * (w + h))
    }

    /// Rows of the spectrum, and of the work space of one group of column tiles.
    #[must_use]
    pub const fn row_lens(shape: Shape) -> (usize, usize) {
        (shape.width as usize * shape.row_tiles(), shape.height as usize * shape.column_group())
    }

    /// Fills the tables of a shape.
    ///
    /// # Errors
    /// [`Error::TransformSize`], [`Error::Length`].
    pub fn fill_tables(shape: Shape, twiddles: &mut [f32], orders: &mut [u16]) -> Result<(), Error> {
        shape.check_transform()?;
        let columns = Axis::new(shape.height as usize);
        let rows = Axis::new(shape.width as usize);
        check_tables(shape, twiddles, orders)?;
        let split =
            twiddles.split_at_mut_checked(columns.twiddle_len()).zip(orders.split_at_mut_checked(2 * columns.len()));
        let Some(((t0, t1), (o0, o1))) = split else { return Err(Error::DAMAGED) };
        columns.fill(t0, o0);
        rows.fill(t1, o1);
        Ok(())
    }

    /// A plan over tables that [`Plan::fill_tables`] filled.
    ///
    /// # Errors
    /// [`Error::TransformSize`], [`Error::Length`].
    pub fn new(shape: Shape, twiddles: &'a [f32], orders: &'a [u16]) -> Result<Self, Error> {
        shape.check_transform()?;
        let columns = Axis::new(shape.height as usize);
        let rows = Axis::new(shape.width as usize);
        check_tables(shape, twiddles, orders)?;
        let split = twiddles.split_at_checked(columns.twiddle_len()).zip(orders.split_at_checked(2 * columns.len()));
        let Some(((t0, t1), (o0, o1))) = split else { return Err(Error::DAMAGED) };
        Ok(Self { shape, columns: AxisTables::new(columns, t0, o0), rows: AxisTables::new(rows, t1, o1) })
    }

    /// Transforms `image` (W·H) into `spectrum`. `scratch` is work space; lengths: [`Plan::row_lens`].
    pub fn forward(&self, level: SimdLevel, image: &[f32], spectrum: &mut [Row], scratch: &mut [Row]) {
        debug_assert!(self.fits(image, spectrum, scratch), "the lengths of Plan::row_lens");
        self.forward_columns(level, &Serial, image, spectrum, scratch);
        for tile in spectrum.chunks_exact_mut(self.tile_rows()) {
            level.run(RowTile::<false> { tables: &self.rows, tile });
        }
    }

    /// Transforms `spectrum` back into `image`, and destroys `spectrum`. Buffers as in [`Plan::forward`].
    pub fn inverse(&self, level: SimdLevel, spectrum: &mut [Row], image: &mut [f32], scratch: &mut [Row]) {
        debug_assert!(self.fits(image, spectrum, scratch), "the lengths of Plan::row_lens");
        for tile in spectrum.chunks_exact_mut(self.tile_rows()) {
            level.run(RowTile::<true> { tables: &self.rows, tile });
        }
        self.inverse_columns(level, &Serial, spectrum, image, scratch);
    }

    /// Whether buffers have the lengths of the plan; `scratch` may be longer.
    fn fits(&self, image: &[f32], spectrum: &[Row], scratch: &[Row]) -> bool {
        let (spectrum_len, scratch_len) = Self::row_lens(self.shape);
        image.len() == self.shape.pixels() && spectrum.len() == spectrum_len && scratch.len() >= scratch_len
    }

    /// Rows per row tile: W.
    #[inline(always)]
    pub(crate) fn tile_rows(&self) -> usize {
        debug_assert!(self.shape.width > 0, "Plan::new checks the shape");
        (self.shape.width as usize).max(1)
    }

    /// Rows per column tile: H.
    #[inline(always)]
    fn column_rows(&self) -> usize {
        debug_assert!(self.shape.height > 0, "Plan::new checks the shape");
        (self.shape.height as usize).max(1)
    }

    /// Transforms columns forward; [`Plan::over_bins`] transforms the rows. A job is a group of column tiles.
    ///
    /// `scratch` has room for one group per thread, at least for one.
    pub(crate) fn forward_columns(
        &self,
        level: SimdLevel,
        jobs: &dyn Jobs,
        image: &[f32],
        spectrum: &mut [Row],
        scratch: &mut [Row],
    ) {
        let half = self.shape.width as usize / 2;
        let (group, columns) = (self.shape.column_group(), self.shape.column_group() * LANES);
        let mut parts = (Strips::new(spectrum, half, 0, columns), Slots::new(scratch, Self::row_lens(self.shape).1));
        each(jobs, self.shape.column_tiles() / group, &mut parts, |group, (spectrum, mut scratch)| {
            level.run(ColumnsForward { plan: self, image, group, spectrum, scratch: scratch.slice() });
        });
    }

    /// Transforms columns back, after [`Plan::over_bins`]; otherwise as [`Plan::forward_columns`].
    pub(crate) fn inverse_columns(
        &self,
        level: SimdLevel,
        jobs: &dyn Jobs,
        spectrum: &mut [Row],
        image: &mut [f32],
        scratch: &mut [Row],
    ) {
        let half = self.shape.width as usize / 2;
        let (group, columns) = (self.shape.column_group(), self.shape.column_group() * LANES);
        let image = Strips::new(image, half, 0, columns);
        let scratch = Slots::new(scratch, Self::row_lens(self.shape).1);
        let mut parts = (Strips::new(spectrum, half, 0, columns), image, scratch);
        each(jobs, self.shape.column_tiles() / group, &mut parts, |_, (spectrum, image, mut scratch)| {
            level.run(ColumnsInverse { plan: self, spectrum, image, scratch: scratch.slice() });
        });
    }
}

/// Checks the lengths of the tables of a shape.
fn check_tables(shape: Shape, twiddles: &[f32], orders: &[u16]) -> Result<(), Error> {
    let (twiddle_len, order_len) = Plan::table_lens(shape);
    length("twiddles of the FFT", twiddle_len, twiddles.len())?;
    length("orders of the FFT", order_len, orders.len())
}

/// Transforms a group of column tiles forward.
struct ColumnsForward<'a, 'p> {
    plan: &'a Plan<'p>,
    image: &'a [f32],
    group: usize,
    spectrum: Strip<'a, Row>,
    scratch: &'a mut [Row],
}

impl Kernel for ColumnsForward<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Floats;
    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        image_to_columns::<V>(token, self.plan, self.image, self.group, self.scratch);
        for (tile, columns) in self.scratch.chunks_exact(self.plan.column_rows()).enumerate() {
            separate::<V>(token, self.plan, columns, tile, &mut self.spectrum);
        }
    }
}

/// Transforms a group of column tiles back.
struct ColumnsInverse<'a, 'p> {
    plan: &'a Plan<'p>,
    spectrum: Strip<'a, Row>,
    image: Strip<'a, f32>,
    scratch: &'a mut [Row],
}

impl Kernel for ColumnsInverse<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Floats;
    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        for (tile, columns) in self.scratch.chunks_exact_mut(self.plan.column_rows()).enumerate() {
            merge::<V>(token, self.plan, &mut self.spectrum, tile, columns);
        }
        columns_to_image::<V>(token, self.plan, self.scratch, &mut self.image);
    }
}

/// Transforms a row tile.
struct RowTile<'a, 't, const INVERSE: bool> {
    tables: &'a AxisTables<'t>,
    tile: &'a mut [Row],
}

impl<const INVERSE: bool> Kernel for RowTile<'_, '_, INVERSE> {
    type Output = ();
    const WORDS: Words = Words::Floats;
    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        if INVERSE {
            rows_inverse::<V>(token, self.tables, self.tile);
        } else {
            rows_forward::<V>(token, self.tables, self.tile);
        }
    }
}
