//! Tables, numbers and checked sentences of a page.

use std::fmt::Write;

/// A table in Markdown; all columns but the first hold numbers.
#[derive(Debug)]
pub struct Table(String);

impl Table {
    /// Starts a table.
    #[must_use]
    pub fn new(headings: &[&str]) -> Self {
        let mut table = Self(String::new());
        table.push(headings);
        table.0 += "|:--";
        table.0 += &"|--:".repeat(headings.len() - 1);
        table.0 += "|\n";
        table
    }

    /// Adds a row.
    pub fn row(&mut self, name: &str, cells: &[String]) {
        let cells: Vec<&str> = std::iter::once(name).chain(cells.iter().map(String::as_str)).collect();
        self.push(&cells);
    }

    /// Adds a row of numbers with `decimals` decimals.
    pub fn numbers(&mut self, name: &str, decimals: usize, numbers: &[f64]) {
        let cells: Vec<String> = numbers.iter().map(|value| number(*value, decimals)).collect();
        self.row(name, &cells);
    }

    fn push(&mut self, cells: &[&str]) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "| {} |", cells.join(" | "));
    }

    /// Returns the text of the table.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// Formats a number, without a negative zero.
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if zero { text.replace('-', "") } else { text }
}

/// Formats a question with its answer.
#[must_use]
pub fn section(question: &str, answer: &str, table: &Table) -> String {
    format!("## {question}\n\n{answer}\n\n{}", table.text())
}

/// Checks a sentence against its figures: `low` must be less than `high`.
///
/// # Errors
/// The sentence is false.
pub fn claim(sentence: &str, low: f64, high: f64) -> Result<(), String> {
    // a NaN does not prove the sentence
    if low < high {
        return Ok(());
    }
    Err(format!("the page says \"{sentence}\", but {low:.3} is not less than {high:.3}: change the sentence"))
}

#[cfg(test)]
mod tests {
    use super::{Table, claim, number};

    #[test]
    fn a_false_sentence_is_named() {
        assert_eq!(claim("a is less", 1.0, 2.0), Ok(()));
        for (low, high) in [(2.0, 1.0), (1.0, 1.0), (f64::NAN, 1.0), (1.0, f64::NAN)] {
            assert!(claim("a is less", low, high).is_err_and(|why| why.contains("a is less")), "{low} {high}");
        }
    }

    #[test]
    fn tables_in_markdown() {
        let mut table = Table::new(&["mask", "dB"]);
        table.numbers("white", 1, &[-0.04]);
        assert_eq!(table.text(), "| mask | dB |\n|:--|--:|\n| white | 0.0 |\n");
        assert_eq!(number(-0.06, 1), "-0.1");
    }
}
