// bluegrad for C++17: masks by one call, and runs that own their memory or live in the caller's. No exceptions: every call gives a status,
// or a vector that is empty after an error.
//
//   std::vector<std::uint8_t> texels = bluegrad::mask(64, 64, 7);
//
//   bluegrad::Generator mask;
//   if (mask.start(bluegrad::config(BLUEGRAD_PRESET_DITHER, 64, 64, 7)) == BLUEGRAD_OK && mask.finish() == BLUEGRAD_OK) {
//     std::vector<std::uint8_t> texels = mask.u8();
//   }
//
// bluegrad.h is the manual. std::vector is all that allocates; each start and open is also there for the caller's memory.
#ifndef BLUEGRAD_HPP
#define BLUEGRAD_HPP

#include "bluegrad.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace bluegrad {

// A preset as a configuration. Of an unknown preset it is all zero, which Generator::start refuses.
inline bluegrad_config config(bluegrad_preset preset, std::uint32_t width, std::uint32_t height, std::uint64_t seed = 0) noexcept {
  bluegrad_config config{};
  bluegrad_config_default(&config, sizeof config, preset, width, height);
  config.seed = seed;
  return config;
}

namespace detail {
template <class T>
using make = bluegrad_status(void *, std::size_t, bluegrad_preset, std::uint32_t, std::uint32_t, std::uint64_t, T *, std::size_t);

// A whole mask; empty after an error, of which status says why.
template <class T>
std::vector<T> whole(make<T> *make, bluegrad_preset preset, std::uint32_t width, std::uint32_t height, std::uint64_t seed,
                     bluegrad_status *status) {
  const std::size_t size = bluegrad_make_memory_size(preset, width, height);
  // an unknown preset or size needs no memory: the call says what is wrong with it
  std::vector<unsigned char> memory(size + 1);
  std::vector<T> values(size == 0 ? 1 : std::size_t{width} * height);
  const bluegrad_status made =
      make(memory.data(), size, preset, width, height, seed, values.data(), values.size() * sizeof(T));
  if (made != BLUEGRAD_OK) values.clear();
  if (status) *status = made;
  return values;
}

inline std::size_t elements(const bluegrad_shape &shape) noexcept {
  return std::size_t{shape.width} * shape.height * shape.layers * shape.channels;
}
}  // namespace detail

// A whole mask of a preset, row by row: 8- or 16-bit values, floats or ranks as bluegrad_make_* gives them. Empty after an error; status
// gets why.
inline std::vector<std::uint8_t> mask(std::uint32_t width, std::uint32_t height, std::uint64_t seed = 0,
                                      bluegrad_preset preset = BLUEGRAD_PRESET_DITHER, bluegrad_status *status = nullptr) {
  return detail::whole<std::uint8_t>(bluegrad_make_u8, preset, width, height, seed, status);
}
inline std::vector<std::uint16_t> mask_u16(std::uint32_t width, std::uint32_t height, std::uint64_t seed = 0,
                                           bluegrad_preset preset = BLUEGRAD_PRESET_DITHER, bluegrad_status *status = nullptr) {
  return detail::whole<std::uint16_t>(bluegrad_make_u16, preset, width, height, seed, status);
}
inline std::vector<float> mask_f32(std::uint32_t width, std::uint32_t height, std::uint64_t seed = 0,
                                   bluegrad_preset preset = BLUEGRAD_PRESET_DITHER, bluegrad_status *status = nullptr) {
  return detail::whole<float>(bluegrad_make_f32, preset, width, height, seed, status);
}
inline std::vector<std::uint32_t> mask_ranks(std::uint32_t width, std::uint32_t height, std::uint64_t seed = 0,
                                             bluegrad_preset preset = BLUEGRAD_PRESET_DITHER, bluegrad_status *status = nullptr) {
  return detail::whole<std::uint32_t>(bluegrad_make_ranks, preset, width, height, seed, status);
}

// One layer of a mask, or one channel of it, for the reads.
inline bluegrad_region layer(std::uint32_t layer) noexcept {
  bluegrad_region region{};
  region.layer = layer;
  region.layers = 1;
  return region;
}
inline bluegrad_region plane(std::uint32_t layer, std::uint32_t channel) noexcept {
  bluegrad_region region = bluegrad::layer(layer);
  region.channel = channel;
  region.channels = 1;
  return region;
}

