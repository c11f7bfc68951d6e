//! Stages of a run: the parameters of one stage, and what differs between stages.

pub use crate::spectral::parameters::Spectral;
pub use crate::threshold::coupling::{Coupling, MAX_TIME_RADIUS};
pub use crate::threshold::fill::Fill;
pub use crate::threshold::filter_fill::{FilterFill, MAX_FILTER_RADIUS};
pub use crate::threshold::filter_polish::FilterPolish;
pub use crate::threshold::front::Front;
pub use crate::threshold::polish::{Law, Polish};
pub use crate::threshold::swap::Swap;
pub use crate::threshold::void_and_cluster::VoidAndCluster;

use super::stages::{AllStages, Stages};
use crate::error::Error;
use crate::filters::Filters;
use crate::jobs::Means;
use crate::shape::Shape;
use crate::threshold::{fill, filter_fill, filter_polish, front, polish, swap, void_and_cluster};
use bytemuck::{CheckedBitPattern, NoUninit, checked};
use rand_core::Rng;

/// Number of a stage's kind, which says whose parameters follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum StageKind {
    /// Spectral objective.
    Spectral = 0,
    /// Void fill.
    Fill = 1,
    /// Void-and-cluster.
    VoidAndCluster = 2,
    /// Gradient descent behind a moving threshold.
    Front = 3,
    /// Gradient descent on the energy of all thresholds.
    Polish = 4,
    /// Swaps for few levels.
    Swap = 5,
    /// Void fill with the kernel of the recipe's filters.
    FilterFill = 6,
    /// Gradient descent on the error after the recipe's filters.
    FilterPolish = 7,
}

/// A stage of a run. It starts from the values, or the order of the pixels, that the stage before it left.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, u32)]
#[non_exhaustive]
pub enum Stage {
    /// Steps of the spectral objective: the grey mask itself becomes blue. Sides are powers of two.
    Spectral(Spectral),
    /// Integer void fill, from nothing.
    Fill(Fill),
    /// Exact void-and-cluster, from nothing.
    VoidAndCluster(VoidAndCluster),
    /// Gradient descent behind a moving threshold.
    Front(Front),
    /// Gradient descent on the all-threshold energy.
    Polish(Polish),
    /// Swaps for few levels.
    Swap(Swap),
    /// Void fill with the kernel of the recipe's filters, from nothing.
    FilterFill(FilterFill),
    /// Gradient descent on the error after the recipe's filters.
    FilterPolish(FilterPolish),
}

/// Words of a stage as plain data: its kind, then the parameters of the largest stage.
pub const STAGE_WORDS: usize = size_of::<Stage>() / 4;

impl Stage {
    /// A stage without steps, for the unused elements of a recipe.
    pub const EMPTY: Self = Self::Spectral(Spectral::EMPTY);

