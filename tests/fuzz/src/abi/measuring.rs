//! Measuring any ranks, of flat masks and of volumes, and probing any filters.

use super::config::SIZE;
use super::statuses::{self, expect};
use super::words::Words;
use crate::cost;
use crate::guarded::Guarded;
use crate::number::Number;
use crate::recipes::count;
use arbitrary::Arbitrary;
use bluegrad::Shape;
use bluegrad::filters::Filters;
use bluegrad::recipe::Powers;
use bluegrad_ffi::*;
use bytemuck::Zeroable;
use std::mem::offset_of;
use std::ptr;

/// The most elements of a volume here; a larger one gets too little scratch.
const MOST_ELEMENTS: usize = 512;
/// The most layers that are probed; for more there is too little memory.
const MOST_PROBED: u32 = 2;

/// Offsets of what filters have besides their weights; half of the changes are to these.
const SWITCHES: [usize; 13] = [
    offset_of!(Filters, space.kind),
    offset_of!(Filters, time.kind),
    offset_of!(Filters, combine),
    offset_of!(Filters, space.sigma),
    offset_of!(Filters, space.size),
    offset_of!(Filters, space.taps.count),
    offset_of!(Filters, time.alpha),
    offset_of!(Filters, time.beta),
    offset_of!(Filters, time.sigma),
    offset_of!(Filters, time.size),
    offset_of!(Filters, time.taps.count),
    offset_of!(Filters, weight),
    offset_of!(Filters, space.taps.weights),
];
/// Those of them that are choices.
const CHOICES: std::ops::Range<usize> = 0..3;

/// A call of `bluegrad_measure`, or of one of the functions for volumes.
#[derive(Arbitrary, Debug)]
pub(super) struct Measure {
    width: u8,
    height: u8,
    ranks: Vec<u8>,
    stride: u8,
    short: u8,
    offset: u8,
    volume: Option<Volume>,
}

/// What volumes and filters have besides.
#[derive(Arbitrary, Debug)]
struct Volume {
    what: u8,
    layers: u8,
    channels: u8,
    channel: u8,
    level: u8,
    /// Words of the filters, changed.
    filters: Vec<(u8, Number)>,
}

impl Measure {
    /// Calls the function, if the work that may still be done is enough for it.
    pub(super) fn run(&self, budget: &mut u64) {
        match &self.volume {
            None => self.flat(),
            Some(volume) if volume.what % 8 == 7 => self.probe(volume, budget),
            Some(volume) => self.volume(volume, budget),
        }
    }

