//! Converts samples to sRGB: a PNG's gamma, and ICC profiles.

use super::Pixel;
#[cfg(feature = "formats")]
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};
#[cfg(feature = "formats")]
use std::sync::Arc;

/// Colour space of a file's samples.
pub(super) enum Space<'f> {
    Srgb,
    /// Light is the sample to the power 100000/gamma: a PNG's `gAMA`.
    Gamma(u32),
    /// An ICC profile.
    Profile(&'f [u8]),
    /// A space that is not converted, in words.
    Unknown(&'static str),
}

/// A conversion to sRGB codes.
pub(super) struct Conversion {
    how: How,
    /// Samples without alpha, and after the conversion.
    colors: Vec<u16>,
    #[cfg(feature = "formats")]
    converted: Vec<u16>,
}

enum How {
    /// Code of each code.
    Table(Vec<u16>),
    #[cfg(feature = "formats")]
    Profile(Arc<dyn TransformExecutor<u16> + Send + Sync>),
}

/// sRGB's own gamma is written as 1/2.2; programs take gammas up to 5 % from it as sRGB, libpng among them.
const SRGB_GAMMAS: std::ops::RangeInclusive<u32> = 43182..=47727;

impl Conversion {
    /// Returns the conversion, if samples need one, and what of the file is ignored.
    pub(super) fn new(space: Space<'_>, color: bool) -> (Option<Self>, Option<String>) {
        match space {
            Space::Srgb => (None, None),
            Space::Gamma(0) => (None, Some("its gamma of 0 is ignored".to_string())),
            Space::Gamma(gamma) if SRGB_GAMMAS.contains(&gamma) => (None, None),
            Space::Gamma(gamma) => {
                (Some(Self::by(How::Table((0..=u16::MAX).map(|code| of_gamma(code, gamma)).collect()))), None)
            }
            Space::Unknown(what) => (None, Some(format!("{what} is ignored: its samples are taken as sRGB"))),
            Space::Profile(profile) => match Self::of_profile(profile, color) {
                Ok(conversion) => (conversion, None),
                Err(why) => {
                    (None, Some(format!("its colour profile is ignored ({why}): its samples are taken as sRGB")))
                }
            },
        }
    }

    fn by(how: How) -> Self {
        Self {
            how,
            colors: Vec::new(),
            #[cfg(feature = "formats")]
            converted: Vec::new(),
        }
    }

    #[cfg(not(feature = "formats"))]
    fn of_profile(_: &[u8], _: bool) -> Result<Option<Self>, String> {
        Err("this program is built without profiles".to_string())
    }

    /// Returns the conversion of a profile; `None` if the profile is sRGB.
    #[cfg(feature = "formats")]
    fn of_profile(profile: &[u8], color: bool) -> Result<Option<Self>, String> {
        let profile = ColorProfile::new_from_slice(profile).map_err(|error| error.to_string())?;
        let layout = match (profile.color_space, color) {
            (DataColorSpace::Rgb, true) => Layout::Rgb,
            (DataColorSpace::Gray, false) => Layout::Gray,
            (space, _) => return Err(format!("it is for {space:?} samples")),
        };
        let srgb = ColorProfile::new_srgb();
        let transform = profile.create_transform_16bit(layout, &srgb, Layout::Rgb, TransformOptions::default());
        let mut conversion = Self::by(How::Profile(transform.map_err(|error| error.to_string())?));
        let probes = probes(color);
        let mut converted = probes.clone();
        let pixel = Pixel { color, alpha: false, sixteen: true };
        conversion.apply(&mut converted, pixel)?;
        let same = probes.iter().zip(&converted).all(|(before, after)| before.abs_diff(*after) <= SAME);
        Ok((!same).then_some(conversion))
    }

    /// Converts a row of samples; alpha stays.
    pub(super) fn apply(&mut self, row: &mut [u16], pixel: Pixel) -> Result<(), String> {
        let samples = pixel.samples();
        let colors = samples - usize::from(pixel.alpha);
        self.colors.clear();
        match &self.how {
            How::Table(table) => {
                for pixel in row.chunks_exact_mut(samples) {
                    pixel[..colors].iter_mut().for_each(|code| *code = table[usize::from(*code)]);
                }
            }
            #[cfg(feature = "formats")]
            How::Profile(transform) => {
                self.colors.extend(row.chunks_exact(samples).flat_map(|pixel| &pixel[..colors]));
                self.converted.clear();
                self.converted.resize(row.len() / samples * 3, 0);
                transform.transform(&self.colors, &mut self.converted).map_err(|error| error.to_string())?;
                for (pixel, converted) in row.chunks_exact_mut(samples).zip(self.converted.as_chunks::<3>().0) {
                    pixel[..colors].iter_mut().zip(converted).for_each(|(code, converted)| *code = snapped(*converted));
                }
            }
        }
        Ok(())
    }
}

/// Largest difference of a profile that counts as sRGB, 16-bit codes: a quarter of a step of 8 bits.
#[cfg(feature = "formats")]
const SAME: u16 = 64;

/// Returns samples that tell a profile from sRGB: greys or a grid of colours.
#[cfg(feature = "formats")]
fn probes(color: bool) -> Vec<u16> {
    const STEPS: u16 = 17;
    let code = |i: u16| i * (65535 / (STEPS - 1));
    if !color {
        return (0..STEPS).map(code).collect();
    }
    let codes = |i: u16| [i / (STEPS * STEPS), i / STEPS % STEPS, i % STEPS].map(code);
    (0..STEPS * STEPS * STEPS).flat_map(codes).collect()
}

/// Black and white stay black and white, which have no dots: profiles round to codes beside them.
#[cfg(feature = "formats")]
fn snapped(code: u16) -> u16 {
    const NEAR: u16 = 32;
    match code {
        ..=NEAR => 0,
        code if code >= u16::MAX - NEAR => u16::MAX,
        code => code,
    }
}

/// Returns the sRGB code of a code of a gamma, in units of 1/100000.
fn of_gamma(code: u16, gamma: u32) -> u16 {
    let light = libm::pow(f64::from(code) / 65535.0, 100_000.0 / f64::from(gamma));
    let srgb = if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * libm::pow(light, 1.0 / 2.4) - 0.055 };
    // In range: light is 0 to 1.
    libm::round(65535.0 * srgb.clamp(0.0, 1.0)) as u16
}
