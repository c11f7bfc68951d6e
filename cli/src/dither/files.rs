//! Pictures of a run, and the file of each result.

use crate::args::DitherArgs;
use crate::failure::{Failure, Result};
use crate::numbered::inputs;
use crate::output::{self, Draft, Target};
use crate::raster::Choice;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Name of standard input and of standard output.
const STANDARD: &str = "-";

/// A picture and the file of its result.
pub(super) struct Job<'a> {
    image: &'a Path,
    to: To,
    /// Name of the result's array.
    pub(super) name: String,
}

enum To {
    File(Target),
    Stdout,
}

/// Returns the format of all results.
pub(super) fn format(args: &DitherArgs) -> Result<Choice> {
    match (&args.format, &args.out) {
        (Some(format), _) => Ok(*format),
        (None, Some(out)) if !is_standard(out) => {
            Choice::of_path(out).map_err(|why| Failure::usage(format_args!("{}: {why}", out.display())))
        }
        (None, _) => Ok(Choice::png()),
    }
}

/// Checks all files before the first picture is read.
pub(super) fn jobs(args: &DitherArgs, format: Choice) -> Result<Vec<Job<'_>>> {
    if args.images.len() > 1 && args.out.is_some() {
        return Err(Failure::usage("--out names one file: for several pictures give --out-dir"));
    }
    if args.images.iter().filter(|image| is_standard(image)).count() > 1 {
        return Err(Failure::usage("- stands for standard input, which holds one picture: name it once"));
    }
    let mut jobs: Vec<Job<'_>> = Vec::new();
    for image in &args.images {
        let job = Job::new(args, image, format)?;
        if let To::File(target) = &job.to
            && jobs.iter().any(|other| matches!(&other.to, To::File(other) if other.is(target)))
        {
            let path = target.path().display();
            return Err(Failure::usage(format_args!(
                "two pictures would be written to {path}: dither them one by one with --out"
            )));
        }
        jobs.push(job);
    }
    Ok(jobs)
}

impl<'a> Job<'a> {
    fn new(args: &'a DitherArgs, image: &'a Path, format: Choice) -> Result<Self> {
        let stem =
            if is_standard(image) { "picture".into() } else { image.file_stem().unwrap_or_default().to_os_string() };
        let with_extension = |mut name: std::ffi::OsString| {
            name.push(".");
            name.push(format.extension());
            PathBuf::from(name)
        };
        let out = match (&args.out, &args.out_dir) {
            (Some(out), _) => out.clone(),
            (None, Some(folder)) => folder.join(with_extension(stem.clone())),
            (None, None) if is_standard(image) => STANDARD.into(),
            (None, None) => {
                let mut name = stem.clone();
                name.push("-dithered");
                with_extension(name)
            }
        };
        let name = args.name.clone().unwrap_or_else(|| {
            identifier(
                &if is_standard(&out) { stem } else { out.file_stem().unwrap_or_default().to_os_string() }
                    .to_string_lossy(),
            )
        });
        if is_standard(&out) {
            if !format.is_text() {
                output::no_terminal()?;
            }
            return Ok(Self { image, to: To::Stdout, name });
        }
        let target = Target::new(&out)?;
        let masks: Vec<PathBuf> = args.mask.iter().flat_map(|mask| inputs(mask)).collect();
        if !args.force && args.images.iter().chain(&masks).any(|input| !is_standard(input) && target.is_file(input)) {
            let why = "the result would replace a file that is read; name another file, or give --force";
            return Err(Failure::usage(format_args!("{}: {why}", out.display())));
        }
        let target = if args.no_clobber { target.no_clobber()? } else { target };
        Ok(Self { image, to: To::File(target), name })
    }

    /// Opens the picture.
    pub(super) fn open(&self) -> Result<Box<dyn Read>> {
        if is_standard(self.image) {
            return Ok(Box::new(io::stdin().lock()));
        }
        let file = File::open(self.image).map_err(|error| Failure::file(self.image, error))?;
        Ok(Box::new(file))
    }

    /// An error of the picture.
    pub(super) fn failure(&self, why: impl std::fmt::Display) -> Failure {
        Failure::other(format_args!("{}: {why}", self.input()))
    }

    /// Name of the picture, for the user.
    pub(super) fn input(&self) -> String {
        if is_standard(self.image) { "standard input".to_string() } else { self.image.display().to_string() }
    }

    /// Starts to write the result.
    pub(super) fn draft(&self) -> Result<Draft<'_>> {
        match &self.to {
            To::File(target) => target.draft(),
            To::Stdout => Ok(Draft::stdout()),
        }
    }

    /// Path of the result; none for standard output.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.to {
            To::File(target) => Some(target.path()),
            To::Stdout => None,
        }
    }
}

fn is_standard(path: &Path) -> bool {
    path.as_os_str() == STANDARD
}

/// Returns a C name from the name of a file.
fn identifier(stem: &str) -> String {
    let name: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() { format!("picture_{name}") } else { name }
}
