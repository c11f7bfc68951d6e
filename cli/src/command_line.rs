//! The command that makes a mask again, for reports and C headers.

use crate::args::{GenerateArgs, name_of};
use bluegrad::Shape;
use std::fmt::{Display, Write};
use std::path::Path;

/// A `bluegrad generate` command with every option that the mask depends on.
///
/// `--level` and `--threads` are left out: they change no bit, and another machine may not have them.
pub(crate) struct CommandLine(String);

impl CommandLine {
    /// The command without the options that name output files.
    pub(crate) fn new(args: &GenerateArgs, shape: Shape) -> Self {
        let mut line = Self("bluegrad generate".to_string());
        if shape.width == shape.height {
            line.add("size", Some(shape.width));
        } else {
            line.add("width", Some(shape.width));
            line.add("height", Some(shape.height));
        }
        line.add("layers", (shape.layers > 1).then_some(shape.layers));
        line.add("channels", (shape.channels > 1).then_some(shape.channels));
        line.add("space-filter", args.space_filter.as_deref());
        line.add("time-filter", args.time_filter.as_deref());
        line.add("separate", args.separate);
        line.add("preset", (!args.has_filters()).then(|| args.preset().name()));
        line.add("seed", Some(args.seed));
        line.add("steps", args.steps);
        line.add_path("init", args.init.as_deref());
        line.add("init-channel", args.init_channel.map(name_of));
        line.add("init-slices", args.init_slices);
        line.add("init-slice", args.init_slice);
        line.add("sigma", args.sigma);
        line.add("mix", args.mix);
        line.add("levels", args.levels);
        line.add("beta", args.beta);
        line.add("initial-fraction", args.initial_fraction);
        line.add("cutoff", args.cutoff);
        line.add("weights", args.weights.map(|w| format!("{},{},{}", w.low_band, w.smoothness, w.histogram)));
        line.add_path("profile", args.profile.as_deref());
        line.add("profile-weight", args.profile_weight);
        line.add("optimizer", args.optimizer.map(name_of));
        line.add("step-size", args.step_size);
        line.add("momentum", args.momentum);
        line.add("distribution", args.distribution.as_ref());
        line.add("gaussian-sigma", args.gaussian_sigma);
        line.add("ranks", args.ranks.map(name_of));
        line.flag("atlas", args.atlas);
        line.add("depth", args.depth.map(name_of));
        line.add("range", args.range.map(name_of));
        line.add("name", args.name.as_deref());
        line
    }

    /// Adds an option that names a file.
    pub(crate) fn add_path(&mut self, option: &str, path: Option<&Path>) {
        self.add(option, path.map(|path| path.to_string_lossy()));
    }

    fn flag(&mut self, option: &str, given: bool) {
        if given {
            // Writing to a string cannot fail.
            let _ = write!(self.0, " --{option}");
        }
    }

    fn add(&mut self, option: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = write!(self.0, " --{option} {}", quoted(&value.to_string()));
        }
    }

    /// The command, quoted for a shell.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Quotes a word for a POSIX shell.
///
/// A word with control characters is quoted for bash. No word holds an end or a start of a C comment: a C header has the command in
/// one.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./,+:=@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_string()
    } else if word.chars().any(char::is_control) {
        format!("$'{}'", word.escape_default()).replace('*', r"\x2a")
    } else {
        // Two quotes end the quotation and start the next one.
        format!("'{}'", word.replace('\'', r"'\''").replace("*/", "*''/").replace("/*", "/''*"))
    }
}
