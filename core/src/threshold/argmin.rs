//! Argmin of a field of cells, found by lower bounds without reading all cells.
//!
//! Each tile (32 columns by 16 rows) has a lower bound of its cells; each group of 32 tiles has a lower bound of its tiles' bounds; in a
//! field of more than 32 groups, each block of 32 groups has one too. Where cells grow, bounds stay valid: a bound is renewed only when its
//! tile is the best candidate. Where cells shrink, the caller renews the bounds of their tiles at once. Tie-break: first tile, then first
//! column, then first row.

use super::torus::{FieldLayout, WINDOW};
use crate::simd::{SHORTS, Short};

/// Rows of a tile.
pub(crate) const TILE_ROWS: usize = 16;

/// A cell of a field, an integer.
pub(super) trait Cell: Copy + Ord {
    /// Largest cell: never the argmin.
    const MOST: Self;

    /// Maps a cell to `i16`: equal cells, and no others, map to the number that `value` maps to.
    fn short(self, value: Self) -> i16;
}

impl Cell for u16 {
    const MOST: Self = Self::MAX;

    #[inline(always)]
    fn short(self, _: Self) -> i16 {
        self as i16
    }
}

impl Cell for i32 {
    const MOST: Self = Self::MAX;

    #[inline(always)]
    fn short(self, value: Self) -> i16 {
        i16::from(self == value)
    }
}

impl Cell for u32 {
    const MOST: Self = Self::MAX;

    #[inline(always)]
    fn short(self, value: Self) -> i16 {
        i16::from(self == value)
    }
}

const _: () = assert!(SHORTS == WINDOW);

/// The cells of a tile.
pub(super) type Tile<T> = [[T; WINDOW]; TILE_ROWS];

/// Access to a field as tiles of cells.
pub(super) trait Cells<T> {
    /// Returns a tile that is contiguous in the field.
    fn whole(&self, tile_row: usize, window: usize) -> Option<&Tile<T>>;
    /// Returns a copy of a tile that is not contiguous. A missing cell reads as [`Cell::MOST`].
    fn part(&self, tile_row: usize, window: usize) -> Tile<T>;
    /// Returns the number that a cell is compared by.
    fn value(&self, cell: T) -> T;

    /// Returns a tile: in the field, or its copy in `copy`.
    #[inline(always)]
    fn tile<'a>(&'a self, tile_row: usize, window: usize, copy: &'a mut Option<Tile<T>>) -> &'a Tile<T> {
        match self.whole(tile_row, window) {
            Some(tile) => tile,
            None => copy.insert(self.part(tile_row, window)),
        }
    }
}

/// Returns the minimum of 32 cells.
#[inline(always)]
pub(super) fn minimum<T: Cell>(cells: &[T; WINDOW]) -> T {
    let mut least = T::MOST;
    for i in 0..WINDOW {
        least = least.min(cells[i]);
    }
    least
}

/// Returns the index of the first of 32 cells that equals `value`; at least one does.
///
/// Written with vectors: a plain loop took half the time of a whole search.
#[inline(always)]
pub(super) fn first_equal<T: Cell, S: Short>(token: S::Token, cells: &[T; WINDOW], value: T) -> usize {
    let mut shorts = [0; SHORTS];
    for i in 0..SHORTS {
        shorts[i] = cells[i].short(value);
    }
    let (short, mut hits, mut chunk) = (S::splat(token, value.short(value)), 0, 0);
    while chunk * S::LEN < SHORTS {
        hits |= S::load(token, &shorts, chunk).equal_bits(short) << (chunk * S::LEN);
        chunk += 1;
    }
    debug_assert!(hits != 0, "value is the minimum of these cells");
    // the remainder changes nothing: it lets the compiler drop the bounds checks of callers
    hits.trailing_zeros() as usize % WINDOW
}

/// Returns the minimum of each column of a tile.
#[inline(always)]
pub(super) fn column_minima<T: Cell>(cells: &impl Cells<T>, tile: &Tile<T>) -> [T; WINDOW] {
    let mut columns = [T::MOST; WINDOW];
    let mut i = 0;
    while i < TILE_ROWS {
        // four rows at a time, so that the minima stay in registers
        let (a, b, c, d) = (&tile[i], &tile[i + 1], &tile[i + 2], &tile[i + 3]);
        for k in 0..WINDOW {
            let (a, b) = (cells.value(a[k]), cells.value(b[k]));
            let (c, d) = (cells.value(c[k]), cells.value(d[k]));
            columns[k] = columns[k].min(a.min(b)).min(c.min(d));
        }
        i += 4;
    }
    columns
}

