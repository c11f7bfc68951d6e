//! What happens to a block between calls: any byte changed, the checksum made to fit, the block moved; and what a sound run ends in.

use super::block::{Block, State};
use super::config;
use super::statuses::{self, expect};
use crate::cost;
use crate::guarded::Guarded;
use crate::number::Number;
use arbitrary::Arbitrary;
use bluegrad::layout::HEADER_BYTES;
use bluegrad::recipe::Start;
use bluegrad::{Losses, SimdLevel};
use bluegrad_ffi::*;
use bytemuck::Zeroable;
use std::ptr;

/// Where the checksum of a header stands: before what it is of.
const CHECKSUM: std::ops::Range<usize> = 12..16;

/// Terms to evaluate.
#[derive(Arbitrary, Debug)]
pub(super) struct Terms {
    kind: u8,
    words: Vec<(u8, Number)>,
}

impl Block {
    pub(super) fn evaluate(&mut self, terms: &Terms) {
        if self.state == State::Nothing || self.affordable(1).is_none() {
            return;
        }
        let (mut stage, mut losses) = (bluegrad_stage::zeroed(), Losses::default());
        // SAFETY: a stage, to write.
        unsafe { bluegrad_stage_default(&raw mut stage, super::choice(u32::from(terms.kind % 8) / 3)) };
        for (index, number) in terms.words.iter().take(8) {
            // SAFETY: the union is words.
            unsafe { stage.data.words[usize::from(index % 63)] = number.word() };
        }
        // SAFETY: a block that was accepted, a stage, a place for the losses.
        let status = unsafe { bluegrad_evaluate(self.generator(), &raw const stage, &raw mut losses) };
        expect("bluegrad_evaluate", status, statuses::EVALUATE);
    }

    pub(super) fn values(&mut self, wrong: bool) {
        if self.state == State::Nothing {
            return;
        }
        let Some(config) = self.config_of() else { return };
        let size = 4 * (config.shape.elements() - usize::from(wrong));
        let to = Guarded::new(size, 4, wrong);
        // SAFETY: a block that was accepted, so many bytes.
        let status = unsafe { bluegrad_read_values(self.generator(), to.pointer(), size, ptr::null()) };
        to.check();
        if wrong {
            assert!([BLUEGRAD_ERROR_LENGTH, BLUEGRAD_ERROR_NOT_A_GENERATOR].contains(&status), "{status}");
            return;
        }
        expect("bluegrad_read_values", status, statuses::GENERATOR);
        assert!(status == BLUEGRAD_OK || self.state != State::Sound);
    }

    /// Changes a byte. In the header that is found, and behind it it may change the mask.
    pub(super) fn damage(&mut self, at: usize, xor: u8) {
        if self.state == State::Nothing || xor == 0 {
            return;
        }
        let len = self.memory.bytes().len();
        // one in four hits the header
        let at =
            if at.is_multiple_of(4) { at / 4 % HEADER_BYTES } else { HEADER_BYTES + 61 * at % (len - HEADER_BYTES) };
        if at >= HEADER_BYTES {
            self.memory.bytes_mut()[at] ^= xor;
            self.state = State::Damaged;
            return;
        }
        let end = summed_end(self.memory.bytes()).expect("a block that was accepted");
        self.memory.bytes_mut()[at] ^= xor;
        assert_eq!(self.config_of().is_none(), at < end, "byte {at} of a header of {end}");
        // taken back, so that the case goes on with a generator
        self.memory.bytes_mut()[at] ^= xor;
        assert!(self.config_of().is_some());
    }

    /// Changes a byte of the header and makes the checksum fit: as good as a block of somebody who wants to do harm. Only
    /// `bluegrad_open` may be given it.
    pub(super) fn forge(&mut self, at: usize, xor: u8) {
        let bytes = self.memory.bytes_mut();
        if self.state == State::Nothing || bytes.len() < HEADER_BYTES {
            return;
        }
        let end = summed_end(bytes).expect("a block that was accepted");
        bytes[CHECKSUM.end + at % (end - CHECKSUM.end)] ^= xor;
        let sum = bytes[CHECKSUM.end..end].iter().fold(FNV, |sum, byte| add(sum, *byte));
        bytes[CHECKSUM].copy_from_slice(&sum.to_ne_bytes());
        self.state = State::Nothing;
        self.open(0);
    }

