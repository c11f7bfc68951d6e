//! The block of memory that a generator works in.

use crate::failure::{Failure, Result};
use bluegrad::{Layout, Line};

/// Memory for a generator.
pub(crate) fn allocate(layout: &Layout) -> Result<Vec<Line>> {
    let bytes = layout.bytes();
    let short = |_| Failure::other(format_args!("not enough memory: the run needs {bytes} bytes; take a smaller size"));
    let mut memory = Vec::new();
    memory.try_reserve_exact(layout.lines()).map_err(short)?;
    memory.resize(layout.lines(), Line::ZERO);
    Ok(memory)
}
