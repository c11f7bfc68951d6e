//! Files that appear whole or not at all.

use crate::failure::{Failure, Result};
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A place for a file, seen to be writable before the work starts.
#[derive(Debug)]
pub(crate) struct Target {
    /// As the user named it.
    path: PathBuf,
    /// With its folder resolved, and the file itself if it is a symbolic link: a rename must replace what the link
    /// points to, not the link.
    resolved: PathBuf,
}

impl Target {
    /// A target in a folder that exists and takes new files; nothing is left there.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let fail = |why: String| Failure::file(path, why);
        let Some(name) = path.file_name() else { return Err(fail("it must name a file".to_string())) };
        let resolved = match fs::metadata(path) {
            // Renaming over a device or a folder would replace or fail to replace something that is no output.
            Ok(metadata) if !metadata.is_file() => {
                return Err(fail("it exists and is no regular file; name another".to_string()));
            }
            Ok(_) => fs::canonicalize(path).map_err(|error| fail(error.to_string()))?,
            Err(_) => {
                let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let canonical = fs::canonicalize(folder).ok().filter(|folder| folder.is_dir());
                let why = || format!("the folder {} does not exist; create it first", folder.display());
                canonical.ok_or_else(|| fail(why()))?.join(name)
            }
        };
        let target = Self { path: path.to_path_buf(), resolved };
        drop(target.temporary()?);
        Ok(target)
    }

    /// The target of a report.
    pub(crate) fn page(path: &Path) -> Result<Self> {
        let is = |wanted: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
        if is("html") || is("htm") {
            return Self::new(path);
        }
        Err(Failure::usage(format_args!("{}: a report is a page; name a file that ends in .html", path.display())))
    }

    /// Whether both are the same file.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.resolved == other.resolved
    }

    /// Whether it is this file, which exists.
    pub(crate) fn is_file(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| self.resolved == path)
    }

    /// As the user named it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A temporary file beside the target: a rename works within one file system only.
    fn temporary(&self) -> Result<NamedTempFile> {
        let folder = self.resolved.parent().unwrap_or(Path::new("."));
        let mut builder = Builder::new();
        builder.prefix(".bluegrad-").suffix(".tmp");
        // The user's umask decides, as for any file that a program creates; the default would be for the owner only.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let why = |error| Failure::file(&self.path, format_args!("its folder cannot be written to: {error}"));
        builder.tempfile_in(folder).map_err(why)
    }

    /// A temporary file with all that the target will hold, safe on its disk.
    fn filled(&self, parts: &[&[u8]]) -> Result<NamedTempFile> {
        let mut file = self.temporary()?;
        let done = parts.iter().try_for_each(|part| file.write_all(part)).and_then(|()| file.as_file().sync_all());
        done.map_err(|error| Failure::file(&self.path, error))?;
        Ok(file)
    }

    /// The file takes the target's place.
    fn replace(&self, file: NamedTempFile) -> Result<()> {
        file.persist(&self.resolved).map(|_| ()).map_err(|error| Failure::file(&self.path, error.error))
    }

    /// Takes the file away, if there is one.
    pub(crate) fn remove(&self) -> Result<()> {
        match fs::remove_file(&self.resolved) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::file(&self.path, error)),
            _ => Ok(()),
        }
    }
}

/// Writes all files; a failure before the last rename of them leaves no half-written one.
pub(crate) fn write_all(files: &[(&Target, Vec<u8>)]) -> Result<()> {
    let mut written = Vec::new();
    for (target, bytes) in files {
        written.push((target, target.filled(&[bytes])?));
    }
    for (target, file) in written {
        target.replace(file)?;
    }
    Ok(())
}

/// Writes one file from parts.
pub(crate) fn write(target: &Target, parts: &[&[u8]]) -> Result<()> {
    target.replace(target.filled(parts)?)
}

/// Writes text to standard output.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| Failure::stdout(&error))
}
