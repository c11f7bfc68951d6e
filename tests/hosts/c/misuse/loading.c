/* Starts from a given mask. */
#include "misuse.h"

#include <math.h>

enum { W = 24, H = 16, N = W * H };

typedef bluegrad_status load(void *, size_t, const bluegrad_config *, const void *, size_t, const bluegrad_region *, uint32_t *,
                             bluegrad_generator **);

/* The four functions as one. */
static bluegrad_status load_u8(void *memory, size_t size, const bluegrad_config *config, const void *values, size_t bytes,
                               const bluegrad_region *region, uint32_t *ties, bluegrad_generator **out) {
  return bluegrad_load_u8(memory, size, config, values, bytes, region, ties, out);
}
static bluegrad_status load_u16(void *memory, size_t size, const bluegrad_config *config, const void *values, size_t bytes,
                                const bluegrad_region *region, uint32_t *ties, bluegrad_generator **out) {
  return bluegrad_load_u16(memory, size, config, values, bytes, region, ties, out);
}
static bluegrad_status load_f32(void *memory, size_t size, const bluegrad_config *config, const void *values, size_t bytes,
                                const bluegrad_region *region, uint32_t *ties, bluegrad_generator **out) {
  return bluegrad_load_f32(memory, size, config, values, bytes, region, ties, out);
}
static bluegrad_status load_ranks(void *memory, size_t size, const bluegrad_config *config, const void *values, size_t bytes,
                                  const bluegrad_region *region, uint32_t *ties, bluegrad_generator **out) {
  return bluegrad_load_ranks(memory, size, config, values, bytes, region, ties, out);
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
    EXPECT(ERROR_LENGTH, from(memory, size, config, values, N * element, NULL, NULL, &generator));
    TRUE_(generator == NULL && untouched(memory, size));
    release(memory, size);
  }
  for (count = 0; count < N * element; count += quick && count + 8 < N * element ? 7 : 1) {
    unsigned char *fewer = block(count), *memory = block(needed);
    memset(fewer, 0, count);
    EXPECT(ERROR_LENGTH, from(memory, needed, config, fewer, count, NULL, NULL, &generator));
    TRUE_(generator == NULL && untouched(memory, needed));
    release(fewer, count);
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
  EXPECT(ERROR_WRONG_START, from(memory, bluegrad_memory_size(noise), noise, values, N * element, NULL, NULL, &generator));
  EXPECT(ERROR_NULL, from(NULL, needed, config, values, N * element, NULL, &ties, &generator));
  EXPECT(ERROR_NULL, from(memory, needed, NULL, values, N * element, NULL, &ties, &generator));
  EXPECT(ERROR_NULL, from(memory, needed, config, NULL, N * element, NULL, &ties, &generator));
  EXPECT(ERROR_NULL, from(memory, needed, config, values, N * element, NULL, &ties, NULL));
  EXPECT(ERROR_LENGTH, from(memory, needed, config, values, SIZE_MAX, NULL, &ties, &generator));
  status = from(memory, SIZE_MAX, config, values, N * element, NULL, &ties, &generator);
  TRUE_(status == BLUEGRAD_ERROR_LENGTH || status == BLUEGRAD_ERROR_OVERLAP);
  EXPECT(ERROR_OVERLAP, from(memory, needed, config, memory + 8, N * element, NULL, NULL, &generator));
  EXPECT(ERROR_OVERLAP, from(memory, needed, config, memory + needed - 8, N * element, NULL, NULL, &generator));
  TRUE_(untouched(memory, needed + 64) && generator == NULL);
  for (i = 1; i < 64; i++) {
    EXPECT(ERROR_ALIGNMENT, from(memory + i, needed, config, values, N * element, NULL, &ties, &generator));
    if (i % element == 0) continue;
    EXPECT(ERROR_MISALIGNED, from(memory, needed, config, values + i, N * element, NULL, &ties, &generator));
  }
  TRUE_(untouched(memory, needed + 64));
  EXPECT(OK, from(memory + 1, needed + 63, config, values, N * element, NULL, &ties, &generator));
  TRUE_((unsigned char *)generator == memory + 64 && untouched(memory, 64));
  EACH_MISALIGNMENT(bluegrad_generator *, outs, (void)p, OK, from(memory, needed, config, values, N * element, NULL, &ties, p));
  EACH_MISALIGNMENT(uint32_t, room, (void)p, OK, from(memory, needed, config, values, N * element, NULL, p, &generator));
  EXPECT(OK, from(memory, needed, config, values, N * element, NULL, &ties, &generator));
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
    EXPECT(ERROR_NUMBER, bluegrad_load_f32(memory, needed, config, values, sizeof values, NULL, NULL, &generator));
    values[places[i]] = -INFINITY;
    EXPECT(ERROR_NUMBER, bluegrad_load_f32(memory, needed, config, values, sizeof values, NULL, NULL, &generator));
    values[places[i]] = 3e38f;
    EXPECT(OK, bluegrad_load_f32(memory, needed, config, values, sizeof values, NULL, NULL, &generator));
  }
  release(memory, needed);
}

