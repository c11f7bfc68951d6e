//! The generator: its memory, its start, its steps.

use crate::border;
use crate::config::{self, bluegrad_config, bluegrad_level};
use crate::convert;
use crate::jobs::{self, bluegrad_jobs};
use crate::stage::bluegrad_stage;
use crate::status::*;
use crate::text::terminated;
use bluegrad::layout::HEADER_BYTES;
use bluegrad::spectral::MAX_TERMS;
use bluegrad::{Error, Generator, Losses, MEMORY_ALIGN, Report, SimdLevel, Stage};
use bytemuck::{Pod, Zeroable};
use core::ffi::{c_char, c_void};

/// What a generator's memory must start at a multiple of, bytes.
pub const BLUEGRAD_MEMORY_ALIGN: usize = 64;

const _: () = assert!(BLUEGRAD_MEMORY_ALIGN == MEMORY_ALIGN);

/// A run in a block of the caller's memory, and the address of that block. The block holds no pointer: a copy of its bytes is a
/// snapshot, and bluegrad_open takes the run up there, at another address or on another machine of the same endianness and
/// algorithm version. There is nothing to free: a run is given up by using its memory for something else.
///
/// A generator belongs to one thread at a time, for reading too; different generators are independent.
pub struct bluegrad_generator {
    _opaque: [u8; 0],
}

/// Terms that bluegrad_losses has room for.
pub const BLUEGRAD_MAX_TERMS: usize = 8;

const _: () = assert!(BLUEGRAD_MAX_TERMS == MAX_TERMS);

/// The weighted losses of a spectral stage's terms, with all random factors 1.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_losses {
    /// By the index of the term, whose name bluegrad_loss_name gives; 0 past the terms that there are.
    pub by_term: [f32; BLUEGRAD_MAX_TERMS],
}

/// Bytes of the longest name of a term, with its NUL.
const NAME_BYTES: usize = 32;

/// The terms' names, each with a NUL.
static LOSS_NAMES: [[u8; NAME_BYTES]; Losses::NAMES.len()] = {
    let mut names = [[0; NAME_BYTES]; Losses::NAMES.len()];
    let mut i = 0;
    while i < names.len() {
        assert!(Losses::NAMES[i].len() < NAME_BYTES);
        names[i] = terminated(Losses::NAMES[i]);
        i += 1;
    }
    names
};

/// The name of a term, "low band" for instance: of the element `term` of bluegrad_losses. NULL for a number that is none, so that a
/// loop from 0 to the first NULL lists those of the library that is linked. The text is static. May be called from any thread at any
/// time.
#[unsafe(no_mangle)]
pub extern "C" fn bluegrad_loss_name(term: u32) -> *const c_char {
    LOSS_NAMES.get(term as usize).map_or(core::ptr::null(), |name| name.as_ptr().cast())
}

/// How far a run is, and what its last step saw.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_report {
    /// The stage of the last step, counted from 0; the number of stages for the step that ranks.
    pub stage: u32,
    /// Steps done.
    pub step: u32,
    /// Steps in all: those of the stages, and one that ranks.
    pub steps: u32,
    /// 1 if the mask is ready, else 0.
    pub done: u32,
    /// The losses before the last step; after the ranking those of the first spectral stage's terms at the final values. 0 for stages
    /// that are not spectral.
    pub losses: bluegrad_losses,
    /// Euclidean norm of the gradient of the last spectral step; 0 after the ranking and for other stages.
    pub gradient_norm: f32,
    /// The instruction set that the run has, one of BLUEGRAD_LEVEL_* but BLUEGRAD_LEVEL_AUTO.
    pub level: bluegrad_level,
    /// 0: room for later versions.
    pub reserved: [u32; 6],
}

fn report(from: &Report, level: SimdLevel) -> bluegrad_report {
    bluegrad_report {
        stage: from.stage,
        step: from.step,
        steps: from.steps,
        done: u32::from(from.done),
        losses: convert::words(from.losses),
        gradient_norm: from.gradient_norm,
        level: level as u32,
        reserved: [0; 6],
    }
}

/// The run behind a pointer.
///
/// # Safety
/// NULL, misaligned, or the start of a block that `bluegrad_init`, `_load_*` or `_open` accepted and that nobody else uses for `'a`.
pub(crate) unsafe fn open<'a>(generator: *const bluegrad_generator) -> Result<Generator<'a>, bluegrad_status> {
    let start = generator.cast::<u8>().cast_mut();
    if !start.is_null() && !(start as usize).is_multiple_of(MEMORY_ALIGN) {
        return Err(BLUEGRAD_ERROR_ALIGNMENT);
    }
    // SAFETY: the caller's promise: each block is at least that long.
    let header = unsafe { border::slice(start.cast_const(), HEADER_BYTES) }?;
    let bytes = Generator::layout_of(header).map_err(code)?.bytes();
    // SAFETY: the header is whole, so it is the one that was accepted with a block of at least this length.
    Generator::open(unsafe { border::slice_mut(start, bytes) }?).map_err(code)
}

