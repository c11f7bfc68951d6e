//! Jobs: loops over tiles, which the host runs on its own threads. This crate starts no thread.
//!
//! A step is a few loops over tiles whose data do not overlap. `each` runs such a loop through the host, and gives every tile its own parts
//! of the buffers. Each tile has its own sums, which are added in the order of the tiles, so no bit depends on the number of threads.
//!
//! `unsafe` stands here, and in `simd`, because several threads get parts of one buffer.

use crate::simd::SimdLevel;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering};

/// Runs the tiles of a loop on the host's threads.
///
/// ```
/// use bluegrad::Jobs;
///
/// /// One thread per tile. A real host would use a pool of threads.
/// struct Threads;
///
/// impl Jobs for Threads {
///     fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
///         std::thread::scope(|scope| {
///             for index in 0..tiles {
///                 scope.spawn(move || tile(index));
///             }
///         });
///     }
/// }
/// ```
pub trait Jobs {
    /// Calls `tile` for each index below `tiles`, in any order and on any threads, and returns when all calls have returned.
    ///
    /// Each call does one tile that no other call has done. If more than 16 calls run at a time, which is what work space there is for, a call
    /// may leave its tile to another call. The caller of `run` does the tiles that are left afterwards. No call waits for another.
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync));

    /// Whether there is one thread alone: then `run` is not called, and no tile pays for being shared out.
    fn is_serial(&self) -> bool {
        false
    }
}

/// Runs all tiles one after the other on the calling thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serial;

impl Jobs for Serial {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        for index in 0..tiles {
            tile(index);
        }
    }

    fn is_serial(&self) -> bool {
        true
    }
}

/// How work is done: SIMD level and threads. No choice changes a bit of the output.
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) level: SimdLevel,
    pub(crate) jobs: &'a dyn Jobs,
}

/// Buffers of which each tile gets its own part.
pub(crate) trait Split<'a>: Sync {
    /// Part of one tile.
    type Part;

    /// Maximum number of parts alive at a time.
    fn at_a_time(&self) -> u32 {
        u32::MAX
    }

    /// Says that one thread takes all parts.
    fn alone(&mut self) {}

    /// Returns the part of a tile.
    ///
    /// # Safety
    /// At most one call per tile while `self` lives, and no call while [`Split::at_a_time`] parts are alive. After [`Split::alone`] all calls
    /// and all uses of parts are on one thread.
    unsafe fn part(&'a self, tile: usize) -> Self::Part;
}

/// Hands out the tiles of a loop by index.
struct Turns {
    /// Index of the next tile.
    next: AtomicU32,
    tiles: u32,
    /// Number of further calls that may work at this time.
    free: AtomicU32,
    /// Number of calls that found none free. Working calls do their tiles.
    owed: AtomicU32,
    /// Whether one thread makes all calls.
    alone: bool,
}

impl Turns {
    /// Decrements a counter; false if it is 0.
    fn take(&self, counter: &AtomicU32) -> bool {
        update(counter, self.alone, |count| count.checked_sub(1)).is_some()
    }

    /// Does one tile, and the tiles that other calls left; false if no tile remains. Never waits.
    fn call(&self, tile: impl Fn(usize)) -> bool {
        if !self.take(&self.free) {
            self.owed.fetch_add(1, Ordering::Relaxed);
            return true;
        }
        let done = loop {
            let index = add(&self.next, self.alone);
            if index >= self.tiles {
                break false;
            }
            tile(index as usize);
            if !self.take(&self.owed) {
                break true;
            }
        };
        add(&self.free, self.alone);
        done
    }
}

/// Changes a counter; returns what it was, or `None` if it stays. `alone`: for one thread, without the bus locked, which waits for all
/// stores before it and costs as much as hundreds of pixels.
#[inline(always)]
fn update(counter: &AtomicU32, alone: bool, change: impl Fn(u32) -> Option<u32>) -> Option<u32> {
    if !alone {
        return counter.fetch_update(Ordering::Acquire, Ordering::Relaxed, change).ok();
    }
    let count = counter.load(Ordering::Relaxed);
    counter.store(change(count)?, Ordering::Relaxed);
    Some(count)
}

