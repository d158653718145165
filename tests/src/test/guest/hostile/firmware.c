/* 19: PSCI misused. 20: SMCs of all kinds. */
#include "hostile.h"

#define NOT_SUPPORTED (-1l)
#define INVALID_PARAMETERS (-2l)
#define ALREADY_ON (-4l)
#define INVALID_ADDRESS (-9l)
#define PSCI_VERSION 0x84000000
#define CPU_SUSPEND 0xc4000001
#define CPU_OFF 0x84000002
#define AFFINITY_INFO 0xc4000004
#define ON 0
#define RACES 30

static volatile int winners, ready, finished;

static void idle(int cpu) { (void)cpu; }

static long cpu_on(uint64_t mpidr, uint64_t entry) { return smccc_hvc(CPU_ON, mpidr, entry, 0); }

static void targets(void)
{
  static const uint64_t absent[] = {0x100, 0xff, 0xffffff, 0x80000000, 1ul << 32, ~0ul, 1ul << 63, 8, 15};
  uint64_t good = (uint64_t)secondary_entry;
  expect("CPU_ON of itself", (uint64_t)cpu_on(platform.mpidr[0], good), (uint64_t)ALREADY_ON);
  for (uint32_t i = 0; i < ENTRIES(absent); i++) {
    quietly("CPU_ON of an absent CPU", absent[i], (uint64_t)cpu_on(absent[i], good), (uint64_t)INVALID_PARAMETERS);
    quietly("AFFINITY_INFO of an absent CPU", absent[i], (uint64_t)smccc_hvc(AFFINITY_INFO, absent[i], 0, 0),
            (uint64_t)INVALID_PARAMETERS);
  }
  for (uint64_t level = 1; level < 5; level++) {
    quietly("AFFINITY_INFO of a level", level, (uint64_t)smccc_hvc(AFFINITY_INFO, platform.mpidr[0], level, 0),
            (uint64_t)INVALID_PARAMETERS);
  }
  expect("AFFINITY_INFO of itself", (uint64_t)smccc_hvc(AFFINITY_INFO, platform.mpidr[0], 0, 0), ON);
}

static void entries(void)
{
  uint64_t bad[] = {~0ul, ~3ul, 0x1000, 0x03001000, platform.memory + platform.memory_size, 1ul << 48,
                    (uint64_t)secondary_entry + 1, (uint64_t)secondary_entry + 2};
  for (uint32_t i = 0; i < ENTRIES(bad); i++) {
    quietly("CPU_ON with an entry", bad[i], (uint64_t)cpu_on(platform.mpidr[1], bad[i]), (uint64_t)INVALID_ADDRESS);
  }
}

/* The third one has no stack, and needs none. */
__asm__(".text\n.balign 8\nonly_off: mov w0, #2\n movk w0, #0x8400, lsl #16\n hvc #0\n b .\n");
extern char only_off[];

/* Two vCPUs start it: one succeeds, or each does, one after the other. */
static void racing(int cpu)
{
  for (int i = 0; i < RACES; i++) {
    while (ready != i + 1) {
      yield();
    }
    if (!smccc_hvc(CPU_ON, platform.mpidr[2], (uint64_t)only_off, 0)) {
      __atomic_fetch_add(&winners, 1, __ATOMIC_SEQ_CST);
    }
    finished = i + 1;
  }
}

static void races(void)
{
  if (platform.cpus < 3) {
    return;
  }
  start_cpu(1, racing);
  for (int i = 0; i < RACES; i++) {
    winners = 0;
    ready = i + 1;
    /* The third one may be off again before the other one asks. */
    long mine = smccc_hvc(CPU_ON, platform.mpidr[2], (uint64_t)only_off, 0);
    while (finished != i + 1) {
      yield();
    }
    int all = winners + !mine;
    quietly("winners of a start", (uint64_t)i, all == 1 || all == 2, 1);
    while (smccc_hvc(AFFINITY_INFO, platform.mpidr[2], 0, 0) == ON) {
      yield();
    }
  }
  join_cpus();
  expect("races", RACES, RACES);
}

static void running(void)
{
  start_cpu(1, idle);
  join_cpus();
  start_cpu(1, idle); /* and again, after it was off */
  join_cpus();
}

