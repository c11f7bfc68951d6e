//! What the header says that each function may return.

use bluegrad_ffi::*;

/// Of what edits a configuration.
pub(super) const EDIT: &[i32] = &[
    BLUEGRAD_ERROR_STRUCT_SIZE,
    BLUEGRAD_ERROR_RESERVED,
    BLUEGRAD_ERROR_UNKNOWN_VALUE,
    BLUEGRAD_ERROR_NUMBER,
    BLUEGRAD_ERROR_STAGE_COUNT,
    BLUEGRAD_ERROR_SIZE,
    BLUEGRAD_ERROR_LAYERS,
    BLUEGRAD_ERROR_NOT_POSITIVE,
];

/// Of `bluegrad_config_check`.
pub(super) const CONFIG: &[i32] = &[
    BLUEGRAD_ERROR_STRUCT_SIZE,
    BLUEGRAD_ERROR_RESERVED,
    BLUEGRAD_ERROR_UNKNOWN_VALUE,
    BLUEGRAD_ERROR_SIZE,
    BLUEGRAD_ERROR_LAYERS,
    BLUEGRAD_ERROR_FLAT_ONLY,
    BLUEGRAD_ERROR_NOT_POSITIVE,
    BLUEGRAD_ERROR_REACH,
    BLUEGRAD_ERROR_TRANSFORM_SIZE,
    BLUEGRAD_ERROR_STAGE_COUNT,
    BLUEGRAD_ERROR_STEP_COUNT,
    BLUEGRAD_ERROR_STARTS_TWICE,
    BLUEGRAD_ERROR_NUMBER,
    BLUEGRAD_ERROR_PROFILE,
    BLUEGRAD_ERROR_DISTRIBUTION_TABLE,
];

/// Of `bluegrad_open`.
pub(super) const OPEN: &[i32] = &[BLUEGRAD_ERROR_ALIGNMENT, BLUEGRAD_ERROR_LENGTH, BLUEGRAD_ERROR_NOT_A_GENERATOR];

/// Of what takes a generator alone.
pub(super) const GENERATOR: &[i32] = &[BLUEGRAD_ERROR_NOT_A_GENERATOR];

/// Of `bluegrad_evaluate`.
pub(super) const EVALUATE: &[i32] = &[
    BLUEGRAD_ERROR_NOT_A_GENERATOR,
    BLUEGRAD_ERROR_RESERVED,
    BLUEGRAD_ERROR_UNKNOWN_VALUE,
    BLUEGRAD_ERROR_NOT_SPECTRAL,
    BLUEGRAD_ERROR_NUMBER,
    BLUEGRAD_ERROR_PROFILE,
];

/// Of `bluegrad_read_*`.
pub(super) const READ: &[i32] = &[
    BLUEGRAD_ERROR_NOT_A_GENERATOR,
    BLUEGRAD_ERROR_MISALIGNED,
    BLUEGRAD_ERROR_NOT_DONE,
    BLUEGRAD_ERROR_PLANE,
    BLUEGRAD_ERROR_STRIDE,
    BLUEGRAD_ERROR_LENGTH,
    BLUEGRAD_ERROR_UNKNOWN_VALUE,
    BLUEGRAD_ERROR_NUMBER,
    BLUEGRAD_ERROR_DISTRIBUTION_TABLE,
    BLUEGRAD_ERROR_VALUES,
];

/// Of `bluegrad_measure`.
pub(super) const MEASURE: &[i32] =
    &[BLUEGRAD_ERROR_SIZE, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_LENGTH, BLUEGRAD_ERROR_NUMBER];

/// Of `bluegrad_measure_volume`.
pub(super) const MEASURE_VOLUME: &[i32] = &[
    BLUEGRAD_ERROR_SIZE,
    BLUEGRAD_ERROR_LAYERS,
    BLUEGRAD_ERROR_MISALIGNED,
    BLUEGRAD_ERROR_LENGTH,
    BLUEGRAD_ERROR_NUMBER,
];

/// Of `bluegrad_pair_loss`.
pub(super) const PAIR_LOSS: &[i32] = &[
    BLUEGRAD_ERROR_SIZE,
    BLUEGRAD_ERROR_LAYERS,
    BLUEGRAD_ERROR_MISALIGNED,
    BLUEGRAD_ERROR_LENGTH,
    BLUEGRAD_ERROR_UNKNOWN_VALUE,
    BLUEGRAD_ERROR_PLANE,
    BLUEGRAD_ERROR_NUMBER,
];

/// Of `bluegrad_powers_probe`.
pub(super) const PROBE: &[i32] = &[
    BLUEGRAD_ERROR_UNKNOWN_VALUE,
    BLUEGRAD_ERROR_SIZE,
    BLUEGRAD_ERROR_LAYERS,
    BLUEGRAD_ERROR_NUMBER,
    BLUEGRAD_ERROR_ALIGNMENT,
    BLUEGRAD_ERROR_LENGTH,
];

/// Of `bluegrad_dither_rows`.
pub(super) const DITHER: &[i32] = &[
    BLUEGRAD_ERROR_RESERVED,
    BLUEGRAD_ERROR_UNKNOWN_VALUE,
    BLUEGRAD_ERROR_DITHER_SIZE,
    BLUEGRAD_ERROR_LEVELS,
    BLUEGRAD_ERROR_PALETTE_TABLE,
    BLUEGRAD_ERROR_SINK,
    BLUEGRAD_ERROR_STRIDE,
    BLUEGRAD_ERROR_LENGTH,
];

/// Of `bluegrad_tone_fill` and `_pairs`.
pub(super) const TONE: &[i32] = &[
    BLUEGRAD_ERROR_UNKNOWN_VALUE,
    BLUEGRAD_ERROR_LEVELS,
    BLUEGRAD_ERROR_VALUES,
    BLUEGRAD_ERROR_NUMBER,
    BLUEGRAD_ERROR_LENGTH,
];

/// Panics unless it is BLUEGRAD_OK or one of those, and has a text.
pub(super) fn expect(function: &str, status: i32, documented: &[i32]) {
    assert!(status == BLUEGRAD_OK || documented.contains(&status), "{function} returned {status}");
    // SAFETY: never NULL, static, ends with a NUL.
    let text = unsafe { std::ffi::CStr::from_ptr(bluegrad_status_string(status)) };
    assert!(text != c"unknown status", "{function} returned {status}");
}
