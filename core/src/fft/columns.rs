//! Column tiles: from the image into a tile and back, 16 packed columns at a time.

use super::Plan;
use super::axis::{Pass, Radix};
use super::butterfly::{Complex, Dft, Eight, Four};
use super::passes::{pass_over, pass_twiddles, rest_forward, rest_inverse, split, turned};
use crate::jobs::Strip;
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

/// Forward transform of 16 packed columns of the image into `scratch` (H rows, digit-reversed). The first pass reads the
/// image itself.
#[inline(always)]
pub(super) fn image_to_columns<V: Lanes>(
    token: V::Token,
    plan: &Plan<'_>,
    image: &[f32],
    tile: usize,
    scratch: &mut [Row],
) {
    let (image, _) = image.as_chunks::<LANES>();
    let passes = plan.columns.axis.passes();
    let Some(first) = passes.first() else { return };
    if plan.shape.width as usize == LANES {
        for (row, pixels) in scratch.iter_mut().zip(image) {
            *row = narrow(pixels);
        }
        pass_over::<V, false>(token, &plan.columns, first, scratch);
    } else {
        let place = Place::new(plan, tile);
        match first.radix {
            Radix::Four => first_pass::<V, Four, 4, 6>(token, plan, first, image, place, scratch),
            Radix::Eight => first_pass::<V, Eight, 8, 14>(token, plan, first, image, place, scratch),
        }
    }
    rest_forward::<V>(token, &plan.columns, scratch);
}

/// The inverse of [`image_to_columns`], unscaled; the last pass writes the image, of which it has rows of W/2 pixels: 16 of each,
/// two for each row.
#[inline(always)]
pub(super) fn columns_to_image<V: Lanes>(
    token: V::Token,
    plan: &Plan<'_>,
    scratch: &mut [Row],
    image: &mut Strip<'_, f32>,
) {
    let passes = plan.columns.axis.passes();
    let Some(first) = passes.first() else { return };
    rest_inverse::<V>(token, &plan.columns, scratch);
    if plan.shape.width as usize == LANES {
        pass_over::<V, true>(token, &plan.columns, first, scratch);
        for (y, row) in scratch.iter().enumerate() {
            let (re, im) = image.pair(2 * y);
            widen(row, re, im);
        }
    } else {
        match first.radix {
            Radix::Four => final_pass::<V, Four, 4, 6>(token, plan, first, scratch, image),
            Radix::Eight => final_pass::<V, Eight, 8, 14>(token, plan, first, scratch, image),
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
    tile: &mut [Row],
) {
    let part = pass.part();
    let twiddles = pass_twiddles::<T>(&plan.columns, pass);
    let parts = split::<R>(tile, part);
    for j in 0..part {
        let Some(twiddle) = twiddles.get(j) else { return };
        for chunk in 0..V::CHUNKS {
            let mut x = [Complex { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
            for q in 0..R {
                let row = (q * part + j) * place.row;
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

/// The last inverse pass: from the tile to the image.
#[inline(always)]
fn final_pass<V: Lanes, D: Dft<R, T>, const R: usize, const T: usize>(
    token: V::Token,
    plan: &Plan<'_>,
    pass: &Pass,
    tile: &mut [Row],
    image: &mut Strip<'_, f32>,
) {
    let part = pass.part();
    let twiddles = pass_twiddles::<T>(&plan.columns, pass);
    let parts = split::<R>(tile, part);
    for j in 0..part {
        let Some(twiddle) = twiddles.get(j) else { return };
        for chunk in 0..V::CHUNKS {
            let mut x = [Complex { re: V::splat(token, 0.0), im: V::splat(token, 0.0) }; R];
            for q in 0..R {
                let Some(row) = parts[q].get(j) else { return };
                x[q] = Complex::load::<true>(token, row, chunk);
            }
            let y = turned::<V, D, R, T, true>(token, x, twiddle, j);
            for q in 0..R {
                let (re, im) = image.pair(2 * (q * part + j));
                let (Some(re), Some(im)) = (re.first_chunk_mut(), im.first_chunk_mut()) else { return };
                // swapped back: see `Complex::load`
                y[q].im.store(re, chunk);
                y[q].re.store(im, chunk);
            }
        }
    }
}
