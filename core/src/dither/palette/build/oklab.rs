//! `OKLab` of linear light, and its gradient.

use super::Light;
use libm::cbrt;

/// Cone responses of linear sRGB.
const CONES: [[f64; 3]; 3] = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
];

/// Lightness, green-red, blue-yellow of the cube roots of cone responses.
const LAB: [[f64; 3]; 3] = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
];

/// Least cone response whose gradient is taken as it is: the gradient at black is infinite.
const DARKEST: f64 = 1e-5;

fn times(matrix: &[[f64; 3]; 3], [x, y, z]: &[f64; 3]) -> [f64; 3] {
    matrix.map(|[a, b, c]| a * x + b * y + c * z)
}

/// Returns `OKLab` coordinates L, a, b of linear light, red, green and blue of sRGB from 0 to 1.
#[must_use]
pub fn oklab(light: &Light) -> [f64; 3] {
    times(&LAB, &times(&CONES, light).map(cbrt))
}

/// ∂`OKLab`/∂light at a colour.
pub(super) struct Gradient([[f64; 3]; 3]);

impl Gradient {
    pub(super) fn at(light: &Light) -> Self {
        let slopes = times(&CONES, light).map(|response| {
            let root = cbrt(response.max(DARKEST));
            1.0 / (3.0 * root * root)
        });
        let [long, middle, short] = CONES;
        let [of_long, of_middle, of_short] = slopes;
        Self(LAB.map(|[a, b, c]| {
            let (a, b, c) = (a * of_long, b * of_middle, c * of_short);
            let mut row = [0.0; 3];
            for i in 0..3 {
                row[i] = a * long[i] + b * middle[i] + c * short[i];
            }
            row
        }))
    }

    /// Returns the change of L, a, b for a small change of light.
    pub(super) fn times(&self, change: &Light) -> [f64; 3] {
        times(&self.0, change)
    }
}
