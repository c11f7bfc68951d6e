//! What leaves: every type of a mask, from ranks that are known.

use bluegrad::{Distribution, Error, Mask, Range, Shape};

const SHAPE: Shape = Shape::new(64, 32);
const N: usize = SHAPE.pixels();

/// A permutation: 5 is coprime to 2048.
fn ranks() -> Vec<u32> {
    (0..N).map(|i| (i * 5 % N) as u32).collect()
}

#[test]
fn integers_are_equally_often() {
    let ranks = ranks();
    let mask = Mask::new(SHAPE, &ranks).expect("one rank a pixel");
    let (mut narrow, mut wide, mut as_ranks) = (vec![0_u8; N], vec![0_u16; N], vec![0_u16; N]);
    mask.write_u8(&mut narrow).expect("the right length");
    mask.write_u16(&mut wide).expect("the right length");
    mask.write_ranks_u16(&mut as_ranks).expect("few pixels");
    for level in 0..=255 {
        assert_eq!(narrow.iter().filter(|value| **value == level).count(), N / 256);
    }
    for (i, rank) in ranks.iter().enumerate() {
        assert_eq!(u32::from(wide[i]), rank * 32);
        assert_eq!(u32::from(as_ranks[i]), *rank);
        assert_eq!(u32::from(narrow[i]), rank / 8);
    }
}

#[test]
fn floats_lie_in_the_middle_of_their_rank() {
    let ranks = ranks();
    let mask = Mask::new(SHAPE, &ranks).expect("one rank a pixel");
    let (mut unit, mut signed) = (vec![0.0; N], vec![0.0; N]);
    mask.write_f32(&mut unit, Range::Unit).expect("the right length");
    mask.write_f32(&mut signed, Range::Signed).expect("the right length");
    for (i, rank) in ranks.iter().enumerate() {
        assert_eq!(unit[i], (*rank as f32 + 0.5) / N as f32);
        assert_eq!(signed[i], 2.0 * unit[i] - 1.0);
    }
}

/// In a mask of 4096x4096 the highest rank rounds to 1, which the range leaves out.
#[test]
fn no_float_is_the_upper_end() {
    let shape = Shape::new(8192, 4096);
    let ranks = vec![(shape.pixels() - 1) as u32; shape.pixels()];
    let mask = Mask::new(shape, &ranks).expect("one rank a pixel");
    let mut values = vec![0.0; shape.pixels()];
    for range in [Range::Unit, Range::Signed] {
        mask.write_f32(&mut values, range).expect("the right length");
        assert!(values[0] < 1.0 && values[0] > 0.999_999);
    }
}

/// The moments of each distribution, and its order.
#[test]
fn remapped_values_follow_their_distribution() {
    let ranks: Vec<u32> = (0..N as u32).collect();
    let mask = Mask::new(SHAPE, &ranks).expect("one rank a pixel");
    let steps: [f32; 65] = std::array::from_fn(|i| {
        if i < 32 {
            -1.0
        } else if i == 32 {
            0.0
        } else {
            1.0
        }
    });
    // variance of the Gaussian cut off at three standard deviations: σ²(1 − 2·3·φ(3)/(2Φ(3) − 1))
    let cases = [
        (Distribution::UNIFORM, 1.0 / 3.0),
        (Distribution::TRIANGULAR, 1.0 / 6.0),
        (Distribution::GAUSSIAN, (1.0 - 6.0 * 0.004_431_848 / 0.997_300_204) / 9.0),
        (Distribution::from_table(steps), 1.0 - 2.0 / 64.0 * 2.0 / 3.0),
    ];
    for (distribution, variance) in cases {
        let (mut signed, mut unit) = (vec![0.0; N], vec![0.0; N]);
        mask.write_f32_as(&mut signed, Range::Signed, &distribution).expect("a good distribution");
        mask.write_f32_as(&mut unit, Range::Unit, &distribution).expect("a good distribution");
        assert!(signed.windows(2).all(|pair| pair[0] <= pair[1]));
        assert!(signed.iter().all(|value| (-1.0..1.0).contains(value)));
        assert!(unit.iter().zip(&signed).all(|(u, s)| (2.0 * u - 1.0 - s).abs() < 1e-6));
        let square = signed.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>() / N as f64;
        assert!((square - variance).abs() < 1e-3, "{:?}: variance {square}, wanted {variance}", distribution.kind);
    }
}