// A run. Movable; a copy is made with save and open.
class Generator {
 public:
  Generator() = default;
  Generator(const Generator &) = delete;
  Generator &operator=(const Generator &) = delete;
  Generator(Generator &&other) noexcept { swap(other); }
  Generator &operator=(Generator &&other) noexcept {
    Generator moved(std::move(other));
    swap(moved);
    return *this;
  }
  ~Generator() = default;

  // Starts a run from noise, in memory of its own.
  bluegrad_status start(const bluegrad_config &config) {
    return allocate(config, [&](void *memory, std::size_t size) { return bluegrad_init(memory, size, &config, &handle_); });
  }

  // The same in the caller's memory, which must live as long.
  bluegrad_status start(const bluegrad_config &config, void *memory, std::size_t size) noexcept {
    forget();
    return settle(bluegrad_init(memory, size, &config, &handle_));
  }

  // Starts a run from a given mask, in memory of its own: 8- or 16-bit values, floats or ranks, one for each element; see
  // bluegrad_config_refine. ties: as in bluegrad_load_u8.
  template <class T>
  bluegrad_status refine(const bluegrad_config &config, const std::vector<T> &mask, std::uint32_t *ties = nullptr) {
    return allocate(config, [&](void *memory, std::size_t size) {
      return load(memory, size, &config, mask.data(), mask.size(), ties, &handle_);
    });
  }

  // The same in the caller's memory, from count values.
  template <class T>
  bluegrad_status refine(const bluegrad_config &config, const T *mask, std::size_t count, void *memory, std::size_t size,
                         std::uint32_t *ties = nullptr) noexcept {
    forget();
    return settle(load(memory, size, &config, mask, count, ties, &handle_));
  }

  // Takes up a run from the bytes of save.
  bluegrad_status open(const std::vector<unsigned char> &saved) {
    forget();
    block_.assign(saved.size() + BLUEGRAD_MEMORY_ALIGN, 0);
    if (!saved.empty()) std::memcpy(aligned(), saved.data(), saved.size());
    return settle(bluegrad_open(aligned(), saved.size(), &handle_));
  }

  // Takes up a run where it lies.
  bluegrad_status open(void *memory, std::size_t size) noexcept {
    forget();
    return settle(bluegrad_open(memory, size, &handle_));
  }

  // The bytes of the run.
  std::vector<unsigned char> save() const {
    const auto *first = reinterpret_cast<const unsigned char *>(handle_);
    const std::size_t size = handle_ ? bluegrad_memory_size(&config_) : 0;
    return std::vector<unsigned char>(first, first + size);
  }

  // Some steps; report() says how far it is then.
  bluegrad_status step(std::uint32_t steps, const bluegrad_jobs *jobs = nullptr) noexcept {
    return bluegrad_step(handle_, steps, jobs, &report_);
  }

  // All steps that are left.
  bluegrad_status finish(const bluegrad_jobs *jobs = nullptr) noexcept { return step(UINT32_MAX, jobs); }

  // The losses of a spectral stage's terms at the present values.
  bluegrad_status evaluate(const bluegrad_stage &stage, bluegrad_losses &losses) noexcept {
    return bluegrad_evaluate(handle_, &stage, &losses);
  }

  const bluegrad_report &report() const noexcept { return report_; }
  bool done() const noexcept { return report_.done; }
  std::uint32_t width() const noexcept { return config_.shape.width; }
  std::uint32_t height() const noexcept { return config_.shape.height; }
  std::uint32_t layers() const noexcept { return config_.shape.layers; }
  std::uint32_t channels() const noexcept { return config_.shape.channels; }
  const bluegrad_config &config() const noexcept { return config_; }

  // For the functions of bluegrad.h that have none here.
  bluegrad_generator *get() const noexcept { return handle_; }
  explicit operator bool() const noexcept { return handle_ != nullptr; }

  // The present values, at any time; empty if there is no run.
  std::vector<float> values(const bluegrad_region &region = {}) const { return read<float>(bluegrad_read_values, region); }

