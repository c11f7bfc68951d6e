/* Masks by one call: the values of size, init, step and read, at every address and size of the memory; and the sizes of structs. */
#include "misuse.h"

enum { SIDE = 16, N = SIDE * SIDE };

typedef bluegrad_status maker(void *, size_t, bluegrad_preset, uint32_t, uint32_t, uint64_t, void *, size_t);

/* The functions as one. */
static bluegrad_status make_u8(void *memory, size_t memory_size, bluegrad_preset preset, uint32_t width, uint32_t height, uint64_t seed,
                               void *to, size_t size) {
  return bluegrad_make_u8(memory, memory_size, preset, width, height, seed, to, size);
}
static bluegrad_status make_u16(void *memory, size_t memory_size, bluegrad_preset preset, uint32_t width, uint32_t height, uint64_t seed,
                                void *to, size_t size) {
  return bluegrad_make_u16(memory, memory_size, preset, width, height, seed, to, size);
}
static bluegrad_status make_f32(void *memory, size_t memory_size, bluegrad_preset preset, uint32_t width, uint32_t height, uint64_t seed,
                                void *to, size_t size) {
  return bluegrad_make_f32(memory, memory_size, preset, width, height, seed, to, size);
}
static bluegrad_status make_ranks(void *memory, size_t memory_size, bluegrad_preset preset, uint32_t width, uint32_t height, uint64_t seed,
                                  void *to, size_t size) {
  return bluegrad_make_ranks(memory, memory_size, preset, width, height, seed, to, size);
}

static bluegrad_status dither_u8(void *memory, size_t memory_size, bluegrad_preset preset, uint32_t width, uint32_t height, uint64_t seed,
                                 void *to, size_t size) {
  return bluegrad_make_dither_u8(memory, memory_size, preset, width, height, seed, to, size);
}
static bluegrad_status dither_ranks(void *memory, size_t memory_size, bluegrad_preset preset, uint32_t width, uint32_t height,
                                    uint64_t seed, void *to, size_t size) {
  return bluegrad_make_dither_ranks(memory, memory_size, preset, width, height, seed, to, size);
}
static bluegrad_status spectral_u8(void *memory, size_t memory_size, bluegrad_preset preset, uint32_t width, uint32_t height, uint64_t seed,
                                   void *to, size_t size) {
  return bluegrad_make_spectral_u8(memory, memory_size, preset, width, height, seed, to, size);
}
static bluegrad_status spectral_ranks(void *memory, size_t memory_size, bluegrad_preset preset, uint32_t width, uint32_t height,
                                      uint64_t seed, void *to, size_t size) {
  return bluegrad_make_spectral_ranks(memory, memory_size, preset, width, height, seed, to, size);
}

/* Functions of one value each: of all presets, of fill and polish, of the spectral objective. */
enum family { ALL, DITHER, SPECTRAL };
static const struct {
  maker *make;
  size_t element;
  enum family family;
} makers[] = {{make_u8, 1, ALL},      {make_u16, 2, ALL},      {make_f32, 4, ALL},       {make_ranks, 4, ALL},
              {dither_u8, 1, DITHER}, {dither_ranks, 4, DITHER}, {spectral_u8, 1, SPECTRAL}, {spectral_ranks, 4, SPECTRAL}};

/* The family of a preset, by its stages; ALL for those that no family has. */
static enum family family_of(bluegrad_preset preset) {
  bluegrad_config config;
  uint32_t i, dither = 0, spectral = 0;
  EXPECT(OK, bluegrad_config_default(&config, sizeof config, preset, SIDE, SIDE));
  for (i = 0; i < config.stage_count; i++) {
    dither += config.stages[i].kind == BLUEGRAD_STAGE_KIND_FILL || config.stages[i].kind == BLUEGRAD_STAGE_KIND_POLISH;
    spectral += config.stages[i].kind == BLUEGRAD_STAGE_KIND_SPECTRAL;
  }
  return dither == config.stage_count ? DITHER : spectral == config.stage_count ? SPECTRAL : ALL;
}

