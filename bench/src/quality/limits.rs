//! Limits of the quality of masks: single figures, and comparisons with rivals.

use super::figures::{ANISOTROPY, FLATNESS, FULL, HARD_CUT, HVS, LF, LF_THR, NAMES, PEAK, RMS, TILE};
use super::subjects::{CLASSIC_RIVAL, DITHER, FAR, NEAR, NEAR_RIVAL, PEER};
use super::{Correlation, Row, Structure, find};
use bluegrad::{Preset, Shape};

/// Columns of [`TABLE`].
const TABLE_COLUMNS: [usize; 11] =
    [HVS, HVS + 1, HVS + 2, HVS + 3, FULL, FULL + 1, FULL + 2, LF_THR, RMS, RMS + 1, RMS + 2];

/// Side, subject, and the limit of each of [`TABLE_COLUMNS`].
const TABLE: [(u32, &str, [f64; 11]); 6] = [
    (64, "dither", [-9.15, -13.06, -15.3, -17.85, -35.7, -20.8, -10.0, -9.65, 37.4, 15.5, 9.85]),
    (64, "dither-smooth", [-9.0, -13.15, -15.4, -17.75, -39.5, -20.1, -8.7, -9.4, 37.9, 15.3, 9.7]),
    (64, "dither-best", [-9.1, -13.1, -15.4, -17.9, -36.5, -20.0, -9.8, -9.6, 37.4, 15.4, 9.7]),
    (64, "dither-classic", [-8.9, -13.1, -14.75, -16.5, -36.3, -20.7, -7.4, -9.2, 38.3, 15.35, 10.25]),
    (128, "dither", [-9.15, -13.08, -15.35, -17.95, -36.0, -20.8, -10.0, -9.65, 37.4, 15.5, 9.82]),
    (128, FAR, [-8.5, -13.2, -15.65, -18.4, -36.0, -18.9, -5.5, -8.3, 40.5, 15.25, 9.47]),
];

/// Further limits: side, subject, column, limit.
const FURTHER: [(u32, &str, usize, f64); 4] = [
    (64, "dither-classic", HARD_CUT, -11.48),
    (128, "dither-classic", HARD_CUT, -11.44),
    (64, "dither-classic", FLATNESS, 0.85),
    (128, "dither-classic", FLATNESS, 0.8),
];

/// Largest excess of anisotropy over void-and-cluster, in dB.
const MORE_ANISOTROPY: f64 = 1.0;

/// Limit of the power at the frequencies of the tiles: above the means over seeds of masks without a trace of tiles.
const TILE_RANGE: [f64; 2] = [0.8, 1.2];

/// Subjects and rivals for peaks: void-and-cluster 1.5 at usual distances, 1.0 at near ones.
const PEAK_RIVALS: [(&str, &str); 8] = [
    ("dither", CLASSIC_RIVAL),
    (FAR, CLASSIC_RIVAL),
    ("dither-classic", CLASSIC_RIVAL),
    ("dither-fast", CLASSIC_RIVAL),
    ("dither-best", CLASSIC_RIVAL),
    ("dither-smooth", CLASSIC_RIVAL),
    (NEAR, NEAR_RIVAL),
    ("dither-near", NEAR_RIVAL),
];

/// Limits of the ratio of a peak to that of the rival: mean, middle greys, worst level.
const PEAK_RATIOS: [f64; 3] = [1.15, 1.15, 1.3];

/// Limit of the largest correlation of seeds, relative to void-and-cluster.
const CORRELATION_RATIO: f64 = 1.15;

/// Sizes at which `dither` is held against void-and-cluster in the HVS columns.
///
/// It may be behind by at most [`SMALL_BEHIND`] in any column, and must be ahead in [`SMALL_AHEAD`].
const SMALL: [Shape; 2] = [Shape::new(16, 16), Shape::new(32, 32)];
const SMALL_BEHIND: f64 = 0.05;
const SMALL_AHEAD: usize = 2;

/// Sizes, and the lead of `dither` at sparse levels, in dB.
///
/// The lead is over void-and-cluster. A larger lead came from order: masks that read 4 dB better had peaks twice as high.
const SPARSE: [Shape; 2] = [Shape::new(64, 64), Shape::new(128, 128)];
const SPARSE_AHEAD: f64 = 0.5;

