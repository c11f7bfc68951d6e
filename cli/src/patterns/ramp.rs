//! PSNR of a ramp from black to white, dithered with a mask.
//!
//! The ramp is horizontal, `x = (column + ½)/width`. It covers whole tiles of the mask, at least [`MIN_WIDTH`] pixels, and is as
//! high as the mask: further rows would repeat. With the threshold `t = (rank + ½)/n` (for equal values the mean of their ranks), a
//! pixel becomes `⌊x·(2^bits − 1) + t⌋/(2^bits − 1)`. The error against the ramp is blurred by a Gaussian of [`RAMP_SIGMA`], cut
//! off at 4 sigma, which wraps vertically; columns within 4 sigma of an end are left out. PSNR is `−10·log10` of the mean square of
//! the blurred error. White noise at 1 bit has `−10·log10(1/6 · 1/4πσ²)`, 22.3 dB.

use bluegrad::Shape;

/// Bits of the dithered ramp.
pub(crate) const RAMP_BITS: [u32; 2] = [1, 2];
/// Standard deviation of the blur, in pixels.
pub(crate) const RAMP_SIGMA: f64 = 1.5;

/// Smallest width of the ramp, in pixels.
const MIN_WIDTH: usize = 1024;
/// Radius of the blur, in pixels: 4 sigma.
const RADIUS: usize = 6;

/// Returns the PSNR at each of [`RAMP_BITS`], in dB.
pub(super) fn psnr(ranks: &[u32], shape: Shape) -> [f64; RAMP_BITS.len()] {
    let thresholds = thresholds(ranks);
    RAMP_BITS.map(|bits| {
        let (error, width) = error(&thresholds, shape, bits);
        let blurred = blurred(&error, width);
        let inner = blurred.chunks(width).flat_map(|row| &row[RADIUS..width - RADIUS]);
        let squares: f64 = inner.map(|error| f64::from(*error) * f64::from(*error)).sum();
        let count = (blurred.len() / width) * (width - 2 * RADIUS);
        -10.0 * (squares / count as f64).log10()
    })
}

/// Returns the threshold of each pixel, from 0 to 1.
fn thresholds(ranks: &[u32]) -> Vec<f32> {
    let mut counts = vec![0_u32; ranks.len()];
    for rank in ranks {
        counts[*rank as usize] += 1;
    }
    let n = ranks.len() as f64;
    ranks.iter().map(|rank| ((f64::from(*rank) + 0.5 * f64::from(counts[*rank as usize])) / n) as f32).collect()
}

/// Returns the dithered ramp minus the ramp, and the width in pixels.
fn error(thresholds: &[f32], shape: Shape, bits: u32) -> (Vec<f32>, usize) {
    let mask_width = shape.width as usize;
    let width = MIN_WIDTH.next_multiple_of(mask_width);
    let steps = ((1_u32 << bits) - 1) as f32;
    let mut error = Vec::with_capacity(width * shape.height as usize);
    for row in thresholds.chunks(mask_width) {
        error.extend(row.iter().cycle().take(width).enumerate().map(|(column, t)| {
            let x = (column as f32 + 0.5) / width as f32;
            (x * steps + t).floor() / steps - x
        }));
    }
    (error, width)
}

/// Blurs an image whose rows wrap; the first and last [`RADIUS`] columns are not valid.
fn blurred(image: &[f32], width: usize) -> Vec<f32> {
    let mut taps: Vec<f32> = (0..=2 * RADIUS)
        .map(|i| {
            let d = i as f64 - RADIUS as f64;
            (-d * d / (2.0 * RAMP_SIGMA * RAMP_SIGMA)).exp() as f32
        })
        .collect();
    let sum: f32 = taps.iter().sum();
    taps.iter_mut().for_each(|tap| *tap /= sum);
    let mut along = vec![0.0; image.len()];
    for (from, to) in image.chunks(width).zip(along.chunks_mut(width)) {
        for (i, tap) in taps.iter().enumerate() {
            to[RADIUS..width - RADIUS].iter_mut().zip(&from[i..]).for_each(|(to, from)| *to += tap * from);
        }
    }
    let height = image.len() / width;
    let mut both = vec![0.0; image.len()];
    for (y, to) in both.chunks_mut(width).enumerate() {
        for (i, tap) in taps.iter().enumerate() {
            let from = &along[(y + i + height - RADIUS) % height * width..][..width];
            to.iter_mut().zip(from).for_each(|(to, from)| *to += tap * from);
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::{RADIUS, blurred, psnr, thresholds};
    use bluegrad::Shape;

    #[test]
    fn white_noise_has_its_psnr() {
        // Ranks by a hash of the pixel: a good approximation of white noise.
        let mut order: Vec<u64> = (0..4096).collect();
        order.sort_by_key(|i| {
            (i * i + 77).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
        });
        let ranks: Vec<u32> = order.iter().map(|i| *i as u32).collect();
        let [one, two] = psnr(&ranks, Shape::new(64, 64));
        // mean of g(1 − g): 1/6 at 1 bit, and 1/9 of 1/6 at 2 bits, whose steps are a third as high
        assert!((one - 22.3).abs() < 0.7 && (two - one - 9.54).abs() < 0.7, "{one} {two}");
    }

    #[test]
    fn ties_have_the_middle_of_their_ranks() {
        assert_eq!(thresholds(&[0, 1, 1, 3]), [0.125, 0.5, 0.5, 0.875]);
    }

    #[test]
    fn the_blur_keeps_the_mean_and_wraps() {
        let mut image = vec![0.0; 32 * 16];
        image[16] = 1.0;
        let blurred = blurred(&image, 32);
        assert!((blurred.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(blurred[15 * 32 + 16] > 0.05 && blurred[15 * 32 + 16] == blurred[32 + 16]);
        assert_eq!(blurred[8 * 32 + 16], 0.0);
        assert!(blurred[16 + RADIUS] > 0.0 && blurred[16 - RADIUS - 1] == 0.0);
    }
}
