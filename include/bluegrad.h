/* bluegrad: tileable blue-noise masks, made at run time in memory of the caller's.
 *
 * Size, init, step, read:
 *
 *   bluegrad_config config;
 *   bluegrad_generator *generator;
 *   bluegrad_report report = {0};
 *   bluegrad_config_default(&config, sizeof config, BLUEGRAD_PRESET_DITHER, 64, 64);
 *   size_t size = bluegrad_memory_size(&config);
 *   void *memory = aligned_alloc(BLUEGRAD_MEMORY_ALIGN, size);
 *   bluegrad_init(memory, size, &config, &generator);
 *   while (bluegrad_step(generator, 1, NULL, &report) == BLUEGRAD_OK && !report.done) {}    // a slice of steps a frame
 *   bluegrad_read_u8(generator, texture, 64 * 64, 64);
 *
 * Every function that can fail returns a bluegrad_status. The library allocates nothing, keeps no global state that changes results,
 * starts no thread, reads no clock, and never aborts. Wrong input is an error number: NULL, misaligned pointers, sizes, numbers and
 * choices out of range, calls in a wrong order. What it cannot see is a pointer to memory that is not there or is in use elsewhere.
 *
 * A name like _LENGTH in a list of errors stands for BLUEGRAD_ERROR_LENGTH.
 *
 * Made from ffi/src by cbindgen (ffi/header): edit it there.
 */


#ifndef BLUEGRAD_H
#define BLUEGRAD_H

#include <stddef.h>
#include <stdint.h>

/* For Windows, and without effect elsewhere: define BLUEGRAD_SHARED where bluegrad.dll is linked, and calls go there directly. Without
 * it the static library links, and the DLL's import library too, by way of a jump. The DLL itself exports by a .def file. */
#ifndef BLUEGRAD_API
#if defined(_WIN32) && defined(BLUEGRAD_SHARED)
#define BLUEGRAD_API __declspec(dllimport)
#else
#define BLUEGRAD_API
#endif
#endif

// The most stages of a run.
#define BLUEGRAD_MAX_STAGES 8

// What a generator's memory must start at a multiple of, bytes.
#define BLUEGRAD_MEMORY_ALIGN 64

// Terms that bluegrad_losses has room for.
#define BLUEGRAD_MAX_TERMS 8

// Major part of the version of this header.
#define BLUEGRAD_VERSION_MAJOR 0

// Minor part of it.
#define BLUEGRAD_VERSION_MINOR 1

// Patch part of it.
#define BLUEGRAD_VERSION_PATCH 0

// The version of this header: major*65536 + minor*256 + patch.
#define BLUEGRAD_VERSION 256

// The algorithm version of this header: the same configuration and the same number give the same mask, byte for byte, on every
// machine.
#define BLUEGRAD_ALGORITHM_VERSION 3

// A run in a block of the caller's memory, and the address of that block. The block holds no pointer: a copy of its bytes is a
// snapshot, and bluegrad_open takes the run up there, at another address or on another machine of the same endianness and
// algorithm version. There is nothing to free: a run is given up by using its memory for something else.
//
// A generator belongs to one thread at a time, for reading too; different generators are independent.
typedef struct bluegrad_generator bluegrad_generator;

// What a function returns: BLUEGRAD_OK or a negative number, one of BLUEGRAD_ERROR_*. The numbers never change their meaning;
// later versions may add some. A function that failed has changed nothing unless its description says otherwise.
typedef int32_t bluegrad_status;

// An instruction set: one of BLUEGRAD_LEVEL_*. The choice changes the speed only: each gives the same bytes. Within a family, x86
// for instance, a larger number is a better one.
typedef uint32_t bluegrad_level;

// A distribution of values in [-1, 1]: one of BLUEGRAD_DISTRIBUTION_*.
typedef uint32_t bluegrad_distribution_kind;

// The distribution that values are to have. All zero is a valid one: uniform.
typedef struct bluegrad_distribution {
  // Which.
  bluegrad_distribution_kind kind;
  // Standard deviation of the Gaussian before it is cut off, 0.15 to 2.
  float sigma;
  // Quantiles of the table at i/64: from -1 to 1, never falling.
  float table[65];
} bluegrad_distribution;

// What a run starts from: one of BLUEGRAD_START_*.
typedef uint32_t bluegrad_start;

// What a stage does, and so which member of bluegrad_stage_data it has: one of BLUEGRAD_STAGE_*.
typedef uint32_t bluegrad_stage_kind;

// A rule that turns a gradient g into a step of the values x: one of BLUEGRAD_METHOD_*. s is the step size.
typedef uint32_t bluegrad_method;

// An optimiser with its constants.
typedef struct bluegrad_optimizer {
  // The rule.
  bluegrad_method method;
  // Momentum of the heavy ball, beta 1 of Adam: 0 to less than 1.
  float momentum;
  // Beta 2 of Adam: 0 to less than 1.
  float second_momentum;
  // Epsilon of Adam, above 0.
  float epsilon;
} bluegrad_optimizer;

// How a number goes from the first step of a stage to the last: one of BLUEGRAD_CURVE_*.
typedef uint32_t bluegrad_curve;

// A number's course over the steps of a stage.
typedef struct bluegrad_schedule {
  // The course.
  bluegrad_curve curve;
  // At the first step.
  float start;
  // At the last step.
  float end;
} bluegrad_schedule;

// One term of a spectral stage's loss.
typedef struct bluegrad_term {
  // Its factor, at least 0; 0 leaves the term out.
  float weight;
  // Not 0: at each step the factor is also multiplied by a fresh random number from 0 to 1.
  uint32_t randomized;
} bluegrad_term;

// How a histogram term finds the rank of a value: one of BLUEGRAD_RANKS_*.
typedef uint32_t bluegrad_ranks;