/// Returns the first row of a tile whose cell in `column` equals `value`; at least one does.
#[inline(always)]
pub(super) fn first_row<T: Cell>(cells: &impl Cells<T>, tile: &Tile<T>, column: usize, value: T) -> usize {
    // scans every row: an early exit would mispredict. Two halves at once: each is a chain of dependent moves
    let (mut upper, mut lower) = (TILE_ROWS, TILE_ROWS);
    let mut row = TILE_ROWS / 2;
    while row > 0 {
        row -= 1;
        if cells.value(tile[row][column % WINDOW]) == value {
            upper = row;
        }
        if cells.value(tile[row + TILE_ROWS / 2][column % WINDOW]) == value {
            lower = row + TILE_ROWS / 2;
        }
    }
    debug_assert!(upper.min(lower) < TILE_ROWS, "value is the minimum of this column");
    upper.min(lower).min(TILE_ROWS - 1)
}

/// Whether a tile of a field of a width and height takes part in a sweep. Its share of the sweeps is its area over the largest tile's.
#[inline(always)]
pub(crate) fn has_turn((width, height): (usize, usize), sweep: Option<u32>, tile_row: usize, window: usize) -> bool {
    let Some(sweep) = sweep else { return true };
    debug_assert!(width > 0 && height > 0, "a mask has pixels");
    let most = (width.min(WINDOW) * height.min(TILE_ROWS)).max(1) as u64;
    let area = (width - window * WINDOW).min(WINDOW) * (height - tile_row * TILE_ROWS).min(TILE_ROWS);
    let turns = |sweeps: u64| sweeps * area as u64 / most;
    area as u64 == most || turns(u64::from(sweep) + 1) > turns(sweep.into())
}

/// Returns the minimum of a tile.
#[inline(always)]
fn tile_minimum<T: Cell>(cells: &impl Cells<T>, tile_row: usize, window: usize) -> T {
    let mut copy = None;
    minimum(&column_minima(cells, cells.tile(tile_row, window, &mut copy)))
}

/// Lower bounds of each tile's cells, of each group's tiles, and of each block's groups.
pub(super) struct LowerBounds<'a, T> {
    pub(super) tiles: &'a mut [[T; WINDOW]],
    pub(super) groups: &'a mut [T],
    pub(super) blocks: &'a mut [T],
}

/// Groups of a block.
const BLOCK: usize = 32;

/// Number of tiles of a field.
pub(super) const fn tile_count(layout: &FieldLayout) -> usize {
    layout.windows * layout.height.div_ceil(TILE_ROWS)
}

/// Number of groups of `tiles` tiles.
pub(super) const fn group_count(tiles: usize) -> usize {
    tiles.div_ceil(WINDOW)
}

/// Whether this build has blocks. Without them large masks take longer.
const HAS_BLOCKS: bool = cfg!(feature = "large");

/// Number of blocks of `groups` groups: none where one block would hold them all.
pub(super) const fn block_count(groups: usize) -> usize {
    if HAS_BLOCKS && groups > BLOCK { groups.div_ceil(BLOCK) } else { 0 }
}

/// Returns the first least bound and its index. If all are [`Cell::MOST`], the index is 0.
#[inline(always)]
fn first_least<T: Cell>(bounds: &[T]) -> (T, usize) {
    let (mut value, mut best) = (T::MOST, 0);
    for (index, bound) in bounds.iter().enumerate() {
        (value, best) = if *bound < value { (*bound, index) } else { (value, best) };
    }
    (value, best)
}

