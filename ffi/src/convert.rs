//! Between the structs of C and the core's. Both have the same words in the same places; what is an enum in the core is checked.

use crate::config::{bluegrad_config, bluegrad_distribution, bluegrad_knot, bluegrad_profile};
use crate::generator::bluegrad_losses;
use crate::stage::*;
use crate::status::*;
use bluegrad::distribution::Distribution;
use bluegrad::optimizer::{Optimizer, Schedule};
use bluegrad::recipe::{
    Fill, Front, MAX_STAGES, Mixture, Polish, Recipe, Spectral, Stage, Start, Swap, TermWeight, VoidAndCluster,
};
use bluegrad::spectral::{Knot, Profile};
use bluegrad::{Config, Losses, Shape, SimdLevel};
use bytemuck::{CheckedBitPattern, NoUninit, Pod, Zeroable, checked};
use core::mem::offset_of;

/// Asserts that two structs have the same size and the named fields at the same offsets.
macro_rules! mirrors {
    ($($c:ty, $core:ty: $($field:ident)+;)+) => {
        const _: () = {
            $(
                assert!(size_of::<$c>() == size_of::<$core>());
                $(assert!(offset_of!($c, $field) == offset_of!($core, $field));)+
            )+
        };
    };
}

mirrors! {
    bluegrad_schedule, Schedule: curve start end;
    bluegrad_optimizer, Optimizer: method momentum second_momentum epsilon;
    bluegrad_term, TermWeight: weight randomized;
    bluegrad_spectral, Spectral: steps optimizer step_size histogram_step_size low_band cutoff smoothness profile histogram ranks
        projection_period;
    bluegrad_mixture, Mixture: sigma weight;
    bluegrad_fill, Fill: sigma radius narrow_weight narrow_sigma exact disorder;
    bluegrad_void_and_cluster, VoidAndCluster: sigma initial_fraction;
    bluegrad_front, Front: steps sigma radius step_size momentum threshold;
    bluegrad_polish, Polish: steps radius kernel ends ends_inner ends_outer taper band_weight band_cutoff band_exponent grey_sigma
        grey_weight step_size tau momentum freeze_below freeze_above;
    bluegrad_swap, Swap: steps levels radius reach kernel taper;
    bluegrad_distribution, Distribution: kind sigma table;
    bluegrad_knot, Knot: frequency amplitude;
    bluegrad_profile, Profile: knots knot_count;
    bluegrad_losses, Losses: by_term;
}

/// A core's struct of C's; an enum's unknown value is an error.
pub(crate) fn to_core<C: NoUninit, T: CheckedBitPattern>(from: C) -> Result<T, bluegrad_status> {
    checked::try_cast(from).map_err(|_| BLUEGRAD_ERROR_UNKNOWN_VALUE)
}

/// The numbers of a stage; the room that they leave is for later versions and must be 0.
fn numbers<C: NoUninit, T: CheckedBitPattern>(data: &bluegrad_stage_data, own: C) -> Result<T, bluegrad_status> {
    // SAFETY: the union is words.
    let words = unsafe { data.words };
    if words.iter().skip(size_of::<C>() / size_of::<u32>()).any(|word| *word != 0) {
        return Err(BLUEGRAD_ERROR_RESERVED);
    }
    to_core(own)
}

/// A stage of the core's.
pub(crate) fn stage(from: &bluegrad_stage) -> Result<Stage, bluegrad_status> {
    let data = &from.data;
    // SAFETY (each arm): the union is words, and any bits are the words of each member.
    Ok(match from.kind {
        // SAFETY: see above.
        BLUEGRAD_STAGE_SPECTRAL => Stage::Spectral(numbers(data, unsafe { data.spectral })?),
        // SAFETY: see above.
        BLUEGRAD_STAGE_FILL => Stage::Fill(numbers(data, unsafe { data.fill })?),
        // SAFETY: see above.
        BLUEGRAD_STAGE_VOID_AND_CLUSTER => Stage::VoidAndCluster(numbers(data, unsafe { data.void_and_cluster })?),
        // SAFETY: see above.
        BLUEGRAD_STAGE_FRONT => Stage::Front(numbers(data, unsafe { data.front })?),
        // SAFETY: see above.
        BLUEGRAD_STAGE_POLISH => Stage::Polish(numbers(data, unsafe { data.polish })?),
        // SAFETY: see above.
        BLUEGRAD_STAGE_SWAP => Stage::Swap(numbers(data, unsafe { data.swap })?),
        _ => return Err(BLUEGRAD_ERROR_UNKNOWN_VALUE),
    })
}

