//! The forces on all points, and the points' next positions.

use super::Position;
use super::config::Stage;
use super::grid::{Grid, MOST_APART, side};
use super::layout::{Buffers, COPY};
use crate::error::Error;
use crate::jobs::{Means, Segments, Slots, each};
use crate::simd::{AT_ONCE, Kernel, Lanes, Repel, SHORTS, Words};

/// Constants of a stage's steps.
#[derive(Clone, Copy)]
struct Constants {
    /// B: momentum, Q16.
    momentum: i64,
    /// K: from a force to a velocity, Q16.
    step_size: i64,
    /// Most that a velocity is: a quarter of the mean distance.
    most: i64,
}

impl Constants {
    fn new(stage: &Stage, count: u32) -> Self {
        let side = side(count).max(1);
        let per = (u64::from(stage.sigma) * side).max(1);
        // Q16·2²⁰·2³² over Q32: Q36 over Q32 times 2¹⁶
        let step_size = ((u64::from(stage.step_size) << 37) / per).div_ceil(2);
        Self {
            momentum: i64::from(stage.momentum),
            step_size: step_size as i64,
            most: ((1_u64 << 46) / side).min(i32::MAX as u64) as i64,
        }
    }

    /// The next velocity.
    #[inline(always)]
    fn velocity(&self, velocity: i32, force: i32) -> i32 {
        let next = (self.momentum * i64::from(velocity) + self.step_size * i64::from(force)) >> 16;
        next.min(self.most).max(-self.most) as i32
    }
}

/// Moves all points by one step. They are in the order of their cells, in the buffers of `Buffers::moved` if `flip`.
pub(super) fn advance(
    buffers: &mut Buffers<'_>,
    grid: &Grid,
    flip: bool,
    stage: &Stage,
    count: u32,
    means: Means<'_>,
) -> Result<(), Error> {
    let Buffers { positions, moved, velocities, moving, xs, ys, ends, tile_ends, bands, strips, slot, .. } = buffers;
    let (positions, velocities) = if flip { (moved, moving) } else { (positions, velocities) };
    let ends = ends.get(..grid.cells()).ok_or(Error::DAMAGED_POINTS)?;
    let constants = Constants::new(stage, count);
    let tile_rows = grid.tile_rows().max(1);
    let tiles = grid.rows.div_ceil(tile_rows);
    for (end, cells) in tile_ends.iter_mut().zip(ends.chunks((tile_rows * grid.columns).max(1))) {
        *end = cells.last().copied().unwrap_or_default();
    }
    let tile_ends = tile_ends.get(..tiles).ok_or(Error::DAMAGED_POINTS)?;
    let points = positions.len();
    let mut parts = (
        Segments::new(positions, points, tile_ends, tiles).ok_or(Error::DAMAGED_POINTS)?,
        Segments::new(velocities, points, tile_ends, tiles).ok_or(Error::DAMAGED_POINTS)?,
        Slots::new(bands, slot[0]),
        Slots::new(strips, slot[1]),
    );
    let (xs, ys) = (&**xs, &**ys);
    each(means.jobs, tiles, &mut parts, |tile, (mut positions, mut velocities, mut band, mut strips)| {
        let (band, strips) = (band.slice(), strips.slice());
        let (band_xs, band_ys) = band.split_at_mut_checked(band.len() / 2).unwrap_or_default();
        means.level.run(Rows {
            grid,
            constants,
            xs,
            ys,
            ends,
            first: tile * tile_rows,
            end: ((tile + 1) * tile_rows).min(grid.rows),
            positions: positions.row(0),
            velocities: velocities.row(0),
            band_xs,
            band_ys,
            strips,
        });
    });
    Ok(())
}

