//! Statuses: what a call returns.
//!
//! Every function that can fail returns BLUEGRAD_OK or a negative number and has then changed nothing, unless its description says
//! otherwise. bluegrad_status_string says in one line what was wrong and what would be right.

use bluegrad::Error;
use core::ffi::{CStr, c_char};

/// What a function returns: BLUEGRAD_OK or a negative number, one of BLUEGRAD_ERROR_*. The numbers never change their meaning;
/// later versions may add some. A function that failed has changed nothing unless its description says otherwise.
pub type bluegrad_status = i32;

/// All went well.
pub const BLUEGRAD_OK: bluegrad_status = 0;
/// A width or height that no mask has.
pub const BLUEGRAD_ERROR_SIZE: bluegrad_status = -1;
/// A width or height that the transform of a spectral stage does not take.
pub const BLUEGRAD_ERROR_TRANSFORM_SIZE: bluegrad_status = -2;
/// A width or height of a mask to dither with.
pub const BLUEGRAD_ERROR_DITHER_SIZE: bluegrad_status = -3;
/// A number of levels to dither to.
pub const BLUEGRAD_ERROR_LEVELS: bluegrad_status = -4;
/// No stage, or too many.
pub const BLUEGRAD_ERROR_STAGE_COUNT: bluegrad_status = -5;
/// A stage that places every pixel anew in a configuration that starts from a given mask.
pub const BLUEGRAD_ERROR_STARTS_TWICE: bluegrad_status = -6;
/// More steps than 32 bits count.
pub const BLUEGRAD_ERROR_STEP_COUNT: bluegrad_status = -7;
/// A spectral loss was asked for where there is no spectral stage.
pub const BLUEGRAD_ERROR_NOT_SPECTRAL: bluegrad_status = -8;
/// bluegrad_init with a start from a mask, or bluegrad_load_* with a start from noise.
pub const BLUEGRAD_ERROR_WRONG_START: bluegrad_status = -9;
/// A number of the configuration, or of the other input, out of its range or not finite.
pub const BLUEGRAD_ERROR_NUMBER: bluegrad_status = -10;
/// A radial profile.
pub const BLUEGRAD_ERROR_PROFILE: bluegrad_status = -11;
/// A table of quantiles.
pub const BLUEGRAD_ERROR_DISTRIBUTION_TABLE: bluegrad_status = -12;
/// An instruction set that this CPU or build lacks. No function of this version returns it: a level is a cap.
pub const BLUEGRAD_ERROR_LEVEL: bluegrad_status = -13;
/// A buffer of a wrong length.
pub const BLUEGRAD_ERROR_LENGTH: bluegrad_status = -14;
/// A block of memory at a wrong address, and without room for a block at a right one.
pub const BLUEGRAD_ERROR_ALIGNMENT: bluegrad_status = -15;
/// A block that holds no generator, one of another version or endianness, or a damaged one.
pub const BLUEGRAD_ERROR_NOT_A_GENERATOR: bluegrad_status = -16;
/// The mask was asked for too soon.
pub const BLUEGRAD_ERROR_NOT_DONE: bluegrad_status = -17;
/// Ranks that do not fit 16 bits.
pub const BLUEGRAD_ERROR_TOO_MANY_PIXELS: bluegrad_status = -18;
/// A stage that this build of the library was made without: in a configuration, or in a saved block of a build that has it. Or a preset of
/// another family than the function's.
pub const BLUEGRAD_ERROR_FEATURE: bluegrad_status = -19;
/// Layers or channels that no mask of these sides has.
pub const BLUEGRAD_ERROR_LAYERS: bluegrad_status = -20;
/// Output values to dither to that do not rise.
pub const BLUEGRAD_ERROR_VALUES: bluegrad_status = -21;
/// Colours that no palette has: fewer than 2, more than 64.
pub const BLUEGRAD_ERROR_COLORS: bluegrad_status = -22;
/// Two colours of a palette that are the same.
pub const BLUEGRAD_ERROR_SAME_COLORS: bluegrad_status = -23;
/// Nodes an axis that no table of a palette has.
pub const BLUEGRAD_ERROR_NODES: bluegrad_status = -24;
/// Words that are no table of a palette.
pub const BLUEGRAD_ERROR_PALETTE_TABLE: bluegrad_status = -25;
/// A form of rows that the samples or levels do not have.
pub const BLUEGRAD_ERROR_SINK: bluegrad_status = -26;
/// Layers or channels where one plane is wanted.
pub const BLUEGRAD_ERROR_NOT_FLAT: bluegrad_status = -27;
/// Layers or channels that the mask does not have, or that a load leaves out.
pub const BLUEGRAD_ERROR_PLANE: bluegrad_status = -28;
/// A stage that makes flat masks only, for a mask with layers or channels.
pub const BLUEGRAD_ERROR_FLAT_ONLY: bluegrad_status = -29;
/// A kernel of a filter fill that is not positive definite.
pub const BLUEGRAD_ERROR_NOT_POSITIVE: bluegrad_status = -30;
/// Filters that reach too far for a filter polish.
pub const BLUEGRAD_ERROR_REACH: bluegrad_status = -31;
/// NULL where the description asks for a pointer.
pub const BLUEGRAD_ERROR_NULL: bluegrad_status = -32;
/// A pointer that is not aligned for its type.
pub const BLUEGRAD_ERROR_MISALIGNED: bluegrad_status = -33;
/// A struct_size that this version does not know.
pub const BLUEGRAD_ERROR_STRUCT_SIZE: bluegrad_status = -34;
/// A number that stands for a choice and is none of the known ones.
pub const BLUEGRAD_ERROR_UNKNOWN_VALUE: bluegrad_status = -35;
/// A reserved field that is not zero.
pub const BLUEGRAD_ERROR_RESERVED: bluegrad_status = -36;
/// Buffers that overlap.
pub const BLUEGRAD_ERROR_OVERLAP: bluegrad_status = -37;
/// A distance of rows or layers that is too short or not whole elements.
pub const BLUEGRAD_ERROR_STRIDE: bluegrad_status = -38;
/// A number of points that no set has, or that cannot be measured.
pub const BLUEGRAD_ERROR_POINT_COUNT: bluegrad_status = -39;
/// A block that holds no point set, one of another version or endianness, or a damaged one.
pub const BLUEGRAD_ERROR_NOT_POINTS: bluegrad_status = -40;
/// An error of the core that this version has no number for.
pub const BLUEGRAD_ERROR_OTHER: bluegrad_status = -64;

