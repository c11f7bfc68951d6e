//! The builder: means, least noise, nearest colours, palettes without a volume.

use super::{CORNERS, INKS, Random, light, lights, mean, shares, table};
use bluegrad::dither::palette::{Fit, PaletteConfig};
use libm::cbrt;

fn oklab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    let m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    let s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    [
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    ]
}

/// The noise of each colour in a flat of colour `at`, with the gradient by central differences.
fn noise(colors: &[[f64; 3]], at: [f64; 3]) -> Vec<f64> {
    let gradient: [[f64; 3]; 3] = std::array::from_fn(|c| {
        let moved = |by: f64| oklab(std::array::from_fn(|i| at[i] + 0.002 + if i == c { by } else { 0.0 }));
        let (above, below) = (moved(1e-6), moved(-1e-6));
        std::array::from_fn(|i| (above[i] - below[i]) / 2e-6)
    });
    let squares = |color: &[f64; 3]| {
        let [l, a, b]: [f64; 3] = std::array::from_fn(|i| (0..3).map(|c| gradient[c][i] * (color[c] - at[c])).sum());
        4.0 * l * l + a * a + b * b
    };
    colors.iter().map(squares).collect()
}

fn distance(a: [f64; 3], b: [f64; 3], lightness: f64) -> f64 {
    let (a, b) = (oklab(a), oklab(b));
    (lightness * (a[0] - b[0])).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)
}

/// Nodes of a table: codes, and the shares in the order of the configuration.
fn nodes(table: &[u16]) -> Vec<([u8; 3], Vec<f64>)> {
    let (colors, side) = (usize::from(table[1]), usize::from(table[2]));
    let axes: [Vec<u8>; 3] = std::array::from_fn(|channel| {
        let entry = |code: usize| &table[4 + (256 * channel + code) * 2..][..2];
        (0..=255).filter(|code| matches!(entry(usize::from(*code))[1], 0 | 32768)).collect()
    });
    assert!(axes.iter().all(|axis| axis.len() == side), "codes share no node");
    let order = &table[1540..1540 + colors];
    let words = &table[1540 + colors..];
    let mut found = Vec::new();
    for (i, node) in words.chunks_exact(colors - 1).take(side.pow(3)).enumerate() {
        let code = [axes[0][i / side / side], axes[1][i / side % side], axes[2][i % side]];
        let mut shares = vec![0.0; colors];
        let mut before = 0.0;
        for (index, sum) in order.iter().zip(node.iter().map(|word| f64::from(*word)).chain([32768.0])) {
            // 32767 stands for 1, as no threshold is higher
            let sum = if sum > 32766.5 { 1.0 } else { sum / 32768.0 };
            shares[usize::from(*index)] = sum - before;
            before = sum;
        }
        found.push((code, shares));
    }
    found
}

/// Solves for the shares of up to four colours with a mean, by elimination; none if they cannot mix it.
fn mixture(colors: &[[f64; 3]], subset: &[usize], target: [f64; 3]) -> Option<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = (0..4)
        .map(|c| {
            let mut row: Vec<f64> = subset.iter().map(|i| if c < 3 { colors[*i][c] } else { 1.0 }).collect();
            row.push(if c < 3 { target[c] } else { 1.0 });
            row
        })
        .collect();
    let n = subset.len();
    for column in 0..n {
        let pivot = (column..4).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, pivot);
        if rows[column][column].abs() < 1e-9 {
            return None;
        }
        for other in 0..4 {
            if other != column {
                let factor = rows[other][column] / rows[column][column];
                let pivot = rows[column].clone();
                for (to, from) in rows[other].iter_mut().zip(pivot) {
                    *to -= factor * from;
                }
            }
        }
    }
    let shares: Vec<f64> = (0..n).map(|i| rows[i][n] / rows[i][i]).collect();
    (shares.iter().all(|share| *share > -1e-9) && rows[n..].iter().all(|row| row[n].abs() < 1e-9)).then_some(shares)
}

/// The least noise of all mixtures with a mean, over all sets of one to four colours.
fn least_noise(colors: &[[f64; 3]], target: [f64; 3], noise: &[f64]) -> Option<f64> {
    let mut best = None;
    for set in 1_u32..1 << colors.len() {
        if set.count_ones() <= 4 {
            let subset: Vec<usize> = (0..colors.len()).filter(|i| set >> i & 1 == 1).collect();
            if let Some(shares) = mixture(colors, &subset, target) {
                let sum: f64 = subset.iter().zip(shares).map(|(i, share)| noise[*i] * share).sum();
                best = Some(best.map_or(sum, |best: f64| best.min(sum)));
            }
        }
    }
    best
}

