//! Cells on the torus in windows of 32 columns, and the kernel that a placed pixel adds to them.

use crate::jobs::Band;
use crate::shape::Shape;

/// Columns of a window.
pub(crate) const WINDOW: usize = 32;

/// Largest radius of a [`TorusGaussian`], in pixels: six times the largest sigma of void-and-cluster.
pub(super) const MOST_RADIUS: usize = 48;

/// Layout of a field: all rows of the first 32 columns, then all rows of the next 32.
///
/// Columns from `width` on are padding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldLayout {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Rows from a window to the next, at least `height`.
    pub(crate) stride: usize,
    /// Number of windows.
    pub(crate) windows: usize,
}

impl FieldLayout {
    pub(crate) const fn new(shape: Shape) -> Self {
        let width = shape.width as usize;
        let height = shape.height as usize;
        Self { width, height, stride: height, windows: width.div_ceil(WINDOW) }
    }

    /// The layout with `rows` unused rows after each window.
    ///
    /// At a distance of a power of two the same rows of all windows would share a few sets of a cache.
    pub(crate) const fn apart(self, rows: usize) -> Self {
        Self { stride: self.height + rows, ..self }
    }

    /// Number of elements of a field, 32 cells each.
    pub(crate) const fn len(&self) -> usize {
        self.windows * self.stride
    }

    /// Returns the rows of one window of a field.
    #[inline(always)]
    pub(crate) fn strip<'a, T>(&self, field: &'a [T], window: usize) -> &'a [T] {
        debug_assert!(
            window < self.windows && field.len() >= self.len(),
            "a window of the layout, in a field of its size"
        );
        field.get(window * self.stride..).and_then(|strip| strip.get(..self.height)).unwrap_or_default()
    }

    /// As [`FieldLayout::strip`].
    #[inline(always)]
    pub(crate) fn strip_mut<'a, T>(&self, field: &'a mut [T], window: usize) -> &'a mut [T] {
        debug_assert!(
            window < self.windows && field.len() >= self.len(),
            "a window of the layout, in a field of its size"
        );
        field.get_mut(window * self.stride..).and_then(|strip| strip.get_mut(..self.height)).unwrap_or_default()
    }

    /// Index of the element that holds (x, y), as its cell x mod 32.
    #[inline(always)]
    pub(crate) const fn cells_index(&self, x: usize, y: usize) -> usize {
        x / WINDOW * self.stride + y
    }

    /// Number of pixels.
    pub(crate) const fn pixels(&self) -> usize {
        self.width * self.height
    }
}

/// A field, or a part of one: rows of its windows.
pub(crate) trait Field<T> {
    /// Returns rows `first` to `first + count` of a window; none if one of them is missing.
    fn rows(&self, layout: &FieldLayout, window: usize, first: usize, count: usize) -> &[[T; WINDOW]];
    /// As [`Field::rows`].
    fn rows_mut(&mut self, layout: &FieldLayout, window: usize, first: usize, count: usize) -> &mut [[T; WINDOW]];
}

impl<T> Field<T> for [[T; WINDOW]] {
    #[inline(always)]
    fn rows(&self, layout: &FieldLayout, window: usize, first: usize, count: usize) -> &[[T; WINDOW]] {
        layout.strip(self, window).get(first..first + count).unwrap_or_default()
    }

    #[inline(always)]
    fn rows_mut(&mut self, layout: &FieldLayout, window: usize, first: usize, count: usize) -> &mut [[T; WINDOW]] {
        layout.strip_mut(self, window).get_mut(first..first + count).unwrap_or_default()
    }
}

impl<T> Field<T> for Band<'_, [T; WINDOW]> {
    #[inline(always)]
    fn rows(&self, _: &FieldLayout, window: usize, first: usize, count: usize) -> &[[T; WINDOW]] {
        self.get(window, first, count)
    }

    #[inline(always)]
    fn rows_mut(&mut self, _: &FieldLayout, window: usize, first: usize, count: usize) -> &mut [[T; WINDOW]] {
        self.get_mut(window, first, count)
    }
}

