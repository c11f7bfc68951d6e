/* The 64x64 `dither` mask of seed 7 without an operating system and without a C library. Cortex-M: a program for QEMU that
 * prints the hash of first.c by semihosting. Elsewhere: the function `run`, which puts the hash's 16 digits into memory and returns
 * where. */
#include <bluegrad.h>

enum { SIDE = 64, PIXELS = SIDE * SIDE };

static unsigned char memory[128 * 1024];
static uint32_t ranks[PIXELS];
static char text[18];

const char *run(void) {
  uint64_t hash = 0xcbf29ce484222325u;
  int i, byte;
  size_t size = bluegrad_make_memory_size(BLUEGRAD_PRESET_DITHER, SIDE, SIDE);
  if (size > sizeof memory) return "memory\n";
  if (bluegrad_make_ranks(memory, size, BLUEGRAD_PRESET_DITHER, SIDE, SIDE, 7, ranks, sizeof ranks) != BLUEGRAD_OK) return "make\n";
  for (i = 0; i < PIXELS; i++) {
    for (byte = 0; byte < 4; byte++) hash = (hash ^ ((ranks[i] >> (8 * byte)) & 0xff)) * 0x100000001b3u;
  }
  for (i = 0; i < 16; i++) text[i] = "0123456789abcdef"[(hash >> (60 - 4 * i)) & 15];
  text[16] = '\n';
  return text;
}

#ifdef __arm__

extern uint32_t stack_top[], bss_start[], bss_end[];

static void semihosting(int operation, const void *argument) {
  register int r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

static void fault(void) {
  const uint32_t exit[2] = {0x20026, 1};
  semihosting(0x20, exit);
  for (;;) {
  }
}

static void reset(void) {
  const uint32_t exit[2] = {0x20026, 0};
  uint32_t *word;
  /* the floating-point unit is off after a reset */
  *(volatile uint32_t *)0xe000ed88 |= 0xf << 20;
  __asm__ volatile("dsb\nisb");
  for (word = bss_start; word < bss_end; word++) *(volatile uint32_t *)word = 0;
  semihosting(0x04, run());
  semihosting(0x20, exit);
  fault();
}

extern const void *const vectors[16];
__attribute__((section(".vectors"))) const void *const vectors[16] = {
    stack_top, (const void *)reset, (const void *)fault, (const void *)fault, (const void *)fault, (const void *)fault,
    (const void *)fault,
};

#endif
