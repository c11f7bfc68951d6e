//! The mask, in every form, into rows that may lie apart.

use crate::border;
use crate::config::bluegrad_distribution;
use crate::convert;
use crate::generator::{bluegrad_generator, open};
use crate::status::*;
use bluegrad::{Distribution, Error, Mask, Range, dither};

/// Where floats lie: one of BLUEGRAD_RANGE_*.
pub type bluegrad_range = u32;
/// From 0 to less than 1.
pub const BLUEGRAD_RANGE_UNIT: bluegrad_range = 0;
/// From -1 to less than 1.
pub const BLUEGRAD_RANGE_SIGNED: bluegrad_range = 1;

/// Where a mask goes: the caller's rows.
struct Rows<T> {
    to: *mut T,
    size: usize,
    stride: usize,
}

/// Bytes from row to row, checked; 0 stands for rows without a gap.
fn stride<T>(row_stride: usize, width: usize) -> Result<usize, bluegrad_status> {
    let row = width * size_of::<T>();
    match row_stride {
        0 => Ok(row),
        stride if stride < row || !stride.is_multiple_of(size_of::<T>()) => Err(BLUEGRAD_ERROR_STRIDE),
        stride => Ok(stride),
    }
}

/// Writes a finished mask, row by row.
///
/// # Safety
/// `generator` as [`open`] wants it; `rows` is NULL, misaligned or may be written for `size` bytes.
unsafe fn read<T: bytemuck::AnyBitPattern + bytemuck::NoUninit>(
    generator: *const bluegrad_generator,
    rows: Rows<T>,
    write: impl Fn(&Mask<'_>, &mut [T]) -> Result<(), Error>,
) -> Result<(), bluegrad_status> {
    // SAFETY: the caller's promise.
    let opened = unsafe { open(generator) }?;
    let mask = opened.mask().map_err(code)?;
    let (width, height) = (mask.shape().width as usize, mask.shape().height as usize);
    let stride = stride::<T>(rows.stride, width)?;
    let needed =
        stride.checked_mul(height.saturating_sub(1)).and_then(|bytes| bytes.checked_add(width * size_of::<T>()));
    if needed.is_none_or(|needed| rows.size < needed) {
        return Err(BLUEGRAD_ERROR_LENGTH);
    }
    let elements = rows.size / size_of::<T>();
    let bytes = bluegrad::Layout::new(opened.config()).map_err(code)?.bytes();
    border::apart(rows.to, rows.size, generator, bytes)?;
    // SAFETY: the caller's promise, and apart from the generator.
    let mut rest = unsafe { border::slice_mut(rows.to, elements) }?;
    for row in mask.rows() {
        write(&row, rest.get_mut(..width).unwrap_or_default()).map_err(code)?;
        rest = core::mem::take(&mut rest).get_mut(stride / size_of::<T>()..).unwrap_or_default();
    }
    Ok(())
}

/// Reads a finished mask as 8-bit values floor(256*rank/n), n the number of pixels: each of the 256 equally often where 256 divides n.
///
/// generator: one thread at a time. to: the first row; the memory must not be the generator's. size: bytes that may be written from
/// there on: at least row_stride*(height - 1) + width times the element's size. row_stride: bytes from the start of a row to that of the
/// next, a multiple of the element's size; 0: rows without a gap. Bytes between rows are not touched.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _NOT_DONE before the last step, _STRIDE, _LENGTH, _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_u8(
    generator: *const bluegrad_generator,
    to: *mut u8,
    size: usize,
    row_stride: usize,
) -> bluegrad_status {
    let rows = Rows { to, size, stride: row_stride };
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, rows, |row, to| row.write_u8(to)) })
}

/// Reads a finished mask as 16-bit values floor(65536*rank/n). Parameters and errors: as bluegrad_read_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_u16(
    generator: *const bluegrad_generator,
    to: *mut u16,
    size: usize,
    row_stride: usize,
) -> bluegrad_status {
    let rows = Rows { to, size, stride: row_stride };
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, rows, |row, to| row.write_u16(to)) })
}