/* The same mask step by step. */
static void expected(size_t which, bluegrad_preset preset, uint32_t width, uint32_t height, uint64_t seed, void *to, size_t size) {
  bluegrad_config config;
  bluegrad_generator *generator;
  EXPECT(OK, bluegrad_config_default(&config, sizeof config, preset, width, height));
  config.seed = seed;
  generator = run(&config, UINT32_MAX);
  if (which == 0 || which == 4 || which == 6) EXPECT(OK, bluegrad_read_u8(generator, to, size, NULL));
  if (which == 1) EXPECT(OK, bluegrad_read_u16(generator, to, size, NULL));
  if (which == 2) EXPECT(OK, bluegrad_read_f32(generator, to, size, NULL, BLUEGRAD_RANGE_UNIT, NULL));
  if (which == 3 || which == 5 || which == 7) EXPECT(OK, bluegrad_read_ranks(generator, to, size, NULL));
  free(generator);
}

static void values(void) {
  static const struct {
    uint32_t width, height;
    uint64_t seed;
  } shapes[] = {{SIDE, SIDE, 7}, {8, 32, UINT64_MAX}, {24, 9, 0}};
  bluegrad_preset preset;
  size_t which, i, made = 0, refused = 0;
  for (preset = 0; bluegrad_preset_name(preset) != NULL; preset++) {
    if (preset == BLUEGRAD_PRESET_PUBLISHED) continue; /* 100 000 steps */
    for (i = 0; i < LENGTH(shapes); i++) {
      const uint32_t width = shapes[i].width, height = shapes[i].height;
      const size_t needed = bluegrad_make_memory_size(preset, width, height);
      if (i > 0 && preset != BLUEGRAD_PRESET_DITHER && preset != BLUEGRAD_PRESET_VOID_AND_CLUSTER) continue;
      TRUE_(needed > 0);
      for (which = 0; which < LENGTH(makers); which++) {
        const size_t size = (size_t)width * height * makers[which].element;
        void *memory = block(needed), *to = block(size), *wanted = block(size);
        expected(which, preset, width, height, shapes[i].seed, wanted, size);
        if (makers[which].family == ALL || makers[which].family == family_of(preset)) {
          EXPECT(OK, makers[which].make(memory, needed, preset, width, height, shapes[i].seed, to, size));
          TRUE_(memcmp(to, wanted, size) == 0);
          made++;
        } else {
          EXPECT(ERROR_FEATURE, makers[which].make(memory, needed, preset, width, height, shapes[i].seed, to, size));
          TRUE_(untouched(to, size) && untouched(memory, needed));
          refused++;
        }
        release(memory, needed);
        release(to, size);
        release(wanted, size);
      }
    }
  }
  /* 9 presets of fill and polish, 1 spectral one that is not long, 2 of others; dither and void-and-cluster in three shapes */
  TRUE_(made == 4 * 16 + 2 * 11 + 2 * 1 && refused == 8 * 16 - made);
}

/* Memory at every address does, and its size at the least; with less there is an error, and nothing is written. */
static void memories(void) {
  const bluegrad_preset preset = BLUEGRAD_PRESET_DITHER;
  const size_t needed = bluegrad_make_memory_size(preset, SIDE, SIDE);
  unsigned char *room = block(needed + 64), to[N], wanted[N], other[N];
  size_t i;
  expected(0, preset, SIDE, SIDE, 7, wanted, N);
  expected(0, preset, SIDE, SIDE, 8, other, N);
  TRUE_(memcmp(wanted, other, N) != 0);
  for (i = 0; i < 64; i++) {
    /* what is left after the next multiple of 64 is just enough; less is not */
    const size_t least = needed - 63 + (64 - i) % 64;
    memset(to, 0xAA, N);
    EXPECT(ERROR_LENGTH, bluegrad_make_u8(room + i, least - 1, preset, SIDE, SIDE, 7, to, N));
    TRUE_(untouched(to, N));
    EXPECT(OK, bluegrad_make_u8(room + i, least, preset, SIDE, SIDE, 7, to, N));
    TRUE_(memcmp(to, wanted, N) == 0);
    memset(room, 0xFF, needed + 64);
  }
  for (i = 0; i < needed; i += i < 200 || i + 100 > needed ? 1 : 97) {
    unsigned char *memory = block(i);
    const bluegrad_status status = bluegrad_make_u8(memory, i, preset, SIDE, SIDE, 7, to, N);
    TRUE_(status == (i < needed - 63 ? BLUEGRAD_ERROR_LENGTH : BLUEGRAD_OK));
    release(memory, i);
  }
  release(room, needed + 64);
}

