//! Layout of the caller's block: size and order of its buffers, from shape and recipe.

use crate::error::Error;
use crate::fft::Plan;
use crate::memory::{Carver, MEMORY_ALIGN, bytes_of};
use crate::optimizer::Method;
use crate::recipe::{Config, MAX_STAGES, Ranks, Start};
use crate::shape::{MIN_TRANSFORM_SIDE, Shape};
use crate::simd::Row;
use crate::sort::binned::{Counts, Edges};
use crate::sort::{COUNTERS, SortSpace, start};
use crate::spectral::terms::profile;
use crate::spectral::{amplitudes, update};

/// Size of the header at the start of a block, in bytes.
pub const HEADER_BYTES: usize = 3072;

/// Defines sizes ([`Layout`]), names and typed cutting ([`Buffers`]) from one table of buffers, in the order of the block.
///
/// A row: purpose as a doc comment, field, name, type and number of elements.
macro_rules! buffers {
    (
        |$need:ident|
        $($(#[doc = $doc:literal])+ $field:ident $name:literal [$element:ty; $count:expr])+
    ) => {
        /// Bytes of each buffer of a block, in order, each padded to a multiple of 64.
        ///
        /// n pixels, W columns, H rows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Layout {
            $($(#[doc = $doc])+ pub $field: usize,)+
            elements: ElementCounts,
        }

        /// Number of elements of each buffer.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        struct ElementCounts {
            $($field: usize,)+
        }

        /// The buffers of a block, typed.
        #[allow(dead_code, reason = "the header is read and written as bytes")]
        pub(crate) struct Buffers<'m> {
            $($(#[doc = $doc])+ pub(crate) $field: &'m mut [$element],)+
        }

        /// Number of buffers.
        const BUFFERS: usize = [$($name),+].len();

        impl Layout {
            const fn of($need: &Need) -> Self {
                let elements = ElementCounts { $($field: $count,)+ };
                Self { $($field: bytes_of::<$element>(elements.$field),)+ elements }
            }

            /// Returns name and bytes of each buffer, in the order of the block.
            #[must_use]
            pub const fn buffers(&self) -> [(&'static str, usize); BUFFERS] {
                [$(($name, self.$field)),+]
            }
        }

        impl<'m> Buffers<'m> {
            /// Cuts a block into its buffers. `None` if it is too short or misaligned.
            pub(crate) fn new(memory: &'m mut [u8], layout: &Layout) -> Option<Self> {
                let mut memory = Carver::new(memory);
                Some(Self { $($field: memory.take(layout.elements.$field)?,)+ })
            }
        }
    };
}

buffers! {
    |need|
    /// Configuration and progress of the run.
    header "header" [u8; HEADER_BYTES]
    /// Twiddle factors of both axes, f32.
    twiddles "twiddles" [f32; need.spectral(Plan::table_lens(need.transform).0)]
    /// Orders of both axes, 2·(W + H) u16.
    orders "orders" [u16; need.spectral(Plan::table_lens(need.transform).1)]
    /// Target values in rising order, n f32.
    targets "targets" [f32; need.spectral(need.pixels)]
    /// Values that are optimised, n f32.
    values "values" [f32; need.spectral(need.pixels)]
    /// Velocity of the heavy ball or first moment of Adam, n f32 if a stage has one.
    velocity "velocity" [f32; if need.velocity { need.pixels } else { 0 }]
    /// Second moment of Adam, n f32 if a stage is Adam's.
    second "second moment" [f32; if need.second { need.pixels } else { 0 }]
    /// Spectrum, W·H f32 (twice that at H = 16), and gradient, n f32. Shared: first buffer of the sort, while values are ranked.
    transform "transform" [u8; need.spectral(spectrum_bytes(need.transform) + 4 * need.pixels)]
    /// Second buffer of the sort, n u64. Shared: column tiles, while transforms run.
    sort "sort" [u64; need.spectral(need.pixels)]
    /// Wanted value of each pixel, n f32.
    wanted "wanted" [f32; need.spectral(need.pixels)]
    /// Final ranks, n u32 a plane. Shared: order of the values, from spectral step to step.
    ranks "ranks" [u32; need.elements]
    /// Plane of amplitudes. Shared: counters of the sort, while values are ranked.
    work "work" [u8; need.spectral(most(4 * amplitudes::plane_len(need.transform), 4 * COUNTERS))]
    /// Nyquist row, W complex f32.
    nyquist "nyquist" [[f32; 2]; need.spectral(need.transform.width as usize)]
    /// Edges of the bins, one element if a stage has binned ranks.
    edges "edges" [Edges; if need.binned { 1 } else { 0 }]
    /// Counts of the bins, one element per tile of the update if a stage has binned ranks.
    counts "counts" [Counts; if need.binned { update::tiles(need.pixels) } else { 0 }]
    /// Target amplitudes, about n/4 f32 if a stage has the profile term.
    profile "profile" [f32; if need.profile { profile::plane_len(need.transform) } else { 0 }]
    /// Work space of the dither objective. Shared: by the start, then by each stage in turn.
    threshold "threshold" [u8; need.threshold]
}

/// What the sizes of a configuration's buffers depend on.
struct Need {
    /// The mask's shape if a stage is spectral; else the smallest shape of the FFT, because the mask's may be none.
    transform: Shape,
    /// Pixels of a plane.
    pixels: usize,
    elements: usize,
    spectral: bool,
    velocity: bool,
    second: bool,
    binned: bool,
    profile: bool,
    /// Bytes of the largest work space of start and stages.
    threshold: usize,
}

impl Need {
    const fn new(config: &Config) -> Self {
        let (shape, recipe) = (config.shape, &config.recipe);
        let (pixels, elements) = (shape.pixels(), shape.elements());
        let (spectral, profile) = (recipe.is_spectral(), recipe.uses_profile());
        let transform = if spectral { shape } else { Shape::new(MIN_TRANSFORM_SIDE, MIN_TRANSFORM_SIDE) };
        let mut need = Self {
            transform,
            pixels,
            elements,
            spectral,
            velocity: false,
            second: false,
            binned: false,
            profile,
            threshold: 0,
        };
        let mut i = 0;
        while i < recipe.stage_count as usize && i < MAX_STAGES {
            if let Some(stage) = recipe.stages[i].as_spectral() {
                let method = stage.optimizer.method;
                need.velocity |= matches!(method, Method::HeavyBall | Method::Adam);
                need.second |= matches!(method, Method::Adam);
                need.binned |= matches!(stage.ranks, Ranks::Binned);
            }
            need.threshold = most(need.threshold, recipe.stages[i].bytes(shape));
            i += 1;
        }
        // the start sorts there, plane by plane: a given mask, or noise if no stage is spectral
        if matches!(recipe.start, Start::Mask) || !spectral {
            need.threshold = most(need.threshold, start::bytes(pixels));
        }
        need
    }

    /// Returns `count` if a stage is spectral, else 0.
    const fn spectral(&self, count: usize) -> usize {
        if self.spectral { count } else { 0 }
    }
}

const fn most(a: usize, b: usize) -> usize {
    if a > b { a } else { b }
}

const fn spectrum_bytes(shape: Shape) -> usize {
    Plan::row_lens(shape).0 * size_of::<Row>()
}

impl Layout {
    /// Returns the layout of a configuration.
    ///
    /// # Errors
    /// Those of [`Config::check`].
    pub const fn new(config: &Config) -> Result<Self, Error> {
        match config.check() {
            Ok(()) => Ok(Self::of(&Need::new(config))),
            Err(error) => Err(error),
        }
    }

    /// Size of the block in bytes, a multiple of 64.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        let buffers = self.buffers();
        let (mut sum, mut i) = (0, 0);
        while i < buffers.len() {
            sum += buffers[i].1;
            i += 1;
        }
        sum
    }

    /// Size of the block in [`crate::Line`]s: `static mut MEMORY: [Line; LAYOUT.lines()]`.
    #[must_use]
    pub const fn lines(&self) -> usize {
        self.bytes() / MEMORY_ALIGN
    }

    /// Returns the final ranks of a block, plane by plane.
    pub(crate) fn ranks<'m>(&self, memory: &'m [u8]) -> Result<&'m [u32], Error> {
        let before = self.buffers().into_iter().take_while(|(name, _)| *name != "ranks").map(|(_, bytes)| bytes);
        let start: usize = before.sum();
        debug_assert!(memory.len() >= start + self.ranks, "a generator has a block of its layout's length");
        let bytes = memory.get(start..start + self.ranks).unwrap_or_default();
        bytemuck::try_cast_slice(bytes).ok().and_then(|ranks| ranks.get(..self.elements.ranks)).ok_or(Error::DAMAGED)
    }
}

/// Work space of the transforms.
pub(crate) struct TransformSpace<'a> {
    pub(crate) spectrum: &'a mut [Row],
    pub(crate) gradient: &'a mut [f32],
    pub(crate) columns: &'a mut [Row],
    pub(crate) amplitudes: &'a mut [f32],
}

