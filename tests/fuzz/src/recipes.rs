//! Configurations of the core: one that passes its check has a layout, begins, and comes to an end in which each rank stands once;
//! one that does not is refused everywhere, by an error that says what would be right.

use crate::cost;
use crate::number::Number;
use arbitrary::Arbitrary;
use bluegrad::distribution::Kind;
use bluegrad::filters::{Filters, SpaceFilter, TimeFilter};
use bluegrad::recipe::{FilterFill, FilterPolish, Start, VoidAndCluster};
use bluegrad::spectral::{Knot, Profile};
use bluegrad::{Config, Distribution, Error, Generator, Layout, Line, Preset, Recipe, Shape, SimdLevel, Stage};
use bytemuck::CheckedBitPattern;
use bytemuck::checked::try_pod_read_unaligned;

/// An input.
#[derive(Arbitrary, Debug)]
pub struct Case {
    width: u8,
    height: u8,
    layers: u8,
    channels: u8,
    seed: u8,
    level: u8,
    distribution: (u8, Number, Vec<(u8, Number)>),
    stages: Vec<Numbers>,
    from_mask: bool,
    knots: Vec<(Number, Number)>,
    /// Words of the filters, changed.
    filters: Vec<(u8, Number)>,
    slice: u8,
}

/// A stage of a preset, with some of its words changed.
#[derive(Arbitrary, Debug)]
struct Numbers {
    preset: u8,
    stage: u8,
    words: Vec<(u8, Number)>,
}

/// Runs a case.
pub fn run(case: &Case) {
    let config = case.config();
    match config.check().and_then(|()| config.recipe.check_filters(config.shape)) {
        Ok(()) => accepted(case, &config),
        Err(error) => refused(&config, error),
    }
}

fn refused(config: &Config, error: Error) {
    let line = error.to_string();
    assert!(line.len() > 10 && !line.contains('\n'), "{line}");
    // as texts: an error may hold a NaN
    let same = |other: Error| assert_eq!(other.to_string(), line);
    // what the filters come to is seen when a run begins
    if !matches!(error, Error::NotPositive { .. } | Error::Reach) {
        Layout::new(config).map(drop).map_err(same).expect_err("a layout of what was refused");
    }
    let mut memory = [Line::ZERO; 64];
    match Generator::init(Line::as_bytes_mut(&mut memory), config).map(drop).expect_err("begun in spite of the check") {
        Error::WrongStart => assert_eq!(config.recipe.start, Start::Mask),
        other => same(other),
    }
}

fn accepted(case: &Case, config: &Config) {
    let layout = Layout::new(config).expect("checked");
    let (n, pixels) = (config.shape.elements(), config.shape.pixels());
    assert!(layout.bytes() >= 4 * n && layout.lines() * 64 == layout.bytes());
    if layout.bytes() > 1 << 18 || cost::dearest(config) > cost::BUDGET {
        return;
    }
    let mut memory = vec![Line::ZERO; layout.lines()];
    let memory = Line::as_bytes_mut(&mut memory);
    let begun = match config.recipe.start {
        Start::Noise => Generator::init(memory, config),
        Start::Mask => {
            let values: Vec<f32> = (0..n).map(|i| (i * 7 % (n / 2)) as f32).collect();
            Generator::init_with_mask(memory, config, &values).map(|(generator, _)| generator)
        }
    };
    let mut generator = match begun {
        Err(Error::Level(_)) => return assert!(!config.level.is_supported()),
        begun => begun.expect("checked"),
    };
    let steps = generator.report().steps;
    let cost = cost::steps(config, steps.into());
    let slice = if cost > cost::BUDGET { 1 } else { u32::from(case.slice % 32) + 1 };
    let mut values = vec![0.0; n];
    for done in 1.. {
        let report = generator.step(slice).expect("a block that nobody damaged");
        assert_eq!((report.step, report.done), (steps.min(done * slice), done * slice >= steps));
        generator.write_values(&mut values).expect("the right length");
        if report.done || cost::steps(config, u64::from((done + 1) * slice)) > cost::BUDGET {
            break;
        }
    }
    if generator.report().done {
        let mut ranks = generator.mask().expect("done").ranks().to_vec();
        ranks.chunks_mut(pixels).for_each(<[u32]>::sort_unstable);
        let whole = |plane: &[u32]| plane.iter().copied().eq(0..pixels as u32);
        assert!(ranks.chunks(pixels).all(whole), "each rank once in each plane");
    }
}

