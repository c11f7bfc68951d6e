//! `step`: whole steps of each kind through `Generator::step` at the best level.

use bluegrad::Level;
use bluegrad_bench::rounds::Contender;
use bluegrad_bench::run::{Kind, Run};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    for kind in Kind::ALL {
        for side in [64, 128, 256] {
            group.throughput(Throughput::Elements(u64::from(side) * u64::from(side)));
            add(&mut group, BenchmarkId::new(kind.id(), side), || Run::new(kind, side, Level::Auto));
        }
    }
    group.finish();
}

/// Adds a run, which is made, and checked, only if it is chosen.
pub(crate) fn add(group: &mut BenchmarkGroup<'_, WallTime>, id: BenchmarkId, new: impl Fn() -> Result<Run, String>) {
    let mut run = None;
    group.bench_function(id, |bencher| {
        let run = run.get_or_insert_with(|| new().expect("right results"));
        bencher.iter_custom(|count| run.time(count.try_into().unwrap_or(u32::MAX)));
    });
}
