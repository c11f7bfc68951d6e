/* Blocks with any one byte of the header changed, with random bytes of the rest, and with a header that was forged. */
#include "misuse.h"

/* The room of the header; it is shorter than that. */
enum { HEADER = 3072 };

/* Each byte in several ways: every one must be seen, by bluegrad_open and by the calls that take a run. */
static void header(const bluegrad_config *config) {
  static const unsigned char patterns[] = {0x01, 0x80, 0xFF, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x55};
  const size_t needed = bluegrad_memory_size(config), count = quick ? 3 : LENGTH(patterns);
  unsigned char *memory = (unsigned char *)run(config, 2);
  bluegrad_generator *generator;
  bluegrad_report report;
  size_t i, pattern, end = 0;
  for (i = 0; i < HEADER; i++) {
    const unsigned char kept = memory[i];
    for (pattern = 0; pattern < count; pattern++) {
      bluegrad_status status;
      memory[i] = kept ^ patterns[pattern];
      status = bluegrad_open(memory, needed, &generator);
      if (status == BLUEGRAD_OK) {
        TRUE_(pattern == 0 || end <= i);
      } else {
        TRUE_(status == BLUEGRAD_ERROR_NOT_A_GENERATOR && end >= i && generator == NULL);
        end = i + 1;
        if (pattern == 0) {
          EXPECT(ERROR_NOT_A_GENERATOR, bluegrad_step((bluegrad_generator *)(void *)memory, 1, NULL, &report));
          EXPECT(ERROR_NOT_A_GENERATOR, bluegrad_get_report((bluegrad_generator *)(void *)memory, &report));
        }
      }
    }
    memory[i] = kept;
  }
  /* found from the first byte to the last without a gap */
  TRUE_(end > sizeof(bluegrad_config) / 2 && end <= HEADER);
  EXPECT(OK, bluegrad_open(memory, needed, &generator));
  free(memory);
}

/* What is left of a run, after at most so many steps: reads in every way of its own shape. */
static void finish(bluegrad_generator *generator, uint32_t steps) {
  static float floats[128 * 128];
  bluegrad_config config;
  bluegrad_report report;
  bluegrad_status status;
  size_t elements;
  EXPECT(OK, bluegrad_get_config(generator, &config, sizeof config));
  elements = (size_t)config.shape.width * config.shape.height * config.shape.layers * config.shape.channels;
  status = bluegrad_step(generator, steps, NULL, &report);
  TRUE_(status == BLUEGRAD_OK || status == BLUEGRAD_ERROR_NOT_A_GENERATOR);
  if (elements > LENGTH(floats)) return;
  status = bluegrad_read_values(generator, floats, elements * sizeof *floats, NULL);
  TRUE_(status == BLUEGRAD_OK || status == BLUEGRAD_ERROR_NOT_A_GENERATOR);
  if (bluegrad_get_report(generator, &report) != BLUEGRAD_OK || !report.done) return;
  EXPECT(OK, bluegrad_read_ranks(generator, (uint32_t *)(void *)floats, sizeof floats, NULL));
  EXPECT(OK, bluegrad_read_ranks_u16(generator, (uint16_t *)(void *)floats, sizeof floats, NULL));
  EXPECT(OK, bluegrad_read_u8(generator, (uint8_t *)floats, sizeof floats, NULL));
  EXPECT(OK, bluegrad_read_u16(generator, (uint16_t *)(void *)floats, sizeof floats, NULL));
  EXPECT(OK, bluegrad_read_f32(generator, floats, sizeof floats, NULL, 0, NULL));
  EXPECT(OK, bluegrad_read_dither_texels(generator, (uint8_t *)floats, sizeof floats, NULL));
}