/// Numbers of the codes of an integer mask: each within one of the share of the distribution between the middles to both neighbours.
#[test]
fn integers_have_the_histogram_of_their_distribution() {
    let shape = Shape::new(128, 80);
    let n = shape.pixels();
    // 7 is coprime to 10240
    let ranks: Vec<u32> = (0..n).map(|i| (i * 7 % n) as u32).collect();
    let mask = Mask::new(shape, &ranks).expect("one rank a pixel");
    // the share of triangular noise below v
    let below = |v: f64| {
        let v = v.clamp(-1.0, 1.0);
        if v < 0.0 { 0.5 * (1.0 + v).powi(2) } else { 1.0 - 0.5 * (1.0 - v).powi(2) }
    };
    let (mut narrow, mut wide) = (vec![0; n], vec![0; n]);
    mask.write_u8_as(&mut narrow, &Distribution::TRIANGULAR).expect("the right length");
    mask.write_u16_as(&mut wide, &Distribution::TRIANGULAR).expect("the right length");
    for code in 0..=255_u8 {
        let count = narrow.iter().filter(|value| **value == code).count() as f64;
        let at = |code: f64| 2.0 * code / 255.0 - 1.0;
        let wanted = n as f64 * (below(at(f64::from(code) + 0.5)) - below(at(f64::from(code) - 0.5)));
        assert!((count - wanted).abs() <= 1.0, "code {code}: {count} pixels, wanted {wanted}");
        // symmetric about the middle, so that the mean of the noise is 0
        assert_eq!(count, narrow.iter().filter(|value| **value == 255 - code).count() as f64, "code {code}");
    }
    assert_eq!(wide.iter().map(|value| u64::from(*value)).sum::<u64>(), 65_535 * n as u64 / 2);
    for ((rank, narrow), wide) in ranks.iter().zip(&narrow).zip(&wide) {
        let u = (f64::from(*rank) + 0.5) / n as f64;
        let noise = |most: f64, code: f64| 2.0 * code / most - 1.0;
        assert!((below(noise(65_535.0, f64::from(*wide))) - u).abs() < 0.51 * 2.0 / 65_535.0, "rank {rank}");
        assert!((below(noise(255.0, f64::from(*narrow))) - u).abs() < 0.51 * 2.0 / 255.0, "rank {rank}");
    }
    // uniform: as without a distribution
    let (mut plain, mut uniform) = (vec![0; n], vec![0; n]);
    mask.write_u8(&mut plain).expect("the right length");
    mask.write_u8_as(&mut uniform, &Distribution::UNIFORM).expect("the right length");
    assert_eq!(plain, uniform);
    mask.write_u16(&mut wide).expect("the right length");
    let mut uniform = vec![0; n];
    mask.write_u16_as(&mut uniform, &Distribution::UNIFORM).expect("the right length");
    assert_eq!(wide, uniform);
    let bad = Distribution { sigma: -1.0, ..Distribution::GAUSSIAN };
    assert!(matches!(mask.write_u8_as(&mut plain, &bad), Err(Error::Number { .. })));
    assert_eq!(
        mask.write_u16_as(&mut [0; 5], &Distribution::TRIANGULAR),
        Err(Error::Length { what: "mask", needed: n, got: 5 })
    );
}

#[test]
fn bad_lengths_are_errors() {
    let ranks = ranks();
    assert_eq!(Mask::new(SHAPE, &ranks[1..]).unwrap_err(), Error::Length { what: "ranks", needed: N, got: N - 1 });
    let mask = Mask::new(SHAPE, &ranks).expect("one rank a pixel");
    assert_eq!(mask.write_u8(&mut [0; 5]), Err(Error::Length { what: "mask", needed: N, got: 5 }));
    let bad = Distribution { sigma: -1.0, ..Distribution::GAUSSIAN };
    assert!(matches!(mask.write_f32_as(&mut [0.0; N], Range::Unit, &bad), Err(Error::Number { .. })));
    let shape = Shape::new(512, 256);
    let ranks = vec![0; shape.pixels()];
    let mask = Mask::new(shape, &ranks).expect("one rank a pixel");
    let many = Error::TooManyPixels { pixels: 131_072, most: 65_536 };
    assert_eq!(mask.write_ranks_u16(&mut vec![0; shape.pixels()]), Err(many));
}

#[test]
fn rows_have_the_values_of_the_whole() {
    let ranks: Vec<u32> = (0..6 * 4).map(|i| (7 * i) % 24).collect();
    let mask = Mask::new(Shape::new(6, 4), &ranks).expect("one rank a pixel");
    let (mut whole, mut floats) = ([0; 24], [0.0; 24]);
    mask.write_u8(&mut whole).expect("the right length");
    mask.write_f32(&mut floats, Range::Signed).expect("the right length");
    assert_eq!(mask.rows().count(), 4);
    for (y, row) in mask.rows().enumerate() {
        assert_eq!(row.shape(), Shape::new(6, 1));
        assert_eq!(row.ranks(), &ranks[6 * y..6 * y + 6]);
        let (mut line, mut line_floats) = ([0; 6], [0.0; 6]);
        row.write_u8(&mut line).expect("the right length");
        row.write_f32(&mut line_floats, Range::Signed).expect("the right length");
        assert_eq!(line, whole[6 * y..6 * y + 6]);
        assert_eq!(line_floats, floats[6 * y..6 * y + 6]);
    }
    let large = vec![0; 512 * 256];
    let mask = Mask::new(Shape::new(512, 256), &large).expect("one rank a pixel");
    let row = mask.rows().next().expect("256 of them");
    let most = Error::TooManyPixels { pixels: 512 * 256, most: 1 << 16 };
    assert_eq!(row.write_ranks_u16(&mut [0; 512]), Err(most), "the ranks are those of the whole");
}

