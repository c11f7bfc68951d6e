//! The page on the choice of a preset: noise through functions, and over frames.

use super::mask::{SEEDS, SIDE, WHITE, config, each_seed};
use super::page::{Table, claim, number};
use crate::whole::Whole;
use bluegrad::measure::{self, decibels};
use bluegrad::{Config, Distribution, Error, Preset, Recipe, Shape};
use std::f64::consts::PI;

const SHAPE: Shape = Shape::new(SIDE, SIDE);

/// Standard deviation of the blur, in pixels, where a figure does not say otherwise.
const SIGMA: f64 = 1.5;

/// Blurs of the errors after rounding.
const ROUNDED_SIGMAS: [f64; 3] = [1.0, 1.5, 3.0];

/// Greys of the errors after rounding, between two integers.
const GREYS: u32 = 64;

const HEAD: &str = "\
# Which preset for which job

One question decides: does the picture depend on the noise linearly?

- **Nonlinear**: `dither`, or `dither-smooth`. Dithering, ambient occlusion, shadows, stochastic transparency, importance sampling:
  whatever compares the noise with a threshold, puts it through a curve, or turns it into a direction.
- **Linear**: `spectral`. Noise that is added and spans at least 16 output levels (film grain), and small offsets.
- **Triangular noise that is added before rounding**, and nothing else: `triangular`.
- **Both, or not known**: `dither-smooth`; its `--mix` goes from one to the other ([mix.md](mix.md)).
- **Animation**: add the golden ratio to each value, modulo 1, each frame, instead of moving the mask.

`bench/questions` computes every figure of this page and fails where a sentence is not true.
";

const THROUGH: &str = "\
## Noise through a function

Let u be a value of the mask, 0 < u < 1, and f what the program does with it. Any f is a weighted sum of thresholds,

```text
f(u) = f(0) + ∫₀¹ f′(t)·1[u > t] dt
```

so the error of f(u) is as blue as the thresholded patterns are. `dither` makes every pattern blue. `spectral` makes the sum of all
patterns with equal weights blue, which is f(u) = u; each pattern alone is nearly white, and unequal weights let this show.
";

const THROUGH_TABLE: &str = "\
Power of f(u) after a Gaussian blur of 1.5 pixels, dB against white noise through the same f; lower is better. 64x64, means of 8
seeds; white: masks of ranked white noise, measured in the same way.";

const THROUGH_ANSWER: &str = "\
- `spectral` is ahead by more than 30 dB for u itself, and behind by more than 5 dB for each curve from u² to cos πu. Through
  cos 2πu it is worse than white noise.
- The step is dithering to two levels, `round(4u)` to five: noise of so few levels, added before rounding, is nonlinear, and
  `dither` is ahead. From `round(16u)` on `spectral` is ahead.
- A curve that is nearly straight, exp(−u/10), is nearly linear: `spectral` is ahead by some 4 dB, no longer by 30.
- `dither-smooth` is within .5 dB of `dither` in every row.";

const ROUNDED_TEXT: &str = "\
## Triangular noise before rounding

A picture g, in steps of the output, is shown as round(g + n) with n triangular in (−1, 1): the noise at which the error has the same
variance at every grey (TPDF dither). Two pixels whose noise differs by d then differ by d² in the mean over all g, at whole d; in
between the mean is linear. `triangular` makes masks by that energy. `--distribution triangular` on another preset gives its ranks
triangular values; on `spectral` it is the aim of the run.

Error round(g + n) − g after a Gaussian blur of 1, 1.5 and 3 pixels, dB against white triangular noise, over 64 greys; thresholds: the
same mask used as thresholds at every level, after 1.5 pixels. Peak: the largest bin of the error's spectrum over white noise's mean, no
dB; noise has about 9, a lattice 40 and more. 64x64, means of 8 seeds.";

const ROUNDED_ANSWER: &str = "\
- Remapped, `dither` gives up .7, 1.3 and .8 dB. Where only floats or integers of a mask are at hand, remapping is still far better than
  white noise.
- `triangular` is for this use alone: as thresholds its masks are more than 1 dB behind `dither` after a blur of 1.5 pixels.
- Noise of a single step of the output is not linear: `spectral` is far behind here.
- As integers, a value v of 8 bits stands for n = 2v/255 − 1, of 16 bits for 2v/65535 − 1: the mean is 0, and what a texture read in
  [0, 1] gives is n after times 2, less 1.";

