//! Figures of layers and channels against the f64 reference.

use bluegrad::measure::{
    self, Average, FRAME_SIGMA, FRAME_THRESHOLDS, FrameErrors, FrameTest, Peak, PlanePeaks, frame_taps,
    frames_scratch_len, pair_loss_scratch_len, space_time_scratch_len,
};
use bluegrad::{Error, Filters, Shape, SpaceFilter, TimeFilter};
use bluegrad_tests::noise::Noise;
use bluegrad_tests::volumes::{Volume, summed};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro128PlusPlus;

/// Ranks plane by plane; `ties` equal neighbours in the order of values.
fn noise(seed: u64, shape: Shape, ties: u32) -> Vec<u32> {
    let mut noise = Noise::new(seed);
    let plane = |_| {
        let keys: Vec<u64> = (0..shape.pixels()).map(|_| noise.bits()).collect();
        let mut order: Vec<usize> = (0..keys.len()).collect();
        order.sort_by_key(|i| keys[*i]);
        let mut ranks = vec![0; keys.len()];
        (0..).zip(order).for_each(|(rank, i)| ranks[i] = rank / ties * ties);
        ranks
    };
    (0..shape.planes()).flat_map(plane).collect()
}

fn twin(ranks: &[u32], shape: Shape, channel: usize) -> Volume {
    let planes = ranks.chunks(shape.pixels()).skip(channel).step_by(shape.channels as usize);
    let (width, height) = (shape.width as usize, shape.height as usize);
    Volume { width, height, layers: planes.map(<[u32]>::to_vec).collect() }
}

/// Scratch of NaNs: nothing may be read before it is written.
fn scratch(len: Result<usize, Error>) -> Vec<f64> {
    vec![f64::NAN; len.expect("a good shape")]
}

fn shapes() -> [Shape; 5] {
    let of = |width, height, layers, channels| Shape::new(width, height).with_layers(layers).with_channels(channels);
    [of(8, 8, 1, 1), of(8, 8, 4, 2), of(9, 11, 5, 1), of(24, 10, 2, 1), of(12, 8, 9, 3)]
}

fn variances(ranks: &[u32], shape: Shape, channel: u32, test: &FrameTest<'_>, parts: &[u32]) -> Vec<f64> {
    let mut sums = vec![0.0; shape.layers as usize];
    let mut part = vec![f64::NAN; sums.len()];
    let mut scratch = scratch(frames_scratch_len(shape, test.space.len()));
    for ends in parts.windows(2) {
        measure::frame_variances(ranks, shape, channel, test, ends[0]..ends[1], &mut part, &mut scratch)
            .expect("good arguments");
        for (sum, part) in sums.iter_mut().zip(&part) {
            *sum += part;
        }
    }
    sums
}

/// The thresholds of a seed.
fn thresholds(seed: u64) -> Vec<f64> {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    let mut next = |s: u32| 2.0 * (f64::from(s) + f64::from(rng.next_u32()) / 2.0_f64.powi(32)) / 256.0 - 1.0;
    (0..FRAME_THRESHOLDS).map(&mut next).collect()
}

/// The weights of an average that begins with the first frame.
fn begun(weights: &[f64], k: usize) -> Vec<f64> {
    let used = &weights[..weights.len().min(k + 1)];
    used.iter().map(|weight| weight / used.iter().sum::<f64>()).collect()
}

/// Weights of the frames k, k − 1 … 0.
type Weights<'a> = dyn Fn(usize) -> Vec<f64> + 'a;

#[test]
fn frames_agree_with_the_reference() {
    for (seed, shape) in (7..).zip(shapes()) {
        let ranks = noise(seed, shape, if seed == 8 { 4 } else { 1 });
        let exponential = |k: usize| {
            let mut weights: Vec<f64> = (0..=k).map(|j| 0.3 * 0.7_f64.powi(j as i32)).collect();
            weights[k] /= 0.3;
            weights
        };
        let box_of_3 = [1.0; 3];
        let uneven = [1.0, -0.25, 0.5, 0.125];
        let long: Vec<f64> = (0..19).map(|i| f64::from(i % 5) - 0.5).collect();
        let cases: [(&[f64], Average<'_>, &Weights<'_>); 4] = [
            (&[1.0, 2.0, 1.0], Average::Exponential(0.3), &exponential),
            (&[1.0, 3.0], Average::Weights(&box_of_3), &|k| begun(&box_of_3, k)),
            (&[1.0], Average::Weights(&uneven), &|k| begun(&uneven, k)),
            // longer than a side: the taps wrap
            (&long, Average::Exponential(1.0), &|k| begun(&[1.0], k)),
        ];
        for (case, (space, time, weights)) in cases.into_iter().enumerate() {
            let channel = shape.channels - 1;
            let test = FrameTest { space, time, seed };
            let got = variances(&ranks, shape, channel, &test, &[0, FRAME_THRESHOLDS]);
            let expected = twin(&ranks, shape, channel as usize).frames(&thresholds(seed), space, weights);
            for (k, (a, b)) in got.iter().zip(&expected).enumerate() {
                assert!((a - b).abs() < 1e-12 * (1.0 + b), "{shape:?}, case {case}, frame {k}: {a}, reference {b}");
            }
            let parts = variances(&ranks, shape, channel, &test, &[0, 1, 100, 100, FRAME_THRESHOLDS]);
            assert!(got.iter().zip(parts).all(|(a, b)| (a - b).abs() < 1e-14), "{shape:?}, case {case}: parts");
        }
    }
}

