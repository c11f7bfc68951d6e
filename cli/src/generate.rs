//! The command `generate`.

use crate::args::{GenerateArgs, RangeName};
use crate::command_line::CommandLine;
use crate::failure::{self, Failure, Result};
use crate::format::{self, Encoding, Wanted};
use crate::frames::FrameSpectrum;
use crate::image::{Image, size};
use crate::measured::MeasuredVolume;
use crate::numbered::inputs;
use crate::output::{self, Target};
use crate::report::{self, Subject, Volume};
use crate::resources;
use crate::run::{self, Outcome, duration};
use crate::settings::{self, Init, Settings};
use crate::snapshot::{self, Keeper};
use crate::spectrum::Spectrum;
use bluegrad::distribution::Kind;
use bluegrad::{Config, Generator, Layout, Line, Losses, Mask, Range, Shape, Spectral};
use std::iter::once;
use std::path::{Path, PathBuf};

/// Output files of a run.
struct Targets {
    /// One file, or a file for each layer.
    mask: Vec<Target>,
    report: Option<Target>,
    trace: Option<Target>,
    snapshot: Option<Target>,
}

impl Targets {
    fn new(args: &GenerateArgs, out: &[PathBuf]) -> Result<Self> {
        let targets = Self {
            mask: out.iter().map(|file| Target::new(file)).collect::<Result<_>>()?,
            report: args.report.as_deref().map(Target::page).transpose()?,
            trace: args.trace.as_deref().map(Target::new).transpose()?,
            snapshot: snapshot::target(args)?,
        };
        targets.check(args)?;
        Ok(targets)
    }

