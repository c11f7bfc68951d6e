//! Masks as their file holds them; what a command accepts of a file.

use bluegrad::Shape;
use bluegrad::shape::MAX_SIDE;
use std::fmt;
use std::str::FromStr;

/// Most pixels of all slices of a file: those of the largest mask.
const MAX_PIXELS: u64 = MAX_SIDE as u64 * MAX_SIDE as u64;

/// Smallest side of slices that a message proposes, pixels.
const MIN_SIDE: u32 = 8;

/// What a command reads from a file of masks.
#[derive(Clone, Copy)]
pub(crate) struct Reading {
    /// Shape of a raw file, or of one of its slices; `None`: a square.
    pub(crate) raw_shape: Option<Shape>,
    /// Channel of a file with several; `None`: all channels of colour must be equal.
    pub(crate) channel: Option<Channel>,
    /// All channels are read, of which a raw file has this many; `None`: one channel is read.
    pub(crate) all_channels: Option<u32>,
    /// With `all_channels`: a picture whose channels of colour are equal is read as grey, and constant channels are left out.
    pub(crate) different_channels: bool,
    /// Slices of the file; `None`: what the file says, which is one slice for all formats but `.npy`.
    pub(crate) slices: Option<Slices>,
    /// Index of the only slice that is read; `None`: all slices.
    pub(crate) slice: Option<u32>,
    /// Names of the command's options, for messages.
    pub(crate) options: &'static OptionNames,
    /// Accepts or refuses the shape of a mask; accepts no side above 4096.
    pub(crate) check: fn(Shape) -> Result<(), bluegrad::Error>,
}

/// Names of the options that set a [`Reading`].
pub(crate) struct OptionNames {
    pub(crate) raw_shape: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) slices: &'static str,
    pub(crate) slice: &'static str,
}

/// A channel of a picture. Red, green and blue of a grey picture are its grey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Channel {
    #[value(name = "r")]
    Red,
    #[value(name = "g")]
    Green,
    #[value(name = "b")]
    Blue,
    #[value(name = "a")]
    Alpha,
}

impl Channel {
    /// Returns the index of the channel in pixels of 1 grey, 2 grey and alpha, 3 RGB or 4 RGBA.
    ///
    /// `None`: the pixels have no alpha.
    pub(crate) const fn index(self, channels: usize) -> Option<usize> {
        match (self, channels) {
            (Self::Alpha, 2 | 4) => Some(channels - 1),
            (Self::Alpha, _) => None,
            (channel, 3..) => Some(channel as usize),
            _ => Some(0),
        }
    }
}

/// Returns width and height as text, with layers and channels where there are several.
pub(crate) fn size(shape: Shape) -> String {
    let Shape { width, height, layers, channels } = shape;
    let channels = if channels == 1 { String::new() } else { format!("{channels} channels") };
    match (layers, channels.as_str()) {
        (1, "") => format!("{width}x{height}"),
        (1, _) => format!("{width}x{height} with {channels}"),
        (_, "") => format!("{width}x{height} with {layers} layers"),
        _ => format!("{width}x{height} with {layers} layers of {channels}"),
    }
}

/// Number of slices of an atlas, across and down.
///
/// Slice 0 is at the top left; slices are numbered along rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slices {
    columns: u32,
    rows: u32,
}

impl Slices {
    pub(crate) const ONE: Self = Self::stacked(1);

    /// `count` slices from top to bottom.
    pub(crate) const fn stacked(count: u32) -> Self {
        Self { columns: 1, rows: count }
    }

    /// Number of slices.
    pub(crate) const fn count(self) -> u64 {
        self.columns as u64 * self.rows as u64
    }

    /// Returns the shape of the atlas whose slices have a shape; saturates.
    pub(crate) const fn atlas(self, slice: Shape) -> Shape {
        Shape::new(slice.width.saturating_mul(self.columns), slice.height.saturating_mul(self.rows))
    }
}

impl FromStr for Slices {
    type Err = String;

    /// Parses `64`, slices from top to bottom, or `8x8`, across x down.
    fn from_str(text: &str) -> Result<Self, String> {
        let count = |text: &str| text.parse().ok().filter(|count| (1..=MAX_SIDE).contains(count));
        let slices = match text.split_once('x') {
            Some((columns, rows)) => count(columns).zip(count(rows)).map(|(columns, rows)| Self { columns, rows }),
            None => count(text).map(Self::stacked),
        };
        slices.ok_or_else(|| {
            format!("expected a number of slices from 1 to {MAX_SIDE}, such as 64, or across x down, such as 8x8")
        })
    }
}

impl fmt::Display for Slices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { columns: 1, rows } => write!(f, "{rows}"),
            Self { columns, rows } => write!(f, "{columns}x{rows}"),
        }
    }
}

