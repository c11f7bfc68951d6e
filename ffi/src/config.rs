//! What to make.

use crate::border;
use crate::convert;
use crate::preset::{bluegrad_preset, preset};
use crate::stage::bluegrad_stage;
use crate::status::*;
use crate::text;
use bluegrad::recipe::MAX_STAGES;
use bluegrad::{Config, Error, Layout, Recipe};
use bytemuck::{Pod, Zeroable};
use core::ffi::c_char;

/// An instruction set: one of BLUEGRAD_LEVEL_*. The choice changes the speed only: each gives the same bytes. Within a family, x86
/// for instance, a larger number is a better one.
pub type bluegrad_level = u32;
/// The best that this CPU and this build have.
pub const BLUEGRAD_LEVEL_AUTO: bluegrad_level = 0;
/// Plain code; where the target always has vectors, as x86-64 and 64-bit ARM, the least of these.
pub const BLUEGRAD_LEVEL_SCALAR: bluegrad_level = 1;
/// x86 with SSE2.
pub const BLUEGRAD_LEVEL_SSE2: bluegrad_level = 2;
/// x86 with SSE4.2.
pub const BLUEGRAD_LEVEL_SSE42: bluegrad_level = 3;
/// x86-64-v3.
pub const BLUEGRAD_LEVEL_AVX2: bluegrad_level = 4;
/// The Ice Lake set of AVX-512.
pub const BLUEGRAD_LEVEL_AVX512: bluegrad_level = 5;
/// 64-bit ARM.
pub const BLUEGRAD_LEVEL_NEON: bluegrad_level = 16;
/// WebAssembly's 128-bit vectors.
pub const BLUEGRAD_LEVEL_SIMD128: bluegrad_level = 32;

/// A distribution of values in [-1, 1]: one of BLUEGRAD_DISTRIBUTION_*.
pub type bluegrad_distribution_kind = u32;
/// Each value equally often.
pub const BLUEGRAD_DISTRIBUTION_UNIFORM: bluegrad_distribution_kind = 0;
/// The sum of two uniform values, halved.
pub const BLUEGRAD_DISTRIBUTION_TRIANGULAR: bluegrad_distribution_kind = 1;
/// A Gaussian of mean 0 and `sigma`, cut off at -1 and 1.
pub const BLUEGRAD_DISTRIBUTION_GAUSSIAN: bluegrad_distribution_kind = 2;
/// Quantiles from a table, linear between them.
pub const BLUEGRAD_DISTRIBUTION_TABLE: bluegrad_distribution_kind = 3;

/// The distribution that values are to have. All zero is a valid one: uniform.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_distribution {
    /// Which.
    pub kind: bluegrad_distribution_kind,
    /// Standard deviation of the Gaussian before it is cut off, 0.15 to 2.
    pub sigma: f32,
    /// Quantiles of the table at i/64: from -1 to 1, never falling.
    pub table: [f32; 65],
}

/// One knot of a radial profile.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_knot {
    /// Radial frequency, cycles/pixel, 0 to 0.7072.
    pub frequency: f32,
    /// Amplitude there, in any unit, at least 0.
    pub amplitude: f32,
}

/// A radial amplitude profile: linear between its knots, constant before the first and after the last.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_profile {
    /// The knots, in rising order of frequency.
    pub knots: [bluegrad_knot; 32],
    /// How many of them there are, 2 to 32.
    pub knot_count: u32,
}

/// What a run starts from: one of BLUEGRAD_START_*.
pub type bluegrad_start = u32;
/// Noise of the seed: bluegrad_init.
pub const BLUEGRAD_START_NOISE: bluegrad_start = 0;
/// A given mask: bluegrad_load_u8, _u16, _f32 or _ranks. No stage may be a fill or void-and-cluster.
pub const BLUEGRAD_START_MASK: bluegrad_start = 1;

/// The most stages of a run.
pub const BLUEGRAD_MAX_STAGES: usize = 8;

const _: () = assert!(BLUEGRAD_MAX_STAGES == MAX_STAGES);