static void suspends(void)
{
  static const uint64_t states[] = {0, ~0ul, 0x10000, 0x40000000, 0x3000000, 1};
  write_register(CNTV_CVAL_EL0, 0);
  write_register(CNTV_CTL_EL0, 1); /* pending: no state lasts */
  isb();
  for (uint32_t i = 0; i < ENTRIES(states); i++) {
    long got = smccc_hvc(CPU_SUSPEND, states[i], ~0ul, ~0ul);
    quietly("CPU_SUSPEND", states[i], got == 0 || got == INVALID_PARAMETERS, 1);
  }
  write_register(CNTV_CTL_EL0, 0);
}

void bad_psci(void)
{
  targets();
  entries();
  running();
  suspends();
  races();
  for (uint64_t function = 0; function < 32; function++) {
    /* Those that end or suspend are not among them: 1, 2, 8, 9, 18. */
    if (function != 1 && function != 2 && function != 8 && function != 9 && function != 18) {
      smccc_hvc(0x84000000 | function, ~0ul, ~0ul, ~0ul);
      smccc_hvc(0xc4000000 | function, ~0ul, ~0ul, ~0ul);
    }
  }
  expect("the version afterwards", (uint64_t)smccc_hvc(PSCI_VERSION, 0, 0, 0), 0x10001);
}

/* Nobody's: service ranges of the architecture, CPUs, SiP, OEM, hypervisors, trusted OSs, FF-A. */
static void foreign_services(void)
{
  static const uint16_t low[] = {0, 1, 2, 3, 0x10, 0x3f, 0x60, 0x61, 0x84, 0x100, 0x1000, 0x7fff, 0x8000, 0xff00, 0xff01,
                                 0xff03, 0xffff};
  for (uint64_t top = 0; top < 256; top++) {
    if ((top & 0xbf) == 0x84 || (top & 0xbf) == 0x80) {
      continue; /* PSCI and the architecture have their own guests */
    }
    for (uint32_t i = 0; i < ENTRIES(low); i++) {
      uint64_t function = top << 24 | low[i];
      quietly("SMC", function, (uint64_t)smccc_smc(function, 1, 2, 3), (uint64_t)NOT_SUPPORTED);
      quietly("HVC", function, (uint64_t)smccc_hvc(function, 1, 2, 3), (uint64_t)NOT_SUPPORTED);
    }
  }
  for (uint64_t function = 0x84000020; function < 0x84000200; function++) { /* TRNG, FF-A, SDEI and others */
    quietly("SMC", function, (uint64_t)smccc_smc(function, 1, 2, 3), (uint64_t)NOT_SUPPORTED);
    quietly("SMC", function | 1ul << 30, (uint64_t)smccc_smc(function | 1ul << 30, 1, 2, 3), (uint64_t)NOT_SUPPORTED);
  }
}

static void immediates(void)
{
  struct exception *mine = my_exceptions();
  for (uint32_t immediate = 1; immediate < 0x10000; immediate += immediate < 64 ? 1 : 97) {
    quietly("SMC with an immediate", immediate, PROVOKED(execute(SMC(immediate), PSCI_VERSION, 0)), 1);
    quietly("its class", immediate, EC_OF(mine->esr), EC_UNDEFINED);
  }
}

void bad_smc(void)
{
  foreign_services();
  immediates();
  for (int i = 0; i < 20000; i++) {
    smccc_smc(0x80008000, 0, 0, 0);
    smccc_smc(0x80003fff, 0, 0, 0);
    smccc_smc(0x80007fff, 1, 0, 0);
  }
  /* The caller goes on behind the SMC, once. */
  uint64_t after;
  __asm__ volatile("mov x0, %1\n\tmov %0, #0\n\tsmc #0\n\tadd %0, %0, #1\n\tadd %0, %0, #2"
                   : "=&r"(after) : "r"((uint64_t)PSCI_VERSION) : "x0", "x1", "x2", "x3", "memory");
  expect("where it goes on", after, 3);
  expect("the version by SMC", (uint64_t)smccc_smc(PSCI_VERSION, 0, 0, 0), 0x10001);
}
