//! The command `gallery`: pictures, dithered by well-known masks, on one page.
//!
//! This is the experiment of the post that bluegrad starts from (Wronski, 2020), on photographs. [`source`] reads pictures, [`masks`]
//! makes masks, [`diffusion`] is the one method without a mask, [`output`] dithers, [`score`] judges, [`page`] writes. All masks are
//! exact ranks and go through the core's own dither, so that the mask is the only difference.

mod diffusion;
mod masks;
mod output;
mod page;
mod score;
mod source;
mod strip;

use crate::args::{ChannelsName, GalleryArgs};
use crate::failure::{Failure, Result};
use crate::output::{self as files, Target};
use crate::run::progress;
use bluegrad::dither::Mix;
use masks::{Masks, Method};
use output::{Built, How, Output};
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use score::{Judge, SIGMAS, Score};
use serde::Serialize;
use source::Source;

/// A picture with all its dithered pictures.
struct Exhibit<'p> {
    source: Source,
    outputs: Vec<(Output<'p>, Vec<Dithered>)>,
}

/// A dithered picture.
struct Dithered {
    method: Method,
    /// Indices into the colours of the output.
    indices: Vec<u8>,
    score: Score,
}

/// JSON output. Field names are a stable interface.
#[derive(Serialize)]
struct Figures<'e> {
    sigmas: [f64; 3],
    pictures: Vec<PictureFigures<'e>>,
}

#[derive(Serialize)]
struct PictureFigures<'e> {
    file: &'e str,
    /// Left, top, width and height of the part.
    crop: [u32; 4],
    outputs: Vec<OutputFigures>,
}

#[derive(Serialize)]
struct OutputFigures {
    output: &'static str,
    colors: usize,
    methods: Vec<MethodFigures>,
}

#[derive(Serialize)]
struct MethodFigures {
    method: &'static str,
    psnr_db: [f64; 3],
    oklab: [f64; 3],
    structure: f64,
    spread: usize,
}

/// Dithers all pictures and writes the page.
pub(crate) fn run(args: &GalleryArgs) -> Result<()> {
    let target = Target::page(&args.out)?;
    let strip = args.strip.as_deref().map(Target::new).transpose()?;
    let targets = || std::iter::once(&target).chain(&strip);
    if let Some((target, path)) =
        targets().find_map(|target| Some((target, args.images.iter().find(|path| target.is_file(path))?)))
    {
        let (out, image) = (target.path().display(), path.display());
        return Err(Failure::usage(format_args!("{out} is the picture {image}: name another file")));
    }
    if strip.as_ref().is_some_and(|strip| strip.is(&target)) {
        let path = target.path().display();
        return Err(Failure::usage(format_args!("{path} is named twice: --out and --strip must differ")));
    }
    let sources = Source::all(args)?;
    let palette = Built::new(args.palette)?;
    let outputs = |source: &Source| Output::all(source.channels, &palette);
    let steps = sources.iter().map(|source| outputs(source).len() * Method::ALL.len()).sum::<usize>();
    // Two methods have no mask of their own beforehand.
    let bar = progress((steps + Method::ALL.len() - 2) as u32, args.quiet);
    let masks = Masks::new(|method| {
        bar.set_message(method.title());
        bar.inc(1);
    })?;
    let mix = if args.codes { Mix::Codes } else { Mix::Light };
    let how = How { mix, apart: args.channels == ChannelsName::Apart };
    let mut exhibits = Vec::new();
    for source in sources {
        bar.set_message(source.name.clone());
        let dither = |output: &Output<'_>, judge: &Judge<'_>, method: Method| {
            let indices = output.dither(&source, method, &masks, how)?;
            let spread = score::spread(&source, &indices, output, method, &masks, how)?;
            let score = judge.score(&indices, spread)?;
            bar.inc(1);
            Ok(Dithered { method, indices, score })
        };
        let all = outputs(&source).into_par_iter().map(|output| {
            let judge = Judge::new(&source, &output);
            let dithered =
                Method::ALL.par_iter().map(|method| dither(&output, &judge, *method)).collect::<Result<_>>()?;
            drop(judge);
            Ok((output, dithered))
        });
        let outputs = all.collect::<Result<_>>()?;
        exhibits.push(Exhibit { source, outputs });
    }
    bar.finish_and_clear();
    let mut written = vec![(&target, page::page(&exhibits, how)?.into_bytes())];
    if let (Some(strip), Some(exhibit)) = (&strip, exhibits.first()) {
        written.push((strip, strip::png(exhibit)?));
    }
    files::write_all(&written)?;
    if args.quiet {
        return Ok(());
    }
    files::print(&if args.json { json(&exhibits)? } else { said(&written, &exhibits) })
}

fn said(written: &[(&Target, Vec<u8>)], exhibits: &[Exhibit<'_>]) -> String {
    let names: Vec<String> = written.iter().map(|(target, _)| target.path().display().to_string()).collect();
    let pictures: Vec<&str> = exhibits.iter().map(|exhibit| exhibit.source.name.as_str()).collect();
    format!("wrote {}: {} by {} methods\n", names.join(", "), pictures.join(", "), Method::ALL.len())
}

fn json(exhibits: &[Exhibit<'_>]) -> Result<String> {
    let method = |dithered: &Dithered| {
        let Score { psnr, oklab, structure, spread } = dithered.score;
        MethodFigures { method: dithered.method.key(), psnr_db: psnr, oklab, structure, spread }
    };
    let output = |(output, dithered): &(Output<'_>, Vec<Dithered>)| OutputFigures {
        output: output.key,
        colors: output.colors.len(),
        methods: dithered.iter().map(method).collect(),
    };
    let picture = |Exhibit { source, outputs }: &Exhibit<'_>| {
        let [x, y] = source.corner;
        let crop = [x, y, source.shape.width, source.shape.height];
        (crop, outputs.iter().map(output).collect())
    };
    let pictures = exhibits.iter().map(|exhibit| {
        let (crop, outputs) = picture(exhibit);
        PictureFigures { file: &exhibit.source.name, crop, outputs }
    });
    let figures = Figures { sigmas: SIGMAS, pictures: pictures.collect() };
    serde_json::to_string_pretty(&figures).map(|text| text + "\n").map_err(Failure::other)
}
