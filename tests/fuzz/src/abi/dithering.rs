//! Dithering rows of any samples with any mask, to any levels in any form; tables of any tones.

use super::statuses::{self, expect};
use crate::guarded::Guarded;
use arbitrary::Arbitrary;
use bluegrad::dither::palette::{PaletteConfig, build};
use bluegrad_ffi::*;
use std::ptr;
use std::sync::LazyLock;

/// A call of `bluegrad_dither_rows`.
#[derive(Arbitrary, Debug)]
pub(super) struct Rows {
    width: u8,
    height: u8,
    fine: bool,
    mask: Vec<u8>,
    samples: Vec<u8>,
    levels: [u16; 3],
    channels: u8,
    form: u8,
    sample: u8,
    sink: u8,
    bits: u8,
    orders: u8,
    simd: u8,
    /// Words of tables that are others than those of a sound one.
    words: Vec<(u16, u32)>,
    /// x, y, the row's number, and the channels' offsets.
    places: [u32; 9],
    reserved: u8,
    rows: u8,
    /// Bytes beyond a row's, of samples and of the output; none: 0.
    strides: [Option<i8>; 2],
    /// Bytes beyond those of plane 0; none: 0.
    plane: Option<i8>,
    room: i8,
    offset: u8,
}

const EVEN: u8 = 0;
const TABLE: u8 = 1;
const PAIRS: u8 = 2;
const PALETTE: u8 = 3;

const COLORS: [[u8; 3]; 4] = [[0, 0, 0], [255, 255, 255], [200, 20, 20], [10, 60, 200]];

/// A sound table of a palette.
static SOUND: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let config = PaletteConfig { nodes: 9, ..PaletteConfig::new(&COLORS) };
    let mut table = vec![0; config.words().expect("of four colours")];
    build(&config, &mut table).expect("four colours");
    table
});

