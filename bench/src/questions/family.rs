//! The page about the dither masks.

use super::mask::{Masks, SEEDS, SIDE};
use super::page::{Table, claim, number};
use super::published::{PUBLISHED, Published};
use bluegrad::recipe::{DITHER_SIGMAS, DITHER_STEPS, Fill};
use bluegrad::{Config, Preset, Recipe, Stage};

/// Figures that compare masks, lower is better.
pub const COLUMNS: [&str; 7] = ["grey .125", "grey .25", "grey .35", "LFthr", "RMS 1.0", "RMS 1.5", "RMS 1.9"];

/// Figures of structure, lower is better. They are shown, not compared: a lattice wins the comparisons.
pub const PEAKS: [&str; 2] = ["peak, mean", "peak, worst"];

/// Sigmas of the page.
const SIGMAS: [f32; 6] = [DITHER_SIGMAS[0], 1.1, DITHER_SIGMAS[1], 1.4, 1.6, DITHER_SIGMAS[2]];

/// Sizes of the page, with the number of seeds.
const SIZES: [(u32, u64); 2] = [(64, SEEDS), (128, 4)];

/// Sizes at which tiles of the fill would show.
///
/// Tiles have 32 x 16 pixels.
const TILE: [usize; 2] = [32, 16];

const HEAD: &str = "\
# The dither masks

Dithering compares each pixel of a picture with a pixel of the mask. A flat grey becomes the pattern of the mask's pixels below that
grey, so a dither mask is good if the pattern at *every* threshold is blue. bluegrad lowers the blurred error of all thresholds at once,

```text
E = ∫₀¹ ‖G * (1[x > t] − (1 − t))‖² dt  =  n/6 − ½ Σ_ij K(i−j)·|x_i − x_j|,     K = G * G
```

with G a Gaussian that models the eye. The right side has no threshold: it is a sum over pairs of near pixels. Two stages lower it,
in integers throughout.

- **Fill** places the pixels one after the other, each where a Gaussian around those already placed is lowest. Tiles of 32 x 16
  take turns, so that no search ever reads the whole mask.
- **Polish** moves all values at once down the gradient `−Σ_j K(i−j)·clamp((x_i − x_j)/τ, −1, 1)`, with momentum: as τ falls,
  each pixel becomes its own local rank. A second term makes the grey mask itself darker. At the end the values are ranked exactly.

Sigma, the width of the blur, is the parameter to choose: 1.0 for near viewing, 1.7 for far viewing, 1.26 by default.
";

/// Returns the page `dither.md`.
///
/// # Errors
/// A sentence contradicts its figures, or the library returns an error.
pub fn family() -> Result<String, String> {
    let (members, table) = members()?;
    let grain = tiles()?;
    let (published, ahead) = published(&members)?;
    Ok(format!(
        "{HEAD}
## The family along sigma

In dB relative to white noise, lower is better; grey R: power of the mask itself for 0 < f <= R cycles/pixel; LFthr: power of its
patterns below half their principal frequency; RMS: of the patterns blurred by that sigma minus their grey, in thousandths; peak: the
largest bin of a pattern's spectrum in units of white noise's mean, no dB: mean and worst of 31 levels. White noise has 8 and 12 at 64,
9 and 12 at 128. A lattice has a high peak, and the least RMS and LFthr of all masks: read these beside the peak. Means of 8 seeds at 64, of 4 at 128.

{table}
Sigma 1.6 and 1.7 are better than 1.0 at wide blurs (RMS 1.9), 1.0 at fine ones (RMS 1.0).

The tiles of the fill leave no trace: at the frequencies where they would show, multiples of 1/32 by 1/16 cycles/pixel, power
is {:.2} of its ring's mean after the fill and {:.2} in the finished mask (128x128, 8 seeds; 1.00 is no trace).

## Beside published masks

These rows were recorded when bluegrad was designed, measured from the published files; this page's command does not compute
them. The last columns compare with the family at the same size: the number of the seven columns in which a member of the family is
ahead or equal to the decimal, and that member's sigma.

{published}
{ahead}

Peaks, not among the seven: of void-and-cluster, libplacebo and Bayer's matrix as `bluegrad measure` has them, means of 40 seeds of
void-and-cluster 1.5, 16 of 1.0, 64 and 40 of libplacebo at 64 and 128; –: not measured. Bayer's matrix is all order, and wins every
RMS. libplacebo's fill puts each pixel into the largest void, which ends in a lattice for some seeds: at 64 nine of 64 have a mean peak
above 30, the highest 478, at 128 two of 40, the higher 328. The median seed has 18.3 at 64 and 18.9 at 128, void-and-cluster 1.5 has
11.1 and 12.8. Part of libplacebo's lead at sparse levels comes from these lattices: without them its power below half the principal
frequency at grey 1/64 is 1.2 dB more at 64 and .5 dB more at 128.

Small masks become lattices most easily. Flat greys of 16x16 and 32x32 masks, tiled and enlarged (`bench/patterns`):

![Patterns of small masks: dither of algorithm version 2, dither, void-and-cluster](small-masks.png)

## Which preset for what

{}
All figures of the family are computed by `bench/questions`, which writes this page and fails where a sentence is not true.
",
        grain[0],
        grain[1],
        presets()?
    ))
}

