//! Figures of a mask as JSON.

use super::volume::VolumeRecord;
use super::{Histogram, Measured, MeasuredVolume, level_name};
use crate::patterns::{NAMED_LEVELS, RAMP_BITS, RAMP_SIGMA};
use bluegrad::measure::{LOW_POWER_RADII, RINGS, Ring, SIGMAS, decibels};
use serde::Serialize;

/// A mask of any kind as JSON.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum AnyRecord<'m> {
    Flat(Box<Record<'m>>),
    Volume(Box<VolumeRecord<'m>>),
}

impl<'m> From<&'m MeasuredVolume> for AnyRecord<'m> {
    fn from(mask: &'m MeasuredVolume) -> Self {
        Self::Volume(Box::new(VolumeRecord::new(mask)))
    }
}

impl<'m> AnyRecord<'m> {
    /// A flat mask as JSON.
    pub(crate) fn of_flat(mask: &'m Measured) -> crate::failure::Result<Self> {
        Ok(Self::Flat(Box::new(Record::new(mask)?)))
    }
}

/// One flat mask. Field names are a stable interface. A figure that is undefined or infinite is null.
#[derive(Serialize)]
pub(crate) struct Record<'m> {
    file: &'m str,
    /// Index of the slice; null for a file of one mask.
    slice: Option<u32>,
    width_pixels: u32,
    height_pixels: u32,
    histogram: &'m Histogram,
    low_power_radii_cycles_per_pixel: [f64; LOW_POWER_RADII.len()],
    low_power_db: [f64; LOW_POWER_RADII.len()],
    flatness_db: f64,
    anisotropy_db: f64,
    patterns: Patterns,
    ramp_sigma_pixels: f64,
    ramp_bits: [u32; RAMP_BITS.len()],
    ramp_psnr_db: [f64; RAMP_BITS.len()],
}

/// Figures of the binary patterns (`bluegrad::measure::Patterns`).
#[derive(Serialize)]
struct Patterns {
    sigmas_pixels: [f64; SIGMAS.len()],
    hvs_error_mean_db: [f64; SIGMAS.len()],
    hvs_error_worst_db: [f64; SIGMAS.len()],
    total_energy_db: [f64; SIGMAS.len()],
    rms_thousandths: [f64; SIGMAS.len()],
    low_frequency_db: f64,
    hard_cut_cycles_per_pixel: f64,
    hard_cut_db: f64,
    anisotropy_db: f64,
    /// Largest bin of a pattern, in multiples of white noise's mean bin.
    peak_mean: f64,
    peak_mid: f64,
    peak_worst: f64,
    peak_worst_grey: f64,
    peak_worst_frequency_cycles_per_pixel: [f64; 2],
    levels: Vec<LevelFigures>,
}

/// Figures of one of the [`NAMED_LEVELS`].
#[derive(Serialize)]
struct LevelFigures {
    name: String,
    grey: f64,
    density: f64,
    hvs_error_db: [f64; SIGMAS.len()],
    low_frequency_db: f64,
    hard_cut_db: f64,
    anisotropy_db: f64,
    peak: f64,
    peak_frequency_cycles_per_pixel: [f64; 2],
    /// Mean power in rings of 1/64 cycles/pixel; a ring without bins is null.
    rapsd_db: Vec<f64>,
}

impl<'m> Record<'m> {
    fn new(mask: &'m Measured) -> crate::failure::Result<Self> {
        let Measured { file, slice, shape, histogram, spectrum, dithered } = mask;
        let quality = &spectrum.quality;
        let figures = &dithered.figures;
        let patterns = Patterns {
            sigmas_pixels: SIGMAS,
            hvs_error_mean_db: figures.hvs_error_mean,
            hvs_error_worst_db: figures.hvs_error_worst,
            total_energy_db: figures.total_energy,
            rms_thousandths: figures.rms.map(|rms| 1000.0 * rms),
            low_frequency_db: figures.low_frequency,
            hard_cut_cycles_per_pixel: 0.2,
            hard_cut_db: figures.hard_cut,
            anisotropy_db: figures.anisotropy,
            peak_mean: figures.peak.mean,
            peak_mid: figures.peak.mid,
            peak_worst: figures.peak.worst,
            peak_worst_grey: figures.peak.worst_grey,
            peak_worst_frequency_cycles_per_pixel: figures.peak.worst_frequency,
            levels: NAMED_LEVELS.iter().map(|k| LevelFigures::new(mask, *k)).collect::<crate::failure::Result<_>>()?,
        };
        Ok(Self {
            file,
            slice: *slice,
            width_pixels: shape.width,
            height_pixels: shape.height,
            histogram,
            low_power_radii_cycles_per_pixel: LOW_POWER_RADII,
            low_power_db: quality.low_power,
            flatness_db: quality.flatness,
            anisotropy_db: quality.anisotropy,
            patterns,
            ramp_sigma_pixels: RAMP_SIGMA,
            ramp_bits: RAMP_BITS,
            ramp_psnr_db: dithered.ramp_psnr,
        })
    }
}

impl LevelFigures {
    fn new(mask: &Measured, k: u32) -> crate::failure::Result<Self> {
        let level = mask.dithered.level(k);
        let rings: [Ring; RINGS] = mask.dithered.spectrum(k)?.rings;
        let rapsd_db = rings.iter().map(|ring| if ring.bins > 0 { decibels(ring.mean) } else { f64::NAN }).collect();
        Ok(Self {
            name: level_name(k),
            grey: level.grey,
            density: level.density,
            hvs_error_db: level.hvs_error.map(decibels),
            low_frequency_db: decibels(level.low_frequency),
            hard_cut_db: decibels(level.hard_cut),
            anisotropy_db: level.anisotropy,
            peak: level.peak,
            peak_frequency_cycles_per_pixel: level.peak_frequency,
            rapsd_db,
        })
    }
}
