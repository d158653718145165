/* 25: giving the CPU away, and asking for it, without end. 27 to 29: guests that do not come to an end. */
#include "hostile.h"

#define POLL 3
#define BLOCK 1
#define ROUNDS 2000

static volatile int stop;

static void storm(int cpu)
{
  for (uint32_t i = 0; !stop; i++) {
    struct { uint64_t ports; uint32_t count; uint64_t timeout; } poll = {0, 0, 1};
    switch (i % 4) {
    case 0: xen(SCHED_OP, POLL, (uint64_t)&poll, 0, 0, 0); break;
    case 1: __asm__ volatile("wfe"); break;
    default: yield();
    }
  }
}

static void blocks(void)
{
  for (uint32_t i = 0; i < ROUNDS; i++) {
    write_register(CNTV_CVAL_EL0, now());
    write_register(CNTV_CTL_EL0, 1);
    xen(SCHED_OP, BLOCK, 0, 0, 0, 0);
    mask_interrupts();
  }
}

static void absurd(void)
{
  for (uint64_t operation = 5; operation < 40; operation++) {
    long got = xen(SCHED_OP, operation, ~0ul, ~0ul, 0, 0);
    quietly("an operation of the scheduler", operation, got < 0, 1);
  }
  static const uint32_t reasons[] = {6, 100, 0x7fffffff, 0x80000000, 0xffffffff};
  for (uint32_t i = 0; i < ENTRIES(reasons); i++) {
    struct { uint32_t reason; } end = {reasons[i]};
    quietly("a reason to end", reasons[i], (uint64_t)xen(SCHED_OP, 2, (uint64_t)&end, 0, 0, 0), (uint64_t)EINVAL);
  }
  for (uint16_t domain = 0; domain < 32; domain++) {
    struct { uint16_t domain; uint32_t reason; } other = {domain, 0};
    quietly("the end of another", domain, xen(SCHED_OP, 4, (uint64_t)&other, 0, 0, 0) < 0, 1);
  }
}

void bad_scheduling(void)
{
  absurd();
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    start_cpu(cpu, storm);
  }
  blocks();
  stop = 1;
  join_cpus();
  expect("storms", ROUNDS, ROUNDS);
}

static void spin(int cpu)
{
  mask_interrupts();
  for (;;) {
    __asm__ volatile("");
  }
}

/* It says that all is well so far, and never another word. */
void never_ends(void)
{
  print("PASS 0 checks\n");
  xen_flush();
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    start_cpu(cpu, spin);
  }
  spin(0);
}

/* Destroyed in the midst of it: calls, mappings, storms. */
static void busy(int cpu)
{
  static uint64_t lists[MAX_CPUS][2];
  uint64_t gfn = (platform.memory + platform.memory_size - 0x100000ul * (uint64_t)(cpu + 1)) >> 12;
  struct { uint64_t start, count; uint32_t order, flags; uint16_t domid; } request = {(uint64_t)lists[cpu], 1, 0, 0, SELF};
  for (uint64_t i = 0;; i++) {
    lists[cpu][0] = gfn + i % 64;
    xen(MEMORY_OP, 1, (uint64_t)&request, 0, 0, 0);
    xen(MEMORY_OP, 6, (uint64_t)&request, 0, 0, 0);
    gic_send((int)(i % (uint64_t)platform.cpus), 5);
    struct { uint32_t vcpu, port; } ipi = {(uint32_t)cpu, 0};
    xen(EVENT_CHANNEL_OP, 7, (uint64_t)&ipi, 0, 0, 0);
    if (i % 16 == 0) {
      yield();
    }
  }
}

void dies_busy(void)
{
  print("PASS 0 checks\n");
  xen_flush();
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    start_cpu(cpu, busy);
  }
  busy(0);
}

void panics(void)
{
  print("PASS 0 checks\n");
  xen_flush();
  shut_down(CRASH);
}