impl Rows {
    pub(super) fn run(&self) {
        let (width, height) = (u32::from(self.width % 40), u32::from(self.height % 40));
        let mut mask = Guarded::new((width * height) as usize * if self.fine { 2 } else { 1 }, 0, false);
        fill(&mut mask, &self.mask);
        let (form, sample, sink) = (self.form % 5, self.sample % 4, self.sink % 8);
        let element = [1, 2, 4, 4][usize::from(sample)];
        let table = self.table(form, sample);
        // as many bytes as any number of levels wants
        let values = Guarded::new(256, 0, true);

        let mut dither = std::mem::MaybeUninit::<bluegrad_dither>::uninit();
        // SAFETY: a struct of that size, to write, and all of it is written.
        let mut dither = unsafe {
            let size = size_of::<bluegrad_dither>() as u32;
            let status = bluegrad_dither_default(dither.as_mut_ptr(), size, mask.pointer(), width, height, 2);
            assert_eq!(status, BLUEGRAD_OK);
            dither.assume_init()
        };
        dither.mask_bits = if self.fine { 16 } else { 8 };
        dither.levels = self.levels.map(|levels| u32::from(levels % 300));
        [dither.x, dither.y, _, ..] = self.places;
        let [.., a, b, c, d, e, f] = self.places;
        dither.channel_offsets = [[a, b], [c, d], [e, f]];
        dither.channels = [1, 3, 3, self.channels.into()][usize::from(self.channels % 4)];
        dither.sample = super::choice(sample.into());
        dither.form = super::choice(form.into());
        dither.sink = super::choice(sink.into());
        dither.bits = (self.bits % 10).into();
        dither.bit_order = super::choice((self.orders % 3).into());
        dither.byte_order = super::choice((self.orders / 3 % 3).into());
        dither.level = super::choice((self.simd % 7).into());
        dither.reserved[1] = u32::from(self.reserved == 255);
        dither.tables = [if form == PALETTE { ptr::null() } else { table.pointer() }; 3];
        dither.values = [values.pointer(); 3];
        dither.palette = table.pointer();
        dither.palette_words = table.bytes().len() / 2;

        let (rows, samples) = (usize::from(self.rows % 4), (self.samples.len() / element).min(600));
        let row = samples * element;
        let stride = |more: Option<i8>, row: usize| more.map_or(0, |more| row.saturating_add_signed(more.into()));
        dither.from_stride = stride(self.strides[0], row);
        let mut from = Guarded::new(extent(dither.from_stride, row, rows), 0, false);
        fill(&mut from, &self.samples);

        // SAFETY: a dither with its mask and tables.
        let size_of_row = unsafe { bluegrad_dither_row_size(&raw const dither, samples) };
        dither.to_stride = stride(self.strides[1], size_of_row);
        let written = extent(dither.to_stride, size_of_row, rows);
        dither.plane_offset = stride(self.plane, written);
        let plane = if dither.plane_offset == 0 { written } else { dither.plane_offset };
        let needed = if sink == 4 { plane + written } else { written };
        let size = needed.saturating_add_signed(self.room.into());
        let to = Guarded::new(size, usize::from(self.offset) % 7, self.offset.is_multiple_of(2));
        let call = |dither: &bluegrad_dither, rows, to: &Guarded, size| {
            // SAFETY: a dither with its mask and tables, so many rows of samples, so many bytes to write.
            unsafe { bluegrad_dither_rows(dither, self.places[2], rows, from.pointer(), samples, to.pointer(), size) }
        };
        let status = call(&dither, rows, &to, size);
        for buffer in [&to, &mask, &from, &table, &values] {
            buffer.check();
        }
        expect("bluegrad_dither_rows", status, statuses::DITHER);
        let plain = width > 0 && height > 0 && matches!(dither.channels, 1 | 3) && self.reserved != 255;
        let plain = plain && samples.is_multiple_of(3) && form == EVEN && sample < 3 && sink < 2;
        let plain = plain && self.orders % 3 < 2 && self.orders / 3 % 3 < 2 && self.simd % 7 < 6;
        let plain = plain && dither.levels.iter().all(|levels| (2..=256).contains(levels)) && self.strides == [None; 2];
        assert!(!(plain && self.room >= 0) || status == BLUEGRAD_OK, "{status}");
        if status != BLUEGRAD_OK {
            assert!(to.bytes().iter().all(|byte| *byte == 0xA5), "written in spite of {status}");
            return;
        }
        assert!(size >= needed);

        // the same as levels, row by row, and what the form makes of them
        let packed = dither;
        dither.sink = super::choice(0);
        // SAFETY: as above.
        let count = unsafe { bluegrad_dither_row_size(&raw const dither, samples) };
        assert_eq!(count, count_of(form, samples));
        dither.to_stride = 0;
        let levels = Guarded::new(count * rows, 0, false);
        assert_eq!(call(&dither, rows, &levels, count * rows), BLUEGRAD_OK);
        let step = if self.strides[1].is_none() { size_of_row } else { stride(self.strides[1], size_of_row) };
        for y in 0..rows {
            let levels = &levels.bytes()[y * count..][..count];
            let from = &from.bytes()[y * if dither.from_stride == 0 { row } else { dither.from_stride }..][..row];
            self.expected(&dither, (form, sample), &mask, &table, y, from, levels);
            let row = |plane: usize| &to.bytes()[plane + y * step..][..size_of_row];
            match sink {
                0 => assert_eq!(row(0), levels),
                1 if form == EVEN => {
                    for (i, (value, level)) in row(0).iter().zip(levels).enumerate() {
                        let steps = dither.levels[i % dither.channels as usize] - 1;
                        assert_eq!(u32::from(*value), (2 * 255 * u32::from(*level) + steps) / (2 * steps));
                    }
                }
                2 => assert!(row(0).iter().all(|byte| *byte == 0xA5)),
                3 => {
                    // eight levels of so many bits
                    // SAFETY: as above.
                    let fewest = unsafe { bluegrad_dither_row_size(&raw const packed, 24) } / (count_of(form, 24) / 8);
                    self.packed(levels, row(0), if dither.bits == 0 { fewest } else { dither.bits as usize });
                }
                4 => {
                    let bit = |bit: u32| levels.iter().map(|level| level >> bit & 1).collect::<Vec<_>>();
                    self.packed(&bit(0), row(0), 1);
                    self.packed(&bit(1), row(plane), 1);
                }
                5 if form == EVEN => {
                    for (byte, rgb) in row(0).iter().zip(levels.chunks(3)) {
                        assert_eq!(*byte, rgb[0] * 32 + rgb[1] * 4 + rgb[2]);
                    }
                }
                6 if form == EVEN => {
                    for (bytes, rgb) in row(0).chunks(2).zip(levels.chunks(3)) {
                        let value = u16::from(rgb[0]) * 2048 + u16::from(rgb[1]) * 32 + u16::from(rgb[2]);
                        let big = self.orders / 3 % 3 == 1;
                        assert_eq!(bytes, if big { value.to_be_bytes() } else { value.to_le_bytes() });
                    }
                }
                _ => {}
            }
            if y + 1 < rows {
                assert!(to.bytes()[y * step + size_of_row..(y + 1) * step].iter().all(|byte| *byte == 0xA5));
            }
        }
    }

