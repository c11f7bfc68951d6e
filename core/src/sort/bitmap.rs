//! Exact ranks by counting bits in a bitmap of cells (a rank dictionary: Jacobson, 1989).
//!
//! The range of the values is cut into 32 cells per value. A bit says whether a cell is occupied. The rank of a value is the number of bits
//! below its own. An entry of the table is 64 bits: a word of 32 cells, and the number of values in the words before, so a rank costs
//! one look-up.
//!
//! Where values spread as a mask's do, two values in one cell are rare. A word with such a cell is marked, and its values are sorted by value
//! and index. [`rank`] declines if too many values are in marked words, or if cells would be finer than floats.
//!
//! | pass | lower half of an entry | upper half |
//! |---|---|---|
//! | [`Occupy`] | bits of the word's cells | number of values whose cell was occupied before |
//! | [`Accumulate`] | bits; of a marked word the index of its next value in the groups | number of values in the words before; [`MARK`] |

use super::{Give, Sink, keyed};
use crate::simd::{Kernel, LANES, Lanes, SimdLevel, Words};

/// Cells per word.
const CELLS: u32 = 32;
/// The cells span [−LIMIT, LIMIT]. Values beyond it are in the outermost cells.
const LIMIT: f32 = 1.25;
/// Largest number of values: with 32 cells per value, neighbouring floats near 1 are then a few cells apart.
const MOST: usize = 1 << 20;
/// Bit of an entry whose word has a cell with more than one value.
const MARK: u64 = 1 << 63;

/// Ranks `values` and returns true, or declines: returns false without a call of `sink`.
///
/// `first` and `second` have one element per value.
pub(super) fn rank<G: Give>(
    level: SimdLevel,
    values: &[f32],
    first: &mut [u64],
    second: &mut [u64],
    sink: &mut Sink<'_, G>,
) -> bool {
    let n = values.len();
    if n > MOST || !n.is_multiple_of(LANES) {
        return false;
    }
    debug_assert!(first.len() == n && second.len() == n, "one element a value");
    // the cell of each value; then room for n/4 values of marked words, twice
    let Some((cells, slots)) = first.split_at_mut_checked(n / 2) else { return false };
    let cells: &mut [i32] = bytemuck::cast_slice_mut(cells);
    let Some(table) = second.get_mut(..n) else { return false };
    table.fill(0);
    level.run(Occupy { values, cells, table });
    let in_marked = level.run(Accumulate { table });
    // values of marked words: by index, and grouped by word
    let Some((list, groups)) = slots.split_at_mut_checked(in_marked) else { return false };
    if groups.len() < in_marked {
        return false;
    }
    level.run(LookUp { cells, table, list, sink });
    sort_marked(values, cells, table, list, groups, sink);
    true
}

/// Index of a cell's word. There are as many words as values.
#[inline(always)]
fn word(cell: i32) -> usize {
    (cell as u32 / CELLS) as usize
}

/// Number of a cell's bit in its word.
#[inline(always)]
fn bit(cell: i32) -> u32 {
    cell as u32 % CELLS
}

/// Finds the cell of each value and sets its bit. A value in an occupied cell counts in the upper half of the entry.
struct Occupy<'a> {
    values: &'a [f32],
    cells: &'a mut [i32],
    table: &'a mut [u64],
}

impl Kernel for Occupy<'_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let cells = self.table.len() as f32 * CELLS as f32;
        let (shift, scale) = (V::splat(token, LIMIT), V::splat(token, cells / (2.0 * LIMIT)));
        // the float below the number of cells, which truncates to the last cell
        let (zero, last) = (V::splat(token, 0.0), V::splat(token, f32::from_bits(cells.to_bits() - 1)));
        let (values, _) = self.values.as_chunks::<LANES>();
        let (cells, _) = self.cells.as_chunks_mut::<LANES>();
        for (values, cells) in values.iter().zip(cells) {
            for chunk in 0..V::CHUNKS {
                let p = (V::load(token, values, chunk) + shift) * scale;
                // in this order a NaN is in the last cell: it is not less than `last`
                let p = p.select_less(last, p, last);
                zero.select_less(p, p, zero).split_integer(cells, chunk);
            }
            for cell in cells {
                debug_assert!(word(*cell) < self.table.len(), "values beyond the limits are in the outermost cells");
                if let Some(entry) = self.table.get_mut(word(*cell)) {
                    let seen = *entry >> bit(*cell) & 1;
                    *entry = (*entry | 1 << bit(*cell)) + (seen << 32);
                }
            }
        }
    }
}

