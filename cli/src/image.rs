//! A mask as its file holds it, and accepted shapes.

use bluegrad::Shape;

/// Shapes that a command accepts, and the shape of raw files.
#[derive(Clone, Copy)]
pub(crate) struct ShapeRules {
    /// Shape of raw files; `None`: a square.
    pub(crate) raw_shape: Option<Shape>,
    /// Names of the options that set `raw_shape`, for messages.
    pub(crate) shape_options: &'static str,
    /// Accepts or refuses a shape; accepts no side above 4096.
    pub(crate) check: fn(Shape) -> Result<(), bluegrad::Error>,
}

impl ShapeRules {
    /// Applies `check`; the error is the message's text.
    pub(crate) fn check(&self, shape: Shape) -> Result<(), String> {
        (self.check)(shape).map_err(|error| error.to_string())
    }
}

/// A mask as its file holds it.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) shape: Shape,
    /// Numbers of the file, unchanged, row by row.
    pub(crate) values: Vec<f64>,
    /// Number of values that the format can hold; `None` for floats.
    pub(crate) levels: Option<u64>,
}

impl Image {
    /// Returns the values stretched to 0..=1.
    ///
    /// The spectrum is relative to the variance, so stretching does not change it, and f32 then holds values of any f64 range.
    pub(crate) fn unit_values(&self) -> Result<Vec<f32>, String> {
        let (low, high) = self.span()?;
        // Halves: the difference of two finite floats can overflow, the difference of their halves cannot.
        let unit = |value: &f64| ((0.5 * value - 0.5 * low) / (0.5 * high - 0.5 * low)) as f32;
        Ok(self.values.iter().map(unit).collect())
    }

    /// Returns the lowest and the highest value.
    ///
    /// # Errors
    /// A value is not finite, or all values are equal.
    pub(crate) fn span(&self) -> Result<(f64, f64), String> {
        if let Some(index) = self.values.iter().position(|value| !value.is_finite()) {
            let (x, y) = (index % self.shape.width as usize, index / self.shape.width as usize);
            return Err(format!("pixel ({x}, {y}) is {}: every value must be finite", self.values[index]));
        }
        let low = self.values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if 0.5 * high - 0.5 * low > 0.0 {
            Ok((low, high))
        } else {
            Err(format!("every pixel is {low}: a mask needs different values"))
        }
    }
}
