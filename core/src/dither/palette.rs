//! Dithers RGB to the colours of a palette, from 2 to 64, by a table of mixtures.
//!
//! A palette is one table of 16-bit words. It holds, for a grid of input colours, which share of the pixels takes each palette colour.
//! Between grid nodes the shares are interpolated in linear light, so mixtures keep the mean colour wherever the palette can mix it. Rows
//! stand alone: no error runs from a pixel to the next, and a part of a picture that is dithered again gets the same pixels.
//!
//! The palette's colours are ordered by luminance, so a threshold of the mask that rises picks lighter and lighter colours:
//!
//! ```text
//! C_j   node: min(round(2^15·(w_0 + … + w_j)), 32767)     w: shares of the colours in order of luminance, j = 0 … N − 2
//! axis  for each of 256 codes of a channel: node below it, and the fraction f in light to the node above, 0 … 2^15
//! f0 ≥ f1 ≥ f2   the three channels' fractions, sorted; s0, s1, s2 their channels' steps to the next node
//! A; B = A + s0; C = B + s1; D = C + s2                                        four nodes around the colour (tetrahedral)
//! T15   = min(T >> 1, 32766)                              T: the mask's 16-bit threshold, floor((2·rank + 1)·2^15/n)
//! index = #{j: 2^15·T15 + 2^14 ≥ A_j·(2^15 − f0) + B_j·(f0 − f1) + C_j·(f1 − f2) + D_j·f2}
//! ```
//!
//! - All of it is exact in integers: every SIMD level and target gives the same colour for every pixel.
//! - A palette colour of the input falls on a node that holds this colour alone: it has no dots. (Where a channel has more own codes than
//!   nodes, the closest codes share a node; two colours that share all three would be one.)
//! - Memory: the table, 2·(N − 1)·G³ + 3 KiB bytes for G nodes an axis. 6 colours: 10 KiB (G = 9), 51 KiB (17). 16 colours: 147 KiB (17).
//!
#![cfg_attr(feature = "palette", doc = "[`build()`] makes the table; a firmware may hold one as a constant array.")]
#![cfg_attr(
    not(feature = "palette"),
    doc = "The feature `palette` has the builder of tables; a firmware may hold one as a constant array."
)]
//!
//! Source: tetrahedral interpolation: Kasson, Nin, Plouffe, Hafner, "Performing color space conversions with three-dimensional linear
//! interpolation" (1995); a threshold against cumulative shares: Yliluoma, "Arbitrary-palette positional dithering algorithm" (2011).

#[cfg(feature = "palette")]
mod build;
mod kernel;
#[cfg(feature = "palette")]
pub mod named;

#[cfg(feature = "palette")]
pub use build::{Fit, PaletteConfig, build, oklab};

use crate::error::{Error, length};
pub(super) use kernel::indices;

/// The most colours of a palette; the fewest is 2.
pub const MOST_COLORS: usize = 64;

/// First word of every table: the format of this version.
const FORMAT: u16 = 0x5031;

/// Words before the axes: format, colours, nodes an axis, 0.
const HEADER: usize = 4;

/// Words of the axes: {node, fraction} for each code of each channel.
const AXES: usize = 3 * 256 * 2;

/// Words of a node that the kernel loads at a time. It may read past the last node, so this many less one are there.
const CHUNK: usize = 8;

/// 1.0 of a fraction and of a share, Q15.
const ONE: u16 = 1 << 15;

/// Checks the number of colours: 2 to 64.
const fn check_colors(colors: usize) -> Result<(), Error> {
    // a slice of more than 2^32 colours is as wrong as one of 2^32 − 1
    let got = if colors > u32::MAX as usize { u32::MAX } else { colors as u32 };
    if colors < 2 || colors > MOST_COLORS { Err(Error::Colors { got }) } else { Ok(()) }
}

