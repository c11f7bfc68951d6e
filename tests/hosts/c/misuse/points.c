/* Point sets. */
#include "misuse.h"

enum { COUNT = 37, WORDS = 2 * COUNT };

/* A set of COUNT points at the level of the test. */
static bluegrad_point_config configured_points(void) {
  bluegrad_point_config config;
  memset(&config, 0xFF, sizeof config);
  EXPECT(OK, bluegrad_points_config_default(&config, COUNT));
  config.level = level;
  return config;
}

static void configuring(void) {
  bluegrad_point_config config = configured_points();
  bluegrad_points *points = NULL;
  static unsigned char room[sizeof(bluegrad_point_config) + 64];
  const size_t needed = bluegrad_points_memory_size(&config);
  void *memory = block(needed);
  uint32_t i;
  TRUE_(bluegrad_sizeof_point_config() == sizeof config);
  TRUE_(bluegrad_sizeof_point_report() == sizeof(bluegrad_point_report));
  TRUE_(bluegrad_sizeof_point_quality() == sizeof(bluegrad_point_quality));
  TRUE_(config.count == COUNT && config.seed == 0 && config.preset == BLUEGRAD_POINT_PRESET_DEFAULT && config.sigma == 0);
  EXPECT(ERROR_NULL, bluegrad_points_config_default(NULL, COUNT));
  EACH_MISALIGNMENT(bluegrad_point_config, room, (void)p, OK, bluegrad_points_config_default(p, COUNT));
  TRUE_(bluegrad_points_memory_size(NULL) == 0);
  EXPECT(ERROR_NULL, bluegrad_points_init(memory, needed, NULL, &points));
  EXPECT(ERROR_NULL, bluegrad_points_init(NULL, needed, &config, &points));
  EXPECT(ERROR_NULL, bluegrad_points_init(memory, needed, &config, NULL));
  EXPECT(ERROR_LENGTH, bluegrad_points_init(memory, needed - 1, &config, &points));
  EXPECT(ERROR_ALIGNMENT, bluegrad_points_init((unsigned char *)memory + 1, needed - 1, &config, &points));
  for (i = 0; i < 2; i++) {
    config = configured_points();
    config.count = i == 0 ? 0 : 4194305;
    TRUE_(bluegrad_points_memory_size(&config) == 0);
    EXPECT(ERROR_POINT_COUNT, bluegrad_points_init(memory, needed, &config, &points));
    config = configured_points();
    config.sigma = i == 0 ? 0.5f : 1.0f;
    EXPECT(ERROR_NUMBER, bluegrad_points_init(memory, needed, &config, &points));
  }
  for (i = 0; i < LENGTH(config.reserved); i++) {
    config = configured_points();
    config.reserved[i] = 1;
    EXPECT(ERROR_RESERVED, bluegrad_points_init(memory, needed, &config, &points));
  }
  config = configured_points();
  config.preset = 4;
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_points_init(memory, needed, &config, &points));
  config = configured_points();
  config.level = 77;
  EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_points_init(memory, needed, &config, &points));
  TRUE_(points == NULL && untouched(memory, needed));
  release(memory, needed);
}

