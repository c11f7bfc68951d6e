//! What samples become: even levels, or levels by a table of positions. The kernels of a block of samples.

use super::samples::Samples;
use super::tone::half_threshold;
use crate::error::{Error, length};
use crate::simd::{Kernel, LANES, Lanes, Words};

/// Output levels of C channels, all of one form.
#[derive(Clone, Copy, Debug)]
pub enum Levels<'t, const C: usize> {
    /// Even levels, 2 to 256 for each channel, from black to white in code values. No table.
    Even([u32; C]),
    /// Positions of [`Tone::fill`](super::Tone::fill) for each channel: 256 each for 8-bit samples, 65536 each for 16-bit samples and
    /// floats.
    Table([&'t [u32]; C]),
    /// Pairs of [`Tone::fill_pairs`](super::Tone::fill_pairs) for each channel, for 16-bit samples and floats.
    Pairs([&'t [[u32; 2]]; C]),
}

/// [`Levels`], checked.
#[derive(Clone, Copy, Debug)]
pub(super) enum Map<'t, const C: usize> {
    Even(Even),
    Table8([&'t [u32; 256]; C]),
    Table16([&'t [u32; 65536]; C]),
    Pairs([&'t [[u32; 2]; 256]; C]),
}

/// Samples of one pass of [`Even8`] and [`Even16`]: a multiple of 3 channels and of every vector.
const PASS: usize = 96;

/// Even levels: L − 1 for the samples of a pass, so that channels may differ.
#[derive(Clone, Copy, Debug)]
pub(super) struct Even {
    steps: [u16; PASS],
    /// [`half_threshold`] of the mask, for 16-bit thresholds.
    half: u32,
}

impl<'t, const C: usize> Levels<'t, C> {
    /// Checks numbers of levels and lengths of tables; returns the map, and the levels of each channel.
    pub(super) fn check(self, pixels: usize) -> Result<(Map<'t, C>, [u16; C]), Error> {
        // The largest input has the last level, without a fraction. At most 255.
        let last = |position: u32| (position >> 24) as u16 + 1;
        Ok(match self {
            Self::Even(levels) => {
                if let Some(got) = levels.into_iter().find(|levels| !(2..=256).contains(levels)) {
                    return Err(Error::Levels { got });
                }
                // at most 256, as checked
                let levels = levels.map(|levels| levels as u16);
                let mut steps = [0; PASS];
                for steps in steps.as_chunks_mut::<C>().0 {
                    *steps = levels.map(|levels| levels - 1);
                }
                (Map::Even(Even { steps, half: half_threshold(pixels) }), levels)
            }
            Self::Table(tables) => {
                let levels = tables.map(|table| table.last().map_or(1, |position| last(*position)));
                // the first table says which
                let needed = if tables.first().is_some_and(|table| table.len() == 65536) { 65536 } else { 256 };
                for table in tables {
                    length("positions", needed, table.len())?;
                }
                let map = match all(tables.map(|table| table.try_into().ok())) {
                    Some(tables) => Map::Table8(tables),
                    None => Map::Table16(all(tables.map(|table| table.try_into().ok())).ok_or(Error::UnknownValue)?),
                };
                (map, levels)
            }
            Self::Pairs(tables) => {
                for pairs in tables {
                    length("pairs of position and slope", 256, pairs.len())?;
                }
                let levels = tables.map(|pairs| pairs.last().map_or(1, |[position, _]| last(*position)));
                let tables = all(tables.map(|pairs| pairs.try_into().ok()));
                (Map::Pairs(tables.ok_or(Error::UnknownValue)?), levels)
            }
        })
    }
}

impl<const C: usize> Map<'_, C> {
    /// Checks that tables are for the type of the samples.
    pub(super) fn check(&self, samples: Samples<'_>) -> Result<(), Error> {
        let needed = if matches!(samples, Samples::U8(_)) { 256 } else { 65536 };
        match self {
            Self::Even(_) => Ok(()),
            Self::Table8(_) => length("positions", needed, 256),
            Self::Table16(_) => length("positions", needed, 65536),
            Self::Pairs(_) if needed == 256 => {
                Err(Error::Sink("pairs of position and slope are for 16-bit samples and floats"))
            }
            Self::Pairs(_) => Ok(()),
        }
    }
}

/// Returns all values, if each is there.
fn all<T: Copy, const C: usize>(values: [Option<T>; C]) -> Option<[T; C]> {
    let first = values.first().copied().flatten()?;
    values.iter().all(Option::is_some).then(|| values.map(|value| value.unwrap_or(first)))
}

impl Even {
    /// Writes `level(sample, threshold, L − 1)` for each sample of a block.
    #[inline(always)]
    fn each<S: Copy, T: Copy>(&self, row: &[S], thresholds: &[T], to: &mut [u8], level: impl Fn(S, T, u16) -> u8) {
        debug_assert!(row.len() == to.len() && thresholds.len() == to.len(), "a block");
        let ((rows, row), (thresholds, threshold), (to, rest)) =
            (row.as_chunks::<PASS>(), thresholds.as_chunks::<PASS>(), to.as_chunks_mut::<PASS>());
        for ((row, thresholds), to) in rows.iter().zip(thresholds).zip(to) {
            for i in 0..PASS {
                to[i] = level(row[i], thresholds[i], self.steps[i]);
            }
        }
        for (((v, threshold), to), steps) in row.iter().zip(threshold).zip(rest).zip(&self.steps) {
            *to = level(*v, *threshold, *steps);
        }
    }
}

/// A level of an 8-bit sample.
#[inline(always)]
fn level8(v: u8, texel: u8, steps: u16) -> u8 {
    let threshold = texel - (texel >> 7);
    // exact up to 255·255 + 254, the largest sum, and without overflow of 16 bits
    let sum = u16::from(v) * steps + u16::from(threshold);
    ((sum + 1 + (sum >> 8)) >> 8) as u8
}

/// A level of a 16-bit sample.
#[inline(always)]
fn level16(v: u16, threshold: u16, steps: u16, half: u32) -> u8 {
    // x ≤ 65535·255, and floor(2^24·x/65535) = 2^8·x + floor(2^8·x/65535)
    let x = u32::from(v) * u32::from(steps);
    let position = (x << 8) + ((x + (x >> 16) + 1) >> 8);
    (position.wrapping_add((u32::from(threshold) << 8) + half) >> 24) as u8
}

/// Even levels of 8-bit samples under 8-bit texels: floor((v·(L − 1) + t)/255), t = m − \[m ≥ 128\].
pub(super) struct Even8<'k> {
    pub(super) even: &'k Even,
    pub(super) row: &'k [u8],
    pub(super) texels: &'k [u8],
    pub(super) to: &'k mut [u8],
}

impl Kernel for Even8<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let Self { even, row, texels, to } = self;
        even.each(row, texels, to, level8);
    }
}

/// Even levels of 16-bit samples: (P + T·2^8 + half) >> 24 with P = floor(2^24·v·(L − 1)/65535).
pub(super) struct Even16<'k> {
    pub(super) even: &'k Even,
    pub(super) row: &'k [u16],
    pub(super) thresholds: &'k [u16],
    pub(super) to: &'k mut [u8],
}

impl Kernel for Even16<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let Self { even, row, thresholds, to } = self;
        let half = even.half;
        even.each(
            row,
            thresholds,
            to,
            #[inline(always)]
            |v, threshold, steps| level16(v, threshold, steps, half),
        );
    }
}

/// Levels by tables of positions, one table for each channel.
pub(super) struct ByTable<'k, 't, const C: usize, S, Table> {
    pub(super) tables: &'k [&'t Table; C],
    pub(super) row: &'k [S],
    pub(super) thresholds: &'k [u16],
    pub(super) to: &'k mut [u8],
}

