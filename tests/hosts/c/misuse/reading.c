/* Masks read into every size, stride and address. */
#include "misuse.h"

enum { W = 24, H = 16, N = W * H };

typedef bluegrad_status reader(const bluegrad_generator *, void *, size_t, const bluegrad_region *);

/* The functions as one. */
static bluegrad_status read_u8(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_u8(generator, to, size, region);
}
static bluegrad_status read_u16(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_u16(generator, to, size, region);
}
static bluegrad_status read_f32(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_f32(generator, to, size, region, BLUEGRAD_RANGE_SIGNED, NULL);
}
static const bluegrad_distribution triangular = {BLUEGRAD_DISTRIBUTION_KIND_TRIANGULAR, 0.0f, {0}};
static bluegrad_status read_u8_as(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_u8_as(generator, to, size, region, &triangular);
}
static bluegrad_status read_u16_as(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_u16_as(generator, to, size, region, &triangular);
}
static bluegrad_status read_ranks(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_ranks(generator, to, size, region);
}
static bluegrad_status read_ranks_u16(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_ranks_u16(generator, to, size, region);
}
static bluegrad_status read_texels(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_dither_texels(generator, to, size, region);
}
static bluegrad_status read_thresholds(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_thresholds(generator, to, size, region);
}
static bluegrad_status read_two_levels(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_two_level_texels(generator, to, size, region, 0, UINT16_MAX, BLUEGRAD_MIX_LIGHT);
}
static bluegrad_status read_values(const bluegrad_generator *generator, void *to, size_t size, const bluegrad_region *region) {
  return bluegrad_read_values((bluegrad_generator *)generator, to, size, region);
}

/* A reader at a stride of rows. */
static bluegrad_status strided(reader *read, const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  bluegrad_region region = {0, 0, 0, 0, 0, 0, 0};
  region.row_stride = stride;
  return read(generator, to, size, &region);
}

/* Rows at a stride: the same bytes as without a gap, and none between them. */
static void rows(reader *read, size_t element, const bluegrad_generator *generator, const unsigned char *whole, size_t stride) {
  const size_t row = W * element, needed = stride * (H - 1) + row;
  unsigned char *to = block(needed);
  size_t y;
  EXPECT(OK, strided(read, generator, to, needed, stride));
  for (y = 0; y < H; y++) {
    TRUE_(memcmp(to + y * stride, whole + y * row, row) == 0);
    if (y + 1 < H) TRUE_(untouched(to + y * stride + row, stride - row));
  }
  release(to, needed);
}

/* Every size up to one less than the right one, at some strides; every stride up to some. */
static void sizes_of(reader *read, size_t element, const bluegrad_generator *generator) {
  const size_t row = W * element;
  const size_t strides[] = {0, row, row + element, row + 7 * element};
  unsigned char *whole = block(H * row), *to;
  size_t i, size;
  EXPECT(OK, read(generator, whole, H * row, NULL));
  for (i = 0; i < LENGTH(strides); i++) {
    const size_t needed = (strides[i] ? strides[i] : row) * (H - 1) + row;
    for (size = 0; size < needed; size += quick && size > 70 && size + 8 < needed ? 7 : 1) {
      to = block(size);
      EXPECT(ERROR_LENGTH, strided(read, generator, to, size, strides[i]));
      TRUE_(untouched(to, size));
      release(to, size);
    }
  }
  for (i = 1; i < 2 * row; i++) {
    if (i >= row && i % element == 0) {
      rows(read, element, generator, whole, i);
    } else {
      to = block(H * 2 * row);
      EXPECT(ERROR_STRIDE, strided(read, generator, to, H * 2 * row, i));
      TRUE_(untouched(to, H * 2 * row));
      release(to, H * 2 * row);
    }
  }
  release(whole, H * row);
}

