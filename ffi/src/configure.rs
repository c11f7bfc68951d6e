//! Configure: what a run makes.
//!
//! bluegrad_config_default fills in a preset; then every field is free to edit. bluegrad_config_dither, _space_time, _filtered, _mix and
//! _levels change the stages, and bluegrad_config_refine makes the run start from a given mask. bluegrad_config_check says in one line
//! which field is wrong and what would be right; bluegrad_init checks the same. A configuration holds no pointer and may be copied.

mod preset;

mod stage;

mod config;

pub use config::*;
pub use preset::*;
pub use stage::*;
