/* Runs the golden cases: a line each with level, preset, width, height, seed, steps, hash and nanoseconds.
 * `main`: at the best level; `main all`: at every level of this machine. Exits with 1 if a case could not be run. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

size_t cases_count(void);
size_t cases_memory(void);
_Bool cases_has_level(uint32_t level);
size_t cases_run(size_t index, uint32_t level, unsigned char *memory, char *line, size_t room);

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int run(uint32_t level, unsigned char *memory) {
  size_t i;
  for (i = 0; i < cases_count(); i++) {
    char line[200];
    const double start = seconds();
    const size_t length = cases_run(i, level, memory, line, sizeof line);
    if (length == 0) {
      fprintf(stderr, "case %u at level %u failed\n", (unsigned)i, (unsigned)level);
      return 1;
    }
    printf("%.*s %.0f\n", (int)length, line, 1e9 * (seconds() - start));
  }
  return 0;
}

int main(int count, char **arguments) {
  unsigned char *block = malloc(cases_memory() + 63);
  unsigned char *memory;
  uint32_t level;
  if (block == NULL) return 1;
  memory = block + (64 - (uintptr_t)block % 64) % 64;
  if (count < 2 || strcmp(arguments[1], "all") != 0) return run(0, memory);
  for (level = 1; level < 64; level++) {
    if (cases_has_level(level) && run(level, memory) != 0) return 1;
  }
  return 0;
}
