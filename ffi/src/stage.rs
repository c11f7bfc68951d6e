//! The stages of a run as C has them: the core's structs, with words in place of enums.

use crate::border;
use crate::convert;
use crate::status::*;
use bytemuck::{Pod, Zeroable};

/// How a number goes from the first step of a stage to the last: one of BLUEGRAD_CURVE_*.
pub type bluegrad_curve = u32;
/// `start` all the time.
pub const BLUEGRAD_CURVE_CONSTANT: bluegrad_curve = 0;
/// In equal differences from `start` to `end`.
pub const BLUEGRAD_CURVE_LINEAR: bluegrad_curve = 1;
/// In equal ratios from `start` to `end`; linear where an end is 0.
pub const BLUEGRAD_CURVE_GEOMETRIC: bluegrad_curve = 2;

/// A number's course over the steps of a stage.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_schedule {
    /// The course.
    pub curve: bluegrad_curve,
    /// At the first step.
    pub start: f32,
    /// At the last step.
    pub end: f32,
}

/// A rule that turns a gradient g into a step of the values x: one of BLUEGRAD_METHOD_*. s is the step size.
pub type bluegrad_method = u32;
/// x -= s*g.
pub const BLUEGRAD_METHOD_GRADIENT_DESCENT: bluegrad_method = 0;
/// Polyak's momentum: v = momentum*v + s*g; x -= v.
pub const BLUEGRAD_METHOD_HEAVY_BALL: bluegrad_method = 1;
/// Kingma and Ba (2015).
pub const BLUEGRAD_METHOD_ADAM: bluegrad_method = 2;

/// An optimiser with its constants.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_optimizer {
    /// The rule.
    pub method: bluegrad_method,
    /// Momentum of the heavy ball, beta 1 of Adam: 0 to less than 1.
    pub momentum: f32,
    /// Beta 2 of Adam: 0 to less than 1.
    pub second_momentum: f32,
    /// Epsilon of Adam, above 0.
    pub epsilon: f32,
}

/// One term of a spectral stage's loss.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_term {
    /// Its factor, at least 0; 0 leaves the term out.
    pub weight: f32,
    /// Not 0: at each step the factor is also multiplied by a fresh random number from 0 to 1.
    pub randomized: u32,
}

/// How a histogram term finds the rank of a value: one of BLUEGRAD_RANKS_*.
pub type bluegrad_ranks = u32;
/// By sorting.
pub const BLUEGRAD_RANKS_EXACT: bluegrad_ranks = 0;
/// By counting in bins: within about 1/1000, in a fifth of the time.
pub const BLUEGRAD_RANKS_BINNED: bluegrad_ranks = 1;

/// Steps of the whole-mask objective: the grey mask itself becomes blue. Width and height are powers of two, 16 to 4096.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_spectral {
    /// Steps of the optimiser.
    pub steps: u32,
    /// The rule of a step.
    pub optimizer: bluegrad_optimizer,
    /// Step size of the spectral terms, at least 0.
    pub step_size: bluegrad_schedule,
    /// Step size of the histogram term, at least 0.
    pub histogram_step_size: bluegrad_schedule,
    /// Power below the cut-off.
    pub low_band: bluegrad_term,
    /// Cut-off of the low band, cycles/pixel, above 0 and up to 0.7071.
    pub cutoff: f32,
    /// Differences between the amplitudes of neighbouring frequencies.
    pub smoothness: bluegrad_term,
    /// Distance of the amplitudes from the configuration's radial profile.
    pub profile: bluegrad_term,
    /// Distance of the values from the wanted distribution.
    pub histogram: bluegrad_term,
    /// How the histogram term ranks.
    pub ranks: bluegrad_ranks,
    /// After every this many steps the values are replaced by the wanted ones of their exact ranks; 0: never.
    pub projection_period: u32,
}

/// Weighted Gaussians: the sum of weight/sigma^2 * exp(-r^2/(2*sigma^2)).
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_mixture {
    /// Standard deviations, 0.3 to 32 pixels; 1 for those left out.
    pub sigma: [f32; 3],
    /// Weights, 0 to 1000000; 0 leaves a Gaussian out.
    pub weight: [f32; 3],
}

