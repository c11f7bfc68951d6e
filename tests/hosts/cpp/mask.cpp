// C++17 by bluegrad.hpp: saved, reopened and moved half-way, and in the caller's memory. Prints the hash of the 64x64 `dither` mask of
// seed 7.
#include <bluegrad.hpp>

#include <cstdio>

static std::uint64_t hash(const std::vector<std::uint32_t> &ranks) {
  std::uint64_t sum = 0xcbf29ce484222325u;
  for (std::uint32_t rank : ranks) {
    for (int byte = 0; byte < 4; byte++) sum = (sum ^ (rank >> (8 * byte) & 0xff)) * 0x100000001b3u;
  }
  return sum;
}

static int fails(const char *what, bluegrad_status status) {
  std::fprintf(stderr, "%s: %s\n", what, bluegrad_status_string(status));
  return 1;
}

// Rows of every type of samples; the last sample is white.
static int dithered(const bluegrad::Generator &mask) {
  const std::vector<std::uint8_t> row = {0, 32, 64, 96, 128, 160, 192, 255};
  std::vector<std::uint16_t> wide;
  std::vector<float> floats;
  for (std::uint8_t v : row) {
    wide.push_back(static_cast<std::uint16_t>(257 * v));
    floats.push_back(static_cast<float>(v) / 255.0f);
  }
  bluegrad::Dither dither(mask, 2), none(bluegrad::Generator(), 2), exact(mask.thresholds(), 64, 64, 2);
  const std::vector<std::uint8_t> levels = dither.rows(0, row, 8);
  bluegrad::Dither copy = dither;
  copy.settings.sink = BLUEGRAD_SINK_VALUES;
  std::uint8_t values[8];
  if (levels.size() != 8 || copy.rows(0, 1, row.data(), 8, values, sizeof values) != BLUEGRAD_OK) return 8;
  unsigned bits = 0;
  for (std::size_t i = 0; i < 8; i++) {
    if (values[i] != 255 * levels[i]) return 9;
    bits = 2 * bits + levels[i];
  }
  copy.settings.sink = BLUEGRAD_SINK_PACKED;
  if (copy.rows(0, row, 8) != std::vector<std::uint8_t>{static_cast<std::uint8_t>(bits)} || bits % 2 != 1) return 10;
  if (copy.row_size<float>(17) != 3 || copy.rows(0, row, 4).size() != 2 || !none.rows(0, row, 8).empty()) return 12;
  if (exact.rows(0, wide, 8) != levels || exact.rows(0, floats, 8) != levels) return 13;

  // even output values in codes are even levels; a table for other samples is refused
  if (exact.tone<float>({7, 7}, BLUEGRAD_MIX_CODES) != BLUEGRAD_ERROR_VALUES) return 14;
  if (exact.tone<std::uint16_t>({0, 65535}, BLUEGRAD_MIX_CODES) != BLUEGRAD_OK || exact.rows(0, wide, 8) != levels) return 15;
  if (!exact.rows(0, row, 8).empty() || exact.tone<std::uint8_t>({0, 65535}, BLUEGRAD_MIX_CODES) != BLUEGRAD_OK) return 16;
  if (exact.rows(0, row, 8) != levels) return 17;

  // colours of the palette stay what they are
  const std::vector<std::uint8_t> colors = {255, 255, 255, 0, 0, 0, 200, 0, 0};
  if (dither.palette({1, 2, 3}) != BLUEGRAD_ERROR_COLORS || dither.palette(colors, BLUEGRAD_FIT_NONE, 0.002f, 9) != BLUEGRAD_OK) return 18;
  if (dither.rows(5, colors, 9) != std::vector<std::uint8_t>{0, 1, 2} || !dither.rows(0, row, 8).empty()) return 19;
  dither.settings.sink = BLUEGRAD_SINK_PLANES;
  return dither.rows(5, colors, 9) == std::vector<std::uint8_t>{0x40, 0x20} ? 0 : 20;
}