/// One line of English for a status: what was wrong and what would be right; "unknown status" for a number that is none. Never NULL;
/// the text is static. May be called from any thread at any time. bluegrad_config_check tells more about a configuration: which field,
/// and its range.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_status_string(status: bluegrad_status) -> *const c_char {
    text(status).as_ptr()
}

/// The line, for Rust.
pub(crate) fn line(status: bluegrad_status) -> &'static [u8] {
    text(status).to_bytes()
}

fn text(status: bluegrad_status) -> &'static CStr {
    match status {
        BLUEGRAD_OK => c"ok",
        BLUEGRAD_ERROR_SIZE => c"width and height of a mask must each be from 8 to 4096",
        BLUEGRAD_ERROR_TRANSFORM_SIZE => c"with a spectral stage width and height must each be a power of two from 16 to 4096",
        BLUEGRAD_ERROR_DITHER_SIZE => c"width and height of a mask to dither with must each be from 1 to 4096",
        BLUEGRAD_ERROR_LEVELS => c"levels to dither to must be from 2 to 256",
        BLUEGRAD_ERROR_STAGE_COUNT => c"a configuration has 1 to 8 stages",
        BLUEGRAD_ERROR_STARTS_TWICE => c"a run that starts from a given mask must not have a fill or void-and-cluster stage: bluegrad_config_refine removes them",
        BLUEGRAD_ERROR_STEP_COUNT => c"all stages together may have at most 4294967294 steps",
        BLUEGRAD_ERROR_NOT_SPECTRAL => c"the configuration has no spectral stage, whose loss was asked for",
        BLUEGRAD_ERROR_WRONG_START => c"a run that starts from noise wants bluegrad_init, and one that starts from a mask bluegrad_load_u8, _u16, _f32 or _ranks",
        BLUEGRAD_ERROR_NUMBER => c"a number is out of its range or not finite: of a configuration bluegrad_config_check says which",
        BLUEGRAD_ERROR_PROFILE => c"the radial profile wants 2 to 32 knots, frequencies from 0 to 0.7072 that rise, amplitudes not negative and not all zero",
        BLUEGRAD_ERROR_DISTRIBUTION_TABLE => c"the distribution's 65 quantiles must be finite, never fall, and go from -1 to 1",
        BLUEGRAD_ERROR_LEVEL => c"this CPU or this build lacks the level: BLUEGRAD_LEVEL_AUTO takes the best that is there",
        BLUEGRAD_ERROR_LENGTH => c"a buffer or a block of memory has a wrong length: the function's description says which it must have",
        BLUEGRAD_ERROR_ALIGNMENT => c"the block of memory must start at a multiple of 64 bytes (BLUEGRAD_MEMORY_ALIGN); to start a run, 63 bytes more do too",
        BLUEGRAD_ERROR_NOT_A_GENERATOR => c"the block of memory holds no generator, one of another version, or a damaged one: begin anew with bluegrad_init",
        BLUEGRAD_ERROR_NOT_DONE => c"the mask is not done: call bluegrad_step until its report says done",
        BLUEGRAD_ERROR_TOO_MANY_PIXELS => c"ranks of more than 65536 pixels do not fit 16 bits: read them as 32-bit numbers",
        BLUEGRAD_ERROR_FEATURE => c"a stage that this build of the library, or the function called, was made without: take a build with all features, or bluegrad_make_* without a family",
        BLUEGRAD_ERROR_LAYERS => c"a mask has 1 to 256 layers, 1 to 4 channels, and at most 2^30 elements (2^25 where addresses have 32 bits)",
        BLUEGRAD_ERROR_VALUES => c"each output value to dither to must be above the value before it",
        BLUEGRAD_ERROR_SINK => c"packed levels need 1, 2, 4 or 8 bits that hold them; planes grey or a palette of at most 4 levels; RGB332 and RGB565 RGB of few levels; values no palette; pairs 16-bit samples or floats",
        BLUEGRAD_ERROR_NOT_FLAT => c"here a mask must have 1 layer and 1 channel: take one plane",
        BLUEGRAD_ERROR_PLANE => c"the mask has no such layers or channels, which are counted from 0, or a load leaves some out",
        BLUEGRAD_ERROR_FLAT_ONLY => c"a stage of the configuration makes masks of 1 layer and 1 channel only: fill and polish make more",
        BLUEGRAD_ERROR_REACH => c"the filters reach too far for the filter polish, or their kernel is negative there: leave the stage out, or use larger radii",
        BLUEGRAD_ERROR_NOT_POSITIVE => c"a filter fill's kernel is not positive definite: a larger radius, a power of 1, a tent, or other filters make one that is",
        BLUEGRAD_ERROR_COLORS => c"a palette has 2 to 64 colours",
        BLUEGRAD_ERROR_SAME_COLORS => c"two colours of the palette are the same",
        BLUEGRAD_ERROR_NODES => c"a table of a palette has 9, 17 or 33 nodes an axis",
        BLUEGRAD_ERROR_PALETTE_TABLE => c"the words are no table of a palette, one of another version, or a damaged one: build the table anew",
        BLUEGRAD_ERROR_NULL => c"a pointer is NULL that must not be",
        BLUEGRAD_ERROR_MISALIGNED => c"a pointer is not aligned for the type that it points to",
        BLUEGRAD_ERROR_STRUCT_SIZE => c"struct_size is not that of this library's version: pass sizeof, and match header and library",
        BLUEGRAD_ERROR_UNKNOWN_VALUE => c"a choice has a value that this version does not know",
        BLUEGRAD_ERROR_RESERVED => c"a reserved field is not zero: begin with the function that fills in the defaults",
        BLUEGRAD_ERROR_OVERLAP => c"two buffers overlap that must not",
        BLUEGRAD_ERROR_STRIDE => c"a stride must be 0, or at least the bytes of a row or a layer and a multiple of the element's size; plane_offset 0, or at least the bytes of a plane's rows",
        BLUEGRAD_ERROR_POINT_COUNT => c"a point set has 1 to 4194304 points, of which 2 to 131072 can be measured",
        BLUEGRAD_ERROR_NOT_POINTS => c"the block of memory holds no point set, one of another version, or a damaged one: begin anew with bluegrad_points_init",
        BLUEGRAD_ERROR_OTHER => c"the core refused the input",
        _ => c"unknown status",
    }
}

