//! What the project wants of its masks: limits of single figures, and who must not be behind whom.

use super::figures::{ANISOTROPY, FLATNESS, FULL, HARD_CUT, HVS, LF, LF_THR, NAMES, RMS, TILE};
use super::subjects::{CLASSIC_RIVAL, DITHER, FAR, PEER};
use super::{Row, find};
use bluegrad::Preset;

/// Columns of [`TABLE`].
const TABLE_COLUMNS: [usize; 11] =
    [HVS, HVS + 1, HVS + 2, HVS + 3, FULL, FULL + 1, FULL + 2, LF_THR, RMS, RMS + 1, RMS + 2];

/// Side, whose mask, and the most that each of [`TABLE_COLUMNS`] may be.
const TABLE: [(u32, &str, [f64; 11]); 6] = [
    (64, "dither", [-9.2, -13.02, -15.22, -17.85, -34.9, -20.8, -10.4, -9.75, 37.0, 15.5, 9.85]),
    (64, "dither-smooth", [-9.0, -13.15, -15.4, -17.75, -39.5, -20.2, -8.7, -9.4, 37.9, 15.3, 9.7]),
    (64, "dither-best", [-9.1, -13.1, -15.4, -17.9, -36.5, -20.0, -9.8, -9.6, 37.4, 15.4, 9.7]),
    (64, "dither-classic", [-8.9, -13.1, -14.75, -16.3, -36.3, -20.7, -7.4, -9.25, 38.3, 15.3, 10.25]),
    (128, "dither", [-9.22, -13.04, -15.28, -17.95, -35.7, -20.9, -10.7, -9.75, 37.0, 15.5, 9.82]),
    (128, FAR, [-8.5, -13.25, -15.65, -18.4, -36.4, -18.9, -5.5, -8.3, 40.5, 15.2, 9.45]),
];

/// Further limits: side, whose, column, the most.
const FURTHER: [(u32, &str, usize, f64); 10] = [
    (64, "dither", LF, -13.0),
    (64, "dither", LF + 1, -13.0),
    (64, "dither", LF + 2, -12.2),
    (128, "dither", LF, -12.7),
    (128, "dither", LF + 1, -12.4),
    (128, "dither", LF + 2, -12.0),
    (64, "dither-classic", HARD_CUT, -11.48),
    (128, "dither-classic", HARD_CUT, -11.44),
    (64, "dither-classic", FLATNESS, 0.85),
    (128, "dither-classic", FLATNESS, 0.7),
];

/// How much more anisotropic than void-and-cluster a mask may be, dB.
const MORE_ANISOTROPY: f64 = 1.0;

/// The power at the tiles' frequencies of one whose means of seeds are without a trace of them.
const TILE_RANGE: [f64; 2] = [0.8, 1.2];

/// One limit, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// N of N x N.
    pub side: u32,
    /// Whose mask.
    pub name: String,
    /// Which figure.
    pub figure: &'static str,
    /// What it is.
    pub value: String,
    /// What it must be.
    pub limit: String,
    /// Whether it is.
    pub met: bool,
}

/// All limits of the masks that were measured.
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
    let sides: Vec<u32> = rows.iter().filter(|row| row.name == Preset::Dither.name()).map(|row| row.side).collect();
    for side in sides {
        for preset in DITHER {
            all.extend(of_every_preset(rows, preset.name(), side));
        }
    }
    all
}

fn at_most(rows: &[Row], name: &str, side: u32, column: usize, most: f64) -> Option<Judged> {
    let value = find(rows, name, side)?.figures.values[column];
    Some(Judged {
        side,
        name: name.into(),
        figure: NAMES[column],
        value: format!("{value:.3}"),
        limit: format!("≤ {most}"),
        met: value <= most,
    })
}

/// Anisotropy, tiles and ranks.
fn of_every_preset(rows: &[Row], name: &str, side: u32) -> Vec<Judged> {
    let Some(row) = find(rows, name, side) else { return Vec::new() };
    let mut all = Vec::new();
    let mut add = |figure, value, limit, met| {
        all.push(Judged { side, name: name.into(), figure, value, limit, met });
    };
    if let Some(rival) = find(rows, CLASSIC_RIVAL, side) {
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

/// What must not be behind what, column by column.
pub const RIVALS: [(u32, &str, &str); 3] =
    [(128, "dither", PEER), (64, "dither-classic", CLASSIC_RIVAL), (128, "dither-classic", CLASSIC_RIVAL)];

/// Figures of two masks that differ by less are level, dB.
const LEVEL: f64 = 0.03;

/// Two masks by one figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// Which figure.
    pub column: usize,
    /// Both.
    pub values: [f64; 2],
    /// The first minus the second, dB.
    pub difference: f64,
    /// `ahead`, `level` or `behind`.
    pub verdict: &'static str,
}

/// A mask and its rival by all figures of which less is better; anisotropies within 1 dB are level.
#[must_use]
pub fn compare(ours: &Row, theirs: &Row) -> Vec<Compared> {
    let compared = (0..TILE).map(|column| {
        let values = [ours, theirs].map(|row| row.figures.values[column]);
        let difference =
            if (RMS..LF).contains(&column) { 20.0 * (values[0] / values[1]).log10() } else { values[0] - values[1] };
        let level = if (ANISOTROPY..TILE).contains(&column) { MORE_ANISOTROPY } else { LEVEL };
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
    use super::{Compared, compare, judge};
    use crate::quality::figures::{ANISOTROPY, HVS, RMS, TILE};
    use crate::quality::{COLUMNS, Figures, Row};

    fn row(name: &str, value: f64) -> Row {
        Row { name: name.into(), side: 64, seeds: 1, figures: Figures { values: [value; COLUMNS], exact: true } }
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
        // eleven of the table, three levels, two anisotropies, tiles, ranks
        assert_eq!(judged.len(), 18);
    }

    #[test]
    fn rivals() {
        let (mut ours, theirs) = (row("a", 10.0), row("b", 10.02));
        ours.figures.values[RMS] = 10.0;
        ours.figures.values[HVS] = 10.1;
        ours.figures.values[ANISOTROPY] = 8.9;
        let compared = compare(&ours, &theirs);
        let verdict = |column: usize| compared[column].verdict;
        assert_eq!([verdict(HVS), verdict(HVS + 1), verdict(ANISOTROPY)], ["behind", "level", "ahead"]);
        let Compared { difference, .. } = compared[RMS];
        assert!((difference + 0.01735).abs() < 1e-4, "{difference}");
        assert_eq!(compared.len(), TILE);
    }
}
