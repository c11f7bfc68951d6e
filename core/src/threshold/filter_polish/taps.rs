//! The taps of a filter polish: the heaviest classes of K.

use super::FilterPolish;
use crate::filters::{Axis, FilterKernel};
use crate::pairs::{Linking, Links, MAX_RADIUS, Room};
use crate::shape::{MAX_LAYERS, Shape};
use crate::threshold::polish::{self, Tables, TapSource};
use bytemuck::Zeroable;

/// Halvings of the interval that holds the weight of the lightest class: as many as a weight has bits.
const HALVINGS: u32 = 52;

/// Sums of all classes differ by less.
const ROUNDING: f64 = 1e-9;

/// The largest distance in layers.
const fn time_radius(stage: &FilterPolish, shape: Shape) -> u32 {
    let half = shape.layers / 2;
    if half < stage.time_radius { half } else { stage.time_radius }
}

/// Room for all classes within the radii.
pub(super) const fn room(stage: &FilterPolish, shape: Shape) -> Room {
    let (radius, distances) = (stage.radius as usize, time_radius(stage, shape) as usize + 1);
    Room {
        // forth and back, and the plane itself
        segments: 2 * distances - 1,
        eights: distances * (radius * (radius - 1) / 2) + Room::HEAVY,
        fours: distances * 2 * radius + Room::HEAVY,
        ones: distances + Room::HEAVY,
    }
}

/// The classes of K that a polish takes.
pub(super) struct FilterTaps<'a> {
    kernel: &'a FilterKernel,
    /// Kx = Ky on a line, by the offset.
    space: [f64; MAX_RADIUS as usize + 1],
    /// Kt by the distance.
    time: [f64; MAX_LAYERS as usize / 2 + 1],
    radius: usize,
    time_radius: usize,
    layers: usize,
    /// Weight of the lightest class that is taken.
    least: f64,
    /// Sum of the classes that are taken.
    sum: f64,
    /// Sum that they should have.
    wanted: f64,
}

impl<'a> FilterTaps<'a> {
    pub(super) fn new(stage: &FilterPolish, kernel: &'a FilterKernel, shape: Shape) -> Self {
        let mut taps = Self {
            kernel,
            space: [0.0; MAX_RADIUS as usize + 1],
            time: [0.0; MAX_LAYERS as usize / 2 + 1],
            radius: (stage.radius as usize).min(MAX_RADIUS as usize),
            time_radius: time_radius(stage, shape) as usize,
            layers: shape.layers as usize,
            least: 0.0,
            sum: 0.0,
            wanted: f64::from(stage.share) * (1.0 - ROUNDING) * kernel.absolute_sum(),
        };
        for (d, to) in taps.space.iter_mut().enumerate() {
            *to = kernel.on_a_line(d);
        }
        for (d, to) in taps.time.iter_mut().enumerate().take(taps.time_radius + 1) {
            *to = kernel.along(Axis::Time, d);
        }
        let (mut below, mut above) = (0.0, 2.0 * kernel.centre());
        for _ in 0..HALVINGS {
            let middle = 0.5 * (below + above);
            (below, above) = if taps.sum_from(middle) >= taps.wanted { (middle, above) } else { (below, middle) };
        }
        taps.least = below;
        taps.sum = taps.sum_from(below);
        taps
    }

    pub(super) fn holds_share(&self) -> bool {
        self.sum >= self.wanted
    }

    /// K of a class: offsets x ≥ y in space, and the distance in layers. 0 is no tap.
    fn at(&self, (x, y): (usize, usize), d: usize) -> f64 {
        let one = |values: &[f64], at: usize| values.get(at).copied().unwrap_or_default();
        let space = one(&self.space, x) * one(&self.space, y);
        self.kernel.combined((space, x == 0), (one(&self.time, d), d == 0))
    }

    /// Number of taps of a class.
    fn count(&self, (x, y): (usize, usize), d: usize) -> f64 {
        let space = match (x, y) {
            (0, _) => 1.0,
            _ if y == 0 || x == y => 4.0,
            _ => 8.0,
        };
        if d == 0 || 2 * d == self.layers { space } else { 2.0 * space }
    }

    /// Classes from a weight on, in the order of distance, x and y; 0 and less are none.
    fn classes(&self, least: f64) -> impl Iterator<Item = ((usize, usize), usize, f64)> {
        let pairs = |d| (0..=self.radius).flat_map(move |x| (0..=x).map(move |y| ((x, y), d)));
        let all = (0..=self.time_radius).flat_map(pairs);
        all.map(|(space, d)| (space, d, self.at(space, d)))
            .filter(move |(.., weight)| *weight > 0.0 && *weight >= least)
    }

    fn sum_from(&self, least: f64) -> f64 {
        self.classes(least).map(|(space, d, weight)| weight * self.count(space, d)).sum()
    }

    /// The radii in space and time of the classes that are taken, if they hold the share.
    pub(super) fn radii(&self) -> Option<(u32, u32)> {
        let largest = |(radius, time): (u32, u32), ((x, _), d, _): ((usize, usize), usize, f64)| {
            (radius.max(x as u32), time.max(d as u32))
        };
        self.holds_share().then(|| self.classes(self.least).fold((1, 0), largest))
    }

    /// Adds the classes at a distance to a set of groups.
    fn link(&self, linking: &mut Linking<'_, '_>, distance: usize) {
        for ((x, y), _, weight) in self.classes(self.least).filter(|(_, d, _)| *d == distance) {
            let weight = weight / self.sum;
            if (x, distance) == (0, 0) {
                continue;
            }
            let (x, y) = (x as i32, y as i32);
            let four = |linking: &Linking<'_, '_>, x: i32, y: i32| {
                [(x, y), (-y, x), (-x, -y), (y, -x)].map(|(x, y)| linking.offset(x, y))
            };
            let parts = Linking::parts([weight; 2]);
            let part = [weight / f64::from(parts); 2];
            for _ in 0..parts {
                if x == 0 {
                    linking.one(0, part);
                } else if y == 0 || x == y {
                    let offsets = four(linking, x, y);
                    linking.four(offsets, part);
                } else {
                    let ([a, b, c, d], [e, f, g, h]) = (four(linking, x, y), four(linking, y, x));
                    linking.eight([a, b, c, d, e, f, g, h], part);
                }
            }
        }
    }
}

/// The taps of a filter polish as those of a polish.
pub(super) struct Source<'a> {
    pub(super) stage: &'a FilterPolish,
    pub(super) kernel: &'a FilterKernel,
    pub(super) shape: Shape,
}

impl TapSource for Source<'_> {
    fn room(&self) -> Room {
        room(self.stage, self.shape)
    }

    fn fill(&self, tables: &mut Tables, links: &mut Links<'_>) {
        *tables = Tables::zeroed();
        let taps = FilterTaps::new(self.stage, self.kernel, self.shape);
        let mut linking = Linking::new(links, polish::planes(&self.stage.steps_of(), self.shape));
        for distance in 0..=time_radius(self.stage, self.shape) {
            linking.begin();
            taps.link(&mut linking, distance as usize);
            linking.link(distance, 0);
            if distance > 0 && 2 * distance != self.shape.layers {
                linking.link(self.shape.layers - distance, 0);
            }
        }
    }
}
