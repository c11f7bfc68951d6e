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
/// Functions that read.
const KINDS: u8 = 10;

/// One call of `bluegrad_read_*`.
#[derive(Arbitrary, Debug)]
pub(super) struct Read {
    kind: u8,
    /// Layers and channels, the first and the number of each; the whole mask without them.
    part: Option<[u8; 4]>,
    /// Bytes from row to row: 0, or that many more than a row has.
    stride: Option<i8>,
    /// Bytes from layer to layer: 0, or that many more than a layer has.
    layer_stride: Option<i8>,
    /// Bytes that are there beyond those needed.
    room: i8,
    offset: u8,
    range: u8,
    distribution: Option<Vec<(u8, Number)>>,
    /// Bytes from pixel to pixel: 0, or that many more than the channels have.
    pixel_stride: Option<i8>,
}

impl Read {
    pub(super) fn run(&self, block: &mut Block) {
        let (State::Sound | State::Damaged, Some(config)) = (block.state, block.config_of()) else { return };
        let size = [1, 2, 4, 4, 2, 1, 2, 1, 1, 2][usize::from(self.kind % KINDS)];
        let shape = config.shape;
        let part = |first: u8, count: u8, all: u32| {
            let (first, count) = (small(first, all), small(count, all));
            let end = if count == 0 { all } else { first.saturating_add(count) };
            (first, count, if first < end && end <= all { Some(first as usize..end as usize) } else { None })
        };
        let [layer, layers, channel, channels] = self.part.unwrap_or_default();
        let (layer, layer_count, layers) = part(layer, layers, shape.layers);
        let (channel, channel_count, channels) = part(channel, channels, shape.channels);
        let there = layers.is_some() && channels.is_some();
        let (layers, channels) = (layers.unwrap_or(0..1), channels.unwrap_or(0..1));
        let (columns, height) = (shape.width as usize, shape.height as usize);
        let pixel = channels.len() * size;
        let pixel_stride = self.pixel_stride.map_or(0, |more| pixel.saturating_add_signed(more.into()).max(1));
        let between = if pixel_stride == 0 { pixel } else { pixel_stride };
        let width = between * (columns - 1) + pixel;
        let stride = self.stride.map_or(0, |more| width.saturating_add_signed(more.into()).max(1));
        let step = if stride == 0 { between * columns } else { stride };
        let tight = step * (height - 1) + width;
        let layer_stride = self.layer_stride.map_or(0, |more| tight.saturating_add_signed(more.into()).max(1));
        let apart = if layer_stride == 0 { step * height } else { layer_stride };
        let needed = apart * (layers.len() - 1) + tight;
        let region = bluegrad_region {
            layer,
            layers: layer_count,
            channel,
            channels: channel_count,
            row_stride: stride,
            layer_stride,
            pixel_stride,
        };
        let none = self.part.is_none() && stride == 0 && layer_stride == 0 && pixel_stride == 0;
        let strides = between >= pixel && between.is_multiple_of(size);
        let strides =
            strides && step >= width && step.is_multiple_of(size) && apart >= tight && apart.is_multiple_of(size);
        let given = needed.saturating_add_signed(self.room.into());
        let offset = usize::from(self.offset) % 8;
        let mut to = Guarded::new(given, offset, self.range.is_multiple_of(2));
        to.bytes_mut().fill(FILL);
        let region = if none { ptr::null() } else { &raw const region };
        let status = self.call(block, &to, given, region);
        to.check();
        expect("bluegrad_read_*", status, statuses::READ);
        if status != BLUEGRAD_OK {
            assert!(to.bytes().iter().all(|byte| *byte == FILL), "written in spite of {status}");
            let sound = there && self.room >= 0 && offset.is_multiple_of(size) && strides;
            let sound = sound && block.state == State::Sound && ![2, 7, 8, 9].contains(&(self.kind % KINDS));
            let done = block.report_of().is_some_and(|report| report.done);
            assert!(!(sound && done), "{self:?}: {status}");
            return;
        }
        assert!(there && self.room >= 0 && strides && offset.is_multiple_of(size));
        let bytes = to.bytes();
        let mut gaps = vec![true; bytes.len()];
        let ranks = if block.state == State::Sound { block.ranks() } else { Vec::new() };
        let (n, all) = (block.pixels() as u64, shape.channels as usize);
        for (k, layer) in layers.enumerate() {
            for y in 0..height {
                for x in 0..columns {
                    let first = k * apart + y * step + x * between;
                    gaps[first..first + pixel].fill(false);
                    for (channel, bytes) in channels.clone().zip(bytes[first..first + pixel].chunks(size)) {
                        let at = ((layer * height + y) * columns + x) * all + channel;
                        if let Some(rank) = ranks.get(at) {
                            self.check((*rank).into(), n, bytes);
                        }
                    }
                }
            }
        }
        assert!(bytes.iter().zip(gaps).all(|(byte, gap)| !gap || *byte == FILL), "written between pixels or rows");
    }

