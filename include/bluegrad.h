/* bluegrad: tileable blue-noise masks, made at run time in memory of the caller's.
 *
 * One call, in scratch memory at any address:
 *
 *   static uint8_t texture[64 * 64];
 *   size_t size = bluegrad_make_memory_size(BLUEGRAD_PRESET_DITHER, 64, 64);
 *   void *memory = malloc(size);
 *   bluegrad_status status = bluegrad_make_u8(memory, size, BLUEGRAD_PRESET_DITHER, 64, 64, 7, texture, sizeof texture);
 *   free(memory);
 *
 * Or size, init, step, read, a slice of the work each frame:
 *
 *   bluegrad_config config;
 *   bluegrad_generator *generator;
 *   bluegrad_report report = {0};
 *   bluegrad_config_default(&config, sizeof config, BLUEGRAD_PRESET_DITHER, 64, 64);
 *   size_t size = bluegrad_memory_size(&config) + BLUEGRAD_MEMORY_ALIGN;
 *   void *memory = malloc(size);
 *   bluegrad_init(memory, size, &config, &generator);
 *   while (bluegrad_step(generator, 1, NULL, &report) == BLUEGRAD_OK && !report.done) {}    // a slice of steps a frame
 *   bluegrad_read_u8(generator, texture, 64 * 64, NULL);
 *
 * Every function that can fail returns a bluegrad_status. The library allocates nothing, keeps no global state that changes results,
 * starts no thread, reads no clock, and never aborts. Wrong input is an error number: NULL, misaligned pointers, sizes, numbers and
 * choices out of range, calls in a wrong order. What it cannot see is a pointer to memory that is not there or is in use elsewhere.
 *
 * A name like _LENGTH in a list of errors stands for BLUEGRAD_ERROR_LENGTH.
 *
 * The values of an enum bluegrad_x are BLUEGRAD_X_*.
 *
 * Made from ffi/src and core/src by ffi/header: edit it there.
 */


#ifndef BLUEGRAD_H
#define BLUEGRAD_H

#include <stdbool.h>
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

/* An enum of 32 bits: in C the type bluegrad_x is a uint32_t and the values are an enum's; in C++ it is an enum over uint32_t. */
#ifdef __cplusplus
#define BLUEGRAD_ENUM(name) enum name : uint32_t
#else
#define BLUEGRAD_ENUM(name) typedef uint32_t name; enum name
#endif

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// ----------------------------------------------------------------------------------------------------------------------
// Statuses: what a call returns.
//
// Every function that can fail returns BLUEGRAD_OK or a negative number and has then changed nothing, unless its description says
// otherwise. bluegrad_status_string says in one line what was wrong and what would be right.
// ----------------------------------------------------------------------------------------------------------------------

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

// A block of memory at a wrong address, and without room for a block at a right one.
#define BLUEGRAD_ERROR_ALIGNMENT -15

// A block that holds no generator, one of another version or endianness, or a damaged one.
#define BLUEGRAD_ERROR_NOT_A_GENERATOR -16

// The mask was asked for too soon.
#define BLUEGRAD_ERROR_NOT_DONE -17

// Ranks that do not fit 16 bits.
#define BLUEGRAD_ERROR_TOO_MANY_PIXELS -18

// A stage that this build of the library was made without: in a configuration, or in a saved block of a build that has it. Or a preset of
// another family than the function's.
#define BLUEGRAD_ERROR_FEATURE -19

// Layers or channels that no mask of these sides has.
#define BLUEGRAD_ERROR_LAYERS -20

// Output values to dither to that do not rise.
#define BLUEGRAD_ERROR_VALUES -21

// Colours that no palette has: fewer than 2, more than 64.
#define BLUEGRAD_ERROR_COLORS -22

// Two colours of a palette that are the same.
#define BLUEGRAD_ERROR_SAME_COLORS -23

// Nodes an axis that no table of a palette has.
#define BLUEGRAD_ERROR_NODES -24

// Words that are no table of a palette.
#define BLUEGRAD_ERROR_PALETTE_TABLE -25

// A form of rows that the samples or levels do not have.
#define BLUEGRAD_ERROR_SINK -26

// Layers or channels where one plane is wanted.
#define BLUEGRAD_ERROR_NOT_FLAT -27

// Layers or channels that the mask does not have, or that a load leaves out.
#define BLUEGRAD_ERROR_PLANE -28

// A stage that makes flat masks only, for a mask with layers or channels.
#define BLUEGRAD_ERROR_FLAT_ONLY -29

// A kernel of a filter fill that is not positive definite.
#define BLUEGRAD_ERROR_NOT_POSITIVE -30

// Filters that reach too far for a filter polish.
#define BLUEGRAD_ERROR_REACH -31

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

// A distance of rows or layers that is too short or not whole elements.
#define BLUEGRAD_ERROR_STRIDE -38

// A number of points that no set has, or that cannot be measured.
#define BLUEGRAD_ERROR_POINT_COUNT -39

// A block that holds no point set, one of another version or endianness, or a damaged one.
#define BLUEGRAD_ERROR_NOT_POINTS -40

// An error of the core that this version has no number for.
#define BLUEGRAD_ERROR_OTHER -64

// What a function returns: BLUEGRAD_OK or a negative number, one of BLUEGRAD_ERROR_*. The numbers never change their meaning;
// later versions may add some. A function that failed has changed nothing unless its description says otherwise.
typedef int32_t bluegrad_status;

// One line of English for a status: what was wrong and what would be right; "unknown status" for a number that is none. Never NULL;
// the text is static. May be called from any thread at any time. bluegrad_config_check tells more about a configuration: which field,
// and its range.
BLUEGRAD_API
const char *bluegrad_status_string(bluegrad_status status);

// ----------------------------------------------------------------------------------------------------------------------
// Make: a whole mask by one call, in scratch memory at any address.
//
// bluegrad_make_memory_size says how much scratch memory a mask of a preset needs, and malloc's will do. For slices of a frame, other
// recipes, layers, channels and saved runs there are the calls below: configure, init, step, read.
//
// bluegrad_make_dither_* and bluegrad_make_spectral_* make the presets of one family with the code of that family alone: a program that
// calls no others, and is linked with the option that drops unused sections (-Wl,--gc-sections), is smaller.
// ----------------------------------------------------------------------------------------------------------------------

// A recipe that comes with the library.
//
// One question decides: does the picture depend on the noise linearly? If not (dithering, ambient occlusion, shadows, stochastic
// transparency, importance sampling), take `Dither` or `DitherSmooth`. If so (noise that is added over 16 output levels or more, small
// offsets), take `Spectral`, whose thresholded patterns are nearly white. In an animation add the golden ratio, 0.618034, to each value in
// [0, 1), modulo 1, each frame, rather than move the mask by an offset. Figures: docs/choosing.md.
BLUEGRAD_ENUM(bluegrad_preset) {
  // Dithering and every nonlinear use: each thresholded pattern is blue. 64x64 in about a millisecond.
  BLUEGRAD_PRESET_DITHER = 0,
  // As `Dither` with about half of the polish, for load time within a frame.
  BLUEGRAD_PRESET_DITHER_FAST = 1,
  // Dithering, ahead of void-and-cluster in each of its own strongholds.
  BLUEGRAD_PRESET_DITHER_CLASSIC = 2,
  // Dithering, six times the time for the last tenths of a decibel.
  BLUEGRAD_PRESET_DITHER_BEST = 3,
  // Nonlinear and linear uses of one mask: the patterns are blue, and the grey mask is dark at low frequencies.
  BLUEGRAD_PRESET_DITHER_SMOOTH = 4,
  // Dithering that is looked at closely: the least error at the finest blur.
  BLUEGRAD_PRESET_DITHER_NEAR = 5,
  // Dithering by gradient descent alone, from noise.
  BLUEGRAD_PRESET_DITHER_GRADIENT = 6,
  // Exact void-and-cluster (Ulichney 1993), sigma 1.5 pixels.
  BLUEGRAD_PRESET_VOID_AND_CLUSTER = 7,
  // Noise that enters linearly: the grey mask itself is blue, its patterns are nearly white. Sides are powers of two from 16.
  BLUEGRAD_PRESET_SPECTRAL = 8,
  // The published gradient-descent method, constant for constant: 100 000 steps. Sides are powers of two from 16.
  BLUEGRAD_PRESET_PUBLISHED = 9,
  // Triangular noise that is added before rounding to integers, and no other use: every rounded picture is blue. Its configuration has
  // the distribution: read the mask as that.
  BLUEGRAD_PRESET_TRIANGULAR = 10,
  // Layers for frames: each layer is blue in space, each pixel over time. Ahead of void-and-cluster in space and time at equal blurs.
  BLUEGRAD_PRESET_SPACE_TIME = 11,
  // As `SpaceTime` with more of time, over more frames: for averages of eight frames and more.
  BLUEGRAD_PRESET_SPACE_TIME_WIDE = 12,
};

// Bytes of scratch memory that bluegrad_make_* needs, wherever the memory starts. 64x64: 80 KiB with BLUEGRAD_PRESET_DITHER, 172 with
// _SPECTRAL.
//
// 0 for an unknown preset, and for a width or height that no mask of the preset has; bluegrad_make_* says why.
// May be called from any thread at any time.
BLUEGRAD_API
size_t bluegrad_make_memory_size(bluegrad_preset preset,
                                 uint32_t width,
                                 uint32_t height);

// Makes a mask of a preset as 8-bit values floor(256*rank/n), n = width*height: each of the 256 equally often where 256 divides n.
//
// memory: scratch, at any address; it is overwritten, and free again after the call. memory_size: its bytes, at least
// bluegrad_make_memory_size. preset: one of BLUEGRAD_PRESET_*. width, height: 8 to 4096; of BLUEGRAD_PRESET_SPECTRAL and _PUBLISHED powers
// of two from 16. seed: any number; another seed gives another mask. to: gets the values, row by row, not in the memory. size: bytes at
// `to`, at least width*height.
// Errors: BLUEGRAD_ERROR_UNKNOWN_VALUE of the preset, _SIZE, _TRANSFORM_SIZE, _NULL, _MISALIGNED of `to`, _LENGTH of either buffer,
// _OVERLAP. An error leaves `to` as it is.
// May be called from any thread, with different memory at the same time. The floating-point environment must round to nearest.
BLUEGRAD_API
bluegrad_status bluegrad_make_u8(void *memory,
                                 size_t memory_size,
                                 bluegrad_preset preset,
                                 uint32_t width,
                                 uint32_t height,
                                 uint64_t seed,
                                 uint8_t *to,
                                 size_t size);

// Makes a mask of a preset as 16-bit values floor(65536*rank/n). size: at least 2*width*height. Otherwise as bluegrad_make_u8.
BLUEGRAD_API
bluegrad_status bluegrad_make_u16(void *memory,
                                  size_t memory_size,
                                  bluegrad_preset preset,
                                  uint32_t width,
                                  uint32_t height,
                                  uint64_t seed,
                                  uint16_t *to,
                                  size_t size);

// Makes a mask of a preset as uniform floats (rank + 1/2)/n, below 1. size: at least 4*width*height. Otherwise as bluegrad_make_u8.
BLUEGRAD_API
bluegrad_status bluegrad_make_f32(void *memory,
                                  size_t memory_size,
                                  bluegrad_preset preset,
                                  uint32_t width,
                                  uint32_t height,
                                  uint64_t seed,
                                  float *to,
                                  size_t size);

// Makes a mask of a preset as ranks, each number from 0 to n - 1 once. size: at least 4*width*height. Otherwise as bluegrad_make_u8.
BLUEGRAD_API
bluegrad_status bluegrad_make_ranks(void *memory,
                                    size_t memory_size,
                                    bluegrad_preset preset,
                                    uint32_t width,
                                    uint32_t height,
                                    uint64_t seed,
                                    uint32_t *to,
                                    size_t size);

