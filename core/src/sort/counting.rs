//! One pass of a counting sort: the digits of all values, counted; then the next position of each.

/// Turns counters into the first position of each digit.
pub(super) fn count(counters: &mut [u32], digits: impl Iterator<Item = usize>) {
    counters.fill(0);
    for digit in digits {
        if let Some(counter) = counters.get_mut(digit) {
            *counter += 1;
        }
    }
    let mut sum = 0;
    for counter in counters {
        sum += core::mem::replace(counter, sum);
    }
}

/// The next position of a digit.
#[inline(always)]
pub(super) fn take(counters: &mut [u32], digit: usize) -> usize {
    match counters.get_mut(digit) {
        Some(counter) => {
            *counter += 1;
            *counter as usize - 1
        }
        None => 0,
    }
}
