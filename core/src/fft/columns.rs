//! Column transforms: from the image into column tiles and back, 16 packed columns at a time.

use super::Plan;
use super::axis::{Pass, Radix};
use super::butterfly::{ComplexLanes, Dft, Eight, Four, radix_step};
use super::passes::{inner_passes, outer_pass, pass_twiddles, split_parts};
use crate::jobs::Strip;
use crate::shape::Shape;
use crate::simd::{LANES, Lanes, Row};
use bytemuck::Zeroable;

/// Offsets of a tile's columns in an image, in units of 16 pixels.
#[derive(Clone, Copy)]
struct ColumnOffsets {
    /// Stride of the image's rows.
    stride: usize,
    /// Columns that are real parts, in row 0.
    re: usize,
    /// Columns that are imaginary parts, in row 0.
    im: usize,
}

impl ColumnOffsets {
    #[inline(always)]
    fn new(plan: &Plan<'_>, tile: usize) -> Self {
        let stride = plan.shape.width as usize / LANES;
        Self { stride, re: tile, im: tile + stride / 2 }
    }
}

/// Transforms a group of column tiles of the image into `scratch`: H rows per tile, in digit-reversed order.
///
/// The first pass reads the image itself.
#[inline(always)]
pub(super) fn image_to_columns<V: Lanes>(
    token: V::Token,
    plan: &Plan<'_>,
    image: &[f32],
    group: usize,
    scratch: &mut [Row],
) {
    let (image, _) = image.as_chunks::<LANES>();
    debug_assert!(!plan.columns.passes.is_empty(), "the shortest axis, of 16, has two passes");
    let Some(pass) = plan.columns.passes.first() else { return };
    if plan.shape.width as usize == LANES {
        for (row, pixels) in scratch.iter_mut().zip(image) {
            *row = pack_narrow(pixels);
        }
        outer_pass::<V, false>(token, &plan.columns, scratch);
    } else {
        let offsets = ColumnOffsets::new(plan, group * plan.shape.column_group());
        match pass.radix {
            Radix::Four => first_pass::<V, Four, 4, 6>(token, plan, pass, image, offsets, scratch),
            Radix::Eight => first_pass::<V, Eight, 8, 14>(token, plan, pass, image, offsets, scratch),
        }
    }
    for tile in scratch.chunks_exact_mut(plan.column_rows()) {
        inner_passes::<V, false>(token, &plan.columns, tile);
    }
}

/// Transforms a group of column tiles back into the image: the inverse of [`image_to_columns`], unscaled.
///
/// The last pass writes the image. `image` has rows of W/2 pixels, two per image row, of each the group's columns.
#[inline(always)]
pub(super) fn columns_to_image<V: Lanes>(
    token: V::Token,
    plan: &Plan<'_>,
    scratch: &mut [Row],
    image: &mut Strip<'_, f32>,
) {
    debug_assert!(!plan.columns.passes.is_empty(), "the shortest axis, of 16, has two passes");
    let Some(pass) = plan.columns.passes.first() else { return };
    for tile in scratch.chunks_exact_mut(plan.column_rows()) {
        inner_passes::<V, true>(token, &plan.columns, tile);
    }
    if plan.shape.width as usize == LANES {
        outer_pass::<V, true>(token, &plan.columns, scratch);
        for (y, row) in scratch.iter().enumerate() {
            let (re, im) = image.pair(2 * y);
            unpack_narrow(row, re, im);
        }
    } else {
        match pass.radix {
            Radix::Four => last_pass::<V, Four, 4, 6>(token, plan, pass, scratch, image),
            Radix::Eight => last_pass::<V, Eight, 8, 14>(token, plan, pass, scratch, image),
        }
    }
}

/// Packs a row of an image 16 pixels wide into 8 columns; the upper 8 lanes stay 0.
fn pack_narrow(pixels: &[f32; LANES]) -> Row {
    let mut row = Row::zeroed();
    let (re, im) = pixels.split_at(LANES / 2);
    row.re[..LANES / 2].copy_from_slice(re);
    row.im[..LANES / 2].copy_from_slice(im);
    row
}

