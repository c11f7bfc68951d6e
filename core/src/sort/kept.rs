//! The order of the values, kept from step to step: where few values passed others, it is repaired in place of a new sort.
//!
//! ```text
//! near[k] = values[order[k]]                    in the order of the step before
//! flag k where not near[k] < near[k + 1]
//! from each flag on: insert near[k + 1] among those before it, then the next value, until one stays where it is
//! ```
//!
//! Only values that move get a new wanted value; those of others stay. Where many values passed others, or some passed many, a new sort is
//! faster: [`Kept::repair`] declines. After a decline the order is not kept for some steps, more with each decline in a row.
//!
//! The order is a cache: results are the same with it, without it, and with any other order. It lies in the buffer of the final ranks,
//! which is free while values are ranked; its first word is none that a rank has, so ranks written there end the cache.

use super::compare::MOST;
use super::{Give, Rank, SortSpace, exact, keyed};
use crate::jobs::Means;
use crate::simd::{Kernel, LANES, Lanes, SimdLevel, Words};

/// First word of a buffer with an order.
const KEPT: u32 = u32::MAX;
/// First word of a buffer without one that counts steps until the next.
const PAUSED: u32 = u32::MAX - 1;
/// Most steps without an order after a decline.
const MOST_PAUSE: u32 = 63;
/// Words before the order.
const HEAD: usize = 16;
/// Values whose flags are one word.
const FLAGS: usize = 64;

/// A buffer of one word a value, which may hold the order of the values.
pub(crate) struct Kept<'a> {
    /// [`KEPT`], [`PAUSED`] or any other word: neither.
    state: &'a mut u32,
    /// Steps until the order is kept again.
    wait: &'a mut u32,
    /// What `wait` was set to last.
    pause: &'a mut u32,
    /// The index of each rank's value.
    order: &'a mut [u16],
}

/// Gives the wanted value of a rank.
struct WantedOf<'a>(&'a [f32]);

impl Give for WantedOf<'_> {
    #[inline(always)]
    fn give(&self, rank: usize) -> u32 {
        debug_assert!(rank < self.0.len() + 16, "one target a rank, but for lanes without a pixel");
        self.0.get(rank).map_or(0, |target| target.to_bits())
    }
}

/// Where an order may lie from step to step, and whether that one is known to be an order, and that of the wanted values: false where a block
/// comes from outside.
pub(crate) struct Cache<'a> {
    pub(crate) buffer: &'a mut [u32],
    pub(crate) checked: &'a mut bool,
}

/// Writes the target of each value's rank to `wanted`. The order in the cache helps, if there is one, and is kept there.
pub(crate) fn wanted(
    means: Means<'_>,
    values: &[f32],
    targets: &[f32],
    space: SortSpace<'_>,
    cache: Option<Cache<'_>>,
    wanted: &mut [f32],
) {
    let n = values.len();
    let Some((mut kept, checked)) = cache.and_then(|Cache { buffer, checked }| Some((Kept::new(buffer, n)?, checked)))
    else {
        return exact(means, values, space, &WantedOf(targets), bytemuck::must_cast_slice_mut(wanted));
    };
    if *kept.state == KEPT {
        if (*checked || kept.check(targets, wanted)) && kept.repair(means.level, values, space.second, targets, wanted)
        {
            *checked = true;
            *kept.pause = 0;
            return;
        }
        *kept.pause = if *kept.pause < MOST_PAUSE / 2 { 2 * *kept.pause + 1 } else { MOST_PAUSE };
        *kept.wait = *kept.pause;
    } else if *kept.state != PAUSED || *kept.wait > MOST_PAUSE {
        (*kept.wait, *kept.pause) = (0, 0);
    }
    if *kept.wait > 0 {
        *kept.wait -= 1;
        *kept.state = PAUSED;
        return exact(means, values, space, &WantedOf(targets), bytemuck::must_cast_slice_mut(wanted));
    }
    let ranks: &mut [u32] = bytemuck::must_cast_slice_mut(wanted);
    exact(means, values, space, &Rank, ranks);
    invert(ranks, kept.order, targets);
    *kept.state = KEPT;
    *checked = true;
}

