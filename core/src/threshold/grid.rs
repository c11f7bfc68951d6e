//! A field of cells on the torus, in windows of 32 columns, and the kernel that a placed pixel adds to it.

use crate::shape::Shape;

/// Columns of a window.
pub(crate) const WINDOW: usize = 32;

/// The largest radius of a spread: six times the largest sigma of void-and-cluster.
const MOST_RADIUS: usize = 48;

/// Cells in windows of 32 columns, one below the other: all rows of the first 32 columns, then those of the next. Columns from
/// `width` on are padding.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Windows in a row.
    pub(crate) windows: usize,
}

impl Grid {
    pub(crate) const fn new(shape: Shape) -> Self {
        let width = shape.width as usize;
        Self { width, height: shape.height as usize, windows: width.div_ceil(WINDOW) }
    }

    /// Windows in all.
    pub(crate) const fn len(&self) -> usize {
        self.windows * self.height
    }

    /// The rows of a window in a field, or none.
    #[inline(always)]
    pub(crate) fn strip<'a, T>(&self, field: &'a [T], window: usize) -> &'a [T] {
        field.get(window * self.height..(window + 1) * self.height).unwrap_or_default()
    }

    /// As [`Grid::strip`].
    #[inline(always)]
    pub(crate) fn strip_mut<'a, T>(&self, field: &'a mut [T], window: usize) -> &'a mut [T] {
        field.get_mut(window * self.height..(window + 1) * self.height).unwrap_or_default()
    }

    /// The 32 cells of which (x, y) is number x mod 32.
    #[inline(always)]
    pub(crate) const fn place(&self, x: usize, y: usize) -> usize {
        x / WINDOW * self.height + y
    }

    /// Pixels in all.
    pub(crate) const fn pixels(&self) -> usize {
        self.width * self.height
    }
}

/// How a kernel table lies on the torus: an entry for each offset up to a radius along each axis, wrapped where the torus is
/// smaller. The row of a table has a window of zeros on either side, so that any window of columns can be read off it.
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

    /// Column and row of the offset (0, 0).
    pub(crate) const fn centre(&self) -> (usize, usize) {
        (self.columns / 2, self.rows / 2)
    }

    /// The row of the grid that the first row of a kernel placed at row `y` falls on, and how many rows there are from it to the
    /// end of the grid: the others are at its beginning.
    #[inline(always)]
    pub(crate) fn rows_at(&self, grid: &Grid, y: usize) -> (usize, usize) {
        let above = self.rows / 2;
        let first = if y < above { y + grid.height - above } else { y - above };
        (first, self.rows.min(grid.height - first))
    }

    /// Adds a kernel placed at (x, y) to a field: `add(cells, kernel's cells, window)` for each 32 cells that it touches.
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
            let mut lines = Lines { table, at: from, step: self.row_len() };
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

    /// The windows of a row that a kernel placed at column `x` touches. Each is read off a row of the table where the kernel
    /// stands without wraps, and a second time, shifted by the width, where the torus closes: what lies beyond column 0 is not
    /// read, what lies beyond the last column falls on padding.
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

/// 32 cells of each row of a table, from a place on.
struct Lines<'a, T> {
    table: &'a [T],
    at: usize,
    step: usize,
}

impl<'a, T> Lines<'a, T> {
    #[inline(always)]
    fn next(&mut self) -> Option<&'a [T; WINDOW]> {
        let line = self.table.get(self.at..)?.first_chunk();
        self.at += self.step;
        line
    }
}

/// A window of a row, and the place in a row of the table that falls on its first column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) window: usize,
    pub(crate) from: usize,
}

/// See [`Reach::parts`]. Counted out one by one: a list of them would be read back sooner than it is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts {
    /// The next window.
    window: usize,
    /// The column of the grid where this run of columns ends.
    end: usize,
    /// The place in a row of the table that column 0 of the grid would fall on, modulo the word.
    from: usize,
    /// The run that comes after it: start, end, from.
    next: (usize, usize, usize),
}

impl Parts {
    /// Two runs of columns, each by its first column in the grid, their number, and the first in the kernel.
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

/// A Gaussian on a circle of `side` pixels, summed over its wraps: element i is offset `i − count/2`, of `count` in all.
pub(crate) struct Axis {
    values: [f64; 2 * MOST_RADIUS + 1],
    count: usize,
}

impl Axis {
    /// `Σ_a exp(−(d + a·side)²/2σ²)` over `|d + a·side| ≤ radius`, a rising.
    pub(crate) fn new(sigma: f64, radius: usize, side: usize) -> Self {
        let radius = radius.min(MOST_RADIUS);
        let count = (2 * radius + 1).min(side);
        let mut values = [0.0; 2 * MOST_RADIUS + 1];
        let (radius, side) = (radius as i64, (side as i64).max(1));
        for (d, value) in (-((count / 2) as i64)..).zip(values.iter_mut().take(count)) {
            let mut place = d - side * ((d + radius) / side);
            while place <= radius {
                *value += libm::exp(-((place * place) as f64) / (2.0 * sigma * sigma));
                place += side;
            }
        }
        Self { values, count }
    }
}

/// A Gaussian on the torus, less a weighted narrower one.
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
        let product = |[x, y]: &[Axis; 2]| {
            x.values.get(i).copied().unwrap_or_default() * y.values.get(j).copied().unwrap_or_default()
        };
        let wide = product(&self.wide);
        if self.narrow_weight > 0.0 { wide - self.narrow_weight * product(&self.narrow) } else { wide }
    }

    /// The sum of all, row by row.
    pub(crate) fn sum(&self) -> f64 {
        let mut sum = 0.0;
        for j in 0..self.wide[1].count {
            for i in 0..self.wide[0].count {
                sum += self.at(i, j);
            }
        }
        sum
    }

    /// Fills a table with `cell(value)`, zeros around each row.
    pub(crate) fn fill<T: Copy + Default>(&self, table: &mut [T], cell: impl Fn(f64) -> T) {
        let columns = self.wide[0].count;
        for (j, row) in table.chunks_exact_mut((columns + 2 * WINDOW).max(1)).enumerate() {
            row.fill(T::default());
            for (i, to) in row.iter_mut().skip(WINDOW).take(columns).enumerate() {
                *to = cell(self.at(i, j));
            }
        }
    }
}
