//! Runs that start from a given mask, and stages that start from others.

use super::is_permutation;
use crate::common::{memory, ranks};
use bluegrad::recipe::{Fill, Start};
use bluegrad::{Config, Error, Generator, Line, Preset, Recipe, Schedule, Spectral, Stage};

/// A level that a given mask has is refined: its order goes in, ties in the order of the seed.
#[test]
fn a_given_mask_is_refined() {
    let config = Config::new(Preset::Dither, 32, 24);
    let refine = Config { recipe: config.recipe.refining(), ..config };
    assert_eq!(refine.recipe.stage_count, 1, "without the fill");
    let n = config.shape.pixels();
    let mut block = memory(&refine);
    let mut run = |values: &[f32], config: &Config| {
        let (mut generator, ties) =
            Generator::init_with_mask(Line::as_bytes_mut(&mut block), config, values).expect("a good mask");
        let mut start = vec![0.0; n];
        generator.write_values(&mut start).expect("the right length");
        while !generator.step(100).expect("a good block").done {}
        (start, ties, generator.mask().expect("done").ranks().to_vec())
    };
    // distinct values keep their order, whatever their scale
    let distinct: Vec<f32> = (0..n).map(|i| ((i * 37) % n) as f32 * -1e30).collect();
    let (start, ties, made) = run(&distinct, &refine);
    assert_eq!(ties, 0);
    for i in 1..n {
        assert_eq!(distinct[i] < distinct[i - 1], start[i] < start[i - 1], "pixel {i}");
    }
    assert!(is_permutation(&made) && made == run(&distinct, &refine).2);
    // all alike: a random order of the seed
    let (flat, ties, made) = run(&vec![0.25; n], &refine);
    assert_eq!(ties, n as u32 - 1);
    assert!(is_permutation(&made));
    let (other, ..) = run(&vec![0.25; n], &Config { seed: 1, ..refine });
    assert!(flat != other, "another seed, another order");
    // four levels: ties within each
    let coarse: Vec<f32> = (0..n).map(|i| (i % 4) as f32).collect();
    let (start, ties, _) = run(&coarse, &refine);
    assert_eq!(ties as usize, n - 4);
    for (value, level) in start.iter().zip(&coarse) {
        assert!((value - (level / 2.0 - 0.75)).abs() <= 0.25, "{value} of level {level}");
    }
}

#[test]
fn a_spectral_recipe_refines_a_mask_too() {
    let config = Config::new(Preset::Spectral, 32, 32);
    let mut recipe = config.recipe.refining();
    recipe.stages[0].as_spectral_mut().expect("spectral").steps = 0;
    let config = Config { recipe, ..config };
    let given = ranks(&Config::new(Preset::Dither, 32, 32)).expect("valid");
    let values: Vec<f32> = given.iter().map(|rank| *rank as f32).collect();
    let mut block = memory(&config);
    let (mut generator, ties) =
        Generator::init_with_mask(Line::as_bytes_mut(&mut block), &config, &values).expect("a good mask");
    assert!(generator.step(1).expect("a good block").done && ties == 0);
    assert_eq!(generator.mask().expect("done").ranks(), given);
}

/// Stages of both objectives in one recipe: the order goes from one to the other.
#[test]
fn objectives_follow_one_another() {
    let Stage::Polish(polish) = Preset::Dither.recipe().stages[1] else { panic!("a polish") };
    let still = Spectral { steps: 3, step_size: Schedule::constant(0.0), ..Spectral::PUBLISHED };
    let still = Spectral { histogram_step_size: Schedule::constant(0.0), ..still };
    let whole = [Stage::Fill(Fill::new(1.26, 5)), Stage::Spectral(still), Stage::Polish(polish)];
    let without = [whole[0], whole[2]];
    let config = Config::new(Preset::Spectral, 32, 32);
    let [a, b] = [&whole[..], &without].map(|stages| Config { recipe: Recipe::new(stages), ..config });
    assert!(ranks(&a).expect("valid") == ranks(&b).expect("valid"), "a stage that does not move anything");
}

#[test]
fn wrong_starts_are_errors() {
    let config = Config::new(Preset::Dither, 16, 16);
    let refine = Config { recipe: config.recipe.refining(), ..config };
    let mut block = memory(&refine);
    block.resize(block.len().max(memory(&config).len()), Line::ZERO);
    let block = Line::as_bytes_mut(&mut block);
    assert_eq!(Generator::init(block, &refine).unwrap_err(), Error::WrongStart);
    assert_eq!(Generator::init_with_mask(block, &config, &[0.0; 256]).unwrap_err(), Error::WrongStart);
    let length = Generator::init_with_mask(block, &refine, &[0.0; 255]).unwrap_err();
    assert_eq!(length.to_string(), "values of the mask: 255 given, 256 needed");
    let mut values = [0.0; 256];
    values[9] = f32::NAN;
    assert!(matches!(Generator::init_with_mask(block, &refine, &values), Err(Error::Number { .. })));
    let twice = Config { recipe: Recipe { start: Start::Mask, ..config.recipe }, ..config };
    assert_eq!(twice.check(), Err(Error::StartsTwice { stage: 0 }));
    let nothing = Preset::VoidAndCluster.recipe().refining();
    assert!(matches!(nothing.check(), Err(Error::StageCount { got: 0, .. })));
    let mut generator = Generator::init(block, &config).expect("valid");
    assert_eq!(generator.evaluate(&Spectral::PUBLISHED).unwrap_err(), Error::NotSpectral);
}