/// Ends the cache: `wanted` is no longer that of the order.
pub(crate) fn forget(buffer: &mut [u32]) {
    if let Some(state) = buffer.first_mut()
        && *state == KEPT
    {
        *state = PAUSED;
    }
}

/// Turns each rank into its target; writes the index of each rank.
#[inline(never)]
fn invert(ranks: &mut [u32], order: &mut [u16], targets: &[f32]) {
    for (index, rank) in ranks.iter_mut().enumerate() {
        let place = *rank as usize;
        let (Some(target), Some(order)) = (targets.get(place), order.get_mut(place)) else { return };
        (*rank, *order) = (target.to_bits(), index as u16);
    }
}

impl<'a> Kept<'a> {
    /// Finds the order of n values in a buffer; `None` if there are too many or too few for one.
    fn new(buffer: &'a mut [u32], n: usize) -> Option<Self> {
        if n > MOST || !n.is_multiple_of(FLAGS) || buffer.len() < n {
            return None;
        }
        let (head, order) = buffer.split_at_mut_checked(HEAD)?;
        let [state, wait, pause, ..] = head else { return None };
        let order = bytemuck::must_cast_slice_mut(order).get_mut(..n)?;
        Some(Self { state, wait, pause, order })
    }

    /// Whether the order has each index once. If so, writes the wanted values that belong to it.
    fn check(&self, targets: &[f32], wanted: &mut [f32]) -> bool {
        /// A NaN that no target is: targets are numbers.
        const NONE: u32 = u32::MAX;
        let wanted: &mut [u32] = bytemuck::must_cast_slice_mut(wanted);
        wanted.fill(NONE);
        for (index, target) in self.order.iter().zip(targets) {
            let Some(wanted) = wanted.get_mut(usize::from(*index)) else { return false };
            *wanted = target.to_bits();
        }
        wanted.iter().fold(true, |all, wanted| all & (*wanted != NONE))
    }

    /// Sorts the order by the present values, and writes the wanted values that change. Returns false if that would take long: the order and
    /// `wanted` then still belong to each other, but are not those of the values.
    fn repair(
        &mut self,
        level: SimdLevel,
        values: &[f32],
        memory: &mut [u64],
        targets: &[f32],
        wanted: &mut [f32],
    ) -> bool {
        let n = self.order.len();
        let Some((near, rest)) = memory.split_at_mut_checked((n + FLAGS) / 2) else { return false };
        let Some(flags) = rest.get_mut(..n / FLAGS) else { return false };
        let near: &mut [f32] = bytemuck::must_cast_slice_mut(near);
        collect(values, self.order, near);
        // the last value has none after it
        if let Some(end) = near.get_mut(n) {
            *end = f32::INFINITY;
        }
        level.run(Flag { near, flags });
        let count: u32 = flags.iter().map(|flags| flags.count_ones()).sum();
        if count as usize > n / 5 {
            return false;
        }
        let mut settle = Settle { near, order: self.order, targets, wanted, budget: 2 * n };
        for (first, flags) in (0..n).step_by(FLAGS).zip(flags) {
            while *flags != 0 {
                if !settle.from(first + flags.trailing_zeros() as usize + 1) {
                    return false;
                }
                *flags &= *flags - 1;
            }
        }
        true
    }
}

/// Collects the values in an order.
#[inline(never)]
fn collect(values: &[f32], order: &[u16], near: &mut [f32]) {
    for (order, near) in order.as_chunks::<4>().0.iter().zip(near.as_chunks_mut::<4>().0) {
        for i in 0..4 {
            let Some(value) = values.get(usize::from(order[i])) else { return };
            near[i] = *value;
        }
    }
}

/// Flags the values that are not less than the next.
struct Flag<'a> {
    near: &'a [f32],
    flags: &'a mut [u64],
}

