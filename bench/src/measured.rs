//! Subjects and their times, in µs.

use crate::rounds::Times;
use crate::run::Kind;
use bluegrad::{Preset, SimdLevel};

/// Subject of a row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Pair of transforms of another library.
    Peer(String),
    /// Pair of bluegrad at a level.
    Pair(SimdLevel),
    /// Step at the best level.
    Step(Kind),
    /// Step of the published iteration in another program: three terms, exact ranks.
    Iteration(String),
    /// Mask of a preset at the best level.
    Mask(Preset),
    /// Mask of the preset `dither` at a lower level.
    MaskAt(SimdLevel),
    /// Mask of the preset `dither` on two threads.
    MaskOnTwo,
    /// Mask of another library.
    PeerMask(String),
    /// The command line: default mask, written to a file.
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

/// Times of all subjects at one size. Ratios need the yardstick among them.
#[derive(Debug)]
pub struct Size {
    /// Side, in pixels.
    pub side: u32,
    /// Subjects and their times, in µs.
    pub rows: Vec<(Subject, Times)>,
}

impl Size {
    pub(crate) fn times(&self, subject: &Subject) -> Option<&Times> {
        self.rows.iter().find(|(other, _)| other == subject).map(|(_, times)| times)
    }
}
