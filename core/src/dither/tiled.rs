//! A mask that repeats over a picture: offsets, and the loop over a row.

use super::bits::{BitOrder, pack};
use super::check;
use super::runs::{MaskRow, runs};
use crate::error::{Error, length};
use crate::shape::Shape;

/// Samples per block of [`Tiled::pack`], on the stack: a multiple of 3 samples per pixel, and of 8 samples per byte.
const BLOCK: usize = 192;

/// One threshold of type T per pixel of a mask, and the mask's position over the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tiled<'m, T> {
    thresholds: &'m [T],
    shape: Shape,
    rgb: bool,
    /// Mask pixel (x, y) over pixel (0, 0) of the picture.
    offset: [u32; 2],
    /// Added to `offset` for each channel.
    channel_offsets: [[u32; 2]; 3],
}

impl<'m, T: Copy> Tiled<'m, T> {
    /// Checks the shape and the number of thresholds; `what` names them in the error.
    pub(super) fn new(what: &'static str, thresholds: &'m [T], shape: Shape, rgb: bool) -> Result<Self, Error> {
        check(shape)?;
        length(what, shape.pixels(), thresholds.len())?;
        Ok(Self { thresholds, shape, rgb, offset: [0; 2], channel_offsets: [[0; 2]; 3] })
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

    /// Checks that a row of RGB has whole pixels.
    pub(super) fn check_row(&self, samples: usize) -> Result<(), Error> {
        match samples % 3 {
            rest if self.rgb && rest > 0 => length("row of RGB, three samples a pixel", samples + 3 - rest, samples),
            _ => Ok(()),
        }
    }

    /// Writes `sample[channel](value, threshold)` for each sample of a row that starts at pixel x. Grey is channel 0.
    #[inline]
    pub(super) fn row<S: Copy>(&self, x: usize, y: u32, row: &[S], to: &mut [u8], sample: &[impl Fn(S, T) -> u8; 3]) {
        let [red, green, blue] = self.channel_offsets.map(|offset| self.mask_row(offset, x, y));
        let [of_red, of_green, of_blue] = sample;
        if self.rgb {
            runs([red, green, blue], row, to, |[red, green, blue], row, to| {
                let thresholds = red.iter().zip(green).zip(blue);
                for (([r, g, b], to), ((red, green), blue)) in row.iter().zip(to).zip(thresholds) {
                    *to = [of_red(*r, *red), of_green(*g, *green), of_blue(*b, *blue)];
                }
            });
        } else {
            runs([red], row, to, |[thresholds], row, to| {
                for (([value], [to]), threshold) in row.iter().zip(to).zip(thresholds) {
                    *to = of_red(*value, *threshold);
                }
            });
        }
    }

    /// Writes levels of `bits` bits (1, 2, 4 or 8), as [`Self::row`] makes them from pixel 0. `to` has the row's packed length.
    pub(super) fn pack<S: Copy>(
        &self,
        y: u32,
        row: &[S],
        to: &mut [u8],
        (bits, order): (u32, BitOrder),
        level: &[impl Fn(S, T) -> u8; 3],
    ) {
        if bits == 8 {
            self.row(0, y, row, to, level);
            return;
        }
        let mut block = [0; BLOCK];
        let (pixels, bytes) = (BLOCK / if self.rgb { 3 } else { 1 }, BLOCK * bits as usize / 8);
        for ((row, to), x) in row.chunks(BLOCK).zip(to.chunks_mut(bytes.max(1))).zip((0..).step_by(pixels)) {
            debug_assert!(row.len() <= BLOCK, "a chunk is at most a block");
            let levels = block.get_mut(..row.len()).unwrap_or_default();
            self.row(x, y, row, levels, level);
            match bits {
                1 => pack::<8>(levels, to, order),
                2 => pack::<4>(levels, to, order),
                _ => pack::<2>(levels, to, order),
            }
        }
    }

    /// Returns the mask's row over row y of the picture, and the column over pixel x.
    fn mask_row(&self, [dx, dy]: [u32; 2], x: usize, y: u32) -> MaskRow<'m, T> {
        debug_assert!(check(self.shape).is_ok(), "Tiled::new checks the shape");
        let (width, height) = (self.shape.width.max(1), self.shape.height.max(1));
        let [left, top] = self.offset;
        // each is at most 4095: no sum overflows
        let y = (y % height + top + dy) % height;
        let column = (x % width as usize + (left + dx) as usize) % width as usize;
        debug_assert!(self.thresholds.len() == self.shape.pixels(), "Tiled::new wants a threshold for each pixel");
        let thresholds = self.thresholds.chunks_exact(width as usize).nth(y as usize).unwrap_or_default();
        MaskRow { thresholds, column }
    }
}
