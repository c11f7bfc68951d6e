//! Section: a target for each radial bucket, in place of low band and smoothness.

use super::mask::{Figures, Masks, SEEDS};
use super::page::{Table, claim, number, section};
use super::terms::spectral;
use bluegrad::measure::decibels;
use bluegrad::spectral::{Knot, Profile};
use bluegrad::{Config, TermWeight};

/// Rings per cycle/pixel.
const RINGS_PER_CYCLE: f64 = 64.0;

/// Power below which a ring counts as dark, relative to the mean: distances in dB are then not useful.
const DARK: f64 = 0.01;

const fn knot(frequency: f32, amplitude: f32) -> Knot {
    Knot { frequency, amplitude }
}

/// Target profile "green": a band around a quarter of a cycle/pixel.
const BAND: Profile = Profile::new(&[knot(0.1, 0.0), knot(0.2, 1.0), knot(0.3, 1.0), knot(0.4, 0.0)]);

/// Target profile "violet": amplitude proportional to frequency.
const LINEAR: Profile = Profile::new(&[knot(0.0, 0.0), knot(0.7072, 1.0)]);

/// Returns the preset `spectral` with only profile and histogram terms.
fn aiming_at(profile: Profile) -> Config {
    let mut config = spectral(|stage| {
        stage.low_band = TermWeight::NONE;
        stage.smoothness = TermWeight::NONE;
        stage.profile = TermWeight::new(0.03);
    });
    config.recipe.profile = profile;
    config
}

/// Returns the RMS distance between radial profile and target, in dB.
///
/// Both are scaled to mean power 1. Dark rings do not count.
fn distance(figures: &Figures, profile: &Profile) -> f64 {
    let rings = || (0..).zip(&figures.rings).filter(|(_, ring)| ring.bins > 0);
    let power = |i: i32| profile.amplitude((f64::from(i) + 0.5) / RINGS_PER_CYCLE).powi(2);
    let all: f64 = rings().map(|(i, ring)| power(i) * f64::from(ring.bins)).sum();
    let bins: f64 = rings().map(|(_, ring)| f64::from(ring.bins)).sum();
    let mean = all / bins;
    let bright = || rings().filter(|(i, _)| power(*i) > DARK * mean);
    let squares: f64 = bright().map(|(i, ring)| decibels(ring.mean * mean / power(i)).powi(2)).sum();
    (squares / bright().count() as f64).sqrt()
}

/// Section: whether a target for each bucket improves on the terms of the post.
pub(super) fn profile() -> Result<String, String> {
    const ANSWER: &str = "\
Yes: one term then does the work of two. With an amplitude wanted in each bucket the rings come within half a decibel of the target.
A blue target gives a mask that is darker than that of low band and smoothness, with an evener spectrum and bluer patterns.
The band and the ramp show that the aim is free, not that they are good masks: the band's patterns are worse than white noise.";
    let mut table = Table::new(&["aim", "rings off target, dB RMS", "anisotropy", "grey .1", "grey .25", "LFthr"]);
    let mut row = |name: &str, off: String, masks: &Masks| {
        let figures = [masks.anisotropy(), masks.full(0.1), masks.full(0.25)].map(|figure| number(figure, 1));
        let cells = [vec![off], figures.to_vec(), vec![number(masks.low_frequency(), 2)]].concat();
        table.row(name, &cells);
    };
    let terms = Masks::make(&spectral(|_| ()), SEEDS)?;
    row("low band + smoothness", "no target".into(), &terms);
    for (name, profile) in [
        ("blue: 0 up to .25, full from .45", Profile::BLUE),
        ("band: .2 to .3, 0 below .1 and above .4", BAND),
        ("linear: amplitude as frequency", LINEAR),
    ] {
        let masks = Masks::make(&aiming_at(profile), SEEDS)?;
        let off = masks.mean(|figures| distance(figures, &profile));
        row(name, number(off, 2), &masks);
        claim("the rings come within half a decibel of the target", off, 0.5)?;
        if profile == BAND {
            claim("the band's patterns are worse than white noise", 0.0, masks.low_frequency())?;
        }
        if profile == Profile::BLUE {
            claim("a blue target gives a darker mask", masks.full(0.25), terms.full(0.25))?;
            claim("a blue target gives an evener spectrum", masks.anisotropy(), terms.anisotropy())?;
            claim("a blue target gives bluer patterns", masks.low_frequency(), terms.low_frequency())?;
        }
    }
    Ok(section("A target for each bucket instead?", ANSWER, &table))
}
