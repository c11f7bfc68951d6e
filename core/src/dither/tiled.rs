//! A mask that repeats over a picture: offsets, and the thresholds that lie over a row.

use super::check;
use super::thresholds::Thresholds;
use crate::error::{Error, length};
use crate::shape::Shape;

/// A mask and its position over the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tiled<'m> {
    thresholds: Thresholds<'m>,
    shape: Shape,
    /// Mask pixel (x, y) over pixel (0, 0) of the picture.
    offset: [u32; 2],
    /// Added to `offset` for each channel.
    channel_offsets: [[u32; 2]; 3],
}

impl<'m> Tiled<'m> {
    /// Checks the shape and the number of thresholds.
    pub(super) fn new(thresholds: Thresholds<'m>, shape: Shape) -> Result<Self, Error> {
        check(shape)?;
        let what = match thresholds {
            Thresholds::U8(_) => "texels of the mask",
            Thresholds::U16(_) => "thresholds of the mask",
        };
        length(what, shape.pixels(), thresholds.len())?;
        Ok(Self { thresholds, shape, offset: [0; 2], channel_offsets: [[0; 2]; 3] })
    }

    /// Puts mask pixel (x, y), wrapped, over pixel (0, 0) of the picture.
    pub(super) fn at(self, x: u32, y: u32) -> Self {
        Self { offset: self.wrapped([x, y]), ..self }
    }

    /// Moves the mask by a further (x, y) for each channel.
    pub(super) fn channel_offsets(self, offsets: [[u32; 2]; 3]) -> Self {
        Self { channel_offsets: offsets.map(|offset| self.wrapped(offset)), ..self }
    }

    /// Moves the mask by one third of its sides for green and by two thirds for blue.
    pub(super) fn channels_apart(self) -> Self {
        let Shape { width, height, .. } = self.shape;
        self.channel_offsets([[0, 0], [width / 3, height / 3], [2 * width / 3, 2 * height / 3]])
    }

    fn wrapped(&self, [x, y]: [u32; 2]) -> [u32; 2] {
        debug_assert!(check(self.shape).is_ok(), "Tiled::new checks the shape");
        [x % self.shape.width.max(1), y % self.shape.height.max(1)]
    }

    /// The thresholds.
    pub(super) const fn thresholds(&self) -> Thresholds<'m> {
        self.thresholds
    }

    /// Returns the pixels of a mask of 16-bit thresholds; 8-bit texels are ranks of 256.
    pub(super) const fn fine_pixels(&self) -> usize {
        match self.thresholds {
            Thresholds::U8(_) => 256,
            Thresholds::U16(thresholds) => thresholds.len(),
        }
    }

    /// Returns the samples of C channels after which the thresholds of a row repeat.
    pub(super) const fn period<const C: usize>(&self) -> usize {
        self.shape.width as usize * C
    }

    /// Returns, for each of C channels, the mask's row over row y of the picture.
    pub(super) fn rows<const C: usize, T>(&self, thresholds: &'m [T], y: u32) -> MaskRows<'m, T, C> {
        debug_assert!(check(self.shape).is_ok(), "Tiled::new checks the shape");
        debug_assert!(C <= 3 && thresholds.len() == self.shape.pixels(), "Tiled::new wants a threshold for each pixel");
        let (width, height) = (self.shape.width.max(1), self.shape.height.max(1));
        let [left, top] = self.offset;
        let mut offsets = self.channel_offsets.iter();
        let rows = [(); C].map(|()| {
            let [dx, dy] = offsets.next().copied().unwrap_or_default();
            // each is at most 4095: no sum overflows
            let row = (y % height + top + dy) % height;
            let row = thresholds.chunks_exact(width as usize).nth(row as usize).unwrap_or_default();
            (row, (left + dx) as usize)
        });
        MaskRows { rows, width: width as usize }
    }
}

/// The mask's rows over a row of pixels of C channels, each with the column over pixel 0, not yet wrapped.
#[derive(Clone, Copy)]
pub(super) struct MaskRows<'m, T, const C: usize> {
    rows: [(&'m [T], usize); C],
    width: usize,
}

impl<T: Copy, const C: usize> MaskRows<'_, T, C> {
    /// Writes `of(threshold)` for each sample from pixel x on; `to` has whole pixels.
    #[inline(always)]
    pub(super) fn write<U>(&self, x: usize, to: &mut [U], of: impl Fn(T) -> U) {
        debug_assert!(to.len().is_multiple_of(C.max(1)), "rows have whole pixels");
        debug_assert!(self.rows.iter().all(|(row, _)| row.len() == self.width), "rows of the mask");
        let mut columns = self.rows.map(|(_, column)| (column + x) % self.width.max(1));
        let mut rest = to;
        while !rest.is_empty() {
            // pixels until a channel's row ends
            let ends = columns.iter().map(|column| self.width.saturating_sub(*column));
            let length = ends.fold(rest.len() / C.max(1), usize::min);
            let mut at = columns.iter();
            let runs = self.rows.map(|(row, _)| {
                let column = at.next().copied().unwrap_or_default();
                row.get(column..column + length).unwrap_or_default()
            });
            let Some((now, later)) = rest.split_at_mut_checked(length * C).filter(|_| length > 0) else { return };
            match runs.as_slice() {
                [red, green, blue] => {
                    let thresholds = red.iter().zip(*green).zip(*blue);
                    for ([r, g, b], ((red, green), blue)) in now.as_chunks_mut::<3>().0.iter_mut().zip(thresholds) {
                        (*r, *g, *b) = (of(*red), of(*green), of(*blue));
                    }
                }
                [run, ..] => {
                    for (to, threshold) in now.iter_mut().zip(*run) {
                        *to = of(*threshold);
                    }
                }
                [] => return,
            }
            for column in &mut columns {
                *column = if *column + length < self.width { *column + length } else { 0 };
            }
            rest = later;
        }
    }
}
