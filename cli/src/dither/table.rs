//! What samples become, as the core takes it: tables of positions, or texels that hold a tone of two levels.

use super::Goal;
use super::mask::Mask;
use super::plan::Plan;
use crate::failure::Result;
use crate::source::Pixel;
use bluegrad::Dither;
use bluegrad::dither::palette::Palette;
use bluegrad::dither::{Levels, Mix, Sample, Thresholds, Tone};

/// Tables of one picture, in the type of its samples.
pub(super) enum Table<'g> {
    /// Table of a palette.
    Palette(&'g [u16]),
    /// 8-bit samples to even levels: the core needs no table.
    Even([u32; 3]),
    /// 8-bit samples to two levels, alike in all channels: a texel for each pixel of the mask. Dithers fastest.
    Two(Vec<u8>),
    /// Positions of all samples among the values of each channel; one table if the channels are alike.
    Positions(Vec<Vec<u32>>),
}

impl<'g> Table<'g> {
    pub(super) fn new(goal: &'g Goal, plan: &Plan, pixel: Pixel, mask: &Mask) -> Result<Self> {
        let tones = match goal {
            Goal::Palette(palette) => return Ok(Self::Palette(&palette.table)),
            Goal::Tones(tones) => tones,
        };
        let (mix, eight) = (plan.wanted.mix, plan.wanted.eight(pixel));
        let [red, green, blue] = &tones.values;
        let alike = plan.wanted.channels == 1 || (red == green && green == blue);
        if eight && mix == Mix::Codes && tones.even {
            return Ok(Self::Even([red, green, blue].map(|values| values.len() as u32)));
        }
        let table = |values: &Vec<u16>| {
            if eight { positions::<u8>(values, mix, mask) } else { positions::<u16>(values, mix, mask) }
        };
        let mut tables: Vec<Vec<u32>> =
            tones.values[..if alike { 1 } else { 3 }].iter().map(table).collect::<Result<_>>()?;
        if eight && alike && red.len() == 2 {
            let positions = tables.remove(0);
            return Ok(Self::Two(
                mask.by_order.thresholds.iter().map(|threshold| texel(&positions, *threshold)).collect(),
            ));
        }
        Ok(Self::Positions(tables))
    }

    /// Alpha of 16 bits to 0 or 1.
    pub(super) fn of_alpha(mask: &Mask) -> Result<Self> {
        Ok(Self::Positions(vec![positions::<u16>(&[0, u16::MAX], Mix::Codes, mask)?]))
    }

    pub(super) fn dither<'t>(&'t self, mask: &'t Mask, channels: usize) -> Result<Dither<'t>> {
        let fine = Thresholds::U16(&mask.by_order.thresholds);
        let coarse = Thresholds::U8(&mask.by_order.texels);
        Ok(match (self, channels) {
            (Self::Palette(table), _) => Dither::palette(fine, mask.shape, Palette::new(table)?),
            (Self::Even([grey, ..]), 1) => Dither::grey(coarse, mask.shape, Levels::Even([*grey])),
            (Self::Even(levels), _) => Dither::rgb(coarse, mask.shape, Levels::Even(*levels)),
            (Self::Two(texels), 1) => Dither::grey(Thresholds::U8(texels), mask.shape, Levels::Even([2])),
            (Self::Two(texels), _) => Dither::rgb(Thresholds::U8(texels), mask.shape, Levels::Even([2; 3])),
            (Self::Positions(tables), 1) => Dither::grey(fine, mask.shape, Levels::Table([&tables[0]])),
            (Self::Positions(tables), _) => {
                Dither::rgb(fine, mask.shape, Levels::Table([0, 1, 2].map(|i| &tables[i % tables.len()][..])))
            }
        }?)
    }
}

/// Returns the positions of all values of a type.
fn positions<S: Sample>(values: &[u16], mix: Mix, mask: &Mask) -> Result<Vec<u32>> {
    let mut positions = vec![0; 1 << (8 * size_of::<S>())];
    Tone::new(values, mix, mask.by_order.pixels)?.fill::<S>(&mut positions)?;
    Ok(positions)
}

/// Returns the texel under which two even levels part samples where the positions do under a threshold.
fn texel(positions: &[u32], threshold: u16) -> u8 {
    let up = |position: u32| position + (u32::from(threshold) << 8) >= 1 << 24;
    // The formula of even levels: up from 255 − t, and the texel is t, or t + 1 from 128. Black and white have no dots.
    let least = positions.partition_point(|position| !up(*position)).clamp(1, 255) as u8;
    let threshold = 255 - least;
    threshold + (threshold >> 7)
}
