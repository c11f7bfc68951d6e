//! Masks of vectors: sets, fills and losses against the twin, every level, snapshots, and what is refused.

use crate::common::levels;
use bluegrad::filters::{Filters, SpaceFilter, TimeFilter};
use bluegrad::vectors::{Sample, Space, VectorConfig, VectorRecipe, Vectors, samples};
use bluegrad::{Error, Line, Shape, SimdLevel, measure};
use bluegrad_tests::vectors as twin;

fn config(space: Space, shape: Shape) -> VectorConfig {
    VectorConfig::new(space, Filters::GAUSSIAN, shape).expect("it is good").with_seed(5)
}

fn lines(config: &VectorConfig) -> Vec<Line> {
    vec![Line::ZERO; config.bytes().expect("it is good").div_ceil(64)]
}

/// The mask of a configuration, and its block.
fn run(config: &VectorConfig) -> (Vec<f32>, Vec<Line>) {
    let mut block = lines(config);
    let mut vectors = Vectors::init(Line::as_bytes_mut(&mut block), config).expect("there is room");
    while !vectors.step(7).expect("the block is whole").done {}
    let mut values = vec![0.0; config.shape.elements() * config.space.components()];
    vectors.write_f32(&mut values).expect("it is done");
    (values, block)
}

#[test]
fn sets_agree_with_the_twin() {
    for space in Space::ALL {
        for count in [1, 7, 64, 300] {
            let (mut set, mut scratch) = (vec![[0.0; 4]; count], vec![0; 2 * count]);
            samples(space, &mut set, &mut scratch).expect("the lengths are right");
            for (sample, twin) in set.iter().zip(twin::set(space, count)) {
                for (a, b) in sample.iter().zip(twin) {
                    assert!((f64::from(*a) - b).abs() < 1e-6, "{space:?}, {count}: {sample:?}, twin {twin:?}");
                }
            }
        }
    }
    let mut set = [[0.0; 4]; 3];
    assert!(matches!(samples(Space::Cube, &mut set, &mut [0; 5]), Err(Error::Length { needed: 6, got: 5, .. })));
    assert!(matches!(samples(Space::Cube, &mut [], &mut []), Err(Error::Length { .. })));
}

#[test]
fn names_are_of_one_space_each() {
    for space in Space::ALL {
        assert_eq!(Space::from_name(space.name()), Some(space));
    }
    assert_eq!(Space::from_name("vec5"), None);
}

/// Runs that end with the fill.
fn fills() -> Vec<VectorConfig> {
    let ema = Filters::product(SpaceFilter::mean(3), TimeFilter::ema(0.2));
    let flat = [(Space::Cube4, 24, 20), (Space::Square, 40, 36), (Space::Circle, 8, 9)];
    let mut all: Vec<_> = flat.map(|(space, width, height)| config(space, Shape::new(width, height))).into();
    let shape = Shape::new(33, 17).with_layers(6);
    all.push(VectorConfig::new(Space::Cube, ema, shape).expect("it is good").with_seed(1 << 40));
    for config in &mut all {
        config.recipe.steps = 0;
        config.recipe.rounds = 0;
    }
    all
}

#[test]
fn fills_agree_with_the_twin() {
    for config in fills() {
        let mut block = lines(&config);
        let mut vectors = Vectors::init(Line::as_bytes_mut(&mut block), &config).expect("there is room");
        while !vectors.step(3).expect("the block is whole").done {}
        let mut ranks = vec![0; config.shape.elements() * config.space.dimensions()];
        vectors.write_ranks(&mut ranks).expect("it is done");
        let twin = twin::joint_fill(&config);
        let differ = ranks.iter().zip(&twin).position(|(a, b)| a != b);
        assert!(differ.is_none(), "{:?} {:?}: ranks from {differ:?} on of {}", config.space, config.shape, ranks.len());
    }
}

#[test]
fn each_layer_holds_each_sample_once() {
    let filters = Filters::product(SpaceFilter::gaussian(1.0), TimeFilter::ema(0.3));
    for space in Space::ALL {
        let config = VectorConfig::new(space, filters, Shape::new(19, 16).with_layers(3)).expect("it is good");
        let (values, mut block) = run(&config);
        let mut set: Vec<Sample> = vec![[0.0; 4]; 19 * 16];
        samples(space, &mut set, &mut vec![0; 2 * 19 * 16]).expect("the lengths are right");
        let mut indices = vec![0; config.shape.elements()];
        let mut vectors = Vectors::open(Line::as_bytes_mut(&mut block)).expect("it is whole");
        vectors.write_indices(&mut indices).expect("it is done");
        for layer in indices.chunks(19 * 16) {
            let mut sorted = layer.to_vec();
            sorted.sort_unstable();
            assert!((0..).zip(&sorted).all(|(i, index)| i == *index), "{space:?}");
        }
        for (value, index) in values.chunks(space.components()).zip(&indices) {
            assert_eq!(value, &set[*index as usize][..space.components()]);
        }
    }
}

