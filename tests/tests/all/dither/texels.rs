//! Texels of masks: means over a whole mask, and thresholds of finer ones.

use super::{Rows, even_grey, level};
use bluegrad::dither::{self, Dither};
use bluegrad::{Mask, Shape};

/// A permutation of 0 … n − 1 as ranks.
fn ranks(n: u32) -> Vec<u32> {
    let step = (n * 5 / 8..).find(|step| gcd(*step, n) == 1).expect("some number is coprime to n");
    (0..n).map(|i| (u64::from(i) * u64::from(step) % u64::from(n)) as u32).collect()
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The sum of the levels over the whole mask is the nearest to n·v·(L − 1)/255 that there is, halves up.
#[test]
fn the_mean_is_exact() {
    for (width, height) in [(16, 16), (15, 17), (17, 3), (1, 1), (64, 64), (255, 4)] {
        let shape = Shape::new(width, height);
        let n = width * height;
        let ranks = ranks(n);
        let mut texels = vec![0; n as usize];
        dither::texels(&Mask::new(shape, &ranks).expect("one rank a pixel"), &mut texels).expect("the right length");
        for levels in (2..=256).step_by(if n > 1000 { 23 } else { 1 }) {
            let dither = even_grey(&texels, shape, levels).expect("good input");
            for v in 0..=255 {
                let sum = sum_over_the_mask(&dither, shape, v);
                let twice = 2 * i64::from(n) * i64::from(v) * i64::from(levels - 1);
                assert_eq!(sum, (twice + 255).div_euclid(510), "{v} to {levels} levels, {width}x{height}");
            }
        }
    }
}

fn sum_over_the_mask(dither: &Dither<'_>, shape: Shape, v: u8) -> i64 {
    let width = shape.width as usize;
    let (row, mut to) = (vec![v; width], vec![0; width]);
    let mut sum = 0;
    for y in 0..shape.height {
        dither.to_levels(y, &row[..], &mut to).expect("the right length");
        sum += to.iter().map(|level| i64::from(*level)).sum::<i64>();
    }
    sum
}

/// With plain 8-bit texels the mean is off by at most 1/512 of a step, and somewhere by as much as that within a tenth.
#[test]
fn the_bias_of_texels() {
    let shape = Shape::new(32, 32);
    let ranks = ranks(1024);
    let mut texels = vec![0; 1024];
    Mask::new(shape, &ranks).expect("one rank a pixel").write_u8(&mut texels).expect("the right length");
    for levels in [2, 4, 7, 16, 200] {
        let dither = even_grey(&texels, shape, levels).expect("good input");
        let bias = |v: u8| {
            let exact = f64::from(v) * f64::from(levels - 1) / 255.0;
            (sum_over_the_mask(&dither, shape, v) as f64 / 1024.0 - exact).abs()
        };
        let most = (0..=255).map(bias).fold(0.0, f64::max);
        assert!(most <= 1.0 / 512.0 && most > 0.9 / 512.0, "{levels} levels: {most}");
    }
}

/// A texel has the threshold of the exact formula, of ranks and of 16-bit values alike.
#[test]
fn texels_of_finer_masks() {
    let check = |texel: u8, numerator: i64, denominator: i64| {
        for (levels, v) in [(2, 0), (2, 127), (2, 128), (2, 255), (3, 64), (16, 201), (256, 9)] {
            let row = [v; 1];
            let mut to = [0];
            let texels = [texel];
            let dither = even_grey(&texels, Shape::new(1, 1), levels).expect("good input");
            dither.to_levels(0, &row[..], &mut to).expect("the right length");
            assert_eq!(to[0], level(v, levels, numerator, denominator), "{v} to {levels}, {numerator}/{denominator}");
        }
    };
    for m in (0..65_536).step_by(7).chain([65_535]) {
        check(dither::texel(2 * m + 1, 1 << 17), 2 * i64::from(m) + 1, 1 << 17);
    }
    for n in [1, 2, 3, 64, 254, 255, 256, 510, 1000, 16_777_216] {
        for rank in (0..n).step_by((n / 100).max(1) as usize).chain([n - 1]) {
            check(dither::texel(2 * rank + 1, 2 * n), 2 * i64::from(rank) + 1, 2 * i64::from(n));
        }
    }
    // 8-bit values stay what they are, but for 128, which has the threshold of 127.
    for m in 0..256 {
        assert_eq!(u32::from(dither::texel(2 * m + 1, 512)), if m == 128 { 127 } else { m });
    }
}

#[test]
fn texels_of_nonsense() {
    for (numerator, denominator) in [(1, 0), (1, 1), (u32::MAX, 1), (u32::MAX, u32::MAX), (7, 3)] {
        assert_eq!(dither::texel(numerator, denominator), 255, "{numerator}/{denominator}");
    }
    assert_eq!(dither::texel(0, 0), 0);
    let shape = Shape::new(4, 2);
    let wrong = [u32::MAX; 8];
    let mask = Mask::new(shape, &wrong).expect("one rank a pixel");
    let mut to = [0; 8];
    dither::texels(&mask, &mut to).expect("the right length");
    assert_eq!(to, [255; 8]);
    let error = dither::texels(&mask, &mut to[1..]).unwrap_err();
    assert_eq!(error.to_string(), "texels: 7 given, 8 needed");
}
