//! The command `points`: a point set in a file.

use crate::args::PointsArgs;
use crate::failure::{Failure, Result};
use crate::output::{self, Target};
use crate::point_format::{PointFile, writer};
use crate::resources;
use bluegrad::Line;
use bluegrad::points::{PointConfig, PointLayout, Points};

/// Least number of points of a run on all cores: two threads gain little below.
const MIN_POINTS: u32 = 16_384;

/// Makes the set, then writes its file.
pub(crate) fn run(args: &PointsArgs) -> Result<()> {
    let config = args.config();
    let layout = PointLayout::new(&config).map_err(Failure::usage)?;
    config.level.resolve().map_err(Failure::usage)?;
    let whole = args.depth.as_deref() == Some("32");
    let write =
        writer(&args.out, whole).map_err(|why| Failure::usage(format_args!("{}: {why}", args.out.display())))?;
    let target = Target::new(&args.out)?;
    let target = if args.no_clobber { target.no_clobber()? } else { target };
    let mut memory = resources::lines(layout.lines(), "choose fewer points")?;
    let points = make(&mut memory, &config, args.threads)?;
    let stem = args.out.file_stem().and_then(|stem| stem.to_str()).unwrap_or("points");
    let command = args.command();
    let file = PointFile { points: points.positions(), whole, stem, command: &command };
    let bytes = write(&file).map_err(|why| Failure::file(&args.out, why))?;
    output::write(&target, &[&bytes])
}

/// Runs a set to its end.
fn make<'m>(memory: &'m mut [Line], config: &PointConfig, threads: Option<u32>) -> Result<Points<'m>> {
    let mut points = Points::init(Line::as_bytes_mut(memory), config)?;
    let threads = match threads {
        Some(threads) => threads as usize,
        None if config.count >= MIN_POINTS => std::thread::available_parallelism().map_or(1, usize::from),
        None => 1,
    };
    resources::on_threads(threads, |jobs| Ok(points.step_on(u32::MAX, jobs)?))?;
    Ok(points)
}