static void running(void) {
  bluegrad_point_config config = configured_points();
  const size_t needed = bluegrad_points_memory_size(&config);
  void *memory = block(needed), *copy = block(needed);
  uint32_t *first = block(WORDS * sizeof *first), *second = block(WORDS * sizeof *second);
  float *floats = block(WORDS * sizeof *floats);
  bluegrad_points *points = NULL, *opened = NULL;
  bluegrad_point_report report;
  size_t i;
  EXPECT(OK, bluegrad_points_init(memory, needed, &config, &points));
  TRUE_((void *)points == memory);
  EXPECT(OK, bluegrad_points_step(points, 10, NULL, &report));
  TRUE_(report.step == 10 && report.steps == 64);
  memcpy(copy, memory, needed);
  EXPECT(OK, bluegrad_points_open(copy, needed, &opened));
  while (report.step < report.steps) EXPECT(OK, bluegrad_points_step(points, 7, NULL, &report));
  EXPECT(OK, bluegrad_points_step(opened, UINT32_MAX, NULL, NULL));
  EXPECT(OK, bluegrad_points_read_u32(points, first, WORDS * sizeof *first));
  EXPECT(OK, bluegrad_points_read_u32(opened, second, WORDS * sizeof *second));
  TRUE_(memcmp(first, second, WORDS * sizeof *first) == 0);
  EXPECT(OK, bluegrad_points_read_f32(points, floats, WORDS * sizeof *floats));
  for (i = 0; i < WORDS; i++) TRUE_(floats[i] == (float)(first[i] >> 8) / 16777216.0f);
  EXPECT(ERROR_NULL, bluegrad_points_step(NULL, 1, NULL, NULL));
  EXPECT(ERROR_NULL, bluegrad_points_read_u32(NULL, first, WORDS * sizeof *first));
  EXPECT(ERROR_NULL, bluegrad_points_read_u32(points, NULL, WORDS * sizeof *first));
  EXPECT(ERROR_NULL, bluegrad_points_read_f32(points, NULL, WORDS * sizeof *first));
  EXPECT(ERROR_LENGTH, bluegrad_points_read_u32(points, first, WORDS * sizeof *first - 1));
  EXPECT(ERROR_LENGTH, bluegrad_points_read_f32(points, floats, WORDS * sizeof *first + 1));
  EXPECT(ERROR_OVERLAP, bluegrad_points_read_u32(points, memory, WORDS * sizeof *first));
  EXPECT(ERROR_MISALIGNED, bluegrad_points_read_u32(points, (void *)((unsigned char *)first + 1), WORDS * sizeof *first));
  EXPECT(ERROR_ALIGNMENT, bluegrad_points_step((void *)((unsigned char *)memory + 4), 1, NULL, NULL));
  EXPECT(ERROR_NULL, bluegrad_points_open(NULL, needed, &opened));
  EXPECT(ERROR_NULL, bluegrad_points_open(copy, needed, NULL));
  EXPECT(ERROR_LENGTH, bluegrad_points_open(copy, needed - 1, &opened));
  TRUE_(opened == NULL);
  memset(copy, 0, 8);
  EXPECT(ERROR_NOT_POINTS, bluegrad_points_open(copy, needed, &opened));
  /* any bytes after the header: no crash */
  for (i = 0; i < 4; i++) {
    size_t at;
    memcpy(copy, memory, needed);
    EXPECT(OK, bluegrad_points_init(copy, needed, &config, &opened));
    for (at = 128; at < needed; at++) ((unsigned char *)copy)[at] = (unsigned char)(i == 0 ? 0xFF : draw());
    bluegrad_points_step(opened, 2, NULL, NULL);
  }
  release(memory, needed);
  release(copy, needed);
  release(first, WORDS * sizeof *first);
  release(second, WORDS * sizeof *second);
  release(floats, WORDS * sizeof *floats);
}

static void measuring_points(void) {
  static const uint32_t positions[6] = {0, 0, 1u << 31, 1, 7, 1u << 30};
  const size_t needed = bluegrad_points_measure_memory_size(3);
  double *scratch = block(needed);
  bluegrad_point_quality quality, again;
  TRUE_(bluegrad_points_measure_memory_size(1) == 0 && bluegrad_points_measure_memory_size(131073) == 0);
  EXPECT(ERROR_POINT_COUNT, bluegrad_points_measure(positions, 1, scratch, needed, &quality));
  EXPECT(ERROR_LENGTH, bluegrad_points_measure(positions, 3, scratch, needed - 1, &quality));
  EXPECT(ERROR_NULL, bluegrad_points_measure(NULL, 3, scratch, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_points_measure(positions, 3, NULL, needed, &quality));
  EXPECT(ERROR_NULL, bluegrad_points_measure(positions, 3, scratch, needed, NULL));
  EXPECT(ERROR_OVERLAP, bluegrad_points_measure((void *)scratch, 3, scratch, needed, &quality));
  EXPECT(OK, bluegrad_points_measure(positions, 3, scratch, needed, &quality));
  memset(scratch, 0xFF, needed);
  EXPECT(OK, bluegrad_points_measure(positions, 3, scratch, needed, &again));
  TRUE_(memcmp(&quality, &again, sizeof quality) == 0);
  release(scratch, needed);
}

void point_sets(void) {
  configuring();
  running();
  measuring_points();
}
