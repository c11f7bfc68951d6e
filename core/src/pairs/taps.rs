//! Taps of a kernel within its own plane, grouped by radius.

use super::{EIGHTS, FOURS, Padding};
use bytemuck::{Pod, Zeroable};

/// One element per group of taps: groups of eight, and groups of four.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PerGroup<T> {
    pub(crate) eights: [T; EIGHTS],
    pub(crate) fours: [T; FOURS],
}

/// The taps of a kernel as offsets in the padded plane, grouped by radius.
///
/// By the symmetry of the square the number of taps of one radius is a multiple of four: they make groups of eight, and one of four if
/// four are left. The order of groups does not change a sum, because sums wrap.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Taps {
    eights: [[i32; 8]; EIGHTS],
    fours: [[i32; 4]; FOURS],
    /// dx² + dy² of each group; 0 past the last group.
    eight_squares: [u32; EIGHTS],
    four_squares: [u32; FOURS],
}

impl Taps {
    /// All taps with `dx² + dy² ≤ R² + R/2` except the centre; those of one radius by row, then column.
    pub(crate) fn fill(&mut self, padding: &Padding) {
        *self = Self::zeroed();
        let radius = padding.radius as i32;
        let (mut eights, mut fours) = (0, 0);
        for square in 1..=radius * radius + radius / 2 {
            let mut offsets = [0; 8];
            let mut count = 0;
            for dy in -radius..=radius {
                let Some(dx) = root(square - dy * dy).filter(|dx| *dx <= radius) else { continue };
                for dx in if dx == 0 { [Some(0), None] } else { [Some(-dx), Some(dx)] }.into_iter().flatten() {
                    debug_assert!(count < offsets.len(), "a full group was put away");
                    if let Some(to) = offsets.get_mut(count) {
                        *to = dy * padding.stride() as i32 + dx;
                    }
                    count += 1;
                    if count == 8 {
                        put(&mut self.eights, &mut self.eight_squares, &mut eights, &offsets, square);
                        count = 0;
                    }
                }
            }
            debug_assert!(count == 0 || count == 4, "a radius has a multiple of four taps");
            if let (4, Some(offsets)) = (count, offsets.first_chunk()) {
                put(&mut self.fours, &mut self.four_squares, &mut fours, offsets, square);
            }
        }
    }

    /// dx² + dy² of each group; 0 past the last group.
    pub(crate) fn squares(&self) -> PerGroup<u32> {
        PerGroup { eights: self.eight_squares, fours: self.four_squares }
    }

    /// Groups of eight taps.
    pub(crate) fn eights(&self) -> &[[i32; 8]] {
        some(&self.eights, &self.eight_squares)
    }

    /// Groups of four taps.
    pub(crate) fn fours(&self) -> &[[i32; 4]] {
        some(&self.fours, &self.four_squares)
    }
}

/// The groups before the first whose radius is 0.
fn some<'a, T>(groups: &'a [T], squares: &[u32]) -> &'a [T] {
    let count = squares.iter().take_while(|square| **square > 0).count();
    groups.get(..count).unwrap_or_default()
}

/// The root of a square number; none of any other number.
fn root(square: i32) -> Option<i32> {
    let root = square.checked_isqrt()?;
    (root * root == square).then_some(root)
}

/// Appends a group and its radius squared.
fn put<const COUNT: usize>(
    groups: &mut [[i32; COUNT]],
    squares: &mut [u32],
    index: &mut usize,
    offsets: &[i32; COUNT],
    square: i32,
) {
    debug_assert!(*index < groups.len(), "EIGHTS and FOURS count the groups of the largest radius");
    if let (Some(group), Some(to)) = (groups.get_mut(*index), squares.get_mut(*index)) {
        (*group, *to) = (*offsets, square as u32);
    }
    *index += 1;
}
