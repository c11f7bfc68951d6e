//! Header of a block: configuration and progress, from which a run is reopened.

use super::config::PointConfig;
use super::layout::POINTS_HEADER_BYTES;
use crate::error::Error;
use crate::memory;
use bytemuck::{Pod, Zeroable, checked};

/// Version of point sets: the same configuration and the same number give the same points, byte for byte, on every machine.
pub const POINTS_VERSION: u32 = 1;

const MAGIC: [u8; 8] = *b"bluepnts";

#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
pub(super) struct Header {
    magic: [u8; 8],
    version: u32,
    /// FNV-1a over the bytes after this word.
    checksum: u32,
    /// Size of this header: blocks of other layouts have another word here.
    size: u32,
    step: u32,
    seed: [u32; 2],
    count: u32,
    preset: u32,
    sigma: f32,
    level: u32,
    reserved: [u32; 8],
}

const _: () = assert!(size_of::<Header>() <= POINTS_HEADER_BYTES);

impl Header {
    pub(super) fn write(memory: &mut [u8], config: &PointConfig, step: u32) -> Result<(), Error> {
        let mut header = Self {
            magic: MAGIC,
            version: POINTS_VERSION,
            checksum: 0,
            size: size_of::<Self>() as u32,
            step,
            seed: [config.seed as u32, (config.seed >> 32) as u32],
            count: config.count,
            preset: config.preset as u32,
            sigma: config.sigma,
            level: config.level as u32,
            reserved: config.reserved,
        };
        header.checksum = header.sum();
        let to = memory.get_mut(..size_of::<Self>()).ok_or(Error::DAMAGED_POINTS)?;
        to.copy_from_slice(bytemuck::bytes_of(&header));
        Ok(())
    }

    pub(super) fn read(memory: &[u8]) -> Result<(PointConfig, u32), Error> {
        const DAMAGED: Error = Error::NotPoints("its configuration is damaged");
        let from = memory.get(..size_of::<Self>()).unwrap_or_default();
        let header: Self = bytemuck::try_pod_read_unaligned(from).map_err(|_| Error::NotPoints("it is too short"))?;
        if header.magic != MAGIC {
            return Err(Error::NotPoints("it does not begin as one"));
        }
        if header.version != POINTS_VERSION || header.size as usize != size_of::<Self>() {
            return Err(Error::NotPoints("it is of another version or endianness"));
        }
        if header.checksum != header.sum() {
            return Err(Error::NotPoints("its header is damaged"));
        }
        let config = PointConfig {
            seed: u64::from(header.seed[0]) | u64::from(header.seed[1]) << 32,
            count: header.count,
            preset: checked::try_cast(header.preset).map_err(|_| DAMAGED)?,
            sigma: header.sigma,
            level: checked::try_cast(header.level).map_err(|_| DAMAGED)?,
            reserved: header.reserved,
        };
        Ok((config, header.step))
    }

    fn sum(&self) -> u32 {
        let start = core::mem::offset_of!(Self, size);
        let bytes = bytemuck::bytes_of(self).get(start..).unwrap_or_default();
        memory::checksum(bytes)
    }
}
