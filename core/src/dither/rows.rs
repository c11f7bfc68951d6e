//! The loop over a row: thresholds, levels, sink, block by block.

use super::bits::{BitOrder, packed_len};
use super::levels::{ByTable, Even8, Even16, Map};
use super::palette::{Palette, indices};
use super::samples::{Samples, code, narrow};
use super::sink::{Form, Sink, reorder};
use super::thresholds::Thresholds;
use super::tiled::{MaskRows, Tiled};
use crate::simd::{BYTES, Kernel, Lanes, Words};
use core::ops::Range;

/// Samples per block, on the stack: a multiple of 3 samples per pixel, of 8 samples per byte, and of [`BYTES`].
const BLOCK: usize = 384;

/// Pixels per block of a palette: a multiple of 8 pixels per byte.
const PIXELS: usize = 128;

/// Samples of a row that share thresholds.
struct Blocks {
    /// Samples per block.
    length: usize,
    /// Whether each block has the same thresholds.
    same: bool,
}

impl Blocks {
    /// Blocks of whole periods, if some fit, so that their thresholds are read once.
    const fn new(period: usize) -> Self {
        let mut unit = period;
        while !unit.is_multiple_of(BYTES) && unit <= BLOCK {
            unit += unit;
        }
        if unit == 0 || unit > BLOCK {
            return Self { length: BLOCK, same: false };
        }
        Self { length: BLOCK - BLOCK % unit, same: true }
    }
}

/// Dithers a row of samples of C channels.
pub(super) struct Row<'r, 's, 'k, const C: usize> {
    pub(super) mask: Tiled<'r>,
    pub(super) map: &'k Map<'r, C>,
    pub(super) form: &'k Form,
    pub(super) y: u32,
    pub(super) samples: Samples<'r>,
    pub(super) sink: &'k mut Sink<'s>,
}

impl<const C: usize> Kernel for Row<'_, '_, '_, C> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let Self { mask, map, form, y, samples, sink } = self;
        let period = mask.period::<C>();
        if let (Map::Even(_), Thresholds::U8(texels), Samples::U8(row)) = (map, mask.thresholds(), samples)
            && let Sink::Packed { to, bits: 1, order } = sink
        {
            one_bit::<V, C>(token, &mask.rows(texels, y), period, row, to, *order);
            return;
        }
        let Blocks { length, same } = Blocks::new(period);
        let (mut texels, mut thresholds) = ([0; BLOCK], [0; BLOCK]);
        let (mut wide, mut levels) = ([0; BLOCK], [0; BLOCK]);
        let (mut first, all) = (0, samples.len());
        while first < all {
            let count = length.min(all - first);
            let range = first..first + count;
            let levels = levels.get_mut(..count).unwrap_or_default();
            // no block is longer than the first
            let fresh = first == 0 || !same;
            if let (Map::Even(even), Thresholds::U8(all), Samples::U8(row)) = (map, mask.thresholds(), samples) {
                if fresh {
                    let to = texels.get_mut(..count).unwrap_or_default();
                    mask.rows::<C, u8>(all, y).write(
                        first / C.max(1),
                        to,
                        #[inline(always)]
                        |texel| texel,
                    );
                }
                let (row, texels) = (row.get(range).unwrap_or_default(), texels.get(..count).unwrap_or_default());
                if let Some(to) = sink.place(first, count) {
                    V::call(token, Even8 { even, row, texels, to });
                    first += count;
                    continue;
                }
                V::call(token, Even8 { even, row, texels, to: levels });
            } else {
                if fresh {
                    fine::<C>(&mask, y, first, thresholds.get_mut(..count).unwrap_or_default());
                }
                let thresholds = thresholds.get(..count).unwrap_or_default();
                let wide = wide.get_mut(..count).unwrap_or_default();
                by_map::<V, C>(token, map, samples, range, thresholds, wide, levels);
            }
            V::call(token, Put { sink, form, first, levels });
            first += count;
        }
    }
}

/// Writes 16-bit thresholds for each sample from `first` on.
#[inline(always)]
fn fine<const C: usize>(mask: &Tiled<'_>, y: u32, first: usize, to: &mut [u16]) {
    let x = first / C.max(1);
    match mask.thresholds() {
        Thresholds::U8(texels) => mask.rows::<C, u8>(texels, y).write(x, to, of_texel),
        Thresholds::U16(fine) => mask.rows::<C, u16>(fine, y).write(
            x,
            to,
            #[inline(always)]
            |threshold| threshold,
        ),
    }
}

/// Finds the levels of a block of samples under 16-bit thresholds; `wide` is room for samples of 16 bits.
#[inline(always)]
fn by_map<V: Lanes, const C: usize>(
    token: V::Token,
    map: &Map<'_, C>,
    samples: Samples<'_>,
    range: Range<usize>,
    thresholds: &[u16],
    wide: &mut [u16],
    to: &mut [u8],
) {
    if let (Map::Table8(tables), Samples::U8(row)) = (map, samples) {
        let row = row.get(range).unwrap_or_default();
        V::call(token, ByTable { tables, row, thresholds, to });
        return;
    }
    let row = match samples {
        Samples::U16(row) => row.get(range).unwrap_or_default(),
        Samples::U8(row) => {
            for (to, v) in wide.iter_mut().zip(row.get(range).unwrap_or_default()) {
                *to = 257 * u16::from(*v);
            }
            wide
        }
        Samples::F32(row) => {
            for (to, v) in wide.iter_mut().zip(row.get(range).unwrap_or_default()) {
                *to = code(*v);
            }
            wide
        }
    };
    match map {
        Map::Even(even) => V::call(token, Even16 { even, row, thresholds, to }),
        Map::Table16(tables) => plain(ByTable { tables, row, thresholds, to }),
        Map::Pairs(tables) => plain(ByTable { tables, row, thresholds, to }),
        Map::Table8(_) => debug_assert!(false, "Dither::row wants 8-bit samples for tables of 256 positions"),
    }
}

