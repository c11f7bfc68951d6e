//! A field of cells on the torus, in windows of 32 columns, and the kernel that a placed pixel adds to it.

use crate::shape::Shape;

/// Columns of a window.
pub(crate) const WINDOW: usize = 32;

/// The largest radius of a spread: six times the largest sigma of void-and-cluster.
const MOST_RADIUS: usize = 48;

/// Rows of cells as whole windows: row-major, `windows` windows a row; columns from `width` on are padding.
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

    /// The row of the grid that row `j` of the kernel falls on, placed at row `y`.
    #[inline(always)]
    pub(crate) const fn row_at(&self, grid: &Grid, y: usize, j: usize) -> usize {
        let row = y + j + grid.height - self.rows / 2;
        // y, j < height
        let row = if row >= grid.height { row - grid.height } else { row };
        if row >= grid.height { row - grid.height } else { row }
    }

    /// The windows of a row that a kernel placed at column `x` touches. Each is read off a row of the table where the kernel
    /// stands without wraps, and a second time, shifted by the width, where the torus closes: what lies beyond column 0 is not
    /// read, what lies beyond the last column falls on padding.
    #[inline(always)]
    pub(crate) fn parts(&self, grid: &Grid, x: usize) -> Parts {
        let mut parts = Parts { parts: [Part { window: 0, from: 0 }; MOST_PARTS], count: 0 };
        let left = self.columns / 2;
        if x < left {
            let over = left - x;
            parts.add(0, self.columns - over, over);
            parts.add(grid.width - over, over, 0);
        } else {
            let start = x - left;
            let inside = self.columns.min(grid.width - start);
            parts.add(start, inside, 0);
            parts.add(0, self.columns - inside, inside);
        }
        parts
    }
}

/// A window of a row, and the place in a row of the table that falls on its first column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    pub(crate) window: u32,
    pub(crate) from: u32,
}

/// The widest kernel, 97 columns, touches four windows, and one more where the torus closes; rounded up.
const MOST_PARTS: usize = 8;

/// See [`Reach::parts`].
pub(crate) struct Parts {
    parts: [Part; MOST_PARTS],
    count: usize,
}

impl Parts {
    /// `count` columns of the kernel from `column` on, at column `start` of the grid.
    #[inline(always)]
    fn add(&mut self, start: usize, count: usize, column: usize) {
        let mut window = start / WINDOW;
        while window * WINDOW < start + count {
            if let Some(part) = self.parts.get_mut(self.count) {
                *part = Part { window: window as u32, from: (WINDOW + column + window * WINDOW - start) as u32 };
                self.count += 1;
            }
            window += 1;
        }
    }

    #[inline(always)]
    pub(crate) fn as_slice(&self) -> &[Part] {
        self.parts.get(..self.count).unwrap_or_default()
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
