//! A block of memory, what it should be, and the calls that work on it.

use super::config::{self, Given, SIZE};
use super::host::Host;
use super::statuses::{self, expect};
use super::words::Words;
use crate::cost;
use crate::guarded::Guarded;
use arbitrary::Arbitrary;
use bluegrad::recipe::Start;
use bluegrad::{Report, SimdLevel};
use bluegrad_ffi::*;
use std::mem::offset_of;
use std::ptr;

/// The most values that a run is begun with.
const MOST_GIVEN: u64 = 4096;
/// The most bytes of a block; a larger one is begun with too little.
const MOST_BYTES: usize = 1 << 18;

/// What a block holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    /// Nothing that a call but `bluegrad_open` may be given.
    Nothing,
    /// The run that was begun.
    Sound,
    /// A run of some kind; any byte behind the header may be wrong.
    Damaged,
}

/// How a run is begun.
#[derive(Arbitrary, Debug, Default)]
pub(super) struct Begin {
    short: u8,
    offset: u8,
    load: Option<(u8, i8)>,
}

pub(super) struct Block {
    pub(super) config: Given,
    pub(super) checked: i32,
    values: Vec<u8>,
    pub(super) memory: Guarded,
    pub(super) state: State,
    /// Work that may still be done.
    pub(super) budget: u64,
}

impl Block {
    pub(super) fn new(config: Given, checked: i32, values: &[u8]) -> Self {
        // SAFETY: a configuration.
        let size = unsafe { bluegrad_memory_size(config.pointer()) };
        let values = if values.is_empty() { vec![7, 3, 200] } else { values.to_vec() };
        let memory = Guarded::new(size.min(MOST_BYTES), 0, true);
        Self { config, checked, values, memory, state: State::Nothing, budget: cost::BUDGET }
    }

    pub(super) fn check(&self) {
        self.memory.check();
    }

    pub(super) fn generator(&self) -> *mut bluegrad_generator {
        self.memory.pointer()
    }

    pub(super) fn pixels(&self) -> usize {
        self.config.pixels() as usize
    }

    pub(super) fn elements(&self) -> usize {
        self.config.elements() as usize
    }

    /// Begins the run, from noise or from values.
    pub(super) fn begin(&mut self, begin: &Begin) {
        // SAFETY: a configuration.
        let needed = unsafe { bluegrad_memory_size(self.config.pointer()) };
        let size = needed.min(MOST_BYTES).saturating_sub(begin.short.into());
        self.memory = Guarded::new(size, begin.offset.into(), begin.offset.is_multiple_of(2));
        let dear = self.checked == BLUEGRAD_OK && cost::dearest(&config::core(&self.config.valid())) > self.budget;
        if dear {
            self.state = State::Nothing;
            return;
        }
        let from_mask = self.config.start() == Start::Mask as u32;
        let mut out = ptr::dangling_mut();
        let (load, kind, off) = match begin.load {
            Some((kind, off)) => (true, kind, off),
            None => (from_mask, self.values[0], 0),
        };
        let status = if load {
            self.load(kind, off, size, &mut out)
        } else {
            // SAFETY: memory of that size, a configuration, a pointer to write.
            unsafe { bluegrad_init(self.memory.pointer(), size, self.config.pointer(), &raw mut out) }
        };
        // of several faults any may be told
        let aligned = begin.offset.is_multiple_of(64);
        let memory_is_wrong = |status| {
            !aligned && status == BLUEGRAD_ERROR_ALIGNMENT
                || aligned && size < needed && status == BLUEGRAD_ERROR_LENGTH
        };
        let good = if self.checked != BLUEGRAD_OK {
            status == self.checked || [BLUEGRAD_ERROR_WRONG_START, BLUEGRAD_ERROR_LENGTH].contains(&status)
        } else if load != from_mask {
            status == BLUEGRAD_ERROR_WRONG_START || memory_is_wrong(status)
        } else if load && (off < 0 || self.config.elements() > MOST_GIVEN) {
            status == BLUEGRAD_ERROR_LENGTH || memory_is_wrong(status)
        } else if !aligned {
            [BLUEGRAD_ERROR_ALIGNMENT, BLUEGRAD_ERROR_NUMBER].contains(&status)
        } else if size < needed {
            [BLUEGRAD_ERROR_LENGTH, BLUEGRAD_ERROR_NUMBER].contains(&status)
        } else {
            status == BLUEGRAD_OK || load && kind % 4 == 2 && status == BLUEGRAD_ERROR_NUMBER
        };
        assert!(good, "beginning {begin:?} a configuration of status {}: {status}", self.checked);
        let expected = if status == BLUEGRAD_OK { self.generator() } else { ptr::null_mut() };
        assert_eq!(out, expected);
        self.state = if status == BLUEGRAD_OK { State::Sound } else { State::Nothing };
    }

    /// Begins it from values of a kind, `off` too many.
    fn load(&mut self, kind: u8, off: i8, size: usize, out: &mut *mut bluegrad_generator) -> i32 {
        let count = self.config.elements().min(MOST_GIVEN).saturating_add_signed(off.into()) as usize;
        let bytes = [1, 2, 4, 4][usize::from(kind % 4)];
        let mut given = Guarded::new(count * bytes, 0, false);
        for (to, from) in given.bytes_mut().iter_mut().zip(self.values.iter().cycle()) {
            *to = *from;
        }
        let (memory, config, mut ties) = (self.memory.pointer(), self.config.pointer(), u32::MAX);
        let (given_size, whole) = (count * bytes, ptr::null());
        let (ties, out) = (&raw mut ties, &raw mut *out);
        // SAFETY: memory, configuration, so many values, places for the results.
        let status = unsafe {
            match kind % 4 {
                0 => bluegrad_load_u8(memory, size, config, given.pointer(), given_size, whole, ties, out),
                1 => bluegrad_load_u16(memory, size, config, given.pointer(), given_size, whole, ties, out),
                2 => bluegrad_load_f32(memory, size, config, given.pointer(), given_size, whole, ties, out),
                _ => bluegrad_load_ranks(memory, size, config, given.pointer(), given_size, whole, ties, out),
            }
        };
        // SAFETY: written above.
        let ties = unsafe { *ties } as usize;
        assert!(if status == BLUEGRAD_OK { ties < count } else { ties == 0 }, "{ties} ties of {count}");
        status
    }