/// Runs a kernel whose loads from tables no vector instruction does faster: once for all levels, and faster than what the compiler makes of
/// them for AVX2 (2.2 against 1.9 Gsample/s).
#[inline(always)]
fn plain<K: Kernel>(kernel: K) -> K::Output {
    <f32 as Lanes>::call((), kernel)
}

/// Hands a block of levels to the sink.
struct Put<'p, 's> {
    sink: &'p mut Sink<'s>,
    form: &'p Form,
    first: usize,
    levels: &'p [u8],
}

impl Kernel for Put<'_, '_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        self.sink.put::<V>(token, self.form, self.first, self.levels);
    }
}

/// Dithers a row of RGB to the colours of a palette.
pub(super) struct PaletteRow<'r, 's, 'k> {
    pub(super) mask: Tiled<'r>,
    pub(super) palette: &'k Palette<'r>,
    pub(super) form: &'k Form,
    pub(super) y: u32,
    pub(super) samples: Samples<'r>,
    pub(super) sink: &'k mut Sink<'s>,
}

impl Kernel for PaletteRow<'_, '_, '_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let Self { mask, palette, form, y, samples, sink } = self;
        let (mut thresholds, mut colors, mut levels) = ([0; PIXELS], [[0; 3]; PIXELS], [0; PIXELS]);
        let (mut first, all) = (0, samples.len() / 3);
        while first < all {
            let count = PIXELS.min(all - first);
            let thresholds = thresholds.get_mut(..count).unwrap_or_default();
            fine::<1>(&mask, y, first, thresholds);
            let range = 3 * first..3 * (first + count);
            let pixels = match samples {
                Samples::U8(row) => row.get(range).unwrap_or_default().as_chunks::<3>().0,
                Samples::U16(row) => {
                    for (to, v) in colors.as_flattened_mut().iter_mut().zip(row.get(range).unwrap_or_default()) {
                        *to = narrow(*v);
                    }
                    colors.get(..count).unwrap_or_default()
                }
                Samples::F32(row) => {
                    for (to, v) in colors.as_flattened_mut().iter_mut().zip(row.get(range).unwrap_or_default()) {
                        *to = narrow(code(*v));
                    }
                    colors.get(..count).unwrap_or_default()
                }
            };
            let levels = levels.get_mut(..count).unwrap_or_default();
            indices::<V>(token, palette, pixels, thresholds, levels);
            V::call(token, Put { sink, form, first, levels });
            first += count;
        }
    }
}

/// Returns the 16-bit threshold of a texel as rank m of 256, (2m + 1)·2^15/256.
#[inline(always)]
fn of_texel(texel: u8) -> u16 {
    (2 * u16::from(texel) + 1) << 7
}

/// Two levels of 8-bit samples under 8-bit texels, packed: v + t ≥ 255.
#[inline(always)]
fn one_bit<V: Lanes, const C: usize>(
    token: V::Token,
    mask: &MaskRows<'_, u8, C>,
    period: usize,
    row: &[u8],
    to: &mut [u8],
    order: BitOrder,
) {
    let Blocks { length, same } = Blocks::new(period);
    // at least 1 past the end of the row too: samples of 0 there are no bits
    let mut least = [1; BLOCK];
    let (mut first, all) = (0, row.len());
    while first < all {
        // thresholds that repeat are read once, for the whole row
        let count = if same { all } else { length.min(all - first) };
        let row = row.get(first..first + count).unwrap_or_default();
        let bytes = to.get_mut(first / 8..first / 8 + packed_len(count, 1)).unwrap_or_default();
        // the least sample that goes up, 255 − t
        let fresh = least.get_mut(..count.min(length)).unwrap_or_default();
        mask.write(
            first / C.max(1),
            fresh,
            #[inline(always)]
            |texel| 255 - (texel - (texel >> 7)),
        );
        let least = least.as_chunks::<BYTES>().0.get(..length / BYTES).unwrap_or_default();
        let (rows, rest) = row.as_chunks::<BYTES>();
        let Some((whole, tail)) = bytes.split_at_mut_checked(BYTES / 8 * rows.len()) else { return };
        let (blocks, mut at) = (least.len().max(1), 0);
        for (rows, to) in rows.chunks(blocks).zip(whole.as_chunks_mut().0.chunks_mut(blocks)) {
            for ((row, to), least) in rows.iter().zip(to).zip(least) {
                *to = V::at_least(token, row, least);
            }
            at = if rows.len() < blocks { rows.len() } else { 0 };
        }
        if let Some(least) = least.get(at) {
            let mut last = [0; BYTES];
            for (to, v) in last.iter_mut().zip(rest) {
                *to = *v;
            }
            for (to, byte) in tail.iter_mut().zip(V::at_least(token, &last, least)) {
                *to = byte;
            }
        }
        first += count;
    }
    reorder(to, order);
}