/// One limit, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Width and height, in pixels.
    pub shape: Shape,
    /// Subject.
    pub name: String,
    /// Name of the figure.
    pub figure: &'static str,
    /// Measured value.
    pub value: String,
    /// Limit, in words.
    pub limit: String,
    /// Whether the limit holds.
    pub met: bool,
}

/// Judges all limits of the measured masks.
#[must_use]
pub fn judge(rows: &[Row]) -> Vec<Judged> {
    let mut all = Vec::new();
    for (side, name, limits) in TABLE {
        for (column, most) in TABLE_COLUMNS.into_iter().zip(limits) {
            all.extend(at_most(rows, name, side, column, most));
        }
    }
    for (side, name, column, most) in FURTHER {
        all.extend(at_most(rows, name, side, column, most));
    }
    for row in rows.iter().filter(|row| row.name == Preset::Dither.name()) {
        for preset in DITHER {
            all.extend(of_every_preset(rows, preset.name(), row.shape));
        }
    }
    all
}

/// Judges all limits of the measured structure.
#[must_use]
pub fn judge_structure(structure: &Structure) -> Vec<Judged> {
    let Structure { rows, correlations } = structure;
    let mut all = Vec::new();
    for (name, rival) in PEAK_RIVALS {
        all.extend(rows.iter().filter(|row| row.name == name).filter_map(|row| {
            let theirs = find(rows, rival, row.shape)?;
            Some(peaks(row, theirs))
        }));
    }
    let dither = |shape| Some((find(rows, Preset::Dither.name(), shape)?, find(rows, CLASSIC_RIVAL, shape)?));
    for (ours, theirs) in SMALL.into_iter().filter_map(dither) {
        all.extend(small(ours, theirs));
    }
    for (ours, theirs) in SPARSE.into_iter().filter_map(dither) {
        for column in [LF, LF + 1, LF + 2] {
            let most = theirs.figures.values[column] - SPARSE_AHEAD;
            let value = ours.figures.values[column];
            let limit = format!("≤ {CLASSIC_RIVAL}'s − {SPARSE_AHEAD}: {most:.3}");
            all.push(judged(ours, NAMES[column], format!("{value:.3}"), limit, value <= most));
        }
    }
    for (name, rival) in PEAK_RIVALS {
        all.extend(
            correlations.iter().filter(|one| one.name == name).filter_map(|one| correlation(one, rival, correlations)),
        );
    }
    all
}

fn judged(row: &Row, figure: &'static str, value: String, limit: String, met: bool) -> Judged {
    Judged { shape: row.shape, name: row.name.clone(), figure, value, limit, met }
}

/// Judges the three peaks of a mask.
fn peaks(ours: &Row, theirs: &Row) -> Judged {
    let of = |row: &Row| [0, 1, 2].map(|i| row.figures.values[PEAK + i]);
    let (values, rival) = (of(ours), of(theirs));
    let most = [0, 1, 2].map(|i| PEAK_RATIOS[i] * rival[i]);
    let text = |peaks: [f64; 3]| peaks.map(|peak| format!("{peak:.1}")).join(" / ");
    let met = values.iter().zip(most).all(|(value, most)| *value <= most);
    judged(ours, "peak, mean / mid / worst", text(values), format!("≤ {} ({})", text(most), theirs.name), met)
}

/// Judges the four HVS columns at a small size.
fn small(ours: &Row, theirs: &Row) -> Vec<Judged> {
    let columns = HVS..HVS + 4;
    let difference = |column: usize| ours.figures.values[column] - theirs.figures.values[column];
    let mut all: Vec<Judged> = columns
        .clone()
        .map(|column| {
            let most = theirs.figures.values[column] + SMALL_BEHIND;
            let value = format!("{:.3}", ours.figures.values[column]);
            let limit = format!("≤ {CLASSIC_RIVAL}'s + {SMALL_BEHIND}: {most:.3}");
            judged(ours, NAMES[column], value, limit, difference(column) <= SMALL_BEHIND)
        })
        .collect();
    let ahead = columns.filter(|column| difference(*column) < -LEVEL).count();
    let limit = format!("≥ {SMALL_AHEAD} of 4, by more than {LEVEL} dB");
    all.push(judged(ours, "HVS columns ahead", ahead.to_string(), limit, ahead >= SMALL_AHEAD));
    all
}

