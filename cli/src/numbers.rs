//! Text files of numbers: radial profiles, tables of quantiles, weights of filters.

use crate::failure::{Failure, Result};
use bluegrad::Distribution;
use bluegrad::distribution::TABLE_LEN;
use bluegrad::filters::MAX_TAPS;
use bluegrad::spectral::{Knot, MAX_KNOTS, Profile};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Longest text file, bytes; all kinds of file are far shorter.
const MOST_BYTES: u64 = 1 << 20;

/// A line with at least one field.
struct Line<'t> {
    /// Counted from 1.
    number: usize,
    fields: Vec<&'t str>,
}

/// Reads a radial profile: lines of `frequency amplitude`.
///
/// White space or a comma separates the numbers; `#` starts a comment; a first line of words is a header.
pub(crate) fn read_profile(path: &Path) -> Result<Profile> {
    parse_profile(path, &text(path, read_bytes(path)?)?)
}

/// Parses a radial profile; `path` is for messages.
pub(crate) fn parse_profile(path: &Path, text: &str) -> Result<Profile> {
    let mut knots = Vec::new();
    for (index, line) in lines(text).enumerate() {
        if index == 0 && line.fields.iter().all(|field| field.parse::<f32>().is_err()) {
            continue;
        }
        let fail = |why: &str| Failure::file(path, format_args!("line {}: {why}", line.number));
        let [frequency, amplitude] = line.fields[..] else {
            return Err(fail("expected two numbers: frequency (cycles/pixel) and amplitude"));
        };
        let knot = Knot { frequency: number(path, &line, frequency)?, amplitude: number(path, &line, amplitude)? };
        if knots.len() == MAX_KNOTS {
            return Err(fail(&format!("too many knots: a profile has 2 to {MAX_KNOTS}")));
        }
        if knots.last().is_some_and(|last: &Knot| knot.frequency <= last.frequency) {
            return Err(fail("the frequencies must rise from knot to knot"));
        }
        knots.push(knot);
    }
    let profile = Profile::new(&knots);
    profile.check().map_err(|error| Failure::file(path, error))?;
    Ok(profile)
}

/// Reads 65 quantiles, at u = 0, 1/64 … 1.
///
/// White space, commas and line ends separate the numbers; `#` starts a comment.
pub(crate) fn read_distribution(path: &Path) -> Result<Distribution> {
    parse_distribution(path, &text(path, read_bytes(path)?)?)
}

/// Parses 65 quantiles; `path` is for messages.
pub(crate) fn parse_distribution(path: &Path, text: &str) -> Result<Distribution> {
    let mut table = [0.0; TABLE_LEN];
    let mut count = 0;
    for line in lines(text) {
        for field in &line.fields {
            let value = number(path, &line, field)?;
            let fail = |why: &str| Failure::file(path, format_args!("line {}: {why}", line.number));
            if count > 0 && value < table[count - 1] {
                return Err(fail(&format!("{value} after {}: quantiles must not decrease", table[count - 1])));
            }
            let Some(quantile) = table.get_mut(count) else {
                return Err(fail(&format!("too many numbers: a table has {TABLE_LEN} quantiles")));
            };
            *quantile = value;
            count += 1;
        }
    }
    if count != TABLE_LEN {
        return Err(Failure::file(path, format_args!("{count} numbers: a table has {TABLE_LEN} quantiles")));
    }
    let distribution = Distribution::from_table(table);
    distribution.check().map_err(|error| Failure::file(path, error))?;
    Ok(distribution)
}

/// Reads the weights of a filter, in order.
///
/// White space, commas and line ends separate the numbers; `#` starts a comment.
pub(crate) fn read_taps(path: &Path) -> Result<Vec<f32>> {
    let text = text(path, read_bytes(path)?)?;
    let mut taps = Vec::new();
    for line in lines(&text) {
        for field in &line.fields {
            taps.push(number(path, &line, field)?);
        }
    }
    match taps.len() {
        0 => Err(Failure::file(path, format_args!("no numbers: a filter has 1 to {MAX_TAPS} weights"))),
        1..=MAX_TAPS => Ok(taps),
        count => Err(Failure::file(path, format_args!("{count} numbers: a filter has 1 to {MAX_TAPS} weights"))),
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| Failure::file(path, error))?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| Failure::file(path, error))?;
    Ok(bytes)
}

/// Decodes the bytes of a text file.
pub(crate) fn text(path: &Path, bytes: Vec<u8>) -> Result<String> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::file(path, "longer than 1 MiB: expected a text file of numbers"));
    }
    String::from_utf8(bytes).map_err(|_| Failure::file(path, "not UTF-8 text: expected a text file of numbers"))
}

/// Returns the lines that have fields, without comments.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().enumerate().filter_map(|(index, line)| {
        let content = line.split('#').next().unwrap_or_default();
        let separator = |c: char| c == ',' || c.is_whitespace();
        let fields: Vec<&str> = content.split(separator).filter(|field| !field.is_empty()).collect();
        (!fields.is_empty()).then_some(Line { number: index + 1, fields })
    })
}

fn number(path: &Path, line: &Line<'_>, field: &str) -> Result<f32> {
    match field.parse::<f32>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(Failure::file(path, format_args!("line {}: `{field}` is not a finite number", line.number))),
    }
}
