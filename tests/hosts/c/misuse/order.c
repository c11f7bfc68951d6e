/* Calls out of order, and the pointers of those that take a run. */
#include "misuse.h"

enum { W = 32, H = 16 };

/* Hosts that do not do what they were asked. */
static void none_at_all(void *user, uint32_t tiles, bluegrad_tile tile, void *context) {
  (void)user, (void)tiles, (void)tile, (void)context;
}
static void others(void *user, uint32_t tiles, bluegrad_tile tile, void *context) {
  uint32_t i;
  (void)user;
  for (i = 0; i < 3 * tiles; i++) tile(context, i % 2 ? UINT32_MAX - i : tiles + i);
}
static void one_only(void *user, uint32_t tiles, bluegrad_tile tile, void *context) {
  uint32_t i;
  (void)user;
  for (i = 0; i < tiles; i++) tile(context, 0);
}

static void hosts(const bluegrad_config *config) {
  static const bluegrad_jobs jobs[] = {{NULL, none_at_all}, {NULL, others}, {NULL, one_only}};
  const size_t size = bluegrad_memory_size(config);
  bluegrad_generator *serial = run(config, UINT32_MAX);
  size_t i;
  for (i = 0; i < LENGTH(jobs); i++) {
    bluegrad_generator *other = run(config, 0);
    EXPECT(OK, bluegrad_step(other, UINT32_MAX, &jobs[i], NULL));
    {
      static uint32_t ranks[2][64 * 64];
      EXPECT(OK, bluegrad_read_ranks(serial, ranks[0], sizeof ranks[0], NULL));
      EXPECT(OK, bluegrad_read_ranks(other, ranks[1], sizeof ranks[1], NULL));
      TRUE_(size > 0 && memcmp(ranks[0], ranks[1], sizeof ranks[0]) == 0);
    }
    free(other);
  }
  free(serial);
}

static void too_soon(const bluegrad_config *config) {
  static uint8_t bytes[W * H];
  static uint16_t shorts[W * H];
  static uint32_t ranks[W * H];
  static float floats[W * H];
  bluegrad_generator *generator = run(config, 0);
  bluegrad_report report;
  EXPECT(OK, bluegrad_step(generator, 0, NULL, &report));
  TRUE_(report.step == 0 && !report.done);
  while (!report.done) {
    memset(bytes, 0xAA, sizeof bytes);
    EXPECT(ERROR_NOT_DONE, bluegrad_read_u8(generator, bytes, sizeof bytes, NULL));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_u16(generator, shorts, sizeof shorts, NULL));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_f32(generator, floats, sizeof floats, NULL, 0, NULL));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_ranks(generator, ranks, sizeof ranks, NULL));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_ranks_u16(generator, shorts, sizeof shorts, NULL));
    EXPECT(ERROR_NOT_DONE, bluegrad_read_dither_texels(generator, bytes, sizeof bytes, NULL));
    TRUE_(untouched(bytes, sizeof bytes));
    EXPECT(OK, bluegrad_read_values(generator, floats, sizeof floats, NULL));
    EXPECT(OK, bluegrad_step(generator, 1, NULL, &report));
  }
  TRUE_(report.step == report.steps);
  EXPECT(OK, bluegrad_read_u8(generator, bytes, sizeof bytes, NULL));
  EXPECT(OK, bluegrad_step(generator, 1, NULL, &report));
  EXPECT(OK, bluegrad_step(generator, UINT32_MAX, NULL, &report));
  TRUE_(report.step == report.steps && report.done == 1);
  free(generator);
}

/* Another start in a block that is in use, and one that fails there. */
static void begun_anew(const bluegrad_config *config, const bluegrad_config *bad) {
  const size_t size = bluegrad_memory_size(config);
  bluegrad_generator *generator = run(config, 2), *other = generator;
  unsigned char *kept = block(size);
  bluegrad_report report;
  memcpy(kept, generator, size);
  EXPECT(ERROR_STAGE_COUNT, bluegrad_init(generator, size, bad, &other));
  TRUE_(other == NULL && memcmp(kept, generator, size) == 0);
  EXPECT(OK, bluegrad_open(generator, size, &other));
  TRUE_(other == generator && memcmp(kept, generator, size) == 0);
  EXPECT(OK, bluegrad_init(generator, size, config, &other));
  EXPECT(OK, bluegrad_get_report(other, &report));
  TRUE_(report.step == 0);
  release(kept, size);
  free(generator);
}