    /// Name of the stage's kind: a word in lower case.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Spectral(_) => "spectral",
            Self::Fill(_) => "fill",
            Self::VoidAndCluster(_) => "void-and-cluster",
            Self::Front(_) => "front",
            Self::Polish(_) => "polish",
            Self::Swap(_) => "swap",
            Self::FilterFill(_) => "filter-fill",
            Self::FilterPolish(_) => "filter-polish",
        }
    }

    /// Number of steps on a mask of `elements` elements.
    #[must_use]
    // called from many places, none of them hot
    #[inline(never)]
    pub const fn steps(&self, elements: usize) -> u32 {
        match self {
            Self::Spectral(stage) => stage.steps,
            Self::Fill(_) => Fill::steps(elements),
            Self::VoidAndCluster(stage) => stage.steps(elements),
            Self::Front(stage) => stage.steps,
            Self::Polish(stage) => stage.steps,
            Self::Swap(stage) => stage.steps,
            Self::FilterFill(_) => FilterFill::steps(elements),
            Self::FilterPolish(stage) => stage.steps,
        }
    }

    /// Bytes of work space of a stage of the dither objective; 0 for the spectral objective, whose buffers are the layout's.
    pub(crate) const fn bytes(&self, shape: Shape) -> usize {
        match self {
            Self::Spectral(_) => 0,
            Self::Fill(stage) => fill::bytes(stage, shape),
            Self::VoidAndCluster(_) => void_and_cluster::bytes(shape),
            Self::Front(stage) => front::bytes(stage, shape),
            Self::Polish(stage) => polish::bytes(stage, shape),
            Self::Swap(stage) => swap::bytes(stage, shape),
            Self::FilterFill(stage) => filter_fill::bytes(stage, shape),
            Self::FilterPolish(stage) => filter_polish::bytes(stage, shape),
        }
    }

    /// Whether the stage reads the recipe's filters.
    #[must_use]
    pub const fn uses_filters(&self) -> bool {
        matches!(self, Self::FilterFill(_) | Self::FilterPolish(_))
    }

    /// Checks what the stage makes of the recipe's filters on a shape.
    ///
    /// # Errors
    /// [`Error::NotPositive`], [`Error::Reach`].
    pub(crate) fn check_filters<S: Stages>(&self, filters: &Filters, shape: Shape) -> Result<(), Error> {
        match self {
            Self::FilterFill(_) | Self::FilterPolish(_) if !S::FILTERS => Ok(()),
            Self::FilterFill(stage) => filter_fill::check_kernel(stage, filters, shape),
            Self::FilterPolish(stage) => filter_polish::check_kernel(stage, filters, shape),
            _ => Ok(()),
        }
    }

    /// Does step `index` of a stage of the dither objective in its work space; draws come from `rng`.
    ///
    /// # Errors
    /// [`Error::NotAGenerator`] if the work space is damaged.
    pub(crate) fn step<S: Stages, R: Rng>(
        &self,
        (shape, filters): (Shape, &Filters),
        means: Means<'_>,
        index: u32,
        rng: &mut R,
        memory: &mut [u8],
        ranks: &mut [u32],
    ) -> Result<(), Error> {
        match self {
            Self::Spectral(_) => Some(()),
            Self::Fill(_) | Self::Polish(_) if !S::DITHER => None,
            Self::Fill(stage) => fill::step(means, stage, shape, index, rng, memory, ranks),
            Self::VoidAndCluster(_) if !S::VOID_AND_CLUSTER => None,
            Self::VoidAndCluster(stage) => void_and_cluster::step(means.level, stage, shape, index, rng, memory, ranks),
            Self::Front(_) if !S::FRONT => None,
            Self::Front(stage) => return front::step(means, stage, shape, index, memory, ranks),
            Self::Polish(stage) => return polish::step(means, stage, shape, index, memory, ranks),
            Self::Swap(_) if !S::SWAP => None,
            Self::Swap(stage) => swap::step(stage, shape, index, memory, ranks),
            Self::FilterFill(_) | Self::FilterPolish(_) if !S::FILTERS => None,
            Self::FilterFill(stage) => filter_fill::step(means, (stage, filters), shape, index, rng, memory, ranks),
            Self::FilterPolish(stage) => {
                return filter_polish::step(means, (stage, filters), shape, index, memory, ranks);
            }
        }
        .ok_or(Error::DAMAGED)
    }

    /// Parameters of a spectral stage.
    #[must_use]
    pub const fn as_spectral(&self) -> Option<&Spectral> {
        match self {
            Self::Spectral(stage) => Some(stage),
            _ => None,
        }
    }

    /// Parameters of a spectral stage, to edit.
    #[must_use]
    pub const fn as_spectral_mut(&mut self) -> Option<&mut Spectral> {
        match self {
            Self::Spectral(stage) => Some(stage),
            _ => None,
        }
    }

    /// Whether the stage makes a new order of the pixels and ignores the one before.
    #[must_use]
    pub const fn makes_order(&self) -> bool {
        matches!(self, Self::Fill(_) | Self::VoidAndCluster(_) | Self::FilterFill(_))
    }

    /// Whether the stage makes masks of one layer and one channel only.
    const fn is_flat_only(&self) -> bool {
        !matches!(self, Self::Fill(_) | Self::Polish(_) | Self::FilterFill(_) | Self::FilterPolish(_))
    }

    /// Whether the stage is in a set.
    pub(crate) const fn is_in<S: Stages>(&self) -> bool {
        match self {
            Self::Spectral(_) => S::SPECTRAL,
            Self::Fill(_) | Self::Polish(_) => S::DITHER,
            Self::VoidAndCluster(_) => S::VOID_AND_CLUSTER,
            Self::Front(_) => S::FRONT,
            Self::Swap(_) => S::SWAP,
            Self::FilterFill(_) | Self::FilterPolish(_) => S::FILTERS,
        }
    }

    /// Feature of the crate that has the stage. None is asked for of a fill or polish, which every build has.
    const fn feature(&self) -> &'static str {
        match self {
            Self::FilterFill(_) | Self::FilterPolish(_) => "filters",
            _ => self.name(),
        }
    }

    pub(super) const fn check(&self) -> Result<(), Error> {
        if !self.is_in::<AllStages>() {
            return Err(Error::Feature(self.feature()));
        }
        match self {
            Self::Spectral(stage) => stage.check(),
            Self::Fill(stage) => stage.check(),
            Self::VoidAndCluster(stage) => stage.check(),
            Self::Front(stage) => stage.check(),
            Self::Polish(stage) => stage.check(),
            Self::Swap(stage) => stage.check(),
            Self::FilterFill(stage) => stage.check(),
            Self::FilterPolish(stage) => stage.check(),
        }
    }

    /// Sound parameters of a kind, to edit.
    #[must_use]
    pub const fn default_of(kind: StageKind) -> Self {
        match kind {
            StageKind::Spectral => Self::Spectral(Spectral::PUBLISHED),
            StageKind::Fill => Self::Fill(Fill::PLAIN),
            StageKind::VoidAndCluster => Self::VoidAndCluster(VoidAndCluster::CLASSIC),
            StageKind::Front => Self::Front(Front::PLAIN),
            StageKind::Polish => Self::Polish(Polish::PLAIN),
            StageKind::Swap => Self::Swap(Swap::PLAIN),
            StageKind::FilterFill => Self::FilterFill(FilterFill::PLAIN),
            StageKind::FilterPolish => Self::FilterPolish(FilterPolish::PLAIN),
        }
    }

    /// Checks the stage on a mask of a shape.
    pub(super) const fn check_shape(&self, shape: Shape) -> Result<(), Error> {
        if self.is_flat_only() && !shape.is_flat() {
            return Err(Error::FlatOnly(self.name()));
        }
        match self {
            Self::Fill(_) if fill::is_left_out(shape) => Err(Error::Feature("large")),
            Self::Swap(stage) => stage.check_pixels(shape.pixels()),
            _ => Ok(()),
        }
    }

    /// Writes the stage as plain data: its kind, its parameters, zeros.
    #[must_use]
    pub fn to_words(&self) -> [u32; STAGE_WORDS] {
        match self {
            Self::Spectral(stage) => words(StageKind::Spectral, stage),
            Self::Fill(stage) => words(StageKind::Fill, stage),
            Self::VoidAndCluster(stage) => words(StageKind::VoidAndCluster, stage),
            Self::Front(stage) => words(StageKind::Front, stage),
            Self::Polish(stage) => words(StageKind::Polish, stage),
            Self::Swap(stage) => words(StageKind::Swap, stage),
            Self::FilterFill(stage) => words(StageKind::FilterFill, stage),
            Self::FilterPolish(stage) => words(StageKind::FilterPolish, stage),
        }
    }

    /// Reads a stage from plain data. Its numbers are not checked yet.
    ///
    /// # Errors
    /// [`Error::UnknownValue`] for a kind, or a choice among the parameters, that this version does not know; [`Error::Reserved`] if a
    /// word after the parameters is not 0.
    pub fn from_words(words: &[u32; STAGE_WORDS]) -> Result<Self, Error> {
        let kind = checked::try_cast(words[0]).map_err(|_| Error::UnknownValue)?;
        Ok(match kind {
            StageKind::Spectral => Self::Spectral(parameters(words)?),
            StageKind::Fill => Self::Fill(parameters(words)?),
            StageKind::VoidAndCluster => Self::VoidAndCluster(parameters(words)?),
            StageKind::Front => Self::Front(parameters(words)?),
            StageKind::Polish => Self::Polish(parameters(words)?),
            StageKind::Swap => Self::Swap(parameters(words)?),
            StageKind::FilterFill => Self::FilterFill(parameters(words)?),
            StageKind::FilterPolish => Self::FilterPolish(parameters(words)?),
        })
    }
}

/// The kind, then the parameters, which are words without gaps.
fn words<T: NoUninit>(kind: StageKind, parameters: &T) -> [u32; STAGE_WORDS] {
    const { assert!(size_of::<T>() <= 4 * (STAGE_WORDS - 1) && align_of::<T>() <= 4) };
    let mut words = [0; STAGE_WORDS];
    words[0] = kind as u32;
    for (to, from) in bytemuck::bytes_of_mut(&mut words).iter_mut().skip(4).zip(bytemuck::bytes_of(parameters)) {
        *to = *from;
    }
    words
}

fn parameters<T: CheckedBitPattern>(words: &[u32; STAGE_WORDS]) -> Result<T, Error> {
    if words.iter().skip(1 + size_of::<T>() / 4).any(|word| *word != 0) {
        return Err(Error::Reserved);
    }
    let bytes = bytemuck::bytes_of(words).get(4..4 + size_of::<T>()).unwrap_or_default();
    debug_assert!(bytes.len() == size_of::<T>(), "no stage's parameters are longer than its words");
    checked::try_pod_read_unaligned(bytes).map_err(|_| Error::UnknownValue)
}