// Steps of the whole-mask objective: the grey mask itself becomes blue. Width and height are powers of two, 16 to 4096.
typedef struct bluegrad_spectral {
  // Steps of the optimiser.
  uint32_t steps;
  // The rule of a step.
  struct bluegrad_optimizer optimizer;
  // Step size of the spectral terms, at least 0.
  struct bluegrad_schedule step_size;
  // Step size of the histogram term, at least 0.
  struct bluegrad_schedule histogram_step_size;
  // Power below the cut-off.
  struct bluegrad_term low_band;
  // Cut-off of the low band, cycles/pixel, above 0 and up to 0.7071.
  float cutoff;
  // Differences between the amplitudes of neighbouring frequencies.
  struct bluegrad_term smoothness;
  // Distance of the amplitudes from the configuration's radial profile.
  struct bluegrad_term profile;
  // Distance of the values from the wanted distribution.
  struct bluegrad_term histogram;
  // How the histogram term ranks.
  bluegrad_ranks ranks;
  // After every this many steps the values are replaced by the wanted ones of their exact ranks; 0: never.
  uint32_t projection_period;
} bluegrad_spectral;

// Places all pixels one after the other, each into the emptiest place that is left.
typedef struct bluegrad_fill {
  // Standard deviation of the Gaussian that a placed pixel spreads, 0.5 to 4 pixels.
  float sigma;
  // How far it reaches, 2 to 16 pixels.
  uint32_t radius;
  // Weight of a second Gaussian that is taken away from it, 0 to 0.99.
  float narrow_weight;
  // Standard deviation of the second, 0.3 pixels to `sigma`.
  float narrow_sigma;
  // Not 0: the emptiest place of the whole mask each time, not of a tile of it.
  uint32_t exact;
  // Noise in the choice of each pixel's place, as a multiple of the usual, 0 to 2.5; with 0 small masks are lattices.
  float disorder;
} bluegrad_fill;

// Exact void-and-cluster (Ulichney 1993).
typedef struct bluegrad_void_and_cluster {
  // Standard deviation of the Gaussian, 0.5 to 8 pixels; Ulichney's choice is 1.5.
  float sigma;
  // Part of the pixels that the initial random pattern has, 0.000001 to 0.5.
  float initial_fraction;
} bluegrad_void_and_cluster;

// Gradient descent behind a moving threshold, from any order of the pixels.
typedef struct bluegrad_front {
  // Steps.
  uint32_t steps;
  // Standard deviation of the kernel, 0.5 to 4 pixels.
  float sigma;
  // How far it reaches, 1 to 8 pixels.
  uint32_t radius;
  // Step size, above 0 and at most 2.
  float step_size;
  // Momentum, 0 to 0.99.
  float momentum;
  // The threshold, 0 to 1.
  struct bluegrad_schedule threshold;
} bluegrad_front;

// Weighted Gaussians: the sum of weight/sigma^2 * exp(-r^2/(2*sigma^2)).
typedef struct bluegrad_mixture {
  // Standard deviations, 0.3 to 32 pixels; 1 for those left out.
  float sigma[3];
  // Weights, 0 to 1000000; 0 leaves a Gaussian out.
  float weight[3];
} bluegrad_mixture;

// Gradient descent with momentum on the energy of all thresholds.
typedef struct bluegrad_polish {
  // Steps.
  uint32_t steps;
  // How far the kernel reaches, 2 to 12 pixels.
  uint32_t radius;
  // The kernel.
  struct bluegrad_mixture kernel;
  // The kernel of the darkest and brightest pixels; all weights 0: `kernel` too.
  struct bluegrad_mixture ends;
  // Ranks nearer to an end than this part of all have the kernel `ends` alone ...
  float ends_inner;
  // ... and those farther than this, 0.001 to 0.5, have `kernel` alone; linear between.
  float ends_outer;
  // Exponent of the kernels' taper, 0 to 8.
  float taper;
  // Weight of a low-pass added to the kernel, 0 to 1000.
  float band_weight;
  // Its cut-off, 0.02 to 0.5 cycles/pixel.
  float band_cutoff;
  // Its exponent, 1 to 16.
  float band_exponent;
  // Standard deviation of the grey term's Gaussian, 0.3 to 8 pixels.
  float grey_sigma;
  // Weight of the grey term, up to 1024; 0: left out. Above 256 it is for masks that are dark already.
  struct bluegrad_schedule grey_weight;
  // Step size, up to 3.5.
  struct bluegrad_schedule step_size;
  // Differences larger than this are clamped, 0.00001 to 0.0624.
  struct bluegrad_schedule tau;
  // Momentum, 0 to 0.99.
  float momentum;
  // Pixels below this part of the ranks, 0 to below freeze_above, keep their places ...
  float freeze_below;
  // ... and those above this, up to 0.5, move freely; 0: all move.
  float freeze_above;
} bluegrad_polish;

// For masks of few levels: swaps of two pixels that lower the energy at the thresholds of those levels alone.
typedef struct bluegrad_swap {
  // Steps, each a sweep over all pixels; those after a sweep without a swap do nothing.
  uint32_t steps;
  // Levels that the mask is for, 2 to 64.
  uint32_t levels;
  // How far the kernel reaches, 1 to 12 pixels.
  uint32_t radius;
  // How far apart two pixels that swap may be along each axis, 1 to 8 pixels.
  uint32_t reach;
  // The kernel.
  struct bluegrad_mixture kernel;
  // Exponent of its taper, 0 to 8.
  float taper;
} bluegrad_swap;

// The numbers of a stage: the member that its kind names.
typedef union bluegrad_stage_data {
  // BLUEGRAD_STAGE_SPECTRAL
  struct bluegrad_spectral spectral;
  // BLUEGRAD_STAGE_FILL
  struct bluegrad_fill fill;
  // BLUEGRAD_STAGE_VOID_AND_CLUSTER
  struct bluegrad_void_and_cluster void_and_cluster;
  // BLUEGRAD_STAGE_FRONT
  struct bluegrad_front front;
  // BLUEGRAD_STAGE_POLISH
  struct bluegrad_polish polish;
  // BLUEGRAD_STAGE_SWAP
  struct bluegrad_swap swap;
  // Room for later versions, which then have the same size.
  uint32_t words[63];
} bluegrad_stage_data;

// A stage of a run. Each starts from what the one before it left.
typedef struct bluegrad_stage {
  // What it does.
  bluegrad_stage_kind kind;
  // Its numbers. Begin with bluegrad_stage_default, also to change the kind: the words that a member leaves are room for later versions,
  // and must be 0 (BLUEGRAD_ERROR_RESERVED).
  union bluegrad_stage_data data;
} bluegrad_stage;

