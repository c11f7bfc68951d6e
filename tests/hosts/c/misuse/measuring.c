/* Measuring. */
#include "misuse.h"

#include <math.h>

enum { W = 16, H = 8, N = W * H };

/* Masks with layers and channels. */
static void volumes(void) {
  enum { LAYERS = 3, CHANNELS = 2, ELEMENTS = N * LAYERS * CHANNELS };
  const bluegrad_shape shape = {W, H, LAYERS, CHANNELS};
  static const bluegrad_shape small[] = {{0, H, 1, 1}, {W, 7, 1, 1}, {4097, H, 1, 1}, {W, UINT32_MAX, 1, 1}};
  static const bluegrad_shape few[] = {{W, H, 0, 1}, {W, H, 257, 1}, {W, H, 1, 0}, {W, H, 1, 5}, {W, H, UINT32_MAX, UINT32_MAX}};
  const size_t needed = bluegrad_measure_volume_memory_size(&shape);
  uint32_t *ranks = block(ELEMENTS * sizeof *ranks);
  double *scratch = block(needed + 64);
  static unsigned char room[sizeof(bluegrad_volume_quality) + 64];
  bluegrad_volume_quality quality, again;
  size_t size, i;
  for (i = 0; i < ELEMENTS; i++) ranks[i] = (uint32_t)(i / (N * CHANNELS) * 5 + i % CHANNELS * 3 + i / CHANNELS * 37) % N;
  for (i = 0; i < LENGTH(small); i++) {
    TRUE_(bluegrad_measure_volume_memory_size(&small[i]) == 0);
    EXPECT(ERROR_SIZE, bluegrad_measure_volume(ranks, &small[i], scratch, needed, &quality));
  }
  for (i = 0; i < LENGTH(few); i++) {
    TRUE_(bluegrad_measure_volume_memory_size(&few[i]) == 0);
    EXPECT(ERROR_LAYERS, bluegrad_measure_volume(ranks, &few[i], scratch, needed, &quality));
  }
  TRUE_(bluegrad_measure_volume_memory_size(NULL) == 0);
  for (size = 0; size < needed; size += quick && size + 8 < needed ? 31 : 1) {
    double *less = block(size);
    EXPECT(ERROR_LENGTH, bluegrad_measure_volume(ranks, &shape, less, size, &quality));
    TRUE_(untouched(less, size));
    release(less, size);
  }
  EXPECT(ERROR_NULL, bluegrad_measure_volume(NULL, &shape, scratch, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_measure_volume(ranks, NULL, scratch, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_measure_volume(ranks, &shape, NULL, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_measure_volume(ranks, &shape, scratch, needed, NULL));
  EXPECT(ERROR_OVERLAP, bluegrad_measure_volume((uint32_t *)(void *)scratch, &shape, scratch, needed, &quality));
  for (i = 1; i < 64; i++) {
    unsigned char *p = (unsigned char *)scratch + i;
    if (i % ALIGNMENT(double)) EXPECT(ERROR_MISALIGNED, bluegrad_measure_volume(ranks, &shape, p, needed, &quality));
    if (i % ALIGNMENT(uint32_t)) {
      void *off = room + i;
      EXPECT(ERROR_MISALIGNED, bluegrad_measure_volume(off, &shape, scratch, needed, &quality));
      EXPECT(ERROR_MISALIGNED, bluegrad_measure_volume(ranks, off, scratch, needed, &quality));
      TRUE_(bluegrad_measure_volume_memory_size(off) == 0);
    }
  }
  EACH_MISALIGNMENT(bluegrad_volume_quality, room, (void)p, OK,
                    aligned_ && past_ > 8 ? BLUEGRAD_OK : bluegrad_measure_volume(ranks, &shape, scratch, needed, p));
  TRUE_(untouched((unsigned char *)scratch + needed, 64));
  release(scratch, needed + 64);
  scratch = block(needed);
  EXPECT(OK, bluegrad_measure_volume(ranks, &shape, scratch, needed, &quality));
  memset(scratch, 0xFF, needed);
  EXPECT(OK, bluegrad_measure_volume(ranks, &shape, scratch, needed, &again));
  TRUE_(memcmp(&quality, &again, sizeof quality) == 0);
  for (i = 0; i < CHANNELS; i++) {
    TRUE_(quality.channels[i].space_time.space[0] < 9.0 && quality.channels[i].frames.rss > quality.channels[i].frames.first);
  }
  TRUE_(isnan(quality.channels[CHANNELS].space_time.space[0]) && isnan(quality.channels[CHANNELS].frames.first));
  TRUE_(quality.peaks.largest_worst >= quality.peaks.worst && quality.peaks.worst > 1.0 && quality.summed[0] < 9.0);
  for (i = 0; i < ELEMENTS; i += ELEMENTS - 1) {
    const uint32_t kept = ranks[i];
    ranks[i] = N;
    EXPECT(ERROR_NUMBER, bluegrad_measure_volume(ranks, &shape, scratch, needed, &quality));
    ranks[i] = kept;
  }
  memset(ranks, 0, ELEMENTS * sizeof *ranks);
  EXPECT(OK, bluegrad_measure_volume(ranks, &shape, scratch, needed, &quality));
  release(scratch, needed);
  release(ranks, ELEMENTS * sizeof *ranks);
}

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
  volumes();
}