static void pointers(const bluegrad_config *config) {
  static unsigned char room[sizeof(bluegrad_config) + 64];
  const bluegrad_config spectral = of_kind(BLUEGRAD_STAGE_KIND_SPECTRAL, 16, 16);
  const bluegrad_jobs none = {NULL, NULL}, some = {NULL, one_only};
  bluegrad_generator *generator = run(config, 1), *other = run(&spectral, 1);
  bluegrad_report report, before;
  bluegrad_config back;
  bluegrad_losses losses;
  EXPECT(ERROR_NULL, bluegrad_step(NULL, 1, NULL, &report));
  EXPECT(ERROR_NULL, bluegrad_get_report(NULL, &report));
  EXPECT(ERROR_NULL, bluegrad_get_report(generator, NULL));
  EXPECT(ERROR_NULL, bluegrad_get_config(NULL, &back, sizeof back));
  EXPECT(ERROR_NULL, bluegrad_get_config(generator, NULL, sizeof back));
  EXPECT(ERROR_NULL, bluegrad_evaluate(NULL, spectral.stages, &losses));
  EXPECT(ERROR_NULL, bluegrad_evaluate(other, NULL, &losses));
  EXPECT(ERROR_NULL, bluegrad_evaluate(other, spectral.stages, NULL));
  EXPECT(OK, bluegrad_evaluate(other, spectral.stages, &losses));
  EXPECT(ERROR_NOT_SPECTRAL, bluegrad_evaluate(generator, spectral.stages, &losses));
  EXPECT(ERROR_NOT_SPECTRAL, bluegrad_evaluate(other, config->stages, &losses));
  EXPECT(OK, bluegrad_get_report(generator, &before));
  EXPECT(ERROR_NULL, bluegrad_step(generator, 1, &none, &report));
  EACH_MISALIGNMENT(bluegrad_jobs, room, memcpy((void *)p, &some, sizeof some), OK, bluegrad_step(generator, 0, p, &report));
  EACH_MISALIGNMENT(bluegrad_report, room, (void)p, OK, bluegrad_step(generator, aligned_ ? 0 : 1, NULL, p));
  EACH_MISALIGNMENT(bluegrad_report, room, (void)p, OK, bluegrad_get_report(generator, p));
  EACH_MISALIGNMENT(bluegrad_config, room, (void)p, OK, bluegrad_get_config(generator, p, sizeof back));
  EACH_MISALIGNMENT(bluegrad_losses, room, (void)p, OK, bluegrad_evaluate(other, spectral.stages, p));
  EACH_MISALIGNMENT(bluegrad_stage, room, memcpy((void *)p, spectral.stages, sizeof *p), OK, bluegrad_evaluate(other, p, &losses));
  EXPECT(OK, bluegrad_get_report(generator, &report));
  TRUE_(memcmp(&report, &before, sizeof report) == 0);
  EXPECT(OK, bluegrad_get_config(generator, &back, sizeof back));
  TRUE_(memcmp(&back, config, sizeof back) == 0);
  free(generator);
  free(other);
}

void order(void) {
  bluegrad_config config, bad;
  bluegrad_preset preset;
  for (preset = 0; bluegrad_preset_name(preset) != NULL; preset++) {
    config = configured(preset, W, H);
    bad = config;
    bad.stage_count = 0;
    too_soon(&config);
    begun_anew(&config, &bad);
  }
  config = configured(BLUEGRAD_PRESET_DITHER, W, H);
  pointers(&config);
  config = configured(BLUEGRAD_PRESET_DITHER_GRADIENT, 64, 64);
  hosts(&config);
  config = configured(BLUEGRAD_PRESET_SPECTRAL, 64, 64);
  hosts(&config);
}