#[test]
fn losses_are_as_good_as_they_were() {
    // dB at 32x32, seed 5, and a little room
    let limits = [
        (Space::Square, -6.4),
        (Space::Cube, -5.05),
        (Space::Cube4, -4.25),
        (Space::Circle, -8.3),
        (Space::Sphere, -5.75),
        (Space::CosineHemisphere, -5.85),
        (Space::Hemisphere, -6.0),
        (Space::Disk, -6.2),
    ];
    for (space, limit) in limits {
        let config = config(space, Shape::new(32, 32));
        let loss = twin::loss(&run(&config).0, space.components(), &config.filters, config.shape);
        assert!(loss < limit, "{space:?}: {loss}");
    }
}

/// A ring: two components, a density that is no map of a square without cuts.
fn ring(count: usize, scale: f32) -> Vec<f32> {
    let turn = |i: usize| i as f32 * 2.399_963;
    let radius = |i: usize| scale * (0.09 + 0.16 * (i as f32 + 0.5) / count as f32).sqrt();
    (0..count).flat_map(|i| [radius(i) * turn(i).cos() + scale, radius(i) * turn(i).sin()]).collect()
}

#[test]
fn lists_of_any_scale_are_as_good_as_they_were() {
    for scale in [1.0, 1e-4, 3e5] {
        let mut config = config(Space::List2, Shape::new(32, 32));
        config.recipe.rounds = 12;
        let list = ring(1024, scale);
        let mut block = lines(&config);
        let mut vectors = Vectors::init_with_list(Line::as_bytes_mut(&mut block), &config, &list).expect("it is good");
        while !vectors.step(9).expect("the block is whole").done {}
        let mut values = vec![0.0; 2 * 1024];
        vectors.write_f32(&mut values).expect("it is done");
        let sorted = |values: &[f32]| {
            let mut pairs: Vec<[u32; 2]> =
                values.chunks(2).map(|pair| [pair[0].to_bits(), pair[1].to_bits()]).collect();
            pairs.sort_unstable();
            pairs
        };
        assert!(sorted(&values) == sorted(&list), "each sample once");
        let loss = twin::loss(&values, 2, &config.filters, config.shape);
        assert!(loss < -6.6, "{scale}: {loss}");
    }
}

#[test]
fn bad_lists_are_refused() {
    let good = config(Space::List3, Shape::new(8, 8));
    let mut block = lines(&good);
    let bytes = Line::as_bytes_mut(&mut block);
    let mut list: Vec<f32> = (0..192).map(|i| i as f32).collect();
    assert!(Vectors::init_with_list(bytes, &good, &list).is_ok());
    assert!(matches!(
        Vectors::init_with_list(bytes, &good, &list[1..]),
        Err(Error::Length { needed: 192, got: 191, .. })
    ));
    assert!(matches!(Vectors::init(bytes, &good), Err(Error::Length { needed: 192, got: 0, .. })));
    let cube = VectorConfig { space: Space::Cube, ..good };
    assert!(matches!(Vectors::init_with_list(bytes, &cube, &list), Err(Error::Length { needed: 0, got: 192, .. })));
    for bad in [f32::NAN, f32::INFINITY, -2e6] {
        list[77] = bad;
        assert!(matches!(Vectors::init_with_list(bytes, &good, &list), Err(Error::Number { .. })), "{bad}");
    }
    assert!(matches!(Vectors::init_with_list(bytes, &good, &[4.0; 192]), Err(Error::Number { value: 0.0, .. })));
}

#[test]
fn flow_pairs_and_blend_each_lower_the_loss() {
    let mut config = config(Space::Cube, Shape::new(32, 32));
    let loss = |config: &VectorConfig| twin::loss(&run(config).0, 3, &config.filters, config.shape);
    let all = loss(&config);
    config.recipe.rounds = 0;
    let flow = loss(&config);
    config.recipe.steps = 0;
    let fill = loss(&config);
    assert!(all < flow - 0.1 && flow < fill - 0.3 && fill < -3.5, "{all} {flow} {fill}");
}