/// Elements of a volume: layer, row, column, channel; ranks are plane by plane.
#[test]
fn volumes_are_written_in_the_order_of_shape() {
    let shape = Shape::new(3, 2).with_layers(4).with_channels(3);
    let (n, planes) = (shape.pixels(), shape.planes());
    assert_eq!((n, planes, shape.elements()), (6, 12, 72));
    // a permutation in each plane, another in each
    let ranks: Vec<u32> = (0..72).map(|i| ((i % 6) * 5 + i / 6) % 6).collect();
    let mask = Mask::new(shape, &ranks).expect("a rank an element");
    let at = |layer: usize, y: usize, x: usize, channel: usize| ranks[(layer * 3 + channel) * n + y * 3 + x];
    let mut expected = Vec::new();
    for layer in 0..4 {
        for y in 0..2 {
            for x in 0..3 {
                expected.extend((0..3).map(|channel| at(layer, y, x, channel)));
            }
        }
    }
    let mut got = [0; 72];
    mask.write_ranks(&mut got).expect("the right length");
    assert_eq!(got.to_vec(), expected);
    let mut shorts = [0; 72];
    mask.write_ranks_u16(&mut shorts).expect("the right length");
    assert!(shorts.iter().map(|rank| u32::from(*rank)).eq(expected.iter().copied()));
    let mut bytes = [0; 72];
    mask.write_u8(&mut bytes).expect("the right length");
    assert!(bytes.iter().map(|value| u32::from(*value)).eq(expected.iter().map(|rank| 256 * rank / 6)));
    let mut floats = [0.0; 72];
    mask.write_f32(&mut floats, Range::Unit).expect("the right length");
    assert!(floats.iter().zip(&expected).all(|(value, rank)| (value * 6.0 - 0.5 - *rank as f32).abs() < 1e-5));
    let rows: Vec<u32> = mask
        .rows()
        .flat_map(|row| {
            let mut to = [0; 9];
            row.write_ranks(&mut to).expect("three pixels of three channels");
            to
        })
        .collect();
    assert_eq!(rows, expected);
    for (most, count) in [(0, 24), (1, 24), (2, 16), (3, 8), (usize::MAX, 8)] {
        let parts: Vec<Mask<'_>> = mask.row_parts(most).collect();
        assert_eq!(parts.len(), count);
        let mut got = Vec::new();
        for part in parts {
            let mut to = vec![0; part.shape().elements()];
            part.write_ranks(&mut to).expect("the right length");
            got.extend(to);
        }
        assert_eq!(got, expected);
    }
    for layer in 0..4 {
        let mut one = [0; 18];
        mask.layer(layer).expect("below 4").write_ranks(&mut one).expect("a layer");
        assert_eq!(one[..], expected[18 * layer as usize..][..18]);
        for channel in 0..3 {
            let plane = mask.plane(layer, channel).expect("below 4 and 3");
            assert_eq!(
                (plane.shape(), plane.ranks()),
                (shape.plane(), &ranks[(layer * 3 + channel) as usize * n..][..n])
            );
        }
    }
    let mut pairs = [0; 12];
    mask.channels_of(2, 1, 2).expect("the last two").write_ranks(&mut pairs).expect("two channels of a layer");
    assert!(pairs.chunks(2).zip(expected[36..].chunks(3)).all(|(two, three)| *two == three[1..]));
    for (channel, channels) in [(0, 0), (0, 4), (1, 3), (3, 1), (1, u32::MAX)] {
        let error = mask.channels_of(2, channel, channels).expect_err("not there");
        assert_eq!(error, Error::Plane { layer: 2, channel });
    }
    for (layer, channel) in [(4, 0), (0, 3), (u32::MAX, u32::MAX)] {
        assert_eq!(mask.plane(layer, channel).expect_err("not there"), Error::Plane { layer, channel });
    }
    assert_eq!(mask.layer(4).expect_err("not there"), Error::Plane { layer: 4, channel: 0 });
    let row = mask.rows().next().expect("eight rows");
    assert!(row.plane(0, 1).is_err(), "a row is no plane");
}
