//! Sets of stages as types: whose code a call links.

/// A set of stages, as constants: what a call is compiled with. The compiler drops the code of the others.
///
/// Constants, not `#[cfg]`: the compiler checks every combination.
pub trait Stages {
    /// Whether [`super::Spectral`] is in the set.
    const SPECTRAL: bool = false;
    /// Whether [`super::Fill`] and [`super::Polish`] are in the set.
    const DITHER: bool = false;
    /// Whether [`super::VoidAndCluster`] is in the set.
    const VOID_AND_CLUSTER: bool = false;
    /// Whether [`super::Front`] is in the set.
    const FRONT: bool = false;
    /// Whether [`super::Swap`] is in the set.
    const SWAP: bool = false;
    /// Whether [`super::FilterFill`] and [`super::FilterPolish`] are in the set.
    const FILTERS: bool = false;
}

/// All stages of this build.
#[derive(Clone, Copy, Debug)]
pub enum AllStages {}

impl Stages for AllStages {
    const SPECTRAL: bool = cfg!(feature = "spectral");
    const DITHER: bool = true;
    const VOID_AND_CLUSTER: bool = cfg!(feature = "void-and-cluster");
    const FRONT: bool = cfg!(feature = "front");
    const SWAP: bool = cfg!(feature = "swap");
    const FILTERS: bool = cfg!(feature = "filters");
}

/// Fill and polish: the stages of most presets.
#[derive(Clone, Copy, Debug)]
pub enum DitherStages {}

impl Stages for DitherStages {
    const DITHER: bool = true;
}

/// The spectral stage alone.
#[derive(Clone, Copy, Debug)]
pub enum SpectralStages {}

impl Stages for SpectralStages {
    const SPECTRAL: bool = AllStages::SPECTRAL;
}