  // The finished mask, or a layer of it for instance: u8(bluegrad::layer(3)); without a gap, whatever the region's strides; empty before it
  // is done. With strides, into memory of the caller's: bluegrad_read_*(get(), ...).
  std::vector<std::uint8_t> u8(const bluegrad_region &region = {}) const { return read<std::uint8_t>(bluegrad_read_u8, region); }
  std::vector<std::uint16_t> u16(const bluegrad_region &region = {}) const { return read<std::uint16_t>(bluegrad_read_u16, region); }
  std::vector<std::uint8_t> u8_as(const bluegrad_distribution &distribution, const bluegrad_region &region = {}) const {
    return read<std::uint8_t>(bluegrad_read_u8_as, region, &distribution);
  }
  std::vector<std::uint16_t> u16_as(const bluegrad_distribution &distribution, const bluegrad_region &region = {}) const {
    return read<std::uint16_t>(bluegrad_read_u16_as, region, &distribution);
  }
  std::vector<std::uint32_t> ranks(const bluegrad_region &region = {}) const { return read<std::uint32_t>(bluegrad_read_ranks, region); }
  std::vector<std::uint16_t> ranks_u16(const bluegrad_region &region = {}) const {
    return read<std::uint16_t>(bluegrad_read_ranks_u16, region);
  }
  std::vector<std::uint8_t> dither_texels(const bluegrad_region &region = {}) const {
    return read<std::uint8_t>(bluegrad_read_dither_texels, region);
  }
  std::vector<std::uint16_t> thresholds(const bluegrad_region &region = {}) const {
    return read<std::uint16_t>(bluegrad_read_thresholds, region);
  }
  std::vector<float> f32(bluegrad_range range = BLUEGRAD_RANGE_UNIT, const bluegrad_distribution *distribution = nullptr,
                         const bluegrad_region &region = {}) const {
    return read<float>(bluegrad_read_f32, region, range, distribution);
  }

 private:
  template <class Start>
  bluegrad_status allocate(const bluegrad_config &config, Start begin) {
    forget();
    const std::size_t size = bluegrad_memory_size(&config);
    // an invalid configuration has no size: the call says what is wrong with it
    block_.assign(size + 2 * BLUEGRAD_MEMORY_ALIGN, 0);
    return settle(begin(aligned(), size));
  }

  // Bytes of a mask of so many elements; none where the configuration has other than so many, for the call to say what is wrong.
  static std::size_t bytes(const bluegrad_config &config, std::size_t count, std::size_t element) noexcept {
    return count == detail::elements(config.shape) ? count * element : 0;
  }

  static bluegrad_status load(void *memory, std::size_t size, const bluegrad_config *config, const std::uint8_t *mask,
                              std::size_t count, std::uint32_t *ties, bluegrad_generator **out) noexcept {
    return bluegrad_load_u8(memory, size, config, mask, bytes(*config, count, sizeof *mask), nullptr, ties, out);
  }
  static bluegrad_status load(void *memory, std::size_t size, const bluegrad_config *config, const std::uint16_t *mask,
                              std::size_t count, std::uint32_t *ties, bluegrad_generator **out) noexcept {
    return bluegrad_load_u16(memory, size, config, mask, bytes(*config, count, sizeof *mask), nullptr, ties, out);
  }
  static bluegrad_status load(void *memory, std::size_t size, const bluegrad_config *config, const float *mask,
                              std::size_t count, std::uint32_t *ties, bluegrad_generator **out) noexcept {
    return bluegrad_load_f32(memory, size, config, mask, bytes(*config, count, sizeof *mask), nullptr, ties, out);
  }
  static bluegrad_status load(void *memory, std::size_t size, const bluegrad_config *config, const std::uint32_t *mask,
                              std::size_t count, std::uint32_t *ties, bluegrad_generator **out) noexcept {
    return bluegrad_load_ranks(memory, size, config, mask, bytes(*config, count, sizeof *mask), nullptr, ties, out);
  }

  bluegrad_status settle(bluegrad_status status) noexcept {
    if (status == BLUEGRAD_OK) status = bluegrad_get_config(handle_, &config_, sizeof config_);
    if (status == BLUEGRAD_OK) status = bluegrad_get_report(handle_, &report_);
    if (status != BLUEGRAD_OK) forget();
    return status;
  }

  // Of `all`, how many there are from `first` on: `count`, or all for 0. None where there are fewer, for the call to say what is wrong.
  static std::size_t part(std::uint32_t first, std::uint32_t count, std::uint32_t all) noexcept {
    const std::uint32_t left = first < all ? all - first : 0;
    return count == 0 ? left : count <= left ? count : 0;
  }

  template <class T, class Read, class... More>
  std::vector<T> read(Read read, bluegrad_region region, More... more) const {
    const bluegrad_shape &shape = config_.shape;
    const std::size_t planes = part(region.layer, region.layers, shape.layers) * part(region.channel, region.channels, shape.channels);
    region.pixel_stride = region.row_stride = region.layer_stride = 0;
    std::vector<T> values(planes * shape.width * shape.height);
    if (!handle_ || read(handle_, values.data(), values.size() * sizeof(T), &region, more...) != BLUEGRAD_OK) values.clear();
    return values;
  }