/// The number of an error.
pub(crate) fn code(error: Error) -> bluegrad_status {
    match error {
        Error::Size { .. } => BLUEGRAD_ERROR_SIZE,
        Error::Layers { .. } => BLUEGRAD_ERROR_LAYERS,
        Error::NotFlat { .. } => BLUEGRAD_ERROR_NOT_FLAT,
        Error::Plane { .. } => BLUEGRAD_ERROR_PLANE,
        Error::FlatOnly(_) => BLUEGRAD_ERROR_FLAT_ONLY,
        Error::Reach => BLUEGRAD_ERROR_REACH,
        Error::NotPositive { .. } => BLUEGRAD_ERROR_NOT_POSITIVE,
        Error::TransformSize { .. } => BLUEGRAD_ERROR_TRANSFORM_SIZE,
        Error::DitherSize { .. } => BLUEGRAD_ERROR_DITHER_SIZE,
        Error::Levels { .. } => BLUEGRAD_ERROR_LEVELS,
        Error::Values { .. } => BLUEGRAD_ERROR_VALUES,
        Error::Sink(_) => BLUEGRAD_ERROR_SINK,
        Error::Colors { .. } => BLUEGRAD_ERROR_COLORS,
        Error::SameColors { .. } => BLUEGRAD_ERROR_SAME_COLORS,
        Error::Nodes { .. } => BLUEGRAD_ERROR_NODES,
        Error::PaletteTable(_) => BLUEGRAD_ERROR_PALETTE_TABLE,
        Error::StageCount { .. } => BLUEGRAD_ERROR_STAGE_COUNT,
        Error::StartsTwice { .. } => BLUEGRAD_ERROR_STARTS_TWICE,
        Error::StepCount => BLUEGRAD_ERROR_STEP_COUNT,
        Error::NotSpectral => BLUEGRAD_ERROR_NOT_SPECTRAL,
        Error::WrongStart => BLUEGRAD_ERROR_WRONG_START,
        Error::Number { .. } => BLUEGRAD_ERROR_NUMBER,
        Error::Profile(_) => BLUEGRAD_ERROR_PROFILE,
        Error::DistributionTable => BLUEGRAD_ERROR_DISTRIBUTION_TABLE,
        Error::Level(_) => BLUEGRAD_ERROR_LEVEL,
        Error::Length { .. } => BLUEGRAD_ERROR_LENGTH,
        Error::Alignment => BLUEGRAD_ERROR_ALIGNMENT,
        Error::NotAGenerator(_) => BLUEGRAD_ERROR_NOT_A_GENERATOR,
        Error::NotDone { .. } => BLUEGRAD_ERROR_NOT_DONE,
        Error::TooManyPixels { .. } => BLUEGRAD_ERROR_TOO_MANY_PIXELS,
        Error::Feature(_) | Error::LeftOut(_) => BLUEGRAD_ERROR_FEATURE,
        Error::PointCount { .. } | Error::MeasuredPoints { .. } => BLUEGRAD_ERROR_POINT_COUNT,
        Error::NotPoints(_) => BLUEGRAD_ERROR_NOT_POINTS,
        Error::UnknownValue => BLUEGRAD_ERROR_UNKNOWN_VALUE,
        Error::Reserved => BLUEGRAD_ERROR_RESERVED,
        _ => BLUEGRAD_ERROR_OTHER,
    }
}

/// The status of a result.
pub(crate) fn of(result: Result<(), bluegrad_status>) -> bluegrad_status {
    match result {
        Ok(()) => BLUEGRAD_OK,
        Err(status) => status,
    }
}