fn correlation(ours: &Correlation, rival: &str, all: &[Correlation]) -> Option<Judged> {
    let theirs = all.iter().find(|one| one.name == rival && one.shape == ours.shape)?;
    let most = CORRELATION_RATIO * theirs.largest;
    Some(Judged {
        shape: ours.shape,
        name: ours.name.clone(),
        figure: "correlation of seeds",
        value: format!("{:.3}", ours.largest),
        limit: format!("≤ {most:.3} ({rival})"),
        met: ours.largest <= most,
    })
}

fn at_most(rows: &[Row], name: &str, side: u32, column: usize, most: f64) -> Option<Judged> {
    let shape = Shape::new(side, side);
    let value = find(rows, name, shape)?.figures.values[column];
    Some(Judged {
        shape,
        name: name.into(),
        figure: NAMES[column],
        value: format!("{value:.3}"),
        limit: format!("≤ {most}"),
        met: value <= most,
    })
}

/// Judges anisotropy, tiles and ranks.
fn of_every_preset(rows: &[Row], name: &str, shape: Shape) -> Vec<Judged> {
    let Some(row) = find(rows, name, shape) else { return Vec::new() };
    let mut all = Vec::new();
    let mut add = |figure, value, limit, met| all.push(judged(row, figure, value, limit, met));
    if let Some(rival) = find(rows, CLASSIC_RIVAL, shape) {
        for column in [ANISOTROPY, ANISOTROPY + 1] {
            let [value, theirs] = [row, rival].map(|row| row.figures.values[column]);
            let limit = format!("≤ {CLASSIC_RIVAL}'s {theirs:.2} + {MORE_ANISOTROPY}");
            add(NAMES[column], format!("{value:.3}"), limit, value <= theirs + MORE_ANISOTROPY);
        }
    }
    let tile = row.figures.values[TILE];
    let [least, most] = TILE_RANGE;
    if !tile.is_nan() {
        add(NAMES[TILE], format!("{tile:.3}"), format!("{least} … {most}"), least <= tile && tile <= most);
    }
    let exact = row.figures.exact;
    add("ranks", if exact { "exact" } else { "not exact" }.into(), "exact".into(), exact);
    all
}

/// Judges masks that must not be behind a rival in any column.
pub const RIVALS: [(u32, &str, &str); 3] =
    [(128, "dither", PEER), (64, "dither-classic", CLASSIC_RIVAL), (128, "dither-classic", CLASSIC_RIVAL)];

/// Largest difference of figures that count as level, in dB.
const LEVEL: f64 = 0.03;

/// Largest difference of peaks that count as level, in dB.
const LEVEL_PEAK: f64 = 0.5;

/// Comparison of two masks by one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// Name of the figure.
    pub column: usize,
    /// Both values.
    pub values: [f64; 2],
    /// First minus second, in dB.
    pub difference: f64,
    /// Verdict: `ahead`, `level` or `behind`.
    pub verdict: &'static str,
}

/// Compares a mask and a rival, figure by figure.
///
/// Anisotropies within 1 dB are level, and peaks within .5 dB.
#[must_use]
pub fn compare(ours: &Row, theirs: &Row) -> Vec<Compared> {
    let compared = (0..TILE).map(|column| {
        let values = [ours, theirs].map(|row| row.figures.values[column]);
        let (difference, level) = match column {
            RMS..LF => (20.0 * (values[0] / values[1]).log10(), LEVEL),
            ANISOTROPY..PEAK => (values[0] - values[1], MORE_ANISOTROPY),
            PEAK..TILE => (10.0 * (values[0] / values[1]).log10(), LEVEL_PEAK),
            _ => (values[0] - values[1], LEVEL),
        };
        let verdict = match difference {
            _ if difference.abs() <= level => "level",
            ..0.0 => "ahead",
            _ => "behind",
        };
        Compared { column, values, difference, verdict }
    });
    compared.collect()
}

#[cfg(test)]
mod tests {
    use super::{Compared, compare, judge, judge_structure};
    use crate::quality::figures::{ANISOTROPY, HVS, LF, PEAK, RMS, TILE};
    use crate::quality::{COLUMNS, Correlation, Figures, Row, Structure};
    use bluegrad::Shape;

    fn row(name: &str, value: f64) -> Row {
        let figures = Figures { values: [value; COLUMNS], exact: true };
        Row { name: name.into(), shape: Shape::new(64, 64), seeds: 1, figures }
    }

