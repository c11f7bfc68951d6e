//! The terms of the loss: one file each, and the table that lists them.
//!
//! A term has a name, a weight in a stage's parameters, and a scale. A term of the bins ([`BinTerm`]) also has a loss and a multiplier for
//! each bin; the histogram has its loss and gradient in the pass over the values (`update.rs`).
//!
//! Scales: the stored spectrum is 2X ([`crate::fft`]), so the stored amplitude is D = 2S. Let L = (1/M)·Σ ℓ(S), with ℓ of degree 2 in S
//! and its targets. A term returns ℓ(D) = 4·ℓ(S), so its sum has the scale 1/(4M). Its multiplier is (∂ℓ/∂D)/2D = (∂ℓ/∂S)/2S: the product
//! with the stored 2X is (∂ℓ/∂S)/S·X. The pass gives all multipliers their 1/M.

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

/// Number of terms of the bins; their indices come first.
pub(crate) const BIN_TERMS: usize = 3;

/// Number of terms.
const TERMS: usize = BIN_TERMS + 1;

/// Most terms of a loss.
pub const MAX_TERMS: usize = 8;

// The table, in three parts: entries, types, values. Their order is the index of a term, in which random factors are drawn too.

/// Returns each term's entry, with its weight in a stage.
pub(crate) const fn table(stage: &Spectral) -> [Entry; TERMS] {
    [
        Entry::new::<LowBand>(stage.low_band),
        Entry::new::<Smoothness>(stage.smoothness),
        Entry::new::<RadialProfile<'static>>(stage.profile),
        Entry::new::<Histogram>(stage.histogram),
    ]
}

/// The terms of the bins, each `None` if a stage leaves it out.
pub(crate) type Bins<'a> = (Option<LowBand>, (Option<Smoothness>, (Option<RadialProfile<'a>>, ())));

/// Returns the terms of the bins that a stage has; `targets` is the plane of [`RadialProfile`].
pub(crate) fn bins<'a>(stage: &Spectral, shape: Shape, targets: &'a [f32]) -> Bins<'a> {
    let has = |weight: TermWeight| weight.weight > 0.0;
    let low_band = has(stage.low_band).then(|| LowBand::new(stage.cutoff, shape));
    let smoothness = has(stage.smoothness).then_some(Smoothness);
    let profile = has(stage.profile).then_some(RadialProfile { shape, plane: targets });
    (low_band, (smoothness, (profile, ())))
}

/// What a term of any kind has, at one stage.
pub(crate) struct Entry {
    /// [`Term::NAME`].
    pub(crate) name: &'static str,
    /// [`Term::WEIGHT`].
    pub(crate) weight_name: &'static str,
    /// Weight of the term in the stage.
    pub(crate) weight: TermWeight,
    /// [`Term::scale`].
    pub(crate) scale: fn(usize) -> f64,
}

impl Entry {
    const fn new<T: Term>(weight: TermWeight) -> Self {
        Self { name: T::NAME, weight_name: T::WEIGHT, weight, scale: T::scale }
    }
}

/// A term of the loss.
pub(crate) trait Term {
    /// Name for users, as in [`Losses::NAMES`].
    const NAME: &'static str;
    /// Path of the weight in [`Spectral`], for error messages.
    const WEIGHT: &'static str;

    /// Returns the factor that makes the term's sum a loss, at M pixels.
    fn scale(pixels: usize) -> f64 {
        0.25 / pixels as f64
    }
}

/// What a term reads of a bin. Each variant includes those above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reads {
    /// The bin's power.
    Power,
    /// The bin's amplitude. Costs a root and a division.
    Amplitude,
    /// The amplitudes of the bins around. Costs a pass that writes all amplitudes.
    Neighbours,
}

/// One bin in each lane.
pub(crate) struct Bin<V> {
    /// D².
    pub(crate) power: V,
    /// D; 0 if all terms read [`Reads::Power`] alone.
    pub(crate) amplitude: V,
    /// 1/D, and 0 where D counts as 0; 0 if all terms read [`Reads::Power`] alone.
    pub(crate) inverse: V,
}

/// Position and neighbours of bins of one horizontal frequency.
pub(crate) struct BinRow<V> {
    /// Horizontal frequency, 0 ≤ l < W; those above W/2 are negative.
    pub(crate) l: usize,
    /// Index of the row tile: its 16 lanes are the vertical frequencies from 16·tile on.
    pub(crate) tile: usize,
    /// Amplitudes of the bins and of those around; `None` unless a term reads [`Reads::Neighbours`].
    pub(crate) neighbours: Option<Neighbours<V>>,
}

/// A term of the bins, computed for a vector of bins at a time; `chunk` is the vector's index among the lanes of a tile.
pub(crate) trait BinTerm: Term + Copy + Sync {
    /// What [`BinTerm::coefficient`] and [`BinTerm::loss_and_multiplier`] read.
    const READS: Reads;
    /// Numbers that depend on the vertical frequency alone, made once a tile.
    type TileData;

    /// Returns the numbers of row tile `tile`.
    fn tile_data(&self, tile: usize) -> Self::TileData;

    /// Returns the term's own number for each bin: a weight, a target, or the sum of a stencil.
    fn coefficient<V: Lanes>(&self, token: V::Token, data: &Self::TileData, row: &BinRow<V>, chunk: usize) -> V;

    /// Returns ℓ(D) and the multiplier (∂ℓ/∂D)/2D of each bin, from its amplitude and coefficient.
    fn loss_and_multiplier<V: Lanes>(token: V::Token, bin: &Bin<V>, coefficient: V) -> (V, V);
}