/// Increments a counter; returns what it was. `alone` as in [`update`].
#[inline(always)]
fn add(counter: &AtomicU32, alone: bool) -> u32 {
    if !alone {
        return counter.fetch_add(1, Ordering::Release);
    }
    let count = counter.load(Ordering::Relaxed);
    counter.store(count.wrapping_add(1), Ordering::Relaxed);
    count
}

/// Runs `body` once for each tile below `tiles`, with the tile's part.
pub(crate) fn each<'a, S: Split<'a>>(
    jobs: &dyn Jobs,
    tiles: usize,
    parts: &'a mut S,
    body: impl Fn(usize, S::Part) + Sync,
) {
    let alone = tiles <= 1 || jobs.is_serial();
    if alone {
        parts.alone();
    }
    let parts = &*parts;
    let turns = Turns {
        next: AtomicU32::new(0),
        tiles: tiles as u32,
        free: AtomicU32::new(parts.at_a_time()),
        owed: AtomicU32::new(0),
        alone,
    };
    let one = || {
        // SAFETY: `Turns` gives each index once, whatever the host calls, and at most `at_a_time` calls hold a part; `parts` is borrowed
        // mutably for this function alone. If `alone`, the host gets no call to make: all are made below.
        turns.call(|tile| body(tile, unsafe { parts.part(tile) }))
    };
    if !alone {
        jobs.run(tiles as u32, &|_| {
            one();
        });
    }
    // the host's calls have returned, so a part is always free
    while one() {}
}

/// A buffer that tiles share.
struct Buffer<'a, T> {
    start: *mut T,
    len: usize,
    lifetime: PhantomData<&'a mut [T]>,
}

// SAFETY: as `&mut [T]`; slices that live at the same time do not overlap, by the promise to `slice`.
unsafe impl<T: Send> Sync for Buffer<'_, T> {}

impl<'a, T> Buffer<'a, T> {
    fn new(slice: &'a mut [T]) -> Self {
        Self { start: slice.as_mut_ptr(), len: slice.len(), lifetime: PhantomData }
    }

    /// Returns elements `first` to `first + count`, fewer at the end of the buffer.
    ///
    /// # Safety
    /// No two slices that live at the same time may overlap.
    #[allow(clippy::mut_from_ref, reason = "the caller promises that slices do not overlap")]
    unsafe fn slice(&self, first: usize, count: usize) -> &mut [T] {
        let first = first.min(self.len);
        let count = count.min(self.len - first);
        // SAFETY: in bounds by the two lines above; not aliased by the caller's promise.
        unsafe { core::slice::from_raw_parts_mut(self.start.add(first), count) }
    }
}

/// Splits a buffer into chunks: tile i has elements `i·size` to `(i + 1)·size`.
///
/// The last chunk may be shorter. An empty buffer has empty chunks. [`Chunks::of_planes`] splits several planes alike, tile after tile.
pub(crate) struct Chunks<'a, T> {
    buffer: Buffer<'a, T>,
    size: usize,
    /// Elements from a plane to the next, and those of a plane that are split.
    stride: usize,
    plane: usize,
}

impl<'a, T> Chunks<'a, T> {
    pub(crate) fn new(slice: &'a mut [T], size: usize) -> Self {
        let len = slice.len();
        Self::of_planes(slice, len, len, size)
    }

    /// Splits the first `plane` elements of every `stride`, each into `plane/size` chunks, rounded up.
    pub(crate) fn of_planes(slice: &'a mut [T], stride: usize, plane: usize, size: usize) -> Self {
        Self { buffer: Buffer::new(slice), size, stride, plane: plane.min(stride) }
    }
}

impl<'a, T: Send + 'a> Split<'a> for Chunks<'_, T> {
    type Part = &'a mut [T];

    unsafe fn part(&'a self, tile: usize) -> &'a mut [T] {
        let tiles = self.plane.div_ceil(self.size.max(1)).max(1);
        let (plane, first) = (tile / tiles, tile % tiles * self.size);
        let count = self.size.min(self.plane.saturating_sub(first));
        // SAFETY: chunks of different tiles do not overlap: those of a plane end with the plane, and planes are apart by their stride. Each is
        // taken once, by the caller's promise.
        unsafe { self.buffer.slice(plane.saturating_mul(self.stride).saturating_add(first), count) }
    }
}

/// Splits rows of `stride` elements: tile i has elements `first + i·width` to `first + (i + 1)·width` of every row.
pub(crate) struct Strips<'a, T> {
    buffer: Buffer<'a, T>,
    stride: usize,
    first: usize,
    width: usize,
}

