//! Jobs: the host runs tiles, on as many threads as it likes; this crate never makes one.
//!
//! A step is a few loops over tiles that do not touch each other's data. `each` runs such a loop through the host and gives every
//! tile its own parts of the buffers. Sums stand one a tile and are added in the order of the tiles, so the bits do not depend
//! on the number of threads. The second of the core's rooms for `unsafe`: parts of one buffer, handed to several threads.

use crate::simd::Level;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicU32, Ordering};

/// Runs the tiles of a loop.
///
/// ```
/// use bluegrad::Jobs;
///
/// /// As many threads as there are tiles; a host would rather hand them to a pool that waits for work.
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
    /// Calls `tile` for each index below `tiles`, in any order and on any threads, and returns when all have returned. Each call
    /// does one tile that none has done yet; tiles that are left when this returns are done by the caller.
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync));
}

/// One tile after the other, on the calling thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serial;

impl Jobs for Serial {
    fn run(&self, tiles: u32, tile: &(dyn Fn(u32) + Sync)) {
        for index in 0..tiles {
            tile(index);
        }
    }
}

/// How work is done: none of it changes a bit.
#[derive(Clone, Copy)]
pub(crate) struct Means<'a> {
    pub(crate) level: Level,
    pub(crate) jobs: &'a dyn Jobs,
}

/// A buffer, or several, of which each tile has a part of its own.
pub(crate) trait Split<'a>: Sync {
    /// What one tile gets.
    type Part;

    /// The part of a tile.
    ///
    /// # Safety
    /// For each tile it is called at most once while `self` lives.
    unsafe fn part(&'a self, tile: usize) -> Self::Part;
}

/// Runs `body` once for each tile below `tiles`, with its part.
pub(crate) fn each<'a, S: Split<'a>>(
    jobs: &dyn Jobs,
    tiles: usize,
    parts: &'a mut S,
    body: impl Fn(usize, S::Part) + Sync,
) {
    let next = AtomicU32::new(0);
    let parts = &*parts;
    let one = || {
        let tile = next.fetch_add(1, Ordering::Relaxed) as usize;
        if tile >= tiles {
            return false;
        }
        // SAFETY: the counter gives each number once, whatever index the host calls with and how often; `parts` is borrowed
        // mutably for this function alone.
        body(tile, unsafe { parts.part(tile) });
        true
    };
    if tiles > 1 {
        jobs.run(tiles as u32, &|_| {
            one();
        });
    }
    while one() {}
}

/// A buffer for tiles to share.
struct Buffer<'a, T> {
    start: *mut T,
    len: usize,
    lifetime: PhantomData<&'a mut [T]>,
}

// SAFETY: it stands for `&mut [T]`; the parts that it hands out do not overlap.
unsafe impl<T: Send> Sync for Buffer<'_, T> {}

impl<'a, T> Buffer<'a, T> {
    fn new(slice: &'a mut [T]) -> Self {
        Self { start: slice.as_mut_ptr(), len: slice.len(), lifetime: PhantomData }
    }

    /// Elements `first` to `first + count`, as far as there are any.
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

/// Tile i has elements `i·size` to `(i + 1)·size`; the last may have fewer. An empty buffer has empty parts.
pub(crate) struct Chunks<'a, T> {
    buffer: Buffer<'a, T>,
    size: usize,
}

impl<'a, T> Chunks<'a, T> {
    pub(crate) fn new(slice: &'a mut [T], size: usize) -> Self {
        Self { buffer: Buffer::new(slice), size }
    }
}

impl<'a, T: Send + 'a> Split<'a> for Chunks<'_, T> {
    type Part = &'a mut [T];

    unsafe fn part(&'a self, tile: usize) -> &'a mut [T] {
        // SAFETY: chunks of different tiles do not overlap, and each is asked for once.
        unsafe { self.buffer.slice(tile.saturating_mul(self.size), self.size) }
    }
}

/// A buffer as rows of `stride` elements: tile i has elements `first + i·width` to `first + (i + 1)·width` of every row.
pub(crate) struct Strips<'a, T> {
    buffer: Buffer<'a, T>,
    stride: usize,
    first: usize,
    width: usize,
}

impl<'a, T> Strips<'a, T> {
    /// `width` is cut to what a row has; what is left of the buffer after the last whole row belongs to nobody.
    pub(crate) fn new(slice: &'a mut [T], stride: usize, first: usize, width: usize) -> Self {
        Self { buffer: Buffer::new(slice), stride, first, width: width.min(stride.saturating_sub(first)) }
    }
}

