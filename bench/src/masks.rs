//! Whole masks for dithering: time and memory of each preset, beside libplacebo.

use crate::machine;
use crate::measured::{Size, Subject};
use crate::peers::{MASK_YARDSTICK, Masks};
use crate::program::{self, Program};
use crate::record::Circumstances;
use crate::rounds::{Contender, Quartiles, measure, time_calls};
use crate::stages::whole;
use crate::summary::{Comparison, ratios};
use crate::whole::Whole;
use bluegrad::{Layout, Preset, Shape, SimdLevel};
use std::fmt::Write;
use std::time::Duration;

/// Timed presets. `dither-gradient` is left out: it takes as long as all others together.
const PRESETS: [Preset; 7] = [
    Preset::Dither,
    Preset::DitherFast,
    Preset::DitherClassic,
    Preset::DitherBest,
    Preset::DitherSmooth,
    Preset::DitherNear,
    Preset::VoidAndCluster,
];

/// Sides at which every level is timed.
const LEVEL_SIDES: [u32; 2] = [64, 256];

/// Largest side at which all presets are timed; at larger ones `dither` alone.
const ALL_PRESETS_TO: u32 = 1024;

/// Smallest side that is timed on two threads too.
const TWO_THREADS_FROM: u32 = 512;

/// Largest side of libplacebo: at 256 one mask takes ten seconds.
const LARGEST_OF_PEER: u32 = 128;

// Limits of ratios on a Zen 4 with AVX-512.
const DITHER: &[(u32, f64)] = &[(64, 0.1), (128, 0.022)];
const FAST: &[(u32, f64)] = &[(64, 0.05), (128, 0.012)];
const PROGRAM: &[(u32, f64)] = &[(program::SIDE, 0.25)];
const TO_VOID_AND_CLUSTER: &[(u32, f64)] = &[(64, 4.2), (256, 2.5), (1024, 0.6)];
const AVX2: &[(u32, f64)] = &[(64, 1.25), (256, 1.25)];
const SSE2: &[(u32, f64)] = &[(64, 2.5), (256, 2.5)];

/// Largest number of rounds at a side: large masks take seconds each.
const fn rounds(side: u32, asked: u32) -> u32 {
    let most = match side {
        ..=64 => u32::MAX,
        65..=128 => 51,
        129..=256 => 31,
        257..=512 => 15,
        513..=1024 => 7,
        1025..=2048 => 5,
        _ => 3,
    };
    if asked < most { asked } else { most }
}

/// Checks and times all masks of N x N pixels.
///
/// Peers that are not available are added to `missing`, with the reason.
///
/// # Errors
/// The message says what is wrong with a mask.
pub fn size(
    side: u32,
    asked: u32,
    batch: Duration,
    peer: Option<&Masks>,
    missing: &mut dyn FnMut(&str, String),
) -> Result<Size, String> {
    let mut all: Contenders<'_> = Vec::new();
    if let Some(peer) = peer.filter(|peer| side <= peer.largest.min(LARGEST_OF_PEER)) {
        all.push((Subject::PeerMask(MASK_YARDSTICK.into()), Box::new(PeerMask { peer, side })));
    }
    if side == program::SIDE {
        match Program::new() {
            Ok(program) => all.push((Subject::Program, Box::new(program))),
            Err(why) => missing(&Subject::Program.name(), why),
        }
    }
    all.extend(own(side)?);
    let (subjects, mut contenders): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    let times = measure(&mut contenders, rounds(side, asked), batch);
    Ok(Size { side, rows: subjects.into_iter().zip(times).collect() })
}

/// Subjects and their contenders.
type Contenders<'a> = Vec<(Subject, Box<dyn Contender + 'a>)>;

/// Masks of bluegrad, checked.
fn own(side: u32) -> Result<Contenders<'static>, String> {
    let add = |all: &mut Contenders<'_>, subject, preset: Preset, level, threads| {
        let new = Whole::new(&whole(preset, Shape::new(side, side), level)).map_err(|error| error.to_string());
        let new = new.and_then(|whole| if threads > 1 { whole.on_threads(threads) } else { Ok(whole) });
        let checked = new.and_then(Whole::checked).map_err(|why| format!("{} at {side}: {why}", preset.name()))?;
        all.push((subject, Box::new(checked)));
        Ok::<(), String>(())
    };
    let mut all = Vec::new();
    for preset in PRESETS.into_iter().filter(|preset| *preset == Preset::Dither || side <= ALL_PRESETS_TO) {
        add(&mut all, Subject::Mask(preset), preset, SimdLevel::detect(), 1)?;
    }
    for level in lower_levels().filter(|_| LEVEL_SIDES.contains(&side)) {
        add(&mut all, Subject::MaskAt(level), Preset::Dither, level, 1)?;
    }
    if side >= TWO_THREADS_FROM {
        add(&mut all, Subject::MaskOnTwo, Preset::Dither, SimdLevel::detect(), 2)?;
    }
    Ok(all)
}

/// Returns the SIMD levels below the best, highest first.
fn lower_levels() -> impl Iterator<Item = SimdLevel> {
    let lower = [SimdLevel::Avx2, SimdLevel::Sse42, SimdLevel::Sse2];
    lower.into_iter().filter(|level| level.is_supported() && *level != SimdLevel::detect())
}

/// A mask of another library.
struct PeerMask<'a> {
    peer: &'a Masks,
    side: u32,
}

impl Contender for PeerMask<'_> {
    /// # Panics
    /// If the library has no mask of that side.
    fn time(&mut self, count: u32) -> Duration {
        time_calls(count, || {
            self.peer.make(0, self.side).expect("a side that it has");
        })
    }
}