#[test]
fn nodes_have_the_least_noise() {
    let mut random = Random(3);
    for palette in [INKS.to_vec(), CORNERS.to_vec(), random.colors(7)] {
        let colors = lights(&palette);
        let mut inside = 0;
        for (code, shares) in nodes(&table(&PaletteConfig { grain: 0.0, nodes: 9, ..PaletteConfig::new(&palette) })) {
            let target = code.map(light);
            let noise = noise(&colors, target);
            let Some(least) = least_noise(&colors, target, &noise) else { continue };
            inside += 1;
            let mean = mean(&colors, &shares);
            for c in 0..3 {
                assert!((mean[c] - target[c]).abs() < 2e-4, "{code:?}: mean {mean:?}, wanted {target:?}");
            }
            let reached: f64 = shares.iter().zip(&noise).map(|(share, noise)| share * noise).sum();
            // each share is off by up to 2^-15
            let rounding: f64 = noise.iter().sum::<f64>() / 16384.0;
            assert!((reached - least).abs() < 1e-9 + rounding, "{code:?}: noise {reached}, the least is {least}");
        }
        assert!(inside > 10, "{inside} nodes inside");
    }
}

#[test]
fn nodes_outside_are_the_nearest_mixtures() {
    let mut random = Random(4);
    let colors = lights(&INKS);
    let config = PaletteConfig { grain: 0.0, nodes: 9, ..PaletteConfig::new(&INKS) };
    let mut outside = 0;
    for (code, shares) in nodes(&table(&config)).into_iter().step_by(7) {
        let target = code.map(light);
        if least_noise(&colors, target, &[0.0; 6]).is_some() {
            continue;
        }
        outside += 1;
        let reached = distance(mean(&colors, &shares), target, 1.0).sqrt();
        for _ in 0..400 {
            // from mixtures of all colours to mixtures near to the one that was found
            let weight = random.unit().powi(4);
            let other: Vec<f64> = (0..6).map(|_| -random.unit().max(1e-300).ln()).collect();
            let sum: f64 = other.iter().sum();
            let mixed: Vec<f64> = shares.iter().zip(&other).map(|(w, v)| w + weight * (v / sum - w)).collect();
            let better = distance(mean(&colors, &mixed), target, 1.0).sqrt();
            assert!(reached < better + 1e-4, "{code:?}: {reached}, but {better} by {mixed:?}");
        }
    }
    assert!(outside > 50, "{outside} nodes outside");
}

#[test]
fn grain_is_the_least_of_its_function() {
    let mut random = Random(5);
    let colors = lights(&CORNERS);
    for grain in [0.002_f32, 0.05] {
        let exact = nodes(&table(&PaletteConfig { grain: 0.0, nodes: 9, ..PaletteConfig::new(&CORNERS) }));
        let priced = nodes(&table(&PaletteConfig { grain, nodes: 9, ..PaletteConfig::new(&CORNERS) }));
        let mut less_noise = 0;
        for ((code, shares), (_, from)) in priced.into_iter().zip(exact).step_by(2) {
            let target = code.map(light);
            if CORNERS.contains(&code) || least_noise(&colors, target, &[0.0; 8]).is_none() {
                continue;
            }
            let noise = noise(&colors, target);
            let price = |shares: &[f64]| shares.iter().zip(&noise).map(|(share, noise)| share * noise).sum::<f64>();
            let error =
                |shares: &[f64]| distance(mean(&colors, shares), target, 2.0) + f64::from(grain) * price(shares);
            less_noise += usize::from(price(&shares) < price(&from) - 1e-3);
            for _ in 0..200 {
                let mut moved = shares.clone();
                let (to, away) = (random.below(8) as usize, random.below(8) as usize);
                let share = moved[away] * random.unit().powi(3);
                moved[to] += share;
                moved[away] -= share;
                assert!(error(&shares) < error(&moved) + 2e-6, "{code:?}: {} {}", error(&shares), error(&moved));
            }
        }
        assert!(less_noise > 3, "{less_noise} nodes with less noise");
    }
}

