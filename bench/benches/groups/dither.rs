//! Stages of the dither objective at the best level.
//!
//! `fill`, `void_and_cluster`: whole masks. `polish`, `front`: steps. `dither`: whole presets.

use crate::step::add as add_run;
use bluegrad::{Config, Preset, Shape, SimdLevel};
use bluegrad_bench::rounds::Contender;
use bluegrad_bench::stages::{fill, front_step, polish_step, whole};
use bluegrad_bench::whole::Whole;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};

const SIDES: [u32; 3] = [64, 128, 256];

pub(crate) fn bench_fill(criterion: &mut Criterion) {
    stage(criterion, "fill", |shape| fill(shape, SimdLevel::Auto));
}

pub(crate) fn bench_void_and_cluster(criterion: &mut Criterion) {
    stage(criterion, "void_and_cluster", |shape| whole(Preset::VoidAndCluster, shape, SimdLevel::Auto));
}

fn stage(criterion: &mut Criterion, name: &str, config: impl Fn(Shape) -> Config) {
    let mut group = criterion.benchmark_group(name);
    for shape in SIDES.map(|side| Shape::new(side, side)) {
        group.throughput(Throughput::Elements(shape.pixels() as u64));
        add(&mut group, BenchmarkId::new("bluegrad", shape.width), config(shape));
    }
    group.finish();
}

pub(crate) fn bench_polish(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("polish");
    for shape in SIDES.map(|side| Shape::new(side, side)) {
        group.throughput(Throughput::Elements(shape.pixels() as u64));
        add_run(&mut group, BenchmarkId::new("step", shape.width), || polish_step(shape, SimdLevel::Auto));
    }
    group.finish();
}

pub(crate) fn bench_front(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("front");
    for shape in SIDES[..2].iter().map(|side| Shape::new(*side, *side)) {
        group.throughput(Throughput::Elements(shape.pixels() as u64));
        add_run(&mut group, BenchmarkId::new("step", shape.width), || front_step(shape, SimdLevel::Auto));
    }
    group.finish();
}

pub(crate) fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dither");
    group.sample_size(10);
    for preset in Preset::ALL.into_iter().filter(|preset| preset.name().starts_with("dither")) {
        // the check alone takes a minute at 256: a thousand steps of the front
        let sides = if preset == Preset::DitherGradient { &SIDES[..1] } else { &SIDES[..] };
        for shape in sides.iter().map(|side| Shape::new(*side, *side)) {
            group.throughput(Throughput::Elements(shape.pixels() as u64));
            add(&mut group, BenchmarkId::new(preset.name(), shape.width), whole(preset, shape, SimdLevel::Auto));
        }
    }
    group.finish();
}

/// Adds a mask, made and checked only if it is chosen.
fn add(group: &mut BenchmarkGroup<'_, WallTime>, id: BenchmarkId, config: Config) {
    let mut mask = None;
    group.bench_function(id, |bencher| {
        let new = || Whole::new(&config).map_err(|error| error.to_string()).and_then(Whole::checked);
        let mask = mask.get_or_insert_with(|| new().expect("right results"));
        bencher.iter_custom(|count| mask.time(count.try_into().unwrap_or(u32::MAX)));
    });
}
