/* Dithering of rows. */
#include "misuse.h"

enum { W = 3, H = 5, COLORS = 3 };

/* What dithers point to, each in exactly its bytes. */
static uint8_t *texels, *values;
static uint16_t *thresholds, *palette;
static uint32_t *table, *small_table, *pairs;
static size_t palette_words;

static void prepare(void) {
  static const uint16_t outputs[] = {0, 100 * 257, UINT16_MAX};
  static const uint8_t colors[] = {0, 0, 0, 255, 255, 255, 200, 30, 20};
  size_t i;
  texels = block(W * H);
  values = block(256);
  thresholds = block(W * H * sizeof *thresholds);
  table = block(65536 * sizeof *table);
  small_table = block(256 * sizeof *table);
  pairs = block(512 * sizeof *pairs);
  palette_words = bluegrad_palette_words(COLORS, 9);
  palette = block(palette_words * sizeof *palette);
  for (i = 0; i < W * H; i++) {
    texels[i] = (uint8_t)(i * 17);
    thresholds[i] = (uint16_t)(i * 4369);
  }
  for (i = 0; i < 256; i++) values[i] = (uint8_t)(255 - i);
  EXPECT(OK, bluegrad_tone_fill(outputs, 3, BLUEGRAD_MIX_LIGHT, W * H, table, 65536));
  EXPECT(OK, bluegrad_tone_fill(outputs, 3, BLUEGRAD_MIX_CODES, 256, small_table, 256));
  EXPECT(OK, bluegrad_tone_fill_pairs(outputs, 3, BLUEGRAD_MIX_CODES, 256, pairs));
  EXPECT(OK, bluegrad_palette_build(colors, COLORS, BLUEGRAD_FIT_NONE, 0.002f, 9, palette, palette_words));
}

static void clean(void) {
  free(texels);
  free(values);
  free(thresholds);
  free(table);
  free(small_table);
  free(pairs);
  free(palette);
}

/* A dither with all that its form needs, and nothing else. */
static bluegrad_dither formed(bluegrad_levels form, bluegrad_sample sample, uint32_t channels, bluegrad_sink sink) {
  bluegrad_dither dither;
  uint32_t i;
  EXPECT(OK, bluegrad_dither_default(&dither, sizeof dither, texels, W, H, 4));
  dither.form = form;
  dither.sample = sample;
  dither.channels = channels;
  dither.sink = sink;
  dither.level = level;
  dither.x = dither.y = dither.channel_offsets[2][1] = UINT32_MAX;
  for (i = 0; i < channels; i++) {
    if (form == BLUEGRAD_LEVELS_TABLE) dither.tables[i] = sample == BLUEGRAD_SAMPLE_U8 ? small_table : table;
    if (form == BLUEGRAD_LEVELS_PAIRS) dither.tables[i] = pairs;
    if (sink == BLUEGRAD_SINK_MAPPED && (i == 0 || form != BLUEGRAD_LEVELS_PALETTE)) dither.values[i] = values;
  }
  if (form == BLUEGRAD_LEVELS_PALETTE) {
    dither.palette = palette;
    dither.palette_words = palette_words;
  }
  return dither;
}

static size_t element_of(bluegrad_sample sample) {
  return sample == BLUEGRAD_SAMPLE_U8 ? 1 : sample == BLUEGRAD_SAMPLE_U16 ? 2 : 4;
}

/* Whether such levels have such a form. */
static int fits(bluegrad_levels form, bluegrad_sample sample, uint32_t channels, bluegrad_sink sink) {
  const int colors = form == BLUEGRAD_LEVELS_PALETTE;
  if (form == BLUEGRAD_LEVELS_PAIRS && sample == BLUEGRAD_SAMPLE_U8) return 0;
  if (sink == BLUEGRAD_SINK_VALUES) return !colors;
  if (sink == BLUEGRAD_SINK_PLANES) return colors || channels == 1;
  if (sink == BLUEGRAD_SINK_RGB332 || sink == BLUEGRAD_SINK_RGB565) return !colors && channels == 3;
  return 1;
}

