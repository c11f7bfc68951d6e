//! Layout: where each buffer stands in the caller's one block, from shape and recipe alone.

use crate::error::Error;
use crate::fft::Plan;
use crate::memory::{MEMORY_ALIGN, cut};
use crate::optimizer::Method;
use crate::recipe::{Config, MAX_STAGES, Ranks, Stage, Start};
use crate::shape::{MAX_SIDE, Shape};
use crate::simd::Row;
use crate::sort::binned::{Counts, Edges};
use crate::sort::{COUNTERS, SortSpace, start};
use crate::spectral::terms::profile;
use crate::spectral::{amplitudes, update};
use crate::threshold::{fill, front, polish, swap, void_and_cluster};

/// Bytes at the front of a block that say what it holds.
pub const HEADER_BYTES: usize = 2048;

/// Bytes of each buffer of a block, in their order there; each is padded to a multiple of 64. n pixels, W columns, H rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What the block holds, how far the run is.
    pub header: usize,
    /// Twiddles of both axes, f32.
    pub twiddles: usize,
    /// Orders of both axes, 2·(W + H) u16.
    pub orders: usize,
    /// The wanted values, rising, n f32.
    pub targets: usize,
    /// The values that are optimised, n f32.
    pub values: usize,
    /// Velocity of the heavy ball or first moment of Adam, n f32 if a stage has one.
    pub velocity: usize,
    /// Second moment of Adam, n f32 if a stage is Adam's.
    pub second: usize,
    /// The spectrum, W·H f32 (twice that at H = 16). While ranks are made, with `gradient`, the first buffer of the sort.
    pub spectrum: usize,
    /// The gradient, n f32.
    pub gradient: usize,
    /// The second buffer of the sort, n u64; while transforms run, their tiles of columns.
    pub sort: usize,
    /// The wanted value of each pixel, n f32.
    pub wanted: usize,
    /// The final ranks, n u32.
    pub ranks: usize,
    /// The amplitude plane; while ranks are made, the counters of the sort.
    pub work: usize,
    /// The Nyquist row, W complex f32.
    pub nyquist: usize,
    /// Edges and counts of the binned ranks, if a stage has them.
    pub bins: usize,
    /// Target amplitudes, about n/4 f32 if a stage has the profile term.
    pub profile: usize,
    /// What a stage of the dither objective works in; stages use it one after the other.
    pub threshold: usize,
}

impl Layout {
    /// The layout of a configuration.
    ///
    /// # Errors
    /// Those of [`Config::check`].
    pub const fn new(config: &Config) -> Result<Self, Error> {
        if let Err(error) = config.check() {
            return Err(error);
        }
        let shape = config.shape;
        let n = shape.pixels();
        let (mut velocity, mut second, mut bins, mut threshold) = (0, 0, 0, 0);
        let mut i = 0;
        while i < config.recipe.stage_count as usize && i < MAX_STAGES {
            let own = match &config.recipe.stages[i] {
                Stage::Spectral(stage) => {
                    match stage.optimizer.method {
                        Method::GradientDescent => {}
                        Method::HeavyBall => velocity = 4 * n,
                        Method::Adam => (velocity, second) = (4 * n, 4 * n),
                    }
                    if matches!(stage.ranks, Ranks::Binned) {
                        bins = size_of::<Edges>() + update::tiles(n) * size_of::<Counts>();
                    }
                    0
                }
                Stage::Fill(stage) => fill::bytes(stage, shape),
                Stage::VoidAndCluster(_) => void_and_cluster::bytes(shape),
                Stage::Front(stage) => front::bytes(stage, shape),
                Stage::Polish(stage) => polish::bytes(stage, shape),
                Stage::Swap(stage) => swap::bytes(stage, shape),
            };
            threshold = if own > threshold { own } else { threshold };
            i += 1;
        }
        let threshold = match config.recipe.start {
            // the given mask is sorted there
            Start::Mask if start::bytes(n) > threshold => padded(start::bytes(n)),
            _ => padded(threshold),
        };
        let ranks = padded(4 * n);
        if !config.recipe.is_spectral() {
            let noise = padded(start::bytes(n));
            let threshold = if noise > threshold { noise } else { threshold };
            return Ok(Self { header: HEADER_BYTES, ranks, threshold, ..Self::NOTHING });
        }
        let (spectrum_rows, _) = Plan::row_lens(shape);
        let (twiddles, orders) = Plan::table_lens(shape);
        let plane = padded(4 * amplitudes::plane_len(shape));
        let counters = 4 * COUNTERS;
        Ok(Self {
            header: HEADER_BYTES,
            twiddles: padded(4 * twiddles),
            orders: padded(2 * orders),
            targets: 4 * n,
            values: 4 * n,
            velocity,
            second,
            spectrum: spectrum_rows * size_of::<Row>(),
            gradient: 4 * n,
            sort: 8 * n,
            wanted: 4 * n,
            ranks,
            work: if plane > counters { plane } else { counters },
            nyquist: padded(8 * shape.width as usize),
            bins: padded(bins),
            profile: if config.recipe.uses_profile() { padded(4 * profile::plane_len(shape)) } else { 0 },
            threshold,
        })
    }

