//! The other libraries. Which are here is known at run time: a library that is missing is named in one line and left out.

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

use crate::pair::Pair;
use bluegrad::Shape;
use std::path::{Path, PathBuf};

/// The name of what ratios are to: FFTW as the system has it.
pub const YARDSTICK: &str = "FFTW";
/// The name of the second yardstick: FFTW with all instruction sets.
pub const SECOND_YARDSTICK: &str = "FFTW, wide";

/// Where `bench/run` puts what it builds and installs: `target/peers`, or `$BLUEGRAD_PEERS`.
pub(crate) fn folder() -> PathBuf {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("target").join("peers");
    std::env::var_os("BLUEGRAD_PEERS").map_or_else(usual, PathBuf::from)
}

type New = Box<dyn Fn(Shape) -> Result<Box<dyn Pair>, String>>;

/// Another library.
pub struct Peer {
    /// Its name.
    pub name: String,
    /// Its version and how it is used.
    pub about: String,
    new: New,
}

impl Peer {
    #[cfg(feature = "fftw")]
    fn new(name: &str, about: String, new: impl Fn(Shape) -> Result<Box<dyn Pair>, String> + 'static) -> Self {
        Self { name: name.into(), about, new: Box::new(new) }
    }

    /// Its pair for a shape; planning may take long.
    ///
    /// # Errors
    /// Says why there is none.
    pub fn pair(&self, shape: Shape) -> Result<Box<dyn Pair>, String> {
        (self.new)(shape)
    }
}

/// The name of what times of whole masks are to.
pub const MASK_YARDSTICK: &str = "libplacebo";

type Make = Box<dyn Fn(u32, u32) -> Vec<f32>>;

/// Another library's masks.
pub struct Masks {
    /// Its version and how it is used.
    pub about: String,
    /// The largest side; sides are powers of two.
    pub largest: u32,
    make: Make,
}

impl Masks {
    /// libplacebo's, if this build and this machine have it.
    ///
    /// # Errors
    /// Says why not.
    pub fn find() -> Result<Self, String> {
        #[cfg(feature = "libplacebo")]
        let found = libplacebo::masks();
        #[cfg(not(feature = "libplacebo"))]
        let found = Err("built without the feature `libplacebo`".into());
        found
    }

    /// Whether it has masks of that shape.
    #[must_use]
    pub fn has(&self, shape: Shape) -> bool {
        shape.width == shape.height && shape.width.is_power_of_two() && shape.width <= self.largest
    }

    /// The mask N x N of a seed: values whose order counts.
    ///
    /// # Errors
    /// Says which sides it has, if not this.
    pub fn make(&self, seed: u32, side: u32) -> Result<Vec<f32>, String> {
        if !self.has(Shape::new(side, side)) {
            return Err(format!("side {side}: a power of two up to {} is wanted", self.largest));
        }
        Ok((self.make)(seed, side))
    }
}

/// The other libraries of this build and this machine.
#[derive(Default)]
pub struct Peers {
    /// Those that are here, the yardstick first.
    pub found: Vec<Peer>,
    /// For each that is not, its name and why.
    pub missing: Vec<(&'static str, String)>,
}

impl Peers {
    /// Looks for all.
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
