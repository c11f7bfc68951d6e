/* Starts from a given mask. */
#include "misuse.h"

#include <math.h>

enum { W = 24, H = 16, N = W * H };

typedef bluegrad_status load(void *, size_t, const bluegrad_config *, const void *, size_t, uint32_t *, bluegrad_generator **);

/* The four functions as one. */
static bluegrad_status load_u8(void *memory, size_t size, const bluegrad_config *config, const void *values, size_t count,
                               uint32_t *ties, bluegrad_generator **out) {
  return bluegrad_load_u8(memory, size, config, values, count, ties, out);
}
static bluegrad_status load_u16(void *memory, size_t size, const bluegrad_config *config, const void *values, size_t count,
                                uint32_t *ties, bluegrad_generator **out) {
  return bluegrad_load_u16(memory, size, config, values, count, ties, out);
}
static bluegrad_status load_f32(void *memory, size_t size, const bluegrad_config *config, const void *values, size_t count,
                                uint32_t *ties, bluegrad_generator **out) {
  return bluegrad_load_f32(memory, size, config, values, count, ties, out);
}
static bluegrad_status load_ranks(void *memory, size_t size, const bluegrad_config *config, const void *values, size_t count,
                                  uint32_t *ties, bluegrad_generator **out) {
  return bluegrad_load_ranks(memory, size, config, values, count, ties, out);
}

static void sizes_of(load *from, size_t element, const bluegrad_config *config) {
  const size_t needed = bluegrad_memory_size(config);
  unsigned char *values = block(N * element);
  bluegrad_generator *generator;
  size_t size, count;
  memset(values, 0, N * element);
  for (size = 0; size < needed; size += quick && size > 2200 && size + 64 < needed ? 61 : 1) {
    unsigned char *memory = block(size);
    generator = (bluegrad_generator *)(void *)values;
    EXPECT(ERROR_LENGTH, from(memory, size, config, values, N, NULL, &generator));
    TRUE_(generator == NULL && untouched(memory, size));
    release(memory, size);
  }
  for (count = 0; count < N; count++) {
    unsigned char *fewer = block(count * element), *memory = block(needed);
    memset(fewer, 0, count * element);
    EXPECT(ERROR_LENGTH, from(memory, needed, config, fewer, count, NULL, &generator));
    TRUE_(generator == NULL && untouched(memory, needed));
    release(fewer, count * element);
    release(memory, needed);
  }
  release(values, N * element);
}

static void pointers(load *from, size_t element, const bluegrad_config *config, const bluegrad_config *noise) {
  const size_t needed = bluegrad_memory_size(config);
  unsigned char *memory = block(needed + 64), *values = block(N * element + 64);
  bluegrad_generator *generator;
  bluegrad_status status;
  uint32_t ties, room[32];
  void *outs[10];
  size_t i;
  memset(values, 0, N * element + 64);
  EXPECT(ERROR_WRONG_START, from(memory, bluegrad_memory_size(noise), noise, values, N, NULL, &generator));
  EXPECT(ERROR_NULL, from(NULL, needed, config, values, N, &ties, &generator));
  EXPECT(ERROR_NULL, from(memory, needed, NULL, values, N, &ties, &generator));
  EXPECT(ERROR_NULL, from(memory, needed, config, NULL, N, &ties, &generator));
  EXPECT(ERROR_NULL, from(memory, needed, config, values, N, &ties, NULL));
  EXPECT(ERROR_LENGTH, from(memory, needed, config, values, N + 1, &ties, &generator));
  EXPECT(ERROR_LENGTH, from(memory, needed, config, values, SIZE_MAX, &ties, &generator));
  status = from(memory, SIZE_MAX, config, values, N, &ties, &generator);
  TRUE_(status == BLUEGRAD_ERROR_LENGTH || status == BLUEGRAD_ERROR_OVERLAP);
  EXPECT(ERROR_OVERLAP, from(memory, needed, config, memory + 8, N, NULL, &generator));
  EXPECT(ERROR_OVERLAP, from(memory, needed, config, memory + needed - 8, N, NULL, &generator));
  TRUE_(untouched(memory, needed + 64) && generator == NULL);
  for (i = 1; i < 64; i++) {
    EXPECT(ERROR_ALIGNMENT, from(memory + i, needed, config, values, N, &ties, &generator));
    if (i % element == 0) continue;
    EXPECT(ERROR_MISALIGNED, from(memory, needed, config, values + i, N, &ties, &generator));
  }
  TRUE_(untouched(memory, needed + 64));
  EACH_MISALIGNMENT(bluegrad_generator *, outs, (void)p, OK, from(memory, needed, config, values, N, &ties, p));
  EACH_MISALIGNMENT(uint32_t, room, (void)p, OK, from(memory, needed, config, values, N, p, &generator));
  EXPECT(OK, from(memory, needed, config, values, N, &ties, &generator));
  TRUE_(ties == N - 1);
  release(memory, needed + 64);
  release(values, N * element + 64);
}

static void not_finite(const bluegrad_config *config) {
  const size_t needed = bluegrad_memory_size(config);
  void *memory = block(needed);
  float values[N] = {0};
  bluegrad_generator *generator;
  static const size_t places[] = {0, 100, N - 1};
  size_t i;
  for (i = 0; i < LENGTH(places); i++) {
    values[places[i]] = NAN;
    EXPECT(ERROR_NUMBER, bluegrad_load_f32(memory, needed, config, values, N, NULL, &generator));
    values[places[i]] = -INFINITY;
    EXPECT(ERROR_NUMBER, bluegrad_load_f32(memory, needed, config, values, N, NULL, &generator));
    values[places[i]] = 3e38f;
    EXPECT(OK, bluegrad_load_f32(memory, needed, config, values, N, NULL, &generator));
  }
  release(memory, needed);
}

void loading(void) {
  static const struct {
    load *from;
    size_t element;
  } types[] = {{load_u8, 1}, {load_u16, 2}, {load_f32, 4}, {load_ranks, 4}};
  const bluegrad_config noise = configured(BLUEGRAD_PRESET_DITHER, W, H);
  bluegrad_config config = noise;
  bluegrad_generator *generator;
  size_t i, needed;
  void *memory;
  EXPECT(OK, bluegrad_config_refine(&config));
  for (i = 0; i < LENGTH(types); i++) {
    sizes_of(types[i].from, types[i].element, &config);
    pointers(types[i].from, types[i].element, &config, &noise);
  }
  not_finite(&config);
  needed = bluegrad_memory_size(&config);
  memory = block(needed);
  EXPECT(ERROR_WRONG_START, bluegrad_init(memory, needed, &config, &generator));
  TRUE_(generator == NULL && untouched(memory, needed));
  release(memory, needed);
}
