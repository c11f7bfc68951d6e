//! The pass of a step over rows of pixels: pair sums, low-pass along columns, then the update of each pixel.

use super::constants::Constants;
use super::grey::{blur_column, grey_width};
use super::kernel::Tables;
use super::law::{TURN, join};
use super::step::{Surroundings, step};
use crate::pairs::{Links, PairSums, PerGroup, Planes};
use crate::simd::{Kernel, Lanes, MOST_BLOCKS, SHORTS, Short, Words};
use crate::threshold::fixed_point::Q;

/// Steps the rows of pixels of a plane from row `first` on.
pub(super) struct StepRows<'a> {
    pub(super) planes: &'a Planes,
    /// Which of the planes.
    pub(super) plane: usize,
    pub(super) tables: &'a Tables,
    /// Taps into other planes.
    pub(super) links: &'a Links<'a>,
    pub(super) constants: &'a Constants,
    /// Weights of each group of taps: of K and of the kernel of the ends.
    pub(super) weights: &'a PerGroup<[i16; 2]>,
    /// q of all planes with their padding.
    pub(super) q: &'a [i16],
    /// Rows of h of this plane, the low-pass along rows; empty without the grey term.
    pub(super) blurred: &'a [i16],
    pub(super) first: usize,
    pub(super) values: &'a mut [i32],
    pub(super) momentum: &'a mut [i32],
}

impl Kernel for StepRows<'_> {
    type Output = ();
    const WORDS: Words = Words::Any;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let padding = &self.planes.padding;
        let width = padding.shape.width as usize;
        let start = self.plane * padding.len();
        debug_assert!(width > 0, "a mask has columns");
        let padded_width = grey_width(padding.shape);
        let grey_radius = self.tables.grey_radius();
        let sums = PairSums::<V::Short> {
            eights: self.tables.taps().eights(),
            fours: self.tables.taps().fours(),
            weights: PairSums::<V::Short>::weights(token, self.weights),
            tau: self.constants.tau.0 as i16,
            headroom: self.constants.headroom,
            links: self.links,
            place: self.planes.place(self.plane),
        };
        // made once: thresholds do not read it
        let mut turned = [[[0; SHORTS]; MOST_BLOCKS]; 2];
        let mut y = self.first;
        for (values, momentum) in
            self.values.chunks_exact_mut(width.max(1)).zip(self.momentum.chunks_exact_mut(width.max(1)))
        {
            let mut x = 0;
            let blocks = SHORTS * V::Short::BLOCKS;
            for (values, momentum) in values.chunks_mut(blocks).zip(momentum.chunks_mut(blocks)) {
                let mut all = [[[0; SHORTS]; MOST_BLOCKS]; 2];
                let base = start + padding.row(y) + x;
                // turned for added noise alone; a loop, so that there is one copy of the pair sums
                let passes = 1 + usize::from(self.constants.adds);
                for ([pair, ends], turn) in [(&mut all, 0), (&mut turned, TURN)].into_iter().take(passes) {
                    if values.len() > SHORTS {
                        sums.of_some::<2>(token, self.constants.has_ends, self.q, base, turn, [pair, ends]);
                    } else if let ([pair, ..], [ends, ..]) = (pair.as_chunks_mut().0, ends.as_chunks_mut().0) {
                        sums.of_some::<1>(token, self.constants.has_ends, self.q, base, turn, [pair, ends]);
                    }
                }
                if self.constants.adds {
                    join::<V::Short>(token, self.q, base, self.tables.totals(), &turned, &mut all);
                }
                let [pair, ends] = &all;
                let parts = values.chunks_mut(SHORTS).zip(momentum.chunks_mut(SHORTS));
                for ((values, momentum), (pair, ends)) in parts.zip(pair.iter().zip(ends)) {
                    let mut grey = [0; SHORTS];
                    if !self.blurred.is_empty() {
                        let own = (y + grey_radius) * padded_width + x;
                        blur_column::<V::Short>(token, self.blurred, own, padded_width, self.tables.grey(), &mut grey);
                    }
                    let sums = Sums { pair, ends, grey: &grey };
                    if let (Ok(values), Ok(momentum)) = (values.try_into(), momentum.try_into()) {
                        V::call(token, StepChunk { sums: &sums, constants: self.constants, values, momentum });
                    } else {
                        sums.step_some::<V>(token, self.constants, values, momentum);
                    }
                    x += SHORTS;
                }
            }
            y += 1;
        }
    }
}

/// The sums of 32 pixels: pair sums with K and with the kernel of the ends (Q13), and the low-pass (Q16).
struct Sums<'a> {
    pair: &'a [i16; SHORTS],
    ends: &'a [i16; SHORTS],
    grey: &'a [i16; SHORTS],
}

/// Steps 32 pixels.
struct StepChunk<'a> {
    sums: &'a Sums<'a>,
    constants: &'a Constants,
    values: &'a mut [i32; SHORTS],
    momentum: &'a mut [i32; SHORTS],
}

impl Kernel for StepChunk<'_> {
    type Output = ();
    const WORDS: Words = Words::Loops;

    #[inline(always)]
    fn run<V: Lanes>(self, _: V::Token) {
        let Self { sums, constants, values, momentum } = self;
        // few copies of the loop: added noise has the kernel of the ends always, which is K where a stage has none
        let ends = if constants.has_ends { sums.ends } else { sums.pair };
        let added = Sums { ends, ..*sums };
        match (constants.adds, constants.has_ends, constants.freezes) {
            (false, true, true) => sums.step::<false, true, true>(*constants, values, momentum),
            (false, true, false) => sums.step::<false, true, false>(*constants, values, momentum),
            (false, false, true) => sums.step::<false, false, true>(*constants, values, momentum),
            (false, false, false) => sums.step::<false, false, false>(*constants, values, momentum),
            (true, _, true) => added.step::<true, true, true>(*constants, values, momentum),
            (true, _, false) => added.step::<true, true, false>(*constants, values, momentum),
        }
    }
}

impl Sums<'_> {
    #[inline(always)]
    fn step<const ADDS: bool, const ENDS: bool, const FREEZES: bool>(
        &self,
        constants: Constants,
        values: &mut [i32; SHORTS],
        momentum: &mut [i32; SHORTS],
    ) {
        // copies: the compiler must see that nothing overlaps
        let (pairs, ends, greys) = (*self.pair, *self.ends, *self.grey);
        let (mut x, mut m) = (*values, *momentum);
        for i in 0..SHORTS {
            let around =
                Surroundings { pair_sum: Q(pairs[i].into()), end_sum: Q(ends[i].into()), low_pass: Q(greys[i].into()) };
            let (stepped, velocity) = step::<ADDS, ENDS, FREEZES>(Q(x[i]), Q(m[i]), around, &constants);
            (x[i], m[i]) = (stepped.0, velocity.0);
        }
        (*values, *momentum) = (x, m);
    }

    /// As [`StepChunk`], for the fewer pixels at the end of a row.
    #[inline(always)]
    fn step_some<V: Lanes>(&self, token: V::Token, constants: &Constants, values: &mut [i32], momentum: &mut [i32]) {
        let (mut all_values, mut all_momentum) = ([0; SHORTS], [0; SHORTS]);
        for i in 0..values.len().min(momentum.len()).min(SHORTS) {
            (all_values[i], all_momentum[i]) = (values[i], momentum[i]);
        }
        V::call(token, StepChunk { sums: self, constants, values: &mut all_values, momentum: &mut all_momentum });
        for i in 0..values.len().min(momentum.len()).min(SHORTS) {
            (values[i], momentum[i]) = (all_values[i], all_momentum[i]);
        }
    }
}