// One knot of a radial profile.
typedef struct bluegrad_knot {
  // Radial frequency, cycles/pixel, 0 to 0.7072.
  float frequency;
  // Amplitude there, in any unit, at least 0.
  float amplitude;
} bluegrad_knot;

// A radial amplitude profile: linear between its knots, constant before the first and after the last.
typedef struct bluegrad_profile {
  // The knots, in rising order of frequency.
  struct bluegrad_knot knots[32];
  // How many of them there are, 2 to 32.
  uint32_t knot_count;
} bluegrad_profile;

// All that a run depends on: the same configuration and BLUEGRAD_ALGORITHM_VERSION give the same mask everywhere. Filled in by
// bluegrad_config_default, then free to edit. It holds no pointer.
typedef struct bluegrad_config {
  // sizeof(bluegrad_config): that of the header which the caller was compiled with. This version takes its own size only and
  // answers any other, a smaller one of an older header too, with BLUEGRAD_ERROR_STRUCT_SIZE, before it reads or writes
  // anything behind this word. From version 1.0 on a library also takes the sizes of all headers since 1.0: what an older one
  // lacks is 0, which stands for what the older library did.
  uint32_t struct_size;
  // Width of the mask, 8 to 4096 pixels; with a spectral stage a power of two from 16.
  uint32_t width;
  // Height of the mask, as the width.
  uint32_t height;
  // Layers of the mask: 1, or BLUEGRAD_ERROR_LAYERS.
  uint32_t layers;
  // Channels of the mask: 1, or BLUEGRAD_ERROR_LAYERS.
  uint32_t channels;
  // A cap on the instruction set: a run has the best that this CPU and build have and that is not above it; bluegrad_report says
  // which. BLUEGRAD_LEVEL_AUTO, the default, caps nothing, and BLUEGRAD_LEVEL_SCALAR is below all. A level of another
  // processor's family does not bind: BLUEGRAD_LEVEL_AVX2 keeps AVX-512 from x86 and leaves ARM its NEON.
  bluegrad_level level;
  // Seed of all that is random.
  uint64_t seed;
  // What the values of spectral stages are to have; other stages and the ranks do not know it.
  struct bluegrad_distribution distribution;
  // What the first stage starts from.
  bluegrad_start start;
  // How many stages there are, 1 to BLUEGRAD_MAX_STAGES.
  uint32_t stage_count;
  // The stages, run one after the other; those past stage_count are not looked at.
  struct bluegrad_stage stages[BLUEGRAD_MAX_STAGES];
  // What the profile term of spectral stages aims at; read only if one gives that term weight.
  struct bluegrad_profile profile;
  // 0, or BLUEGRAD_ERROR_RESERVED: room for later versions.
  uint32_t reserved[16];
} bluegrad_config;

// A configuration that comes with the library: one of BLUEGRAD_PRESET_*.
//
// One question decides: does the picture depend on the noise linearly? If not (dithering, ambient occlusion, shadows, stochastic
// transparency, importance sampling), take BLUEGRAD_PRESET_DITHER or BLUEGRAD_PRESET_DITHER_SMOOTH. If so (noise that is added over 16
// output levels or more, small offsets), take BLUEGRAD_PRESET_SPECTRAL, whose thresholded patterns are nearly white.
// In an animation add the golden ratio, 0.618034, to each value in [0, 1), modulo 1, each frame, rather than move the mask by an
// offset. Figures: docs/choosing.md.
typedef uint32_t bluegrad_preset;

// A mask, the levels to dither to and where the mask lies: all that a row needs. Filled in by bluegrad_dither_default, then free to
// edit; nothing to free.
typedef struct bluegrad_dither {
  // sizeof(bluegrad_dither): another size is answered as in bluegrad_config.
  uint32_t struct_size;
  // 1: a row is grey samples; 3: interleaved RGB.
  uint32_t channels;
  // The mask as 8-bit texels, width*height, row by row without a gap: of bluegrad_read_dither_texels or bluegrad_read_u8. They are
  // read at each call.
  const uint8_t *texels;
  // Width of the mask, 1 to 4096 pixels.
  uint32_t width;
  // Height of the mask, 1 to 4096 pixels.
  uint32_t height;
  // Levels to dither to, 2 to 256.
  uint32_t levels;
  // Pixel of the mask that lies over the picture's first: another one gives another frame's noise. It wraps.
  uint32_t x;
  // As x, downwards.
  uint32_t y;
  // (x, y) that is added for red, green and blue. All 0: grey stays grey. (0, 0), (width/3, height/3), (2*width/3, 2*height/3): less
  // noise in the brightness.
  uint32_t channel_offsets[3][2];
  // 0, or BLUEGRAD_ERROR_RESERVED: room for later versions.
  uint32_t reserved[5];
} bluegrad_dither;

// Where the first sample of a packed byte stands: one of BLUEGRAD_BITS_*.
typedef uint32_t bluegrad_bit_order;

// One tile of a loop, to be called by bluegrad_jobs.run with its `context`. It may be called on any thread and does not block but
// where more than 16 threads work at a time.
typedef void (*bluegrad_tile)(void *context, uint32_t index);

// The host's threads, for the time of one call; never kept. The bytes of the results do not depend on it.
typedef struct bluegrad_jobs {
  // Handed to `run`; the library does not look at it.
  void *user;
  // Calls tile(context, index) for each index below `tiles`, in any order and on any threads, and returns when all these calls have
  // returned. What it did not call is done on the calling thread. It must not call a tile after it has returned, nor leave by
  // longjmp or an exception.
  void (*run)(void *user, uint32_t tiles, bluegrad_tile tile, void *context);
} bluegrad_jobs;

// The weighted losses of a spectral stage's terms, with all random factors 1.
typedef struct bluegrad_losses {
  // By the index of the term, whose name bluegrad_loss_name gives; 0 past the terms that there are.
  float by_term[BLUEGRAD_MAX_TERMS];
} bluegrad_losses;