/* The same mask of layers and channels in rows and layers at any distance: the ranks of a load without a gap. */
static void regions(load *from, size_t element, const bluegrad_config *flat) {
  enum { LAYERS = 2, CHANNELS = 3, ROW = W * CHANNELS, ELEMENTS = H * LAYERS * ROW };
  bluegrad_config config = *flat;
  const size_t row = ROW * element, layer = H * row, bytes = LAYERS * layer, room = 2 * bytes;
  unsigned char *values = block(bytes), *apart = block(room), *memory;
  static uint32_t wanted[ELEMENTS], got[ELEMENTS];
  static const bluegrad_region other[] = {{1, 0, 0, 0, 0, 0, 0}, {0, 1, 0, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0, 0}, {0, 0, 0, 2, 0, 0, 0},
                                          {0, 3, 0, 0, 0, 0, 0}, {0, 0, 0, 4, 0, 0, 0}, {2, 0, 3, 0, 0, 0, 0}};
  bluegrad_region region = {0, LAYERS, 0, CHANNELS, 0, 0, 0};
  bluegrad_generator *generator;
  uint32_t ties, fewer;
  size_t i, y, needed;
  config.shape.layers = LAYERS;
  config.shape.channels = CHANNELS;
  config.stages[0].data.polish.steps = 0;
  config.stage_count = 1;
  needed = bluegrad_memory_size(&config);
  memory = block(needed);
  /* finite floats too: the upper bytes are small */
  for (i = 0; i < bytes; i++) values[i] = (unsigned char)(draw() % 100);
  EXPECT(OK, from(memory, needed, &config, values, bytes, NULL, &ties, &generator));
  EXPECT(OK, bluegrad_step(generator, UINT32_MAX, NULL, NULL));
  EXPECT(OK, bluegrad_read_ranks(generator, wanted, sizeof wanted, NULL));
  for (region.row_stride = row; region.row_stride <= row + 2 * element; region.row_stride += element) {
    for (i = 0; i < 3; i++) {
      const size_t tight = (H - 1) * region.row_stride + row;
      const size_t step = i == 0 ? H * region.row_stride : tight + 5 * i * element, all = step + tight;
      region.layer_stride = i == 0 ? 0 : step;
      memset(apart, 0xFF, room);
      for (y = 0; y < LAYERS * H; y++) memcpy(apart + y / H * step + y % H * region.row_stride, values + y * row, row);
      EXPECT(OK, from(memory, needed, &config, apart, all, &region, &fewer, &generator));
      EXPECT(OK, bluegrad_step(generator, UINT32_MAX, NULL, NULL));
      EXPECT(OK, bluegrad_read_ranks(generator, got, sizeof got, NULL));
      TRUE_(fewer == ties && memcmp(got, wanted, sizeof got) == 0);
      EXPECT(ERROR_LENGTH, from(memory, needed, &config, apart, all - 1, &region, &fewer, &generator));
      TRUE_(fewer == 0 && generator == NULL);
    }
    region.layer_stride = (H - 1) * region.row_stride + row - element;
    EXPECT(ERROR_STRIDE, from(memory, needed, &config, apart, room, &region, &fewer, &generator));
  }
  region.layer_stride = 0;
  for (i = 1; i < row; i++) {
    region.row_stride = i;
    EXPECT(ERROR_STRIDE, from(memory, needed, &config, apart, room, &region, NULL, &generator));
  }
  region.row_stride = 0;
  for (i = 1; i < CHANNELS * element; i++) {
    region.pixel_stride = i;
    EXPECT(ERROR_STRIDE, from(memory, needed, &config, apart, room, &region, NULL, &generator));
  }
  /* pixels that lie apart, an element between them */
  region.pixel_stride = (CHANNELS + 1) * element;
  memset(apart, 0xFF, room);
  for (i = 0; i < LAYERS * H * W; i++) memcpy(apart + i * region.pixel_stride, values + i * CHANNELS * element, CHANNELS * element);
  i = LAYERS * H * W * region.pixel_stride - element;
  EXPECT(OK, from(memory, needed, &config, apart, i, &region, &fewer, &generator));
  EXPECT(OK, bluegrad_step(generator, UINT32_MAX, NULL, NULL));
  EXPECT(OK, bluegrad_read_ranks(generator, got, sizeof got, NULL));
  TRUE_(fewer == ties && memcmp(got, wanted, sizeof got) == 0);
  EXPECT(ERROR_LENGTH, from(memory, needed, &config, apart, i - 1, &region, &fewer, &generator));
  for (i = 0; i < LENGTH(other); i++) {
    EXPECT(ERROR_PLANE, from(memory, needed, &config, values, bytes, &other[i], NULL, &generator));
  }
  region = other[4];
  region.layers = LAYERS;
  EACH_MISALIGNMENT(bluegrad_region, apart, memcpy((void *)p, &region, sizeof region), OK,
                    from(memory, needed, &config, values, bytes, p, NULL, &generator));
  release(values, bytes);
  release(apart, room);
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
    regions(types[i].from, types[i].element, &config);
  }
  not_finite(&config);
  needed = bluegrad_memory_size(&config);
  memory = block(needed);
  EXPECT(ERROR_WRONG_START, bluegrad_init(memory, needed, &config, &generator));
  TRUE_(generator == NULL && untouched(memory, needed));
  release(memory, needed);
}
