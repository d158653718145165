/*
 * What a scheduling decision costs beside many vCPUs: as Dom0, makes domains whose vCPUs do nothing
 * but sleep or yield, and starts its own second and further vCPUs to do the same.
 */
#include "guest.h"
#include "crowd.h"

#define HYPERVISOR_MEMORY_OP 12
#define HYPERVISOR_SCHED_OP 29
#define HYPERVISOR_DOMCTL 36
#define XENMEM_POPULATE_PHYSMAP 6
#define XENMEM_ADD_TO_PHYSMAP_BATCH 23
#define XENMAPSPACE_GMFN_FOREIGN 4
#define DOMCTL_INTERFACE 0x17 /* Xen 4.19 to 4.21 */
#define DOMCTL_CREATEDOMAIN 1
#define DOMCTL_UNPAUSEDOMAIN 4
#define DOMCTL_MAX_MEM 11
#define DOMCTL_SETVCPUCONTEXT 12
#define DOMCTL_MAX_VCPUS 15
#define DOMCTL_SCHEDULER_OP 16
#define DOMCTL_SET_ADDRESS_SIZE 35
#define DOMCTL_SET_PAGING_MEMPOOL_SIZE 86
#define SCHEDULER_CREDIT2 6
#define PUT_INFO 0
#define CDF_HVM 1
#define CDF_HAP 2
#define PSCI_CPU_ON 0xc4000003
#define SCHEDOP_YIELD 0
#define SCTLR_GUEST_INIT 0x00c50078
#define PSR_GUEST64_INIT 0x1c5

#define VCPUS_PER_DOMAIN 8
#define MAX_DOMAINS 63
#define MEMBER_PAGE 0x40000000ul /* GUEST_RAM0_BASE: all the memory that a domain of the crowd has */
#define FIRST_WINDOW 0x100000ul  /* frame in Dom0's space, above its RAM, where it sees those pages */
#define POOL_BYTES (1 << 20)

#define SLEEP 8000000 /* ns, and a bit more for each that follows: they do not wake together */
#define SLEEP_STEP 15000
#define SPINS 25000000ul
#define YIELDING 20000000 /* ns */

/* What crowd_member looks at. The first three are a struct sched_poll. */
struct member {
  uint64_t ports;
  uint64_t port_count;
  uint64_t deadline;
  uint64_t sleep; /* ns; 0: it yields instead */
  uint64_t turns;
  uint64_t unused[3];
};

struct domctl {
  uint32_t command, interface;
  uint16_t domain, pad[3];
  union {
    struct {
      uint32_t ssidref;
      uint8_t handle[16];
      uint32_t flags, iommu, max_vcpus, max_evtchn_port;
      int32_t max_grant_frames, max_maptrack_frames;
      uint32_t grant_opts, altp2m, vmtrace, cpupool;
      uint8_t gic_version, sve_vl;
      uint16_t tee_type;
      uint32_t nr_spis, clock_frequency;
    } create;
    struct { uint32_t vcpu, pad; uint64_t context; } context;
    struct { uint32_t scheduler, command; uint16_t weight, cap; } share;
    uint64_t size;
    uint32_t max_vcpus;
    uint32_t address_size;
    uint8_t space[128];
  };
};

/* struct vcpu_guest_context */
struct context {
  uint32_t flags, pad;
  uint64_t x[31], pc, cpsr, spsr_el1, spsr_32[2], sp_el0, sp_el1, elr_el1;
  uint64_t sctlr, ttbcr, ttbr0, ttbr1;
};

extern const char crowd_member[], crowd_member_end[];

static struct member own[MAX_CPUS] __attribute__((aligned(64)));
static int domains, own_members;

static void must(long result, const char *what)
{
  if (result) {
    halt(what, (uint64_t)result);
  }
}

static long domctl(struct domctl *call, uint32_t command)
{
  call->command = command;
  call->interface = DOMCTL_INTERFACE;
  return hypercall(HYPERVISOR_DOMCTL, (uint64_t)call, 0, 0);
}

/*
 * Everybody has the least weight: what credit somebody has saved up, or has run into debt, is used
 * up within microseconds then, and those who yield do so in turn.
 */
static long make_light(uint16_t domain)
{
  static struct domctl call;
  call.domain = domain;
  call.share.scheduler = SCHEDULER_CREDIT2;
  call.share.command = PUT_INFO;
  call.share.weight = 1;
  call.share.cap = 0;
  return domctl(&call, DOMCTL_SCHEDULER_OP);
}

