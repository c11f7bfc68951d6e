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

/// A mask as thresholds.
pub(super) struct Mask {
    pub(super) shape: Shape,
    pub(super) by_order: ByOrder,
    /// Size and origin of the mask, for the user.
    pub(super) name: String,
}

/// The masks of a run, each made or read once.
pub(super) enum Masks {
    File(Mask),
    /// Masks of [`SIDES`].
    Made([Option<Mask>; 2]),
}

impl Masks {
    /// Reads the mask of `--mask`.
    pub(super) fn new(args: &DitherArgs) -> Result<Self> {
        Ok(match &args.mask {
            Some(path) => Self::File(read(path, args)?),
            None => Self::Made([None, None]),
        })
    }

    /// Returns the mask for a picture.
    pub(super) fn of(&mut self, picture: Shape) -> Result<&Mask> {
        match self {
            Self::File(mask) => Ok(mask),
            Self::Made(made) => {
                let index = usize::from(picture.width.max(picture.height) > MOST_FOR_SMALL);
                let mask = match made[index].take() {
                    Some(mask) => mask,
                    None => make(SIDES[index])?,
                };
                Ok(made[index].insert(mask))
            }
        }
    }
}

/// Makes the mask of the default preset.
fn make(side: u32) -> Result<Mask> {
    let config = Config::new(Preset::default(), side, side);
    let mut memory = allocate(&Layout::new(&config)?)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    generator.step(u32::MAX)?;
    let mask = generator.mask()?;
    let pixels = config.shape.pixels();
    let mut by_order = ByOrder { thresholds: vec![0; pixels], texels: vec![0; pixels], pixels: side * side };
    thresholds(&mask, &mut by_order.thresholds)?;
    texels(&mask, &mut by_order.texels)?;
    let name = format!("{side}x{side}, preset {}", Preset::default().name());
    Ok(Mask { shape: config.shape, by_order, name })
}

fn read(path: &Path, args: &DitherArgs) -> Result<Mask> {
    let (image, assumed) = format::load_one(path, &args.reading())?;
    image.span().map_err(|why| Failure::file(path, why))?;
    if let Some(assumed) = assumed.filter(|_| !args.quiet) {
        failure::say(format_args!("{}: {assumed}", path.display()));
    }
    let Shape { width, height, .. } = image.shape;
    let name = format!("{width}x{height}, {}", path.display());
    Ok(Mask { shape: image.shape, by_order: thresholds_by_order(&image), name })
}

/// Thresholds by the order of a mask's values.
pub(crate) struct ByOrder {
    /// One per pixel.
    pub(crate) thresholds: Vec<u16>,
    /// The same in 8 bits, which even levels of 8-bit samples take.
    pub(super) texels: Vec<u8>,
    /// Pixels of the least mask with as many thresholds, each as frequent.
    pub(super) pixels: u32,
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
