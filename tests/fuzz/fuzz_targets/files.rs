//! See `bluegrad_fuzz::files`.
#![no_main]

libfuzzer_sys::fuzz_target!(|case: bluegrad_fuzz::files::Case<'_>| bluegrad_fuzz::files::run(&case));
