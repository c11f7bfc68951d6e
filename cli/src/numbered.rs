//! A series of files, one per layer: `mask_%d.png`, with leading zeros `mask_%03d.png`, or all masks of a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Most files of a series, as of slices of a file.
const MOST: u32 = 4096;

/// Most digits that leading zeros fill.
const MOST_DIGITS: usize = 9;

/// A path whose file name holds a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Numbered {
    folder: PathBuf,
    before: String,
    /// Digits that leading zeros fill.
    digits: usize,
    after: String,
}

impl Numbered {
    /// Returns the series that a path names, if its file name has one `%d`, or `%03d` with any digit.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (before, rest) = name.split_once('%')?;
        let (digits, after) = rest.split_once('d')?;
        let digits = match digits.strip_prefix('0') {
            None if digits.is_empty() => 1,
            Some(digits) => digits.parse().ok().filter(|digits| (1..=MOST_DIGITS).contains(digits))?,
            None => return None,
        };
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        (!after.contains('%')).then(|| Self { folder, before: before.to_string(), digits, after: after.to_string() })
    }

    /// Returns the path of a file of the series.
    pub(crate) fn path(&self, number: u32) -> PathBuf {
        let Self { folder, before, digits, after } = self;
        folder.join(format!("{before}{number:0digits$}{after}"))
    }

    /// Returns the files that exist: from number 0, or else 1, to the first gap.
    pub(crate) fn existing(&self) -> Vec<PathBuf> {
        let first = u32::from(!self.path(0).exists());
        (first..first + MOST).map(|number| self.path(number)).take_while(|path| path.exists()).collect()
    }
}

/// Returns the files that a path names for reading: those of its series that exist, all of its folder, else itself.
pub(crate) fn inputs(path: &Path) -> Vec<PathBuf> {
    if let Ok(entries) = fs::read_dir(path) {
        return entries.flatten().map(|entry| entry.path()).collect();
    }
    match Numbered::of(path).filter(|_| !path.exists()) {
        Some(series) => series.existing(),
        None => vec![path.to_path_buf()],
    }
}

/// Returns the files of a folder that are `wanted`, by the number in their names; the error is the message's text.
pub(crate) fn folder(path: &Path, wanted: impl Fn(&Path) -> bool) -> Result<Vec<PathBuf>, String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Some systems put a hidden file beside each file.
        if !name.starts_with('.') && wanted(&entry.path()) && entry.path().is_file() {
            names.push((entry.file_name(), name));
        }
    }
    names.sort();
    let [(_, first), .., (_, last)] = &names[..] else {
        return Ok(names.into_iter().map(|(file, _)| path.join(file)).collect());
    };
    if names.len() > MOST as usize {
        return Err(format!("{} files: a series has at most {MOST}", names.len()));
    }
    let numbers = numbers(&names.iter().map(|(_, name)| name.as_bytes()).collect::<Vec<_>>());
    let numbers = numbers.ok_or_else(|| {
        format!("the names, from {first} to {last}, must differ by one number alone; one series can be named, such as mask_%d.png")
    })?;
    let mut files: Vec<_> = numbers.into_iter().zip(names).collect();
    files.sort();
    for pair in files.windows(2) {
        if let [(a, (_, one)), (b, (_, next))] = pair
            && b - a != 1
        {
            return Err(format!("{next} follows {one}: numbers must rise by 1 from file to file"));
        }
    }
    Ok(files.into_iter().map(|(_, (file, _))| path.join(file)).collect())
}

/// Returns the numbers that some names differ by; `None` if they differ by more.
fn numbers(names: &[&[u8]]) -> Option<Vec<u64>> {
    let first = *names.first()?;
    let start = |name: &&[u8]| first.iter().zip(*name).take_while(|(a, b)| a == b).count();
    let end = |name: &&[u8]| first.iter().rev().zip(name.iter().rev()).take_while(|(a, b)| a == b).count();
    let (before, after) = (names.iter().map(start).min()?, names.iter().map(end).min()?);
    // Digits on the way belong to the numbers: those of 10 and 11 share one.
    let before = before - first[..before].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let after = after - first[first.len() - after..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = |name: &&[u8]| {
        let digits = name.get(before..name.len().checked_sub(after)?)?;
        let digits = str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        digits.parse().ok()
    };
    names.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::{Numbered, numbers};
    use std::path::Path;

    #[test]
    fn names_with_a_number() {
        for (name, seventh) in [
            ("m_%d.png", "m_7.png"),
            ("%d.png", "7.png"),
            ("a/b%d/m%03d.npy", "a/b%d/m007.npy"),
            ("%02dd.u8", "07d.u8"),
            ("m%01d.png", "m7.png"),
        ] {
            assert_eq!(Numbered::of(Path::new(name)).unwrap().path(7), Path::new(seventh), "{name}");
        }
        assert_eq!(Numbered::of(Path::new("m%03d.png")).unwrap().path(1234), Path::new("m1234.png"));
        for name in ["m.png", "%d/m.png", "50%.png", "m%.png", "m%3d.png", "m%0d.png", "m%010d.png", "%d_%d.png", ".."]
        {
            assert_eq!(Numbered::of(Path::new(name)), None, "{name}");
        }
    }

    #[test]
    fn numbers_that_names_differ_by() {
        let of = |names: &[&str]| numbers(&names.iter().map(|name| name.as_bytes()).collect::<Vec<_>>());
        assert_eq!(of(&["64x64_9.u16", "64x64_10.u16", "64x64_116.u16"]), Some(vec![9, 10, 116]));
        assert_eq!(of(&["m010.png", "m011.png"]), Some(vec![10, 11]));
        assert_eq!(of(&["m1.png", "m11.png"]), Some(vec![1, 11]));
        assert_eq!(of(&["1a", "01a"]), Some(vec![1, 1]));
        for names in [
            ["a.png", "aa.png"],
            ["a_0.png", "b_0.png"],
            ["m.png", "m1.png"],
            ["1_1", "2_2"],
            ["\u{e8}1", "\u{e9}1"],
            ["m0.png", "m1.npy"],
            ["m1", "m99999999999999999999"],
        ] {
            assert_eq!(of(&names), None, "{names:?}");
        }
    }
}
