//! Masks with layers and channels, and masks for filters, measured beside the rules and the files of others.

use crate::peers::volumes::{Tap, space_time_void_and_cluster, swaps};
use crate::questions::page::{Table, number};
use crate::whole::Whole;
use bluegrad::filters::{FilterKernel, Filters, SpaceFilter, TimeFilter};
use bluegrad::measure::{
    self, Average, FRAME_THRESHOLDS, FrameErrors, FrameTest, Peak, PlanePeaks, SpaceTime, frame_taps, frame_variances,
    frames_scratch_len, levels_scratch_len, pair_loss, pair_loss_scratch_len, plane_peak, space_time,
    space_time_scratch_len,
};
use bluegrad::recipe::VoidAndCluster;
use bluegrad::{Config, Preset, Recipe, Shape, Stage};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What is measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Folder with files of EA's fastnoise.
    pub fast: Option<PathBuf>,
    /// Masks of each kind.
    pub seeds: u32,
    /// Seconds of swaps for each mask.
    pub seconds: f64,
    /// Shape of FAST's test and of the space-time columns.
    pub large: Shape,
    /// Shape of the pair losses.
    pub small: Shape,
    /// Side of flat masks.
    pub flat: u32,
    /// Largest side of the section on structure.
    pub structure: u32,
}

impl Plan {
    /// The published sizes.
    pub const FULL: Self = Self {
        fast: None,
        seeds: 3,
        seconds: 10.0,
        large: Shape::new(128, 128).with_layers(64),
        small: Shape::new(64, 64).with_layers(16),
        flat: 64,
        structure: 128,
    };

    /// Small masks, to see that all works.
    pub const QUICK: Self = Self {
        seeds: 1,
        seconds: 0.1,
        large: Shape::new(32, 32).with_layers(8),
        small: Shape::new(32, 32).with_layers(8),
        flat: 32,
        structure: 32,
        ..Self::FULL
    };
}

/// A mask, and the milliseconds that it took on one thread.
struct Made {
    ranks: Vec<u32>,
    milliseconds: f64,
}

/// Makes a mask of a recipe; the time is the least of three.
fn made(recipe: Recipe, shape: Shape, seed: u32) -> Result<Made> {
    let config = Config { shape, seed: seed.into(), recipe, ..Config::new(Preset::Dither, shape.width, shape.height) };
    let mut whole = Whole::new(&config)?;
    let mut least = f64::INFINITY;
    for _ in 0..3 {
        let start = Instant::now();
        whole.make()?;
        least = least.min(start.elapsed().as_secs_f64());
    }
    Ok(Made { ranks: whole.ranks()?, milliseconds: 1000.0 * least })
}

/// Swaps by FAST's rule for some seconds: ranks, and sweeps.
fn swapped(filters: &Filters, shape: Shape, seconds: f64) -> (Vec<u32>, u32) {
    let limit = Instant::now() + Duration::from_secs_f64(seconds);
    let mut sweeps = 0;
    let ranks = swaps(shape, &taps(filters, shape), 1, |done| {
        sweeps = done;
        Instant::now() < limit
    });
    (ranks, sweeps)
}

/// All taps of the kernel of filters but its centre.
fn taps(filters: &Filters, shape: Shape) -> Vec<Tap> {
    let kernel = FilterKernel::new(filters, shape);
    let mut taps = Vec::new();
    for d in 0..shape.layers {
        for y in 0..shape.height {
            for x in 0..shape.width {
                let weight = kernel.at(x as usize, y as usize, d as usize) / kernel.centre();
                if x + y + d > 0 && weight > 1e-9 {
                    taps.push(([x as i32, y as i32, d as i32], weight as f32));
                }
            }
        }
    }
    taps
}

/// The pair loss of a volume of one channel.
fn loss(ranks: &[u32], filters: &Filters, shape: Shape) -> Result<f64> {
    let mut scratch = vec![0.0; pair_loss_scratch_len(shape)?];
    Ok(pair_loss(ranks, shape, 0, filters, &mut scratch)?)
}

/// Figures of a volume.
struct Figures {
    frames: FrameErrors,
    columns: SpaceTime,
    peaks: PlanePeaks,
}

