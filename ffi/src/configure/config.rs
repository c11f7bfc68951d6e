//! The configuration of a run, its stages and its memory's size.

use super::stage::bluegrad_stage;
use crate::border;
use crate::status::*;
use crate::text;
use bluegrad::distribution::Distribution;
use bluegrad::filters::Filters;
use bluegrad::recipe::{MAX_STAGES, Powers, Start};
use bluegrad::spectral::Profile;
use bluegrad::{Config, Error, Preset, Recipe, Shape, SimdLevel};
use bytemuck::CheckedBitPattern;
use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;

/// All that a run depends on. The same configuration and BLUEGRAD_ALGORITHM_VERSION give the same mask everywhere.
///
/// Filled in by bluegrad_config_default, then free to edit. It holds no pointer.
#[derive(Clone, Copy, CheckedBitPattern)]
#[repr(C)]
pub struct bluegrad_config {
    /// sizeof(bluegrad_config), as the caller was compiled. This version takes its own size alone and answers any other with
    /// BLUEGRAD_ERROR_STRUCT_SIZE, before it reads or writes anything behind this word. From version 1.0 on a library also takes the
    /// sizes of all headers since 1.0: a field that an older header lacks is 0, which stands for what the older library did.
    pub struct_size: u32,
    /// Size of the mask.
    pub shape: Shape,
    /// A cap on the SIMD level: a run has the best level that this CPU and build have and that is not above the cap; the report says
    /// which. BLUEGRAD_LEVEL_AUTO, the default, caps nothing, and BLUEGRAD_LEVEL_SCALAR is below all. A level of another processor's
    /// family does not bind: BLUEGRAD_LEVEL_AVX2 keeps AVX-512 from x86 and leaves ARM its NEON.
    pub level: SimdLevel,
    /// Seed of all that is random.
    pub seed: u64,
    /// Distribution of the values of spectral stages. Other stages and the ranks do not depend on it.
    pub distribution: Distribution,
    /// What the first stage starts from.
    pub start: Start,
    /// Number of stages, 1 to BLUEGRAD_MAX_STAGES.
    pub stage_count: u32,
    /// The stages, run one after the other. Those past stage_count are ignored.
    pub stages: [bluegrad_stage; MAX_STAGES],
    /// Target of the profile term of spectral stages; read only if a stage gives that term weight.
    pub profile: Profile,
    /// Filters that the mask is made for; read only by bluegrad_config_filtered, which makes stages for them, and by these stages:
    /// BLUEGRAD_STAGE_KIND_FILTER_FILL and _FILTER_POLISH.
    pub filters: Filters,
    /// 0, or BLUEGRAD_ERROR_RESERVED: for later versions.
    pub reserved: [u32; 16],
}

const _: () = {
    let fields = 4 + size_of::<Shape>() + 4 + 8 + size_of::<Distribution>() + 4 + 4;
    let rest = size_of::<[bluegrad_stage; MAX_STAGES]>() + size_of::<Profile>() + size_of::<Filters>() + 64;
    assert!(size_of::<bluegrad_config>() == fields + rest, "no gap whose bytes are undefined");
};

impl bluegrad_config {
    /// The core's form. Its numbers are not checked yet.
    fn to_core(self) -> Result<Config, bluegrad_status> {
        if self.reserved.iter().any(|word| *word != 0) {
            return Err(BLUEGRAD_ERROR_RESERVED);
        }
        let mut recipe = Recipe { start: self.start, profile: self.profile, filters: self.filters, ..Recipe::new(&[]) };
        recipe.stage_count = self.stage_count;
        for (to, from) in recipe.stages.iter_mut().zip(&self.stages).take(self.stage_count as usize) {
            *to = from.to_core()?;
        }
        let level = match self.level {
            // kept in a saved block, for a machine that has more
            SimdLevel::Auto => SimdLevel::Auto,
            cap => SimdLevel::at_most(cap),
        };
        Ok(Config { shape: self.shape, seed: self.seed, level, distribution: self.distribution, recipe })
    }

    fn from_core(config: &Config) -> Self {
        let mut to = Self {
            struct_size: size_of::<Self>() as u32,
            shape: config.shape,
            level: config.level,
            seed: config.seed,
            distribution: config.distribution,
            start: Start::Noise,
            stage_count: 0,
            stages: [bluegrad_stage::none(); MAX_STAGES],
            profile: config.recipe.profile,
            filters: config.recipe.filters,
            reserved: [0; 16],
        };
        to.set_recipe(&config.recipe);
        to
    }

    fn set_recipe(&mut self, recipe: &Recipe) {
        self.stages = [bluegrad_stage::none(); MAX_STAGES];
        for (to, from) in self.stages.iter_mut().zip(recipe.stages()) {
            *to = bluegrad_stage::from_core(from);
        }
        self.stage_count = recipe.stage_count;
        self.start = recipe.start;
        self.profile = recipe.profile;
        self.filters = recipe.filters;
    }
}

/// The configuration behind a pointer: its size first, then its choices.
///
/// # Safety
/// NULL, misaligned, or readable as far as its `struct_size` says.
unsafe fn checked(config: *const bluegrad_config) -> Result<bluegrad_config, bluegrad_status> {
    // SAFETY: the caller's promise; a configuration of any version begins with this word.
    check_size(*unsafe { border::reference(config.cast::<u32>()) }?)?;
    // SAFETY: the caller's promise, and the size is this version's.
    unsafe { border::checked(config) }
}

