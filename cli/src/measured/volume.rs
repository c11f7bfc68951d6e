//! A mask of several layers or channels with all figures.

use super::figures::{Better, Group};
use super::histogram::Histogram;
use super::{Figure, Tabled, name_of, stem_of};
use crate::failure::{Failure, Result};
use crate::image::{Image, size};
use crate::patterns::{Dithered, MOST_SCRATCH};
use crate::spectrum::Spectrum;
use bluegrad::measure::{
    self, ACCUMULATIONS, Average, FRAME_ALPHA, FRAME_SIGMA, FRAME_THRESHOLDS, FrameErrors, FrameTest, LOW_POWER_RADII,
    Peak, PlanePeaks, SPACE_SIGMAS, SpaceTime, TIME_SIGMAS, frame_taps,
};
use bluegrad::{Filters, Shape};
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use serde::Serialize;
use std::path::Path;

/// Name and key of a figure, and the figure of a group of them.
type NamedField<T> = (&'static str, &'static str, fn(&T) -> f64);

/// Parts of the test of frames that threads share. The sums of the parts do not depend on the number of threads.
const PARTS: u32 = 8;

/// A mask of several layers or channels with all figures.
#[derive(Debug)]
pub(crate) struct MeasuredVolume {
    /// Path as the user wrote it.
    pub(crate) file: String,
    slice: Option<u32>,
    pub(crate) shape: Shape,
    pub(crate) channels: Vec<MeasuredChannel>,
    /// Error in space of the sum of all channels at equal levels, dB.
    pub(crate) summed: [f64; SPACE_SIGMAS.len()],
    /// Patterns of the first channel of the first layer.
    pub(crate) first: Dithered,
}

/// Figures of a channel, over its layers.
#[derive(Debug)]
pub(crate) struct MeasuredChannel {
    /// Number of layers with an exact histogram.
    exact: usize,
    /// Variance of each accumulated frame.
    pub(crate) variances: Vec<f64>,
    pub(crate) frames: FrameErrors,
    pub(crate) space_time: SpaceTime,
    /// Structure of each layer.
    pub(crate) layers: Vec<Peak>,
    pub(crate) peaks: PlanePeaks,
    /// Loss for the filters that were given, dB.
    pub(crate) loss: Option<f64>,
    /// Mean over the layers of the power of the grey layers themselves, dB.
    pub(crate) low_power: [f64; LOW_POWER_RADII.len()],
}

impl MeasuredVolume {
    /// Measures a mask; the path and the index of a slice are for messages.
    pub(crate) fn of_image(path: &Path, slice: Option<u32>, image: &Image, filters: Option<&Filters>) -> Result<Self> {
        let file = path.display().to_string();
        let of_file = |why: String| Failure::other(format_args!("{}: {why}", name_of(&file, slice)));
        let shape = image.shape;
        shape.check().map_err(|error| of_file(error.to_string()))?;
        let planes: Vec<Image> = (0..shape.layers)
            .flat_map(|layer| (0..shape.channels).map(move |channel| image.plane(layer, channel)))
            .collect();
        check(&planes, shape).map_err(of_file)?;
        let ranks = ranks(&planes, shape).map_err(|failure| of_file(failure.message))?;
        let measured = || -> Result<_> {
            let channel = |channel| MeasuredChannel::new(&planes, &ranks, shape, channel, filters);
            let channels: Vec<_> = (0..shape.channels).map(channel).collect::<Result<_>>()?;
            let summed = if shape.channels > 1 {
                measure::summed_error(&ranks, shape, &mut vec![0.0; measure::space_time_scratch_len(shape)?])?
            } else {
                [f64::NAN; SPACE_SIGMAS.len()]
            };
            let first = Dithered::new(ranks[..shape.pixels()].to_vec(), shape.plane())?;
            Ok((channels, summed, first))
        };
        let (channels, summed, first) = measured().map_err(|failure| of_file(failure.message))?;
        Ok(Self { file, slice, shape, channels, summed, first })
    }