    /// Copies the block to another address, `offset` bytes past a multiple of 64, and takes it up there.
    pub(super) fn moved(&mut self, offset: usize) {
        if self.state == State::Nothing {
            return;
        }
        let offset = if offset % 8 == 1 { offset } else { 0 };
        let mut memory = Guarded::new(self.memory.bytes().len(), offset, false);
        memory.bytes_mut().copy_from_slice(self.memory.bytes());
        let mut out = ptr::dangling_mut();
        // SAFETY: memory of that size, a pointer to write.
        let status = unsafe { bluegrad_open(memory.pointer(), memory.bytes().len(), &raw mut out) };
        memory.check();
        if offset > 0 {
            assert_eq!(status, BLUEGRAD_ERROR_ALIGNMENT);
            // SAFETY: at a wrong address nothing is read.
            let status = unsafe { bluegrad_step(memory.pointer(), 1, ptr::null(), ptr::null_mut()) };
            assert_eq!(status, BLUEGRAD_ERROR_ALIGNMENT);
            return;
        }
        assert!(status == BLUEGRAD_OK || self.state != State::Sound, "a moved block: {status}");
        if status == BLUEGRAD_OK {
            self.memory = memory;
        }
    }

    /// A sound run that has ended has the ranks of one in one go at the level `scalar`.
    pub(super) fn compare(&mut self) {
        let sound = self.state == State::Sound;
        let Some(report) = self.report_of().filter(|report| sound && report.done) else { return };
        if self.config.start() == Start::Mask as u32
            || cost::steps(&config::core(&self.config.valid()), report.steps.into()) > cost::BUDGET
        {
            return;
        }
        let ours = self.ranks();
        let (channels, pixels) = (self.config.side(3) as usize, self.pixels());
        for layer in ours.chunks(pixels * channels) {
            for channel in 0..channels {
                let mut sorted: Vec<u32> = layer.iter().skip(channel).step_by(channels).copied().collect();
                sorted.sort_unstable();
                assert!(sorted.into_iter().eq(0..pixels as u32), "each rank once");
            }
        }
        *self.config.level_mut() = SimdLevel::Scalar as u32;
        self.begin(&super::block::Begin::default());
        if self.state == State::Sound {
            // SAFETY: a block that was begun.
            unsafe { bluegrad_step(self.generator(), u32::MAX, ptr::null(), ptr::null_mut()) };
            assert!(self.ranks() == ours, "another run, another mask");
        }
    }

    /// The ranks of a run that has ended.
    pub(super) fn ranks(&mut self) -> Vec<u32> {
        let mut ranks = vec![0; self.elements()];
        // SAFETY: a block that was begun, room for its ranks.
        let status = unsafe { bluegrad_read_ranks(self.generator(), ranks.as_mut_ptr(), 4 * ranks.len(), ptr::null()) };
        assert_eq!(status, BLUEGRAD_OK);
        ranks
    }
}

/// FNV-1a of nothing.
const FNV: u32 = 0x811C_9DC5;

fn add(sum: u32, byte: u8) -> u32 {
    (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// Where the bytes end that the checksum is of: where it fits, if it does.
fn summed_end(bytes: &[u8]) -> Option<usize> {
    let stored = u32::from_ne_bytes(bytes[CHECKSUM].try_into().expect("four bytes"));
    let mut sum = FNV;
    let sums = bytes[CHECKSUM.end..HEADER_BYTES].iter().map(|byte| {
        sum = add(sum, *byte);
        sum
    });
    sums.into_iter().position(|sum| sum == stored).map(|last| CHECKSUM.end + last + 1)
}
