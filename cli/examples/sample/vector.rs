//! Vectors, directions and noise.

pub(super) type Vector = [f64; 3];

pub(super) fn add(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

pub(super) fn scale(a: Vector, factor: f64) -> Vector {
    a.map(|x| x * factor)
}

pub(super) fn sub(a: Vector, b: Vector) -> Vector {
    add(a, scale(b, -1.0))
}

pub(super) fn times(a: Vector, b: Vector) -> Vector {
    [a[0] * b[0], a[1] * b[1], a[2] * b[2]]
}

pub(super) fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

pub(super) fn length(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

pub(super) fn unit(a: Vector) -> Vector {
    scale(a, 1.0 / length(a))
}

pub(super) fn mix(a: Vector, b: Vector, t: f64) -> Vector {
    add(scale(a, 1.0 - t), scale(b, t))
}

/// 0 below `from`, 1 above `to`, smooth between.
pub(super) fn step(from: f64, to: f64, x: f64) -> f64 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Two directions at right angles to a normal and to each other.
pub(super) fn frame(normal: Vector) -> [Vector; 2] {
    let other = if normal[0].abs() < 0.6 { [1.0, 0.0, 0.0] } else { [0.0, 1.0, 0.0] };
    let u = unit(cross(other, normal));
    [u, cross(normal, u)]
}

/// Point k of the R2 sequence (M. Roberts, 2018) in the unit disc: points of the square outside the disc are left out.
pub(super) fn in_disc(k: u32, points: &[[f64; 2]]) -> [f64; 2] {
    points[k as usize % points.len()]
}

pub(super) fn disc_points() -> Vec<[f64; 2]> {
    let fraction = |x: f64| x - x.floor();
    let square = (1..4000).map(|k| {
        let k = f64::from(k);
        [2.0 * fraction(0.5 + k * 0.7548776662466927) - 1.0, 2.0 * fraction(0.5 + k * 0.5698402909980532) - 1.0]
    });
    square.filter(|p| p[0] * p[0] + p[1] * p[1] < 1.0).collect()
}

/// A number from 0 to 1 for a point of the integer lattice.
pub(super) fn lattice(x: i64, y: i64, z: i64) -> f64 {
    let mut h = (x as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        ^ (y as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
        ^ (z as u64).wrapping_mul(0x1656_67B1_9E37_79F9);
    h = (h ^ (h >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((h ^ (h >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Smooth noise from 0 to 1, with features of size 1.
pub(super) fn noise(p: Vector) -> f64 {
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
pub(super) fn octaves(p: Vector, count: u32) -> f64 {
    let (mut sum, mut weight, mut factor) = (0.0, 0.5, 1.0);
    for _ in 0..count {
        sum += weight * noise(scale(p, factor));
        weight *= 0.5;
        factor *= 2.03;
    }
    sum
}
