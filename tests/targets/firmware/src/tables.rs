//! Constants that the build script makes: nothing of them is computed on the target.

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
