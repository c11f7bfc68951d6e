//! `fft_pair`: forward and inverse transform of N x N pixels, bluegrad and peers.

use bluegrad::{Shape, SimdLevel};
use bluegrad_bench::pair::{Bluegrad, Pair, Tables, checked};
use bluegrad_bench::peers::Peers;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("fft_pair");
    let peers = Peers::find();
    for (name, why) in &peers.missing {
        eprintln!("fft_pair without {name}: {why}");
    }
    for side in [64, 128, 256, 512, 1024] {
        let shape = Shape::new(side, side);
        let tables = Tables::new(shape).expect("a power of two");
        group.throughput(Throughput::Elements(shape.pixels() as u64));
        add(&mut group, BenchmarkId::new("bluegrad", side), || {
            checked(Box::new(Bluegrad::new(&tables, SimdLevel::Auto).expect("a level that is here")), &tables)
        });
        for peer in &peers.found {
            add(&mut group, BenchmarkId::new(&peer.name, side), || {
                checked(peer.pair(shape).expect("a pair from 64 on"), &tables)
            });
        }
    }
    group.finish();
}

/// Adds a pair, made and checked only if it is chosen.
pub(crate) fn add<'t>(group: &mut BenchmarkGroup<'_, WallTime>, id: BenchmarkId, new: impl Fn() -> Box<dyn Pair + 't>) {
    let mut pair = None;
    group.bench_function(id, |bencher| {
        let pair = pair.get_or_insert_with(&new);
        bencher.iter(|| pair.run());
    });
}
