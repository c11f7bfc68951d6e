//! `bluegrad-bench`: measures bluegrad and peers in turn, prints or records tables of ratios.

use bluegrad::{Shape, SimdLevel};
use bluegrad_bench::growth::{self, Cost, cost};
use bluegrad_bench::masks;
use bluegrad_bench::measured::{Size, Subject};
use bluegrad_bench::pair::{Bluegrad, Pair, Tables, Timed, check};
use bluegrad_bench::peers::{MASK_YARDSTICK, Masks, Peers, YARDSTICK};
use bluegrad_bench::record::{Circumstances, file_name, page, table};
use bluegrad_bench::rounds::{Contender, measure};
use bluegrad_bench::run::{Kind, Run};
use bluegrad_bench::worker::{SCRIPTS, Worker};
use bluegrad_bench::{machine, summary};
use clap::{Parser, ValueEnum};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use time::OffsetDateTime;

/// Measures transforms, steps and masks of bluegrad and of other libraries in one run. Every contender is checked first.
#[derive(Debug, Parser)]
#[command(name = "bluegrad-bench", args_override_self = true)]
struct Arguments {
    /// Measure one part only: transforms, steps and growth, or masks for dithering. Each part has its own page
    #[arg(long, value_name = "PART")]
    only: Option<Part>,
    /// Sides of the images, powers of two from 16 to 4096
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "64,128,256,512,1024")]
    sizes: Vec<u32>,
    /// Number of rounds; each round times every contender once
    #[arg(long, default_value_t = 201, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Time of a batch, in microseconds
    #[arg(long, value_name = "US", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..))]
    batch: u32,
    /// Sides of the table of growth, powers of two from 16 to 4096
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    growth: Vec<u32>,
    /// Sides of the masks for dithering, from 8 to 4096
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "16,32,64,128,256,512,1024,2048,4096")]
    masks: Vec<u32>,
    /// Of the peers, measure only the FFTW of the system
    #[arg(long)]
    quick: bool,
    /// Also write records to this folder: DATE-CPU.md and DATE-CPU-dither.md
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Values of `--only`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Transforms,
    Dither,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bluegrad-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let wanted = |part| arguments.only.is_none_or(|only| only == part);
    if wanted(Part::Transforms) {
        run_transforms(arguments)?;
    }
    if wanted(Part::Dither) {
        run_masks(arguments)?;
    }
    Ok(())
}

fn run_transforms(arguments: &Arguments) -> Result<(), String> {
    let mut session = Session::new(arguments);
    let sizes = arguments.sizes.iter().map(|side| session.size(*side)).collect::<Result<Vec<_>, _>>()?;
    let costs = session.costs()?;
    print!("{}\n{}", summary::table(&sizes), table(&sizes));
    if !costs.is_empty() {
        print!("\n{}", growth::table(&costs));
    }
    let Some(folder) = &arguments.out else { return Ok(()) };
    session.circumstances.load[1] = machine::load();
    write(folder, &file_name(&session.circumstances.date, ""), &page(&session.circumstances, &sizes, &costs))
}

fn run_masks(arguments: &Arguments) -> Result<(), String> {
    let mut circumstances = circumstances(arguments);
    let peer = if arguments.quick { Err("left out by --quick".into()) } else { Masks::find() };
    match &peer {
        Ok(peer) => circumstances.peers.push((MASK_YARDSTICK.into(), peer.about.clone())),
        Err(why) => miss(&mut circumstances, MASK_YARDSTICK, why.clone()),
    }
    let batch = Duration::from_micros(arguments.batch.into());
    let mut sizes = Vec::new();
    for side in &arguments.masks {
        eprintln!("masks: {side}");
        let mut missing = |name: &str, why| miss(&mut circumstances, name, why);
        sizes.push(masks::size(*side, arguments.rounds, batch, peer.as_ref().ok(), &mut missing)?);
    }
    print!("{}", masks::tables(&sizes));
    let Some(folder) = &arguments.out else { return Ok(()) };
    circumstances.load[1] = machine::load();
    write(folder, &file_name(&circumstances.date, "-dither"), &masks::page(&circumstances, &sizes))
}

fn circumstances(arguments: &Arguments) -> Circumstances {
    Circumstances {
        date: OffsetDateTime::now_utc().date().to_string(),
        command: command(),
        rounds: arguments.rounds,
        batch: arguments.batch,
        load: [machine::load(), None],
        peers: Vec::new(),
        missing: Vec::new(),
    }
}

/// Reports a missing peer, once.
fn miss(circumstances: &mut Circumstances, name: &str, why: String) {
    if !circumstances.missing.iter().any(|(other, _)| other == name) {
        eprintln!("not measured: {name}: {why}");
        circumstances.missing.push((name.into(), why));
    }
}

fn write(folder: &Path, name: &str, page: &str) -> Result<(), String> {
    let file = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, page));
    written.map_err(|error| format!("{}: {error}", file.display()))?;
    eprintln!("wrote {}", file.display());
    Ok(())
}

/// Measured subjects, and the circumstances for the record.
struct Session<'a> {
    arguments: &'a Arguments,
    peers: Peers,
    circumstances: Circumstances,
}