static struct member *of_domain(int index, int vcpu)
{
  uint64_t page = (FIRST_WINDOW + (uint64_t)index) << 12;
  return (struct member *)(page + 2048) + vcpu;
}

static struct member *member(int index)
{
  int foreign = domains * VCPUS_PER_DOMAIN;
  return index < foreign ? of_domain(index / VCPUS_PER_DOMAIN, index % VCPUS_PER_DOMAIN)
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

/* A page for the domain, seen here as well, with the program and the vCPUs' records in it. */
static void give_memory(uint16_t domain, int index, int vcpus)
{
  uint64_t frame = MEMBER_PAGE >> 12;
  uint64_t window = FIRST_WINDOW + (uint64_t)index;
  int error = 0;
  struct { uint64_t start, count; uint32_t order, flags; uint16_t domain; } populate = {
      (uint64_t)&frame, 1, 0, 0, domain};
  must(hypercall(HYPERVISOR_MEMORY_OP, XENMEM_POPULATE_PHYSMAP, (uint64_t)&populate, 0) - 1, "populate");
  frame = MEMBER_PAGE >> 12;
  struct { uint16_t domain, space, size, foreign; uint64_t frames, windows, errors; } map = {
      0x7ff0, XENMAPSPACE_GMFN_FOREIGN, 1, domain, (uint64_t)&frame, (uint64_t)&window, (uint64_t)&error};
  must(hypercall(HYPERVISOR_MEMORY_OP, XENMEM_ADD_TO_PHYSMAP_BATCH, (uint64_t)&map, 0) | error, "map");
  uint32_t *code = (uint32_t *)(window << 12);
  for (const uint32_t *from = (const uint32_t *)crowd_member; from < (const uint32_t *)crowd_member_end;) {
    *code++ = *from++;
  }
  for (int i = 0; i < vcpus; i++) {
    start_sleeping(of_domain(index, i), index * VCPUS_PER_DOMAIN + i);
  }
  dsb();
}

static void start_vcpu(uint16_t domain, int vcpu)
{
  static struct context context;
  static struct domctl call;
  context.flags = 1; /* VGCF_online */
  context.x[0] = MEMBER_PAGE + 2048 + (uint64_t)vcpu * sizeof(struct member);
  context.pc = MEMBER_PAGE;
  context.cpsr = PSR_GUEST64_INIT;
  context.sctlr = SCTLR_GUEST_INIT;
  call.domain = domain;
  call.context.vcpu = (uint32_t)vcpu;
  call.context.context = (uint64_t)&context;
  must(domctl(&call, DOMCTL_SETVCPUCONTEXT), "setvcpucontext");
}

static void make_domain(int index, int vcpus)
{
  static struct domctl call;
  call = (struct domctl){0};
  call.create.flags = CDF_HVM | CDF_HAP;
  call.create.handle[0] = (uint8_t)(index + 1);
  call.create.max_vcpus = (uint32_t)vcpus;
  call.create.max_evtchn_port = 63;
  call.create.max_grant_frames = 1;
  call.create.max_maptrack_frames = 0;
  call.create.grant_opts = 1;
  call.create.gic_version = platform.gic_version == 2 ? 1 : 2;
  must(domctl(&call, DOMCTL_CREATEDOMAIN), "createdomain");
  uint16_t domain = call.domain;
  call.max_vcpus = (uint32_t)vcpus;
  must(domctl(&call, DOMCTL_MAX_VCPUS), "max_vcpus");
  call.size = POOL_BYTES;
  must(domctl(&call, DOMCTL_SET_PAGING_MEMPOOL_SIZE), "paging pool");
  call.size = 1024; /* KiB */
  must(domctl(&call, DOMCTL_MAX_MEM), "max_mem");
  call.address_size = 64;
  must(domctl(&call, DOMCTL_SET_ADDRESS_SIZE), "address size");
  must(make_light(domain), "weight");
  give_memory(domain, index, vcpus);
  for (int i = 0; i < vcpus; i++) {
    start_vcpu(domain, i);
  }
  call.domain = domain;
  must(domctl(&call, DOMCTL_UNPAUSEDOMAIN), "unpause");
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
  if (make_light(0)) {
    return 0; /* a release with another interface */
  }
  own_members = others >= MAX_CPUS ? MAX_CPUS - 1 : 0;
  for (int left = others - own_members; left > 0; left -= VCPUS_PER_DOMAIN) {
    make_domain(domains++, left < VCPUS_PER_DOMAIN ? left : VCPUS_PER_DOMAIN);
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
