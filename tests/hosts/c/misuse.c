/* C99: everything that a caller can get wrong and a library can see, and saved blocks that were damaged. Each call must give its error
 * number and change nothing that is not its own; run it under a sanitizer or valgrind to see that it touches nothing else. */
#include <bluegrad.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;
static int checks;

static void expect(bluegrad_status wanted, bluegrad_status got, const char *what, int line) {
  checks++;
  if (wanted != got) {
    failures++;
    fprintf(stderr, "line %d: %s: %d (%s), not %d\n", line, what, got, bluegrad_status_string(got), wanted);
  }
}
#define EXPECT(status, call) expect(BLUEGRAD_##status, (call), #call, __LINE__)
#define TRUE_(condition) expect(0, (condition) ? 0 : -1, #condition, __LINE__)

/* A block of exactly that size at a multiple of 64, so that a tool sees the first byte beyond; the end of the allocation is its own. */
static unsigned char *aligned(size_t size, unsigned char **allocation) {
  uintptr_t start;
  *allocation = malloc(size + 63);
  if (!*allocation) exit(2);
  start = ((uintptr_t)*allocation + 63) & ~(uintptr_t)63;
  return (unsigned char *)start;
}

static bluegrad_config configured(bluegrad_preset preset, uint32_t width, uint32_t height) {
  bluegrad_config config;
  uint32_t i;
  memset(&config, 0, sizeof config);
  EXPECT(OK, bluegrad_config_default(&config, sizeof config, preset, width, height));
  for (i = 0; i < config.stage_count; i++) {
    if (config.stages[i].kind == BLUEGRAD_STAGE_SPECTRAL) config.stages[i].data.spectral.steps = 4;
    if (config.stages[i].kind == BLUEGRAD_STAGE_FRONT) config.stages[i].data.front.steps = 4;
    if (config.stages[i].kind == BLUEGRAD_STAGE_POLISH) config.stages[i].data.polish.steps = 4;
  }
  return config;
}

static uint32_t state = 1;
static uint32_t draw(void) {
  state = state * 1664525u + 1013904223u;
  return state >> 8;
}

static void names(void) {
  bluegrad_preset preset;
  uint32_t i;
  for (i = 0; i < BLUEGRAD_PRESET_COUNT; i++) {
    TRUE_(bluegrad_preset_name(i) && bluegrad_preset_purpose(i));
    EXPECT(OK, bluegrad_preset_by_name(bluegrad_preset_name(i), &preset));
    TRUE_(preset == i);
  }
  TRUE_(!bluegrad_preset_name(i) && !bluegrad_preset_purpose(i) && !bluegrad_preset_name(UINT32_MAX));
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_preset_by_name("dithe", &preset));
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_preset_by_name("dither ", &preset));
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_preset_by_name("", &preset));
  EXPECT(ERROR_NULL, bluegrad_preset_by_name(NULL, &preset));
  EXPECT(ERROR_NULL, bluegrad_preset_by_name("dither", NULL));
  for (i = 0; i < 200; i++) TRUE_(bluegrad_status_string(-(int32_t)i) && bluegrad_status_string((int32_t)i));
  TRUE_(strcmp(bluegrad_status_string(-39), "unknown status") == 0 && strcmp(bluegrad_status_string(0), "ok") == 0);
  TRUE_(bluegrad_version() == BLUEGRAD_VERSION && bluegrad_algorithm_version() == BLUEGRAD_ALGORITHM_VERSION);
  TRUE_(bluegrad_simd_level()[0] != 0);
}

/* A configuration that must be refused everywhere, and in the same way. */
static void refused(bluegrad_status wanted, const bluegrad_config *config, int line) {
  unsigned char *allocation, *block = aligned(1 << 20, &allocation);
  bluegrad_generator *generator = (bluegrad_generator *)block;
  bluegrad_status status = bluegrad_init(block, 1 << 20, config, &generator);
  char text[160];
  expect(wanted, status, "bluegrad_init of a bad configuration", line);
  TRUE_(generator == NULL);
  TRUE_(bluegrad_memory_size(config) == 0 || wanted == BLUEGRAD_ERROR_LEVEL);
  expect(wanted, bluegrad_config_check(config, text, sizeof text), "bluegrad_config_check", line);
  TRUE_(strlen(text) > 8 && strlen(text) < 159);
  free(allocation);
}