impl<'a, T> Strips<'a, T> {
    /// `width` is at most the rest of a row. Elements after the last whole row belong to no tile.
    pub(crate) fn new(slice: &'a mut [T], stride: usize, first: usize, width: usize) -> Self {
        Self { buffer: Buffer::new(slice), stride, first, width: width.min(stride.saturating_sub(first)) }
    }
}

impl<'a, T: Send + 'a> Split<'a> for Strips<'_, T> {
    type Part = Strip<'a, T>;

    unsafe fn part(&'a self, tile: usize) -> Strip<'a, T> {
        let first = tile.saturating_mul(self.width).saturating_add(self.first).min(self.stride);
        let width = self.width.min(self.stride - first);
        debug_assert!(self.stride > 0, "a row has elements");
        let rows = self.buffer.len / self.stride.max(1);
        Strip { start: self.buffer.start.wrapping_add(first), stride: self.stride, width, rows, lifetime: PhantomData }
    }
}

/// One tile's elements of every row.
pub(crate) struct Strip<'a, T> {
    /// The strip's first element in row 0.
    start: *mut T,
    stride: usize,
    /// Elements per row. Added to the offset of `start` in its row at most `stride`.
    width: usize,
    /// Number of whole rows.
    rows: usize,
    lifetime: PhantomData<&'a mut [T]>,
}

impl<T> Strip<'_, T> {
    /// Returns the strip's elements in row `row`; none past the last row.
    #[inline(always)]
    pub(crate) fn row(&mut self, row: usize) -> &mut [T] {
        if row >= self.rows {
            return &mut [];
        }
        // SAFETY: the row is whole and the strip ends within its stride, so all elements are in bounds and the product does not overflow.
        // Strips of different tiles do not overlap; `&mut self` prevents a second slice of this strip.
        unsafe { core::slice::from_raw_parts_mut(self.start.add(row * self.stride), self.width) }
    }

    /// Returns the strip's elements in rows `row` and `row + 1`; none if either is past the last row.
    #[inline(always)]
    pub(crate) fn pair(&mut self, row: usize) -> (&mut [T], &mut [T]) {
        if row >= self.rows || row + 1 >= self.rows {
            return (&mut [], &mut []);
        }
        // SAFETY: as in `row`. The two rows do not overlap, because the width is at most the stride.
        unsafe {
            let start = self.start.add(row * self.stride);
            (
                core::slice::from_raw_parts_mut(start, self.width),
                core::slice::from_raw_parts_mut(start.add(self.stride), self.width),
            )
        }
    }
}

/// Splits rows of `stride` elements at ends of their own: tile i has of each row the elements from end i − 1, or the row's start, to end i.
pub(crate) struct Segments<'a, T> {
    buffer: Buffer<'a, T>,
    stride: usize,
    /// `tiles` ends of each row, in rising order.
    ends: &'a [u32],
    tiles: usize,
}

impl<'a, T> Segments<'a, T> {
    /// `None` if ends fall, or lie past their row or the buffer.
    pub(crate) fn new(slice: &'a mut [T], stride: usize, ends: &'a [u32], tiles: usize) -> Option<Self> {
        let ends = ends.get(..ends.len() / tiles.max(1) * tiles)?;
        let rows = ends.chunks_exact(tiles.max(1));
        // not `is_sorted`, which can panic
        let rise = |row: &[u32]| {
            row.windows(2).all(|pair| matches!(pair, [a, b] if a <= b))
                && row.last().is_none_or(|end| *end as usize <= stride)
        };
        let whole = rows.len().checked_mul(stride).is_some_and(|elements| elements <= slice.len());
        (whole && rows.into_iter().all(rise)).then(|| Self { buffer: Buffer::new(slice), stride, ends, tiles })
    }
}

impl<'a, T: Send + 'a> Split<'a> for Segments<'_, T> {
    type Part = Segment<'a, T>;

    unsafe fn part(&'a self, tile: usize) -> Segment<'a, T> {
        Segment { all: self, tile }
    }
}

/// One tile's elements of every row.
pub(crate) struct Segment<'a, T> {
    all: &'a Segments<'a, T>,
    tile: usize,
}