/* Bytes of a row, by hand: 4 levels, or 3, have 2 bits. */
static size_t row_of(bluegrad_levels form, bluegrad_sink sink, size_t samples) {
  const size_t count = form == BLUEGRAD_LEVELS_PALETTE ? samples / 3 : samples;
  if (sink == BLUEGRAD_SINK_PACKED) return (2 * count + 7) / 8;
  if (sink == BLUEGRAD_SINK_PLANES) return (count + 7) / 8;
  if (sink == BLUEGRAD_SINK_RGB332) return samples / 3;
  if (sink == BLUEGRAD_SINK_RGB565) return samples / 3 * 2;
  return count;
}

/* Two rows of each number of samples, into every size around the right one. */
static void sizes_of(const bluegrad_dither *dither) {
  const size_t element = element_of(dither->sample), most = quick ? 7 : 31;
  const int planes = dither->sink == BLUEGRAD_SINK_PLANES;
  size_t samples, size;
  for (samples = 0; samples < most; samples++) {
    const int whole = samples % dither->channels == 0;
    const size_t row = whole ? row_of(dither->form, dither->sink, samples) : 0, needed = row * (planes ? 4 : 2);
    void *from = block(2 * samples * element);
    memset(from, 0, 2 * samples * element);
    TRUE_(bluegrad_dither_row_size(dither, samples) == row);
    for (size = quick && needed > 3 ? needed - 3 : 0; size < needed + 3; size++) {
      uint8_t *to = block(size);
      const bluegrad_status status = bluegrad_dither_rows(dither, UINT32_MAX, 2, from, samples, to, size);
      TRUE_(status == (whole && size >= needed ? BLUEGRAD_OK : BLUEGRAD_ERROR_LENGTH));
      TRUE_(status == BLUEGRAD_OK ? untouched(to + needed, size - needed) : untouched(to, size));
      release(to, size);
    }
    release(from, 2 * samples * element);
  }
}

/* Each combination of choices. */
static void forms(void) {
  uint32_t form, sample, channels, sink;
  for (form = 0; form <= BLUEGRAD_LEVELS_PALETTE; form++) {
    for (sample = 0; sample <= BLUEGRAD_SAMPLE_F32; sample++) {
      for (channels = 1; channels <= 3; channels += 2) {
        for (sink = 0; sink <= BLUEGRAD_SINK_RGB565; sink++) {
          bluegrad_dither dither = formed(form, sample, channels, sink);
          uint8_t from[48] = {0}, *to = block(64);
          if (form == BLUEGRAD_LEVELS_PALETTE && channels == 1) {
            EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_dither_rows(&dither, 0, 1, from, 3, to, 64));
            TRUE_(bluegrad_dither_row_size(&dither, 3) == 0);
          } else if (!fits(form, sample, channels, sink)) {
            EXPECT(ERROR_SINK, bluegrad_dither_rows(&dither, 0, 1, from, 3, to, 64));
            EXPECT(ERROR_SINK, bluegrad_dither_rows(&dither, 0, 0, from, 3, to, 64));
            TRUE_(bluegrad_dither_row_size(&dither, 3) == 0);
          } else {
            sizes_of(&dither);
            dither.mask = thresholds;
            dither.mask_bits = 16;
            sizes_of(&dither);
          }
          TRUE_(bluegrad_dither_rows(&dither, 0, 1, from, 3, to, 64) == BLUEGRAD_OK || untouched(to, 64));
          release(to, 64);
        }
      }
    }
  }
}