#define REFUSED(status, edit) \
  do { \
    bluegrad_config config = good; \
    edit; \
    refused(BLUEGRAD_ERROR_##status, &config, __LINE__); \
  } while (0)

static void configurations(void) {
  const bluegrad_config good = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  const bluegrad_config spectral = configured(BLUEGRAD_PRESET_SPECTRAL, 16, 16);
  bluegrad_config config = good;
  bluegrad_stage stage;
  uint32_t *four, i;
  char text[8];
  static const uint32_t sizes[] = {0, 1, 4, 8, sizeof good - 4, sizeof good - 1, sizeof good + 1, sizeof good * 2, UINT32_MAX};

  EXPECT(ERROR_NULL, bluegrad_config_default(NULL, sizeof config, 0, 16, 16));
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_config_default(&config, sizeof config, BLUEGRAD_PRESET_COUNT, 16, 16));
  EXPECT(ERROR_NULL, bluegrad_config_check(NULL, NULL, 0));
  EXPECT(ERROR_NULL, bluegrad_config_check(&good, NULL, 1));
  EXPECT(ERROR_MISALIGNED, bluegrad_config_default((bluegrad_config *)((char *)&config + 4), sizeof config, 0, 16, 16));
  EXPECT(OK, bluegrad_config_check(&good, NULL, 0));
  EXPECT(OK, bluegrad_config_check(&good, text, 2));
  TRUE_(strcmp(text, "o") == 0);
  EXPECT(ERROR_NULL, bluegrad_config_dither(NULL, 1.26f, 40));
  EXPECT(ERROR_NULL, bluegrad_config_levels(NULL, 4, 1.26f));
  EXPECT(ERROR_NULL, bluegrad_config_refine(NULL));
  EXPECT(ERROR_NUMBER, bluegrad_config_dither(&config, 0.99f, 40));
  EXPECT(ERROR_NUMBER, bluegrad_config_dither(&config, NAN, 40));
  TRUE_(memcmp(&config, &good, sizeof config) == 0);
  TRUE_(bluegrad_memory_size(NULL) == 0 && bluegrad_memory_size(&good) % 64 == 0);
  for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_default(&config, sizes[i], 0, 16, 16));
    REFUSED(STRUCT_SIZE, config.struct_size = sizes[i]);
  }
  /* Of a configuration of another size nothing but the size is read. */
  four = malloc(8);
  four[0] = 4;
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_check((bluegrad_config *)(void *)four, NULL, 0));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_refine((bluegrad_config *)(void *)four));
  free(four);

  REFUSED(SIZE, config.width = 7);
  REFUSED(SIZE, config.height = 4097);
  REFUSED(SIZE, config.width = UINT32_MAX);
  REFUSED(UNKNOWN_VALUE, config.level = 6);
  REFUSED(UNKNOWN_VALUE, config.level = UINT32_MAX);
  REFUSED(UNKNOWN_VALUE, config.start = 2);
  REFUSED(UNKNOWN_VALUE, config.distribution.kind = 4);
  REFUSED(UNKNOWN_VALUE, config.stages[1].kind = 6);
  REFUSED(UNKNOWN_VALUE, config.stages[1].data.polish.tau.curve = 3);
  REFUSED(RESERVED, config.reserved[0] = 1);
  REFUSED(RESERVED, config.reserved[17] = 1);
  REFUSED(STAGE_COUNT, config.stage_count = 0);
  REFUSED(STAGE_COUNT, config.stage_count = 9);
  REFUSED(STAGE_COUNT, config.stage_count = UINT32_MAX);
  REFUSED(STEP_COUNT, config.stages[1].data.polish.steps = UINT32_MAX);
  REFUSED(NUMBER, config.stages[0].data.fill.sigma = NAN);
  REFUSED(NUMBER, config.stages[0].data.fill.radius = UINT32_MAX);
  REFUSED(NUMBER, config.stages[1].data.polish.radius = 13);
  REFUSED(NUMBER, config.stages[1].data.polish.momentum = INFINITY);
  REFUSED(NUMBER, (config.distribution.kind = BLUEGRAD_DISTRIBUTION_GAUSSIAN, config.distribution.sigma = 0.0f));
  REFUSED(DISTRIBUTION_TABLE, config.distribution.kind = BLUEGRAD_DISTRIBUTION_TABLE);
  REFUSED(TRANSFORM_SIZE, (config = spectral, config.width = 24));
  REFUSED(UNKNOWN_VALUE, (config = spectral, config.stages[0].data.spectral.optimizer.method = 3));
  REFUSED(UNKNOWN_VALUE, (config = spectral, config.stages[0].data.spectral.ranks = 2));
  REFUSED(PROFILE, (config = spectral, config.stages[0].data.spectral.profile.weight = 1.0f, config.profile.knot_count = 33));
  REFUSED(LEVEL, config.level = BLUEGRAD_LEVEL_SIMD128);

  config = good;
  config.start = BLUEGRAD_START_MASK;
  EXPECT(ERROR_STARTS_TWICE, bluegrad_config_check(&config, NULL, 0));
  TRUE_(bluegrad_memory_size(&config) == 0);
  for (i = 0; i < 6; i++) {
    EXPECT(OK, bluegrad_stage_default(&stage, i));
    TRUE_(stage.kind == i);
    config = good;
    config.stage_count = 1;
    config.width = config.height = 16;
    config.stages[0] = stage;
    EXPECT(OK, bluegrad_config_check(&config, NULL, 0));
  }
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_stage_default(&stage, i));
  EXPECT(ERROR_NULL, bluegrad_stage_default(NULL, 0));
  config = good;
  for (i = 2; i < 8; i++) EXPECT(OK, bluegrad_config_levels(&config, 4, 1.26f));
  EXPECT(ERROR_STAGE_COUNT, bluegrad_config_levels(&config, 4, 1.26f));
  TRUE_(config.stage_count == 8);
}

