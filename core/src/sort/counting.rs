//! Counting sort by one digit: the building block of the radix sorts (Knuth, TAOCP vol. 3, 5.2 and 5.2.5).

/// Counts digits, then turns each count into the first position of its digit.
pub(super) fn count(counters: &mut [u32], digits: impl Iterator<Item = usize>) {
    counters.fill(0);
    for digit in digits {
        debug_assert!(digit < counters.len(), "one counter for each value of a digit");
        if let Some(counter) = counters.get_mut(digit) {
            *counter += 1;
        }
    }
    let mut sum = 0;
    for counter in counters {
        sum += core::mem::replace(counter, sum);
    }
}

/// Returns the next position of a digit.
#[inline(always)]
pub(super) fn take(counters: &mut [u32], digit: usize) -> usize {
    debug_assert!(digit < counters.len(), "one counter for each value of a digit");
    match counters.get_mut(digit) {
        Some(counter) => {
            *counter += 1;
            *counter as usize - 1
        }
        None => 0,
    }
}

/// Moves `from` to `to` in rising order of one digit, equal ones in their order (stable).
pub(crate) fn scatter<T: Copy>(counters: &mut [u32], from: &[T], to: &mut [T], digit: impl Fn(T) -> usize) {
    debug_assert!(from.len() == to.len(), "all elements move");
    count(counters, from.iter().map(|element| digit(*element)));
    for element in from {
        if let Some(to) = to.get_mut(take(counters, digit(*element))) {
            *to = *element;
        }
    }
}
