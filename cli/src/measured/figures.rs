//! All figures of a mask as rows of a table.

use super::{Measured, level_name};
use crate::patterns::{NAMED_LEVELS, RAMP_BITS, RAMP_SIGMA};
use bluegrad::measure::{LOW_POWER_RADII, SIGMAS, decibels};

/// Which of two values of a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Better {
    Lower,
    Higher,
    /// Depends on the use.
    Neither,
}

/// A figure of a mask. For all masks, figure i differs in its value only.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// Heading of the figure and its neighbours.
    pub(crate) group: String,
    pub(crate) name: String,
    /// Name in JSON.
    pub(crate) key: String,
    pub(crate) decimals: usize,
    pub(crate) better: Better,
    pub(crate) value: f64,
}

/// Properties that the figures of a heading share.
pub(super) struct Group {
    pub(super) name: &'static str,
    pub(super) key: &'static str,
    pub(super) decimals: usize,
    pub(super) better: Better,
}

impl Group {
    pub(super) const fn new(name: &'static str, key: &'static str) -> Self {
        Self { name, key, decimals: 2, better: Better::Lower }
    }

    pub(super) fn figure(&self, name: String, key: String, value: f64) -> Figure {
        let (group, key) = (self.name.to_string(), format!("{}{key}", self.key));
        Figure { group, name, key, decimals: self.decimals, better: self.better, value }
    }

    /// Returns a figure for each sigma of the blur.
    fn of_sigmas(&self, values: [f64; SIGMAS.len()]) -> Vec<Figure> {
        let each = SIGMAS.iter().zip(values);
        each.map(|(sigma, value)| self.figure(format!("sigma {sigma:.1}"), format!("_sigma_{sigma:.1}"), value))
            .collect()
    }
}

impl Measured {
    /// Returns all figures, in the order of the table.
    pub(super) fn all_figures(&self) -> Vec<Figure> {
        let (patterns, quality) = (&self.dithered.figures, &self.spectrum.quality);
        let mut all = Vec::new();
        all.extend(
            Group::new("error to the eye, mean of 127 grey levels, dB", "hvs_error_mean_db")
                .of_sigmas(patterns.hvs_error_mean),
        );
        all.extend(
            Group::new("error to the eye, worst of 127 grey levels, dB", "hvs_error_worst_db")
                .of_sigmas(patterns.hvs_error_worst),
        );
        all.extend(
            Group::new("error to the eye, all thresholds together, dB", "total_energy_db")
                .of_sigmas(patterns.total_energy),
        );
        let rms = Group { decimals: 1, ..Group::new("RMS error of 15 grey levels, x 1e-3", "rms_thousandths") };
        all.extend(rms.of_sigmas(patterns.rms.map(|rms| 1000.0 * rms)));
        all.extend(self.structure());
        all.extend(self.low_frequencies());
        let ramp =
            Group { better: Better::Higher, ..Group::new("ramp, dithered and blurred: PSNR, dB", "ramp_psnr_db") };
        for (bits, psnr) in RAMP_BITS.iter().zip(self.dithered.ramp_psnr) {
            let name = format!("{bits} bit{}, sigma {RAMP_SIGMA}", if *bits == 1 { "" } else { "s" });
            all.push(ramp.figure(name, format!("_bits_{bits}"), psnr));
        }
        let grey = Group::new("the mask itself, dB", "");
        for (radius, power) in LOW_POWER_RADII.iter().zip(quality.low_power) {
            all.push(grey.figure(format!("power, f <= {radius}"), format!("low_power_db_radius_{radius}"), power));
        }
        let plain = |name: &str, key: &str, value| grey.figure(name.to_string(), key.to_string(), value);
        all.push(plain("flatness, 0.35 < f < 0.5", "flatness_db", quality.flatness));
        let shape = |name, key, value| Figure { better: Better::Neither, ..plain(name, key, value) };
        all.push(shape("anisotropy, 0.35 < f < 0.7", "anisotropy_db", quality.anisotropy));
        all.push(shape("anisotropy of 15 grey levels", "pattern_anisotropy_db", patterns.anisotropy));
        all
    }

    /// Figures of structure: a lattice has low errors to the eye, and a high peak.
    fn structure(&self) -> Vec<Figure> {
        let peak = &self.dithered.figures.peak;
        let largest =
            Group { decimals: 1, ..Group::new("structure: largest bin of a pattern, x white noise's mean", "peak") };
        let mut all = Vec::new();
        for (name, key, value) in [
            ("mean of 31 grey levels", "_mean", peak.mean),
            ("mean of 17 levels, 1/4 to 3/4", "_mid", peak.mid),
            ("worst of 31 grey levels", "_worst", peak.worst),
        ] {
            all.push(largest.figure(name.to_string(), key.to_string(), value));
        }
        let worst = Group { decimals: 3, better: Better::Neither, ..largest };
        for (name, key, value) in [
            ("grey of the worst", "_worst_grey", peak.worst_grey),
            ("horizontal f of its bin", "_worst_horizontal_frequency", peak.worst_frequency[0]),
            ("vertical f of its bin", "_worst_vertical_frequency", peak.worst_frequency[1]),
        ] {
            all.push(worst.figure(name.to_string(), key.to_string(), value));
        }
        all
    }

    fn low_frequencies(&self) -> Vec<Figure> {
        let patterns = &self.dithered.figures;
        let below = Group::new("low frequencies, dB", "");
        let mut all = vec![
            below.figure(
                "LFthr: below half the principal".to_string(),
                "low_frequency_db".to_string(),
                patterns.low_frequency,
            ),
            below.figure("f < 0.2, mean of 127 levels".to_string(), "hard_cut_db".to_string(), patterns.hard_cut),
        ];
        let at = Group::new("low frequencies at one grey level, dB", "low_frequency_db");
        for k in NAMED_LEVELS {
            let name = level_name(k);
            let key = format!("_grey_{}", name.replace('/', "_"));
            all.push(at.figure(name, key, decibels(self.dithered.level(k).low_frequency)));
        }
        all
    }
}
