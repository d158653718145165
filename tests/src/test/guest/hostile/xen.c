/* The console ring, the command line, and calls that several guests make. xen/include/public. */
#include "hostile.h"

#define CONSOLE_PFN 17
#define CONSOLE_EVTCHN 18
#define EVTCHNOP_SEND 4
#define RING 2048
#define PATIENCE 200000

/* io/console.h: struct xencons_interface. */
struct console {
  char in[1024], out[RING];
  volatile uint32_t in_cons, in_prod, out_cons, out_prod;
};

static struct console *console;
static struct { uint32_t port; } console_channel;
static uint8_t shared[PAGE] __attribute__((aligned(4096)));

uint64_t hvm_param(uint32_t index)
{
  struct { uint16_t domid, pad; uint32_t index; uint64_t value; } param = {SELF, 0, index, 0};
  return xen(HVM_OP, 1, (uint64_t)&param, 0, 0, 0) ? 0 : param.value;
}

void xen_open(void)
{
  struct { uint16_t domid, size; uint32_t space; uint64_t index, gpfn; } map = {
      SELF, 0, 0, 0, (uint64_t)shared >> 12};
  xen(MEMORY_OP, 7, (uint64_t)&map, 0, 0, 0);
  console = (struct console *)(hvm_param(CONSOLE_PFN) << 12);
  console_channel.port = (uint32_t)hvm_param(CONSOLE_EVTCHN);
}

static void notify(void) { xen(EVENT_CHANNEL_OP, EVTCHNOP_SEND, (uint64_t)&console_channel, 0, 0, 0); }

void yield(void) { xen(SCHED_OP, 0, 0, 0, 0, 0); }

long xen_write(const char *text, uint32_t length)
{
  uint32_t produced = console->out_prod;
  for (uint32_t i = 0; i < length; i++) {
    for (int patience = PATIENCE; produced - console->out_cons >= RING && patience; patience--) {
      notify();
      yield();
    }
    console->out[produced++ % RING] = text[i];
    dsb();
    console->out_prod = produced;
  }
  notify();
  return 0;
}

void xen_flush(void)
{
  for (int patience = PATIENCE; console->out_prod != console->out_cons && patience; patience--) {
    yield();
  }
}

void shut_down(uint32_t reason)
{
  struct { uint32_t reason; } shutdown = {reason};
  for (;;) {
    xen(SCHED_OP, 2, (uint64_t)&shutdown, 0, 0, 0);
  }
}

void *shared_info(void) { return shared; }

/* vcpu_info[0]: the upcall's flag, and which words have something pending. */
void xen_acknowledge(void)
{
  shared[0] = 0;
  dsb();
  *(volatile uint64_t *)(shared + 8) = 0;
}

/* NAME=DECIMAL of the command line. */
uint64_t argument(const char *name, uint64_t otherwise)
{
  for (const char *at = platform.arguments; *at; at++) {
    const char *a = at, *b = name;
    while (*b && *a == *b) {
      a++;
      b++;
    }
    if (!*b && *a == '=') {
      uint64_t value = 0;
      while (*++a >= '0' && *a <= '9') {
        value = value * 10 + (uint64_t)(*a - '0');
      }
      return value;
    }
  }
  return otherwise;
}