/// All that a run depends on: the same configuration and BLUEGRAD_ALGORITHM_VERSION give the same mask everywhere. Filled in by
/// bluegrad_config_default, then free to edit. It holds no pointer.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_config {
    /// sizeof(bluegrad_config): that of the header which the caller was compiled with. This version takes its own size only and
    /// answers any other, a smaller one of an older header too, with BLUEGRAD_ERROR_STRUCT_SIZE, before it reads or writes
    /// anything behind this word. From version 1.0 on a library also takes the sizes of all headers since 1.0: what an older one
    /// lacks is 0, which stands for what the older library did.
    pub struct_size: u32,
    /// Width of the mask, 8 to 4096 pixels; with a spectral stage a power of two from 16.
    pub width: u32,
    /// Height of the mask, as the width.
    pub height: u32,
    /// Layers of the mask: 1, or BLUEGRAD_ERROR_LAYERS.
    pub layers: u32,
    /// Channels of the mask: 1, or BLUEGRAD_ERROR_LAYERS.
    pub channels: u32,
    /// A cap on the instruction set: a run has the best that this CPU and build have and that is not above it; bluegrad_report says
    /// which. BLUEGRAD_LEVEL_AUTO, the default, caps nothing, and BLUEGRAD_LEVEL_SCALAR is below all. A level of another
    /// processor's family does not bind: BLUEGRAD_LEVEL_AVX2 keeps AVX-512 from x86 and leaves ARM its NEON.
    pub level: bluegrad_level,
    /// Seed of all that is random.
    pub seed: u64,
    /// What the values of spectral stages are to have; other stages and the ranks do not know it.
    pub distribution: bluegrad_distribution,
    /// What the first stage starts from.
    pub start: bluegrad_start,
    /// How many stages there are, 1 to BLUEGRAD_MAX_STAGES.
    pub stage_count: u32,
    /// The stages, run one after the other; those past stage_count are not looked at.
    pub stages: [bluegrad_stage; BLUEGRAD_MAX_STAGES],
    /// What the profile term of spectral stages aims at; read only if one gives that term weight.
    pub profile: bluegrad_profile,
    /// 0, or BLUEGRAD_ERROR_RESERVED: room for later versions.
    pub reserved: [u32; 16],
}

/// The configuration behind a pointer, once its size is known to be right.
///
/// # Safety
/// NULL, misaligned, or readable as far as its `struct_size` says.
pub(crate) unsafe fn reference<'a>(config: *const bluegrad_config) -> Result<&'a bluegrad_config, bluegrad_status> {
    // SAFETY: the caller's promise; a configuration of any version begins with this word.
    check_size(*unsafe { border::reference(config.cast::<u32>()) }?)?;
    // SAFETY: the caller's promise, and the size is this version's.
    unsafe { border::reference(config) }
}

fn check_size(struct_size: u32) -> Result<(), bluegrad_status> {
    // a later version takes the sizes of earlier ones too
    if struct_size as usize == size_of::<bluegrad_config>() { Ok(()) } else { Err(BLUEGRAD_ERROR_STRUCT_SIZE) }
}

/// The core's form of it.
///
/// # Safety
/// As [`reference`].
pub(crate) unsafe fn read(config: *const bluegrad_config) -> Result<Config, bluegrad_status> {
    // SAFETY: the caller's promise.
    convert::config(unsafe { reference(config) }?)
}

/// Writes a configuration of the caller's size.
///
/// # Safety
/// NULL, misaligned, or writable for `struct_size` bytes.
pub(crate) unsafe fn write(to: *mut bluegrad_config, struct_size: u32, config: &Config) -> Result<(), bluegrad_status> {
    check_size(struct_size)?;
    // SAFETY: the caller's promise.
    unsafe { border::write(to, convert::from_config(config)?) }
}

/// Fills in a preset with seed 0, the best level and uniform values. Width and height are not checked yet.
///
/// out: gets it all, struct_size too. struct_size: sizeof(bluegrad_config), so that a later library knows how much there is to write.
/// preset: one of BLUEGRAD_PRESET_*.
/// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_STRUCT_SIZE, BLUEGRAD_ERROR_UNKNOWN_VALUE.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_default(
    out: *mut bluegrad_config,
    struct_size: u32,
    preset: bluegrad_preset,
    width: u32,
    height: u32,
) -> bluegrad_status {
    let preset = match self::preset(preset) {
        Ok(preset) => preset,
        Err(status) => return status,
    };
    // SAFETY: the caller's promise.
    of(unsafe { write(out, struct_size, &Config::new(preset, width, height)) })
}

/// Changes the recipe of a configuration.
///
/// # Safety
/// NULL, misaligned, or readable and writable as far as its `struct_size` says.
unsafe fn edit(
    config: *mut bluegrad_config,
    change: &dyn Fn(&Config) -> Result<Recipe, Error>,
) -> Result<(), bluegrad_status> {
    // SAFETY: the caller's promise.
    let mut edited = *unsafe { reference(config) }?;
    let recipe = change(&convert::config(&edited)?).map_err(code)?;
    convert::set_recipe(&mut edited, &recipe)?;
    // SAFETY: the caller's promise.
    unsafe { border::write(config, edited) }
}