static void pointers(reader *read, size_t count, size_t element, bluegrad_generator *generator, size_t memory) {
  const size_t bytes = count * element;
  unsigned char *to = block(bytes + 64), *kept = block(memory);
  size_t i;
  memcpy(kept, generator, memory);
  EXPECT(ERROR_NULL, read(NULL, to, bytes, NULL));
  EXPECT(ERROR_NULL, read(generator, NULL, bytes, NULL));
  EXPECT(ERROR_LENGTH, read(generator, NULL, 0, NULL));
  EXPECT(ERROR_LENGTH, strided(read, generator, to, bytes, SIZE_MAX - element + 1));
  EXPECT(ERROR_LENGTH, strided(read, generator, to, bytes, (SIZE_MAX / H + 1) / element * element));
  EXPECT(ERROR_OVERLAP, read(generator, generator, bytes, NULL));
  EXPECT(ERROR_OVERLAP, read(generator, (unsigned char *)generator + memory - element, bytes, NULL));
  for (i = 1; i < 64; i++) {
    if (i % element != 0) EXPECT(ERROR_MISALIGNED, read(generator, to + i, bytes, NULL));
  }
  TRUE_(untouched(to, bytes + 64) && memcmp(kept, generator, memory) == 0);
  for (i = element; i < 64; i += element) EXPECT(OK, read(generator, to + i, bytes, NULL));
  {
    const bluegrad_status status = read(generator, to, SIZE_MAX, NULL);
    TRUE_(status == BLUEGRAD_ERROR_LENGTH || status == BLUEGRAD_ERROR_OVERLAP);
  }
  release(to, bytes + 64);
  release(kept, memory);
}

static void floats(const bluegrad_generator *generator) {
  static const bluegrad_range beyond[] = {2, 3, 255, 256, 1u << 16, 1u << 31, UINT32_MAX};
  static unsigned char room[sizeof(bluegrad_distribution) + 64];
  const bluegrad_distribution uniform = {0, 0.0f, {0}}, table = {BLUEGRAD_DISTRIBUTION_KIND_TABLE, 0.0f, {0}};
  const bluegrad_distribution narrow = {BLUEGRAD_DISTRIBUTION_KIND_GAUSSIAN, 0.1f, {0}};
  bluegrad_distribution unknown = uniform;
  float *to = block(N * sizeof *to);
  size_t i;
  for (i = 0; i < LENGTH(beyond); i++) {
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_f32(generator, to, N * sizeof *to, NULL, beyond[i], NULL));
    unknown.kind = beyond[i] < 4 ? beyond[i] + 2 : beyond[i];
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_f32(generator, to, N * sizeof *to, NULL, 0, &unknown));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_u8_as(generator, (uint8_t *)to, N, NULL, &unknown));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_u16_as(generator, (uint16_t *)(void *)to, 2 * N, NULL, &unknown));
  }
  EXPECT(ERROR_NUMBER, bluegrad_read_f32(generator, to, N * sizeof *to, NULL, 0, &narrow));
  EXPECT(ERROR_NULL, bluegrad_read_u8_as(generator, (uint8_t *)to, N, NULL, NULL));
  EXPECT(ERROR_NULL, bluegrad_read_u16_as(generator, (uint16_t *)(void *)to, 2 * N, NULL, NULL));
  EXPECT(ERROR_NUMBER, bluegrad_read_u8_as(generator, (uint8_t *)to, N, NULL, &narrow));
  EXPECT(ERROR_DISTRIBUTION_TABLE, bluegrad_read_u16_as(generator, (uint16_t *)(void *)to, 2 * N, NULL, &table));
  EXPECT(ERROR_DISTRIBUTION_TABLE, bluegrad_read_f32(generator, to, N * sizeof *to, NULL, 0, &table));
  TRUE_(untouched(to, N * sizeof *to));
  EACH_MISALIGNMENT(bluegrad_distribution, room, memcpy((void *)p, &uniform, sizeof uniform), OK,
                    bluegrad_read_f32(generator, to, N * sizeof *to, NULL, 0, p));
  EACH_MISALIGNMENT(bluegrad_distribution, room, memcpy((void *)p, &uniform, sizeof uniform), OK,
                    bluegrad_read_u8_as(generator, (uint8_t *)to, N, NULL, p));
  release(to, N * sizeof *to);
}