  void *aligned() noexcept {
    const auto start = reinterpret_cast<std::uintptr_t>(block_.data());
    return block_.data() + (BLUEGRAD_MEMORY_ALIGN - start % BLUEGRAD_MEMORY_ALIGN) % BLUEGRAD_MEMORY_ALIGN;
  }

  void forget() noexcept {
    handle_ = nullptr;
    config_ = {};
    report_ = {};
    block_.clear();
  }

  void swap(Generator &other) noexcept {
    std::swap(block_, other.block_);
    std::swap(handle_, other.handle_);
    std::swap(config_, other.config_);
    std::swap(report_, other.report_);
  }

  std::vector<unsigned char> block_;
  bluegrad_generator *handle_ = nullptr;
  bluegrad_config config_{};
  bluegrad_report report_{};
};

// How good a mask of ranks is.
inline bluegrad_status measure(const std::vector<std::uint32_t> &ranks, std::uint32_t width, std::uint32_t height,
                               bluegrad_quality &quality) {
  if (ranks.size() != std::size_t{width} * height) return BLUEGRAD_ERROR_LENGTH;
  std::vector<double> scratch(bluegrad_measure_memory_size(width, height) / sizeof(double));
  return bluegrad_measure(ranks.data(), width, height, scratch.data(), scratch.size() * sizeof(double), &quality);
}

// The same of a mask with layers or channels, ranks in the order layer, row, column, channel.
inline bluegrad_status measure(const std::vector<std::uint32_t> &ranks, const bluegrad_shape &shape, bluegrad_volume_quality &quality) {
  if (ranks.size() != detail::elements(shape)) return BLUEGRAD_ERROR_LENGTH;
  std::vector<double> scratch(bluegrad_measure_volume_memory_size(&shape) / sizeof(double));
  return bluegrad_measure_volume(ranks.data(), &shape, scratch.data(), scratch.size() * sizeof(double), &quality);
}

// The squared error that filters leave of the patterns of a channel, dB relative to white noise.
inline bluegrad_status pair_loss(const std::vector<std::uint32_t> &ranks, const bluegrad_shape &shape, std::uint32_t channel,
                                 const bluegrad_filters &filters, double &loss) {
  if (ranks.size() != detail::elements(shape)) return BLUEGRAD_ERROR_LENGTH;
  std::vector<double> scratch(bluegrad_pair_loss_memory_size(&shape) / sizeof(double));
  return bluegrad_pair_loss(ranks.data(), &shape, channel, &filters, scratch.data(), scratch.size() * sizeof(double), &loss);
}

// A mask applied to rows of samples, std::uint8_t, std::uint16_t or float; it keeps the mask and the tables, and may be copied.
//
//   bluegrad::Dither dither(mask.thresholds(), mask.width(), mask.height(), 4);
//   dither.settings.sink = BLUEGRAD_SINK_PACKED;
//   std::vector<std::uint8_t> bytes = dither.rows(0, picture, samples_of_a_row);
class Dither {
 public:
  // Even levels by a layer of a finished mask, by its 8-bit texels, or by its 16-bit thresholds; whether they are sound, the calls with rows
  // say.
  Dither(const Generator &mask, std::uint32_t levels, std::uint32_t layer = 0)
      : Dither(mask.dither_texels(plane(layer, 0)), mask.width(), mask.height(), levels) {}
  Dither(std::vector<std::uint8_t> texels, std::uint32_t width, std::uint32_t height, std::uint32_t levels)
      : texels_(std::move(texels)) {
    bluegrad_dither_default(&settings, sizeof settings, nullptr, width, height, levels);
  }
  Dither(std::vector<std::uint16_t> thresholds, std::uint32_t width, std::uint32_t height, std::uint32_t levels)
      : thresholds_(std::move(thresholds)) {
    bluegrad_dither_default(&settings, sizeof settings, nullptr, width, height, levels);
    settings.mask_bits = 16;
  }

  // Free to edit: channels, x, y, channel_offsets, levels, sink and what it takes, strides. Mask, samples and own tables are filled in.
  bluegrad_dither settings{};

