//! The loop over pixels, compiled for each SIMD level.

use super::{CHUNK, ONE, Palette};
use crate::simd::{Lanes, Short};

/// Pixels at a time: their positions in the grid are found together, in vectors.
const BLOCK: usize = 16;

/// Writes one colour index per pixel, in the order of the palette's colours as given to the builder.
///
/// `thresholds` are 16-bit, one per pixel. All three slices have the same length.
#[inline(always)]
pub(in super::super) fn indices<V: Lanes>(
    token: V::Token,
    palette: &Palette<'_>,
    pixels: &[[u8; 3]],
    thresholds: &[u16],
    to: &mut [u8],
) {
    debug_assert!(pixels.len() == to.len() && thresholds.len() == to.len(), "callers check the lengths");
    let ((pixels, last_pixels), (thresholds, last_thresholds)) =
        (pixels.as_chunks::<BLOCK>(), thresholds.as_chunks::<BLOCK>());
    let (to, last_to) = to.as_chunks_mut::<BLOCK>();
    for ((pixels, thresholds), to) in pixels.iter().zip(thresholds).zip(to) {
        block::<V>(token, palette, pixels, thresholds, to);
    }
    if !last_to.is_empty() {
        let (mut pixels, mut thresholds, mut to) = ([[0; 3]; BLOCK], [0; BLOCK], [0; BLOCK]);
        for (pixel, from) in pixels.iter_mut().zip(last_pixels) {
            *pixel = *from;
        }
        for (threshold, from) in thresholds.iter_mut().zip(last_thresholds) {
            *threshold = *from;
        }
        block::<V>(token, palette, &pixels, &thresholds, &mut to);
        for (to, from) in last_to.iter_mut().zip(to) {
            *to = from;
        }
    }
}

/// Finds the colours of 16 pixels.
#[inline(always)]
fn block<V: Lanes>(
    token: V::Token,
    palette: &Palette<'_>,
    pixels: &[[u8; 3]; BLOCK],
    thresholds: &[u16; BLOCK],
    to: &mut [u8; BLOCK],
) {
    let mut channels = [[0; BLOCK]; 3];
    for i in 0..BLOCK {
        for channel in 0..3 {
            // in bounds for every code, so without a check; one load, as the words are neighbours
            let [node, fraction] = palette.axes[channel][usize::from(pixels[i][channel])];
            channels[channel][i] = u32::from(fraction) << 16 | u32::from(node);
        }
    }
    let cells = cells(&channels, palette);
    let mut limits = [0; BLOCK];
    for i in 0..BLOCK {
        // half a step above the threshold, so that no sum is equal; at most 2^30 − 2^14
        let threshold = u32::from(thresholds[i] >> 1);
        limits[i] = (min(threshold, u32::from(ONE) - 2) << 15 | 1 << 14) as i32;
    }
    let (order, nodes) = (palette.order, palette.nodes);
    let last = order.len() - 1;
    for i in 0..BLOCK {
        let cell =
            Cell { nodes: [cells.a[i], cells.b[i], cells.c[i], cells.d[i]], weights: [cells.ab[i], cells.cd[i]] };
        let index = if V::LEN == 1 {
            search(nodes, &cell, limits[i], last)
        } else if last <= CHUNK {
            // words after the last belong to another node
            (chunk::<V>(token, nodes, &cell, limits[i], 0) | 1 << last).trailing_zeros() as usize
        } else {
            scan::<V>(token, nodes, &cell, limits[i], last)
        };
        debug_assert!(index <= last, "one of the colours");
        // the order names indices below 64
        to[i] = match order.get(index) {
            Some(color) => *color as u8,
            None => 0,
        };
    }
}

/// A pixel's four nodes, and the weights of these.
struct Cell {
    /// First word of each.
    nodes: [u32; 4],
    /// Weights of two nodes each, i16 beside i16 in Q15, times −1: so 1.0 fits.
    weights: [u32; 2],
}

/// [`Cell`] for 16 pixels.
struct Cells {
    a: [u32; BLOCK],
    b: [u32; BLOCK],
    c: [u32; BLOCK],
    d: [u32; BLOCK],
    ab: [u32; BLOCK],
    cd: [u32; BLOCK],
}

