//! The mask of a run as thresholds.

use crate::args::DitherArgs;
use crate::failure::{self, Failure, Result};
use crate::format;
use crate::image::Image;
use crate::resources::allocate;
use bluegrad::dither::{texel, texels, threshold, thresholds};
use bluegrad::{Config, Generator, Layout, Line, Preset, Shape};
use std::path::Path;

/// Longest side of a picture that the small mask dithers: more repetitions of the tile would show.
const MOST_FOR_SMALL: u32 = 256;

/// Sides of the masks without `--mask`, in pixels.
const SIDES: [u32; 2] = [64, 128];

/// Layers of the masks that are made for frames.
const LAYERS: u32 = 16;

/// Step of the offsets along each axis, in 2⁻³² of a side: 1/p and 1/p² for p³ = p + 1, the R2 sequence (Roberts 2018).
const OFFSET_STEPS: [u32; 2] = [3_242_174_889, 2_447_445_414];

/// A mask as thresholds.
pub(super) struct Mask {
    pub(super) shape: Shape,
    pub(super) by_order: ByOrder,
    /// Size and origin of the mask, for the user.
    pub(super) name: String,
}

/// The masks of a run, each made or read once.
pub(super) enum Masks {
    File(Layers),
    /// Masks of [`SIDES`], with this many layers.
    Made([Option<Layers>; 2], u32),
}

impl Masks {
    /// Reads the mask of `--mask`.
    pub(super) fn new(args: &DitherArgs) -> Result<Self> {
        Ok(match (&args.mask, args.frame) {
            (Some(path), _) => Self::File(read(path, args)?),
            (None, Some(_)) => Self::Made([None, None], LAYERS),
            (None, None) => Self::Made([None, None], 1),
        })
    }

    /// Returns the mask of a frame for a picture.
    pub(super) fn of(&mut self, picture: Shape, frame: Option<u32>) -> Result<Frame<'_>> {
        let layers = match self {
            Self::File(layers) => layers,
            Self::Made(made, layers) => {
                let index = usize::from(picture.width.max(picture.height) > MOST_FOR_SMALL);
                let made = &mut made[index];
                let layers = match made.take() {
                    Some(layers) => layers,
                    None => make(SIDES[index], *layers)?,
                };
                made.insert(layers)
            }
        };
        layers.frame(frame.unwrap_or(0))
    }
}

/// The mask of a frame.
pub(super) struct Frame<'m> {
    pub(super) mask: &'m Mask,
    /// Offset of the mask in the picture: frames that take a layer again have another.
    pub(super) offset: [u32; 2],
}

/// The layers of a mask.
pub(super) struct Layers {
    layers: Vec<Layer>,
    /// Origin of the mask, for the user.
    name: String,
}

/// A layer, which becomes thresholds when a frame takes it.
enum Layer {
    Read(Image),
    Ready(Mask),
}

impl Layers {
    /// Returns the mask of a frame: layer `frame` modulo the number of layers.
    ///
    /// Once all layers are used, they are used again at another offset: repetition r at r steps of the R2 sequence.
    fn frame(&mut self, frame: u32) -> Result<Frame<'_>> {
        // Fits: a file has at most MAX_PIXELS slices.
        let count = self.layers.len() as u32;
        let (index, repetition) = (frame % count, frame / count);
        let layer = &mut self.layers[index as usize];
        if let Layer::Read(image) = layer {
            let of = if count == 1 { String::new() } else { format!("layer {index} of {count}, ") };
            image.span().map_err(|why| Failure::other(format_args!("{}: {of}{why}", self.name)))?;
            let by_order = thresholds_by_order(image);
            let name = format!("{}x{}, {of}{}", image.shape.width, image.shape.height, self.name);
            *layer = Layer::Ready(Mask { shape: image.shape, by_order, name });
        }
        let Layer::Ready(mask) = layer else { return Err(Failure::other("a layer without thresholds")) };
        // Fits: less than a side.
        let step = |axis: usize, side: u32| {
            ((u64::from(repetition.wrapping_mul(OFFSET_STEPS[axis])) * u64::from(side)) >> 32) as u32
        };
        Ok(Frame { offset: [step(0, mask.shape.width), step(1, mask.shape.height)], mask })
    }
}

