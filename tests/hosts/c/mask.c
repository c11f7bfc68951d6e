/* C99: the 64x64 mask of a preset and a seed, step by step, with jobs and without, saved and reopened half-way. Prints FNV-1a 64 over the
 * ranks as little-endian u32: `mask [preset [seed]]`. */
#include <bluegrad.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 64, PIXELS = SIDE * SIDE };

static uint32_t ranks[PIXELS];

static int fails(const char *what, bluegrad_status status) {
  fprintf(stderr, "%s: %s\n", what, bluegrad_status_string(status));
  return 1;
}

/* Backwards, and one tile less than asked for: the library does what is left. */
static void run_tiles(void *user, uint32_t tiles, bluegrad_tile tile, void *context) {
  uint32_t index;
  ++*(uint32_t *)user;
  for (index = tiles; index-- > 1;) {
    tile(context, index);
  }
}

static uint64_t hash(void) {
  uint64_t sum = 0xcbf29ce484222325u;
  int i, byte;
  for (i = 0; i < PIXELS; i++) {
    for (byte = 0; byte < 4; byte++) {
      sum = (sum ^ ((ranks[i] >> (8 * byte)) & 0xff)) * 0x100000001b3u;
    }
  }
  return sum;
}

/* A multiple of 64 within a block that is 64 bytes longer: aligned_alloc is C11. */
static void *aligned(void *block) {
  return (void *)(((uintptr_t)block + BLUEGRAD_MEMORY_ALIGN - 1) & ~(uintptr_t)(BLUEGRAD_MEMORY_ALIGN - 1));
}

int main(int argc, char **argv) {
  bluegrad_config config;
  bluegrad_generator *generator;
  bluegrad_report report;
  bluegrad_preset preset = BLUEGRAD_PRESET_DITHER;
  bluegrad_status status;
  uint32_t loops = 0;
  bluegrad_jobs jobs;
  size_t size;
  void *block, *copy;

  if (bluegrad_version() >> 8 != BLUEGRAD_VERSION >> 8) {
    fprintf(stderr, "header and library differ\n");
    return 1;
  }
  if (argc > 1 && (status = bluegrad_preset_by_name(argv[1], &preset)) != BLUEGRAD_OK) return fails(argv[1], status);
  status = bluegrad_config_default(&config, sizeof config, preset, SIDE, SIDE);
  if (status != BLUEGRAD_OK) return fails("config", status);
  config.seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 7;
  size = bluegrad_memory_size(&config);
  block = calloc(1, size + BLUEGRAD_MEMORY_ALIGN);
  copy = calloc(1, size + BLUEGRAD_MEMORY_ALIGN);
  if (!block || !copy) return 1;

  status = bluegrad_init(aligned(block), size, &config, &generator);
  if (status != BLUEGRAD_OK) return fails("init", status);
  status = bluegrad_step(generator, 20, NULL, &report);
  if (status != BLUEGRAD_OK) return fails("step", status);

  /* A copy of the bytes is a snapshot. */
  memcpy(aligned(copy), aligned(block), size);
  free(block);
  status = bluegrad_open(aligned(copy), size, &generator);
  if (status != BLUEGRAD_OK) return fails("open", status);
  jobs.user = &loops;
  jobs.run = run_tiles;
  while (!report.done) {
    status = bluegrad_step(generator, 1, &jobs, &report);
    if (status != BLUEGRAD_OK) return fails("step with jobs", status);
  }
  status = bluegrad_read_ranks(generator, ranks, sizeof ranks, NULL);
  if (status != BLUEGRAD_OK) return fails("read", status);
  printf("%016llx\n", (unsigned long long)hash());
  free(copy);
  return 0;
}