    /// Takes the run up, from `short` bytes less than there are.
    pub(super) fn open(&mut self, short: usize) {
        let size = self.memory.bytes().len().saturating_sub(if self.state == State::Nothing { 0 } else { short });
        let before = self.memory.bytes().to_vec();
        let mut out = ptr::dangling_mut();
        // SAFETY: memory of that size, a pointer to write.
        let status = unsafe { bluegrad_open(self.memory.pointer(), size, &raw mut out) };
        expect("bluegrad_open", status, statuses::OPEN);
        assert!(self.memory.bytes() == before, "nothing is written to the block");
        assert_eq!(out, if status == BLUEGRAD_OK { self.generator() } else { ptr::null_mut() });
        if self.state == State::Sound {
            assert_eq!(status == BLUEGRAD_OK, short == 0, "opened {short} bytes less");
        } else if short == 0 && status != BLUEGRAD_OK {
            self.state = State::Nothing;
        } else if status == BLUEGRAD_OK && self.state == State::Nothing {
            self.state = State::Damaged;
        }
    }

    /// The run's own configuration, which damage may have changed, if its steps cost little enough.
    pub(super) fn affordable(&mut self, steps: u32) -> Option<Report> {
        let (config, report) = (self.config_of()?, self.report_of()?);
        let from = if self.state == State::Sound { report.step } else { 0 };
        let core = config::core(&config);
        // a stage that is damaged may take any of its steps again
        let cost = match self.state {
            State::Sound => cost::steps(&core, u64::from(from) + u64::from(steps)),
            _ => cost::dearest(&core).saturating_mul(steps.min(report.steps).into()),
        };
        self.budget = self.budget.checked_sub(cost)?;
        Some(report)
    }

    pub(super) fn step(&mut self, steps: u32, host: &Host, wanted: bool) {
        let Some(before) = self.affordable(steps) else { return };
        let jobs = host.jobs();
        let jobs = jobs.as_ref().map_or(ptr::null(), ptr::from_ref);
        let mut report = Words::<Report>::zeroed();
        let out = if wanted { report.pointer_mut() } else { ptr::null_mut() };
        // SAFETY: a block that was accepted, jobs that keep the rules.
        let status = unsafe { bluegrad_step(self.generator(), steps, jobs, out) };
        if matches!(host, Host::Null) {
            assert_eq!(status, BLUEGRAD_ERROR_NULL);
            return;
        }
        expect("bluegrad_step", status, statuses::GENERATOR);
        if self.state != State::Sound {
            return;
        }
        assert_eq!(status, BLUEGRAD_OK);
        let after = self.report_of().expect("a sound run");
        assert_eq!(after.step, before.step.saturating_add(steps).min(before.steps));
        assert_eq!(after.done, after.step == after.steps);
        // SAFETY: the call wrote it, whole.
        let same = || format!("{:?}", unsafe { report.pointer().read() }) == format!("{after:?}");
        assert!(!wanted || same());
    }

    pub(super) fn report(&mut self) {
        if let Some(report) = self.report_of() {
            assert!(report.level != SimdLevel::Auto);
            let config = self.config_of().expect("what has a report has a configuration");
            let mut given = self.config.clone();
            // those past the last are not looked at, and come back as zeros
            let count = given.stage_count() as usize;
            (count..8).for_each(|stage| given.stage_mut(stage).fill(0));
            // a cap comes back as the level that the run took
            if *given.level_mut() != SimdLevel::Auto as u32 {
                *given.level_mut() = report.level as u32;
            }
            let known = Given::of(&config) == given;
            assert!(known || self.state != State::Sound, "another configuration than the one given");
        }
    }

    pub(super) fn report_of(&mut self) -> Option<Report> {
        let mut report = Words::<Report>::zeroed();
        (self.state != State::Nothing).then_some(())?;
        // SAFETY: a block that was accepted.
        let status = unsafe { bluegrad_get_report(self.generator(), report.pointer_mut()) };
        expect("bluegrad_get_report", status, statuses::GENERATOR);
        if status != BLUEGRAD_OK {
            return None;
        }
        let reserved = &report.words()[offset_of!(Report, done) / 4..];
        assert!(reserved[0] & !1 == 0 && reserved[1..].iter().all(|word| *word == 0), "room for later versions");
        // SAFETY: the call wrote it, whole.
        Some(unsafe { report.pointer().read() })
    }

    pub(super) fn config_of(&mut self) -> Option<bluegrad_config> {
        let mut config = Words::<bluegrad_config>::zeroed();
        (self.state != State::Nothing).then_some(())?;
        // SAFETY: a block that was accepted.
        let status = unsafe { bluegrad_get_config(self.generator(), config.pointer_mut(), SIZE) };
        expect("bluegrad_get_config", status, statuses::GENERATOR);
        // SAFETY: the call wrote it, whole.
        (status == BLUEGRAD_OK).then(|| unsafe { config.pointer().read() })
    }
}