/// Moves the points of some rows of cells.
struct Rows<'a> {
    grid: &'a Grid,
    constants: Constants,
    /// Coordinates of all points in 16 bits.
    xs: &'a [i16],
    ys: &'a [i16],
    /// End of each cell.
    ends: &'a [u32],
    /// Rows.
    first: usize,
    end: usize,
    /// The points of these rows.
    positions: &'a mut [Position],
    velocities: &'a mut [[i32; 2]],
    /// The points around a row: column by column, in each column row by row, as images of the torus.
    band_xs: &'a mut [i16],
    band_ys: &'a mut [i16],
    /// Start of each column in these, and the end.
    strips: &'a mut [u32],
}

/// End of a cell, 0 before the first.
#[inline(always)]
fn end_of(ends: &[u32], cells: usize) -> usize {
    match cells.checked_sub(1).and_then(
        #[inline(always)]
        |last| ends.get(last),
    ) {
        Some(end) => *end as usize,
        None => 0,
    }
}

/// `value − amount` modulo `modulus`, and how often the modulus was added.
#[inline(always)]
fn below(value: usize, amount: usize, modulus: usize) -> (usize, u16) {
    let (mut value, mut times) = (value, 0);
    let mut amount = amount;
    while amount > value {
        amount -= value + 1;
        value = modulus.wrapping_sub(1);
        times += 1;
    }
    (value - amount, times)
}

/// Copies up to 8 coordinates, with `add` added. Writes 8.
#[inline(always)]
fn copy(from: &[i16], at: usize, add: i16, to: &mut [i16], to_at: usize) -> bool {
    let from = from.get(at..).and_then(
        #[inline(always)]
        |from| from.first_chunk::<COPY>(),
    );
    let to = to.get_mut(to_at..).and_then(
        #[inline(always)]
        |to| to.first_chunk_mut::<COPY>(),
    );
    let (Some(from), Some(to)) = (from, to) else { return false };
    for i in 0..COPY {
        to[i] = from[i].wrapping_add(add);
    }
    true
}

impl Rows<'_> {
    /// Gathers the points around a row.
    #[inline(always)]
    fn gather(&mut self, row: usize) {
        let Grid { rows, columns, row_reach, column_reach, scale, .. } = *self.grid;
        let scale = scale as u16;
        let (mut column, times) = below(0, column_reach, columns);
        let mut shift_x = 0_u16.wrapping_sub(times.wrapping_mul(scale));
        let (first_row, times) = below(row, row_reach, rows);
        let first_shift = 0_u16.wrapping_sub(times.wrapping_mul(scale));
        let mut at = 0;
        for start in self.strips.iter_mut().take(self.grid.strips() + 1) {
            *start = at as u32;
            let (mut row, mut shift_y) = (first_row, first_shift);
            let mut left = 2 * row_reach + 1;
            while left > 0 {
                let cell = row * columns + column;
                let (mut from, end) = (end_of(self.ends, cell), end_of(self.ends, cell + 1));
                while from < end {
                    let taken = copy(self.xs, from, shift_x as i16, self.band_xs, at)
                        && copy(self.ys, from, shift_y as i16, self.band_ys, at);
                    // there is half as much room again as points on average: only a damaged block has more
                    if !taken {
                        break;
                    }
                    at += COPY.min(end - from);
                    from += COPY;
                }
                row += 1;
                if row >= rows {
                    (row, shift_y) = (0, shift_y.wrapping_add(scale));
                }
                left -= 1;
            }
            column += 1;
            if column >= columns {
                (column, shift_x) = (0, shift_x.wrapping_add(scale));
            }
        }
    }
}

impl Kernel for Rows<'_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(mut self, token: V::Token) {
        let columns = self.grid.columns;
        // index of the tile's first point among all
        let before = end_of(self.ends, self.first * columns);
        let mut row = self.first;
        while row < self.end {
            self.gather(row);
            let start = end_of(self.ends, row * columns).saturating_sub(before);
            let end = end_of(self.ends, (row + 1) * columns).saturating_sub(before);
            let positions = core::mem::take(&mut self.positions);
            let velocities = core::mem::take(&mut self.velocities);
            self.row::<V::Short>(
                token,
                row,
                positions.get_mut(start..end).unwrap_or_default(),
                velocities.get_mut(start..end).unwrap_or_default(),
                start + before,
            );
            (self.positions, self.velocities) = (positions, velocities);
            row += 1;
        }
    }
}