// How far a run is, and what its last step saw.
typedef struct bluegrad_report {
  // The stage of the last step, counted from 0; the number of stages for the step that ranks.
  uint32_t stage;
  // Steps done.
  uint32_t step;
  // Steps in all: those of the stages, and one that ranks.
  uint32_t steps;
  // 1 if the mask is ready, else 0.
  uint32_t done;
  // The losses before the last step; after the ranking those of the first spectral stage's terms at the final values. 0 for stages
  // that are not spectral.
  struct bluegrad_losses losses;
  // Euclidean norm of the gradient of the last spectral step; 0 after the ranking and for other stages.
  float gradient_norm;
  // The instruction set that the run has, one of BLUEGRAD_LEVEL_* but BLUEGRAD_LEVEL_AUTO.
  bluegrad_level level;
  // 0: room for later versions.
  uint32_t reserved[6];
} bluegrad_report;

// How good a mask is, dB relative to white noise of the same variance unless said otherwise: 0 = white, lower is better. A figure is
// NaN where the mask is too small to have it. f is the radial frequency in cycles/pixel.
typedef struct bluegrad_quality {
  // As a dither mask: mean over the 127 grey levels k/128 of the error that an eye sees, a Gaussian blur of 1, 1.5, 1.9, 2 and 3
  // pixels.
  double hvs_error_mean[5];
  // The same for the worst level.
  double hvs_error_worst[5];
  // Energy of all thresholds at once, at the same blurs.
  double total_energy[5];
  // RMS error of the blurred binary patterns over the levels k/16, at the same blurs; no dB, pixels are 0 or 1.
  double rms[5];
  // Mean power below half the principal frequency of each pattern, over the levels k/16.
  double low_frequency;
  // Mean over the 127 levels of the power at f < 0.2.
  double hard_cut;
  // Anisotropy of the patterns, mean over the levels k/16; 0 = isotropic.
  double pattern_anisotropy;
  // As a grey mask: mean power over 0 < f <= 0.1, 0.125, 0.2, 0.25, 0.3 and 0.35.
  double low_power[6];
  // Deviation of its radial power over 0.35 < f < 0.5, dB; 0 = flat.
  double flatness;
  // Its anisotropy over 0.35 < f < 0.7; 0 = isotropic.
  double anisotropy;
  // Structure of the patterns: their largest bin but DC, in units of white noise's mean power, no dB. Mean over the 31 grey
  // levels k/128, k = 4, 8 ... 124. White noise 5 to 10 from 16x16 to 128x128, void-and-cluster 7 to 13; a lattice, which has the
  // least error to the eye, 40 and more, up to width*height. Compare masks of one size.
  double peak_mean;
  // Mean over the 17 of them from 1/4 to 3/4.
  double peak_mid;
  // The worst of the 31.
  double peak_worst;
  // The worst one's grey level.
  double peak_worst_grey;
  // The frequency of its largest bin, cycles/pixel: horizontal, from 0 to 1/2; vertical, above -1/2 up to 1/2.
  double peak_worst_frequency[2];
  // 0: room for later versions.
  double reserved[3];
} bluegrad_quality;

// Where floats lie: one of BLUEGRAD_RANGE_*.
typedef uint32_t bluegrad_range;

// The best that this CPU and this build have.
#define BLUEGRAD_LEVEL_AUTO 0

// Plain code; where the target always has vectors, as x86-64 and 64-bit ARM, the least of these.
#define BLUEGRAD_LEVEL_SCALAR 1

// x86 with SSE2.
#define BLUEGRAD_LEVEL_SSE2 2

// x86 with SSE4.2.
#define BLUEGRAD_LEVEL_SSE42 3

// x86-64-v3.
#define BLUEGRAD_LEVEL_AVX2 4

// The Ice Lake set of AVX-512.
#define BLUEGRAD_LEVEL_AVX512 5

// 64-bit ARM.
#define BLUEGRAD_LEVEL_NEON 16

// WebAssembly's 128-bit vectors.
#define BLUEGRAD_LEVEL_SIMD128 32

// Each value equally often.
#define BLUEGRAD_DISTRIBUTION_UNIFORM 0

// The sum of two uniform values, halved.
#define BLUEGRAD_DISTRIBUTION_TRIANGULAR 1

// A Gaussian of mean 0 and `sigma`, cut off at -1 and 1.
#define BLUEGRAD_DISTRIBUTION_GAUSSIAN 2

// Quantiles from a table, linear between them.
#define BLUEGRAD_DISTRIBUTION_TABLE 3

// Noise of the seed: bluegrad_init.
#define BLUEGRAD_START_NOISE 0

// A given mask: bluegrad_load_u8, _u16, _f32 or _ranks. No stage may be a fill or void-and-cluster.
#define BLUEGRAD_START_MASK 1

// In the highest bits, as in PNG and in most displays.
#define BLUEGRAD_BITS_MSB_FIRST 0

// In the lowest bits, as in XBM and in some displays.
#define BLUEGRAD_BITS_LSB_FIRST 1

// Dithering and every nonlinear use: each thresholded pattern is blue. 64x64 in about a millisecond.
#define BLUEGRAD_PRESET_DITHER 0

// The same with about half of the polish, for load time within a frame.
#define BLUEGRAD_PRESET_DITHER_FAST 1

// Dithering, ahead of void-and-cluster in each of its own strongholds.
#define BLUEGRAD_PRESET_DITHER_CLASSIC 2

// Dithering, six times the time for the last tenths of a decibel.
#define BLUEGRAD_PRESET_DITHER_BEST 3

// Nonlinear and linear uses of one mask: the patterns are blue, and the grey mask is dark at low frequencies.
#define BLUEGRAD_PRESET_DITHER_SMOOTH 4

// Dithering that is looked at closely: the least error at the finest blur.
#define BLUEGRAD_PRESET_DITHER_NEAR 5

// Dithering by gradient descent alone, from noise.
#define BLUEGRAD_PRESET_DITHER_GRADIENT 6

// Ulichney's void-and-cluster (1993), exact.
#define BLUEGRAD_PRESET_VOID_AND_CLUSTER 7

// Noise that enters linearly: the grey mask itself is blue, its patterns are nearly white. Sides are powers of two from 16.
#define BLUEGRAD_PRESET_SPECTRAL 8

// The published gradient-descent method, constant for constant: 100 000 steps. Sides are powers of two from 16.
#define BLUEGRAD_PRESET_PUBLISHED 9

