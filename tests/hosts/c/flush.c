/* C99, x86: the bytes of every preset do not depend on whether denormal numbers are flushed to zero, as engines have their threads do.
 * Each preset with all its steps; its whole block, half-way and at the end, at every level that this CPU has. */
#include <bluegrad.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xmmintrin.h>

enum { SIDE = 32, PIXELS = SIDE * SIDE, FLUSH = 0x8040 };

static unsigned char memory[2][1 << 18];
static uint32_t ranks[2][PIXELS];
static float values[2][PIXELS];

static unsigned char *aligned(int flush) {
  return memory[flush] + (64 - (uintptr_t)memory[flush] % 64) % 64;
}

/* Whether a denormal number counts. */
static int denormals(void) {
  volatile float tiny = 1e-40f;
  return tiny * 2.0f != 0.0f;
}

static bluegrad_status half(const bluegrad_config *config, int flush) {
  bluegrad_generator *generator;
  bluegrad_report report;
  bluegrad_status status = bluegrad_init(aligned(flush), sizeof memory[0] - 64, config, &generator);
  if (status == BLUEGRAD_OK) status = bluegrad_get_report(generator, &report);
  if (status == BLUEGRAD_OK) status = bluegrad_step(generator, report.steps / 2, NULL, NULL);
  if (status == BLUEGRAD_OK) status = bluegrad_read_values(generator, values[flush], sizeof values[flush], NULL);
  return status;
}

static bluegrad_status rest(int flush) {
  bluegrad_generator *generator;
  bluegrad_status status = bluegrad_open(aligned(flush), sizeof memory[0] - 64, &generator);
  if (status == BLUEGRAD_OK) status = bluegrad_step(generator, UINT32_MAX, NULL, NULL);
  if (status == BLUEGRAD_OK) status = bluegrad_read_ranks(generator, ranks[flush], sizeof ranks[flush], NULL);
  return status;
}

/* Both halves in both modes. */
static int differ(const bluegrad_config *config) {
  const unsigned mode = _mm_getcsr();
  const size_t size = bluegrad_memory_size(config);
  int part, flush, wrong = 0;
  if (size == 0 || size > sizeof memory[0] - 64) return 1;
  memset(memory, 0, sizeof memory);
  for (part = 0; part < 2; part++) {
    for (flush = 0; flush < 2; flush++) {
      bluegrad_status status;
      _mm_setcsr(flush ? mode | FLUSH : mode & ~(unsigned)FLUSH);
      wrong |= denormals() == flush;
      status = part == 0 ? half(config, flush) : rest(flush);
      wrong |= denormals() == flush;
      _mm_setcsr(mode);
      if (status != BLUEGRAD_OK) fprintf(stderr, "%s\n", bluegrad_status_string(status));
      wrong |= status != BLUEGRAD_OK;
    }
    wrong |= memcmp(aligned(0), aligned(1), size) != 0;
    wrong |= memcmp(values[0], values[1], sizeof values[0]) != 0;
  }
  return wrong || memcmp(ranks[0], ranks[1], sizeof ranks[0]) != 0;
}

/* Whether the run has the level itself. */
static int has(const bluegrad_config *config) {
  bluegrad_generator *generator;
  bluegrad_report report;
  return bluegrad_init(aligned(0), sizeof memory[0] - 64, config, &generator) == BLUEGRAD_OK &&
         bluegrad_get_report(generator, &report) == BLUEGRAD_OK && report.level == config->level;
}

int main(void) {
  int failed = 0, levels = 0;
  bluegrad_preset preset;
  bluegrad_level level;
  for (level = BLUEGRAD_LEVEL_SCALAR; level <= BLUEGRAD_LEVEL_AVX512; level++) {
    for (preset = 0; bluegrad_preset_name(preset) != NULL; preset++) {
      bluegrad_config config;
      if (bluegrad_config_default(&config, sizeof config, preset, SIDE, SIDE) != BLUEGRAD_OK) return 1;
      config.seed = 3;
      config.level = level;
      /* a cap above what there is is the same as the best */
      if (!has(&config)) break;
      /* 100 000 steps in narrow vectors take long: the wide ones do them all */
      if (preset == BLUEGRAD_PRESET_PUBLISHED && level < BLUEGRAD_LEVEL_AVX2) config.stages[0].data.spectral.steps = 2000;
      if (differ(&config)) {
        fprintf(stderr, "%s, level %u: other bytes with denormals flushed\n", bluegrad_preset_name(preset), (unsigned)level);
        failed = 1;
      }
      levels += preset == 0;
    }
  }
  printf("%d levels\n", levels);
  return failed || levels == 0;
}