fn check_size(struct_size: u32) -> Result<(), bluegrad_status> {
    // a later version takes the sizes of earlier ones too
    if struct_size as usize == size_of::<bluegrad_config>() { Ok(()) } else { Err(BLUEGRAD_ERROR_STRUCT_SIZE) }
}

/// The core's form of it.
///
/// # Safety
/// As [`checked`].
pub(crate) unsafe fn read(config: *const bluegrad_config) -> Result<Config, bluegrad_status> {
    // SAFETY: the caller's promise.
    unsafe { checked(config) }?.to_core()
}

/// Writes a configuration of the caller's size.
///
/// # Safety
/// NULL, misaligned, or writable for `struct_size` bytes.
pub(crate) unsafe fn write(to: *mut bluegrad_config, struct_size: u32, config: &Config) -> Result<(), bluegrad_status> {
    check_size(struct_size)?;
    // SAFETY: the caller's promise.
    unsafe { border::write(to, bluegrad_config::from_core(config)) }
}

/// Fills in a preset with seed 0, the best level and uniform values, of BLUEGRAD_PRESET_TRIANGULAR triangular ones. Width and height are
/// not checked yet.
///
/// out: gets it all, struct_size too. struct_size: sizeof(bluegrad_config), so that a later library knows how much there is to write.
/// preset: one of BLUEGRAD_PRESET_*.
/// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_STRUCT_SIZE, BLUEGRAD_ERROR_UNKNOWN_VALUE.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_default(
    out: *mut bluegrad_config,
    struct_size: u32,
    preset: MaybeUninit<Preset>,
    width: u32,
    height: u32,
) -> bluegrad_status {
    let preset = match border::choice(preset) {
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
    let mut edited = unsafe { checked(config) }?;
    let recipe = change(&edited.to_core()?).map_err(code)?;
    edited.set_recipe(&recipe);
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

/// Replaces the stages by those of the family of space-time masks, from which BLUEGRAD_PRESET_SPACE_TIME is taken: each layer is blue in
/// space, and each pixel is blue in time.
///
/// config: of bluegrad_config_default; it then starts from noise. Its shape gets layers before or after. weight: of time, from 0.02, nearly
/// independent layers, to 1, as much time as space; 0.28 by default.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, and BLUEGRAD_ERROR_NUMBER for weight.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_space_time(config: *mut bluegrad_config, weight: f32) -> bluegrad_status {
    // SAFETY: the caller's promise.
    of(unsafe { edit(config, &|_| Recipe::space_time(weight)) })
}

/// Replaces the stages by those of masks with the least error after the filters of the configuration: a fill, and a polish where it helps.
///
/// config: of bluegrad_config_default, with shape and filters edited; it then starts from noise. After another edit of shape or filters
/// call this again. powers: of bluegrad_powers_probe; NULL: good ones for the kinds of the filters.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _SIZE, _LAYERS, _NUMBER for filters or powers, and
/// BLUEGRAD_ERROR_NOT_POSITIVE.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_config_filtered(
    config: *mut bluegrad_config,
    powers: *const Powers,
) -> bluegrad_status {
    let run = || {
        let powers = match powers {
            none if none.is_null() => None,
            // SAFETY: the caller's promise.
            given => Some(*unsafe { border::reference(given) }?),
        };
        let filtered = |config: &Config| Recipe::filtered(&config.recipe.filters, config.shape, powers);
        // SAFETY: the caller's promise.
        unsafe { edit(config, &filtered) }
    };
    of(run())
}

/// Bytes of memory that bluegrad_powers_probe needs; 0 for a configuration that cannot be read, or whose shape no mask has. 16 layers: 0.3 MB.
/// May be called from any thread, for different configurations at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_powers_memory_size(config: *const bluegrad_config) -> usize {
    // SAFETY: the caller's promise.
    let config = unsafe { read(config) }.ok().filter(|config| config.shape.check().is_ok());
    config.map_or(0, |config| Powers::probe_bytes(config.shape))
}

/// Finds the powers that suit the filters of a configuration best, by small fills: some tens of milliseconds. The same filters and number
/// of layers give the same powers everywhere.
///
/// memory: used from its first multiple of BLUEGRAD_MEMORY_ALIGN on. size: bytes of memory, from there on at least
/// bluegrad_powers_memory_size. config: its shape,
/// filters and level are read. out: gets the powers.
/// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _SIZE, _LAYERS, _NUMBER, _ALIGNMENT, _LENGTH.
/// May be called from any thread, with different memory at the same time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_powers_probe(
    memory: *mut c_void,
    size: usize,
    config: *const bluegrad_config,
    out: *mut Powers,
) -> bluegrad_status {
    let run = || {
        // SAFETY: the caller's promise.
        let config = unsafe { read(config) }?;
        config.shape.check().map_err(code)?;
        // SAFETY: the caller's promise.
        let memory = unsafe { border::block(memory, size, Powers::probe_bytes(config.shape)) }?;
        // SAFETY: the caller's promise. Before the work, so that a bad pointer wastes none.
        unsafe { border::write(out, Powers::of(&config.recipe.filters)) }?;
        let powers = Powers::probe(&config.recipe.filters, config.shape, config.level, memory).map_err(code)?;
        // SAFETY: the caller's promise.
        unsafe { border::write(out, powers) }
    };
    of(run())
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

/// Whether a generator can be made of a configuration: its numbers, then what they come to.
pub(crate) fn check(config: &Config) -> Result<(), Error> {
    config.check()?;
    config.recipe.check_filters(config.shape)
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
    let checked = unsafe { read(config) }.map(|config| check(&config));
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
