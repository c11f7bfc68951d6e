/* Runs `run` of bare.c from a Mach-O dylib on Linux, on the same kind of processor: maps the segments, adds their address to the
 * pointers in them, calls the function and prints its text. What is not run is macOS's own loader. `macho DYLIB`. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { SEGMENT = 0x19, SYMTAB = 2, DYLD_INFO = 0x22 };

struct header { uint32_t magic, processor, subtype, kind, commands, bytes, flags, reserved; };
struct segment { uint32_t command, size; char name[16]; uint64_t address, length, offset, stored; uint32_t rest[4]; };
struct symbols { uint32_t command, size, offset, count, strings, string_bytes; };
struct info { uint32_t command, size, rebase, rebase_size; };
struct symbol { uint32_t name; uint8_t kind, section; uint16_t flags; uint64_t value; };

static unsigned char *file, *image;
static uint64_t starts[16];
static int count;

static int fails(const char *what) {
  fprintf(stderr, "%s\n", what);
  return 1;
}

static uint64_t number(const unsigned char **at) {
  uint64_t value = 0;
  int shift = 0;
  do value |= (uint64_t)(**at & 0x7f) << shift, shift += 7;
  while (*(*at)++ & 0x80);
  return value;
}

/* The opcodes of LC_DYLD_INFO: which words hold addresses. */
static int rebase(const unsigned char *at, const unsigned char *end) {
  uint64_t place = 0, times, skip;
  while (at < end) {
    const unsigned opcode = *at & 0xf0, immediate = *at & 15;
    at++;
    times = 0, skip = 0;
    switch (opcode) {
      case 0x00: return 0;
      case 0x10: break;
      case 0x20: place = starts[immediate] + number(&at); break;
      case 0x30: place += number(&at); break;
      case 0x40: place += 8 * immediate; break;
      case 0x50: times = immediate; break;
      case 0x60: times = number(&at); break;
      case 0x70: times = 1, skip = number(&at); break;
      case 0x80: times = number(&at), skip = number(&at); break;
      default: return fails("an unknown opcode");
    }
    for (; times > 0; times--) {
      uint64_t value;
      memcpy(&value, image + place, 8);
      value += (uint64_t)(uintptr_t)image;
      memcpy(image + place, &value, 8);
      place += 8 + skip;
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  FILE *stream = fopen(argc > 1 ? argv[1] : "", "rb");
  const struct header *header;
  const unsigned char *at;
  const struct symbols *symbols = NULL;
  const struct info *info = NULL;
  uint64_t top = 0;
  uint32_t i;
  size_t size;
  const char *text = NULL;
  if (!stream) return fails("macho DYLIB");
  file = malloc(1 << 24);
  size = fread(file, 1, 1 << 24, stream);
  header = (const struct header *)file;
  if (size < sizeof *header || header->magic != 0xfeedfacf) return fails("not a Mach-O file of 64 bits");
  for (i = 0, at = file + sizeof *header; i < header->commands; i++, at += ((const uint32_t *)at)[1]) {
    const uint32_t command = *(const uint32_t *)at;
    if (command == SYMTAB) symbols = (const struct symbols *)at;
    if (command == DYLD_INFO || command == 0x80000022u) info = (const struct info *)at;
    if (command == SEGMENT) {
      const struct segment *segment = (const struct segment *)at;
      starts[count++] = segment->address;
      if (segment->address + segment->length > top) top = segment->address + segment->length;
    }
  }
  if (!symbols || !info) return fails("no symbols, or pointers of another form than LC_DYLD_INFO");
  image = mmap(NULL, top, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (i = 0, at = file + sizeof *header; i < header->commands; i++, at += ((const uint32_t *)at)[1]) {
    const struct segment *segment = (const struct segment *)at;
    if (segment->command == SEGMENT) memcpy(image + segment->address, file + segment->offset, segment->stored);
  }
  if (rebase(file + info->rebase, file + info->rebase + info->rebase_size)) return 1;
  if (mprotect(image, top, PROT_READ | PROT_WRITE | PROT_EXEC)) return fails("mprotect");
  __builtin___clear_cache((char *)image, (char *)image + top);
  for (i = 0; i < symbols->count; i++) {
    const struct symbol *symbol = (const struct symbol *)(file + symbols->offset) + i;
    if (!strcmp((const char *)file + symbols->strings + symbol->name, "_run") && symbol->section) {
      const char *(*run)(void) = (const char *(*)(void))(uintptr_t)(image + symbol->value);
      text = run();
    }
  }
  if (!text) return fails("no function run");
  printf("%s", text);
  return 0;
}