/* Rows at strides: the same bytes as without a gap, and none between them. */
static void strides(void) {
  static const uint32_t samples[] = {BLUEGRAD_SAMPLE_U8, BLUEGRAD_SAMPLE_U16, BLUEGRAD_SAMPLE_F32};
  enum { MANY = 21, ROWS = 4 };
  size_t i, y, stride;
  for (i = 0; i < LENGTH(samples); i++) {
    const size_t element = element_of(samples[i]), row = MANY * element;
    bluegrad_dither dither = formed(BLUEGRAD_LEVELS_EVEN, samples[i], 1, BLUEGRAD_SINK_PACKED);
    const size_t packed = bluegrad_dither_row_size(&dither, MANY);
    unsigned char *from = block(ROWS * row), *whole = block(ROWS * packed);
    memset(from, 0x3d, ROWS * row);
    EXPECT(OK, bluegrad_dither_rows(&dither, 7, ROWS, from, MANY, whole, ROWS * packed));
    for (stride = 1; stride < 2 * row; stride++) {
      const size_t bytes = stride * (ROWS - 1) + row;
      unsigned char *apart = block(bytes), *to = block(ROWS * packed);
      dither.from_stride = stride;
      for (y = 0; stride >= row && y < ROWS; y++) memcpy(apart + y * stride, from + y * row, row);
      if (stride >= row && stride % element == 0) {
        EXPECT(OK, bluegrad_dither_rows(&dither, 7, ROWS, apart, MANY, to, ROWS * packed));
        TRUE_(memcmp(to, whole, ROWS * packed) == 0);
      } else {
        EXPECT(ERROR_STRIDE, bluegrad_dither_rows(&dither, 7, ROWS, apart, MANY, to, ROWS * packed));
        TRUE_(untouched(to, ROWS * packed));
      }
      release(to, ROWS * packed);
      release(apart, bytes);
    }
    dither.from_stride = 0;
    for (stride = 1; stride < 3 * packed; stride++) {
      const size_t bytes = stride * (ROWS - 1) + packed;
      unsigned char *to = block(bytes);
      dither.to_stride = stride;
      if (stride < packed) {
        EXPECT(ERROR_STRIDE, bluegrad_dither_rows(&dither, 7, ROWS, from, MANY, to, bytes));
        TRUE_(untouched(to, bytes));
      } else {
        EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 7, ROWS, from, MANY, to, bytes - 1));
        TRUE_(untouched(to, bytes));
        EXPECT(OK, bluegrad_dither_rows(&dither, 7, ROWS, from, MANY, to, bytes));
        for (y = 0; y < ROWS; y++) {
          TRUE_(memcmp(to + y * stride, whole + y * packed, packed) == 0);
          if (y + 1 < ROWS) TRUE_(untouched(to + y * stride + packed, stride - packed));
        }
      }
      release(to, bytes);
    }
    release(from, ROWS * row);
    release(whole, ROWS * packed);
  }
}

/* Plane 1 wherever it may lie. */
static void planes(void) {
  enum { MANY = 20, ROW = 3, ROWS = 3, STRIDE = 5, PLANE = STRIDE * (ROWS - 1) + ROW };
  bluegrad_dither dither = formed(BLUEGRAD_LEVELS_EVEN, BLUEGRAD_SAMPLE_U8, 1, BLUEGRAD_SINK_PLANES);
  uint8_t *from = block(ROWS * MANY), *whole = block(2 * ROWS * ROW);
  size_t y;
  memset(from, 150, ROWS * MANY);
  EXPECT(OK, bluegrad_dither_rows(&dither, 0, ROWS, from, MANY, whole, 2 * ROWS * ROW));
  dither.to_stride = STRIDE;
  for (dither.plane_offset = 1; dither.plane_offset < 2 * PLANE; dither.plane_offset++) {
    const size_t bytes = dither.plane_offset + PLANE;
    uint8_t *to = block(bytes);
    if (dither.plane_offset < PLANE) {
      EXPECT(ERROR_STRIDE, bluegrad_dither_rows(&dither, 0, ROWS, from, MANY, to, bytes));
      TRUE_(untouched(to, bytes));
    } else {
      EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, ROWS, from, MANY, to, bytes - 1));
      TRUE_(untouched(to, bytes));
      EXPECT(OK, bluegrad_dither_rows(&dither, 0, ROWS, from, MANY, to, bytes));
      for (y = 0; y < ROWS; y++) {
        TRUE_(memcmp(to + y * STRIDE, whole + y * ROW, ROW) == 0);
        TRUE_(memcmp(to + dither.plane_offset + y * STRIDE, whole + (ROWS + y) * ROW, ROW) == 0);
      }
      TRUE_(untouched(to + PLANE, dither.plane_offset - PLANE) && untouched(to + ROW, STRIDE - ROW));
    }
    release(to, bytes);
  }
  dither.plane_offset = SIZE_MAX;
  EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, ROWS, from, MANY, whole, 2 * ROWS * ROW));
  /* of other forms it is no part */
  dither.sink = BLUEGRAD_SINK_PACKED;
  dither.to_stride = 0;
  dither.plane_offset = 1;
  EXPECT(OK, bluegrad_dither_rows(&dither, 0, 1, from, MANY, whole, 5));
  release(from, ROWS * MANY);
  release(whole, 2 * ROWS * ROW);
}

