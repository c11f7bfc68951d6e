//! The files that the command line reads: masks in every format, pictures, profiles, tables of quantiles. A mask that is read has the
//! values that its bytes say, in the right order wherever only the order counts; anything else is one line.

use arbitrary::Arbitrary;
use bluegrad::{Config, Error, Generator, Layout, Line, Preset, Shape};
use bluegrad_cli::readers::{self, Choice, Mask};

/// Extensions beside those of the readers: a format that is only written, and capital letters.
const MORE_EXTENSIONS: [&str; 2] = ["h", "PNG"];
/// The most pixels of a mask here; the program takes 4096x4096.
const MOST_PIXELS: usize = 2048;
/// Those of a mask that is measured: a millisecond.
const MOST_MEASURED: usize = 100;

/// An input; the first byte says what the rest is.
#[derive(Arbitrary, Debug)]
pub struct Case<'a> {
    kind: u8,
    width: u8,
    height: u8,
    bytes: &'a [u8],
}

/// Reads a case.
pub fn run(case: &Case<'_>) {
    let bytes = case.bytes;
    match case.kind % 16 {
        0..8 => mask(case),
        8..11 => picture(bytes),
        11..14 => {
            said(readers::profile(bytes)).map(|profile| profile.check().expect("a good profile"));
        }
        _ => {
            said(readers::distribution(bytes)).map(|table| table.check().expect("a good distribution"));
        }
    }
}

/// What was read; or else something was said.
fn said<T>(result: Result<T, String>) -> Option<T> {
    result.map_err(|line| assert!(line.len() > 5, "{line:?}")).ok()
}

fn mask(case: &Case<'_>) {
    let check = |shape: Shape| {
        if shape.pixels() > MOST_PIXELS { Err(Error::StepCount) } else { bluegrad::dither::check(shape) }
    };
    let extensions: Vec<&str> = readers::extensions().chain(MORE_EXTENSIONS).collect();
    // with up to 8 extensions only the low bits of `kind` count, so that the corpus keeps its meaning
    let number = usize::from(case.kind % 8 + case.kind / 16 * 8);
    let name = format!("m.{}", extensions[number % extensions.len()]);
    // a height without a width says what is read of the file, so that the corpus keeps its meaning
    let (shape, choice) = match case.width {
        0 => (None, usize::from(case.height)),
        width => (Some(Shape::new(width.into(), case.height.into())), 0),
    };
    let choice = Choice {
        raw_shape: shape,
        channel: [None, Some("r"), Some("g"), Some("b"), Some("a"), Some("x")][choice % 6],
        slices: [None, Some("2"), Some("3x1"), Some("2x2"), Some("4096"), Some("1x")][choice / 6 % 6],
        slice: [None, Some(0), Some(1), Some(u32::MAX)][choice / 36 % 4],
    };
    let Some(masks) = said(readers::masks(&name, case.bytes, &choice, check, MOST_MEASURED)) else { return };
    let one = masks.first().expect("a file that is read has a mask");
    assert!(masks.iter().all(|mask| mask.shape == one.shape), "slices have one shape");
    assert!(masks.len() == 1 || choice.slice.is_none());
    masks.iter().for_each(check_mask);
    refine(one);
}

fn check_mask(mask: &Mask) {
    let n = mask.shape.pixels();
    assert_eq!([mask.values.len(), mask.places.len(), mask.thresholds.len()], [n; 3]);
    assert!(mask.values.iter().all(|value| value.is_finite()) && mask.shared <= n);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| mask.values[*a].total_cmp(&mask.values[*b]));
    for pair in order.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        assert!(mask.thresholds[a] <= mask.thresholds[b], "thresholds are in the order of the values");
        let alike = mask.values[a] == mask.values[b];
        assert_eq!(mask.places[a] == mask.places[b], alike, "places are alike where values are");
        assert!(mask.places[a] <= mask.places[b], "places are in the order of the values");
    }
}

/// A run that starts from it.
fn refine(mask: &Mask) {
    let Shape { width, height, .. } = mask.shape;
    let config = Config::new(Preset::DitherFast, width, height);
    let config = Config { recipe: config.recipe.refining(), ..config };
    if bluegrad::measure::check(mask.shape).is_err() {
        return;
    }
    let mut memory = vec![Line::ZERO; Layout::new(&config).expect("a size that masks have").lines()];
    let (mut generator, ties) =
        Generator::init_with_mask(Line::as_bytes_mut(&mut memory), &config, &mask.places).expect("finite values");
    assert!((ties as usize) < mask.shape.pixels() && (ties > 0) == (mask.shared > 0));
    generator.step(1).expect("a good block");
}

fn picture(bytes: &[u8]) {
    // of a picture that says it is large the program takes as much memory as it needs, up to a gibibyte
    let side =
        |at: usize| bytes.get(at..at + 4).map_or(0, |side| u32::from_be_bytes([side[0], side[1], side[2], side[3]]));
    if u64::from(side(16)) * u64::from(side(20)) > 1 << 16 {
        return;
    }
    if let Some((shape, length)) = said(readers::picture(bytes)) {
        let channels = length / shape.pixels();
        assert!(length.is_multiple_of(shape.pixels()) && (1..=8).contains(&channels), "{length} bytes of {shape:?}");
    }
}
