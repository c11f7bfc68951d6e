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

mod object;
mod vector;

use bluegrad::dither::light;
use object::*;
use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use vector::*;

/// Size of the picture, in pixels.
pub(crate) const WIDTH: u32 = 512;
pub(crate) const HEIGHT: u32 = 384;

/// Camera rays per pixel along each side.
const PIXEL_SAMPLES: u32 = 4;
/// Directions to the sun, and of the sky, per camera ray.
const SUN_SAMPLES: u32 = 9;
const SKY_SAMPLES: u32 = 26;

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
