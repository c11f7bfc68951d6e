//! Apply: dither rows of pixels with a mask.
//!
//! bluegrad_dither_default describes the mask, the samples, the levels and the form of the output; then rows of a picture are one call of
//! bluegrad_dither_rows. The rows are independent of each other, so they may be spread over threads. bluegrad_tone_fill makes tables for
//! other levels than even ones, mixed in code values or in light, and bluegrad_palette_build one for the colours of a palette.

mod palette;
mod tone;

pub use palette::*;
pub use tone::*;

use crate::border;
use crate::status::*;
use bluegrad::dither::palette::Palette;
use bluegrad::dither::{BitOrder, ByteOrder, Levels as CoreLevels, Samples, Sink as CoreSink, Thresholds};
use bluegrad::{Dither, Shape, SimdLevel};
use bytemuck::{CheckedBitPattern, Zeroable};
use core::ffi::c_void;
use core::mem::MaybeUninit;

/// Type of the samples of a row.
#[derive(Clone, Copy, CheckedBitPattern)]
#[repr(u32)]
pub enum Sample {
    /// uint8_t codes.
    U8 = 0,
    /// uint16_t codes.
    U16 = 1,
    /// float codes from 0 to 1, rounded to 16 bits; NaN counts as 0.
    F32 = 2,
}

/// What samples become.
#[derive(Clone, Copy, CheckedBitPattern)]
#[repr(u32)]
pub enum Levels {
    /// `levels` even levels from black to white, in code values. No table.
    Even = 0,
    /// Levels by tables of bluegrad_tone_fill.
    Table = 1,
    /// Levels by tables of bluegrad_tone_fill_pairs, for samples of 16 bits and floats.
    Pairs = 2,
    /// The colours of a palette, by a table of bluegrad_palette_build. Samples are RGB, and a level is the index of a colour, one per pixel.
    Palette = 3,
}

/// Form of the output. A level is the index of an output value; a row has as many levels as samples, or one per pixel for a palette.
#[derive(Clone, Copy, CheckedBitPattern)]
#[repr(u32)]
pub enum Sink {
    /// One byte per level.
    Levels = 0,
    /// 8-bit values of even levels, round(255*level/(levels - 1)). Not for a palette.
    Values = 1,
    /// One byte per level, looked up in `values`.
    Mapped = 2,
    /// Levels of `bits` bits, one after the other in `bit_order`; unused bits of a row's last byte are 0.
    Packed = 3,
    /// Two planes of 1 bit per pixel, bit 0 and bit 1 of the level, for grey or a palette of at most 4 levels.
    Planes = 4,
    /// RGB of at most 8, 8 and 4 levels in a byte: rrrgggbb.
    Rgb332 = 5,
    /// RGB of at most 32, 64 and 32 levels in two bytes, in `byte_order`.
    Rgb565 = 6,
}