impl<T> Segment<'_, T> {
    /// Returns the tile's elements in row `row`; none past the last row.
    #[inline(always)]
    pub(crate) fn row(&mut self, row: usize) -> &mut [T] {
        let Segments { buffer, stride, ends, tiles } = self.all;
        if self.tile >= *tiles {
            return &mut [];
        }
        let ends = ends.get(row.saturating_mul(*tiles)..).and_then(|ends| ends.get(..=self.tile)).unwrap_or_default();
        let Some((end, before)) = ends.split_last() else { return &mut [] };
        let start = before.last().copied().unwrap_or_default();
        // SAFETY: ends rise within a row and are at most its length, by `Segments::new`, so segments of different tiles do not overlap.
        // `&mut self` prevents a second slice of this segment.
        unsafe { buffer.slice(row * stride + start as usize, (end - start) as usize) }
    }
}

/// Splits a ring of rows, where the first row follows the last: tile i has `count` rows from row `first + i·step` on.
///
/// Tiles have no rows where they would reach those of tile 0 again.
pub(crate) struct Rings<'a, T> {
    buffer: Buffer<'a, T>,
    /// Elements of a row.
    row: usize,
    /// Number of rows.
    rows: usize,
    first: usize,
    step: usize,
    count: usize,
}

impl<'a, T> Rings<'a, T> {
    /// Rows are `row` elements; elements after the last of `rows` rows belong to no tile. If more than one tile is taken, `step` is at
    /// least `count`.
    pub(crate) fn new(
        slice: &'a mut [T],
        (row, rows): (usize, usize),
        first: usize,
        step: usize,
        count: usize,
    ) -> Self {
        debug_assert!(slice.len() >= row * rows, "a ring has all its rows");
        let rows = slice.len().checked_div(row).unwrap_or_default().min(rows);
        let count = count.min(rows);
        let first = if rows == 0 { 0 } else { first % rows };
        Self { buffer: Buffer::new(slice), row, rows, first, step: step.max(count), count }
    }
}

impl<'a, T: Send + 'a> Split<'a> for Rings<'_, T> {
    type Part = Ring<'a, T>;

    unsafe fn part(&'a self, tile: usize) -> Ring<'a, T> {
        let ahead = tile.saturating_mul(self.step);
        // a tile that would reach around the ring to tile 0
        let count = if ahead.saturating_add(self.count) > self.rows { 0 } else { self.count };
        let start = self.first + ahead.min(self.rows);
        let start = if start >= self.rows { start - self.rows } else { start };
        let ahead = count.min(self.rows - start);
        // SAFETY: rows of different tiles are different: they are `step`, which is at least `count`, apart, and the last of them ends
        // before the first of tile 0 comes again. The two slices are different rows, because `count` is at most `rows`.
        let (head, tail) = unsafe {
            (self.buffer.slice(start * self.row, ahead * self.row), self.buffer.slice(0, (count - ahead) * self.row))
        };
        Ring { head, tail, row: self.row, rows: self.rows, start }
    }
}

/// One tile's rows of a ring.
pub(crate) struct Ring<'a, T> {
    /// Rows from `start` on.
    head: &'a mut [T],
    /// Rows from row 0 on.
    tail: &'a mut [T],
    row: usize,
    rows: usize,
    start: usize,
}

impl<T> Ring<'_, T> {
    /// Returns row `row` of the ring; none if it belongs to another tile.
    #[inline(always)]
    pub(crate) fn row(&mut self, row: usize) -> &mut [T] {
        let rows = if row >= self.start { &mut *self.head } else { &mut *self.tail };
        let index = if row >= self.start { row - self.start } else { row };
        debug_assert!(row < self.rows, "a row of the ring");
        rows.get_mut(index * self.row..(index + 1) * self.row).unwrap_or_default()
    }
}

/// Splits strips of `rows` elements, each a ring, where the first element follows the last: tile i has `count` elements of every strip, from
/// element `first + i·step` on.
///
/// Tiles have no elements where they would reach those of tile 0 again.
pub(crate) struct Bands<'a, T> {
    buffer: Buffer<'a, T>,
    /// Elements from a strip to the next; at least `rows`.
    stride: usize,
    rows: usize,
    first: usize,
    step: usize,
    count: usize,
}

