//! The golden cases: small masks of every kind of stage, each as one line with the hash of its ranks. They need memory, and nothing
//! else of the machine.

#![no_std]

use bluegrad::filters::{Filters, SpaceFilter, TimeFilter};
use bluegrad::recipe::{FilterFill, FilterPolish};
use bluegrad::{Config, Error, Generator, Layout, Preset, Recipe, SimdLevel, Stage};
use core::fmt;

/// The seeds of each preset and size.
const SEEDS: [u64; 2] = [0, 7];
/// The sizes of every preset.
const SIZES: [(u32, u32); 4] = [(16, 16), (32, 32), (64, 64), (32, 16)];
/// Two more for those whose sides need not be powers of two.
const ODD: [(u32, u32); 2] = [(40, 24), (17, 31)];

/// Whole-mask presets, with the steps of their first stage.
const SPECTRAL: [(Preset, u32); 2] = [(Preset::Published, 200), (Preset::Spectral, 200)];
/// Presets for dithering; what is a front has so many steps of it.
const DITHER: [Preset; 4] = [Preset::Dither, Preset::DitherFast, Preset::VoidAndCluster, Preset::DitherGradient];
const FRONT_STEPS: u32 = 60;

const SPECTRAL_CASES: usize = SPECTRAL.len() * SIZES.len() * SEEDS.len();
const FLAT_CASES: usize = SPECTRAL_CASES + DITHER.len() * (SIZES.len() + ODD.len()) * SEEDS.len();

/// Width, height, layers and channels of the volumes, all of one seed; those of filters have one channel.
const VOLUMES: [[u32; 4]; 2] = [[16, 16, 4, 2], [17, 31, 1, 4]];
const OF_VOLUMES: [Preset; 2] = [Preset::Dither, Preset::SpaceTime];
const FILTERED: [[u32; 4]; 1] = [[16, 16, 4, 1]];
const SEED_OF_VOLUMES: u64 = 7;

/// How many cases there are.
pub const COUNT: usize = FLAT_CASES + OF_VOLUMES.len() * VOLUMES.len() + FILTERED.len();

/// Bytes of memory that serve every case.
pub const MEMORY: usize = {
    let (mut most, mut index) = (0, 0);
    while index < COUNT {
        let bytes = match Layout::new(&Case::new(index).config) {
            Ok(layout) => layout.bytes(),
            Err(_) => panic!("every case is a valid configuration"),
        };
        most = if bytes > most { bytes } else { most };
        index += 1;
    }
    most
};

/// One mask to make.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its preset's name, or what else it is made by.
    pub name: &'static str,
    /// What the mask is made from: the preset, with fewer steps where it has many.
    pub config: Config,
}

impl Case {
    /// The case of an index below [`COUNT`]; past it, one of those again.
    #[must_use]
    pub const fn new(index: usize) -> Self {
        let index = index % COUNT;
        if index >= FLAT_CASES {
            return Self::volume(index - FLAT_CASES);
        }
        let (of_seed, place) = (index % SEEDS.len(), index / SEEDS.len());
        let (preset, (width, height)) = if index < SPECTRAL_CASES {
            (SPECTRAL[place / SIZES.len()].0, SIZES[place % SIZES.len()])
        } else {
            let (place, sizes) = (place - SPECTRAL_CASES / SEEDS.len(), SIZES.len() + ODD.len());
            let size = place % sizes;
            (DITHER[place / sizes], if size < SIZES.len() { SIZES[size] } else { ODD[size - SIZES.len()] })
        };
        let mut config = Config { seed: SEEDS[of_seed], ..Config::new(preset, width, height) };
        match &mut config.recipe.stages[0] {
            Stage::Spectral(stage) => stage.steps = SPECTRAL[place / SIZES.len() % SPECTRAL.len()].1,
            Stage::Front(stage) => stage.steps = FRONT_STEPS,
            _ => {}
        }
        Self { name: preset.name(), config }
    }

    /// The case of a volume.
    const fn volume(index: usize) -> Self {
        let of_preset = index < OF_VOLUMES.len() * VOLUMES.len();
        let (preset, [width, height, layers, channels]) = if of_preset {
            (OF_VOLUMES[index / VOLUMES.len()], VOLUMES[index % VOLUMES.len()])
        } else {
            (Preset::Dither, FILTERED[index % FILTERED.len()])
        };
        let mut config = Config { seed: SEED_OF_VOLUMES, ..Config::new(preset, width, height) };
        config.shape = config.shape.with_layers(layers).with_channels(channels);
        if of_preset {
            return Self { name: preset.name(), config };
        }
        let polish = FilterPolish { time_radius: 2, share: 0.5, ..FilterPolish::PLAIN };
        config.recipe = Recipe::new(&[Stage::FilterFill(FilterFill::PLAIN), Stage::FilterPolish(polish)]);
        config.recipe.filters = Filters::product(SpaceFilter::gaussian(1.0), TimeFilter::ema(0.2));
        Self { name: "filters", config }
    }

    /// Makes the mask at a level, in memory that starts at a multiple of 64 and has [`MEMORY`] bytes.
    ///
    /// # Errors
    /// Those of [`Generator::init`].
    pub fn run(&self, level: SimdLevel, memory: &mut [u8]) -> Result<Outcome, Error> {
        let mut generator = Generator::init(memory, &Config { level, ..self.config })?;
        let steps = generator.step(u32::MAX)?.steps - 1;
        Ok(Outcome { case: *self, level: generator.report().level, steps, hash: hash(generator.mask()?.ranks()) })
    }
}

/// A mask that was made.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Which.
    pub case: Case,
    /// The level that it was made at.
    pub level: SimdLevel,
    /// Steps before the one that ranks.
    pub steps: u32,
    /// FNV-1a, 64 bits, over the ranks as little-endian u32.
    pub hash: u64,
}

/// Level and then, as in `tests/golden.txt`: preset, width, height (`16x4x2` with layers and channels), seed, steps, hash.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Config { shape, seed, .. } = self.case.config;
        write!(f, "{} {} {} {}", self.level.name(), self.case.name, shape.width, shape.height)?;
        if !shape.is_flat() {
            write!(f, "x{}x{}", shape.layers, shape.channels)?;
        }
        write!(f, " {seed} {} {:016x}", self.steps, self.hash)
    }
}

/// FNV-1a, 64 bits, over ranks as little-endian u32: the hash of `tests/golden.txt`.
#[must_use]
pub fn hash(ranks: &[u32]) -> u64 {
    let bytes = ranks.iter().flat_map(|rank| rank.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
