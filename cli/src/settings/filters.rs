//! Options of masks that are made for filters.

use super::spectral_option;
use crate::args::GenerateArgs;
use crate::failure::{Failure, Result};
use crate::numbers;
use bluegrad::filters::{SpaceKind, TimeKind};
use bluegrad::recipe::Powers;
use bluegrad::{Error, Filters, Line, Recipe, Shape, SpaceFilter, Stage, TimeFilter};
use std::path::Path;
use std::str::FromStr;

/// Returns the filters that the options of `generate` name, if any.
pub(super) fn filters(args: &GenerateArgs) -> Result<Option<Filters>> {
    let filters = named([args.space_filter.as_deref(), args.time_filter.as_deref()], args.separate)?;
    let Some(filters) = filters else { return Ok(None) };
    refuse_others(args)?;
    if filters.time.kind != TimeKind::None && args.layers.unwrap_or(1) == 1 {
        return Err(Failure::usage("--time-filter filters layers: give --layers 2 or more"));
    }
    Ok(Some(filters))
}

/// Returns the filters of `--space-filter` and `--time-filter`, if one is given; `separate` is the weight of `--separate`.
pub(crate) fn named([space, time]: [Option<&str>; 2], separate: Option<f32>) -> Result<Option<Filters>> {
    let given = space.is_some();
    if space.is_none() && time.is_none() {
        let why = "--separate weighs two filters: give --space-filter and --time-filter";
        return if separate.is_some() { Err(Failure::usage(why)) } else { Ok(None) };
    }
    let space = space.map_or(Ok(Filters::GAUSSIAN.space), space_filter)?;
    let time = time.map_or(Ok(TimeFilter::NONE), time_filter)?;
    let Some(weight) = separate else { return Ok(Some(Filters::product(space, time))) };
    if !given || time.kind == TimeKind::None {
        return Err(Failure::usage("--separate weighs two filters: give --space-filter and a --time-filter"));
    }
    let filters = Filters::separate(space, time, weight);
    filters.check().map_err(|error| Failure::usage(format_args!("--separate: {error}")))?;
    Ok(Some(filters))
}

/// Returns the recipe for filters and a shape, changed by the options.
pub(super) fn recipe(args: &GenerateArgs, filters: &Filters, shape: Shape) -> Result<Recipe> {
    // of weights nothing is known in advance: probes find what suits them
    let own = filters.space.kind == SpaceKind::Taps || filters.time.kind == TimeKind::Taps;
    let powers = own.then(|| probe(args, filters, shape)).transpose().map_err(Failure::usage)?;
    let mut recipe = Recipe::filtered(filters, shape, powers).map_err(Failure::usage)?;
    if let Some(steps) = args.steps {
        let mut polishes = recipe.stages.iter_mut().filter_map(|stage| match stage {
            Stage::FilterPolish(polish) => Some(&mut polish.steps),
            _ => None,
        });
        let why =
            "--steps: masks for such wide filters have no polish, and each pixel is placed once; leave --steps out";
        *polishes.next().ok_or_else(|| Failure::usage(why))? = steps;
    }
    if args.init.is_some() {
        recipe = recipe.refining();
        if recipe.stage_count == 0 {
            let why =
                "--init: masks for such wide filters have no polish, and each pixel is placed anew; leave --init out";
            return Err(Failure::usage(why));
        }
    }
    Ok(recipe)
}

fn probe(args: &GenerateArgs, filters: &Filters, shape: Shape) -> std::result::Result<Powers, Error> {
    let mut memory = vec![Line::ZERO; Powers::probe_bytes(shape).div_ceil(size_of::<Line>())];
    Powers::probe(filters, shape, args.level, Line::as_bytes_mut(&mut memory))
}

/// Refuses options of presets.
fn refuse_others(args: &GenerateArgs) -> Result<()> {
    let options = [
        ("--sigma", args.sigma.is_some()),
        ("--mix", args.mix.is_some()),
        ("--beta", args.beta.is_some()),
        ("--levels", args.levels.is_some()),
        ("--initial-fraction", args.initial_fraction.is_some()),
    ];
    let given = options.into_iter().find_map(|(name, given)| given.then_some(name));
    match given.or_else(|| spectral_option(args)) {
        Some(option) => Err(Failure::usage(format_args!(
            "{option} is an option of presets, and the filters say all of this mask: leave {option} or the filters out"
        ))),
        None => Ok(()),
    }
}

fn space_filter(text: &str) -> Result<SpaceFilter> {
    const OPTION: &str = "--space-filter";
    let filter = match text.split_once(':') {
        Some(("gauss", sigma)) => SpaceFilter::gaussian(one(OPTION, text, sigma)?),
        Some(("box", size)) => SpaceFilter::mean(one(OPTION, text, size)?),
        Some(("binomial", steps)) => SpaceFilter::binomial(one(OPTION, text, steps)?),
        _ => {
            let expected = "gauss:SIGMA, box:PIXELS, binomial:STEPS";
            return of_file(OPTION, text, expected, |taps| {
                let filter = SpaceFilter::taps(taps);
                Filters::product(filter, TimeFilter::NONE).check().map(|()| filter)
            });
        }
    };
    let checked = Filters::product(filter, TimeFilter::NONE).check();
    checked.map_err(|error| Failure::usage(format_args!("{OPTION} {text}: {error}")))?;
    Ok(filter)
}

fn time_filter(text: &str) -> Result<TimeFilter> {
    const OPTION: &str = "--time-filter";
    let filter = match text.split_once(':') {
        None if text == "none" => TimeFilter::NONE,
        Some(("ema", alpha)) => TimeFilter::ema(one(OPTION, text, alpha)?),
        Some(("exponential", both)) => {
            let (alpha, beta) = both.split_once(',').ok_or_else(|| bad_number(OPTION, text))?;
            TimeFilter::exponential(one(OPTION, text, alpha)?, one(OPTION, text, beta)?)
        }
        Some(("gauss", sigma)) => TimeFilter::gaussian(one(OPTION, text, sigma)?),
        Some(("box", size)) => TimeFilter::mean(one(OPTION, text, size)?),
        _ => {
            let expected = "ema:ALPHA, exponential:ALPHA,BETA, gauss:SIGMA, box:LAYERS, none";
            return of_file(OPTION, text, expected, |taps| {
                let filter = TimeFilter::taps(taps);
                Filters::product(Filters::GAUSSIAN.space, filter).check().map(|()| filter)
            });
        }
    };
    let checked = Filters::product(Filters::GAUSSIAN.space, filter).check();
    checked.map_err(|error| Failure::usage(format_args!("{OPTION} {text}: {error}")))?;
    Ok(filter)
}

/// Reads the weights of a file.
fn of_file<T>(
    option: &str,
    text: &str,
    expected: &str,
    filter: impl Fn(&[f32]) -> std::result::Result<T, Error>,
) -> Result<T> {
    let path = Path::new(text);
    if !path.exists() {
        return Err(Failure::usage(format_args!("{option} {text}: expected {expected} or a file of weights")));
    }
    filter(&numbers::read_taps(path)?).map_err(|error| Failure::file(path, error))
}

/// Parses a number of a filter.
fn one<T: FromStr>(option: &str, text: &str, number: &str) -> Result<T> {
    number.trim().parse().map_err(|_| bad_number(option, text))
}

fn bad_number(option: &str, text: &str) -> Failure {
    Failure::usage(format_args!(
        "{option} {text}: expected numbers such as gauss:1.3435, box:3, binomial:2, ema:0.1 or exponential:0.1,0.1"
    ))
}
