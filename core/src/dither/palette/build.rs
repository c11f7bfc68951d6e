//! Builds the table of a palette: shares of the colours for every node of a grid of input colours.
//!
//! ```text
//! 1. order   colours by luminance, .2126 R + .7152 G + .0722 B in linear light
//! 2. axes    G codes a channel: 0, 255, the palette's own codes; then the middles of the widest gaps
//! 3. target  t = light of the node's codes, or k + (w − k)·light (Fit::Panel), k and w the darkest and the lightest colour
//! 4. inside the hull of the colours: shares w ≥ 0 that minimise Σ w_i·h_i under Σ w_i·p_i = t and Σ w_i = 1 (linear programme);
//!    outside: first the point of the hull that is nearest to t in OKLab, then the programme there
//! 5. noise   h_i = 4(J_L·d)² + (J_a·d)² + (J_b·d)²    d = p_i − t, J = ∂OKLab/∂light at t + .002
//! 6. grain   from there, minimise 4ΔL² + Δa² + Δb² + λ·Σ w_i·h_i, Δ from the point of step 4; λ = 0 keeps exact means
//! ```
//!
//! `h_i` is the noise in `OKLab` that a pixel of colour i adds to a flat of colour t, its lightness doubled as the eye resolves it better.
//! The programme picks the mixture of least noise; it has at most four colours.
//!
//! All numbers are f64 through `libm`: the same table on every machine. Nothing is allocated; the stack holds about 12 KiB.
//!
//! Source: `OKLab`: Ottosson, "A perceptual color space for image processing" (2020).

mod axes;
mod nearest;
mod oklab;
mod programme;

use super::{CHUNK, FORMAT, MOST_COLORS, ONE, check_colors, words};
use crate::dither::light::light;
use crate::error::{Error, length, number};
use axes::Axis;
use bytemuck::CheckedBitPattern;
use nearest::{Aim, nearest};
use oklab::Gradient;

pub use oklab::oklab;
use programme::programme;

/// Which colours of the input the palette shows as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, CheckedBitPattern)]
#[repr(u32)]
pub enum Fit {
    /// Colours are shown as they are; what the palette cannot mix becomes the nearest that it can.
    #[default]
    None = 0,
    /// Black becomes the palette's darkest colour, white its lightest, all between in proportion in linear light.
    Panel = 1,
}

/// What a table is made of.
#[derive(Clone, Copy, Debug)]
pub struct PaletteConfig<'c> {
    /// Colours as the display shows them, sRGB codes, 2 to 64, each another one. Indices of the output count them.
    pub colors: &'c [[u8; 3]],
    /// Which colours of the input are shown as they are.
    pub fit: Fit,
    /// Weight λ of noise against the error of the mean, 0 to 1. 0: exact means.
    pub grain: f32,
    /// Nodes of the grid along each channel: 9, 17 or 33.
    pub nodes: u32,
}

impl<'c> PaletteConfig<'c> {
    /// Returns the defaults for these colours: no fit, grain 0.002, 17 nodes.
    #[must_use]
    pub const fn new(colors: &'c [[u8; 3]]) -> Self {
        Self { colors, fit: Fit::None, grain: 0.002, nodes: 17 }
    }

    /// Checks all fields.
    ///
    /// # Errors
    /// [`Error::Colors`], [`Error::SameColors`], [`Error::Nodes`], [`Error::Number`] for the grain.
    pub fn check(&self) -> Result<(), Error> {
        check_colors(self.colors.len())?;
        for (color, second) in self.colors.iter().zip(0_u32..) {
            if let Some((_, first)) = self.colors.iter().zip(0..second).find(|(other, _)| *other == color) {
                return Err(Error::SameColors { first, second });
            }
        }
        words(self.colors.len(), self.nodes)?;
        number("grain of the palette", self.grain, 0.0, 1.0, "from 0 to 1")
    }

    /// Returns the length of this palette's table, in 16-bit words: [`words`] of its colours and nodes.
    ///
    /// # Errors
    /// [`Error::Colors`], [`Error::Nodes`].
    pub const fn words(&self) -> Result<usize, Error> {
        words(self.colors.len(), self.nodes)
    }
}

