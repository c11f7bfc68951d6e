/* C, Linux: the library allocates nothing. The functions of the allocator and those that ask the system for memory are replaced by ones
 * that count; every function of bluegrad.h is called, and the count must not move. `counting --cheat` allocates in a job: it must fail. */
#define _DEFAULT_SOURCE
#include <bluegrad.h>

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { W = 32, H = 32, N = W * H };

static unsigned long count;

/* What the C library itself allocates comes from here, and is not given back. */
static union {
  unsigned char bytes[1 << 20];
  long double aligned;
} arena;
static size_t used;

static void *take(size_t align, size_t size) {
  const size_t start = (used + align - 1) / align * align;
  count++;
  if (size > sizeof arena || start > sizeof arena - size) return NULL;
  used = start + size;
  return arena.bytes + start;
}

void *malloc(size_t size) { return take(16, size); }
void *calloc(size_t many, size_t size) { return take(16, many * size); }
void free(void *memory) { count += memory != NULL; }
void *aligned_alloc(size_t align, size_t size) { return take(align, size); }
void *memalign(size_t align, size_t size) { return take(align, size); }
void *valloc(size_t size) { return take(4096, size); }

void *realloc(void *memory, size_t size) {
  unsigned char *to = take(16, size);
  size_t i;
  for (i = 0; to && memory && i < size && (unsigned char *)memory + i < to; i++) to[i] = ((unsigned char *)memory)[i];
  return to;
}

