/* Masks read into every size, stride and address. */
#include "misuse.h"

enum { W = 24, H = 16, N = W * H };

typedef bluegrad_status reader(const bluegrad_generator *, void *, size_t, size_t);

/* The functions as one. */
static bluegrad_status read_u8(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_u8(generator, to, size, stride);
}
static bluegrad_status read_u16(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_u16(generator, to, size, stride);
}
static bluegrad_status read_f32(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_f32(generator, to, size, stride, BLUEGRAD_RANGE_SIGNED, NULL);
}
static bluegrad_status read_ranks(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_ranks(generator, to, size, stride);
}
static bluegrad_status read_ranks_u16(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_ranks_u16(generator, to, size, stride);
}
static bluegrad_status read_texels(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_dither_texels(generator, to, size, stride);
}
static bluegrad_status read_thresholds(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_thresholds(generator, to, size, stride);
}
static bluegrad_status read_two_levels(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_two_level_texels(generator, to, size, stride, 0, UINT16_MAX, BLUEGRAD_MIX_LIGHT);
}
static bluegrad_status read_values(const bluegrad_generator *generator, void *to, size_t size, size_t stride) {
  return bluegrad_read_values((bluegrad_generator *)generator, to, size, stride);
}

/* Rows at a stride: the same bytes as without a gap, and none between them. */
static void rows(reader *read, size_t element, const bluegrad_generator *generator, const unsigned char *whole, size_t stride) {
  const size_t row = W * element, needed = stride * (H - 1) + row;
  unsigned char *to = block(needed);
  size_t y;
  EXPECT(OK, read(generator, to, needed, stride));
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
  EXPECT(OK, read(generator, whole, H * row, 0));
  for (i = 0; i < LENGTH(strides); i++) {
    const size_t needed = (strides[i] ? strides[i] : row) * (H - 1) + row;
    for (size = 0; size < needed; size += quick && size > 70 && size + 8 < needed ? 7 : 1) {
      to = block(size);
      EXPECT(ERROR_LENGTH, read(generator, to, size, strides[i]));
      TRUE_(untouched(to, size));
      release(to, size);
    }
  }
  for (i = 1; i < 2 * row; i++) {
    if (i >= row && i % element == 0) {
      rows(read, element, generator, whole, i);
    } else {
      to = block(H * 2 * row);
      EXPECT(ERROR_STRIDE, read(generator, to, H * 2 * row, i));
      TRUE_(untouched(to, H * 2 * row));
      release(to, H * 2 * row);
    }
  }
  release(whole, H * row);
}

static void pointers(reader *read, size_t element, bluegrad_generator *generator, size_t memory) {
  const size_t bytes = N * element;
  unsigned char *to = block(bytes + 64), *kept = block(memory);
  size_t i;
  memcpy(kept, generator, memory);
  EXPECT(ERROR_NULL, read(NULL, to, bytes, 0));
  EXPECT(ERROR_NULL, read(generator, NULL, bytes, 0));
  EXPECT(ERROR_LENGTH, read(generator, NULL, 0, 0));
  EXPECT(ERROR_LENGTH, read(generator, to, bytes, SIZE_MAX - element + 1));
  EXPECT(ERROR_LENGTH, read(generator, to, bytes, (SIZE_MAX / H + 1) / element * element));
  EXPECT(ERROR_OVERLAP, read(generator, generator, bytes, 0));
  EXPECT(ERROR_OVERLAP, read(generator, (unsigned char *)generator + memory - element, bytes, 0));
  for (i = 1; i < 64; i++) {
    if (i % element != 0) EXPECT(ERROR_MISALIGNED, read(generator, to + i, bytes, 0));
  }
  TRUE_(untouched(to, bytes + 64) && memcmp(kept, generator, memory) == 0);
  for (i = element; i < 64; i += element) EXPECT(OK, read(generator, to + i, bytes, 0));
  {
    const bluegrad_status status = read(generator, to, SIZE_MAX, 0);
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
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_f32(generator, to, N * sizeof *to, 0, beyond[i], NULL));
    unknown.kind = beyond[i] < 4 ? beyond[i] + 2 : beyond[i];
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_f32(generator, to, N * sizeof *to, 0, 0, &unknown));
  }
  EXPECT(ERROR_NUMBER, bluegrad_read_f32(generator, to, N * sizeof *to, 0, 0, &narrow));
  EXPECT(ERROR_DISTRIBUTION_TABLE, bluegrad_read_f32(generator, to, N * sizeof *to, 0, 0, &table));
  TRUE_(untouched(to, N * sizeof *to));
  EACH_MISALIGNMENT(bluegrad_distribution, room, memcpy((void *)p, &uniform, sizeof uniform), OK,
                    bluegrad_read_f32(generator, to, N * sizeof *to, 0, 0, p));
  release(to, N * sizeof *to);
}

static void two_levels(const bluegrad_generator *generator) {
  uint8_t *to = block(N);
  static const bluegrad_mix beyond[] = {2, 3, 255, 256, 1u << 16, 1u << 31, UINT32_MAX};
  size_t i;
  for (i = 0; i < LENGTH(beyond); i++) {
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_read_two_level_texels(generator, to, N, 0, 0, UINT16_MAX, beyond[i]));
  }
  EXPECT(ERROR_VALUES, bluegrad_read_two_level_texels(generator, to, N, 0, 7, 7, BLUEGRAD_MIX_CODES));
  EXPECT(ERROR_VALUES, bluegrad_read_two_level_texels(generator, to, N, 0, UINT16_MAX, 0, BLUEGRAD_MIX_LIGHT));
  TRUE_(untouched(to, N));
  EXPECT(OK, bluegrad_read_two_level_texels(generator, to, N, 0, 7, 8, BLUEGRAD_MIX_CODES));
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
      EXPECT(OK, bluegrad_read_values(generator, (float *)(void *)whole, N * sizeof(float), 0));
      rows(read_values, sizeof(float), generator, whole, W * sizeof(float));
      rows(read_values, sizeof(float), generator, whole, (W + 5) * sizeof(float));
    }
    free(generator);
  }
  release(whole, N * sizeof(float));
}

void reading(void) {
  static const struct {
    reader *read;
    size_t element;
  } types[] = {{read_u8, 1},        {read_u16, 2},        {read_f32, 4},        {read_ranks, 4}, {read_ranks_u16, 2},
               {read_texels, 1},    {read_thresholds, 2}, {read_two_levels, 1}, {read_values, 4}};
  const bluegrad_config config = configured(BLUEGRAD_PRESET_DITHER, W, H);
  const bluegrad_config large = of_kind(BLUEGRAD_STAGE_KIND_FILL, 264, 256);
  bluegrad_generator *generator = run(&config, UINT32_MAX);
  const size_t memory = bluegrad_memory_size(&config);
  size_t i;
  for (i = 0; i < LENGTH(types); i++) {
    sizes_of(types[i].read, types[i].element, generator);
    pointers(types[i].read, types[i].element, generator, memory);
  }
  floats(generator);
  two_levels(generator);
  free(generator);
  drafts();
  if (!quick) {
    const size_t bytes = (size_t)264 * 256 * 2;
    uint16_t *to = block(bytes);
    generator = run(&large, UINT32_MAX);
    EXPECT(ERROR_TOO_MANY_PIXELS, bluegrad_read_ranks_u16(generator, to, bytes, 0));
    TRUE_(untouched(to, bytes));
    release(to, bytes);
    free(generator);
  }
}