    /// A table of the form: sound but for some words.
    fn table(&self, form: u8, sample: u8) -> Guarded {
        let length = match form {
            TABLE if sample == 0 => 4 * 256,
            TABLE => 4 * 65536,
            PAIRS => 4 * 512,
            PALETTE => 2 * SOUND.len() - usize::from(self.reserved == 254),
            _ => 0,
        };
        let mut table = Guarded::new(length, 0, false);
        let bytes = table.bytes_mut();
        if form == PALETTE {
            bytes.copy_from_slice(&bytemuck::cast_slice(&SOUND)[..length]);
            for (at, word) in self.words.iter().take(8) {
                // the header, the order and the axes too
                if let Some(to) = bytes.chunks_exact_mut(2).nth(usize::from(*at)) {
                    to.copy_from_slice(&(*word as u16).to_ne_bytes());
                }
            }
        } else {
            // rising positions of four levels
            let count = length / 4;
            for (i, to) in bytes.chunks_exact_mut(4).enumerate() {
                to.copy_from_slice(&((3_u64 << 24) * i as u64 / count.max(1) as u64).to_ne_bytes()[..4]);
            }
            for (at, word) in self.words.iter().take(8) {
                if let Some(to) = bytes.chunks_exact_mut(4).nth(usize::from(*at)) {
                    to.copy_from_slice(&word.to_ne_bytes());
                }
            }
        }
        table
    }

    /// Checks the levels of a row: even ones by the formula of docs, those of a table by its words, colours by their number.
    #[expect(clippy::too_many_arguments, reason = "what a row is made of")]
    fn expected(
        &self,
        dither: &bluegrad_dither,
        (form, sample): (u8, u8),
        mask: &Guarded,
        table: &Guarded,
        row: usize,
        from: &[u8],
        levels: &[u8],
    ) {
        let channels = dither.channels as usize;
        let n = u64::from(dither.width) * u64::from(dither.height);
        for (i, level) in levels.iter().enumerate() {
            if form == PALETTE {
                assert!(usize::from(*level) < COLORS.len());
                continue;
            }
            let v = match sample {
                0 => u64::from(from[i]),
                1 => u64::from(u16::from_ne_bytes([from[2 * i], from[2 * i + 1]])),
                _ => {
                    let v = f32::from_ne_bytes(from[4 * i..4 * i + 4].try_into().expect("four bytes"));
                    if v.is_nan() { 0 } else { (v.clamp(0.0, 1.0) * 65535.0).round_ties_even() as u64 }
                }
            };
            let [dx, dy] = dither.channel_offsets[i % channels].map(u64::from);
            let x = (u64::from(dither.x) + dx + (i / channels) as u64) % u64::from(dither.width);
            let y = u64::from(self.places[2].wrapping_add(row as u32));
            let y = (u64::from(dither.y) + dy + y) % u64::from(dither.height);
            let place = (y * u64::from(dither.width) + x) as usize;
            let (threshold, pixels) = if self.fine {
                (u64::from(u16::from_ne_bytes([mask.bytes()[2 * place], mask.bytes()[2 * place + 1]])), n)
            } else {
                ((2 * u64::from(mask.bytes()[place]) + 1) << 7, 256)
            };
            let wanted = match form {
                EVEN => {
                    let steps = u64::from(dither.levels[i % channels]) - 1;
                    if sample == 0 && !self.fine {
                        let texel = u64::from(mask.bytes()[place]);
                        (v * steps + texel - u64::from(texel >= 128)) / 255
                    } else {
                        let v = if sample == 0 { 257 * v } else { v };
                        let half = if 32768 % pixels == 0 { 0 } else { 128 };
                        ((v * steps << 24) / 65535 + (threshold << 8) + half) >> 24
                    }
                }
                TABLE => {
                    let position = table.bytes()[4 * v as usize..][..4].try_into().expect("four bytes");
                    u64::from(u32::from_ne_bytes(position).wrapping_add((threshold as u32) << 8) >> 24)
                }
                _ => continue,
            };
            assert_eq!(u64::from(*level), wanted, "sample {i}, {v}, threshold {threshold}");
        }
    }

