//! The command `dither`: pictures in few levels or in the colours of a palette.
//!
//! One picture at a time: `source` reads rows, `samples` makes them opaque, grey or RGB, `convert` dithers them into the bytes that
//! `raster` writes. Nothing holds the whole picture unless the file's own order asks for that.

mod convert;
mod files;
mod levels;
mod mask;
mod palette;
mod palette_file;
mod plan;
mod samples;
mod table;

use crate::args::{AlphaName, ChannelsName, DitherArgs};
use crate::failure::Result;
use crate::output;
use crate::raster::{self, Broken, Choice, Header};
use crate::source::Source;
use bluegrad::Shape;
use convert::Bytes;
use files::Job;
use levels::Tones;
use mask::{Frame, Mask, Masks};
use palette::Palette;
use plan::Plan;
use table::Table;

pub(crate) use mask::thresholds_by_order;
pub(crate) use samples::{Converter, Wanted};

/// What pictures become.
enum Goal {
    Tones(Tones),
    Palette(Palette),
}

impl Goal {
    fn new(args: &DitherArgs, choice: Choice) -> Result<Self> {
        Ok(match Palette::chosen(args, choice)? {
            palette::Kind::Colors(palette) => Self::Palette(palette),
            palette::Kind::Levels(levels) => Self::Tones(Tones::new(args, choice, levels)?),
        })
    }
}

/// Dithers all pictures.
pub(crate) fn run(args: &DitherArgs) -> Result<()> {
    let choice = files::format(args)?;
    levels::check(args, choice)?;
    let jobs = files::jobs(args, choice)?;
    let goal = Goal::new(args, choice)?;
    let mut masks = Masks::new(args)?;
    // Pictures are consecutive frames.
    (0_u32..).zip(&jobs).try_for_each(|(index, job)| {
        let frame = args.frame.map(|frame| frame.wrapping_add(index));
        one(args, choice, &goal, &mut masks, frame, job)
    })
}

/// Dithers one picture.
fn one(
    args: &DitherArgs,
    choice: Choice,
    goal: &Goal,
    masks: &mut Masks,
    frame: Option<u32>,
    job: &Job<'_>,
) -> Result<()> {
    let mut source = Source::new(job.open()?).map_err(|why| job.failure(why))?;
    if let Some(ignored) = &source.ignored {
        output::warn(&format!("{}: {ignored}", job.input()));
    }
    let shape = source.shape;
    let Frame { mask, offset: [right, down] } = masks.of(shape, frame)?;
    let plan = Plan::new(args, choice, goal, source.pixel);
    let table = Table::new(goal, &plan, source.pixel, mask)?;
    let alpha_table = Table::of_alpha(mask)?;
    let Shape { width, height, .. } = mask.shape;
    let at = |offset: i64, more: u32, side: u32| {
        // Fits: a remainder is less than a side, and sides are at most 4096.
        (offset.rem_euclid(side.into()) as u32 + more) % side
    };
    let [x, y] = [at(args.offset[0], right, width), at(args.offset[1], down, height)];
    let dither = table.dither(mask, plan.wanted.channels)?.at(x, y);
    let dither = if args.channels == ChannelsName::Apart { dither.channels_apart() } else { dither };
    let alpha = match plan.wanted.alpha {
        // Half a mask away: under the colour's thresholds, visible pixels would all be light.
        AlphaName::Dither => Some(alpha_table.dither(mask, 1)?.at(x + width / 2, y + height / 2)),
        _ => None,
    };

    let header = Header {
        shape,
        channels: plan.channels,
        rows: plan.rows,
        colors: &plan.colors,
        name: &job.name,
        kind: &plan.kind,
    };
    let mut bytes = Bytes::new(dither, alpha, goal, &plan);
    let mut converter = Converter::new(source.pixel, plan.wanted);
    let mut draft = job.draft()?;
    let written = raster::write(choice, &header, &mut draft, |y, to| {
        let (samples, alphas) = converter.row(source.row().map_err(|why| job.failure(why))?);
        Ok(bytes.row(y, samples, alphas, to)?)
    });
    written.map_err(|broken| match broken {
        Broken::Row(failure) => failure,
        Broken::Write(error) => draft.failure(&error),
    })?;
    source.finish().map_err(|why| job.failure(why))?;
    draft.finish()?;
    report(args, job, shape, &plan, mask)
}

/// Prints what was written.
fn report(args: &DitherArgs, job: &Job<'_>, shape: Shape, plan: &Plan, mask: &Mask) -> Result<()> {
    let (Some(path), false) = (job.path(), args.quiet) else { return Ok(()) };
    let (out, Shape { width, height, .. }) = (path.display(), shape);
    output::print(&format!("wrote {out}: {width}x{height}, {}; mask {}\n", plan.kind, mask.name))
}
