//! Measuring any ranks, and dithering rows with any mask.

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

/// A call of `bluegrad_dither_*`.
#[derive(Arbitrary, Debug)]
pub(super) struct Rows {
    width: u8,
    height: u8,
    texels: Vec<u8>,
    samples: Vec<u8>,
    levels: u16,
    channels: u8,
    /// x, y, the row's number, and the channels' offsets.
    places: [u32; 9],
    reserved: u8,
    kind: u8,
    order: u8,
    room: i8,
}

impl Rows {
    pub(super) fn run(&self) {
        let (width, height) = (u32::from(self.width % 40), u32::from(self.height % 40));
        let mut texels = Guarded::new((width * height) as usize, 0, false);
        let from = [17].into_iter().chain(self.texels.iter().copied()).cycle();
        texels.bytes_mut().iter_mut().zip(from).for_each(|(to, from)| *to = from);
        let mut dither = bluegrad_dither { texels: texels.pointer(), ..Self::EMPTY };
        let levels = u32::from(self.levels % 300);
        // SAFETY: a struct of that size, to write.
        let status = unsafe {
            let size = size_of::<bluegrad_dither>() as u32;
            bluegrad_dither_default(&raw mut dither, size, texels.pointer(), width, height, levels)
        };
        assert_eq!(status, BLUEGRAD_OK);
        [dither.x, dither.y, _, ..] = self.places;
        dither.channels = [1, 3, self.channels.into()][usize::from(self.channels % 3)];
        dither.channel_offsets = bytemuck::cast([
            self.places[3],
            self.places[4],
            self.places[5],
            self.places[6],
            self.places[7],
            self.places[8],
        ]);
        dither.reserved[1] = u32::from(self.reserved == 255);
        let samples = &self.samples[..self.samples.len().min(600)];
        // SAFETY: a dither with its texels.
        let packed = unsafe { bluegrad_dither_packed_size(&raw const dither, samples.len()) };
        let size = if self.kind % 3 == 2 { packed.saturating_add_signed(self.room.into()) } else { samples.len() };
        let to = Guarded::new(size, usize::from(self.kind) % 7, self.kind.is_multiple_of(2));
        let status = self.call(&dither, samples, &to, size);
        to.check();
        texels.check();
        expect("bluegrad_dither_*", status, statuses::DITHER);
        if status != BLUEGRAD_OK {
            assert!(to.bytes().iter().all(|byte| *byte == 0xA5), "written in spite of {status}");
        } else if self.kind % 3 == 0 {
            for (i, (level, sample)) in to.bytes().iter().zip(samples).enumerate() {
                assert_eq!(u32::from(*level), self.expected(&dither, texels.bytes(), i, *sample), "sample {i}");
            }
        }
    }

    const EMPTY: bluegrad_dither = bluegrad_dither {
        struct_size: 0,
        channels: 0,
        texels: std::ptr::null(),
        width: 0,
        height: 0,
        levels: 0,
        x: 0,
        y: 0,
        channel_offsets: [[0; 2]; 3],
        reserved: [0; 5],
    };

    fn call(&self, dither: &bluegrad_dither, row: &[u8], to: &Guarded, size: usize) -> i32 {
        let (y, samples, row) = (self.places[2], row.len(), row.as_ptr());
        // SAFETY: a dither with its texels, so many samples, so many bytes to write.
        unsafe {
            match self.kind % 3 {
                0 => bluegrad_dither_levels(dither, y, row, samples, to.pointer()),
                1 => bluegrad_dither_values(dither, y, row, samples, to.pointer()),
                _ => bluegrad_dither_pack(
                    dither,
                    y,
                    row,
                    samples,
                    to.pointer(),
                    size,
                    super::choice((self.order % 3).into()),
                ),
            }
        }
    }

    /// floor((v·(levels − 1) + t')/255) with the texel that lies there.
    fn expected(&self, dither: &bluegrad_dither, texels: &[u8], i: usize, v: u8) -> u32 {
        let channels = dither.channels as usize;
        let [dx, dy] = dither.channel_offsets[i % channels].map(u64::from);
        let x = (u64::from(dither.x) + dx + (i / channels) as u64) % u64::from(dither.width);
        let y = (u64::from(dither.y) + dy + u64::from(self.places[2])) % u64::from(dither.height);
        let texel = u32::from(texels[(y * u64::from(dither.width) + x) as usize]);
        (u32::from(v) * (dither.levels - 1) + texel - u32::from(texel >= 128)) / 255
    }
}
