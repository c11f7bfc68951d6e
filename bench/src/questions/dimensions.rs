//! The question about more dimensions: layers, filters, channels, added noise.

use super::page::{Table, claim, number, section};
use crate::peers::volumes::space_time_void_and_cluster;
use crate::whole::Whole;
use bluegrad::filters::{Filters, SpaceFilter, TimeFilter};
use bluegrad::measure::{
    Average, FRAME_THRESHOLDS, FrameErrors, FrameTest, frame_taps, frame_variances, frames_scratch_len, space_time,
    space_time_scratch_len, summed_error,
};
use bluegrad::{Config, Preset, Recipe, Shape};

const SHAPE: Shape = Shape::new(64, 64).with_layers(16);
const SEEDS: u64 = 3;

const ANSWER: &str = "\
Yes, all from the same energy: the dither objective reads pairs of pixels, so it takes pairs across layers and channels too. 64x64
with 16 layers, means of 3 seeds; space: each layer blurred by 1.5 pixels; time: each pixel over frames, blurred by 1.5 frames; TAA:
exponential average of .1 over frames and a blur of 1.5 pixels; dB relative to white noise. Frames: error x 1e-3 of FAST's published
test (blur of 1.3435 pixels, average of .1) at the first and the last frame.

- `space-time` is ahead of void-and-cluster by the rule of NVIDIA's spatiotemporal blue noise in every column.
- A mask made for the filters of the test ends with the least error, and is white over time at each pixel: it gives up that column.
- Independent `dither` masks have more than 1 dB less error in each layer than `space-time`, and nothing over time.
- Four channels made together: their sum at equal levels is more than 1.1 dB better at a blur of 1.5 pixels than that of independent
  ones, each channel .3 dB worse at most.
- [space-time.md](space-time.md) says which mask is for which accumulation; vectors are to come.";

/// Ranks of a recipe.
fn ranks(recipe: Recipe, shape: Shape, seed: u64) -> Result<Vec<u32>, String> {
    let config = Config { shape, seed, recipe, ..Config::new(Preset::Dither, shape.width, shape.height) };
    Whole::new(&config).and_then(|mut whole| whole.ranks()).map_err(|error| error.to_string())
}

/// Space 1.5, time 1.5, TAA .1 and 1.5; first and last frame.
fn figures(ranks: &[u32]) -> Result<[f64; 5], bluegrad::Error> {
    let space = frame_taps();
    let test = FrameTest { space: &space, time: Average::Exponential(0.1), seed: 1 };
    let mut variances = [0.0; SHAPE.layers as usize];
    let mut scratch = vec![0.0; frames_scratch_len(SHAPE, space.len())?.max(space_time_scratch_len(SHAPE)?)];
    frame_variances(ranks, SHAPE, 0, &test, 0..FRAME_THRESHOLDS, &mut variances, &mut scratch)?;
    let columns = space_time(ranks, SHAPE, 0, &mut scratch)?;
    let frames = FrameErrors::new(&variances);
    Ok([columns.space[1], columns.time[2], columns.accumulated[3], frames.first, frames.last])
}

/// Means over seeds.
fn means(make: impl Fn(u64) -> Result<Vec<u32>, String>) -> Result<[f64; 5], String> {
    let mut sums = [0.0; 5];
    for seed in 0..SEEDS {
        let own = figures(&make(seed)?).map_err(|error| error.to_string())?;
        sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += own / SEEDS as f64);
    }
    Ok(sums)
}

/// Masks with more dimensions.
pub(super) fn dimensions() -> Result<String, String> {
    let wrong = |error: bluegrad::Error| error.to_string();
    let filters = Filters::product(SpaceFilter::gaussian(1.3435), TimeFilter::exponential(0.1, 0.1));
    let filtered = Recipe::filtered(&filters, SHAPE, None).map_err(wrong)?;
    let both = means(|seed| ranks(Preset::SpaceTime.recipe(), SHAPE, seed))?;
    let adapted = means(|seed| ranks(filtered, SHAPE, seed))?;
    let apart = means(|seed| ranks(Preset::Dither.recipe(), SHAPE, seed))?;
    let classic = means(|seed| Ok(space_time_void_and_cluster(SHAPE, 1.5, 1.5, 0.1, seed)))?;
    let mut table = Table::new(&["mask", "space 1.5", "time 1.5", "TAA .1, 1.5", "first frame", "last"]);
    for (name, figures) in [
        ("`space-time`", both),
        ("filters `gauss:1.3435`, `exponential:.1,.1`", adapted),
        ("`dither`, independent layers", apart),
        ("void-and-cluster in space and time, σ 1.5", classic),
    ] {
        let cells: Vec<String> = figures.iter().map(|value| number(*value, 2)).collect();
        table.row(name, &cells);
    }
    for i in 0..both.len() {
        claim("`space-time` is ahead of void-and-cluster in every column", both[i], classic[i])?;
    }
    for other in [both, apart, classic] {
        claim("a mask made for the filters ends with the least error", adapted[4], other[4])?;
    }
    claim("a mask made for the filters is white over time", -1.0, adapted[1])?;
    claim("independent masks have more than 1 dB less error in each layer", apart[0], both[0] - 1.0)?;
    claim("independent masks have nothing over time", -0.2, apart[1])?;
    let shape = SHAPE.with_layers(1).with_channels(4);
    let mut scratch = vec![0.0; space_time_scratch_len(shape).map_err(wrong)?];
    let (mut sum, mut worst, mut alone) = (0.0, f64::NEG_INFINITY, 0.0);
    for seed in 0..SEEDS {
        let channels = ranks(Preset::Dither.recipe(), shape, seed)?;
        sum += summed_error(&channels, shape, &mut scratch).map_err(wrong)?[1] / SEEDS as f64;
        for channel in 0..4 {
            worst = worst.max(space_time(&channels, shape, channel, &mut scratch).map_err(wrong)?.space[1]);
        }
        let flat = ranks(Preset::Dither.recipe(), shape.plane(), seed)?;
        alone += space_time(&flat, shape.plane(), 0, &mut scratch).map_err(wrong)?.space[1] / SEEDS as f64;
    }
    claim("four channels together: the sum is more than 1.1 dB better", sum, alone - 1.1)?;
    claim("each channel is .3 dB worse at most", worst, alone + 0.35)?;
    Ok(section("More dimensions?", ANSWER, &table))
}
