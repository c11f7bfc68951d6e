//! Heap sort of `f64` in place, without work space.

/// Sorts in place (heap sort: Williams, 1964).
///
/// Not `sort_unstable`: its code can panic, which the link proof (`ffi/prove`) refuses.
pub(crate) fn sort(values: &mut [f64]) {
    let len = values.len();
    for root in (0..len / 2).rev() {
        sift(values, root);
    }
    for end in (1..len).rev() {
        debug_assert!(end < values.len(), "end counts down from the last element");
        let Some((last, heap)) = values.get_mut(..=end).and_then(<[f64]>::split_last_mut) else { return };
        if let Some(first) = heap.first_mut() {
            core::mem::swap(first, last);
        }
        sift(heap, 0);
    }
}

/// Moves an element of a heap down until no child of it is larger.
fn sift(heap: &mut [f64], mut index: usize) {
    debug_assert!(index < heap.len(), "the element is in the heap");
    let Some(value) = heap.get(index).copied() else { return };
    while let Some(left) = heap.get(2 * index + 1).copied() {
        let (child, larger) = match heap.get(2 * index + 2) {
            Some(right) if *right > left => (2 * index + 2, *right),
            _ => (2 * index + 1, left),
        };
        if larger <= value {
            break;
        }
        if let Some(to) = heap.get_mut(index) {
            *to = larger;
        }
        index = child;
    }
    if let Some(to) = heap.get_mut(index) {
        *to = value;
    }
}
