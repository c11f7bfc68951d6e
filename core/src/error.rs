//! What can be wrong with an input, each error with what would be right.

use core::fmt;

/// Everything that the core refuses. The text of each says what was wrong and what would be right.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A side that no mask has.
    Size {
        /// Width asked for, pixels.
        width: u32,
        /// Height asked for, pixels.
        height: u32,
    },
    /// Layers or channels that no mask of these sides has.
    Layers {
        /// Layers asked for.
        layers: u32,
        /// Channels asked for.
        channels: u32,
    },
    /// Layers or channels where one plane is wanted.
    NotFlat {
        /// Layers given.
        layers: u32,
        /// Channels given.
        channels: u32,
    },
    /// A layer or a channel that the mask does not have.
    Plane {
        /// Layer asked for, counted from 0.
        layer: u32,
        /// Channel asked for, counted from 0.
        channel: u32,
    },
    /// A stage that makes flat masks only, in the recipe of a mask with layers or channels: the name of its kind.
    FlatOnly(&'static str),
    /// A side that the FFT of the spectral objective cannot transform.
    TransformSize {
        /// Width asked for, pixels.
        width: u32,
        /// Height asked for, pixels.
        height: u32,
    },
    /// A shape of a mask that [`crate::dither`] cannot take.
    DitherSize {
        /// Width given, pixels.
        width: u32,
        /// Height given, pixels.
        height: u32,
    },
    /// A number of levels that [`crate::dither`] cannot dither to.
    Levels {
        /// Levels asked for.
        got: u32,
    },
    /// An output value of [`crate::dither::Tone`] that is not above the value before it.
    Values {
        /// Index of that value, counted from 0.
        index: u32,
        /// The value.
        value: u16,
    },
    /// A form of rows of [`crate::dither::Dither`] that its samples or levels do not have.
    Sink(&'static str),
    /// A number of colours that no palette has.
    Colors {
        /// Colours given.
        got: u32,
    },
    /// Two colours of a palette that are the same.
    SameColors {
        /// Index of the first, counted from 0.
        first: u32,
        /// Index of the second.
        second: u32,
    },
    /// A number of grid nodes that no table of a palette has.
    Nodes {
        /// Nodes an axis that were asked for.
        got: u32,
    },
    /// Words that are no table of a palette, one of another version, or a damaged one.
    PaletteTable(&'static str),
    /// A recipe without a stage or with more than it has room for.
    StageCount {
        /// Stages given.
        got: u32,
        /// The most that fit.
        most: u32,
    },
    /// A recipe that starts from a given mask and has a stage that makes an order from nothing.
    StartsTwice {
        /// That stage, counted from 0.
        stage: u32,
    },
    /// More steps in all than a `u32` counts.
    StepCount,
    /// The loss of a spectral stage was asked for of a recipe that has none.
    NotSpectral,
    /// A given mask was handed to a recipe that starts from noise, or none to one that starts from a mask.
    WrongStart,
    /// A stage, or the fill of a large mask, that this build was made without: the feature of the crate that has it.
    Feature(&'static str),
    /// A stage, by its name, that a call with a set of stages is compiled without.
    LeftOut(&'static str),
    /// Memory of so many bytes that the allocator does not have.
    Memory {
        /// Bytes asked for.
        bytes: usize,
    },
    /// A number that stands for a choice and is none that this version knows.
    UnknownValue,
    /// A reserved word that is not 0.
    Reserved,
    /// A number of a stage that is not finite, negative, or out of its range.
    Number {
        /// Which field of the stage.
        what: &'static str,
        /// What it was.
        value: f32,
        /// What it may be.
        range: &'static str,
    },
    /// A kernel of a filter fill whose spectrum has negative bins.
    NotPositive {
        /// The axis.
        what: &'static str,
        /// The least bin, as a part of the kernel's sum.
        least: f32,
    },
    /// Filters of whose kernel the taps of a filter polish hold too little.
    Reach,
    /// A radial profile with too few, too many or unordered knots.
    Profile(&'static str),
    /// A table of quantiles that does not rise from -1 to 1.
    DistributionTable,
    /// An instruction set that this CPU or build does not have.
    Level(&'static str),
    /// A buffer that is shorter or longer than it must be.
    Length {
        /// What the buffer is for.
        what: &'static str,
        /// Elements (of a block of memory: bytes) that it must have.
        needed: usize,
        /// Elements that it has.
        got: usize,
    },
    /// A block of memory that does not start at a multiple of 64 bytes.
    Alignment,
    /// A block of memory that holds no generator, one of another version, or a damaged one.
    NotAGenerator(&'static str),
    /// The mask was asked for before the last step.
    NotDone {
        /// Steps done.
        step: u32,
        /// Steps in all.
        steps: u32,
    },
    /// A number of points that no set has.
    PointCount {
        /// Points asked for.
        got: u32,
    },
    /// A number of points that [`crate::measure`] cannot measure.
    MeasuredPoints {
        /// Points given.
        got: usize,
    },
    /// A block of memory that holds no point set, one of another version, or a damaged one.
    NotPoints(&'static str),
    /// Ranks of this many pixels do not fit the type that was asked for.
    TooManyPixels {
        /// Pixels of the mask.
        pixels: usize,
        /// The most that fit.
        most: usize,
    },
}

/// A number within limits; a NaN is not.
pub(crate) const fn number(
    what: &'static str,
    value: f32,
    least: f32,
    most: f32,
    range: &'static str,
) -> Result<(), Error> {
    if value >= least && value <= most { Ok(()) } else { Err(Error::Number { what, value, range }) }
}

/// Checks the length of a buffer.
pub(crate) fn length(what: &'static str, needed: usize, got: usize) -> Result<(), Error> {
    if needed == got { Ok(()) } else { Err(Error::Length { what, needed, got }) }
}

impl Error {
    /// A block whose buffers are not where its header says.
    pub(crate) const DAMAGED: Self = Self::NotAGenerator("its buffers do not fit its header");

    /// The same for a point set.
    #[cfg(feature = "points")]
    pub(crate) const DAMAGED_POINTS: Self = Self::NotPoints("its buffers do not fit its header");
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Size { width, height } => {
                write!(f, "size {width}x{height}: width and height must each be from 8 to 4096")
            }
            Self::Layers { layers, channels } => {
                write!(
                    f,
                    "{layers} layers, {channels} channels: a mask has 1 to 256 layers, 1 to 4 channels, and at most 2^30 elements (2^25 where addresses have 32 bits)"
                )
            }
            Self::NotFlat { layers, channels } => {
                write!(f, "{layers} layers, {channels} channels: here it must be 1 layer and 1 channel; take one plane")
            }
            Self::Plane { layer, channel } => {
                write!(f, "layer {layer}, channel {channel}: the mask has no such plane; both are counted from 0")
            }
            Self::FlatOnly(name) => {
                write!(
                    f,
                    "a stage `{name}` makes masks of 1 layer and 1 channel: use the stages fill and polish for more"
                )
            }
            Self::TransformSize { width, height } => write!(
                f,
                "size {width}x{height}: the spectral objective wants width and height each a power of two from 16 to 4096"
            ),
            Self::DitherSize { width, height } => {
                write!(f, "size {width}x{height}: width and height must each be from 1 to 4096 to dither with")
            }
            Self::Levels { got } => write!(f, "{got} levels: dithering makes 2 to 256 of them"),
            Self::Values { index, value } => {
                write!(f, "output value {index} is {value}: it must be above the value before it")
            }
            Self::Sink(why) => f.write_str(why),
            Self::Colors { got } => write!(f, "{got} colours: a palette has 2 to 64 of them"),
            Self::SameColors { first, second } => {
                write!(f, "colours {first} and {second} of the palette are the same: each colour must be another one")
            }
            Self::Nodes { got } => write!(f, "{got} nodes an axis: a palette's table has 9, 17 or 33 of them"),
            Self::PaletteTable(why) => write!(f, "the words are no table of a palette: {why}; build the table anew"),
            Self::StageCount { got, most } => write!(f, "{got} stages: a recipe has 1 to {most} of them"),
            Self::StartsTwice { stage } => write!(
                f,
                "stage {stage} places every pixel anew: a recipe that starts from a given mask must not have such a stage"
            ),
            Self::StepCount => write!(f, "too many steps: all stages together may have at most 4294967294"),
            Self::NotSpectral => {
                write!(f, "the recipe has no stage of the spectral objective, whose loss was asked for")
            }
            Self::WrongStart => write!(
                f,
                "a recipe that starts from noise takes no mask, and one that starts from a mask needs it: use `init` or `init_with_mask`"
            ),
            Self::UnknownValue => f.write_str("a choice has a value that this version does not know"),
            Self::Reserved => f.write_str("a reserved word must be 0"),
            Self::Feature(name) => {
                write!(f, "this build leaves out what the mask needs: build the crate with its feature `{name}`")
            }
            Self::Memory { bytes } => {
                write!(
                    f,
                    "there is no memory of {bytes} bytes: a smaller mask needs less, and so do a preset without spectral stages and binned ranks"
                )
            }
            Self::LeftOut(name) => {
                write!(
                    f,
                    "the stage {name} is not in the set of this call: a set with it, or `AllStages`, makes the mask"
                )
            }
            Self::Number { what, value, range } => write!(f, "{what} is {value}: it must be {range}"),
            Self::NotPositive { what, least } => write!(
                f,
                "the fill's kernel {what} is not positive definite, its least bin is {least} of its sum: a larger radius, \
                 a power of 1, a tent in time, or another filter makes one that is"
            ),
            Self::Reach => write!(
                f,
                "the filters reach too far for the taps of the filter polish, or their kernel is negative there: leave the stage out, or \
                 use larger radii or a smaller share"
            ),
            Self::Profile(why) => write!(
                f,
                "radial profile: {why}; it wants 2 to 32 knots, frequencies from 0 to 0.7072 cycles/pixel in rising \
                 order, amplitudes finite, not negative and not all zero"
            ),
            Self::DistributionTable => {
                write!(f, "distribution table: its 65 quantiles must be finite, never fall, and go from -1 to 1")
            }
            Self::Level(name) => {
                write!(f, "level {name}: this CPU or this build does not have it; `auto` takes the best that is there")
            }
            Self::Length { what, needed, got } => write!(f, "{what}: {got} given, {needed} needed"),
            Self::Alignment => write!(f, "the block of memory must start at a multiple of 64 bytes"),
            Self::NotAGenerator(why) => {
                write!(f, "the block of memory holds no usable generator: {why}; initialise it with `Generator::init`")
            }
            Self::PointCount { got } => write!(f, "{got} points: a set has 1 to 4194304 of them"),
            Self::MeasuredPoints { got } => {
                write!(f, "{got} points: 2 to 131072 can be measured, errors of integration of 1 or more")
            }
            Self::NotPoints(why) => {
                write!(f, "the block of memory holds no usable point set: {why}; initialise it with `Points::init`")
            }
            Self::NotDone { step, steps } => {
                write!(f, "the mask is not done: {step} of {steps} steps; call `step` until the report says done")
            }
            Self::TooManyPixels { pixels, most } => {
                write!(f, "{pixels} pixels: ranks of more than {most} do not fit 16 bits; read them as u32")
            }
        }
    }
}

impl core::error::Error for Error {}