impl Figures {
    fn new(ranks: &[u32], shape: Shape) -> Result<Self> {
        let space = frame_taps();
        let test = FrameTest { space: &space, time: Average::Exponential(0.1), seed: 1 };
        let mut variances = vec![0.0; shape.layers as usize];
        let mut scratch = vec![0.0; frames_scratch_len(shape, space.len())?.max(space_time_scratch_len(shape)?)];
        frame_variances(ranks, shape, 0, &test, 0..FRAME_THRESHOLDS, &mut variances, &mut scratch)?;
        let columns = space_time(ranks, shape, 0, &mut scratch)?;
        Ok(Self { frames: FrameErrors::new(&variances), columns, peaks: peaks(ranks, shape)? })
    }
}

fn peaks(ranks: &[u32], shape: Shape) -> Result<PlanePeaks> {
    let mut scratch = vec![0.0; levels_scratch_len(shape.plane())?];
    let planes = ranks.chunks(shape.pixels());
    let peaks: std::result::Result<Vec<Peak>, _> =
        planes.map(|plane| plane_peak(plane, shape.plane(), &mut scratch)).collect();
    Ok(PlanePeaks::new(&peaks?))
}

/// Ranks of EA's file: an atlas of slices, one below the other. None without the folder or the file.
fn file(folder: Option<&Path>, name: &str, shape: Shape) -> Result<Option<Vec<u32>>> {
    let Some(path) = folder.map(|folder| folder.join(name)).filter(|path| path.exists()) else { return Ok(None) };
    let mut decoder = png::Decoder::new(std::io::BufReader::new(std::fs::File::open(path)?));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().ok_or("the file is too large")?];
    let info = reader.next_frame(&mut bytes)?;
    if info.width != shape.width {
        return Ok(None);
    }
    let samples = info.color_type.samples();
    let values: Vec<f64> =
        bytes.chunks_exact(samples).map(|pixel| f64::from(pixel[0])).take(shape.elements()).collect();
    if values.len() != shape.elements() {
        return Ok(None);
    }
    let (mut order, mut ranks) = (vec![0; values.len()], vec![0; values.len()]);
    measure::layer_ranks(&values, shape.layers, &mut order, &mut ranks)?;
    Ok(Some(ranks))
}

/// The filters of FAST's own test.
const FAST: Filters = Filters::product(SpaceFilter::gaussian(1.3435), TimeFilter::exponential(0.1, 0.1));

/// A kind of mask: name, masks of all seeds, milliseconds of one if it is ours.
struct Kind {
    name: String,
    masks: Vec<Vec<u32>>,
    milliseconds: Option<f64>,
}

fn own(name: &str, recipe: Recipe, shape: Shape, seeds: u32) -> Result<Kind> {
    let made: Result<Vec<Made>> = (0..seeds).map(|seed| made(recipe, shape, seed)).collect();
    let made = made?;
    let milliseconds = made.iter().map(|made| made.milliseconds).fold(f64::INFINITY, f64::min);
    Ok(Kind {
        name: name.into(),
        masks: made.into_iter().map(|made| made.ranks).collect(),
        milliseconds: Some(milliseconds),
    })
}

fn volumes(plan: &Plan) -> Result<Vec<Kind>> {
    let (shape, seeds) = (plan.large, plan.seeds);
    let white = Recipe::new(&[Stage::Polish(bluegrad::recipe::Polish::PLAIN)]);
    let other = |name: &str, ranks: Vec<u32>| Kind { name: name.into(), masks: vec![ranks], milliseconds: None };
    let mut kinds = vec![
        own(
            "`--space-filter gauss:1.3435 --time-filter exponential:.1,.1`",
            Recipe::filtered(&FAST, shape, None)?,
            shape,
            seeds,
        )?,
        own("`space-time`", Preset::SpaceTime.recipe(), shape, seeds)?,
        own("`space-time-wide`", Preset::SpaceTimeWide.recipe(), shape, seeds)?,
        own("`dither`, independent layers", Preset::Dither.recipe(), shape, seeds)?,
    ];
    // its time would be that of a plain twin: no figure
    kinds.push(other("void-and-cluster by STBN's rule, σ 1.5", space_time_void_and_cluster(shape, 1.5, 1.5, 0.1, 1)));
    let name = "real_uniform_gauss_1.3435_exponential_0.1_0.1_product.png";
    if let Some(ranks) = file(plan.fast.as_deref(), name, shape)? {
        kinds.push(other("EA's file, product .1/.1", ranks));
    }
    kinds.push(Kind { milliseconds: None, ..own("white noise", white, shape, 1)? });
    Ok(kinds)
}

