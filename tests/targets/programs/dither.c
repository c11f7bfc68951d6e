/* `bluegrad_make_dither_u8` */
#include <bluegrad.h>

static unsigned char memory[90000];
static uint8_t texture[64 * 64];

int main(void) {
  return bluegrad_make_dither_u8(memory, sizeof memory, BLUEGRAD_PRESET_DITHER, 64, 64, 7, texture, sizeof texture);
}
