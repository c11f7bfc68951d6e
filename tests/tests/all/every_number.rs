//! Every number of every stage and of a configuration, one at a time, at what no number should be and at both sides of each end of its
//! range: an error, or a run that ends in ranks, the same at the least and at the best level. Overflow panics in this build.

use bluegrad::filters::{Filters, SpaceFilter, TimeFilter};
use bluegrad::recipe::{
    Coupling, Fill, Front, Mixture, Polish, Ranks, STAGE_WORDS, Spectral, StageKind, Swap, VoidAndCluster,
};
use bluegrad::spectral::Profile;
use bluegrad::{
    Config, Distribution, Layout, Optimizer, Preset, Recipe, Schedule, Shape, SimdLevel, Stage, TermWeight,
};
use bytemuck::{CheckedBitPattern, NoUninit, checked};

/// Runs with more steps are checked and not run.
const MOST_STEPS: u32 = 300;

/// What a run gives, `None` for a configuration that is refused or too long.
fn run(config: &Config) -> Option<Vec<u32>> {
    let checked = config.check();
    assert_eq!(Layout::new(config).is_err(), checked.is_err());
    if checked.is_err() || config.recipe.steps(config.shape.elements()).expect("checked") > MOST_STEPS {
        return None;
    }
    // what the filters come to is looked at when a run begins
    config.recipe.check_filters(config.shape).ok()?;
    Some(crate::common::ranks(config).expect("it passes the check"))
}

/// A key that orders words as the floats that they are.
fn key(word: u32) -> u32 {
    word ^ (((word as i32 >> 31) as u32) | 0x8000_0000)
}

fn word(key: u32) -> u32 {
    key ^ if key >> 31 == 1 { 0x8000_0000 } else { u32::MAX }
}

/// What a word is tried with: no numbers, ends of the floats, both signs of 0, whole numbers, and of each end of the range that `valid` has
/// the last word inside and the first outside.
fn candidates(valid: impl Fn(u32) -> bool) -> Vec<u32> {
    let floats = [f32::NAN, -f32::NAN, f32::INFINITY, f32::MAX, 1e30, 1.0, f32::MIN_POSITIVE, 0.0];
    let mut words: Vec<u32> = floats.iter().flat_map(|float| [float.to_bits(), (-float).to_bits()]).collect();
    words.extend([1, 2, 3, u32::MAX]);
    let decades = (-12..12).flat_map(|power| [1.0, 1.5, 2.0, 3.0, 5.0, 7.0].map(|digit| digit * 10_f32.powi(power)));
    let mut grid: Vec<u32> = decades.flat_map(|float| [float.to_bits(), (-float).to_bits()]).collect();
    grid.extend((0..80).chain((7..32).map(|bit| 1 << bit)));
    grid.extend(&words);
    grid.sort_by_key(|word| key(*word));
    for pair in grid.windows(2) {
        let (mut inside, mut outside) = (key(pair[0]), key(pair[1]));
        let first = valid(pair[0]);
        if first == valid(pair[1]) {
            continue;
        }
        while outside - inside > 1 {
            let middle = inside + (outside - inside) / 2;
            if valid(word(middle)) == first { inside = middle } else { outside = middle }
        }
        words.extend([word(inside), word(outside)]);
    }
    words
}

/// Tries each word of `data`; `config` makes a configuration of it. Gives how many runs were made and how many refused.
fn try_all<T: NoUninit + CheckedBitPattern>(what: &str, data: &T, config: impl Fn(&T) -> Config) -> [usize; 2] {
    assert!(config(data).check().is_ok() && run(&config(data)).is_some(), "{what}: sound as it is");
    let words: Vec<u32> = bytemuck::cast_slice::<u8, [u8; 4]>(bytemuck::bytes_of(data))
        .iter()
        .map(|bytes| u32::from_ne_bytes(*bytes))
        .collect();
    let mut counts = [0, 0];
    for index in 0..words.len() {
        let changed = |word: u32| {
            let mut words = words.clone();
            words[index] = word;
            checked::try_pod_read_unaligned::<T>(bytemuck::cast_slice(&words)).ok().map(|data| config(&data))
        };
        for word in candidates(|word| changed(word).is_some_and(|config| config.check().is_ok())) {
            let Some(config) = changed(word) else { continue };
            println!("{what}, word {index}: {word:#x} = {}", f32::from_bits(word));
            match run(&config) {
                Some(ranks) => {
                    let scalar = run(&Config { level: SimdLevel::Scalar, ..config });
                    assert!(scalar.is_some_and(|scalar| scalar == ranks), "another mask at level scalar");
                    let pixels = config.shape.pixels();
                    let mut sorted = ranks;
                    sorted.chunks_mut(pixels).for_each(<[u32]>::sort_unstable);
                    assert!(sorted.chunks(pixels).all(|plane| plane.iter().copied().eq(0..pixels as u32)));
                    counts[0] += 1;
                }
                None => counts[1] += 1,
            }
        }
    }
    counts
}