/// Places all pixels one after the other, each into the emptiest place that is left.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_fill {
    /// Standard deviation of the Gaussian that a placed pixel spreads, 0.5 to 4 pixels.
    pub sigma: f32,
    /// How far it reaches, 2 to 16 pixels.
    pub radius: u32,
    /// Weight of a second Gaussian that is taken away from it, 0 to 0.99.
    pub narrow_weight: f32,
    /// Standard deviation of the second, 0.3 pixels to `sigma`.
    pub narrow_sigma: f32,
    /// Not 0: the emptiest place of the whole mask each time, not of a tile of it.
    pub exact: u32,
    /// Noise in the choice of each pixel's place, as a multiple of the usual, 0 to 2.5; with 0 small masks are lattices.
    pub disorder: f32,
}

/// Exact void-and-cluster (Ulichney 1993).
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_void_and_cluster {
    /// Standard deviation of the Gaussian, 0.5 to 8 pixels; Ulichney's choice is 1.5.
    pub sigma: f32,
    /// Part of the pixels that the initial random pattern has, 0.000001 to 0.5.
    pub initial_fraction: f32,
}

/// Gradient descent behind a moving threshold, from any order of the pixels.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_front {
    /// Steps.
    pub steps: u32,
    /// Standard deviation of the kernel, 0.5 to 4 pixels.
    pub sigma: f32,
    /// How far it reaches, 1 to 8 pixels.
    pub radius: u32,
    /// Step size, above 0 and at most 2.
    pub step_size: f32,
    /// Momentum, 0 to 0.99.
    pub momentum: f32,
    /// The threshold, 0 to 1.
    pub threshold: bluegrad_schedule,
}

/// Gradient descent with momentum on the energy of all thresholds.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_polish {
    /// Steps.
    pub steps: u32,
    /// How far the kernel reaches, 2 to 12 pixels.
    pub radius: u32,
    /// The kernel.
    pub kernel: bluegrad_mixture,
    /// The kernel of the darkest and brightest pixels; all weights 0: `kernel` too.
    pub ends: bluegrad_mixture,
    /// Ranks nearer to an end than this part of all have the kernel `ends` alone ...
    pub ends_inner: f32,
    /// ... and those farther than this, 0.001 to 0.5, have `kernel` alone; linear between.
    pub ends_outer: f32,
    /// Exponent of the kernels' taper, 0 to 8.
    pub taper: f32,
    /// Weight of a low-pass added to the kernel, 0 to 1000.
    pub band_weight: f32,
    /// Its cut-off, 0.02 to 0.5 cycles/pixel.
    pub band_cutoff: f32,
    /// Its exponent, 1 to 16.
    pub band_exponent: f32,
    /// Standard deviation of the grey term's Gaussian, 0.3 to 8 pixels.
    pub grey_sigma: f32,
    /// Weight of the grey term, up to 1024; 0: left out. Above 256 it is for masks that are dark already.
    pub grey_weight: bluegrad_schedule,
    /// Step size, up to 3.5.
    pub step_size: bluegrad_schedule,
    /// Differences larger than this are clamped, 0.00001 to 0.0624.
    pub tau: bluegrad_schedule,
    /// Momentum, 0 to 0.99.
    pub momentum: f32,
    /// Pixels below this part of the ranks, 0 to below freeze_above, keep their places ...
    pub freeze_below: f32,
    /// ... and those above this, up to 0.5, move freely; 0: all move.
    pub freeze_above: f32,
}

/// For masks of few levels: swaps of two pixels that lower the energy at the thresholds of those levels alone.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct bluegrad_swap {
    /// Steps, each a sweep over all pixels; those after a sweep without a swap do nothing.
    pub steps: u32,
    /// Levels that the mask is for, 2 to 64.
    pub levels: u32,
    /// How far the kernel reaches, 1 to 12 pixels.
    pub radius: u32,
    /// How far apart two pixels that swap may be along each axis, 1 to 8 pixels.
    pub reach: u32,
    /// The kernel.
    pub kernel: bluegrad_mixture,
    /// Exponent of its taper, 0 to 8.
    pub taper: f32,
}