impl<'a> TransformSpace<'a> {
    /// Cuts the shared buffers of these names. Destroys what a sort left there.
    pub(crate) fn new(transform: &'a mut [u8], sort: &'a mut [u64], work: &'a mut [u8], shape: Shape) -> Option<Self> {
        let (spectrum, gradient) = transform.split_at_mut_checked(spectrum_bytes(shape))?;
        let plane = work.get_mut(..4 * amplitudes::plane_len(shape))?;
        Some(Self {
            spectrum: bytemuck::try_cast_slice_mut(spectrum).ok()?,
            gradient: bytemuck::try_cast_slice_mut(gradient).ok()?,
            columns: bytemuck::try_cast_slice_mut(sort).ok()?,
            amplitudes: bytemuck::try_cast_slice_mut(plane).ok()?,
        })
    }
}

/// Cuts the work space of exact ranks from the shared buffers. Destroys spectrum, gradient, columns and amplitudes.
pub(crate) fn sort_space<'a>(
    transform: &'a mut [u8],
    sort: &'a mut [u64],
    work: &'a mut [u8],
) -> Option<SortSpace<'a>> {
    let first = bytemuck::try_cast_slice_mut(transform.get_mut(..size_of_val(sort))?).ok()?;
    let counters = bytemuck::try_cast_slice_mut(work.get_mut(..4 * COUNTERS)?).ok()?;
    Some(SortSpace { first, second: sort, counters: counters.first_chunk_mut()? })
}
