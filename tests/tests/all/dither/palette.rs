//! Palettes: the kernel against its formula in i64, the builder against searches of another kind.

mod build;
mod errors;
mod kernel;
mod named;

use bluegrad::dither::palette::{Palette, PaletteConfig, build};
use bluegrad::dither::{Samples, Sink, Thresholds};
use bluegrad::{Dither, Shape, SimdLevel};

/// A palette of e-paper, as measured.
const INKS: [[u8; 3]; 6] = [[31, 24, 41], [168, 180, 182], [180, 173, 0], [113, 24, 19], [36, 70, 139], [50, 84, 60]];

/// The corners of RGB.
const CORNERS: [[u8; 3]; 8] =
    [[0, 0, 0], [255, 0, 0], [0, 255, 0], [255, 255, 0], [0, 0, 255], [255, 0, 255], [0, 255, 255], [255, 255, 255]];

fn table(config: &PaletteConfig<'_>) -> Vec<u16> {
    // the builder writes every word
    let mut table = vec![0xffff; config.words().expect("a size")];
    build(config, &mut table).expect("a palette");
    table
}

/// Dithers pixels under thresholds of their own: the mask is as wide as the pixels are many, or as a mask may be.
fn find(palette: &Palette<'_>, level: SimdLevel, pixels: &[[u8; 3]], thresholds: &[u16], to: &mut [u8]) {
    let parts = pixels.chunks(4096).zip(thresholds.chunks(4096)).zip(to.chunks_mut(4096));
    for ((pixels, thresholds), to) in parts {
        let shape = Shape::new(thresholds.len() as u32, 1);
        let dither = Dither::palette(Thresholds::U16(thresholds), shape, *palette).expect("a mask").simd(level);
        dither.row(0, Samples::U8(pixels.as_flattened()), Sink::Levels(to)).expect("the right length");
    }
}

/// The shares of the colours, in the order of the configuration, over all 65536 thresholds.
fn shares(table: &[u16], pixel: [u8; 3]) -> Vec<f64> {
    let palette = Palette::new(table).expect("a table");
    let thresholds: Vec<u16> = (0..=u16::MAX).collect();
    let mut indices = vec![0xff; thresholds.len()];
    find(&palette, SimdLevel::Auto, &vec![pixel; thresholds.len()], &thresholds, &mut indices);
    let mut shares = vec![0.0; palette.colors()];
    for index in indices {
        shares[usize::from(index)] += 1.0 / 65536.0;
    }
    shares
}

/// Linear light of an sRGB code, by the platform's own power.
fn light(code: u8) -> f64 {
    let x = f64::from(code) / 255.0;
    if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
}

fn lights(colors: &[[u8; 3]]) -> Vec<[f64; 3]> {
    colors.iter().map(|color| color.map(light)).collect()
}

fn mean(colors: &[[f64; 3]], shares: &[f64]) -> [f64; 3] {
    std::array::from_fn(|c| colors.iter().zip(shares).map(|(color, share)| color[c] * share).sum())
}

/// A random number from a counter (`SplitMix64`).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn pixel(&mut self) -> [u8; 3] {
        std::array::from_fn(|_| self.next() as u8)
    }

    /// Colours, each another one.
    fn colors(&mut self, count: usize) -> Vec<[u8; 3]> {
        let mut colors = Vec::new();
        while colors.len() < count {
            let color = self.pixel();
            if !colors.contains(&color) {
                colors.push(color);
            }
        }
        colors
    }
}
