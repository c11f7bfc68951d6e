//! `step`: steps of each kind at the best level, through `Generator::step`.
//!
//! `rank`, `histogram`: the histogram term alone, by exact ranks and by bins. `size`: growth of a step.

use bluegrad::{Shape, SimdLevel};
use bluegrad_bench::rounds::Contender;
use bluegrad_bench::run::{Kind, Run};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    for kind in Kind::STEPS {
        sides(&mut group, kind.id(), kind);
    }
    group.finish();
}

pub(crate) fn bench_rank(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("rank");
    sides(&mut group, "exact", Kind::Rank);
    group.finish();
}

pub(crate) fn bench_histogram(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("histogram");
    sides(&mut group, "binned", Kind::Histogram);
    group.finish();
}

pub(crate) fn bench_size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("size");
    group.sample_size(10);
    // `cargo test` runs each once, unoptimised: the largest are left out
    let largest = if std::env::args().any(|argument| argument == "--test") { 1024 } else { 4096 };
    let squares = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096].map(|side| Shape::new(side, side));
    for shape in squares.into_iter().filter(|shape| shape.width <= largest).chain([Shape::new(256, 64)]) {
        group.throughput(Throughput::Elements(shape.pixels() as u64));
        // large sizes time the first steps: three hundred would take minutes
        let start = match shape.pixels().ilog2() {
            ..=14 => 300,
            15..=20 => 3,
            _ => 1,
        };
        for kind in Kind::STEPS {
            let id = BenchmarkId::new(kind.id(), format!("{}x{}", shape.width, shape.height));
            add(&mut group, id, || Run::from(start, kind, shape, SimdLevel::Auto));
        }
    }
    group.finish();
}

fn sides(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, kind: Kind) {
    for side in [64, 128, 256] {
        let shape = Shape::new(side, side);
        group.throughput(Throughput::Elements(shape.pixels() as u64));
        add(group, BenchmarkId::new(name, side), || Run::new(kind, shape, SimdLevel::Auto));
    }
}

/// Adds a run, made and checked only if it is chosen.
pub(crate) fn add(group: &mut BenchmarkGroup<'_, WallTime>, id: BenchmarkId, new: impl Fn() -> Result<Run, String>) {
    let mut run = None;
    group.bench_function(id, |bencher| {
        let run = run.get_or_insert_with(|| new().expect("right results"));
        bencher.iter_custom(|count| run.time(count.try_into().unwrap_or(u32::MAX)));
    });
}