static void two_levels(const bluegrad_generator *generator) {
  uint8_t *to = block(N);
  static const bluegrad_mix beyond[] = {2, 3, 255, 256, 1u << 16, 1u << 31, UINT32_MAX};
  size_t i;
  for (i = 0; i < LENGTH(beyond); i++) {
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_two_level_texels(generator, to, N, NULL, 0, UINT16_MAX, beyond[i]));
  }
  EXPECT(ERROR_VALUES, bluegrad_read_two_level_texels(generator, to, N, NULL, 7, 7, BLUEGRAD_MIX_CODES));
  EXPECT(ERROR_VALUES, bluegrad_read_two_level_texels(generator, to, N, NULL, UINT16_MAX, 0, BLUEGRAD_MIX_LIGHT));
  TRUE_(untouched(to, N));
  EXPECT(OK, bluegrad_read_two_level_texels(generator, to, N, NULL, 7, 8, BLUEGRAD_MIX_CODES));
  release(to, N);
}

/* The present values after each step, in rows that lie apart: those of rows without a gap. */
static void drafts(void) {
  unsigned char *whole = block(N * sizeof(float));
  bluegrad_preset preset;
  for (preset = 0; bluegrad_preset_name(preset) != NULL; preset++) {
    bluegrad_config config = configured(preset, W, H);
    bluegrad_generator *generator;
    bluegrad_report report = {0};
    if (bluegrad_config_check(&config, NULL, 0) != BLUEGRAD_OK) continue; /* the shape is none of this preset's */
    generator = run(&config, 0);
    for (; !report.done; bluegrad_step(generator, 1, NULL, &report)) {
      EXPECT(OK, bluegrad_read_values(generator, (float *)(void *)whole, N * sizeof(float), NULL));
      rows(read_values, sizeof(float), generator, whole, W * sizeof(float));
      rows(read_values, sizeof(float), generator, whole, (W + 5) * sizeof(float));
    }
    free(generator);
  }
  release(whole, N * sizeof(float));
}

enum { LAYERS = 3, CHANNELS = 4, ELEMENTS = N * LAYERS * CHANNELS };

/* A mask of layers and channels, whose ranks are random: a polish without a step. */
static bluegrad_generator *volume(size_t *memory) {
  bluegrad_config config = of_kind(BLUEGRAD_STAGE_KIND_POLISH, W, H);
  bluegrad_generator *generator = NULL;
  uint16_t *values = block(ELEMENTS * sizeof *values);
  size_t i;
  config.stages[0].data.polish.steps = 0;
  config.shape.layers = LAYERS;
  config.shape.channels = CHANNELS;
  EXPECT(OK, bluegrad_config_refine(&config));
  for (i = 0; i < ELEMENTS; i++) values[i] = (uint16_t)draw();
  *memory = bluegrad_memory_size(&config);
  EXPECT(OK, bluegrad_load_u16(block(*memory), *memory, &config, values, ELEMENTS * sizeof *values, NULL, NULL, &generator));
  if (!generator) exit(2);
  EXPECT(OK, bluegrad_step(generator, UINT32_MAX, NULL, NULL));
  release(values, ELEMENTS * sizeof *values);
  return generator;
}

