/* More vCPUs: each does one job and switches itself off. */
#include "hostile.h"

#define CPU_OFF 0x84000002
#define AFFINITY_INFO 0xc4000004
#define OFF 1
#define STACK 16384

static uint8_t stacks[MAX_CPUS][STACK] __attribute__((aligned(16)));
static void (*volatile jobs[MAX_CPUS])(int cpu);

void guest_secondary(void)
{
  int cpu = 0;
  while (platform.mpidr[cpu] != (read_register(MPIDR_EL1) & 0xff00ffffff)) {
    cpu++;
  }
  write_register(TPIDR_EL1, cpu);
  isb();
  jobs[cpu](cpu);
  psci(CPU_OFF, 0, 0, 0);
}

void start_cpu(int cpu, void (*job)(int cpu))
{
  jobs[cpu] = job;
  dsb();
  quietly("CPU_ON", (uint64_t)cpu,
          (uint64_t)psci(CPU_ON, platform.mpidr[cpu], (uint64_t)secondary_entry,
                         (uint64_t)(stacks[cpu] + STACK)), 0);
}

/* Until all others are off. */
void join_cpus(void)
{
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    while (psci(AFFINITY_INFO, platform.mpidr[cpu], 0, 0) != OFF) {
      yield();
    }
  }
}
