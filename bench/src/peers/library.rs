//! Shared libraries, looked for at run time and never unloaded.

use libloading::Library;
use std::path::PathBuf;
#[cfg(feature = "fftw")]
use std::{fs, path::Path};

/// Lists files of a folder whose names begin with `start`.
#[cfg(feature = "fftw")]
pub(crate) fn beginning(folder: &Path, start: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let begins = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start));
    entries.filter(begins).collect()
}

/// Loads the first library that can be loaded; a name without a folder is looked up by the system.
pub(crate) fn open(candidates: &[PathBuf]) -> Result<&'static Library, String> {
    let mut tried = Vec::new();
    for candidate in candidates {
        // SAFETY: loading runs the library's initialisers. The candidates are libraries for FFT and for
        // video, whose initialisers do nothing but set up their own data.
        match unsafe { Library::new(candidate) } {
            Ok(library) => return Ok(Box::leak(Box::new(library))),
            Err(_) => tried.push(candidate.file_name().unwrap_or_default().to_string_lossy().into_owned()),
        }
    }
    Err(if tried.is_empty() { "no such library here".into() } else { format!("cannot load {}", tried.join(", ")) })
}

/// Returns a function, or the address of a datum, of a library.
///
/// # Safety
/// `T` is the type of pointer that the library's manual declares under this name.
pub(crate) unsafe fn symbol<T: Copy>(library: &'static Library, name: &str) -> Result<T, String> {
    // SAFETY: the type is right, says the caller; the library is never unloaded, so a copy of the pointer stays good.
    let found = unsafe { library.get::<T>(name.as_bytes()) };
    found.map(|symbol| *symbol).map_err(|error| error.to_string())
}