/// Replaces the stages by those of the family of dither masks, from which BLUEGRAD_PRESET_DITHER is taken.
///
/// config: of bluegrad_config_default; it then starts from noise. sigma: 1.0 for near viewing to 1.7 pixels for far viewing, 1.26 by
/// default. steps: of polish, 14 by default, 8 for speed.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, and BLUEGRAD_ERROR_NUMBER for sigma.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_dither(
    config: *mut bluegrad_config,
    sigma: f32,
    steps: u32,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { edit(config, &|_| Recipe::dither(sigma, steps)) })
}

/// Replaces the stages by those of BLUEGRAD_PRESET_DITHER_SMOOTH with another mix of dithering and a dark grey mask.
///
/// config: of bluegrad_config_default; it then starts from noise. Its width and height are looked at: where both are powers of two from
/// 16, a mix of 1 ends with a spectral stage, and the grey mask is as dark as that of BLUEGRAD_PRESET_SPECTRAL. (For few levels take one
/// from stage_count before bluegrad_config_levels, as the command line does.) mix: 0, dithering alone, to 1; the preset has 0.25.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, and BLUEGRAD_ERROR_NUMBER for mix.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_mix(config: *mut bluegrad_config, mix: f32) -> bluegrad_status {
    let mixed = |config: &Config| match Recipe::dither_mix(mix)? {
        recipe if mix == 1.0 && config.shape.check_transform().is_ok() => recipe.darkened(),
        recipe => Ok(recipe),
    };
    // SAFETY: the caller's promise.
    of(unsafe { edit(config, &mixed) })
}

/// Appends a stage that makes the mask better for dithering to that few levels, 64 sweeps of swaps at most.
///
/// levels: of the picture that is dithered, 2 to 64; a number that is out of range is found by bluegrad_config_check. sigma: of the
/// family's kernel, as in bluegrad_config_dither.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, and BLUEGRAD_ERROR_STAGE_COUNT if there are 8
/// stages already.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_levels(
    config: *mut bluegrad_config,
    levels: u32,
    sigma: f32,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { edit(config, &|config| config.recipe.with_levels(levels, sigma)) })
}

/// Makes the run start from a given mask, to refine it: removes the stages that place pixels anew. If none is left,
/// bluegrad_config_check says so.
///
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_refine(config: *mut bluegrad_config) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { edit(config, &|config| Ok(config.recipe.refining())) })
}

/// Whether a generator can be made of a configuration, and if not, why not, in one line of English.
///
/// text: gets the line, cut off at text_size - 1 bytes, and zeros to the end; "ok" if all is well. NULL if it is not wanted; text_size
/// is 0 then. 128 bytes hold every line.
/// Returns BLUEGRAD_OK or what bluegrad_init would return but for its memory.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_check(
    config: *const bluegrad_config,
    text: *mut c_char,
    text_size: usize,
) -> bluegrad_status {
    // SAFETY: the caller's promise.
    let checked = unsafe { read(config) }.map(|config| config.check());
    let (status, pieces) = match checked {
        Err(status) => (status, [line(status), b"", b""]),
        Ok(Ok(())) => (BLUEGRAD_OK, [line(BLUEGRAD_OK), b"", b""]),
        Ok(Err(error)) => (code(error), explanation(&error)),
    };
    if text_size > 0 {
        // SAFETY: the caller's promise.
        match unsafe { border::slice_mut(text.cast::<u8>(), text_size) } {
            Ok(to) => text::write(to, &pieces),
            Err(status) => return status,
        }
    }
    status
}

/// What an error says, without the numbers.
fn explanation(error: &Error) -> [&'static [u8]; 3] {
    match *error {
        Error::Number { what, range, .. } => [what.as_bytes(), b" must be ", range.as_bytes()],
        Error::Profile(why) => [b"radial profile: ", why.as_bytes(), b""],
        _ => [line(code(*error)), b"", b""],
    }
}

/// Bytes of memory that a generator of this configuration needs, a multiple of BLUEGRAD_MEMORY_ALIGN; 0 if the configuration is
/// invalid (bluegrad_config_check says why). 64x64: 80 KiB with BLUEGRAD_PRESET_DITHER, 172 with _SPECTRAL.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_memory_size(config: *const bluegrad_config) -> usize {
    // SAFETY: the caller's promise.
    let config = unsafe { read(config) };
    config.ok().and_then(|config| Layout::new(&config).ok()).map_or(0, |layout| layout.bytes())
}
