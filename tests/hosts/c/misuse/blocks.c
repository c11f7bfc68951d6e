/* Blocks of memory: every size, every address, and what is in them. */
#include "misuse.h"

/* Every size up to one less than the right one, in an allocation of just that size. */
static void sizes_of(const bluegrad_config *config) {
  const size_t needed = bluegrad_memory_size(config);
  bluegrad_generator *saved = run(config, 1), *generator;
  size_t size;
  TRUE_(needed > 0 && needed % BLUEGRAD_MEMORY_ALIGN == 0);
  for (size = 0; size < needed; size += quick && size > 2200 && size + 64 < needed ? 61 : 1) {
    unsigned char *memory = block(size);
    bluegrad_status status;
    generator = saved;
    EXPECT(ERROR_LENGTH, bluegrad_init(memory, size, config, &generator));
    TRUE_(generator == NULL && untouched(memory, size));
    memcpy(memory, saved, size);
    generator = saved;
    status = bluegrad_open(memory, size, &generator);
    TRUE_(generator == NULL && (status == BLUEGRAD_ERROR_LENGTH || status == BLUEGRAD_ERROR_NOT_A_GENERATOR));
    TRUE_(memcmp(memory, saved, size) == 0);
    release(memory, size);
  }
  free(saved);
}

static void addresses(const bluegrad_config *config) {
  const size_t needed = bluegrad_memory_size(config);
  unsigned char *memory = block(needed + 64);
  void *outs[10];
  bluegrad_generator *generator, *good = run(config, 1);
  const bluegrad_config spectral = of_kind(BLUEGRAD_STAGE_KIND_SPECTRAL, 16, 16);
  bluegrad_config back;
  bluegrad_report report;
  bluegrad_losses losses;
  float values[16 * 16] = {0};
  size_t i;
  for (i = 1; i < 64; i++) {
    bluegrad_generator *off = (bluegrad_generator *)(void *)(memory + i);
    memcpy(memory + i, good, needed);
    generator = good;
    EXPECT(ERROR_ALIGNMENT, bluegrad_init(off, needed, config, &generator));
    TRUE_(generator == NULL);
    EXPECT(ERROR_ALIGNMENT, bluegrad_open(off, needed, &generator));
    EXPECT(ERROR_ALIGNMENT, bluegrad_step(off, 1, NULL, NULL));
    EXPECT(ERROR_ALIGNMENT, bluegrad_get_report(off, &report));
    EXPECT(ERROR_ALIGNMENT, bluegrad_get_config(off, &back, sizeof back));
    EXPECT(ERROR_ALIGNMENT, bluegrad_evaluate(off, spectral.stages, &losses));
    EXPECT(ERROR_ALIGNMENT, bluegrad_read_u8(off, (uint8_t *)values, sizeof values, NULL));
    EXPECT(ERROR_ALIGNMENT, bluegrad_read_u16(off, (uint16_t *)values, sizeof values, NULL));
    EXPECT(ERROR_ALIGNMENT, bluegrad_read_f32(off, values, sizeof values, NULL, 0, NULL));
    EXPECT(ERROR_ALIGNMENT, bluegrad_read_ranks(off, (uint32_t *)values, sizeof values, NULL));
    EXPECT(ERROR_ALIGNMENT, bluegrad_read_ranks_u16(off, (uint16_t *)values, sizeof values, NULL));
    EXPECT(ERROR_ALIGNMENT, bluegrad_read_dither_texels(off, (uint8_t *)values, sizeof values, NULL));
    EXPECT(ERROR_ALIGNMENT, bluegrad_read_values(off, values, sizeof values, NULL));
    TRUE_(memcmp(memory + i, good, needed) == 0);
  }
  /* a run starts at the first multiple of 64 where there is room for it behind, and nothing before it is written */
  memset(memory, 0xAA, needed + 64);
  for (i = 1; i <= 64; i++) {
    if (i < 64) EXPECT(ERROR_ALIGNMENT, bluegrad_init(memory + i, needed + 63 - i, config, &generator));
    EXPECT(OK, bluegrad_init(memory + i, needed + 64 - i, config, &generator));
    TRUE_((unsigned char *)generator == memory + 64 && untouched(memory, 64));
    EXPECT(OK, bluegrad_step(generator, UINT32_MAX, NULL, NULL));
    EXPECT(OK, bluegrad_read_f32(generator, values, sizeof values, NULL, 0, NULL));
  }
  memset(memory, 0xAA, needed + 64);
  EACH_MISALIGNMENT(bluegrad_generator *, outs, (void)p, OK, bluegrad_init(memory, needed, config, p));
  EACH_MISALIGNMENT(bluegrad_generator *, outs, (void)p, OK, bluegrad_open(memory, needed, p));
  release(memory, needed + 64);
  free(good);
}