/// A mask, where it lies, and what comes in and goes out: all that rows need. Filled in by bluegrad_dither_default, then free to edit;
/// nothing to free.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct bluegrad_dither {
    /// sizeof(bluegrad_dither): another size is answered as in bluegrad_config.
    pub struct_size: u32,
    /// 1: a row is grey samples; 3: interleaved RGB.
    pub channels: u32,
    /// The mask, width*height thresholds, row by row without a gap. It is read at each call.
    pub mask: *const c_void,
    /// BLUEGRAD_LEVELS_TABLE: the table of each channel, 256 words for 8-bit samples, else 65536. BLUEGRAD_LEVELS_PAIRS: 512 words. Grey
    /// uses the first. Else unused.
    pub tables: [*const u32; 3],
    /// BLUEGRAD_SINK_MAPPED: for each channel a byte per level; grey and palettes use the first. Else unused.
    pub values: [*const u8; 3],
    /// BLUEGRAD_LEVELS_PALETTE: a table of bluegrad_palette_build. It is checked at each call: give many rows a call. Else unused.
    pub palette: *const u16,
    /// Its words.
    pub palette_words: usize,
    /// Bytes from row to row of the samples; 0: rows without a gap.
    pub from_stride: usize,
    /// Bytes from row to row of the output; 0: rows without a gap.
    pub to_stride: usize,
    /// BLUEGRAD_SINK_PLANES: bytes from the first row of plane 0 to that of plane 1, past the rows of plane 0; 0: plane 1 follows them
    /// without a gap. Else unused.
    pub plane_offset: usize,
    /// Bits of a threshold of the mask. 8: texels of bluegrad_read_dither_texels, _read_two_level_texels or _read_u8. 16: uint16_t
    /// thresholds of bluegrad_read_thresholds.
    pub mask_bits: u32,
    /// Width of the mask, 1 to 4096 pixels.
    pub width: u32,
    /// Height of the mask, 1 to 4096 pixels.
    pub height: u32,
    /// Column of the mask over the picture's first: another one gives another frame's noise. It wraps.
    pub x: u32,
    /// Row of the mask over the picture's first. It wraps.
    pub y: u32,
    /// (x, y) that is added for red, green and blue; not for a palette. All 0: grey stays grey. (0, 0), (width/3, height/3), (2*width/3,
    /// 2*height/3): less noise in the brightness.
    pub channel_offsets: [[u32; 2]; 3],
    /// Type of the samples.
    pub sample: MaybeUninit<Sample>,
    /// Which levels samples become.
    pub form: MaybeUninit<Levels>,
    /// BLUEGRAD_LEVELS_EVEN: levels of each channel, 2 to 256; grey uses the first.
    pub levels: [u32; 3],
    /// Form of the output.
    pub sink: MaybeUninit<Sink>,
    /// BLUEGRAD_SINK_PACKED: bits per level, 1, 2, 4 or 8; 0: the fewest that hold every level.
    pub bits: u32,
    /// Place of the first level in a byte of packed levels or of planes.
    pub bit_order: MaybeUninit<BitOrder>,
    /// Order of the two bytes of RGB565.
    pub byte_order: MaybeUninit<ByteOrder>,
    /// Instruction set; it changes no byte. BLUEGRAD_LEVEL_AUTO: the best that the CPU has.
    pub level: MaybeUninit<SimdLevel>,
    /// 0, or BLUEGRAD_ERROR_RESERVED: room for later versions.
    pub reserved: [u32; 11],
}

/// Fills in a dither: 8-bit grey to even levels, 8-bit texels, no offsets, one byte per level. Nothing is checked but the pointer and the
/// size; the calls with rows check the rest.
///
/// out: gets it. struct_size: sizeof(bluegrad_dither). texels, width, height: the mask. levels: 2 to 256.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_dither_default(
    out: *mut bluegrad_dither,
    struct_size: u32,
    texels: *const u8,
    width: u32,
    height: u32,
    levels: u32,
) -> bluegrad_status {
    if struct_size as usize != size_of::<bluegrad_dither>() {
        return BLUEGRAD_ERROR_STRUCT_SIZE;
    }
    let (channel_offsets, reserved) = Zeroable::zeroed();
    let dither = bluegrad_dither {
        struct_size,
        channels: 1,
        mask: texels.cast(),
        tables: [core::ptr::null(); 3],
        values: [core::ptr::null(); 3],
        palette: core::ptr::null(),
        palette_words: 0,
        from_stride: 0,
        to_stride: 0,
        plane_offset: 0,
        mask_bits: 8,
        width,
        height,
        x: 0,
        y: 0,
        channel_offsets,
        sample: MaybeUninit::new(Sample::U8),
        form: MaybeUninit::new(Levels::Even),
        levels: [levels; 3],
        sink: MaybeUninit::new(Sink::Levels),
        bits: 0,
        bit_order: MaybeUninit::new(BitOrder::MsbFirst),
        byte_order: MaybeUninit::new(ByteOrder::LittleEndian),
        level: MaybeUninit::new(SimdLevel::Auto),
        reserved,
    };
    // SAFETY: the caller's promise.
    of(unsafe { border::write(out, dither) })
}

const _: () = {
    let words = size_of::<[*const u8; 8]>() + size_of::<[usize; 4]>() + size_of::<[u32; 34]>();
    assert!(size_of::<bluegrad_dither>() == words, "no padding on any target");
};

/// A dither of C, checked, and the core's form of it.
struct Checked<'a> {
    given: &'a bluegrad_dither,
    core: Dither<'a>,
    sample: Sample,
    sink: Sink,
    bit_order: BitOrder,
    byte_order: ByteOrder,
    palette: bool,
    /// Output bytes, one per level of each channel, for [`Sink::Mapped`].
    values: [&'a [u8]; 3],
    /// What levels are looked up in: address and bytes.
    tables: [(*const c_void, usize); 3],
}

