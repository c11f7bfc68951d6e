//! How good a point set is: its spectrum, its distances, its errors of integration. Any set, on the unit torus.

use super::decibels;
use crate::error::Error;
use bytemuck::{Pod, Zeroable};
use core::f64::consts::TAU;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// Most points that [`point_quality`] takes.
pub const MOST_MEASURED_POINTS: usize = 1 << 17;

/// Integrands of each kind in [`point_errors`].
const INTEGRANDS: u32 = 512;

/// Frequencies times points that [`point_quality`] computes at most, about: some seconds.
const MOST_WORK: u64 = 1 << 32;

/// √(2/√3): the principal frequency of a set, that of the hexagonal lattice of as many points, is this times √N.
const HEXAGONAL: f64 = 1.074_569_931_823_542;

/// Turns of a coordinate.
const TURN: f64 = 1.0 / 4_294_967_296.0;

/// Quality of a point set. P is the radial power: the mean of |S(f)|²/N over the frequencies whose |f| rounds to an integer, 1 for random points;
/// fp the principal frequency 1.0746·√N.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct PointQuality {
    /// Mean power over 0 < |f| ≤ fp/4, and over 0 < |f| ≤ fp/2: dB, 0 for random points, lower is better. NaN without a frequency.
    pub low_power: [f64; 2],
    /// Mean power over fp/2 < |f| ≤ 0.7·fp, dB.
    pub middle_power: f64,
    /// Effective Nyquist frequency: where P first reaches 0.1, between rings by a line; in √N.
    pub nyquist: f64,
    /// Oscillation: root of the mean of (P − 1)² over the rings from the effective Nyquist frequency to 2.5·√N. 0 is a flat spectrum.
    pub oscillation: f64,
    /// Least distance of two points, 1 for the hexagonal lattice of as many points.
    pub min_distance: f64,
    /// Mean over the rings from the effective Nyquist frequency to 2.5·√N of variance/mean² of their powers, dB: 0 for a set without direction.
    pub anisotropy: f64,
    /// Largest |S(f)|²/N up to 2.5·√N: about 10 for noise, N for a lattice. Lattices win the other figures.
    pub peak: f64,
}

/// The spectrum of a set of points that is measured: frequencies up to `radius`, in rows of u = 0, k, 2k and so on.
struct Rows {
    radius: usize,
    stride: usize,
    rows: usize,
    /// Elements of a row: v from −radius on, whole chunks.
    len: usize,
}

/// Frequencies of a chunk: as many independent products.
const CHUNK: usize = 8;

impl Rows {
    fn new(count: usize) -> Result<Self, Error> {
        if !(2..=MOST_MEASURED_POINTS).contains(&count) {
            return Err(Error::MeasuredPoints { got: count });
        }
        let radius = libm::ceil(2.5 * libm::sqrt(count as f64)) as usize;
        let work = (count * (radius + 1)) as u64 * (2 * radius + 1) as u64;
        let stride = work.div_ceil(MOST_WORK) as usize;
        Ok(Self { radius, stride, rows: radius / stride.max(1) + 1, len: (2 * radius + 1).next_multiple_of(CHUNK) })
    }

    /// Power, sum of squares and number of frequencies of each ring follow the sums of cosines and sines.
    const fn rings(&self) -> usize {
        2 * self.rows * self.len
    }

    /// Calls `each(|f|, power)` for the frequencies of the half plane.
    fn each(&self, sums: &[f64], count: usize, each: &mut dyn FnMut(f64, f64)) {
        let (re, im) = sums.split_at_checked(self.rows * self.len).unwrap_or_default();
        for (row, (re, im)) in re.chunks_exact(self.len.max(1)).zip(im.chunks_exact(self.len.max(1))).enumerate() {
            let u = (row * self.stride) as f64;
            for (i, (re, im)) in re.iter().zip(im).enumerate().take(2 * self.radius + 1) {
                let v = i as f64 - self.radius as f64;
                if row > 0 || v > 0.0 {
                    each(libm::sqrt(u * u + v * v), (re * re + im * im) / count as f64);
                }
            }
        }
    }
}

/// Elements of scratch that [`point_quality`] and [`radial_power`] need.
///
/// # Errors
/// [`Error::MeasuredPoints`].
pub fn point_scratch_len(count: usize) -> Result<usize, Error> {
    let rows = Rows::new(count)?;
    Ok(rows.rings() + 3 * (rows.radius + 1))
}

