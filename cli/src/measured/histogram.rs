//! Histogram of a mask: how evenly it uses its values.

use serde::Serialize;
use std::fmt;

/// Kind of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Exact: the values 0, 1 … n − 1, each once.
    Ranks,
    /// Exact: n distinct values.
    Distinct,
    /// Exact: counts of the levels of the format differ by at most one.
    Balanced,
    /// Not exact.
    Uneven,
}

/// Histogram of a mask; field names are names in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Histogram {
    kind: Kind,
    exact: bool,
    /// Levels of an integer format, if at most one per pixel.
    ///
    /// Counts are then over all levels, else over the values that occur.
    levels: Option<u64>,
    distinct_values: usize,
    min_count: usize,
    max_count: usize,
}

impl Histogram {
    /// Counts values; `levels` is the number of levels of the format, `None` for floats.
    pub(crate) fn new(values: &[f64], levels: Option<u64>) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let counts: Vec<usize> = sorted.chunk_by(|a, b| a == b).map(<[f64]>::len).collect();
        let distinct_values = counts.len();
        let levels = levels.filter(|levels| *levels <= values.len() as u64);
        let unused = levels.is_some_and(|levels| (distinct_values as u64) < levels);
        let min_count = if unused { 0 } else { counts.iter().copied().min().unwrap_or(0) };
        let max_count = counts.iter().copied().max().unwrap_or(0);
        let kind = if distinct_values == values.len() {
            let ranks = sorted.iter().enumerate().all(|(rank, value)| *value == rank as f64);
            if ranks { Kind::Ranks } else { Kind::Distinct }
        } else if levels.is_some() && max_count - min_count <= 1 {
            Kind::Balanced
        } else {
            Kind::Uneven
        };
        Self { kind, exact: kind != Kind::Uneven, levels, distinct_values, min_count, max_count }
    }

    /// Whether the histogram is as even as the format allows.
    pub(crate) fn exact(&self) -> bool {
        self.exact
    }
}

impl fmt::Display for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, levels, distinct_values, min_count, max_count, .. } = self;
        let counts =
            if min_count == max_count { format!("{min_count}") } else { format!("{min_count} to {max_count}") };
        match (kind, levels) {
            (Kind::Ranks, _) => write!(f, "exact: ranks, each once"),
            (Kind::Distinct, _) => write!(f, "exact: {distinct_values} values, each once"),
            (Kind::Balanced, _) => write!(f, "exact: {distinct_values} levels, each {counts} times"),
            (Kind::Uneven, Some(levels)) => {
                write!(f, "uneven: {distinct_values} of {levels} levels used, each level {counts} times")
            }
            (Kind::Uneven, None) => write!(f, "uneven: {distinct_values} values, each {counts} times"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Histogram, Kind};

    fn kind(values: &[u32], levels: Option<u64>) -> (Kind, usize, usize) {
        let values: Vec<f64> = values.iter().copied().map(f64::from).collect();
        let histogram = Histogram::new(&values, levels);
        (histogram.kind, histogram.min_count, histogram.max_count)
    }

    #[test]
    fn kinds() {
        assert_eq!(kind(&[2, 0, 1, 3], Some(1 << 32)), (Kind::Ranks, 1, 1));
        assert_eq!(kind(&[20, 0, 10, 30], Some(256)), (Kind::Distinct, 1, 1));
        assert_eq!(kind(&[0, 1, 0, 1], Some(2)), (Kind::Balanced, 2, 2));
        assert_eq!(kind(&[0, 1, 0, 1, 1], Some(2)), (Kind::Balanced, 2, 3));
        assert_eq!(kind(&[0, 1, 1, 1], Some(2)), (Kind::Uneven, 1, 3));
        assert_eq!(kind(&[0, 2, 3, 3], Some(4)), (Kind::Uneven, 0, 2));
        assert_eq!(kind(&[5, 5, 7, 7], Some(256)), (Kind::Uneven, 2, 2));
        assert_eq!(kind(&[0, 0, 1, 1], None), (Kind::Uneven, 2, 2));
    }
}