#define BAD(status, edit) \
  do { \
    bluegrad_dither bad = good; \
    edit; \
    EXPECT(status, bluegrad_dither_rows(&bad, 0, 1, from, 12, to, 48)); \
    EXPECT(status, bluegrad_dither_rows(&bad, 0, 0, from, 0, to, 48)); \
    TRUE_(bluegrad_dither_row_size(&bad, 12) == 0 && untouched(to, 48)); \
  } while (0)

/* Each value that a choice does not have. */
#define UNKNOWN(choice, count) \
  do { \
    static const uint32_t beyond_[] = {0, 1, 2, 255, 256, 257, 1u << 16, 1u << 24, INT32_MAX, 1u << 31, UINT32_MAX - 1, UINT32_MAX}; \
    size_t i_; \
    for (i_ = 0; i_ < LENGTH(beyond_); i_++) { \
      BAD(ERROR_UNKNOWN_VALUE, bad.choice = beyond_[i_] < 3 ? (count) + beyond_[i_] : beyond_[i_]); \
    } \
  } while (0)

static void fields(bluegrad_levels form) {
  static const uint32_t channels[] = {0, 2, 4, 255, 257, 259, 1u << 31, UINT32_MAX};
  static const uint32_t bits[] = {0, 1, 7, 9, 15, 17, 24, 32, 264, 1u << 31, UINT32_MAX};
  static const uint32_t no_bits[] = {3, 5, 6, 7, 9, 16, 32, 257, 1u << 31, UINT32_MAX};
  const bluegrad_dither good = formed(form, BLUEGRAD_SAMPLE_U16, 3, BLUEGRAD_SINK_MAPPED);
  uint16_t from[12] = {0};
  uint8_t *to = block(48);
  size_t i;
  for (i = 0; i < LENGTH(channels); i++) BAD(ERROR_UNKNOWN_VALUE, bad.channels = channels[i]);
  for (i = 0; i < LENGTH(bits); i++) BAD(ERROR_UNKNOWN_VALUE, bad.mask_bits = bits[i]);
  for (i = 0; i < LENGTH(good.reserved); i++) BAD(ERROR_RESERVED, bad.reserved[i] = 1u << (31 - i));
  UNKNOWN(sample, 3);
  UNKNOWN(form, 4);
  UNKNOWN(sink, 7);
  UNKNOWN(bit_order, 2);
  UNKNOWN(byte_order, 2);
  UNKNOWN(level, 6);
  BAD(ERROR_NULL, bad.mask = NULL);
  BAD(ERROR_NULL, (bad.mask = NULL, bad.mask_bits = 16));
  BAD(ERROR_MISALIGNED, (bad.mask = (unsigned char *)thresholds + 1, bad.mask_bits = 16));
  BAD(ERROR_DITHER_SIZE, bad.width = 0);
  BAD(ERROR_DITHER_SIZE, bad.width = UINT32_MAX);
  BAD(ERROR_DITHER_SIZE, bad.height = 4097);
  for (i = 0; i < (form == BLUEGRAD_LEVELS_PALETTE ? 1 : 3); i++) BAD(ERROR_NULL, bad.values[i] = NULL);
  for (i = 0; i < LENGTH(no_bits); i++) BAD(ERROR_SINK, (bad.sink = BLUEGRAD_SINK_PACKED, bad.bits = no_bits[i]));
  BAD(ERROR_SINK, (bad.sink = BLUEGRAD_SINK_PACKED, bad.bits = 1));
  if (form == BLUEGRAD_LEVELS_EVEN) {
    for (i = 0; i < 3; i++) {
      BAD(ERROR_LEVELS, bad.levels[i] = 0);
      BAD(ERROR_LEVELS, bad.levels[i] = 1);
      BAD(ERROR_LEVELS, bad.levels[i] = 257);
      BAD(ERROR_LEVELS, bad.levels[i] = UINT32_MAX);
      BAD(ERROR_SINK, (bad.sink = BLUEGRAD_SINK_RGB332, bad.levels[i] = 9));
      BAD(ERROR_SINK, (bad.sink = BLUEGRAD_SINK_RGB565, bad.levels[i] = 65));
      BAD(ERROR_SINK, (bad.sink = BLUEGRAD_SINK_PACKED, bad.bits = 4, bad.levels[i] = 17));
    }
    BAD(ERROR_SINK, (bad.sink = BLUEGRAD_SINK_RGB565, bad.levels[2] = 33));
    BAD(ERROR_SINK, (bad.sink = BLUEGRAD_SINK_RGB332, bad.levels[2] = 5));
  }
  if (form == BLUEGRAD_LEVELS_TABLE || form == BLUEGRAD_LEVELS_PAIRS) {
    for (i = 0; i < 3; i++) {
      BAD(ERROR_NULL, bad.tables[i] = NULL);
      BAD(ERROR_MISALIGNED, bad.tables[i] = (const uint32_t *)(const void *)((const unsigned char *)bad.tables[i] + 2));
    }
  }
  if (form == BLUEGRAD_LEVELS_PAIRS) BAD(ERROR_SINK, bad.sample = BLUEGRAD_SAMPLE_U8);
  if (form == BLUEGRAD_LEVELS_PALETTE) {
    BAD(ERROR_NULL, bad.palette = NULL);
    BAD(ERROR_MISALIGNED, bad.palette = (const uint16_t *)(const void *)((const unsigned char *)palette + 1));
    BAD(ERROR_LENGTH, bad.palette_words--);
    BAD(ERROR_LENGTH, bad.palette_words = 5);
    BAD(ERROR_LENGTH, bad.palette_words = SIZE_MAX);
    BAD(ERROR_PALETTE_TABLE, bad.palette_words = 0);
    BAD(ERROR_PALETTE_TABLE, bad.palette_words = 3);
    BAD(ERROR_SINK, bad.sink = BLUEGRAD_SINK_VALUES);
  }
  release(to, 48);
}