int posix_memalign(void **out, size_t align, size_t size) {
  *out = take(align, size);
  return *out ? 0 : ENOMEM;
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  count++;
  return (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int file, off_t offset) {
  return mmap(address, length, protection, flags, file, offset);
}

int brk(void *address) {
  count++;
  return (void *)syscall(SYS_brk, address) == address ? 0 : -1;
}

void *sbrk(ptrdiff_t more) {
  unsigned char *end = (unsigned char *)syscall(SYS_brk, NULL);
  return more == 0 || brk(end + more) == 0 ? end : (void *)-1;
}

static unsigned char memory[1 << 18] __attribute__((aligned(BLUEGRAD_MEMORY_ALIGN)));
static double scratch[1 << 13];
static uint32_t ranks[N];
static uint16_t shorts[N];
static uint8_t bytes[N];
static float floats[N];
static int failed, cheats;

static void ok(bluegrad_status status, int line) {
  if (status == BLUEGRAD_OK) return;
  fprintf(stderr, "line %d: %s\n", line, bluegrad_status_string(status));
  failed = 1;
}
#define OK(call) ok((call), __LINE__)

static void tiles(void *user, uint32_t many, bluegrad_tile tile, void *context) {
  uint32_t i;
  (void)user;
  if (cheats) free(malloc(1));
  for (i = 0; i < many; i++) tile(context, i);
}

static void read_all(bluegrad_generator *generator) {
  bluegrad_report report;
  bluegrad_config config;
  OK(bluegrad_get_report(generator, &report));
  OK(bluegrad_get_config(generator, &config, sizeof config));
  OK(bluegrad_read_u8(generator, bytes, sizeof bytes, NULL));
  OK(bluegrad_read_u16(generator, shorts, sizeof shorts, NULL));
  OK(bluegrad_read_u8_as(generator, bytes, sizeof bytes, NULL, &config.distribution));
  OK(bluegrad_read_u16_as(generator, shorts, sizeof shorts, NULL, &config.distribution));
  OK(bluegrad_read_f32(generator, floats, sizeof floats, NULL, BLUEGRAD_RANGE_UNIT, &config.distribution));
  OK(bluegrad_read_ranks(generator, ranks, sizeof ranks, NULL));
  OK(bluegrad_read_ranks_u16(generator, shorts, sizeof shorts, NULL));
  OK(bluegrad_read_dither_texels(generator, bytes, sizeof bytes, NULL));
  OK(bluegrad_read_two_level_texels(generator, bytes, sizeof bytes, NULL, 0, 65535, BLUEGRAD_MIX_LIGHT));
  OK(bluegrad_read_thresholds(generator, shorts, sizeof shorts, NULL));
  OK(bluegrad_read_values(generator, floats, sizeof floats, NULL));
}

/* A preset to the end, with jobs and without, and a mask refined by it. */
static void run(bluegrad_preset preset) {
  const bluegrad_jobs jobs = {NULL, tiles};
  bluegrad_config config;
  bluegrad_generator *generator;
  bluegrad_losses losses;
  bluegrad_stage stage;
  char text[128];
  OK(bluegrad_preset_by_name(bluegrad_preset_name(preset), &preset));
  OK(bluegrad_config_default(&config, sizeof config, preset, W, H));
  if (preset == BLUEGRAD_PRESET_PUBLISHED) config.stages[0].data.spectral.steps = 50;
  config.distribution.kind = BLUEGRAD_DISTRIBUTION_KIND_TRIANGULAR;
  OK(bluegrad_config_levels(&config, 4, 1.26f));
  OK(bluegrad_config_check(&config, text, sizeof text));
  if (bluegrad_memory_size(&config) > sizeof memory || !bluegrad_preset_purpose(preset)) failed = 1;
  OK(bluegrad_init(memory, sizeof memory, &config, &generator));
  OK(bluegrad_step(generator, 3, NULL, NULL));
  OK(bluegrad_step(generator, UINT32_MAX, &jobs, NULL));
  OK(bluegrad_open(memory, sizeof memory, &generator));
  read_all(generator);
  OK(bluegrad_stage_default(&stage, BLUEGRAD_STAGE_KIND_SPECTRAL));
  if (preset == BLUEGRAD_PRESET_SPECTRAL || preset == BLUEGRAD_PRESET_PUBLISHED) OK(bluegrad_evaluate(generator, &stage, &losses));
  if (strcmp(bluegrad_loss_name(0), "low band") || bluegrad_loss_name(BLUEGRAD_MAX_TERMS)) failed = 1;

  OK(bluegrad_config_refine(&config));
  OK(bluegrad_load_u8(memory, sizeof memory, &config, bytes, sizeof bytes, NULL, NULL, &generator));
  OK(bluegrad_load_u16(memory, sizeof memory, &config, shorts, sizeof shorts, NULL, NULL, &generator));
  OK(bluegrad_load_f32(memory, sizeof memory, &config, floats, sizeof floats, NULL, NULL, &generator));
  OK(bluegrad_load_ranks(memory, sizeof memory, &config, ranks, sizeof ranks, NULL, NULL, &generator));
  OK(bluegrad_step(generator, UINT32_MAX, NULL, NULL));
  read_all(generator);
}

/* Rows of every form, from samples of every type. */
static void dither_all(void) {
  static const bluegrad_levels forms[] = {BLUEGRAD_LEVELS_EVEN, BLUEGRAD_LEVELS_TABLE, BLUEGRAD_LEVELS_PAIRS, BLUEGRAD_LEVELS_PALETTE};
  static const uint16_t values[] = {0, 40 * 257, 65535};
  static const uint8_t mapped[64];
  static float samples[2][3 * W];
  static uint32_t table[65536];
  static uint16_t palette[1 << 13];
  static uint8_t to[6 * W], colors[64 * 3];
  bluegrad_dither dither;
  size_t form, many;
  uint32_t sample, sink;
  OK(bluegrad_palette_by_name("black-white-red", colors, NULL, &many));
  if (bluegrad_palette_words(many, 9) > sizeof palette / 2) failed = 1;
  OK(bluegrad_palette_build(colors, many, BLUEGRAD_FIT_PANEL, 0.002f, 9, palette, bluegrad_palette_words(many, 9)));
  for (form = 0; form < 4; form++) {
    for (sample = BLUEGRAD_SAMPLE_U8; sample <= BLUEGRAD_SAMPLE_F32; sample++) {
      if (form == 2 && sample == BLUEGRAD_SAMPLE_U8) continue;
      OK(bluegrad_tone_fill(values, 3, BLUEGRAD_MIX_LIGHT, N, table, sample == BLUEGRAD_SAMPLE_U8 ? 256 : 65536));
      if (form == 2) OK(bluegrad_tone_fill_pairs(values, 3, BLUEGRAD_MIX_CODES, N, table));
      for (sink = BLUEGRAD_SINK_LEVELS; sink <= BLUEGRAD_SINK_RGB565; sink++) {
        if (form == 3 && (sink == BLUEGRAD_SINK_VALUES || sink >= BLUEGRAD_SINK_RGB332)) continue;
        OK(bluegrad_dither_default(&dither, sizeof dither, bytes, W, H, 4));
        dither.channels = form == 3 || sink != BLUEGRAD_SINK_PLANES ? 3 : 1;
        dither.form = forms[form];
        dither.sample = sample;
        dither.sink = sink;
        dither.tables[0] = dither.tables[1] = dither.tables[2] = table;
        dither.values[0] = dither.values[1] = dither.values[2] = mapped;
        dither.palette = palette;
        dither.palette_words = bluegrad_palette_words(many, 9);
        OK(bluegrad_dither_rows(&dither, 1, 2, samples, 3 * W, to, sizeof to));
        if (bluegrad_dither_row_size(&dither, 3 * W) == 0) failed = 1;
        if (form < 2 && sample != BLUEGRAD_SAMPLE_F32) {
          dither.mask = shorts;
          dither.mask_bits = 16;
          OK(bluegrad_dither_rows(&dither, 1, 2, samples, 3 * W, to, sizeof to));
        }
      }
    }
  }
}

/* A whole mask by one call; the sizes of structs. */
static void make(void) {
  size_t sum = 0;
  if (bluegrad_make_memory_size(0, W, H) > sizeof memory) failed = 1;
  OK(bluegrad_make_u8(memory, sizeof memory, 0, W, H, 7, bytes, sizeof bytes));
  OK(bluegrad_make_u16(memory, sizeof memory, 0, W, H, 7, shorts, sizeof shorts));
  OK(bluegrad_make_f32(memory, sizeof memory, 0, W, H, 7, floats, sizeof floats));
  OK(bluegrad_make_ranks(memory, sizeof memory, 0, W, H, 7, ranks, sizeof ranks));
  OK(bluegrad_make_dither_u8(memory, sizeof memory, 0, W, H, 7, bytes, sizeof bytes));
  OK(bluegrad_make_dither_ranks(memory, sizeof memory, 0, W, H, 7, ranks, sizeof ranks));
  OK(bluegrad_make_spectral_u8(memory, sizeof memory, BLUEGRAD_PRESET_SPECTRAL, W, H, 7, bytes, sizeof bytes));
  OK(bluegrad_make_spectral_ranks(memory, sizeof memory, BLUEGRAD_PRESET_SPECTRAL, W, H, 7, ranks, sizeof ranks));
  sum += bluegrad_sizeof_config() + bluegrad_sizeof_dither() + bluegrad_sizeof_stage() + bluegrad_sizeof_shape();
  sum += bluegrad_sizeof_distribution() + bluegrad_sizeof_filters() + bluegrad_sizeof_powers() + bluegrad_sizeof_region();
  sum += bluegrad_sizeof_jobs() + bluegrad_sizeof_report() + bluegrad_sizeof_losses() + bluegrad_sizeof_quality();
  failed |= sum + bluegrad_sizeof_volume_quality() < 13;
}

static void apply(void) {
  bluegrad_quality quality;
  bluegrad_volume_quality volume_quality;
  double loss;
  bluegrad_shape volume;
  bluegrad_powers powers;
  bluegrad_config config;
  int i;
  if (bluegrad_measure_memory_size(W, H) > sizeof scratch) failed = 1;
  OK(bluegrad_measure(ranks, W, H, scratch, sizeof scratch, &quality));
  volume.width = 16, volume.height = 16, volume.layers = 2, volume.channels = 2;
  if (bluegrad_measure_volume_memory_size(&volume) > sizeof scratch) failed = 1;
  for (i = 0; i < N; i++) ranks[i] /= 4;
  OK(bluegrad_measure_volume(ranks, &volume, scratch, sizeof scratch, &volume_quality));
  OK(bluegrad_config_default(&config, sizeof config, 0, W, H));
  if (bluegrad_pair_loss_memory_size(&volume) > sizeof scratch) failed = 1;
  OK(bluegrad_pair_loss(ranks, &volume, 1, &config.filters, scratch, sizeof scratch, &loss));
  dither_all();
  OK(bluegrad_config_default(&config, sizeof config, 0, W, H));
  OK(bluegrad_config_dither(&config, 1.5f, 12));
  OK(bluegrad_config_space_time(&config, 0.5f));
  if (bluegrad_powers_memory_size(&config) > sizeof memory) failed = 1;
  OK(bluegrad_powers_probe(memory, sizeof memory, &config, &powers));
  OK(bluegrad_config_filtered(&config, &powers));
  OK(bluegrad_config_mix(&config, 1.0f));
  OK(bluegrad_init(memory, sizeof memory, &config, (bluegrad_generator **)(void *)scratch));
}

/* A set of points, half of it from a snapshot, and its figures. */
static void points(void) {
  static uint32_t positions[2 * 100];
  bluegrad_point_config config;
  bluegrad_point_report report;
  bluegrad_point_quality quality;
  bluegrad_points *set;
  OK(bluegrad_points_config_default(&config, 100));
  if (bluegrad_points_memory_size(&config) > sizeof memory) failed = 1;
  OK(bluegrad_points_init(memory, sizeof memory, &config, &set));
  OK(bluegrad_points_step(set, 3, NULL, &report));
  OK(bluegrad_points_open(memory, sizeof memory, &set));
  OK(bluegrad_points_step(set, UINT32_MAX, NULL, &report));
  failed |= report.step != report.steps;
  OK(bluegrad_points_read_f32(set, floats, 200 * sizeof *floats));
  OK(bluegrad_points_read_u32(set, positions, sizeof positions));
  if (bluegrad_points_measure_memory_size(100) > sizeof scratch) failed = 1;
  OK(bluegrad_points_measure(positions, 100, scratch, sizeof scratch, &quality));
  failed |= bluegrad_sizeof_point_config() + bluegrad_sizeof_point_report() + bluegrad_sizeof_point_quality() < 3;
}

int main(int arguments, char **argument) {
  bluegrad_preset preset;
  unsigned long before;
  cheats = arguments > 1 && strcmp(argument[1], "--cheat") == 0;
  before = count;
  failed |= bluegrad_version() == 0 || bluegrad_algorithm_version() == 0 || !bluegrad_simd_level() || !bluegrad_status_string(0);
  for (preset = 0; bluegrad_preset_name(preset) != NULL; preset++) run(preset);
  make();
  apply();
  points();
  before = count - before;
  printf("%lu allocations\n", before);
  /* printf has taken its buffer: the count counts */
  return failed || before != 0 || count == 0;
}