    fn call(&self, block: &Block, to: &Guarded, size: usize, region: *const bluegrad_region) -> i32 {
        let generator = block.generator();
        let distribution = self.distribution.as_ref().map(|words| distribution(words));
        let distribution = distribution.as_ref().map_or(ptr::null(), Words::pointer);
        let given = if distribution.is_null() { ptr::from_ref(&Distribution::UNIFORM) } else { distribution };
        // SAFETY: a block that was accepted, so many bytes to write.
        unsafe {
            match self.kind % KINDS {
                0 => bluegrad_read_u8(generator, to.pointer(), size, region),
                1 => bluegrad_read_u16(generator, to.pointer(), size, region),
                2 => bluegrad_read_f32(
                    generator,
                    to.pointer(),
                    size,
                    region,
                    super::choice((self.range % 3).into()),
                    distribution,
                ),
                3 => bluegrad_read_ranks(generator, to.pointer(), size, region),
                4 => bluegrad_read_ranks_u16(generator, to.pointer(), size, region),
                5 => bluegrad_read_dither_texels(generator, to.pointer(), size, region),
                6 => bluegrad_read_thresholds(generator, to.pointer(), size, region),
                8 => bluegrad_read_u8_as(generator, to.pointer(), size, region, given),
                9 => bluegrad_read_u16_as(generator, to.pointer(), size, region, given),
                _ => {
                    let (low, mix) = (u16::from(self.range) << 8, super::choice((self.offset % 3).into()));
                    bluegrad_read_two_level_texels(generator, to.pointer(), size, region, low, 51_400, mix)
                }
            }
        }
    }

    /// What a pixel of a rank must be.
    fn check(&self, rank: u64, n: u64, bytes: &[u8]) {
        let two = || u64::from(u16::from_ne_bytes(bytes.try_into().expect("two bytes")));
        let four = || u32::from_ne_bytes(bytes.try_into().expect("four bytes"));
        match self.kind % KINDS {
            0 => assert_eq!(u64::from(bytes[0]), 256 * rank / n),
            1 => assert_eq!(two(), 65_536 * rank / n),
            2 => {
                let (value, low) = (f32::from_bits(four()), if self.range % 3 == 0 { 0.0 } else { -1.0 });
                assert!((low..1.0).contains(&value), "{value}");
            }
            3 => assert_eq!(u64::from(four()), rank),
            4 => assert_eq!(two(), rank),
            6 => assert_eq!(two(), ((2 * rank + 1) << 15) / n),
            8 if self.distribution.is_none() => assert_eq!(u64::from(bytes[0]), 256 * rank / n),
            9 if self.distribution.is_none() => assert_eq!(two(), 65_536 * rank / n),
            8 | 9 => {}
            7 => assert_ne!(bytes[0], 128, "thresholds of 0 to 254 are texels of 0 to 127 and 129 to 255"),
            _ => {
                let threshold = (255 * (2 * rank + 1) / (2 * n)).min(254);
                assert_eq!(u64::from(bytes[0]), threshold + (threshold >> 7));
            }
        }
    }
}

/// A number of layers or channels: one of those that there are, mostly, or one beyond.
fn small(byte: u8, all: u32) -> u32 {
    match byte {
        250.. => u32::MAX - u32::from(byte % 3),
        _ => u32::from(byte) % (all + 2),
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
