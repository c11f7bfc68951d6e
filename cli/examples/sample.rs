//! Renders `docs/sample.png`, the picture that the README dithers.
//!
//! Three spheres on a floor, soft shadows, a sky gradient. Command: `cargo run --release -p bluegrad-cli --example sample --
//! docs/sample.png`
//!
//! The pixels are the same on every machine: the arithmetic is + − × ÷ and square roots in f64, which IEEE 754 fixes to the last
//! bit.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;

/// Size of the picture, in pixels.
pub(crate) const WIDTH: u32 = 320;
pub(crate) const HEIGHT: u32 = 200;

/// Samples per pixel along each side.
const PIXEL_SAMPLES: u32 = 2;

/// Samples of the light source along each side.
const LIGHT_SAMPLES: u32 = 6;

/// A square light above the scene: a corner and two sides.
const LIGHT: Vector = [-5.0, 7.0, -4.0];
const LIGHT_U: Vector = [3.0, 0.0, 0.0];
const LIGHT_V: Vector = [0.0, 0.0, 3.0];

/// Position of the camera.
const EYE: Vector = [0.0, 1.6, -6.0];

const SPHERES: [Sphere; 3] = [
    Sphere { center: [-1.9, 1.0, 0.6], radius: 1.0, albedo: 0.85 },
    Sphere { center: [0.4, 0.7, -0.9], radius: 0.7, albedo: 0.55 },
    Sphere { center: [2.2, 1.3, 1.6], radius: 1.3, albedo: 0.95 },
];

type Vector = [f64; 3];

struct Sphere {
    center: Vector,
    radius: f64,
    /// Fraction of light that the surface reflects.
    albedo: f64,
}

fn add(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

fn scale(a: Vector, factor: f64) -> Vector {
    [a[0] * factor, a[1] * factor, a[2] * factor]
}

fn sub(a: Vector, b: Vector) -> Vector {
    add(a, scale(b, -1.0))
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn unit(a: Vector) -> Vector {
    scale(a, 1.0 / dot(a, a).sqrt())
}

impl Sphere {
    /// Distance along a ray to the nearest point ahead.
    ///
    /// The direction has unit length.
    fn hit(&self, origin: Vector, direction: Vector) -> Option<f64> {
        let to_center = sub(self.center, origin);
        let along = dot(to_center, direction);
        let under_root = self.radius * self.radius - (dot(to_center, to_center) - along * along);
        let distance = along - under_root.max(0.0).sqrt();
        (under_root > 0.0 && distance > 1e-6).then_some(distance)
    }
}

/// Light at a point of a surface, from 0 to 1: the mean over samples of the light.
fn light_at(point: Vector, normal: Vector) -> f64 {
    let mut sum = 0.0;
    for index in 0..LIGHT_SAMPLES * LIGHT_SAMPLES {
        let part = |number: u32| (f64::from(number) + 0.5) / f64::from(LIGHT_SAMPLES);
        let (u, v) = (part(index % LIGHT_SAMPLES), part(index / LIGHT_SAMPLES));
        let source = add(LIGHT, add(scale(LIGHT_U, u), scale(LIGHT_V, v)));
        let direction = unit(sub(source, point));
        let cosine = dot(normal, direction);
        // The light is above all spheres, so a hit lies before the light.
        if cosine > 0.0 && SPHERES.iter().all(|sphere| sphere.hit(point, direction).is_none()) {
            sum += cosine;
        }
    }
    sum / f64::from(LIGHT_SAMPLES * LIGHT_SAMPLES)
}

/// Luminance along a ray, from 0 to 1.
fn luminance(direction: Vector) -> f64 {
    let hits = SPHERES.iter().filter_map(|sphere| Some((sphere.hit(EYE, direction)?, sphere)));
    let sky = 0.12 + 0.75 * (1.0 - direction[1].max(0.0)) * (1.0 - direction[1].max(0.0));
    if let Some((distance, sphere)) = hits.min_by(|(a, _), (b, _)| a.total_cmp(b)) {
        let point = add(EYE, scale(direction, distance));
        let normal = scale(sub(point, sphere.center), 1.0 / sphere.radius);
        let ambient = 0.16 + 0.08 * normal[1];
        return sphere.albedo * (ambient + 0.85 * light_at(point, normal));
    }
    if direction[1] < -1e-3 {
        let point = add(EYE, scale(direction, EYE[1] / -direction[1]));
        let floor = 0.7 * (0.22 + 0.8 * light_at(point, [0.0, 1.0, 0.0]));
        // Towards the horizon the floor fades into the sky.
        let fade = point[2].max(0.0) / (point[2].max(0.0) + 9.0);
        return floor + (sky - floor) * fade;
    }
    sky
}

/// The picture: 8-bit grey, row by row, with a gamma of 2.
pub(crate) fn render() -> Vec<u8> {
    let mut pixels = Vec::with_capacity((WIDTH * HEIGHT) as usize);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let mut sum = 0.0;
            for index in 0..PIXEL_SAMPLES * PIXEL_SAMPLES {
                let part = |number: u32| (f64::from(number) + 0.5) / f64::from(PIXEL_SAMPLES);
                let right = f64::from(x) + part(index % PIXEL_SAMPLES) - f64::from(WIDTH) / 2.0;
                let up = f64::from(HEIGHT) / 2.0 - f64::from(y) - part(index / PIXEL_SAMPLES);
                let size = f64::from(HEIGHT);
                sum += luminance(unit([right / size, up / size - 0.12, 1.1]));
            }
            let mean = sum / f64::from(PIXEL_SAMPLES * PIXEL_SAMPLES);
            pixels.push((255.0 * mean.clamp(0.0, 1.0).sqrt() + 0.5) as u8);
        }
    }
    pixels
}

#[allow(dead_code, reason = "a test includes this file for `render`")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("usage: sample FILE.png")?;
    let mut encoder = png::Encoder::new(BufWriter::new(File::create(path)?), WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&render())?;
    writer.finish()?;
    Ok(())
}