/// Rings that [`radial_power`] writes: |f| from 0 to 2.5·√N, rounded up.
///
/// # Errors
/// [`Error::MeasuredPoints`].
pub fn point_rings(count: usize) -> Result<usize, Error> {
    Ok(Rows::new(count)?.radius + 1)
}

fn complex_product([a, b]: [f64; 2], [c, d]: [f64; 2]) -> [f64; 2] {
    [a * c - b * d, a * d + b * c]
}

/// exp(2πi·turn), the turn in units of 2⁻³².
fn phase(turn: u32) -> [f64; 2] {
    let angle = TAU * TURN * f64::from(turn);
    [libm::cos(angle), libm::sin(angle)]
}

/// Adds one point to the sums of a row: exp(2πi(ux + vy)) of v from −radius on, of which the first is `start`.
#[inline(never)]
fn add_row(re: &mut [f64], im: &mut [f64], start: [f64; 2], powers: &[[f64; 2]; CHUNK], step: [f64; 2]) {
    let (mut c, mut s) = ([0.0; CHUNK], [0.0; CHUNK]);
    for i in 0..CHUNK {
        [c[i], s[i]] = complex_product(start, powers[i]);
    }
    for (re, im) in re.as_chunks_mut::<CHUNK>().0.iter_mut().zip(im.as_chunks_mut::<CHUNK>().0) {
        for i in 0..CHUNK {
            re[i] += c[i];
            im[i] += s[i];
        }
        for i in 0..CHUNK {
            let (a, b) = (c[i], s[i]);
            c[i] = a * step[0] - b * step[1];
            s[i] = a * step[1] + b * step[0];
        }
    }
}

/// The rows, the sums of cosines and of sines, and of each ring the sum of powers, of their squares, and their number.
type Spectrum<'s> = (Rows, &'s [f64], [&'s [f64]; 3]);

/// Computes the spectrum of a set.
fn spectrum<'s>(points: &[[u32; 2]], scratch: &'s mut [f64]) -> Result<Spectrum<'s>, Error> {
    let rows = Rows::new(points.len())?;
    let (needed, got) = (point_scratch_len(points.len())?, scratch.len());
    let scratch = scratch.get_mut(..needed).ok_or(Error::Length { what: "scratch", needed, got })?;
    scratch.fill(0.0);
    let (sums, rings) = scratch.split_at_mut_checked(rows.rings()).unwrap_or_default();
    let (re, im) = sums.split_at_mut_checked(rows.rows * rows.len).unwrap_or_default();
    for [x, y] in points {
        let mut powers = [[1.0, 0.0]; CHUNK];
        for (power, i) in powers.iter_mut().zip(0_u32..) {
            *power = phase(y.wrapping_mul(i));
        }
        let step = phase(y.wrapping_mul(CHUNK as u32));
        let chunks = re.chunks_exact_mut(rows.len.max(1)).zip(im.chunks_exact_mut(rows.len.max(1)));
        for (row, (re, im)) in chunks.enumerate() {
            let start = x.wrapping_mul((row * rows.stride) as u32).wrapping_sub(y.wrapping_mul(rows.radius as u32));
            add_row(re, im, phase(start), &powers, step);
        }
    }
    let size = rows.radius + 1;
    let (power, rest) = rings.split_at_mut_checked(size).unwrap_or_default();
    let (squares, number) = rest.split_at_mut_checked(size).unwrap_or_default();
    rows.each(sums, points.len(), &mut |f, value| {
        let ring = libm::round(f) as usize;
        if let (Some(power), Some(square)) = (power.get_mut(ring), squares.get_mut(ring))
            && let Some(number) = number.get_mut(ring)
        {
            *power += value;
            *square += value * value;
            *number += 1.0;
        }
    });
    Ok((rows, sums, [power, squares, number]))
}

/// Computes the radial power: the mean of |S(f)|²/N over the frequencies of each ring, 1 for random points. Ring 0 is 0.
///
/// `to` has [`point_rings`] elements, `scratch` at least [`point_scratch_len`]. Of more than about 8000 points every second row of
/// frequencies is looked at, or fewer.
///
/// # Errors
/// [`Error::MeasuredPoints`], [`Error::Length`].
pub fn radial_power(points: &[[u32; 2]], to: &mut [f64], scratch: &mut [f64]) -> Result<(), Error> {
    crate::error::length("rings", point_rings(points.len())?, to.len())?;
    let (_, _, [power, _, number]) = spectrum(points, scratch)?;
    for (to, (power, number)) in to.iter_mut().zip(power.iter().zip(number)) {
        *to = if *number > 0.0 { power / number } else { 0.0 };
    }
    Ok(())
}