/// What a stage does, and so which member of bluegrad_stage_data it has: one of BLUEGRAD_STAGE_*.
pub type bluegrad_stage_kind = u32;
/// bluegrad_stage_data.spectral
pub const BLUEGRAD_STAGE_SPECTRAL: bluegrad_stage_kind = 0;
/// bluegrad_stage_data.fill
pub const BLUEGRAD_STAGE_FILL: bluegrad_stage_kind = 1;
/// bluegrad_stage_data.void_and_cluster
pub const BLUEGRAD_STAGE_VOID_AND_CLUSTER: bluegrad_stage_kind = 2;
/// bluegrad_stage_data.front
pub const BLUEGRAD_STAGE_FRONT: bluegrad_stage_kind = 3;
/// bluegrad_stage_data.polish
pub const BLUEGRAD_STAGE_POLISH: bluegrad_stage_kind = 4;
/// bluegrad_stage_data.swap
pub const BLUEGRAD_STAGE_SWAP: bluegrad_stage_kind = 5;

/// The numbers of a stage: the member that its kind names.
#[derive(Clone, Copy)]
#[repr(C)]
pub union bluegrad_stage_data {
    /// BLUEGRAD_STAGE_SPECTRAL
    pub spectral: bluegrad_spectral,
    /// BLUEGRAD_STAGE_FILL
    pub fill: bluegrad_fill,
    /// BLUEGRAD_STAGE_VOID_AND_CLUSTER
    pub void_and_cluster: bluegrad_void_and_cluster,
    /// BLUEGRAD_STAGE_FRONT
    pub front: bluegrad_front,
    /// BLUEGRAD_STAGE_POLISH
    pub polish: bluegrad_polish,
    /// BLUEGRAD_STAGE_SWAP
    pub swap: bluegrad_swap,
    /// Room for later versions, which then have the same size.
    pub words: [u32; 63],
}

/// A stage of a run. Each starts from what the one before it left.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct bluegrad_stage {
    /// What it does.
    pub kind: bluegrad_stage_kind,
    /// Its numbers. Begin with bluegrad_stage_default, also to change the kind: the words that a member leaves are room for later versions,
    /// and must be 0 (BLUEGRAD_ERROR_RESERVED).
    pub data: bluegrad_stage_data,
}

// SAFETY: words without a gap, for which any bits are valid: `words` covers every member.
unsafe impl Zeroable for bluegrad_stage_data {}
// SAFETY: as above; the largest member spans all of it.
unsafe impl Pod for bluegrad_stage_data {}
// SAFETY: a word, then words.
unsafe impl Zeroable for bluegrad_stage {}
// SAFETY: a word, then words: no gap.
unsafe impl Pod for bluegrad_stage {}

const _: () = assert!(size_of::<bluegrad_stage>() == 256 && align_of::<bluegrad_stage>() == 4);

/// Fills a stage with sound numbers of its kind, to edit. 0 steps where a stage has a number of steps, and:
/// spectral: the published loss and plain gradient descent, with its 100 000 steps; fill: sigma 1.26, radius 5, tile by tile;
/// void-and-cluster: sigma 1.5 from 2 % of the pixels; front: sigma 1.43, radius 4, step size 0.7, momentum 0.3, threshold linear
/// from 0.01 to 1; polish: radius 9, a Gaussian of sigma 1.5, no ends, no band, no grey term, nothing frozen, step size 0.5;
/// swap: 8 levels, radius 9, reach 3, a Gaussian of sigma 1.5.
///
/// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_UNKNOWN_VALUE.
/// May be called from any thread at any time.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bluegrad_stage_default(
    out: *mut bluegrad_stage,
    kind: bluegrad_stage_kind,
) -> bluegrad_status {
    let stage = match convert::default_stage(kind) {
        Ok(stage) => stage,
        Err(status) => return status,
    };
    // SAFETY: the caller's promise.
    of(unsafe { border::write(out, stage) })
}