#[test]
fn frames_are_summarised() {
    let variances: Vec<f64> = (1..=40).map(|k| f64::from(k * k) * 1e-6).collect();
    let errors = FrameErrors::new(&variances);
    let sum: f64 = (1..=40).map(|k| f64::from(k * k)).sum();
    let expected = [1.0, 8.0, 16.0, 32.0, 40.0, sum.sqrt()];
    let got = [errors.first, errors.frame_8, errors.frame_16, errors.frame_32, errors.last, errors.rss];
    assert!(got.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{got:?}");
    let short = FrameErrors::new(&variances[..8]);
    assert!(short.frame_16.is_nan() && short.frame_32.is_nan() && (short.last - 8.0).abs() < 1e-9, "{short:?}");
    assert!(FrameErrors::new(&[]).last.is_nan());
}

/// The published test's blur is a Gaussian: its logarithm falls by the square of the distance over twice the variance.
#[test]
fn the_blur_of_frames_is_a_gaussian() {
    for (i, tap) in (-4..).zip(frame_taps()) {
        let expected = -f64::from(i * i) / (2.0 * FRAME_SIGMA.powi(2));
        assert!((tap.ln() - expected).abs() < 1e-12, "{i}: {tap}");
    }
}

fn near(what: &str, got: &[f64], expected: &[f64]) {
    for (i, (a, b)) in got.iter().zip(expected).enumerate() {
        let alike = (a - b).abs() < 0.001 || a.is_nan() && b.is_nan() || *a < -200.0 && *b < -200.0;
        assert!(alike, "{what}, figure {i}: {a}, reference {b}");
    }
}

#[test]
fn space_and_time_agree_with_the_reference() {
    for (seed, shape) in (20..).zip(shapes()) {
        let ranks = noise(seed, shape, if seed == 21 { 3 } else { 1 });
        let scratch = &mut scratch(space_time_scratch_len(shape));
        let twins: Vec<Volume> = (0..shape.channels as usize).map(|c| twin(&ranks, shape, c)).collect();
        for (channel, twin) in (0..).zip(&twins) {
            let got = measure::space_time(&ranks, shape, channel, scratch).expect("good arguments");
            let (space, time, accumulated) = twin.space_time();
            let what = format!("{shape:?}, channel {channel}");
            near(&format!("{what}, space"), &got.space, &space);
            near(&format!("{what}, time"), &got.time, &time);
            near(&format!("{what}, accumulated"), &got.accumulated, &accumulated);
        }
        let got = measure::summed_error(&ranks, shape, scratch).expect("good arguments");
        near(&format!("{shape:?}, sum"), &got, &summed(&twins));
    }
}

/// A mask and its negative as layers: an average over both has less variance, each by itself has as much. Equal channels add up.
#[test]
fn opposite_layers_and_equal_channels() {
    let flat = Shape::new(16, 16);
    let one = noise(5, flat, 1);
    let opposite: Vec<u32> = one.iter().map(|rank| 255 - rank).collect();
    let both = [one.clone(), opposite].concat();
    let (layers, channels) = (flat.with_layers(2), flat.with_channels(2));
    let scratch = &mut scratch(space_time_scratch_len(layers));
    let alone = measure::space_time(&one, flat, 0, scratch).expect("good arguments");
    assert!(alone.time[0].is_nan(), "{alone:?}");
    near(
        "one layer accumulates nothing",
        &alone.accumulated,
        &[alone.space[0], alone.space[0], alone.space[1], alone.space[1]],
    );
    let opposed = measure::space_time(&both, layers, 0, scratch).expect("good arguments");
    near("a negative is as good", &opposed.space, &alone.space);
    assert!(opposed.accumulated[1] < alone.space[0] - 1.0 && opposed.time[0] > 1.0, "{alone:?}, {opposed:?}");
    let doubled = measure::summed_error(&[one.clone(), one].concat(), channels, scratch).expect("good arguments");
    // twice the amplitude, over twice the variance
    near("equal channels", &doubled, &alone.space.map(|db| db + 10.0 * 2.0_f64.log10()));
}

#[test]
fn pair_loss_agrees_with_the_reference() {
    // weights that f32 holds exactly
    let cases: [(&[f32], &[f32], Option<f32>); 4] = [
        (&[1.0, 2.0, 1.0], &[1.0, 0.5, 0.25], None),
        (&[1.0, -0.5], &[1.0], None),
        // longer than the sides
        (&[0.25; 14], &[1.0, 0.75, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.125, 0.0625, 0.03125], None),
        (&[1.0, 1.0, 1.0], &[1.0, 0.5], Some(0.25)),
    ];
    for (seed, shape) in (40..).zip(shapes()) {
        let ranks = noise(seed, shape, if seed == 42 { 3 } else { 1 });
        let channel = shape.channels - 1;
        let twin = twin(&ranks, shape, channel as usize);
        for (case, (space, time, separate)) in cases.into_iter().enumerate() {
            let filters = (SpaceFilter::taps(space), TimeFilter::taps(time));
            let filters = match separate {
                None => Filters::product(filters.0, filters.1),
                Some(weight) => Filters::separate(filters.0, filters.1, weight),
            };
            let scratch = &mut scratch(pair_loss_scratch_len(shape));
            let got = measure::pair_loss(&ranks, shape, channel, &filters, scratch).expect("good arguments");
            let [space, time] = [space, time].map(|taps| taps.iter().copied().map(f64::from).collect::<Vec<_>>());
            let expected = twin.filtered_error([&space, &space, &time], separate.map(f64::from));
            assert!((got - expected).abs() < 1e-6, "{shape:?}, case {case}: {got}, reference {expected}");
        }
    }
}

#[test]
fn ranks_of_layers_keep_what_differs_between_layers() {
    // exact layers: each layer's own ranks, whatever the scale
    let shape = Shape::new(8, 8).with_layers(3);
    let ranks = noise(1, shape, 1);
    let values: Vec<f64> = ranks.iter().map(|rank| 7.0 * f64::from(*rank) - 3.0).collect();
    let (mut order, mut got) = (vec![0; values.len()], vec![0; values.len()]);
    measure::layer_ranks(&values, 3, &mut order, &mut got).expect("good arguments");
    assert_eq!(got, ranks);
    // a dark and a bright layer stay dark and bright
    let mut values: Vec<f64> = (0..128).map(f64::from).collect();
    let (mut order, mut got) = (vec![0; 128], vec![0; 128]);
    measure::layer_ranks(&values, 2, &mut order, &mut got).expect("good arguments");
    assert!((0..128).all(|i| got[i] == i as u32 / 2), "{got:?}");
    assert!(matches!(measure::layer_ranks(&values, 0, &mut order, &mut got), Err(Error::Number { .. })));
    values[3] = f64::NAN;
    assert!(matches!(measure::layer_ranks(&values, 2, &mut order, &mut got), Err(Error::Number { .. })));
}

#[test]
fn peaks_of_planes() {
    let shape = Shape::new(24, 20);
    let scratch = &mut scratch(measure::levels_scratch_len(shape));
    let mut all = Vec::new();
    for seed in 0..3 {
        let ranks = noise(seed, shape, if seed == 1 { 5 } else { 1 });
        let peak = measure::plane_peak(&ranks, shape, scratch).expect("good arguments");
        let mut levels = [measure::GreyLevel::default(); measure::LEVELS];
        let all_levels = measure::patterns(&ranks, shape, &mut levels, scratch).expect("good arguments").peak;
        // other levels share the transforms
        let near = |a: f64, b: f64| (a - b).abs() < 1e-9 * b;
        assert!(near(peak.mean, all_levels.mean) && near(peak.mid, all_levels.mid), "{peak:?}, {all_levels:?}");
        assert!(near(peak.worst, all_levels.worst), "{peak:?}, {all_levels:?}");
        assert_eq!((peak.worst_grey, peak.worst_frequency), (all_levels.worst_grey, all_levels.worst_frequency));
        all.push(peak);
    }
    let peaks = PlanePeaks::new(&all);
    let mean = |figure: fn(&Peak) -> f64| all.iter().map(figure).sum::<f64>() / 3.0;
    let largest = |figure: fn(&Peak) -> f64| all.iter().map(figure).fold(0.0, f64::max);
    let figures = [
        (peaks.mean, mean(|peak| peak.mean)),
        (peaks.mid, mean(|peak| peak.mid)),
        (peaks.worst, mean(|peak| peak.worst)),
        (peaks.largest_mean, largest(|peak| peak.mean)),
        (peaks.largest_mid, largest(|peak| peak.mid)),
        (peaks.largest_worst, largest(|peak| peak.worst)),
    ];
    assert!(figures.iter().all(|(got, expected)| (got - expected).abs() < 1e-12), "{figures:?}");
    assert!(PlanePeaks::new(&[]).mean.is_nan() && PlanePeaks::new(&[]).largest_worst.is_nan());
}

#[test]
fn bad_input_is_an_error() {
    let shape = Shape::new(8, 8).with_layers(2);
    let ranks = noise(0, shape, 1);
    let test = |space, time| FrameTest { space, time, seed: 0 };
    let frames = |ranks: &[u32], shape: Shape, channel, test: &FrameTest<'_>, layers: usize, less: usize| {
        let len = frames_scratch_len(Shape::new(8, 8).with_layers(2), test.space.len()).expect("a good shape") - less;
        let (mut to, mut scratch) = (vec![0.0; layers], vec![0.0; len]);
        measure::frame_variances(ranks, shape, channel, test, 0..256, &mut to, &mut scratch)
    };
    let good = test(&[1.0, 1.0], Average::Exponential(0.1));
    assert_eq!(frames(&ranks, shape, 0, &good, 2, 0), Ok(()));
    assert!(matches!(frames(&ranks[1..], shape, 0, &good, 2, 0), Err(Error::Length { .. })));
    assert!(matches!(frames(&ranks, shape, 0, &good, 3, 0), Err(Error::Length { .. })));
    assert!(matches!(frames(&ranks, shape, 0, &good, 2, 1), Err(Error::Length { .. })));
    assert!(matches!(frames(&ranks, shape, 1, &good, 2, 0), Err(Error::Plane { channel: 1, .. })));
    assert!(matches!(frames(&ranks, shape.with_layers(0), 0, &good, 2, 0), Err(Error::Layers { .. })));
    let averages: [Average<'_>; 7] = [
        Average::Exponential(0.0),
        Average::Exponential(1.5),
        Average::Exponential(f64::NAN),
        Average::Weights(&[]),
        Average::Weights(&[0.0, 1.0]),
        Average::Weights(&[1.0, -1.0, 1.0]),
        Average::Weights(&[f64::INFINITY]),
    ];
    for time in averages {
        let refused = frames(&ranks, shape, 0, &test(&[1.0], time), 2, 0);
        assert!(matches!(refused, Err(Error::Number { .. })), "{time:?}: {refused:?}");
    }
    for space in [&[][..], &[1.0, -1.0], &[f64::NAN], &[0.0]] {
        let refused = frames(&ranks, shape, 0, &test(space, Average::Exponential(0.1)), 2, 0);
        assert!(matches!(refused, Err(Error::Number { .. })), "{space:?}: {refused:?}");
    }
    let len = space_time_scratch_len(shape).expect("a good shape");
    assert!(matches!(measure::space_time(&ranks, shape, 0, &mut vec![0.0; len - 1]), Err(Error::Length { .. })));
    assert!(matches!(measure::space_time(&ranks, shape, 2, &mut vec![0.0; len]), Err(Error::Plane { .. })));
    assert!(matches!(measure::summed_error(&ranks, shape, &mut vec![0.0; len - 1]), Err(Error::Length { .. })));
    assert!(matches!(space_time_scratch_len(shape.with_channels(5)), Err(Error::Layers { .. })));
    let loss = |ranks: &[u32], space, time, less| {
        let mut scratch = vec![0.0; pair_loss_scratch_len(shape).expect("a good shape") - less];
        measure::pair_loss(ranks, shape, 0, &Filters::product(space, time), &mut scratch)
    };
    let (one, none) = (SpaceFilter::taps(&[1.0]), TimeFilter::NONE);
    assert!(loss(&ranks, one, none, 0).is_ok());
    assert!(matches!(loss(&ranks, one, none, 1), Err(Error::Length { .. })));
    assert!(matches!(loss(&ranks, SpaceFilter::mean(0), none, 0), Err(Error::Number { .. })));
    assert!(matches!(loss(&ranks, one, TimeFilter::ema(f32::NAN), 0), Err(Error::Number { .. })));
    // wraps to nothing around 8 pixels
    let vanishing = SpaceFilter::taps(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.0]);
    assert!(matches!(loss(&ranks, vanishing, none, 0), Err(Error::Number { .. })));
    let mut large = ranks.clone();
    large[9] = 64;
    assert!(matches!(loss(&large, one, none, 0), Err(Error::Number { .. })));
    assert!(loss(&[5; 128], one, none, 0).expect("ranks that are equal").is_nan());
    // a volume has no flat figures
    assert_eq!(measure::scratch_len(shape), Err(Error::NotFlat { layers: 2, channels: 1 }));
}
