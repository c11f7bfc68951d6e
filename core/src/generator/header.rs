//! Header of a block: configuration and progress, from which a run is reopened.

use crate::distribution::Distribution;
use crate::error::Error;
use crate::filters::Filters;
use crate::layout::HEADER_BYTES;
use crate::memory;
use crate::recipe::{Config, MAX_STAGES, Recipe, STAGE_WORDS, Stage, Start};
use crate::shape::Shape;
use crate::simd::SimdLevel;
use crate::spectral::{Losses, Profile};
use bytemuck::{Pod, Zeroable, checked};

/// Algorithm version: the same configuration and the same number give the same mask, byte for byte, on every machine.
pub const ALGORITHM_VERSION: u32 = 5;

const MAGIC: [u8; 8] = *b"bluegrad";

const DISTRIBUTION_WORDS: usize = size_of::<Distribution>() / 4;
const FILTER_WORDS: usize = size_of::<Filters>() / 4;

/// Steps done, and what the last step saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Progress {
    /// Steps done.
    pub(super) step: u32,
    pub(super) stage: u32,
    pub(super) losses: Losses,
    pub(super) gradient_norm: f32,
    /// Buffer that holds the state, see [`super::state`].
    pub(super) state: u32,
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Header {
    magic: [u8; 8],
    version: u32,
    /// FNV-1a over the bytes after this word.
    checksum: u32,
    /// Size of this header: blocks of earlier layouts have another word here.
    size: u32,
    shape: Shape,
    seed: [u32; 2],
    level: u32,
    distribution: [u32; DISTRIBUTION_WORDS],
    stages: [[u32; STAGE_WORDS]; MAX_STAGES],
    stage_count: u32,
    start: u32,
    profile: Profile,
    filters: [u32; FILTER_WORDS],
    progress: Progress,
}

const _: () = assert!(size_of::<Header>() <= HEADER_BYTES);

impl Header {
    pub(super) fn write(memory: &mut [u8], config: &Config, progress: &Progress) -> Result<(), Error> {
        let mut header = Self {
            magic: MAGIC,
            version: ALGORITHM_VERSION,
            size: size_of::<Self>() as u32,
            checksum: 0,
            shape: config.shape,
            seed: [config.seed as u32, (config.seed >> 32) as u32],
            level: config.level as u32,
            distribution: bytemuck::must_cast(config.distribution),
            stages: config.recipe.stages.map(|stage| stage.to_words()),
            stage_count: config.recipe.stage_count,
            start: config.recipe.start as u32,
            profile: config.recipe.profile,
            filters: bytemuck::must_cast(config.recipe.filters),
            progress: *progress,
        };
        header.checksum = header.sum();
        let to = memory.get_mut(..size_of::<Self>()).ok_or(Error::DAMAGED)?;
        to.copy_from_slice(bytemuck::bytes_of(&header));
        Ok(())
    }

    pub(super) fn read(memory: &[u8]) -> Result<(Config, Progress), Error> {
        let from = memory.get(..size_of::<Self>()).unwrap_or_default();
        let header: Self =
            bytemuck::try_pod_read_unaligned(from).map_err(|_| Error::NotAGenerator("it is too short"))?;
        if header.magic != MAGIC {
            return Err(Error::NotAGenerator("it does not begin as one"));
        }
        if header.version != ALGORITHM_VERSION || header.size as usize != size_of::<Self>() {
            return Err(Error::NotAGenerator("it is of another version or endianness"));
        }
        if header.checksum != header.sum() {
            return Err(Error::NotAGenerator("its header is damaged"));
        }
        const DAMAGED: Error = Error::NotAGenerator("its configuration is damaged");
        let mut stages = [Stage::EMPTY; MAX_STAGES];
        for (stage, words) in stages.iter_mut().zip(header.stages) {
            *stage = Stage::from_words(&words).map_err(|_| DAMAGED)?;
        }
        let config = Config {
            shape: header.shape,
            level: checked::try_cast::<u32, SimdLevel>(header.level).map_err(|_| DAMAGED)?,
            distribution: checked::try_cast(header.distribution).map_err(|_| DAMAGED)?,
            recipe: Recipe {
                stages,
                stage_count: header.stage_count,
                start: checked::try_cast::<u32, Start>(header.start).map_err(|_| DAMAGED)?,
                profile: header.profile,
                filters: checked::try_cast(header.filters).map_err(|_| DAMAGED)?,
            },
            seed: u64::from(header.seed[0]) | u64::from(header.seed[1]) << 32,
        };
        Ok((config, header.progress))
    }

    fn sum(&self) -> u32 {
        let start = core::mem::offset_of!(Self, size);
        let bytes = bytemuck::bytes_of(self).get(start..).unwrap_or_default();
        memory::checksum(bytes)
    }
}

/// `cargo test -p bluegrad --lib --no-default-features`.
#[cfg(all(
    test,
    not(feature = "spectral"),
    not(feature = "front"),
    not(feature = "swap"),
    not(feature = "void-and-cluster")
))]
mod tests {
    use super::{Header, Progress};
    use crate::{Config, Error, Generator, Line, Preset};

    /// What a build with all features saved is not damaged: this build lacks the stage, and says which.
    #[test]
    fn a_block_of_a_build_with_more_features() {
        for (preset, feature) in [(Preset::Spectral, "spectral"), (Preset::VoidAndCluster, "void-and-cluster")] {
            let mut lines = [Line::ZERO; 512];
            let memory = Line::as_bytes_mut(&mut lines);
            let mut config = Config::new(preset, 16, 16);
            Header::write(memory, &config, &Progress::default()).expect("there is room");
            assert_eq!(Generator::layout_of(memory).unwrap_err(), Error::Feature(feature));
            assert_eq!(Generator::open(memory).unwrap_err(), Error::Feature(feature));
            assert_eq!(Generator::init(memory, &config).unwrap_err(), Error::Feature(feature));
            config.shape.width = 5;
            Header::write(memory, &config, &Progress::default()).expect("there is room");
            assert!(matches!(Generator::open(memory), Err(Error::NotAGenerator(_))));
        }
    }
}
