//! Renders `cli/src/gallery/sample.png`, the picture of `bluegrad gallery` and of the README: a still life in evening light.
//!
//! Command: `cargo run --release -p bluegrad-cli --example sample -- cli/src/gallery/sample.png`
//!
//! Fruit, a vase, a mirror ball on marble and a row of coloured blocks stand on wood, before hills and sky. Each pixel is the mean of
//! 16 camera rays. A point is lit by a sun of 9 degrees, by the sky, and by the light that one other surface reflects. All pixels use
//! the same directions, so areas come out smooth, without noise. The tone curve is K. Narkowicz's fit of the ACES film curve (2015).
//!
//! The pixels are the same on every machine: the arithmetic is + − × ÷ and square roots in f64, which IEEE 754 fixes to the last
//! bit, and a row depends on no other row.

use bluegrad::dither::light;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

/// Size of the picture, in pixels.
pub(crate) const WIDTH: u32 = 512;
pub(crate) const HEIGHT: u32 = 384;

/// Camera rays per pixel along each side.
const PIXEL_SAMPLES: u32 = 4;
/// Directions to the sun, and of the sky, per camera ray.
const SUN_SAMPLES: u32 = 9;
const SKY_SAMPLES: u32 = 26;

type Vector = [f64; 3];

const EYE: Vector = [0.1, 2.35, -8.6];
const TARGET: Vector = [0.1, 1.5, 0.0];
/// Height of the picture at distance 1.
const FIELD: f64 = 0.655;
/// Direction to the sun, and radius of its disc at distance 1.
const SUN: Vector = [-0.68, 0.58, -0.45];
const SUN_RADIUS: f64 = 0.08;
const SUN_LIGHT: Vector = [3.3, 2.75, 2.05];
/// Far edge of the table.
const TABLE_END: f64 = 4.6;

