/* Tables of tones and of palettes. */
#include "misuse.h"

static const uint32_t beyond[] = {2, 3, 255, 256, 1u << 16, 1u << 31, UINT32_MAX};

void tones(void) {
  static const uint32_t no_pixels[] = {0, (1u << 24) + 1, 1u << 31, UINT32_MAX};
  static const size_t lengths[] = {0, 1, 255, 257, 512, 65535, 65537};
  static uint16_t values[258];
  uint32_t *table = block(256 * sizeof *table + 64), *pairs = block(512 * sizeof *pairs + 64);
  size_t i;
  for (i = 0; i < LENGTH(values); i++) values[i] = (uint16_t)(i < 256 ? 257 * i : UINT16_MAX);
  for (i = 0; i < LENGTH(beyond); i++) {
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_tone_fill(values, 4, beyond[i], 256, table, 256));
    EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_tone_fill_pairs(values, 4, beyond[i], 256, pairs));
  }
  for (i = 0; i < LENGTH(no_pixels); i++) {
    EXPECT(ERROR_NUMBER, bluegrad_tone_fill(values, 4, 0, no_pixels[i], table, 256));
    EXPECT(ERROR_NUMBER, bluegrad_tone_fill_pairs(values, 4, 0, no_pixels[i], pairs));
  }
  for (i = 0; i < 4; i++) {
    const size_t count = i < 2 ? i : 255 + i;
    EXPECT(ERROR_LEVELS, bluegrad_tone_fill(values, count, 0, 256, table, 256));
    EXPECT(ERROR_LEVELS, bluegrad_tone_fill_pairs(values, count, 0, 256, pairs));
  }
  for (i = 0; i < 3; i++) {
    uint16_t falling[4] = {0, 257, 2 * 257, 3 * 257};
    falling[i + 1] = falling[i];
    EXPECT(ERROR_VALUES, bluegrad_tone_fill(falling, 4, 1, 256, table, 256));
    EXPECT(ERROR_VALUES, bluegrad_tone_fill_pairs(falling, 4, 1, 256, pairs));
  }
  for (i = 0; i < LENGTH(lengths); i++) {
    uint32_t *other = block(lengths[i] * sizeof *other);
    EXPECT(ERROR_LENGTH, bluegrad_tone_fill(values, 4, 0, 256, other, lengths[i]));
    TRUE_(untouched(other, lengths[i] * sizeof *other));
    release(other, lengths[i] * sizeof *other);
  }
  values[1] = 258;
  EXPECT(ERROR_NUMBER, bluegrad_tone_fill_pairs(values, 4, 0, 256, pairs));
  values[1] = 257;
  EXPECT(ERROR_NULL, bluegrad_tone_fill(NULL, 4, 0, 256, table, 256));
  EXPECT(ERROR_NULL, bluegrad_tone_fill(values, 4, 0, 256, NULL, 256));
  EXPECT(ERROR_NULL, bluegrad_tone_fill_pairs(NULL, 4, 0, 256, pairs));
  EXPECT(ERROR_NULL, bluegrad_tone_fill_pairs(values, 4, 0, 256, NULL));
  EXPECT(ERROR_OVERLAP, bluegrad_tone_fill((uint16_t *)(void *)table + 510, 4, 0, 256, table, 256));
  EXPECT(ERROR_OVERLAP, bluegrad_tone_fill_pairs((uint16_t *)(void *)pairs + 1022, 4, 0, 256, pairs));
  TRUE_(bluegrad_tone_fill(values, SIZE_MAX, 0, 256, table, 256) != BLUEGRAD_OK);
  TRUE_(bluegrad_tone_fill(values, 4, 0, 256, table, SIZE_MAX) != BLUEGRAD_OK);
  EXPECT(ERROR_MISALIGNED, bluegrad_tone_fill((uint16_t *)(void *)((unsigned char *)values + 1), 4, 0, 256, table, 256));
  for (i = 1; i < 64; i++) {
    uint32_t *off = (uint32_t *)(void *)((unsigned char *)table + i);
    uint32_t *two = (uint32_t *)(void *)((unsigned char *)pairs + i);
    if (i % sizeof *off != 0) EXPECT(ERROR_MISALIGNED, bluegrad_tone_fill(values, 4, 0, 256, off, 256));
    if (i % sizeof *two != 0) EXPECT(ERROR_MISALIGNED, bluegrad_tone_fill_pairs(values, 4, 0, 256, two));
  }
  TRUE_(untouched(table, 256 * sizeof *table + 64) && untouched(pairs, 512 * sizeof *pairs + 64));
  EXPECT(OK, bluegrad_tone_fill(values, 256, BLUEGRAD_MIX_LIGHT, 1u << 24, table, 256));
  TRUE_(table[0] == 0 && table[255] == 255u << 24 && untouched(table + 256, 64));
  EXPECT(OK, bluegrad_tone_fill_pairs(values, 256, BLUEGRAD_MIX_CODES, 1, pairs));
  TRUE_(pairs[510] >> 24 == 255 && untouched(pairs + 512, 64));
  release(table, 256 * sizeof *table + 64);
  release(pairs, 512 * sizeof *pairs + 64);
}