// Makes a mask as bluegrad_make_u8 does, for the presets of fill and polish alone: BLUEGRAD_PRESET_DITHER, _DITHER_FAST, _DITHER_CLASSIC, _DITHER_BEST,
// _DITHER_SMOOTH, _DITHER_NEAR, _TRIANGULAR, _SPACE_TIME and _SPACE_TIME_WIDE.
//
// Parameters and errors: as bluegrad_make_u8, and BLUEGRAD_ERROR_FEATURE for another preset.
BLUEGRAD_API
bluegrad_status bluegrad_make_dither_u8(void *memory,
                                        size_t memory_size,
                                        bluegrad_preset preset,
                                        uint32_t width,
                                        uint32_t height,
                                        uint64_t seed,
                                        uint8_t *to,
                                        size_t size);

// Makes a mask as bluegrad_make_ranks does, for the presets of bluegrad_make_dither_u8. Parameters and errors: as there, for 32-bit ranks.
BLUEGRAD_API
bluegrad_status bluegrad_make_dither_ranks(void *memory,
                                           size_t memory_size,
                                           bluegrad_preset preset,
                                           uint32_t width,
                                           uint32_t height,
                                           uint64_t seed,
                                           uint32_t *to,
                                           size_t size);

// Makes a mask as bluegrad_make_u8 does, for the presets of the spectral objective: BLUEGRAD_PRESET_SPECTRAL and _PUBLISHED.
//
// Parameters and errors: as bluegrad_make_u8, and BLUEGRAD_ERROR_FEATURE for another preset.
BLUEGRAD_API
bluegrad_status bluegrad_make_spectral_u8(void *memory,
                                          size_t memory_size,
                                          bluegrad_preset preset,
                                          uint32_t width,
                                          uint32_t height,
                                          uint64_t seed,
                                          uint8_t *to,
                                          size_t size);

// Makes a mask as bluegrad_make_ranks does, for the presets of bluegrad_make_spectral_u8. Parameters and errors: as there, for 32-bit ranks.
BLUEGRAD_API
bluegrad_status bluegrad_make_spectral_ranks(void *memory,
                                             size_t memory_size,
                                             bluegrad_preset preset,
                                             uint32_t width,
                                             uint32_t height,
                                             uint64_t seed,
                                             uint32_t *to,
                                             size_t size);

// ----------------------------------------------------------------------------------------------------------------------
// Configure: what a run makes.
//
// bluegrad_config_default fills in a preset; then every field is free to edit. bluegrad_config_dither, _space_time, _filtered, _mix and
// _levels change the stages, and bluegrad_config_refine makes the run start from a given mask. bluegrad_config_check says in one line
// which field is wrong and what would be right; bluegrad_init checks the same. A configuration holds no pointer and may be copied.
// ----------------------------------------------------------------------------------------------------------------------

// Name of a preset, "dither" for instance, as on the command line. NULL for a number that is no preset, so that a loop from 0 to the
// first NULL lists the presets of the library that is linked. The text is static.
//
// May be called from any thread at any time.
BLUEGRAD_API
const char *bluegrad_preset_name(bluegrad_preset preset);

// What a preset is for, in one line of English; NULL for a number that is no preset. The text is static.
//
// May be called from any thread at any time.
BLUEGRAD_API const char *bluegrad_preset_purpose(bluegrad_preset preset);

// Finds the preset of a name, "dither" for instance.
//
// name: ends with a NUL. out: gets the preset.
// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_UNKNOWN_VALUE if no preset has that name.
// May be called from any thread at any time.
BLUEGRAD_API bluegrad_status bluegrad_preset_by_name(const char *name, bluegrad_preset *out);

// Number of a stage's kind, which says whose parameters follow.
BLUEGRAD_ENUM(bluegrad_stage_kind) {
  // Spectral objective.
  BLUEGRAD_STAGE_KIND_SPECTRAL = 0,
  // Void fill.
  BLUEGRAD_STAGE_KIND_FILL = 1,
  // Void-and-cluster.
  BLUEGRAD_STAGE_KIND_VOID_AND_CLUSTER = 2,
  // Gradient descent behind a moving threshold.
  BLUEGRAD_STAGE_KIND_FRONT = 3,
  // Gradient descent on the energy of all thresholds.
  BLUEGRAD_STAGE_KIND_POLISH = 4,
  // Swaps for few levels.
  BLUEGRAD_STAGE_KIND_SWAP = 5,
  // Void fill with the kernel of the recipe's filters.
  BLUEGRAD_STAGE_KIND_FILTER_FILL = 6,
  // Gradient descent on the error after the recipe's filters.
  BLUEGRAD_STAGE_KIND_FILTER_POLISH = 7,
};

// Rule that turns a gradient g into a step of the values x; s is the step size.
BLUEGRAD_ENUM(bluegrad_method) {
  // `x -= s*g`.
  BLUEGRAD_METHOD_GRADIENT_DESCENT = 0,
  // Polyak's momentum (1964): `v = mu*v + s*g;  x -= v`.
  BLUEGRAD_METHOD_HEAVY_BALL = 1,
  // Kingma and Ba (2015): `m = beta1*m + (1-beta1)*g;  v = beta2*v + (1-beta2)*g^2;  x -= s*M/(sqrt(V) + epsilon)`, M and V: m and v without their bias.
  BLUEGRAD_METHOD_ADAM = 2,
};

// Optimiser with its constants. The histogram term has a step size of its own.
typedef struct bluegrad_optimizer {
  // Rule of a step.
  bluegrad_method method;
  // mu of the heavy ball, beta1 of Adam: 0 to less than 1.
  float momentum;
  // beta2 of Adam: 0 to less than 1.
  float second_momentum;
  // epsilon of Adam: greater than 0.
  float epsilon;
} bluegrad_optimizer;

// Course of a number from the first step of a stage to its last.
BLUEGRAD_ENUM(bluegrad_curve) {
  // `start` at each step.
  BLUEGRAD_CURVE_CONSTANT = 0,
  // In equal differences from `start` to `end`.
  BLUEGRAD_CURVE_LINEAR = 1,
  // In equal ratios from `start` to `end`; linear where an end is 0.
  BLUEGRAD_CURVE_GEOMETRIC = 2,
};

// Number that depends on the step: `f = step/(steps-1)` (0 if there is one step) goes from 0 to 1.
typedef struct bluegrad_schedule {
  // Course between the ends.
  bluegrad_curve curve;
  // Value at the first step.
  float start;
  // Value at the last step.
  float end;
} bluegrad_schedule;

// One term of a stage's loss.
typedef struct bluegrad_term {
  // Factor in the loss, at least 0; 0 leaves the term out.
  float weight;
  // Not 0: each step multiplies the factor by a fresh random number from 0 to 1.
  uint32_t randomized;
} bluegrad_term;

// Method by which the histogram term ranks the values.
BLUEGRAD_ENUM(bluegrad_ranks) {
  // Exact, by sorting.
  BLUEGRAD_RANKS_EXACT = 0,
  // By counting in bins, linear inside a bin: within about 1/1000, in a fifth of the time.
  BLUEGRAD_RANKS_BINNED = 1,
};

// Steps of the spectral objective: the grey mask itself becomes blue. Sides are powers of two, 16 to 4096.
//
// The loss is the sum of the terms; the core's module `spectral` has the formula of each.
typedef struct bluegrad_spectral {
  // Number of steps.
  uint32_t steps;
  // Rule of a step.
  struct bluegrad_optimizer optimizer;
  // Step size of the spectral terms, at least 0.
  struct bluegrad_schedule step_size;
  // Step size of the histogram term, at least 0.
  struct bluegrad_schedule histogram_step_size;
  // Power below the cut-off.
  struct bluegrad_term low_band;
  // Cut-off of the low band, cycles/pixel, above 0 and up to 0.7071.
  float cutoff;
  // Differences between the amplitudes of neighbouring bins.
  struct bluegrad_term smoothness;
  // Distance of the amplitudes from the run's radial profile.
  struct bluegrad_term profile;
  // Distance of the values from the wanted distribution.
  struct bluegrad_term histogram;
  // Method of the histogram term's ranks.
  bluegrad_ranks ranks;
  // Period, in steps, at which the values are replaced by the wanted values of their exact ranks; 0: never.
  uint32_t projection_period;
} bluegrad_spectral;

// Gaussians in a mixture.
#define BLUEGRAD_GAUSSIANS 3

// Kernel of weighted Gaussians: the sum of `weight/sigma^2*exp(-r^2/(2*sigma^2))` over them.
typedef struct bluegrad_mixture {
  // Standard deviations, 0.3 to 32 pixels; 1 for Gaussians left out.
  float sigma[BLUEGRAD_GAUSSIANS];
  // Weights, 0 to 1000000; 0 leaves a Gaussian out.
  float weight[BLUEGRAD_GAUSSIANS];
} bluegrad_mixture;

// Coupling of planes. A pixel of a plane acts on other layers at the same pixel, and on other channels of its layer.
//
// Layers repeat: the layer after the last is the first.
typedef struct bluegrad_coupling {
  // Weight w of the spatial kernel in the other channels of the layer, 0 to 1. Read only with 2 channels or more.
  float channel_weight;
  // Weight beta of the kernel in time, 0 (layers are independent) to 4, relative to the spatial kernel. Read only with 2 layers or more.
  float time_weight;
  // Radius of the kernel in time, 0 to 16 layers.
  uint32_t time_radius;
  // Kernel in time, of the distance in layers.
  struct bluegrad_mixture time_kernel;
} bluegrad_coupling;

// Integer void fill: places all pixels, each into the emptiest pixel that is left.
//
// One step places 1024 pixels.
typedef struct bluegrad_fill {
  // Standard deviation of a placed pixel's Gaussian, 0.5 to 4 pixels.
  //
  // Used from a tenth of the pixels on, multiplied by `1 + 20/n` on a mask of n pixels.
  float sigma;
  // Radius of the kernel, 2 to 16 pixels.
  uint32_t radius;
  // Weight of a narrower Gaussian that is subtracted, 0 to 0.99.
  float narrow_weight;
  // Standard deviation of that Gaussian, 0.3 pixels to `sigma`.
  float narrow_sigma;
  // Not 0: take the emptiest pixel of the whole mask each time, not of a tile, and from a tenth of the pixels on without noise.
  uint32_t exact;
  // Noise in the choice of each pixel, as a multiple of the usual noise: 0 to 2.5.
  //
  // Less noise makes sparse patterns more even and more like a lattice. With 0, which leaves ties alone to chance, masks of 16 and 32
  // pixels are ordered dithers.
  float disorder;
  // How the planes of a mask with layers or channels act on each other.
  struct bluegrad_coupling coupling;
} bluegrad_fill;

// Exact void-and-cluster (Ulichney 1993).
//
// Takes 8 steps per 1024 pixels of the initial pattern, and one step per 1024 pixels of the mask.
typedef struct bluegrad_void_and_cluster {
  // Standard deviation of the Gaussian, 0.5 to 8 pixels; Ulichney's choice is 1.5.
  float sigma;
  // Part of the pixels in the initial random pattern, 0.000001 to 0.5.
  float initial_fraction;
} bluegrad_void_and_cluster;

// Pure gradient descent from any ranks: pixels below a rising threshold move to their local ranks.
typedef struct bluegrad_front {
  // Number of steps; each ends with exact ranks.
  uint32_t steps;
  // Standard deviation of the kernel, 0.5 to 4 pixels.
  float sigma;
  // Radius of the kernel's square window, 1 to 8 pixels.
  uint32_t radius;
  // Step size s, 0.000001 to 2.
  float step_size;
  // Momentum mu, 0 to 0.99.
  float momentum;
  // Threshold T, 0 to 1.
  struct bluegrad_schedule threshold;
} bluegrad_front;

// What a mask is for, by which a polish judges it.
BLUEGRAD_ENUM(bluegrad_law) {
  // Thresholds, and every use but the other one: a pattern is `value > t`.
  BLUEGRAD_LAW_THRESHOLDS = 0,
  // Triangular noise n in (-1, 1) that is added to a picture before rounding: a pattern is `round(g + n)`.
  BLUEGRAD_LAW_ADDED = 1,
};