/// Finds nodes and weights from the axes' records, fraction above node.
#[inline(always)]
fn cells(channels: &[[u32; BLOCK]; 3], palette: &Palette<'_>) -> Cells {
    const NODE: u32 = 0xffff;
    let [of_red, of_green, of_blue] = palette.steps;
    let (of_red, of_green, of_blue) = (u32::from(of_red), u32::from(of_green), u32::from(of_blue));
    let stride = palette.order.len() as u32 - 1;
    let all = of_red + of_green + of_blue;
    let [red, green, blue] = channels;
    let zero = [0; BLOCK];
    let mut cells = Cells { a: zero, b: zero, c: zero, d: zero, ab: zero, cd: zero };
    for i in 0..BLOCK {
        // the last node is 33³ − 1 < 2^16: no carry into the fractions, whose sum may wrap
        let a = red[i].wrapping_add(green[i]).wrapping_add(blue[i]) & NODE;
        // keys: the fraction, with the channel's step in place of the node
        let (r, g, b) = (red[i] & !NODE | of_red, green[i] & !NODE | of_green, blue[i] & !NODE | of_blue);
        let most = max(max(r, g), b);
        let least = min(min(r, g), b);
        let (f0, f2) = (most >> 16, least >> 16);
        let f1 = ((r >> 16) + (g >> 16) + (b >> 16)).wrapping_sub(f0 + f2);
        cells.a[i] = a.wrapping_mul(stride);
        cells.b[i] = (a + (most & NODE)).wrapping_mul(stride);
        cells.c[i] = (a + all - (least & NODE)).wrapping_mul(stride);
        cells.d[i] = (a + all).wrapping_mul(stride);
        cells.ab[i] = f0.wrapping_sub(ONE as u32) & 0xffff | f1.wrapping_sub(f0) << 16;
        cells.cd[i] = f2.wrapping_sub(f1) & 0xffff | 0_u32.wrapping_sub(f2) << 16;
    }
    cells
}

/// The larger, without a closure that would not be inlined.
#[inline(always)]
fn max(a: u32, b: u32) -> u32 {
    if a > b { a } else { b }
}

/// The smaller.
#[inline(always)]
fn min(a: u32, b: u32) -> u32 {
    if a < b { a } else { b }
}

/// Returns a bit for each of eight colours from `first` on: whether its sum exceeds the limit.
#[inline(always)]
fn chunk<V: Lanes>(token: V::Token, nodes: &[u16], cell: &Cell, limit: i32, first: usize) -> u32 {
    let [a, b, c, d] = cell.nodes;
    if let Some(a) = eight(nodes, a as usize + first)
        && let Some(b) = eight(nodes, b as usize + first)
        && let Some(c) = eight(nodes, c as usize + first)
        && let Some(d) = eight(nodes, d as usize + first)
    {
        <V::Short as Short>::below_zero(token, [a, b, c, d], cell.weights, limit)
    } else {
        debug_assert!(false, "Palette::new checks the axes and the length");
        0
    }
}

#[inline(always)]
fn eight(nodes: &[u16], from: usize) -> Option<&[u16; CHUNK]> {
    match nodes.get(from..from + CHUNK) {
        Some(words) => words.first_chunk(),
        None => None,
    }
}

/// The least index whose sum exceeds the limit, `last` if none does. Sums never fall from a colour to the next.
#[inline(always)]
fn scan<V: Lanes>(token: V::Token, nodes: &[u16], cell: &Cell, limit: i32, last: usize) -> usize {
    let mut first = 0;
    while first < last {
        let above = chunk::<V>(token, nodes, cell, limit, first);
        if above != 0 {
            let index = first + above.trailing_zeros() as usize;
            // words after the last belong to another node
            return if index < last { index } else { last };
        }
        first += CHUNK;
    }
    last
}

/// As [`scan`], one colour at a time, by halves.
#[inline(always)]
fn search(nodes: &[u16], cell: &Cell, limit: i32, last: usize) -> usize {
    let (mut from, mut to) = (0, last);
    while from < to {
        let middle = (from + to) / 2;
        let mut sum = limit;
        for node in 0..4 {
            let index = cell.nodes[node] as usize + middle;
            debug_assert!(index < nodes.len(), "Palette::new checks the axes");
            let share = match nodes.get(index) {
                Some(share) => i32::from(*share as i16),
                None => 0,
            };
            sum += share * i32::from((cell.weights[node / 2] >> (16 * (node & 1))) as i16);
        }
        if sum < 0 {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    from
}