  // From now on samples of type T become any levels: 16-bit codes that rise, in each channel.
  template <class T>
  bluegrad_status tone(const std::vector<std::uint16_t> &values, bluegrad_mix mix) {
    std::vector<std::uint32_t> table(sizeof(T) == 1 ? 256 : 65536);
    const std::uint32_t pixels = settings.mask_bits == 16 ? settings.width * settings.height : 256;
    const bluegrad_status status = bluegrad_tone_fill(values.data(), values.size(), mix, pixels, table.data(), table.size());
    if (status != BLUEGRAD_OK) return status;
    table_ = std::move(table);
    settings.form = BLUEGRAD_LEVELS_TABLE;
    return status;
  }

  // From now on RGB becomes the colours of a palette, 3 bytes each: a level is the index of a colour.
  bluegrad_status palette(const std::vector<std::uint8_t> &colors, bluegrad_fit fit = BLUEGRAD_FIT_NONE, float grain = 0.002f,
                          std::uint32_t nodes = 17) {
    std::vector<std::uint16_t> words(bluegrad_palette_words(colors.size() / 3, nodes));
    // without words, for the call to say what is wrong
    std::uint16_t none = 0;
    const bluegrad_status status =
        bluegrad_palette_build(colors.data(), colors.size() / 3, fit, grain, nodes, words.empty() ? &none : words.data(), words.size());
    if (status != BLUEGRAD_OK) return status;
    palette_ = std::move(words);
    settings.form = BLUEGRAD_LEVELS_PALETTE;
    settings.channels = 3;
    return status;
  }

  // Bytes of a row of the output.
  template <class T>
  std::size_t row_size(std::size_t samples) const noexcept {
    const bluegrad_dither dither = complete<T>();
    return bluegrad_dither_row_size(&dither, samples);
  }

  // Rows into memory of the caller's, as bluegrad_dither_rows.
  template <class T>
  bluegrad_status rows(std::uint32_t y, std::size_t rows, const T *from, std::size_t samples, std::uint8_t *to,
                       std::size_t size) const noexcept {
    const bluegrad_dither dither = complete<T>();
    return bluegrad_dither_rows(&dither, y, rows, from, samples, to, size);
  }

  // A picture or a part of one, rows of so many samples, all without a gap; empty after an error.
  template <class T>
  std::vector<std::uint8_t> rows(std::uint32_t y, const std::vector<T> &from, std::size_t samples) const {
    bluegrad_dither dither = complete<T>();
    dither.from_stride = dither.to_stride = dither.plane_offset = 0;
    const std::size_t count = samples == 0 ? 0 : from.size() / samples, planes = dither.sink == BLUEGRAD_SINK_PLANES ? 2 : 1;
    std::vector<std::uint8_t> to(bluegrad_dither_row_size(&dither, samples) * count * planes);
    if (bluegrad_dither_rows(&dither, y, count, from.data(), samples, to.data(), to.size()) != BLUEGRAD_OK) to.clear();
    return to;
  }

 private:
  static constexpr bluegrad_sample sample(const std::uint8_t *) noexcept { return BLUEGRAD_SAMPLE_U8; }
  static constexpr bluegrad_sample sample(const std::uint16_t *) noexcept { return BLUEGRAD_SAMPLE_U16; }
  static constexpr bluegrad_sample sample(const float *) noexcept { return BLUEGRAD_SAMPLE_F32; }

  // Without a mask where it has fewer pixels than the settings say, without tables where they are for other samples: the call answers
  // BLUEGRAD_ERROR_NULL.
  template <class T>
  bluegrad_dither complete() const noexcept {
    bluegrad_dither dither = settings;
    const std::size_t pixels = std::size_t{settings.width} * settings.height;
    dither.mask = nullptr;
    if (settings.mask_bits == 8 && texels_.size() >= pixels) dither.mask = texels_.data();
    if (settings.mask_bits == 16 && thresholds_.size() >= pixels) dither.mask = thresholds_.data();
    dither.sample = sample(static_cast<const T *>(nullptr));
    for (const std::uint32_t *&table : dither.tables) {
      if (!table_.empty()) table = table_.size() == (sizeof(T) == 1 ? 256 : 65536) ? table_.data() : nullptr;
    }
    if (!palette_.empty()) {
      dither.palette = palette_.data();
      dither.palette_words = palette_.size();
    }
    return dither;
  }

  std::vector<std::uint8_t> texels_;
  std::vector<std::uint16_t> thresholds_, palette_;
  std::vector<std::uint32_t> table_;
};

}  // namespace bluegrad

#endif