/* A table of which one word is any other: refused, or indices below the number of colours. */
static void damaged_palette(void) {
  bluegrad_dither dither = formed(BLUEGRAD_LEVELS_PALETTE, BLUEGRAD_SAMPLE_U8, 3, BLUEGRAD_SINK_LEVELS);
  uint8_t from[3 * 64], to[64];
  size_t i, j, passed = 0, refused = 0;
  for (i = 0; i < sizeof from; i++) from[i] = (uint8_t)draw();
  for (i = 0; i < (quick ? 300 : 3000); i++) {
    const size_t at = i < 1600 && !quick ? i : draw() % palette_words;
    const uint16_t kept = palette[at];
    bluegrad_status status;
    palette[at] = (uint16_t)(i % 2 ? draw() : kept + 1u);
    status = bluegrad_dither_rows(&dither, 3, 1, from, sizeof from, to, sizeof to);
    TRUE_(status == BLUEGRAD_OK || status == BLUEGRAD_ERROR_PALETTE_TABLE || status == BLUEGRAD_ERROR_LENGTH);
    if (status == BLUEGRAD_OK) passed++;
    else refused++;
    for (j = 0; status == BLUEGRAD_OK && j < sizeof to; j++) TRUE_(to[j] < COLORS);
    palette[at] = kept;
  }
  TRUE_(passed > 0 && refused > 0);
}