fn time_of(milliseconds: Option<f64>) -> String {
    milliseconds.map_or_else(|| "–".into(), |time| if time < 100.0 { number(time, 1) } else { number(time, 0) })
}

fn mean<const N: usize>(figures: &[Figures], of: impl Fn(&Figures) -> [f64; N]) -> Vec<f64> {
    (0..N).map(|i| figures.iter().map(|figures| of(figures)[i]).sum::<f64>() / figures.len() as f64).collect()
}

fn size(shape: Shape) -> String {
    let Shape { width, height, layers, .. } = shape;
    if layers > 1 { format!("{width}x{height}x{layers}") } else { format!("{width}x{height}") }
}

/// FAST's test and the space-time columns of whole volumes.
fn large(plan: &Plan, page: &mut String) -> Result<()> {
    let mut test = Table::new(&["mask", "first", "8", "16", "32", "last", "rss", "ms"]);
    let mut columns = Table::new(&[
        "mask",
        "space 1",
        "1.5",
        "3",
        "time .7",
        "1",
        "1.5",
        "2.5",
        "TAA .2, 1",
        ".1, 1",
        ".2, 1.5",
        ".1, 1.5",
        "peak, mean",
        "mid",
        "worst",
    ]);
    for kind in volumes(plan)? {
        let figures: Result<Vec<Figures>> = kind.masks.iter().map(|ranks| Figures::new(ranks, plan.large)).collect();
        let figures = figures?;
        let frames = mean(&figures, |figures| {
            let FrameErrors { first, frame_8, frame_16, frame_32, last, rss } = figures.frames;
            [first, frame_8, frame_16, frame_32, last, rss]
        });
        let mut cells: Vec<String> = frames.into_iter().map(|value| number(value, 2)).collect();
        cells.push(time_of(kind.milliseconds));
        test.row(&kind.name, &cells);
        let mut cells: Vec<String> = Vec::new();
        cells.extend(mean(&figures, |figures| figures.columns.space).into_iter().map(|value| number(value, 2)));
        cells.extend(mean(&figures, |figures| figures.columns.time).into_iter().map(|value| number(value, 2)));
        cells.extend(mean(&figures, |figures| figures.columns.accumulated).into_iter().map(|value| number(value, 2)));
        let peak = |peaks: &PlanePeaks| [peaks.mean, peaks.mid, peaks.largest_worst];
        cells.extend(mean(&figures, |figures| peak(&figures.peaks)).into_iter().map(|value| number(value, 1)));
        columns.row(&kind.name, &cells);
    }
    let size = size(plan.large);
    *page += &format!(
        "\n## Frames\n\nFAST's published test: {size}, blur of 1.3435 pixels, exponential average of .1 over frames; error x 1e-3 at frames \
         1, 8, 16, 32 and the last, and the root of the sum of squares. Means of {} seeds; others one mask. Time: one thread.\n\n{}",
        plan.seeds,
        test.text()
    );
    *page += &format!(
        "\n## Space and time\n\n{size}: dB relative to white noise. Space: each layer, blurred; time: each pixel over frames; TAA: \
         exponential average α over frames and a blur. Peak: largest bin of a pattern's spectrum, over all layers; `worst` of any.\n\n{}",
        columns.text()
    );
    Ok(())
}

