//! The page about small masks: noise against order.

use super::mask::{Masks, SEEDS};
use super::page::{Table, claim, number};
use bluegrad::measure::decibels;
use bluegrad::{Config, Preset, Stage};

/// Sides of the first table.
const SIDES: [u32; 3] = [16, 32, 64];

/// Noise of the fill, in multiples of the default.
const DISORDER: [f32; 8] = [0.0, 0.1, 0.2, 0.4, 0.7, 1.0, 1.6, 2.5];

/// Sparse levels k/128: 1/64, 1/32, 1/16.
const SPARSE: [usize; 3] = [2, 4, 8];

const HEAD: &str = "\
# Small masks: noise, not lattices

A greedy fill puts each pixel into the largest void. On a torus of 16 x 16 pixels the first four pixels make a square, the first
sixteen a grid, and later pixels fill that grid: the mask is an ordered dither. The error to the eye (HVS) is very low, because a lattice
has no low frequencies, but the grid is visible. Masks of algorithm versions 1 and 2 were such lattices at 16x16 and 32x32.

![Patterns at grey 1/32, 1/8, 1/4, 3/8 and 1/2 of masks of 16x16 and 32x32, tiled](small-masks.png)

The **peak** tells a grid from noise: the largest bin of a pattern's power spectrum, in units of white noise's mean bin. The largest of
n/2 bins of noise is about ln(n/2) + 0.58; that of a grid is a large part of n. So each blur score here has the peak beside it.

Since version 3 the fill starts in disorder. While few pixels are placed, the field in which the fill looks for voids has noise as large
as the kernels; later the kernels outweigh the noise. On small masks the kernel is also a little wider.
";

/// Returns the page `small.md`.
///
/// # Errors
/// A sentence contradicts its figures, or the library returns an error.
pub fn small() -> Result<String, String> {
    Ok(format!(
        "{HEAD}
## Beside void-and-cluster

Peak: mean of 31 levels, mean of the levels from 1/4 to 3/4, worst level. HVS: blurred error of the patterns, dB. Means of 16 seeds.

{}
The peak of `dither` is at most 1.15 times that of void-and-cluster at every size here, and its HVS error is within .05 dB or ahead.

## How much disorder

`Fill::disorder` multiplies the noise. LF: power of the pattern at one sparse level below half its principal frequency, dB, and the peak of
the same pattern; 64x64, and peaks at 16x16 and 32x32, means of 16 seeds. The first row is a fill without noise.

{}
With less noise the sparse levels are darker because they are more ordered; with more noise they are less even. At 1 the peak of the
sparse levels is that of void-and-cluster, and their power is lower by more than .5 dB.

All figures are computed by `bench/questions`, which writes this page and fails where a sentence is not true.
",
        beside()?,
        disorder()?
    ))
}

fn peaks(masks: &Masks) -> [f64; 3] {
    [
        masks.mean(|figures| figures.patterns.peak.mean),
        masks.mean(|figures| figures.patterns.peak.mid),
        masks.mean(|figures| figures.patterns.peak.worst),
    ]
}

fn beside() -> Result<String, String> {
    let mut table = Table::new(&["mask", "peak mean", "mid", "worst", "HVS 1.0", "HVS 1.5", "HVS 2.0", "HVS 3.0"]);
    for side in SIDES {
        let mut rows = Vec::new();
        for (name, config) in [
            ("no noise", with_disorder(side, 0.0)?),
            ("`dither`", Config::new(Preset::Dither, side, side)),
            ("void-and-cluster 1.5", Config::new(Preset::VoidAndCluster, side, side)),
        ] {
            let masks = Masks::make(&config, 2 * SEEDS)?;
            let (peaks, hvs) = (peaks(&masks), [1.0, 1.5, 2.0, 3.0].map(|sigma| masks.hvs(sigma)));
            let cells = peaks.iter().map(|peak| number(*peak, 1)).chain(hvs.iter().map(|hvs| number(*hvs, 2)));
            table.row(&format!("{name}, {side}"), &cells.collect::<Vec<_>>());
            rows.push((peaks, hvs));
        }
        let [_, (own, own_hvs), (rival, rival_hvs)] = &rows[..] else { return Err("three masks".into()) };
        for (own, rival) in own.iter().zip(rival) {
            claim("the peak of `dither` is at most 1.15 times that of void-and-cluster", *own, 1.15 * rival)?;
        }
        for (own, rival) in own_hvs.iter().zip(rival_hvs) {
            claim("the HVS error of `dither` is within .05 dB or ahead", *own, rival + 0.05)?;
        }
    }
    Ok(table.text().into())
}

fn with_disorder(side: u32, disorder: f32) -> Result<Config, String> {
    let mut config = Config::new(Preset::Dither, side, side);
    let Stage::Fill(fill) = &mut config.recipe.stages[0] else { return Err("`dither` begins with a fill".into()) };
    fill.disorder = disorder;
    Ok(config)
}

/// Returns low frequencies of the sparse levels, in dB, and their peaks.
fn sparse(masks: &Masks) -> [[f64; 2]; 3] {
    SPARSE.map(|k| {
        [
            masks.mean(|figures| decibels(figures.levels[k - 1].low_frequency)),
            masks.mean(|figures| figures.levels[k - 1].peak),
        ]
    })
}

fn disorder() -> Result<String, String> {
    let columns = ["disorder", "LF 1/64", "peak", "LF 1/32", "peak", "LF 1/16", "peak", "peak at 16", "at 32", "at 64"];
    let mut table = Table::new(&columns);
    let mut row = |name: &str, configs: [Config; 3]| -> Result<[[f64; 2]; 3], String> {
        let mut cells = Vec::new();
        let mut large = [[0.0; 2]; 3];
        let mut means = Vec::new();
        for config in configs {
            let masks = Masks::make(&config, 2 * SEEDS)?;
            means.push(number(peaks(&masks)[0], 1));
            large = sparse(&masks);
        }
        for [power, peak] in large {
            cells.extend([number(power, 1), number(peak, 1)]);
        }
        cells.extend(means);
        table.row(name, &cells);
        Ok(large)
    };
    let mut usual = None;
    for disorder in DISORDER {
        let mut configs = Vec::new();
        for side in SIDES {
            configs.push(with_disorder(side, disorder)?);
        }
        let [a, b, c] = configs[..] else { return Err("three sides".into()) };
        let figures = row(&format!("{disorder}"), [a, b, c])?;
        if disorder == 1.0 {
            usual = Some(figures);
        }
    }
    let rival = row("void-and-cluster 1.5", SIDES.map(|side| Config::new(Preset::VoidAndCluster, side, side)))?;
    for (own, rival) in usual.ok_or("1 is among the multiples")?.iter().zip(rival) {
        claim("sparse levels are darker than void-and-cluster's by more than .5 dB", own[0], rival[0] - 0.5)?;
        claim("the peak of the sparse levels is that of void-and-cluster", own[1], 1.15 * rival[1])?;
    }
    Ok(table.text().into())
}
