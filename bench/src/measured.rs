//! What was measured: subjects, and their times at each size.

use crate::rounds::Times;
use crate::run::Kind;
use bluegrad::{Preset, SimdLevel};

/// What a row of the table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Another library's pair of transforms.
    Peer(String),
    /// bluegrad's pair at a level.
    Pair(SimdLevel),
    /// A whole step at the best level.
    Step(Kind),
    /// The published iteration in somebody else's words: three terms, exact ranks.
    Iteration(String),
    /// A whole mask of a preset at the best level.
    Mask(Preset),
    /// One of the preset `dither` at a lower level.
    MaskAt(SimdLevel),
    /// One of the preset `dither` on two threads.
    MaskOnTwo,
    /// A whole mask of another library's.
    PeerMask(String),
    /// The command line, whose default mask goes to a file.
    Program,
}

impl Subject {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Peer(name) => format!("pair, {name}"),
            Self::Pair(level) => format!("pair, bluegrad, {}", level.name()),
            Self::Step(kind) => kind.name().into(),
            Self::Iteration(name) => format!("published iteration, {name}"),
            Self::Mask(preset) => format!("`{}`", preset.name()),
            Self::MaskAt(level) => format!("`dither`, {}", level.name()),
            Self::MaskOnTwo => "`dither`, 2 threads".into(),
            Self::PeerMask(name) => name.clone(),
            Self::Program => "the program `bluegrad`".into(),
        }
    }
}

/// All rows of one size: what was timed, and its times. Without the yardstick there are no ratios.
#[derive(Debug)]
pub struct Size {
    /// N of N x N.
    pub side: u32,
    /// Subjects and their times, µs.
    pub rows: Vec<(Subject, Times)>,
}

impl Size {
    pub(crate) fn times(&self, subject: &Subject) -> Option<&Times> {
        self.rows.iter().find(|(other, _)| other == subject).map(|(_, times)| times)
    }
}