/// Returns the number of 16-bit words of a table: 2 to 64 colours, 9, 17 or 33 nodes an axis.
///
/// ```text
/// 4 + 1536 + N + (N − 1)·G³ + 7
/// ```
///
/// # Errors
/// [`Error::Colors`], [`Error::Nodes`].
pub const fn words(colors: usize, nodes: u32) -> Result<usize, Error> {
    if let Err(error) = check_colors(colors) {
        return Err(error);
    }
    if !matches!(nodes, 9 | 17 | 33) {
        return Err(Error::Nodes { got: nodes });
    }
    Ok(HEADER + AXES + colors + (colors - 1) * nodes.pow(3) as usize + CHUNK - 1)
}

/// View of a checked table of a palette. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Palette<'t> {
    /// For each channel and code: first node of the cell, red and green in steps of their channel, and the fraction in light.
    axes: &'t [[[u16; 2]; 256]; 3],
    /// Index in the user's order of each colour, by luminance.
    order: &'t [u16],
    /// Cumulative shares, and [`CHUNK`] − 1 words that are loaded and not used.
    nodes: &'t [u16],
    /// Nodes from one to the next along each channel.
    steps: [u16; 3],
}

impl<'t> Palette<'t> {
    /// Checks a table, word by word.
    ///
    /// The table may have been damaged or made by hand: one that passes leads to no wrong index.
    ///
    /// # Errors
    /// [`Error::PaletteTable`], [`Error::Length`] unless the table is as long as its header says.
    pub fn new(table: &'t [u16]) -> Result<Self, Error> {
        let [FORMAT, colors, side, 0, rest @ ..] = table else {
            return Err(Error::PaletteTable("its header is not one of this version"));
        };
        let (colors, side) = (usize::from(*colors), *side);
        let Ok(needed) = words(colors, side.into()) else {
            return Err(Error::PaletteTable("its header is not one of this version"));
        };
        length("table of a palette", needed, table.len())?;
        let parts = rest.split_at_checked(AXES).and_then(|(axes, rest)| Some((axes, rest.split_at_checked(colors)?)));
        let axes = parts.and_then(|(axes, _)| axes.as_chunks::<2>().0.as_chunks::<256>().0.first_chunk::<3>());
        let (Some((_, (order, nodes))), Some(axes)) = (parts, axes) else {
            debug_assert!(false, "the length is the sum of the parts");
            return Err(Error::PaletteTable("it is too short"));
        };
        let steps = [side * side, side, 1];
        debug_assert!(steps.iter().all(|step| *step > 0) && colors > 1, "`words` checks both numbers");
        for (axis, step) in axes.iter().zip(steps.map(|step| step.max(1))) {
            if axis.iter().any(|[node, fraction]| node % step != 0 || node / step > side - 2 || *fraction > ONE) {
                return Err(Error::PaletteTable("a code lies outside its axis"));
            }
        }
        // colours is at most 64, and so is every index
        let mut seen = 0_u64;
        for index in order {
            seen |= if usize::from(*index) < colors { 1 << index } else { 0 };
        }
        if seen != u64::MAX >> (MOST_COLORS - colors) {
            return Err(Error::PaletteTable("the order names a colour twice"));
        }
        // not `is_sorted`, which has a panic path
        let falls = |node: &[u16]| node.iter().zip(node.iter().skip(1)).any(|(share, next)| share > next);
        let wrong = |node: &[u16]| falls(node) || node.last().is_some_and(|share| *share >= ONE);
        let shares = nodes.get(..nodes.len() - (CHUNK - 1)).unwrap_or_default();
        if shares.chunks_exact((colors - 1).max(1)).any(wrong) {
            return Err(Error::PaletteTable("shares fall, or exceed 32767"));
        }
        Ok(Self { axes, order, nodes, steps })
    }

    /// Returns the number of colours, 2 to 64.
    #[must_use]
    pub const fn colors(&self) -> usize {
        self.order.len()
    }
}
