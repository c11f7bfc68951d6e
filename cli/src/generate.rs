//! The command `generate`.

use crate::args::{GenerateArgs, RangeName};
use crate::command_line::CommandLine;
use crate::failure::{self, Failure, Result};
use crate::format::{self, Encoding};
use crate::output::{self, Target};
use crate::report::{self, Subject};
use crate::resources;
use crate::run::{self, Outcome, duration};
use crate::settings::{self, Init, Settings};
use crate::snapshot::{self, Keeper};
use crate::spectrum::Spectrum;
use bluegrad::distribution::Kind;
use bluegrad::{Config, Generator, Layout, Line, Losses, Mask, Preset, Shape, Spectral};
use std::path::Path;

/// Output files of a run.
struct Targets {
    mask: Target,
    report: Option<Target>,
    trace: Option<Target>,
    snapshot: Option<Target>,
}

impl Targets {
    fn new(args: &GenerateArgs, out: &Path) -> Result<Self> {
        let targets = Self {
            mask: Target::new(out)?,
            report: args.report.as_deref().map(Target::page).transpose()?,
            trace: args.trace.as_deref().map(Target::new).transpose()?,
            snapshot: snapshot::target(args)?,
        };
        targets.check(args)?;
        Ok(targets)
    }

    /// Checks that output files differ from each other and from input files.
    fn check(&self, args: &GenerateArgs) -> Result<()> {
        let results: Vec<&Target> =
            [Some(&self.mask), self.report.as_ref(), self.trace.as_ref()].into_iter().flatten().collect();
        let all: Vec<&Target> = results.iter().copied().chain(&self.snapshot).collect();
        for (index, one) in all.iter().enumerate() {
            if all[..index].iter().any(|other| other.is(one)) {
                let path = one.path().display();
                return Err(Failure::usage(format_args!(
                    "{path} is named twice: --out, --report, --trace and --snapshot must differ"
                )));
            }
        }
        for (option, file) in [("--init", &args.init), ("--resume", &args.resume)] {
            if let Some(file) = file.as_deref().filter(|file| results.iter().any(|target| target.is_file(file))) {
                let file = file.display();
                return Err(Failure::usage(format_args!(
                    "{option} {file}: the result would overwrite this file; name another file with --out"
                )));
            }
        }
        Ok(())
    }
}

/// Makes a mask and writes the output files.
pub(crate) fn run(args: &GenerateArgs) -> Result<()> {
    let Settings { config, init } = settings::settings(args)?;
    let Shape { width, height, .. } = config.shape;
    let out = args.out.clone().unwrap_or_else(|| format!("bluegrad-{width}x{height}.png").into());
    let encoding = Encoding::new(&out, args.depth, args.range.map(RangeName::range), args.name.as_deref())?;
    let mut targets = Targets::new(args, &out)?;

    let layout = Layout::new(&config)?;
    let mut memory = match &args.resume {
        Some(path) => snapshot::read(path, &config)?,
        None => resources::allocate(&layout)?,
    };
    let mut keeper = Keeper::new(targets.snapshot.take(), args.snapshot_every)?;
    let memory = Line::as_bytes_mut(&mut memory);
    let mut generator = match &init {
        _ if args.resume.is_some() => Generator::open(memory)?,
        Some(init) => Generator::init_with_mask(memory, &config, &init.values)?.0,
        None => Generator::init(memory, &config)?,
    };
    let record = targets.report.is_some() || targets.trace.is_some();
    let spectral = settings::is_spectral(args.preset);
    let outcome = resources::with_threads(args.threads, config.shape, spectral, |jobs| {
        run::to_the_end(&mut generator, jobs, record, args.quiet, &mut keeper)
    })?;
    let losses = spectral.then(|| generator.evaluate(&Spectral::PUBLISHED)).transpose()?;
    let mask = generator.mask()?;

    let command = made_by(args, config.shape, &out);
    let mut files = vec![(&targets.mask, encoding.encode(&mask, &config.distribution, &command)?)];
    if let Some(target) = &targets.report {
        let page = page(args, &config, &encoding, &mask, &outcome, losses, layout.bytes())?;
        files.push((target, page.into_bytes()));
    }
    if let Some(target) = &targets.trace {
        files.push((target, outcome.trace.csv().into_bytes()));
    }
    keeper.last_look(&generator)?;
    output::write_all(&files)?;
    keeper.remove()?;
    if args.quiet {
        return Ok(());
    }
    say(&files, config.shape, args.preset, &outcome, losses)?;
    if let (Some(path), Some(assumed)) = (&args.init, init.as_ref().and_then(|init| init.assumed.as_ref())) {
        failure::say(format_args!("{}: {assumed}", path.display()));
    }
    say_notes(args, init.as_ref(), &config, &encoding)
}