const FRAMES_TEXT: &str = "\
## Noise from frame to frame

A ramp of greys, g = (x + ½)/64 at column x, is shown in black and white by a 64x64 mask, in 16 frames. Frame t = 0 … 15 is white
where the value of the mask is below g. Two ways to change the mask each frame:

- **golden ratio**: the value is the fractional part of u + t·φ, with φ = (√5 − 1)/2 = 0.618034;
- **random offsets**: the mask is moved by a random offset, wrapping around.

RMS in thousandths of white, over all pixels and 8 seeds; of random offsets the expected one. Mean of 16: the mean of the 16
frames minus g, as it is and after a Gaussian blur of 1.5 pixels. One frame: a frame minus g after the same blur.";

const FRAMES_ANSWER: &str = "\
- With the golden ratio the mean of 16 frames is three times nearer to g at each pixel, with any mask: each pixel's thresholds are
  evenly spread over time.
- The price with `dither` is in space: after t·φ is added a pattern is made of two of the mask's, and one frame is noisier by about
  2 dB. After the blur both means are within 5 % of each other. Where no filter in time follows, keep the mask still.
- `spectral` gains in the mean, but its frames are noisier than white noise's: the golden ratio wants a mask whose thresholds are
  blue.

Masks for space and time at once have a layer for each frame: `generate --layers 16`, frame modulo layers (`dither --frame` does that).
";

/// A use of the noise: a function of a value u of the mask, 0 < u < 1.
struct Use {
    name: &'static str,
    function: fn(f64) -> f64,
}

/// Uses: the identity, six nonlinear functions, three of rounding, one nearly linear.
const USES: [Use; 11] = [
    Use { name: "u", function: |u| u },
    Use { name: "u²", function: |u| u * u },
    Use { name: "exp(−3u)", function: |u| (-3.0 * u).exp() },
    Use { name: "step at .3", function: |u| f64::from(u > 0.3) },
    Use { name: "ramp from .3 to .5", function: |u| ((u - 0.3) / 0.2).clamp(0.0, 1.0) },
    Use { name: "cos 2πu", function: |u| (2.0 * PI * u).cos() },
    Use { name: "cos πu", function: |u| (PI * u).cos() },
    Use { name: "round(4u)", function: |u| (4.0 * u).round() },
    Use { name: "round(16u)", function: |u| (16.0 * u).round() },
    Use { name: "round(64u)", function: |u| (64.0 * u).round() },
    Use { name: "exp(−u/10)", function: |u| (-0.1 * u).exp() },
];

/// Mean square of values, before and after the blur.
fn mean_squares(values: &[f64]) -> Result<[f64; 2], Error> {
    let narrow: Vec<f32> = values.iter().map(|value| *value as f32).collect();
    let mut power = vec![0.0; measure::power_len(SHAPE)];
    measure::power_spectrum(&narrow, SHAPE, &mut power, &mut vec![0.0; measure::scratch_len(SHAPE)?])?;
    let pixels = values.len() as f64;
    let mean = values.iter().sum::<f64>() / pixels;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / pixels;
    let passed = weights(SIGMA).map(|(i, weight)| power[i] * weight).sum::<f64>() / pixels;
    Ok([variance, variance * passed].map(|square| mean * mean + square))
}

/// Squared gain of the blur for each element of a half spectrum.
///
/// `exp(−4π²σ²f²)`, times the number of bins that the element stands for; DC is left out.
fn weights(sigma: f64) -> impl Iterator<Item = (usize, f64)> {
    let half = SIDE / 2 + 1;
    (1..measure::power_len(SHAPE)).map(move |i| {
        let (u, v) = (i as u32 % half, i as u32 / half);
        let square = f64::from(u).powi(2) + f64::from(v.min(SIDE - v)).powi(2);
        let bins = if u == 0 || 2 * u == SIDE { 1.0 } else { 2.0 };
        (i, bins * (-square * (2.0 * PI * sigma / f64::from(SIDE)).powi(2)).exp())
    })
}

/// Columns of the first table.
const PRESETS: [Preset; 3] = [Preset::Dither, Preset::DitherSmooth, Preset::Spectral];

/// Number of frames of the animation.
const FRAMES: u32 = 16;

