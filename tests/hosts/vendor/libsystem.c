/* For programs without macOS's own library: what the objects for macOS need of libSystem. */
#include <stddef.h>

void *memset(void *to, int value, size_t size) {
  volatile unsigned char *bytes = to;
  while (size-- > 0) *bytes++ = (unsigned char)value;
  return to;
}

void *memcpy(void *to, const void *from, size_t size) {
  volatile unsigned char *bytes = to;
  const unsigned char *source = from;
  while (size-- > 0) *bytes++ = *source++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  volatile unsigned char *bytes = to;
  const unsigned char *source = from;
  if (to <= from) return memcpy(to, from, size);
  while (size-- > 0) bytes[size] = source[size];
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const volatile unsigned char *left = a, *right = b;
  for (; size > 0; size--, left++, right++) {
    if (*left != *right) return *left - *right;
  }
  return 0;
}

int bcmp(const void *a, const void *b, size_t size) {
  return memcmp(a, b, size);
}

void bzero(void *to, size_t size) {
  memset(to, 0, size);
}

void __bzero(void *to, size_t size) {
  memset(to, 0, size);
}

void memset_pattern16(void *to, const void *pattern, size_t size) {
  size_t i;
  for (i = 0; i < size; i++) ((volatile unsigned char *)to)[i] = ((const unsigned char *)pattern)[i % 16];
}

unsigned __int128 __udivti3(unsigned __int128 value, unsigned __int128 divisor) {
  unsigned __int128 quotient = 0, rest = 0;
  int bit;
  for (bit = 127; bit >= 0; bit--) {
    rest = rest << 1 | (value >> bit & 1);
    if (rest >= divisor) rest -= divisor, quotient |= (unsigned __int128)1 << bit;
  }
  return quotient;
}