/// Layout of a kernel table: one cell for each offset up to a radius along each axis, fewer on a smaller torus.
///
/// Each row of a table has 32 zeros on either side, so that a window of columns can be read at any offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KernelLayout {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl KernelLayout {
    pub(crate) const fn new(radius: usize, layout: &FieldLayout) -> Self {
        let side = 2 * radius + 1;
        Self {
            columns: if side < layout.width { side } else { layout.width },
            rows: if side < layout.height { side } else { layout.height },
        }
    }

    /// Stride of the table's rows, in cells.
    pub(crate) const fn row_len(&self) -> usize {
        self.columns + 2 * WINDOW
    }

    /// Number of cells of the table.
    pub(crate) const fn len(&self) -> usize {
        self.row_len() * self.rows
    }

    /// Column and row of offset (0, 0), not counting the zeros of a row.
    pub(crate) const fn centre(&self) -> (usize, usize) {
        (self.columns / 2, self.rows / 2)
    }

    /// Returns the field row of the first row of a kernel placed at row `y`, and the number of kernel rows from there to the last field row.
    ///
    /// The other kernel rows wrap to field row 0.
    #[inline(always)]
    pub(crate) fn rows_at(&self, layout: &FieldLayout, y: usize) -> (usize, usize) {
        let above = self.rows / 2;
        let first = if y < above { y + layout.height - above } else { y - above };
        (first, self.rows.min(layout.height - first))
    }

    /// Adds a kernel placed at (x, y) to a field: calls `add(cells, kernel's cells, window)` for every 32 cells that it overlaps.
    #[inline(always)]
    pub(crate) fn add<T>(
        &self,
        layout: &FieldLayout,
        field: &mut (impl Field<T> + ?Sized),
        table: &[T],
        (x, y): (usize, usize),
        add: impl Fn(&mut [T; WINDOW], &[T; WINDOW], usize),
    ) {
        let (first, count) = self.rows_at(layout, y);
        for Overlap { window, from } in self.overlaps(layout, x) {
            let mut lines = TableRows { table, at: from, stride: self.row_len() };
            debug_assert!(
                field.rows(layout, window, first, count).len() == count,
                "rows_at keeps to the rows of the field"
            );
            for cells in field.rows_mut(layout, window, first, count) {
                if let Some(line) = lines.next() {
                    add(cells, line, window);
                }
            }
            for cells in field.rows_mut(layout, window, 0, self.rows - count) {
                if let Some(line) = lines.next() {
                    add(cells, line, window);
                }
            }
        }
    }

    /// Iterates over the windows that a kernel placed at column `x` overlaps.
    ///
    /// A kernel that crosses the edge of the torus has two runs of windows: in place, and shifted by the width. Kernel columns left of column
    /// 0 are not read; those right of the last column fall on padding.
    #[inline(always)]
    pub(crate) fn overlaps(&self, layout: &FieldLayout, x: usize) -> Overlaps {
        let left = self.columns / 2;
        if x < left {
            let over = left - x;
            Overlaps::new((0, self.columns - over, over), (layout.width - over, over, 0))
        } else {
            let start = x - left;
            let inside = self.columns.min(layout.width - start);
            Overlaps::new((start, inside, 0), (0, self.columns - inside, inside))
        }
    }
}

/// Iterator over 32 cells of each row of a table.
struct TableRows<'a, T> {
    table: &'a [T],
    at: usize,
    stride: usize,
}

impl<'a, T> TableRows<'a, T> {
    #[inline(always)]
    fn next(&mut self) -> Option<&'a [T; WINDOW]> {
        let line = self.table.get(self.at..)?.first_chunk();
        self.at += self.stride;
        line
    }
}

/// A window, and the cell in a row of the table that falls on its first column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overlap {
    pub(crate) window: usize,
    pub(crate) from: usize,
}

/// Iterator of [`KernelLayout::overlaps`].
///
/// Computed one by one: reading a list back at once would wait for its stores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overlaps {
    /// The next window.
    window: usize,
    /// The column of the field where this run of windows ends.
    end: usize,
    /// The cell in a row of the table that falls on column 0 of the field; wraps below 0.
    from: usize,
    /// The next run: start, end, from.
    next: (usize, usize, usize),
}

impl Overlaps {
    /// Two runs of columns, each given by its first field column, its length, and its first kernel column.
    #[inline(always)]
    fn new(first: (usize, usize, usize), next: (usize, usize, usize)) -> Self {
        let from = |(start, _, column): (usize, usize, usize)| (WINDOW + column).wrapping_sub(start);
        Self {
            window: first.0 / WINDOW,
            end: first.0 + first.1,
            from: from(first),
            next: (next.0, next.0 + next.1, from(next)),
        }
    }
}

