//! What several test files need: memory for a generator, the levels of this machine, a hash of ranks.

use bluegrad::filters::{Filters, SpaceFilter, TimeFilter};
use bluegrad::recipe::{Coupling, Fill, FilterFill, FilterPolish, Polish};
use bluegrad::{Config, Error, Generator, Layout, Line, Preset, Recipe, Shape, SimdLevel, Spectral, Stage, TermWeight};
use bluegrad_tests::terms::{self, Terms};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;
use std::fmt::Debug;

/// Aligned memory that a configuration needs, every byte of it `byte`.
pub(crate) fn memory_of(config: &Config, byte: u8) -> Vec<Line> {
    let mut memory = vec![Line::ZERO; Layout::new(config).expect("a valid configuration").lines()];
    Line::as_bytes_mut(&mut memory).fill(byte);
    memory
}

/// Aligned memory that a configuration needs, full of NaNs: no run may read what it has not written.
pub(crate) fn memory(config: &Config) -> Vec<Line> {
    memory_of(config, 0xFF)
}

/// A generator at its start, handed to `test`: once in a block of zeros and once in a block of 0xFF, with the same result and the same
/// bytes afterwards.
pub(crate) fn with_generator<T: PartialEq + Debug>(config: &Config, mut test: impl FnMut(Generator<'_>) -> T) -> T {
    let [(result, zeros), (again, ones)] = [0x00, 0xFF].map(|byte| {
        let mut memory = memory_of(config, byte);
        let generator = Generator::init(Line::as_bytes_mut(&mut memory), config).expect("a valid configuration");
        (test(generator), memory)
    });
    assert_eq!(result, again, "the result depends on what the memory held");
    assert!(same_bytes(zeros, ones), "the block depends on what the memory held");
    result
}

/// Whether two blocks hold the same bytes.
pub(crate) fn same_bytes(mut a: Vec<Line>, mut b: Vec<Line>) -> bool {
    Line::as_bytes_mut(&mut a) == Line::as_bytes_mut(&mut b)
}

/// A configuration of one stage.
pub(crate) fn one_stage(width: u32, height: u32, stage: Spectral) -> Config {
    Config { recipe: Recipe::spectral(&[stage]), ..Config::new(Preset::Spectral, width, height) }
}

/// Small volumes of every kind: channels that act on each other, layers too, and filters.
pub(crate) fn volumes() -> [(&'static str, Config); 3] {
    let config = |width, height, layers, channels, stages: &[Stage]| Config {
        seed: 5,
        shape: Shape::new(width, height).with_layers(layers).with_channels(channels),
        recipe: Recipe::new(stages),
        ..Config::new(Preset::Dither, width, height)
    };
    let polish = Polish { steps: 4, radius: 4, ..Polish::PLAIN };
    let coupling = Coupling { time_weight: 0.3, time_radius: 2, ..Coupling::PLAIN };
    let near = Polish { coupling, product_weight: 0.12, product_sigma: 1.5, ..polish };
    let fill = Fill { coupling, ..Fill::PLAIN };
    let filter = Stage::FilterFill(FilterFill { tent: 4, ..FilterFill::PLAIN });
    let filters = Filters::product(SpaceFilter::gaussian(1.0), TimeFilter::ema(0.2));
    let filter_polish = FilterPolish { steps: 3, radius: 3, time_radius: 2, share: 0.5, ..FilterPolish::PLAIN };
    let mut filtered = config(16, 16, 5, 2, &[filter, Stage::FilterPolish(filter_polish)]);
    filtered.recipe.filters = filters;
    [
        ("channels", config(16, 12, 3, 4, &[Stage::Fill(Fill::PLAIN), Stage::Polish(polish)])),
        ("layers", config(33, 9, 7, 2, &[Stage::Fill(fill), Stage::Polish(near)])),
        ("filters", filtered),
    ]
}

/// The present values.
pub(crate) fn values(generator: &mut Generator<'_>) -> Vec<f32> {
    let mut values = vec![0.0; generator.config().shape.elements()];
    generator.write_values(&mut values).expect("the right length");
    values
}

/// The ranks after all steps.
pub(crate) fn ranks(config: &Config) -> Result<Vec<u32>, Error> {
    let mut memory = memory(config);
    let mut generator = Generator::init(Line::as_bytes_mut(&mut memory), config)?;
    while !generator.step(u32::MAX)?.done {}
    Ok(generator.mask()?.ranks().to_vec())
}

/// The levels of this machine, scalar first.
pub(crate) fn levels() -> Vec<SimdLevel> {
    SimdLevel::ALL.into_iter().filter(|level| *level != SimdLevel::Auto && level.is_supported()).collect()
}

/// Says which levels a test ran on, and which this machine lacks.
pub(crate) fn print_levels() {
    let name = |level: &SimdLevel| level.name();
    let (here, lacking): (Vec<_>, Vec<_>) =
        SimdLevel::ALL.iter().filter(|level| **level != SimdLevel::Auto).partition(|level| level.is_supported());
    println!(
        "levels: {:?}; not on this machine: {:?}",
        here.into_iter().map(name).collect::<Vec<_>>(),
        lacking.into_iter().map(name).collect::<Vec<_>>()
    );
}

/// FNV-1a, 64 bits, over ranks as little-endian u32.
pub(crate) fn hash(ranks: &[u32]) -> u64 {
    let bytes = ranks.iter().flat_map(|rank| rank.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The bits of floats, so that `==` tells −0 from 0.
pub(crate) fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// The random factors of a step, drawn as the documentation says: a stream of xoshiro128++ a step, one draw a randomised term.
pub(crate) fn documented_factors(seed: u64, step: u64, stage: &Spectral) -> Terms {
    let stream = seed.wrapping_add(0xD134_2543_DE82_EF95_u64.wrapping_mul(step + 1));
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(stream);
    drawn(&mut rng, stage)
}

/// One draw a randomised term, in the order of the terms.
pub(crate) fn drawn(rng: &mut impl Rng, stage: &Spectral) -> Terms {
    let mut stage = *stage;
    Terms(terms::weights(&mut stage).map(|term| match term {
        TermWeight { weight, randomized } if *weight == 0.0 || *randomized == 0 => 1.0,
        _ => f64::from(rng.next_u32() >> 8) / 16_777_216.0,
    }))
}

/// A stage of a recipe that is of the spectral objective.
pub(crate) fn spectral(recipe: &Recipe, index: usize) -> Spectral {
    *recipe.stages()[index].as_spectral().expect("a spectral stage")
}

/// The first stage of a configuration of the spectral objective.
pub(crate) fn spectral_mut(config: &mut Config) -> &mut Spectral {
    config.recipe.stages[0].as_spectral_mut().expect("a spectral stage")
}
