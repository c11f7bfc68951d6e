/* C99, x86: the bytes of every preset do not depend on whether denormal numbers are flushed to zero, as engines have their threads do. */
#include <bluegrad.h>

#include <stdio.h>
#include <stdlib.h>
#include <xmmintrin.h>

enum { SIDE = 32, PIXELS = SIDE * SIDE, FLUSH = 0x8040 };

static unsigned char memory[1 << 20];
static uint32_t ranks[2][PIXELS];
static float values[2][PIXELS];

static int run(bluegrad_preset preset, int flush) {
  bluegrad_config config;
  bluegrad_generator *generator;
  bluegrad_status status;
  unsigned char *start = memory + (64 - (uintptr_t)memory % 64) % 64;
  const unsigned mode = _mm_getcsr();
  uint32_t i;
  bluegrad_config_default(&config, sizeof config, preset, SIDE, SIDE);
  config.seed = 3;
  for (i = 0; i < config.stage_count; i++) {
    if (config.stages[i].kind == BLUEGRAD_STAGE_SPECTRAL && config.stages[i].data.spectral.steps > 2000) {
      config.stages[i].data.spectral.steps = 2000;
    }
  }
  if (bluegrad_memory_size(&config) > sizeof memory - 64) return 1;
  _mm_setcsr(flush ? mode | FLUSH : mode & ~(unsigned)FLUSH);
  status = bluegrad_init(start, sizeof memory - 64, &config, &generator);
  if (status == BLUEGRAD_OK) status = bluegrad_step(generator, 300, NULL, NULL);
  if (status == BLUEGRAD_OK) status = bluegrad_read_values(generator, values[flush], PIXELS);
  if (status == BLUEGRAD_OK) status = bluegrad_step(generator, UINT32_MAX, NULL, NULL);
  if (status == BLUEGRAD_OK) status = bluegrad_read_ranks(generator, ranks[flush], sizeof ranks[flush], 0);
  _mm_setcsr(mode);
  if (status != BLUEGRAD_OK) fprintf(stderr, "%s\n", bluegrad_status_string(status));
  return status != BLUEGRAD_OK;
}

int main(void) {
  int failed = 0;
  bluegrad_preset preset;
  for (preset = 0; preset < BLUEGRAD_PRESET_COUNT; preset++) {
    int i, differ = run(preset, 0) || run(preset, 1);
    for (i = 0; i < PIXELS; i++) differ |= ranks[0][i] != ranks[1][i] || values[0][i] != values[1][i];
    if (differ) fprintf(stderr, "%s: other bytes with denormals flushed\n", bluegrad_preset_name(preset));
    failed |= differ;
  }
  return failed;
}
