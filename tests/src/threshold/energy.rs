//! The energy over all thresholds and its gradients in f64: what the integers of the other modules stand for.
//!
//! With K a kernel on the torus of sum 1, `x` the n values in [0, 1] and H the Huber function of width τ:
//!
//! ```text
//! hard  E   = n/6 − ½·Σ_ij K(i−j)·|x_i − x_j|
//! soft  E_τ = Σ_i ∫₀¹ H(x_i − u) du − n/6 − ½·Σ_ij K(i−j)·H(x_i − x_j)
//!       g_i = −Σ_j K(i−j)·clamp((x_i − x_j)/τ, −1, 1) + H(x_i) − H(1 − x_i)
//!       H(d) = |d| − τ/2 for |d| > τ, else d²/(2τ)
//! ```
//!
//! The integral is the mean field: the energy against uniform values everywhere. For uniform ranks and τ → 0 its sum is
//! n/3, and the two energies agree. If `K = G*G`, the hard one is `∫₀¹ ‖G*(1[x > t] − (1 − t))‖² dt − 1/(12n)` there.

use super::kernel::{Group, Table};

/// A kernel on a torus as a list of offsets: the same at every pixel.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairs {
    /// Width of the torus.
    pub width: usize,
    /// Height of the torus.
    pub height: usize,
    /// K(0).
    pub centre: f64,
    /// The other offsets (dx, dy), which may be longer than a side, and K there.
    pub taps: Vec<((i32, i32), f64)>,
}

impl Pairs {
    /// Of the groups of a polish kernel and their weights.
    #[must_use]
    pub fn from_groups(width: usize, height: usize, centre: f64, groups: &[Group], weights: &[f64]) -> Self {
        let pairs = groups.iter().zip(weights);
        let taps = pairs.flat_map(|(group, k)| group.taps.iter().map(move |tap| (*tap, *k))).collect();
        Self { width, height, centre, taps }
    }

    /// `G*G` of a table G, scaled to the sum 1.
    #[must_use]
    pub fn square(width: usize, height: usize, table: &Table) -> Self {
        let mut values = vec![0.0; width * height];
        let scaled: Vec<f64> = table.values.iter().map(|g| g / table.sum()).collect();
        for (p, a) in table.pixels(0, width, height).zip(&scaled) {
            for (q, b) in table.pixels(p, width, height).zip(&scaled) {
                values[q] += a * b;
            }
        }
        let offset = |p: usize| ((p % width) as i32, (p / width) as i32);
        let taps = (1..width * height).map(|p| (offset(p), values[p])).collect();
        Self { width, height, centre: values[0], taps }
    }

    /// The neighbours of pixel `p`, without itself as the centre, and their K.
    pub fn neighbours(&self, p: usize) -> impl Iterator<Item = (usize, f64)> {
        let (width, height) = (self.width as i64, self.height as i64);
        let (x, y) = (p as i64 % width, p as i64 / width);
        self.taps.iter().map(move |&((dx, dy), k)| {
            let (x, y) = ((x + i64::from(dx)).rem_euclid(width), (y + i64::from(dy)).rem_euclid(height));
            ((y * width + x) as usize, k)
        })
    }

    /// `½·Σ_ij K(i−j)·h(x_i − x_j)` for h(0) = 0.
    fn half_sum(&self, x: &[f64], h: impl Fn(f64) -> f64) -> f64 {
        let at = |p: usize| self.neighbours(p).map(|(q, k)| k * h(x[p] - x[q])).sum::<f64>();
        0.5 * (0..x.len()).map(at).sum::<f64>()
    }

    /// The hard energy.
    #[must_use]
    pub fn energy(&self, x: &[f64]) -> f64 {
        x.len() as f64 / 6.0 - self.half_sum(x, f64::abs)
    }

    /// The soft energy.
    #[must_use]
    pub fn soft_energy(&self, x: &[f64], tau: f64) -> f64 {
        let mean_field: f64 = x.iter().map(|x| huber_integral(*x, tau) + huber_integral(1.0 - x, tau)).sum();
        mean_field - x.len() as f64 / 6.0 - self.half_sum(x, |d| huber(d, tau))
    }

    /// The pair sums `−Σ_j K(i−j)·clamp((x_i − x_j)/τ, −1, 1)`.
    #[must_use]
    pub fn pair_sums(&self, x: &[f64], tau: f64) -> Vec<f64> {
        let at = |p: usize| -self.neighbours(p).map(|(q, k)| k * ((x[p] - x[q]) / tau).clamp(-1.0, 1.0)).sum::<f64>();
        (0..x.len()).map(at).collect()
    }