// Gradient descent with momentum on the all-threshold energy, from given ranks.
typedef struct bluegrad_polish {
  // Number of steps.
  uint32_t steps;
  // Radius R of both kernels, 2 to 12 pixels: taps up to r^2 <= R^2 + R/2.
  uint32_t radius;
  // Kernel K of the pair sum.
  struct bluegrad_mixture kernel;
  // Kernel of the darkest and brightest pixels; all weights 0: K for them too.
  struct bluegrad_mixture ends;
  // Pixels whose value is nearer than this to 0 or 1 use the kernel `ends` alone, 0 to below `ends_outer`.
  float ends_inner;
  // Pixels whose value is farther than this from 0 and 1 use K alone, 0.001 to 0.5; between both, a linear blend.
  float ends_outer;
  // Exponent of both kernels' taper `(1 - r^2/(R + 0.7)^2)`, 0 to 8.
  float taper;
  // Weight of a low-pass added to K with the frequency response `exp(-(f/cutoff)^exponent)`, 0 to 1000.
  float band_weight;
  // Cut-off of that low-pass, 0.02 to 0.5 cycles/pixel.
  float band_cutoff;
  // Exponent of that low-pass, 1 to 16.
  float band_exponent;
  // Standard deviation of the grey term's Gaussian, 0.3 to 8 pixels. The low-pass B of the gradient has sqrt(2) times that.
  float grey_sigma;
  // Weight lambda of the grey term, 0 (no grey term) to 1024.
  //
  // Fixed point holds while `lambda*|B| < 128`, with B the low-passed x - 1/2: always up to 256, above that for masks that are already dark
  // at low frequencies.
  struct bluegrad_schedule grey_weight;
  // Step size s, 0 to 3.5.
  struct bluegrad_schedule step_size;
  // tau, 0.00001 to 0.0624: larger differences of two values count as tau.
  struct bluegrad_schedule tau;
  // Momentum mu, 0 to 0.99.
  float momentum;
  // Pixels whose value is below this do not move, 0 to below `freeze_above`.
  float freeze_below;
  // Pixels whose value is above this move freely, 0 to 0.5; between both, a linear part of the step. 0: all move freely.
  float freeze_above;
  // What the mask is for: thresholds, or triangular noise that is added before rounding.
  bluegrad_law law;
  // How the planes of a mask with layers or channels act on each other.
  struct bluegrad_coupling coupling;
  // Weight gamma of the pixels near a pixel in near layers, 0 to 4, relative to the spatial kernel. Read only with 2 layers or more.
  float product_weight;
  // Standard deviation of that kernel in space, 0.3 to 8 pixels; in time it is 1.4 layers.
  float product_sigma;
} bluegrad_polish;

// Swaps of two pixels that lower the energy at the thresholds of a few levels.
typedef struct bluegrad_swap {
  // Number of steps, each a sweep over all pixels. Steps after a sweep without a swap do nothing.
  uint32_t steps;
  // Output levels of the mask, 2 to 64.
  uint32_t levels;
  // Radius of the kernel, 1 to 12 pixels.
  uint32_t radius;
  // The largest distance of two pixels that swap, along each axis: 1 to 8 pixels.
  uint32_t reach;
  // Kernel K of the energy.
  struct bluegrad_mixture kernel;
  // Exponent of the kernel's taper, 0 to 8, as in a polish.
  float taper;
} bluegrad_swap;

// Void fill with the kernel of the recipe's filters: places all elements, each where the filtered error grows least.
//
// One step places 1024 elements. The kernel is `(Kx*Ky/K(0))^power * (Kt/Kt(0))^time_power`: sharper than the filters' own, since a fill
// looks at one element at a time.
typedef struct bluegrad_filter_fill {
  // Exponent p of the kernel in space, 0.5 to 8.
  float power;
  // Exponent pt of the kernel in time, 0.5 to 8.
  float time_power;
  // Layers where a tent over the kernel in time ends, 2 to 128; 0 for no tent. A short tent is fast.
  uint32_t tent;
  // Radius of the kernel in space, 1 to 32 pixels.
  uint32_t radius;
  // Noise in the choice of each element, as a multiple of the usual noise: 0 to 1000.
  float disorder;
} bluegrad_filter_fill;

// Gradient descent with momentum on the error after the recipe's filters, from given ranks.
typedef struct bluegrad_filter_polish {
  // Number of steps.
  uint32_t steps;
  // Radius of the taps in space, 1 to 12 pixels along each axis.
  uint32_t radius;
  // Radius of the taps in time, 0 to 128 layers.
  uint32_t time_radius;
  // Least part of the kernel's sum that the taps hold, 0.5 to 1.
  float share;
  // Step size s, 0 to 3.5.
  struct bluegrad_schedule step_size;
  // tau as a multiple of `1/n_eff`, 0.001 to 10.
  struct bluegrad_schedule tau;
  // Momentum mu, 0 to 0.99.
  float momentum;
} bluegrad_filter_polish;

// Parameters of a stage: the member that its kind names.
typedef union bluegrad_stage_data {
  // BLUEGRAD_STAGE_KIND_SPECTRAL
  struct bluegrad_spectral spectral;
  // BLUEGRAD_STAGE_KIND_FILL
  struct bluegrad_fill fill;
  // BLUEGRAD_STAGE_KIND_VOID_AND_CLUSTER
  struct bluegrad_void_and_cluster void_and_cluster;
  // BLUEGRAD_STAGE_KIND_FRONT
  struct bluegrad_front front;
  // BLUEGRAD_STAGE_KIND_POLISH
  struct bluegrad_polish polish;
  // BLUEGRAD_STAGE_KIND_SWAP
  struct bluegrad_swap swap;
  // BLUEGRAD_STAGE_KIND_FILTER_FILL
  struct bluegrad_filter_fill filter_fill;
  // BLUEGRAD_STAGE_KIND_FILTER_POLISH
  struct bluegrad_filter_polish filter_polish;
  // All words, so that later versions have the same size.
  uint32_t words[63];
} bluegrad_stage_data;

// A stage of a run. It starts from what the stage before it left.
typedef struct bluegrad_stage {
  // Which member of `data` the stage has.
  bluegrad_stage_kind kind;
  // Its parameters. Begin with bluegrad_stage_default, also to change the kind: words after the parameters are for later versions and
  // must be 0 (BLUEGRAD_ERROR_RESERVED).
  union bluegrad_stage_data data;
} bluegrad_stage;

// Fills in a stage of a kind, to edit. No steps where a stage has a number of steps, but for spectral and filter polish, and:
// spectral: the published loss and plain gradient descent, with its 100 000 steps; fill: sigma 1.26, radius 5, tile by tile;
// void-and-cluster: sigma 1.5 from 2 % of the pixels; front: sigma 1.43, radius 4, step size 0.7, momentum 0.3, threshold linear
// from 0.01 to 1; polish: radius 9, a Gaussian of sigma 1.5, no ends, no band, no grey term, nothing frozen, step size 0.5;
// swap: 8 levels, radius 9, reach 3, a Gaussian of sigma 1.5; filter fill: power 1.5, in time 1.6, no tent, radius 7;
// filter polish: 12 steps of size 0.4, radius 6, no other layers, momentum 0.73.
//
// Errors: BLUEGRAD_ERROR_NULL, BLUEGRAD_ERROR_MISALIGNED, BLUEGRAD_ERROR_UNKNOWN_VALUE.
// May be called from any thread at any time.
BLUEGRAD_API
bluegrad_status bluegrad_stage_default(struct bluegrad_stage *out,
                                       bluegrad_stage_kind kind);

// Size of a mask: planes of `width` by `height` pixels, one for each channel of each layer.
//
// Elements outside this crate are in the order layer, row, column, channel: element
// `((layer * height + y) * width + x) * channels + channel`. A flat mask, of one layer and one channel, is a row-major image.
typedef struct bluegrad_shape {
  // Width, 8 to 4096 pixels; with a spectral stage a power of two from 16.
  uint32_t width;
  // Height, 8 to 4096 pixels; with a spectral stage a power of two from 16.
  uint32_t height;
  // Layers, slices in time: 1 to 256.
  uint32_t layers;
  // Channels of a pixel: 1 to 4.
  uint32_t channels;
} bluegrad_shape;

// An instruction set. The choice changes the speed only: every level gives the same bits.
BLUEGRAD_ENUM(bluegrad_level) {
  // The best that this CPU and this build have.
  BLUEGRAD_LEVEL_AUTO = 0,
  // Plain code; where the target always has vectors, as x86-64 and 64-bit ARM, the least of these.
  BLUEGRAD_LEVEL_SCALAR = 1,
  // x86 with SSE2, 4 lanes.
  BLUEGRAD_LEVEL_SSE2 = 2,
  // x86 with SSE4.2, 4 lanes.
  BLUEGRAD_LEVEL_SSE42 = 3,
  // x86-64-v3: AVX2, 8 lanes.
  BLUEGRAD_LEVEL_AVX2 = 4,
  // The Ice Lake set of AVX-512, 16 lanes.
  BLUEGRAD_LEVEL_AVX512 = 5,
  // 64-bit ARM, 4 lanes.
  BLUEGRAD_LEVEL_NEON = 16,
  // WebAssembly's 128-bit vectors, 4 lanes.
  BLUEGRAD_LEVEL_SIMD128 = 32,
};

// Kind of a distribution of values in [-1, 1], by its quantile function Q(u).
BLUEGRAD_ENUM(bluegrad_distribution_kind) {
  // Each value equally often: `Q(u) = 2u - 1`.
  BLUEGRAD_DISTRIBUTION_KIND_UNIFORM = 0,
  // The sum of two uniform values, halved: `Q(u) = sqrt(2u) - 1` for u < 1/2, else `1 - sqrt(2(1 - u))`.
  BLUEGRAD_DISTRIBUTION_KIND_TRIANGULAR = 1,
  // A Gaussian of mean 0, cut off at -1 and 1: `Q(u) = sigma*P(Phi(-1/sigma) + u*(Phi(1/sigma) - Phi(-1/sigma)))`, P the inverse of Phi.
  BLUEGRAD_DISTRIBUTION_KIND_GAUSSIAN = 2,
  // Quantiles from a table, linear between them.
  BLUEGRAD_DISTRIBUTION_KIND_TABLE = 3,
};

// Quantiles in a distribution's table: at u = 0, 1/64 ... 1.
#define BLUEGRAD_TABLE_LEN 65

// A distribution of values in [-1, 1]. All zero is a valid one: uniform.
typedef struct bluegrad_distribution {
  // Kind of distribution.
  bluegrad_distribution_kind kind;
  // Standard deviation of the Gaussian before it is cut off, 0.15 to 2.
  float sigma;
  // Quantiles of the table at u = i/64: from -1 to 1, never falling.
  float table[BLUEGRAD_TABLE_LEN];
} bluegrad_distribution;

// What the first stage starts from.
BLUEGRAD_ENUM(bluegrad_start) {
  // Noise of the seed. A fill and void-and-cluster make their own order of the pixels and ignore it.
  BLUEGRAD_START_NOISE = 0,
  // A given mask, to refine it. No stage may be a fill or void-and-cluster.
  BLUEGRAD_START_MASK = 1,
};

// Most stages of a run.
#define BLUEGRAD_MAX_STAGES 8

// One knot of a radial profile.
typedef struct bluegrad_knot {
  // Radial frequency, cycles/pixel, 0 to 0.7072.
  float frequency;
  // Amplitude there, at least 0, in any unit: the profile is scaled to the total power of the wanted values.
  float amplitude;
} bluegrad_knot;

// Most knots of a profile.
#define BLUEGRAD_MAX_KNOTS 32

// A radial amplitude profile: linear between its knots, constant before the first and after the last.
typedef struct bluegrad_profile {
  // The knots, in rising order of frequency.
  struct bluegrad_knot knots[BLUEGRAD_MAX_KNOTS];
  // Number of knots, 2 to 32.
  uint32_t knot_count;
} bluegrad_profile;