/* Each of the first sizes, then some, then the largest that is too small. */
static size_t next_size(size_t size, size_t needed) {
  const size_t next = size + (size < 70 ? 1 : 4099);
  return next < needed || size == needed - 1 ? next : needed - 1;
}

static void blocks(void) {
  const bluegrad_config config = configured(BLUEGRAD_PRESET_DITHER, 24, 16);
  const size_t needed = bluegrad_memory_size(&config);
  bluegrad_config refining = config, back;
  unsigned char *allocation, *block, *exact;
  bluegrad_generator *generator;
  bluegrad_report report;
  float values[24 * 16] = {0};
  uint32_t ranks[24 * 16];
  size_t size, i;

  EXPECT(OK, bluegrad_config_refine(&refining));
  for (size = 0; size < needed; size = next_size(size, needed)) {
    block = aligned(size, &exact);
    EXPECT(ERROR_LENGTH, bluegrad_init(block, size, &config, &generator));
    TRUE_(generator == NULL);
    free(exact);
  }
  for (size = 0; size < bluegrad_memory_size(&refining); size = next_size(size, bluegrad_memory_size(&refining))) {
    block = aligned(size, &exact);
    EXPECT(ERROR_LENGTH, bluegrad_load_f32(block, size, &refining, values, 24 * 16, NULL, &generator));
    TRUE_(generator == NULL);
    free(exact);
  }
  block = aligned(needed + 64, &allocation);
  for (i = 1; i < 64; i++) {
    EXPECT(ERROR_ALIGNMENT, bluegrad_init(block + i, needed, &config, &generator));
    EXPECT(ERROR_ALIGNMENT, bluegrad_open(block + i, needed, &generator));
    EXPECT(ERROR_ALIGNMENT, bluegrad_step((bluegrad_generator *)(void *)(block + i), 1, NULL, NULL));
  }
  EXPECT(ERROR_NULL, bluegrad_init(NULL, needed, &config, &generator));
  EXPECT(ERROR_NULL, bluegrad_init(NULL, 0, &config, &generator));
  EXPECT(ERROR_NULL, bluegrad_init(block, needed, NULL, &generator));
  EXPECT(ERROR_NULL, bluegrad_init(block, needed, &config, NULL));
  EXPECT(ERROR_LENGTH, bluegrad_init(block, SIZE_MAX, &config, &generator));
  EXPECT(ERROR_WRONG_START, bluegrad_init(block, needed, &refining, &generator));
  EXPECT(ERROR_WRONG_START, bluegrad_load_f32(block, needed, &config, values, 24 * 16, NULL, &generator));
  EXPECT(ERROR_NULL, bluegrad_load_u8(block, needed, &refining, NULL, 24 * 16, NULL, &generator));
  EXPECT(ERROR_NULL, bluegrad_load_u16(NULL, needed, &refining, (uint16_t *)ranks, 24 * 16, NULL, &generator));
  EXPECT(ERROR_NULL, bluegrad_load_ranks(block, needed, NULL, ranks, 24 * 16, NULL, &generator));
  EXPECT(ERROR_NULL, bluegrad_load_ranks(block, needed, &refining, ranks, 24 * 16, NULL, NULL));
  EXPECT(ERROR_LENGTH, bluegrad_load_f32(block, needed, &refining, values, 24 * 16 - 1, NULL, &generator));
  EXPECT(ERROR_LENGTH, bluegrad_load_u16(block, needed, &refining, (uint16_t *)ranks, SIZE_MAX, NULL, &generator));
  EXPECT(ERROR_MISALIGNED, bluegrad_load_f32(block, needed, &refining, (float *)(void *)((char *)values + 1), 9, NULL, &generator));
  EXPECT(ERROR_OVERLAP, bluegrad_load_u8(block, needed, &refining, block + 8, 24 * 16, NULL, &generator));
  values[100] = NAN;
  EXPECT(ERROR_NUMBER, bluegrad_load_f32(block, needed, &refining, values, 24 * 16, NULL, &generator));
  values[100] = 0.0f;
  memset(ranks, 0, sizeof ranks);
  {
    uint32_t ties = 1;
    EXPECT(OK, bluegrad_load_ranks(block, needed, &refining, ranks, 24 * 16, &ties, &generator));
    TRUE_(ties == 24 * 16 - 1);
  }

  memset(block, 0, needed);
  EXPECT(ERROR_NOT_A_GENERATOR, bluegrad_open(block, needed, &generator));
  EXPECT(ERROR_NOT_A_GENERATOR, bluegrad_step((bluegrad_generator *)(void *)block, 1, NULL, &report));
  EXPECT(ERROR_NULL, bluegrad_open(NULL, needed, &generator));
  EXPECT(ERROR_NULL, bluegrad_open(block, needed, NULL));
  EXPECT(OK, bluegrad_init(block, needed, &config, &generator));
  for (size = 0; size < needed; size += size < 2100 ? 61 : 3001) {
    bluegrad_generator *opened;
    bluegrad_status status = bluegrad_open(block, size, &opened);
    TRUE_(opened == NULL && (status == BLUEGRAD_ERROR_LENGTH || status == BLUEGRAD_ERROR_NOT_A_GENERATOR));
  }
  EXPECT(ERROR_NULL, bluegrad_step(NULL, 1, NULL, &report));
  EXPECT(ERROR_NULL, bluegrad_get_report(NULL, &report));
  EXPECT(ERROR_NULL, bluegrad_get_report(generator, NULL));
  EXPECT(ERROR_NULL, bluegrad_get_config(NULL, &back, sizeof back));
  EXPECT(ERROR_NULL, bluegrad_get_config(generator, NULL, sizeof back));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_get_config(generator, &back, sizeof back - 1));
  EXPECT(OK, bluegrad_get_config(generator, &back, sizeof back));
  TRUE_(memcmp(&back, &config, sizeof back) == 0);
  {
    const bluegrad_jobs none = {NULL, NULL};
    EXPECT(ERROR_NULL, bluegrad_step(generator, 1, &none, &report));
    EXPECT(ERROR_MISALIGNED, bluegrad_step(generator, 1, NULL, (bluegrad_report *)(void *)((char *)&report + 1)));
    EXPECT(OK, bluegrad_step(generator, 0, NULL, &report));
    TRUE_(report.step == 0 && report.steps > 4 && !report.done);
  }
  EXPECT(ERROR_NOT_SPECTRAL, bluegrad_evaluate(generator, &config.stages[1], &report.losses));
  EXPECT(ERROR_NULL, bluegrad_evaluate(generator, NULL, &report.losses));
  EXPECT(ERROR_NULL, bluegrad_evaluate(NULL, &config.stages[1], &report.losses));
  free(allocation);
}