/* Tables of any words make no level that is not in `values`. */
static void any_table(void) {
  bluegrad_dither dither = formed(BLUEGRAD_LEVELS_TABLE, BLUEGRAD_SAMPLE_U8, 1, BLUEGRAD_SINK_MAPPED);
  uint32_t *any = block(256 * sizeof *any), sink;
  uint8_t from[256], *to = block(256), *few;
  size_t i;
  for (i = 0; i < 256; i++) {
    any[i] = draw() << 8 ^ draw();
    from[i] = (uint8_t)i;
  }
  dither.tables[0] = any;
  for (any[255] = 0; any[255] < 5u << 24; any[255] += 1u << 24) {
    const size_t levels = (any[255] >> 24) + 1;
    few = block(levels);
    dither.values[0] = few;
    for (sink = 0; sink <= BLUEGRAD_SINK_PACKED; sink++) {
      dither.sink = sink;
      EXPECT(OK, bluegrad_dither_rows(&dither, 0, 1, from, 256, to, 256));
    }
    release(few, levels);
  }
  release(any, 256 * sizeof *any);
  release(to, 256);
}

/* Buffers that lie over each other. */
static void overlaps(void) {
  bluegrad_dither dither = formed(BLUEGRAD_LEVELS_EVEN, BLUEGRAD_SAMPLE_U8, 1, BLUEGRAD_SINK_VALUES);
  uint8_t row[12] = {0, 32, 64, 96, 128, 160, 192, 224, 255, 255, 0, 0}, kept[12];
  const bluegrad_dither copy = dither;
  memcpy(kept, row, sizeof row);
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 10, row + 3, 10));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 10, row, 10));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 3, texels + W * H - 1, 3));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 3, (uint8_t *)&dither + sizeof dither - 1, 3));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 3, (uint8_t *)&dither, 3));
  dither.sink = BLUEGRAD_SINK_MAPPED;
  dither.values[0] = values;
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 3, values + 3, 3));
  EXPECT(OK, bluegrad_dither_rows(&dither, 0, 1, row, 3, row + 4, 3));
  TRUE_(values[3] == 252 && memcmp(row, kept, 4) == 0);
  memcpy(row, kept, sizeof row);
  dither = formed(BLUEGRAD_LEVELS_TABLE, BLUEGRAD_SAMPLE_U16, 3, BLUEGRAD_SINK_LEVELS);
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 3, (uint8_t *)(table + 65535), 3));
  dither.mask = thresholds;
  dither.mask_bits = 16;
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 3, (uint8_t *)(thresholds + W * H - 1), 3));
  dither = formed(BLUEGRAD_LEVELS_PAIRS, BLUEGRAD_SAMPLE_U16, 3, BLUEGRAD_SINK_LEVELS);
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 3, (uint8_t *)(pairs + 511), 3));
  dither = formed(BLUEGRAD_LEVELS_PALETTE, BLUEGRAD_SAMPLE_U8, 3, BLUEGRAD_SINK_LEVELS);
  EXPECT(ERROR_OVERLAP, bluegrad_dither_rows(&dither, 0, 1, row, 3, (uint8_t *)(palette + palette_words - 1), 1));
  TRUE_(memcmp(row, kept, sizeof row) == 0 && copy.struct_size == sizeof copy);
}