impl Case {
    fn config(&self) -> Config {
        let stages: Vec<Stage> = self.stages.iter().take(9).map(Numbers::stage).collect();
        let mut recipe = Recipe::new(&stages);
        recipe.start = if self.from_mask { Start::Mask } else { Start::Noise };
        if !self.knots.is_empty() {
            let knot = |(frequency, amplitude): &(Number, Number)| Knot {
                frequency: frequency.float(),
                amplitude: amplitude.float(),
            };
            recipe.profile = Profile::new(&self.knots.iter().take(40).map(knot).collect::<Vec<_>>());
        }
        let level = SimdLevel::ALL[usize::from(self.level) % SimdLevel::ALL.len()];
        let distribution = self.distribution();
        let (layers, channels) = (count(self.layers), count(self.channels));
        let shape = Shape::new(side(self.width), side(self.height)).with_layers(layers).with_channels(channels);
        recipe.filters = self.filters();
        Config { shape, seed: self.seed.into(), level, distribution, recipe }
    }

    /// Filters of some words, unless one of them then is no kind of a filter.
    fn filters(&self) -> Filters {
        let filters = Filters::product(SpaceFilter::gaussian(1.0), TimeFilter::ema(0.2));
        let mut words: [u32; size_of::<Filters>() / 4] = bytemuck::must_cast(filters);
        for (index, number) in self.filters.iter().take(12) {
            words[usize::from(*index) % words.len()] = number.word();
        }
        bytemuck::checked::try_cast(words).unwrap_or(filters)
    }

    fn distribution(&self) -> Distribution {
        let (kind, sigma, words) = &self.distribution;
        let kind = [Kind::Uniform, Kind::Triangular, Kind::Gaussian, Kind::Table][usize::from(kind % 4)];
        let mut table = std::array::from_fn(|i| i as f32 / 32.0 - 1.0);
        for (index, number) in words.iter().take(8) {
            table[usize::from(index % 65)] = number.float();
        }
        Distribution { kind, sigma: sigma.float(), table }
    }
}

/// Sides: mostly small, some that no mask has.
fn side(byte: u8) -> u32 {
    match byte {
        0..96 => 16,
        96..128 => 32,
        128..248 => 8 + u32::from(byte % 20),
        248 => 0,
        249 => 7,
        250 => 4096,
        251 => 4097,
        252.. => u32::MAX - u32::from(byte % 2),
    }
}

/// Layers or channels: mostly 1, some more, some that no mask has.
pub(crate) fn count(byte: u8) -> u32 {
    match byte {
        0..128 => 1,
        128..224 => 2 + u32::from(byte % 3),
        224..248 => u32::from(byte % 24),
        248 => 256,
        249 => 257,
        250.. => u32::MAX - u32::from(byte % 2),
    }
}

impl Numbers {
    fn stage(&self) -> Stage {
        match self.preset {
            254 => return Stage::FilterPolish(self.changed(FilterPolish { steps: 3, ..FilterPolish::PLAIN })),
            255 => return Stage::FilterFill(self.changed(FilterFill::PLAIN)),
            _ => {}
        }
        let preset = Preset::ALL[usize::from(self.preset) % Preset::ALL.len()].recipe();
        let stages = preset.stages();
        match stages[usize::from(self.stage) % stages.len()] {
            Stage::Spectral(mut stage) => {
                stage.steps = stage.steps.min(4);
                Stage::Spectral(self.changed(stage))
            }
            Stage::Fill(stage) => Stage::Fill(self.changed(stage)),
            Stage::VoidAndCluster(stage) => Stage::VoidAndCluster(self.changed::<VoidAndCluster>(stage)),
            Stage::Front(mut stage) => {
                stage.steps = stage.steps.min(4);
                Stage::Front(self.changed(stage))
            }
            Stage::Polish(mut stage) => {
                stage.steps = stage.steps.min(4);
                Stage::Polish(self.changed(stage))
            }
            Stage::Swap(stage) => Stage::Swap(self.changed(stage)),
            _ => Stage::EMPTY,
        }
    }

    /// With the words changed, unless one of them then is none of the values that its enum has.
    fn changed<T: CheckedBitPattern + bytemuck::NoUninit>(&self, stage: T) -> T {
        let bytes = bytemuck::bytes_of(&stage).as_chunks().0;
        let mut words: Vec<u32> = bytes.iter().map(|word| u32::from_ne_bytes(*word)).collect();
        for (index, number) in self.words.iter().take(12) {
            let index = usize::from(*index) % words.len();
            words[index] = number.word();
        }
        try_pod_read_unaligned(bytemuck::cast_slice(&words)).unwrap_or(stage)
    }
}