impl<'a, T> Bands<'a, T> {
    /// `first` is below `rows`, which is at most `stride`.
    pub(crate) fn new(
        slice: &'a mut [T],
        (stride, rows): (usize, usize),
        first: usize,
        (step, count): (usize, usize),
    ) -> Self {
        debug_assert!(first < rows && rows <= stride && count <= step, "strips and bands do not overlap");
        let rows = rows.min(stride);
        let count = count.min(rows);
        Self { buffer: Buffer::new(slice), stride, rows, first: first.min(rows), step: step.max(count), count }
    }
}

impl<'a, T: Send + 'a> Split<'a> for Bands<'_, T> {
    type Part = Band<'a, T>;

    unsafe fn part(&'a self, tile: usize) -> Band<'a, T> {
        let ahead = tile.saturating_mul(self.step);
        // a tile that would reach around the ring to tile 0
        let count = if ahead.saturating_add(self.count) > self.rows { 0 } else { self.count };
        let first = self.first + ahead.min(self.rows);
        Band {
            start: self.buffer.start,
            strips: self.buffer.len.checked_div(self.stride).unwrap_or_default(),
            stride: self.stride,
            rows: self.rows,
            first: if first >= self.rows { first - self.rows } else { first },
            count,
            lifetime: PhantomData,
        }
    }
}

/// One tile's elements of every strip.
pub(crate) struct Band<'a, T> {
    start: *mut T,
    /// Number of whole strips.
    strips: usize,
    stride: usize,
    /// Elements of a strip, at most `stride`.
    rows: usize,
    /// The band's elements: `count` from `first` on, around the ring.
    first: usize,
    count: usize,
    lifetime: PhantomData<&'a mut [T]>,
}

impl<T> Band<'_, T> {
    /// Index of `count` elements of a strip from element `row` on; none if one of them belongs to another tile, or if they go around the ring.
    #[inline(always)]
    fn index(&self, strip: usize, row: usize, count: usize) -> Option<usize> {
        if strip >= self.strips || row >= self.rows || count > self.rows - row {
            return None;
        }
        let ahead = if row >= self.first { row - self.first } else { row + self.rows - self.first };
        (ahead <= self.count && count <= self.count - ahead).then_some(strip * self.stride + row)
    }

    /// Returns `count` elements of a strip from element `row` on; none if one of them belongs to another tile, or if they go around the ring.
    #[inline(always)]
    pub(crate) fn get(&self, strip: usize, row: usize, count: usize) -> &[T] {
        let Some(index) = self.index(strip, row, count) else { return &[] };
        // SAFETY: the elements are in a whole strip, by `index`. Bands of different tiles do not overlap: they are `step`, which is at least
        // `count`, apart, and the last ends before the first comes again. `&self` prevents a mutable slice of this band.
        unsafe { core::slice::from_raw_parts(self.start.add(index), count) }
    }

    /// As [`Band::get`].
    #[inline(always)]
    pub(crate) fn get_mut(&mut self, strip: usize, row: usize, count: usize) -> &mut [T] {
        let Some(index) = self.index(strip, row, count) else { return &mut [] };
        // SAFETY: as in `get`; `&mut self` prevents a second slice of this band.
        unsafe { core::slice::from_raw_parts_mut(self.start.add(index), count) }
    }
}

/// Work space in slots of `size` elements. A tile has the lowest free slot while it runs.
///
/// The lowest, so that tiles one after the other use the same memory, which is in the cache.
pub(crate) struct Slots<'a, T> {
    buffer: Buffer<'a, T>,
    size: usize,
    count: u32,
    /// Bit i: slot i is free.
    free: AtomicU32,
    alone: bool,
}

/// Maximum number of slots, and so of threads that work at a time. Other threads leave their tiles to these.
pub(crate) const MAX_SLOTS: usize = 16;

impl<'a, T> Slots<'a, T> {
    pub(crate) fn new(slice: &'a mut [T], size: usize) -> Self {
        debug_assert!(size > 0 && slice.len() >= size, "work space has room for one tile");
        let count = (slice.len() / size.max(1)).clamp(1, MAX_SLOTS) as u32;
        Self { buffer: Buffer::new(slice), size, count, free: AtomicU32::new((1 << count) - 1), alone: false }
    }
}

