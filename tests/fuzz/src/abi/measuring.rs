//! Measuring any ranks.

use super::statuses::{self, expect};
use crate::guarded::Guarded;
use arbitrary::Arbitrary;
use bluegrad_ffi::*;
use bytemuck::Zeroable;

/// A call of `bluegrad_measure`.
#[derive(Arbitrary, Debug)]
pub(super) struct Measure {
    width: u8,
    height: u8,
    ranks: Vec<u8>,
    stride: u8,
    short: u8,
    offset: u8,
}

impl Measure {
    pub(super) fn run(&self) {
        // 8x8 takes a tenth of a millisecond, 12x12 one
        let (width, height) = (u32::from(self.width % 13), u32::from(self.height % 13));
        let size = bluegrad_measure_memory_size(width, height);
        assert_eq!(size > 0, width >= 8 && height >= 8);
        let n = width * height;
        let mut ranks = Guarded::new(4 * n as usize, 0, false);
        let wrong = self.ranks.len() % 2 == 1;
        for (i, to) in ranks.bytes_mut().chunks_mut(4).enumerate() {
            let given =
                self.ranks.get(i).map_or(i as u32 * u32::from(self.stride), |byte| u32::from(*byte) * 0x0101_0101);
            to.copy_from_slice(&(if wrong { given } else { given % n }).to_ne_bytes());
        }
        let given = size.saturating_sub(self.short.into());
        let offset = usize::from(self.offset) % 9;
        let scratch = Guarded::new(given, offset, self.offset.is_multiple_of(2));
        let mut out = bluegrad_quality::zeroed();
        // SAFETY: so many ranks, so many bytes, a place for the figures.
        let status =
            unsafe { bluegrad_measure(ranks.pointer(), width, height, scratch.pointer(), given, &raw mut out) };
        scratch.check();
        ranks.check();
        expect("bluegrad_measure", status, statuses::MEASURE);
        let sound = size > 0 && given == size && offset.is_multiple_of(8) && !wrong;
        assert!(!sound || status == BLUEGRAD_OK, "{status}");
        assert!(status != BLUEGRAD_OK || out.reserved.iter().all(|value| *value == 0.0));
    }
}