/// Three slices, one for each channel that there is; the others are empty.
///
/// # Safety
/// Each pointer of the first `channels` is NULL, misaligned or readable for its length.
unsafe fn each<'a, T: bytemuck::AnyBitPattern>(
    pointers: [*const T; 3],
    lengths: [usize; 3],
    channels: u32,
) -> Result<[&'a [T]; 3], bluegrad_status> {
    let mut slices = [&[][..]; 3];
    for (to, (pointer, length)) in slices.iter_mut().zip(pointers.into_iter().zip(lengths)).take(channels as usize) {
        // SAFETY: the caller's promise.
        *to = unsafe { border::slice(pointer, length) }?;
    }
    Ok(slices)
}

impl<'a> Checked<'a> {
    /// # Safety
    /// NULL, misaligned, or readable as far as its `struct_size` says, and its mask and tables readable.
    unsafe fn new(dither: *const bluegrad_dither) -> Result<Self, bluegrad_status> {
        // SAFETY: the caller's promise; a dither of any version begins with this word.
        let size = *unsafe { border::reference(dither.cast::<u32>()) }?;
        if size as usize != size_of::<bluegrad_dither>() {
            return Err(BLUEGRAD_ERROR_STRUCT_SIZE);
        }
        // SAFETY: the caller's promise, and the size is this version's.
        let given = unsafe { border::reference(dither) }?;
        if given.reserved.iter().any(|word| *word != 0) {
            return Err(BLUEGRAD_ERROR_RESERVED);
        }
        let (sample, form) = (border::choice(given.sample)?, border::choice(given.form)?);
        let (sink, level) = (border::choice(given.sink)?, border::choice::<SimdLevel>(given.level)?);
        let (bit_order, byte_order) = (border::choice(given.bit_order)?, border::choice(given.byte_order)?);
        let shape = Shape::new(given.width, given.height);
        bluegrad::dither::check(shape).map_err(code)?;
        let mask = match given.mask_bits {
            // SAFETY: the caller's promise.
            8 => Thresholds::U8(unsafe { border::slice(given.mask.cast(), shape.pixels()) }?),
            // SAFETY: the caller's promise.
            16 => Thresholds::U16(unsafe { border::slice(given.mask.cast(), shape.pixels()) }?),
            _ => return Err(BLUEGRAD_ERROR_UNKNOWN_VALUE),
        };
        let channels = given.channels;
        let length = if matches!(sample, Sample::U8) { 256 } else { 65536 };
        let mut tables = [(core::ptr::null(), 0); 3];
        // SAFETY (each): the caller's promise; a pair is two words.
        let levels = match form {
            Levels::Even => Some(CoreLevels::Even(given.levels)),
            Levels::Table => {
                // SAFETY: see above.
                let all = unsafe { each(given.tables, [length; 3], channels) }?;
                tables = all.map(range);
                Some(CoreLevels::Table(all))
            }
            Levels::Pairs => {
                // SAFETY: see above.
                let all = unsafe { each(given.tables.map(<*const u32>::cast), [256; 3], channels) }?;
                tables = all.map(range);
                Some(CoreLevels::Pairs(all))
            }
            Levels::Palette => None,
        };
        let core = match (channels, levels) {
            (1, Some(CoreLevels::Even([levels, ..]))) => Dither::grey(mask, shape, CoreLevels::Even([levels])),
            (1, Some(CoreLevels::Table([table, ..]))) => Dither::grey(mask, shape, CoreLevels::Table([table])),
            (1, Some(CoreLevels::Pairs([pairs, ..]))) => Dither::grey(mask, shape, CoreLevels::Pairs([pairs])),
            (3, Some(levels)) => Dither::rgb(mask, shape, levels),
            (3, None) => {
                // SAFETY: the caller's promise.
                let table = unsafe { border::slice(given.palette, given.palette_words) }?;
                tables[0] = range(table);
                Dither::palette(mask, shape, Palette::new(table).map_err(code)?)
            }
            _ => return Err(BLUEGRAD_ERROR_UNKNOWN_VALUE),
        };
        let core = core.map_err(code)?.at(given.x, given.y).channel_offsets(given.channel_offsets).simd(level);
        let palette = matches!(form, Levels::Palette);
        let mapped = if palette { 1 } else { channels };
        let values = match sink {
            // SAFETY: the caller's promise.
            Sink::Mapped => unsafe { each(given.values, core.levels().map(usize::from), mapped) }?,
            _ => [&[][..]; 3],
        };
        let all = Self { given, core, sample, sink, bit_order, byte_order, palette, values, tables };
        // a row of no samples: whether the levels have this form
        let none = match sample {
            Sample::U8 => Samples::U8(&[]),
            Sample::U16 => Samples::U16(&[]),
            Sample::F32 => Samples::F32(&[]),
        };
        all.core.row(0, none, all.sink(&mut [], &mut [])).map_err(code)?;
        Ok(all)
    }