// Presets of this header: they count from 0.
#define BLUEGRAD_PRESET_COUNT 10

// From 0 to less than 1.
#define BLUEGRAD_RANGE_UNIT 0

// From -1 to less than 1.
#define BLUEGRAD_RANGE_SIGNED 1

// `start` all the time.
#define BLUEGRAD_CURVE_CONSTANT 0

// In equal differences from `start` to `end`.
#define BLUEGRAD_CURVE_LINEAR 1

// In equal ratios from `start` to `end`; linear where an end is 0.
#define BLUEGRAD_CURVE_GEOMETRIC 2

// x -= s*g.
#define BLUEGRAD_METHOD_GRADIENT_DESCENT 0

// Polyak's momentum: v = momentum*v + s*g; x -= v.
#define BLUEGRAD_METHOD_HEAVY_BALL 1

// Kingma and Ba (2015).
#define BLUEGRAD_METHOD_ADAM 2

// By sorting.
#define BLUEGRAD_RANKS_EXACT 0

// By counting in bins: within about 1/1000, in a fifth of the time.
#define BLUEGRAD_RANKS_BINNED 1

// bluegrad_stage_data.spectral
#define BLUEGRAD_STAGE_SPECTRAL 0

// bluegrad_stage_data.fill
#define BLUEGRAD_STAGE_FILL 1

// bluegrad_stage_data.void_and_cluster
#define BLUEGRAD_STAGE_VOID_AND_CLUSTER 2

// bluegrad_stage_data.front
#define BLUEGRAD_STAGE_FRONT 3

// bluegrad_stage_data.polish
#define BLUEGRAD_STAGE_POLISH 4

// bluegrad_stage_data.swap
#define BLUEGRAD_STAGE_SWAP 5

// All went well.
#define BLUEGRAD_OK 0

// A width or height that no mask has.
#define BLUEGRAD_ERROR_SIZE -1

// A width or height that the transform of a spectral stage does not take.
#define BLUEGRAD_ERROR_TRANSFORM_SIZE -2

// A width or height of a mask to dither with.
#define BLUEGRAD_ERROR_DITHER_SIZE -3

// A number of levels to dither to.
#define BLUEGRAD_ERROR_LEVELS -4

// No stage, or too many.
#define BLUEGRAD_ERROR_STAGE_COUNT -5

// A stage that places every pixel anew in a configuration that starts from a given mask.
#define BLUEGRAD_ERROR_STARTS_TWICE -6

// More steps than 32 bits count.
#define BLUEGRAD_ERROR_STEP_COUNT -7

// A spectral loss was asked for where there is no spectral stage.
#define BLUEGRAD_ERROR_NOT_SPECTRAL -8

// bluegrad_init with a start from a mask, or bluegrad_load_* with a start from noise.
#define BLUEGRAD_ERROR_WRONG_START -9

// A number of the configuration, or of the other input, out of its range or not finite.
#define BLUEGRAD_ERROR_NUMBER -10

// A radial profile.
#define BLUEGRAD_ERROR_PROFILE -11

// A table of quantiles.
#define BLUEGRAD_ERROR_DISTRIBUTION_TABLE -12

// An instruction set that this CPU or build lacks. No function of this version returns it: a level is a cap.
#define BLUEGRAD_ERROR_LEVEL -13

// A buffer of a wrong length.
#define BLUEGRAD_ERROR_LENGTH -14

// A block of memory at a wrong address.
#define BLUEGRAD_ERROR_ALIGNMENT -15

// A block that holds no generator, one of another version or endianness, or a damaged one.
#define BLUEGRAD_ERROR_NOT_A_GENERATOR -16

// The mask was asked for too soon.
#define BLUEGRAD_ERROR_NOT_DONE -17

// Ranks that do not fit 16 bits.
#define BLUEGRAD_ERROR_TOO_MANY_PIXELS -18

// A stage that this build of the library was made without: in a configuration, or in a saved block of a build that has it.
#define BLUEGRAD_ERROR_FEATURE -19

// Layers or channels that no mask of this version has.
#define BLUEGRAD_ERROR_LAYERS -20

// NULL where the description asks for a pointer.
#define BLUEGRAD_ERROR_NULL -32

// A pointer that is not aligned for its type.
#define BLUEGRAD_ERROR_MISALIGNED -33

// A struct_size that this version does not know.
#define BLUEGRAD_ERROR_STRUCT_SIZE -34

// A number that stands for a choice and is none of the known ones.
#define BLUEGRAD_ERROR_UNKNOWN_VALUE -35

// A reserved field that is not zero.
#define BLUEGRAD_ERROR_RESERVED -36

// Buffers that overlap.
#define BLUEGRAD_ERROR_OVERLAP -37

// A distance between rows that is too short or not whole elements.
#define BLUEGRAD_ERROR_STRIDE -38

// An error of the core that this version has no number for.
#define BLUEGRAD_ERROR_OTHER -64

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Fills in a preset with seed 0, the best level and uniform values. Width and height are not checked yet.
//
// out: gets it all, struct_size too. struct_size: sizeof(bluegrad_config), so that a later library knows how much there is to write.
// preset: one of BLUEGRAD_PRESET_*.
// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_STRUCT_SIZE, BLUEGRAD_ERROR_UNKNOWN_VALUE.
// May be called from any thread at any time.
BLUEGRAD_API
bluegrad_status bluegrad_config_default(struct bluegrad_config *out,
                                        uint32_t struct_size,
                                        bluegrad_preset preset,
                                        uint32_t width,
                                        uint32_t height);

// Replaces the stages by those of the family of dither masks, from which BLUEGRAD_PRESET_DITHER is taken.
//
// config: of bluegrad_config_default; it then starts from noise. sigma: 1.0 for near viewing to 1.7 pixels for far viewing, 1.26 by
// default. steps: of polish, 14 by default, 8 for speed.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, and BLUEGRAD_ERROR_NUMBER for sigma.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_config_dither(struct bluegrad_config *config,
                                       float sigma,
                                       uint32_t steps);