/// Returns the page `choosing.md`.
///
/// # Errors
/// A sentence contradicts its figures, or the library returns an error.
pub fn choosing() -> Result<String, String> {
    Ok(format!(
        "{HEAD}
{THROUGH}
{THROUGH_TABLE}

{}
{THROUGH_ANSWER}

{ROUNDED_TEXT}

{}
{ROUNDED_ANSWER}

{FRAMES_TEXT}

{}
{FRAMES_ANSWER}",
        through()?,
        rounded()?,
        frames()?
    ))
}

/// Returns the values (rank + ½)/n of the masks of all seeds.
fn masks(recipe: Recipe) -> Result<Vec<Vec<f64>>, String> {
    let pixels = SHAPE.pixels() as f64;
    each_seed(SEEDS, |seed| {
        let ranks = Whole::new(&Config { seed, ..config(recipe) })?.ranks()?;
        Ok(ranks.iter().map(|rank| (f64::from(*rank) + 0.5) / pixels).collect())
    })
}

fn through() -> Result<String, String> {
    let mut table = Table::new(&["f(u)", "`dither`", "`dither-smooth`", "`spectral`", "white"]);
    let [dither, smooth, spectral] = PRESETS.map(|preset| masks(preset.recipe()));
    let masks = [dither?, smooth?, spectral?, masks(WHITE)?];
    for used in &USES {
        let mut row = [0.0; 4];
        for (figure, masks) in row.iter_mut().zip(&masks) {
            *figure = after_blur(masks, used.function)?;
        }
        table.numbers(used.name, 1, &row);
        let [dither, smooth, spectral, white] = row;
        match used.name {
            "u" => claim("`spectral` is ahead by more than 30 dB for u itself", spectral + 30.0, dither)?,
            "round(4u)" => claim("`dither` is ahead at `round(4u)`", dither, spectral)?,
            "round(16u)" | "round(64u)" => claim("from `round(16u)` on `spectral` is ahead", spectral, dither)?,
            "exp(−u/10)" => claim("`spectral` is ahead by some 4 dB", (dither - spectral - 4.0).abs(), 1.0)?,
            _ => claim("`spectral` is behind by more than 5 dB for each curve", dither + 5.0, spectral)?,
        }
        if used.name == "cos 2πu" {
            claim("through cos 2πu `spectral` is worse than white noise", white + 1.0, spectral)?;
        }
        claim("`dither-smooth` is within .5 dB of `dither` in every row", (smooth - dither).abs(), 0.5)?;
        claim("white noise is at 0 dB", white.abs(), 0.5)?;
    }
    Ok(table.text().into())
}

/// Returns the power of `function(u)` after the blur, in dB.
///
/// Relative to white noise through the same function.
fn after_blur(masks: &[Vec<f64>], function: fn(f64) -> f64) -> Result<f64, String> {
    let white = weights(SIGMA).map(|(_, weight)| weight).sum::<f64>() / SHAPE.pixels() as f64;
    let mut sum = 0.0;
    for mask in masks {
        let values: Vec<f64> = mask.iter().map(|u| function(*u)).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let centred: Vec<f64> = values.iter().map(|value| value - mean).collect();
        let [plain, blurred] = mean_squares(&centred).map_err(|error| error.to_string())?;
        sum += decibels(blurred / (plain * white));
    }
    Ok(sum / masks.len() as f64)
}

fn rounded() -> Result<String, String> {
    let [one, two, three] = ROUNDED_SIGMAS.map(|sigma| format!("blur {sigma}"));
    let mut table = Table::new(&["noise", &one, &two, &three, "thresholds", "peak"]);
    let triangular = Config { distribution: Distribution::TRIANGULAR, ..config(Preset::Spectral.recipe()) };
    let rows = [
        ("`triangular`", config(Preset::Triangular.recipe())),
        ("`dither`, remapped", config(Preset::Dither.recipe())),
        ("`spectral`, triangular", triangular),
        ("white", config(WHITE)),
    ];
    let mut figures = Vec::new();
    for (name, config) in rows {
        let seeds = each_seed(SEEDS, |seed| {
            let ranks = Whole::new(&Config { seed, ..config })?.ranks()?;
            let ([one, two, three], peak) = after_rounding(&ranks)?;
            let energy = measure::total_energy(&ranks, SHAPE, &mut vec![0.0; measure::energy_scratch_len(SHAPE)?])?;
            Ok([one, two, three, energy[1], peak])
        })?;
        let row = [0, 1, 2, 3, 4].map(|i| seeds.iter().map(|seed| seed[i]).sum::<f64>() / seeds.len() as f64);
        table.numbers(name, 1, &row);
        figures.push(row);
    }
    let [own, dither, spectral, white] = figures[..] else { return Err("four masks".into()) };
    for (i, gives_up) in [0.7, 1.3, 0.8].into_iter().enumerate() {
        claim("remapped `dither` gives up .7, 1.3 and .8 dB", (dither[i] - own[i] - gives_up).abs(), 0.1)?;
        claim("remapping is still far better than white noise", dither[i] + 8.0, white[i])?;
        claim("`spectral` is far behind", dither[i] + 3.0, spectral[i])?;
    }
    claim("no mask is a lattice", figures.iter().map(|row| row[4]).fold(0.0, f64::max), 16.0)?;
    claim("as thresholds `triangular` is more than 1 dB behind `dither`", dither[3] + 1.0, own[3])?;
    Ok(table.text().into())
}