    /// The gradient of the soft energy: pair sums and mean field.
    #[must_use]
    pub fn soft_gradient(&self, x: &[f64], tau: f64) -> Vec<f64> {
        let sums = self.pair_sums(x, tau);
        x.iter().zip(sums).map(|(x, sum)| sum + mean_field(*x, tau)).collect()
    }

    /// The hard energy of noise n in (−1, 1) that is added before rounding: `Σ_i (n_i² + 1/12) − ½·Σ_ij K(i−j)·ψ(n_i − n_j)`.
    #[must_use]
    pub fn added_energy(&self, noise: &[f64]) -> f64 {
        noise.iter().map(|n| n * n + 1.0 / 12.0).sum::<f64>() - self.half_sum(noise, psi)
    }

    /// That energy with [`soft_psi`] and the mean field that goes with it.
    #[must_use]
    pub fn soft_added_energy(&self, noise: &[f64], tau: f64) -> f64 {
        // the integral of `added_mean_field`
        let fourth = |d: f64| d.max(0.0).powi(4) / (24.0 * tau);
        let mean_field = |n: &f64| n * n - fourth(tau - 1.0 - n) - fourth(tau - 1.0 + n);
        noise.iter().map(mean_field).sum::<f64>() - self.half_sum(noise, |d| soft_psi(d, tau))
    }

    /// The pair sums `−Σ_j K(i−j)·[c(d) + c(d − 1) + c(d + 1)]` with `d = n_i − n_j` and c(d) = clamp(d/τ, −1, 1).
    #[must_use]
    pub fn added_sums(&self, noise: &[f64], tau: f64) -> Vec<f64> {
        let slope = |d: f64| [d, d - 1.0, d + 1.0].iter().map(|d| (d / tau).clamp(-1.0, 1.0)).sum::<f64>();
        let at = |p: usize| -self.neighbours(p).map(|(q, k)| k * slope(noise[p] - noise[q])).sum::<f64>();
        (0..noise.len()).map(at).collect()
    }

    /// As [`Pairs::added_sums`], with one of the outer signs taken as that of `n_i`: wrong only where `n_i` is within τ of 0 and a
    /// neighbour within τ of the far end.
    #[must_use]
    pub fn folded_sums(&self, noise: &[f64], tau: f64) -> Vec<f64> {
        let soft = |d: f64| (d / tau).clamp(-1.0, 1.0);
        let slope = |n: f64, d: f64| {
            let sign = if n < 0.0 { -1.0 } else { 1.0 };
            soft(d) + soft(d - sign) + sign
        };
        let at = |p: usize| -self.neighbours(p).map(|(q, k)| k * slope(noise[p], noise[p] - noise[q])).sum::<f64>();
        (0..noise.len()).map(at).collect()
    }

    /// The gradient of the hard energy with the mean field 2x − 1: `2·(x_i − lt_i) − K(0)`, `lt_i` the weight of the
    /// darker neighbours.
    #[must_use]
    pub fn hard_gradient(&self, x: &[f64]) -> Vec<f64> {
        let darker = |p: usize| self.neighbours(p).filter(|(q, _)| x[*q] < x[p]).map(|(_, k)| k).sum::<f64>();
        (0..x.len()).map(|p| 2.0 * (x[p] - darker(p)) - self.centre).collect()
    }

    /// What a swap of the values a of pixel `p` and b of pixel `q` adds to the hard energy:
    /// `F(p; a→b) + F(q; b→a) + 2·(K(0) − K(p−q))·|a − b|`, `F(p; a→b) = Σ_j K(p−j)·(|a − x_j| − |b − x_j|)`.
    #[must_use]
    pub fn swap_change(&self, x: &[f64], p: usize, q: usize) -> f64 {
        let (a, b) = (x[p], x[q]);
        let term = |x: f64, a: f64, b: f64| (a - x).abs() - (b - x).abs();
        let f = |p: usize, a: f64, b: f64| {
            let others: f64 = self.neighbours(p).map(|(j, k)| k * term(x[j], a, b)).sum();
            self.centre * term(x[p], a, b) + others
        };
        let between: f64 = self.neighbours(p).filter(|(j, _)| *j == q).map(|(_, k)| k).sum();
        f(p, a, b) + f(q, b, a) + 2.0 * (self.centre - between) * (a - b).abs()
    }
}

