/*
 * What a scheduling decision costs beside many vCPUs: as Dom0, makes domains whose vCPUs do nothing
 * but sleep or yield, and starts its own second and further vCPUs to do the same.
 */
#include "crowd.h"
#include "domains.h"

#define HYPERVISOR_SCHED_OP 29
#define PSCI_CPU_ON 0xc4000003
#define SCHEDOP_YIELD 0
#define DOM0 0

#define VCPUS_PER_DOMAIN 8

#define SLEEP 8000000 /* ns, and a bit more for each that follows: they do not wake together */
#define SLEEP_STEP 15000
#define SPINS 25000000ul
#define YIELDING 20000000 /* ns */

/* What crowd_member looks at, RECORD_BYTES long. The first three are a struct sched_poll. */
struct member {
  uint64_t ports;
  uint64_t port_count;
  uint64_t deadline;
  uint64_t sleep; /* ns; 0: it yields instead */
  uint64_t turns;
  uint64_t unused[3];
};

extern const char crowd_member[], crowd_member_end[];

static struct member own[MAX_CPUS] __attribute__((aligned(64)));
static int domains, own_members;

/*
 * Everybody has the least weight: what credit somebody has saved up, or has run into debt, is used
 * up within microseconds then, and those who yield do so in turn.
 */
static long make_light(uint16_t domain) { return domain_share(domain, 1, 0); }

static struct member *member(int index)
{
  int foreign = domains * VCPUS_PER_DOMAIN;
  return index < foreign ? domain_record(index / VCPUS_PER_DOMAIN, index % VCPUS_PER_DOMAIN)
                         : &own[index - foreign + 1];
}

static int members(void) { return domains * VCPUS_PER_DOMAIN + own_members; }

static void start_sleeping(struct member *who, int number)
{
  who->ports = 0;
  who->port_count = 0;
  who->turns = 0;
  who->sleep = SLEEP + (uint64_t)number * SLEEP_STEP;
}

static void add_domain(int index, int vcpus)
{
  uint16_t domain = domain_make(index, vcpus, crowd_member, crowd_member_end);
  must(make_light(domain), "weight");
  for (int i = 0; i < vcpus; i++) {
    start_sleeping(domain_record(index, i), index * VCPUS_PER_DOMAIN + i);
  }
  domain_start(domain, vcpus);
}

static uint64_t turns(void)
{
  uint64_t sum = 0;
  for (int i = 0; i < members(); i++) {
    sum += *(volatile uint64_t *)&member(i)->turns;
  }
  return sum;
}

static void spin(uint64_t rounds) /* of two instructions */
{
  __asm__ volatile("1: subs %0, %0, #1\n b.ne 1b" : "+r"(rounds)::"cc");
}

/* Everybody else sleeps and wakes in turn. What this vCPU itself does is known and taken off. */
static uint64_t measure_sleeps(void)
{
  spin(SPINS); /* all of them have begun to */
  uint64_t before = turns();
  uint64_t start = now();
  spin(SPINS);
  uint64_t others = now() - start - 2 * SPINS;
  return others * 100 / (turns() - before);
}

/* Everybody yields, this one too. */
static uint64_t measure_yields(void)
{
  uint64_t mine = 0;
  uint64_t before = turns();
  uint64_t start = now();
  uint64_t ticks;
  do {
    hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_YIELD, 0, 0);
    mine++;
    ticks = now() - start;
  } while (ticks < YIELDING);
  return ticks * 100 / (turns() - before + mine);
}

static void yield_all(void)
{
  for (int i = 0; i < members(); i++) {
    member(i)->sleep = 0;
  }
  dsb();
  uint64_t until = now() + 2 * SLEEP + (uint64_t)members() * SLEEP_STEP; /* the last one has woken */
  while (now() < until) {
    hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_YIELD, 0, 0);
  }
}

int crowd(int vcpus, struct crowd_figures *figures)
{
  int others = vcpus - 1;
  if (make_light(DOM0)) {
    return 0; /* a release with another interface */
  }
  own_members = others >= MAX_CPUS ? MAX_CPUS - 1 : 0;
  for (int left = others - own_members; left > 0; left -= VCPUS_PER_DOMAIN) {
    add_domain(domains++, left < VCPUS_PER_DOMAIN ? left : VCPUS_PER_DOMAIN);
  }
  for (int i = 1; i <= own_members; i++) {
    start_sleeping(&own[i], domains * VCPUS_PER_DOMAIN + i);
    dsb();
    must(psci(PSCI_CPU_ON, platform.mpidr[i], (uint64_t)crowd_member, (uint64_t)&own[i]), "CPU_ON");
  }
  figures->sleep = measure_sleeps();
  yield_all();
  figures->yield = measure_yields();
  return 1;
}
