//! How good the masks are: means over seeds of the figures of [`bluegrad::measure`], beside other masks in the same run, and the
//! limits that the project holds itself to.
//!
//! - [`figures`]: one mask in numbers. [`mod@subjects`]: whose masks.
//! - [`structure`]: noise or lattice, at many sizes. [`limits`]: what is wanted of them. [`page`]: all of it in Markdown.

pub mod figures;
pub mod limits;
pub mod page;
pub mod structure;
pub mod subjects;

use bluegrad::Shape;

pub use figures::{COLUMNS, Figures};
pub use structure::{Correlation, Structure};
pub use subjects::{PEER, Subject, subjects};

/// The figures of a subject at one size.
#[derive(Clone, Debug)]
pub struct Row {
    /// Who.
    pub name: String,
    /// Width and height.
    pub shape: Shape,
    /// Masks that were measured.
    pub seeds: u32,
    /// The mean of each figure.
    pub figures: Figures,
}

/// The row of a subject.
pub(crate) fn find<'a>(rows: &'a [Row], name: &str, shape: Shape) -> Option<&'a Row> {
    rows.iter().find(|row| row.name == name && row.shape == shape)
}

/// `32x16`.
pub(crate) fn size(shape: Shape) -> String {
    format!("{}x{}", shape.width, shape.height)
}