/// Returns the errors of round(g + n) − g after the blurs, in dB relative to white triangular noise, whose error has the variance ¼, and
/// the mean of their largest bins.
fn after_rounding(ranks: &[u32]) -> Result<([f64; 3], f64), Error> {
    let pixels = ranks.len() as f64;
    let quantile = |rank: &u32| Distribution::TRIANGULAR.quantile((f64::from(*rank) + 0.5) / pixels);
    let noise: Vec<f64> = ranks.iter().map(quantile).collect();
    let mut power = vec![0.0; measure::power_len(SHAPE)];
    let mut scratch = vec![0.0; measure::scratch_len(SHAPE)?];
    let (mut sums, mut peak) = ([0.0; 3], 0.0);
    for k in 0..GREYS {
        let grey = (f64::from(k) + 0.5) / f64::from(GREYS);
        let error: Vec<f32> = noise.iter().map(|n| ((grey + n).round() - grey) as f32).collect();
        measure::power_spectrum(&error, SHAPE, &mut power, &mut scratch)?;
        let mean = error.iter().map(|e| f64::from(*e)).sum::<f64>() / pixels;
        let variance = error.iter().map(|e| (f64::from(*e) - mean).powi(2)).sum::<f64>() / pixels;
        peak += power.iter().copied().fold(0.0, f64::max) / f64::from(GREYS);
        for (sum, sigma) in sums.iter_mut().zip(ROUNDED_SIGMAS) {
            *sum += variance * weights(sigma).map(|(i, weight)| power[i] * weight).sum::<f64>();
        }
    }
    let white = |sigma| 0.25 * f64::from(GREYS) * weights(sigma).map(|(_, weight)| weight).sum::<f64>();
    Ok(([0, 1, 2].map(|i| decibels(sums[i] / white(ROUNDED_SIGMAS[i]))), peak))
}

/// RMS of an animation, in thousandths.
#[derive(Clone, Copy)]
struct Animation {
    /// RMS of the mean of the frames.
    mean: f64,
    /// RMS of the mean of the frames after the blur.
    mean_blurred: f64,
    /// RMS of one frame after the blur.
    one_blurred: f64,
}

fn frames() -> Result<String, String> {
    let mut table = Table::new(&["mask", "each frame", "mean of 16", "mean of 16, blurred", "one frame, blurred"]);
    let recipes = [("`dither`", Preset::Dither.recipe()), ("`spectral`", Preset::Spectral.recipe()), ("white", WHITE)];
    let mut rows = Vec::new();
    for (name, recipe) in recipes {
        let masks = masks(recipe)?;
        let both = [("golden ratio", golden(&masks)), ("random offsets", offsets(&masks))];
        for (way, animation) in both {
            let animation = animation.map_err(|error| error.to_string())?;
            let Animation { mean, mean_blurred, one_blurred } = animation;
            let cells = [mean, mean_blurred, one_blurred].map(|figure| number(figure, 1));
            table.row(name, &[&[way.to_string()], &cells[..]].concat());
            rows.push(animation);
        }
    }
    let [golden, random, spectral_golden, spectral_random, white_golden, white_random] = &rows[..] else {
        return Err("three masks".into());
    };
    for (golden, random) in [(golden, random), (spectral_golden, spectral_random), (white_golden, white_random)] {
        claim("the mean of 16 frames is three times nearer", (random.mean / golden.mean - 3.0).abs(), 0.1)?;
    }
    let price = 2.0 * decibels(golden.one_blurred / random.one_blurred);
    claim("one frame is noisier by about 2 dB", (price - 2.0).abs(), 0.5)?;
    let ratio = golden.mean_blurred / random.mean_blurred;
    claim("after the blur both means are within 5 % of each other", (ratio - 1.0).abs(), 0.05)?;
    claim("`spectral` gains in the mean", spectral_golden.mean_blurred, spectral_random.mean_blurred)?;
    claim("its frames are noisier than white noise's", white_golden.one_blurred, spectral_golden.one_blurred)?;
    Ok(table.text().into())
}