static void pointers(const bluegrad_config *config) {
  static unsigned char room[sizeof(bluegrad_config) + 64];
  const size_t needed = bluegrad_memory_size(config);
  void *memory = block(needed);
  bluegrad_generator *generator;
  EXPECT(ERROR_NULL, bluegrad_init(NULL, needed, config, &generator));
  EXPECT(ERROR_NULL, bluegrad_init(NULL, 0, config, &generator));
  EXPECT(ERROR_NULL, bluegrad_init(memory, needed, NULL, &generator));
  EXPECT(ERROR_NULL, bluegrad_init(memory, needed, config, NULL));
  EXPECT(ERROR_LENGTH, bluegrad_init(memory, SIZE_MAX, config, &generator));
  EXPECT(ERROR_LENGTH, bluegrad_init(memory, SIZE_MAX / 2 + 1, config, &generator));
  EXPECT(ERROR_NULL, bluegrad_open(NULL, needed, &generator));
  EXPECT(ERROR_NULL, bluegrad_open(memory, needed, NULL));
  EXPECT(ERROR_LENGTH, bluegrad_open(memory, SIZE_MAX, &generator));
  TRUE_(untouched(memory, needed) && generator == NULL);
  EACH_MISALIGNMENT(bluegrad_config, room, memcpy((void *)p, config, sizeof *config), OK,
                    bluegrad_init(memory, needed, p, &generator));
  release(memory, needed);
}

/* What holds no generator. */
static void strangers(const bluegrad_config *config) {
  const size_t needed = bluegrad_memory_size(config);
  unsigned char *memory = block(needed);
  bluegrad_generator *generator, *as_one = (bluegrad_generator *)(void *)memory;
  bluegrad_report report;
  static const int fills[] = {0, 0xAA, 0xFF};
  size_t i, fill;
  for (fill = 0; fill < LENGTH(fills) + 4; fill++) {
    memset(memory, fill < LENGTH(fills) ? fills[fill] : 0, needed);
    if (fill >= LENGTH(fills)) {
      for (i = 0; i < needed; i++) memory[i] = (unsigned char)draw();
    }
    generator = as_one;
    EXPECT(ERROR_NOT_A_GENERATOR, bluegrad_open(memory, needed, &generator));
    EXPECT(ERROR_NOT_A_GENERATOR, bluegrad_step(as_one, 1, NULL, &report));
    EXPECT(ERROR_NOT_A_GENERATOR, bluegrad_get_report(as_one, &report));
    TRUE_(generator == NULL);
  }
  release(memory, needed);
}

void blocks(void) {
  bluegrad_config config;
  uint32_t i;
  for (i = 0; i < STAGE_KINDS; i++) {
    config = of_kind(i, 16, 16);
    if (!quick || i == BLUEGRAD_STAGE_KIND_SPECTRAL || i == BLUEGRAD_STAGE_KIND_POLISH) sizes_of(&config);
  }
  for (i = 0; bluegrad_preset_name(i) != NULL; i++) {
    config = configured(i, 16, 16);
    if (!quick) sizes_of(&config);
  }
  config = configured(BLUEGRAD_PRESET_DITHER, 8, 9);
  sizes_of(&config);
  config = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  addresses(&config);
  pointers(&config);
  strangers(&config);
}