    /// Mean over the channels of a figure.
    fn mean(&self, figure: impl Fn(&MeasuredChannel) -> f64) -> f64 {
        self.channels.iter().map(figure).sum::<f64>() / self.channels.len() as f64
    }

    /// Largest of the channels of a figure.
    fn largest(&self, figure: impl Fn(&MeasuredChannel) -> f64) -> f64 {
        self.channels.iter().map(figure).fold(f64::NAN, f64::max)
    }

    /// Error of each accumulated frame, x 1e-3: the root of the mean over the channels.
    pub(crate) fn frame_errors(&self) -> Vec<f64> {
        (0..self.shape.layers as usize)
            .map(|frame| 1000.0 * self.mean(|channel| channel.variances[frame]).sqrt())
            .collect()
    }

    /// Structure of each layer over the grey levels, of the worst channel.
    pub(crate) fn layer_peaks(&self) -> Vec<f64> {
        (0..self.shape.layers as usize).map(|layer| self.largest(|channel| channel.layers[layer].mean)).collect()
    }

    /// Structure of each layer at its worst grey level, of the worst channel.
    pub(crate) fn layer_worst_peaks(&self) -> Vec<f64> {
        (0..self.shape.layers as usize).map(|layer| self.largest(|channel| channel.layers[layer].worst)).collect()
    }

    /// Figures of structure: a lattice has low errors to the eye, and a high peak.
    fn structure(&self) -> Vec<Figure> {
        let group = Group::new("structure of layers: largest bin of a pattern, x white noise's mean", "peak");
        let group = Group { decimals: 1, ..group };
        let means: [NamedField<PlanePeaks>; 3] = [
            ("31 grey levels, mean layer", "_mean", |peaks| peaks.mean),
            ("1/4 to 3/4, mean layer", "_mid", |peaks| peaks.mid),
            ("worst level, mean layer", "_worst", |peaks| peaks.worst),
        ];
        let largest: [NamedField<PlanePeaks>; 3] = [
            ("31 grey levels, worst layer", "_largest_mean", |peaks| peaks.largest_mean),
            ("1/4 to 3/4, worst layer", "_largest_mid", |peaks| peaks.largest_mid),
            ("worst level, worst layer", "_largest_worst", |peaks| peaks.largest_worst),
        ];
        let figure = |(name, key, value): (&str, &str, f64)| group.figure(name.to_string(), key.to_string(), value);
        let means = means.map(|(name, key, of)| (name, key, self.mean(|channel| of(&channel.peaks))));
        let largest = largest.map(|(name, key, of)| (name, key, self.largest(|channel| of(&channel.peaks))));
        means.into_iter().chain(largest).map(figure).collect()
    }
}

impl Tabled for MeasuredVolume {
    fn name(&self) -> String {
        name_of(&self.file, self.slice)
    }

    fn stem(&self) -> String {
        stem_of(&self.file, self.slice)
    }

    fn size(&self) -> String {
        size(self.shape)
    }

    fn histogram(&self) -> String {
        let (exact, planes) = (self.channels.iter().map(|channel| channel.exact).sum::<usize>(), self.shape.planes());
        let of = if self.shape.channels > 1 { "planes" } else { "layers" };
        match planes {
            1 => if exact == 1 { "histogram exact" } else { "histogram uneven" }.to_string(),
            _ if planes == exact => format!("histogram exact in all {of}"),
            _ => format!("histogram exact in {exact} of {planes} {of}"),
        }
    }

