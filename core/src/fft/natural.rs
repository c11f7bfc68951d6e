//! The half spectrum in natural order, as `numpy.fft.rfft2` has it: for tests and benches.

use super::nyquist::{entangle_bin, untangled};
use super::{Plan, length};
use crate::error::Error;
use crate::shape::Shape;
use crate::simd::{LANES, Row, SimdLevel};
use bytemuck::{Pod, Zeroable};

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Complex {
    /// Real part.
    pub re: f32,
    /// Imaginary part.
    pub im: f32,
}

/// Number of bins of the half spectrum: H rows of W/2 + 1.
#[must_use]
pub const fn natural_len(shape: Shape) -> usize {
    shape.height as usize * (shape.width as usize / 2 + 1)
}

/// Computes the half spectrum of an image, unnormalised, as `numpy.fft.rfft2`.
///
/// `X[v][u] = Σ x[y][c]·exp(−2πi(u·c/W + v·y/H))` for v = 0 … H − 1 and u = 0 … W/2. `image` has W·H elements, `to` has [`natural_len`], `spectrum` and `scratch` are work space ([`Plan::row_lens`]).
///
/// # Errors
/// [`Error::Length`].
pub fn rfft2(
    plan: &Plan<'_>,
    level: SimdLevel,
    image: &[f32],
    to: &mut [Complex],
    spectrum: &mut [Row],
    scratch: &mut [Row],
) -> Result<(), Error> {
    check(plan, image.len(), to.len(), spectrum, scratch)?;
    plan.forward(level, image, spectrum, scratch);
    let (width, height) = (plan.shape.width as usize, plan.shape.height as usize);
    for (v, row) in to.chunks_exact_mut(width / 2 + 1).enumerate() {
        for (u, value) in row.iter_mut().enumerate() {
            // rows above H/2 are conjugates of their mirror image
            let (k, l, sign) = if v <= height / 2 { (v, u, 0.5) } else { (height - v, (width - u) % width, -0.5) };
            // no assertion: rows come from the caller's tables
            let (index, mirrored) = (plan.rows.row(l), plan.rows.mirrored(l));
            let lane0 = spectrum.get(index).zip(spectrum.get(mirrored)).map(|(z, m)| untangled(z, m));
            let (zero, nyquist) = lane0.unwrap_or_default();
            let [re, im] = if k == 0 {
                zero
            } else if k == height / 2 {
                nyquist
            } else {
                let row = spectrum.get(k / LANES * width + index);
                row.map_or([0.0; 2], |row| [row.re[k % LANES], row.im[k % LANES]])
            };
            *value = Complex { re: 0.5 * re, im: sign * im };
        }
    }
    Ok(())
}

/// Computes the image of a half spectrum, scaled by 1/(W·H), as `numpy.fft.irfft2`.
///
/// Of each pair of conjugate bins it reads one. Buffers as in [`rfft2`].
///
/// # Errors
/// [`Error::Length`].
pub fn irfft2(
    plan: &Plan<'_>,
    level: SimdLevel,
    from: &[Complex],
    image: &mut [f32],
    spectrum: &mut [Row],
    scratch: &mut [Row],
) -> Result<(), Error> {
    check(plan, image.len(), from.len(), spectrum, scratch)?;
    let (width, height) = (plan.shape.width as usize, plan.shape.height as usize);
    let at = |k: usize, l: usize| {
        let (v, u, sign) = if l <= width / 2 { (k, l, 1.0) } else { ((height - k) % height, width - l, -1.0) };
        debug_assert!(v * (width / 2 + 1) + u < from.len(), "check: the half spectrum of the shape");
        let value = from.get(v * (width / 2 + 1) + u).copied().unwrap_or_default();
        [value.re, sign * value.im]
    };
    for (i, row) in spectrum.iter_mut().enumerate() {
        let l = plan.rows.frequency(i % width);
        for lane in 0..LANES {
            let k = i / width * LANES + lane;
            [row.re[lane], row.im[lane]] = if k < height / 2 { at(k, l) } else { [0.0; 2] };
        }
    }
    for index in 0..width {
        let l = plan.rows.frequency(index);
        if let Some(row) = spectrum.get_mut(index) {
            entangle_bin(row, at(height / 2, l));
        }
    }
    plan.inverse(level, spectrum, image, scratch);
    let scale = 1.0 / plan.shape.pixels() as f32;
    for value in image.iter_mut() {
        *value *= scale;
    }
    Ok(())
}

fn check(plan: &Plan<'_>, image: usize, natural: usize, spectrum: &[Row], scratch: &[Row]) -> Result<(), Error> {
    let (spectrum_len, scratch_len) = Plan::row_lens(plan.shape);
    length("image", plan.shape.pixels(), image)?;
    length("half spectrum", natural_len(plan.shape), natural)?;
    length("spectrum", spectrum_len, spectrum.len())?;
    length("scratch", scratch_len, scratch.len())
}
