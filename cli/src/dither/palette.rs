//! The palette of `--palette`: built in, listed, or from a file.

use super::palette_file;
use crate::args::{Color, Colors, DitherArgs, FitName, OutputColors, colors};
use crate::failure::{Failure, Result};
use crate::raster::{self, Choice, Layout};
use bluegrad::dither::palette::named::{NAMED, Named, named};
use bluegrad::dither::palette::{Fit, PaletteConfig, build};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// Longest palette file, bytes: a PNG whose palette is wanted may be a picture.
const MOST_BYTES: u64 = 1 << 26;

/// A palette, ready to dither with.
pub(super) struct Palette {
    /// Colours that are written.
    pub(super) colors: Vec<Color>,
    /// Table of the core.
    pub(super) table: Vec<u16>,
}

/// What `--palette` asks for.
pub(super) enum Kind {
    Colors(Palette),
    /// Levels of each channel: a built-in palette that is made of levels, or no palette.
    Levels(Option<[u32; 3]>),
}

impl Palette {
    /// Reads the palette and builds its table.
    pub(super) fn chosen(args: &DitherArgs, choice: Choice) -> Result<Kind> {
        let Some(text) = &args.palette else { return Ok(Kind::Levels(None)) };
        let built_in = named(text);
        if let Some(Named { levels: Some(levels), .. }) = built_in {
            if args.shown.is_some() || args.fit.is_some() || args.grain.is_some() || args.nodes.is_some() {
                let why = "is made of even levels: leave --shown, --fit, --grain and --nodes out";
                return Err(Failure::usage(format_args!("--palette {text} {why}")));
            }
            return Ok(Kind::Levels(Some(*levels)));
        }
        let (nominal, own) = match built_in {
            Some(palette) => (palette.nominal.to_vec(), palette.shown.to_vec()),
            None => {
                let listed = match colors(text) {
                    Some(colors) => colors,
                    None => read(text)?,
                };
                (listed.clone(), listed)
            }
        };
        let shown = match &args.shown {
            Some(Colors(shown)) if shown.len() != nominal.len() => {
                let (got, needed) = (shown.len(), nominal.len());
                return Err(Failure::usage(format_args!("--shown: {got} colours for a palette of {needed}")));
            }
            Some(Colors(shown)) => shown.clone(),
            None => own,
        };
        let mut config = PaletteConfig::new(&shown);
        config.grain = args.grain.unwrap_or(config.grain);
        config.nodes = args.nodes.unwrap_or(config.nodes);
        if args.fit == Some(FitName::Panel) {
            config.fit = Fit::Panel;
        }
        config.check().map_err(|error| Failure::usage(format_args!("--palette {text}: {error}")))?;
        check(choice, nominal.len())?;
        let mut table = vec![0; config.words()?];
        build(&config, &mut table)?;
        let colors = if args.output_colors == OutputColors::Shown { shown } else { nominal };
        Ok(Kind::Colors(Self { colors, table }))
    }
}

/// Reads a palette file.
fn read(text: &str) -> Result<Vec<Color>> {
    let path = Path::new(text);
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            let names = NAMED.map(|palette| palette.name).join(", ");
            Failure::usage(format_args!(
                "--palette {text}: no such file, and no list of colours such as 000000,ffffff; built in are {names}"
            ))
        }
        _ => Failure::file(path, error),
    })?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES).read_to_end(&mut bytes).map_err(|error| Failure::file(path, error))?;
    palette_file::parse(&bytes).map_err(|why| Failure::file(path, why))
}

/// Checks that a format holds indices of so many colours, or RGB.
fn check(choice: Choice, count: usize) -> Result<()> {
    let name = choice.format.name;
    let most = match (choice.format.kind, choice.layout) {
        (raster::Kind::Png | raster::Kind::Ppm, _) | (raster::Kind::C, None) => return Ok(()),
        (raster::Kind::Raw(layout), _) | (raster::Kind::C, Some(layout)) => match layout {
            Layout::Bits(bits) => 1 << bits,
            Layout::Planes => 4,
            Layout::Rgb332 | Layout::Rgb565(_) => 0,
        },
        (raster::Kind::Pbm | raster::Kind::Pgm | raster::Kind::Xbm, _) => 0,
    };
    match most {
        0 => Err(Failure::usage(format_args!(
            "--palette goes with png, ppm, c, raw1 to raw8 and planes, not with {name}"
        ))),
        most if count > most => {
            Err(Failure::usage(format_args!("{name} holds at most {most} colours, and the palette has {count}")))
        }
        _ => Ok(()),
    }
}
