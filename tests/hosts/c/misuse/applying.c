/* Measuring, and dithering of rows. */
#include "misuse.h"

enum { W = 16, H = 8, N = W * H };

void measuring(void) {
  const size_t needed = bluegrad_measure_memory_size(W, H);
  uint32_t *ranks = block(N * sizeof *ranks);
  double *scratch = block(needed + 64);
  static unsigned char room[sizeof(bluegrad_quality) + 64];
  bluegrad_quality quality;
  static const uint32_t sides[] = {0, 1, 7, 4097, 1u << 16, 1u << 31, UINT32_MAX};
  size_t size, i;
  for (i = 0; i < N; i++) ranks[i] = (uint32_t)(i * 37) % N;
  for (i = 0; i < LENGTH(sides); i++) {
    TRUE_(bluegrad_measure_memory_size(sides[i], H) == 0 && bluegrad_measure_memory_size(W, sides[i]) == 0);
    EXPECT(ERROR_SIZE, bluegrad_measure(ranks, sides[i], H, scratch, needed, &quality));
    EXPECT(ERROR_SIZE, bluegrad_measure(ranks, W, sides[i], scratch, needed, &quality));
  }
  for (size = 0; size < needed; size++) {
    double *less = block(size);
    EXPECT(ERROR_LENGTH, bluegrad_measure(ranks, W, H, less, size, &quality));
    TRUE_(untouched(less, size));
    release(less, size);
  }
  EXPECT(ERROR_NULL, bluegrad_measure(NULL, W, H, scratch, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_measure(ranks, W, H, NULL, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_measure(ranks, W, H, scratch, needed, NULL));
  EXPECT(ERROR_OVERLAP, bluegrad_measure((uint32_t *)(void *)scratch, W, H, scratch, needed, &quality));
  for (i = 1; i < 64; i++) {
    unsigned char *p = (unsigned char *)scratch + i;
    if (i % ALIGNMENT(double)) EXPECT(ERROR_MISALIGNED, bluegrad_measure(ranks, W, H, p, needed, &quality));
    if (i % ALIGNMENT(uint32_t)) {
      uint32_t *off = (uint32_t *)(void *)((unsigned char *)room + i);
      EXPECT(ERROR_MISALIGNED, bluegrad_measure(off, W, H, scratch, needed, &quality));
    }
  }
  EACH_MISALIGNMENT(bluegrad_quality, room, (void)p, OK,
                    aligned_ && past_ > 8 ? BLUEGRAD_OK : bluegrad_measure(ranks, W, H, scratch, needed, p));
  release(scratch, needed + 64);
  scratch = block(needed);
  EXPECT(OK, bluegrad_measure(ranks, W, H, scratch, needed, &quality));
  for (i = 0; i < N; i += N - 1) {
    const uint32_t kept = ranks[i];
    ranks[i] = N;
    EXPECT(ERROR_NUMBER, bluegrad_measure(ranks, W, H, scratch, needed, &quality));
    ranks[i] = UINT32_MAX;
    EXPECT(ERROR_NUMBER, bluegrad_measure(ranks, W, H, scratch, needed, &quality));
    ranks[i] = kept;
  }
  /* no mask: every rank the same */
  memset(ranks, 0, N * sizeof *ranks);
  EXPECT(OK, bluegrad_measure(ranks, W, H, scratch, needed, &quality));
  release(scratch, needed);
  release(ranks, N * sizeof *ranks);
}

/* A dither of a mask in exactly its bytes, in rows of exactly theirs. */
static void rows(uint32_t channels, uint32_t levels) {
  uint8_t *texels = block(3 * 5);
  bluegrad_dither dither;
  size_t samples, size;
  memset(texels, 100, 15);
  EXPECT(OK, bluegrad_dither_default(&dither, sizeof dither, texels, 3, 5, levels));
  dither.channels = channels;
  dither.x = dither.y = dither.channel_offsets[2][1] = UINT32_MAX;
  for (samples = 0; samples < 70; samples++) {
    uint8_t *row = block(samples), *to = block(samples);
    const size_t packed = bluegrad_dither_packed_size(&dither, samples);
    const bluegrad_status wanted = samples % channels == 0 ? BLUEGRAD_OK : BLUEGRAD_ERROR_LENGTH;
    TRUE_(bluegrad_dither_levels(&dither, UINT32_MAX, row, samples, to) == wanted);
    TRUE_(bluegrad_dither_values(&dither, UINT32_MAX, row, samples, to) == wanted);
    for (size = 0; size < packed + 3; size++) {
      uint8_t *bits = block(size);
      const bluegrad_status status = bluegrad_dither_pack(&dither, 7, row, samples, bits, size, samples % 2);
      TRUE_(status == (size == packed ? wanted : BLUEGRAD_ERROR_LENGTH));
      TRUE_(status == BLUEGRAD_OK || untouched(bits, size));
      release(bits, size);
    }
    release(row, samples);
    release(to, samples);
  }
  release(texels, 15);
}

#define BAD(status, edit) \
  do { \
    bluegrad_dither bad = *good; \
    edit; \
    EXPECT(status, bluegrad_dither_levels(&bad, 0, row, 10, to)); \
    EXPECT(status, bluegrad_dither_values(&bad, 0, row, 10, to)); \
    EXPECT(status, bluegrad_dither_pack(&bad, 0, row, 10, to, 2, 0)); \
    TRUE_(bluegrad_dither_packed_size(&bad, 10) == 0 && untouched(to, 10)); \
  } while (0)

static void fields(const bluegrad_dither *good, const uint8_t *row, uint8_t *to) {
  static const uint32_t channels[] = {0, 2, 4, 255, 257, 259, 1u << 31, UINT32_MAX};
  size_t i;
  for (i = 0; i < LENGTH(channels); i++) BAD(ERROR_UNKNOWN_VALUE, bad.channels = channels[i]);
  for (i = 0; i < LENGTH(good->reserved); i++) BAD(ERROR_RESERVED, bad.reserved[i] = 1u << (31 - i));
  BAD(ERROR_NULL, bad.texels = NULL);
  BAD(ERROR_DITHER_SIZE, bad.width = 0);
  BAD(ERROR_DITHER_SIZE, bad.width = UINT32_MAX);
  BAD(ERROR_DITHER_SIZE, bad.height = 4097);
  BAD(ERROR_LEVELS, bad.levels = 0);
  BAD(ERROR_LEVELS, bad.levels = 1);
  BAD(ERROR_LEVELS, bad.levels = 257);
  BAD(ERROR_LEVELS, bad.levels = UINT32_MAX);
}

void dithering(void) {
  static const uint8_t texels[4] = {0, 128, 192, 64};
  static unsigned char room[sizeof(bluegrad_dither) + 64];
  static const bluegrad_bit_order orders[] = {2, 3, 256, 1u << 31, UINT32_MAX};
  uint8_t row[12] = {0, 32, 64, 96, 128, 160, 192, 224, 255, 255, 0, 0}, own[4] = {0, 128, 192, 64}, *to = block(12);
  bluegrad_dither dither, mine;
  uint32_t channels, levels;
  size_t i;
  for (channels = 1; channels < 4; channels += 2) {
    for (levels = 2; levels <= 256; levels = levels == 256 ? 257 : levels * levels) rows(channels, levels);
  }
  EXPECT(ERROR_NULL, bluegrad_dither_default(NULL, sizeof dither, texels, 2, 2, 2));
  EXPECT(OK, bluegrad_dither_default(&dither, sizeof dither, texels, 2, 2, 2));
  TRUE_(bluegrad_dither_packed_size(&dither, 10) == 2 && bluegrad_dither_packed_size(NULL, 10) == 0);
  fields(&dither, row, to);
  for (i = 0; i < LENGTH(orders); i++) EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_dither_pack(&dither, 0, row, 10, to, 2, orders[i]));
  EXPECT(ERROR_NULL, bluegrad_dither_levels(NULL, 0, row, 10, to));
  EXPECT(ERROR_NULL, bluegrad_dither_levels(&dither, 0, NULL, 10, to));
  EXPECT(ERROR_NULL, bluegrad_dither_levels(&dither, 0, row, 10, NULL));
  EXPECT(ERROR_NULL, bluegrad_dither_values(NULL, 0, row, 10, to));
  EXPECT(ERROR_NULL, bluegrad_dither_values(&dither, 0, NULL, 10, to));
  EXPECT(ERROR_NULL, bluegrad_dither_values(&dither, 0, row, 10, NULL));
  EXPECT(ERROR_NULL, bluegrad_dither_pack(NULL, 0, row, 10, to, 2, 0));
  EXPECT(ERROR_NULL, bluegrad_dither_pack(&dither, 0, NULL, 10, to, 2, 0));
  EXPECT(ERROR_NULL, bluegrad_dither_pack(&dither, 0, row, 10, NULL, 2, 0));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_values(&dither, 0, row, 10, row + 3));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_values(&dither, 0, row, 10, row));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_values(&dither, 0, row, SIZE_MAX, to));
  mine = dither;
  mine.texels = own;
  EXPECT(ERROR_OVERLAP, bluegrad_dither_values(&mine, 0, row, 3, own + 1));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_levels(&mine, 0, row, 4, own));
  EXPECT(ERROR_OVERLAP, bluegrad_dither_pack(&mine, 0, row, 10, own, 2, 0));
  TRUE_(untouched(to, 12) && memcmp(own, texels, 4) == 0);
  EACH_MISALIGNMENT(bluegrad_dither, room, (void)p, OK, bluegrad_dither_default(p, sizeof dither, texels, 2, 2, 2));
  EACH_MISALIGNMENT(bluegrad_dither, room, memcpy((void *)p, &dither, sizeof dither), OK, bluegrad_dither_levels(p, 0, row, 10, to));
  EACH_MISALIGNMENT(bluegrad_dither, room, memcpy((void *)p, &dither, sizeof dither), OK, bluegrad_dither_values(p, 0, row, 10, to));
  EACH_MISALIGNMENT(bluegrad_dither, room, memcpy((void *)p, &dither, sizeof dither), OK,
                    bluegrad_dither_pack(p, 0, row, 10, to, 2, 0));
  EXPECT(OK, bluegrad_dither_pack(&dither, 0, row, 10, to, 2, BLUEGRAD_BIT_ORDER_MSB_FIRST));
  TRUE_(to[0] == 5 && to[1] == 0xC0);
  release(to, 12);
}