// Kind of a spatial filter.
BLUEGRAD_ENUM(bluegrad_space_kind) {
  // Gaussian of `sigma` pixels, integrated over each pixel, cut at 4 sigma.
  BLUEGRAD_SPACE_KIND_GAUSSIAN = 0,
  // Mean of `size` pixels.
  BLUEGRAD_SPACE_KIND_BOX = 1,
  // Mean of two neighbours, `size` times: weights are binomial coefficients.
  BLUEGRAD_SPACE_KIND_BINOMIAL = 2,
  // The weights of `taps`.
  BLUEGRAD_SPACE_KIND_TAPS = 3,
};

// Most weights of a filter that a user gives.
#define BLUEGRAD_MAX_TAPS 32

// Weights of a filter along one axis, in order. Their sum is as given: it counts only where filters are separate.
typedef struct bluegrad_taps {
  // The weights; those from `count` on are not read.
  float weights[BLUEGRAD_MAX_TAPS];
  // Number of weights, 1 to 32.
  uint32_t count;
} bluegrad_taps;

// Spatial filter: the same along rows and along columns.
typedef struct bluegrad_space_filter {
  // Which filter; each reads its own numbers of those below.
  bluegrad_space_kind kind;
  // Standard deviation of the Gaussian, 0.3 to 4 pixels.
  float sigma;
  // Pixels of the box, 1 to 32; steps of the binomial filter, 1 to 31.
  uint32_t size;
  // Weights of the user's own filter.
  struct bluegrad_taps taps;
} bluegrad_space_filter;

// Kind of a temporal filter.
BLUEGRAD_ENUM(bluegrad_time_kind) {
  // No filter: each layer for itself.
  BLUEGRAD_TIME_KIND_NONE = 0,
  // Exponential moving average: `alpha` of each new layer.
  BLUEGRAD_TIME_KIND_EMA = 1,
  // Exponential moving average that starts anew at each layer with probability `beta` (FAST: Donnelly et al. 2024).
  BLUEGRAD_TIME_KIND_EXPONENTIAL = 2,
  // Gaussian of `sigma` layers, integrated over each layer, cut at 4 sigma.
  BLUEGRAD_TIME_KIND_GAUSSIAN = 3,
  // Mean of `size` layers.
  BLUEGRAD_TIME_KIND_BOX = 4,
  // The weights of `taps`.
  BLUEGRAD_TIME_KIND_TAPS = 5,
};

// Temporal filter, along layers.
typedef struct bluegrad_time_filter {
  // Which filter; each reads its own numbers of those below.
  bluegrad_time_kind kind;
  // Part of a new layer in the exponential average, above 0 (from 0.001) to 1.
  float alpha;
  // Probability that the exponential average starts anew at a layer, above 0 (from 0.001) to 1.
  float beta;
  // Standard deviation of the Gaussian, 0.3 to 8 layers.
  float sigma;
  // Layers of the box, 1 to 64.
  uint32_t size;
  // Weights of the user's own filter.
  struct bluegrad_taps taps;
} bluegrad_time_filter;

// How the filters in space and in time go together.
BLUEGRAD_ENUM(bluegrad_combine) {
  // One after the other: what counts is the error after both.
  BLUEGRAD_COMBINE_PRODUCT = 0,
  // Each for itself: what counts is the error after the one, times `weight`, and that after the other, times 1 - `weight`.
  BLUEGRAD_COMBINE_SEPARATE = 1,
};

// Filters that a mask is made for.
typedef struct bluegrad_filters {
  // Along rows and along columns.
  struct bluegrad_space_filter space;
  // Along layers.
  struct bluegrad_time_filter time;
  // How the two go together.
  bluegrad_combine combine;
  // Weight of space where filters are separate, 0.01 to 1.
  float weight;
} bluegrad_filters;

// All that a run depends on. The same configuration and BLUEGRAD_ALGORITHM_VERSION give the same mask everywhere.
//
// Filled in by bluegrad_config_default, then free to edit. It holds no pointer.
typedef struct bluegrad_config {
  // sizeof(bluegrad_config), as the caller was compiled. This version takes its own size alone and answers any other with
  // BLUEGRAD_ERROR_STRUCT_SIZE, before it reads or writes anything behind this word. From version 1.0 on a library also takes the
  // sizes of all headers since 1.0: a field that an older header lacks is 0, which stands for what the older library did.
  uint32_t struct_size;
  // Size of the mask.
  struct bluegrad_shape shape;
  // A cap on the SIMD level: a run has the best level that this CPU and build have and that is not above the cap; the report says
  // which. BLUEGRAD_LEVEL_AUTO, the default, caps nothing, and BLUEGRAD_LEVEL_SCALAR is below all. A level of another processor's
  // family does not bind: BLUEGRAD_LEVEL_AVX2 keeps AVX-512 from x86 and leaves ARM its NEON.
  bluegrad_level level;
  // Seed of all that is random.
  uint64_t seed;
  // Distribution of the values of spectral stages. Other stages and the ranks do not depend on it.
  struct bluegrad_distribution distribution;
  // What the first stage starts from.
  bluegrad_start start;
  // Number of stages, 1 to BLUEGRAD_MAX_STAGES.
  uint32_t stage_count;
  // The stages, run one after the other. Those past stage_count are ignored.
  struct bluegrad_stage stages[BLUEGRAD_MAX_STAGES];
  // Target of the profile term of spectral stages; read only if a stage gives that term weight.
  struct bluegrad_profile profile;
  // Filters that the mask is made for; read only by bluegrad_config_filtered, which makes stages for them, and by these stages:
  // BLUEGRAD_STAGE_KIND_FILTER_FILL and _FILTER_POLISH.
  struct bluegrad_filters filters;
  // 0, or BLUEGRAD_ERROR_RESERVED: for later versions.
  uint32_t reserved[16];
} bluegrad_config;

// Fills in a preset with seed 0, the best level and uniform values, of BLUEGRAD_PRESET_TRIANGULAR triangular ones. Width and height are
// not checked yet.
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

// Replaces the stages by those of the family of space-time masks, from which BLUEGRAD_PRESET_SPACE_TIME is taken: each layer is blue in
// space, and each pixel is blue in time.
//
// config: of bluegrad_config_default; it then starts from noise. Its shape gets layers before or after. weight: of time, from 0.02, nearly
// independent layers, to 1, as much time as space; 0.28 by default.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, and BLUEGRAD_ERROR_NUMBER for weight.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_config_space_time(struct bluegrad_config *config,
                                           float weight);

// Exponents of the kernel of a filter fill.
typedef struct bluegrad_powers {
  // In space.
  float space;
  // In time.
  float time;
  // Layers where a tent over the kernel in time ends; 0 for none.
  uint32_t tent;
} bluegrad_powers;

// Replaces the stages by those of masks with the least error after the filters of the configuration: a fill, and a polish where it helps.
//
// config: of bluegrad_config_default, with shape and filters edited; it then starts from noise. After another edit of shape or filters
// call this again. powers: of bluegrad_powers_probe; NULL: good ones for the kinds of the filters.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _SIZE, _LAYERS, _NUMBER for filters or powers, and
// BLUEGRAD_ERROR_NOT_POSITIVE.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_config_filtered(struct bluegrad_config *config,
                                         const struct bluegrad_powers *powers);

// Bytes of memory that bluegrad_powers_probe needs; 0 for a configuration that cannot be read, or whose shape no mask has. 16 layers: 0.3 MB.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
size_t bluegrad_powers_memory_size(const struct bluegrad_config *config);

// Finds the powers that suit the filters of a configuration best, by small fills: some tens of milliseconds. The same filters and number
// of layers give the same powers everywhere.
//
// memory: used from its first multiple of BLUEGRAD_MEMORY_ALIGN on. size: bytes of memory, from there on at least
// bluegrad_powers_memory_size. config: its shape,
// filters and level are read. out: gets the powers.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _SIZE, _LAYERS, _NUMBER, _ALIGNMENT, _LENGTH.
// May be called from any thread, with different memory at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_powers_probe(void *memory,
                                      size_t size,
                                      const struct bluegrad_config *config,
                                      struct bluegrad_powers *out);

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

// ----------------------------------------------------------------------------------------------------------------------
// Size and start: a run in a block of the caller's memory.
//
// bluegrad_memory_size says how large the block must be. The block starts at the first multiple of BLUEGRAD_MEMORY_ALIGN in the memory:
// malloc(bluegrad_memory_size(&config) + BLUEGRAD_MEMORY_ALIGN) always has room for it. bluegrad_init starts a run from noise,
// bluegrad_load_* from a given mask, bluegrad_open takes one up from a saved copy of its block. Each gives a generator, which is the
// block's address: nothing is allocated, and there is nothing to free but the memory.
// ----------------------------------------------------------------------------------------------------------------------

// Required alignment of a block and of each buffer in it, in bytes.
#define BLUEGRAD_MEMORY_ALIGN 64

// Bytes of memory that a run needs, a multiple of BLUEGRAD_MEMORY_ALIGN. 64x64: 80 KiB with BLUEGRAD_PRESET_DITHER, 172 with _SPECTRAL.
//
// 0 if the configuration is invalid; bluegrad_config_check says why.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API
size_t bluegrad_memory_size(const struct bluegrad_config *config);

// A run in a block of the caller's memory: the address of that block.
//
// The block holds no pointer. A copy of its bytes is a snapshot, which bluegrad_open reopens at any address, and on any machine of the
// same endianness and algorithm version. There is nothing to free: using the memory for something else ends the run.
//
// One thread at a time uses a generator, for reading too. Different generators are independent.
typedef struct bluegrad_generator bluegrad_generator;

// Starts a run from noise of the configuration's seed. It takes about as long as a step.
//
// memory: the block starts at its first multiple of BLUEGRAD_MEMORY_ALIGN, is overwritten, and belongs to the run as long as the run is
// used. size: bytes of memory, from the block's start on at least bluegrad_memory_size. config: is copied. out: gets the generator, the
// block's address; NULL after an error.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _LENGTH of the memory, _ALIGNMENT if
// more bytes or another start would do,
// _WRONG_START if the configuration starts from a mask; _SIZE, _LAYERS, _FLAT_ONLY, _TRANSFORM_SIZE, _STAGE_COUNT, _STEP_COUNT, _NUMBER,
// _PROFILE, _NOT_POSITIVE, _REACH, _FEATURE and _DISTRIBUTION_TABLE of the configuration.
// May be called from any thread, for different blocks at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_init(void *memory,
                              size_t size,
                              const struct bluegrad_config *config,
                              struct bluegrad_generator **out);

// A part of a mask, and its rows and layers in memory. NULL in its place, or all 0: the whole mask, without a gap.
//
// Elements are in the order layer, row, column, channel: a row has the channels of each pixel side by side. A flat mask in the alpha of
// 8-bit RGBA: pixel_stride 4, from the first alpha on.
typedef struct bluegrad_region {
  // First layer, counted from 0.
  uint32_t layer;
  // Number of layers; 0: all from `layer` on.
  uint32_t layers;
  // First channel, counted from 0.
  uint32_t channel;
  // Number of channels; 0: all from `channel` on.
  uint32_t channels;
  // Bytes from row to row, at least a row's and a multiple of the element's size; 0: width*pixel_stride, rows without a gap.
  size_t row_stride;
  // Bytes from layer to layer, at least a layer's and a multiple of the element's size; 0: height*row_stride, so that the rows of all
  // layers are equally far apart.
  size_t layer_stride;
  // Bytes from pixel to pixel, at least those of the channels and a multiple of the element's size; 0: channels*element, pixels without
  // a gap. Bytes between pixels are not touched.
  size_t pixel_stride;
} bluegrad_region;

// Starts a run from a given mask of 8-bit values, to refine it. The configuration starts from a mask (bluegrad_config_refine).
//
// Only the order of the values in each channel of each layer counts; the seed breaks ties at random.
//
// values: one for each element, in the order layer, row, column, channel, not in the run's memory. values_size: bytes there, at least
// those from the first element to the end of the last, as in bluegrad_read_u8. region: the distance of pixels, rows and layers; NULL: no gaps.
// ties: gets the sum, over the channels of all layers, of the number of pixels minus the number of distinct values; may be NULL. memory,
// size, config and out: as in bluegrad_init.
// Errors: those of bluegrad_init, where _WRONG_START means a start from noise; _STARTS_TWICE; _PLANE of a region that is not the whole
// mask, _STRIDE; _LENGTH of the values too; _OVERLAP.
// May be called from any thread, for different blocks at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_load_u8(void *memory,
                                 size_t size,
                                 const struct bluegrad_config *config,
                                 const uint8_t *values,
                                 size_t values_size,
                                 const struct bluegrad_region *region,
                                 uint32_t *ties,
                                 struct bluegrad_generator **out);

