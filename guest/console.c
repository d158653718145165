/* Text out: as each guest does it under a hypervisor, by PL011 on the bare machine. */
#include "guest.h"

#define UARTFR 0x18
#define UARTFR_TXFF 0x20

static char line[512];
static uint32_t used;

static void flush(void)
{
  if (platform.under_xen) {
    xen_write(line, used);
  } else {
    for (uint32_t i = 0; i < used && platform.uart; i++) {
      while (load32(platform.uart + UARTFR) & UARTFR_TXFF) {}
      store32(platform.uart, (uint8_t)line[i]);
    }
  }
  used = 0;
}

static void put(char c)
{
  if (c == '\n') {
    line[used++] = '\r';
  }
  line[used++] = c;
  if (c == '\n' || used >= sizeof line - 2) {
    flush();
  }
}

void print(const char *text)
{
  while (*text) {
    put(*text++);
  }
}

void print_decimal(uint64_t value)
{
  char digits[20];
  int count = 0;
  do {
    digits[count++] = (char)('0' + value % 10);
    value /= 10;
  } while (value);
  while (count) {
    put(digits[--count]);
  }
}

void print_hex(uint64_t value)
{
  print("0x");
  int started = 0;
  for (int shift = 60; shift >= 0; shift -= 4) {
    int digit = (int)(value >> shift & 15);
    started |= digit || !shift;
    if (started) {
      put("0123456789abcdef"[digit]);
    }
  }
}
