//! Criterion groups: `cargo bench -p bluegrad-bench`.
//!
//! With `--features peers` other libraries are timed too; a name chooses a group, as in `cargo bench -p bluegrad-bench --
//! fft_pair/64`. Everything is checked before it is timed. For ratios use the program `bluegrad-bench`, which times contenders in
//! turn.

mod dither;
mod fft_pair;
mod level;
mod step;

criterion::criterion_group!(
    groups,
    fft_pair::bench,
    step::bench_rank,
    step::bench_histogram,
    step::bench,
    level::bench,
    dither::bench_fill,
    dither::bench_polish,
    dither::bench_front,
    dither::bench_void_and_cluster,
    dither::bench,
    step::bench_size
);
criterion::criterion_main!(groups);