/// Tries a stage after a fill, where it needs an order, on two shapes; the floors hold the numbers of runs and refusals.
fn try_stage<T: NoUninit + CheckedBitPattern>(what: &str, data: T, stage: impl Fn(T) -> Stage, floors: [usize; 2]) {
    let shapes = if matches!(stage(data), Stage::Spectral(_)) { [(16, 16), (32, 16)] } else { [(8, 8), (36, 9)] };
    for (width, height) in shapes {
        let config = |data: &T| {
            let own = stage(*data);
            let fill = Stage::Fill(Fill::new(1.26, 5));
            let needs_order = matches!(own, Stage::Polish(_) | Stage::Swap(_));
            let recipe = if needs_order { Recipe::new(&[fill, own]) } else { Recipe::new(&[own]) };
            Config { recipe, seed: 9, ..Config::new(Preset::Dither, width, height) }
        };
        let counts = try_all(what, &data, config);
        assert!(counts[0] >= floors[0] && counts[1] >= floors[1], "{what}: {counts:?} runs and refusals");
    }
}

#[test]
fn spectral() {
    let step_size = Schedule::geometric(0.7, 0.3);
    let ball = Spectral { steps: 3, step_size, profile: TermWeight::new(0.1), ..Spectral::PUBLISHED };
    let adam = Spectral { optimizer: Optimizer::ADAM, ranks: Ranks::Binned, projection_period: 2, ..ball };
    let ball = Spectral { optimizer: Optimizer::heavy_ball(0.9), ..ball };
    for stage in [ball, adam] {
        try_stage("spectral", stage, Stage::Spectral, [200, 100]);
    }
}

#[test]
fn fill() {
    let fill = Fill { narrow_weight: 0.1, narrow_sigma: 1.0, ..Fill::new(1.3, 5) };
    try_stage("fill", fill, Stage::Fill, [25, 25]);
    try_stage("exact fill", Fill { exact: 1, ..fill }, Stage::Fill, [25, 25]);
}

#[test]
fn void_and_cluster() {
    try_stage("void-and-cluster", VoidAndCluster { sigma: 1.5, initial_fraction: 0.1 }, Stage::VoidAndCluster, [5, 15]);
}

#[test]
fn front() {
    try_stage("front", Front { steps: 5, ..Front::PLAIN }, Stage::Front, [25, 40]);
}

#[test]
fn polish() {
    let full = Polish {
        steps: 4,
        radius: 4,
        kernel: Mixture::new(&[(1.4, 1.0), (2.0, 3.0)]),
        ends: Mixture::new(&[(1.5, 1.0)]),
        band_weight: 1.0,
        grey_weight: Schedule::geometric(0.7, 0.6),
        step_size: Schedule::linear(0.97, 0.83),
        tau: Schedule::geometric(0.045, 0.002),
        freeze_below: 0.03,
        freeze_above: 0.07,
        ..Polish::PLAIN
    };
    try_stage("polish", full, Stage::Polish, [120, 250]);
    let bare = Polish { steps: 4, ..Polish::PLAIN };
    try_stage("bare polish", bare, Stage::Polish, [100, 250]);
}

#[test]
fn swap() {
    let swap = Swap { steps: 2, levels: 4, radius: 3, reach: 2, kernel: Mixture::new(&[(1.5, 1.0)]), taper: 1.0 };
    try_stage("swap", swap, Stage::Swap, [40, 50]);
}

