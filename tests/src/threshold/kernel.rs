//! Truncated kernels as tables, in f64.

use std::f64::consts::PI;

/// One Gaussian of a mixture. A mixture is `K(r²) = Σ (weight/sigma²)·exp(−r²/(2·sigma²))`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// Its standard deviation, pixels.
    pub sigma: f32,
    /// Its share of the sum, up to a common factor.
    pub weight: f32,
}

/// A ring in frequency that joins a polish kernel with `weight·2π·b(r)`: b is the inverse 2-D transform of
/// `exp(−(f/cutoff)^exponent)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Its factor.
    pub weight: f32,
    /// Where it has fallen to 1/e, cycles/pixel.
    pub cutoff: f32,
    /// How steeply it falls.
    pub exponent: f32,
}

/// `exp(−r²/(2·sigma²))`.
#[must_use]
pub fn gaussian(r2: f64, sigma: f64) -> f64 {
    libm::exp(-r2 / (2.0 * sigma * sigma))
}

/// `Σ_j (c_j/s_j²)·exp(−r²/(2·s_j²))`.
#[must_use]
pub fn mixture(r2: f64, components: &[Component]) -> f64 {
    let one = |c: &Component| {
        let sigma = f64::from(c.sigma);
        f64::from(c.weight) / (sigma * sigma) * gaussian(r2, sigma)
    };
    components.iter().map(one).sum()
}

impl Band {
    /// `b(r) = 2π ∫₀^∞ f·exp(−(f/cutoff)^exponent)·J₀(2πfr) df`, by Simpson's rule with 64 intervals on
    /// 0 ≤ f ≤ 2·cutoff.
    #[must_use]
    pub fn transform(&self, r: f64) -> f64 {
        let (cutoff, exponent) = (f64::from(self.cutoff), f64::from(self.exponent));
        let h = 2.0 * cutoff / 64.0;
        let mut sum = 0.0;
        for i in 0..=64 {
            let f = f64::from(i) * h;
            let factor = match i {
                0 | 64 => 1.0,
                i if i % 2 == 1 => 4.0,
                _ => 2.0,
            };
            sum += factor * f * libm::exp(-libm::pow(f / cutoff, exponent)) * libm::j0(2.0 * PI * f * r);
        }
        2.0 * PI * sum * h / 3.0
    }
}

/// A square window of a kernel on a W x H torus, summed over its wraps.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Columns, `min(2R + 1, W)`.
    pub columns: usize,
    /// Rows, `min(2R + 1, H)`.
    pub rows: usize,
    /// `rows * columns` values: entry (i, j), at `j * columns + i`, stands for the offset (i − columns/2, j − rows/2).
    pub values: Vec<f64>,
}

impl Table {
    /// `f(i, j) = Σ_b Σ_a k((dx + a·W)² + (dy + b·H)²)` over the wraps with both distances at most R.
    #[must_use]
    pub fn new(width: usize, height: usize, radius: usize, k: impl Fn(f64) -> f64) -> Self {
        let (columns, rows) = ((2 * radius + 1).min(width), (2 * radius + 1).min(height));
        let mut values = Vec::new();
        for j in 0..rows {
            for i in 0..columns {
                let mut sum = 0.0;
                for dy in wraps(j as i64 - (rows / 2) as i64, height as i64, radius as i64) {
                    for dx in wraps(i as i64 - (columns / 2) as i64, width as i64, radius as i64) {
                        sum += k((dx * dx + dy * dy) as f64);
                    }
                }
                values.push(sum);
            }
        }
        Self { columns, rows, values }
    }

