//! See `bluegrad_fuzz::abi`.
#![no_main]

libfuzzer_sys::fuzz_target!(|case: bluegrad_fuzz::abi::Case| bluegrad_fuzz::abi::run(&case));