/// Makes the mask of the default preset, or with layers of the preset `space-time`.
fn make(side: u32, count: u32) -> Result<Layers> {
    let preset = if count > 1 { Preset::SpaceTime } else { Preset::default() };
    let config = Config::new(preset, side, side);
    let config = Config { shape: config.shape.with_layers(count), ..config };
    let mut memory = allocate(&Layout::new(&config)?)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    generator.step(u32::MAX)?;
    let volume = generator.mask()?;
    let shape = config.shape.plane();
    let name = format!("preset {}", preset.name());
    let layer = |index: u32| {
        let mask = volume.plane(index, 0)?;
        let mut by_order =
            ByOrder { thresholds: vec![0; shape.pixels()], texels: vec![0; shape.pixels()], pixels: side * side };
        thresholds(&mask, &mut by_order.thresholds)?;
        texels(&mask, &mut by_order.texels)?;
        let of = if count == 1 { String::new() } else { format!("layer {index} of {count}, ") };
        Ok(Layer::Ready(Mask { shape, by_order, name: format!("{side}x{side}, {of}{name}") }))
    };
    Ok(Layers { layers: (0..count).map(layer).collect::<Result<_>>()?, name: name.clone() })
}

fn read(path: &Path, args: &DitherArgs) -> Result<Layers> {
    let name = path.display().to_string();
    let reading = args.reading();
    let (images, assumed) = if args.frame.is_some() {
        let masks = format::load(path, &reading)?;
        if masks.of < 2 {
            let options = reading.options.slices;
            let why = format_args!(
                "--frame wants a mask with layers, and this file has one: give {options} for slices of a picture, mask_%d.png for a \
                 file of each layer, or a mask of `generate --layers`"
            );
            return Err(Failure::file(path, why));
        }
        // That an array has slices is no assumption here.
        (masks.images.into_iter().map(|(_, image)| image).collect(), None)
    } else {
        let (image, assumed) = format::load_one(path, &reading)?;
        (vec![image], assumed)
    };
    if let Some(assumed) = assumed.filter(|_| !args.quiet) {
        failure::say(format_args!("{name}: {assumed}"));
    }
    Ok(Layers { layers: images.into_iter().map(Layer::Read).collect(), name })
}

/// Thresholds by the order of a mask's values.
pub(crate) struct ByOrder {
    /// One per pixel.
    pub(crate) thresholds: Vec<u16>,
    /// The same in 8 bits, which even levels of 8-bit samples take.
    pub(crate) texels: Vec<u8>,
    /// Pixels of the least mask with as many thresholds, each as frequent.
    pub(crate) pixels: u32,
}

/// Returns thresholds from the order of the values; equal values share the mean of their ranks.
///
/// So a mask of any distribution gives evenly spread thresholds. Values must be finite.
pub(crate) fn thresholds_by_order(image: &Image) -> ByOrder {
    // + 0.0 turns −0.0 into 0.0: total_cmp would tell them apart.
    let value = |index: &u32| image.values[*index as usize] + 0.0;
    // Fits: a mask has at most 2²⁴ pixels.
    let n = image.values.len() as u32;
    let mut order: Vec<u32> = (0..n).collect();
    order.sort_by(|a, b| value(a).total_cmp(&value(b)));
    let mut thresholds = vec![0; image.values.len()];
    let mut texels = vec![0; image.values.len()];
    let (mut below, mut common) = (0, 0);
    for alike in order.chunk_by(|a, b| value(a) == value(b)) {
        let count = alike.len() as u32;
        let (mean, all) = (2 * below + count, 2 * n);
        for index in alike {
            thresholds[*index as usize] = threshold(mean, all);
            texels[*index as usize] = texel(mean, all);
        }
        below += count;
        common = greatest_common_divisor(common, count);
    }
    // Where each value occurs m times, counts of pixels are multiples of m.
    ByOrder { thresholds, texels, pixels: n / common.max(1) }
}

fn greatest_common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
