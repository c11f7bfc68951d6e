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

/* The loss for filters. */
static void losses(void) {
  enum { LAYERS = 3, CHANNELS = 2, ELEMENTS = N * LAYERS * CHANNELS };
  const bluegrad_shape shape = {W, H, LAYERS, CHANNELS}, alone = {W, H, LAYERS, 1};
  static const bluegrad_shape small[] = {{0, H, 1, 1}, {W, 7, 1, 1}, {4097, H, 1, 1}, {W, UINT32_MAX, 1, 1}};
  static const bluegrad_shape few[] = {{W, H, 0, 1}, {W, H, 257, 1}, {W, H, 1, 0}, {W, H, 1, 5}, {W, H, UINT32_MAX, UINT32_MAX}};
  const size_t needed = bluegrad_pair_loss_memory_size(&shape), words = sizeof(bluegrad_filters) / sizeof(uint32_t);
  uint32_t *ranks = block(ELEMENTS * sizeof *ranks), *one = block(N * LAYERS * sizeof *ranks);
  double *scratch = block(needed + 64);
  static unsigned char room[sizeof(bluegrad_filters) + 64];
  bluegrad_filters *filters = block(sizeof *filters), good;
  double loss, again;
  size_t size, i;
  for (i = 0; i < ELEMENTS; i++) {
    const uint32_t pixel = (uint32_t)i / CHANNELS;
    ranks[i] = (i % CHANNELS ? pixel * 2654435761u >> 16 : pixel * 37 + pixel / N * 5) % N;
  }
  memset(&good, 0, sizeof good);
  good.space.kind = BLUEGRAD_SPACE_KIND_GAUSSIAN, good.space.sigma = 1.0f;
  good.time.kind = BLUEGRAD_TIME_KIND_EMA, good.time.alpha = 0.2f;
  *filters = good;
  for (i = 0; i < LENGTH(small); i++) {
    TRUE_(bluegrad_pair_loss_memory_size(&small[i]) == 0);
    EXPECT(ERROR_SIZE, bluegrad_pair_loss(ranks, &small[i], 0, filters, scratch, needed, &loss));
  }
  for (i = 0; i < LENGTH(few); i++) {
    TRUE_(bluegrad_pair_loss_memory_size(&few[i]) == 0);
    EXPECT(ERROR_LAYERS, bluegrad_pair_loss(ranks, &few[i], 0, filters, scratch, needed, &loss));
  }
  TRUE_(bluegrad_pair_loss_memory_size(NULL) == 0);
  for (size = 0; size < needed; size += quick && size + 8 < needed ? 31 : 1) {
    double *less = block(size);
    EXPECT(ERROR_LENGTH, bluegrad_pair_loss(ranks, &shape, 0, filters, less, size, &loss));
    TRUE_(untouched(less, size));
    release(less, size);
  }
  EXPECT(ERROR_NULL, bluegrad_pair_loss(NULL, &shape, 0, filters, scratch, needed, &loss));
  EXPECT(ERROR_NULL, bluegrad_pair_loss(ranks, NULL, 0, filters, scratch, needed, &loss));
  EXPECT(ERROR_NULL, bluegrad_pair_loss(ranks, &shape, 0, NULL, scratch, needed, &loss));
  EXPECT(ERROR_NULL, bluegrad_pair_loss(ranks, &shape, 0, filters, NULL, needed, &loss));
  EXPECT(ERROR_NULL, bluegrad_pair_loss(ranks, &shape, 0, filters, scratch, needed, NULL));
  EXPECT(ERROR_OVERLAP, bluegrad_pair_loss((uint32_t *)(void *)scratch, &shape, 0, filters, scratch, needed, &loss));
  EXPECT(ERROR_PLANE, bluegrad_pair_loss(ranks, &shape, CHANNELS, filters, scratch, needed, &loss));
  EXPECT(ERROR_PLANE, bluegrad_pair_loss(ranks, &shape, UINT32_MAX, filters, scratch, needed, &loss));
  for (i = 1; i < 64; i++) {
    unsigned char *p = (unsigned char *)scratch + i;
    if (i % ALIGNMENT(double)) EXPECT(ERROR_MISALIGNED, bluegrad_pair_loss(ranks, &shape, 0, filters, p, needed, &loss));
    if (i % ALIGNMENT(uint32_t)) {
      void *off = room + i;
      EXPECT(ERROR_MISALIGNED, bluegrad_pair_loss(off, &shape, 0, filters, scratch, needed, &loss));
      EXPECT(ERROR_MISALIGNED, bluegrad_pair_loss(ranks, off, 0, filters, scratch, needed, &loss));
      TRUE_(bluegrad_pair_loss_memory_size(off) == 0);
    }
  }
  EACH_MISALIGNMENT(bluegrad_filters, room, memcpy((void *)p, &good, sizeof good), OK,
                    aligned_ && past_ > 8 ? BLUEGRAD_OK : bluegrad_pair_loss(ranks, &shape, 0, p, scratch, needed, &loss));
  EACH_MISALIGNMENT(double, room, (void)p, OK,
                    aligned_ && past_ > 8 ? BLUEGRAD_OK : bluegrad_pair_loss(ranks, &shape, 0, filters, scratch, needed, p));
  TRUE_(untouched((unsigned char *)scratch + needed, 64));
  release(scratch, needed + 64);
  /* each word of the filters, far out of every range: a choice that nobody knows, a number, or nothing that these filters read */
  scratch = block(needed);
  for (i = 0; i < words; i++) {
    bluegrad_status status;
    uint32_t word = UINT32_MAX;
    *filters = good;
    memcpy((unsigned char *)filters + i * sizeof word, &word, sizeof word);
    status = bluegrad_pair_loss(ranks, &shape, 0, filters, scratch, needed, &loss);
    if (filters->space.kind != good.space.kind || filters->time.kind != good.time.kind || filters->combine != good.combine) {
      TRUE_(status == BLUEGRAD_ERROR_UNKNOWN_VALUE);
    } else {
      TRUE_(status == (memcmp(&filters->space.sigma, &word, 4) == 0 || memcmp(&filters->time.alpha, &word, 4) == 0
                           ? BLUEGRAD_ERROR_NUMBER
                           : BLUEGRAD_OK));
    }
  }
  *filters = good;
  /* differences of layers wrap to nothing where there is one layer */
  filters->time.kind = BLUEGRAD_TIME_KIND_TAPS, filters->time.taps.count = 2;
  filters->time.taps.weights[0] = 1.0f, filters->time.taps.weights[1] = -1.0f;
  EXPECT(OK, bluegrad_pair_loss(ranks, &shape, 0, filters, scratch, needed, &loss));
  {
    bluegrad_shape flat = {W, H, 1, 1};
    EXPECT(ERROR_NUMBER, bluegrad_pair_loss(ranks, &flat, 0, filters, scratch, needed, &loss));
  }
  *filters = good;
  /* without a filter nothing changes; each channel is measured as if it stood alone, and whatever the scratch held */
  filters->space.kind = BLUEGRAD_SPACE_KIND_BOX, filters->space.size = 1, filters->time.kind = BLUEGRAD_TIME_KIND_NONE;
  EXPECT(OK, bluegrad_pair_loss(ranks, &shape, 1, filters, scratch, needed, &loss));
  TRUE_(fabs(loss) < 1e-9);
  *filters = good;
  for (i = 0; i < CHANNELS; i++) {
    size_t j;
    for (j = 0; j < N * LAYERS; j++) one[j] = ranks[j * CHANNELS + i];
    memset(scratch, 0xFF, needed);
    EXPECT(OK, bluegrad_pair_loss(ranks, &shape, (uint32_t)i, filters, scratch, needed, &loss));
    EXPECT(OK, bluegrad_pair_loss(one, &alone, 0, filters, scratch, needed, &again));
    TRUE_(loss == again && (i ? loss > -1.0 : loss < -2.0));
  }
  for (i = 0; i < ELEMENTS; i++) {
    const uint32_t kept = ranks[i];
    if (quick && i % 97) continue;
    ranks[i] = N;
    EXPECT(ERROR_NUMBER, bluegrad_pair_loss(ranks, &shape, i % CHANNELS, filters, scratch, needed, &loss));
    ranks[i] = kept;
  }
  memset(ranks, 0, ELEMENTS * sizeof *ranks);
  EXPECT(OK, bluegrad_pair_loss(ranks, &shape, 0, filters, scratch, needed, &loss));
  TRUE_(isnan(loss));
  release(scratch, needed);
  release(filters, sizeof *filters);
  release(one, N * LAYERS * sizeof *ranks);
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
  losses();
}