/* A region at some strides: each element is that of the whole mask, and nothing is written between. With one byte less: an error. */
static void region_of(reader *read, size_t element, const bluegrad_generator *generator, const unsigned char *whole,
                      const bluegrad_region *region) {
  const size_t layers = region->layers ? region->layers : LAYERS - region->layer;
  const size_t channels = region->channels ? region->channels : CHANNELS - region->channel;
  const size_t pixel = channels * element, beside = region->pixel_stride ? region->pixel_stride : pixel;
  const size_t row = (W - 1) * beside + pixel, stride = region->row_stride ? region->row_stride : W * beside;
  const size_t apart = region->layer_stride ? region->layer_stride : H * stride;
  const size_t needed = (layers - 1) * apart + (H - 1) * stride + row;
  unsigned char *to = block(needed), *expected = block(needed);
  size_t layer, y, x, channel;
  for (layer = 0; layer < layers; layer++) {
    for (y = 0; y < H; y++) {
      for (x = 0; x < W; x++) {
        for (channel = 0; channel < channels; channel++) {
          const size_t from = (((layer + region->layer) * H + y) * W + x) * CHANNELS + channel + region->channel;
          memcpy(expected + layer * apart + y * stride + x * beside + channel * element, whole + from * element, element);
        }
      }
    }
  }
  EXPECT(OK, read(generator, to, needed, region));
  TRUE_(memcmp(to, expected, needed) == 0);
  release(to, needed);
  to = block(needed - 1);
  EXPECT(ERROR_LENGTH, read(generator, to, needed - 1, region));
  TRUE_(untouched(to, needed - 1));
  release(to, needed - 1);
  release(expected, needed);
}

/* Layers and channels that are there, and some that are not. */
static void regions(reader *read, size_t element, const bluegrad_generator *generator) {
  static const uint32_t beyond[] = {0, 1, 2, 3, 4, 5, 256, UINT32_MAX - 1, UINT32_MAX};
  const size_t bytes = ELEMENTS * element, row = W * element;
  unsigned char *whole = block(bytes), *to = block(2 * bytes), room[sizeof(bluegrad_region) + 64];
  bluegrad_region region = {0, 0, 0, 0, 0, 0, 0};
  size_t i, k;
  EXPECT(OK, read(generator, whole, bytes, NULL));
  for (i = 0; i < LENGTH(beyond); i++) {
    for (k = 0; k < LENGTH(beyond); k++) {
      const uint64_t end = (uint64_t)beyond[i] + beyond[k];
      region.layer = beyond[i], region.layers = beyond[k];
      region.channel = 0, region.channels = 1;
      if (beyond[i] < LAYERS && end <= LAYERS) {
        region_of(read, element, generator, whole, &region);
      } else {
        EXPECT(ERROR_PLANE, read(generator, to, 2 * bytes, &region));
      }
      region.layer = 1, region.layers = 0;
      region.channel = beyond[i], region.channels = beyond[k];
      if (beyond[i] < CHANNELS && end <= CHANNELS) {
        region_of(read, element, generator, whole, &region);
      } else {
        EXPECT(ERROR_PLANE, read(generator, to, 2 * bytes, &region));
      }
    }
  }
  region.layer = 0, region.channel = 1, region.channels = 2;
  for (region.row_stride = 0; region.row_stride < 4 * row; region.row_stride += region.row_stride ? element : 2 * row) {
    const size_t stride = region.row_stride ? region.row_stride : 2 * row, layer = (H - 1) * stride + 2 * row;
    if (region.row_stride > 2 * row + 2 * element && region.row_stride < 4 * row - element) continue;
    region.layer_stride = 0;
    region_of(read, element, generator, whole, &region);
    for (i = 0; i < 4; i++) {
      region.layer_stride = layer + i * element;
      region_of(read, element, generator, whole, &region);
    }
    for (region.layer_stride = 1; region.layer_stride < layer; region.layer_stride += quick ? 37 : 1) {
      EXPECT(ERROR_STRIDE, read(generator, to, 2 * bytes, &region));
    }
    if (element > 1) {
      region.layer_stride = layer + 1;
      EXPECT(ERROR_STRIDE, read(generator, to, 2 * bytes, &region));
    }
    region.layer_stride = SIZE_MAX / 2 / element * element + element;
    EXPECT(ERROR_LENGTH, read(generator, to, 2 * bytes, &region));
  }
  /* pixels that lie apart, too near and between elements; so far apart that no memory has them */
  for (region.channels = 1; region.channels <= 3; region.channels++) {
    const size_t pixel = region.channels * element;
    region.layer_stride = region.row_stride = 0;
    for (region.pixel_stride = 1; region.pixel_stride < 5 * element + 2; region.pixel_stride++) {
      const size_t span = (W - 1) * region.pixel_stride + pixel;
      region.row_stride = 0;
      if (region.pixel_stride < pixel || region.pixel_stride % element != 0) {
        EXPECT(ERROR_STRIDE, read(generator, to, 2 * bytes, &region));
        continue;
      }
      region_of(read, element, generator, whole, &region);
      region.row_stride = span;
      region_of(read, element, generator, whole, &region);
      region.row_stride = span - element;
      EXPECT(ERROR_STRIDE, read(generator, to, 2 * bytes, &region));
    }
    region.row_stride = 0;
    region.pixel_stride = SIZE_MAX / element * element;
    EXPECT(ERROR_LENGTH, read(generator, to, 2 * bytes, &region));
    region.pixel_stride = SIZE_MAX / W / element * element;
    EXPECT(ERROR_LENGTH, read(generator, to, 2 * bytes, &region));
  }
  TRUE_(untouched(to, 2 * bytes));
  memset(&region, 0, sizeof region);
  EACH_MISALIGNMENT(bluegrad_region, room, memcpy((void *)p, &region, sizeof region), OK, read(generator, to, 2 * bytes, p));
  release(to, 2 * bytes);
  release(whole, bytes);
}