/// What a mask gives up whose values are made triangular after the run; docs/choosing.md has the figures.
const REMAPPED: &str = "note: these values are remapped; as noise added before rounding, `dither` remapped has -9.1/-12.8/-17.7 dB of \
                        error at blurs of 1/1.5/3 pixels, --preset triangular -9.8/-14.1/-18.5\n";

/// Prints notes on shared values and on the distribution.
fn say_notes(args: &GenerateArgs, init: Option<&Init>, config: &Config, encoding: &Encoding) -> Result<()> {
    if let Some(init) = init.filter(|init| init.shared > 0) {
        let (shared, pixels, seed) = (init.shared, config.shape.pixels(), config.seed);
        output::print(&format!(
            "note: {shared} of {pixels} pixels share a value with another pixel; seed {seed} decides their order\n"
        ))?;
    }
    let kind = config.distribution.kind;
    if kind != Kind::Uniform && encoding.has_ranks() {
        output::print("note: ranks have no distribution; values in other formats, or with another --depth, have it\n")?;
    } else if kind == Kind::Triangular && args.preset.distribution().kind != kind && !settings::is_spectral(args.preset)
    {
        output::print(REMAPPED)?;
    }
    Ok(())
}

/// Returns the command for the mask's own file: without folder, so that the file does not depend on it.
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
    losses: Option<Losses>,
    memory: usize,
) -> Result<String> {
    let mut command = CommandLine::new(args, config.shape);
    command.add_path("out", args.out.as_deref());
    command.add_path("report", args.report.as_deref());
    command.add_path("trace", args.trace.as_deref());
    let values = format::f32_values(mask, encoding.range, &config.distribution)?;
    let spectrum = Spectrum::new(&values, config.shape)?;
    let grey = format::u8_values(mask, &config.distribution)?;
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

/// Prints one line: files, size, preset, steps, time, losses.
fn say(
    files: &[(&Target, Vec<u8>)],
    shape: Shape,
    preset: Preset,
    outcome: &Outcome,
    losses: Option<Losses>,
) -> Result<()> {
    let names: Vec<String> = files.iter().map(|(target, _)| target.path().display().to_string()).collect();
    let (names, preset, time) = (names.join(", "), preset.name(), duration(outcome.time));
    let steps = format!("{} step{}", outcome.steps, if outcome.steps == 1 { "" } else { "s" });
    let before = outcome.before;
    let resumed = if before > 0 { format!(", {before} of them before --resume, the others") } else { String::new() };
    let Shape { width, height, .. } = shape;
    let losses = losses.map_or(String::new(), |losses| {
        let terms = losses.iter().filter(|(_, loss)| *loss != 0.0);
        let terms: Vec<String> = terms.map(|(name, loss)| format!("{name} {loss:.4}")).collect();
        format!(", published loss {:.4} ({})", losses.total(), terms.join(", "))
    });
    output::print(&format!("wrote {names}: {width}x{height}, {preset}, {steps}{resumed} in {time}{losses}\n"))
}
