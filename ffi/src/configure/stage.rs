//! A stage of a run: a kind and that kind's parameters, with room for later versions.

use crate::border;
use crate::status::*;
use bluegrad::recipe::{Fill, FilterFill, FilterPolish, Front, Polish, STAGE_WORDS, StageKind, Swap, VoidAndCluster};
use bluegrad::{Spectral, Stage};
use bytemuck::{Pod, Zeroable};
use core::fmt;
use core::mem::MaybeUninit;

/// Words of a stage, its kind among them.
const WORDS: usize = 64;

const _: () = assert!(STAGE_WORDS <= WORDS && size_of::<bluegrad_stage>() == 4 * WORDS);

/// Parameters of a stage: the member that its kind names.
#[derive(Clone, Copy)]
#[repr(C)]
pub union bluegrad_stage_data {
    /// BLUEGRAD_STAGE_KIND_SPECTRAL
    pub spectral: Spectral,
    /// BLUEGRAD_STAGE_KIND_FILL
    pub fill: Fill,
    /// BLUEGRAD_STAGE_KIND_VOID_AND_CLUSTER
    pub void_and_cluster: VoidAndCluster,
    /// BLUEGRAD_STAGE_KIND_FRONT
    pub front: Front,
    /// BLUEGRAD_STAGE_KIND_POLISH
    pub polish: Polish,
    /// BLUEGRAD_STAGE_KIND_SWAP
    pub swap: Swap,
    /// BLUEGRAD_STAGE_KIND_FILTER_FILL
    pub filter_fill: FilterFill,
    /// BLUEGRAD_STAGE_KIND_FILTER_POLISH
    pub filter_polish: FilterPolish,
    /// All words, so that later versions have the same size.
    pub words: [u32; 63],
}

/// A stage of a run. It starts from what the stage before it left.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct bluegrad_stage {
    /// Which member of `data` the stage has.
    pub kind: MaybeUninit<StageKind>,
    /// Its parameters. Begin with bluegrad_stage_default, also to change the kind: words after the parameters are for later versions and
    /// must be 0 (BLUEGRAD_ERROR_RESERVED).
    pub data: bluegrad_stage_data,
}

impl bluegrad_stage {
    fn from_words(words: [u32; WORDS]) -> Self {
        bytemuck::must_cast(words)
    }

    fn words(&self) -> [u32; WORDS] {
        bytemuck::must_cast(*self)
    }

    /// No stage: what follows the last stage of a configuration.
    pub(super) fn none() -> Self {
        Self::zeroed()
    }

    pub(super) fn from_core(stage: &Stage) -> Self {
        let mut words = [0; WORDS];
        for (to, from) in words.iter_mut().zip(stage.to_words()) {
            *to = from;
        }
        Self::from_words(words)
    }

    /// The core's form. Its numbers are not checked yet.
    pub(crate) fn to_core(self) -> Result<Stage, bluegrad_status> {
        let words = self.words();
        let Some((known, rest)) = words.split_first_chunk::<STAGE_WORDS>() else {
            debug_assert!(false, "a stage of the core is no longer than one of C");
            return Err(BLUEGRAD_ERROR_OTHER);
        };
        if rest.iter().any(|word| *word != 0) {
            return Err(BLUEGRAD_ERROR_RESERVED);
        }
        Stage::from_words(known).map_err(code)
    }
}

// SAFETY: words, of which all are 0.
unsafe impl Zeroable for bluegrad_stage {}
// SAFETY: 64 words without a gap, for which any bits are valid, and all of which C and `from_words` write.
unsafe impl Pod for bluegrad_stage {}

impl fmt::Debug for bluegrad_stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words().fmt(f)
    }
}

/// Fills in a stage of a kind, to edit. No steps where a stage has a number of steps, but for spectral and filter polish, and:
/// spectral: the published loss and plain gradient descent, with its 100 000 steps; fill: sigma 1.26, radius 5, tile by tile;
/// void-and-cluster: sigma 1.5 from 2 % of the pixels; front: sigma 1.43, radius 4, step size 0.7, momentum 0.3, threshold linear
/// from 0.01 to 1; polish: radius 9, a Gaussian of sigma 1.5, no ends, no band, no grey term, nothing frozen, step size 0.5;
/// swap: 8 levels, radius 9, reach 3, a Gaussian of sigma 1.5; filter fill: power 1.5, in time 1.6, no tent, radius 7;
/// filter polish: 12 steps of size 0.4, radius 6, no other layers, momentum 0.73.
///
/// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_UNKNOWN_VALUE.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_stage_default(
    out: *mut bluegrad_stage,
    kind: MaybeUninit<StageKind>,
) -> bluegrad_status {
    let kind = match border::choice(kind) {
        Ok(kind) => kind,
        Err(status) => return status,
    };
    // SAFETY: the caller's promise.
    of(unsafe { border::write(out, bluegrad_stage::from_core(&Stage::default_of(kind))) })
}