// A mask of layers and channels from random values: a polish without a step keeps their order.
static int volume() {
  bluegrad_config config = bluegrad::config(BLUEGRAD_PRESET_DITHER, 16, 8, 7);
  config.shape.layers = 3;
  config.shape.channels = 2;
  bluegrad_config_dither(&config, 1.26f, 0);
  bluegrad_config_refine(&config);
  std::vector<std::uint32_t> noise;
  for (std::uint32_t i = 0; i < 3 * 8 * 16 * 2; i++) noise.push_back(i * 2654435761u >> 8);
  bluegrad::Generator mask;
  if (mask.refine(config, std::vector<std::uint32_t>(8 * 16)) != BLUEGRAD_ERROR_LENGTH || mask) return 21;
  if (bluegrad_status status = mask.refine(config, noise)) return fails("refine a volume", status);
  if (bluegrad_status status = mask.finish()) return fails("finish a volume", status);
  const std::vector<std::uint32_t> all = mask.ranks(), layer = mask.ranks(bluegrad::layer(2)), plane = mask.ranks(bluegrad::plane(2, 1));
  if (mask.layers() != 3 || mask.channels() != 2 || all.size() != noise.size() || layer.size() != 256 || plane.size() != 128) return 22;
  for (std::size_t i = 0; i < layer.size(); i++) {
    if (layer[i] != all[2 * 256 + i] || plane[i / 2] != layer[i / 2 * 2 + 1]) return 23;
  }
  const bluegrad_region beyond[] = {bluegrad::layer(3), bluegrad::layer(UINT32_MAX), bluegrad::plane(0, 2)};
  for (const bluegrad_region &region : beyond) {
    if (!mask.u8(region).empty() || !mask.f32(BLUEGRAD_RANGE_UNIT, nullptr, region).empty()) return 24;
  }
  bluegrad_distribution triangular{};
  triangular.kind = BLUEGRAD_DISTRIBUTION_KIND_TRIANGULAR;
  if (mask.u8_as(triangular, bluegrad::layer(1)).size() != 256 || mask.u16_as({}) == mask.u16_as(triangular)) return 27;
  if (mask.values(bluegrad::layer(1)).size() != 256 || mask.u16().size() != noise.size()) return 25;
  bluegrad_volume_quality quality;
  double loss = 0, unfiltered = 1;
  if (bluegrad_status status = bluegrad::measure(all, config.shape, quality)) return fails("measure a volume", status);
  if (bluegrad_status status = bluegrad::pair_loss(all, config.shape, 1, config.filters, loss)) return fails("pair loss", status);
  bluegrad_filters none{};
  none.space.kind = BLUEGRAD_SPACE_KIND_BOX;
  none.space.size = 1;
  if (bluegrad_status status = bluegrad::pair_loss(all, config.shape, 1, none, unfiltered)) return fails("pair loss", status);
  if (!(quality.channels[1].space_time.space[0] < -2.0 && loss < -2.0 && unfiltered < 1e-9 && unfiltered > -1e-9)) return 28;
  if (bluegrad::measure(plane, config.shape, quality) != BLUEGRAD_ERROR_LENGTH) return 29;
  if (bluegrad::pair_loss(plane, config.shape, 0, config.filters, loss) != BLUEGRAD_ERROR_LENGTH) return 30;
  const std::vector<std::uint8_t> grey(8 * 16, 128);
  const std::vector<std::uint8_t> dots = bluegrad::Dither(mask, 2, 1).rows(0, grey, 16), texels = mask.dither_texels(bluegrad::plane(1, 0));
  for (std::size_t i = 0; i < grey.size(); i++) {
    if (dots[i] != (texels[i] > 127 ? 1 : 0)) return 26;
  }
  return 0;
}

// Masks by one call: those of a run; empty, and a status that says why, of what no mask has.
static int one_call(const bluegrad::Generator &placed) {
  if (bluegrad::mask(64, 64, 7) != placed.u8() || bluegrad::mask_u16(64, 64, 7) != placed.u16()) return 31;
  if (bluegrad::mask_f32(64, 64, 7) != placed.f32() || bluegrad::mask_ranks(64, 64, 7) != placed.ranks()) return 32;
  bluegrad_status status = BLUEGRAD_ERROR_OTHER;
  if (bluegrad::mask(32, 16, 7, BLUEGRAD_PRESET_SPECTRAL, &status).size() != 512 || status != BLUEGRAD_OK) return 33;
  if (bluegrad::mask(64, 64) == placed.u8() || !bluegrad::mask(7, 64).empty() || !bluegrad::mask_f32(0, 0).empty()) return 34;
  if (!bluegrad::mask(24, 16, 7, BLUEGRAD_PRESET_SPECTRAL, &status).empty() || status != BLUEGRAD_ERROR_TRANSFORM_SIZE) return 35;
  const auto none = static_cast<bluegrad_preset>(99);
  if (!bluegrad::mask_ranks(UINT32_MAX, UINT32_MAX, 7, none, &status).empty() || status != BLUEGRAD_ERROR_UNKNOWN_VALUE) return 36;
  return 0;
}

