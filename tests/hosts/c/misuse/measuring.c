/* Measuring. */
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
