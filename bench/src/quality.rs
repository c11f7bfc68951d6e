//! Quality of masks: figures of [`bluegrad::measure`], means over seeds, beside other masks.
//!
//! - [`figures`]: figures of a mask.
//! - [`mod@subjects`]: the measured masks.
//! - [`structure`]: noise or lattice, at many sizes.
//! - [`limits`]: the limits of the project.
//! - [`page`]: the page in Markdown.

pub mod figures;
pub mod limits;
pub mod page;
pub mod structure;
pub mod subjects;

use bluegrad::Shape;

pub use figures::{COLUMNS, Figures};
pub use structure::{Correlation, Structure};
pub use subjects::{PEER, Subject, subjects};

/// Figures of a subject at one size.
#[derive(Clone, Debug)]
pub struct Row {
    /// Subject.
    pub name: String,
    /// Width and height, in pixels.
    pub shape: Shape,
    /// Number of masks.
    pub seeds: u32,
    /// Mean of each figure.
    pub figures: Figures,
}

/// Returns the row of a subject.
pub(crate) fn find<'a>(rows: &'a [Row], name: &str, shape: Shape) -> Option<&'a Row> {
    rows.iter().find(|row| row.name == name && row.shape == shape)
}

/// Formats a size, such as `32x16`.
pub(crate) fn size(shape: Shape) -> String {
    format!("{}x{}", shape.width, shape.height)
}