impl<'a, T: Send + 'a> Split<'a> for Slots<'_, T> {
    type Part = Slot<'a, T>;

    fn at_a_time(&self) -> u32 {
        self.count
    }

    fn alone(&mut self) {
        self.alone = true;
    }

    unsafe fn part(&'a self, _: usize) -> Slot<'a, T> {
        // takes the lowest bit; there is one by the caller's promise. Each retry follows a success of another thread
        let taken = update(&self.free, self.alone, |free| (free != 0).then_some(free & free.wrapping_sub(1)));
        debug_assert!(taken.is_some(), "no more parts than slots are alive");
        let free = taken.unwrap_or_default();
        let bit = free & free.wrapping_neg();
        let size = if bit == 0 { 0 } else { self.size };
        // SAFETY: the bit was set and is cleared now, so no other part has the slot until the drop sets the bit. Without a bit the slice is
        // empty.
        let slice = unsafe { self.buffer.slice(bit.trailing_zeros() as usize * size, size) };
        Slot { slice, free: &self.free, bit, alone: self.alone }
    }
}

/// A slot while it is taken.
pub(crate) struct Slot<'a, T> {
    /// Lent out by [`Slot::slice`] alone, because it must not outlive the slot.
    slice: &'a mut [T],
    free: &'a AtomicU32,
    bit: u32,
    alone: bool,
}

impl<T> Slot<'_, T> {
    /// The slot's elements.
    pub(crate) fn slice(&mut self) -> &mut [T] {
        self.slice
    }
}

impl<T> Drop for Slot<'_, T> {
    fn drop(&mut self) {
        if self.alone {
            self.free.store(self.free.load(Ordering::Relaxed) | self.bit, Ordering::Relaxed);
        } else {
            self.free.fetch_or(self.bit, Ordering::Release);
        }
    }
}

/// Splits several buffers at once.
macro_rules! split_tuple {
    ($($name:ident $index:tt),+) => {
        impl<'a, $($name: Split<'a>),+> Split<'a> for ($($name,)+) {
            type Part = ($($name::Part,)+);

            fn at_a_time(&self) -> u32 {
                u32::MAX$(.min(self.$index.at_a_time()))+
            }

            fn alone(&mut self) {
                $(self.$index.alone();)+
            }

            unsafe fn part(&'a self, tile: usize) -> Self::Part {
                // SAFETY: the caller's promise is passed on.
                unsafe { ($(self.$index.part(tile),)+) }
            }
        }
    };
}

split_tuple!(A 0, B 1);
split_tuple!(A 0, B 1, C 2);
split_tuple!(A 0, B 1, C 2, D 3);
split_tuple!(A 0, B 1, C 2, D 3, E 4);

#[cfg(test)]
mod tests {
    use super::{AtomicU32, Ordering, Turns};
    use core::cell::Cell;

    fn turns(tiles: u32, at_a_time: u32) -> Turns {
        Turns { next: AtomicU32::new(0), tiles, free: AtomicU32::new(at_a_time), owed: AtomicU32::new(0), alone: false }
    }

    /// Calls from within calls, more of them at a time than there are parts: none waits, and each tile is done once.
    #[test]
    fn a_call_without_a_part_leaves_its_tile_to_another() {
        for at_a_time in 1..=4 {
            let turns = turns(10, at_a_time);
            let (done, alive) = (Cell::new(0_u32), Cell::new(0_u32));
            fn call(turns: &Turns, at_a_time: u32, done: &Cell<u32>, alive: &Cell<u32>) -> bool {
                turns.call(|tile| {
                    assert_eq!(done.get() >> tile & 1, 0, "tile {tile} twice");
                    done.set(done.get() | 1 << tile);
                    alive.set(alive.get() + 1);
                    assert!(alive.get() <= at_a_time);
                    call(turns, at_a_time, done, alive);
                    alive.set(alive.get() - 1);
                })
            }
            while call(&turns, at_a_time, &done, &alive) {}
            assert_eq!(done.get(), (1 << 10) - 1);
            assert_eq!(turns.free.load(Ordering::Relaxed), at_a_time);
        }
    }
}