impl<'a, T: Send + 'a> Split<'a> for Strips<'_, T> {
    type Part = Strip<'a, T>;

    unsafe fn part(&'a self, tile: usize) -> Strip<'a, T> {
        let first = tile.saturating_mul(self.width).saturating_add(self.first).min(self.stride);
        let width = self.width.min(self.stride - first);
        let rows = self.buffer.len / self.stride.max(1);
        Strip { start: self.buffer.start.wrapping_add(first), stride: self.stride, width, rows, lifetime: PhantomData }
    }
}

/// A tile's elements of every row.
pub(crate) struct Strip<'a, T> {
    /// Those of row 0.
    start: *mut T,
    stride: usize,
    /// With the offset of `start` in its row at most `stride`.
    width: usize,
    /// Whole rows of `stride` elements.
    rows: usize,
    lifetime: PhantomData<&'a mut [T]>,
}

impl<T> Strip<'_, T> {
    /// Those of row `row`; empty past the end.
    #[inline(always)]
    pub(crate) fn row(&mut self, row: usize) -> &mut [T] {
        if row >= self.rows {
            return &mut [];
        }
        // SAFETY: the row is whole, and within it the strip ends at `stride` at the latest, so all is in bounds and the product
        // does not overflow. Strips of different tiles lie beside each other; within the strip `&mut self` sees to it.
        unsafe { core::slice::from_raw_parts_mut(self.start.add(row * self.stride), self.width) }
    }

    /// Those of row `row` and of the next; both empty past the end.
    #[inline(always)]
    pub(crate) fn pair(&mut self, row: usize) -> (&mut [T], &mut [T]) {
        if row >= self.rows || row + 1 >= self.rows {
            return (&mut [], &mut []);
        }
        // SAFETY: as in `row`; the two do not overlap, for the width is at most the stride.
        unsafe {
            let start = self.start.add(row * self.stride);
            (
                core::slice::from_raw_parts_mut(start, self.width),
                core::slice::from_raw_parts_mut(start.add(self.stride), self.width),
            )
        }
    }
}

/// Work space: a buffer cut into slots of `size`, of which a tile has any one while it runs. The lowest that is free, so that tiles
/// one after the other work in the same, which is in the cache.
pub(crate) struct Slots<'a, T> {
    buffer: Buffer<'a, T>,
    size: usize,
    /// A bit a slot: free.
    free: AtomicU32,
}

/// The most slots, and so the most threads that work at a time; more wait.
pub(crate) const MAX_SLOTS: usize = 16;

impl<'a, T> Slots<'a, T> {
    pub(crate) fn new(slice: &'a mut [T], size: usize) -> Self {
        let count = (slice.len() / size.max(1)).clamp(1, MAX_SLOTS);
        Self { buffer: Buffer::new(slice), size, free: AtomicU32::new((1 << count) - 1) }
    }
}

impl<'a, T: Send + 'a> Split<'a> for Slots<'_, T> {
    type Part = Slot<'a, T>;

    unsafe fn part(&'a self, _: usize) -> Slot<'a, T> {
        loop {
            let free = self.free.load(Ordering::Relaxed);
            let taken = free & free.wrapping_sub(1);
            let swapped =
                free != 0 && self.free.compare_exchange_weak(free, taken, Ordering::Acquire, Ordering::Relaxed).is_ok();
            if swapped {
                let bit = free & free.wrapping_neg();
                // SAFETY: the bit was free and is taken now, so nobody else has the slot; it is given back when dropped.
                let slice = unsafe { self.buffer.slice(bit.trailing_zeros() as usize * self.size, self.size) };
                return Slot { slice, free: &self.free, bit };
            }
            core::hint::spin_loop();
        }
    }
}

/// A slot while it is taken.
pub(crate) struct Slot<'a, T> {
    pub(crate) slice: &'a mut [T],
    free: &'a AtomicU32,
    bit: u32,
}

impl<T> Drop for Slot<'_, T> {
    fn drop(&mut self) {
        self.free.fetch_or(self.bit, Ordering::Release);
    }
}

/// Several buffers split at once.
macro_rules! split_tuple {
    ($($name:ident $index:tt),+) => {
        impl<'a, $($name: Split<'a>),+> Split<'a> for ($($name,)+) {
            type Part = ($($name::Part,)+);

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
