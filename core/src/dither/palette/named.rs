//! Built-in palettes: colours that a device is sent, and the colours that it shows.

/// A built-in palette.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Named {
    /// Name, lower case with hyphens.
    pub name: &'static str,
    /// What the palette is for, one line.
    pub purpose: &'static str,
    /// Colours that the device is sent, sRGB codes, in the order of its indices.
    pub nominal: &'static [[u8; 3]],
    /// Colours that the device shows: what [`super::build()`] takes. On a screen the nominal ones.
    pub shown: &'static [[u8; 3]],
    /// Where the shown colours come from; empty where they are the nominal ones.
    pub source: &'static str,
    /// Even levels of red, green and blue that make the palette instead, with both lists empty: more than 64 colours.
    pub levels: Option<[u32; 3]>,
}

const BLACK: [u8; 3] = [0, 0, 0];
const WHITE: [u8; 3] = [255, 255, 255];
const RED: [u8; 3] = [255, 0, 0];
const YELLOW: [u8; 3] = [255, 255, 0];
const GREEN: [u8; 3] = [0, 255, 0];
const BLUE: [u8; 3] = [0, 0, 255];

/// A palette of a screen: it shows what it is sent.
const fn screen(name: &'static str, purpose: &'static str, colors: &'static [[u8; 3]]) -> Named {
    Named { name, purpose, nominal: colors, shown: colors, source: "", levels: None }
}

const SPECTRA_6: &[[u8; 3]] = &[BLACK, WHITE, YELLOW, RED, BLUE, GREEN];

/// All built-in palettes.
///
/// Panels of one kind differ, and their colours change with temperature and age: measure your own for the best result. Published figures
/// were taken under their authors' light, white paper as they had it.
pub const NAMED: [Named; 12] = [
    Named {
        name: "black-white-red",
        purpose: "three-colour e-paper",
        nominal: &[BLACK, WHITE, RED],
        shown: &[[5, 5, 5], [200, 200, 200], [120, 15, 5]],
        source: "HANSHOW_BWR and SOLUM_BWR of epaper-dithering 6.1.1 (PyPI, MIT)",
        levels: None,
    },
    Named {
        name: "black-white-yellow",
        purpose: "three-colour e-paper",
        nominal: &[BLACK, WHITE, YELLOW],
        shown: &[[5, 5, 5], [200, 200, 200], [200, 180, 0]],
        source: "HANSHOW_BWY of epaper-dithering 6.1.1 (PyPI, MIT)",
        levels: None,
    },
    Named {
        name: "black-white-yellow-red",
        purpose: "four-colour e-paper",
        nominal: &[BLACK, WHITE, YELLOW, RED],
        shown: &[[10, 7, 14], [173, 178, 174], [172, 128, 0], [85, 24, 14]],
        source: "BWRY_3_97 of epaper-dithering 6.1.1 (PyPI, MIT)",
        levels: None,
    },
    Named {
        name: "spectra-6",
        purpose: "six-colour e-paper, E Ink Spectra 6 (E6), as measured",
        nominal: SPECTRA_6,
        shown: &[[31, 24, 41], [168, 180, 182], [180, 173, 0], [113, 24, 19], [36, 70, 139], [50, 84, 60]],
        source: "SPECTRA_7_3_6COLOR_V2 of epaper-dithering 6.1.1 (PyPI, MIT)",
        levels: None,
    },
    screen("spectra-6-nominal", "six-colour e-paper whose driver matches colours itself", SPECTRA_6),
    Named {
        name: "acep-7",
        purpose: "seven-colour e-paper, E Ink Gallery (ACeP)",
        nominal: &[BLACK, WHITE, GREEN, BLUE, RED, YELLOW, [255, 128, 0]],
        shown: &[[57, 48, 57], WHITE, [58, 91, 70], [61, 59, 94], [156, 72, 75], [208, 190, 71], [177, 106, 73]],
        source: "SATURATED_PALETTE of inky 2.6.0, inky_uc8159 (PyPI, MIT), its white taken as 255",
        levels: None,
    },
    screen(
        "game-boy",
        "four greens of the Game Boy of 1989",
        &[[15, 56, 15], [48, 98, 48], [139, 172, 15], [155, 188, 15]],
    ),
    screen("cga", "IBM CGA, palette 1 at high intensity", &[BLACK, [85, 255, 255], [255, 85, 255], WHITE]),
    screen(
        "ega",
        "the 16 default colours of IBM EGA",
        &[
            BLACK,
            [0, 0, 170],
            [0, 170, 0],
            [0, 170, 170],
            [170, 0, 0],
            [170, 0, 170],
            [170, 85, 0],
            [170, 170, 170],
            [85, 85, 85],
            [85, 85, 255],
            [85, 255, 85],
            [85, 255, 255],
            [255, 85, 85],
            [255, 85, 255],
            [255, 255, 85],
            WHITE,
        ],
    ),
    screen(
        "pico-8",
        "the 16 colours of the fantasy console PICO-8",
        &[
            BLACK,
            [29, 43, 83],
            [126, 37, 83],
            [0, 135, 81],
            [171, 82, 54],
            [95, 87, 79],
            [194, 195, 199],
            [255, 241, 232],
            [255, 0, 77],
            [255, 163, 0],
            [255, 236, 39],
            [0, 228, 54],
            [41, 173, 255],
            [131, 118, 156],
            [255, 119, 168],
            [255, 204, 170],
        ],
    ),
    screen(
        "primaries",
        "the 8 corners of RGB",
        &[BLACK, RED, GREEN, YELLOW, BLUE, [255, 0, 255], [0, 255, 255], WHITE],
    ),
    Named {
        name: "web-safe",
        purpose: "216 colours, 6 even levels a channel: dithered by levels, without a table",
        nominal: &[],
        shown: &[],
        source: "",
        levels: Some([6, 6, 6]),
    },
];

/// Returns the built-in palette of a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Named> {
    const ALL: &[Named] = &NAMED;
    ALL.iter().find(|palette| palette.name == name)
}
