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
