//! The objects of the picture: forms, colours, places.

use super::vector::*;

/// Distances to surfaces that are no spheres, in the object's coordinates.
#[derive(Clone, Copy)]
enum Form {
    Sphere,
    Vase,
    Pear,
    Apple,
    Lemon,
    /// Half the sides, radius of the edges.
    Block(Vector, f64),
    /// End and radius; the start is 0.
    Stem(Vector, f64),
}

fn smooth_min(a: f64, b: f64, k: f64) -> f64 {
    let h = (0.5 + 0.5 * (b - a) / k).clamp(0.0, 1.0);
    b + (a - b) * h - k * h * (1.0 - h)
}

fn hypot(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

impl Form {
    fn distance(self, p: Vector, radius: f64) -> f64 {
        match self {
            Self::Sphere => length(p) - radius,
            Self::Vase => {
                let r = hypot(p[0], p[2]);
                let body = 0.9 * (length([p[0], 0.92 * (p[1] + 0.42), p[2]]) - 0.93);
                let neck = (r - 0.25 - 0.06 * (p[1] - 0.8).max(0.0)).max((p[1] - 0.85).abs() - 0.72);
                let lip = hypot(r - 0.31, p[1] - 1.55) - 0.075;
                let shape = smooth_min(smooth_min(body, neck, 0.5), lip, 0.12);
                // Hollow from above, flat below.
                shape.max(0.21 - r.max(1.45 - p[1])).max(-1.3 - p[1])
            }
            Self::Pear => {
                let low = length([p[0], 0.96 * (p[1] + 0.25), p[2]]) - 0.64;
                let high = length(sub(p, [0.04, 0.62, 0.0])) - 0.27;
                0.95 * smooth_min(low, high, 0.62)
            }
            Self::Apple => {
                let r = hypot(p[0], p[2]);
                let y = p[1] - 0.10 * r;
                // Narrower below.
                0.85 * (hypot(r * (1.0 - 0.10 * p[1]) - 0.27, 0.98 * y) - 0.40)
            }
            Self::Lemon => {
                let q = [p[0], 1.35 * p[1], 1.35 * p[2]];
                let body = 0.74 * (length(q) - 0.56);
                let tip = length([0.7 * (p[0].abs() - 0.52), p[1], p[2]]) - 0.10;
                0.9 * smooth_min(body, tip, 0.16)
            }
            Self::Block(half, round) => {
                let q = [0, 1, 2].map(|i| p[i].abs() - half[i] + round);
                let outside = length(q.map(|x| x.max(0.0)));
                outside + q[0].max(q[1]).max(q[2]).min(0.0) - round
            }
            Self::Stem(end, thick) => {
                let t = (dot(p, end) / dot(end, end)).clamp(0.0, 1.0);
                length(sub(p, scale(end, t))) - thick
            }
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Paint {
    Plain(Vector),
    Wood,
    Marble,
    Glaze,
    PearSkin,
    AppleSkin,
    Peel(Vector),
    Mirror,
}

pub(super) struct Object {
    form: Form,
    pub(super) center: Vector,
    /// Radius of a sphere around the form.
    radius: f64,
    /// Turn about the vertical: cosine and sine.
    turn: [f64; 2],
    pub(super) paint: Paint,
    /// Reflectance at right angles; 0 is matt.
    pub(super) gloss: f64,
}

fn object(form: Form, center: Vector, radius: f64, paint: Paint, gloss: f64) -> Object {
    Object { form, center, radius, turn: [1.0, 0.0], paint, gloss }
}

pub(super) fn scene() -> Vec<Object> {
    use Form::{Apple, Block, Lemon, Pear, Sphere, Stem, Vase};
    let mut all = vec![
        object(Vase, [-2.55, 1.3, 1.5], 1.75, Paint::Glaze, 0.06),
        object(Pear, [-0.62, 0.91, 0.25], 1.05, Paint::PearSkin, 0.025),
        object(Stem([0.10, 0.30, 0.0], 0.035), [-0.57, 1.78, 0.25], 0.40, Paint::Plain([0.10, 0.06, 0.03]), 0.02),
        object(Apple, [0.62, 0.42, -0.55], 0.75, Paint::AppleSkin, 0.05),
        object(Stem([-0.08, 0.30, 0.04], 0.028), [0.62, 0.58, -0.55], 0.40, Paint::Plain([0.08, 0.05, 0.02]), 0.02),
        object(Sphere, [1.68, 0.60, 0.10], 0.60, Paint::Peel([0.92, 0.30, 0.02]), 0.04),
        object(Lemon, [-1.72, 0.40, -0.75], 0.75, Paint::Peel([0.93, 0.66, 0.03]), 0.04),
        object(Block([0.85, 0.45, 0.75], 0.05), [3.0, 0.45, 1.75], 1.30, Paint::Marble, 0.04),
        object(Sphere, [3.0, 1.68, 1.75], 0.78, Paint::Mirror, 0.93),
        // Behind the fruit, matt.
        object(Sphere, [0.85, 0.85, 2.1], 0.85, Paint::Plain([0.46, 0.45, 0.44]), 0.0),
    ];
    for index in [6, 7] {
        all[index].turn = if index == 6 { [0.90, 0.4358898943540674] } else { [0.96, 0.28] };
    }
    // Grapes.
    const GRAPES: [Vector; 9] = [
        [-3.19, 0.21, -0.55],
        [-2.79, 0.21, -0.75],
        [-3.04, 0.21, -0.98],
        [-2.62, 0.21, -1.12],
        [-2.46, 0.21, -0.70],
        [-3.46, 0.21, -0.85],
        [-2.98, 0.52, -0.76],
        [-2.67, 0.51, -0.90],
        [-3.26, 0.50, -0.72],
    ];
    for (k, at) in GRAPES.into_iter().enumerate() {
        let shade = 0.75 + 0.5 * lattice(k as i64, 3, 5);
        all.push(object(Sphere, at, 0.215, Paint::Plain(scale([0.13, 0.03, 0.13], shade)), 0.05));
    }
    // The colour chart: saturated colours and two greys.
    const CHART: [Vector; 10] = [
        [0.85, 0.84, 0.82],
        [0.62, 0.03, 0.03],
        [0.85, 0.22, 0.02],
        [0.85, 0.62, 0.03],
        [0.20, 0.48, 0.06],
        [0.02, 0.38, 0.34],
        [0.02, 0.22, 0.62],
        [0.12, 0.05, 0.42],
        [0.55, 0.05, 0.34],
        [0.06, 0.06, 0.06],
    ];
    for (k, color) in CHART.into_iter().enumerate() {
        let x = 0.53 * (k as f64 - 4.5) + 0.15;
        let form = Block([0.18, 0.18, 0.18], 0.05);
        let mut block = object(form, [x, 0.18, -2.35], 0.32, Paint::Plain(color), 0.04);
        let sine = 0.3 * (lattice(k as i64, 1, 9) - 0.5);
        block.turn = [(1.0 - sine * sine).sqrt(), sine];
        all.push(block);
    }
    all
}

impl Object {
    /// Coordinates of the object for a point or a direction of the scene.
    pub(super) fn turned(&self, p: Vector) -> Vector {
        let [c, s] = self.turn;
        [c * p[0] + s * p[2], p[1], c * p[2] - s * p[0]]
    }

    /// Distance along a ray to the surface, at most `most`.
    pub(super) fn hit(&self, origin: Vector, direction: Vector, most: f64) -> Option<f64> {
        let to_center = sub(self.center, origin);
        let along = dot(to_center, direction);
        let under_root = self.radius * self.radius - (dot(to_center, to_center) - along * along);
        if under_root <= 0.0 {
            return None;
        }
        let half = under_root.sqrt();
        let (near, far) = (along - half, along + half);
        if matches!(self.form, Form::Sphere) {
            return (near > 1e-4 && near < most).then_some(near);
        }
        if far < 1e-3 {
            return None;
        }
        let (start, way) = (self.turned(scale(to_center, -1.0)), self.turned(direction));
        let mut t = near.max(1e-3);
        for _ in 0..160 {
            if t > far || t > most {
                return None;
            }
            let distance = self.form.distance(add(start, scale(way, t)), self.radius);
            if distance < 2e-4 {
                return Some(t);
            }
            t += distance;
        }
        None
    }

    pub(super) fn normal(&self, point: Vector) -> Vector {
        let p = self.turned(sub(point, self.center));
        if matches!(self.form, Form::Sphere) {
            return scale(sub(point, self.center), 1.0 / self.radius);
        }
        const H: f64 = 5e-4;
        let slope = |i: usize| {
            let (mut a, mut b) = (p, p);
            a[i] += H;
            b[i] -= H;
            self.form.distance(a, self.radius) - self.form.distance(b, self.radius)
        };
        let [x, y, z] = unit([slope(0), slope(1), slope(2)]);
        let [c, s] = self.turn;
        [c * x - s * z, y, s * x + c * z]
    }
}

/// Colour of a surface point; `p` is in the object's coordinates.
pub(super) fn color(paint: Paint, p: Vector) -> Vector {
    match paint {
        Paint::Plain(color) => color,
        Paint::Mirror => [0.95, 0.93, 0.90],
        Paint::Peel(color) => {
            let spots = octaves(scale(p, 9.0), 2);
            scale(color, 0.90 + 0.25 * (spots - 0.4))
        }
        Paint::PearSkin => {
            let blush = step(-0.2, 0.9, p[0] + 0.9 * (octaves(scale(p, 2.5), 3) - 0.4));
            let base = mix([0.50, 0.52, 0.08], [0.68, 0.30, 0.06], blush);
            let spots = step(0.70, 0.80, noise(scale(p, 21.0)));
            mix(base, [0.25, 0.18, 0.05], 0.45 * spots)
        }
        Paint::AppleSkin => {
            let r = hypot(p[0], p[2]).max(1e-6);
            // Streaks run from stem to base.
            let around = [6.0 * p[0] / r, 0.8 * p[1], 6.0 * p[2] / r];
            let streak = octaves(scale(around, 1.6), 4);
            let base = mix([0.50, 0.02, 0.02], [0.78, 0.40, 0.08], step(0.48, 0.78, streak));
            mix(base, [0.55, 0.50, 0.10], 0.85 * step(0.30, 0.10, r) * step(0.0, 0.2, p[1]))
        }
        Paint::Glaze => {
            let wave = 0.03 * (octaves(scale(p, 3.0), 2) - 0.4);
            let y = p[1] + wave;
            let base = mix([0.01, 0.13, 0.16], [0.03, 0.33, 0.34], step(-1.3, 1.5, y));
            // Painted rings, fine ones between two broad ones.
            let ring = |at: f64, half: f64| step(half + 0.012, half - 0.012, (p[1] - at).abs());
            let fine = (0..7).map(|k| ring(-0.62 + 0.075 * f64::from(k), 0.013)).fold(0.0, f64::max);
            let broad = ring(-0.74, 0.045).max(ring(-0.05, 0.045)).max(ring(0.75, 0.03)).max(ring(0.86, 0.012));
            mix(base, [0.78, 0.66, 0.45], 0.9 * fine.max(broad))
        }
        Paint::Marble => {
            let warp = octaves(scale(p, 1.7), 4);
            let t = 2.2 * p[0] + 1.3 * p[1] - 0.9 * p[2] + 5.0 * warp;
            let vein = (t - t.floor() - 0.5).abs();
            let cloud = octaves(add(scale(p, 3.1), [9.0, 1.0, 4.0]), 4);
            let base = mix([0.80, 0.79, 0.77], [0.62, 0.63, 0.65], cloud);
            mix([0.16, 0.19, 0.22], base, step(0.0, 0.16, vein))
        }
        Paint::Wood => {
            let board = (p[2] / 1.15 + 0.35).floor();
            let across = p[2] / 1.15 + 0.35 - board;
            let shift = 37.0 * lattice(board as i64, 8, 2);
            let q = [0.35 * p[0] + shift, 3.0 * p[2], shift];
            let rings = 7.0 * octaves(q, 3) + 1.2 * across;
            let ring = rings - rings.floor();
            let late = step(0.25, 0.9, ring) * step(1.0, 0.93, ring);
            let fibre = octaves([1.3 * p[0], 34.0 * p[2], shift], 3);
            let tint = 0.84 + 0.32 * lattice(board as i64, 4, 4);
            let base = mix([0.40, 0.21, 0.10], [0.21, 0.095, 0.042], 0.75 * late);
            let gap = step(0.0, 0.014, across.min(1.0 - across));
            scale(base, tint * (0.74 + 0.5 * fibre) * (0.25 + 0.75 * gap))
        }
    }
}