// Replaces the stages by those of BLUEGRAD_PRESET_DITHER_SMOOTH with another mix of dithering and a dark grey mask.
//
// config: of bluegrad_config_default; it then starts from noise. Its width and height are looked at: where both are powers of two from
// 16, a mix of 1 ends with a spectral stage, and the grey mask is as dark as that of BLUEGRAD_PRESET_SPECTRAL. (For few levels take one
// from stage_count before bluegrad_config_levels, as the command line does.) mix: 0, dithering alone, to 1; the preset has 0.25.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, and BLUEGRAD_ERROR_NUMBER for mix.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_config_mix(struct bluegrad_config *config,
                                    float mix);

// Appends a stage that makes the mask better for dithering to that few levels, 64 sweeps of swaps at most.
//
// levels: of the picture that is dithered, 2 to 64; a number that is out of range is found by bluegrad_config_check. sigma: of the
// family's kernel, as in bluegrad_config_dither.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, and BLUEGRAD_ERROR_STAGE_COUNT if there are 8
// stages already.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_config_levels(struct bluegrad_config *config,
                                       uint32_t levels,
                                       float sigma);

// Makes the run start from a given mask, to refine it: removes the stages that place pixels anew. If none is left,
// bluegrad_config_check says so.
//
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API bluegrad_status bluegrad_config_refine(struct bluegrad_config *config);

// Whether a generator can be made of a configuration, and if not, why not, in one line of English.
//
// text: gets the line, cut off at text_size - 1 bytes, and zeros to the end; "ok" if all is well. NULL if it is not wanted; text_size
// is 0 then. 128 bytes hold every line.
// Returns BLUEGRAD_OK or what bluegrad_init would return but for its memory.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_config_check(const struct bluegrad_config *config,
                                      char *text,
                                      size_t text_size);

// Bytes of memory that a generator of this configuration needs, a multiple of BLUEGRAD_MEMORY_ALIGN; 0 if the configuration is
// invalid (bluegrad_config_check says why). 64x64: 80 KiB with BLUEGRAD_PRESET_DITHER, 172 with _SPECTRAL.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
size_t bluegrad_memory_size(const struct bluegrad_config *config);

// Fills in a dither: grey, no offsets. Nothing is checked but the pointer and the size; the calls with rows check the rest.
//
// out: gets it. struct_size: sizeof(bluegrad_dither). texels, width, height, levels: see bluegrad_dither.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE.
// May be called from any thread at any time.
BLUEGRAD_API
bluegrad_status bluegrad_dither_default(struct bluegrad_dither *out,
                                        uint32_t struct_size,
                                        const uint8_t *texels,
                                        uint32_t width,
                                        uint32_t height,
                                        uint32_t levels);

// Dithers a row of 8-bit samples to levels, 0 to levels - 1, one byte for each sample.
//
// dither: see there. y: the row's number in the picture, from the top. row: its samples, of RGB interleaved. samples: their number, of RGB
// a multiple of three. to: gets as many levels; it must not overlap the row or the texels.
// A sample v under a texel t becomes floor((v*(levels - 1) + t')/255), t' = t - (t >= 128): black and white stay as they are.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _DITHER_SIZE, _LEVELS, _UNKNOWN_VALUE for the channels, _LENGTH,
// _OVERLAP of `to` and the row or the texels.
// May be called from any thread, for several rows at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_dither_levels(const struct bluegrad_dither *dither,
                                       uint32_t y,
                                       const uint8_t *row,
                                       size_t samples,
                                       uint8_t *to);

// Dithers a row to the 8-bit values of the levels, round(255*level/(levels - 1)). Parameters, errors and threads: as
// bluegrad_dither_levels.
BLUEGRAD_API
bluegrad_status bluegrad_dither_values(const struct bluegrad_dither *dither,
                                       uint32_t y,
                                       const uint8_t *row,
                                       size_t samples,
                                       uint8_t *to);

// Bytes of a packed row of so many samples: 1, 2, 4 or 8 bits for each, the fewest that hold every level; 0 if the dither is invalid.
// May be called from any thread at any time.
BLUEGRAD_API
size_t bluegrad_dither_packed_size(const struct bluegrad_dither *dither,
                                   size_t samples);

// Dithers a row to packed levels, sample after sample; the bits that the last byte has left are 0.
//
// size: bytes of `to`, exactly bluegrad_dither_packed_size. order: one of BLUEGRAD_BITS_*. The others, errors and threads: as
// bluegrad_dither_levels.
BLUEGRAD_API
bluegrad_status bluegrad_dither_pack(const struct bluegrad_dither *dither,
                                     uint32_t y,
                                     const uint8_t *row,
                                     size_t samples,
                                     uint8_t *to,
                                     size_t size,
                                     bluegrad_bit_order order);

// The name of a term, "low band" for instance: of the element `term` of bluegrad_losses. NULL for a number that is none, so that a
// loop from 0 to the first NULL lists those of the library that is linked. The text is static. May be called from any thread at any
// time.
BLUEGRAD_API
const char *bluegrad_loss_name(uint32_t term);

// Starts a run from noise of the configuration's seed. It takes about as long as a step.
//
// memory: a block that starts at a multiple of BLUEGRAD_MEMORY_ALIGN; what it held is overwritten. It belongs to the run until that is
// given up. size: its bytes, at least bluegrad_memory_size. config: is copied. out: gets the generator, NULL after an error.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _ALIGNMENT and _LENGTH of the memory,
// _WRONG_START if the configuration starts from a mask; _SIZE, _LAYERS, _TRANSFORM_SIZE, _STAGE_COUNT, _STEP_COUNT, _NUMBER, _PROFILE, _FEATURE
// and _DISTRIBUTION_TABLE of the configuration.
// May be called from any thread, for different blocks at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_init(void *memory,
                              size_t size,
                              const struct bluegrad_config *config,
                              struct bluegrad_generator **out);

// Starts a run from a given mask of 8-bit values, to refine it: as bluegrad_init, for configurations with BLUEGRAD_START_MASK
// (bluegrad_config_refine). Only the order of the values counts; pixels of equal values are put in a random order of the seed.
//
// values: width*height of them, row by row, apart from the memory. count: their number. ties: gets how many pixels have a value that
// another has, less one for each such value; may be NULL. The other parameters are those of bluegrad_init.
// Errors: those of bluegrad_init but that _WRONG_START means a start from noise; _LENGTH of the values, _STARTS_TWICE, _OVERLAP.
// May be called from any thread, for different blocks at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_load_u8(void *memory,
                                 size_t size,
                                 const struct bluegrad_config *config,
                                 const uint8_t *values,
                                 size_t count,
                                 uint32_t *ties,
                                 struct bluegrad_generator **out);