/// Linear light of an sRGB code, 0 to 1, to 2^-32.
fn light_of(code: u8) -> f64 {
    f64::from(light(u16::from(code) * 257)) / f64::from(u32::MAX)
}

/// One number per colour, by luminance. Numbers past the last colour are 0.
type PerColor = [f64; MOST_COLORS];

/// A colour as linear light, red, green and blue.
type Light = [f64; 3];

/// The colours of a palette, by luminance.
struct Colors {
    light: [Light; MOST_COLORS],
    lab: [[f64; 3]; MOST_COLORS],
    /// The colours' indices in the user's order.
    order: [u16; MOST_COLORS],
    count: usize,
}

impl Colors {
    fn new(codes: &[[u8; 3]]) -> Self {
        let zeros = [[0.0; 3]; MOST_COLORS];
        let mut colors = Self { light: zeros, lab: zeros, order: [0; MOST_COLORS], count: codes.len() };
        let mut keys = [(f64::INFINITY, 0_u16); MOST_COLORS];
        for ((key, code), index) in keys.iter_mut().zip(codes).zip(0..) {
            let [red, green, blue] = code.map(light_of);
            *key = (0.2126 * red + 0.7152 * green + 0.0722 * blue, index);
        }
        // bubbles: stable, no panic path, and 64 numbers
        for _ in 1..MOST_COLORS {
            for i in 1..MOST_COLORS {
                if keys[i - 1].0 > keys[i].0 {
                    (keys[i - 1], keys[i]) = (keys[i], keys[i - 1]);
                }
            }
        }
        for ((light, order), (_, index)) in colors.light.iter_mut().zip(&mut colors.order).zip(keys).take(codes.len()) {
            *order = index;
            *light = codes.get(usize::from(index)).copied().unwrap_or_default().map(light_of);
        }
        for (lab, light) in colors.lab.iter_mut().zip(&colors.light) {
            *lab = oklab(light);
        }
        colors
    }

    /// Returns the light of each colour.
    fn iter(&self) -> impl Iterator<Item = &Light> {
        self.light.iter().take(self.count)
    }

    /// Returns `Σ w_i·p_i`.
    fn mean(&self, shares: &PerColor) -> Light {
        let mut mean = [0.0; 3];
        for (color, share) in self.iter().zip(shares) {
            for (sum, light) in mean.iter_mut().zip(color) {
                *sum += share * light;
            }
        }
        mean
    }

    /// Returns the noise `h_i` that each colour adds to a flat of colour `at`.
    fn noise(&self, at: &Light) -> PerColor {
        let gradient = Gradient::at(&at.map(|light| light + 0.002));
        let mut noise = [0.0; MOST_COLORS];
        for (noise, color) in noise.iter_mut().zip(self.iter()) {
            let [r, g, b] = color;
            let [at_r, at_g, at_b] = at;
            let [l, a, b] = gradient.times(&[r - at_r, g - at_g, b - at_b]);
            *noise = 4.0 * l * l + a * a + b * b;
        }
        noise
    }
}

