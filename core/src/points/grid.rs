//! The grid of cells in which points look for their neighbours, and the constants that follow from the number of points.

/// Radius of the kernel, in its widths σ.
const RADIUS: u64 = 4;

/// Columns of cells per radius.
const COLUMNS: u64 = 4;

/// Columns by which points that share their neighbours are apart at most, so that no difference of coordinates reaches around 2¹⁶.
pub(super) const MOST_APART: usize = COLUMNS as usize - 1;

/// Rows of cells of a tile: two threads from 16 rows on.
const TILE_ROWS: usize = 8;

/// Most tiles.
pub(super) const MOST_TILES: usize = 64;

/// Rows and columns of cells. A cell is as high as the kernel's radius, or higher, and a quarter as wide.
///
/// Where the torus is not much larger than the radius the rows are lower or one row is the whole torus, and neighbours are looked for
/// in more rows: rows and columns go around the torus as often as it takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Rows on either side in which neighbours are.
    pub(super) row_reach: usize,
    /// Columns on either side.
    pub(super) column_reach: usize,
    /// S: 16-bit units of the torus, 2¹² a width of the kernel.
    pub(super) scale: u64,
}

/// √`count`, Q16, rounded down.
pub(super) const fn side(count: u32) -> u64 {
    ((count as u64) << 32).isqrt()
}

/// `a/b`, rounded up; no larger than needed for `b` = 0.
const fn up(a: u64, b: u64) -> u64 {
    let b = if b == 0 { 1 } else { b };
    a.div_ceil(b)
}

impl Grid {
    /// The grid for a number of points and a width of the kernel in mean distances, Q16.
    pub(super) const fn new(count: u32, sigma: u32) -> Self {
        let side = side(count);
        let sigma = if sigma == 0 { 1 } else { sigma as u64 };
        let radius = if RADIUS * sigma == 0 { 1 } else { RADIUS * sigma };
        // differences of y stay below three radii: (row_reach + 1) rows
        let (rows, row_reach) = if side >= 2 * radius {
            (side / radius, 1)
        } else if 2 * side >= 3 * radius {
            (2, 2)
        } else {
            (1, up(radius, side))
        };
        let columns = COLUMNS * side / radius;
        let columns = if columns == 0 { 1 } else { columns };
        Self {
            rows: rows as usize,
            columns: columns as usize,
            row_reach: row_reach as usize,
            column_reach: up(radius * columns, side) as usize,
            scale: ((side << 13) / sigma).div_ceil(2),
        }
    }

    /// Number of cells.
    pub(super) const fn cells(&self) -> usize {
        self.rows * self.columns
    }

    /// Columns of a row with those around the torus on either side.
    pub(super) const fn strips(&self) -> usize {
        self.columns + 2 * self.column_reach
    }

    /// Rows of cells of a tile.
    pub(super) const fn tile_rows(&self) -> usize {
        let tiles = self.rows / TILE_ROWS;
        let tiles = if tiles > MOST_TILES { MOST_TILES } else { tiles };
        self.rows.div_ceil(if tiles == 0 { 1 } else { tiles })
    }

    /// Room for the points around a row: half as many again as there are on average, and some for small sets.
    pub(super) const fn band(&self, count: u32) -> usize {
        let around = (2 * self.row_reach + 1) as u64 * self.strips() as u64 * count as u64;
        (around * 3 / 2).div_ceil(if self.cells() == 0 { 1 } else { self.cells() as u64 }) as usize + 256
    }

    /// Row of a point.
    #[inline(always)]
    pub(super) const fn row(&self, y: u32) -> usize {
        ((y as u64 * self.rows as u64) >> 32) as usize
    }

    /// Column of a point.
    #[inline(always)]
    pub(super) const fn column(&self, x: u32) -> usize {
        ((x as u64 * self.columns as u64) >> 32) as usize
    }

    /// The coordinate in 16 bits: 2¹² a width of the kernel, around the torus modulo 2¹⁶.
    #[inline(always)]
    pub(super) const fn short(&self, x: u32) -> i16 {
        ((x as u64 * self.scale) >> 32) as i16
    }
}
