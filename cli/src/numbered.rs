//! Names of a series of files: `mask_%d.png`, or with leading zeros `mask_%03d.png`, one file per layer.

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

/// Returns the files that a path names for reading: those of its series that exist, else itself.
pub(crate) fn inputs(path: &Path) -> Vec<PathBuf> {
    match Numbered::of(path).filter(|_| !path.exists()) {
        Some(series) => series.existing(),
        None => vec![path.to_path_buf()],
    }
}

#[cfg(test)]
mod tests {
    use super::Numbered;
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
}
