/* 16: the interrupt controller misused. 17: storms of interrupts. 18: timers. */
#include "hostile.h"

#define GICR_SGI_FRAME 0x10000
#define DISTRIBUTOR_SIZE 0x10000
#define REDISTRIBUTOR_SIZE 0x20000
#define STORM 3000

static void sweep(uint64_t base, uint64_t size)
{
  static const uint64_t values[] = {~0ul, 0, 0x5555555555555555, 0x1020304050607080};
  for (uint64_t offset = 0; offset < size; offset += 4) {
    PROVOKED(execute(0xb9400001, base + offset, 0));
    for (uint32_t v = 0; v < ENTRIES(values); v++) {
      PROVOKED(execute(0xb9000001, base + offset, values[v]));
    }
    if (offset % 8 == 0) {
      PROVOKED(execute(0xf9400001, base + offset, 0));
      PROVOKED(execute(0xf9000001, base + offset, ~0ul));
      PROVOKED(execute(0x39400001, base + offset + 3, 0));
      PROVOKED(execute(0x39000001, base + offset + 3, 0xff));
      PROVOKED(execute(0x79400001, base + offset + 2, 0));
      PROVOKED(execute(0x79000001, base + offset + 2, 0xffff));
    }
  }
}

/* Everything off again, and this vCPU's own interrupts as they were. */
static void restore(void)
{
  for (uint64_t word = 0; word < 32; word++) {
    store32(platform.distributor + 0x180 + word * 4, ~0u); /* ICENABLER */
    store32(platform.distributor + 0x280 + word * 4, ~0u); /* ICPENDR */
    store32(platform.distributor + 0x380 + word * 4, ~0u); /* ICACTIVER */
  }
  if (platform.gic_version == 3) {
    uint64_t frame = gic_my_redistributor() + GICR_SGI_FRAME;
    store32(frame + 0x180, ~0u);
    store32(frame + 0x280, ~0u);
    store32(frame + 0x380, ~0u);
  }
  gic_start();
}

static void still_works(const char *what)
{
  uint32_t before = interrupts_taken[SGI_SELF];
  unmask_interrupts();
  gic_send(0, SGI_SELF);
  for (uint32_t patience = 100000; interrupts_taken[SGI_SELF] == before && patience; patience--) {
    yield();
  }
  mask_interrupts();
  expect(what, interrupts_taken[SGI_SELF] != before, 1);
}

static void targets_of_sgis(void)
{
  if (platform.gic_version != 3) {
    for (uint32_t filter = 0; filter < 4; filter++) {
      store32(platform.distributor + 0xf00, filter << 24 | 0xff << 16 | 5);
      store32(platform.distributor + 0xf00, filter << 24 | 5);
    }
    return;
  }
  for (uint64_t list = 0; list < 17; list++) {
    for (uint64_t affinity = 0; affinity < 4; affinity++) {
      uint64_t value = (list == 16 ? 0xffff : 1ul << list) | (affinity & 1) << 16 | (affinity & 2) << 31 | 5ul << 24;
      write_register(ICC_SGI1R_EL1, value);
      write_register(ICC_SGI1R_EL1, value | 1ul << 40); /* all others */
      write_register(ICC_SGI1R_EL1, value | 15ul << 44);
      PROVOKED(execute(0xd518cbc0, value, 0)); /* ICC_ASGI1R_EL1 */
      PROVOKED(execute(0xd518cbe0, value, 0)); /* ICC_SGI0R_EL1 */
    }
  }
  write_register(ICC_SGI1R_EL1, ~0ul);
}

void bad_interrupts(void)
{
  still_works("an interrupt at first");
  sweep(platform.distributor, platform.gic_version == 3 ? DISTRIBUTOR_SIZE : PAGE);
  if (platform.gic_version == 3) {
    sweep(platform.redistributors, (uint64_t)REDISTRIBUTOR_SIZE);
    sweep(platform.redistributors + REDISTRIBUTOR_SIZE, 0x400);
    sweep(platform.redistributors + 0x1f0000, 0x400); /* far beyond the last vCPU */
  }
  targets_of_sgis();
  restore();
  still_works("an interrupt after all that");
}