// What the header wraps besides: each against the C function, and in the caller's memory.
static int rest_of_the_surface(bluegrad::Generator &placed, bluegrad_config config) {
  alignas(BLUEGRAD_MEMORY_ALIGN) static unsigned char memory[1 << 20];
  bluegrad::Generator opened, refined, again;
  if (placed.values().size() != 4096 || placed.ranks_u16().size() != 4096 || opened.values().size() != 0) return 2;
  const std::vector<unsigned char> saved = placed.save();
  std::memcpy(memory, saved.data(), saved.size());
  if (bluegrad_status status = opened.open(memory, sizeof memory)) return fails("open in place", status);
  if (opened.ranks() != placed.ranks() || !opened.done()) return 3;
  bluegrad_config_refine(&config);
  std::uint32_t ties = 1;
  if (bluegrad_status status = refined.refine(config, placed.ranks(), &ties)) return fails("refine", status);
  if (bluegrad_status status = again.refine(config, placed.u16())) return fails("refine from u16", status);
  if (ties != 0 || refined.finish() != BLUEGRAD_OK || again.finish() != BLUEGRAD_OK || refined.ranks() != again.ranks()) return 4;
  if (bluegrad_status status = again.refine(config, placed.u8())) return fails("refine from u8", status);
  const std::vector<float> floats = placed.f32();
  if (bluegrad_status status = again.refine(config, floats.data(), floats.size(), memory, sizeof memory)) {
    return fails("refine in place", status);
  }
  if (again.finish() != BLUEGRAD_OK || refined.ranks() != again.ranks()) return 5;
  bluegrad_losses losses;
  bluegrad_stage stage;
  bluegrad_stage_default(&stage, BLUEGRAD_STAGE_KIND_SPECTRAL);
  if (placed.evaluate(stage, losses) != BLUEGRAD_ERROR_NOT_SPECTRAL) return 6;
  bluegrad_quality quality;
  if (bluegrad_status status = bluegrad::measure(placed.ranks(), 64, 64, quality)) return fails("measure", status);
  if (!(quality.patterns.hvs_error_mean[1] < -10.0) || bluegrad::measure(placed.ranks(), 64, 65, quality) == BLUEGRAD_OK) return 7;
  if (!(quality.patterns.peak.mean > 1.0 && quality.patterns.peak.worst > quality.patterns.peak.mean)) return 11;

  if (int failed = volume()) return failed;
  return dithered(placed);
}

int main() {
  const bluegrad_config config = bluegrad::config(BLUEGRAD_PRESET_DITHER, 64, 64, 7);
  bluegrad::Generator first;
  if (first.start(bluegrad::config(static_cast<bluegrad_preset>(99), 64, 64)) == BLUEGRAD_OK || first || !first.u8().empty()) return 1;
  if (bluegrad_status status = first.start(config)) return fails("start", status);
  if (bluegrad_status status = first.step(9)) return fails("step", status);
  if (!first.ranks().empty()) return fails("ranks before the end", BLUEGRAD_OK);
  bluegrad::Generator second;
  if (bluegrad_status status = second.open(first.save())) return fails("open", status);
  bluegrad::Generator third = std::move(second);
  if (bluegrad_status status = third.finish()) return fails("finish", status);
  if (bluegrad_status status = first.finish()) return fails("finish", status);
  if (!third.done() || first.ranks() != third.ranks() || first.f32().size() != 4096) return 1;

  alignas(BLUEGRAD_MEMORY_ALIGN) static unsigned char memory[1 << 20];
  bluegrad::Generator placed;
  if (bluegrad_status status = placed.start(config, memory, sizeof memory)) return fails("start in place", status);
  if (bluegrad_status status = placed.finish()) return fails("finish in place", status);
  if (placed.ranks() != third.ranks()) return 1;
  if (int failed = one_call(placed)) return failed;
  if (int failed = rest_of_the_surface(placed, config)) return failed;
  std::printf("%016llx\n", static_cast<unsigned long long>(hash(third.ranks())));
  return 0;
}