/// Computes the figures of a set, positions on the torus in units of 2⁻³² of its side. `scratch` as for [`radial_power`].
///
/// # Errors
/// [`Error::MeasuredPoints`] for fewer than 2 or more than 131072 points, [`Error::Length`].
pub fn point_quality(points: &[[u32; 2]], scratch: &mut [f64]) -> Result<PointQuality, Error> {
    let (rows, sums, [power, squares, number]) = spectrum(points, scratch)?;
    let root = libm::sqrt(points.len() as f64);
    let principal = HEXAGONAL * root;
    let (mut bands, mut counts, mut peak) = ([0.0; 3], [0.0; 3], 0.0_f64);
    rows.each(sums, points.len(), &mut |f, value| {
        let inside = [f <= 0.25 * principal, f <= 0.5 * principal, f > 0.5 * principal && f <= 0.7 * principal];
        for i in 0..3 {
            if inside[i] {
                bands[i] += value;
                counts[i] += 1.0;
            }
        }
        if f <= 2.5 * root && value > peak {
            peak = value;
        }
    });
    for i in 0..3 {
        bands[i] = if counts[i] > 0.0 { decibels(bands[i] / counts[i]) } else { f64::NAN };
    }
    let [quarter, half, middle] = bands;
    let mean = |ring: usize| match (power.get(ring), number.get(ring)) {
        (Some(power), Some(number)) if *number > 0.0 => power / number,
        _ => 0.0,
    };
    let mut nyquist = 0.0;
    for ring in 1..=rows.radius {
        let (before, here) = (mean(ring - 1), mean(ring));
        if here > 0.1 {
            nyquist = ((ring - 1) as f64 + (0.1 - before) / (here - before)) / root;
            break;
        }
    }
    let (mut oscillation, mut anisotropy, mut rings) = (0.0, 0.0, 0.0);
    for ring in 1..=rows.radius {
        let f = ring as f64;
        if f < nyquist * root || f > 2.5 * root {
            continue;
        }
        let (here, squares) = (mean(ring), squares.get(ring).copied().unwrap_or_default());
        let variance = squares / number.get(ring).copied().unwrap_or(1.0).max(1.0) - here * here;
        oscillation += (here - 1.0) * (here - 1.0);
        anisotropy += decibels(variance / (here * here));
        rings += 1.0;
    }
    Ok(PointQuality {
        low_power: [quarter, half],
        middle_power: middle,
        nyquist,
        oscillation: libm::sqrt(oscillation / rings),
        min_distance: min_distance(points) * root / HEXAGONAL,
        anisotropy: anisotropy / rings,
        peak,
    })
}

/// Least distance of two points on the torus, in its sides. Each point is compared with those after it; nothing is stored.
fn min_distance(points: &[[u32; 2]]) -> f64 {
    let mut least = u64::MAX;
    for (i, a) in points.iter().enumerate() {
        for b in points.get(i + 1..).unwrap_or_default() {
            // signed differences are the short way around; halves, so that the sum of squares fits
            let dx = i64::from(a[0].wrapping_sub(b[0]) as i32);
            let dy = i64::from(a[1].wrapping_sub(b[1]) as i32);
            least = least.min((dx * dx) as u64 + (dy * dy) as u64);
        }
    }
    libm::sqrt(least as f64) * TURN
}

/// Errors of integration of a set: root of the mean square over 512 random integrands of each kind, dB relative to as many random
/// points. 0 for random points, lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct PointErrors {
    /// Disks on the torus, radius uniform in 0.05 to 0.45.
    pub disk: f64,
    /// Gaussians on the torus, standard deviation uniform in 0.03 to 0.12.
    pub gaussian: f64,
    /// Products of two tents on the torus, `(1 − 2|x − a|)(1 − 2|y − b|)`.
    pub tent: f64,
    /// Half-planes in the square, through a random point at a random angle.
    pub half_plane: f64,
    /// `(1 + a(2x − 1))(1 + b(2y − 1))` in the square, a and b uniform in −1 to 1: does not join at the square's sides.
    pub bilinear: f64,
}

