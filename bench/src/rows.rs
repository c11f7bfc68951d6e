//! Rows that are dithered: forms of samples, levels and output, timed at each SIMD level.

use crate::rounds::{Contender, time_calls};
use bluegrad::dither::palette::{Palette, PaletteConfig, build, named};
use bluegrad::dither::{BitOrder, ByteOrder, Levels, Mix, Samples, Sink, Thresholds, Tone, texels, thresholds};
use bluegrad::{Dither, Error, Mask, Shape, SimdLevel};
use std::time::Duration;

/// Samples of a row: a row of RGB of a 4K picture.
pub const SAMPLES: usize = 3 * 3840;

/// Rows of a unit of work.
pub const ROWS: usize = 16;

/// What is dithered to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// 8-bit grey to 1 bit, packed.
    Bits,
    /// 8-bit RGB to 1 bit a channel, packed.
    BitsRgb,
    /// 8-bit grey to 16 even levels.
    Even,
    /// 8-bit RGB to RGB565.
    Rgb565,
    /// 8-bit grey to 16 even levels, packed in 4 bits.
    Nibbles,
    /// 16-bit grey to 256 even levels.
    Even16,
    /// Floats to 256 even levels.
    EvenF32,
    /// 8-bit grey to 16 levels in light, by a table.
    Table,
    /// 16-bit grey to 16 levels in light, by a table of 65536 positions.
    Table16,
    /// 16-bit grey to 16 levels in light, by pairs.
    Pairs,
    /// 8-bit RGB to 6 colours.
    Palette,
}

impl Form {
    /// All forms.
    pub const ALL: [Self; 11] = [
        Self::Bits,
        Self::BitsRgb,
        Self::Even,
        Self::Rgb565,
        Self::Nibbles,
        Self::Even16,
        Self::EvenF32,
        Self::Table,
        Self::Table16,
        Self::Pairs,
        Self::Palette,
    ];

    /// Returns the name on command lines.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Bits => "bits",
            Self::BitsRgb => "bits_rgb",
            Self::Even => "even",
            Self::Rgb565 => "rgb565",
            Self::Nibbles => "nibbles",
            Self::Even16 => "even_u16",
            Self::EvenF32 => "even_f32",
            Self::Table => "table",
            Self::Table16 => "table_u16",
            Self::Pairs => "pairs_u16",
            Self::Palette => "palette",
        }
    }

    /// Returns the form of a name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.id() == id)
    }

    /// Returns what a table of figures says of it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bits => "8-bit grey to 1 bit, packed",
            Self::BitsRgb => "8-bit RGB to 1 bit, packed",
            Self::Even => "8-bit grey to 16 even levels",
            Self::Rgb565 => "8-bit RGB to RGB565",
            Self::Nibbles => "8-bit grey to 16 even levels, packed",
            Self::Even16 => "16-bit grey to 256 even levels",
            Self::EvenF32 => "float grey to 256 even levels",
            Self::Table => "8-bit grey to 16 levels in light, table of 1 KiB",
            Self::Table16 => "16-bit grey to 16 levels in light, table of 256 KiB",
            Self::Pairs => "16-bit grey to 16 levels in light, table of 2 KiB",
            Self::Palette => "8-bit RGB to 6 colours",
        }
    }
}

/// Masks, tables and rows of all forms.
pub struct Tables {
    shape: Shape,
    texels: Vec<u8>,
    thresholds: Vec<u16>,
    positions: Vec<u32>,
    positions16: Vec<u32>,
    pairs: Vec<[u32; 2]>,
    palette: Vec<u16>,
    narrow: Vec<u8>,
    wide: Vec<u16>,
    floats: Vec<f32>,
}