/// A stage of C's.
fn from_stage(stage: &Stage) -> Result<bluegrad_stage, bluegrad_status> {
    fn put<T: NoUninit>(kind: bluegrad_stage_kind, stage: &T) -> bluegrad_stage {
        let mut to = bluegrad_stage { kind, ..Zeroable::zeroed() };
        for (to, from) in bytemuck::bytes_of_mut(&mut to.data).iter_mut().zip(bytemuck::bytes_of(stage)) {
            *to = *from;
        }
        to
    }
    Ok(match stage {
        Stage::Spectral(stage) => put(BLUEGRAD_STAGE_SPECTRAL, stage),
        Stage::Fill(stage) => put(BLUEGRAD_STAGE_FILL, stage),
        Stage::VoidAndCluster(stage) => put(BLUEGRAD_STAGE_VOID_AND_CLUSTER, stage),
        Stage::Front(stage) => put(BLUEGRAD_STAGE_FRONT, stage),
        Stage::Polish(stage) => put(BLUEGRAD_STAGE_POLISH, stage),
        Stage::Swap(stage) => put(BLUEGRAD_STAGE_SWAP, stage),
        _ => return Err(BLUEGRAD_ERROR_OTHER),
    })
}

/// What `bluegrad_stage_default` gives.
pub(crate) fn default_stage(kind: bluegrad_stage_kind) -> Result<bluegrad_stage, bluegrad_status> {
    const KERNEL: Mixture = Mixture::new(&[(1.5, 1.0)]);
    from_stage(&match kind {
        BLUEGRAD_STAGE_SPECTRAL => Stage::Spectral(Spectral::PUBLISHED),
        BLUEGRAD_STAGE_FILL => Stage::Fill(Fill::new(1.26, 5)),
        BLUEGRAD_STAGE_VOID_AND_CLUSTER => Stage::VoidAndCluster(VoidAndCluster::CLASSIC),
        BLUEGRAD_STAGE_FRONT => Stage::Front(Front::PLAIN),
        BLUEGRAD_STAGE_POLISH => Stage::Polish(Polish::PLAIN),
        BLUEGRAD_STAGE_SWAP => {
            Stage::Swap(Swap { steps: 0, levels: 8, radius: 9, reach: 3, kernel: KERNEL, taper: 1.0 })
        }
        _ => return Err(BLUEGRAD_ERROR_UNKNOWN_VALUE),
    })
}

/// A recipe of the core's. Places past the number of stages are not looked at.
pub(crate) fn recipe(from: &bluegrad_config) -> Result<Recipe, bluegrad_status> {
    let mut stages = [Stage::EMPTY; MAX_STAGES];
    for (to, from) in stages.iter_mut().zip(&from.stages).take(from.stage_count as usize) {
        *to = stage(from)?;
    }
    let profile: Profile = bytemuck::must_cast(from.profile);
    Ok(Recipe { stages, stage_count: from.stage_count, start: to_core::<u32, Start>(from.start)?, profile })
}

/// Puts a recipe into a configuration of C's.
pub(crate) fn set_recipe(to: &mut bluegrad_config, recipe: &Recipe) -> Result<(), bluegrad_status> {
    let mut stages = [bluegrad_stage::zeroed(); MAX_STAGES];
    for (to, from) in stages.iter_mut().zip(recipe.stages()) {
        *to = from_stage(from)?;
    }
    to.stages = stages;
    to.stage_count = recipe.stage_count;
    to.start = recipe.start as u32;
    to.profile = bytemuck::must_cast(recipe.profile);
    Ok(())
}

/// A configuration of the core's; its numbers are not checked yet.
pub(crate) fn config(from: &bluegrad_config) -> Result<Config, bluegrad_status> {
    if from.reserved.iter().any(|word| *word != 0) {
        return Err(BLUEGRAD_ERROR_RESERVED);
    }
    Ok(Config {
        shape: Shape { width: from.width, height: from.height, layers: from.layers, channels: from.channels },
        seed: from.seed,
        level: match to_core(from.level)? {
            // so it stays in a saved block, for a machine that has more
            SimdLevel::Auto => SimdLevel::Auto,
            cap => SimdLevel::at_most(cap),
        },
        distribution: to_core(from.distribution)?,
        recipe: recipe(from)?,
    })
}

/// A configuration of C's.
pub(crate) fn from_config(config: &Config) -> Result<bluegrad_config, bluegrad_status> {
    let mut to = bluegrad_config {
        struct_size: size_of::<bluegrad_config>() as u32,
        width: config.shape.width,
        height: config.shape.height,
        layers: config.shape.layers,
        channels: config.shape.channels,
        level: config.level as u32,
        seed: config.seed,
        distribution: words(config.distribution),
        ..Zeroable::zeroed()
    };
    set_recipe(&mut to, &config.recipe)?;
    Ok(to)
}

/// The words of a struct of the core's.
pub(crate) fn words<T: NoUninit, C: Pod>(from: T) -> C {
    bytemuck::must_cast(from)
}
