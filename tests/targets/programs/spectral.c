/* `bluegrad_make_spectral_u8` */
#include <bluegrad.h>

static unsigned char memory[180000];
static uint8_t texture[64 * 64];

int main(void) {
  return bluegrad_make_spectral_u8(memory, sizeof memory, BLUEGRAD_PRESET_SPECTRAL, 64, 64, 7, texture, sizeof texture);
}