static volatile int stop;
static volatile uint32_t rounds[MAX_CPUS];

static void storm(int cpu)
{
  gic_start_cpu();
  unmask_interrupts();
  while (!stop) {
    for (int target = 0; target < platform.cpus; target++) {
      gic_send(target, 1 + (int)(rounds[cpu] % 7));
    }
    rounds[cpu]++;
  }
  mask_interrupts();
}

/* Ends what was never begun. */
static void end_nothing(void)
{
  for (uint64_t intid = 0; intid < 1100; intid++) {
    if (platform.gic_version == 3) {
      write_register(ICC_EOIR1_EL1, intid);
      write_register(ICC_EOIR1_EL1, intid);
      PROVOKED(execute(0xd518cb20, intid, 0)); /* ICC_DIR_EL1 */
    } else {
      store32(platform.cpu_interface + 0x10, (uint32_t)intid);
      store32(platform.cpu_interface + 0x1000, (uint32_t)intid);
    }
  }
}

/* Pending for good: everything is masked and nothing is ever acknowledged. */
static void deaf(int cpu)
{
  gic_start_cpu();
  write_register(CNTV_CVAL_EL0, 0);
  write_register(CNTV_CTL_EL0, 1);
  for (int i = 0; i < 20000; i++) {
    wait_for_interrupt();
  }
  write_register(CNTV_CTL_EL0, 0);
}

void bad_storms(void)
{
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    start_cpu(cpu, storm);
  }
  unmask_interrupts();
  for (int i = 0; i < STORM; i++) {
    for (int target = 0; target < platform.cpus; target++) {
      gic_send(target, 1 + i % 7);
    }
    store32(platform.distributor + 0x104, i % 2 ? ~0u : 0); /* enable and disable what is not there */
    store32(platform.distributor + 0x184, ~0u);
    store32(platform.distributor + 0x204, ~0u);
  }
  stop = 1;
  mask_interrupts();
  join_cpus();
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    quietly("the other vCPUs stormed", (uint64_t)cpu, rounds[cpu] > 0, 1);
  }
  end_nothing();
  start_cpu(1, deaf);
  join_cpus();
  restore();
  still_works("an interrupt after the storm");
}

/* The virtual timer and the physical one, which the hypervisor keeps for us. */
void bad_timers(void)
{
  static const uint64_t values[] = {0, 1, ~0ul, 1ul << 63, (1ul << 63) - 1, 1ul << 32, 0xffffffff, 1ul << 56};
  uint64_t start = now();
  for (uint32_t v = 0; v < ENTRIES(values); v++) {
    for (uint64_t control = 0; control < 8; control++) {
      write_register(CNTV_CVAL_EL0, values[v]);
      write_register(CNTV_CTL_EL0, control);
      write_register(CNTP_CVAL_EL0, values[v]);
      write_register(CNTP_CTL_EL0, control);
      write_register(CNTV_TVAL_EL0, values[v]);
      write_register(CNTP_TVAL_EL0, values[v]);
      quietly("the physical timer keeps its value", values[v],
              read_register(CNTP_CVAL_EL0) - (read_register(CNTPCT_EL0) + (uint64_t)(int64_t)(int32_t)values[v]) + 0x40000000 < 0x80000000, 1);
      yield();
    }
  }
  for (int i = 0; i < 50000; i++) {
    write_register(CNTP_CVAL_EL0, 0);
    write_register(CNTP_CTL_EL0, i & 3);
    write_register(CNTV_CTL_EL0, i & 1);
  }
  write_register(CNTP_CTL_EL0, 0);
  write_register(CNTV_CTL_EL0, 0);
  isb();
  restore();
  uint32_t before = interrupts_taken[INTID_VIRTUAL_TIMER];
  write_register(CNTV_CVAL_EL0, 0);
  write_register(CNTV_CTL_EL0, 1);
  unmask_interrupts();
  for (uint32_t patience = 100000; interrupts_taken[INTID_VIRTUAL_TIMER] == before && patience; patience--) {
    yield();
  }
  mask_interrupts();
  expect("one interrupt of an old time", interrupts_taken[INTID_VIRTUAL_TIMER] - before, 1);
  expect("time goes on", now() > start, 1);
}
