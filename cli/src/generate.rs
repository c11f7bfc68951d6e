//! `bluegrad generate`.

use crate::args::GenerateArgs;
use crate::command_line::CommandLine;
use crate::failure::{Failure, Result};
use crate::format::{self, Encoding};
use crate::output::{self, Target};
use crate::report::{self, Subject};
use crate::run::{self, Outcome};
use crate::settings;
use crate::spectrum::Spectrum;
use crate::threads;
use bluegrad::distribution::Kind;
use bluegrad::{Config, Generator, Layout, Line, Losses, Mask, Shape, Spectral};
use std::path::{Path, PathBuf};

/// Where everything goes, seen to be writable.
struct Targets {
    mask: Target,
    report: Option<Target>,
    trace: Option<Target>,
}

impl Targets {
    fn new(args: &GenerateArgs, out: &Path) -> Result<Self> {
        let target = |path: &Option<PathBuf>| path.as_deref().map(Target::new).transpose();
        let targets = Self { mask: Target::new(out)?, report: target(&args.report)?, trace: target(&args.trace)? };
        let all: Vec<&Target> =
            [Some(&targets.mask), targets.report.as_ref(), targets.trace.as_ref()].into_iter().flatten().collect();
        for (index, one) in all.iter().enumerate() {
            if all[..index].iter().any(|other| other.is(one)) {
                let path = one.path().display();
                return Err(Failure::usage(format_args!(
                    "{path} is named twice: --out, --report and --trace must differ"
                )));
            }
        }
        Ok(targets)
    }
}

/// Makes a mask and writes all that was asked for.
pub(crate) fn run(args: &GenerateArgs) -> Result<()> {
    let config = settings::config(args)?;
    let Shape { width, height } = config.shape;
    let out = args.out.clone().unwrap_or_else(|| format!("bluegrad-{width}x{height}.png").into());
    let encoding = Encoding::new(args, &out)?;
    let targets = Targets::new(args, &out)?;

    let layout = Layout::new(&config)?;
    let mut memory = run::allocate(&layout)?;
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), &config)?;
    let record = targets.report.is_some() || targets.trace.is_some();
    let outcome =
        threads::with(args.threads, config.shape, |jobs| run::to_the_end(&mut generator, jobs, record, args.quiet))?;
    let spectral = config.recipe.stages().iter().any(|stage| stage.as_spectral().is_some());
    let losses = if spectral { generator.evaluate(&Spectral::PUBLISHED)? } else { Losses::default() };
    let mask = generator.mask()?;

    let command = made_by(args, config.shape, &out);
    let mut files = vec![(&targets.mask, encoding.encode(&mask, &config.distribution, &command)?)];
    if let Some(target) = &targets.report {
        let page = page(args, &config, &encoding, &mask, &outcome, losses, layout.bytes())?;
        files.push((target, page.into_bytes()));
    }
    if let Some(target) = &targets.trace {
        files.push((target, run::trace_csv(&outcome.trace).into_bytes()));
    }
    output::write_all(&files)?;
    if args.quiet {
        return Ok(());
    }
    say(&files, config.shape, &outcome, losses)?;
    if config.distribution.kind != Kind::Uniform && !encoding.floats() {
        let note = "note: integers hold evenly spread ranks; only floats (.f32, .npy) have the distribution asked for";
        crate::print(&format!("{note}\n"))?;
    }
    Ok(())
}

/// The command that a mask's own file names: with the file's name only, so that it does not depend on the folder.
fn made_by(args: &GenerateArgs, shape: Shape, out: &Path) -> String {
    let mut command = CommandLine::new(args, shape);
    command.add_path("out", out.file_name().map(Path::new));
    command.as_str().to_string()
}

fn page(
    args: &GenerateArgs,
    config: &Config,
    encoding: &Encoding,
    mask: &Mask<'_>,
    outcome: &Outcome,
    losses: Losses,
    memory: usize,
) -> Result<String> {
    let mut command = CommandLine::new(args, config.shape);
    command.add_path("out", args.out.as_deref());
    command.add_path("report", args.report.as_deref());
    command.add_path("trace", args.trace.as_deref());
    let values = format::f32_values(mask, encoding.range, &config.distribution)?;
    let spectrum = Spectrum::new(&values, config.shape)?;
    let grey = format::u8_values(mask)?;
    let grey_values: Vec<f32> = grey.iter().copied().map(f32::from).collect();
    let grey_spectrum = Spectrum::new(&grey_values, config.shape)?;
    let command = command.as_str();
    let preset = args.preset;
    let range = encoding.range;
    report::page(&Subject {
        preset,
        config,
        ranks: mask.ranks(),
        range,
        grey,
        values,
        spectrum,
        grey_spectrum,
        outcome,
        losses,
        memory,
        command,
    })
}

/// One line: what was written and how it came about.
fn say(files: &[(&Target, Vec<u8>)], shape: Shape, outcome: &Outcome, losses: Losses) -> Result<()> {
    let names: Vec<String> = files.iter().map(|(target, _)| target.path().display().to_string()).collect();
    let Shape { width, height } = shape;
    crate::print(&format!(
        "wrote {}: {width}x{height}, {} steps in {:.2} s, published loss {:.4} (low band {:.4}, smoothness {:.4}, histogram {:.4})\n",
        names.join(", "),
        outcome.steps,
        outcome.time.as_secs_f64(),
        losses.total(),
        losses.low_band,
        losses.smoothness,
        losses.histogram,
    ))
}