impl Tables {
    /// Makes a mask of so many pixels on a side, the tables of the forms, and noise to dither.
    ///
    /// The mask's ranks have no pattern; which ranks they are changes no time.
    ///
    /// # Errors
    /// Those of the core.
    pub fn new(side: u32, forms: &[Form]) -> Result<Self, Box<dyn std::error::Error>> {
        let shape = Shape::new(side, side);
        let pixels = side * side;
        // 40503 = 3·23·587: each rank once where the side has no such factor
        let ranks: Vec<u32> = (0..u64::from(pixels)).map(|i| (i * 40_503 % u64::from(pixels)) as u32).collect();
        let mask = Mask::new(shape, &ranks)?;
        let (mut of_8_bits, mut of_16_bits) = (vec![0; shape.pixels()], vec![0; shape.pixels()]);
        texels(&mask, &mut of_8_bits)?;
        thresholds(&mask, &mut of_16_bits)?;
        let values: Vec<u16> = (0..16).map(|level| level * 17 * 257).collect();
        let tone = Tone::new(&values, Mix::Light, pixels)?;
        let (mut positions, mut positions16, mut pairs) = (vec![0; 256], vec![0; 65536], vec![[0; 2]; 256]);
        tone.fill::<u8>(&mut positions)?;
        if forms.contains(&Form::Table16) {
            tone.fill::<u16>(&mut positions16)?;
        }
        tone.fill_pairs(&mut pairs)?;
        let colors = PaletteConfig::new(named::named("spectra-6").ok_or("no palette of that name")?.shown);
        let mut palette = vec![0; colors.words()?];
        if forms.contains(&Form::Palette) {
            build(&colors, &mut palette)?;
        }
        let mut noise = 0_u32;
        let wide: Vec<u16> = std::iter::repeat_with(|| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 16) as u16
        })
        .take(SAMPLES)
        .collect();
        let narrow = wide.iter().map(|v| (v >> 8) as u8).collect();
        let floats = wide.iter().map(|v| f32::from(*v) / 65535.0).collect();
        Ok(Self {
            shape,
            texels: of_8_bits,
            thresholds: of_16_bits,
            positions,
            positions16,
            pairs,
            palette,
            narrow,
            wide,
            floats,
        })
    }
}

/// A form at a SIMD level. A unit is [`ROWS`] rows of [`SAMPLES`] samples.
pub struct Rows<'t> {
    tables: &'t Tables,
    form: Form,
    dither: Dither<'t>,
    to: Vec<u8>,
}

impl<'t> Rows<'t> {
    /// Prepares a form.
    ///
    /// # Errors
    /// Those of the core.
    pub fn new(tables: &'t Tables, form: Form, level: SimdLevel) -> Result<Self, Error> {
        let shape = tables.shape;
        let (coarse, fine) = (Thresholds::U8(&tables.texels), Thresholds::U16(&tables.thresholds));
        let dither = match form {
            Form::Bits => Dither::grey(coarse, shape, Levels::Even([2])),
            Form::BitsRgb => Dither::rgb(coarse, shape, Levels::Even([2; 3])),
            Form::Even | Form::Nibbles => Dither::grey(coarse, shape, Levels::Even([16])),
            Form::Rgb565 => Dither::rgb(coarse, shape, Levels::Even([32, 64, 32])),
            Form::Even16 | Form::EvenF32 => Dither::grey(fine, shape, Levels::Even([256])),
            Form::Table => Dither::grey(fine, shape, Levels::Table([&tables.positions])),
            Form::Table16 => Dither::grey(fine, shape, Levels::Table([&tables.positions16])),
            Form::Pairs => Dither::grey(fine, shape, Levels::Pairs([&tables.pairs])),
            Form::Palette => Dither::palette(fine, shape, Palette::new(&tables.palette)?),
        };
        Ok(Self { tables, form, dither: dither?.simd(level), to: vec![0; SAMPLES] })
    }

    /// Dithers the rows.
    ///
    /// # Errors
    /// Those of the core.
    pub fn run(&mut self) -> Result<(), Error> {
        let (order, tables) = (BitOrder::MsbFirst, self.tables);
        for y in 0..ROWS as u32 {
            let to = &mut self.to[..];
            let sink = match self.form {
                Form::Bits | Form::BitsRgb => Sink::Packed { to: &mut to[..SAMPLES / 8], bits: 1, order },
                Form::Nibbles => Sink::Packed { to: &mut to[..SAMPLES / 2], bits: 4, order },
                Form::Rgb565 => Sink::Rgb565 { to: &mut to[..SAMPLES / 3 * 2], order: ByteOrder::BigEndian },
                Form::Palette => Sink::Levels(&mut to[..SAMPLES / 3]),
                _ => Sink::Levels(to),
            };
            let samples = match self.form {
                Form::Even16 | Form::Table16 | Form::Pairs => Samples::U16(&tables.wide),
                Form::EvenF32 => Samples::F32(&tables.floats),
                _ => Samples::U8(&tables.narrow),
            };
            self.dither.row(y, samples, sink)?;
        }
        Ok(())
    }
}

impl Contender for Rows<'_> {
    fn time(&mut self, count: u32) -> Duration {
        time_calls(count, || {
            if let Err(error) = std::hint::black_box(&mut *self).run() {
                debug_assert!(false, "{error}");
            }
        })
    }
}