/// With grain 0 the mean of a tile is the input, where the palette can mix the nodes around.
#[test]
fn means_are_exact_in_light() {
    let mut random = Random(6);
    let config = PaletteConfig { grain: 0.0, nodes: 9, ..PaletteConfig::new(&CORNERS) };
    let words = table(&config);
    for _ in 0..100 {
        let pixel = random.pixel();
        let (mean, target) = (mean(&lights(&CORNERS), &shares(&words, pixel)), pixel.map(light));
        for c in 0..3 {
            assert!((mean[c] - target[c]).abs() < 1.5e-4, "{pixel:?}: {mean:?}, wanted {target:?}");
        }
    }
    // inks: around the middle of the hull
    let words = table(&PaletteConfig { grain: 0.0, nodes: 33, ..PaletteConfig::new(&INKS) });
    for _ in 0..40 {
        let pixel = [110, 110, 100].map(|code| code + random.below(9) as u8);
        let (mean, target) = (mean(&lights(&INKS), &shares(&words, pixel)), pixel.map(light));
        for c in 0..3 {
            assert!((mean[c] - target[c]).abs() < 1.5e-4, "{pixel:?}: {mean:?}, wanted {target:?}");
        }
    }
}

#[test]
fn a_panel_gets_its_black_and_white() {
    let colors = lights(&INKS);
    let words = table(&PaletteConfig { fit: Fit::Panel, grain: 0.0, ..PaletteConfig::new(&INKS) });
    assert_eq!(shares(&words, [0; 3])[0], 1.0, "black");
    assert_eq!(shares(&words, [255; 3])[1], 1.0, "white");
    for code in [60, 128, 200] {
        let mean = mean(&colors, &shares(&words, [code; 3]));
        for c in 0..3 {
            let target = colors[0][c] + (colors[1][c] - colors[0][c]) * light(code);
            // nodes beside the greys are out of gamut
            assert!((mean[c] - target).abs() < 2e-3, "{code}: {mean:?}, wanted {target} in channel {c}");
        }
    }
}

/// Two colours, three on a line, four on a plane.
#[test]
fn palettes_need_no_volume() {
    let grey = |code: u8| [code; 3];
    let config = |colors| PaletteConfig { grain: 0.0, ..PaletteConfig::new(colors) };
    let two = [grey(255), grey(0)];
    let words = table(&config(&two));
    for code in 0..=255 {
        let white = shares(&words, grey(code))[0];
        assert!((white - light(code)).abs() < 1e-4, "{code}: {white}");
    }
    let line = [grey(0), grey(120), grey(255)];
    let words = table(&config(&line));
    for code in [0, 30, 60, 90, 120, 150, 200, 255] {
        let found = shares(&words, grey(code));
        let mean = mean(&lights(&line), &found);
        assert!((mean[0] - light(code)).abs() < 2e-4, "{code}: {found:?}");
        // neighbours have less noise than the ends
        assert!(found[if code <= 120 { 2 } else { 0 }] < 1e-3, "{code}: {found:?}");
    }
    let plane = [grey(0), grey(255), [255, 0, 0], [0, 255, 255]];
    let words = table(&config(&plane));
    for pixel in [[200, 90, 90], [90, 200, 200], [40, 40, 40]] {
        let mean = mean(&lights(&plane), &shares(&words, pixel));
        for c in 0..3 {
            assert!((mean[c] - light(pixel[c])).abs() < 2e-3, "{pixel:?}: {mean:?}");
        }
    }
}

/// On a screen, and where a channel has more own codes than nodes.
#[test]
fn own_colors_are_solid() {
    let mut random = Random(7);
    for (count, nodes) in [(5, 9), (12, 9), (24, 17), (64, 17)] {
        let colors = random.colors(count);
        let words = table(&PaletteConfig { nodes, ..PaletteConfig::new(&colors) });
        for (index, color) in colors.iter().enumerate() {
            assert_eq!(shares(&words, *color)[index], 1.0, "colour {index} of {count}");
        }
    }
}

/// The bytes of two tables: they change with the builder alone, not with a machine.
#[test]
fn tables_are_golden() {
    let hash = |words: &[u16]| {
        words
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, word| (hash ^ u64::from(*word)).wrapping_mul(0x100_0000_01b3))
    };
    let none = table(&PaletteConfig::new(&INKS));
    assert!(none == table(&PaletteConfig::new(&INKS)), "another table at the second run");
    assert_eq!(hash(&none), 216_567_425_288_613_609, "Fit::None");
    let panel = table(&PaletteConfig { fit: Fit::Panel, ..PaletteConfig::new(&INKS) });
    assert_eq!(hash(&panel), 1_989_624_961_508_799_673, "Fit::Panel");
}