/// What is done with a block and a configuration.
type Begin<'a> = &'a dyn Fn(&mut [u8], &bluegrad::Config) -> Result<u32, Error>;

/// Starts a run in a block, and says where.
///
/// # Safety
/// Each pointer is NULL, misaligned, or as the functions' descriptions say.
unsafe fn start(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    out: *mut *mut bluegrad_generator,
    begin: Begin<'_>,
) -> Result<u32, bluegrad_status> {
    // SAFETY: the caller's promise.
    unsafe { border::write(out, core::ptr::null_mut()) }?;
    // SAFETY: the caller's promise.
    let config = unsafe { config::read(config) }?;
    // SAFETY: the caller's promise.
    let block = unsafe { border::slice_mut(memory.cast::<u8>(), size) }?;
    let begun = begin(block, &config).map_err(code)?;
    // SAFETY: the caller's promise.
    unsafe { border::write(out, memory.cast()) }?;
    Ok(begun)
}

/// Starts a run from noise of the configuration's seed. It takes about as long as a step.
///
/// memory: a block that starts at a multiple of BLUEGRAD_MEMORY_ALIGN; what it held is overwritten. It belongs to the run until that is
/// given up. size: its bytes, at least bluegrad_memory_size. config: is copied. out: gets the generator, NULL after an error.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _ALIGNMENT and _LENGTH of the memory,
/// _WRONG_START if the configuration starts from a mask; _SIZE, _LAYERS, _TRANSFORM_SIZE, _STAGE_COUNT, _STEP_COUNT, _NUMBER, _PROFILE, _FEATURE
/// and _DISTRIBUTION_TABLE of the configuration.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_init(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { start(memory, size, config, out, &|block, config| Generator::init(block, config).map(|_| 0)) }
        .map(drop))
}

/// Starts a run from a given mask: from `value` of each pixel's element, of a type `T`.
///
/// # Safety
/// As `start`.
unsafe fn load<T: bytemuck::AnyBitPattern>(
    block: (*mut c_void, usize),
    config: *const bluegrad_config,
    (values, count): (*const T, usize),
    (ties, out): (*mut u32, *mut *mut bluegrad_generator),
    value: impl Fn(&T) -> f32,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        unsafe { border::write(out, core::ptr::null_mut()) }?;
        // SAFETY: the caller's promise.
        let given = unsafe { border::slice(values, count) }?;
        border::apart(values, size_of_val(given), block.0, block.1)?;
        // SAFETY: the caller's promise.
        unsafe { load_by(block, config, count, (ties, out), &|i| given.get(i).map_or(0.0, &value)) }
    };
    of(run())
}

/// The same for every type of values: `value(i)` of each of `count` pixels.
///
/// # Safety
/// As `start`.
unsafe fn load_by(
    block: (*mut c_void, usize),
    config: *const bluegrad_config,
    count: usize,
    (ties, out): (*mut u32, *mut *mut bluegrad_generator),
    value: &dyn Fn(usize) -> f32,
) -> Result<(), bluegrad_status> {
    // SAFETY: the caller's promise.
    unsafe { border::write_if_wanted(ties, 0) }?;
    let begin = |block: &mut [u8], config: &bluegrad::Config| {
        Generator::init_with_mask_by(block, config, count, value).map(|(_, ties)| ties)
    };
    // SAFETY: the caller's promise.
    let counted = unsafe { start(block.0, block.1, config, out, &begin) }?;
    // SAFETY: the caller's promise.
    unsafe { border::write_if_wanted(ties, counted) }
}

/// Starts a run from a given mask of 8-bit values, to refine it: as bluegrad_init, for configurations with BLUEGRAD_START_MASK
/// (bluegrad_config_refine). Only the order of the values counts; pixels of equal values are put in a random order of the seed.
///
/// values: width*height of them, row by row, apart from the memory. count: their number. ties: gets how many pixels have a value that
/// another has, less one for each such value; may be NULL. The other parameters are those of bluegrad_init.
/// Errors: those of bluegrad_init but that _WRONG_START means a start from noise; _LENGTH of the values, _STARTS_TWICE, _OVERLAP.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_u8(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u8,
    count: usize,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, count), (ties, out), |value| f32::from(*value)) }
}

/// As bluegrad_load_u8, from 16-bit values.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_u16(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u16,
    count: usize,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, count), (ties, out), |value| f32::from(*value)) }
}

/// As bluegrad_load_u8, from floats; BLUEGRAD_ERROR_NUMBER if one is not finite.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_f32(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const f32,
    count: usize,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, count), (ties, out), |value| *value) }
}

/// As bluegrad_load_u8, from ranks as bluegrad_read_ranks gives them, 0 to width*height - 1; any others below 2^24 will do too, for
/// only their order counts. Those from 2^24 on are taken as the nearest float.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_load_ranks(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    values: *const u32,
    count: usize,
    ties: *mut u32,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    unsafe { load((memory, size), config, (values, count), (ties, out), |value| *value as f32) }
}