/// Reads a finished mask as floats Q((rank + 1/2)/n), Q the quantile function of a distribution; never the upper end of the range.
///
/// range: one of BLUEGRAD_RANGE_*. distribution: NULL: uniform. The others, and errors: as bluegrad_read_u8, and
/// BLUEGRAD_ERROR_UNKNOWN_VALUE, _NUMBER for sigma, _DISTRIBUTION_TABLE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_f32(
    generator: *const bluegrad_generator,
    to: *mut f32,
    size: usize,
    row_stride: usize,
    range: bluegrad_range,
    distribution: *const bluegrad_distribution,
) -> bluegrad_status {
    let run = || {
        let range = match range {
            BLUEGRAD_RANGE_UNIT => Range::Unit,
            BLUEGRAD_RANGE_SIGNED => Range::Signed,
            _ => return Err(BLUEGRAD_ERROR_UNKNOWN_VALUE),
        };
        let distribution: Distribution = match distribution {
            none if none.is_null() => Distribution::UNIFORM,
            // SAFETY: the caller's promise.
            given => convert::to_core(*unsafe { border::reference(given) }?)?,
        };
        let rows = Rows { to, size, stride: row_stride };
        // SAFETY: the caller's promise.
        unsafe { read(generator, rows, |row, to| row.write_f32_as(to, range, &distribution)) }
    };
    of(run())
}

/// Reads the ranks of a finished mask: each of 0 to n - 1 once. Parameters and errors: as bluegrad_read_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_ranks(
    generator: *const bluegrad_generator,
    to: *mut u32,
    size: usize,
    row_stride: usize,
) -> bluegrad_status {
    let rows = Rows { to, size, stride: row_stride };
    let copy = |row: &Mask<'_>, to: &mut [u32]| {
        for (to, rank) in to.iter_mut().zip(row.ranks()) {
            *to = *rank;
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, rows, copy) })
}

/// Reads the ranks of a finished mask as 16-bit numbers. Parameters and errors: as bluegrad_read_u8, and
/// BLUEGRAD_ERROR_TOO_MANY_PIXELS past 65536 pixels.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_ranks_u16(
    generator: *const bluegrad_generator,
    to: *mut u16,
    size: usize,
    row_stride: usize,
) -> bluegrad_status {
    let rows = Rows { to, size, stride: row_stride };
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, rows, |row, to| row.write_ranks_u16(to)) })
}

/// Reads a finished mask as the 8-bit texels with which bluegrad_dither_* has exactly the thresholds of the ranks; those of
/// bluegrad_read_u8 will do too, but where 256 does not divide n. Parameters and errors: as bluegrad_read_u8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_dither_texels(
    generator: *const bluegrad_generator,
    to: *mut u8,
    size: usize,
    row_stride: usize,
) -> bluegrad_status {
    let rows = Rows { to, size, stride: row_stride };
    // SAFETY: the caller's promise.
    of(unsafe { read(generator, rows, dither::texels) })
}

/// Reads the present values of a run at any time, to show how it comes about: width*height floats from -1 to 1, row by row without a
/// gap. Pixels that have no place yet are 1.
///
/// generator: one thread at a time. to: the memory must not be the generator's. count: floats there, width*height.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _LENGTH, _OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_read_values(
    generator: *mut bluegrad_generator,
    to: *mut f32,
    count: usize,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let mut opened = unsafe { open(generator) }?;
        if count != opened.config().shape.pixels() {
            return Err(BLUEGRAD_ERROR_LENGTH);
        }
        let bytes = bluegrad::Layout::new(opened.config()).map_err(code)?.bytes();
        border::apart(to, count * size_of::<f32>(), generator, bytes)?;
        // SAFETY: the caller's promise, and apart from the generator.
        opened.write_values(unsafe { border::slice_mut(to, count) }?).map_err(code)
    };
    of(run())
}