/// A list of optional terms of the bins, as nested pairs: a loop over terms of different types, which the compiler unrolls.
pub(crate) trait BinTerms: Copy + Sync {
    /// [`BinTerm::TileData`] of each term.
    type AllTileData;

    /// Returns the most that any term reads.
    fn reads(&self) -> Reads;

    /// Returns [`BinTerm::tile_data`] of each term.
    fn tile_data(&self, tile: usize) -> Self::AllTileData;

    /// Writes [`BinTerm::coefficient`] of each term of the list to `to`; the first has index `index`.
    fn coefficients_from<V: Lanes, const COUNT: usize>(
        &self,
        token: V::Token,
        at: (&Self::AllTileData, &BinRow<V>, usize),
        index: usize,
        to: &mut [V; COUNT],
    );

    /// Does [`BinTerms::evaluate`] for each term of the list; the first has index `index`.
    fn evaluate_from<V: Lanes, const COUNT: usize>(
        &self,
        token: V::Token,
        inputs: &Inputs<'_, V, COUNT>,
        index: usize,
        multiplier: V,
        sums: &mut [V; COUNT],
    ) -> V;

    /// Returns [`BinTerm::coefficient`] of each term, 0 for a term left out.
    #[inline(always)]
    fn coefficients<V: Lanes>(
        &self,
        token: V::Token,
        data: &Self::AllTileData,
        row: &BinRow<V>,
        chunk: usize,
    ) -> [V; BIN_TERMS] {
        let mut coefficients = [V::splat(token, 0.0); BIN_TERMS];
        self.coefficients_from(token, (data, row, chunk), 0, &mut coefficients);
        coefficients
    }

    /// Adds `count` times each term's loss to `sums`; returns the sum of the multipliers, each times its factor.
    #[inline(always)]
    fn evaluate<V: Lanes>(
        &self,
        token: V::Token,
        factors: &[V; BIN_TERMS],
        bin: &Bin<V>,
        coefficients: &[V; BIN_TERMS],
        count: V,
        sums: &mut [V; BIN_TERMS],
    ) -> V {
        self.evaluate_from(token, &Inputs { factors, bin, coefficients, count }, 0, V::splat(token, 0.0), sums)
    }
}

/// What [`BinTerms::evaluate`] computes from.
pub(crate) struct Inputs<'a, V, const COUNT: usize> {
    factors: &'a [V; COUNT],
    bin: &'a Bin<V>,
    coefficients: &'a [V; COUNT],
    count: V,
}

impl BinTerms for () {
    type AllTileData = ();

    fn reads(&self) -> Reads {
        Reads::Power
    }

    #[inline(always)]
    fn tile_data(&self, _: usize) {}

    #[inline(always)]
    fn coefficients_from<V: Lanes, const COUNT: usize>(
        &self,
        _: V::Token,
        _: (&(), &BinRow<V>, usize),
        _: usize,
        _: &mut [V; COUNT],
    ) {
    }

    #[inline(always)]
    fn evaluate_from<V: Lanes, const COUNT: usize>(
        &self,
        _: V::Token,
        _: &Inputs<'_, V, COUNT>,
        _: usize,
        multiplier: V,
        _: &mut [V; COUNT],
    ) -> V {
        multiplier
    }
}

impl<T: BinTerm, R: BinTerms> BinTerms for (Option<T>, R)
where
    T::TileData: Default,
{
    type AllTileData = (T::TileData, R::AllTileData);

    fn reads(&self) -> Reads {
        let own = if self.0.is_some() { T::READS } else { Reads::Power };
        own.max(self.1.reads())
    }

    #[inline(always)]
    fn tile_data(&self, tile: usize) -> Self::AllTileData {
        let own = match &self.0 {
            Some(term) => term.tile_data(tile),
            None => T::TileData::default(),
        };
        (own, self.1.tile_data(tile))
    }

    #[inline(always)]
    fn coefficients_from<V: Lanes, const COUNT: usize>(
        &self,
        token: V::Token,
        (data, row, chunk): (&Self::AllTileData, &BinRow<V>, usize),
        index: usize,
        to: &mut [V; COUNT],
    ) {
        debug_assert!(index < COUNT, "BIN_TERMS counts the terms of the list");
        if let (Some(term), Some(to)) = (&self.0, to.get_mut(index)) {
            *to = term.coefficient(token, &data.0, row, chunk);
        }
        self.1.coefficients_from(token, (&data.1, row, chunk), index + 1, to);
    }

    #[inline(always)]
    fn evaluate_from<V: Lanes, const COUNT: usize>(
        &self,
        token: V::Token,
        inputs: &Inputs<'_, V, COUNT>,
        index: usize,
        mut multiplier: V,
        sums: &mut [V; COUNT],
    ) -> V {
        if let (Some(_), Some(coefficient), Some(factor), Some(sum)) =
            (&self.0, inputs.coefficients.get(index), inputs.factors.get(index), sums.get_mut(index))
        {
            let (loss, own) = T::loss_and_multiplier(token, inputs.bin, *coefficient);
            multiplier = multiplier + *factor * own;
            *sum = *sum + inputs.count * loss;
        }
        self.1.evaluate_from(token, inputs, index + 1, multiplier, sums)
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
    /// Name of each term, by its index.
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

    /// Returns the name and the loss of each term.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, f32)> {
        Self::NAMES.into_iter().zip(self.by_term)
    }

    /// Returns the loss of a term by its name.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<f32> {
        self.iter().find(|(own, _)| *own == name).map(|(_, loss)| loss)
    }

    /// Returns the sum of all terms.
    #[must_use]
    pub fn total(&self) -> f32 {
        self.by_term.iter().sum()
    }
}

#[cfg(test)]
pub(crate) mod check;