// Starts a run from a given mask of 16-bit values. Otherwise as bluegrad_load_u8.
BLUEGRAD_API
bluegrad_status bluegrad_load_u16(void *memory,
                                  size_t size,
                                  const struct bluegrad_config *config,
                                  const uint16_t *values,
                                  size_t values_size,
                                  const struct bluegrad_region *region,
                                  uint32_t *ties,
                                  struct bluegrad_generator **out);

// Starts a run from a given mask of floats; BLUEGRAD_ERROR_NUMBER if one is not finite. Otherwise as bluegrad_load_u8.
BLUEGRAD_API
bluegrad_status bluegrad_load_f32(void *memory,
                                  size_t size,
                                  const struct bluegrad_config *config,
                                  const float *values,
                                  size_t values_size,
                                  const struct bluegrad_region *region,
                                  uint32_t *ties,
                                  struct bluegrad_generator **out);

// Starts a run from the ranks of a mask, those of bluegrad_read_ranks for instance. Otherwise as bluegrad_load_u8.
//
// Only the order counts, so any numbers below 2^24 are exact; larger numbers are rounded to the nearest float.
BLUEGRAD_API
bluegrad_status bluegrad_load_ranks(void *memory,
                                    size_t size,
                                    const struct bluegrad_config *config,
                                    const uint32_t *values,
                                    size_t values_size,
                                    const struct bluegrad_region *region,
                                    uint32_t *ties,
                                    struct bluegrad_generator **out);

// Reopens a run from its block, or from a copy of the block's bytes. Nothing is written to the block.
//
// A SIMD level that this CPU lacks becomes the best that it has.
//
// memory: starts at a multiple of BLUEGRAD_MEMORY_ALIGN. size: bytes of memory, at least those of the run. out: gets the generator, NULL
// after an error.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED of out, _ALIGNMENT, _LENGTH, _NOT_A_GENERATOR, _FEATURE. A damaged header is found; other
// damage leads to a wrong mask or an error, and nothing worse.
// May be called from any thread, for different blocks at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_open(void *memory,
                              size_t size,
                              struct bluegrad_generator **out);

// ----------------------------------------------------------------------------------------------------------------------
// Step: do some of the work, and see how far it is.
//
// Call bluegrad_step until the report says done: with a slice of the steps each frame, or with all at once. A run is cancelled by not
// calling again. Threads of the host take part by bluegrad_jobs; the bytes are the same with any number of threads.
// ----------------------------------------------------------------------------------------------------------------------

// One tile of a loop, for bluegrad_jobs.run to call with its `context`, on any thread.
//
// It does not block, unless more than 16 threads work at a time.
typedef void (*bluegrad_tile)(void *context, uint32_t index);

// Threads of the host, for the time of one call. The bytes of the results do not depend on them.
typedef struct bluegrad_jobs {
  // Handed to `run`; the library does not look at it.
  void *user;
  // Calls tile(context, index) for each index below `tiles`, in any order and on any threads, and returns when all calls have
  // returned. Tiles that it leaves out run on the calling thread. It must not call a tile later, nor leave by longjmp or an exception.
  void (*run)(void *user, uint32_t tiles, bluegrad_tile tile, void *context);
} bluegrad_jobs;

// Most terms of a loss.
#define BLUEGRAD_MAX_TERMS 8

// Losses of a spectral stage's terms: weighted, with all random factors 1.
typedef struct bluegrad_losses {
  // Loss of each term, by its index in the list of names; 0 past the last term.
  float by_term[BLUEGRAD_MAX_TERMS];
} bluegrad_losses;

// Progress of a run, and what its last step saw.
typedef struct bluegrad_report {
  // Stage of the last step, counted from 0; the number of stages for the step that ranks.
  uint32_t stage;
  // Steps done.
  uint32_t step;
  // Steps in all: those of the stages, and one that ranks.
  uint32_t steps;
  // Losses before the last step; after the ranking those of the first spectral stage's terms at the final values. 0 for stages that
  // are not spectral.
  struct bluegrad_losses losses;
  // Euclidean norm of the gradient of the last spectral step, weights and random factors in it; 0 after the ranking and for other
  // stages.
  float gradient_norm;
  // SIMD level that the run has.
  bluegrad_level level;
  // Whether the mask is ready.
  bool done;
  // 0. Room for later versions, and no gap whose bytes C would see undefined.
  uint8_t reserved[27];
} bluegrad_report;

// Does up to `steps` more steps, fewer if the run ends. Call it until the report's `done` is true.
//
// One step of each stage, and what of it runs on the host's threads:
//
// - spectral: a step of the optimiser: two transforms and, with a histogram term, a sort. Jobs: all but the sort.
// - fill: placing up to 1024 pixels. No jobs.
// - void-and-cluster: up to 1024 moves of its initial pattern's pixels, or placing up to 1024 pixels. No jobs.
// - front: a step of the optimiser, with exact ranks. Jobs: all but the ranks.
// - polish: a step of the optimiser, with exact ranks at the last. Jobs: all but the ranks.
// - swap: a sweep over all pixels: the longest of all steps. No jobs.
// - the last step of all: exact ranks, and the losses if there is a spectral stage. No jobs.
//
// The time of a step grows with the number of pixels, except in fill and void-and-cluster.
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

// Gets the progress of a run, without a step.
//
// generator: one thread at a time. out: gets the report.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR.
BLUEGRAD_API
bluegrad_status bluegrad_get_report(const struct bluegrad_generator *generator,
                                    struct bluegrad_report *out);

// Gets the configuration of a run: the shape of a saved block, for instance.
//
// Its level is the one that the run took when it began. BLUEGRAD_LEVEL_AUTO stays, so that a saved block uses the best level of the
// machine that opens it.
//
// generator: one thread at a time. out: gets the configuration. struct_size: sizeof(bluegrad_config).
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _STRUCT_SIZE.
BLUEGRAD_API
bluegrad_status bluegrad_get_config(const struct bluegrad_generator *generator,
                                    struct bluegrad_config *out,
                                    uint32_t struct_size);

// Gets the losses of the terms of any spectral stage at the present values. The run goes on unchanged.
//
// It takes about as long as a step with exact ranks.
//
// generator: of a configuration with a spectral stage; one thread at a time. stage: of kind BLUEGRAD_STAGE_SPECTRAL. out: gets the losses.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _RESERVED, _UNKNOWN_VALUE, _NOT_SPECTRAL if the run or the stage is
// not, _NUMBER of the stage, _PROFILE for a profile term where no stage of the run has one.
BLUEGRAD_API
bluegrad_status bluegrad_evaluate(struct bluegrad_generator *generator,
                                  const struct bluegrad_stage *stage,
                                  struct bluegrad_losses *out);

// Name of a spectral term, "low band" for instance: of element `term` of bluegrad_losses. NULL for a number that is no term, so that a
// loop from 0 to the first NULL lists those of the library that is linked. The text is static.
//
// May be called from any thread at any time.
BLUEGRAD_API
const char *bluegrad_loss_name(uint32_t term);

// ----------------------------------------------------------------------------------------------------------------------
// Read: the finished mask, as integers, floats, ranks or texels to dither with.
//
// Each call writes the elements in the order layer, row, column, channel. A bluegrad_region chooses layers and channels, one layer for a
// slice of a texture array for instance, and the bytes from pixel to pixel, row to row and layer to layer, so a mask goes straight into a
// mapped texture, one channel of RGBA pixels or a part of an atlas. bluegrad_read_values alone may be called before the run is done, to show how the mask comes about.
// ----------------------------------------------------------------------------------------------------------------------

// Reads a finished mask as 8-bit values floor(256*rank/n), n the number of pixels of a layer: each of the 256 equally often where 256
// divides n. For thresholds, and for textures of uniform noise.
//
// generator: one thread at a time. to: first element, not in the generator's memory. size: bytes at `to`, at least those from the first
// element to the end of the last: layer_stride*(layers - 1) + row_stride*(height - 1) + pixel_stride*(width - 1) + channels times the
// element's size. region: NULL: the whole mask without a gap. Bytes between pixels, rows and layers are not touched.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_A_GENERATOR, _NOT_DONE before the last step, _PLANE for layers or channels
// that the mask does not have, _STRIDE, _LENGTH, _OVERLAP.
BLUEGRAD_API
bluegrad_status bluegrad_read_u8(const struct bluegrad_generator *generator,
                                 uint8_t *to,
                                 size_t size,
                                 const struct bluegrad_region *region);

// Reads a finished mask as 16-bit values floor(65536*rank/n). Parameters and errors: as bluegrad_read_u8.
BLUEGRAD_API
bluegrad_status bluegrad_read_u16(const struct bluegrad_generator *generator,
                                  uint16_t *to,
                                  size_t size,
                                  const struct bluegrad_region *region);

// Reads a finished mask as 8-bit values of a distribution: 255*(Q((rank + 1/2)/n) + 1)/2 to the nearest, Q the quantile function. A value
// v stands for 2*v/255 - 1. For noise that is added, where a shader or a sensor model wants other than uniform noise.
//
// distribution: as it is in the configuration, or any other; a uniform one gives the values of bluegrad_read_u8, which links 7 KiB less.
// The others, and errors: as bluegrad_read_u8, and BLUEGRAD_ERROR_UNKNOWN_VALUE, _NUMBER or _DISTRIBUTION_TABLE of the distribution.
BLUEGRAD_API
bluegrad_status bluegrad_read_u8_as(const struct bluegrad_generator *generator,
                                    uint8_t *to,
                                    size_t size,
                                    const struct bluegrad_region *region,
                                    const struct bluegrad_distribution *distribution);

// Reads a finished mask as 16-bit values of a distribution, 65535 in place of 255. Parameters and errors: as bluegrad_read_u8_as.
BLUEGRAD_API
bluegrad_status bluegrad_read_u16_as(const struct bluegrad_generator *generator,
                                     uint16_t *to,
                                     size_t size,
                                     const struct bluegrad_region *region,
                                     const struct bluegrad_distribution *distribution);

// Range of the floats that a mask is read as.
BLUEGRAD_ENUM(bluegrad_range) {
  // From 0 to less than 1.
  BLUEGRAD_RANGE_UNIT = 0,
  // From -1 to less than 1.
  BLUEGRAD_RANGE_SIGNED = 1,
};

// Reads a finished mask as floats Q((rank + 1/2)/n), Q the quantile function of a distribution; never the upper end of the range.
//
// range: one of BLUEGRAD_RANGE_*. distribution: NULL: uniform. The others, and errors: as bluegrad_read_u8, and
// BLUEGRAD_ERROR_UNKNOWN_VALUE, _NUMBER for sigma, _DISTRIBUTION_TABLE.
BLUEGRAD_API
bluegrad_status bluegrad_read_f32(const struct bluegrad_generator *generator,
                                  float *to,
                                  size_t size,
                                  const struct bluegrad_region *region,
                                  bluegrad_range range,
                                  const struct bluegrad_distribution *distribution);

// Reads the ranks of a finished mask: each of 0 to n - 1 once in each channel of each layer. Parameters and errors: as bluegrad_read_u8.
BLUEGRAD_API
bluegrad_status bluegrad_read_ranks(const struct bluegrad_generator *generator,
                                    uint32_t *to,
                                    size_t size,
                                    const struct bluegrad_region *region);

// Reads the ranks of a finished mask as 16-bit numbers. Parameters and errors: as bluegrad_read_u8, and
// BLUEGRAD_ERROR_TOO_MANY_PIXELS past 65536 pixels a layer.
BLUEGRAD_API
bluegrad_status bluegrad_read_ranks_u16(const struct bluegrad_generator *generator,
                                        uint16_t *to,
                                        size_t size,
                                        const struct bluegrad_region *region);