static void reading(void) {
  enum { W = 24, H = 16, STRIDE = 40 };
  const bluegrad_config config = configured(BLUEGRAD_PRESET_DITHER, W, H);
  const size_t needed = bluegrad_memory_size(&config);
  const bluegrad_distribution bad = {4, 0.0f, {0}};
  unsigned char *allocation, *block = aligned(needed, &allocation);
  bluegrad_generator *generator;
  bluegrad_report report;
  static uint8_t bytes[STRIDE * H];
  static uint16_t shorts[W * H];
  static uint32_t ranks[W * H];
  static float floats[W * H];
  size_t i;
  int round;

  EXPECT(OK, bluegrad_init(block, needed, &config, &generator));
  for (round = 0; round < 3; round++) {
    EXPECT(ERROR_NOT_DONE, bluegrad_read_u8(generator, bytes, W * H, 0));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_u16(generator, shorts, sizeof shorts, 0));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_f32(generator, floats, sizeof floats, 0, 0, NULL));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_ranks(generator, ranks, sizeof ranks, 0));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_ranks_u16(generator, shorts, sizeof shorts, 0));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_dither_texels(generator, bytes, W * H, 0));
    EXPECT(OK, bluegrad_read_values(generator, floats, W * H));
    EXPECT(OK, bluegrad_step(generator, 1, NULL, &report));
  }
  EXPECT(OK, bluegrad_step(generator, UINT32_MAX, NULL, &report));
  TRUE_(report.done == 1 && report.step == report.steps);
  EXPECT(OK, bluegrad_step(generator, 1, NULL, &report));
  TRUE_(report.step == report.steps);

  memset(bytes, 0xAA, sizeof bytes);
  EXPECT(ERROR_NULL, bluegrad_read_u8(NULL, bytes, sizeof bytes, 0));
  EXPECT(ERROR_NULL, bluegrad_read_u8(generator, NULL, sizeof bytes, 0));
  EXPECT(ERROR_NULL, bluegrad_read_f32(generator, NULL, sizeof floats, 0, 0, NULL));
  EXPECT(ERROR_LENGTH, bluegrad_read_u8(generator, bytes, W * H - 1, 0));
  EXPECT(ERROR_LENGTH, bluegrad_read_u8(generator, bytes, STRIDE * (H - 1) + W - 1, STRIDE));
  EXPECT(ERROR_LENGTH, bluegrad_read_u8(generator, bytes, sizeof bytes, SIZE_MAX));
  EXPECT(ERROR_LENGTH, bluegrad_read_u8(generator, bytes, SIZE_MAX, 0));
  EXPECT(ERROR_STRIDE, bluegrad_read_u8(generator, bytes, sizeof bytes, W - 1));
  EXPECT(ERROR_STRIDE, bluegrad_read_u16(generator, shorts, sizeof shorts, 2 * W + 1));
  EXPECT(ERROR_MISALIGNED, bluegrad_read_ranks_u16(generator, (uint16_t *)(void *)((char *)ranks + 1), sizeof shorts, 0));
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_f32(generator, floats, sizeof floats, 0, 2, NULL));
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_f32(generator, floats, sizeof floats, 0, 0, &bad));
  EXPECT(ERROR_OVERLAP, bluegrad_read_u8(generator, block + 100, W * H, 0));
  EXPECT(ERROR_LENGTH, bluegrad_read_values(generator, floats, W * H - 1));
  EXPECT(ERROR_NULL, bluegrad_read_values(generator, NULL, W * H));
  for (i = 0; i < sizeof bytes; i++) TRUE_(bytes[i] == 0xAA);

  EXPECT(OK, bluegrad_read_ranks(generator, ranks, sizeof ranks, 0));
  EXPECT(OK, bluegrad_read_u8(generator, bytes, STRIDE * (H - 1) + W, STRIDE));
  for (i = 0; i < sizeof bytes; i++) {
    size_t x = i % STRIDE, y = i / STRIDE;
    TRUE_(bytes[i] == (x < W ? 256 * ranks[y * W + x] / (W * H) : 0xAA));
  }
  free(allocation);
}