/// The eight filters of the pair losses, and the limits of the project.
fn products() -> [(&'static str, Filters); 8] {
    let (gauss, cube) = (SpaceFilter::gaussian(1.0), SpaceFilter::mean(3));
    [
        ("Gaussian 1 x EMA .1", Filters::product(gauss, TimeFilter::ema(0.1))),
        ("Gaussian 1 x EMA .2", Filters::product(gauss, TimeFilter::ema(0.2))),
        ("box 3 x EMA .1", Filters::product(cube, TimeFilter::ema(0.1))),
        ("box 5 x box 8", Filters::product(SpaceFilter::mean(5), TimeFilter::mean(8))),
        ("Gaussian 1 x Gaussian 1", Filters::product(gauss, TimeFilter::gaussian(1.0))),
        ("Gaussian 1 x exponential .1, .1", Filters::product(gauss, TimeFilter::exponential(0.1, 0.1))),
        ("Gaussian 1.3435 x exponential .1, .1", FAST),
        ("separate .5: Gaussian 1, EMA .1", Filters::separate(gauss, TimeFilter::ema(0.1), 0.5)),
    ]
}

fn flats() -> [(&'static str, Filters); 4] {
    let of = |space| Filters::product(space, TimeFilter::NONE);
    [
        ("Gaussian 1", of(SpaceFilter::gaussian(1.0))),
        ("box 3", of(SpaceFilter::mean(3))),
        ("box 5", of(SpaceFilter::mean(5))),
        ("binomial 3", of(SpaceFilter::binomial(2))),
    ]
}

/// Pair losses of masks for filters.
fn losses(plan: &Plan, page: &mut String) -> Result<()> {
    let sections: [(Shape, &[(&str, Filters)]); 2] =
        [(plan.small, &products()), (Shape::new(plan.flat, plan.flat), &flats())];
    for (shape, filters) in sections {
        let mut table =
            Table::new(&["filters", "swaps by FAST's rule", "sweeps", "ours", "ms", "peak, mean", "mid", "worst"]);
        for (name, filters) in filters {
            let (ranks, sweeps) = swapped(filters, shape, plan.seconds);
            let kind = own(name, Recipe::filtered(filters, shape, None)?, shape, plan.seeds)?;
            let losses: Result<Vec<f64>> = kind.masks.iter().map(|ranks| loss(ranks, filters, shape)).collect();
            let losses = losses?;
            let ours = losses.iter().sum::<f64>() / losses.len() as f64;
            let peaks = peaks(&kind.masks[0], shape)?;
            let mut cells = vec![number(loss(&ranks, filters, shape)?, 2), sweeps.to_string(), number(ours, 2)];
            cells.push(time_of(kind.milliseconds));
            cells.extend([peaks.mean, peaks.mid, peaks.largest_worst].map(|value| number(value, 1)));
            table.row(name, &cells);
        }
        *page += &format!(
            "\n## Masks for filters, {}\n\nPair loss, dB relative to white noise; means of {} seeds; swaps for {} s.\n\n{}",
            size(shape),
            plan.seeds,
            plan.seconds,
            table.text()
        );
    }
    Ok(())
}

/// FAST's spatial test: one frame, other filters.
fn spatial(plan: &Plan, page: &mut String) -> Result<()> {
    let shape = plan.large.plane();
    let kernels: [(&str, &str, SpaceFilter, &[f64]); 4] = [
        ("binomial 2", "binomial_2", SpaceFilter::binomial(2), &[1.0, 2.0, 1.0]),
        ("binomial 3", "binomial_3", SpaceFilter::binomial(4), &[1.0, 4.0, 6.0, 4.0, 1.0]),
        ("box 3", "box_3", SpaceFilter::mean(3), &[1.0; 3]),
        ("box 5", "box_5", SpaceFilter::mean(5), &[1.0; 5]),
    ];
    let mut table = Table::new(&["filter", "EA's file", "`dither`", "ours for the filter"]);
    for (name, file_name, filter, space) in kernels {
        let error = |ranks: &[u32]| -> Result<f64> {
            let test = FrameTest { space, time: Average::Exponential(1.0), seed: 1 };
            let (mut variance, mut scratch) = ([0.0], vec![0.0; frames_scratch_len(shape, space.len())?]);
            frame_variances(ranks, shape, 0, &test, 0..FRAME_THRESHOLDS, &mut variance, &mut scratch)?;
            Ok(FrameErrors::new(&variance).first)
        };
        let theirs = file(plan.fast.as_deref(), &format!("real_uniform_{file_name}.png"), shape)?;
        let theirs =
            theirs.map(|ranks| error(&ranks)).transpose()?.map_or_else(|| "–".into(), |error| number(error, 2));
        let filters = Filters::product(filter, TimeFilter::NONE);
        let errors = |recipe: Recipe| -> Result<f64> {
            let kind = own(name, recipe, shape, plan.seeds)?;
            let errors: Result<Vec<f64>> = kind.masks.iter().map(|ranks| error(ranks)).collect();
            Ok(errors?.iter().sum::<f64>() / f64::from(plan.seeds))
        };
        let ours = [errors(Preset::Dither.recipe())?, errors(Recipe::filtered(&filters, shape, None)?)?];
        table.row(name, &[theirs, number(ours[0], 2), number(ours[1], 2)]);
    }
    *page += &format!(
        "\n## One frame\n\nFAST's spatial test, {}: RMS x 1e-3 after the filter.\n\n{}",
        size(shape),
        table.text()
    );
    Ok(())
}

/// Channels that are made together, beside independent ones.
fn channels(plan: &Plan, page: &mut String) -> Result<()> {
    let mut table = Table::new(&["channels", "sum 1", "1.5", "3", "each 1", "1.5", "3", "ms"]);
    let flat = Shape::new(plan.flat, plan.flat);
    for channels in [1, 2, 3, 4] {
        let shape = flat.with_channels(channels);
        let kind = own("", Preset::Dither.recipe(), shape, plan.seeds)?;
        let mut scratch = vec![0.0; space_time_scratch_len(shape)?];
        let (mut sums, mut each) = ([0.0; 3], [0.0; 3]);
        for ranks in &kind.masks {
            let sum = measure::summed_error(ranks, shape, &mut scratch)?;
            (0..3).for_each(|i| sums[i] += sum[i] / f64::from(plan.seeds));
            for channel in 0..channels {
                let own = space_time(ranks, shape, channel, &mut scratch)?.space;
                (0..3).for_each(|i| each[i] += own[i] / f64::from(plan.seeds * channels));
            }
        }
        let mut cells: Vec<String> = sums.iter().chain(&each).map(|value| number(*value, 2)).collect();
        cells.push(time_of(kind.milliseconds));
        table.row(&channels.to_string(), &cells);
    }
    *page += &format!(
        "\n## Channels\n\n`dither`, {}, channels made together: error of their sum at equal levels, and of each by itself, dB relative to \
         white noise, blurs of 1, 1.5 and 3 pixels. Independent channels have the errors of one.\n\n{}",
        size(flat),
        table.text()
    );
    Ok(())
}

/// Structure of layers beside void-and-cluster of the same side.
fn structure(plan: &Plan, page: &mut String) -> Result<()> {
    let mut table = Table::new(&["mask", "side", "mean", "mid", "worst"]);
    let mut side = 16;
    while side <= plan.structure {
        let flat = Shape::new(side, side);
        let classic = Recipe::new(&[Stage::VoidAndCluster(VoidAndCluster::CLASSIC)]);
        let layers = flat.with_layers(8);
        let rows: [(&str, Recipe, Shape); 5] = [
            ("void-and-cluster 1.5", classic, flat),
            ("`space-time`", Preset::SpaceTime.recipe(), layers),
            ("`space-time-wide`", Preset::SpaceTimeWide.recipe(), layers),
            ("filters of FAST's test", Recipe::filtered(&FAST, layers, None)?, layers),
            ("four channels", Preset::Dither.recipe(), flat.with_channels(4)),
        ];
        for (name, recipe, shape) in rows {
            let seeds = if shape.is_flat() { 8 } else { 1 };
            let kind = own(name, recipe, shape, seeds)?;
            let all: Vec<u32> = kind.masks.concat();
            let peaks = peaks(&all, flat.with_layers(all.len() as u32 / flat.pixels() as u32))?;
            table.row(
                name,
                &[side.to_string(), number(peaks.mean, 1), number(peaks.mid, 1), number(peaks.largest_worst, 1)],
            );
        }
        side *= 2;
    }
    *page += &format!(
        "\n## Structure\n\nPeak of every layer and channel (8 layers, or 4 channels): mean, mean over the middle levels, and the worst level \
         of any plane. Void-and-cluster: 8 masks.\n\n{}",
        table.text()
    );
    Ok(())
}

/// All tables.
///
/// # Errors
/// Errors of the library for a recipe, unreadable files.
pub fn tables(plan: &Plan) -> Result<String> {
    let mut page = String::new();
    let parts: [fn(&Plan, &mut String) -> Result<()>; 5] = [large, losses, spatial, channels, structure];
    for part in parts {
        part(plan, &mut page)?;
        eprint!(".");
    }
    eprintln!();
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::{FAST, taps};
    use bluegrad::Shape;
    use bluegrad::filters::FilterKernel;

    #[test]
    fn the_taps_and_the_centre_are_the_whole_kernel() {
        let shape = Shape::new(16, 16).with_layers(8);
        let kernel = FilterKernel::new(&FAST, shape);
        let sum: f64 = taps(&FAST, shape).iter().map(|(_, weight)| f64::from(*weight)).sum();
        let whole = kernel.sum() / kernel.centre();
        assert!((1.0 + sum - whole).abs() < 1e-4 * whole, "{sum} {whole}");
    }
}