impl<const C: usize> Kernel for ByTable<'_, '_, C, u8, [u32; 256]> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let Self { tables, row, thresholds, to } = self;
        if V::GATHERS
            && let [table, same @ ..] = tables.as_slice()
            && same.iter().all(|other| core::ptr::eq(*other, *table))
        {
            let ((rows, rest), (some, others)) = (row.as_chunks::<LANES>(), thresholds.as_chunks::<LANES>());
            let Some((done, left)) = to.split_at_mut_checked(LANES * rows.len()) else { return };
            for ((row, thresholds), to) in rows.iter().zip(some).zip(done.as_chunks_mut::<LANES>().0) {
                let positions = V::look_up(token, table, row);
                for i in 0..LANES {
                    to[i] = (positions[i].wrapping_add(u32::from(thresholds[i]) << 8) >> 24) as u8;
                }
            }
            for ((v, threshold), to) in rest.iter().zip(others).zip(left) {
                *to = (table[usize::from(*v)].wrapping_add(u32::from(*threshold) << 8) >> 24) as u8;
            }
            return;
        }
        // in bounds for every value of the type, so without a check
        by_table(
            *tables,
            row,
            thresholds,
            to,
            #[inline(always)]
            |table, v| table[usize::from(v)],
        );
    }
}

impl<const C: usize> Kernel for ByTable<'_, '_, C, u16, [u32; 65536]> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        // in bounds for every value of the type, so without a check
        by_table(
            *self.tables,
            self.row,
            self.thresholds,
            self.to,
            #[inline(always)]
            |table, v| table[usize::from(v)],
        );
    }
}

impl<const C: usize> Kernel for ByTable<'_, '_, C, u16, [[u32; 2]; 256]> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        by_table(*self.tables, self.row, self.thresholds, self.to, of_pairs);
    }
}

/// Levels by tables: `position(table, v)` is the position of a sample.
#[inline(always)]
fn by_table<const C: usize, S: Copy, Table: Copy>(
    tables: [Table; C],
    row: &[S],
    thresholds: &[u16],
    to: &mut [u8],
    position: impl Fn(Table, S) -> u32,
) {
    debug_assert!(row.len() == to.len() && thresholds.len() == to.len(), "a block");
    let pixels = row.as_chunks::<C>().0.iter().zip(thresholds.as_chunks::<C>().0);
    for ((row, thresholds), to) in pixels.zip(to.as_chunks_mut::<C>().0) {
        for channel in 0..C {
            let position = position(tables[channel], row[channel]);
            to[channel] = (position.wrapping_add(u32::from(thresholds[channel]) << 8) >> 24) as u8;
        }
    }
}

/// The position of a 16-bit sample by pairs: v = 257·i + j.
#[inline(always)]
fn of_pairs(pairs: &[[u32; 2]; 256], v: u16) -> u32 {
    // floor(v/257), exact for 16 bits
    let i = (v - (v >> 8)) >> 8;
    let j = v - 257 * i;
    let [position, slope] = pairs[usize::from(i & 255)];
    position.wrapping_add(slope.wrapping_mul(u32::from(j)) >> 8)
}
