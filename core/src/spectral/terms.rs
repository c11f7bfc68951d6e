//! The terms of the loss: one file each, and the one table that lists them.
//!
//! A term has a name, a weight in a stage's parameters and a scale. A term of the bins ([`BinTerm`]) also says, for 16 bins at a time,
//! its loss and what it multiplies the bins by. The stored spectrum is 2X ([`crate::fft`]), its amplitude D = 2S, and the inverse
//! doubles once more. So with L = (1/M)·Σ ℓ(S), ℓ of degree two in S and its targets, a term gives ℓ(D) and (∂ℓ/∂D)/2D; the scale
//! of its sum is 1/(4M), and all multipliers together get 1/M.

pub(crate) mod histogram;
pub(crate) mod low_band;
pub(crate) mod profile;
pub(crate) mod smoothness;

use super::amplitudes::Neighbours;
use super::parameters::{Spectral, TermWeight};
use crate::shape::Shape;
use crate::simd::Lanes;
use bytemuck::{Pod, Zeroable};
use histogram::Histogram;
use low_band::LowBand;
use profile::RadialProfile;
use smoothness::Smoothness;

/// Terms of the bins; their indices come first.
pub(crate) const BIN_TERMS: usize = 3;

/// Terms.
const TERMS: usize = BIN_TERMS + 1;

/// Most terms of a loss.
pub const MAX_TERMS: usize = 8;

// The table: all lists of terms are these two, in the order of the index. Draws of random factors and sums of losses go by it.

/// Each term with its weight in a stage.
pub(crate) const fn table(stage: &Spectral) -> [Entry; TERMS] {
    [
        Entry::new::<LowBand>(stage.low_band),
        Entry::new::<Smoothness>(stage.smoothness),
        Entry::new::<RadialProfile<'static>>(stage.profile),
        Entry::new::<Histogram>(stage.histogram),
    ]
}

/// Each term of the bins, if a stage has it.
pub(crate) type Bins<'a> = (Option<LowBand>, (Option<Smoothness>, (Option<RadialProfile<'a>>, ())));

/// The terms of the bins that a stage has; `targets` is the plane of the profile.
pub(crate) fn bins<'a>(stage: &Spectral, shape: Shape, targets: &'a [f32]) -> Bins<'a> {
    let has = |weight: TermWeight| weight.weight > 0.0;
    let low_band = has(stage.low_band).then(|| LowBand::new(stage.cutoff, shape));
    let smoothness = has(stage.smoothness).then_some(Smoothness);
    let profile = has(stage.profile).then_some(RadialProfile { shape, plane: targets });
    (low_band, (smoothness, (profile, ())))
}

/// A row of the table.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    /// What an error about the weight calls it.
    pub(crate) weight_name: &'static str,
    pub(crate) weight: TermWeight,
    /// See [`Term::scale`].
    pub(crate) scale: fn(usize) -> f64,
}

impl Entry {
    const fn new<T: Term>(weight: TermWeight) -> Self {
        Self { name: T::NAME, weight_name: T::WEIGHT, weight, scale: T::scale }
    }
}

/// A term of the loss.
pub(crate) trait Term {
    const NAME: &'static str;
    /// What an error about the weight calls it.
    const WEIGHT: &'static str;

    /// What the term's sum is multiplied by, at M pixels.
    fn scale(pixels: usize) -> f64 {
        0.25 / pixels as f64
    }
}

/// What a term needs of a bin; each has those before it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reads {
    /// Its power.
    Power,
    /// Its amplitude: a root and a division.
    Amplitude,
    /// The amplitudes around it: a pass that writes all amplitudes.
    Neighbours,
}

/// One bin in each lane.
pub(crate) struct Bin<V> {
    /// D².
    pub(crate) power: V,
    /// D, and 1/D or 0 where D is next to nothing; 0 unless a term reads them.
    pub(crate) amplitude: V,
    pub(crate) inverse: V,
}

/// 16 bins of one horizontal frequency.
pub(crate) struct BinRow<'a> {
    /// The horizontal frequency, 0 ≤ l < W.
    pub(crate) l: usize,
    /// The row tile: its lanes hold the vertical frequencies from 16·tile on.
    pub(crate) tile: usize,
    /// The amplitudes around, if a term reads them.
    pub(crate) neighbours: Option<Neighbours<'a>>,
}

/// A term of the bins.
pub(crate) trait BinTerm: Term + Sync {
    const READS: Reads;
    /// What the term knows of the lanes of a row tile.
    type Lanes;

    fn lanes(&self, tile: usize) -> Self::Lanes;

    /// The term's own number for each of 16 bins, whatever their values: a weight, a target, a stencil's sum.
    fn coefficient<V: Lanes>(&self, token: V::Token, lanes: &Self::Lanes, row: &BinRow<'_>, chunk: usize) -> V;

    /// ℓ(D) and (∂ℓ/∂D)/2D of each bin.
    fn loss_and_multiplier<V: Lanes>(token: V::Token, bin: &Bin<V>, coefficient: V) -> (V, V);
}

/// A list of terms of the bins, some of which may be left out: the loop over them, unrolled by the compiler.
pub(crate) trait BinTerms: Sync {
    /// [`BinTerm::Lanes`] of each.
    type AllLanes;

    /// The most that one of them reads.
    fn reads(&self) -> Reads;

    fn lanes(&self, tile: usize) -> Self::AllLanes;