    /// Samples of a pixel.
    fn channels(&self) -> usize {
        if self.given.channels == 3 { 3 } else { 1 }
    }

    /// Bits of a packed level.
    fn bits(&self) -> u32 {
        if self.given.bits == 0 { self.core.bits() } else { self.given.bits }
    }

    /// Bytes of a row of the output, of a plane for two planes.
    fn row_size(&self, samples: usize) -> Result<usize, bluegrad_status> {
        if !samples.is_multiple_of(self.channels()) {
            return Err(BLUEGRAD_ERROR_LENGTH);
        }
        let levels = if self.palette { samples / 3 } else { samples };
        Ok(match self.sink {
            Sink::Levels | Sink::Values | Sink::Mapped => levels,
            // 1, 2, 4 or 8, as `new` checks
            Sink::Packed => levels.div_ceil((8 / self.bits().max(1)).max(1) as usize),
            Sink::Planes => levels.div_ceil(8),
            Sink::Rgb332 => samples / 3,
            Sink::Rgb565 => samples / 3 * 2,
        })
    }

    /// The core's sink: a row, and for two planes the row of the second.
    fn sink<'s>(&self, to: &'s mut [u8], second: &'s mut [u8]) -> CoreSink<'s>
    where
        'a: 's,
    {
        let order = self.bit_order;
        match self.sink {
            Sink::Levels => CoreSink::Levels(to),
            Sink::Values => CoreSink::Values(to),
            Sink::Mapped => CoreSink::Mapped { to, values: self.values },
            Sink::Packed => CoreSink::Packed { to, bits: self.bits(), order },
            Sink::Planes => CoreSink::Planes { to: [to, second], order },
            Sink::Rgb332 => CoreSink::Rgb332(to),
            Sink::Rgb565 => CoreSink::Rgb565 { to, order: self.byte_order },
        }
    }

    /// An error unless `to` lies apart from all that rows are made of but the samples.
    fn apart(&self, to: *const u8, size: usize) -> Result<(), bluegrad_status> {
        let pixels = Shape::new(self.given.width, self.given.height).pixels();
        border::apart(self.given, size_of::<bluegrad_dither>(), to, size)?;
        border::apart(self.given.mask, pixels * self.given.mask_bits as usize / 8, to, size)?;
        for (table, bytes) in self.tables.into_iter().chain(self.values.map(range)) {
            border::apart(table, bytes, to, size)?;
        }
        Ok(())
    }
}

/// Address and bytes of a slice.
fn range<T>(slice: &[T]) -> (*const c_void, usize) {
    (slice.as_ptr().cast(), size_of_val(slice))
}

/// Bytes from row to row, and bytes of so many rows.
fn extent(stride: usize, row: usize, rows: usize, element: usize) -> Result<(usize, usize), bluegrad_status> {
    let stride = match stride {
        0 => row,
        stride if stride < row || !stride.is_multiple_of(element) => return Err(BLUEGRAD_ERROR_STRIDE),
        stride => stride,
    };
    let between = stride.checked_mul(rows.saturating_sub(1));
    let bytes = between.and_then(|bytes| bytes.checked_add(row)).ok_or(BLUEGRAD_ERROR_LENGTH)?;
    Ok((stride, if rows == 0 { 0 } else { bytes }))
}

/// Bytes of a row of the output, for so many samples; of one plane for BLUEGRAD_SINK_PLANES. 0 if the dither is invalid, and if samples of
/// RGB are not a multiple of three.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_dither_row_size(dither: *const bluegrad_dither, samples: usize) -> usize {
    // SAFETY: the caller's promise.
    unsafe { Checked::new(dither) }.and_then(|dither| dither.row_size(samples)).unwrap_or(0)
}