/* NULL, addresses, and lengths that no memory has. */
static void pointers(void) {
  static const struct {
    bluegrad_sample sample;
    size_t element;
  } types[] = {{BLUEGRAD_SAMPLE_U8, 1}, {BLUEGRAD_SAMPLE_U16, 2}, {BLUEGRAD_SAMPLE_F32, 4}};
  unsigned char *from = block(256);
  uint8_t *to = block(64);
  size_t i, past;
  memset(from, 0, 256);
  for (i = 0; i < LENGTH(types); i++) {
    bluegrad_dither dither = formed(BLUEGRAD_LEVELS_EVEN, types[i].sample, 1, BLUEGRAD_SINK_LEVELS);
    EXPECT(ERROR_NULL, bluegrad_dither_rows(NULL, 0, 1, from, 10, to, 10));
    EXPECT(ERROR_NULL, bluegrad_dither_rows(&dither, 0, 1, NULL, 10, to, 10));
    EXPECT(ERROR_NULL, bluegrad_dither_rows(&dither, 0, 1, from, 10, NULL, 10));
    EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, 1, from, SIZE_MAX, to, 10));
    EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, SIZE_MAX, from, 10, to, 10));
    EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, SIZE_MAX / 10 + 2, from, 10, to, 10));
    EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, SIZE_MAX / 40 + 2, from, 10, to, SIZE_MAX));
    EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, 1, from, 10, to, SIZE_MAX));
    dither.from_stride = SIZE_MAX - 3;
    EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, 3, from, 10, to, 30));
    EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, 2, from, 1, to, 2));
    dither.from_stride = 0;
    dither.to_stride = SIZE_MAX;
    EXPECT(ERROR_LENGTH, bluegrad_dither_rows(&dither, 0, 2, from, 10, to, 20));
    dither.to_stride = 0;
    for (past = 1; past < 64; past++) {
      if (past % types[i].element != 0) EXPECT(ERROR_MISALIGNED, bluegrad_dither_rows(&dither, 0, 1, from + past, 10, to, 10));
    }
    TRUE_(untouched(to, 64));
    /* nothing to do, however often */
    EXPECT(OK, bluegrad_dither_rows(&dither, 0, SIZE_MAX, from, 0, to, 64));
    EXPECT(OK, bluegrad_dither_rows(&dither, 0, 0, from, 10, to, 64));
    TRUE_(untouched(to, 64));
    for (past = types[i].element; past < 64; past += types[i].element) {
      EXPECT(OK, bluegrad_dither_rows(&dither, 0, 1, from + past, 10, to + past % 50, 10));
    }
    memset(to, 0xAA, 64);
  }
  release(from, 256);
  release(to, 64);
}

void dithering(void) {
  static const uint8_t square[4] = {0, 128, 192, 64};
  static unsigned char room[sizeof(bluegrad_dither) + 64];
  const uint8_t row[10] = {0, 32, 64, 96, 128, 160, 192, 224, 255, 255};
  bluegrad_dither dither;
  uint8_t to[10];
  prepare();
  forms();
  strides();
  planes();
  fields(BLUEGRAD_LEVELS_EVEN);
  fields(BLUEGRAD_LEVELS_TABLE);
  fields(BLUEGRAD_LEVELS_PAIRS);
  fields(BLUEGRAD_LEVELS_PALETTE);
  damaged_palette();
  any_table();
  overlaps();
  pointers();
  clean();
  EXPECT(ERROR_NULL, bluegrad_dither_default(NULL, sizeof dither, square, 2, 2, 2));
  EACH_MISALIGNMENT(bluegrad_dither, room, (void)p, OK, bluegrad_dither_default(p, sizeof dither, square, 2, 2, 2));
  EXPECT(OK, bluegrad_dither_default(&dither, sizeof dither, square, 2, 2, 2));
  dither.sink = BLUEGRAD_SINK_PACKED;
  EACH_MISALIGNMENT(bluegrad_dither, room, memcpy((void *)p, &dither, sizeof dither), OK, bluegrad_dither_rows(p, 0, 1, row, 10, to, 2));
  TRUE_(bluegrad_dither_row_size(&dither, 10) == 2 && bluegrad_dither_row_size(NULL, 10) == 0);
  TRUE_(bluegrad_dither_row_size(&dither, SIZE_MAX) == SIZE_MAX / 8 + 1);
  EXPECT(OK, bluegrad_dither_rows(&dither, 0, 1, row, 10, to, 2));
  TRUE_(to[0] == 5 && to[1] == 0xC0);
}