// Reads a finished mask as 8-bit texels for bluegrad_dither, with exactly the thresholds of the ranks.
//
// The texels of bluegrad_read_u8 do as well where 256 divides the number of pixels. Parameters and errors: as bluegrad_read_u8.
BLUEGRAD_API
bluegrad_status bluegrad_read_dither_texels(const struct bluegrad_generator *generator,
                                            uint8_t *to,
                                            size_t size,
                                            const struct bluegrad_region *region);

// Reads a finished mask as the 16-bit thresholds of bluegrad_dither, floor((2*rank + 1)*2^15/n). Parameters and errors: as
// bluegrad_read_u16.
BLUEGRAD_API
bluegrad_status bluegrad_read_thresholds(const struct bluegrad_generator *generator,
                                         uint16_t *to,
                                         size_t size,
                                         const struct bluegrad_region *region);

// Quantity in which neighbouring output values mix to the input.
BLUEGRAD_ENUM(bluegrad_mix) {
  // Code values: means of samples are right.
  BLUEGRAD_MIX_CODES = 0,
  // Linear light of sRGB: dots look as bright as the grey that they stand for.
  BLUEGRAD_MIX_LIGHT = 1,
};

// Reads a finished mask as 8-bit texels that dither to two even levels as a table of bluegrad_tone_fill would: 1 bit in light as fast as
// plain thresholding.
//
// low, high: the two output values, 16-bit codes. mix: as in bluegrad_tone_fill. The others, and errors: as bluegrad_read_u8, and
// BLUEGRAD_ERROR_UNKNOWN_VALUE, _VALUES unless low < high.
BLUEGRAD_API
bluegrad_status bluegrad_read_two_level_texels(const struct bluegrad_generator *generator,
                                               uint8_t *to,
                                               size_t size,
                                               const struct bluegrad_region *region,
                                               uint16_t low,
                                               uint16_t high,
                                               bluegrad_mix mix);

// Reads the present values of a run, done or not: floats from -1 to 1; 1 for a pixel without a rank.
//
// Parameters and errors: as bluegrad_read_u8, without _NOT_DONE.
BLUEGRAD_API
bluegrad_status bluegrad_read_values(struct bluegrad_generator *generator,
                                     float *to,
                                     size_t size,
                                     const struct bluegrad_region *region);

// ----------------------------------------------------------------------------------------------------------------------
// Apply: dither rows of pixels with a mask.
//
// bluegrad_dither_default describes the mask, the samples, the levels and the form of the output; then rows of a picture are one call of
// bluegrad_dither_rows. The rows are independent of each other, so they may be spread over threads. bluegrad_tone_fill makes tables for
// other levels than even ones, mixed in code values or in light, and bluegrad_palette_build one for the colours of a palette.
// ----------------------------------------------------------------------------------------------------------------------

// Type of the samples of a row.
BLUEGRAD_ENUM(bluegrad_sample) {
  // uint8_t codes.
  BLUEGRAD_SAMPLE_U8 = 0,
  // uint16_t codes.
  BLUEGRAD_SAMPLE_U16 = 1,
  // float codes from 0 to 1, rounded to 16 bits; NaN counts as 0.
  BLUEGRAD_SAMPLE_F32 = 2,
};

// What samples become.
BLUEGRAD_ENUM(bluegrad_levels) {
  // `levels` even levels from black to white, in code values. No table.
  BLUEGRAD_LEVELS_EVEN = 0,
  // Levels by tables of bluegrad_tone_fill.
  BLUEGRAD_LEVELS_TABLE = 1,
  // Levels by tables of bluegrad_tone_fill_pairs, for samples of 16 bits and floats.
  BLUEGRAD_LEVELS_PAIRS = 2,
  // The colours of a palette, by a table of bluegrad_palette_build. Samples are RGB, and a level is the index of a colour, one per pixel.
  BLUEGRAD_LEVELS_PALETTE = 3,
};

// Form of the output. A level is the index of an output value; a row has as many levels as samples, or one per pixel for a palette.
BLUEGRAD_ENUM(bluegrad_sink) {
  // One byte per level.
  BLUEGRAD_SINK_LEVELS = 0,
  // 8-bit values of even levels, round(255*level/(levels - 1)). Not for a palette.
  BLUEGRAD_SINK_VALUES = 1,
  // One byte per level, looked up in `values`.
  BLUEGRAD_SINK_MAPPED = 2,
  // Levels of `bits` bits, one after the other in `bit_order`; unused bits of a row's last byte are 0.
  BLUEGRAD_SINK_PACKED = 3,
  // Two planes of 1 bit per pixel, bit 0 and bit 1 of the level, for grey or a palette of at most 4 levels.
  BLUEGRAD_SINK_PLANES = 4,
  // RGB of at most 8, 8 and 4 levels in a byte: rrrgggbb.
  BLUEGRAD_SINK_RGB332 = 5,
  // RGB of at most 32, 64 and 32 levels in two bytes, in `byte_order`.
  BLUEGRAD_SINK_RGB565 = 6,
};

// Position of the first sample in a packed byte.
BLUEGRAD_ENUM(bluegrad_bit_order) {
  // In the highest bits, as in PNG and in most displays.
  BLUEGRAD_BIT_ORDER_MSB_FIRST = 0,
  // In the lowest bits, as in XBM and in some displays.
  BLUEGRAD_BIT_ORDER_LSB_FIRST = 1,
};

// Order of the bytes of a 16-bit number.
BLUEGRAD_ENUM(bluegrad_byte_order) {
  // Low byte first, as in memory of most processors.
  BLUEGRAD_BYTE_ORDER_LITTLE_ENDIAN = 0,
  // High byte first, as most displays take it over SPI.
  BLUEGRAD_BYTE_ORDER_BIG_ENDIAN = 1,
};

// A mask, where it lies, and what comes in and goes out: all that rows need. Filled in by bluegrad_dither_default, then free to edit;
// nothing to free.
typedef struct bluegrad_dither {
  // sizeof(bluegrad_dither): another size is answered as in bluegrad_config.
  uint32_t struct_size;
  // 1: a row is grey samples; 3: interleaved RGB.
  uint32_t channels;
  // The mask, width*height thresholds, row by row without a gap. It is read at each call.
  const void *mask;
  // BLUEGRAD_LEVELS_TABLE: the table of each channel, 256 words for 8-bit samples, else 65536. BLUEGRAD_LEVELS_PAIRS: 512 words. Grey
  // uses the first. Else unused.
  const uint32_t *tables[3];
  // BLUEGRAD_SINK_MAPPED: for each channel a byte per level; grey and palettes use the first. Else unused.
  const uint8_t *values[3];
  // BLUEGRAD_LEVELS_PALETTE: a table of bluegrad_palette_build. It is checked at each call: give many rows a call. Else unused.
  const uint16_t *palette;
  // Its words.
  size_t palette_words;
  // Bytes from row to row of the samples; 0: rows without a gap.
  size_t from_stride;
  // Bytes from row to row of the output; 0: rows without a gap.
  size_t to_stride;
  // BLUEGRAD_SINK_PLANES: bytes from the first row of plane 0 to that of plane 1, past the rows of plane 0; 0: plane 1 follows them
  // without a gap. Else unused.
  size_t plane_offset;
  // Bits of a threshold of the mask. 8: texels of bluegrad_read_dither_texels, _read_two_level_texels or _read_u8. 16: uint16_t
  // thresholds of bluegrad_read_thresholds.
  uint32_t mask_bits;
  // Width of the mask, 1 to 4096 pixels.
  uint32_t width;
  // Height of the mask, 1 to 4096 pixels.
  uint32_t height;
  // Column of the mask over the picture's first: another one gives another frame's noise. It wraps.
  uint32_t x;
  // Row of the mask over the picture's first. It wraps.
  uint32_t y;
  // (x, y) that is added for red, green and blue; not for a palette. All 0: grey stays grey. (0, 0), (width/3, height/3), (2*width/3,
  // 2*height/3): less noise in the brightness.
  uint32_t channel_offsets[3][2];
  // Type of the samples.
  bluegrad_sample sample;
  // Which levels samples become.
  bluegrad_levels form;
  // BLUEGRAD_LEVELS_EVEN: levels of each channel, 2 to 256; grey uses the first.
  uint32_t levels[3];
  // Form of the output.
  bluegrad_sink sink;
  // BLUEGRAD_SINK_PACKED: bits per level, 1, 2, 4 or 8; 0: the fewest that hold every level.
  uint32_t bits;
  // Place of the first level in a byte of packed levels or of planes.
  bluegrad_bit_order bit_order;
  // Order of the two bytes of RGB565.
  bluegrad_byte_order byte_order;
  // Instruction set; it changes no byte. BLUEGRAD_LEVEL_AUTO: the best that the CPU has.
  bluegrad_level level;
  // 0, or BLUEGRAD_ERROR_RESERVED: room for later versions.
  uint32_t reserved[11];
} bluegrad_dither;

// Fills in a dither: 8-bit grey to even levels, 8-bit texels, no offsets, one byte per level. Nothing is checked but the pointer and the
// size; the calls with rows check the rest.
//
// out: gets it. struct_size: sizeof(bluegrad_dither). texels, width, height: the mask. levels: 2 to 256.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE.
// May be called from any thread at any time.
BLUEGRAD_API
bluegrad_status bluegrad_dither_default(struct bluegrad_dither *out,
                                        uint32_t struct_size,
                                        const uint8_t *texels,
                                        uint32_t width,
                                        uint32_t height,
                                        uint32_t levels);

// Bytes of a row of the output, for so many samples; of one plane for BLUEGRAD_SINK_PLANES. 0 if the dither is invalid, and if samples of
// RGB are not a multiple of three.
// May be called from any thread at any time.
BLUEGRAD_API
size_t bluegrad_dither_row_size(const struct bluegrad_dither *dither,
                                size_t samples);

// Dithers rows of a picture.
//
// dither: see there. y: number of the first row in the picture, from the top. rows: their number. from: the first row's samples, of RGB
// interleaved; the rows are from_stride bytes apart. samples: their number in a row, of RGB a multiple of three. to: gets the first row;
// the rows are to_stride bytes apart. size: bytes at `to`, at least to_stride*(rows - 1) + bluegrad_dither_row_size; for two planes
// twice that, or plane_offset more. Bytes between rows are not touched. After an error nothing is written.
// Even levels of 8-bit samples v under texels t: floor((v*(levels - 1) + t')/255), t' = t - (t >= 128). Black, white, and every sample
// that equals an output value have no dots.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _STRUCT_SIZE, _RESERVED, _UNKNOWN_VALUE, _DITHER_SIZE, _LEVELS, _PALETTE_TABLE, _SINK
// for a form that the levels do not have and for pairs with 8-bit samples, _STRIDE, _LENGTH, _OVERLAP of `to` and what is read.
// May be called from any thread, for several rows at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_dither_rows(const struct bluegrad_dither *dither,
                                     uint32_t y,
                                     size_t rows,
                                     const void *from,
                                     size_t samples,
                                     uint8_t *to,
                                     size_t size);

// Words of a palette's table, of 2 bytes each: 2 to 64 colours, 9, 17 or 33 nodes an axis. 0 for other numbers. 6 colours: 5198 words at 9
// nodes, 26118 at 17. 17 are enough for most; 33 follow a large palette more closely.
// May be called from any thread at any time.
BLUEGRAD_API
size_t bluegrad_palette_words(size_t colors,
                              uint32_t nodes);

// Which colours of the input the palette shows as they are.
BLUEGRAD_ENUM(bluegrad_fit) {
  // Colours are shown as they are; what the palette cannot mix becomes the nearest that it can.
  BLUEGRAD_FIT_NONE = 0,
  // Black becomes the palette's darkest colour, white its lightest, all between in proportion in linear light.
  BLUEGRAD_FIT_PANEL = 1,
};

