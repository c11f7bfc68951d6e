//! Questions about thresholded patterns.

use super::mask::{Masks, SEEDS, WHITE, config};
use super::page::{Table, claim, number, section};
use bluegrad::Preset;
use bluegrad::recipe::DITHER_SIGMAS;

const BLURS: [f64; 4] = [1.0, 1.5, 2.0, 3.0];
const RADII: [f64; 3] = [0.125, 0.25, 0.35];
const RMS: [f64; 3] = [1.0, 1.5, 1.9];

/// Figures that judge both objectives, lower is better: HVS errors, grey powers, `LFthr`, RMS.
fn figures(masks: &Masks) -> Vec<f64> {
    let (hvs, grey, rms) = (BLURS.map(|s| masks.hvs(s)), RADII.map(|r| masks.full(r)), RMS.map(|s| masks.rms(s)));
    [&hvs[..], &grey, &[masks.low_frequency()], &rms].concat()
}

/// Both objectives against void-and-cluster.
pub(super) fn objectives() -> Result<String, String> {
    const ANSWER: &str = "\
They solve different problems. `spectral` is 40 dB darker than all others at grey .25, and its patterns are little better than
white noise. `dither` and `dither-classic` are ahead of void-and-cluster in every column of error and power, or level (within 0.02 dB
at HVS 1.0, 0.2 % at RMS 1.0). (RMS: of the blurred pattern minus its grey, in thousandths. Peak: the largest bin of a pattern's spectrum, in
units of white noise's mean, mean and worst of 31 levels: a lattice has a high one, and the least error of all.)";
    let mut table = Table::new(&[
        "mask",
        "HVS 1.0",
        "1.5",
        "2.0",
        "3.0",
        "grey .125",
        ".25",
        ".35",
        "LFthr",
        "RMS 1.0",
        "1.5",
        "1.9",
        "peak, mean",
        "worst",
    ]);
    let presets = [Preset::Dither, Preset::DitherClassic, Preset::Spectral, Preset::VoidAndCluster];
    let mut rows = Vec::new();
    for (name, recipe) in presets.map(|preset| (preset.name(), preset.recipe())).into_iter().chain([("white", WHITE)]) {
        let masks = Masks::make(&config(recipe), SEEDS)?;
        let row = figures(&masks);
        let decimals = |i: usize| if i < 4 || i == 7 { 2 } else { 1 };
        let shown = row.iter().copied().chain(masks.peaks());
        let cells: Vec<String> = shown.enumerate().map(|(i, figure)| number(figure, decimals(i))).collect();
        table.row(name, &cells);
        rows.push(row);
    }
    let [dither, classic, spectral, rival, white] = &rows[..] else { return Err("five masks".into()) };
    for i in 0..rival.len() {
        let level = match i {
            0 => 0.02,
            8 => 0.002 * rival[i],
            _ => 0.0,
        };
        claim("`dither-classic` is ahead of void-and-cluster in every column, or level", classic[i], rival[i] + level)?;
        claim("`dither` is ahead of void-and-cluster in every column, or level", dither[i], rival[i] + level)?;
    }
    for other in [dither, classic, rival, white] {
        claim("`spectral` is 40 dB darker than all others at grey .25", spectral[5] + 40.0, other[5])?;
    }
    claim("the patterns of `spectral` are little better than white noise", white[1] - 2.5, spectral[1])?;
    claim("the patterns of `spectral` are better than white noise", spectral[7], white[7])?;
    Ok(section("Both objectives against void-and-cluster", ANSWER, &table))
}

/// Masks for few output levels.
pub(super) fn few_levels() -> Result<String, String> {
    const ANSWER: &str = "\
A mask that is stored in L levels has only L - 1 thresholds k/L, and swaps of pixels can make the patterns at those alone better.
HVS error, mean of k = 1 … L - 1, after blurs of 1.5 and 3 pixels, and peak, their largest bin's mean: swaps after `dither` gain most where levels are fewest, and
at 16 levels still half a decibel and three over void-and-cluster.";
    let mut table = Table::new(&[
        "L",
        "`dither` 1.5",
        "3.0",
        "peak",
        "with swaps 1.5",
        "3.0",
        "peak",
        "void-and-cluster 1.5",
        "3.0",
        "peak",
    ]);
    let dither = Preset::Dither.recipe();
    let plain = Masks::make(&config(dither), SEEDS)?;
    let rival = Masks::make(&config(Preset::VoidAndCluster.recipe()), SEEDS)?;
    let mut last = [f64::INFINITY; 2];
    for levels in [2, 4, 8, 16] {
        let recipe = dither.with_levels(levels, DITHER_SIGMAS[1]).map_err(|error| error.to_string())?;
        let swapped = Masks::make(&config(recipe), SEEDS)?;
        let row = [&plain, &swapped, &rival].map(|masks| [1.5, 3.0].map(|s| masks.hvs_of_levels(s, levels as usize)));
        let cells = [&plain, &swapped, &rival].into_iter().zip(&row).flat_map(|(masks, [near, far])| {
            [number(*near, 2), number(*far, 2), number(masks.peak_of_levels(levels as usize), 1)]
        });
        table.row(&levels.to_string(), &cells.collect::<Vec<_>>());
        let [plain, swapped, rival] = row;
        for i in 0..2 {
            let gain = rival[i] - swapped[i];
            claim("swaps gain most where levels are fewest", gain, last[i])?;
            claim("swaps gain at all", swapped[i], plain[i])?;
            claim("at 16 levels still half a decibel at sigma 1.5 and three at sigma 3", [0.5, 3.0][i], gain)?;
            last[i] = gain;
        }
    }
    Ok(section("Masks for few levels", ANSWER, &table))
}