/* Blocks with any one byte of the header changed, and with random bytes of the rest. */
static void damage(void) {
  bluegrad_preset preset;
  for (preset = 0; preset < BLUEGRAD_PRESET_COUNT; preset++) {
    const bluegrad_config config = configured(preset, 32, 32);
    const size_t needed = bluegrad_memory_size(&config);
    unsigned char *allocation, *kept_allocation;
    unsigned char *block = aligned(needed, &allocation), *kept = aligned(needed, &kept_allocation);
    static uint32_t ranks[32 * 32];
    bluegrad_generator *generator;
    bluegrad_report report;
    size_t i, found = 0;
    int round, hit;
    memset(block, 0, needed);
    EXPECT(OK, bluegrad_init(block, needed, &config, &generator));
    EXPECT(OK, bluegrad_step(generator, 2, NULL, &report));
    memcpy(kept, block, needed);
    for (i = 0; i < 2048; i++) {
      block[i] ^= (unsigned char)(1 + draw() % 255);
      found += bluegrad_open(block, needed, &generator) != BLUEGRAD_OK;
      block[i] = kept[i];
    }
    /* the header is shorter than its room */
    TRUE_(found > 1000 && found < 2048);
    for (round = 0; round < 12; round++) {
      memcpy(block, kept, needed);
      for (hit = 0; hit < 1 + round * 40; hit++) block[2048 + draw() % (needed - 2048)] ^= (unsigned char)(1 + draw() % 255);
      EXPECT(OK, bluegrad_open(block, needed, &generator));
      if (bluegrad_step(generator, UINT32_MAX, NULL, &report) == BLUEGRAD_OK) {
        EXPECT(OK, bluegrad_read_ranks(generator, ranks, sizeof ranks, 0));
      }
    }
    free(allocation);
    free(kept_allocation);
  }
}