impl Rows<'_> {
    /// Moves the points of a row, of which the first is point `index` of all.
    #[inline(always)]
    fn row<S: Repel>(
        &self,
        token: S::Token,
        row: usize,
        positions: &mut [Position],
        velocities: &mut [[i32; 2]],
        index: usize,
    ) {
        // lanes without a point: on the other side of 2¹⁶, further than the kernel reaches from all points of the row
        let middle = (2 * row as u64 + 1) * self.grid.scale / (2 * self.grid.rows.max(1) as u64);
        let far = middle as i16 ^ i16::MIN;
        let mut i = 0;
        while let Some(first) = positions.get(i) {
            let column = self.grid.column(first[0]);
            let (mut last, mut count) = (column, 1);
            while count < AT_ONCE
                && let Some(next) = positions.get(i + count)
            {
                let next = self.grid.column(next[0]);
                if next.wrapping_sub(column) > MOST_APART {
                    break;
                }
                (last, count) = (next, count + 1);
            }
            let forces = self.forces::<S>(token, [column, last], index + i, count, far);
            for force in forces.iter().take(count) {
                if let (Some(position), Some(velocity)) = (positions.get_mut(i), velocities.get_mut(i)) {
                    for axis in 0..2 {
                        velocity[axis] = self.constants.velocity(velocity[axis], force[axis]);
                        position[axis] = position[axis].wrapping_add_signed(velocity[axis]);
                    }
                }
                i += 1;
            }
        }
    }

    /// Forces on `count` points from point `index` on, in columns `first` to `last` of the gathered row.
    #[inline(always)]
    fn forces<S: Repel>(
        &self,
        token: S::Token,
        [first, last]: [usize; 2],
        index: usize,
        count: usize,
        far: i16,
    ) -> [[i32; 2]; AT_ONCE] {
        let none = S::none(token);
        let mut sums = [[none; 2]; AT_ONCE];
        let mut own = [[S::splat(token, 0); 2]; AT_ONCE];
        for i in 0..AT_ONCE {
            // fewer than four points: the first again
            let point = if i < count { index + i } else { index };
            if let (Some(x), Some(y)) = (self.xs.get(point), self.ys.get(point)) {
                own[i] = [S::splat(token, *x), S::splat(token, *y)];
            }
        }
        let start = self.strips.get(first).copied().unwrap_or_default() as usize;
        let end = self.strips.get(last + 2 * self.grid.column_reach + 1).copied().unwrap_or_default() as usize;
        let xs = self.band_xs.get(start..).unwrap_or_default().as_chunks::<SHORTS>().0;
        let ys = self.band_ys.get(start..).unwrap_or_default().as_chunks::<SHORTS>().0;
        let (mut left, mut blocks) = (end.saturating_sub(start), xs.iter().zip(ys));
        while left >= SHORTS
            && let Some((xs, ys)) = blocks.next()
        {
            S::repel(token, &own, [xs, ys], SHORTS / S::LEN, &mut sums);
            left -= SHORTS;
        }
        if left > 0
            && let Some((xs, ys)) = blocks.next()
        {
            let mut rest = *ys;
            for i in 0..SHORTS {
                rest[i] = if (i as i16) < left as i16 { ys[i] } else { far };
            }
            S::repel(token, &own, [xs, &rest], left.div_ceil(S::LEN), &mut sums);
        }
        let mut forces = [[0; 2]; AT_ONCE];
        for i in 0..AT_ONCE {
            forces[i] = [S::total(sums[i][0]), S::total(sums[i][1])];
        }
        forces
    }
}