    /// Checks packed levels, most significant bits first or last.
    fn packed(&self, levels: &[u8], bytes: &[u8], bits: usize) {
        let mut wanted = vec![0_u8; (levels.len() * bits).div_ceil(8)];
        for (i, level) in levels.iter().enumerate() {
            let at = i * bits % 8;
            // levels of a table of any words may have more bits: they are not compared
            if bits < 8 && level >> bits != 0 {
                return;
            }
            wanted[i * bits / 8] |= level << if self.orders % 3 == 0 { 8 - bits - at } else { at };
        }
        assert_eq!(bytes, wanted);
    }
}

/// Levels of so many samples.
fn count_of(form: u8, samples: usize) -> usize {
    if form == PALETTE { samples / 3 } else { samples }
}

/// Bytes of so many rows.
fn extent(stride: usize, row: usize, rows: usize) -> usize {
    let stride = if stride == 0 { row } else { stride };
    if rows == 0 { 0 } else { stride * (rows - 1) + row }
}

/// Repeats bytes.
fn fill(to: &mut Guarded, from: &[u8]) {
    let from = [17].into_iter().chain(from.iter().copied()).cycle();
    to.bytes_mut().iter_mut().zip(from).for_each(|(to, from)| *to = from);
}

/// A call of `bluegrad_tone_fill` or `_pairs`.
#[derive(Arbitrary, Debug)]
pub(super) struct Tone {
    values: Vec<u16>,
    sorted: bool,
    mix: u8,
    pixels: u32,
    pairs: bool,
    length: u8,
}

impl Tone {
    pub(super) fn run(&self) {
        let mut values = self.values[..self.values.len().min(300)].to_vec();
        if self.sorted {
            values.sort_unstable();
            values.dedup();
        }
        let words =
            if self.pairs { 512 } else { [256, 256, 65536, usize::from(self.length)][usize::from(self.length % 4)] };
        let table = Guarded::new(4 * words, 0, self.length.is_multiple_of(2));
        let (pixels, mix) = (self.pixels % ((1 << 24) + 2), u32::from(self.mix % 3));
        let (from, count) = (values.as_ptr(), values.len());
        // SAFETY: so many values, so many words to write.
        let status = unsafe {
            if self.pairs {
                bluegrad_tone_fill_pairs(from, count, super::choice(mix), pixels, table.pointer())
            } else {
                bluegrad_tone_fill(from, count, super::choice(mix), pixels, table.pointer(), words)
            }
        };
        table.check();
        expect("bluegrad_tone_fill", status, statuses::TONE);
        let sound = (2..=256).contains(&count) && values.is_sorted_by(|a, b| a < b) && mix < 2;
        let sound = sound && (1..=1 << 24).contains(&pixels);
        let sound =
            sound && (if self.pairs { values.iter().all(|v| v % 257 == 0) } else { matches!(words, 256 | 65536) });
        assert_eq!(status == BLUEGRAD_OK, sound, "{status}");
        if !sound {
            assert!(table.bytes().iter().all(|byte| *byte == 0xA5), "written in spite of {status}");
            return;
        }
        let words: Vec<u32> =
            table.bytes().chunks_exact(4).map(|w| u32::from_ne_bytes(w.try_into().expect("4"))).collect();
        let positions: Vec<u32> = words.iter().copied().step_by(if self.pairs { 2 } else { 1 }).collect();
        assert!(positions.is_sorted() && positions[0] >> 24 == 0);
        assert_eq!(positions[positions.len() - 1] >> 24, count as u32 - 1);
        // a code that is an output value has no dots, a code between two has the level below or above
        for (i, position) in positions.iter().enumerate().filter(|_| !self.pairs) {
            let code = if positions.len() == 256 { 257 * i } else { i };
            let below = values.partition_point(|v| usize::from(*v) <= code).saturating_sub(1) as u32;
            let exact = values.iter().any(|v| usize::from(*v) == code) || code < values[0].into();
            let level = position >> 24;
            assert!(if exact { *position == below << 24 } else { level == below || *position == (below + 1) << 24 });
        }
    }
}