#[test]
fn every_level_and_any_steps_give_the_same_bytes() {
    let filters = Filters::product(SpaceFilter::binomial(2), TimeFilter::gaussian(0.8));
    for space in [Space::Disk, Space::Sphere, Space::Cube4] {
        let mut config = VectorConfig::new(space, filters, Shape::new(21, 18).with_layers(2)).expect("it is good");
        config.recipe.steps = 3;
        config.recipe.rounds = 2;
        config.level = SimdLevel::Scalar;
        let expected = run(&config).0;
        for level in levels() {
            config.level = level;
            assert!(run(&config).0 == expected, "{space:?}, {level:?}");
        }
        // a snapshot after each step
        let mut block = lines(&config);
        Vectors::init(Line::as_bytes_mut(&mut block), &config).expect("there is room");
        loop {
            let mut copy = block.clone();
            block.fill(Line::ZERO);
            let mut vectors = Vectors::open(Line::as_bytes_mut(&mut copy)).expect("it is whole");
            let done = vectors.step(1).expect("it is whole").done;
            block = copy;
            if done {
                break;
            }
        }
        let mut values = vec![0.0; expected.len()];
        Vectors::open(Line::as_bytes_mut(&mut block)).unwrap().write_f32(&mut values).expect("it is done");
        assert!(values == expected, "{space:?}: snapshots");
    }
}

#[test]
fn what_is_refused() {
    let good = config(Space::Square, Shape::new(16, 16));
    let with = |change: &dyn Fn(&mut VectorRecipe)| {
        let mut config = good;
        change(&mut config.recipe);
        config.check()
    };
    let changes: [&dyn Fn(&mut VectorRecipe); 10] = [
        &|recipe| recipe.steps = 1001,
        &|recipe| recipe.rounds = u32::MAX,
        &|recipe| recipe.points = 15,
        &|recipe| recipe.radius = 13,
        &|recipe| recipe.least = f32::NAN,
        &|recipe| recipe.rate = -1.0,
        &|recipe| recipe.momentum = 1.0,
        &|recipe| recipe.softness[1] = 0.0,
        &|recipe| recipe.fill.reach = 0.9,
        &|recipe| recipe.fill.coupling = f32::INFINITY,
    ];
    for (i, change) in changes.into_iter().enumerate() {
        assert!(matches!(with(change), Err(Error::Number { .. })), "{i}");
    }
    assert!(matches!(VectorConfig::new(Space::Disk, Filters::GAUSSIAN, Shape::new(4, 16)), Err(Error::Size { .. })));
    let channels = VectorConfig { shape: Shape::new(16, 16).with_channels(2), ..good };
    assert!(matches!(channels.check(), Err(Error::Layers { channels: 2, .. })));
    // a filter that wraps to nothing
    let nothing = Filters::product(SpaceFilter::taps(&[1.0, -1.0]), TimeFilter::NONE);
    assert!(matches!(VectorConfig { filters: nothing, ..good }.check(), Err(Error::Number { .. })));
    let mut block = lines(&good);
    let bytes = Line::as_bytes_mut(&mut block);
    assert!(matches!(Vectors::init(&mut bytes[1..], &good), Err(Error::Alignment)));
    assert!(matches!(Vectors::init(&mut bytes[..64], &good), Err(Error::Length { .. })));
    assert!(matches!(Vectors::open(bytes), Err(Error::NotAGenerator(_))));
    let mut vectors = Vectors::init(bytes, &good).expect("there is room");
    assert!(matches!(vectors.write_f32(&mut [0.0; 512]), Err(Error::NotDone { step: 0, .. })));
    assert!(matches!(vectors.write_f32(&mut [0.0; 511]), Err(Error::Length { .. })));
}

#[test]
fn damaged_blocks_do_not_panic() {
    let mut config = config(Space::Cube, Shape::new(17, 16).with_layers(2));
    (config.recipe.steps, config.recipe.rounds) = (2, 2);
    for at in 0..24 {
        let mut block = lines(&config);
        let mut vectors = Vectors::init(Line::as_bytes_mut(&mut block), &config).expect("there is room");
        vectors.step(at % 9).expect("it is whole");
        let bytes = Line::as_bytes_mut(&mut block);
        let mut noise = 77 + at;
        for byte in &mut bytes[1024..] {
            noise = noise.wrapping_mul(0x0019_660D).wrapping_add(0x3C6E_F35F);
            *byte = (noise >> 24) as u8;
        }
        let mut vectors = Vectors::open(bytes).expect("its header is whole");
        let mut values = vec![0.0; 17 * 16 * 2 * 3];
        let _ = vectors.step(u32::MAX).and_then(|_| vectors.write_f32(&mut values));
    }
}