    /// Checks that output files differ from each other and from input files.
    fn check(&self, args: &GenerateArgs) -> Result<()> {
        let results: Vec<&Target> = self.mask.iter().chain(&self.report).chain(&self.trace).collect();
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
            let files = file.iter().flat_map(|path| inputs(path));
            if let Some(file) = files.into_iter().find(|file| results.iter().any(|target| target.is_file(file))) {
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
    let out = args.out.clone().unwrap_or_else(|| default_name(config.shape, args.atlas).into());
    let range = args.range.map(RangeName::range);
    let wanted = Wanted { depth: args.depth, range, name: args.name.as_deref(), atlas: args.atlas };
    let encoding = Encoding::new(&out, config.shape, wanted)?;
    let mut targets = Targets::new(args, encoding.files())?;

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
    let spectral = settings::is_spectral(args.preset());
    let outcome = resources::with_threads(args.threads, config.shape, spectral, |jobs| {
        run::to_the_end(&mut generator, jobs, record, args.quiet, &mut keeper)
    })?;
    let losses = spectral.then(|| generator.evaluate(&Spectral::PUBLISHED)).transpose()?;
    let mask = generator.mask()?;

    let command = made_by(args, config.shape, &out);
    let masks = encoding.encode(&mask, &config.distribution, &command)?;
    let mut files: Vec<(&Target, Vec<u8>)> = targets.mask.iter().zip(masks).collect();
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
    let also = files[targets.mask.len()..].iter().map(|(target, _)| target.path());
    let names: Vec<String> = once(named(&out, &targets.mask)).chain(also.map(shown)).collect();
    say(&names.join(", "), config.shape, &args.recipe_name(), &outcome, losses, layout.bytes())?;
    if let (Some(path), Some(assumed)) = (&args.init, init.as_ref().and_then(|init| init.assumed.as_ref())) {
        failure::say(format_args!("{}: {assumed}", path.display()));
    }
    say_notes(args, init.as_ref(), &config, &encoding)
}

/// What a mask gives up whose values are made triangular after the run; docs/choosing.md has the figures.
const REMAPPED: &str = "note: these values are remapped; as noise added before rounding, `dither` remapped has -9.1/-12.8/-17.7 dB of \
                        error at blurs of 1/1.5/3 pixels, --preset triangular -9.8/-14.1/-18.5\n";

/// Name of the file without `--out`.
fn default_name(shape: Shape, atlas: bool) -> String {
    let Shape { width, height, layers, .. } = shape;
    match layers {
        1 => format!("bluegrad-{width}x{height}.png"),
        _ => format!("bluegrad-{width}x{height}x{layers}.{}", if atlas { "png" } else { "npy" }),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Path of `--out`, with the number of files if there are several.
fn named(out: &Path, files: &[Target]) -> String {
    match files {
        [one] => shown(one.path()),
        _ => format!("{} ({} files)", shown(out), files.len()),
    }
}

/// Prints notes on shared values and on the distribution.
fn say_notes(args: &GenerateArgs, init: Option<&Init>, config: &Config, encoding: &Encoding) -> Result<()> {
    if let Some(init) = init.filter(|init| init.shared > 0) {
        let (shared, pixels, seed) = (init.shared, config.shape.elements(), config.seed);
        output::print(&format!(
            "note: {shared} of {pixels} pixels share a value with another pixel; seed {seed} decides their order\n"
        ))?;
    }
    let kind = config.distribution.kind;
    if kind != Kind::Uniform && encoding.has_ranks() {
        output::print("note: ranks have no distribution; values in other formats, or with another --depth, have it\n")?;
    } else if kind == Kind::Triangular
        && args.preset().distribution().kind != kind
        && !settings::is_spectral(args.preset())
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
    let plane = &mask.plane(0, 0)?;
    let values = format::f32_values(plane, encoding.range, &config.distribution)?;
    let spectrum = Spectrum::new(&values, plane.shape())?;
    let grey = format::u8_values(plane, &config.distribution)?;
    let grey_values: Vec<f32> = grey.iter().copied().map(f32::from).collect();
    let grey_spectrum = Spectrum::new(&grey_values, plane.shape())?;
    let command = command.as_str();
    let recipe = args.recipe_name();
    let range = encoding.range;
    let volume = (!config.shape.is_flat()).then(|| volume(mask, config, encoding.range)).transpose()?;
    report::page(&Subject {
        recipe,
        config,
        volume,
        ranks: plane.ranks(),
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

/// Measures the layers and channels of a mask.
fn volume(mask: &Mask<'_>, config: &Config, range: Range) -> Result<Volume> {
    let shape = mask.shape();
    let (plane, pixels) = (shape.plane(), shape.pixels());
    let mut ranks = vec![0; shape.elements()];
    mask.write_ranks(&mut ranks)?;
    let image = Image { shape, values: ranks.into_iter().map(f64::from).collect(), levels: None };
    let measured = MeasuredVolume::of_image(Path::new("the mask"), None, &image, None)?;
    let planes = |channel: u32| -> Result<Vec<Mask<'_>>> {
        (0..shape.layers).map(|layer| Ok(mask.plane(layer, channel)?)).collect()
    };
    let grey = |channel: u32| -> Result<Vec<u8>> {
        let values = planes(channel)?.into_iter().map(|layer| format::u8_values(&layer, &config.distribution));
        Ok(values.collect::<Result<Vec<_>>>()?.concat())
    };
    let grey = (0..shape.channels).map(grey).collect::<Result<_>>()?;
    let spectra = if shape.layers > 1 {
        let first = planes(0)?;
        let values = first.iter().map(|layer| format::f32_values(layer, range, &config.distribution));
        let half = |rank: &u32| if (*rank as usize) < pixels / 2 { 0.0 } else { 1.0 };
        let patterns: Vec<Vec<f32>> = first.iter().map(|layer| layer.ranks().iter().map(half).collect()).collect();
        Some([FrameSpectrum::new(&values.collect::<Result<Vec<_>>>()?, plane)?, FrameSpectrum::new(&patterns, plane)?])
    } else {
        None
    };
    Ok(Volume { measured, grey, spectra })
}

/// Prints one line: files, size, preset, steps, time, memory of a volume, losses.
fn say(
    names: &str,
    shape: Shape,
    recipe: &str,
    outcome: &Outcome,
    losses: Option<Losses>,
    memory: usize,
) -> Result<()> {
    let time = duration(outcome.time);
    let steps = format!("{} step{}", outcome.steps, if outcome.steps == 1 { "" } else { "s" });
    let before = outcome.before;
    let resumed = if before > 0 { format!(", {before} of them before --resume, the others") } else { String::new() };
    let memory = if shape.is_flat() { String::new() } else { format!(", {} of memory", resources::amount(memory)) };
    let size = size(shape);
    let losses = losses.map_or(String::new(), |losses| {
        let terms = losses.iter().filter(|(_, loss)| *loss != 0.0);
        let terms: Vec<String> = terms.map(|(name, loss)| format!("{name} {loss:.4}")).collect();
        format!(", published loss {:.4} ({})", losses.total(), terms.join(", "))
    });
    output::print(&format!("wrote {names}: {size}, {recipe}, {steps}{resumed} in {time}{memory}{losses}\n"))
}