impl Kernel for Flag<'_> {
    type Output = ();
    const WORDS: Words = Words::Floats;

    #[inline(always)]
    fn run<V: Lanes>(self, token: V::Token) {
        let next = self.near.get(1..).unwrap_or_default();
        for (i, flags) in self.flags.iter_mut().enumerate() {
            let mut less = 0;
            for line in 0..FLAGS / LANES {
                let at = i * FLAGS + line * LANES;
                let own = self.near.get(at..).and_then(<[f32]>::first_chunk);
                let (Some(own), Some(next)) = (own, next.get(at..).and_then(<[f32]>::first_chunk)) else { return };
                for chunk in 0..V::CHUNKS {
                    let bits = V::load(token, own, chunk).less(V::load(token, next, chunk));
                    less |= bits << (line * LANES + chunk * V::LEN);
                }
            }
            *flags = !less;
        }
    }
}

/// Values in an order that is being repaired.
struct Settle<'a> {
    near: &'a mut [f32],
    order: &'a mut [u16],
    targets: &'a [f32],
    wanted: &'a mut [f32],
    /// Number of values that may still move.
    budget: usize,
}

impl Settle<'_> {
    /// Inserts the value at `place` among those before it, then those after it until one stays. Returns false if that takes too long.
    #[inline(always)]
    fn from(&mut self, mut place: usize) -> bool {
        while let (Some(value), Some(index)) = (self.near.get(place).copied(), self.order.get(place).copied()) {
            let mut to = place;
            while let Some(before) = to.checked_sub(1) {
                let (Some(other), Some(other_index)) =
                    (self.near.get(before).copied(), self.order.get(before).copied())
                else {
                    break;
                };
                if !after((other, other_index), (value, index)) {
                    break;
                }
                self.put(to, other, other_index);
                to = before;
            }
            if to == place {
                break;
            }
            self.put(to, value, index);
            let moved = place - to;
            if self.budget < moved {
                return false;
            }
            self.budget -= moved;
            place += 1;
        }
        true
    }

    #[inline(always)]
    fn put(&mut self, place: usize, value: f32, index: u16) {
        if let (Some(near), Some(order), Some(target), Some(wanted)) = (
            self.near.get_mut(place),
            self.order.get_mut(place),
            self.targets.get(place),
            self.wanted.get_mut(usize::from(index)),
        ) {
            (*near, *order, *wanted) = (value, index, *target);
        }
    }
}

