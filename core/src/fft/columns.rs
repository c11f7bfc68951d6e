//! Column tiles: from the image into a tile and back, 16 packed columns at a time.

use super::Plan;
use super::axis::{Pass, Radix};
use super::butterfly::{Complex, Dft, Eight, Four};
use super::passes::{first, pass_twiddles, rest, split, turned};
use crate::jobs::Strip;
use crate::shape::Shape;
use crate::simd::{LANES, Lanes, Row};
use bytemuck::Zeroable;

/// Where in an image the columns of a tile lie, in units of 16 pixels.
#[derive(Clone, Copy)]
struct Place {
    /// From one image row to the next.
    row: usize,
    /// The first of the 16 real parts in row 0.
    re: usize,
    /// The first of the 16 imaginary parts in row 0.
    im: usize,
}

impl Place {
    #[inline(always)]
    fn new(plan: &Plan<'_>, tile: usize) -> Self {
        let row = plan.shape.width as usize / LANES;
        Self { row, re: tile, im: tile + row / 2 }
    }
}

/// Forward transform of a group of tiles, of 16 packed columns of the image each, into `scratch` (H rows a tile, digit-reversed).
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
            *row = narrow(pixels);
        }
        first::<V, false>(token, &plan.columns, scratch);
    } else {
        let place = Place::new(plan, group * plan.shape.column_group());
        match pass.radix {
            Radix::Four => first_pass::<V, Four, 4, 6>(token, plan, pass, image, place, scratch),
            Radix::Eight => first_pass::<V, Eight, 8, 14>(token, plan, pass, image, place, scratch),
        }
    }
    for tile in scratch.chunks_exact_mut(plan.column_rows()) {
        rest::<V, false>(token, &plan.columns, tile);
    }
}

/// The inverse of [`image_to_columns`], unscaled; the last pass writes the image, of which it has rows of W/2 pixels: the
/// group's of each, two for each row.
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
        rest::<V, true>(token, &plan.columns, tile);
    }
    if plan.shape.width as usize == LANES {
        first::<V, true>(token, &plan.columns, scratch);
        for (y, row) in scratch.iter().enumerate() {
            let (re, im) = image.pair(2 * y);
            widen(row, re, im);
        }
    } else {
        match pass.radix {
            Radix::Four => final_pass::<V, Four, 4, 6>(token, plan, pass, scratch, image),
            Radix::Eight => final_pass::<V, Eight, 8, 14>(token, plan, pass, scratch, image),
        }
    }
}

/// 16 pixels of an image 16 wide as 8 packed columns; the upper lanes stay idle.
fn narrow(pixels: &[f32; LANES]) -> Row {
    let mut row = Row::zeroed();
    let (re, im) = pixels.split_at(LANES / 2);
    row.re[..LANES / 2].copy_from_slice(re);
    row.im[..LANES / 2].copy_from_slice(im);
    row
}

/// The inverse of [`narrow`].
fn widen(row: &Row, re: &mut [f32], im: &mut [f32]) {
    for (to, from) in re.iter_mut().zip(&row.re).chain(im.iter_mut().zip(&row.im)) {
        *to = *from;
    }
}

/// The first forward pass: from the image to the tile.
#[inline(always)]
fn first_pass<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize>(
    token: V::Token,
    plan: &Plan<'_>,
    pass: &Pass,
    image: &[[f32; LANES]],
    place: Place,
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
                let mut x = [Complex { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
                for q in 0..R {
                    let row = (q * part + j) * place.row + tile;
                    let Some(re) = image.get(row + place.re) else { return };
                    let Some(im) = image.get(row + place.im) else { return };
                    x[q] = Complex { re: V::load(token, re, chunk), im: V::load(token, im, chunk) };
                }
                let y = turned::<V, D, R, T, false>(token, x, twiddle, j);
                for q in 0..R {
                    let Some(row) = parts[q].get_mut(j) else { return };
                    y[q].store::<false>(row, chunk);
                }
            }
        }
    }
}

/// The tiles of a group, each as its `R` parts; the second has no rows if there is but one.
#[inline(always)]
fn group_parts<'a, const R: usize>(
    plan: &Plan<'_>,
    tiles: &'a mut [Row],
    part: usize,
) -> [[&'a mut [Row]; R]; Shape::MAX_COLUMN_GROUP] {
    debug_assert!(tiles.len() >= plan.shape.column_group() * plan.column_rows(), "a slot of the work space is a group");
    let mut tiles = tiles.chunks_exact_mut(plan.column_rows());
    core::array::from_fn(|_| split::<R>(tiles.next().unwrap_or_default(), part))
}

/// The last inverse pass: from the tile to the image.
#[inline(always)]
fn final_pass<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize>(
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
                let mut x = [Complex { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
                for q in 0..R {
                    let Some(row) = parts[q].get(j) else { return };
                    x[q] = Complex::load::<true>(token, row, chunk);
                }
                let y = turned::<V, D, R, T, true>(token, x, twiddle, j);
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
                    // swapped back: see `Complex::load`
                    y[q].im.store(re, chunk);
                    y[q].re.store(im, chunk);
                }
            }
        }
    }
}
