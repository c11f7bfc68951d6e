/* `bluegrad_init`, `_step`, `_read_u8` */
#include <bluegrad.h>

static unsigned char memory[90000];
static uint8_t texture[64 * 64];

int main(void) {
  bluegrad_config config;
  bluegrad_generator *generator;
  bluegrad_status status = bluegrad_config_default(&config, sizeof config, BLUEGRAD_PRESET_DITHER, 64, 64);
  if (status == BLUEGRAD_OK) status = bluegrad_init(memory, sizeof memory, &config, &generator);
  if (status == BLUEGRAD_OK) status = bluegrad_step(generator, UINT32_MAX, NULL, NULL);
  return status == BLUEGRAD_OK ? bluegrad_read_u8(generator, texture, sizeof texture, NULL) : status;
}
