//! `level`: a pair of transforms and a `published` step, at each level of the machine.

use crate::{fft_pair, step};
use bluegrad::Shape;
use bluegrad_bench::pair::{Bluegrad, Tables, checked, levels};
use bluegrad_bench::run::{Kind, Run};
use criterion::{BenchmarkId, Criterion, Throughput};

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("level");
    for side in [64, 256] {
        let shape = Shape::new(side, side);
        let tables = Tables::new(shape).expect("a power of two");
        group.throughput(Throughput::Elements(shape.pixels() as u64));
        for level in levels() {
            fft_pair::add(&mut group, BenchmarkId::new(format!("fft_pair/{}", level.name()), side), || {
                checked(Box::new(Bluegrad::new(&tables, level).expect("a level that is here")), &tables)
            });
            step::add(&mut group, BenchmarkId::new(format!("step/{}", level.name()), side), || {
                Run::new(Kind::Published, shape, level)
            });
        }
    }
    group.finish();
}
