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

int main() {
  const bluegrad_config config = bluegrad::config(BLUEGRAD_PRESET_DITHER, 64, 64, 7);
  bluegrad::Generator first;
  if (first.start(bluegrad::config(BLUEGRAD_PRESET_COUNT, 64, 64)) == BLUEGRAD_OK || first || !first.u8().empty()) return 1;
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
  std::printf("%016llx\n", static_cast<unsigned long long>(hash(third.ranks())));
  return 0;
}
