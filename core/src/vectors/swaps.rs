//! Swaps that bring samples nearer to where pixels are: 2-opt in buckets of near samples.
//!
//! ```text
//! Σ_p |X_p − s_p|²          falls by 2·(X_p − X_q)·(s_q − s_p) if pixels p and q swap samples: swapped if (X_p − X_q)·(s_p − s_q) < 0
//! ```
//!
//! All pairs of a bucket are looked at once, in the order of the bucket.

use super::Sample;
use super::tree::{BUCKET, Halves};

/// Swaps within buckets. `bucketed` is from [`super::tree::buckets`], `pixels` has the pixel of each sample, `place` says where a pixel is.
pub(super) fn pass<const D: usize>(
    samples: &[Sample],
    bucketed: &[u32],
    pixels: &mut [u32],
    place: impl Fn(u32) -> [f32; D],
) {
    for part in Halves::new(bucketed.len(), BUCKET).filter(|part| !part.halved) {
        let bucket = bucketed.get(part.start..part.end).unwrap_or_default();
        let (mut of, mut places, mut wanted) = ([0_u32; BUCKET], [[0.0_f32; D]; BUCKET], [[0.0_f32; D]; BUCKET]);
        let count = bucket.len().min(BUCKET);
        for i in 0..count {
            let sample = bucket[i] as usize;
            of[i] = pixels.get(sample).copied().unwrap_or_default();
            places[i] = place(of[i]);
            let all = samples.get(sample).copied().unwrap_or_default();
            for c in 0..D {
                wanted[i][c] = all.get(c).copied().unwrap_or_default();
            }
        }
        for i in 0..count {
            for j in i + 1..count {
                let mut product = 0.0;
                for c in 0..D {
                    product += (places[i][c] - places[j][c]) * (wanted[i][c] - wanted[j][c]);
                }
                if product < 0.0 {
                    (places[i], places[j]) = (places[j], places[i]);
                    (of[i], of[j]) = (of[j], of[i]);
                }
            }
        }
        for (sample, pixel) in bucket.iter().zip(of) {
            if let Some(to) = pixels.get_mut(*sample as usize) {
                *to = pixel;
            }
        }
    }
}