/// Returns the figures of the family in [`COLUMNS`], with sigmas and sizes.
struct Member {
    sigma: f32,
    side: u32,
    figures: [f64; 7],
}

fn columns(masks: &Masks) -> [f64; 7] {
    let [a, b, c] = [0.125, 0.25, 0.35].map(|radius| masks.full(radius));
    let [d, e, f] = [1.0, 1.5, 1.9].map(|sigma| masks.rms(sigma));
    [a, b, c, masks.low_frequency(), d, e, f]
}

fn members() -> Result<(Vec<Member>, String), String> {
    let mut table = Table::new(&[&["sigma, size"], &COLUMNS[..], &PEAKS].concat());
    let mut members = Vec::new();
    for (side, seeds) in SIZES {
        for sigma in SIGMAS {
            let recipe = Recipe::dither(sigma, DITHER_STEPS[0]).map_err(|error| error.to_string())?;
            let masks = Masks::make(&Config { recipe, ..Config::new(Preset::Dither, side, side) }, seeds)?;
            let figures = columns(&masks);
            table.numbers(&format!("{sigma:?}, {side}"), 1, &[&figures[..], &masks.peaks()].concat());
            members.push(Member { sigma, side, figures });
        }
    }
    for near in members.iter().filter(|member| member.sigma == SIGMAS[0]) {
        let size = || members.iter().filter(|member| member.side == near.side && member.sigma > near.sigma);
        for far in size().filter(|member| member.sigma >= 1.6) {
            claim("1.6 and 1.7 are better than 1.0 at wide blurs", far.figures[6], near.figures[6])?;
            claim("1.0 is better than 1.6 and 1.7 at fine blurs", near.figures[4], far.figures[4])?;
        }
    }
    Ok((members, table.text().into()))
}

/// Returns the power at tile frequencies, of the fill and of the preset.
///
/// Relative to the rings of the bins.
fn tiles() -> Result<[f64; 2], String> {
    let fill = Recipe::new(&[Stage::Fill(Fill::new(DITHER_SIGMAS[1], 5))]);
    let mut means = [0.0; 2];
    for (mean, recipe) in means.iter_mut().zip([fill, Preset::Dither.recipe()]) {
        let masks = Masks::make(&Config { recipe, ..Config::new(Preset::Dither, 128, 128) }, SEEDS)?;
        *mean = masks.mean(|figures| at_tiles(&figures.power, &figures.rings.map(|ring| ring.mean), 128));
        claim("the tiles of the fill leave no trace", (*mean - 1.0).abs(), 0.1)?;
    }
    Ok(means)
}

/// Returns the power at tile frequencies, relative to their rings.
///
/// The mean over bins at multiples of (W/32, H/16).
fn at_tiles(power: &[f64], rings: &[f64], side: usize) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (v, row) in power.chunks_exact(side / 2 + 1).enumerate().step_by(side / TILE[1]) {
        for (u, power) in row.iter().enumerate().step_by(side / TILE[0]).skip(usize::from(v == 0)) {
            // ring i holds i/64 ≤ f < (i + 1)/64
            let v = v.min(side - v);
            let ring = (64 * 64 * (u * u + v * v) / (side * side)).isqrt();
            let times = if u == 0 || 2 * u == side { 1.0 } else { 2.0 };
            sum += times * power / rings[ring];
            count += times;
        }
    }
    sum / count
}

/// Returns the table of published masks, and its conclusions.
///
/// Each mask stands beside the best of the family.
fn published(members: &[Member]) -> Result<(String, String), String> {
    let mut table = Table::new(&[&["mask"], &COLUMNS[..], &PEAKS, &["ahead", "level", "sigma"]].concat());
    let (mut all, mut not) = (0, Vec::new());
    for mask in &PUBLISHED {
        let name = format!("{}, {}", mask.name, mask.side);
        let (score, sigmas) = best_against(mask, members).ok_or("the family has no mask of that size")?;
        if score.ahead == COLUMNS.len() {
            all += 1;
        } else {
            not.push(name.clone());
        }
        let mut cells = mask.figures.map(|figure| number(figure, 1)).to_vec();
        cells.extend(mask.peaks.map_or(["–".into(), "–".into()], |peaks| peaks.map(|peak| number(peak, 1))));
        cells.extend([score.ahead.to_string(), score.level.to_string(), sigmas]);
        table.row(&name, &cells);
    }
    let ahead = format!(
        "Of {all} of these {} masks one member of the family is ahead in all seven columns. The others: {}.",
        PUBLISHED.len(),
        not.join("; ")
    );
    Ok((table.text().into(), ahead))
}

