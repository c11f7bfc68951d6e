//! `questions FOLDER`: writes the pages of figures, if their sentences hold. See `bench/questions`.
//!
//! The pages are `questions.md`, `dither.md`, `small.md` and `choosing.md`. A sentence that its figures contradict is an error.

use bluegrad_bench::questions::{choosing, family, questions, small};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder] = &arguments[..] else {
        eprintln!("usage: questions FOLDER");
        return ExitCode::from(2);
    };
    match run(Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("questions: {error}");
            ExitCode::FAILURE
        }
    }
}

/// All pages are made before the first is written: an error leaves all pages unchanged.
fn run(folder: &Path) -> Result<(), String> {
    let pages = [
        ("choosing.md", choosing()?),
        ("questions.md", questions()?),
        ("dither.md", family()?),
        ("small.md", small()?),
    ];
    for (name, page) in pages {
        let file = folder.join(name);
        std::fs::write(&file, page).map_err(|error| format!("{}: {error}", file.display()))?;
        eprintln!("wrote {}", file.display());
    }
    Ok(())
}
