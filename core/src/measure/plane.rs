//! The 2-D transform of a measurement, in the caller's scratch: rows, then columns.

use super::dft::Line;
use crate::error::Error;
use crate::shape::Shape;

/// Some columns of a complex spectrum, and the work space to transform rows and columns.
pub(super) struct Plane<'a> {
    shape: Shape,
    columns: usize,
    bins: &'a mut [[f64; 2]],
    row: Line<'a>,
    column: Line<'a>,
}

impl<'a> Plane<'a> {
    /// Elements of scratch for so many columns.
    pub(super) const fn scratch_len(shape: Shape, columns: usize) -> usize {
        let (width, height) = (shape.width as usize, shape.height as usize);
        2 * height * columns + Line::scratch_len(width) + Line::scratch_len(height)
    }

    /// A plane that keeps the first `columns` columns: all, or a real image's half.
    ///
    /// # Errors
    /// [`Error::Length`] if the scratch is shorter than [`Plane::scratch_len`].
    #[inline(never)]
    pub(super) fn new(shape: Shape, columns: usize, scratch: &'a mut [f64]) -> Result<Self, Error> {
        let (width, height) = (shape.width as usize, shape.height as usize);
        let bad = Error::Length { what: "scratch", needed: Self::scratch_len(shape, columns), got: scratch.len() };
        let (bins, rest) = scratch.split_at_mut_checked(2 * height * columns).ok_or(bad)?;
        let (row, rest) = rest.split_at_mut_checked(Line::scratch_len(width)).ok_or(bad)?;
        let column = rest.get_mut(..Line::scratch_len(height)).ok_or(bad)?;
        let (bins, _) = bins.as_chunks_mut::<2>();
        Ok(Self { shape, columns, bins, row: Line::new(width, row), column: Line::new(height, column) })
    }

    /// Transforms `value(i)` of pixel i, row-major. One function for all callers, to keep the code small: not a hot path.
    #[inline(never)]
    pub(super) fn transform(&mut self, value: &dyn Fn(usize) -> [f64; 2]) {
        debug_assert!(self.columns > 0, "a half spectrum has a column");
        let columns = self.columns;
        let width = self.shape.width as usize;
        for (y, to) in self.bins.chunks_exact_mut(columns.max(1)).enumerate() {
            self.row.transform(&|x| value(y * width + x));
            for (to, from) in to.iter_mut().zip(self.row.output()) {
                *to = *from;
            }
        }
        for u in 0..columns {
            let bins = &*self.bins;
            self.column.transform(&|v| bins.get(v * columns + u).copied().unwrap_or_default());
            for (bin, value) in self.bins.iter_mut().skip(u).step_by(columns.max(1)).zip(self.column.output()) {
                *bin = *value;
            }
        }
    }

    /// The bin of column u and row v.
    pub(super) fn bin(&self, u: usize, v: usize) -> [f64; 2] {
        debug_assert!(u < self.columns && v < self.shape.height as usize, "a bin of the plane");
        self.bins.get(v * self.columns + u).copied().unwrap_or_default()
    }
}