    fn flat(&self) {
        // 8x8 takes a tenth of a millisecond, 12x12 one
        let (width, height) = (side(self.width), side(self.height));
        let size = bluegrad_measure_memory_size(width, height);
        assert_eq!(size > 0, width >= 8 && height >= 8);
        let n = width * height;
        let (ranks, wrong) = self.ranks(n as usize, n);
        let (scratch, given, offset) = self.scratch(size);
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

    /// So many ranks, below `pixels` unless they are wrong.
    fn ranks(&self, elements: usize, pixels: u32) -> (Guarded, bool) {
        let mut ranks = Guarded::new(4 * elements, 0, false);
        let wrong = self.ranks.len() % 2 == 1;
        for (i, to) in ranks.bytes_mut().chunks_mut(4).enumerate() {
            let given =
                self.ranks.get(i).map_or(i as u32 * u32::from(self.stride), |byte| u32::from(*byte) * 0x0101_0101);
            to.copy_from_slice(&(if wrong { given } else { given % pixels }).to_ne_bytes());
        }
        (ranks, wrong)
    }

    /// Memory of so many bytes, or of somewhat less; its size and its distance from a good address.
    fn scratch(&self, size: usize) -> (Guarded, usize, usize) {
        let given = size.saturating_sub(self.short.saturating_sub(192).into());
        let offset = if self.offset < 128 { 0 } else { usize::from(self.offset) % 9 };
        (Guarded::new(given, offset, self.offset.is_multiple_of(2)), given, offset)
    }

    fn shape(&self, volume: &Volume) -> Shape {
        Shape::new(side(self.width), side(self.height))
            .with_layers(count(volume.layers))
            .with_channels(count(volume.channels))
    }

    /// A call of `bluegrad_measure_volume` or of `bluegrad_pair_loss`.
    fn volume(&self, volume: &Volume, budget: &mut u64) {
        let (shape, whole) = (self.shape(volume), volume.what.is_multiple_of(2));
        // SAFETY: a shape.
        let size = unsafe {
            if whole { bluegrad_measure_volume_memory_size(&shape) } else { bluegrad_pair_loss_memory_size(&shape) }
        };
        assert_eq!(size > 0, shape.check().is_ok());
        let elements = if size > 0 { shape.elements() } else { 0 };
        let dear = elements > MOST_ELEMENTS;
        // a pass over the volume for each offset, or for some hundred thresholds
        let cost = if dear { 0 } else { (elements * elements.max(512)) as u64 };
        let Some(left) = budget.checked_sub(cost) else { return };
        *budget = left;
        let (ranks, wrong) = self.ranks(if dear { 0 } else { elements }, shape.width * shape.height);
        let (scratch, given, offset) = self.scratch(if dear { 0 } else { size });
        let sound = size > 0 && given == size && offset.is_multiple_of(8) && !wrong;
        let (ranks_at, scratch_at) = (ranks.pointer(), scratch.pointer());
        if whole {
            let mut out = bluegrad_volume_quality::zeroed();
            // SAFETY: so many ranks, a shape, so many bytes, a place for the figures.
            let status = unsafe { bluegrad_measure_volume(ranks_at, &shape, scratch_at, given, &raw mut out) };
            expect("bluegrad_measure_volume", status, statuses::MEASURE_VOLUME);
            assert!(!sound || status == BLUEGRAD_OK, "{status}");
            if status == BLUEGRAD_OK {
                assert!(out.reserved.iter().all(|value| *value == 0.0));
                let channels = out.channels.split_at(shape.channels as usize);
                assert!(channels.1.iter().all(|none| none.frames.first.is_nan() && none.space_time.space[0].is_nan()));
            }
        } else {
            let (filters, mut out) = (volume.filters(), 7.0);
            let channel = u32::from(if volume.channel < 192 { volume.channel / 96 } else { volume.channel % 8 });
            // SAFETY: so many ranks, a shape, filters, so many bytes, a place for the loss.
            let status = unsafe {
                bluegrad_pair_loss(ranks_at, &shape, channel, filters.pointer(), scratch_at, given, &raw mut out)
            };
            expect("bluegrad_pair_loss", status, statuses::PAIR_LOSS);
            let wanted = volume.filters.is_empty() && channel < shape.channels;
            assert!(!(sound && wanted) || status == BLUEGRAD_OK, "{status}");
            if status == BLUEGRAD_OK {
                // no more than a filter that passes one frequency alone leaves of a pattern of this frequency
                let most = 10.0 * (elements as f64 / f64::from(shape.channels)).log10();
                assert!(out.is_nan() || (-300.0..=most + 0.01).contains(&out), "{out} dB");
            }
        }
        scratch.check();
        ranks.check();
    }

    /// A call of `bluegrad_powers_probe`, and what may be made of its powers.
    fn probe(&self, volume: &Volume, budget: &mut u64) {
        let shape = self.shape(volume);
        let mut config = Words::<bluegrad_config>::zeroed();
        let to = config.pointer_mut();
        // SAFETY: a struct of this size, to write.
        let status = unsafe { bluegrad_config_default(to, SIZE, super::choice(0), shape.width, shape.height) };
        assert_eq!(status, BLUEGRAD_OK);
        *config.at_mut(offset_of!(bluegrad_config, shape.layers)) = shape.layers;
        *config.at_mut(offset_of!(bluegrad_config, shape.channels)) = shape.channels;
        *config.at_mut(offset_of!(bluegrad_config, level)) =
            if volume.level < 192 { 0 } else { u32::from(volume.level % 34) };
        let filters = volume.filters();
        let first = offset_of!(bluegrad_config, filters) / 4;
        config.words_mut()[first..][..filters.words().len()].copy_from_slice(filters.words());
        let (config_at, mut powers) = (config.pointer(), Powers { space: 7.0, time: 7.0, tent: 7 });
        // SAFETY: a configuration.
        let size = unsafe { bluegrad_powers_memory_size(config_at) };
        let dear = shape.layers > MOST_PROBED;
        if !dear {
            let Some(left) = budget.checked_sub(cost::BUDGET / 3) else { return };
            *budget = left;
        }
        let (memory, given, offset) = self.scratch(if dear { 0 } else { size });
        // SAFETY: so many bytes, a configuration, a place for the powers.
        let status = unsafe { bluegrad_powers_probe(memory.pointer(), given, config_at, &raw mut powers) };
        memory.check();
        expect("bluegrad_powers_probe", status, statuses::PROBE);
        let sound = size > 0 && given == size && offset == 0 && volume.level < 192 && volume.filters.is_empty();
        assert!(!sound || status == BLUEGRAD_OK, "{status}");
        if status == BLUEGRAD_OK {
            // SAFETY: a configuration, powers.
            let status = unsafe { bluegrad_config_filtered(config.pointer_mut(), ptr::from_ref(&powers)) };
            assert!([BLUEGRAD_OK, BLUEGRAD_ERROR_NOT_POSITIVE].contains(&status), "{powers:?}: {status}");
        }
    }
}

/// Sides: mostly of masks, some that no mask has.
fn side(byte: u8) -> u32 {
    u32::from(if byte < 192 { 8 + byte % 5 } else { byte % 13 })
}

impl Volume {
    /// Filters with some words changed, which may be any.
    fn filters(&self) -> Words<Filters> {
        let mut filters = Words::<Filters>::zeroed();
        let plain: [u32; size_of::<Filters>() / 4] = bytemuck::must_cast(Filters::GAUSSIAN);
        filters.words_mut().copy_from_slice(&plain);
        for (index, number) in self.filters.iter().take(12) {
            let at = usize::from(*index) % (2 * SWITCHES.len());
            let index = SWITCHES.get(at).map_or(usize::from(*index) % plain.len(), |offset| offset / 4);
            // mostly choices that there are
            let word = if CHOICES.contains(&at) && number.word() < 200 { number.word() % 5 } else { number.word() };
            filters.words_mut()[index] = word;
        }
        filters
    }
}