/// Dithers rows of a picture.
///
/// dither: see there. y: number of the first row in the picture, from the top. rows: their number. from: the first row's samples, of RGB
/// interleaved; the rows are from_stride bytes apart. samples: their number in a row, of RGB a multiple of three. to: gets the first row;
/// the rows are to_stride bytes apart. size: bytes at `to`, at least to_stride*(rows - 1) + bluegrad_dither_row_size; for two planes
/// twice that, or plane_offset more. Bytes between rows are not touched. After an error nothing is written.
/// Even levels of 8-bit samples v under texels t: floor((v*(levels - 1) + t')/255), t' = t - (t >= 128). Black, white, and every sample
/// that equals an output value have no dots.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _DITHER_SIZE, _LEVELS, _PALETTE_TABLE, _SINK
/// for a form that the levels do not have and for pairs with 8-bit samples, _STRIDE, _LENGTH, _OVERLAP of `to` and what is read.
/// May be called from any thread, for several rows at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_dither_rows(
    dither: *const bluegrad_dither,
    y: u32,
    rows: usize,
    from: *const c_void,
    samples: usize,
    to: *mut u8,
    size: usize,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let dither = unsafe { Checked::new(dither) }?;
        // SAFETY: the caller's promise.
        unsafe { dither_rows(&dither, (y, rows), (from, samples), (to, size)) }
    };
    of(run())
}

/// # Safety
/// `from` and `to` are NULL, misaligned, or valid for their rows.
unsafe fn dither_rows(
    dither: &Checked<'_>,
    (y, rows): (u32, usize),
    (from, samples): (*const c_void, usize),
    (to, size): (*mut u8, usize),
) -> Result<(), bluegrad_status> {
    let Checked { given, core, .. } = dither;
    let element = match dither.sample {
        Sample::U8 => 1,
        Sample::U16 => 2,
        Sample::F32 => 4,
    };
    let row = dither.row_size(samples)?;
    let bytes = samples.checked_mul(element).ok_or(BLUEGRAD_ERROR_LENGTH)?;
    let (from_stride, read) = extent(given.from_stride, bytes, rows, element)?;
    let (to_stride, written) = extent(given.to_stride, row, rows, 1)?;
    let planes = matches!(dither.sink, Sink::Planes);
    let plane = match given.plane_offset {
        offset if planes && 0 < offset && offset < written => return Err(BLUEGRAD_ERROR_STRIDE),
        offset if planes && 0 < offset => offset,
        _ => written,
    };
    if (if planes { plane.checked_add(written) } else { Some(written) }).is_none_or(|needed| needed > size) {
        return Err(BLUEGRAD_ERROR_LENGTH);
    }
    match dither.sample {
        Sample::U8 => border::check_len(from.cast::<u8>(), read),
        Sample::U16 => border::check_len(from.cast::<u16>(), read / 2),
        Sample::F32 => border::check_len(from.cast::<f32>(), read / 4),
    }?;
    border::check_len(to, size)?;
    border::apart(from, read, to, size)?;
    dither.apart(to, size)?;
    if samples == 0 {
        // however many rows
        return Ok(());
    }
    // SAFETY: the caller's promise, and apart from what is read.
    let mut to = unsafe { border::slice_mut(to, size) }?;
    let (mut first, mut second) = if planes {
        to.split_at_mut_checked(plane).ok_or(BLUEGRAD_ERROR_LENGTH)?
    } else {
        (core::mem::take(&mut to), &mut [][..])
    };
    for index in 0..rows {
        let at = from.cast::<u8>().wrapping_add(index * from_stride);
        // SAFETY (each): the caller's promise.
        let samples = match dither.sample {
            // SAFETY: see above.
            Sample::U8 => Samples::U8(unsafe { border::slice(at, samples) }?),
            // SAFETY: see above.
            Sample::U16 => Samples::U16(unsafe { border::slice(at.cast(), samples) }?),
            // SAFETY: see above.
            Sample::F32 => Samples::F32(unsafe { border::slice(at.cast(), samples) }?),
        };
        debug_assert!(first.len() >= row, "`size` has room for every row");
        let low = row.min(second.len());
        let sink = dither.sink(first.get_mut(..row).unwrap_or_default(), second.get_mut(..low).unwrap_or_default());
        core.row(y.wrapping_add(index as u32), samples, sink).map_err(code)?;
        first = core::mem::take(&mut first).get_mut(to_stride..).unwrap_or_default();
        second = core::mem::take(&mut second).get_mut(to_stride..).unwrap_or_default();
    }
    Ok(())
}
