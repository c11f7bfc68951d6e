//! Spectrum of a mask with layers over time: of each pixel, and by frequencies in space and time.

use crate::failure::Result;
use crate::spectrum::Spectrum;
use bluegrad::Shape;
use bluegrad::measure::RINGS;
use std::f64::consts::TAU;

/// Most frequencies in time that are computed; of more, evenly spaced ones.
const MOST_FREQUENCIES: usize = 65;

/// Power of layers by frequency in time, relative to white noise of the same variance.
pub(crate) struct FrameSpectrum {
    pub(crate) rows: Vec<Row>,
}

/// Power at a frequency in time.
pub(crate) struct Row {
    /// Cycles a frame, 0 to 0.5.
    pub(crate) frequency: f64,
    /// Mean over the pixels.
    pub(crate) power: f64,
    /// Mean over rings of 1/64 cycles/pixel; `None` where a ring has no bins.
    pub(crate) rings: [Option<f64>; RINGS],
}

impl FrameSpectrum {
    /// Measures layers of one shape; each layer loses its mean.
    ///
    /// With c and s the sums of layers times cos(2πwt) and sin(2πwt), the power of the transform c − is at a frequency of space and its
    /// negative sums up to that of c and of s.
    pub(crate) fn new(layers: &[Vec<f32>], plane: Shape) -> Result<Self> {
        let count = layers.len();
        let pixels = plane.pixels() as f64;
        let mut variance = 0.0;
        let means: Vec<f64> = layers.iter().map(|layer| sum(layer) / pixels).collect();
        for (layer, mean) in layers.iter().zip(&means) {
            variance += layer.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>();
        }
        // of white noise, over all layers and frequencies
        let white = variance / (pixels * count as f64) * count as f64;
        let last = count / 2;
        let step = last.div_ceil(MOST_FREQUENCIES - 1).max(1);
        let row = |index: usize| {
            let mut row = Row { frequency: index as f64 / count as f64, power: 0.0, rings: [None; RINGS] };
            for wave in [libm::cos, libm::sin] {
                let mut field = vec![0.0_f64; plane.pixels()];
                for (t, (layer, mean)) in layers.iter().zip(&means).enumerate() {
                    // index and t below 256
                    let weight = wave(TAU * (index * t % count) as f64 / count as f64);
                    field.iter_mut().zip(layer).for_each(|(to, value)| *to += weight * (f64::from(*value) - mean));
                }
                let power = field.iter().map(|value| value * value).sum::<f64>() / pixels / white;
                // rounding errors of a sine that is zero, or layers that cancel
                if power < 1e-9 {
                    continue;
                }
                row.power += power;
                let field: Vec<f32> = field.into_iter().map(|value| value as f32).collect();
                for (to, ring) in row.rings.iter_mut().zip(&Spectrum::new(&field, plane)?.rings) {
                    if ring.bins > 0 {
                        *to = Some(to.unwrap_or(0.0) + power * ring.mean);
                    }
                }
            }
            Ok(row)
        };
        Ok(Self { rows: (0..=last).step_by(step).map(row).collect::<Result<_>>()? })
    }
}

fn sum(layer: &[f32]) -> f64 {
    layer.iter().copied().map(f64::from).sum()
}

#[cfg(test)]
mod tests {
    use super::FrameSpectrum;
    use bluegrad::Shape;
    use std::f64::consts::TAU;

    /// A wave in space and time has its power at its frequencies; a constant in time at frequency 0.
    #[test]
    fn a_wave_is_where_it_is() {
        let plane = Shape::new(16, 16);
        for (turns, cycles) in [(3, 2.0), (0, 4.0), (4, 1.0)] {
            let layer = |t: i32| {
                let at = |i: i32| cycles * f64::from(i % 16) / 16.0 + f64::from(turns * t) / 8.0;
                (0..256).map(|i| (TAU * at(i)).cos() as f32).collect()
            };
            let layers: Vec<Vec<f32>> = (0..8).map(layer).collect();
            let spectrum = FrameSpectrum::new(&layers, plane).unwrap();
            assert_eq!(spectrum.rows.len(), 5);
            for (index, row) in (0..).zip(&spectrum.rows) {
                // all power at one of 8 frequencies, or half of it at each of two that are one row
                let expected = if index != turns {
                    0.0
                } else if turns % 4 == 0 {
                    8.0
                } else {
                    4.0
                };
                assert!((row.power - expected).abs() < 1e-5, "{turns}: {}", row.power);
                let ring = (cycles / 16.0 * 64.0) as usize;
                let highest = row.rings.iter().flatten().copied().fold(0.0, f64::max);
                assert!(index != turns || row.rings[ring] == Some(highest), "{turns}: {:?}", row.rings);
            }
        }
    }

    /// White noise has the mean power 1.
    #[test]
    fn white_noise_is_one() {
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32
        };
        let layers: Vec<Vec<f32>> = (0..16).map(|_| (0..1024).map(|_| noise()).collect()).collect();
        let spectrum = FrameSpectrum::new(&layers, Shape::new(32, 32)).unwrap();
        for row in &spectrum.rows {
            assert!((row.power - 1.0).abs() < 0.2, "{}", row.power);
        }
        let rings = spectrum.rows.iter().flat_map(|row| row.rings.iter().flatten());
        let (count, total) = rings.fold((0.0, 0.0), |(count, total), power| (count + 1.0, total + power));
        assert!((total / count - 1.0_f64).abs() < 0.1, "{}", total / count);
    }
}
