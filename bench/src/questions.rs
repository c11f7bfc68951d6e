//! The pages of `docs` that are made of figures.
//!
//! Every figure is computed anew, and every sentence about a figure is checked against it.
//!
//! - [`questions`]: the open questions of Wronski 2020, answered.
//! - [`family()`]: the dither masks along sigma, beside published masks.
//! - [`small()`]: small masks, noise against order.
//! - [`choosing()`]: which preset is for which job.
//!
//! [`mask`] makes and measures masks; [`page`] writes tables and checks sentences; the other modules hold the sections.

pub mod choosing;
pub mod dimensions;
pub mod dither;
pub mod family;
pub mod mask;
pub mod optimizers;
pub mod page;
pub mod profile;
pub mod published;
pub mod small;
pub mod terms;

pub use choosing::choosing;
pub use family::family;
pub use small::small;

const HEAD: &str = "\
# The open questions of the post, answered with figures

Bart Wronski's [Optimizing blue noise dithering](https://bartwronski.com/2020/04/26/optimizing-blue-noise-dithering-backpropagation-through-fourier-transform-and-sorting/)
(2020) pushes a mask through its Fourier transform and its sort until its low frequencies are dark, its spectrum is smooth and
its histogram is exact. It ends with questions. `bench/questions` computed every figure below, and fails where a sentence
here is not true of them.

64x64, means of 8 seeds, in dB relative to white noise (0 is white, lower is better), frequencies f in cycles/pixel. Four kinds of
figures come back:

- **grey .25**: mean power of the mask itself for 0 < f ≤ .25: what a mask that is added as noise shows.
- **LFthr**: mean power of the mask's thresholded patterns below half their principal frequency: what a mask that dithers to
  few levels shows.
- **HVS 1.5**: error of those patterns after a Gaussian blur of 1.5 pixels, as an eye at some distance sees it.
- **peak**: the largest bin of a pattern's spectrum over white noise's mean, no dB. It tells noise from a lattice, which has the least
  HVS of all: about 8 is that of noise at this size, 40 and more a lattice.
";

/// Returns the page `questions.md`.
///
/// # Errors
/// A sentence contradicts its figures, or the library returns an error.
pub fn questions() -> Result<String, String> {
    let answers = [
        terms::distributions()?,
        terms::cutoff()?,
        terms::balance()?,
        terms::smoothness()?,
        profile::profile()?,
        optimizers::optimizers()?,
        optimizers::random_factors()?,
        dimensions::dimensions()?,
        dither::objectives()?,
        dither::few_levels()?,
    ];
    Ok(format!("{HEAD}\n{}", answers.join("\n")))
}
