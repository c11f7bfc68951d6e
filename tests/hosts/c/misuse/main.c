/* C99: `misuse [--quick] [LEVEL]`, LEVEL one of the numbers of bluegrad_level: with one, only what a level may change. Exits with 77
 * where this CPU lacks it. `misuse --lie` makes the library write beyond a buffer: a tool that sees its writes ends it with an error. */
#include "misuse.h"

static int failures;
static int checks;
static uint32_t state = 1;
bluegrad_level level = BLUEGRAD_LEVEL_AUTO;
int quick;

void expect(bluegrad_status wanted, bluegrad_status got, const char *what, const char *file, int line) {
  checks++;
  if (wanted == got || failures++ >= 50) return;
  fprintf(stderr, "%s:%d: %s: %d (%s), not %d\n", file, line, what, got, bluegrad_status_string(got), wanted);
}

void hold(int condition, const char *what, const char *file, int line) {
  checks++;
  if (!condition && failures++ < 50) fprintf(stderr, "%s:%d: not %s\n", file, line, what);
}

void *block(size_t size) {
  void *memory = NULL;
  if (posix_memalign(&memory, BLUEGRAD_MEMORY_ALIGN, size == 0 ? BLUEGRAD_MEMORY_ALIGN : size) != 0) exit(2);
  if (size == 0) return (unsigned char *)memory + BLUEGRAD_MEMORY_ALIGN;
  memset(memory, 0xAA, size);
  return memory;
}

void release(void *memory, size_t size) {
  free(size == 0 ? (unsigned char *)memory - BLUEGRAD_MEMORY_ALIGN : memory);
}

int untouched(const void *memory, size_t size) {
  const unsigned char *bytes = memory;
  while (size > 0 && bytes[size - 1] == 0xAA) size--;
  return size == 0;
}

uint32_t draw(void) {
  state = state * 1664525u + 1013904223u;
  return state >> 8;
}

bluegrad_config configured(bluegrad_preset preset, uint32_t width, uint32_t height) {
  bluegrad_config config;
  uint32_t i;
  memset(&config, 0, sizeof config);
  EXPECT(OK, bluegrad_config_default(&config, sizeof config, preset, width, height));
  config.level = level;
  for (i = 0; i < config.stage_count; i++) {
    if (config.stages[i].kind == BLUEGRAD_STAGE_KIND_SPECTRAL) config.stages[i].data.spectral.steps = 4;
    if (config.stages[i].kind == BLUEGRAD_STAGE_KIND_FRONT) config.stages[i].data.front.steps = 4;
    if (config.stages[i].kind == BLUEGRAD_STAGE_KIND_POLISH) config.stages[i].data.polish.steps = 4;
  }
  return config;
}

bluegrad_config of_kind(bluegrad_stage_kind kind, uint32_t width, uint32_t height) {
  bluegrad_config config = configured(BLUEGRAD_PRESET_DITHER, width, height);
  bluegrad_stage *stage = config.stages;
  EXPECT(OK, bluegrad_stage_default(stage, kind));
  TRUE_(stage->kind == kind);
  config.stage_count = 1;
  if (kind == BLUEGRAD_STAGE_KIND_SPECTRAL) stage->data.spectral.steps = 5;
  if (kind == BLUEGRAD_STAGE_KIND_FRONT) stage->data.front.steps = 5;
  if (kind == BLUEGRAD_STAGE_KIND_POLISH) stage->data.polish.steps = 5;
  if (kind == BLUEGRAD_STAGE_KIND_SWAP) stage->data.swap.steps = 3;
  if (kind == BLUEGRAD_STAGE_KIND_FILTER_POLISH) stage->data.filter_polish.steps = 5;
  return config;
}

bluegrad_generator *run(const bluegrad_config *config, uint32_t steps) {
  const size_t size = bluegrad_memory_size(config);
  bluegrad_generator *generator = NULL;
  EXPECT(OK, bluegrad_init(block(size), size, config, &generator));
  if (!generator) exit(2);
  EXPECT(OK, bluegrad_step(generator, steps, NULL, NULL));
  return generator;
}

void lie(void) {
  const bluegrad_config config = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  uint8_t *to = block(200);
  bluegrad_generator *generator = run(&config, UINT32_MAX);
  EXPECT(OK, bluegrad_read_u8(generator, to, 256, NULL));
  free(generator);
  free(to);
}

int main(int count, char **arguments) {
  bluegrad_config config;
  int i;
  for (i = 1; i < count; i++) {
    if (strcmp(arguments[i], "--quick") == 0) {
      quick = 1;
    } else if (strcmp(arguments[i], "--lie") == 0) {
      lie();
      return 0;
    } else {
      level = (bluegrad_level)strtoul(arguments[i], NULL, 10);
    }
  }
  config = configured(BLUEGRAD_PRESET_DITHER, 16, 16);
  if (level != BLUEGRAD_LEVEL_AUTO) {
    bluegrad_report report;
    bluegrad_generator *generator = run(&config, 0);
    EXPECT(OK, bluegrad_get_report(generator, &report));
    free(generator);
    if (report.level != level) return 77;
  }
  order();
  reading();
  damage();
  dithering();
  if (level == BLUEGRAD_LEVEL_AUTO) {
    names();
    making();
    configurations();
    choices();
    struct_sizes();
    blocks();
    loading();
    measuring();
    tones();
    palettes();
    point_sets();
  }
  printf("%d checks, %d failed\n", checks, failures);
  return failures != 0;
}