/// Writes the table of a palette, of [`PaletteConfig::words`] words.
///
/// 6 colours take about 60 ms at 17 nodes an axis, 64 colours some seconds at 33.
///
/// # Errors
/// Those of [`PaletteConfig::check`]; [`Error::Length`] for a table of another length.
pub fn build(config: &PaletteConfig<'_>, table: &mut [u16]) -> Result<(), Error> {
    config.check()?;
    length("table of a palette", config.words()?, table.len())?;
    let colors = Colors::new(config.colors);
    let (black, white) = match (config.fit, colors.light, colors.iter().last()) {
        (Fit::Panel, [first, ..], Some(last)) => (first, *last),
        _ => ([0.0; 3], [1.0; 3]),
    };
    let own = own_codes(&colors, &black, &white);
    let [red, green, blue] = [0, 1, 2].map(|channel| Axis::new(&own, channel, config.nodes));

    let mut words = table.iter_mut();
    let mut put = |word: u16| {
        if let Some(to) = words.next() {
            *to = word;
        }
    };
    // at most 64 colours and 33 nodes
    let (count, side) = (colors.count as u16, config.nodes as u16);
    for word in [FORMAT, count, side, 0] {
        put(word);
    }
    for (axis, step) in [(&red, side * side), (&green, side), (&blue, 1)] {
        for code in 0..=255 {
            let (node, fraction) = axis.find(code);
            put(node * step);
            put(fraction);
        }
    }
    for index in colors.order.iter().take(colors.count) {
        put(*index);
    }

    let nodes = red.nodes().flat_map(|r| green.nodes().flat_map(move |g| blue.nodes().map(move |b| [r, g, b])));
    let mut mixer = Mixer { colors: &colors, grain: config.grain.into(), last: None };
    for node in nodes {
        // the palette's own codes are nodes, so equal codes are the colour's node
        let is_own = |code: &Option<[u8; 3]>| code.is_some_and(|code| (0..3).all(|i| node[i].holds(code[i])));
        let mut shares = [0.0; MOST_COLORS];
        match shares.iter_mut().zip(&own).find(|(_, code)| is_own(code)) {
            Some((share, _)) => *share = 1.0,
            None => {
                let mut target = node.map(|node| light_of(node.code));
                for ((target, black), white) in target.iter_mut().zip(&black).zip(&white) {
                    *target = black + (white - black) * *target;
                }
                shares = mixer.mix(&target);
            }
        }
        let mut sum = 0.0;
        for share in shares.iter().take(colors.count - 1) {
            sum += share;
            // a sum of shares is not negative, and the cast saturates
            put(((sum * f64::from(ONE) + 0.5) as u16).min(ONE - 1));
        }
    }
    for _ in 1..CHUNK {
        put(0);
    }
    Ok(())
}

/// Returns the input codes that show each colour alone: none if no code of the input is as dark or as light as that.
fn own_codes(colors: &Colors, black: &Light, white: &Light) -> [Option<[u8; 3]>; MOST_COLORS] {
    let mut own = [None; MOST_COLORS];
    for (own, color) in own.iter_mut().zip(colors.iter()) {
        let mut codes = [0; 3];
        let mut all = true;
        for (((code, light), black), white) in codes.iter_mut().zip(color).zip(black).zip(white) {
            // the nearest code, the first of two
            let error = |code: u8| (black + (white - black) * light_of(code) - light).abs();
            *code = (1..=255).fold(0, |best, code| if error(code) < error(best) { code } else { best });
            // beyond the ends by more than rounding
            let beyond = (light - black.min(*white)).min(black.max(*white) - light) < -1e-3;
            all &= !beyond;
        }
        *own = all.then_some(codes);
    }
    own
}

/// Finds the shares of colours, target after target.
struct Mixer<'c> {
    colors: &'c Colors,
    grain: f64,
    /// Shares of the last point of the hull that was nearest to something: a start for the next search.
    last: Option<PerColor>,
}

impl Mixer<'_> {
    fn mix(&mut self, target: &Light) -> PerColor {
        let colors = self.colors;
        let mut noise = colors.noise(target);
        let mut point = *target;
        let shares = match programme(colors, target, &noise) {
            Some(shares) => shares,
            None => {
                let hull = self.nearest_in_hull(target);
                point = colors.mean(&hull);
                noise = colors.noise(&point);
                // on the rim of the hull the programme may miss by rounding
                programme(colors, &point, &noise).unwrap_or(hull)
            }
        };
        if self.grain == 0.0 {
            return shares;
        }
        nearest(colors, &Aim { lab: oklab(&point), lightness: 2.0, grain: self.grain, noise: &noise }, shares)
    }

    /// Returns shares of the point of the hull that is nearest to the target in `OKLab`.
    fn nearest_in_hull(&mut self, target: &Light) -> PerColor {
        let aim = Aim { lab: oklab(target), lightness: 1.0, grain: 0.0, noise: &[0.0; MOST_COLORS] };
        let mut start = [0.0; MOST_COLORS];
        let mut least = f64::INFINITY;
        for (i, lab) in self.colors.lab.iter().enumerate().take(self.colors.count) {
            if aim.distance(lab) < least {
                least = aim.distance(lab);
                start = [0.0; MOST_COLORS];
                start[i % MOST_COLORS] = 1.0;
            }
        }
        if let Some(last) = self.last
            && aim.error(self.colors, &last) < least
        {
            start = last;
        }
        let shares = nearest(self.colors, &aim, start);
        self.last = Some(shares);
        shares
    }
}
