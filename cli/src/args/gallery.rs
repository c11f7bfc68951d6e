//! Options of `gallery`.

use super::ChannelsName;
use bluegrad::dither::palette::named::{NAMED, Named, named};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct GalleryArgs {
    /// Pictures of any kind that `dither` reads, from 8x8 pixels. Transparent pixels are laid over white [default: a picture of
    /// bluegrad's own]
    #[arg(value_name = "IMAGE")]
    pub(crate) images: Vec<PathBuf>,
    /// Part of each picture: left, top, width and height in pixels; sides from 8 to 1024 [default: the centre, at most 512x512]
    #[arg(long, value_name = "X,Y,W,H", value_parser = crop)]
    pub(crate) crop: Option<[u32; 4]>,
    /// Convert colour pictures to grey first: 0.2126 R + 0.7152 G + 0.0722 B
    #[arg(long)]
    pub(crate) grey: bool,
    /// Dither sample values as they are, as most programs do; areas then come out lighter. Without this option, all methods dither
    /// in linear light
    #[arg(long)]
    pub(crate) codes: bool,
    /// Position of the masks for red, green and blue, as in `dither`. same: one position. apart: a position for each channel
    #[arg(long, value_name = "HOW", default_value = "same")]
    pub(crate) channels: ChannelsName,
    #[arg(long, value_name = "NAME", value_parser = palette, default_value = "spectra-6", help = format!(
        "Palette of the third part, in linear light; the picture is fitted between its darkest and its lightest colour: {}",
        palettes()
    ))]
    pub(crate) palette: &'static Named,
    /// File of the page
    #[arg(long, value_name = "FILE.html", default_value = "bluegrad-gallery.html")]
    pub(crate) out: PathBuf,
    /// Also write a picture of the first image's crops at 1 bit, magnified twice, two rows of four: white noise, Bayer,
    /// interleaved gradient noise, high-pass; void-and-cluster, dither, dither-smooth, Floyd-Steinberg
    #[arg(long, value_name = "FILE.png")]
    pub(crate) strip: Option<PathBuf>,
    /// Print JSON: all figures of the page
    #[arg(long)]
    pub(crate) json: bool,
    /// Print nothing but errors
    #[arg(long, conflicts_with = "json")]
    pub(crate) quiet: bool,
}

fn palettes() -> String {
    NAMED.iter().map(|palette| palette.name).collect::<Vec<_>>().join(", ")
}

fn palette(name: &str) -> Result<&'static Named, String> {
    named(name).ok_or_else(|| format!("the palettes are {}", palettes()))
}

fn crop(text: &str) -> Result<[u32; 4], String> {
    let numbers: Option<Vec<u32>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some([x, y, width, height]) if [width, height].iter().all(|side| (8..=1024).contains(*side)) => {
            Ok([*x, *y, *width, *height])
        }
        _ => {
            Err("expected left, top, width and height in pixels, such as 64,0,256,256; sides from 8 to 1024"
                .to_string())
        }
    }
}