/* Pixels that lie apart in rows of more than the library takes at a time. */
static void apart(reader *read, size_t element, const bluegrad_generator *generator, size_t width, size_t height) {
  const size_t pixels = width * height, stride = 3 * element, needed = stride * (pixels - 1) + element;
  unsigned char *whole = block(pixels * element), *to = block(needed), *wanted = block(needed);
  bluegrad_region region = {0, 0, 0, 0, 0, 0, 0};
  size_t i;
  region.pixel_stride = stride;
  EXPECT(OK, read(generator, whole, pixels * element, NULL));
  for (i = 0; i < pixels; i++) memcpy(wanted + i * stride, whole + i * element, element);
  EXPECT(OK, read(generator, to, needed, &region));
  TRUE_(memcmp(to, wanted, needed) == 0);
  release(whole, pixels * element);
  release(to, needed);
  release(wanted, needed);
}

void reading(void) {
  static const struct {
    reader *read;
    size_t element;
  } types[] = {{read_u8, 1},        {read_u16, 2},        {read_f32, 4},        {read_ranks, 4}, {read_ranks_u16, 2},
               {read_u8_as, 1},      {read_u16_as, 2},
               {read_texels, 1},    {read_thresholds, 2}, {read_two_levels, 1}, {read_values, 4}};
  const bluegrad_config config = configured(BLUEGRAD_PRESET_DITHER, W, H);
  const bluegrad_config large = of_kind(BLUEGRAD_STAGE_KIND_FILL, 264, 256);
  const bluegrad_config wide = of_kind(BLUEGRAD_STAGE_KIND_FILL, 136, 8);
  bluegrad_generator *generator = run(&config, UINT32_MAX);
  const size_t memory = bluegrad_memory_size(&config);
  size_t i, bytes;
  for (i = 0; i < LENGTH(types); i++) {
    sizes_of(types[i].read, types[i].element, generator);
    pointers(types[i].read, N, types[i].element, generator, memory);
  }
  floats(generator);
  two_levels(generator);
  free(generator);
  generator = volume(&bytes);
  for (i = 0; i < LENGTH(types); i++) {
    regions(types[i].read, types[i].element, generator);
    pointers(types[i].read, LAYERS * CHANNELS * N, types[i].element, generator, bytes);
  }
  free(generator);
  generator = run(&wide, UINT32_MAX);
  for (i = 0; i < LENGTH(types); i++) apart(types[i].read, types[i].element, generator, 136, 8);
  free(generator);
  drafts();
  if (!quick) {
    uint16_t *to = block(bytes = (size_t)264 * 256 * 2);
    generator = run(&large, UINT32_MAX);
    EXPECT(ERROR_TOO_MANY_PIXELS, bluegrad_read_ranks_u16(generator, to, bytes, NULL));
    TRUE_(untouched(to, bytes));
    release(to, bytes);
    free(generator);
  }
}
