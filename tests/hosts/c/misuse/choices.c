/* Numbers that stand for a choice, and sizes of structs. */
#include "misuse.h"

/* What no choice has: past the last, and what another integer type would cut off or read a sign of. */
static const uint32_t beyond[] = {0, 1, 2, 255, 256, 1u << 16, 1u << 24, INT32_MAX, 1u << 31, UINT32_MAX - 1, UINT32_MAX};

/* Each unknown value of a choice that is the word at `offset`, of which `count` are known, counted from 0. */
static void unknown(const bluegrad_config *good, const void *choice, uint32_t count, int line) {
  const size_t offset = (size_t)((const unsigned char *)choice - (const unsigned char *)good);
  size_t i;
  for (i = 0; i < LENGTH(beyond); i++) {
    bluegrad_config config = *good;
    const uint32_t value = beyond[i] < 3 ? count + beyond[i] : beyond[i];
    const size_t size = bluegrad_memory_size(good);
    void *memory = block(size);
    bluegrad_generator *generator;
    memcpy((unsigned char *)&config + offset, &value, sizeof value);
    expect(BLUEGRAD_ERROR_UNKNOWN_VALUE, bluegrad_config_check(&config, NULL, 0), "an unknown value", __FILE__, line);
    expect(BLUEGRAD_ERROR_UNKNOWN_VALUE, bluegrad_init(memory, size, &config, &generator), "an unknown value", __FILE__, line);
    TRUE_(bluegrad_memory_size(&config) == 0 && generator == NULL && untouched(memory, size));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_config_refine(&config));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_config_levels(&config, 4, 1.26f));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_config_mix(&config, 0.5f));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_config_filtered(&config, NULL));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_config_space_time(&config, 0.5f));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_config_dither(&config, 1.26f, 40));
    release(memory, size);
  }
}
#define UNKNOWN(choice, count) unknown(&good, &good.choice, count, __LINE__)

static void levels_of_simd(void) {
  const bluegrad_config good = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  const size_t size = bluegrad_memory_size(&good);
  void *memory = block(size);
  bluegrad_generator *generator;
  bluegrad_report report;
  uint32_t value, best = 0;
  for (value = 0; value < 100; value++) {
    const int known = value <= 5 || value == BLUEGRAD_LEVEL_NEON || value == BLUEGRAD_LEVEL_SIMD128;
    bluegrad_config config = good;
    bluegrad_status status;
    config.level = value;
    status = bluegrad_config_check(&config, NULL, 0);
    TRUE_(status == (known ? BLUEGRAD_OK : BLUEGRAD_ERROR_UNKNOWN_VALUE));
    TRUE_(bluegrad_init(memory, size, &config, &generator) == status);
    if (!known) continue;
    /* a cap: the best that is not above it, of the same family; of another family's, the best of all */
    EXPECT(OK, bluegrad_get_report(generator, &report));
    if (value == BLUEGRAD_LEVEL_AUTO) best = report.level;
    if (value == BLUEGRAD_LEVEL_SCALAR) {
      TRUE_(report.level == value);
    } else if (value == BLUEGRAD_LEVEL_AUTO || value / 16 != best / 16) {
      TRUE_(report.level == best && best != BLUEGRAD_LEVEL_AUTO);
    } else {
      TRUE_(report.level == (value < best ? value : best));
    }
    EXPECT(OK, bluegrad_get_config(generator, &config, sizeof config));
    TRUE_(config.level == (value ? report.level : BLUEGRAD_LEVEL_AUTO));
  }
  release(memory, size);
}

void choices(void) {
  bluegrad_config good = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  bluegrad_stage stage, kept;
  uint32_t presets = 0;
  size_t i;
  while (bluegrad_preset_name(presets)) presets++;
  UNKNOWN(level, 6);
  UNKNOWN(start, 2);
  UNKNOWN(distribution.kind, 4);
  UNKNOWN(stages[0].kind, STAGE_KINDS);
  UNKNOWN(stages[1].kind, STAGE_KINDS);
  UNKNOWN(stages[1].data.polish.law, 2);
  UNKNOWN(filters.space.kind, 4);
  UNKNOWN(filters.time.kind, 6);
  UNKNOWN(filters.combine, 2);
  UNKNOWN(stages[1].data.polish.grey_weight.curve, 3);
  UNKNOWN(stages[1].data.polish.step_size.curve, 3);
  UNKNOWN(stages[1].data.polish.tau.curve, 3);
  good = of_kind(BLUEGRAD_STAGE_KIND_FRONT, 16, 16);
  UNKNOWN(stages[0].data.front.threshold.curve, 3);
  good = of_kind(BLUEGRAD_STAGE_KIND_SPECTRAL, 16, 16);
  UNKNOWN(stages[0].data.spectral.optimizer.method, 3);
  UNKNOWN(stages[0].data.spectral.step_size.curve, 3);
  UNKNOWN(stages[0].data.spectral.histogram_step_size.curve, 3);
  UNKNOWN(stages[0].data.spectral.ranks, 2);
  levels_of_simd();

  memset(&kept, 0xAA, sizeof kept);
  stage = kept;
  for (i = 0; i < LENGTH(beyond); i++) {
    bluegrad_config config = good;
    EXPECT(ERROR_UNKNOWN_VALUE,
           bluegrad_config_default(&config, sizeof config, beyond[i] < 3 ? presets + beyond[i] : beyond[i], 16, 16));
    TRUE_(memcmp(&config, &good, sizeof config) == 0);
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_stage_default(&stage, beyond[i] < 3 ? STAGE_KINDS + beyond[i] : beyond[i]));
    TRUE_(memcmp(&stage, &kept, sizeof stage) == 0);
  }
  for (i = 0; i < STAGE_KINDS; i++) {
    static unsigned char room[sizeof(bluegrad_stage) + 64];
    const bluegrad_config config = of_kind((uint32_t)i, 16, 16);
    EXPECT(OK, bluegrad_config_check(&config, NULL, 0));
    EXPECT(ERROR_NULL, bluegrad_stage_default(NULL, (uint32_t)i));
    EACH_MISALIGNMENT(bluegrad_stage, room, (void)p, OK, bluegrad_stage_default(p, (uint32_t)i));
  }
}