/* A run that was damaged after so many steps: a few bytes, many, all random, all 0, all 0xFF (not a number, the largest index). */
static void payload(const bluegrad_config *config, uint32_t steps) {
  const size_t needed = bluegrad_memory_size(config);
  unsigned char *kept = (unsigned char *)run(config, steps);
  int round, rounds = quick ? 6 : 14;
  for (round = 0; round < rounds; round++) {
    unsigned char *memory = block(needed);
    bluegrad_generator *generator;
    const size_t rest = needed - HEADER, hits = (size_t)1 << (2 * (round % 7));
    size_t i;
    memcpy(memory, kept, needed);
    if (round == 0) {
      memset(memory + HEADER, 0xFF, rest);
    } else if (round == 1) {
      memset(memory + HEADER, 0, rest);
    } else if (round == 2) {
      for (i = HEADER; i < needed; i++) memory[i] = (unsigned char)draw();
    } else {
      for (i = 0; i < hits; i++) memory[HEADER + draw() % rest] ^= (unsigned char)(1 + draw() % 255);
    }
    EXPECT(OK, bluegrad_open(memory, needed, &generator));
    finish(generator, UINT32_MAX);
    release(memory, needed);
  }
  free(kept);
}

/* A header that was changed on purpose, its checksum too: nothing promises to find it, but nothing may be touched beyond the block. */
static void forge(unsigned char *memory, size_t end) {
  uint32_t sum = 0x811C9DC5u;
  size_t i, words = 1 + draw() % 3;
  while (words-- > 0) {
    static const uint32_t odd[] = {0, 1, 2, 8, 64, 4096, 65536, INT32_MAX, 1u << 31, UINT32_MAX, 0x7FC00000u, 0x3F800000u};
    const uint32_t value = draw() % 2 ? odd[draw() % LENGTH(odd)] : draw() % 16;
    /* as often the last words, which say how far the run is, as all others */
    const size_t word = draw() % 2 ? 4 + draw() % (end / 4 - 4) : end / 4 - 1 - draw() % 8;
    memcpy(memory + 4 * word, &value, sizeof value);
  }
  for (i = 16; i < end; i++) sum = (sum ^ memory[i]) * 0x01000193u;
  memcpy(memory + 12, &sum, sizeof sum);
}

static void forged(const bluegrad_config *config) {
  const size_t needed = bluegrad_memory_size(config);
  unsigned char *kept = (unsigned char *)run(config, 2);
  bluegrad_generator *generator;
  size_t end = HEADER;
  int round, opened = 0, rounds = quick ? 40 : 400;
  /* the end of the header: the last byte that counts */
  for (; end > 0; end--) {
    kept[end - 1] ^= 1;
    if (bluegrad_open(kept, needed, &generator) != BLUEGRAD_OK) break;
    kept[end - 1] ^= 1;
  }
  kept[end - 1] ^= 1;
  for (round = 0; round < rounds; round++) {
    unsigned char *memory = block(needed);
    memcpy(memory, kept, needed);
    forge(memory, end);
    if (bluegrad_open(memory, needed, &generator) == BLUEGRAD_OK) {
      opened++;
      finish(generator, 12);
    }
    release(memory, needed);
  }
  TRUE_(opened > rounds / 20);
  free(kept);
}

void damage(void) {
  bluegrad_config config;
  bluegrad_preset preset;
  bluegrad_stage_kind kind;
  for (preset = 0; bluegrad_preset_name(preset) != NULL; preset++) {
    config = configured(preset, 32, 32);
    if (!quick || preset % 4 == 0) header(&config);
    payload(&config, 2);
    forged(&config);
  }
  for (kind = 0; kind < STAGE_KINDS; kind++) {
    /* more than 1024 pixels: placing them takes more than a step */
    const uint32_t last = kind == BLUEGRAD_STAGE_KIND_VOID_AND_CLUSTER ? 12 : 4;
    uint32_t steps;
    config = of_kind(kind, 64, 64);
    for (steps = 0; steps < last; steps += quick ? 2 : 1) payload(&config, steps);
    config = of_kind(kind, kind == BLUEGRAD_STAGE_KIND_SPECTRAL ? 16 : 24, 16);
    payload(&config, 1);
    forged(&config);
    if (kind != BLUEGRAD_STAGE_KIND_FILL && kind != BLUEGRAD_STAGE_KIND_POLISH && kind < BLUEGRAD_STAGE_KIND_FILTER_FILL) continue;
    config = of_kind(kind, 12, 10);
    config.shape.layers = 3;
    config.shape.channels = 2;
    payload(&config, 1);
    forged(&config);
  }
}