// As bluegrad_load_u8, from 16-bit values.
BLUEGRAD_API
bluegrad_status bluegrad_load_u16(void *memory,
                                  size_t size,
                                  const struct bluegrad_config *config,
                                  const uint16_t *values,
                                  size_t count,
                                  uint32_t *ties,
                                  struct bluegrad_generator **out);

// As bluegrad_load_u8, from floats; BLUEGRAD_ERROR_NUMBER if one is not finite.
BLUEGRAD_API
bluegrad_status bluegrad_load_f32(void *memory,
                                  size_t size,
                                  const struct bluegrad_config *config,
                                  const float *values,
                                  size_t count,
                                  uint32_t *ties,
                                  struct bluegrad_generator **out);

// As bluegrad_load_u8, from ranks as bluegrad_read_ranks gives them, 0 to width*height - 1; any others below 2^24 will do too, for
// only their order counts. Those from 2^24 on are taken as the nearest float.
BLUEGRAD_API
bluegrad_status bluegrad_load_ranks(void *memory,
                                    size_t size,
                                    const struct bluegrad_config *config,
                                    const uint32_t *values,
                                    size_t count,
                                    uint32_t *ties,
                                    struct bluegrad_generator **out);

// Takes up a run from a block that bluegrad_init, bluegrad_load_* and bluegrad_step left, or from a copy of its bytes. Nothing is
// written to the block. A level that this CPU lacks becomes the best that it has.
//
// memory: starts at a multiple of BLUEGRAD_MEMORY_ALIGN. size: its bytes, at least those that the run had. out: gets the generator,
// NULL after an error.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED of out, _ALIGNMENT, _LENGTH, _NOT_A_GENERATOR, _FEATURE. Damage to the header is found; damage to what
// follows makes a wrong mask or an error, and nothing worse.
// May be called from any thread, for different blocks at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_open(void *memory,
                              size_t size,
                              struct bluegrad_generator **out);

// Does up to `steps` more steps; less if the run ends. A program spends a slice of each frame on it, shows progress from the report,
// and cancels by not calling again. Call it until the report's `done` is 1.
//
// What one step is, and which stages use jobs (n pixels):
//
// - spectral: a step of the optimiser: two transforms and, with a histogram term, a sort. Jobs: all but the sort.
// - fill: placing up to 1024 pixels. No jobs.
// - void-and-cluster: up to 1024 moves of its initial pattern's pixels, or placing up to 1024 pixels. No jobs.
// - front: a step of the optimiser, with exact ranks. Jobs: all but the ranks.
// - polish: a step of the optimiser, with exact ranks at the last. Jobs: all but the ranks.
// - swap: a sweep over all pixels: the longest of all steps. No jobs.
// - the last step of all: exact ranks, and the losses if there is a spectral stage. No jobs.
//
// A step's time grows with n, but that of fill and void-and-cluster.
//
// generator: one thread at a time. steps: 0 does nothing but report. jobs: the host's threads, for this call; NULL: all on the calling
// thread. The bytes are the same either way. out: gets the report; may be NULL.
// Errors: BLUEGRAD_ERROR_NULL (generator, jobs->run), _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR if the block was damaged.
// Steps done before an error stay done. The floating-point environment must round to nearest.
BLUEGRAD_API
bluegrad_status bluegrad_step(struct bluegrad_generator *generator,
                              uint32_t steps,
                              const struct bluegrad_jobs *jobs,
                              struct bluegrad_report *out);

// How far a run is, without a step.
//
// generator: one thread at a time. out: gets the report.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR.
BLUEGRAD_API
bluegrad_status bluegrad_get_report(const struct bluegrad_generator *generator,
                                    struct bluegrad_report *out);

// What a run was made from: the shape of a saved block, for instance. Its level is the one that the run took when it began;
// BLUEGRAD_LEVEL_AUTO stays, so that a saved block has the best that there is where it is opened.
//
// generator: one thread at a time. out: gets the configuration. struct_size: sizeof(bluegrad_config).
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _STRUCT_SIZE.
BLUEGRAD_API
bluegrad_status bluegrad_get_config(const struct bluegrad_generator *generator,
                                    struct bluegrad_config *out,
                                    uint32_t struct_size);

// The losses of any spectral stage's terms at the present values; the run goes on as if it had not been asked. It takes about as long
// as a step with exact ranks.
//
// generator: of a configuration with a spectral stage; one thread at a time. stage: of kind BLUEGRAD_STAGE_SPECTRAL. out: gets the losses.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _RESERVED, _UNKNOWN_VALUE, _NOT_SPECTRAL if the run or the stage is
// not, _NUMBER of the stage, _PROFILE for a profile term where no stage of the run has one.
BLUEGRAD_API
bluegrad_status bluegrad_evaluate(struct bluegrad_generator *generator,
                                  const struct bluegrad_stage *stage,
                                  struct bluegrad_losses *out);

// Bytes of scratch that bluegrad_measure needs; 0 unless width and height are each from 8 to 4096. 64x64: 0.1 MB.
// May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_measure_memory_size(uint32_t width, uint32_t height);

// Measures any mask. No hot path: 64x64 takes some 20 ms, 1024x1024 several seconds, sides that are no power of two up to four times
// that. It uses up to 32 KiB of stack.
//
// ranks: width*height, row by row, each below that: those of bluegrad_read_ranks, or for each pixel of any mask how many others have a
// smaller value. width, height: 8 to 4096 each. scratch: aligned for double. size: its bytes, at least bluegrad_measure_memory_size.
// out: gets the figures.
// Errors: BLUEGRAD_ERROR_SIZE, _NULL, _MISALIGNED, _LENGTH, _NUMBER for a rank that is too large, _OVERLAP of ranks and scratch.
// May be called from any thread, with different scratch at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_measure(const uint32_t *ranks,
                                 uint32_t width,
                                 uint32_t height,
                                 void *scratch,
                                 size_t size,
                                 struct bluegrad_quality *out);