    /// Means over the channels.
    fn figures(&self) -> Vec<Figure> {
        let mut all = Vec::new();
        let frames = Group::new("accumulated frames: error, x 1e-3", "frame_error_thousandths");
        let frame: [NamedField<FrameErrors>; 6] = [
            ("first frame", "_first", |errors| errors.first),
            ("frame 8", "_8", |errors| errors.frame_8),
            ("frame 16", "_16", |errors| errors.frame_16),
            ("frame 32", "_32", |errors| errors.frame_32),
            ("last frame", "_last", |errors| errors.last),
            ("root of the sum of squares", "_rss", |errors| errors.rss),
        ];
        for (name, key, figure) in frame {
            let value = self.mean(|channel| figure(&channel.frames));
            all.push(frames.figure(name.to_string(), key.to_string(), value));
        }
        // The sum grows with the number of layers: the mean compares masks of different numbers.
        let rss = all.pop().map(|figure| Figure { better: Better::Neither, ..figure });
        let squares = self.frame_errors().iter().map(|error| error * error).sum::<f64>();
        let mean = (squares / f64::from(self.shape.layers)).sqrt();
        all.push(frames.figure("root of the mean square".to_string(), "_rms".to_string(), mean));
        all.extend(rss);
        let space = Group::new("each layer, blurred: error to the eye, dB", "space_db");
        for (i, sigma) in SPACE_SIGMAS.into_iter().enumerate() {
            let value = self.mean(|channel| channel.space_time.space[i]);
            all.push(space.figure(format!("sigma {sigma:.1}"), format!("_sigma_{sigma:.1}"), value));
        }
        let time = Group::new("each pixel over time, blurred: error, dB", "time_db");
        for (i, sigma) in TIME_SIGMAS.into_iter().enumerate() {
            let value = self.mean(|channel| channel.space_time.time[i]);
            all.push(time.figure(format!("sigma {sigma:.1} frames"), format!("_sigma_{sigma:.1}"), value));
        }
        let accumulated = Group::new("accumulated exponentially, blurred: error to the eye, dB", "accumulated_db");
        for (i, [alpha, sigma]) in ACCUMULATIONS.into_iter().enumerate() {
            let value = self.mean(|channel| channel.space_time.accumulated[i]);
            let (name, key) = (format!("alpha {alpha}, sigma {sigma:.1}"), format!("_alpha_{alpha}_sigma_{sigma:.1}"));
            all.push(accumulated.figure(name, key, value));
        }
        let summed = Group::new("sum of the channels at equal levels: error to the eye, dB", "summed_db");
        for (sigma, value) in SPACE_SIGMAS.into_iter().zip(self.summed) {
            all.push(summed.figure(format!("sigma {sigma:.1}"), format!("_sigma_{sigma:.1}"), value));
        }
        all.extend(self.structure());
        let grey = Group::new("the layers themselves, mean power, dB", "low_power_db");
        for (i, radius) in LOW_POWER_RADII.into_iter().enumerate() {
            let value = self.mean(|channel| channel.low_power[i]);
            all.push(grey.figure(format!("power, f <= {radius}"), format!("_radius_{radius}"), value));
        }
        all
    }
}

impl MeasuredChannel {
    /// Measures a channel; `ranks` are those of all planes.
    fn new(planes: &[Image], ranks: &[u32], shape: Shape, channel: u32, filters: Option<&Filters>) -> Result<Self> {
        let own: Vec<usize> = (channel as usize..shape.planes()).step_by(shape.channels as usize).collect();
        let (accumulated, layers) = rayon::join(
            || {
                let variances = frame_variances(ranks, shape, channel)?;
                let mut scratch = vec![0.0; measure::space_time_scratch_len(shape)?];
                Ok::<_, Failure>((variances, measure::space_time(ranks, shape, channel, &mut scratch)?))
            },
            || {
                let layer = |plane: &usize| layer(&planes[*plane], &ranks[plane * shape.pixels()..][..shape.pixels()]);
                own.par_iter().map(layer).collect::<Result<Vec<_>>>()
            },
        );
        let ((variances, space_time), layers) = (accumulated?, layers?);
        let exact = own.iter().filter(|plane| Histogram::new(&planes[**plane].values, planes[**plane].levels).exact());
        let loss = |filters| -> Result<f64> {
            let mut scratch = vec![0.0; measure::pair_loss_scratch_len(shape)?];
            Ok(measure::pair_loss(ranks, shape, channel, filters, &mut scratch)?)
        };
        let peaks: Vec<Peak> = layers.iter().map(|(peak, _)| *peak).collect();
        Ok(Self {
            exact: exact.count(),
            loss: filters.map(loss).transpose()?,
            frames: FrameErrors::new(&variances),
            variances,
            space_time,
            peaks: PlanePeaks::new(&peaks),
            layers: peaks,
            low_power: std::array::from_fn(|i| {
                layers.iter().map(|(_, low_power)| low_power[i]).sum::<f64>() / layers.len() as f64
            }),
        })
    }
}

