//! The distribution that a mask's values are to have, through its quantile function.

use crate::error::Error;
use bytemuck::{CheckedBitPattern, NoUninit};

/// Quantiles in a distribution's table: at u = 0, 1/64 … 1.
pub const TABLE_LEN: usize = 65;

/// Kind of a distribution of values in [−1, 1], by its quantile function Q(u).
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Kind {
    /// Each value equally often: `Q(u) = 2u − 1`.
    Uniform = 0,
    /// The sum of two uniform values, halved: `Q(u) = √(2u) − 1` for u < ½, else `1 − √(2(1 − u))`.
    Triangular = 1,
    /// A Gaussian of mean 0, cut off at −1 and 1: `Q(u) = σ·P(Φ(−1/σ) + u·(Φ(1/σ) − Φ(−1/σ)))`, P the inverse of Φ.
    Gaussian = 2,
    /// Quantiles from a table, linear between them.
    Table = 3,
}

/// A distribution of values in [−1, 1]. All zero is a valid one: uniform.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Distribution {
    /// Kind of distribution.
    pub kind: Kind,
    /// Standard deviation of the Gaussian before it is cut off, 0.15 to 2.
    pub sigma: f32,
    /// Quantiles of the table at u = i/64: from −1 to 1, never falling.
    pub table: [f32; TABLE_LEN],
}

impl Distribution {
    /// Each value equally often.
    pub const UNIFORM: Self = Self { kind: Kind::Uniform, sigma: 1.0 / 3.0, table: [0.0; TABLE_LEN] };
    /// Triangular, as dithering before quantisation wants it.
    pub const TRIANGULAR: Self = Self { kind: Kind::Triangular, ..Self::UNIFORM };
    /// Gaussian with σ = 1/3: cut off at three standard deviations.
    pub const GAUSSIAN: Self = Self { kind: Kind::Gaussian, ..Self::UNIFORM };

    /// A table of quantiles.
    #[must_use]
    pub const fn from_table(table: [f32; TABLE_LEN]) -> Self {
        Self { kind: Kind::Table, table, ..Self::UNIFORM }
    }

    /// Whether its numbers are in range.
    ///
    /// # Errors
    /// [`Error::Number`] for σ, [`Error::DistributionTable`].
    pub const fn check(&self) -> Result<(), Error> {
        match self.kind {
            Kind::Uniform | Kind::Triangular => Ok(()),
            Kind::Gaussian if self.sigma >= 0.15 && self.sigma <= 2.0 => Ok(()),
            Kind::Gaussian => Err(Error::Number { what: "sigma", value: self.sigma, range: "from 0.15 to 2" }),
            Kind::Table => {
                let mut good = self.table[0] == -1.0 && self.table[TABLE_LEN - 1] == 1.0;
                let mut i = 1;
                while i < TABLE_LEN {
                    good = good && self.table[i] >= self.table[i - 1];
                    i += 1;
                }
                if good { Ok(()) } else { Err(Error::DistributionTable) }
            }
        }
    }

    /// The quantile function Q(u) in [−1, 1] for u in [0, 1], in f64.
    #[must_use]
    pub fn quantile(&self, u: f64) -> f64 {
        let u = u.clamp(0.0, 1.0);
        match self.kind {
            Kind::Uniform => 2.0 * u - 1.0,
            Kind::Triangular if u < 0.5 => libm::sqrt(2.0 * u) - 1.0,
            Kind::Triangular => 1.0 - libm::sqrt(2.0 * (1.0 - u)),
            Kind::Gaussian => {
                // By symmetry from the lower tail, where Φ keeps its relative accuracy.
                let sigma = f64::from(self.sigma);
                let tail = normal_cdf(-1.0 / sigma);
                let lower = if u < 0.5 { u } else { 1.0 - u };
                let x = sigma * normal_quantile(tail + lower * (1.0 - 2.0 * tail));
                if u < 0.5 { x.clamp(-1.0, 0.0) } else { (-x).clamp(0.0, 1.0) }
            }
            Kind::Table => {
                let place = u * (TABLE_LEN - 1) as f64;
                let i = (place as usize).min(TABLE_LEN - 2);
                let at = |i: usize| f64::from(self.table.get(i).copied().unwrap_or(1.0));
                at(i) + (at(i + 1) - at(i)) * (place - i as f64)
            }
        }
    }

    /// Writes the wanted values of n pixels, smallest first: `Q(i/(n−1))`, rounded once.
    ///
    /// For the uniform distribution this is the published `linspace(−1, 1, n)`.
    #[doc(hidden)]
    pub fn fill_targets(&self, targets: &mut [f32]) {
        // a single target is Q(0)
        let last = targets.len().saturating_sub(1).max(1) as f64;
        for (i, target) in targets.iter_mut().enumerate() {
            *target = self.quantile(i as f64 / last) as f32;
        }
    }
}

/// Φ, the distribution function of the standard normal.
fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * core::f64::consts::FRAC_1_SQRT_2)
}

/// Φ⁻¹(p) for 0 < p ≤ ½: Acklam's rational approximation (2003, relative error 1.15e-9), then one step of Halley's
/// method, which leaves rounding.
fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 5] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 4] =
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416];
    let horner = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    let x = if p < 0.02425 {
        let q = libm::sqrt(-2.0 * libm::log(p));
        horner(&C, q) / (horner(&D, q) * q + 1.0)
    } else {
        let q = p - 0.5;
        let r = q * q;
        horner(&A, r) * q / (horner(&B, r) * r + 1.0)
    };
    let error = normal_cdf(x) - p;
    let u = error * libm::sqrt(2.0 * core::f64::consts::PI) * libm::exp(0.5 * x * x);
    x - u / (1.0 + 0.5 * x * u)
}