void palettes(void) {
  static const uint32_t nodes[] = {0, 1, 8, 10, 16, 18, 32, 34, 265, 1u << 31, UINT32_MAX};
  static const size_t counts[] = {0, 1, 65, 256, 1u << 16, SIZE_MAX / 3, SIZE_MAX};
  static const float grains[] = {-0.001f, 1.001f, -1e30f, 1e30f};
  static const char *const unknown[] = {"", "spectra", "spectra-6 ", "Spectra-6", "web-safe", "spectra-66"};
  static const uint8_t colors[] = {255, 255, 255, 0, 0, 0};
  const size_t words = bluegrad_palette_words(2, 9), bytes = words * sizeof(uint16_t);
  uint16_t *table = block(bytes + 64);
  uint8_t shown[3 * 64], nominal[3 * 64], *exact;
  float zero = 0.0f;
  size_t i, count = 7;
  TRUE_(words == 4 + 1536 + 2 + 729 + 7);
  TRUE_(bluegrad_palette_words(6, 9) == 5198 && bluegrad_palette_words(6, 17) == 26118 && bluegrad_palette_words(64, 33) > 0);
  for (i = 0; i < LENGTH(nodes); i++) {
    TRUE_(bluegrad_palette_words(2, nodes[i]) == 0);
    EXPECT(ERROR_NODES, bluegrad_palette_build(colors, 2, 0, 0.0f, nodes[i], table, words));
  }
  for (i = 0; i < LENGTH(counts); i++) TRUE_(bluegrad_palette_words(counts[i], 9) == 0);
  {
    uint8_t *many = block(3 * 65);
    EXPECT(ERROR_COLORS, bluegrad_palette_build(many, 0, 0, 0.0f, 9, table, words));
    EXPECT(ERROR_COLORS, bluegrad_palette_build(many, 1, 0, 0.0f, 9, table, words));
    EXPECT(ERROR_COLORS, bluegrad_palette_build(many, 65, 0, 0.0f, 9, table, words));
    EXPECT(ERROR_SAME_COLORS, bluegrad_palette_build(many, 64, 0, 0.0f, 9, table, words));
    release(many, 3 * 65);
  }
  TRUE_(bluegrad_palette_build(colors, SIZE_MAX / 3, 0, 0.0f, 9, table, words) != BLUEGRAD_OK);
  TRUE_(bluegrad_palette_build(colors, SIZE_MAX, 0, 0.0f, 9, table, words) != BLUEGRAD_OK);
  for (i = 0; i < LENGTH(beyond); i++) EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_palette_build(colors, 2, beyond[i], 0.0f, 9, table, words));
  for (i = 0; i < LENGTH(grains); i++) EXPECT(ERROR_NUMBER, bluegrad_palette_build(colors, 2, 0, grains[i], 9, table, words));
  EXPECT(ERROR_NUMBER, bluegrad_palette_build(colors, 2, 0, zero / zero, 9, table, words));
  EXPECT(ERROR_NUMBER, bluegrad_palette_build(colors, 2, 0, 1.0f / zero, 9, table, words));
  EXPECT(ERROR_NULL, bluegrad_palette_build(NULL, 2, 0, 0.0f, 9, table, words));
  EXPECT(ERROR_NULL, bluegrad_palette_build(colors, 2, 0, 0.0f, 9, NULL, words));
  EXPECT(ERROR_OVERLAP, bluegrad_palette_build((uint8_t *)table, 2, 0, 0.0f, 9, table, words));
  EXPECT(ERROR_OVERLAP, bluegrad_palette_build((uint8_t *)(table + words) - 1, 2, 0, 0.0f, 9, table, words));
  for (i = 1; i < 64; i += 2) {
    uint16_t *off = (uint16_t *)(void *)((unsigned char *)table + i);
    EXPECT(ERROR_MISALIGNED, bluegrad_palette_build(colors, 2, 0, 0.0f, 9, off, words));
  }
  for (i = 0; i < words + 3; i += i < 10 || i + 3 > words ? 1 : 97) {
    if (i != words) EXPECT(ERROR_LENGTH, bluegrad_palette_build(colors, 2, 0, 0.0f, 9, table, i));
  }
  TRUE_(untouched(table, bytes + 64));
  EXPECT(OK, bluegrad_palette_build(colors, 2, BLUEGRAD_FIT_PANEL, 1.0f, 9, table, words));
  TRUE_(table[1] == 2 && table[2] == 9 && untouched((unsigned char *)table + bytes, 64));
  release(table, bytes + 64);

  EXPECT(ERROR_NULL, bluegrad_palette_by_name(NULL, shown, nominal, &count));
  memset(shown, 0xAA, sizeof shown);
  memset(nominal, 0xAA, sizeof nominal);
  EXPECT(ERROR_NULL, bluegrad_palette_by_name("spectra-6", shown, nominal, NULL));
  for (i = 0; i < LENGTH(unknown); i++) EXPECT(ERROR_UNKNOWN_VALUE, bluegrad_palette_by_name(unknown[i], shown, nominal, &count));
  {
    static unsigned char room[2 * sizeof count + 64];
    for (i = 1; i < ALIGNMENT(size_t); i++) {
      EXPECT(ERROR_MISALIGNED, bluegrad_palette_by_name("ega", shown, nominal, (size_t *)(void *)(room + i)));
    }
  }
  TRUE_(untouched(shown, sizeof shown) && untouched(nominal, sizeof nominal) && count == 7);
  exact = block(3 * 6);
  EXPECT(OK, bluegrad_palette_by_name("spectra-6", exact, NULL, &count));
  TRUE_(count == 6 && exact[0] < exact[3]);
  EXPECT(OK, bluegrad_palette_by_name("spectra-6", NULL, exact, &count));
  TRUE_(exact[0] == 0 && exact[3] == 255);
  EXPECT(OK, bluegrad_palette_by_name("pico-8", NULL, NULL, &count));
  TRUE_(count == 16);
  release(exact, 3 * 6);
}