/// An integrand: its values, its integral and the integral of its square.
struct Integrand<'f> {
    value: &'f dyn Fn(f64, f64) -> f64,
    integral: f64,
    square: f64,
}

/// Computes the errors of a set, or of a prefix of one.
///
/// # Errors
/// [`Error::MeasuredPoints`] without a point.
pub fn point_errors(points: &[[u32; 2]], seed: u64) -> Result<PointErrors, Error> {
    if points.is_empty() {
        return Err(Error::MeasuredPoints { got: 0 });
    }
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    let mut uniform = |least: f64, most: f64| least + (most - least) * f64::from(rng.next_u32()) * TURN;
    let count = points.len() as f64;
    let (mut errors, mut variances) = ([0.0; 5], [0.0; 5]);
    let mut add = |kind: usize, integrand: &Integrand<'_>| {
        let value = |point: &[u32; 2]| (integrand.value)(TURN * f64::from(point[0]), TURN * f64::from(point[1]));
        let error = points.iter().map(value).sum::<f64>() / count - integrand.integral;
        errors[kind] += error * error;
        variances[kind] += (integrand.square - integrand.integral * integrand.integral) / count;
    };
    for _ in 0..INTEGRANDS {
        let (a, b) = (uniform(0.0, 1.0), uniform(0.0, 1.0));
        let around = |x: f64, a: f64| {
            let d = libm::fabs(x - a);
            if d > 0.5 { 1.0 - d } else { d }
        };
        let radius = uniform(0.05, 0.45);
        let area = core::f64::consts::PI * radius * radius;
        let disk = |x: f64, y: f64| {
            let (dx, dy) = (around(x, a), around(y, b));
            f64::from(u8::from(dx * dx + dy * dy < radius * radius))
        };
        add(0, &Integrand { value: &disk, integral: area, square: area });

        let sigma = uniform(0.03, 0.12);
        let gaussian = |x: f64, y: f64| {
            let (dx, dy) = (around(x, a), around(y, b));
            libm::exp(-(dx * dx + dy * dy) / (2.0 * sigma * sigma))
        };
        // beyond half a side there are less than 4e-5 of the integral
        let integral = |sigma: f64| {
            let one = libm::sqrt(TAU) * sigma * libm::erf(0.5 / (core::f64::consts::SQRT_2 * sigma));
            one * one
        };
        let square = integral(sigma / core::f64::consts::SQRT_2);
        add(1, &Integrand { value: &gaussian, integral: integral(sigma), square });

        let tent = |x: f64, y: f64| (1.0 - 2.0 * around(x, a)) * (1.0 - 2.0 * around(y, b));
        add(2, &Integrand { value: &tent, integral: 0.25, square: 1.0 / 9.0 });

        let angle = uniform(0.0, TAU);
        let (p, q) = (libm::cos(angle), libm::sin(angle));
        let offset = p * a + q * b;
        let half_plane = |x: f64, y: f64| f64::from(u8::from(p * x + q * y < offset));
        let area = half_plane_area([p, q], offset);
        add(3, &Integrand { value: &half_plane, integral: area, square: area });

        let (a, b) = (2.0 * a - 1.0, 2.0 * b - 1.0);
        let bilinear = |x: f64, y: f64| (1.0 + a * (2.0 * x - 1.0)) * (1.0 + b * (2.0 * y - 1.0));
        add(4, &Integrand { value: &bilinear, integral: 1.0, square: (1.0 + a * a / 3.0) * (1.0 + b * b / 3.0) });
    }
    let relative = |kind: usize| decibels(errors[kind] / variances[kind]);
    Ok(PointErrors {
        disk: relative(0),
        gaussian: relative(1),
        tent: relative(2),
        half_plane: relative(3),
        bilinear: relative(4),
    })
}

/// Area of the unit square where p·x + q·y < offset: the triangle at a corner, less those beyond the next corners.
fn half_plane_area([p, q]: [f64; 2], offset: f64) -> f64 {
    // mirrored, so that neither is negative
    let offset = offset - p.min(0.0) - q.min(0.0);
    let (p, q) = (libm::fabs(p).max(1e-9), libm::fabs(q).max(1e-9));
    let square = |x: f64| x.max(0.0) * x.max(0.0);
    (square(offset) - square(offset - p) - square(offset - q) + square(offset - p - q)) / (2.0 * p * q)
}