    /// [`BinTerm::coefficient`] of each, from index `INDEX` on.
    fn coefficients_from<V: Lanes, const COUNT: usize>(
        &self,
        token: V::Token,
        at: (&Self::AllLanes, &BinRow<'_>, usize),
        index: usize,
        to: &mut [V; COUNT],
    );

    /// Adds each term's losses, `count` times, and gives the sum of the multipliers, each times its factor.
    fn evaluate_from<V: Lanes, const COUNT: usize>(
        &self,
        token: V::Token,
        given: &Given<'_, V, COUNT>,
        index: usize,
        multiplier: V,
        sums: &mut [V; COUNT],
    ) -> V;

    /// [`BinTerm::coefficient`] of each; 0 of those left out.
    #[inline(always)]
    fn coefficients<V: Lanes>(
        &self,
        token: V::Token,
        lanes: &Self::AllLanes,
        row: &BinRow<'_>,
        chunk: usize,
    ) -> [V; BIN_TERMS] {
        let mut coefficients = [V::splat(token, 0.0); BIN_TERMS];
        self.coefficients_from(token, (lanes, row, chunk), 0, &mut coefficients);
        coefficients
    }

    /// Adds each term's losses, `count` times, to `sums`; gives the sum of the multipliers, each times its factor.
    #[inline(always)]
    fn evaluate<V: Lanes>(
        &self,
        token: V::Token,
        factors: &[f32; BIN_TERMS],
        bin: &Bin<V>,
        coefficients: &[V; BIN_TERMS],
        count: V,
        sums: &mut [V; BIN_TERMS],
    ) -> V {
        self.evaluate_from(token, &Given { factors, bin, coefficients, count }, 0, V::splat(token, 0.0), sums)
    }
}

/// What losses and multipliers are made of.
pub(crate) struct Given<'a, V, const COUNT: usize> {
    factors: &'a [f32; COUNT],
    bin: &'a Bin<V>,
    coefficients: &'a [V; COUNT],
    count: V,
}

impl BinTerms for () {
    type AllLanes = ();

    fn reads(&self) -> Reads {
        Reads::Power
    }

    #[inline(always)]
    fn lanes(&self, _: usize) {}

    #[inline(always)]
    fn coefficients_from<V: Lanes, const COUNT: usize>(
        &self,
        _: V::Token,
        _: (&(), &BinRow<'_>, usize),
        _: usize,
        _: &mut [V; COUNT],
    ) {
    }

    #[inline(always)]
    fn evaluate_from<V: Lanes, const COUNT: usize>(
        &self,
        _: V::Token,
        _: &Given<'_, V, COUNT>,
        _: usize,
        multiplier: V,
        _: &mut [V; COUNT],
    ) -> V {
        multiplier
    }
}

impl<T: BinTerm, R: BinTerms> BinTerms for (Option<T>, R)
where
    T::Lanes: Default,
{
    type AllLanes = (T::Lanes, R::AllLanes);

    fn reads(&self) -> Reads {
        let own = if self.0.is_some() { T::READS } else { Reads::Power };
        own.max(self.1.reads())
    }

    #[inline(always)]
    fn lanes(&self, tile: usize) -> Self::AllLanes {
        let own = match &self.0 {
            Some(term) => term.lanes(tile),
            None => T::Lanes::default(),
        };
        (own, self.1.lanes(tile))
    }

    #[inline(always)]
    fn coefficients_from<V: Lanes, const COUNT: usize>(
        &self,
        token: V::Token,
        (lanes, row, chunk): (&Self::AllLanes, &BinRow<'_>, usize),
        index: usize,
        to: &mut [V; COUNT],
    ) {
        if let (Some(term), Some(to)) = (&self.0, to.get_mut(index)) {
            *to = term.coefficient(token, &lanes.0, row, chunk);
        }
        self.1.coefficients_from(token, (&lanes.1, row, chunk), index + 1, to);
    }

    #[inline(always)]
    fn evaluate_from<V: Lanes, const COUNT: usize>(
        &self,
        token: V::Token,
        given: &Given<'_, V, COUNT>,
        index: usize,
        mut multiplier: V,
        sums: &mut [V; COUNT],
    ) -> V {
        if let (Some(_), Some(coefficient), Some(factor), Some(sum)) =
            (&self.0, given.coefficients.get(index), given.factors.get(index), sums.get_mut(index))
        {
            let (loss, own) = T::loss_and_multiplier(token, given.bin, *coefficient);
            multiplier = multiplier + V::splat(token, *factor) * own;
            *sum = *sum + given.count * loss;
        }
        self.1.evaluate_from(token, given, index + 1, multiplier, sums)
    }
}

/// Losses of a spectral stage's terms: weighted, with all random factors 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Losses {
    /// Loss of each term, by its index in the list of names; 0 past the last term.
    pub by_term: [f32; MAX_TERMS],
}

impl Losses {
    /// The terms' names, by index.
    pub const NAMES: [&'static str; TERMS] = {
        let table = table(&Spectral::EMPTY);
        let mut names = [""; TERMS];
        let mut i = 0;
        while i < TERMS {
            names[i] = table[i].name;
            i += 1;
        }
        names
    };

    /// Each term's name and loss.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, f32)> {
        Self::NAMES.into_iter().zip(self.by_term)
    }

    /// The loss of the term of that name, if there is one.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<f32> {
        self.iter().find(|(own, _)| *own == name).map(|(_, loss)| loss)
    }

    /// The sum of the terms.
    #[must_use]
    pub fn total(&self) -> f32 {
        self.by_term.iter().sum()
    }
}

#[cfg(test)]
pub(crate) mod check;