/// Whether a value and its index come after others.
#[inline(always)]
fn after((a, index_a): (f32, u16), (b, index_b): (f32, u16)) -> bool {
    if a < b {
        return false;
    }
    a > b || keyed(a, index_a.into()) > keyed(b, index_b.into())
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;
    use crate::jobs::Serial;
    use crate::sort::COUNTERS;
    use rand_core::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro128PlusPlus;
    use std::{vec, vec::Vec};

    const N: usize = 1024;

    /// Values that move, with an order that is kept and without one.
    struct Run {
        level: SimdLevel,
        values: Vec<f32>,
        targets: Vec<f32>,
        buffer: Vec<u32>,
        wanted: Vec<f32>,
    }

    impl Run {
        fn new(level: SimdLevel) -> Self {
            let mut rng = Xoshiro128PlusPlus::seed_from_u64(7);
            let values = (0..N).map(|_| (rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0).collect();
            let targets = (0..N).map(|i| i as f32).collect();
            Self { level, values, targets, buffer: vec![0; N], wanted: vec![0.0; N] }
        }

        /// Ranks the values; returns whether the cache holds an order afterwards.
        fn rank(&mut self, checked: &mut bool) -> bool {
            let (mut first, mut second, mut counters) = (vec![0; N], vec![0; N], [0; COUNTERS]);
            let space = SortSpace { first: &mut first, second: &mut second, counters: &mut counters };
            let cache = Cache { buffer: &mut self.buffer, checked };
            let means = Means { level: self.level, jobs: &Serial };
            wanted(means, &self.values, &self.targets, space, Some(cache), &mut self.wanted);
            let mut order: Vec<usize> = (0..N).collect();
            order.sort_by_key(|i| keyed(self.values[*i], *i));
            for (rank, index) in order.into_iter().enumerate() {
                assert!(self.wanted[index] == self.targets[rank], "rank {rank}, index {index}");
            }
            self.buffer[0] == KEPT
        }

        fn kept(&mut self) -> Kept<'_> {
            Kept::new(&mut self.buffer, N).expect("room for an order")
        }

        /// Whether an order is repaired, and not made anew.
        fn repairs(&mut self) -> bool {
            let (values, targets, level) = (self.values.clone(), self.targets.clone(), self.level);
            let mut wanted = self.wanted.clone();
            let kept = &mut Kept::new(&mut self.buffer, N).expect("room for an order");
            assert!(kept.check(&targets, &mut wanted), "an order that was kept");
            kept.repair(level, &values, &mut vec![0; N], &targets, &mut wanted)
        }
    }

    fn levels() -> impl Iterator<Item = SimdLevel> {
        SimdLevel::ALL.into_iter().filter(|level| level.is_supported())
    }

    /// A decline would cost time and change no rank: no other test would notice.
    #[test]
    fn few_moves_are_repaired_and_many_are_not() {
        for level in levels() {
            let mut run = Run::new(level);
            assert!(run.rank(&mut false));
            let mut rng = Xoshiro128PlusPlus::seed_from_u64(8);
            for value in &mut run.values {
                *value += (rng.next_u32() >> 8) as f32 / 16_777_216.0 * 3e-4;
            }
            assert!(run.repairs());
            assert!(run.repairs(), "nothing has moved");
            run.values.reverse();
            assert!(!run.repairs());
            assert!(!run.rank(&mut false), "the order is not kept after a decline");
            assert!(run.rank(&mut false), "but after a step");
        }
    }

    /// One value after another to the other end: few flags, and long ways.
    #[test]
    fn long_ways_are_declined() {
        let mut run = Run::new(SimdLevel::detect());
        assert!(run.rank(&mut false));
        for value in run.values.iter_mut().take(2) {
            *value = -*value;
        }
        assert!(run.repairs());
        for value in run.values.iter_mut().take(N / 8) {
            *value = -*value;
        }
        assert!(!run.repairs());
        run.rank(&mut true);
    }

    #[test]
    fn ties_zeros_and_what_is_no_number() {
        for level in levels() {
            let mut run = Run::new(level);
            let mut checked = false;
            run.rank(&mut checked);
            for special in [0.0, -0.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -f32::NAN, 0.25, 0.25] {
                for place in [0, 1, 63, 64, 500, N - 1] {
                    run.values[place] = special;
                    run.values[(place + 7) % N] = run.values[place ^ 1];
                    run.rank(&mut checked);
                }
            }
        }
    }

    /// An order of any other values, and bytes that are no order.
    #[test]
    fn any_cache_gives_the_same_ranks() {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(9);
        let mut run = Run::new(SimdLevel::detect());
        assert!(run.rank(&mut false));
        let good = run.buffer.clone();
        for turn in 0..40 {
            run.buffer.copy_from_slice(&good);
            run.wanted.fill(0.5);
            let order = run.kept().order;
            let (a, b) = (rng.next_u32() as usize % N, rng.next_u32() as usize % N);
            match turn % 4 {
                0 => order.swap(a, b),
                1 => order[a] = order[b],
                2 => order[a] = N as u16 + b as u16,
                _ => order.reverse(),
            }
            if turn > 20 {
                run.buffer[1] = rng.next_u32();
                run.buffer[2] = rng.next_u32();
            }
            run.rank(&mut false);
            run.rank(&mut true);
        }
        run.buffer.fill(KEPT);
        run.rank(&mut false);
    }
}
