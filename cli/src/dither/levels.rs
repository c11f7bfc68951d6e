//! Output levels of a run: numbers and values, as options and format ask for them.

use crate::args::{AlphaName, DitherArgs, Levels, SampleDepth, Values};
use crate::failure::{Failure, Result};
use crate::raster::{Choice, Kind, Layout};

/// Values of the levels of red, green and blue, 16-bit codes.
pub(super) struct Tones {
    pub(super) values: [Vec<u16>; 3],
    /// The levels are even, and their values are not rounded, or not written.
    pub(super) even: bool,
    /// The channels have levels of their own, so the result is RGB.
    pub(super) apart: bool,
}

impl Tones {
    /// Checks levels, values and format against each other.
    ///
    /// `levels` are those of a palette that is made of levels.
    pub(super) fn new(args: &DitherArgs, choice: Choice, levels: Option<[u32; 3]>) -> Result<Self> {
        let rules = Rules::of(choice);
        let name = choice.format.name;
        let (counts, apart) = match (&args.values, args.levels.or(levels.map(|levels| Levels(levels, true))), args.bits)
        {
            (Some(Values(lists)), ..) => ([0, 1, 2].map(|i| lists[i % lists.len()].len() as u32), lists.len() == 3),
            (None, Some(Levels(levels, apart)), _) => (levels, apart),
            (None, None, Some(levels)) => ([levels; 3], false),
            (None, None, None) => (rules.default, false),
        };
        if apart && rules.grey {
            return Err(Failure::usage(format_args!(
                "--format {name} holds grey: give one number of levels, or one list of values"
            )));
        }
        let [red, green, blue] = rules.most;
        if rules.exact && counts != rules.most {
            let holds = if rules.most == [red; 3] {
                format!("{red} levels")
            } else {
                format!("{red}, {green} and {blue} levels")
            };
            return Err(Failure::usage(format_args!(
                "--format {name} holds {holds}: leave --bits, --levels and --values out"
            )));
        }
        if counts.iter().zip(rules.most).any(|(count, most)| *count > most) {
            return Err(Failure::usage(format_args!("--format {name} holds at most {red} levels")));
        }
        let sixteen = args.depth == Some(SampleDepth::Sixteen);
        let values =
            match &args.values {
                Some(Values(lists)) => {
                    if let Some(value) = lists.iter().flatten().find(|value| !sixteen && **value > 255) {
                        return Err(Failure::usage(format_args!(
                            "--values {value}: a value is at most 255; with --depth 16, 65535"
                        )));
                    }
                    let scale = if sixteen { 1 } else { 257 };
                    [0, 1, 2].map(|i| lists[i % lists.len()].iter().map(|value| scale * value).collect())
                }
                // A level that the file does not name by an 8-bit value is in its exact place.
                None => counts.map(|levels| {
                    if sixteen || !rules.values { even::<65535, 1>(levels) } else { even::<255, 257>(levels) }
                }),
            };
        let most = if sixteen { 65535_u32 } else { 255 };
        let even = counts.iter().all(|levels| !rules.values || most.is_multiple_of(levels - 1));
        Ok(Self { values, even: even && args.values.is_none(), apart: apart || rules.rgb })
    }
}

/// Levels from 0 to `MOST`, rounded, halves up, times `SCALE`.
pub(super) fn even<const MOST: u32, const SCALE: u16>(levels: u32) -> Vec<u16> {
    // Fits: values are at most MOST.
    (0..levels).map(|level| SCALE * ((2 * MOST * level + levels - 1) / (2 * (levels - 1))) as u16).collect()
}

/// What a format holds.
pub(super) struct Rules {
    /// Most levels of each channel.
    most: [u32; 3],
    /// Number of levels is `most`.
    exact: bool,
    default: [u32; 3],
    /// Pixels are grey or indices of a palette.
    pub(super) grey: bool,
    /// Pixels are RGB.
    pub(super) rgb: bool,
    /// Samples are values, not levels.
    pub(super) values: bool,
}

impl Rules {
    pub(super) fn of(choice: Choice) -> Self {
        let free = Self { most: [256; 3], exact: false, default: [2; 3], grey: false, rgb: false, values: false };
        let layout = |layout| match layout {
            Layout::Bits(bits) => Self { most: [1 << bits; 3], default: [1 << bits; 3], ..free },
            Layout::Planes => Self { most: [4; 3], default: [4; 3], grey: true, ..free },
            Layout::Rgb332 => Self { most: [8, 8, 4], default: [8, 8, 4], exact: true, rgb: true, ..free },
            Layout::Rgb565(_) => Self { most: [32, 64, 32], default: [32, 64, 32], exact: true, rgb: true, ..free },
        };
        match (choice.format.kind, choice.layout) {
            (Kind::Png, _) => Self { values: true, ..free },
            (Kind::Pbm | Kind::Xbm, _) => Self { most: [2; 3], exact: true, grey: true, ..free },
            (Kind::Pgm, _) => Self { grey: true, values: true, ..free },
            (Kind::Ppm, _) => Self { rgb: true, values: true, ..free },
            (Kind::Raw(raw), _) | (Kind::C, Some(raw)) => layout(raw),
            (Kind::C, None) => free,
        }
    }
}

/// Refuses options that say nothing about the format.
pub(super) fn check(args: &DitherArgs, choice: Choice) -> Result<()> {
    let name = choice.format.name;
    let refuse = |option: &str, formats: &str| {
        Err(Failure::usage(format_args!("{option} goes with {formats}, not with {name}")))
    };
    let (kind, layout) = (choice.format.kind, choice.layout);
    if kind != Kind::Png && !matches!(args.alpha, AlphaName::Over(_)) {
        return refuse("--alpha keep or dither", "png");
    }
    let ordered = |layout| matches!(layout, Layout::Bits(_) | Layout::Planes);
    if args.depth.is_some() && !Rules::of(choice).values {
        return refuse("--depth", "png, pgm and ppm");
    }
    let takes_order = match kind {
        Kind::Raw(layout) => ordered(layout),
        Kind::C => layout.is_none_or(ordered),
        _ => false,
    };
    if args.bit_order.is_some() && !takes_order {
        return refuse("--bit-order", "raw1, raw2, raw4, planes and c");
    }
    if args.name.is_some() && !choice.is_text() {
        return refuse("--name", "c and xbm");
    }
    Ok(())
}
