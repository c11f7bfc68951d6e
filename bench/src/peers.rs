//! Other libraries, looked for at run time. A missing one is reported and left out.

#[cfg(feature = "peers")]
mod composed;
#[cfg(feature = "fftw")]
#[allow(unsafe_code, reason = "calls a C library")]
mod fftw;
#[cfg(feature = "libplacebo")]
#[allow(unsafe_code, reason = "calls a C library")]
mod libplacebo;
#[cfg(any(feature = "fftw", feature = "libplacebo"))]
#[allow(unsafe_code, reason = "loads C libraries")]
mod library;
#[cfg(feature = "peers")]
mod microfft;
#[cfg(feature = "peers")]
#[allow(unsafe_code, reason = "calls a C library")]
mod pffft;
#[cfg(feature = "peers")]
mod rustfft;
pub mod volumes;

use crate::pair::Pair;
use bluegrad::Shape;
use std::path::{Path, PathBuf};

/// Yardstick of ratios: FFTW from the system.
pub const YARDSTICK: &str = "FFTW";
/// Second yardstick: FFTW with all instruction sets.
pub const SECOND_YARDSTICK: &str = "FFTW, wide";

/// Folder of libraries that `bench/run` builds: `target/peers`, or `$BLUEGRAD_PEERS`.
pub(crate) fn folder() -> PathBuf {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target").join("peers");
    std::env::var_os("BLUEGRAD_PEERS").map_or_else(usual, PathBuf::from)
}

type New = Box<dyn Fn(Shape) -> Result<Box<dyn Pair>, String>>;

/// Another library.
pub struct Peer {
    /// Name.
    pub name: String,
    /// Version and use.
    pub about: String,
    new: New,
}

impl Peer {
    #[cfg(feature = "fftw")]
    fn new(name: &str, about: String, new: impl Fn(Shape) -> Result<Box<dyn Pair>, String> + 'static) -> Self {
        Self { name: name.into(), about, new: Box::new(new) }
    }

    /// Makes a pair for a shape; planning may take seconds.
    ///
    /// # Errors
    /// There is no pair; the message says why.
    pub fn pair(&self, shape: Shape) -> Result<Box<dyn Pair>, String> {
        (self.new)(shape)
    }
}

/// Yardstick of the times of whole masks.
pub const MASK_YARDSTICK: &str = "libplacebo";

type Make = Box<dyn Fn(u32, u32) -> Vec<f32>>;

/// Masks of another library.
pub struct Masks {
    /// Version and use.
    pub about: String,
    /// Largest side, in pixels; sides are powers of two.
    pub largest: u32,
    make: Make,
}

impl Masks {
    /// Returns libplacebo, if this build and this machine have it.
    ///
    /// # Errors
    /// libplacebo is missing; the message says why.
    pub fn find() -> Result<Self, String> {
        #[cfg(feature = "libplacebo")]
        let found = libplacebo::masks();
        #[cfg(not(feature = "libplacebo"))]
        let found = Err("built without the feature `libplacebo`".into());
        found
    }

    /// Whether the library has masks of a shape.
    #[must_use]
    pub fn has(&self, shape: Shape) -> bool {
        shape.width == shape.height && shape.width.is_power_of_two() && shape.width <= self.largest
    }

    /// Makes the mask of N x N pixels of a seed; only the order of the values counts.
    ///
    /// # Errors
    /// The library has no mask of this side; the message lists its sides.
    pub fn make(&self, seed: u32, side: u32) -> Result<Vec<f32>, String> {
        if !self.has(Shape::new(side, side)) {
            return Err(format!("side {side}: a power of two up to {} is wanted", self.largest));
        }
        Ok((self.make)(seed, side))
    }
}

/// Other libraries of this build and this machine.
#[derive(Default)]
pub struct Peers {
    /// Available libraries, yardstick first.
    pub found: Vec<Peer>,
    /// Missing libraries: name and reason.
    pub missing: Vec<(&'static str, String)>,
}

impl Peers {
    /// Looks for all libraries.
    #[must_use]
    pub fn find() -> Self {
        #[allow(unused_mut, reason = "built without any")]
        let mut peers = Self::default();
        #[cfg(feature = "fftw")]
        {
            peers.add(YARDSTICK, fftw::system());
            peers.add(SECOND_YARDSTICK, fftw::wide());
            peers.add("MKL", fftw::mkl());
        }
        #[cfg(not(feature = "fftw"))]
        peers.missing.push(("FFTW, MKL", "built without the feature `fftw`".into()));
        #[cfg(feature = "peers")]
        {
            peers.found.push(rustfft::peer());
            peers.add("pffft", pffft::peer());
            peers.found.push(microfft::peer());
        }
        #[cfg(not(feature = "peers"))]
        peers.missing.push(("realfft, pffft, microfft", "built without the feature `peers`".into()));
        peers
    }

    #[cfg(feature = "fftw")]
    fn add(&mut self, name: &'static str, peer: Result<Peer, String>) {
        match peer {
            Ok(peer) => self.found.push(peer),
            Err(why) => self.missing.push((name, why)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Peers;
    use crate::pair::{Bluegrad, Pair, Tables, check};
    use bluegrad::{Shape, SimdLevel};

    #[test]
    fn all_that_are_here_agree() {
        let peers = Peers::find();
        for shape in [Shape::new(16, 16), Shape::new(32, 32), Shape::new(64, 32), Shape::new(32, 128)] {
            let tables = Tables::new(shape).expect("powers of two");
            let ours = Bluegrad::new(&tables, SimdLevel::Scalar).expect("the scalar level is everywhere");
            let mut pairs: Vec<Box<dyn Pair + '_>> = vec![Box::new(ours)];
            for peer in &peers.found {
                match peer.pair(shape) {
                    Ok(pair) => pairs.push(pair),
                    Err(why) => assert!(shape.width < 32, "{}: {why}", peer.name),
                }
            }
            check(&mut pairs, shape).expect("right results");
        }
    }
}