/// Structure and low power of a layer.
fn layer(plane: &Image, ranks: &[u32]) -> Result<(Peak, [f64; LOW_POWER_RADII.len()])> {
    let mut scratch = vec![0.0; measure::levels_scratch_len(plane.shape)?];
    let peak = measure::plane_peak(ranks, plane.shape, &mut scratch)?;
    // A layer of one value has no power.
    let low_power = match plane.unit_values() {
        Ok(values) => Spectrum::new(&values, plane.shape)?.quality.low_power,
        Err(_) => [f64::NAN; LOW_POWER_RADII.len()],
    };
    Ok((peak, low_power))
}

/// Variance of each accumulated frame in the published test.
fn frame_variances(ranks: &[u32], shape: Shape, channel: u32) -> Result<Vec<f64>> {
    let (space, layers) = (frame_taps(), shape.layers as usize);
    let test = FrameTest { space: &space, time: Average::Exponential(FRAME_ALPHA), seed: 0 };
    let scratch_len = measure::frames_scratch_len(shape, space.len())?;
    let parts = PARTS.min((MOST_SCRATCH / scratch_len).max(1) as u32);
    let part = |part| -> Result<Vec<f64>> {
        let (mut variances, mut scratch) = (vec![0.0; layers], vec![0.0; scratch_len]);
        let steps = part * FRAME_THRESHOLDS / parts..(part + 1) * FRAME_THRESHOLDS / parts;
        measure::frame_variances(ranks, shape, channel, &test, steps, &mut variances, &mut scratch)?;
        Ok(variances)
    };
    let all = (0..parts).into_par_iter().map(part).collect::<Result<Vec<_>>>()?;
    Ok((0..layers).map(|layer| all.iter().map(|part| part[layer]).sum()).collect())
}

/// Refuses values that are not finite, and channels of one value.
fn check(planes: &[Image], shape: Shape) -> std::result::Result<(), String> {
    let channels = shape.channels as usize;
    for (index, plane) in planes.iter().enumerate() {
        if plane.values.iter().any(|value| !value.is_finite()) {
            let why = plane.span().err().unwrap_or_default();
            return Err(format!("layer {}, channel {}: {why}", index / channels, index % channels));
        }
    }
    for channel in 0..channels {
        let mut values = planes.iter().skip(channel).step_by(channels).flat_map(|plane| &plane.values);
        if let Some(first) = values.next().filter(|first| values.all(|value| value == *first)) {
            let of = if channels > 1 { format!(" of channel {channel}") } else { String::new() };
            return Err(format!("every pixel{of} is {first}: a mask needs different values"));
        }
    }
    Ok(())
}

/// Ranks plane by plane, over all layers of a channel.
fn ranks(planes: &[Image], shape: Shape) -> Result<Vec<u32>> {
    let (pixels, channels) = (shape.pixels(), shape.channels as usize);
    let mut all = vec![0; shape.elements()];
    let mut order = vec![0; pixels * shape.layers as usize];
    let mut ranks = order.clone();
    for channel in 0..channels {
        let own = planes.iter().skip(channel).step_by(channels);
        let values: Vec<f64> = own.flat_map(|plane| plane.values.iter().copied()).collect();
        measure::layer_ranks(&values, shape.layers, &mut order, &mut ranks)?;
        let to = all.chunks_exact_mut(pixels).skip(channel).step_by(channels);
        to.zip(ranks.chunks_exact(pixels)).for_each(|(to, from)| to.copy_from_slice(from));
    }
    Ok(all)
}

