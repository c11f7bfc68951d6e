/* The first mask, in C99 and C++11: the 64x64 `dither` mask of seed 7. Prints FNV-1a 64 over its ranks as little-endian u32. */
#include <bluegrad.h>

#include <stdio.h>
#include <stdlib.h>

enum { SIDE = 64, PIXELS = SIDE * SIDE };

static uint8_t texture[PIXELS];
static uint32_t ranks[PIXELS];

int main(void) {
  uint64_t hash = 0xcbf29ce484222325u;
  size_t size = bluegrad_make_memory_size(BLUEGRAD_PRESET_DITHER, SIDE, SIDE);
  void *memory = malloc(size);
  int i, byte;

  bluegrad_status status = bluegrad_make_u8(memory, size, BLUEGRAD_PRESET_DITHER, SIDE, SIDE, 7, texture, sizeof texture);
  if (status == BLUEGRAD_OK) status = bluegrad_make_ranks(memory, size, BLUEGRAD_PRESET_DITHER, SIDE, SIDE, 7, ranks, sizeof ranks);
  free(memory);
  if (status != BLUEGRAD_OK) {
    fprintf(stderr, "%s\n", bluegrad_status_string(status));
    return 1;
  }
  for (i = 0; i < PIXELS; i++) {
    if (texture[i] != ranks[i] / (PIXELS / 256)) return 2;
    for (byte = 0; byte < 4; byte++) hash = (hash ^ ((ranks[i] >> (8 * byte)) & 0xff)) * 0x100000001b3u;
  }
  printf("%08lx%08lx\n", (unsigned long)(hash >> 32), (unsigned long)(hash & 0xffffffffu));
  return 0;
}
