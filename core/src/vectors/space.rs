//! Sample spaces: what the pixels of a mask of vectors hold.
//!
//! Each space is the image of a cube with sides 1 under a map that keeps areas, so that points spread evenly in the cube spread evenly in the
//! space. u are the coordinates in the cube, φ = 2π·u₁ (of the circle 2π·u₀):
//!
//! ```text
//! square, cube, 4-cube    u
//! circle                  (cos φ, sin φ)
//! disk                    √u₀·(cos φ, sin φ)
//! sphere                  (√(1 − z²)·cos φ, √(1 − z²)·sin φ, z)         z = 1 − 2·u₀
//! hemisphere              the same                                     z = 1 − u₀
//! cosine hemisphere       the same                                     z = √(1 − u₀): density cos θ/π
//! ```

use super::Sample;
use bytemuck::{CheckedBitPattern, NoUninit};
use core::f64::consts::TAU;

/// Space that the samples of a mask lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, NoUninit, CheckedBitPattern)]
#[repr(u32)]
#[non_exhaustive]
pub enum Space {
    /// Unit square: two coordinates in [0, 1).
    Square = 0,
    /// Unit cube: three coordinates in [0, 1).
    Cube = 1,
    /// Unit cube of four dimensions: four coordinates in [0, 1).
    Cube4 = 2,
    /// Unit circle: directions in the plane, two components in [−1, 1].
    Circle = 3,
    /// Unit sphere: directions of equal density, three components in [−1, 1].
    Sphere = 4,
    /// Half of the unit sphere with z > 0, of density proportional to z: directions for diffuse light.
    CosineHemisphere = 5,
    /// Half of the unit sphere with z > 0, of equal density.
    Hemisphere = 6,
    /// Unit disk: two components in [−1, 1].
    Disk = 7,
    /// The caller's own list of samples with two components, for any density.
    List2 = 8,
    /// The caller's own list of samples with three components.
    List3 = 9,
    /// The caller's own list of samples with four components.
    List4 = 10,
}

/// The largest number below 1.
const BELOW_ONE: f32 = 1.0 - f32::EPSILON / 2.0;

impl Space {
    /// Every space that has a set of its own: all but lists.
    pub const ALL: [Self; 8] = [
        Self::Square,
        Self::Cube,
        Self::Cube4,
        Self::Circle,
        Self::Sphere,
        Self::CosineHemisphere,
        Self::Hemisphere,
        Self::Disk,
    ];

    /// Returns the number of components of a sample: 2 to 4.
    #[must_use]
    pub const fn components(self) -> usize {
        match self {
            Self::Square | Self::Circle | Self::Disk | Self::List2 => 2,
            Self::Cube | Self::Sphere | Self::CosineHemisphere | Self::Hemisphere | Self::List3 => 3,
            Self::Cube4 | Self::List4 => 4,
        }
    }

    /// Returns the number of dimensions, which is that of the cube that the space is the image of: 1 to 4.
    #[must_use]
    pub const fn dimensions(self) -> usize {
        match self {
            Self::Circle => 1,
            Self::Square | Self::Sphere | Self::CosineHemisphere | Self::Hemisphere | Self::Disk | Self::List2 => 2,
            Self::Cube | Self::List3 => 3,
            Self::Cube4 | Self::List4 => 4,
        }
    }

    /// Whether samples are directions: vectors of length 1.
    #[must_use]
    pub const fn is_directions(self) -> bool {
        matches!(self, Self::Circle | Self::Sphere | Self::CosineHemisphere | Self::Hemisphere)
    }

    /// Whether samples are the caller's own list.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(self, Self::List2 | Self::List3 | Self::List4)
    }

    /// Returns the name: `vec2`, `vec3`, `vec4`, `circle`, `sphere`, `hemisphere`, `uniform-hemisphere`, `disk`, `list2`, `list3`, `list4`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Square => "vec2",
            Self::Cube => "vec3",
            Self::Cube4 => "vec4",
            Self::Circle => "circle",
            Self::Sphere => "sphere",
            Self::CosineHemisphere => "hemisphere",
            Self::Hemisphere => "uniform-hemisphere",
            Self::Disk => "disk",
            Self::List2 => "list2",
            Self::List3 => "list3",
            Self::List4 => "list4",
        }
    }

    /// Returns the space of a name, if there is one; no list.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|space| space.name() == name)
    }

    /// Maps a point of the cube, each coordinate in [0, 1), to the space. Components that the space lacks are 0.
    ///
    /// A list has no map: its points are those of the cube.
    #[must_use]
    pub fn map(self, u: [f64; 4]) -> Sample {
        let around = |radius: f64, turn: f64, z: f64| {
            let angle = TAU * turn;
            [(radius * libm::cos(angle)) as f32, (radius * libm::sin(angle)) as f32, z as f32, 0.0]
        };
        let direction = |z: f64| around(libm::sqrt((1.0 - z * z).max(0.0)), u[1], z);
        match self {
            Self::Square | Self::Cube | Self::Cube4 | Self::List2 | Self::List3 | Self::List4 => {
                let mut sample = [0.0; 4];
                for (to, u) in sample.iter_mut().zip(u).take(self.components()) {
                    *to = (u as f32).min(BELOW_ONE);
                }
                sample
            }
            Self::Circle => around(1.0, u[0], 0.0),
            Self::Disk => around(libm::sqrt(u[0].max(0.0)), u[1], 0.0),
            Self::Sphere => direction(1.0 - 2.0 * u[0]),
            Self::Hemisphere => direction(1.0 - u[0]),
            Self::CosineHemisphere => direction(libm::sqrt((1.0 - u[0]).max(0.0))),
        }
    }
}
