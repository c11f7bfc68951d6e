/* C99: the README's first program. A mask by one call, in memory of malloc. Prints FNV-1a 64 over the ranks as little-endian u32. */
#include <bluegrad.h>

#include <stdio.h>
#include <stdlib.h>

int main(void) {
  static uint32_t ranks[64 * 64];
  static uint8_t texture[64 * 64];
  size_t size = bluegrad_make_memory_size(BLUEGRAD_PRESET_DITHER, 64, 64), i;
  void *memory = malloc(size);
  bluegrad_status status = bluegrad_make_u8(memory, size, BLUEGRAD_PRESET_DITHER, 64, 64, 7, texture, sizeof texture);
  uint64_t sum = 0xcbf29ce484222325u;
  int byte;
  if (status == BLUEGRAD_OK) status = bluegrad_make_ranks(memory, size, BLUEGRAD_PRESET_DITHER, 64, 64, 7, ranks, sizeof ranks);
  free(memory);
  for (i = 0; i < 64 * 64; i++) {
    if (texture[i] != ranks[i] / 16) return 1;
    for (byte = 0; byte < 4; byte++) sum = (sum ^ (ranks[i] >> (8 * byte) & 0xff)) * 0x100000001b3u;
  }
  if (status != BLUEGRAD_OK) fprintf(stderr, "%s\n", bluegrad_status_string(status));
  printf("%016llx\n", (unsigned long long)sum);
  return status != BLUEGRAD_OK;
}