/// One mask of several layers or channels, as JSON. Field names are a stable interface. A figure that is undefined is null.
#[derive(Serialize)]
pub(crate) struct VolumeRecord<'m> {
    file: &'m str,
    /// Index of the slice; null for a file of one mask.
    slice: Option<u32>,
    width_pixels: u32,
    height_pixels: u32,
    layers: u32,
    channels: u32,
    /// Filters of the frames.
    frame_sigma_pixels: f64,
    frame_alpha: f64,
    space_sigmas_pixels: [f64; SPACE_SIGMAS.len()],
    time_sigmas_frames: [f64; TIME_SIGMAS.len()],
    /// Weight of a new frame, and the blur in pixels.
    accumulations: [[f64; 2]; ACCUMULATIONS.len()],
    low_power_radii_cycles_per_pixel: [f64; LOW_POWER_RADII.len()],
    each_channel: Vec<ChannelRecord<'m>>,
    /// Of the sum of all channels at equal levels.
    summed_db: [f64; SPACE_SIGMAS.len()],
}

#[derive(Serialize)]
struct ChannelRecord<'m> {
    layers_with_exact_histogram: usize,
    frame_error_thousandths: Vec<f64>,
    frame_error_rss_thousandths: f64,
    space_db: [f64; SPACE_SIGMAS.len()],
    time_db: [f64; TIME_SIGMAS.len()],
    accumulated_db: [f64; ACCUMULATIONS.len()],
    /// Means over the layers.
    peak_mean: f64,
    peak_mid: f64,
    peak_worst: f64,
    /// Of the worst layer each.
    peak_largest_mean: f64,
    peak_largest_mid: f64,
    peak_largest_worst: f64,
    low_power_db: &'m [f64; LOW_POWER_RADII.len()],
    /// For the filters of the options; null without.
    loss_db: Option<f64>,
    /// Structure of each layer.
    layers: Vec<LayerRecord>,
}

#[derive(Serialize)]
struct LayerRecord {
    peak_mean: f64,
    peak_mid: f64,
    peak_worst: f64,
}

impl<'m> VolumeRecord<'m> {
    pub(crate) fn new(mask: &'m MeasuredVolume) -> Self {
        let MeasuredVolume { file, slice, shape, channels, summed, .. } = mask;
        Self {
            file,
            slice: *slice,
            width_pixels: shape.width,
            height_pixels: shape.height,
            layers: shape.layers,
            channels: shape.channels,
            frame_sigma_pixels: FRAME_SIGMA,
            frame_alpha: FRAME_ALPHA,
            space_sigmas_pixels: SPACE_SIGMAS,
            time_sigmas_frames: TIME_SIGMAS,
            accumulations: ACCUMULATIONS,
            low_power_radii_cycles_per_pixel: LOW_POWER_RADII,
            each_channel: channels.iter().map(ChannelRecord::new).collect(),
            summed_db: *summed,
        }
    }
}

impl<'m> ChannelRecord<'m> {
    fn new(channel: &'m MeasuredChannel) -> Self {
        let MeasuredChannel { exact, variances, frames, space_time, layers, peaks, loss, low_power } = channel;
        let layer = |peak: &Peak| LayerRecord { peak_mean: peak.mean, peak_mid: peak.mid, peak_worst: peak.worst };
        Self {
            layers_with_exact_histogram: *exact,
            frame_error_thousandths: variances.iter().map(|variance| 1000.0 * variance.sqrt()).collect(),
            frame_error_rss_thousandths: frames.rss,
            space_db: space_time.space,
            time_db: space_time.time,
            accumulated_db: space_time.accumulated,
            peak_mean: peaks.mean,
            peak_mid: peaks.mid,
            peak_worst: peaks.worst,
            peak_largest_mean: peaks.largest_mean,
            peak_largest_mid: peaks.largest_mid,
            peak_largest_worst: peaks.largest_worst,
            low_power_db: low_power,
            loss_db: *loss,
            layers: layers.iter().map(layer).collect(),
        }
    }
}
