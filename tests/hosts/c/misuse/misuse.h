/* Everything that a caller can get wrong and a library can see. Each call must give its error number and change nothing that is not its
 * own; each buffer is an allocation of exactly its size, so that a sanitizer or valgrind sees the first byte beyond it. */
#ifndef MISUSE_H
#define MISUSE_H

#define _POSIX_C_SOURCE 200112L

#include <bluegrad.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void expect(bluegrad_status wanted, bluegrad_status got, const char *what, const char *file, int line);
#define EXPECT(status, call) expect(BLUEGRAD_##status, (call), #call, __FILE__, __LINE__)
void hold(int condition, const char *what, const char *file, int line);
#define TRUE_(condition) hold((condition), #condition, __FILE__, __LINE__)
#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define ALIGNMENT(type) __alignof__(type)

/* For each pointer p of 1 to 63 bytes past the start of `room`, which has 64 bytes more than the object: `put` makes the object there, and
 * the call must refuse p where it is not aligned for the type, and else answer `otherwise`. */
#define EACH_MISALIGNMENT(type, room, put, otherwise, call) \
  do { \
    size_t past_; \
    for (past_ = 1; past_ < 64; past_++) { \
      type *p = (type *)(void *)((unsigned char *)(room) + past_); \
      const int aligned_ = past_ % ALIGNMENT(type) == 0; \
      put; \
      expect(aligned_ ? BLUEGRAD_##otherwise : BLUEGRAD_ERROR_MISALIGNED, (call), #call, __FILE__, __LINE__); \
    } \
  } while (0)

/* The level that every run has, and whether a tool makes all of it slow: fewer repetitions then. */
extern bluegrad_level level;
extern int quick;

/* Bytes at a multiple of 64, and none beyond them; all 0xAA. Of size 0 a pointer that nothing may be read or written at. */
void *block(size_t size);
void release(void *block, size_t size);
int untouched(const void *block, size_t size);

/* A number that looks random. */
uint32_t draw(void);

/* A preset at the level of the test, with 4 steps where it has many. */
bluegrad_config configured(bluegrad_preset preset, uint32_t width, uint32_t height);

/* The default stage of a kind, with a few steps, alone. */
bluegrad_config of_kind(bluegrad_stage_kind kind, uint32_t width, uint32_t height);
#define STAGE_KINDS 8

/* A run of a configuration after so many steps, in a block of its own. */
bluegrad_generator *run(const bluegrad_config *config, uint32_t steps);

/* Lies about a buffer's size, so that the library writes beyond it: only to see whether a tool sees that. */
void lie(void);

/* Each of the subjects. */
void names(void);
void making(void);
void configurations(void);
void choices(void);
void struct_sizes(void);
void blocks(void);
void loading(void);
void order(void);
void reading(void);
void damage(void);
void measuring(void);
void dithering(void);
void tones(void);
void palettes(void);
void point_sets(void);

#endif
