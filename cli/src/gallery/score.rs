//! How far a dithered picture is from its picture, to an eye that blurs.
//!
//! Both pictures are blurred in linear light by a Gaussian of σ pixels, cut off at 4σ; beyond the borders the pictures are mirrored.
//!
//! - PSNR: `−10·log10` of the mean square, over pixels and channels, of the difference in light, where white is 1.
//! - `OKLab` error: 100 times the mean, over pixels, of the distance in `OKLab` (B. Ottosson, 2020).
//!
//! Their counter-scores, without a blur:
//!
//! - Structure: the largest bin of the spectrum of the error in luminance, its mean taken off, in units of the mean bin. A lattice that the eye sees
//!   needs no large error.
//! - Spread: how many pixels change when one pixel of the picture does, that pixel left out.

use super::masks::{Masks, Method};
use super::output::{How, LUMINANCE, Output, light_of};
use super::source::Source;
use crate::failure::Result;
use bluegrad::dither::palette::oklab;
use bluegrad::{Shape, measure};

/// Standard deviations of the blurs, in pixels.
pub(super) const SIGMAS: [f64; 3] = [1.0, 1.5, 3.0];

/// Figures of a dithered picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Score {
    /// In dB, by [`SIGMAS`]; higher is better.
    pub(super) psnr: [f64; 3],
    /// Times 100, by [`SIGMAS`].
    pub(super) oklab: [f64; 3],
    /// Not a number without an error.
    pub(super) structure: f64,
    /// Number of pixels.
    pub(super) spread: usize,
}

/// What an output is to look like.
pub(super) struct Judge<'o> {
    shape: Shape,
    output: &'o Output<'o>,
    /// Light of each channel.
    planes: Vec<Vec<f64>>,
    /// Light of each channel, by [`SIGMAS`].
    blurred: [Vec<Vec<f64>>; 3],
}

impl<'o> Judge<'o> {
    pub(super) fn new(source: &Source, output: &'o Output<'o>) -> Self {
        let planes = output.wanted(source);
        let width = source.shape.width as usize;
        let blurred = SIGMAS.map(|sigma| planes.iter().map(|plane| blur(plane, width, sigma)).collect());
        Self { shape: source.shape, output, planes, blurred }
    }

    /// Judges indices into the colours of an output.
    pub(super) fn score(&self, indices: &[u8], spread: usize) -> Result<Score> {
        let light = |channel: usize| {
            let values: Vec<f64> = self.output.colors.iter().map(|color| light_of(color[channel])).collect();
            indices.iter().map(|index| values[usize::from(*index)]).collect()
        };
        let planes: Vec<Vec<f64>> = (0..self.planes.len()).map(light).collect();
        let width = self.shape.width as usize;
        let (mut psnr, mut oklab) = ([0.0; 3], [0.0; 3]);
        for (i, (sigma, wanted)) in SIGMAS.into_iter().zip(&self.blurred).enumerate() {
            let got: Vec<Vec<f64>> = planes.iter().map(|plane| blur(plane, width, sigma)).collect();
            let squares = got.iter().zip(wanted).flat_map(|(a, b)| a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)));
            psnr[i] = -10.0 * (squares.sum::<f64>() / (got.len() * indices.len()) as f64).log10();
            let distances = (0..indices.len()).map(|pixel| {
                let [a, b] = [lab(&got, pixel), lab(wanted, pixel)];
                a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
            });
            oklab[i] = 100.0 * distances.sum::<f64>() / indices.len() as f64;
        }
        Ok(Score { psnr, oklab, structure: self.structure(&planes)?, spread })
    }

    fn structure(&self, planes: &[Vec<f64>]) -> Result<f64> {
        let luminance = |planes: &[Vec<f64>], pixel: usize| match planes {
            [grey] => grey[pixel],
            _ => planes.iter().zip(LUMINANCE).map(|(plane, weight)| weight * plane[pixel]).sum(),
        };
        let shape = self.shape;
        let error = (0..shape.pixels()).map(|pixel| (luminance(planes, pixel) - luminance(&self.planes, pixel)) as f32);
        let error: Vec<f32> = error.collect();
        if error.iter().all(|value| *value == error[0]) {
            return Ok(f64::NAN);
        }
        let mut power = vec![0.0; measure::power_len(shape)];
        let mut scratch = vec![0.0; measure::scratch_len(shape)?];
        // Relative to white noise of the same variance, so the mean bin is 1.
        measure::power_spectrum(&error, shape, &mut power, &mut scratch)?;
        Ok(power[1..].iter().copied().fold(0.0, f64::max))
    }
}