/// Unpacks a row: the inverse of [`pack_narrow`].
fn unpack_narrow(row: &Row, re: &mut [f32], im: &mut [f32]) {
    for (to, from) in re.iter_mut().zip(&row.re).chain(im.iter_mut().zip(&row.im)) {
        *to = *from;
    }
}

/// Runs the first forward pass, from the image to the tiles of a group.
#[inline(always)]
fn first_pass<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize>(
    token: V::Token,
    plan: &Plan<'_>,
    pass: &Pass,
    image: &[[f32; LANES]],
    offsets: ColumnOffsets,
    tiles: &mut [Row],
) {
    let part = pass.part();
    let twiddles = pass_twiddles::<T>(&plan.columns, pass);
    let group = plan.shape.column_group();
    let mut tiles = group_parts::<R>(plan, tiles, part);
    debug_assert!(twiddles.len() >= part, "a pass with a part of several rows has twiddles for each");
    debug_assert!(image.len() == plan.shape.pixels() / LANES, "Plan::fits");
    for j in 0..part {
        let Some(twiddle) = twiddles.get(j) else { return };
        for (tile, parts) in tiles.iter_mut().enumerate().take(group) {
            for chunk in 0..V::chunks() {
                let mut x = [ComplexLanes { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
                for q in 0..R {
                    let row = (q * part + j) * offsets.stride + tile;
                    let Some(re) = image.get(row + offsets.re) else { return };
                    let Some(im) = image.get(row + offsets.im) else { return };
                    x[q] = ComplexLanes { re: V::load(token, re, chunk), im: V::load(token, im, chunk) };
                }
                let y = radix_step::<V, D, R, T, false>(token, x, twiddle, j);
                for q in 0..R {
                    let Some(row) = parts[q].get_mut(j) else { return };
                    y[q].store::<false>(row, chunk);
                }
            }
        }
    }
}

/// Splits each tile of a group into its `R` parts; in a group of one the second tile is empty.
#[inline(always)]
fn group_parts<'a, const R: usize>(
    plan: &Plan<'_>,
    tiles: &'a mut [Row],
    part: usize,
) -> [[&'a mut [Row]; R]; Shape::MAX_COLUMN_GROUP] {
    debug_assert!(tiles.len() >= plan.shape.column_group() * plan.column_rows(), "a slot of the work space is a group");
    let mut tiles = tiles.chunks_exact_mut(plan.column_rows());
    core::array::from_fn(|_| split_parts::<R>(tiles.next().unwrap_or_default(), part))
}

/// Runs the last inverse pass, from the tiles of a group to the image.
#[inline(always)]
fn last_pass<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize>(
    token: V::Token,
    plan: &Plan<'_>,
    pass: &Pass,
    tiles: &mut [Row],
    image: &mut Strip<'_, f32>,
) {
    let part = pass.part();
    let twiddles = pass_twiddles::<T>(&plan.columns, pass);
    let group = plan.shape.column_group();
    let tiles = group_parts::<R>(plan, tiles, part);
    debug_assert!(twiddles.len() >= part, "a pass with a part of several rows has twiddles for each");
    for j in 0..part {
        let Some(twiddle) = twiddles.get(j) else { return };
        for (tile, parts) in tiles.iter().enumerate().take(group) {
            for chunk in 0..V::chunks() {
                let mut x = [ComplexLanes { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
                for q in 0..R {
                    let Some(row) = parts[q].get(j) else { return };
                    x[q] = ComplexLanes::load::<true>(token, row, chunk);
                }
                let y = radix_step::<V, D, R, T, true>(token, x, twiddle, j);
                for q in 0..R {
                    let (re, im) = image.pair(2 * (q * part + j));
                    debug_assert!(
                        re.len() > tile * LANES && im.len() > tile * LANES,
                        "the strip has the group's tiles"
                    );
                    let (Some(re), Some(im)) =
                        (re.as_chunks_mut::<LANES>().0.get_mut(tile), im.as_chunks_mut::<LANES>().0.get_mut(tile))
                    else {
                        return;
                    };
                    // real and imaginary part are swapped back: see `ComplexLanes::load`
                    y[q].im.store(re, chunk);
                    y[q].re.store(im, chunk);
                }
            }
        }
    }
}