/// Subjects and their contenders.
type Contenders<'t> = Vec<(Subject, Box<dyn Contender + 't>)>;

impl<'a> Session<'a> {
    fn new(arguments: &'a Arguments) -> Self {
        let mut peers = Peers::find();
        if arguments.quick {
            peers.found.retain(|peer| peer.name == YARDSTICK);
            peers.missing.retain(|(name, _)| *name == YARDSTICK);
        }
        let mut circumstances = circumstances(arguments);
        circumstances.peers = peers.found.iter().map(|peer| (peer.name.clone(), peer.about.clone())).collect();
        let missing = std::mem::take(&mut peers.missing);
        let mut session = Self { arguments, peers, circumstances };
        for (name, why) in missing {
            session.miss(name.into(), why);
        }
        session
    }

    fn miss(&mut self, name: String, why: String) {
        miss(&mut self.circumstances, &name, why);
    }

    /// Checks and times everything at N x N pixels.
    fn size(&mut self, side: u32) -> Result<Size, String> {
        let tables = Tables::new(Shape::new(side, side)).map_err(|error| error.to_string())?;
        eprintln!("{side}: planning and checking");
        let mut contenders = self.pairs(side, &tables)?;
        for kind in Kind::STEPS {
            let run = Run::new(kind, Shape::new(side, side), SimdLevel::detect())?;
            contenders.push((Subject::Step(kind), Box::new(run)));
        }
        self.add_workers(side, &mut contenders);
        eprintln!("{side}: timing, {} rounds", self.arguments.rounds);
        let (subjects, mut contenders): (Vec<_>, Vec<_>) = contenders.into_iter().unzip();
        let times = measure(&mut contenders, self.arguments.rounds, self.batch());
        Ok(Size { side, rows: subjects.into_iter().zip(times).collect() })
    }

    fn batch(&self) -> Duration {
        Duration::from_micros(self.arguments.batch.into())
    }

    /// Returns all pairs of transforms, checked.
    fn pairs<'t>(&mut self, side: u32, tables: &'t Tables) -> Result<Contenders<'t>, String> {
        let shape = Shape::new(side, side);
        let mut subjects = Vec::new();
        let mut pairs: Vec<Box<dyn Pair + 't>> = Vec::new();
        let mut missing = Vec::new();
        for peer in &self.peers.found {
            match peer.pair(shape) {
                Ok(pair) => {
                    subjects.push(Subject::Peer(peer.name.clone()));
                    pairs.push(pair);
                }
                Err(why) => missing.push((format!("{} at {side}", peer.name), why)),
            }
        }
        for (name, why) in missing {
            self.miss(name, why);
        }
        for level in pair_levels() {
            subjects.push(Subject::Pair(level));
            pairs.push(Box::new(Bluegrad::new(tables, level).map_err(|error| error.to_string())?));
        }
        check(&mut pairs, shape)?;
        let mut contenders: Contenders<'t> = Vec::new();
        for (subject, pair) in subjects.into_iter().zip(pairs) {
            contenders.push((subject, Box::new(Timed(pair))));
        }
        Ok(contenders)
    }

    /// Starts the Python programs, which wait for their turns.
    fn add_workers(&mut self, side: u32, contenders: &mut Contenders<'_>) {
        if self.arguments.quick {
            return;
        }
        for script in SCRIPTS.into_iter().filter(|script| side <= script.largest) {
            match Worker::new(script, side) {
                Ok(worker) => {
                    let about = (script.name.to_owned(), worker.about.clone());
                    if !self.circumstances.peers.contains(&about) {
                        self.circumstances.peers.push(about);
                    }
                    let name = script.name.to_owned();
                    let subject = if script.is_pair { Subject::Peer(name) } else { Subject::Iteration(name) };
                    contenders.push((subject, Box::new(worker)));
                }
                Err(why) => self.miss(script.name.into(), why),
            }
        }
    }

    /// Measures the rows of the table of growth.
    fn costs(&self) -> Result<Vec<Cost>, String> {
        let mut costs = Vec::new();
        for side in &self.arguments.growth {
            eprintln!("growth: {side}");
            for kind in Kind::STEPS {
                costs.push(cost(kind, Shape::new(*side, *side), self.batch())?);
            }
        }
        Ok(costs)
    }
}

/// Returns the best level, and AVX2 and SSE2 if available and lower.
fn pair_levels() -> Vec<SimdLevel> {
    let mut levels = vec![SimdLevel::detect()];
    for level in [SimdLevel::Avx2, SimdLevel::Sse2] {
        if level.is_supported() && !levels.contains(&level) {
            levels.push(level);
        }
    }
    levels
}

/// Returns the command that runs this program with the same arguments.
fn command() -> String {
    let features = match (cfg!(feature = "peers"), cfg!(feature = "fftw"), cfg!(feature = "libplacebo")) {
        (true, ..) => " --features peers",
        (_, true, true) => " --features fftw,libplacebo",
        (_, true, false) => " --features fftw",
        (_, false, true) => " --features libplacebo",
        (_, false, false) => "",
    };
    let mut command = format!("cargo run --release -p bluegrad-bench{features}");
    for (i, argument) in std::env::args().skip(1).enumerate() {
        command += if i == 0 { " -- " } else { " " };
        command += &argument;
    }
    command
}