/// Each word of each kind of stage that there is, also of those that have no test above: the kind itself, the parameters, what follows.
#[test]
fn every_kind() {
    let kinds = (0..).map_while(|number| checked::try_cast::<u32, StageKind>(number).ok());
    for stage in kinds.map(Stage::default_of) {
        let mut words = stage.to_words();
        if !(1..=MOST_STEPS).contains(&stage.steps(256)) {
            words[1] = 2;
        }
        let config = |words: &[u32; STAGE_WORDS]| {
            let recipe = match (Stage::from_words(words), stage.makes_order()) {
                (Ok(stage), true) => Recipe::new(&[stage]),
                (Ok(stage), false) => Recipe::new(&[Stage::Fill(Fill::PLAIN), stage]),
                // refused, as a recipe without a stage is
                (Err(_), _) => Recipe::new(&[]),
            };
            Config { recipe, ..Config::new(Preset::Dither, 16, 16) }
        };
        let counts = try_all(stage.name(), &words, config);
        assert!(counts[0] > STAGE_WORDS && counts[1] > STAGE_WORDS, "{}: {counts:?} runs and refusals", stage.name());
    }
}

/// How planes act on each other, and the filters.
#[test]
fn volumes() {
    let [_, (_, layers), (_, filtered)] = crate::common::volumes();
    let small = |config: Config, shape: Shape| Config { shape: shape.with_layers(3).with_channels(2), ..config };
    let [layers, filtered] = [layers, filtered].map(|config| small(config, Shape::new(9, 8)));
    let of = |coupling: &Coupling| {
        let mut config = layers;
        for stage in &mut config.recipe.stages {
            match stage {
                Stage::Fill(stage) => stage.coupling = *coupling,
                Stage::Polish(stage) => stage.coupling = *coupling,
                _ => {}
            }
        }
        config
    };
    let coupling = Coupling { time_weight: 0.3, time_radius: 2, ..Coupling::PLAIN };
    let counts = try_all("coupling", &coupling, of);
    assert!(counts[0] > 50 && counts[1] > 100, "{counts:?} runs and refusals");
    // all words but the taps from the second on, which are as the first is
    const WORDS: [usize; 14] = [0, 1, 2, 3, 35, 36, 37, 38, 39, 40, 41, 73, 74, 75];
    const { assert!(size_of::<Filters>() == 4 * 76) };
    for filters in [filtered.recipe.filters, Filters::separate(SpaceFilter::mean(3), TimeFilter::taps(&[1.0]), 0.5)] {
        let all: [u32; 76] = bytemuck::must_cast(filters);
        let of = |words: &[u32; WORDS.len()]| {
            let mut all = all;
            WORDS.into_iter().zip(words).for_each(|(index, word)| all[index] = *word);
            let mut config = filtered;
            match checked::try_cast(all) {
                Ok(filters) => config.recipe.filters = filters,
                // refused, as a recipe without a stage is
                Err(_) => config.recipe.stage_count = 0,
            }
            config
        };
        let counts = try_all("filters", &WORDS.map(|index| all[index]), of);
        assert!(counts[0] > 100 && counts[1] > 50, "{counts:?} runs and refusals");
    }
}

/// The distribution, the profile and the shape.
#[test]
fn configuration() {
    let stage = Spectral { steps: 2, profile: TermWeight::new(0.1), ..Spectral::PUBLISHED };
    let config = Config { recipe: Recipe::spectral(&[stage]), ..Config::new(Preset::Spectral, 16, 16) };
    let table = std::array::from_fn(|i| i as f32 / 32.0 - 1.0);
    for distribution in [Distribution::UNIFORM, Distribution::GAUSSIAN, Distribution::from_table(table)] {
        try_all("distribution", &distribution, |distribution| Config { distribution: *distribution, ..config });
    }
    let of_profile = |profile: &Profile| {
        let mut config = config;
        config.recipe.profile = *profile;
        config
    };
    try_all("profile", &Profile::BLUE, of_profile);
    let dither = Config::new(Preset::Dither, 16, 16);
    for config in [config, dither] {
        // sides of up to 4096 are long runs: those are the shape's own tests
        let small = |shape: &Shape| {
            let pixels = u64::from(shape.width) * u64::from(shape.height) * u64::from(shape.layers);
            if pixels < 4096 { Config { shape: *shape, ..config } } else { config }
        };
        try_all("shape", &config.shape, small);
    }
}