// Builds the table of a palette, for bluegrad_dither: about 0.3 s for 6 colours at 17 nodes. A firmware takes a table that was built
// before, as a constant array of little-endian words; the same input gives the same words on every machine.
//
// colors: the colours as the display shows them, 3 bytes of sRGB each; measured ones give the best result. No two may be the same. count:
// 2 to 64. The output counts them. fit: BLUEGRAD_FIT_NONE: colours that the palette cannot mix become the nearest ones.
// BLUEGRAD_FIT_PANEL: black becomes the darkest colour of the palette, white the lightest, all between in proportion of light. grain:
// weight of noise against the error of the mean, 0 to 1: 0 gives exact means; 0.002 is a good choice. nodes: as in
// bluegrad_palette_words. table: gets the words. length: their number, bluegrad_palette_words.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _UNKNOWN_VALUE, _COLORS, _SAME_COLORS, _NODES, _NUMBER for the grain, _LENGTH, _OVERLAP.
// May be called from any thread at any time.
BLUEGRAD_API
bluegrad_status bluegrad_palette_build(const uint8_t *colors,
                                       size_t count,
                                       bluegrad_fit fit,
                                       float grain,
                                       uint32_t nodes,
                                       uint16_t *table,
                                       size_t length);

// Finds a built-in palette: "spectra-6" for instance.
//
// name: as on the command line, ends with a NUL. shown: NULL, or gets the colours as the device shows them, for bluegrad_palette_build:
// 3 bytes each, room for 64. nominal: NULL, or gets the colours as the device is sent them. count: gets the number of colours.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _UNKNOWN_VALUE if no palette has that name, and for "web-safe", which has more colours: six
// even levels of red, green and blue. After an error nothing is written.
// May be called from any thread at any time.
BLUEGRAD_API
bluegrad_status bluegrad_palette_by_name(const char *name,
                                         uint8_t *shown,
                                         uint8_t *nominal,
                                         size_t *count);

// Makes a table for BLUEGRAD_LEVELS_TABLE: the position of every input among the output values.
//
// values: output values as 16-bit codes, each above the one before; an 8-bit code counts 257 times. count: 2 to 256. mix:
// BLUEGRAD_MIX_CODES: means of codes are right; BLUEGRAD_MIX_LIGHT: means of sRGB light. pixels: width*height of the mask for 16-bit
// thresholds, 256 for 8-bit texels; the counts of pixels are exact for it. table: gets the table, 256 words for 8-bit samples, 65536 for
// 16-bit samples and floats. length: its words.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _UNKNOWN_VALUE, _LEVELS for the count, _VALUES that do not rise, _NUMBER for pixels outside
// 1 to 2^24, _LENGTH, _OVERLAP.
// May be called from any thread at any time.
BLUEGRAD_API
bluegrad_status bluegrad_tone_fill(const uint16_t *values,
                                   size_t count,
                                   bluegrad_mix mix,
                                   uint32_t pixels,
                                   uint32_t *table,
                                   size_t length);

// Makes a table of 512 words for BLUEGRAD_LEVELS_PAIRS: 256 positions with slopes, for 16-bit samples where 256 KiB are too much.
//
// values: as in bluegrad_tone_fill, and multiples of 257, or BLUEGRAD_ERROR_NUMBER. pairs: gets 512 words. Its means are off by at most
// 1.001/(2*pixels) of a step in codes for a power of two of pixels, by up to .01 of a step more in light. The others, errors and threads:
// as bluegrad_tone_fill.
BLUEGRAD_API
bluegrad_status bluegrad_tone_fill_pairs(const uint16_t *values,
                                         size_t count,
                                         bluegrad_mix mix,
                                         uint32_t pixels,
                                         uint32_t *pairs);

// ----------------------------------------------------------------------------------------------------------------------
// Measure: the quality of any mask.
//
// The figures are those of the command line's `measure`, in f64, on scratch memory of the caller's. Read them together: a lattice has
// the least error to the eye, and its peak gives it away. docs/questions.md explains each.
// ----------------------------------------------------------------------------------------------------------------------

// Bytes of scratch that bluegrad_measure needs; 0 unless width and height are each from 8 to 4096. 64x64: 0.1 MB.
// May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_measure_memory_size(uint32_t width, uint32_t height);

// Radii of a quality's low power: 0.1, 0.125, 0.2, 0.25, 0.3 and 0.35 cycles/pixel.
#define BLUEGRAD_LOW_POWER_COUNT 6

// Quality of the grey mask itself, dB relative to white noise. A figure without a bin, on a small mask, is NaN.
typedef struct bluegrad_grey_quality {
  // Mean power over 0 < f <= R, at R = 0.1, 0.125, 0.2, 0.25, 0.3 and 0.35 cycles/pixel.
  double low_power[BLUEGRAD_LOW_POWER_COUNT];
  // Standard deviation of the ring means in dB, over rings whose middle has 0.35 < f < 0.5.
  double flatness;
  // Mean of variance/mean^2 in dB, over rings whose middle has 0.35 < f < 0.7 and whose mean is above -120 dB. An isotropic
  // periodogram has 0 dB.
  double anisotropy;
} bluegrad_grey_quality;

// Gaussian blurs that model the eye: standard deviations of 1, 1.5, 1.9, 2 and 3 pixels.
#define BLUEGRAD_SIGMA_COUNT 5

// Structure of the binary patterns: the largest bin of each spectrum, relative to the mean of white noise.
//
// The n/2 independent bins of noise are exponentially distributed, so the largest is about ln(n/2) + 0.58 with n = W*H: 5 at 16x16, 10
// at 128x128. Void-and-cluster has 7 to 13 over these sizes. A pattern that repeats has its power in few bins: ordered dither and other
// lattices have 40 to n. A lattice wins every blur score, so read a blur score beside this figure. The figure grows with the size:
// compare masks of one size.
typedef struct bluegrad_peak {
  // Mean of the patterns' peaks over the 31 levels k/128, k = 4, 8 ... 124.
  double mean;
  // Mean over the 17 of those levels with 1/4 <= g <= 3/4.
  double mid;
  // Largest of the 31.
  double worst;
  // Grey level of the largest.
  double worst_grey;
  // Frequency of the largest, cycles/pixel: horizontal, from 0 to 1/2; vertical, above -1/2 up to 1/2.
  double worst_frequency[2];
} bluegrad_peak;

// Quality of a mask's binary patterns, over grey levels. dB relative to white noise of the same variance.
//
// Blurs are Gaussians of 1, 1.5, 1.9, 2 and 3 pixels, which model the eye.
typedef struct bluegrad_pattern_quality {
  // Error to the eye at each blur: the mean over the 127 levels k/128, in dB.
  double hvs_error_mean[BLUEGRAD_SIGMA_COUNT];
  // Error to the eye at each blur: the worst of the 127 levels, dB.
  double hvs_error_worst[BLUEGRAD_SIGMA_COUNT];
  // Energy of all thresholds at once, at each blur: dB of the mean power.
  double total_energy[BLUEGRAD_SIGMA_COUNT];
  // RMS error of the blurred patterns over the fifteen levels k/16, at each blur; no dB, pixels are 0 or 1. White noise has
  // `sqrt(680/3840*K)`, K about `1/(4*pi*sigma^2)`.
  double rms[BLUEGRAD_SIGMA_COUNT];
  // Power below half the principal frequency of each pattern: dB of the mean over the fifteen levels k/16.
  double low_frequency;
  // Power at f < 0.2 cycles/pixel: mean over the 127 levels of the dB.
  double hard_cut;
  // Anisotropy of the patterns: mean over the fifteen levels k/16, dB; 0 is isotropic.
  double anisotropy;
  // Largest bins of the patterns' spectra.
  struct bluegrad_peak peak;
} bluegrad_pattern_quality;

// Quality of a mask, dB relative to white noise of the same variance unless said otherwise: 0 is white, lower is better.
//
// A figure is NaN where the mask is too small to have it. f is the radial frequency in cycles/pixel.
typedef struct bluegrad_quality {
  // The grey mask itself.
  struct bluegrad_grey_quality grey;
  // Its binary patterns, as when dithering.
  struct bluegrad_pattern_quality patterns;
  // 0. Room for later versions.
  double reserved[3];
} bluegrad_quality;

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

// Bytes of scratch that bluegrad_measure_volume needs; 0 for a shape that no mask has, and for NULL. 64x64x16: 1 MB.
// May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_measure_volume_memory_size(const struct bluegrad_shape *shape);

// Blurs in space: Gaussians of 1, 1.5 and 3 pixels.
#define BLUEGRAD_SPACE_SIGMA_COUNT 3

// Blurs over time: Gaussians of 0.7, 1, 1.5 and 2.5 frames.
#define BLUEGRAD_TIME_SIGMA_COUNT 4

// Accumulations of frames, each with a blur in space.
#define BLUEGRAD_ACCUMULATION_COUNT 4

// Error to the eye of one channel of a volume, dB relative to white noise of the same variance: lower is better.
//
// Each figure is the mean over the thresholds k/64, weighted by g(1 - g): the middle greys count most, because their patterns have the
// most variance. NaN where the mask has too few layers, or one colour only.
typedef struct bluegrad_space_time {
  // Each layer by itself, blurred in space by 1, 1.5 and 3 pixels: mean over the layers.
  double space[BLUEGRAD_SPACE_SIGMA_COUNT];
  // Each pixel by itself, blurred over time by 0.7, 1, 1.5 and 2.5 frames: mean over the pixels.
  double time[BLUEGRAD_TIME_SIGMA_COUNT];
  // Frames accumulated exponentially, then blurred in space: alpha and pixels 0.2, 1; 0.1, 1; 0.2, 1.5; 0.1, 1.5.
  double accumulated[BLUEGRAD_ACCUMULATION_COUNT];
} bluegrad_space_time;

// Errors of frames, x 1e-3 of the range from black to white: the square root of the mean over thresholds of the variance over pixels.
//
// NaN for a frame that the mask does not have.
typedef struct bluegrad_frame_errors {
  // The first frame.
  double first;
  // The frame 8, counted from 1.
  double frame_8;
  // The frame 16.
  double frame_16;
  // The frame 32.
  double frame_32;
  // The last frame.
  double last;
  // Root of the sum of the squares of the errors of all frames.
  double rss;
} bluegrad_frame_errors;

// Quality of one channel of a mask with layers: in space, over time, and in frames that are accumulated.
typedef struct bluegrad_channel_quality {
  // Errors to the eye, dB.
  struct bluegrad_space_time space_time;
  // Errors of frames by FAST's published test: a Gaussian blur of 1.3435 pixels, 0.1 of each new frame.
  struct bluegrad_frame_errors frames;
} bluegrad_channel_quality;

// The most channels of a mask.
#define BLUEGRAD_MAX_CHANNELS 4

// Structure of the planes of a volume: means over the planes, and the largest of them. One lattice among many layers shows in the
// largest.
typedef struct bluegrad_plane_peaks {
  // Mean over the planes of the mean peak.
  double mean;
  // Mean over the planes of the peak at middle levels.
  double mid;
  // Mean over the planes of the worst peak.
  double worst;
  // Largest mean peak of a plane.
  double largest_mean;
  // Largest peak at middle levels of a plane.
  double largest_mid;
  // Largest worst peak of a plane.
  double largest_worst;
} bluegrad_plane_peaks;

// Quality of a mask with layers or channels. A figure is NaN where the mask has too few of them.
typedef struct bluegrad_volume_quality {
  // Each channel for itself.
  struct bluegrad_channel_quality channels[BLUEGRAD_MAX_CHANNELS];
  // Error to the eye of the sum of all channels at equal levels, as in a neutral grey, blurred by 1, 1.5 and 3 pixels: dB relative to
  // independent white noise in each.
  double summed[BLUEGRAD_SPACE_SIGMA_COUNT];
  // Structure of every channel of every layer: it tells noise from a lattice.
  struct bluegrad_plane_peaks peaks;
  // 0. Room for later versions.
  double reserved[3];
} bluegrad_volume_quality;

