//! Output files, written whole or not at all, and standard output.

use crate::failure::{Failure, Result};
use std::fs;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// An output file whose folder was writable when the run started.
#[derive(Debug)]
pub(crate) struct Target {
    /// Path as the user wrote it, for messages.
    path: PathBuf,
    /// Path with symbolic links resolved: a rename must replace the file that a link points to, not the link.
    resolved: PathBuf,
    /// Replaces no file, not even one that appears while the program runs.
    keep: bool,
}

impl Target {
    /// Checks that the folder exists and takes a new file; leaves no file there.
    pub(crate) fn new(path: &Path) -> Result<Self> {
        let fail = |why: String| Failure::file(path, why);
        let Some(name) = path.file_name() else { return Err(fail("the path must name a file".to_string())) };
        let resolved = match fs::metadata(path) {
            // A rename would replace a device by a file, and fails on a folder.
            Ok(metadata) if !metadata.is_file() => {
                return Err(fail("the path exists and is not a regular file; name another file".to_string()));
            }
            Ok(_) => fs::canonicalize(path).map_err(|error| fail(error.to_string()))?,
            Err(_) => {
                let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let canonical = fs::canonicalize(folder).ok().filter(|folder| folder.is_dir());
                let why = || format!("the folder {} does not exist; create it first", folder.display());
                canonical.ok_or_else(|| fail(why()))?.join(name)
            }
        };
        let target = Self { path: path.to_path_buf(), resolved, keep: false };
        drop(target.temporary()?);
        Ok(target)
    }

    /// Makes the target replace no file; fails if the file exists.
    pub(crate) fn no_clobber(self) -> Result<Self> {
        // A link to nothing is a file too: the rename would replace it.
        match fs::symlink_metadata(&self.resolved) {
            Ok(_) => Err(self.kept()),
            Err(_) => Ok(Self { keep: true, ..self }),
        }
    }

    fn kept(&self) -> Failure {
        Failure::file(&self.path, "the file exists, and --no-clobber replaces no file; name another")
    }

    /// Target of a report; the extension must be `.html` or `.htm`.
    pub(crate) fn page(path: &Path) -> Result<Self> {
        let is = |wanted: &str| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
        if is("html") || is("htm") {
            return Self::new(path);
        }
        Err(Failure::usage(format_args!(
            "{}: a report is an HTML page; name a file that ends in .html",
            path.display()
        )))
    }

    /// Whether both targets are the same file.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.resolved == other.resolved
    }

    /// Whether the target is the existing file `path`.
    pub(crate) fn is_file(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| self.resolved == path)
    }

    /// Path as the user wrote it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes a temporary file in the target's folder: a rename works within one file system only.
    fn temporary(&self) -> Result<NamedTempFile> {
        let folder = self.resolved.parent().unwrap_or(Path::new("."));
        let mut builder = Builder::new();
        builder.prefix(".bluegrad-").suffix(".tmp");
        // tempfile's default is 0o600; with 0o666 the umask decides, as for other files.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let why = |error| Failure::file(&self.path, format_args!("cannot write to the folder: {error}"));
        builder.tempfile_in(folder).map_err(why)
    }

    /// Makes a temporary file with the target's content, synced to disk.
    fn filled(&self, parts: &[&[u8]]) -> Result<NamedTempFile> {
        let mut file = self.temporary()?;
        let done = parts.iter().try_for_each(|part| file.write_all(part)).and_then(|()| file.as_file().sync_all());
        done.map_err(|error| Failure::file(&self.path, error))?;
        Ok(file)
    }

    /// Renames a temporary file to the target, which keeps the permissions of the file that it replaces.
    fn replace(&self, file: NamedTempFile) -> Result<()> {
        let failed = |error: io::Error| match error.kind() {
            ErrorKind::AlreadyExists if self.keep => self.kept(),
            _ => Failure::file(&self.path, error),
        };
        if let Ok(before) = fs::metadata(&self.resolved) {
            file.as_file().set_permissions(before.permissions()).map_err(failed)?;
        }
        let renamed = if self.keep { file.persist_noclobber(&self.resolved) } else { file.persist(&self.resolved) };
        renamed.map(|_| ()).map_err(|error| failed(error.error))
    }

    /// Starts to write the target bit by bit.
    pub(crate) fn draft(&self) -> Result<Draft<'_>> {
        Ok(Draft::File(self, BufWriter::new(self.temporary()?)))
    }

    /// Removes the file, if it exists.
    pub(crate) fn remove(&self) -> Result<()> {
        match fs::remove_file(&self.resolved) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(Failure::file(&self.path, error)),
            _ => Ok(()),
        }
    }
}

/// A file or standard output that is written bit by bit. The file appears with [`Self::finish`], whole, or not at all.
pub(crate) enum Draft<'t> {
    File(&'t Target, BufWriter<NamedTempFile>),
    Stdout(BufWriter<StdoutLock<'static>>),
}

impl Draft<'_> {
    /// Standard output.
    pub(crate) fn stdout() -> Self {
        Self::Stdout(BufWriter::new(io::stdout().lock()))
    }

    /// An error of a write, as the user sees it.
    pub(crate) fn failure(&self, error: &io::Error) -> Failure {
        match self {
            Self::File(target, _) => Failure::file(&target.path, error),
            Self::Stdout(_) => Failure::stdout(error),
        }
    }

    /// Writes what is buffered; a file is synced to disk and renamed to its target.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Self::File(target, file) => {
                let failed = |error| Failure::file(&target.path, error);
                let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
                file.as_file().sync_all().map_err(failed)?;
                target.replace(file)
            }
            Self::Stdout(mut stdout) => stdout.flush().map_err(|error| Failure::stdout(&error)),
        }
    }
}

impl Write for Draft<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::File(_, file) => file.write(bytes),
            Self::Stdout(stdout) => stdout.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::File(_, file) => file.flush(),
            Self::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// Refuses to write binary data to a terminal.
pub(crate) fn no_terminal() -> Result<()> {
    if io::stdout().is_terminal() {
        return Err(Failure::usage(
            "standard output is a terminal: send the picture to a file or a pipe, or name a file by --out",
        ));
    }
    Ok(())
}

/// Writes a line to standard error.
pub(crate) fn warn(line: &str) {
    let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // If standard error cannot be written to, there is nowhere to report that.
    let _ = writeln!(io::stderr(), "bluegrad: warning: {line}");
}

/// Writes all files; each is renamed into place after all are written to disk.
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

/// Writes one file from parts, in order.
pub(crate) fn write(target: &Target, parts: &[&[u8]]) -> Result<()> {
    target.replace(target.filled(parts)?)
}

/// Writes text to standard output.
pub(crate) fn print(text: &str) -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| Failure::stdout(&error))
}
