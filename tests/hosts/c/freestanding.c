/* A program without a C library (x86-64, Linux or Windows): its own mem functions, no allocator, no start files. Exits with 0 if the 64x64
 * `dither` mask of seed 7 has the hash of the macro HASH. */
#include <bluegrad.h>

void *memset(void *to, int value, size_t size) {
  unsigned char *bytes = to;
  while (size-- > 0) *bytes++ = (unsigned char)value;
  return to;
}

void *memcpy(void *to, const void *from, size_t size) {
  unsigned char *bytes = to;
  const unsigned char *source = from;
  while (size-- > 0) *bytes++ = *source++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  unsigned char *bytes = to;
  const unsigned char *source = from;
  if (bytes <= source) return memcpy(to, from, size);
  while (size-- > 0) bytes[size] = source[size];
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const unsigned char *left = a, *right = b;
  for (; size > 0; size--, left++, right++) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}

static union {
  unsigned char bytes[1 << 20];
  double aligned;
} memory __attribute__((aligned(BLUEGRAD_MEMORY_ALIGN)));
static uint32_t ranks[64 * 64];

static int run(void) {
  bluegrad_config config;
  bluegrad_generator *generator;
  uint64_t sum = 0xcbf29ce484222325u;
  int i, byte;
  if (bluegrad_config_default(&config, sizeof config, BLUEGRAD_PRESET_DITHER, 64, 64) != BLUEGRAD_OK) return 1;
  config.seed = 7;
  if (bluegrad_init(memory.bytes, sizeof memory.bytes, &config, &generator) != BLUEGRAD_OK) return 2;
  if (bluegrad_step(generator, UINT32_MAX, NULL, NULL) != BLUEGRAD_OK) return 3;
  if (bluegrad_read_ranks(generator, ranks, sizeof ranks, NULL) != BLUEGRAD_OK) return 4;
  for (i = 0; i < 64 * 64; i++) {
    for (byte = 0; byte < 4; byte++) sum = (sum ^ ((ranks[i] >> (8 * byte)) & 0xff)) * 0x100000001b3u;
  }
  return sum == HASH ? 0 : 5;
}

#ifdef _WIN32

__declspec(dllimport) void __stdcall ExitProcess(unsigned code);

/* The linker of MSVC wants it where there are floating-point numbers. */
int _fltused;

void main_without_library(void) {
  ExitProcess((unsigned)run());
}

#else

/* The stack is a multiple of 16 before the call, as the calling convention wants it. */
__asm__(".globl _start\n_start:\n  xor %ebp, %ebp\n  and $-16, %rsp\n  call main_without_library\n");

void main_without_library(void) {
  const long status = run();
  __asm__ volatile("syscall" : : "a"(60L), "D"(status) : "rcx", "r11", "memory");
  for (;;) {
  }
}

#endif
