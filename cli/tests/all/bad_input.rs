//! Bad input: one line, an exit status, and no file left behind.
//!
//! The line says what is wrong and what would be right.

mod files;
mod options;

const SIDES: &str = "from 8 to 4096";
const POWERS: &str = "power of two from 16 to 4096";
