//! Sums over pairs of pixels within a truncated radial kernel on the torus, in 16-bit fixed point.
//!
//! ```text
//! S_i = −Σ_j K(i−j) clamp((q_i − q_j)/τ, −1, 1)
//! ```
//!
//! q: 16-bit values with a margin that repeats the torus, so that a neighbour is an offset ([`Margin`]). Taps of one radius share a
//! weight: their clamped differences add up in 16 bits, and each group takes one rounding product ([`Taps`]). Three operations a tap.

use crate::shape::Shape;
use crate::simd::{MOST_VECTORS, SHORTS, Short};
use bytemuck::{Pod, Zeroable};

/// The largest radius.
pub(crate) const MAX_RADIUS: usize = 12;

/// Taps within the largest radius, the centre not counted: 489, rounded up.
const MAX_TAPS: usize = 512;

/// Groups within the largest radius: radii, and pieces of the radii with more than eight taps; 87, rounded up.
pub(crate) const MAX_GROUPS: usize = 96;

/// Taps of a group: their sum of clamped differences fits 16 bits.
pub(crate) const GROUP: i32 = 8;

/// A plane of 16-bit values with a margin of the torus's repetition on each side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Margin {
    pub(crate) shape: Shape,
    pub(crate) radius: usize,
}

impl Margin {
    /// Elements of a row: whole chunks of pixels, and the margin on either side.
    pub(crate) const fn stride(&self) -> usize {
        ((self.shape.width as usize).next_multiple_of(SHORTS) + 2 * self.radius).next_multiple_of(SHORTS)
    }

    /// Rows.
    pub(crate) const fn rows(&self) -> usize {
        self.shape.height as usize + 2 * self.radius
    }

    /// Elements; one chunk more than the rows, so that a chunk can be read at every pixel.
    pub(crate) const fn len(&self) -> usize {
        self.rows() * self.stride() + SHORTS
    }

    /// The element of pixel (0, y).
    pub(crate) const fn row(&self, y: usize) -> usize {
        (y + self.radius) * self.stride() + self.radius
    }

    /// The row of the image that row `row` repeats.
    pub(crate) const fn image_row(&self, row: usize) -> usize {
        let height = self.shape.height as usize;
        // radius may be more than the height
        (row + height * self.radius - self.radius) % height
    }

    /// Fills the margin left and right of a row whose pixels are in place.
    #[inline(always)]
    pub(crate) fn close(&self, row: &mut [i16]) {
        let (width, radius) = (self.shape.width as usize, self.radius);
        // from the pixels outwards, so that what is read is there already
        for i in 0..radius {
            if let Some(value) = row.get(radius + i).copied()
                && let Some(to) = row.get_mut(radius + width + i)
            {
                *to = value;
            }
        }
        for i in (0..radius).rev() {
            if let Some(value) = row.get(i + width).copied()
                && let Some(to) = row.get_mut(i)
            {
                *to = value;
            }
        }
    }
}

/// Taps of one radius, at most eight, which follow each other in [`Taps::offsets`].
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Group {
    pub(crate) count: u32,
    /// dx² + dy².
    pub(crate) square: u32,
}

/// The taps of a kernel: offsets in a [`Margin`], by rising radius, then row, then column.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Taps {
    offsets: [i32; MAX_TAPS],
    groups: [Group; MAX_GROUPS],
    group_count: u32,
    padding: [u32; 15],
}

impl Taps {
    /// All taps with `dx² + dy² ≤ R² + R/2`, but for the centre.
    pub(crate) fn fill(&mut self, margin: &Margin) {
        *self = Self::zeroed();
        let radius = margin.radius as i32;
        let mut tap = 0;
        for square in 1..=radius * radius + radius / 2 {
            let mut free = 0;
            for dy in -radius..=radius {
                for dx in -radius..=radius {
                    if dx * dx + dy * dy != square {
                        continue;
                    }
                    if free == 0 {
                        self.group_count += 1;
                        free = GROUP;
                    }
                    free -= 1;
                    if let Some(group) = self.groups.get_mut(self.group_count as usize - 1) {
                        *group = Group { count: group.count + 1, square: square as u32 };
                    }
                    if let Some(offset) = self.offsets.get_mut(tap) {
                        *offset = dy * margin.stride() as i32 + dx;
                    }
                    tap += 1;
                }
            }
        }
    }