static void wrong(void) {
  static const uint32_t beyond[] = {13, 14, 255, 256, 1u << 16, 1u << 31, UINT32_MAX};
  static const uint32_t sides[][2] = {{7, 16}, {16, 7}, {0, 0}, {4097, 16}, {16, UINT32_MAX}, {UINT32_MAX, UINT32_MAX}};
  unsigned char *room = block(4 * N + 64);
  size_t which, i;
  for (which = 0; which < LENGTH(makers); which++) {
    maker *make = makers[which].make;
    const bluegrad_preset preset = makers[which].family == SPECTRAL ? BLUEGRAD_PRESET_SPECTRAL : BLUEGRAD_PRESET_DITHER;
    const size_t needed = bluegrad_make_memory_size(preset, SIDE, SIDE);
    const size_t element = makers[which].element, size = N * element;
    unsigned char *memory = block(needed);
    for (i = 0; i < LENGTH(beyond); i++) {
      EXPECT(ERROR_UNKNOWN_VALUE, make(memory, needed, beyond[i], SIDE, SIDE, 7, room, size));
      TRUE_(bluegrad_make_memory_size(beyond[i], SIDE, SIDE) == 0);
    }
    for (i = 0; i < LENGTH(sides); i++) {
      EXPECT(ERROR_SIZE, make(memory, needed, BLUEGRAD_PRESET_DITHER, sides[i][0], sides[i][1], 7, room, size));
      TRUE_(bluegrad_make_memory_size(preset, sides[i][0], sides[i][1]) == 0);
    }
    EXPECT(ERROR_TRANSFORM_SIZE, make(memory, needed, BLUEGRAD_PRESET_SPECTRAL, 16, 24, 7, room, size));
    TRUE_(bluegrad_make_memory_size(BLUEGRAD_PRESET_SPECTRAL, 16, 24) == 0);
    EXPECT(ERROR_NULL, make(NULL, needed, preset, SIDE, SIDE, 7, room, size));
    EXPECT(ERROR_NULL, make(memory, needed, preset, SIDE, SIDE, 7, NULL, size));
    for (i = 0; i < size; i++) EXPECT(ERROR_LENGTH, make(memory, needed, preset, SIDE, SIDE, 7, room, i));
    /* memory that ends past every address reaches into `room` too, where that lies behind */
    i = (size_t)-make(memory, SIZE_MAX, preset, SIDE, SIDE, 7, room, size);
    TRUE_(i == -BLUEGRAD_ERROR_LENGTH || i == -BLUEGRAD_ERROR_OVERLAP);
    EXPECT(ERROR_OVERLAP, make(memory, needed, preset, SIDE, SIDE, 7, memory, size));
    EXPECT(ERROR_OVERLAP, make(memory, needed, preset, SIDE, SIDE, 7, memory + needed - element + needed % element, size));
    TRUE_(untouched(memory, needed) && untouched(room, 4 * N + 64));
    for (i = 1; i < 64; i++) {
      const bluegrad_status status = make(memory, needed, preset, SIDE, SIDE, 7, room + i, size);
      TRUE_(status == (i % element == 0 ? BLUEGRAD_OK : BLUEGRAD_ERROR_MISALIGNED));
    }
    memset(room, 0xAA, 4 * N + 64);
    release(memory, needed);
  }
  release(room, 4 * N + 64);
}

static void sizes(void) {
#define SIZE(name) TRUE_(bluegrad_sizeof_##name() == sizeof(bluegrad_##name))
  SIZE(config);
  SIZE(dither);
  SIZE(stage);
  SIZE(shape);
  SIZE(distribution);
  SIZE(filters);
  SIZE(powers);
  SIZE(region);
  SIZE(jobs);
  SIZE(report);
  SIZE(losses);
  SIZE(quality);
  SIZE(volume_quality);
}

void making(void) {
  sizes();
  values();
  memories();
  wrong();
}