/// H(d): `|d| − τ/2` for |d| > τ, else `d²/(2τ)`.
#[must_use]
pub fn huber(d: f64, tau: f64) -> f64 {
    if d.abs() > tau { d.abs() - tau / 2.0 } else { d * d / (2.0 * tau) }
}

/// `∫₀^d H`, an odd function.
fn huber_integral(d: f64, tau: f64) -> f64 {
    let a = d.abs();
    let integral = if a > tau { (a * a - tau * a) / 2.0 + tau * tau / 6.0 } else { a * a * a / (6.0 * tau) };
    integral.copysign(d)
}

/// The slope of the mean field: `H(x) − H(1 − x)`.
#[must_use]
pub fn mean_field(x: f64, tau: f64) -> f64 {
    huber(x, tau) - huber(1.0 - x, tau)
}

/// ψ(d), the mean over all g of `(round(g + d) − round(g))²`: d² at the integers, linear between them.
#[must_use]
pub fn psi(d: f64) -> f64 {
    let (below, share) = (d.floor(), d - d.floor());
    (1.0 - share) * below * below + share * (below + 1.0) * (below + 1.0)
}

/// ψ with its kinks at −1, 0 and 1 rounded off over ±τ, and 0 at 0. Right for |d| < 2 − τ.
#[must_use]
pub fn soft_psi(d: f64, tau: f64) -> f64 {
    huber(d, tau) + huber(d - 1.0, tau) + huber(d + 1.0, tau) - 2.0 * huber(1.0, tau)
}

/// The mean of the slope of [`soft_psi`] over d = n − m, m triangular in (−1, 1).
#[must_use]
pub fn added_mean_field(n: f64, tau: f64) -> f64 {
    let cube = |d: f64| d.max(0.0).powi(3) / (6.0 * tau);
    2.0 * n + cube(tau - 1.0 - n) - cube(tau - 1.0 + n)
}

/// `‖G*(round(g + n) − g)‖²` integrated over g of [0, 1], exactly: between two jumps it is a parabola in g.
#[must_use]
pub fn all_greys(width: usize, height: usize, table: &Table, noise: &[f64]) -> f64 {
    let sum = table.sum();
    let mut jumps: Vec<f64> = noise.iter().map(|n| (0.5 - n).rem_euclid(1.0)).collect();
    jumps.extend([0.0, 1.0]);
    jumps.sort_by(f64::total_cmp);
    let piece = |pair: &[f64]| {
        let (a, b) = (pair[0], pair[1]);
        let shown: Vec<f64> = noise.iter().map(|n| (0.5 * (a + b) + n).round()).collect();
        let error = |g: f64| -> f64 {
            let blurred = |p: usize| {
                let values = table.pixels(p, width, height).zip(&table.values);
                values.map(|(q, weight)| weight / sum * (shown[q] - g)).sum::<f64>()
            };
            (0..noise.len()).map(|p| blurred(p) * blurred(p)).sum()
        };
        (b - a) / 6.0 * (error(a) + 4.0 * error(0.5 * (a + b)) + error(b))
    };
    jumps.windows(2).map(piece).sum()
}

/// `‖G*(1[x > t] − (1 − t))‖²` integrated over all thresholds t of [0, 1], exactly: between two neighbouring values it is
/// a parabola in t. `table` is G up to a factor.
#[must_use]
pub fn all_thresholds(width: usize, height: usize, table: &Table, x: &[f64]) -> f64 {
    let sum = table.sum();
    let error = |x: &[f64], cut: f64, t: f64| {
        let pattern = |p: usize| if x[p] > cut { t } else { t - 1.0 };
        let blurred = |p: usize| {
            let values = table.pixels(p, width, height).zip(&table.values);
            values.map(|(q, g)| g / sum * pattern(q)).sum::<f64>()
        };
        (0..x.len()).map(|p| blurred(p) * blurred(p)).sum::<f64>()
    };
    let mut cuts = x.to_vec();
    cuts.extend([0.0, 1.0]);
    cuts.sort_by(f64::total_cmp);
    let simpson = |pair: &[f64]| {
        let (a, b) = (pair[0], pair[1]);
        (b - a) / 6.0 * (error(x, a, a) + 4.0 * error(x, a, 0.5 * (a + b)) + error(x, a, b))
    };
    cuts.windows(2).map(simpson).sum()
}
