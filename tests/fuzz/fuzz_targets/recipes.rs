//! See `bluegrad_fuzz::recipes`.
#![no_main]

libfuzzer_sys::fuzz_target!(|case: bluegrad_fuzz::recipes::Case| bluegrad_fuzz::recipes::run(&case));
