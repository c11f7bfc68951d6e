//! Cells on the torus, stored in windows of 32 columns, and the kernel that a placed pixel adds to them.

use crate::shape::Shape;

/// Columns of a window.
pub(crate) const WINDOW: usize = 32;

/// The largest radius of a [`Spread`]: six times the largest sigma of void-and-cluster.
pub(super) const MOST_RADIUS: usize = 48;

/// Layout of a field: all rows of the first 32 columns, then all rows of the next 32. Columns from `width` on are padding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Windows side by side.
    pub(crate) windows: usize,
}

impl Grid {
    pub(crate) const fn new(shape: Shape) -> Self {
        let width = shape.width as usize;
        Self { width, height: shape.height as usize, windows: width.div_ceil(WINDOW) }
    }

    /// Elements of a field, 32 cells each.
    pub(crate) const fn len(&self) -> usize {
        self.windows * self.height
    }

    /// The rows of one window of a field.
    #[inline(always)]
    pub(crate) fn strip<'a, T>(&self, field: &'a [T], window: usize) -> &'a [T] {
        debug_assert!(
            window < self.windows && field.len() >= self.len(),
            "a window of the grid, in a field of its size"
        );
        field.get(window * self.height..(window + 1) * self.height).unwrap_or_default()
    }

    /// As [`Grid::strip`].
    #[inline(always)]
    pub(crate) fn strip_mut<'a, T>(&self, field: &'a mut [T], window: usize) -> &'a mut [T] {
        debug_assert!(
            window < self.windows && field.len() >= self.len(),
            "a window of the grid, in a field of its size"
        );
        field.get_mut(window * self.height..(window + 1) * self.height).unwrap_or_default()
    }

    /// Index of the 32 cells that hold (x, y) as number x mod 32.
    #[inline(always)]
    pub(crate) const fn cells_index(&self, x: usize, y: usize) -> usize {
        x / WINDOW * self.height + y
    }

    /// Number of pixels.
    pub(crate) const fn pixels(&self) -> usize {
        self.width * self.height
    }
}

/// Layout of a kernel table: an entry for each offset up to a radius along each axis, fewer where the torus is smaller.
///
/// Each row of a table has a window of zeros on either side, so that a window of columns can be read at any offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl Reach {
    pub(crate) const fn new(radius: usize, grid: &Grid) -> Self {
        let side = 2 * radius + 1;
        Self {
            columns: if side < grid.width { side } else { grid.width },
            rows: if side < grid.height { side } else { grid.height },
        }
    }

    /// Cells of a row of the table.
    pub(crate) const fn row_len(&self) -> usize {
        self.columns + 2 * WINDOW
    }

    /// Cells of the table.
    pub(crate) const fn len(&self) -> usize {
        self.row_len() * self.rows
    }

    /// Column and row of the offset (0, 0), the zeros of a row not counted.
    pub(crate) const fn centre(&self) -> (usize, usize) {
        (self.columns / 2, self.rows / 2)
    }

    /// The grid row of the first row of a kernel placed at row `y`, and the number of kernel rows from there to the end of the grid. The
    /// other rows wrap to the beginning.
    #[inline(always)]
    pub(crate) fn rows_at(&self, grid: &Grid, y: usize) -> (usize, usize) {
        let above = self.rows / 2;
        let first = if y < above { y + grid.height - above } else { y - above };
        (first, self.rows.min(grid.height - first))
    }

    /// Adds a kernel placed at (x, y) to a field: calls `add(cells, kernel's cells, window)` for each 32 cells it touches.
    #[inline(always)]
    pub(crate) fn add<T>(
        &self,
        grid: &Grid,
        field: &mut [[T; WINDOW]],
        table: &[T],
        (x, y): (usize, usize),
        add: impl Fn(&mut [T; WINDOW], &[T; WINDOW], usize),
    ) {
        let (first, count) = self.rows_at(grid, y);
        for Part { window, from } in self.parts(grid, x) {
            let strip = grid.strip_mut(field, window);
            let mut lines = Lines { table, at: from, stride: self.row_len() };
            debug_assert!(
                first + count <= strip.len() && self.rows - count <= strip.len(),
                "rows_at keeps to the grid"
            );
            for cells in strip.get_mut(first..first + count).unwrap_or_default() {
                if let Some(line) = lines.next() {
                    add(cells, line, window);
                }
            }
            for cells in strip.get_mut(..self.rows - count).unwrap_or_default() {
                if let Some(line) = lines.next() {
                    add(cells, line, window);
                }
            }
        }
    }

    /// The windows that a kernel placed at column `x` touches, each with its offset in a row of the table.
    ///
    /// A kernel that crosses the edge of the torus has two runs of windows: without wrap, and shifted by the width. The part of the
    /// first beyond column 0 is not read; the part beyond the last column falls on padding.
    #[inline(always)]
    pub(crate) fn parts(&self, grid: &Grid, x: usize) -> Parts {
        let left = self.columns / 2;
        if x < left {
            let over = left - x;
            Parts::new((0, self.columns - over, over), (grid.width - over, over, 0))
        } else {
            let start = x - left;
            let inside = self.columns.min(grid.width - start);
            Parts::new((start, inside, 0), (0, self.columns - inside, inside))
        }
    }
}

