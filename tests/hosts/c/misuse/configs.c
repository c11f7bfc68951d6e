/* Names, texts and configurations. */
#include "misuse.h"

#include <math.h>

/* Every beginning of a name, in exactly its bytes. */
static void beginnings(const char *name) {
  const size_t length = strlen(name);
  bluegrad_preset preset;
  size_t size;
  for (size = 1; size <= length + 1; size++) {
    char *text = block(size);
    memcpy(text, name, size - 1);
    text[size - 1] = 0;
    preset = 77;
    if (bluegrad_preset_by_name(text, &preset) == BLUEGRAD_OK) {
      TRUE_(strcmp(bluegrad_preset_name(preset), text) == 0);
    } else {
      TRUE_(preset == 77 && size <= length);
    }
    release(text, size);
  }
}

void names(void) {
  static uint32_t room[32];
  bluegrad_preset preset;
  uint32_t i;
  for (i = 0; bluegrad_preset_name(i) != NULL; i++) {
    TRUE_(bluegrad_preset_name(i) && bluegrad_preset_purpose(i));
    EXPECT(OK, bluegrad_preset_by_name(bluegrad_preset_name(i), &preset));
    TRUE_(preset == i);
    beginnings(bluegrad_preset_name(i));
  }
  TRUE_(!bluegrad_preset_name(i) && !bluegrad_preset_purpose(i));
  TRUE_(!bluegrad_preset_name(UINT32_MAX) && !bluegrad_preset_purpose(UINT32_MAX));
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_preset_by_name("dither ", &preset));
  EXPECT(ERROR_NULL, bluegrad_preset_by_name(NULL, &preset));
  EXPECT(ERROR_NULL, bluegrad_preset_by_name("dither", NULL));
  EACH_MISALIGNMENT(bluegrad_preset, room, (void)p, OK, bluegrad_preset_by_name("dither", p));
  for (i = 0; i < 200; i++) TRUE_(bluegrad_status_string(-(int32_t)i) && bluegrad_status_string((int32_t)i));
  TRUE_(strcmp(bluegrad_status_string(INT32_MIN), "unknown status") == 0);
  TRUE_(strcmp(bluegrad_status_string(-41), "unknown status") == 0 && strcmp(bluegrad_status_string(0), "ok") == 0);
  TRUE_(strstr(bluegrad_status_string(BLUEGRAD_ERROR_FEATURE), "this build") != NULL);
  TRUE_(bluegrad_version() == BLUEGRAD_VERSION && bluegrad_algorithm_version() == BLUEGRAD_ALGORITHM_VERSION);
  TRUE_(bluegrad_simd_level()[0] != 0);
}

/* A configuration that must be refused everywhere, and in the same way. */
static void refused(bluegrad_status wanted, const bluegrad_config *config, int line) {
  static unsigned char text[160];
  const size_t size = 1 << 16;
  void *memory = block(size);
  bluegrad_generator *generator = memory;
  expect(wanted, bluegrad_init(memory, size, config, &generator), "bluegrad_init of a bad configuration", __FILE__, line);
  TRUE_(generator == NULL && untouched(memory, size));
  TRUE_(bluegrad_memory_size(config) == 0);
  expect(wanted, bluegrad_config_check(config, (char *)text, sizeof text), "bluegrad_config_check", __FILE__, line);
  TRUE_(strlen((char *)text) > 8 && strlen((char *)text) < 128);
  release(memory, size);
}

