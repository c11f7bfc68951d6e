//! Questions about the terms of the spectral objective.

use super::mask::{Masks, SEEDS, config};
use super::page::{Table, claim, number, section};
use bluegrad::{Config, Distribution, Preset, Schedule, Spectral, TermWeight};

/// Returns the preset `spectral` at the default size, with a changed stage.
pub(super) fn spectral(change: impl FnOnce(&mut Spectral)) -> Config {
    let mut config = config(Preset::Spectral.recipe());
    if let Some(stage) = config.recipe.stages[0].as_spectral_mut() {
        change(stage);
    }
    config
}

/// Section: which distributions of values are possible.
pub(super) fn distributions() -> Result<String, String> {
    const ANSWER: &str = "\
Yes. `spectral` takes any quantile function as its histogram, and a triangular or Gaussian mask gets as dark as a uniform one,
within 3 dB. A uniform dither mask that is remapped afterwards stays blue but loses 4 dB or more: as noise that is added, it
is better to ask for the distribution than to remap.";
    let mut table =
        Table::new(&["values", "`spectral` grey .125", "grey .25", "`dither` remapped, grey .125", "grey .25"]);
    let mut rows = Vec::new();
    for (name, distribution) in [
        ("uniform", Distribution::UNIFORM),
        ("triangular", Distribution::TRIANGULAR),
        ("Gaussian, σ 1/3", Distribution::GAUSSIAN),
    ] {
        let spectral = Masks::make(&Config { distribution, ..spectral(|_| ()) }, SEEDS)?;
        let dither = Masks::remapped(&config(Preset::Dither.recipe()), SEEDS, &distribution)?;
        let row = [spectral.full(0.125), spectral.full(0.25), dither.full(0.125), dither.full(0.25)];
        table.numbers(name, 1, &row);
        rows.push(row);
    }
    for row in &rows[1..] {
        for i in 0..2 {
            claim(
                "a triangular or Gaussian mask gets as dark as a uniform one, within 3 dB",
                row[i],
                rows[0][i] + 3.0,
            )?;
            claim("a remapped dither mask loses 4 dB or more", rows[0][i + 2] + 4.0, row[i + 2])?;
            claim("a remapped dither mask stays blue", row[i + 2], -10.0)?;
        }
    }
    Ok(section("Triangular or Gaussian values?", ANSWER, &table))
}

/// Section: the cost of a wider or narrower low band.
pub(super) fn cutoff() -> Result<String, String> {
    const ANSWER: &str = "\
As high as the grey mask is to be dark: well inside the cut-off it is some 60 dB below white noise, up to a cut-off of .6. At
the cut-off itself, where the term's weight reaches 0, it is 23 to 26 dB below. But the power has to go somewhere, and the
patterns pay: they are at their best with a cut-off of .3, and at .6 they are worse than white noise. The published .42 is a
choice for grey, not for thresholds.";
    let mut table = Table::new(&["cut-off", "grey .1", "grey .2", "grey .3", "grey .35", "LFthr"]);
    let (mut grey, mut patterns) = (Vec::new(), Vec::new());
    for cutoff in [0.1, 0.2, 0.3, 0.42, 0.5, 0.6] {
        let masks = Masks::make(&spectral(|stage| stage.cutoff = cutoff), SEEDS)?;
        let powers = [0.1, 0.2, 0.3, 0.35].map(|radius| masks.full(radius));
        let mut cells = powers.map(|power| number(power, 1)).to_vec();
        cells.push(number(masks.low_frequency(), 2));
        table.row(&cutoff.to_string(), &cells);
        grey.push(powers);
        patterns.push(masks.low_frequency());
    }
    // each cut-off from .2 on, at the largest radius well inside the band
    for (row, place) in [(1, 0), (2, 1), (3, 3), (4, 3), (5, 3)] {
        claim("well inside the cut-off the mask is some 60 dB below white noise", grey[row][place], -58.0)?;
    }
    // cut-offs .1, .2 and .3 at the radii .1, .2 and .3
    for (i, row) in grey.iter().enumerate().take(3) {
        claim("at the cut-off itself it is 23 to 26 dB below", (row[i] + 24.5).abs(), 2.0)?;
    }
    for other in [0, 1, 3, 4, 5] {
        claim("the patterns are at their best with a cut-off of .3", patterns[2], patterns[other])?;
    }
    claim("at .6 the patterns are worse than white noise", 0.0, patterns[5])?;
    Ok(section("Which cut-off?", ANSWER, &table))
}

