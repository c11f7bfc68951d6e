//! How good the masks are: means over seeds of the figures of [`bluegrad::measure`], beside other masks in the same run, and the
//! limits that the project holds itself to.
//!
//! - [`figures`]: one mask in numbers. [`mod@subjects`]: whose masks.
//! - [`limits`]: what is wanted of them. [`page`]: all of it in Markdown.

pub mod figures;
pub mod limits;
pub mod page;
pub mod subjects;

pub use figures::{COLUMNS, Figures};
pub use subjects::{PEER, Subject, subjects};

/// The figures of a subject at one size.
#[derive(Clone, Debug)]
pub struct Row {
    /// Who.
    pub name: String,
    /// N of N x N.
    pub side: u32,
    /// Masks that were measured.
    pub seeds: u32,
    /// The mean of each figure.
    pub figures: Figures,
}

/// The row of a subject.
pub(crate) fn find<'a>(rows: &'a [Row], name: &str, side: u32) -> Option<&'a Row> {
    rows.iter().find(|row| row.name == name && row.side == side)
}