impl Iterator for Overlaps {
    type Item = Overlap;

    #[inline(always)]
    fn next(&mut self) -> Option<Overlap> {
        if self.window * WINDOW >= self.end {
            let (start, end, from) = self.next;
            if start >= end {
                return None;
            }
            (self.window, self.end, self.from) = (start / WINDOW, end, from);
            self.next = (0, 0, 0);
        }
        let part = Overlap { window: self.window, from: self.from.wrapping_add(self.window * WINDOW) };
        self.window += 1;
        Some(part)
    }
}

/// A Gaussian on a circle of `side` pixels, summed over its wraps.
///
/// `count` elements; element i is at offset `i − count/2`.
pub(crate) struct WrappedGaussian {
    values: [f64; 2 * MOST_RADIUS + 1],
    count: usize,
}

impl WrappedGaussian {
    /// `Σ_a exp(−(d + a·side)²/2σ²)` over `|d + a·side| ≤ radius`, a rising.
    pub(crate) fn new(sigma: f64, radius: usize, side: usize) -> Self {
        debug_assert!(radius <= MOST_RADIUS && side > 0, "no stage has a larger kernel, no mask a side of 0");
        let radius = radius.min(MOST_RADIUS);
        let count = (2 * radius + 1).min(side);
        let mut values = [0.0; 2 * MOST_RADIUS + 1];
        let (radius, side) = (radius as i64, (side as i64).max(1));
        for (d, value) in (-((count / 2) as i64)..).zip(values.iter_mut().take(count)) {
            let mut offset = d - side * ((d + radius) / side);
            while offset <= radius {
                *value += libm::exp(-((offset * offset) as f64) / (2.0 * sigma * sigma));
                offset += side;
            }
        }
        Self { values, count }
    }

    /// The values, by offset.
    pub(crate) fn values(&self) -> &[f64] {
        self.values.get(..self.count).unwrap_or(&self.values)
    }
}

/// A Gaussian on the torus, minus a narrower one times a weight.
pub(crate) struct TorusGaussian {
    wide: [WrappedGaussian; 2],
    narrow: [WrappedGaussian; 2],
    narrow_weight: f64,
}

impl TorusGaussian {
    pub(crate) fn new(layout: &FieldLayout, sigma: f64, radius: usize, narrow_sigma: f64, narrow_weight: f64) -> Self {
        let axes = |sigma| {
            [WrappedGaussian::new(sigma, radius, layout.width), WrappedGaussian::new(sigma, radius, layout.height)]
        };
        Self { wide: axes(sigma), narrow: axes(narrow_sigma), narrow_weight }
    }

    /// Returns the value at column i and row j of the table.
    fn at(&self, i: usize, j: usize) -> f64 {
        debug_assert!(i < self.wide[0].count && j < self.wide[1].count, "in the table");
        let product = |[x, y]: &[WrappedGaussian; 2]| {
            x.values.get(i).copied().unwrap_or_default() * y.values.get(j).copied().unwrap_or_default()
        };
        let wide = product(&self.wide);
        if self.narrow_weight > 0.0 { wide - self.narrow_weight * product(&self.narrow) } else { wide }
    }

    /// Returns the value at offset (0, 0).
    pub(crate) fn peak(&self) -> f64 {
        self.at(self.wide[0].count / 2, self.wide[1].count / 2)
    }

    /// Returns the sum of all values, added row by row.
    pub(crate) fn sum(&self) -> f64 {
        let mut sum = 0.0;
        for j in 0..self.wide[1].count {
            for i in 0..self.wide[0].count {
                sum += self.at(i, j);
            }
        }
        sum
    }

    /// Fills a table with `cell(value)`, and with zeros on either side of each row.
    pub(crate) fn fill<T: Copy + Default>(&self, table: &mut [T], cell: impl Fn(f64) -> T) {
        let columns = self.wide[0].count;
        debug_assert!(
            table.len() == (columns + 2 * WINDOW) * self.wide[1].count,
            "KernelLayout::len of the same radius"
        );
        for (j, row) in table.chunks_exact_mut((columns + 2 * WINDOW).max(1)).enumerate() {
            row.fill(T::default());
            for (i, to) in row.iter_mut().skip(WINDOW).take(columns).enumerate() {
                *to = cell(self.at(i, j));
            }
        }
    }
}
