//! `rows`: times the dithering of rows, each form at each SIMD level of this CPU, in turn. Prints a table.

use bluegrad::SimdLevel;
use bluegrad_bench::machine;
use bluegrad_bench::rounds::{Contender, Quartiles, measure};
use bluegrad_bench::rows::{Form, ROWS, Rows, SAMPLES, Tables};
use clap::Parser;
use std::process::ExitCode;
use std::time::Duration;

/// Times the dithering of rows: Gsample/s, and the ratio to the level `scalar`.
#[derive(Debug, Parser)]
#[command(name = "rows")]
struct Arguments {
    /// Side of the mask
    #[arg(long, default_value_t = 128)]
    mask: u32,
    /// Number of rounds; each round times every form at every level once
    #[arg(long, default_value_t = 101, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rows: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let tables = Tables::new(arguments.mask, &Form::ALL)?;
    let levels =
        [SimdLevel::Scalar, SimdLevel::Sse2, SimdLevel::Sse42, SimdLevel::Avx2, SimdLevel::Avx512, SimdLevel::Neon];
    let levels: Vec<SimdLevel> = levels.into_iter().filter(|level| level.is_supported()).collect();
    let all = || Form::ALL.into_iter().flat_map(|form| levels.iter().map(move |level| (form, *level)));
    let contenders: Result<Vec<Box<dyn Contender + '_>>, bluegrad::Error> =
        all().map(|(form, level)| Ok(Box::new(Rows::new(&tables, form, level)?) as Box<dyn Contender>)).collect();
    let times = measure(&mut contenders?, arguments.rounds, Duration::from_micros(300));
    let medians: Vec<f64> = times.into_iter().map(|times| Quartiles::of(times).median).collect();
    for (name, value) in machine::facts() {
        println!("- {name}: {value}");
    }
    println!(
        "- mask: {0}x{0}; median of {1} rounds; load {2}",
        arguments.mask,
        arguments.rounds,
        machine::load().unwrap_or_default()
    );
    println!(
        "\n| rows of {SAMPLES} samples, Gsample/s | {} |",
        levels.iter().map(|level| level.name()).collect::<Vec<_>>().join(" | ")
    );
    println!("|---|{}", "---:|".repeat(levels.len()));
    for (form, medians) in Form::ALL.into_iter().zip(medians.chunks(levels.len())) {
        let speed = |median: &f64| format!("{:.2}", (ROWS * SAMPLES) as f64 / median / 1e3);
        println!("| {} | {} |", form.name(), medians.iter().map(speed).collect::<Vec<_>>().join(" | "));
    }
    Ok(())
}