    /// A Gaussian, which is separable: the product of `Σ_a exp(−(dx + a·W)²/(2·sigma²))` over the wraps within R, and the same of the rows.
    #[must_use]
    pub fn gaussian(width: usize, height: usize, radius: usize, sigma: f64) -> Self {
        let axis = |side: usize| -> Vec<f64> {
            let count = (2 * radius + 1).min(side);
            let wraps = |i: usize| wraps(i as i64 - (count / 2) as i64, side as i64, radius as i64);
            (0..count).map(|i| wraps(i).map(|d| gaussian((d * d) as f64, sigma)).sum()).collect()
        };
        let (columns, rows) = (axis(width), axis(height));
        let values = rows.iter().flat_map(|row| columns.iter().map(move |column| column * row)).collect();
        Self { columns: columns.len(), rows: rows.len(), values }
    }

    /// Entry by entry less `weight` times another.
    #[must_use]
    pub fn less(mut self, weight: f64, other: &Self) -> Self {
        for (value, other) in self.values.iter_mut().zip(&other.values) {
            *value -= weight * other;
        }
        self
    }

    /// Where the entry of offset (0, 0) is.
    #[must_use]
    pub fn centre(&self) -> usize {
        (self.rows / 2) * self.columns + self.columns / 2
    }

    /// The sum of all values, row by row.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.values.iter().sum()
    }

    /// The pixels that the kernel at pixel `p` reaches, in the order of the table: pixel
    /// ((x + i − columns/2) mod W, (y + j − rows/2) mod H).
    pub fn pixels(&self, p: usize, width: usize, height: usize) -> impl Iterator<Item = usize> + use<> {
        let (columns, rows) = (self.columns, self.rows);
        let (left, top) = (p % width + width - columns / 2, p / width + height - rows / 2);
        (0..rows).flat_map(move |j| (0..columns).map(move |i| (top + j) % height * width + (left + i) % width))
    }
}

/// `offset + a·side` for every integer a with a distance of at most `radius`, rising.
fn wraps(offset: i64, side: i64, radius: i64) -> impl Iterator<Item = i64> {
    (-radius..=radius).filter(move |d| (d - offset).rem_euclid(side) == 0)
}

/// The taps of a polish kernel that lie equally far from the centre.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// r², at least 1.
    pub r2: u32,
    /// The offsets (dx, dy), 8 of them at most: a larger ring has several groups.
    pub taps: Vec<(i32, i32)>,
}

/// All offsets but (0, 0) with `r² ≤ R² + R/2`, in order of r², dy, dx, cut into groups.
#[must_use]
pub fn groups(radius: usize) -> Vec<Group> {
    let radius = radius as i32;
    let most = radius * radius + radius / 2;
    let mut groups = Vec::new();
    for r2 in 1..=most {
        let rows = (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy)));
        let taps: Vec<(i32, i32)> = rows.filter(|(dx, dy)| dx * dx + dy * dy == r2).collect();
        groups.extend(taps.chunks(8).map(|taps| Group { r2: r2 as u32, taps: taps.to_vec() }));
    }
    groups
}

/// The weights of a polish kernel: of the centre, then of one tap of each of [`groups`], scaled so that the centre and
/// all taps together have sum 1.
///
/// `K(r²) ∝ [mixture + weight·2π·b(r)]·(1 − r²/(R + 0.7)²)^win`
#[must_use]
pub fn radial(radius: usize, components: &[Component], win: f32, band: Option<&Band>) -> (f64, Vec<f64>) {
    let edge = radius as f64 + 0.7;
    let value = |r2: u32| {
        let r2 = f64::from(r2);
        let band = band.map_or(0.0, |b| f64::from(b.weight) * 2.0 * PI * b.transform(libm::sqrt(r2)));
        (mixture(r2, components) + band) * libm::pow(1.0 - r2 / (edge * edge), f64::from(win))
    };
    let groups = groups(radius);
    let centre = value(0);
    let values: Vec<f64> = groups.iter().map(|group| value(group.r2)).collect();
    let sum = centre + groups.iter().zip(&values).map(|(group, k)| group.taps.len() as f64 * k).sum::<f64>();
    (centre / sum, values.iter().map(|k| k / sum).collect())
}