/// Returns the grey of the ramp at column x.
fn ramp(x: usize) -> f64 {
    (x as f64 + 0.5) / f64::from(SIDE)
}

/// Returns the error of a frame with `value(row, x)` at each pixel.
fn frame(mask: &[f64], value: impl Fn(&[f64], usize) -> f64) -> Vec<f64> {
    let side = SIDE as usize;
    let mut error = Vec::with_capacity(mask.len());
    for row in mask.chunks_exact(side) {
        error.extend((0..side).map(|x| f64::from(value(row, x) < ramp(x)) - ramp(x)));
    }
    error
}

fn rms(mean_square: f64, count: usize) -> f64 {
    1e3 * (mean_square / count as f64).sqrt()
}

fn golden(masks: &[Vec<f64>]) -> Result<Animation, Error> {
    let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
    let [mut plain, mut blurred, mut one] = [0.0; 3];
    for mask in masks {
        let mut mean = vec![0.0; mask.len()];
        for t in 0..FRAMES {
            let error = frame(mask, |row, x| (row[x] + f64::from(t) * golden).fract());
            one += mean_squares(&error)?[1];
            for (mean, error) in mean.iter_mut().zip(&error) {
                *mean += error / f64::from(FRAMES);
            }
        }
        let squares = mean_squares(&mean)?;
        plain += squares[0];
        blurred += squares[1];
    }
    let count = masks.len();
    Ok(Animation {
        mean: rms(plain, count),
        mean_blurred: rms(blurred, count),
        one_blurred: rms(one, count * FRAMES as usize),
    })
}

/// The mean of n independent frames has 1/n of their mean square.
///
/// Offsets along y only move the error, so all offsets along x are tried. At each pixel the mean error over these offsets is 0.
fn offsets(masks: &[Vec<f64>]) -> Result<Animation, Error> {
    let side = SIDE as usize;
    let mut one = [0.0; 2];
    for mask in masks {
        for offset in 0..side {
            let error = frame(mask, |row, x| row[(x + offset) % side]);
            for (sum, square) in one.iter_mut().zip(mean_squares(&error)?) {
                *sum += square;
            }
        }
    }
    let (frames, count) = (f64::from(FRAMES), masks.len() * side);
    Ok(Animation {
        mean: rms(one[0] / frames, count),
        mean_blurred: rms(one[1] / frames, count),
        one_blurred: rms(one[1], count),
    })
}

#[cfg(test)]
mod tests {
    use super::{PI, SIDE, SIGMA, after_blur, mean_squares};

    /// The blur keeps exp(−4π²σ²f²) of the power of a wave.
    ///
    /// It keeps all of a constant.
    #[test]
    fn a_wave_after_the_blur() {
        let side = SIDE as usize;
        for (u, v) in [(3, 0), (0, 5), (7, 60)] {
            let phase = |i: usize| 2.0 * PI * (u * (i % side) + v * (i / side)) as f64 / side as f64;
            let wave: Vec<f64> = (0..side * side).map(|i| 0.25 + phase(i).cos()).collect();
            let f = ((u * u + v.min(side - v).pow(2)) as f64).sqrt() / side as f64;
            let expected = 0.0625 + 0.5 * (-(2.0 * PI * SIGMA * f).powi(2)).exp();
            let [plain, blurred] = mean_squares(&wave).expect("a size that is measured");
            assert!((plain - 0.5625).abs() < 1e-6 && (blurred - expected).abs() < 1e-6, "{u}, {v}: {plain} {blurred}");
        }
    }

    /// A single pixel has a flat spectrum, like white noise.
    #[test]
    fn one_pixel_is_white() {
        let mut mask = vec![0.25; (SIDE * SIDE) as usize];
        mask[77] = 0.75;
        let figure = after_blur(&[mask], |u| u * u).expect("a size that is measured");
        assert!(figure.abs() < 0.01, "{figure}");
    }
}
