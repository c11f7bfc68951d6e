//! Linear programme: the mixture of least noise that has a given mean.
//!
//! Four equations: `Σ w_i·p_i = t` for three channels, `Σ w_i = 1`. Simplex method on a full tableau, two phases, entering columns by Bland's
//! rule (the first that gains), which cannot run in circles. Colours on a plane or a line leave equations that repeat others; their
//! artificial variables stay at 0.
//!
//! Source: Chvátal, Linear Programming (1983), ch. 2, 3 and 8.

use super::{Colors, Light, MOST_COLORS, PerColor};

/// Equations.
const ROWS: usize = 4;

/// What counts as 0: of entries and of reduced costs, and of the sum of what no mixture reaches.
const ZERO: f64 = 1e-10;

/// The most pivots: never reached but by rounding that runs in a circle.
const PIVOTS: usize = 2000;

/// An equation of the tableau: coefficients, and the right-hand side.
#[derive(Clone, Copy)]
struct Row {
    of: PerColor,
    right: f64,
}

impl Row {
    /// Subtracts another row times the coefficient that this row has in a column.
    fn clear(&mut self, column: usize, other: &Self) {
        let factor = self.of[column % MOST_COLORS];
        for (to, from) in self.of.iter_mut().zip(&other.of) {
            *to -= factor * from;
        }
        // not a rounded 0
        self.of[column % MOST_COLORS] = 0.0;
        self.right -= factor * other.right;
    }
}

struct Tableau {
    rows: [Row; ROWS],
    /// Column of each row's variable; an artificial one is none.
    basis: [Option<usize>; ROWS],
    count: usize,
}

/// Returns the shares that minimise `Σ w_i·cost_i` with the mean `target`; none if no mixture has it.
pub(super) fn programme(colors: &Colors, target: &Light, cost: &PerColor) -> Option<PerColor> {
    let [red, green, blue] = *target;
    let mut tableau = Tableau {
        rows: [red, green, blue, 1.0].map(|right| Row { of: [0.0; MOST_COLORS], right }),
        basis: [None; ROWS],
        count: colors.count,
    };
    let [row_r, row_g, row_b, row_1] = &mut tableau.rows;
    for (i, color) in colors.iter().enumerate() {
        let i = i % MOST_COLORS;
        [row_r.of[i], row_g.of[i], row_b.of[i]] = *color;
        row_1.of[i] = 1.0;
    }
    // Phase 1: the sum of the artificial variables, which are all rows.
    let mut sum = Row { of: [0.0; MOST_COLORS], right: 0.0 };
    for row in &tableau.rows {
        for (to, from) in sum.of.iter_mut().zip(&row.of) {
            *to -= from;
        }
        sum.right -= row.right;
    }
    tableau.minimise(sum);
    let missed: f64 =
        tableau.rows.iter().zip(tableau.basis).filter(|(_, basis)| basis.is_none()).map(|(row, _)| row.right).sum();
    if missed > ZERO {
        return None;
    }
    // Phase 2: costs, cleared of the basis.
    let mut costs = Row { of: *cost, right: 0.0 };
    for (row, basis) in tableau.rows.iter().zip(tableau.basis) {
        if let Some(column) = basis {
            costs.clear(column, row);
        }
    }
    tableau.minimise(costs);
    let mut shares = [0.0; MOST_COLORS];
    for (row, basis) in tableau.rows.iter().zip(tableau.basis) {
        if let Some(column) = basis {
            shares[column % MOST_COLORS] = row.right.max(0.0);
        }
    }
    Some(shares)
}

impl Tableau {
    /// Pivots until no column has a negative reduced cost.
    fn minimise(&mut self, mut costs: Row) {
        for _ in 0..PIVOTS {
            let Some(column) = costs.of.iter().take(self.count).position(|cost| *cost < -ZERO) else { return };
            let Some(row) = self.leaving(column) else { return };
            self.pivot(row, column);
            if let Some(row) = self.rows.get(row) {
                costs.clear(column, row);
            }
        }
        debug_assert!(false, "Bland's rule ends");
    }

    /// Returns the row whose variable reaches 0 first.
    fn leaving(&self, column: usize) -> Option<usize> {
        let mut best: Option<(usize, f64, Option<usize>)> = None;
        for (i, (row, basis)) in self.rows.iter().zip(self.basis).enumerate() {
            let entry = row.of[column % MOST_COLORS];
            // an artificial variable at 0 must not rise either
            let leaves = entry > ZERO || (basis.is_none() && row.right <= ZERO && entry < -ZERO);
            let ratio = if row.right <= ZERO { 0.0 } else { row.right / entry };
            if leaves && best.is_none_or(|(_, least, of)| ratio < least || (ratio == least && basis < of)) {
                best = Some((i, ratio, basis));
            }
        }
        best.map(|(row, ..)| row)
    }

    /// Makes a column the variable of a row.
    fn pivot(&mut self, row: usize, column: usize) {
        let Some(mut pivot) = self.rows.get(row).copied() else { return };
        let factor = 1.0 / pivot.of[column % MOST_COLORS];
        for entry in &mut pivot.of {
            *entry *= factor;
        }
        pivot.of[column % MOST_COLORS] = 1.0;
        // rounding may leave −1e-17
        pivot.right = (pivot.right * factor).max(0.0);
        for (i, (to, basis)) in self.rows.iter_mut().zip(&mut self.basis).enumerate() {
            if i == row {
                *to = pivot;
                *basis = Some(column);
            } else {
                to.clear(column, &pivot);
                to.right = to.right.max(0.0);
            }
        }
    }
}
