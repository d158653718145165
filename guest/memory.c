/* What clang calls by itself even in freestanding code. */
#include <stddef.h>

__attribute__((visibility("hidden"))) void *memset(void *target, int value, size_t size)
{
  unsigned char *at = target;
  while (size--) {
    *at++ = (unsigned char)value;
  }
  return target;
}

__attribute__((visibility("hidden"))) void *memcpy(void *target, const void *source, size_t size)
{
  unsigned char *at = target;
  const unsigned char *from = source;
  while (size--) {
    *at++ = *from++;
  }
  return target;
}
