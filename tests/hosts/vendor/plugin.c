/* A plugin: a shared library with one function of its own that makes a mask. */
#include <bluegrad.h>

#include <stdlib.h>

#ifdef _WIN32
__declspec(dllexport)
#endif
int plugin_mask(uint8_t *to, size_t size);

int plugin_mask(uint8_t *to, size_t size) {
  size_t needed = bluegrad_make_memory_size(BLUEGRAD_PRESET_DITHER, 64, 64);
  void *memory = malloc(needed);
  bluegrad_status status = bluegrad_make_u8(memory, needed, BLUEGRAD_PRESET_DITHER, 64, 64, 7, to, size);
  free(memory);
  return status;
}