    /// No buffer at all.
    const NOTHING: Self = Self {
        header: 0,
        twiddles: 0,
        orders: 0,
        targets: 0,
        values: 0,
        velocity: 0,
        second: 0,
        spectrum: 0,
        gradient: 0,
        sort: 0,
        wanted: 0,
        ranks: 0,
        work: 0,
        nyquist: 0,
        bins: 0,
        profile: 0,
        threshold: 0,
    };

    /// The buffers with their names, in the order of the block.
    #[must_use]
    pub const fn buffers(&self) -> [(&'static str, usize); 17] {
        [
            ("header", self.header),
            ("twiddles", self.twiddles),
            ("orders", self.orders),
            ("targets", self.targets),
            ("values", self.values),
            ("velocity", self.velocity),
            ("second moment", self.second),
            ("spectrum", self.spectrum),
            ("gradient", self.gradient),
            ("sort", self.sort),
            ("wanted", self.wanted),
            ("ranks", self.ranks),
            ("work", self.work),
            ("nyquist", self.nyquist),
            ("bins", self.bins),
            ("profile", self.profile),
            ("threshold", self.threshold),
        ]
    }

    /// Bytes in all, a multiple of 64.
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

    /// The final ranks of a block, n of them.
    pub(crate) fn ranks<'m>(&self, memory: &'m [u8], pixels: usize) -> Result<&'m [u32], Error> {
        // what follows the ranks, and the ranks
        let after = self.work + self.nyquist + self.bins + self.profile + self.threshold;
        let end = self.bytes().saturating_sub(after);
        let bytes = memory.get(end.saturating_sub(self.ranks)..end).unwrap_or_default();
        bytemuck::try_cast_slice(bytes).ok().and_then(|ranks| ranks.get(..pixels)).ok_or(Error::DAMAGED)
    }

    /// [`crate::Line`]s in all: `static mut MEMORY: [Line; LAYOUT.lines()]`.
    #[must_use]
    pub const fn lines(&self) -> usize {
        self.bytes() / MEMORY_ALIGN
    }
}

const fn padded(bytes: usize) -> usize {
    bytes.next_multiple_of(MEMORY_ALIGN)
}

// The largest mask of all fits the address space of a 32-bit machine.
const _: () = assert!((Shape::new(MAX_SIDE, MAX_SIDE).pixels() as u64) * 64 < u32::MAX as u64);

/// The buffers of a block, typed.
pub(crate) struct Buffers<'m> {
    pub(crate) twiddles: &'m mut [f32],
    pub(crate) orders: &'m mut [u16],
    pub(crate) targets: &'m mut [f32],
    pub(crate) values: &'m mut [f32],
    pub(crate) velocity: &'m mut [f32],
    pub(crate) second: &'m mut [f32],
    pub(crate) wanted: &'m mut [f32],
    pub(crate) ranks: &'m mut [u32],
    pub(crate) nyquist: &'m mut [[f32; 2]],
    /// One, or none.
    pub(crate) edges: &'m mut [Edges],
    /// One a tile of the update, or none.
    pub(crate) counts: &'m mut [Counts],
    pub(crate) profile: &'m mut [f32],
    pub(crate) space: Space<'m>,
    pub(crate) threshold: &'m mut [u8],
}