static void measuring(void) {
  static uint32_t ranks[16 * 8];
  bluegrad_quality quality;
  const size_t needed = bluegrad_measure_memory_size(16, 8);
  double *scratch = malloc(needed);
  size_t size;
  uint32_t i;
  for (i = 0; i < 16 * 8; i++) ranks[i] = (i * 37) % 128;
  TRUE_(needed > 0 && bluegrad_measure_memory_size(7, 16) == 0 && bluegrad_measure_memory_size(16, UINT32_MAX) == 0);
  for (size = 0; size < needed; size += 7) EXPECT(ERROR_LENGTH, bluegrad_measure(ranks, 16, 8, scratch, size, &quality));
  EXPECT(ERROR_SIZE, bluegrad_measure(ranks, 16, 7, scratch, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_measure(NULL, 16, 8, scratch, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_measure(ranks, 16, 8, NULL, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_measure(ranks, 16, 8, scratch, needed, NULL));
  EXPECT(ERROR_MISALIGNED, bluegrad_measure(ranks, 16, 8, (char *)scratch + 4, needed, &quality));
  EXPECT(OK, bluegrad_measure(ranks, 16, 8, scratch, needed, &quality));
  ranks[5] = 128;
  EXPECT(ERROR_NUMBER, bluegrad_measure(ranks, 16, 8, scratch, needed, &quality));
  free(scratch);
}

static void dithering(void) {
  static const uint8_t texels[4] = {0, 128, 192, 64};
  uint8_t row[12] = {0, 32, 64, 96, 128, 160, 192, 224, 255, 255, 0, 0}, to[12];
  bluegrad_dither dither, bad;
  EXPECT(ERROR_NULL, bluegrad_dither_default(NULL, sizeof dither, texels, 2, 2, 2));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_dither_default(&dither, sizeof dither + 8, texels, 2, 2, 2));
  EXPECT(OK, bluegrad_dither_default(&dither, sizeof dither, texels, 2, 2, 2));
  EXPECT(OK, bluegrad_dither_levels(&dither, 0, row, 10, to));
  EXPECT(OK, bluegrad_dither_values(&dither, UINT32_MAX, row, 0, to));
  TRUE_(bluegrad_dither_packed_size(&dither, 10) == 2 && bluegrad_dither_packed_size(NULL, 10) == 0);
  EXPECT(OK, bluegrad_dither_pack(&dither, 0, row, 10, to, 2, BLUEGRAD_BITS_MSB_FIRST));
  TRUE_(to[0] == 5 && to[1] == 0xC0);
  EXPECT(ERROR_LENGTH, bluegrad_dither_pack(&dither, 0, row, 10, to, 1, BLUEGRAD_BITS_MSB_FIRST));
  EXPECT(ERROR_LENGTH, bluegrad_dither_pack(&dither, 0, row, 10, to, 3, BLUEGRAD_BITS_MSB_FIRST));
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_dither_pack(&dither, 0, row, 10, to, 2, 2));
  EXPECT(ERROR_NULL, bluegrad_dither_levels(NULL, 0, row, 10, to));
  EXPECT(ERROR_NULL, bluegrad_dither_levels(&dither, 0, NULL, 10, to));
  EXPECT(ERROR_NULL, bluegrad_dither_values(&dither, 0, row, 10, NULL));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_values(&dither, 0, row, 10, row + 3));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_values(&dither, 0, row, 10, row));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_values(&dither, 0, row, SIZE_MAX, to));
