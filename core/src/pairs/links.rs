//! Taps into other planes of a volume, which repeats in layers and in channels.
//!
//! Taps of one weight are groups of eight, of four or of one. A set of groups is shared by all [`Segment`]s that reach with it into
//! another plane: so many layers and channels further. Offsets are those within a plane; a segment adds the distance of the planes.

use super::{Chunk, Planes, pair_weight};
use crate::memory::{Carver, bytes_of};
use crate::pairs::Place;
use crate::simd::{MOST_VECTORS, Short};
use bytemuck::{Pod, Zeroable};

/// Numbers of elements of [`Links`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    pub(crate) segments: usize,
    pub(crate) eights: usize,
    pub(crate) fours: usize,
    pub(crate) ones: usize,
}

impl Room {
    pub(crate) const NONE: Self = Self { segments: 0, eights: 0, fours: 0, ones: 0 };

    /// Groups of one that heavy taps of a kernel take beyond one each: a tap of more weight than [`MOST`] counts as several.
    pub(crate) const HEAVY: usize = 16;

    /// Bytes in the work space.
    pub(crate) const fn bytes(&self) -> usize {
        bytes_of::<Segment>(self.segments)
            + Groups::<8>::bytes(self.eights)
            + Groups::<4>::bytes(self.fours)
            + Groups::<1>::bytes(self.ones)
    }
}

/// Offset to a plane a few layers or channels further; past the last it wraps.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct Ahead {
    /// The first layer or channel from which the offset wraps.
    last: u32,
    /// Offset below `last`.
    offset: i32,
    /// Offset from `last` on.
    wrapped: i32,
}

impl Ahead {
    /// `distance` of `count` layers or channels, which are `stride` elements apart.
    fn new(distance: u32, count: u32, stride: usize) -> Self {
        debug_assert!(distance < count, "a plane of the volume");
        let offset = |planes: i64| (planes * stride as i64) as i32;
        let (distance, count) = (distance.min(count), count);
        Self {
            last: count - distance,
            offset: offset(distance.into()),
            wrapped: offset(i64::from(distance) - i64::from(count)),
        }
    }

    #[inline(always)]
    const fn from(self, index: u32) -> i32 {
        if index < self.last { self.offset } else { self.wrapped }
    }
}

/// Taps of each plane into the plane some layers and channels further.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Segment {
    layers: Ahead,
    channels: Ahead,
    set: Set,
}

/// First and end of some groups of eight, of four and of one.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
struct Set {
    eights: [u32; 2],
    fours: [u32; 2],
    ones: [u32; 2],
}

/// Groups of `COUNT` taps.
pub(crate) struct Groups<'a, const COUNT: usize> {
    /// Offsets within a plane.
    offsets: &'a mut [[i32; COUNT]],
    /// Weights of a tap in both sums, where all taps and the pixel itself have sum 1.
    kernels: &'a mut [[f64; 2]],
    /// From [`pair_weight`].
    weights: &'a mut [[i16; 2]],
}

impl<'a, const COUNT: usize> Groups<'a, COUNT>
where
    [i32; COUNT]: Pod,
{
    const fn bytes(count: usize) -> usize {
        bytes_of::<[i32; COUNT]>(count) + bytes_of::<[f64; 2]>(count) + bytes_of::<[i16; 2]>(count)
    }

    fn take(memory: &mut Carver<'a>, count: usize) -> Option<Self> {
        Some(Self { offsets: memory.take(count)?, kernels: memory.take(count)?, weights: memory.take(count)? })
    }

    fn clear(&mut self) {
        self.offsets.fill([0; COUNT]);
        self.kernels.fill([0.0; 2]);
        self.weights.fill([0; 2]);
    }

    /// Appends a group to a range of groups.
    fn push(&mut self, range: &mut [u32; 2], offsets: [i32; COUNT], kernel: [f64; 2]) {
        let at = range[1] as usize;
        debug_assert!(at < self.offsets.len(), "the room has each group");
        if let (Some(to), Some(kernels)) = (self.offsets.get_mut(at), self.kernels.get_mut(at)) {
            (*to, *kernels) = (offsets, kernel);
            range[1] += 1;
        }
    }

    fn weigh(&mut self, tau: i32, headroom: u32) {
        for (to, kernel) in self.weights.iter_mut().zip(&*self.kernels) {
            *to = kernel.map(|kernel| pair_weight(kernel, tau, headroom));
        }
    }

    /// Adds the groups of a range.
    #[inline(always)]
    fn add<S: Short, const TWO: bool, const BLOCKS: usize>(
        &self,
        chunk: &Chunk<'_, S, BLOCKS>,
        base: u32,
        range: [u32; 2],
        sums: &mut [[S; MOST_VECTORS]; 2],
    ) {
        let range = range[0] as usize..range[1] as usize;
        let offsets = self.offsets.get(range.clone()).unwrap_or_default();
        let weights = self.weights.get(range).unwrap_or_default();
        if offsets.is_empty() {
            return;
        }
        let start = chunk.start::<COUNT>();
        for (offsets, [one, two]) in offsets.iter().zip(weights) {
            let weights = [S::weight(chunk.token, *one), S::weight(chunk.token, *two)];
            chunk.add::<COUNT, TWO>(base, offsets, &weights, &start, sums);
        }
    }
}