#define REFUSED(status, edit) \
  do { \
    bluegrad_config config = good; \
    edit; \
    refused(BLUEGRAD_ERROR_##status, &config, __LINE__); \
  } while (0)

/* The line that says what is wrong, cut off at every length. */
static void texts(const bluegrad_config *config) {
  char whole[256];
  size_t size;
  const bluegrad_status status = bluegrad_config_check(config, whole, sizeof whole);
  for (size = 1; size < 140; size++) {
    char *text = block(size);
    TRUE_(bluegrad_config_check(config, text, size) == status);
    TRUE_(text[size - 1] == 0 && strlen(text) == (strlen(whole) < size ? strlen(whole) : size - 1));
    TRUE_(strncmp(text, whole, size - 1) == 0);
    release(text, size);
  }
}

/* bluegrad_memory_size, which gives no status of its own. */
static bluegrad_status size_of(const bluegrad_config *config) {
  return bluegrad_memory_size(config) > 0 ? BLUEGRAD_OK : bluegrad_config_check(config, NULL, 0);
}

static void edits(const bluegrad_config *good) {
  static unsigned char room[sizeof(bluegrad_config) + 64];
  bluegrad_config config = *good, second = *good;
  EXPECT(ERROR_NULL, bluegrad_config_default(NULL, sizeof config, 0, 16, 16));
  EXPECT(ERROR_NULL, bluegrad_config_check(NULL, NULL, 0));
  EXPECT(ERROR_NULL, bluegrad_config_check(good, NULL, 1));
  EXPECT(OK, bluegrad_config_check(good, NULL, 0));
  EXPECT(ERROR_LENGTH, bluegrad_config_check(good, (char *)room, SIZE_MAX));
  EXPECT(ERROR_NULL, bluegrad_config_dither(NULL, 1.26f, 40));
  EXPECT(ERROR_NULL, bluegrad_config_space_time(NULL, 0.25f));
  EXPECT(ERROR_NULL, bluegrad_config_mix(NULL, 0.25f));
  EXPECT(ERROR_NULL, bluegrad_config_levels(NULL, 4, 1.26f));
  EXPECT(ERROR_NULL, bluegrad_config_refine(NULL));
  EXPECT(ERROR_NUMBER, bluegrad_config_dither(&config, 0.99f, 40));
  EXPECT(ERROR_NUMBER, bluegrad_config_dither(&config, NAN, 40));
  EXPECT(ERROR_NUMBER, bluegrad_config_space_time(&config, 0.019f));
  EXPECT(ERROR_NUMBER, bluegrad_config_space_time(&config, 1.001f));
  EXPECT(ERROR_NUMBER, bluegrad_config_space_time(&config, NAN));
  EXPECT(ERROR_NUMBER, bluegrad_config_mix(&config, -0.001f));
  EXPECT(ERROR_NUMBER, bluegrad_config_mix(&config, 1.001f));
  EXPECT(ERROR_NUMBER, bluegrad_config_mix(&config, NAN));
  TRUE_(memcmp(&config, good, sizeof config) == 0);
  TRUE_(bluegrad_memory_size(NULL) == 0 && bluegrad_memory_size(good) % 64 == 0);

  EACH_MISALIGNMENT(bluegrad_config, room, (void)p, OK, bluegrad_config_default(p, sizeof config, 0, 16, 16));
  EACH_MISALIGNMENT(bluegrad_config, room, memcpy((void *)p, good, sizeof *good), OK, bluegrad_config_check(p, NULL, 0));
  EACH_MISALIGNMENT(bluegrad_config, room, memcpy((void *)p, good, sizeof *good), OK, bluegrad_config_dither(p, 1.26f, 40));
  EACH_MISALIGNMENT(bluegrad_config, room, memcpy((void *)p, good, sizeof *good), OK, bluegrad_config_space_time(p, 0.5f));
  EACH_MISALIGNMENT(bluegrad_config, room, memcpy((void *)p, good, sizeof *good), OK, bluegrad_config_mix(p, 1.0f));
  EACH_MISALIGNMENT(bluegrad_config, room, memcpy((void *)p, good, sizeof *good), OK, bluegrad_config_levels(p, 4, 1.26f));
  EACH_MISALIGNMENT(bluegrad_config, room, memcpy((void *)p, good, sizeof *good), OK, bluegrad_config_refine(p));
  EACH_MISALIGNMENT(bluegrad_config, room, memcpy((void *)p, good, sizeof *good), OK, size_of(p));

  EXPECT(OK, bluegrad_config_space_time(&config, 0.28f));
  EXPECT(OK, bluegrad_config_default(&second, sizeof second, BLUEGRAD_PRESET_SPACE_TIME, 16, 16));
  second.level = level;
  TRUE_(memcmp(&config, &second, sizeof config) == 0);
  EXPECT(OK, bluegrad_config_mix(&config, 0.25f));
  EXPECT(OK, bluegrad_config_default(&second, sizeof second, BLUEGRAD_PRESET_DITHER_SMOOTH, 16, 16));
  second.level = level;
  TRUE_(memcmp(&config, &second, sizeof config) == 0);
  EXPECT(OK, bluegrad_config_mix(&config, 1.0f));
  TRUE_(config.stage_count == 5 && config.stages[4].kind == BLUEGRAD_STAGE_KIND_SPECTRAL);
  EXPECT(OK, bluegrad_config_check(&config, NULL, 0));
  config.shape.width = 24;
  EXPECT(OK, bluegrad_config_mix(&config, 1.0f));
  TRUE_(config.stage_count == 4);
  EXPECT(OK, bluegrad_config_check(&config, NULL, 0));
  config = *good;
  while (config.stage_count < BLUEGRAD_MAX_STAGES) EXPECT(OK, bluegrad_config_levels(&config, 4, 1.26f));
  second = config;
  EXPECT(ERROR_STAGE_COUNT, bluegrad_config_levels(&config, 4, 1.26f));
  TRUE_(memcmp(&config, &second, sizeof config) == 0);
}

/* Masks for filters, with probes and without. */
static void filtered(void) {
  static unsigned char room[sizeof(bluegrad_powers) + 64];
  bluegrad_config good = configured(BLUEGRAD_PRESET_DITHER, 16, 16), config, probed;
  bluegrad_powers powers = {1.5f, 1.6f, 0};
  bluegrad_generator *generator;
  size_t needed, size, i;
  unsigned char *memory;
  good.shape.layers = 4;
  good.filters.time.kind = BLUEGRAD_TIME_KIND_EMA;
  good.filters.time.alpha = 0.2f;
  config = good;
  EXPECT(ERROR_NULL, bluegrad_config_filtered(NULL, NULL));
  EACH_MISALIGNMENT(bluegrad_powers, room, memcpy((void *)p, &powers, sizeof powers), OK,
                    (config = good, bluegrad_config_filtered(&config, p)));
  config = good;
  config.filters.time.alpha = 0.0f;
  probed = config;
  EXPECT(ERROR_NUMBER, bluegrad_config_filtered(&config, NULL));
  TRUE_(memcmp(&config, &probed, sizeof config) == 0);
  config = good;
  powers.space = NAN;
  EXPECT(ERROR_NUMBER, bluegrad_config_filtered(&config, &powers));
  powers.space = 9.0f;
  EXPECT(ERROR_NUMBER, bluegrad_config_filtered(&config, &powers));
  config.shape.layers = 257;
  EXPECT(ERROR_LAYERS, bluegrad_config_filtered(&config, NULL));
  TRUE_(bluegrad_powers_memory_size(&config) == 0 && bluegrad_powers_memory_size(NULL) == 0);
  config.shape.width = 7;
  EXPECT(ERROR_SIZE, bluegrad_config_filtered(&config, NULL));

  needed = bluegrad_powers_memory_size(&good);
  TRUE_(needed > 4 * 32 * 32 * 4);
  for (size = 0; size < needed; size += size + 8 < needed && size > 8 ? 997 : 1) {
    memory = block(size);
    EXPECT(ERROR_LENGTH, bluegrad_powers_probe(memory, size, &good, &powers));
    TRUE_(untouched(memory, size));
    release(memory, size);
    if (size == 997 * 3) size = needed - 64;
  }
  memory = block(needed + 64);
  EXPECT(ERROR_NULL, bluegrad_powers_probe(NULL, needed, &good, &powers));
  EXPECT(ERROR_NULL, bluegrad_powers_probe(memory, needed, NULL, &powers));
  EXPECT(ERROR_NULL, bluegrad_powers_probe(memory, needed, &good, NULL));
  for (i = 1; i < 64; i++) EXPECT(ERROR_ALIGNMENT, bluegrad_powers_probe(memory + i, needed, &good, &powers));
  EACH_MISALIGNMENT(bluegrad_powers, room, (void)p, OK,
                    aligned_ && past_ > 8 ? BLUEGRAD_OK : bluegrad_powers_probe(memory, needed, &good, p));
  EXPECT(OK, bluegrad_powers_probe(memory, needed, &good, &powers));
  TRUE_(powers.space >= 1.0f && powers.time >= 1.0f && powers.tent == 0 && untouched(memory + needed, 64));
  probed = config = good;
  EXPECT(OK, bluegrad_config_filtered(&config, NULL));
  EXPECT(OK, bluegrad_config_filtered(&probed, &powers));
  TRUE_(config.stages[0].kind == BLUEGRAD_STAGE_KIND_FILTER_FILL && config.start == BLUEGRAD_START_NOISE);
  TRUE_(probed.stages[0].data.filter_fill.power == powers.space && probed.stages[0].data.filter_fill.time_power == powers.time);
  TRUE_(memcmp(&config.filters, &good.filters, sizeof good.filters) == 0);
  EXPECT(OK, bluegrad_config_check(&probed, NULL, 0));
  generator = run(&probed, UINT32_MAX);
  free(generator);
  release(memory, needed + 64);
}

/* Filters that a fill must refuse; another stage does not look at them. */
static void filters(void) {
  const bluegrad_config good = of_kind(BLUEGRAD_STAGE_KIND_FILTER_FILL, 16, 16);
  bluegrad_config config;
  EXPECT(OK, bluegrad_config_check(&good, NULL, 0));
  REFUSED(UNKNOWN_VALUE, config.filters.space.kind = 4);
  REFUSED(UNKNOWN_VALUE, config.filters.time.kind = 6);
  REFUSED(UNKNOWN_VALUE, config.filters.combine = 2);
  REFUSED(NUMBER, config.filters.space.sigma = 0.29f);
  REFUSED(NUMBER, config.filters.space.sigma = NAN);
  REFUSED(NUMBER, (config.filters.space.kind = BLUEGRAD_SPACE_KIND_BOX, config.filters.space.size = 0));
  REFUSED(NUMBER, (config.filters.space.kind = BLUEGRAD_SPACE_KIND_BOX, config.filters.space.size = 33));
  REFUSED(NUMBER, (config.filters.space.kind = BLUEGRAD_SPACE_KIND_BINOMIAL, config.filters.space.size = 32));
  REFUSED(NUMBER, (config.filters.space.kind = BLUEGRAD_SPACE_KIND_TAPS, config.filters.space.taps.count = 0));
  REFUSED(NUMBER, (config.filters.space.kind = BLUEGRAD_SPACE_KIND_TAPS, config.filters.space.taps.count = UINT32_MAX));
  REFUSED(NUMBER, (config.filters.space.kind = BLUEGRAD_SPACE_KIND_TAPS, config.filters.space.taps.weights[0] = 0.0f));
  REFUSED(NUMBER, (config.filters.space.kind = BLUEGRAD_SPACE_KIND_TAPS, config.filters.space.taps.weights[0] = INFINITY));
  REFUSED(NUMBER, (config.filters.time.kind = BLUEGRAD_TIME_KIND_EMA, config.filters.time.alpha = 0.0f));
  REFUSED(NUMBER, (config.filters.time.kind = BLUEGRAD_TIME_KIND_EMA, config.filters.time.alpha = 1.001f));
  REFUSED(NUMBER, (config.filters.time.kind = BLUEGRAD_TIME_KIND_EXPONENTIAL, config.filters.time.beta = -0.1f));
  REFUSED(NUMBER, (config.filters.time.kind = BLUEGRAD_TIME_KIND_GAUSSIAN, config.filters.time.sigma = 8.5f));
  REFUSED(NUMBER, (config.filters.time.kind = BLUEGRAD_TIME_KIND_BOX, config.filters.time.size = 0));
  REFUSED(NUMBER, (config.filters.time.kind = BLUEGRAD_TIME_KIND_TAPS, config.filters.time.taps.count = 33));
  REFUSED(NUMBER, (config.filters.combine = BLUEGRAD_COMBINE_SEPARATE, config.filters.weight = 0.0f));
  REFUSED(NUMBER, config.stages[0].data.filter_fill.radius = 0);
  REFUSED(NUMBER, config.stages[0].data.filter_fill.tent = 1);
  REFUSED(NOT_POSITIVE, (config.filters.time.kind = BLUEGRAD_TIME_KIND_EMA, config.filters.time.alpha = 0.1f,
                         config.filters.space.sigma = 4.0f, config.stages[0].data.filter_fill.radius = 3));
  REFUSED(REACH, (config = of_kind(BLUEGRAD_STAGE_KIND_FILTER_POLISH, 16, 16), config.stages[0].data.filter_polish.radius = 1));
  config = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  config.filters.space.sigma = NAN;
  EXPECT(OK, bluegrad_config_check(&config, NULL, 0));
}

void configurations(void) {
  const bluegrad_config good = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  const bluegrad_config spectral = configured(BLUEGRAD_PRESET_SPECTRAL, 16, 16);
  bluegrad_config config = good;
  size_t i;
  edits(&good);
  filters();
  filtered();
  texts(&good);
  config.stages[1].data.polish.momentum = 2.0f;
  texts(&config);

  REFUSED(SIZE, config.shape.width = 0);
  REFUSED(SIZE, config.shape.width = 7);
  REFUSED(SIZE, config.shape.height = 4097);
  REFUSED(SIZE, config.shape.width = UINT32_MAX);
  REFUSED(LAYERS, config.shape.layers = 0);
  REFUSED(LAYERS, config.shape.layers = 257);
  REFUSED(LAYERS, config.shape.layers = UINT32_MAX);
  REFUSED(LAYERS, config.shape.channels = 0);
  REFUSED(LAYERS, config.shape.channels = 5);
  REFUSED(LAYERS, config.shape.channels = UINT32_MAX);
  REFUSED(LAYERS, (config.shape.width = config.shape.height = 4096, config.shape.layers = 65));
  REFUSED(LAYERS, (config.shape.width = config.shape.height = 4096, config.shape.layers = 17, config.shape.channels = 4));
  for (i = 0; i < STAGE_KINDS; i++) {
    if (i == BLUEGRAD_STAGE_KIND_FILL || i == BLUEGRAD_STAGE_KIND_POLISH || i >= BLUEGRAD_STAGE_KIND_FILTER_FILL) continue;
    REFUSED(FLAT_ONLY, (config = of_kind((bluegrad_stage_kind)i, 16, 16), config.shape.layers = 2));
    REFUSED(FLAT_ONLY, (config = of_kind((bluegrad_stage_kind)i, 16, 16), config.shape.channels = 2));
  }
  REFUSED(NUMBER, config.stages[0].data.fill.coupling.time_weight = -1.0f);
  REFUSED(NUMBER, config.stages[0].data.fill.coupling.channel_weight = NAN);
  REFUSED(NUMBER, config.stages[1].data.polish.coupling.time_radius = UINT32_MAX);
  REFUSED(NUMBER, config.stages[1].data.polish.product_weight = INFINITY);
  for (i = 0; i < LENGTH(good.reserved); i++) REFUSED(RESERVED, config.reserved[i] = 1u << i);
  for (i = sizeof(bluegrad_fill) / 4; i < LENGTH(good.stages[0].data.words); i++) {
    REFUSED(RESERVED, config.stages[0].data.words[i] = 1);
  }
  REFUSED(STAGE_COUNT, config.stage_count = 0);
  REFUSED(STAGE_COUNT, config.stage_count = 9);
  REFUSED(STAGE_COUNT, config.stage_count = UINT32_MAX);
  REFUSED(STEP_COUNT, config.stages[1].data.polish.steps = UINT32_MAX);
  REFUSED(NUMBER, config.stages[0].data.fill.sigma = NAN);
  REFUSED(NUMBER, config.stages[0].data.fill.radius = UINT32_MAX);
  REFUSED(NUMBER, config.stages[1].data.polish.radius = 13);
  REFUSED(NUMBER, config.stages[1].data.polish.momentum = INFINITY);
  REFUSED(NUMBER, (config.distribution.kind = BLUEGRAD_DISTRIBUTION_KIND_GAUSSIAN, config.distribution.sigma = 0.0f));
  REFUSED(DISTRIBUTION_TABLE, config.distribution.kind = BLUEGRAD_DISTRIBUTION_KIND_TABLE);
  REFUSED(TRANSFORM_SIZE, (config = spectral, config.shape.width = 24));
  REFUSED(PROFILE, (config = spectral, config.stages[0].data.spectral.profile.weight = 1.0f, config.profile.knot_count = 33));
  REFUSED(PROFILE, (config = spectral, config.stages[0].data.spectral.profile.weight = 1.0f, config.profile.knot_count = UINT32_MAX));
  config = good;
  config.start = BLUEGRAD_START_MASK;
  EXPECT(ERROR_STARTS_TWICE, bluegrad_config_check(&config, NULL, 0));
  TRUE_(bluegrad_memory_size(&config) == 0);
  /* Places past stage_count are not looked at. */
  config = good;
  memset(config.stages + config.stage_count, 0xFF, (8 - config.stage_count) * sizeof *config.stages);
  EXPECT(OK, bluegrad_config_check(&config, NULL, 0));
}