// Measures any mask with layers or channels. No hot path: 128x128x64 takes some seconds. bluegrad_measure has more figures of one plane.
//
// ranks: one for each element, in the order layer, row, column, channel, each below width*height: those of bluegrad_read_ranks, or for
// each element how many others of its layer and channel have a smaller value. shape: any that a mask has. scratch: aligned for double.
// size: its bytes, at least bluegrad_measure_volume_memory_size. out: gets the figures.
// Errors: BLUEGRAD_ERROR_SIZE, _LAYERS, _NULL, _MISALIGNED, _LENGTH, _NUMBER for a rank that is too large, _OVERLAP of ranks and scratch.
// May be called from any thread, with different scratch at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_measure_volume(const uint32_t *ranks,
                                        const struct bluegrad_shape *shape,
                                        void *scratch,
                                        size_t size,
                                        struct bluegrad_volume_quality *out);

// Bytes of scratch that bluegrad_pair_loss needs; 0 for a shape that no mask has, and for NULL. 64x64x16: 0.3 MB.
// May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_pair_loss_memory_size(const struct bluegrad_shape *shape);

// Measures the squared error that given filters leave of all patterns of a mask, dB relative to white noise: lower is better.
//
// It is the pair loss that masks for filters are made to lower, so it tells whether a mask suits a renderer:
// 10*log10((sum(K)*m - 1/N*sum over pairs of K(i-j)*|rank_i - rank_j|)/(K(0)*m)), K the autocorrelation of the filters around the
// mask's torus, m the mean of |rank_i - rank_j| over all N^2 pairs of pixels of all layers. Each weight of K costs a pass over the
// mask: a Gaussian of 1 pixel takes 1 ms at 64x64, and 0.1 s at 64x64x16 with an exponential average over layers.
//
// ranks, shape: as in bluegrad_measure_volume; 1 layer for a flat mask. channel: the one to measure, from 0. filters: &config.filters,
// for instance. scratch: aligned for double. size: its bytes, at least bluegrad_pair_loss_memory_size. out: gets the loss, NaN if all
// ranks are equal.
// Errors: BLUEGRAD_ERROR_SIZE, _LAYERS, _NULL, _MISALIGNED, _LENGTH, _UNKNOWN_VALUE of the filters, _PLANE for a channel that the mask
// does not have, _NUMBER for filters out of range, for filters that wrap to nothing around the mask, and for a rank that is too large;
// _OVERLAP of ranks and scratch.
// May be called from any thread, with different scratch at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_pair_loss(const uint32_t *ranks,
                                   const struct bluegrad_shape *shape,
                                   uint32_t channel,
                                   const struct bluegrad_filters *filters,
                                   void *scratch,
                                   size_t size,
                                   double *out);

// ----------------------------------------------------------------------------------------------------------------------
// Points: sets of an exact number of points, evenly spread, that tile.
//
// As for masks: size, init, step, read. The block of a set starts at the first multiple of BLUEGRAD_MEMORY_ALIGN in the memory.
// docs/points.md has figures of each preset.
// ----------------------------------------------------------------------------------------------------------------------

// How long a run takes, and what its set is good for. Figures in `docs/points.md`.
BLUEGRAD_ENUM(bluegrad_point_preset) {
  // 24 steps: a third of the time of the default, 14 dB more power at low frequencies.
  BLUEGRAD_POINT_PRESET_FAST = 0,
  // 64 steps: no power at low frequencies, a flat spectrum above them. Sampling and integration.
  BLUEGRAD_POINT_PRESET_DEFAULT = 1,
  // 64 steps: as the default at low frequencies, with points further apart. Stippling, placement of objects.
  BLUEGRAD_POINT_PRESET_SHARP = 2,
  // 160 steps: the least power at low frequencies, points further apart than those of the default.
  BLUEGRAD_POINT_PRESET_BEST = 3,
};

// All that a point set depends on. The same configuration and version give the same bytes everywhere.
typedef struct bluegrad_point_config {
  // Seed of all that is random.
  uint64_t seed;
  // Number of points, 1 to 4194304.
  uint32_t count;
  // Steps, and their widths of the kernel.
  bluegrad_point_preset preset;
  // Width of the kernel in mean distances, 0.68 to 0.95: low for points far apart, high for a flat spectrum. 0: what the preset has.
  float sigma;
  // SIMD level to use. It changes the speed only.
  bluegrad_level level;
  // 0. Room for later versions.
  uint32_t reserved[8];
} bluegrad_point_config;

// Fills in `count` points of the default preset with seed 0.
//
// config: gets the defaults; then change any field.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED.
// May be called from any thread, for different configurations at the same time.
BLUEGRAD_API bluegrad_status bluegrad_points_config_default(struct bluegrad_point_config *config, uint32_t count);

// Bytes of memory that a set needs, a multiple of BLUEGRAD_MEMORY_ALIGN: 1024 points 43 KB, a million 40 MB.
//
// 0 if the configuration is invalid. May be called from any thread, for different configurations at the same time.
BLUEGRAD_API size_t bluegrad_points_memory_size(const struct bluegrad_point_config *config);

// A point set in a block of the caller's memory: the address of that block.
//
// The block holds no pointer. A copy of its bytes is a snapshot, which bluegrad_points_open reopens at any address. There is nothing to
// free. One thread at a time uses a set, for reading too; different sets are independent.
typedef struct bluegrad_points bluegrad_points;

// Starts a set.
//
// memory: the block starts at its first multiple of BLUEGRAD_MEMORY_ALIGN, is overwritten, and belongs to the set as long as the set is
// used. size: bytes of memory, from the block's start on at least bluegrad_points_memory_size. config: is copied. out: gets the set,
// the block's address; NULL after an error.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _UNKNOWN_VALUE, _POINT_COUNT, _NUMBER for sigma, _RESERVED, _LENGTH of the memory, _ALIGNMENT
// if more bytes or another start would do.
// May be called from any thread, for different blocks at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_points_init(void *memory,
                                     size_t size,
                                     const struct bluegrad_point_config *config,
                                     struct bluegrad_points **out);

// Takes a set up from a copy of its block.
//
// memory: a copy of a block's bytes, at a multiple of BLUEGRAD_MEMORY_ALIGN. size: its bytes. out: gets the set; NULL after an error.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _LENGTH, _NOT_POINTS.
// May be called from any thread, for different blocks at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_points_open(void *memory,
                                     size_t size,
                                     struct bluegrad_points **out);

// Progress of a run of a point set.
typedef struct bluegrad_point_report {
  // Steps done.
  uint32_t step;
  // Steps in all.
  uint32_t steps;
} bluegrad_point_report;

// Does up to `steps` more steps, fewer if the set is done. Not to call again cancels the run.
//
// points: the set. jobs: threads of the host, or NULL: the points are the same. out: gets the progress, or NULL.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_POINTS.
// May be called from any thread, for different sets at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_points_step(struct bluegrad_points *points,
                                     uint32_t steps,
                                     const struct bluegrad_jobs *jobs,
                                     struct bluegrad_point_report *out);

// Writes the points as they are now: x and y of each, in units of 2^-32 of the torus.
//
// points: the set. to: 2 numbers a point. size: its bytes, 8 a point.
// Errors: BLUEGRAD_ERROR_NULL, _MISALIGNED, _ALIGNMENT, _NOT_POINTS, _LENGTH, _OVERLAP with the block.
// May be called from any thread, for different sets at the same time.
BLUEGRAD_API bluegrad_status bluegrad_points_read_u32(const struct bluegrad_points *points, uint32_t *to, size_t size);

// Writes the points as they are now: x and y of each in [0, 1), multiples of 2^-24.
//
// As bluegrad_points_read_u32.
BLUEGRAD_API bluegrad_status bluegrad_points_read_f32(const struct bluegrad_points *points, float *to, size_t size);

// Bytes of scratch that bluegrad_points_measure needs; 0 unless count is from 2 to 131072.
// May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_points_measure_memory_size(uint32_t count);

// Quality of a point set. P is the radial power: the mean of |S(f)|^2/N over the frequencies whose |f| rounds to an integer, 1 for random points;
// fp the principal frequency 1.0746*sqrt(N).
typedef struct bluegrad_point_quality {
  // Mean power over 0 < |f| <= fp/4, and over 0 < |f| <= fp/2: dB, 0 for random points, lower is better. NaN without a frequency.
  double low_power[2];
  // Mean power over fp/2 < |f| <= 0.7*fp, dB.
  double middle_power;
  // Effective Nyquist frequency: where P first reaches 0.1, between rings by a line; in sqrt(N).
  double nyquist;
  // Oscillation: root of the mean of (P - 1)^2 over the rings from the effective Nyquist frequency to 2.5*sqrt(N). 0 is a flat spectrum.
  double oscillation;
  // Least distance of two points, 1 for the hexagonal lattice of as many points.
  double min_distance;
  // Mean over the rings from the effective Nyquist frequency to 2.5*sqrt(N) of variance/mean^2 of their powers, dB: 0 for a set without direction.
  double anisotropy;
  // Largest |S(f)|^2/N up to 2.5*sqrt(N): about 10 for noise, N for a lattice. Lattices win the other figures.
  double peak;
} bluegrad_point_quality;

// Measures any point set. No hot path: 1024 points take some 20 ms, 16384 and more several seconds.
//
// positions: x and y of each point, in units of 2^-32 of the torus. count: points, 2 to 131072. scratch: aligned for double. size: its bytes, at
// least bluegrad_points_measure_memory_size. out: gets the figures.
// Errors: BLUEGRAD_ERROR_POINT_COUNT, _NULL, _MISALIGNED, _LENGTH, _OVERLAP of positions and scratch.
// May be called from any thread, with different scratch at the same time.
BLUEGRAD_API
bluegrad_status bluegrad_points_measure(const uint32_t *positions,
                                        uint32_t count,
                                        void *scratch,
                                        size_t size,
                                        struct bluegrad_point_quality *out);

// sizeof(bluegrad_point_config), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_point_config(void);

// sizeof(bluegrad_point_report), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_point_report(void);

// sizeof(bluegrad_point_quality), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_point_quality(void);

// ----------------------------------------------------------------------------------------------------------------------
// Versions of header, library and algorithm; sizes of structs; SIMD level of this CPU.
//
// bluegrad_sizeof_* are for languages that do not read this header: what sizeof says in C, in bytes, as the library was compiled.
//
// The same configuration and the same algorithm version give the same bytes on every machine. A program that stores seeds rather than
// masks stores the algorithm version with them.
// ----------------------------------------------------------------------------------------------------------------------

// Major part of the version of this header.
#define BLUEGRAD_VERSION_MAJOR 0

// Minor part of the version of this header.
#define BLUEGRAD_VERSION_MINOR 1

// Patch part of the version of this header.
#define BLUEGRAD_VERSION_PATCH 0

// The version of this header: major*65536 + minor*256 + patch.
#define BLUEGRAD_VERSION 256

// Algorithm version: the same configuration and the same number give the same mask, byte for byte, on every machine.
#define BLUEGRAD_ALGORITHM_VERSION 5

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

// sizeof(bluegrad_config), bytes: the struct_size of bluegrad_config and bluegrad_config_default too. May be called from any thread at any time.
BLUEGRAD_API
size_t bluegrad_sizeof_config(void);

// sizeof(bluegrad_dither), bytes: the struct_size of bluegrad_dither and bluegrad_dither_default too. May be called from any thread at any time.
BLUEGRAD_API
size_t bluegrad_sizeof_dither(void);

// sizeof(bluegrad_stage), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_stage(void);

// sizeof(bluegrad_shape), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_shape(void);

// sizeof(bluegrad_distribution), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_distribution(void);

// sizeof(bluegrad_filters), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_filters(void);

// sizeof(bluegrad_powers), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_powers(void);

// sizeof(bluegrad_region), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_region(void);

// sizeof(bluegrad_jobs), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_jobs(void);

// sizeof(bluegrad_report), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_report(void);

// sizeof(bluegrad_losses), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_losses(void);

// sizeof(bluegrad_quality), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_quality(void);

// sizeof(bluegrad_volume_quality), bytes. May be called from any thread at any time.
BLUEGRAD_API size_t bluegrad_sizeof_volume_quality(void);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* BLUEGRAD_H */