/// The taps of a kernel into other planes.
pub(crate) struct Links<'a> {
    segments: &'a mut [Segment],
    eights: Groups<'a, 8>,
    fours: Groups<'a, 4>,
    ones: Groups<'a, 1>,
}

impl<'a> Links<'a> {
    pub(crate) fn take(memory: &mut Carver<'a>, room: Room) -> Option<Self> {
        Some(Self {
            segments: memory.take(room.segments)?,
            eights: Groups::take(memory, room.eights)?,
            fours: Groups::take(memory, room.fours)?,
            ones: Groups::take(memory, room.ones)?,
        })
    }

    /// Makes the weights of a step.
    pub(crate) fn weigh(&mut self, tau: i32, headroom: u32) {
        self.eights.weigh(tau, headroom);
        self.fours.weigh(tau, headroom);
        self.ones.weigh(tau, headroom);
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Adds all taps of the pixels from element `base` on, which are in the plane at `place`, to their sums.
    #[inline(always)]
    pub(super) fn add<S: Short, const TWO: bool, const BLOCKS: usize>(
        &self,
        chunk: &Chunk<'_, S, BLOCKS>,
        place: Place,
        base: u32,
        sums: &mut [[S; MOST_VECTORS]; 2],
    ) {
        for Segment { layers, channels, set } in &*self.segments {
            let distance = layers.from(place.layer).wrapping_add(channels.from(place.channel));
            let base = base.wrapping_add_signed(distance);
            self.eights.add::<S, TWO, BLOCKS>(chunk, base, set.eights, sums);
            self.fours.add::<S, TWO, BLOCKS>(chunk, base, set.fours, sums);
            self.ones.add::<S, TWO, BLOCKS>(chunk, base, set.ones, sums);
        }
    }
}

/// The largest weight of a tap, below that where [`pair_weight`] saturates.
const MOST: f64 = 0.124;

/// Fills in [`Links`]: set by set of groups, each followed by its segments.
pub(crate) struct Linking<'a, 'b> {
    links: &'b mut Links<'a>,
    planes: Planes,
    segments: usize,
    set: Set,
}

impl<'a, 'b> Linking<'a, 'b> {
    /// Starts with no taps.
    pub(crate) fn new(links: &'b mut Links<'a>, planes: Planes) -> Self {
        links.segments.fill(Segment::zeroed());
        links.eights.clear();
        links.fours.clear();
        links.ones.clear();
        Self { links, planes, segments: 0, set: Set::default() }
    }

    /// The offset of a tap within a plane.
    pub(crate) const fn offset(&self, x: i32, y: i32) -> i32 {
        y * self.planes.padding.stride() as i32 + x
    }

    /// Starts another set of groups.
    pub(crate) fn begin(&mut self) {
        for range in [&mut self.set.eights, &mut self.set.fours, &mut self.set.ones] {
            range[0] = range[1];
        }
    }

    /// Adds eight taps by their offsets within a plane; `kernel` is the weight of each in both sums.
    pub(crate) fn eight(&mut self, offsets: [i32; 8], kernel: [f64; 2]) {
        self.links.eights.push(&mut self.set.eights, offsets, kernel);
    }

    /// Adds four taps, as [`Linking::eight`].
    pub(crate) fn four(&mut self, offsets: [i32; 4], kernel: [f64; 2]) {
        self.links.fours.push(&mut self.set.fours, offsets, kernel);
    }

    /// Adds one tap of any weight from 0 to 1, as [`Linking::eight`].
    pub(crate) fn one(&mut self, offset: i32, kernel: [f64; 2]) {
        let parts = Self::parts(kernel);
        for _ in 0..parts {
            self.links.ones.push(&mut self.set.ones, [offset], kernel.map(|kernel| kernel / f64::from(parts)));
        }
    }

    /// Groups of one, or of four or eight, that a tap takes.
    pub(crate) fn parts(kernel: [f64; 2]) -> u32 {
        libm::ceil(kernel[0].max(kernel[1]) / MOST).clamp(1.0, 16.0) as u32
    }

    /// Links each plane by the taps of the set to the plane so many layers and channels further.
    pub(crate) fn link(&mut self, layers: u32, channels: u32) {
        let stride = self.planes.padding.len();
        debug_assert!(self.segments < self.links.segments.len(), "the room has each segment");
        if let Some(to) = self.links.segments.get_mut(self.segments) {
            *to = Segment {
                layers: Ahead::new(layers, self.planes.layers, stride * self.planes.channels as usize),
                channels: Ahead::new(channels, self.planes.channels, stride),
                set: self.set,
            };
            self.segments += 1;
        }
    }
}