fn comparisons() -> Vec<Comparison> {
    let dither = || Subject::Mask(Preset::Dither);
    let peer = || Subject::PeerMask(MASK_YARDSTICK.into());
    let mut all = Vec::new();
    for preset in PRESETS {
        let limits = match preset {
            Preset::Dither => DITHER,
            Preset::DitherFast => FAST,
            _ => &[],
        };
        all.push(Comparison { of: Subject::Mask(preset), to: peer(), limits });
    }
    all.push(Comparison { of: Subject::Program, to: peer(), limits: PROGRAM });
    all.push(Comparison { of: dither(), to: Subject::Mask(Preset::VoidAndCluster), limits: TO_VOID_AND_CLUSTER });
    for level in lower_levels() {
        // the limits are for machines with AVX-512
        let limits = match level {
            _ if SimdLevel::detect() != SimdLevel::Avx512 => &[],
            SimdLevel::Avx2 => AVX2,
            SimdLevel::Sse2 => SSE2,
            _ => &[],
        };
        all.push(Comparison { of: Subject::MaskAt(level), to: dither(), limits });
    }
    all.push(Comparison { of: Subject::MaskOnTwo, to: dither(), limits: &[] });
    all
}

/// Returns both tables in Markdown: ratios, then times.
#[must_use]
pub fn tables(sizes: &[Size]) -> String {
    let mut text = ratios(sizes, &comparisons());
    text += "\n| N | what | median ms | quartiles ms | ns/pixel | memory |\n|--:|:--|--:|:-:|--:|--:|\n";
    for size in sizes {
        for (subject, times) in &size.rows {
            let Quartiles { lower, median, upper } = Quartiles::of(times.clone());
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} – {} | {:.1} | {} |",
                size.side,
                subject.name(),
                milliseconds(median),
                milliseconds(lower),
                milliseconds(upper),
                1e3 * median / f64::from(size.side).powi(2),
                memory(subject, size.side).map_or_else(String::new, machine::size),
            );
        }
    }
    text
}

/// Returns the size of a preset's block, in bytes.
fn memory(subject: &Subject, side: u32) -> Option<usize> {
    let preset = match subject {
        Subject::Mask(preset) => *preset,
        Subject::MaskAt(_) | Subject::MaskOnTwo => Preset::Dither,
        _ => return None,
    };
    let layout = Layout::new(&whole(preset, Shape::new(side, side), SimdLevel::Auto));
    layout.ok().map(|layout| layout.bytes())
}

/// Formats µs as ms, with at least three digits.
fn milliseconds(time: f64) -> String {
    let time = 1e-3 * time;
    let decimals = match time {
        ..0.1 => 4,
        0.1..1.0 => 3,
        1.0..10.0 => 2,
        10.0..100.0 => 1,
        _ => 0,
    };
    format!("{time:.decimals$}")
}

/// Returns the whole page.
#[must_use]
pub fn page(circumstances: &Circumstances, sizes: &[Size]) -> String {
    let Circumstances { date, rounds, .. } = circumstances;
    format!(
        "# {date}, {}: masks for dithering\n\n{}\n\
         A whole mask N x N, from nothing to its ranks, in memory that is there (`Layout::bytes`): `Generator::init` and all \
         steps, on one thread at the best level unless said. libplacebo: `pl_generate_blue_noise`. The program: `bluegrad \
         generate --size {} --out x.u8 --quiet`, from its start to its end. All rows of one N were timed in turn in the \
         same rounds: {rounds} up to 64, at most {} at 128, {} at 256, {} at 512, {} at 1024, {} at 2048, {} above. A ratio is that of the medians. \
         Each preset's mask was checked first: every rank once, and the same mask at the other levels (all of them up to 128, \
         one above), on one thread and on two.\n\n\
         Limits, in parentheses, are what the project allows itself on a Zen 4 with AVX-512; bold is beyond.\n\n{}",
        machine::cpu(),
        circumstances.lines(),
        program::SIDE,
        self::rounds(128, *rounds),
        self::rounds(256, *rounds),
        self::rounds(512, *rounds),
        self::rounds(1024, *rounds),
        self::rounds(2048, *rounds),
        self::rounds(4096, *rounds),
        tables(sizes)
    )
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, rounds, tables};
    use crate::measured::{Size, Subject};
    use bluegrad::Preset;

    #[test]
    fn limits_and_memory() {
        let rows = vec![
            (Subject::PeerMask("libplacebo".into()), vec![20_000.0]),
            (Subject::Mask(Preset::Dither), vec![1300.0]),
            (Subject::Mask(Preset::DitherFast), vec![1100.0]),
            (Subject::Mask(Preset::VoidAndCluster), vec![400.0]),
        ];
        let text = tables(&[Size { side: 64, rows }]);
        assert!(text.contains("| `dither` / libplacebo | 0.0650 (≤ 0.1) |"), "{text}");
        assert!(text.contains("| `dither-fast` / libplacebo | **0.0550** (> 0.05) |"), "{text}");
        assert!(text.contains("| `dither` / `void-and-cluster` | 3.250 (≤ 4.2) |"), "{text}");
        assert!(text.contains("| 64 | libplacebo | 20.0 | 20.0 – 20.0 | 4882.8 |  |"), "{text}");
        assert!(
            text.lines().any(|line| line.starts_with("| 64 | `dither` | 1.30 |") && line.ends_with("KiB |")),
            "{text}"
        );
    }

    #[test]
    fn digits() {
        assert_eq!([12.3, 123.4, 1234.5, 234_567.0].map(milliseconds), ["0.0123", "0.123", "1.23", "235"]);
    }

    #[test]
    fn fewer_rounds_for_larger_ones() {
        assert_eq!([rounds(64, 201), rounds(128, 201), rounds(1024, 201), rounds(1024, 3)], [201, 51, 7, 3]);
    }
}
