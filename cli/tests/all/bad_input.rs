//! Bad input: one line that says what is wrong and what would be right, an exit status, and no file left behind.

mod files;
mod options;

const SIDES: &str = "from 8 to 4096";
const POWERS: &str = "power of two from 16 to 4096";