#[test]
fn measured_losses_agree_with_the_twin() {
    let filters = Filters::product(SpaceFilter::gaussian(1.0), TimeFilter::ema(0.4));
    for (space, layers) in [(Space::Sphere, 1), (Space::Square, 5), (Space::Cube4, 4)] {
        let shape = Shape::new(12, 9).with_layers(layers);
        let config = VectorConfig::new(space, filters, shape).expect("it is good");
        let values = run(&config).0;
        let mut scratch = vec![f64::NAN; measure::vector_pair_loss_scratch_len(shape).unwrap()];
        let own = measure::vector_pair_loss(&values, space.components(), shape, &filters, &mut scratch).unwrap();
        let twin = twin::loss(&values, space.components(), &filters, shape);
        assert!((own - twin).abs() < 1e-4, "{space:?}: {own}, twin {twin}");
    }
}

#[test]
fn half_spaces_agree_with_direct_sums_and_shuffles() {
    let (space, shape) = (Space::Disk, Shape::new(16, 11));
    let mut values = run(&config(space, shape)).0;
    let half = measure::HalfSpace { normal: [0.6, -0.8, 0.0, 0.0], offset: 0.2 };
    let mut scratch = vec![f64::NAN; measure::half_space_scratch_len(shape).unwrap()];
    let powers = measure::half_space_powers(&values, 2, shape, half, &mut scratch).unwrap();
    for (power, sigma) in powers.iter().zip(measure::HALF_SPACE_SIGMAS) {
        let direct = twin::blurred_variance(&values, 2, shape, (&half.normal, half.offset), sigma);
        assert!((power.mask / direct - 1.0).abs() < 1e-9, "{power:?}, twin {direct}");
    }
    // the mean over shuffles
    let mut noise = 1_u32;
    let mut sums = [0.0; 3];
    for _ in 0..300 {
        for last in (1..176).rev() {
            noise = noise.wrapping_mul(0x0019_660D).wrapping_add(0x3C6E_F35F);
            let other = ((u64::from(noise) * (last as u64 + 1)) >> 32) as usize;
            values.swap(2 * last, 2 * other);
            values.swap(2 * last + 1, 2 * other + 1);
        }
        let shuffled = measure::half_space_powers(&values, 2, shape, half, &mut scratch).unwrap();
        sums.iter_mut().zip(shuffled).for_each(|(sum, power)| *sum += power.mask / 300.0);
    }
    for (sum, power) in sums.iter().zip(powers) {
        assert!((sum / power.white - 1.0).abs() < 0.06, "{sum}, {power:?}");
    }
}

#[test]
fn half_space_errors_tell_masks_of_vectors_from_noise() {
    let mut scratch = vec![f64::NAN; measure::half_space_scratch_len(Shape::new(32, 32)).unwrap()];
    // a little above what they are
    for (space, limits) in [(Space::Square, [-2.8, -5.2, -6.6]), (Space::CosineHemisphere, [-2.8, -5.3, -6.6])] {
        let config = config(space, Shape::new(32, 32));
        let (values, directions) = (run(&config).0, space.is_directions());
        let components = space.components();
        let mut errors = |values: &[f32]| {
            measure::half_space_errors(values, components, config.shape, directions, &mut scratch).unwrap()
        };
        let own = errors(&values);
        assert!(own.iter().zip(limits).all(|(error, limit)| *error < limit), "{space:?}: {own:?}");
        // larger numbers have the same patterns
        let scaled: Vec<f32> = values.iter().map(|value| 4.0 * value).collect();
        assert_eq!(errors(&scaled), own);
    }
    let bad = [f32::NAN; 2048];
    let shape = Shape::new(32, 32);
    assert!(matches!(measure::half_space_errors(&bad, 2, shape, false, &mut scratch), Err(Error::Number { .. })));
    assert!(matches!(measure::half_space_errors(&[0.0; 9], 2, shape, false, &mut scratch), Err(Error::Length { .. })));
    assert!(matches!(
        measure::half_space_errors(&[0.0; 5120], 5, shape, false, &mut scratch),
        Err(Error::Number { .. })
    ));
    let layers = shape.with_layers(2);
    assert!(matches!(
        measure::half_space_errors(&[0.0; 4096], 2, layers, false, &mut scratch),
        Err(Error::NotFlat { .. })
    ));
    assert!(matches!(measure::half_space_errors(&[0.0; 2048], 2, shape, false, &mut []), Err(Error::Length { .. })));
    assert!(measure::half_space_errors(&[0.5; 2048], 2, shape, false, &mut scratch).unwrap()[0].is_nan());
}
