//! Two builds of the command line in turn: what a change has gained.

use crate::program::Program;
use crate::rounds::{Contender, Quartiles, measure};
use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

/// A run of the command line.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Name in tables.
    pub name: &'static str,
    /// Options of `bluegrad generate`.
    options: &'static str,
    /// Pixels of the mask times steps, where a step is what costs: the divisor of ns.
    work: f64,
    /// Number of rounds.
    rounds: u32,
}

const fn case(name: &'static str, options: &'static str, work: usize, rounds: u32) -> Case {
    Case { name, options, work: work as f64, rounds }
}

const fn square(side: usize) -> usize {
    side * side
}

/// All cases: masks for dithering by size, steps of the spectral presets, masks with layers.
pub const CASES: [Case; 18] = [
    case("dither 64", "--size 64 --threads 1", square(64), 101),
    case("dither 128", "--size 128 --threads 1", square(128), 51),
    case("dither 256", "--size 256 --threads 1", square(256), 31),
    case("dither 512", "--size 512 --threads 1", square(512), 15),
    case("dither 1024", "--size 1024 --threads 1", square(1024), 7),
    case("dither 1024, 2 threads", "--size 1024 --threads 2", square(1024), 7),
    case("dither 2048", "--size 2048 --threads 1", square(2048), 5),
    case("dither 2048, 2 threads", "--size 2048 --threads 2", square(2048), 5),
    case("dither 4096", "--size 4096 --threads 1", square(4096), 3),
    case("dither 4096, 2 threads", "--size 4096 --threads 2", square(4096), 3),
    case("published 64, 5000 steps", "--preset published --size 64 --steps 5000 --threads 1", 5000 * square(64), 15),
    case("published 256, 500 steps", "--preset published --size 256 --steps 500 --threads 1", 500 * square(256), 7),
    case("published 1024, 30 steps", "--preset published --size 1024 --steps 30 --threads 1", 30 * square(1024), 7),
    case("spectral 64", "--preset spectral --size 64 --threads 1", square(64), 15),
    case("spectral 256", "--preset spectral --size 256 --threads 1", square(256), 3),
    case("space-time 64, 16 layers", "--preset space-time --size 64 --layers 16 --threads 1", 16 * square(64), 31),
    case(
        "box:3, ema:.1, 64, 16 layers",
        "--space-filter box:3 --time-filter ema:.1 --size 64 --layers 16 --threads 1",
        16 * square(64),
        15,
    ),
    case(
        "FAST's test, 128, 64 layers",
        "--space-filter gauss:1.3435 --time-filter exponential:.1,.1 --size 128 --layers 64 --threads 1",
        64 * square(128),
        3,
    ),
];

/// Times of a case in ms: of the build before, if it knows the case, and of the build after.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// The case.
    pub case: Case,
    /// Of the build before.
    pub before: Option<f64>,
    /// Of the build after.
    pub after: f64,
}

/// Times a case with two builds, in turn.
///
/// # Errors
/// The build after does not run.
pub fn times(case: Case, before: &Path, after: &Path) -> Result<Times, String> {
    let mut contenders: Vec<Box<dyn Contender>> = vec![Box::new(Program::at(after, case.options)?)];
    if let Ok(before) = Program::at(before, case.options) {
        contenders.push(Box::new(before));
    }
    let mut medians = measure(&mut contenders, case.rounds, Duration::ZERO)
        .into_iter()
        .map(|times| 1e-3 * Quartiles::of(times).median);
    let after = medians.next().unwrap_or(f64::NAN);
    Ok(Times { case, before: medians.next(), after })
}

/// Returns the table in Markdown.
#[must_use]
pub fn table(all: &[Times]) -> String {
    let mut text = String::from(
        "| what | before, ms | after, ms | after / before | after, ns/pixel, of a step if named |\n|:--|--:|--:|--:|--:|\n",
    );
    for Times { case, before, after } in all {
        let (ms, ratio) =
            before.map_or_else(Default::default, |before| (format!("{before:.1}"), format!("{:.2}", after / before)));
        let _ = writeln!(text, "| {} | {ms} | {after:.1} | {ratio} | {:.2} |", case.name, 1e6 * after / case.work);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{CASES, Times, table};

    #[test]
    fn a_case_that_is_new_has_no_ratio() {
        let text = table(&[
            Times { case: CASES[0], before: Some(4.0), after: 2.048 },
            Times { case: CASES[1], before: None, after: 16.384 },
        ]);
        let rows: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(rows, ["| dither 64 | 4.0 | 2.0 | 0.51 | 500.00 |", "| dither 128 |  | 16.4 |  | 1000.00 |"]);
    }
}
