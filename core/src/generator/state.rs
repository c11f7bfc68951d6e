//! Buffer that holds the state of a run between steps.

/// The values.
pub(super) const VALUES: u32 = 0;
/// The ranks; while a stage of the dither objective runs, its work space.
pub(super) const RANKS: u32 = 1;
