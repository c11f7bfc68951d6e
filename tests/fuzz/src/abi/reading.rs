//! Reading a mask into rows that lie apart, and what must stand in them.

use super::block::{Block, State};
use super::statuses::{self, expect};
use super::words::Words;
use crate::guarded::Guarded;
use crate::number::Number;
use arbitrary::Arbitrary;
use bluegrad::Distribution;
use bluegrad_ffi::*;
use std::mem::offset_of;
use std::ptr;

const FILL: u8 = 0x5A;

/// One call of `bluegrad_read_*`.
#[derive(Arbitrary, Debug)]
pub(super) struct Read {
    kind: u8,
    /// Bytes from row to row: 0, or that many more than a row has.
    stride: Option<i8>,
    /// Bytes that are there beyond those needed.
    room: i8,
    offset: u8,
    range: u8,
    distribution: Option<Vec<(u8, Number)>>,
}

impl Read {
    pub(super) fn run(&self, block: &mut Block) {
        let (State::Sound | State::Damaged, Some(config)) = (block.state, block.config_of()) else { return };
        let size = [1, 2, 4, 4, 2, 1, 2, 1][usize::from(self.kind % 8)];
        let (width, height) = (config.shape.width as usize * size, config.shape.height as usize);
        let stride = self.stride.map_or(0, |more| width.saturating_add_signed(more.into()).max(1));
        let step = if stride == 0 { width } else { stride };
        let needed = step * (height - 1) + width;
        let given = needed.saturating_add_signed(self.room.into());
        let offset = usize::from(self.offset) % 8;
        let mut to = Guarded::new(given, offset, self.range.is_multiple_of(2));
        to.bytes_mut().fill(FILL);
        let status = self.call(block, &to, given, stride);
        to.check();
        expect("bluegrad_read_*", status, statuses::READ);
        if status != BLUEGRAD_OK {
            assert!(to.bytes().iter().all(|byte| *byte == FILL), "written in spite of {status}");
            let sound = self.room >= 0 && offset.is_multiple_of(size) && step >= width && step.is_multiple_of(size);
            let sound = sound && block.state == State::Sound && ![2, 7].contains(&(self.kind % 8));
            let done = block.report_of().is_some_and(|report| report.done);
            assert!(!(sound && done), "{self:?}: {status}");
            return;
        }
        assert!(self.room >= 0 && step >= width && step.is_multiple_of(size) && offset.is_multiple_of(size));
        for (row, bytes) in to.bytes().chunks(step).enumerate() {
            let gap = if row < height { &bytes[width.min(bytes.len())..] } else { bytes };
            assert!(gap.iter().all(|byte| *byte == FILL), "written between rows");
        }
        if block.state == State::Sound {
            let n = block.pixels() as u64;
            for (y, ranks) in block.ranks().chunks(block.width()).enumerate() {
                let row = &to.bytes()[y * step..][..width];
                for (rank, bytes) in ranks.iter().zip(row.chunks(size)) {
                    self.check((*rank).into(), n, bytes);
                }
            }
        }
    }

    fn call(&self, block: &Block, to: &Guarded, size: usize, stride: usize) -> i32 {
        let generator = block.generator();
        let distribution = self.distribution.as_ref().map(|words| distribution(words));
        let distribution = distribution.as_ref().map_or(ptr::null(), Words::pointer);
        // SAFETY: a block that was accepted, so many bytes to write.
        unsafe {
            match self.kind % 8 {
                0 => bluegrad_read_u8(generator, to.pointer(), size, stride),
                1 => bluegrad_read_u16(generator, to.pointer(), size, stride),
                2 => bluegrad_read_f32(
                    generator,
                    to.pointer(),
                    size,
                    stride,
                    super::choice((self.range % 3).into()),
                    distribution,
                ),
                3 => bluegrad_read_ranks(generator, to.pointer(), size, stride),
                4 => bluegrad_read_ranks_u16(generator, to.pointer(), size, stride),
                5 => bluegrad_read_dither_texels(generator, to.pointer(), size, stride),
                6 => bluegrad_read_thresholds(generator, to.pointer(), size, stride),
                _ => {
                    let (low, mix) = (u16::from(self.range) << 8, super::choice((self.offset % 3).into()));
                    bluegrad_read_two_level_texels(generator, to.pointer(), size, stride, low, 51_400, mix)
                }
            }
        }
    }

    /// What a pixel of a rank must be.
    fn check(&self, rank: u64, n: u64, bytes: &[u8]) {
        let two = || u64::from(u16::from_ne_bytes(bytes.try_into().expect("two bytes")));
        let four = || u32::from_ne_bytes(bytes.try_into().expect("four bytes"));
        match self.kind % 8 {
            0 => assert_eq!(u64::from(bytes[0]), 256 * rank / n),
            1 => assert_eq!(two(), 65_536 * rank / n),
            2 => {
                let (value, low) = (f32::from_bits(four()), if self.range % 3 == 0 { 0.0 } else { -1.0 });
                assert!((low..1.0).contains(&value), "{value}");
            }
            3 => assert_eq!(u64::from(four()), rank),
            4 => assert_eq!(two(), rank),
            6 => assert_eq!(two(), ((2 * rank + 1) << 15) / n),
            7 => assert_ne!(bytes[0], 128, "thresholds of 0 to 254 are texels of 0 to 127 and 129 to 255"),
            _ => {
                let threshold = (255 * (2 * rank + 1) / (2 * n)).min(254);
                assert_eq!(u64::from(bytes[0]), threshold + (threshold >> 7));
            }
        }
    }
}

/// Any distribution: that of some words, uniform where none is given.
fn distribution(words: &[(u8, Number)]) -> Words<Distribution> {
    let mut distribution = Words::zeroed();
    let all = distribution.words_mut();
    for (i, quantile) in all[offset_of!(Distribution, table) / 4..].iter_mut().enumerate() {
        *quantile = (i as f32 / 32.0 - 1.0).to_bits();
    }
    for (index, number) in words.iter().take(8) {
        // the kind and sigma are where most depends on
        let index = if index.is_multiple_of(2) { index / 2 % 2 } else { index / 2 % 67 };
        all[usize::from(index)] = number.word();
    }
    distribution
}