impl<'m> Buffers<'m> {
    /// Cuts a block into its buffers. `None` if it is too short or misaligned.
    pub(crate) fn new(memory: &'m mut [u8], layout: &Layout, shape: Shape) -> Option<Self> {
        let mut rest = memory.get_mut(layout.header..)?;
        // without a spectral stage the shape may be none that the FFT takes
        let spectral = layout.values > 0;
        let (twiddle_len, order_len) = if spectral { Plan::table_lens(shape) } else { (0, 0) };
        let columns = if spectral { shape.width as usize } else { 0 };
        let twiddles = cut::<f32>(&mut rest, layout.twiddles)?.get_mut(..twiddle_len)?;
        let orders = cut::<u16>(&mut rest, layout.orders)?.get_mut(..order_len)?;
        let targets = cut(&mut rest, layout.targets)?;
        let values = cut(&mut rest, layout.values)?;
        let velocity = cut(&mut rest, layout.velocity)?;
        let second = cut(&mut rest, layout.second)?;
        let transform = cut(&mut rest, layout.spectrum + layout.gradient)?;
        let sort = cut(&mut rest, layout.sort)?;
        let wanted = cut(&mut rest, layout.wanted)?;
        let ranks = cut::<u32>(&mut rest, layout.ranks)?.get_mut(..shape.pixels())?;
        let work = cut(&mut rest, layout.work)?;
        let nyquist = cut::<[f32; 2]>(&mut rest, layout.nyquist)?.get_mut(..columns)?;
        let edges = cut(&mut rest, layout.bins.min(size_of::<Edges>()))?;
        let counts = cut(&mut rest, layout.bins.saturating_sub(size_of::<Edges>()))?;
        let profile = cut(&mut rest, layout.profile)?;
        let threshold = cut(&mut rest, layout.threshold)?;
        let space = Space { transform, sort, work, spectrum_bytes: layout.spectrum, shape };
        Some(Self {
            twiddles,
            orders,
            targets,
            values,
            velocity,
            second,
            wanted,
            ranks,
            nyquist,
            edges,
            counts,
            profile,
            space,
            threshold,
        })
    }
}

/// Work space that ranking and transforming use one after the other.
pub(crate) struct Space<'m> {
    /// Spectrum and gradient.
    transform: &'m mut [u8],
    sort: &'m mut [u64],
    work: &'m mut [u8],
    spectrum_bytes: usize,
    shape: Shape,
}

/// What the transforms work in.
pub(crate) struct TransformSpace<'a> {
    pub(crate) spectrum: &'a mut [Row],
    pub(crate) gradient: &'a mut [f32],
    pub(crate) columns: &'a mut [Row],
    pub(crate) amplitudes: &'a mut [f32],
}

impl Space<'_> {
    /// For ranking: destroys spectrum, gradient, columns and amplitudes.
    pub(crate) fn for_sort(&mut self) -> Option<SortSpace<'_>> {
        let first = bytemuck::try_cast_slice_mut(self.transform.get_mut(..8 * self.shape.pixels())?).ok()?;
        let counters = bytemuck::try_cast_slice_mut(self.work.get_mut(..4 * COUNTERS)?).ok()?;
        Some(SortSpace { first, second: self.sort, counters: counters.first_chunk_mut()? })
    }

    /// For transforming.
    pub(crate) fn for_transform(&mut self) -> Option<TransformSpace<'_>> {
        let (spectrum, gradient) = self.transform.split_at_mut_checked(self.spectrum_bytes)?;
        let plane = self.work.get_mut(..4 * amplitudes::plane_len(self.shape))?;
        Some(TransformSpace {
            spectrum: bytemuck::try_cast_slice_mut(spectrum).ok()?,
            gradient: bytemuck::try_cast_slice_mut(gradient).ok()?,
            columns: bytemuck::try_cast_slice_mut(self.sort).ok()?,
            amplitudes: bytemuck::try_cast_slice_mut(plane).ok()?,
        })
    }
}