/// 32 cells of each row of a table, from one column on.
struct Lines<'a, T> {
    table: &'a [T],
    at: usize,
    stride: usize,
}

impl<'a, T> Lines<'a, T> {
    #[inline(always)]
    fn next(&mut self) -> Option<&'a [T; WINDOW]> {
        let line = self.table.get(self.at..)?.first_chunk();
        self.at += self.stride;
        line
    }
}

/// A window, and the element in a row of the table that falls on its first column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) window: usize,
    pub(crate) from: usize,
}

/// Iterator of [`Reach::parts`]. Made one by one: a list would be read back before its stores have finished.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    /// The next window.
    window: usize,
    /// The grid column where this run of windows ends.
    end: usize,
    /// The element in a row of the table that falls on column 0 of the grid; wraps where that is below 0.
    from: usize,
    /// The next run: start, end, from.
    next: (usize, usize, usize),
}

impl Parts {
    /// Two runs of columns, each given by its first grid column, its length, and its first kernel column.
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

impl Iterator for Parts {
    type Item = Part;

    #[inline(always)]
    fn next(&mut self) -> Option<Part> {
        if self.window * WINDOW >= self.end {
            let (start, end, from) = self.next;
            if start >= end {
                return None;
            }
            (self.window, self.end, self.from) = (start / WINDOW, end, from);
            self.next = (0, 0, 0);
        }
        let part = Part { window: self.window, from: self.from.wrapping_add(self.window * WINDOW) };
        self.window += 1;
        Some(part)
    }
}

/// A Gaussian on a circle of `side` pixels, summed over its wraps: `count` elements, element i at offset `i − count/2`.
pub(crate) struct Axis {
    values: [f64; 2 * MOST_RADIUS + 1],
    count: usize,
}

impl Axis {
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
}

/// A Gaussian on the torus minus a weighted narrower one.
pub(crate) struct Spread {
    wide: [Axis; 2],
    narrow: [Axis; 2],
    narrow_weight: f64,
}

impl Spread {
    pub(crate) fn new(grid: &Grid, sigma: f64, radius: usize, narrow_sigma: f64, narrow_weight: f64) -> Self {
        let axes = |sigma| [Axis::new(sigma, radius, grid.width), Axis::new(sigma, radius, grid.height)];
        Self { wide: axes(sigma), narrow: axes(narrow_sigma), narrow_weight }
    }

    /// The value at column i and row j of the table.
    fn at(&self, i: usize, j: usize) -> f64 {
        debug_assert!(i < self.wide[0].count && j < self.wide[1].count, "in the table");
        let product = |[x, y]: &[Axis; 2]| {
            x.values.get(i).copied().unwrap_or_default() * y.values.get(j).copied().unwrap_or_default()
        };
        let wide = product(&self.wide);
        if self.narrow_weight > 0.0 { wide - self.narrow_weight * product(&self.narrow) } else { wide }
    }

    /// The sum of all values, added row by row.
    pub(crate) fn sum(&self) -> f64 {
        let mut sum = 0.0;
        for j in 0..self.wide[1].count {
            for i in 0..self.wide[0].count {
                sum += self.at(i, j);
            }
        }
        sum
    }

    /// Fills a table with `cell(value)`, and zeros on either side of each row.
    pub(crate) fn fill<T: Copy + Default>(&self, table: &mut [T], cell: impl Fn(f64) -> T) {
        let columns = self.wide[0].count;
        debug_assert!(table.len() == (columns + 2 * WINDOW) * self.wide[1].count, "Reach::len of the same radius");
        for (j, row) in table.chunks_exact_mut((columns + 2 * WINDOW).max(1)).enumerate() {
            row.fill(T::default());
            for (i, to) in row.iter_mut().skip(WINDOW).take(columns).enumerate() {
                *to = cell(self.at(i, j));
            }
        }
    }
}