/// Sums up the counts of the entries, and marks words. Returns the number of values in marked words.
///
/// The upper half of an entry becomes the number of values in the words before, the lower half of a marked one the index of its first value
/// in the groups.
struct Accumulate<'a> {
    table: &'a mut [u64],
}

impl Kernel for Accumulate<'_> {
    type Output = usize;
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) -> usize {
        let (mut below, mut in_marked) = (0, 0);
        for entry in self.table {
            let doubled = *entry >> 32;
            let count = u64::from((*entry as u32).count_ones()) + doubled;
            if doubled == 0 {
                *entry |= below << 32;
            } else {
                *entry = MARK | below << 32 | in_marked;
                in_marked += count;
            }
            below += count;
        }
        in_marked as usize
    }
}

/// Looks up the rank of each value. Lists the indices of values in marked words, whose ranks are not final.
struct LookUp<'a, 'b, G> {
    cells: &'a [i32],
    table: &'a [u64],
    list: &'a mut [u64],
    sink: &'a mut Sink<'b, G>,
}

impl<G: Give> Kernel for LookUp<'_, '_, G> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let mut listed = 0;
        for (index, cell) in self.cells.iter().enumerate() {
            debug_assert!(word(*cell) < self.table.len(), "Occupy found the cell in the table");
            let Some(entry) = self.table.get(word(*cell)) else { return };
            let below = *entry as u32 & ((1 << bit(*cell)) - 1);
            let rank = (entry >> 32 & !(MARK >> 32)) as usize + below.count_ones() as usize;
            self.sink.put(index, rank);
            // written always and kept if marked: a branch would often be mispredicted. Past the list's end nothing is marked
            if let Some(to) = self.list.get_mut(listed) {
                *to = index as u64;
            }
            listed += (entry >> 63) as usize;
        }
    }
}

/// Ranks the listed values: groups them by word, sorts each group, and counts up from the number of values before the word.
fn sort_marked<G: Give>(
    values: &[f32],
    cells: &[i32],
    table: &mut [u64],
    list: &[u64],
    groups: &mut [u64],
    sink: &mut Sink<'_, G>,
) {
    debug_assert!(list.len() <= groups.len(), "`rank` declines more marked values than there is room for");
    let Some(groups) = groups.get_mut(..list.len()) else { return };
    let word_of = |index: u64| cells.get(index as u32 as usize).map_or(0, |cell| word(*cell));
    for index in list {
        debug_assert!((*index as usize) < values.len(), "LookUp lists indices of values");
        let Some(entry) = table.get_mut(word_of(*index)) else { return };
        let value = values.get(*index as usize).copied().unwrap_or(0.0);
        debug_assert!((*entry as u32 as usize) < groups.len(), "Accumulate counted the values of marked words");
        if let Some(to) = groups.get_mut(*entry as u32 as usize) {
            *to = keyed(value, *index as usize);
        }
        *entry += 1;
    }
    // insertion sort: groups are short, and stand in the order of their words, so no value leaves its group
    for i in 1..groups.len() {
        let mut j = i;
        while j > 0
            && let (Some(before), Some(after)) = (groups.get(j - 1), groups.get(j))
            && before > after
        {
            groups.swap(j - 1, j);
            j -= 1;
        }
    }
    let (mut word, mut rank) = (usize::MAX, 0);
    for keyed in groups {
        let index = *keyed as u32 as u64;
        if word_of(index) == word {
            rank += 1;
        } else {
            word = word_of(index);
            rank = table.get(word).map_or(0, |entry| (entry >> 32 & !(MARK >> 32)) as usize);
        }
        sink.put(index as usize, rank);
    }
}