// The name of a preset, "dither" for instance, as the command line has it; NULL for a number that is none, so that a loop from 0
// to the first NULL lists those of the library that is linked. The text is static. May be called from any thread at any time.
BLUEGRAD_API
const char *bluegrad_preset_name(bluegrad_preset preset);

// One line of English: what a preset is for; NULL for a number that is none. The text is static. May be called from any thread at
// any time.
BLUEGRAD_API
const char *bluegrad_preset_purpose(bluegrad_preset preset);

// Finds the preset of a name, "dither" for instance.
//
// name: ends with a NUL. out: gets the preset.
// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_UNKNOWN_VALUE if no preset has that name.
// May be called from any thread at any time.
BLUEGRAD_API bluegrad_status bluegrad_preset_by_name(const char *name, bluegrad_preset *out);

// Reads a finished mask as 8-bit values floor(256*rank/n), n the number of pixels: each of the 256 equally often where 256 divides n.
//
// generator: one thread at a time. to: the first row; the memory must not be the generator's. size: bytes that may be written from
// there on: at least row_stride*(height - 1) + width times the element's size. row_stride: bytes from the start of a row to that of the
// next, a multiple of the element's size; 0: rows without a gap. Bytes between rows are not touched.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _NOT_DONE before the last step, _STRIDE, _LENGTH, _OVERLAP.
BLUEGRAD_API
bluegrad_status bluegrad_read_u8(const struct bluegrad_generator *generator,
                                 uint8_t *to,
                                 size_t size,
                                 size_t row_stride);

// Reads a finished mask as 16-bit values floor(65536*rank/n). Parameters and errors: as bluegrad_read_u8.
BLUEGRAD_API
bluegrad_status bluegrad_read_u16(const struct bluegrad_generator *generator,
                                  uint16_t *to,
                                  size_t size,
                                  size_t row_stride);

// Reads a finished mask as floats Q((rank + 1/2)/n), Q the quantile function of a distribution; never the upper end of the range.
//
// range: one of BLUEGRAD_RANGE_*. distribution: NULL: uniform. The others, and errors: as bluegrad_read_u8, and
// BLUEGRAD_ERROR_UNKNOWN_VALUE, _NUMBER for sigma, _DISTRIBUTION_TABLE.
BLUEGRAD_API
bluegrad_status bluegrad_read_f32(const struct bluegrad_generator *generator,
                                  float *to,
                                  size_t size,
                                  size_t row_stride,
                                  bluegrad_range range,
                                  const struct bluegrad_distribution *distribution);

// Reads the ranks of a finished mask: each of 0 to n - 1 once. Parameters and errors: as bluegrad_read_u8.
BLUEGRAD_API
bluegrad_status bluegrad_read_ranks(const struct bluegrad_generator *generator,
                                    uint32_t *to,
                                    size_t size,
                                    size_t row_stride);

// Reads the ranks of a finished mask as 16-bit numbers. Parameters and errors: as bluegrad_read_u8, and
// BLUEGRAD_ERROR_TOO_MANY_PIXELS past 65536 pixels.
BLUEGRAD_API
bluegrad_status bluegrad_read_ranks_u16(const struct bluegrad_generator *generator,
                                        uint16_t *to,
                                        size_t size,
                                        size_t row_stride);

// Reads a finished mask as the 8-bit texels with which bluegrad_dither_* has exactly the thresholds of the ranks; those of
// bluegrad_read_u8 will do too, but where 256 does not divide n. Parameters and errors: as bluegrad_read_u8.
BLUEGRAD_API
bluegrad_status bluegrad_read_dither_texels(const struct bluegrad_generator *generator,
                                            uint8_t *to,
                                            size_t size,
                                            size_t row_stride);

// Reads the present values of a run at any time, to show how it comes about: floats from -1 to 1. Pixels that have no place yet
// are 1.
//
// Parameters and errors: as bluegrad_read_u8, but that it is never too soon.
BLUEGRAD_API
bluegrad_status bluegrad_read_values(struct bluegrad_generator *generator,
                                     float *to,
                                     size_t size,
                                     size_t row_stride);

// Fills a stage with sound numbers of its kind, to edit. 0 steps where a stage has a number of steps, and:
// spectral: the published loss and plain gradient descent, with its 100 000 steps; fill: sigma 1.26, radius 5, tile by tile;
// void-and-cluster: sigma 1.5 from 2 % of the pixels; front: sigma 1.43, radius 4, step size 0.7, momentum 0.3, threshold linear
// from 0.01 to 1; polish: radius 9, a Gaussian of sigma 1.5, no ends, no band, no grey term, nothing frozen, step size 0.5;
// swap: 8 levels, radius 9, reach 3, a Gaussian of sigma 1.5.
//
// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_UNKNOWN_VALUE.
// May be called from any thread at any time.
BLUEGRAD_API
bluegrad_status bluegrad_stage_default(struct bluegrad_stage *out,
                                       bluegrad_stage_kind kind);

// One line of English for a status: what was wrong and what would be right; "unknown status" for a number that is none. Never NULL;
// the text is static. May be called from any thread at any time. bluegrad_config_check tells more about a configuration: which field,
// and its range.
BLUEGRAD_API
const char *bluegrad_status_string(bluegrad_status status);

// The version of the library that is linked, packed as BLUEGRAD_VERSION: major*65536 + minor*256 + patch. While major is 0 a
// program must see the same major and minor number here as in the header that it was compiled with. May be called from any
// thread at any time.
BLUEGRAD_API
uint32_t bluegrad_version(void);

// The algorithm version of the library that is linked, see BLUEGRAD_ALGORITHM_VERSION. Store it beside a seed where the same mask
// must come again later. May be called from any thread at any time.
BLUEGRAD_API
uint32_t bluegrad_algorithm_version(void);

// The name of the best instruction set that both this CPU and this build have: "scalar", "sse2", "sse4.2", "avx2", "avx512",
// "neon" or "simd128". It changes the speed only, never a byte of a result. The text is static. May be called from any thread at
// any time.
BLUEGRAD_API
const char *bluegrad_simd_level(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BLUEGRAD_H */
