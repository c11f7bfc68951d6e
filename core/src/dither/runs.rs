//! Walks a row of pixels and the rows of the mask that lie over it.

/// A row of the mask, which repeats, and the column to read next.
#[derive(Clone, Copy)]
pub(super) struct MaskRow<'m, T> {
    pub(super) thresholds: &'m [T],
    pub(super) column: usize,
}

/// Splits a row of C channels into runs in which no channel's mask row wraps, and calls `run` for each.
#[inline]
pub(super) fn runs<const C: usize, T: Copy, S>(
    mut rows: [MaskRow<'_, T>; C],
    row: &[S],
    to: &mut [u8],
    run: impl Fn([&[T]; C], &[[S; C]], &mut [[u8; C]]),
) {
    let (mut row, mut to) = (row.as_chunks::<C>().0, to.as_chunks_mut::<C>().0);
    debug_assert!(row.len() == to.len(), "callers check the lengths");
    while !row.is_empty() {
        debug_assert!(rows.iter().all(|mask| mask.column < mask.thresholds.len()), "a column of the mask");
        let rest = rows.map(|mask| mask.thresholds.get(mask.column..).unwrap_or_default());
        let length = rest.iter().map(|thresholds| thresholds.len()).fold(row.len(), usize::min);
        let pieces = (row.split_at_checked(length), to.split_at_mut_checked(length));
        let (Some((now, later)), Some((to_now, to_later)), 1..) = (pieces.0, pieces.1, length) else { return };
        run(rest, now, to_now);
        (row, to) = (later, to_later);
        for mask in &mut rows {
            mask.column = if mask.column + length < mask.thresholds.len() { mask.column + length } else { 0 };
        }
    }
}