impl Reading {
    /// Returns the shape of a slice of an atlas, with its channels; the error is the message's text.
    pub(crate) fn check(&self, atlas: Shape, slices: Slices) -> Result<Shape, String> {
        let Shape { width, height, channels, .. } = atlas;
        let Slices { columns, rows } = slices;
        let option = self.options.slices;
        // `64` may mean slices side by side.
        let beside = if columns == 1 && rows > 1 && width.is_multiple_of(rows) {
            format!("; if they are side by side, give {option} {rows}x1")
        } else {
            String::new()
        };
        if !(width.is_multiple_of(columns) && height.is_multiple_of(rows)) {
            return Err(format!(
                "{width}x{height} pixels cannot be cut into {columns}x{rows} slices of equal size: {option} must divide both \
                 sides{beside}"
            ));
        }
        let slice = Shape::new(width / columns, height / rows);
        if let Err(error) = (self.check)(slice) {
            let advice = if slices == Slices::ONE { self.atlas_advice(atlas) } else { beside };
            return Err(format!("{error}{advice}"));
        }
        if (u64::from(width) * u64::from(height)).saturating_mul(channels.into()) > MAX_PIXELS {
            let of = if channels == 1 { String::new() } else { format!(" of {channels} channels") };
            return Err(format!("{width}x{height} pixels{of}: all slices together may have at most {MAX_PIXELS}"));
        }
        if let Some(index) = self.slice.filter(|index| u64::from(*index) >= slices.count()) {
            let (option, last) = (self.options.slice, slices.count() - 1);
            let right = if last == 0 { "is its one slice".to_string() } else { format!("to {last} are its slices") };
            return Err(format!("the file has no slice {index}: {option} 0 {right}"));
        }
        Ok(slice.with_channels(channels))
    }

    /// Says how to read a picture as square slices, if its shape suggests some.
    fn atlas_advice(&self, shape: Shape) -> String {
        let Shape { width, height, .. } = shape;
        let (side, long) = (width.min(height), width.max(height));
        let divides = side >= MIN_SIDE && long.is_multiple_of(side);
        if !divides || !(2..=MAX_SIDE).contains(&(long / side)) || (self.check)(Shape::new(side, side)).is_err() {
            return String::new();
        }
        let slices =
            if height > width { Slices::stacked(height / width) } else { Slices { columns: width / height, rows: 1 } };
        format!("; slices of {side}x{side} can be read with {} {slices}", self.options.slices)
    }
}

/// All masks of a file as one picture.
#[derive(Debug)]
pub(crate) struct Atlas {
    /// Numbers of the file, unchanged, row by row, the channels of a pixel side by side.
    pub(crate) values: Vec<f64>,
    /// Number of values that the format can hold; `None` for floats.
    pub(crate) levels: Option<u64>,
    pub(crate) slices: Slices,
    /// Shape of a slice, with its channels.
    pub(crate) slice: Shape,
    /// What the reader assumed, for the user.
    pub(crate) assumed: Vec<String>,
}

impl Atlas {
    /// Cuts the atlas into all its slices, or into the one slice that is wanted.
    pub(crate) fn cut(self, wanted: Option<u32>) -> Masks {
        let Self { values, levels, slices, slice: shape, assumed } = self;
        let of = slices.count();
        if of == 1 {
            return Masks { images: vec![(0, Image { shape, values, levels })], of, assumed };
        }
        let (width, height) = (shape.width as usize * shape.channels as usize, shape.height as usize);
        let columns = slices.columns as usize;
        let cut = |index: u32| {
            let (column, row) = (index as usize % columns, index as usize / columns);
            let rows = values.chunks_exact(width * columns).skip(row * height).take(height);
            let values = rows.flat_map(|row| &row[column * width..(column + 1) * width]).copied().collect();
            (index, Image { shape, values, levels })
        };
        // Fits: there are at most MAX_PIXELS slices.
        let indices = wanted.map_or(0..of as u32, |index| index..index + 1);
        Masks { images: indices.map(cut).collect(), of, assumed }
    }
}

/// The masks of a file that were wanted, with their indices.
#[derive(Debug)]
pub(crate) struct Masks {
    pub(crate) images: Vec<(u32, Image)>,
    /// Number of slices of the file.
    pub(crate) of: u64,
    /// What the reader assumed, for the user.
    pub(crate) assumed: Vec<String>,
}

impl Masks {
    /// Returns all slices as one mask with layers.
    pub(crate) fn joined(self) -> Option<Image> {
        let mut images = self.images.into_iter().map(|(_, image)| image);
        let first = images.next()?;
        Some(images.fold(first, |mut all, image| {
            all.shape.layers += image.shape.layers;
            all.values.extend(image.values);
            all
        }))
    }
}

/// A mask as its file holds it.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) shape: Shape,
    /// Numbers of the file, unchanged, in the order of [`Shape`].
    pub(crate) values: Vec<f64>,
    /// Number of values that the format can hold; `None` for floats.
    pub(crate) levels: Option<u64>,
}

impl Image {
    /// Returns one channel of one layer.
    pub(crate) fn plane(&self, layer: u32, channel: u32) -> Self {
        let Self { shape, values, levels } = self;
        let (pixels, channels) = (shape.pixels(), shape.channels as usize);
        let values = values.iter().skip(layer as usize * pixels * channels + channel as usize);
        Self { shape: shape.plane(), values: values.step_by(channels).take(pixels).copied().collect(), levels: *levels }
    }

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