/* A configuration of another size, in no more bytes than it says: nothing behind its first word may be read, and nothing written. */
static void other_size(uint32_t struct_size) {
  const size_t bytes = struct_size < 4 ? 4 : struct_size;
  unsigned char *memory = block(bytes), *space = block(4096);
  bluegrad_config *config = (bluegrad_config *)(void *)memory;
  bluegrad_generator *generator;
  uint32_t values[64] = {0};
  char text[160];
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_default(config, struct_size, 0, 16, 16));
  TRUE_(untouched(memory, bytes));
  memcpy(memory, &struct_size, sizeof struct_size);
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_check(config, text, sizeof text));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_dither(config, 1.26f, 40));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_mix(config, 0.25f));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_filtered(config, NULL));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_powers_probe(space, 4096, config, (bluegrad_powers *)(void *)values));
  TRUE_(bluegrad_powers_memory_size(config) == 0);
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_space_time(config, 0.25f));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_levels(config, 4, 1.26f));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_refine(config));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_init(space, 4096, config, &generator));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_load_u8(space, 4096, config, (uint8_t *)values, 64, NULL, NULL, &generator));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_load_u16(space, 4096, config, (uint16_t *)values, 64, NULL, NULL, &generator));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_load_f32(space, 4096, config, (float *)values, 64, NULL, NULL, &generator));
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_load_ranks(space, 4096, config, values, 64, NULL, NULL, &generator));
  TRUE_(bluegrad_memory_size(config) == 0 && untouched(memory + 4, bytes - 4) && untouched(space, 4096));
  release(memory, bytes);
  release(space, 4096);
}

static void other_dither(uint32_t struct_size) {
  static const uint8_t texels[4] = {0, 128, 192, 64}, row[4];
  const size_t bytes = struct_size < 4 ? 4 : struct_size;
  unsigned char *memory = block(bytes);
  bluegrad_dither *dither = (bluegrad_dither *)(void *)memory;
  uint8_t to[4];
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_dither_default(dither, struct_size, texels, 2, 2, 2));
  TRUE_(untouched(memory, bytes));
  memcpy(memory, &struct_size, sizeof struct_size);
  EXPECT(ERROR_STRUCT_SIZE, bluegrad_dither_rows(dither, 0, 1, row, 4, to, 4));
  TRUE_(bluegrad_dither_row_size(dither, 4) == 0);
  release(memory, bytes);
}

void struct_sizes(void) {
  const bluegrad_config config = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  bluegrad_generator *generator = run(&config, 0);
  uint32_t size;
  /* An older header's, without the room at the end, and any other: refused until 1.0, as the header says. */
  other_size(offsetof(bluegrad_config, reserved));
  other_size(offsetof(bluegrad_config, profile));
  for (size = 0; size < 2 * sizeof config; size++) {
    if (quick && size > 64 && size % 97 != 0 && size != sizeof config - 1 && size != sizeof config + 1) continue;
    if (size != sizeof config) {
      void *back = block(size);
      other_size(size);
      EXPECT(ERROR_STRUCT_SIZE, bluegrad_get_config(generator, back, size));
      TRUE_(untouched(back, size));
      release(back, size);
    }
  }
  for (size = 0; size < 2 * sizeof(bluegrad_dither); size++) {
    if (size != sizeof(bluegrad_dither)) other_dither(size);
  }
  {
    bluegrad_config wrong = config;
    wrong.struct_size = UINT32_MAX;
    EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_check(&wrong, NULL, 0));
    EXPECT(ERROR_STRUCT_SIZE, bluegrad_config_default(&wrong, UINT32_MAX, 0, 16, 16));
    EXPECT(ERROR_STRUCT_SIZE, bluegrad_get_config(generator, &wrong, UINT32_MAX));
  }
  free(generator);
}
