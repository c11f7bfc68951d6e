//! The tests run with overflow checks and debug assertions, in every crate: what the profile says of one it says of all.

use std::hint::black_box;
use std::panic::catch_unwind;

#[test]
fn overflow_is_checked() {
    assert!(black_box(cfg!(debug_assertions)), "the profile of the tests must have debug-assertions");
    let sum = catch_unwind(|| black_box(u8::MAX) + black_box(1));
    assert!(sum.is_err(), "the profile of the tests must have overflow-checks");
}