    pub(crate) fn groups(&self) -> &[Group] {
        self.groups.get(..self.group_count as usize).unwrap_or_default()
    }

    pub(crate) fn offsets(&self) -> &[i32] {
        &self.offsets
    }
}

/// What the sums of one step are made with.
#[derive(Clone, Copy)]
pub(crate) struct Sums<'a> {
    pub(crate) taps: &'a Taps,
    /// A group's weights in both sums: `K·2²⁸/(τ·2^shift)`.
    pub(crate) weights: &'a [[i16; 2]; MAX_GROUPS],
    /// τ·2¹⁶, 1 to 4095.
    pub(crate) tau: i16,
    /// The largest with `8·τ·2^shift < 32767`, τ as above.
    pub(crate) shift: u32,
}

/// 32 elements from an index on. The index has 32 bits, so that its sum with 32 cannot overflow and one comparison is enough.
#[inline(always)]
pub(crate) fn chunk_at(plane: &[i16], index: u32) -> Option<&[i16; SHORTS]> {
    plane.get(index as usize..index as usize + SHORTS)?.first_chunk()
}

impl Sums<'_> {
    /// The two sums S·2¹³ of the 32 pixels from element `base` of `plane` on; the second only if `TWO`.
    #[inline(always)]
    pub(crate) fn of<V: Short, const TWO: bool>(
        &self,
        token: V::Token,
        plane: &[i16],
        base: usize,
        first: &mut [i16; SHORTS],
        second: &mut [i16; SHORTS],
    ) {
        let base = base as u32;
        let Some(centre) = chunk_at(plane, base) else { return };
        let zero = V::splat(token, 0);
        let tau = V::splat(token, self.tau);
        let scale = V::splat(token, 1_i16.wrapping_shl(self.shift));
        let mut chunk = 0;
        while chunk * V::LEN < SHORTS {
            let mut q = [zero; MOST_VECTORS];
            let (mut low, mut high) = (q, q);
            let (mut sum, mut other) = (q, q);
            for v in 0..V::VECTORS {
                q[v] = V::load(token, centre, chunk + v);
                low[v] = q[v].saturating_sub(tau);
                high[v] = q[v].saturating_add(tau);
            }
            let mut tap = 0;
            for (group, weights) in self.taps.groups().iter().zip(self.weights) {
                let mut clamped = [zero; MOST_VECTORS];
                let end = tap + group.count as usize;
                for offset in self.taps.offsets().get(tap..end).unwrap_or_default() {
                    if let Some(neighbour) = chunk_at(plane, base.wrapping_add_signed(*offset)) {
                        for v in 0..V::VECTORS {
                            let value = V::load(token, neighbour, chunk + v);
                            clamped[v] = clamped[v] + value.max(low[v]).min(high[v]);
                        }
                    }
                }
                tap = end;
                let count = V::splat(token, group.count as i16);
                for v in 0..V::VECTORS {
                    let difference = (clamped[v] - q[v] * count) * scale;
                    sum[v] = sum[v] + difference.high_product(V::splat(token, weights[0]));
                    if TWO {
                        other[v] = other[v] + difference.high_product(V::splat(token, weights[1]));
                    }
                }
            }
            for v in 0..V::VECTORS {
                sum[v].store(first, chunk + v);
                if TWO {
                    other[v].store(second, chunk + v);
                }
            }
            chunk += V::VECTORS;
        }
    }
}
