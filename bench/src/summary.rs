//! Table of ratios with limits, a column for each size.

use crate::measured::{Size, Subject};
use crate::peers::{SECOND_YARDSTICK, YARDSTICK};
use crate::rounds::Quartiles;
use crate::run::Kind;
use bluegrad::SimdLevel;

/// A ratio of two subjects' medians.
pub(crate) struct Comparison {
    pub(crate) of: Subject,
    pub(crate) to: Subject,
    /// Side, and limit of the ratio.
    ///
    /// Limits are for a Zen 4 with AVX-512.
    pub(crate) limits: &'static [(u32, f64)],
}

const PAIR: &[(u32, f64)] = &[(64, 0.31), (128, 0.34), (256, 0.39), (512, 0.45), (1024, 0.50)];
const PAIR_TO_WIDE: &[(u32, f64)] = &[(64, 0.42), (128, 0.48), (256, 0.50), (512, 0.56), (1024, 0.63)];
const PAIR_AVX2: &[(u32, f64)] = &[(64, 0.36), (128, 0.38), (256, 0.46), (512, 0.57), (1024, 0.60)];
const BINNED: &[(u32, f64)] = &[(64, 1.1), (128, 0.95), (256, 0.92), (512, 0.92), (1024, 1.0)];
const EXACT: &[(u32, f64)] = &[(64, 3.2), (128, 2.9), (256, 2.8), (512, 2.8)];

fn comparisons(sizes: &[Size]) -> Vec<Comparison> {
    let fftw = || Subject::Peer(YARDSTICK.into());
    let best = || Subject::Pair(SimdLevel::detect());
    let mut all = vec![
        Comparison { of: best(), to: fftw(), limits: PAIR },
        Comparison { of: best(), to: Subject::Peer(SECOND_YARDSTICK.into()), limits: PAIR_TO_WIDE },
    ];
    if SimdLevel::detect() != SimdLevel::Avx2 {
        all.push(Comparison { of: Subject::Pair(SimdLevel::Avx2), to: fftw(), limits: PAIR_AVX2 });
    }
    all.push(Comparison { of: Subject::Step(Kind::PublishedBinned), to: fftw(), limits: BINNED });
    all.push(Comparison { of: Subject::Step(Kind::Published), to: fftw(), limits: EXACT });
    all.push(Comparison { of: Subject::Step(Kind::Spectral), to: fftw(), limits: &[] });
    // every other peer, once
    for (subject, _) in sizes.iter().flat_map(|size| &size.rows) {
        let of = match subject {
            Subject::Iteration(_) => Subject::Step(Kind::Published),
            Subject::Peer(_) => best(),
            _ => continue,
        };
        if !all.iter().any(|comparison| comparison.to == *subject) {
            all.push(Comparison { of, to: subject.clone(), limits: &[] });
        }
    }
    all
}

/// Returns the table in Markdown.
#[must_use]
pub fn table(sizes: &[Size]) -> String {
    ratios(sizes, &comparisons(sizes))
}

/// Returns comparisons as a table in Markdown.
///
/// Comparisons that were not measured are left out; limits stand behind their ratios.
pub(crate) fn ratios(sizes: &[Size], comparisons: &[Comparison]) -> String {
    let mut text = String::from("| ratio of medians |");
    for size in sizes {
        text += &format!(" {} |", size.side);
    }
    text += "\n|:--|";
    text += &"--:|".repeat(sizes.len());
    text += "\n";
    for comparison in comparisons {
        let cells: Vec<_> = sizes.iter().map(|size| cell(size, comparison)).collect();
        if cells.iter().any(|cell| !cell.is_empty()) {
            let (of, to) = (comparison.of.name(), comparison.to.name());
            text += &format!("| {of} / {to} | {} |\n", cells.join(" | "));
        }
    }
    text
}

fn cell(size: &Size, comparison: &Comparison) -> String {
    let median = |subject| size.times(subject).map(|times| Quartiles::of(times.clone()).median);
    let (Some(of), Some(to)) = (median(&comparison.of), median(&comparison.to)) else { return String::new() };
    let ratio = of / to;
    let decimals = if ratio < 0.1 { 4 } else { 3 };
    match comparison.limits.iter().find(|(side, _)| *side == size.side) {
        Some((_, limit)) if ratio <= *limit => format!("{ratio:.decimals$} (≤ {limit})"),
        Some((_, limit)) => format!("**{ratio:.decimals$}** (> {limit})"),
        None => format!("{ratio:.decimals$}"),
    }
}

#[cfg(test)]
mod tests {
    use super::table;
    use crate::measured::{Size, Subject};
    use crate::run::Kind;

    #[test]
    fn limits_and_others() {
        let rows = vec![
            (Subject::Peer("FFTW".into()), vec![10.0]),
            (Subject::Peer("other".into()), vec![20.0]),
            (Subject::Pair(bluegrad::SimdLevel::detect()), vec![3.0]),
            (Subject::Step(Kind::Published), vec![33.0]),
            (Subject::Iteration("NumPy".into()), vec![330.0]),
        ];
        let table = table(&[Size { side: 64, rows }]);
        let best = bluegrad::SimdLevel::detect().name();
        assert!(table.contains(&format!("| pair, bluegrad, {best} / pair, FFTW | 0.300 (≤ 0.31) |")), "{table}");
        assert!(table.contains(&format!("| pair, bluegrad, {best} / pair, other | 0.150 |")), "{table}");
        assert!(table.contains("| `published` step, exact ranks / pair, FFTW | **3.300** (> 3.2) |"), "{table}");
        assert!(table.contains("exact ranks / published iteration, NumPy | 0.100 |"), "{table}");
        assert!(!table.contains("binned"), "{table}");
    }
}
