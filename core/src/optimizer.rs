//! How a gradient becomes a step: plain gradient descent, heavy ball, Adam; and how the step's size goes over a stage.

use crate::error::{Error, number};
use bytemuck::{CheckedBitPattern, NoUninit};

/// Rule that turns a gradient g into a step of the values x; s is the step size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Method {
    /// `x -= s·g`.
    GradientDescent = 0,
    /// Polyak's momentum (1964): `v = μ·v + s·g;  x -= v`.
    HeavyBall = 1,
    /// Kingma and Ba (2015): `m = β1·m + (1-β1)·g;  v = β2·v + (1-β2)·g²;  x -= s·M/(√(V) + ε)`, M and V: m and v without their bias.
    Adam = 2,
}

/// Optimiser with its constants. The histogram term has a step size of its own.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Optimizer {
    /// Rule of a step.
    pub method: Method,
    /// μ of the heavy ball, β1 of Adam: 0 to less than 1.
    pub momentum: f32,
    /// β2 of Adam: 0 to less than 1.
    pub second_momentum: f32,
    /// ε of Adam: greater than 0.
    pub epsilon: f32,
}

impl Optimizer {
    /// Plain gradient descent.
    pub const GRADIENT_DESCENT: Self = Self { method: Method::GradientDescent, ..Self::ADAM };
    /// Adam with the constants of its paper.
    pub const ADAM: Self = Self { method: Method::Adam, momentum: 0.9, second_momentum: 0.999, epsilon: 1e-8 };

    /// The heavy ball.
    #[must_use]
    pub const fn heavy_ball(momentum: f32) -> Self {
        Self { method: Method::HeavyBall, momentum, ..Self::ADAM }
    }

    pub(crate) const fn check(&self) -> Result<(), Error> {
        const RANGE: &str = "from 0 to less than 1";
        if !(self.momentum >= 0.0 && self.momentum < 1.0) {
            return Err(Error::Number { what: "momentum", value: self.momentum, range: RANGE });
        }
        if !(self.second_momentum >= 0.0 && self.second_momentum < 1.0) {
            return Err(Error::Number { what: "second_momentum", value: self.second_momentum, range: RANGE });
        }
        if !(self.epsilon > 0.0 && self.epsilon < f32::INFINITY) {
            return Err(Error::Number { what: "epsilon", value: self.epsilon, range: "finite and above 0" });
        }
        Ok(())
    }
}

/// Course of a number from the first step of a stage to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Curve {
    /// `start` at each step.
    Constant = 0,
    /// In equal differences from `start` to `end`.
    Linear = 1,
    /// In equal ratios from `start` to `end`; linear where an end is 0.
    Geometric = 2,
}

/// Number that depends on the step: `f = step/(steps-1)` (0 if there is one step) goes from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, NoUninit, CheckedBitPattern)]
#[repr(C)]
pub struct Schedule {
    /// Course between the ends.
    pub curve: Curve,
    /// Value at the first step.
    pub start: f32,
    /// Value at the last step.
    pub end: f32,
}

impl Schedule {
    /// The same value at every step.
    #[must_use]
    pub const fn constant(value: f32) -> Self {
        Self { curve: Curve::Constant, start: value, end: value }
    }

    /// From `start` to `end` in equal differences.
    #[must_use]
    pub const fn linear(start: f32, end: f32) -> Self {
        Self { curve: Curve::Linear, start, end }
    }

    /// From `start` to `end` in equal ratios.
    #[must_use]
    pub const fn geometric(start: f32, end: f32) -> Self {
        Self { curve: Curve::Geometric, start, end }
    }

    /// The value at `step` of `steps`, computed in f64 and rounded once.
    #[must_use]
    pub fn at(&self, step: u32, steps: u32) -> f32 {
        let (start, end) = (f64::from(self.start), f64::from(self.end));
        let f = if steps > 1 { f64::from(step) / f64::from(steps - 1) } else { 0.0 };
        match self.curve {
            Curve::Constant => self.start,
            Curve::Geometric if start > 0.0 && end > 0.0 => (start * libm::pow(end / start, f)) as f32,
            Curve::Linear | Curve::Geometric => (start + (end - start) * f) as f32,
        }
    }

    /// Whether both ends are within limits.
    pub(crate) const fn check_range(
        &self,
        what: &'static str,
        least: f32,
        most: f32,
        range: &'static str,
    ) -> Result<(), Error> {
        match number(what, self.start, least, most, range) {
            Ok(()) => number(what, self.end, least, most, range),
            error => error,
        }
    }

    pub(crate) const fn check(&self, what: &'static str) -> Result<(), Error> {
        self.check_range(what, 0.0, f32::MAX, "finite and at least 0")
    }
}