fn add(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

fn scale(a: Vector, factor: f64) -> Vector {
    a.map(|x| x * factor)
}

fn sub(a: Vector, b: Vector) -> Vector {
    add(a, scale(b, -1.0))
}

fn times(a: Vector, b: Vector) -> Vector {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn length(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

fn unit(a: Vector) -> Vector {
    scale(a, 1.0 / length(a))
}

fn mix(a: Vector, b: Vector, t: f64) -> Vector {
    add(scale(a, 1.0 - t), scale(b, t))
}

/// 0 below `from`, 1 above `to`, smooth between.
fn step(from: f64, to: f64, x: f64) -> f64 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Two directions at right angles to a normal and to each other.
fn frame(normal: Vector) -> [Vector; 2] {
    let other = if normal[0].abs() < 0.6 { [1.0, 0.0, 0.0] } else { [0.0, 1.0, 0.0] };
    let u = unit(cross(other, normal));
    [u, cross(normal, u)]
}

/// Point k of the R2 sequence (M. Roberts, 2018) in the unit disc: points of the square outside the disc are left out.
fn in_disc(k: u32, points: &[[f64; 2]]) -> [f64; 2] {
    points[k as usize % points.len()]
}

fn disc_points() -> Vec<[f64; 2]> {
    let fraction = |x: f64| x - x.floor();
    let square = (1..4000).map(|k| {
        let k = f64::from(k);
        [2.0 * fraction(0.5 + k * 0.7548776662466927) - 1.0, 2.0 * fraction(0.5 + k * 0.5698402909980532) - 1.0]
    });
    square.filter(|p| p[0] * p[0] + p[1] * p[1] < 1.0).collect()
}

/// A number from 0 to 1 for a point of the integer lattice.
fn lattice(x: i64, y: i64, z: i64) -> f64 {
    let mut h = (x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
        ^ (z as u64).wrapping_mul(0x1656_67B1_9E37_79F9);
    h = (h ^ (h >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((h ^ (h >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Smooth noise from 0 to 1, with features of size 1.
fn noise(p: Vector) -> f64 {
    let cell = p.map(f64::floor);
    let at = [0, 1, 2].map(|i| step(0.0, 1.0, p[i] - cell[i]));
    let [x, y, z] = cell.map(|c| c as i64);
    let mut sum = 0.0;
    for corner in 0..8_i64 {
        let (dx, dy, dz) = (corner & 1, corner >> 1 & 1, corner >> 2);
        let weight = [dx, dy, dz].iter().zip(at).map(|(d, t)| if *d == 1 { t } else { 1.0 - t }).product::<f64>();
        sum += weight * lattice(x + dx, y + dy, z + dz);
    }
    sum
}

/// Sum of noise of halved sizes, from 0 to 1.
fn octaves(p: Vector, count: u32) -> f64 {
    let (mut sum, mut weight, mut factor) = (0.0, 0.5, 1.0);
    for _ in 0..count {
        sum += weight * noise(scale(p, factor));
        weight *= 0.5;
        factor *= 2.03;
    }
    sum
}

/// Light of the sky and of the hills below it.
fn sky(direction: Vector) -> Vector {
    const RIDGES: [(f64, f64, f64, Vector); 3] = [
        (0.030, 0.110, 2.1, [0.40, 0.40, 0.52]),
        (-0.022, 0.100, 3.3, [0.20, 0.25, 0.36]),
        (-0.095, 0.120, 4.6, [0.055, 0.10, 0.12]),
    ];
    let up = direction[1];
    let warm = [1.30, 0.80, 0.50];
    let pale = [0.86, 0.80, 0.78];
    let blue = [0.16, 0.33, 0.66];
    let deep = [0.05, 0.13, 0.36];
    let toward = 0.5 - 0.5 * direction[0];
    let mut color = mix(scale(warm, 0.75 + 0.45 * toward), pale, step(0.0, 0.11, up));
    color = mix(color, blue, step(0.05, 0.27, up));
    color = mix(color, deep, step(0.22, 0.9, up));
    if up < 0.2 && direction[2] > 0.05 {
        let x = direction[0] / direction[2];
        for (k, (base, height, size, haze)) in RIDGES.into_iter().enumerate() {
            let ridge = base + height * (octaves([size * x + 7.3 * k as f64, 0.5, k as f64], 4) - 0.45);
            if up < ridge {
                // Mist in the valleys.
                let mist = step(0.0, 0.13, ridge - up);
                color = mix(haze, mix(haze, [0.80, 0.60, 0.50], 0.55), mist);
            }
        }
    }
    if up < 0.0 && direction[2] <= 0.05 { mix(pale, [0.2, 0.16, 0.13], step(0.0, 0.5, -up)) } else { color }
}

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
enum Paint {
    Plain(Vector),
    Wood,
    Marble,
    Glaze,
    PearSkin,
    AppleSkin,
    Peel(Vector),
    Mirror,
}

struct Object {
    form: Form,
    center: Vector,
    /// Radius of a sphere around the form.
    radius: f64,
    /// Turn about the vertical: cosine and sine.
    turn: [f64; 2],
    paint: Paint,
    /// Reflectance at right angles; 0 is matt.
    gloss: f64,
}

fn object(form: Form, center: Vector, radius: f64, paint: Paint, gloss: f64) -> Object {
    Object { form, center, radius, turn: [1.0, 0.0], paint, gloss }
}

fn scene() -> Vec<Object> {
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
    fn turned(&self, p: Vector) -> Vector {
        let [c, s] = self.turn;
        [c * p[0] + s * p[2], p[1], c * p[2] - s * p[0]]
    }

    /// Distance along a ray to the surface, at most `most`.
    fn hit(&self, origin: Vector, direction: Vector, most: f64) -> Option<f64> {
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

    fn normal(&self, point: Vector) -> Vector {
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
fn color(paint: Paint, p: Vector) -> Vector {
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

/// A point of a surface.
struct Hit {
    point: Vector,
    normal: Vector,
    color: Vector,
    gloss: f64,
    /// Spread of reflections: 0 is sharp, and spread ones are weaker.
    spread: f64,
    mirror: bool,
}

struct Scene {
    objects: Vec<Object>,
    disc: Vec<[f64; 2]>,
    sun: Vector,
    sun_frame: [Vector; 2],
}

impl Scene {
    fn new() -> Self {
        let sun = unit(SUN);
        Self { objects: scene(), disc: disc_points(), sun, sun_frame: frame(sun) }
    }

    fn trace(&self, origin: Vector, direction: Vector) -> Option<Hit> {
        let mut most = f64::INFINITY;
        let mut nearest = None;
        for object in &self.objects {
            if let Some(t) = object.hit(origin, direction, most) {
                (most, nearest) = (t, Some(object));
            }
        }
        if direction[1] < -1e-9 {
            let t = origin[1] / -direction[1];
            let point = add(origin, scale(direction, t));
            if t > 1e-4 && t < most && point[2] < TABLE_END && point[2] > -9.0 && point[0].abs() < 9.0 {
                let color = color(Paint::Wood, point);
                return Some(Hit { point, normal: [0.0, 1.0, 0.0], color, gloss: 0.03, spread: 0.05, mirror: false });
            }
        }
        let object = nearest?;
        let point = add(origin, scale(direction, most));
        let local = object.turned(sub(point, object.center));
        let mut normal = object.normal(point);
        if matches!(object.paint, Paint::Peel(_)) {
            // Pores: the slope of fine noise tilts the normal.
            let p = scale(local, 15.0);
            let slope = [0, 1, 2].map(|i| {
                let mut q = p;
                q[i] += 0.3;
                noise(q) - noise(p)
            });
            normal = unit(sub(normal, scale(slope, 0.42)));
        }
        let mirror = matches!(object.paint, Paint::Mirror);
        Some(Hit { point, normal, color: color(object.paint, local), gloss: object.gloss, spread: 0.0, mirror })
    }

    fn blocked(&self, origin: Vector, direction: Vector) -> bool {
        self.objects.iter().any(|object| object.hit(origin, direction, f64::INFINITY).is_some())
    }

    /// Light that a matt surface reflects, with `sun` and `sky` directions from number `k` on.
    fn matt(&self, hit: &Hit, k: u32, sun: u32, sky_samples: u32) -> Vector {
        let origin = add(hit.point, scale(hit.normal, 1e-3));
        let mut light = [0.0; 3];
        for i in 0..sun {
            let [u, v] = in_disc(sun * k + i, &self.disc);
            let [a, b] = self.sun_frame;
            let offset = add(scale(a, SUN_RADIUS * u), scale(b, SUN_RADIUS * v));
            let direction = unit(add(self.sun, offset));
            let cosine = dot(hit.normal, direction);
            if cosine > 0.0 && !self.blocked(origin, direction) {
                light = add(light, scale(SUN_LIGHT, cosine / f64::from(sun)));
            }
        }
        let [a, b] = frame(hit.normal);
        for i in 0..sky_samples {
            // Points of the disc, lifted to the hemisphere: density as the cosine.
            let [u, v] = in_disc(sky_samples * k + i, &self.disc);
            let up = (1.0 - u * u - v * v).max(0.0).sqrt();
            let direction = add(scale(hit.normal, up), add(scale(a, u), scale(b, v)));
            let from = match self.trace(origin, direction) {
                Some(other) => self.rough(&other),
                None => sky(direction),
            };
            light = add(light, scale(from, 1.0 / f64::from(sky_samples)));
        }
        times(light, hit.color)
    }

    /// Light of a surface that lights another one: sun with a hard shadow, sky without shadow.
    fn rough(&self, hit: &Hit) -> Vector {
        let origin = add(hit.point, scale(hit.normal, 1e-3));
        let cosine = dot(hit.normal, self.sun);
        let sun = if cosine > 0.0 && !self.blocked(origin, self.sun) { cosine } else { 0.0 };
        let ambient = scale([0.42, 0.42, 0.47], 0.6 + 0.4 * hit.normal[1]);
        times(add(scale(SUN_LIGHT, sun), ambient), hit.color)
    }

    /// Sky with the soft disc of the sun, for reflections.
    fn bright(&self, direction: Vector) -> Vector {
        let near = dot(direction, self.sun).max(0.0);
        let disc = step(0.9945, 0.9975, near);
        // near^64: a glow
        let glow = (0..6).fold(near, |power, _| power * power);
        add(sky(direction), add(scale(SUN_LIGHT, 16.0 * disc), scale(SUN_LIGHT, 0.35 * glow)))
    }

    /// Light along a camera ray; `k` is the number of the ray in its pixel.
    fn light(&self, origin: Vector, direction: Vector, k: u32, depth: u32) -> Vector {
        let Some(hit) = self.trace(origin, direction) else {
            return if depth == 0 { sky(direction) } else { self.bright(direction) };
        };
        let cosine = dot(hit.normal, direction).min(0.0);
        let mirrored = sub(direction, scale(hit.normal, 2.0 * cosine));
        let base = add(hit.point, scale(hit.normal, 1e-3));
        let miss = 1.0 + cosine;
        // Schlick's form of Fresnel's reflectance.
        let reflected = (hit.gloss + (1.0 - hit.gloss) * miss * miss * miss * miss * miss) / (1.0 + 20.0 * hit.spread);
        if hit.mirror && depth < 2 {
            return scale(times(self.light(base, mirrored, k, depth + 1), hit.color), reflected);
        }
        let few = if depth == 0 { (SUN_SAMPLES, SKY_SAMPLES) } else { (2, 5) };
        let matt = self.matt(&hit, k, few.0, few.1);
        if hit.gloss == 0.0 || depth > 1 {
            return matt;
        }
        let [a, b] = frame(hit.normal);
        let [u, v] = in_disc(k, &self.disc);
        let mirrored = unit(add(mirrored, scale(add(scale(a, u), scale(b, 2.0 * v)), hit.spread)));
        let mirrored_light = match self.trace(base, mirrored) {
            Some(other) if other.mirror => sky(mirrored),
            Some(other) => self.rough(&other),
            None => self.bright(mirrored),
        };
        add(scale(matt, 1.0 - reflected), scale(mirrored_light, reflected))
    }
}

/// Linear light that the film shows, from 0 to 1.
fn film(x: f64) -> f64 {
    let x = 0.50 * x;
    (x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)).clamp(0.0, 1.0)
}

/// The picture's renderer: 8-bit sRGB, row by row.
pub(crate) struct Renderer {
    scene: Scene,
    /// Linear light between neighbouring codes.
    borders: Vec<f64>,
}

impl Renderer {
    pub(crate) fn new() -> Self {
        let light = |code: u16| f64::from(light(257 * code)) / f64::from(u32::MAX);
        let borders = (0..255).map(|code| 0.5 * (light(code) + light(code + 1))).collect();
        Self { scene: Scene::new(), borders }
    }

    pub(crate) fn row(&self, y: u32) -> Vec<u8> {
        let forward = unit(sub(TARGET, EYE));
        let right = unit(cross([0.0, 1.0, 0.0], forward));
        let up = cross(forward, right);
        let mut pixels = Vec::with_capacity(3 * WIDTH as usize);
        for x in 0..WIDTH {
            let mut sum = [0.0; 3];
            for k in 0..PIXEL_SAMPLES * PIXEL_SAMPLES {
                let part = |number: u32| (f64::from(number) + 0.5) / f64::from(PIXEL_SAMPLES);
                let size = f64::from(HEIGHT) / FIELD;
                let sx = (f64::from(x) + part(k % PIXEL_SAMPLES) - f64::from(WIDTH) / 2.0) / size;
                let sy = (f64::from(HEIGHT) / 2.0 - f64::from(y) - part(k / PIXEL_SAMPLES)) / size;
                let direction = unit(add(forward, add(scale(right, sx), scale(up, sy))));
                let vignette = 1.0 - 0.9 * (sx * sx + sy * sy);
                // A film does not see more than it can show: one bright ray does not fill a pixel.
                let light = self.scene.light(EYE, direction, k, 0).map(|x| film(x * vignette));
                sum = add(sum, light);
            }
            let mean = scale(sum, 1.0 / f64::from(PIXEL_SAMPLES * PIXEL_SAMPLES));
            // Fits: there are 255 borders.
            pixels.extend(mean.map(|light| self.borders.partition_point(|border| *border <= light) as u8));
        }
        pixels
    }
}

#[allow(dead_code, reason = "a test includes this file for `Renderer`")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: sample FILE.png")?;
    let renderer = Renderer::new();
    let threads = std::thread::available_parallelism()?.get() as u32;
    let mut rows = vec![Vec::new(); HEIGHT as usize];
    std::thread::scope(|scope| {
        let work = |first: u32| {
            let renderer = &renderer;
            move || (first..HEIGHT).step_by(threads as usize).map(|y| (y, renderer.row(y))).collect::<Vec<_>>()
        };
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(work(first))).collect();
        for thread in running {
            for (y, row) in thread.join().unwrap_or_default() {
                rows[y as usize] = row;
            }
        }
    });
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rows.concat())?;
    writer.finish()?;
    Ok(())
}
