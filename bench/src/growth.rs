//! Time and memory of a step, by size.

use crate::machine::{cache_sizes, size};
use crate::rounds::{Contender, Quartiles, measure};
use crate::run::{Kind, Run};
use bluegrad::{Layout, Shape, SimdLevel};
use std::fmt::Write;
use std::time::Duration;

/// Cost of one kind of step at one size.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Shape of the mask.
    pub shape: Shape,
    /// Kind of step.
    pub kind: Kind,
    /// Time per step, in µs.
    pub time: Quartiles,
    /// Time per step on two threads, in µs, from side 256 on; timed in the same rounds.
    pub on_two: Option<Quartiles>,
    /// Size of the block, in bytes.
    pub block: usize,
    /// Size of the buffers that a step touches, in bytes.
    pub working_set: usize,
}

/// Measures one kind of step at one size, at the best level.
///
/// Large sizes are timed for few steps, early in a run.
///
/// # Errors
/// The message says what is wrong with the run.
pub fn cost(kind: Kind, shape: Shape, batch: Duration) -> Result<Cost, String> {
    let (start, rounds) = effort(shape);
    let run = || Run::from(start, kind, shape, SimdLevel::detect());
    let mut runs: Vec<Box<dyn Contender>> = vec![Box::new(run()?)];
    if shape.width >= 256 {
        runs.push(Box::new(run()?.on_threads(2)?));
    }
    let mut times = measure(&mut runs, rounds, batch).into_iter().map(Quartiles::of);
    drop(runs);
    let time = times.next().unwrap_or(Quartiles::of(Vec::new()));
    let on_two = times.next();
    let layout = Layout::new(&kind.config(shape, SimdLevel::Auto)).map_err(|error| error.to_string())?;
    Ok(Cost { shape, kind, time, on_two, block: layout.bytes(), working_set: working_set(kind, &layout) })
}

/// Returns the first timed step, and the number of rounds.
const fn effort(shape: Shape) -> (u32, u32) {
    match shape.pixels().ilog2() {
        ..=16 => (300, 51),
        17..=18 => (60, 31),
        19..=20 => (20, 15),
        21..=22 => (5, 9),
        _ => (2, 5),
    }
}

/// Returns the size of the buffers that a step touches, in bytes.
///
/// Header and final ranks are not touched; buffers of exact ranks only if ranks are exact.
fn working_set(kind: Kind, layout: &Layout) -> usize {
    let exact = matches!(kind, Kind::Published | Kind::Rank);
    let untouched: &[&str] = if exact { &["header", "ranks"] } else { &["header", "ranks", "sort", "wanted"] };
    let buffers = layout.buffers();
    buffers.iter().filter(|(name, _)| !untouched.contains(name)).map(|(_, bytes)| bytes).sum()
}

/// Returns the nearest cache that holds a number of bytes.
fn home(bytes: usize, caches: &[(u32, usize)]) -> String {
    let fits = caches.iter().find(|(_, size)| bytes <= *size);
    fits.map_or_else(|| "memory".into(), |(level, _)| format!("L{level}"))
}

/// Returns the table in Markdown.
#[must_use]
pub fn table(costs: &[Cost]) -> String {
    let caches = cache_sizes();
    let mut text = String::from(
        "| W x H | what | ns/pixel | µs a step | quartiles µs | 2 threads µs | gain | block | working set | fits |\n\
         |--:|:--|--:|--:|:-:|--:|--:|--:|--:|:--|\n",
    );
    for Cost { shape, kind, time, on_two, block, working_set } in costs {
        let (two, gain) = on_two.map_or_else(Default::default, |two| {
            (format!("{:.1}", two.median), format!("{:.2}", time.median / two.median))
        });
        let _ = writeln!(
            text,
            "| {} x {} | {} | {:.2} | {:.1} | {:.1} – {:.1} | {two} | {gain} | {} | {} | {} |",
            shape.width,
            shape.height,
            kind.name(),
            1e3 * time.median / shape.pixels() as f64,
            time.median,
            time.lower,
            time.upper,
            size(*block),
            size(*working_set),
            home(*working_set, &caches),
        );
    }
    text + &leaving(costs, &caches)
}

/// Says at which size the working set leaves a cache.
fn leaving(costs: &[Cost], caches: &[(u32, usize)]) -> String {
    let mut text = String::from("\n");
    for kind in Kind::STEPS {
        let mut places = Vec::new();
        for (level, bytes) in caches {
            let leaves = |cost: &&Cost| cost.kind == kind && cost.working_set > *bytes;
            if let Some(Cost { shape, .. }) = costs.iter().find(leaves) {
                places.push(format!("L{level} at {} x {}", shape.width, shape.height));
            }
        }
        if !places.is_empty() {
            let _ = writeln!(text, "- {}: leaves {}", kind.name(), places.join(", "));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Cost, home, leaving};
    use crate::rounds::Quartiles;
    use crate::run::Kind;
    use bluegrad::Shape;

    #[test]
    fn caches() {
        let caches = [(1, 100), (2, 1000)];
        assert_eq!([home(100, &caches), home(101, &caches), home(2000, &caches)], ["L1", "L2", "memory"]);
        let time = Quartiles::of(vec![1.0]);
        let cost = |side, working_set| Cost {
            shape: Shape::new(side, side),
            kind: Kind::Spectral,
            time,
            on_two: None,
            block: working_set,
            working_set,
        };
        let text = leaving(&[cost(16, 90), cost(32, 400), cost(64, 1600)], &caches);
        assert_eq!(text, "\n- `spectral` step: leaves L1 at 32 x 32, L2 at 64 x 64\n");
    }
}