#define BAD(status, edit) \
  do { \
    bad = dither; \
    edit; \
    EXPECT(status, bluegrad_dither_levels(&bad, 0, row, 10, to)); \
    TRUE_(bluegrad_dither_packed_size(&bad, 10) == 0); \
  } while (0)
  BAD(ERROR_STRUCT_SIZE, bad.struct_size = 4);
  BAD(ERROR_UNKNOWN_VALUE, bad.channels = 2);
  BAD(ERROR_NULL, bad.texels = NULL);
  BAD(ERROR_DITHER_SIZE, bad.width = 0);
  BAD(ERROR_DITHER_SIZE, bad.height = 4097);
  BAD(ERROR_LEVELS, bad.levels = 1);
  BAD(ERROR_LEVELS, bad.levels = 257);
  BAD(ERROR_RESERVED, bad.reserved[4] = 1);
  dither.channels = 3;
  dither.x = dither.y = UINT32_MAX;
  dither.channel_offsets[2][1] = UINT32_MAX;
  EXPECT(ERROR_LENGTH, bluegrad_dither_levels(&dither, 0, row, 10, to));
  EXPECT(OK, bluegrad_dither_levels(&dither, UINT32_MAX, row, 9, to));
}

int main(void) {
  names();
  configurations();
  blocks();
  reading();
  damage();
  measuring();
  dithering();
  printf("%d checks, %d failed\n", checks, failures);
  return failures != 0;
}