/// Factors of weights in the table of balance.
const FACTORS: [f32; 3] = [0.1, 1.0, 10.0];

/// Section: balance of the weights of low band and histogram.
pub(super) fn balance() -> Result<String, String> {
    const ANSWER: &str = "\
It need not be tuned finely: the balance of `spectral` (x 1, x 1; the published weights, with a smaller step for the histogram) is
within 3 dB of the best of the grid. Each cell is grey .25, then how far the values were from the wanted ones before the exact
ranking (RMS, in thousandths, values from -1 to 1). With a tenth of the histogram's weight the ranking has more to repair and
the mask is brighter; ten times its weight against a tenth of the low band's is the worst corner. (1000 steps of half the
size, so that every cell is stable.)";
    let mut table = Table::new(&["low band", "histogram x 0.1", "x 1", "x 10"]);
    let (mut grey, mut apart) = ([[0.0; 3]; 3], [[0.0; 3]; 3]);
    for (i, low) in FACTORS.into_iter().enumerate() {
        for (j, histogram) in FACTORS.into_iter().enumerate() {
            let masks = Masks::make(&balanced(low, histogram), SEEDS)?;
            grey[i][j] = masks.full(0.25);
            let weighted = |distance: f32| f64::from(distance) / f64::from(2.2 * histogram) / 4096.0;
            apart[i][j] =
                masks.mean(|figures| 1e3 * weighted(figures.losses.of("histogram").unwrap_or(f32::NAN)).sqrt());
        }
        let cells: Vec<String> =
            (0..3).map(|j| format!("{}, {}", number(grey[i][j], 1), number(apart[i][j], 2))).collect();
        table.row(&format!("x {low}"), &cells);
    }
    for i in 0..3 {
        claim("a tenth of the histogram's weight leaves the ranking more to repair", apart[i][1], apart[i][0])?;
        claim("with a tenth of the histogram's weight the mask is brighter", grey[i][1], grey[i][0])?;
        for j in 0..3 {
            claim("the balance of `spectral` is within 3 dB of the best of the grid", grey[1][1] - 3.0, grey[i][j])?;
            if (i, j) != (0, 2) {
                claim("ten times the histogram against a tenth of the low band is the worst", grey[i][j], grey[0][2])?;
            }
        }
    }
    Ok(section("How to balance the terms?", ANSWER, &table))
}

fn balanced(low: f32, histogram: f32) -> Config {
    spectral(|stage| {
        stage.steps = 1000;
        stage.step_size = Schedule::constant(1.0);
        stage.histogram_step_size = Schedule::constant(0.01);
        stage.low_band = TermWeight::new(0.1 * low);
        stage.histogram = TermWeight::new(2.2 * histogram);
    })
}

/// Section: the effect of the smoothness term.
pub(super) fn smoothness() -> Result<String, String> {
    const ANSWER: &str = "\
Only if the spectrum itself must look even. It takes the speckle out of the rings above the cut-off (anisotropy: 0 dB is that of
any noise, -20 is smooth) and rounds the edge at the cut-off (spread of the rings from .35 to .5, dB), but without it the mask is
darker and its patterns are bluer. A tenth of the published weight gives the smoothest spectrum of the three.";
    let mut table = Table::new(&["weight", "anisotropy", "spread of the rings", "grey .25", "LFthr"]);
    let mut rows = Vec::new();
    for (name, weight) in [("0 (off)", 0.0), ("0.001", 0.001), ("0.01 (published)", 0.01)] {
        let masks = Masks::make(&spectral(|stage| stage.smoothness = TermWeight::new(weight)), SEEDS)?;
        let row = [masks.anisotropy(), masks.flatness(), masks.full(0.25), masks.low_frequency()];
        let cells = [number(row[0], 1), number(row[1], 1), number(row[2], 1), number(row[3], 2)];
        table.row(name, &cells);
        rows.push(row);
    }
    for row in &rows[1..] {
        claim("it takes the speckle out of the rings", row[0] + 10.0, rows[0][0])?;
        claim("it rounds the edge at the cut-off", row[1], rows[0][1])?;
        claim("without it the mask is darker", rows[0][2], row[2])?;
        claim("without it the patterns are bluer", rows[0][3], row[3])?;
    }
    claim("a tenth of the published weight gives the smoothest spectrum", rows[1][0], rows[2][0])?;
    Ok(section("Is smoothness worth it?", ANSWER, &table))
}
