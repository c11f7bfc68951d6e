//! Error diffusion, for comparison only.
//!
//! Floyd and Steinberg, "An Adaptive Algorithm for Spatial Greyscale", 1976: row by row, from left to right, each pixel takes the
//! nearest output value, and its error goes to neighbours that are still to come:
//!
//! ```text
//!           pixel   7/16
//!    3/16   5/16    1/16
//! ```
//!
//! Errors that leave the picture are lost. The arithmetic is + − × ÷ in f64, so that all machines agree.

/// Returns the index of an output value for each pixel of `N` channels.
///
/// Nearest is nearest in the coordinates of `input` and `values`.
pub(super) fn floyd_steinberg<const N: usize>(input: &[[f64; N]], width: usize, values: &[[f64; N]]) -> Vec<u8> {
    let mut to = Vec::with_capacity(input.len());
    // Errors of this row and of the next one, with a pixel before and a pixel after.
    let mut here = vec![[0.0; N]; width + 2];
    let mut below = here.clone();
    for row in input.chunks(width) {
        for (x, pixel) in row.iter().enumerate() {
            let wanted: [f64; N] = std::array::from_fn(|i| pixel[i] + here[x + 1][i]);
            let index = nearest(&wanted, values);
            for i in 0..N {
                let error = wanted[i] - values[index][i];
                here[x + 2][i] += error * (7.0 / 16.0);
                below[x][i] += error * (3.0 / 16.0);
                below[x + 1][i] += error * (5.0 / 16.0);
                below[x + 2][i] += error * (1.0 / 16.0);
            }
            // Fits: there are at most 256 output values.
            to.push(index as u8);
        }
        std::mem::swap(&mut here, &mut below);
        below.fill([0.0; N]);
    }
    to
}

/// Of equally near values, the first.
fn nearest<const N: usize>(wanted: &[f64; N], values: &[[f64; N]]) -> usize {
    let distance = |value: &[f64; N]| wanted.iter().zip(value).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    let all = values.iter().map(distance).enumerate();
    all.min_by(|(_, a), (_, b)| a.total_cmp(b)).map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::floyd_steinberg;

    #[test]
    fn errors_go_where_the_paper_says() {
        // 0.5 is nearest to the first value of two; the error, 0.5, is on its way.
        let values = [[0.0], [1.0]];
        let picture = |fill: [f64; 6]| fill.map(|value| [value]);
        // The pixel to the right gets 7/16 · 0.5 = 0.21875.
        assert_eq!(floyd_steinberg(&picture([0.5, 0.29, 0.0, 0.0, 0.0, 0.0]), 3, &values)[..2], [0, 1]);
        assert_eq!(floyd_steinberg(&picture([0.5, 0.28, 0.0, 0.0, 0.0, 0.0]), 3, &values)[..2], [0, 0]);
        // Below, straight: 5/16 · 0.5 and 3/16 of the error of the right neighbour, which is 0.21875.
        let straight = 5.0 / 32.0 + 3.0 / 16.0 * 7.0 / 32.0;
        for (more, expected) in [(1e-9, 1), (-1e-9, 0)] {
            let input = picture([0.5, 0.0, 0.0, 0.5 - straight + more, 0.0, 0.0]);
            // The third pixel's error goes nowhere near.
            assert_eq!(floyd_steinberg(&input, 3, &values)[3], expected, "{more}");
        }
    }

    #[test]
    fn one_pixel_by_hand() {
        // A row of 0.4: 0.4 → 0, 0.4 + 0.175 → 1, 0.4 − 0.1859 → 0, 0.4 + 0.0937 → 0, 0.4 + 0.2160 → 1.
        let row = [[0.4]; 5];
        assert_eq!(floyd_steinberg(&row, 5, &[[0.0], [1.0]]), [0, 1, 0, 0, 1]);
    }

    #[test]
    fn the_mean_of_an_area_is_kept() {
        let values = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]];
        let color = [0.3, 0.4, 0.2];
        let indices = floyd_steinberg(&[color; 64 * 64], 64, &values);
        for (i, wanted) in color.into_iter().enumerate() {
            let mean = indices.iter().map(|index| values[usize::from(*index)][i]).sum::<f64>() / 4096.0;
            assert!((mean - wanted).abs() < 0.01, "channel {i}: {mean}");
        }
    }
}