    fn missed(structure: &Structure) -> Vec<&'static str> {
        judge_structure(structure).iter().filter(|judged| !judged.met).map(|judged| judged.figure).collect()
    }

    #[test]
    fn peaks_are_held_against_void_and_cluster() {
        let mut dither = row("dither", -11.0);
        let mut rival = row("void-and-cluster 1.5", -10.0);
        rival.figures.values[PEAK..TILE].copy_from_slice(&[10.0, 10.0, 20.0]);
        dither.figures.values[PEAK..TILE].copy_from_slice(&[11.4, 11.4, 25.9]);
        let structure =
            |dither: &Row| Structure { rows: vec![dither.clone(), rival.clone()], correlations: Vec::new() };
        assert!(missed(&structure(&dither)).is_empty());
        // the peaks, three levels at 64
        assert_eq!(judge_structure(&structure(&dither)).len(), 4);
        for (column, worse) in [(PEAK, 11.6), (PEAK + 1, 11.6), (PEAK + 2, 26.1)] {
            let mut dither = dither.clone();
            dither.figures.values[column] = worse;
            assert_eq!(missed(&structure(&dither)), ["peak, mean / mid / worst"]);
        }
        dither.figures.values[LF + 2] = -10.4;
        assert_eq!(missed(&structure(&dither)), ["LF 1/16"]);
    }

    #[test]
    fn small_masks_are_not_behind() {
        let shape = Shape::new(16, 16);
        let structure = |values: [f64; 4]| {
            let [mut dither, mut rival] =
                ["dither", "void-and-cluster 1.5"].map(|name| Row { shape, ..row(name, 5.0) });
            dither.figures.values[HVS..HVS + 4].copy_from_slice(&values);
            rival.figures.values[HVS..HVS + 4].copy_from_slice(&[-8.0; 4]);
            Structure { rows: vec![dither, rival], correlations: Vec::new() }
        };
        assert!(missed(&structure([-7.96, -8.04, -8.1, -7.98])).is_empty());
        assert_eq!(missed(&structure([-7.94, -8.04, -8.1, -7.98])), ["HVS 1.0"]);
        assert_eq!(missed(&structure([-8.0, -8.02, -8.1, -8.0])), ["HVS columns ahead"]);
    }

    #[test]
    fn seeds_are_not_alike() {
        let one = |name: &str, side, largest| Correlation { name: name.into(), shape: Shape::new(side, side), largest };
        let structure = |largest| Structure {
            rows: Vec::new(),
            correlations: vec![
                one("dither-near", 32, largest),
                one("void-and-cluster 1.0", 16, 0.9),
                one("void-and-cluster 1.0", 32, 0.1),
                one("void-and-cluster 1.5", 32, 0.9),
                one("white noise", 32, 0.9),
            ],
        };
        assert!(missed(&structure(0.114)).is_empty());
        assert_eq!(missed(&structure(0.116)), ["correlation of seeds"]);
    }

    #[test]
    fn limits() {
        let mut dither = row("dither", -100.0);
        dither.figures.values[HVS] = -9.1;
        dither.figures.values[TILE] = 1.0;
        let mut rival = row("void-and-cluster 1.5", -100.0);
        rival.figures.values[ANISOTROPY] = -101.5;
        let judged = judge(&[dither, rival]);
        let missed: Vec<_> = judged.iter().filter(|judged| !judged.met).map(|judged| judged.figure).collect();
        assert_eq!(missed, ["HVS 1.0", "anisotropy"]);
        // eleven of the table, two anisotropies, tiles, ranks
        assert_eq!(judged.len(), 15);
    }

    #[test]
    fn rivals() {
        let (mut ours, theirs) = (row("a", 10.0), row("b", 10.02));
        ours.figures.values[RMS] = 10.0;
        ours.figures.values[HVS] = 10.1;
        ours.figures.values[ANISOTROPY] = 8.9;
        ours.figures.values[PEAK] = 11.0;
        ours.figures.values[PEAK + 1] = 12.0;
        let compared = compare(&ours, &theirs);
        let verdict = |column: usize| compared[column].verdict;
        assert_eq!([verdict(HVS), verdict(HVS + 1), verdict(ANISOTROPY)], ["behind", "level", "ahead"]);
        assert_eq!([verdict(PEAK), verdict(PEAK + 1)], ["level", "behind"]);
        let Compared { difference, .. } = compared[RMS];
        assert!((difference + 0.01735).abs() < 1e-4, "{difference}");
        assert_eq!(compared.len(), TILE);
    }
}