impl<T: Cell> LowerBounds<'_, T> {
    /// Sets all bounds to the minima of their tiles.
    #[inline(always)]
    pub(super) fn make(&mut self, cells: &impl Cells<T>, layout: &FieldLayout) {
        debug_assert!(layout.windows > 0, "a mask has columns");
        debug_assert!(self.tiles.len() == self.groups.len(), "one bound a group");
        let (count, windows) = (tile_count(layout), layout.windows.max(1));
        for (group, bounds) in self.tiles.iter_mut().enumerate() {
            for i in 0..WINDOW {
                let tile = group * WINDOW + i;
                bounds[i] = if tile < count { tile_minimum(cells, tile / windows, tile % windows) } else { T::MOST };
            }
            if let Some(to) = self.groups.get_mut(group) {
                *to = minimum(bounds);
            }
        }
        for (block, groups) in self.blocks.iter_mut().zip(self.groups.chunks(BLOCK)) {
            *block = first_least(groups).0;
        }
    }

    /// Renews the bound of a tile where cells shrank.
    #[inline(always)]
    pub(super) fn renew(&mut self, cells: &impl Cells<T>, layout: &FieldLayout, tile_row: usize, window: usize) {
        let tile = tile_row * layout.windows + window;
        let value = tile_minimum(cells, tile_row, window);
        debug_assert!(tile / WINDOW < self.tiles.len(), "a tile of the field");
        if let Some(bounds) = self.tiles.get_mut(tile / WINDOW) {
            bounds[tile % WINDOW] = value;
        }
        if let Some(group) = self.groups.get_mut(tile / WINDOW) {
            *group = value.min(*group);
        }
        if let Some(block) = self.blocks.get_mut(tile / WINDOW / BLOCK) {
            *block = value.min(*block);
        }
    }

    /// Returns the bound and the index of the first group with the least bound.
    #[inline(always)]
    fn least_group(&mut self) -> (T, usize) {
        if !HAS_BLOCKS || self.blocks.is_empty() {
            return first_least(self.groups);
        }
        loop {
            let (value, block) = first_least(self.blocks);
            let first = block * BLOCK;
            debug_assert!(first < self.groups.len(), "a block has groups");
            let end = self.groups.len().min(first + BLOCK);
            let (bound, group) = first_least(self.groups.get(first..end).unwrap_or_default());
            match self.blocks.get_mut(block) {
                // the block's bound was too low: look again
                Some(block) if bound != value => *block = bound,
                _ => return (value, first + group),
            }
        }
    }

    /// Returns column and row of the argmin; none if all cells are [`Cell::MOST`].
    #[inline(always)]
    pub(super) fn argmin<S: Short>(
        &mut self,
        token: S::Token,
        cells: &impl Cells<T>,
        layout: &FieldLayout,
    ) -> Option<(usize, usize)> {
        debug_assert!(layout.windows > 0, "a mask has columns");
        let windows = layout.windows.max(1);
        loop {
            let (value, best) = self.least_group();
            let (bounds, group) = (self.tiles.get_mut(best)?, self.groups.get_mut(best)?);
            let bound = minimum(bounds);
            if bound != value {
                // the group's bound was too low: look again
                *group = bound;
                continue;
            }
            if value == T::MOST {
                return None;
            }
            let in_group = first_equal::<T, S>(token, bounds, value);
            let tile_index = best * WINDOW + in_group;
            let (tile_row, window) = (tile_index / windows, tile_index % windows);
            let mut copy = None;
            let tile = cells.tile(tile_row, window, &mut copy);
            let columns = column_minima(cells, tile);
            let actual = minimum(&columns);
            if actual == value {
                let column = first_equal::<T, S>(token, &columns, value);
                let row = first_row(cells, tile, column, value);
                return Some((window * WINDOW + column, tile_row * TILE_ROWS + row));
            }
            bounds[in_group] = actual;
            *group = minimum(bounds);
        }
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::shape::Shape;
    use crate::simd::{Kernel, Lanes, SimdLevel, Words};
    use rand_core::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro128PlusPlus;
    use std::{vec, vec::Vec};

    /// Tiles of equal cells.
    struct Even(Vec<u16>, usize);

    impl Cells<u16> for Even {
        fn whole(&self, _: usize, _: usize) -> Option<&Tile<u16>> {
            None
        }

        #[inline(always)]
        fn part(&self, tile_row: usize, window: usize) -> Tile<u16> {
            [[self.0[tile_row * self.1 + window]; WINDOW]; TILE_ROWS]
        }

        #[inline(always)]
        fn value(&self, cell: u16) -> u16 {
            cell
        }
    }

    struct Find<'r, 'a>(&'r mut LowerBounds<'a, u16>, &'r Even, &'r FieldLayout);

    impl Kernel for Find<'_, '_> {
        type Output = Option<(usize, usize)>;
        const WORDS: Words = Words::Any;

        #[inline(always)]
        fn run<V: Lanes>(self, token: V::Token) -> Self::Output {
            self.0.argmin::<V::Short>(token, self.1, self.2)
        }
    }

    /// With and without blocks, where cells grow and where some shrink.
    #[test]
    fn bounds_find_the_first_least_tile() {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(2);
        for height in [16, 300, 600] {
            let layout = FieldLayout::new(Shape::new(4096, height));
            let count = tile_count(&layout);
            let mut field = Even((0..count).map(|_| rng.next_u32() as u16 >> 8).collect(), layout.windows);
            let groups = group_count(count);
            let (mut tiles, mut groups, mut blocks) =
                (vec![[0; WINDOW]; groups], vec![0; groups], vec![0; block_count(groups)]);
            assert_eq!(blocks.is_empty(), !HAS_BLOCKS || count <= 1024);
            let mut bounds = LowerBounds { tiles: &mut tiles, groups: &mut groups, blocks: &mut blocks };
            bounds.make(&field, &layout);
            for _ in 0..500 {
                let least = field.0.iter().enumerate().min_by_key(|(_, cell)| **cell).expect("tiles").0;
                let found = SimdLevel::detect().run(Find(&mut bounds, &field, &layout));
                assert_eq!(found, Some((least % layout.windows * WINDOW, least / layout.windows * TILE_ROWS)));
                field.0[least] = u16::MAX;
                let other = rng.next_u32() as usize % count;
                field.0[other] = field.0[other].saturating_add(9);
                let shrunk = rng.next_u32() as usize % count;
                field.0[shrunk] /= 2;
                bounds.renew(&field, &layout, shrunk / layout.windows, shrunk % layout.windows);
            }
        }
    }
}
