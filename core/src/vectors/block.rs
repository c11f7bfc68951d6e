//! The block of a run: header and buffers.

use super::fill;
use super::flow::Tap;
use super::grid::Grid;
use super::{Sample, VECTORS_VERSION, VectorConfig};
use crate::error::Error;
use crate::memory::{self, Carver, bytes_of};
use crate::simd::LANES;
use bytemuck::{Pod, Zeroable, checked};

/// Bytes of the header.
const HEADER_BYTES: usize = 1024;

const MAGIC: [u8; 8] = *b"bluevect";

const CONFIG_WORDS: usize = size_of::<VectorConfig>() / 4;

/// Most points that stand for a set.
pub(super) const MOST_POINTS: usize = 256;

/// Sets of buckets.
pub(super) const BUCKETINGS: usize = 6;

/// Steps done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Progress {
    pub(super) step: u32,
}

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Header {
    magic: [u8; 8],
    version: u32,
    /// FNV-1a over the bytes after this word.
    checksum: u32,
    config: [u32; CONFIG_WORDS],
    progress: Progress,
}

const _: () = assert!(size_of::<Header>() <= HEADER_BYTES);

impl Header {
    pub(super) fn write(memory: &mut [u8], config: &VectorConfig, progress: &Progress) -> Result<(), Error> {
        let config = bytemuck::must_cast(*config);
        let mut header = Self { magic: MAGIC, version: VECTORS_VERSION, checksum: 0, config, progress: *progress };
        header.checksum = header.sum();
        let to = memory.get_mut(..size_of::<Self>()).ok_or(Error::DAMAGED)?;
        to.copy_from_slice(bytemuck::bytes_of(&header));
        Ok(())
    }

    pub(super) fn read(memory: &[u8]) -> Result<(VectorConfig, Progress), Error> {
        let from = memory.get(..size_of::<Self>()).unwrap_or_default();
        let header: Self =
            bytemuck::try_pod_read_unaligned(from).map_err(|_| Error::NotAGenerator("it is too short"))?;
        if header.magic != MAGIC {
            return Err(Error::NotAGenerator("it does not begin as one of vectors"));
        }
        if header.version != VECTORS_VERSION {
            return Err(Error::NotAGenerator("it is of another version or endianness"));
        }
        if header.checksum != header.sum() {
            return Err(Error::NotAGenerator("its header is damaged"));
        }
        let config = checked::try_cast(header.config);
        Ok((config.map_err(|_| Error::NotAGenerator("its configuration is damaged"))?, header.progress))
    }

    fn sum(&self) -> u32 {
        let start = core::mem::offset_of!(Self, config);
        let bytes = bytemuck::bytes_of(self).get(start..).unwrap_or_default();
        memory::checksum(bytes)
    }
}

/// Room for taps.
const fn most_taps(config: &VectorConfig) -> usize {
    let side = 2 * config.recipe.radius as usize + 1;
    side * side * config.shape.layers as usize
}

pub(super) const fn grid(config: &VectorConfig) -> Grid {
    Grid::new(config.shape, config.recipe.radius as usize)
}

/// Chunks of momentum.
const fn momentum_len(config: &VectorConfig) -> usize {
    let grid = grid(config);
    config.space.components() * grid.chunks() * grid.height * grid.layers
}

/// Bytes of what the stages after the fill work in.
const fn flow_bytes(config: &VectorConfig) -> usize {
    bytes_of::<f32>(config.space.components() * grid(config).volume())
        + bytes_of::<[f32; LANES]>(momentum_len(config))
        + bytes_of::<u64>(2 * config.shape.pixels())
}

/// Bytes that the fill and the later stages share.
const fn shared_bytes(config: &VectorConfig) -> usize {
    let fill = fill::bytes(&config.recipe.fill, config.space, config.shape);
    let flow = flow_bytes(config);
    if fill > flow { fill } else { flow }
}

/// Bytes of the block of a checked configuration.
pub(super) const fn bytes(config: &VectorConfig) -> usize {
    let pixels = config.shape.pixels();
    HEADER_BYTES
        + bytes_of::<Sample>(pixels)
        + bytes_of::<u32>(pixels)
        + bytes_of::<u8>(pixels)
        + BUCKETINGS * bytes_of::<u32>(pixels)
        + bytes_of::<Sample>(MOST_POINTS)
        + bytes_of::<Tap>(most_taps(config))
        + bytes_of::<Values>(1)
        + bytes_of::<u32>(config.shape.elements())
        + bytes_of::<u32>(config.shape.elements() * config.space.dimensions())
        + shared_bytes(config)
}

/// Numbers that the map finds.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Values {
    /// Taps of the flow.
    pub(super) taps: u32,
    /// Rate of the flow.
    pub(super) rate: f32,
    /// Unit of ε.
    pub(super) spacing: f32,
}

/// The buffers of a block.
pub(super) struct Buffers<'a> {
    pub(super) samples: &'a mut [Sample],
    /// k-d order of the samples.
    pub(super) order: &'a mut [u32],
    /// Axes of the k-d order's nodes.
    pub(super) axes: &'a mut [u8],
    pub(super) bucketings: [&'a mut [u32]; BUCKETINGS],
    pub(super) points: &'a mut [Sample],
    pub(super) taps: &'a mut [Tap],
    pub(super) values: &'a mut Values,
    /// The pixel of each sample, layer by layer.
    pub(super) pixels: &'a mut [u32],
    /// Ranks of each dimension.
    pub(super) ranks: &'a mut [u32],
    /// What the fill and the later stages share.
    pub(super) shared: &'a mut [u8],
}

impl<'a> Buffers<'a> {
    pub(super) fn new(memory: &'a mut [u8], config: &VectorConfig) -> Option<Self> {
        let (pixels, elements) = (config.shape.pixels(), config.shape.elements());
        let mut memory = Carver::new(memory.get_mut(HEADER_BYTES..)?);
        Some(Self {
            samples: memory.take(pixels)?,
            order: memory.take(pixels)?,
            axes: memory.take(pixels)?,
            bucketings: [
                memory.take(pixels)?,
                memory.take(pixels)?,
                memory.take(pixels)?,
                memory.take(pixels)?,
                memory.take(pixels)?,
                memory.take(pixels)?,
            ],
            points: memory.take(MOST_POINTS)?.get_mut(..config.recipe.points as usize)?,
            taps: memory.take(most_taps(config))?,
            values: memory.one()?,
            pixels: memory.take(elements)?,
            ranks: memory.take(elements * config.space.dimensions())?,
            shared: memory.take(shared_bytes(config))?,
        })
    }
}

/// What the stages after the fill work in.
pub(super) struct Flow<'a> {
    /// Where pixels are, component by component, see [`Grid`].
    pub(super) places: &'a mut [f32],
    /// Momentum, row by row; in a row component by component.
    pub(super) momentum: &'a mut [[f32; LANES]],
    /// Work space of sorts and splits, and of orders of pixels: twice the pixels.
    pub(super) keys: &'a mut [u64],
}

impl<'a> Flow<'a> {
    pub(super) fn new(memory: &'a mut [u8], config: &VectorConfig) -> Option<Self> {
        let mut memory = Carver::new(memory);
        Some(Self {
            places: memory.take(config.space.components() * grid(config).volume())?,
            momentum: memory.take(momentum_len(config))?,
            keys: memory.take(2 * config.shape.pixels())?,
        })
    }
}
