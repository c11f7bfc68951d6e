//! The taps of the polish into other planes.
//!
//! ```text
//! time      β·kt(d)/(2·Σkt)                                    the same pixel d layers on or back, d = 1 … RT; layers repeat
//! product   γ·exp(−d²/(2·1.4²))·exp(−r²/(2·σ²))/Σ              1 ≤ r² ≤ 5, |d| ≤ 2 and less than half of the layers
//! channels  w·K(r²)                                            the taps and the centre of K in the other channels of the layer
//! ```
//!
//! All weights, K's too, are divided by `D = 1 + β + γ + w·(C − 1)`, so that their sum is 1 as in a flat mask, and the mean field stays
//! what it is. Families without taps (a mask of one layer has none in time, one of three has no product) are left out of D. Time and product
//! have the same weights in both sums, of K and of the kernel of the ends.

use super::kernel::Tables;
use super::parameters::Polish;
use crate::pairs::{EIGHTS, FOURS, Linking, Links, Room};
use crate::shape::Shape;

/// The largest distance of the product's taps, layers: farther taps took a third of a step's time and gained nothing.
const PRODUCT_RADIUS: u32 = 2;

/// Standard deviation of the product in time, layers.
const PRODUCT_TIME: f64 = 1.4;

/// Groups of eight and of four taps of the product at one distance.
const PRODUCT_EIGHTS: usize = 1;
const PRODUCT_FOURS: usize = 3;

const fn has_time(stage: &Polish, shape: Shape) -> bool {
    shape.layers > 1 && stage.coupling.time_weight > 0.0
}

/// The largest distance of the product's taps: so many that no layer is reached in two ways.
const fn product_radius(stage: &Polish, shape: Shape) -> u32 {
    let most = (shape.layers / 2).saturating_sub(1);
    if stage.product_weight > 0.0 { if most < PRODUCT_RADIUS { most } else { PRODUCT_RADIUS } } else { 0 }
}

const fn has_channels(stage: &Polish, shape: Shape) -> bool {
    shape.channels > 1 && stage.coupling.channel_weight > 0.0
}

/// The largest distance in layers.
const fn time_radius(stage: &Polish, shape: Shape) -> u32 {
    let half = shape.layers / 2;
    let time = if !has_time(stage, shape) {
        0
    } else if half < stage.coupling.time_radius {
        half
    } else {
        stage.coupling.time_radius
    };
    let product = product_radius(stage, shape);
    if product > time { product } else { time }
}

/// Sums of weights, as multiples of the sum of K.
pub(super) struct Sums {
    /// D.
    pub(super) all: f64,
    /// Of the taps into other planes.
    pub(super) taps: f64,
}

impl Sums {
    pub(super) fn new(stage: &Polish, shape: Shape) -> Self {
        let (mut all, mut taps) = (1.0, 0.0);
        if has_time(stage, shape) {
            let weight = f64::from(stage.coupling.time_weight);
            all += weight;
            // distances that lead to the pixel itself are no taps
            taps += weight * (1.0 - stage.coupling.time_at(0, shape.layers));
        }
        if product_radius(stage, shape) > 0 {
            all += f64::from(stage.product_weight);
            taps += f64::from(stage.product_weight);
        }
        if has_channels(stage, shape) {
            let weight = f64::from(stage.coupling.channel_weight) * f64::from(shape.channels - 1);
            all += weight;
            taps += weight;
        }
        Self { all, taps }
    }
}

/// Room for all taps.
pub(super) const fn room(stage: &Polish, shape: Shape) -> Room {
    let mut room = Room::NONE;
    let (distances, products) = (time_radius(stage, shape) as usize, product_radius(stage, shape) as usize);
    if distances > 0 {
        // forth and back; a heavy tap counts as several
        room.segments = 2 * distances;
        room.eights = products * PRODUCT_EIGHTS;
        room.fours = products * PRODUCT_FOURS;
        room.ones = distances + Room::HEAVY;
    }
    if has_channels(stage, shape) {
        room.segments += shape.channels as usize - 1;
        room.eights += EIGHTS;
        room.fours += FOURS;
        room.ones += 1 + Room::HEAVY;
    }
    room
}

/// Fills in all taps; `tables` are filled, and `centre` are both kernels at the centre.
pub(super) fn fill(stage: &Polish, shape: Shape, tables: &Tables, centre: [f64; 2], links: &mut Links<'_>) {
    let all = Sums::new(stage, shape).all;
    let mut linking = Linking::new(links, super::planes(stage, shape));
    let product = Product { stage, radius: product_radius(stage, shape) };
    let product_sum = product.sum();
    for distance in 1..=time_radius(stage, shape) {
        linking.begin();
        if distance <= product.radius {
            let at = |square| [f64::from(stage.product_weight) * product.at(distance, square) / product_sum / all; 2];
            for (x, y) in [(1, 0), (1, 1), (2, 0)] {
                linking.four(four(&linking, x, y), at(x * x + y * y));
            }
            let ([a, b, c, d], [e, f, g, h]) = (four(&linking, 1, 2), four(&linking, 2, 1));
            linking.eight([a, b, c, d, e, f, g, h], at(5));
        }
        if has_time(stage, shape) {
            let time = stage.coupling.time_at(distance, shape.layers);
            linking.one(0, [f64::from(stage.coupling.time_weight) * time / all; 2]);
        }
        linking.link(distance, 0);
        if 2 * distance != shape.layers {
            linking.link(shape.layers - distance, 0);
        }
    }
    if has_channels(stage, shape) {
        let weight = |kernel: &[f64; 2]| kernel.map(|kernel| f64::from(stage.coupling.channel_weight) * kernel);
        linking.begin();
        for (offsets, kernel) in tables.taps().eights().iter().zip(&tables.eights) {
            linking.eight(*offsets, weight(kernel));
        }
        for (offsets, kernel) in tables.taps().fours().iter().zip(&tables.fours) {
            linking.four(*offsets, weight(kernel));
        }
        linking.one(0, weight(&centre));
        for channels in 1..shape.channels {
            linking.link(0, channels);
        }
    }
}

/// The offsets of (x, y) turned by quarters.
fn four(linking: &Linking<'_, '_>, x: i32, y: i32) -> [i32; 4] {
    [(x, y), (-y, x), (-x, -y), (y, -x)].map(|(x, y)| linking.offset(x, y))
}

/// The kernel of the product, not normalised.
struct Product<'a> {
    stage: &'a Polish,
    radius: u32,
}

impl Product<'_> {
    fn at(&self, distance: u32, square: i32) -> f64 {
        let sigma = f64::from(self.stage.product_sigma);
        let time = libm::exp(-f64::from(distance * distance) / (2.0 * PRODUCT_TIME * PRODUCT_TIME));
        time * libm::exp(-f64::from(square) / (2.0 * sigma * sigma))
    }

    /// Sum over all taps, forth and back.
    fn sum(&self) -> f64 {
        let ring = |distance| {
            4.0 * (self.at(distance, 1) + self.at(distance, 2) + self.at(distance, 4)) + 8.0 * self.at(distance, 5)
        };
        2.0 * (1..=self.radius).map(ring).sum::<f64>()
    }
}