/// Takes up a run from a block that bluegrad_init, bluegrad_load_* and bluegrad_step left, or from a copy of its bytes. Nothing is
/// written to the block. A level that this CPU lacks becomes the best that it has.
///
/// memory: starts at a multiple of BLUEGRAD_MEMORY_ALIGN. size: its bytes, at least those that the run had. out: gets the generator,
/// NULL after an error.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED of out, _ALIGNMENT, _LENGTH, _NOT_A_GENERATOR, _FEATURE. Damage to the header is found; damage to what
/// follows makes a wrong mask or an error, and nothing worse.
/// May be called from any thread, for different blocks at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_open(
    memory: *mut c_void,
    size: usize,
    out: *mut *mut bluegrad_generator,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        unsafe { border::write(out, core::ptr::null_mut()) }?;
        // SAFETY: the caller's promise.
        Generator::open(unsafe { border::slice_mut(memory.cast::<u8>(), size) }?).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, memory.cast()) }
    };
    of(run())
}

/// Does up to `steps` more steps; less if the run ends. A program spends a slice of each frame on it, shows progress from the report,
/// and cancels by not calling again. Call it until the report's `done` is 1.
///
/// What one step is, and which stages use jobs (n pixels):
///
/// - spectral: a step of the optimiser: two transforms and, with a histogram term, a sort. Jobs: all but the sort.
/// - fill: placing up to 1024 pixels. No jobs.
/// - void-and-cluster: up to 1024 moves of its initial pattern's pixels, or placing up to 1024 pixels. No jobs.
/// - front: a step of the optimiser, with exact ranks. Jobs: all but the ranks.
/// - polish: a step of the optimiser, with exact ranks at the last. Jobs: all but the ranks.
/// - swap: a sweep over all pixels: the longest of all steps. No jobs.
/// - the last step of all: exact ranks, and the losses if there is a spectral stage. No jobs.
///
/// A step's time grows with n, but that of fill and void-and-cluster.
///
/// generator: one thread at a time. steps: 0 does nothing but report. jobs: the host's threads, for this call; NULL: all on the calling
/// thread. The bytes are the same either way. out: gets the report; may be NULL.
/// Errors: BLUEGRAD_ERROR_NULL (generator, jobs->run), _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR if the block was damaged.
/// Steps done before an error stay done. The floating-point environment must round to nearest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_step(
    generator: *mut bluegrad_generator,
    steps: u32,
    jobs: *const bluegrad_jobs,
    out: *mut bluegrad_report,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let mut opened = unsafe { open(generator) }?;
        // SAFETY: the caller's promise.
        let jobs = unsafe { jobs::read(jobs) }?;
        // SAFETY: the caller's promise. Before the steps, so that a misaligned pointer wastes none.
        unsafe { border::write_if_wanted(out, report(&opened.report(), opened.level())) }?;
        let done = match (steps, jobs) {
            (0, _) => Ok(opened.report()),
            (_, Some(jobs)) => opened.step_on(steps, &jobs),
            (_, None) => opened.step(steps),
        };
        // SAFETY: the caller's promise.
        unsafe { border::write_if_wanted(out, report(&done.map_err(code)?, opened.level())) }
    };
    of(run())
}

/// How far a run is, without a step.
///
/// generator: one thread at a time. out: gets the report.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_get_report(
    generator: *const bluegrad_generator,
    out: *mut bluegrad_report,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { open(generator).and_then(|opened| border::write(out, report(&opened.report(), opened.level()))) })
}

/// What a run was made from: the shape of a saved block, for instance. Its level is the one that the run took when it began;
/// BLUEGRAD_LEVEL_AUTO stays, so that a saved block has the best that there is where it is opened.
///
/// generator: one thread at a time. out: gets the configuration. struct_size: sizeof(bluegrad_config).
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _STRUCT_SIZE.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_get_config(
    generator: *const bluegrad_generator,
    out: *mut bluegrad_config,
    struct_size: u32,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { open(generator).and_then(|opened| config::write(out, struct_size, opened.config())) })
}

/// The losses of any spectral stage's terms at the present values; the run goes on as if it had not been asked. It takes about as long
/// as a step with exact ranks.
///
/// generator: of a configuration with a spectral stage; one thread at a time. stage: of kind BLUEGRAD_STAGE_SPECTRAL. out: gets the losses.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _RESERVED, _UNKNOWN_VALUE, _NOT_SPECTRAL if the run or the stage is
/// not, _NUMBER of the stage, _PROFILE for a profile term where no stage of the run has one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_evaluate(
    generator: *mut bluegrad_generator,
    stage: *const bluegrad_stage,
    out: *mut bluegrad_losses,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let mut opened = unsafe { open(generator) }?;
        // SAFETY: the caller's promise.
        let Stage::Spectral(stage) = convert::stage(unsafe { border::reference(stage) }?)? else {
            return Err(BLUEGRAD_ERROR_NOT_SPECTRAL);
        };
        let losses = opened.evaluate(&stage).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, convert::words(losses)) }
    };
    of(run())
}