/// Number of columns in which a mask is ahead, and level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    ahead: usize,
    level: usize,
}

/// Returns the best score of the family, and its sigmas.
///
/// The score is against a mask of the same size,
/// at the decimals of the recorded figures.
fn best_against(mask: &Published, members: &[Member]) -> Option<(Score, String)> {
    let tenths = |figure: f64| (10.0 * figure).round() as i64;
    let score = |member: &Member| {
        let differences = || member.figures.iter().zip(mask.figures).map(|(own, other)| tenths(*own) - tenths(other));
        Score { ahead: differences().filter(|d| *d < 0).count(), level: differences().filter(|d| *d == 0).count() }
    };
    let same = || members.iter().filter(|member| member.side == mask.side);
    let best = same().map(score).max()?;
    let sigmas: Vec<f32> = same().filter(|member| score(member) == best).map(|member| member.sigma).collect();
    let text = match &sigmas[..] {
        // an unbroken part of the family
        [first, .., last] if SIGMAS.windows(sigmas.len()).any(|part| part == sigmas) => {
            format!("{first:?} to {last:?}")
        }
        _ => sigmas.iter().map(|sigma| format!("{sigma:?}")).collect::<Vec<_>>().join(", "),
    };
    Some((best, text))
}

/// Returns the purpose and the figures of each preset.
fn presets() -> Result<String, String> {
    let mut table = Table::new(&[&["64x64, 8 seeds"], &COLUMNS[..], &PEAKS].concat());
    let (mut lines, mut rows) = (String::new(), Vec::new());
    let is_dither = |preset: &Preset| preset.recipe().stages().iter().all(|stage| stage.as_spectral().is_none());
    for preset in Preset::ALL.into_iter().filter(is_dither) {
        lines += &format!("- `{}` – {}\n", preset.name(), preset.purpose());
        let masks = Masks::make(&Config::new(preset, SIDE, SIDE), SEEDS)?;
        let figures = columns(&masks);
        table.numbers(&format!("`{}`", preset.name()), 1, &[&figures[..], &masks.peaks()].concat());
        rows.push((preset, figures));
    }
    let least = |column: usize| rows.iter().min_by(|a, b| a.1[column].total_cmp(&b.1[column])).map(|row| row.0);
    for (preset, column) in [(Preset::DitherNear, 4), (Preset::DitherSmooth, 0)] {
        if least(column) != Some(preset) {
            return Err(format!(
                "{} is no more the best preset at {}: change its purpose",
                preset.name(),
                COLUMNS[column]
            ));
        }
    }
    Ok(format!("{lines}\n{}", table.text()))
}

#[cfg(test)]
mod tests {
    use super::{Member, at_tiles, best_against};
    use crate::questions::published::Published;

    #[test]
    fn a_trace_of_the_tiles_shows() {
        let (side, rings) = (128, [1.0; 64]);
        let mut power = vec![1.0; side * (side / 2 + 1)];
        assert_eq!(at_tiles(&power, &rings, side), 1.0);
        for v in 0..side {
            for u in 0..=side / 2 {
                if u % 4 == 0 && v % 8 == 0 {
                    power[v * (side / 2 + 1) + u] = 3.0;
                }
            }
        }
        assert_eq!(at_tiles(&power, &rings, side), 3.0);
    }

    #[test]
    fn scores_to_the_decimal() {
        let mask = Published { name: "other", side: 64, figures: [-1.0; 7], peaks: None };
        let member = |sigma, side, first| Member { sigma, side, figures: [first, -2.0, -2.0, -2.0, -2.0, -2.0, -2.0] };
        let of =
            |members: &[Member]| best_against(&mask, members).map(|(best, sigmas)| (best.ahead, best.level, sigmas));
        assert_eq!(of(&[member(1.0, 64, -1.04)]), Some((6, 1, "1.0".into())));
        assert_eq!(of(&[member(1.0, 64, -0.9), member(1.1, 64, -0.8)]), Some((6, 0, "1.0 to 1.1".into())));
        assert_eq!(of(&[member(1.0, 64, -1.1), member(1.7, 64, -1.2)]), Some((7, 0, "1.0, 1.7".into())));
        assert_eq!(of(&[member(1.0, 128, -1.1)]), None);
    }
}
