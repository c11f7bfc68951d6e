//! The loop over a row: thresholds, levels, sink, block by block.

use super::bits::{BitOrder, packed_len};
use super::levels::{Even, Map, by_table, even8, even16, of_pairs};
use super::palette::{Palette, indices};
use super::samples::{Samples, code, narrow};
use super::sink::{Form, Sink, reorder};
use super::thresholds::Thresholds;
use super::tiled::{MaskRows, Tiled};
use crate::simd::{BYTES, Kernel, Lanes, Words};

/// Samples per block, on the stack: a multiple of 3 samples per pixel, of 8 samples per byte, and of [`BYTES`].
const BLOCK: usize = 384;

/// Pixels per block of a palette: a multiple of 8 pixels per byte, and of [`BYTES`].
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
        match (map, mask.thresholds(), samples) {
            (Map::Even(even), Thresholds::U8(texels), Samples::U8(row)) => {
                let rows = mask.rows::<C, u8>(texels, y);
                match sink {
                    Sink::Packed { to, bits: 1, order } => one_bit::<V, C>(token, &rows, row, to, *order),
                    sink => even_texels::<V, C>(token, even, form, &rows, row, sink),
                }
            }
            (_, Thresholds::U8(texels), _) => {
                let rows = mask.rows::<C, u8>(texels, y);
                fine::<V, C>(token, map, form, rows.period(), samples, sink, |x, to| {
                    rows.write(x, to, of_texel);
                });
            }
            (_, Thresholds::U16(thresholds), _) => {
                let rows = mask.rows::<C, u16>(thresholds, y);
                fine::<V, C>(token, map, form, rows.period(), samples, sink, |x, to| {
                    rows.write(
                        x,
                        to,
                        #[inline(always)]
                        |threshold| threshold,
                    );
                });
            }
        }
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
            let over = thresholds.get_mut(..count).unwrap_or_default();
            match mask.thresholds() {
                Thresholds::U8(texels) => mask.rows::<1, u8>(texels, y).write(first, over, of_texel),
                Thresholds::U16(fine) => mask.rows::<1, u16>(fine, y).write(
                    first,
                    over,
                    #[inline(always)]
                    |threshold| threshold,
                ),
            }
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
            indices::<V>(token, palette, pixels, over, levels);
            sink.put::<V>(token, form, first, levels);
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
    row: &[u8],
    to: &mut [u8],
    order: BitOrder,
) {
    let Blocks { length, same } = Blocks::new(mask.period());
    // at least 1 past the end of the row too: samples of 0 there are no bits
    let mut least = [1; BLOCK];
    let (mut first, all) = (0, row.len());
    while first < all {
        let count = length.min(all - first);
        let row = row.get(first..first + count).unwrap_or_default();
        let bytes = to.get_mut(first / 8..first / 8 + packed_len(count, 1)).unwrap_or_default();
        if first == 0 || !same {
            // the least sample that goes up, 255 − t; no block is longer than the first
            mask.write(
                first / C.max(1),
                least.get_mut(..count).unwrap_or_default(),
                #[inline(always)]
                |texel| 255 - (texel - (texel >> 7)),
            );
        }
        let (rows, rest) = row.as_chunks::<BYTES>();
        let Some((whole, tail)) = bytes.split_at_mut_checked(BYTES / 8 * rows.len()) else { return };
        let mut thresholds = least.as_chunks::<BYTES>().0.iter();
        for ((row, to), least) in rows.iter().zip(whole.as_chunks_mut().0).zip(&mut thresholds) {
            *to = V::at_least(token, row, least);
        }
        if let Some(least) = thresholds.next() {
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

/// Even levels of 8-bit samples under 8-bit texels.
#[inline(always)]
fn even_texels<V: Lanes, const C: usize>(
    token: V::Token,
    even: &Even,
    form: &Form,
    mask: &MaskRows<'_, u8, C>,
    row: &[u8],
    sink: &mut Sink<'_>,
) {
    let Blocks { length, same } = Blocks::new(mask.period());
    let (mut texels, mut levels) = ([0; BLOCK], [0; BLOCK]);
    let (mut first, all) = (0, row.len());
    while first < all {
        let count = length.min(all - first);
        let row = row.get(first..first + count).unwrap_or_default();
        if first == 0 || !same {
            mask.write(
                first / C.max(1),
                texels.get_mut(..count).unwrap_or_default(),
                #[inline(always)]
                |texel| texel,
            );
        }
        let texels = texels.get(..count).unwrap_or_default();
        if let Some(to) = sink.place(first, count) {
            even8(even, row, texels, to);
        } else {
            let levels = levels.get_mut(..count).unwrap_or_default();
            even8(even, row, texels, levels);
            sink.put::<V>(token, form, first, levels);
        }
        first += count;
    }
}

/// Levels under 16-bit thresholds, which `thresholds` writes from a pixel on.
#[inline(always)]
fn fine<V: Lanes, const C: usize>(
    token: V::Token,
    map: &Map<'_, C>,
    form: &Form,
    period: usize,
    samples: Samples<'_>,
    sink: &mut Sink<'_>,
    write: impl Fn(usize, &mut [u16]),
) {
    let Blocks { length, same } = Blocks::new(period);
    let (mut thresholds, mut wide, mut levels) = ([0; BLOCK], [0; BLOCK], [0; BLOCK]);
    let (mut first, all) = (0, samples.len());
    while first < all {
        let count = length.min(all - first);
        if first == 0 || !same {
            write(first / C.max(1), thresholds.get_mut(..count).unwrap_or_default());
        }
        let thresholds = thresholds.get(..count).unwrap_or_default();
        let place = levels.get_mut(..count).unwrap_or_default();
        let range = first..first + count;
        if let (Map::Table8(tables), Samples::U8(row)) = (map, samples) {
            let row = row.get(range).unwrap_or_default();
            // in bounds for every value of the type, so without a check
            by_table(
                *tables,
                row,
                thresholds,
                place,
                #[inline(always)]
                |table, v| table[usize::from(v)],
            );
        } else {
            let wide = wide.get_mut(..count).unwrap_or_default();
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
                Map::Even(even) => even16(even, row, thresholds, place),
                Map::Table16(tables) => {
                    by_table(
                        *tables,
                        row,
                        thresholds,
                        place,
                        #[inline(always)]
                        |table, v| table[usize::from(v)],
                    );
                }
                Map::Pairs(pairs) => by_table(*pairs, row, thresholds, place, of_pairs),
                Map::Table8(_) => debug_assert!(false, "Dither::row wants 8-bit samples for tables of 256 positions"),
            }
        }
        sink.put::<V>(token, form, first, place);
        first += count;
    }
}