/// Returns how many other pixels change when the middle of the first row does.
pub(super) fn spread(
    source: &Source,
    before: &[u8],
    output: &Output<'_>,
    method: Method,
    masks: &Masks,
    how: How,
) -> Result<usize> {
    let middle = source.shape.width as usize / 2;
    let mut changed = Source { name: String::new(), codes: source.codes.clone(), ..*source };
    for code in &mut changed.codes[middle * source.channels..][..source.channels] {
        *code = if *code < 32768 { 65535 } else { 0 };
    }
    let after = output.dither(&changed, method, masks, how)?;
    Ok((0..before.len()).filter(|pixel| *pixel != middle && before[*pixel] != after[*pixel]).count())
}

/// Returns the `OKLab` coordinates of a pixel of linear sRGB.
fn lab(planes: &[Vec<f64>], pixel: usize) -> [f64; 3] {
    match planes {
        [r, g, b] => oklab(&[r[pixel], g[pixel], b[pixel]]),
        _ => oklab(&[planes[0][pixel]; 3]),
    }
}

/// Blurs a plane by a Gaussian, cut off at 4σ; beyond the borders the plane is mirrored.
fn blur(plane: &[f64], width: usize, sigma: f64) -> Vec<f64> {
    let radius = (4.0 * sigma).ceil() as usize;
    let taps = (0..=2 * radius).map(|i| {
        let d = i as f64 - radius as f64;
        (-d * d / (2.0 * sigma * sigma)).exp()
    });
    let taps: Vec<f64> = taps.collect();
    let sum: f64 = taps.iter().sum();
    let taps: Vec<f64> = taps.iter().map(|tap| tap / sum).collect();
    let height = plane.len() / width;
    // Index `i − radius` of a line of `n`, mirrored: … 1 0 0 1 … n−1 n−1 …
    let mirrored = |i: usize, n: usize| {
        let at = (i + 2 * n * radius - radius) % (2 * n);
        if at < n { at } else { 2 * n - 1 - at }
    };
    let mut columns = vec![0.0; plane.len()];
    for (y, to) in columns.chunks_mut(width).enumerate() {
        for (k, tap) in taps.iter().enumerate() {
            let row = &plane[mirrored(y + k, height) * width..][..width];
            to.iter_mut().zip(row).for_each(|(to, value)| *to += tap * value);
        }
    }
    let mut line = vec![0.0; width + 2 * radius];
    let mut blurred = vec![0.0; plane.len()];
    for (row, to) in columns.chunks(width).zip(blurred.chunks_mut(width)) {
        line.iter_mut().enumerate().for_each(|(i, value)| *value = row[mirrored(i, width)]);
        for (x, to) in to.iter_mut().enumerate() {
            *to = line[x..].iter().zip(&taps).map(|(value, tap)| value * tap).sum();
        }
    }
    blurred
}

#[cfg(test)]
mod tests {
    use super::{SIGMAS, blur, oklab};

    #[test]
    fn the_blur_is_the_definition() {
        let (width, height) = (9_i64, 5_i64);
        let plane: Vec<f64> = (0..45).map(|i| f64::from(i * 7 % 11)).collect();
        // A picture that repeats, mirrored, along both axes.
        let at = |x: i64, y: i64| {
            let fold = |i: i64, n: i64| i.rem_euclid(2 * n).min(2 * n - 1 - i.rem_euclid(2 * n));
            plane[(fold(y, height) * width + fold(x, width)) as usize]
        };
        for sigma in SIGMAS {
            let radius = (4.0 * sigma).ceil() as i64;
            let weight = |d: i64| (-(d * d) as f64 / (2.0 * sigma * sigma)).exp();
            let blurred = blur(&plane, width as usize, sigma);
            for (i, got) in (0..).zip(blurred) {
                let (mut sum, mut weights) = (0.0, 0.0);
                for (dx, dy) in (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy))) {
                    sum += weight(dx) * weight(dy) * at(i % width + dx, i / width + dy);
                    weights += weight(dx) * weight(dy);
                }
                assert!((got - sum / weights).abs() < 1e-12, "{sigma}, pixel {i}: {got}");
            }
        }
    }

    #[test]
    fn oklab_is_ottosson_s() {
        // Linear sRGB primaries and white in OKLab, from the post's reference code.
        let known = [
            ([1.0, 1.0, 1.0], [1.0, 0.0, 0.0]),
            ([1.0, 0.0, 0.0], [0.627955, 0.224863, 0.125846]),
            ([0.0, 1.0, 0.0], [0.866440, -0.233888, 0.179498]),
            ([0.0, 0.0, 1.0], [0.452014, -0.032457, -0.311528]),
        ];
        for (rgb, expected) in known {
            let got = oklab(&rgb);
            assert!(got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 2e-5), "{rgb:?}: {got:?}");
        }
    }
}
