/* Domains of one page each, made as a toolstack makes them. xen/include/public. */
#include "domains.h"

#define HYPERVISOR_MEMORY_OP 12
#define HYPERVISOR_DOMCTL 36
#define XENMEM_POPULATE_PHYSMAP 6
#define XENMEM_ADD_TO_PHYSMAP_BATCH 23
#define XENMAPSPACE_GMFN_FOREIGN 4
#define DOMCTL_INTERFACE 0x17 /* Xen 4.19 to 4.21 */
#define DOMCTL_CREATEDOMAIN 1
#define DOMCTL_UNPAUSEDOMAIN 4
#define DOMCTL_GETDOMAININFO 5
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
#define SCTLR_GUEST_INIT 0x00c50078
#define PSR_GUEST64_INIT 0x1c5

#define MEMBER_PAGE 0x40000000ul /* GUEST_RAM0_BASE: all the memory that a domain has */
#define FIRST_WINDOW 0x100000ul  /* frame in Dom0's space, above its RAM, where it sees those pages */
#define RECORDS 2048             /* offset in the page */
#define POOL_BYTES (1 << 20)

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
    struct { uint16_t domain, pad[3]; uint64_t unused[6], cpu_time; } info;
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

void must(long result, const char *what)
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

long domain_share(uint16_t domain, int weight, int cap)
{
  static struct domctl call;
  call.domain = domain;
  call.share.scheduler = SCHEDULER_CREDIT2;
  call.share.command = PUT_INFO;
  call.share.weight = (uint16_t)weight;
  call.share.cap = (uint16_t)cap;
  return domctl(&call, DOMCTL_SCHEDULER_OP);
}

void *domain_record(int index, int vcpu)
{
  uint64_t page = (FIRST_WINDOW + (uint64_t)index) << 12;
  return (void *)(page + RECORDS + (uint64_t)vcpu * RECORD_BYTES);
}

/* A page for the domain, seen here as well, with its program in it. */
static void give_memory(uint16_t domain, int index, const char *program, const char *end)
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
  for (const uint32_t *from = (const uint32_t *)program; from < (const uint32_t *)end;) {
    *code++ = *from++;
  }
}

uint16_t domain_make(int index, int vcpus, const char *program, const char *end)
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
  give_memory(domain, index, program, end);
  return domain;
}

static void start_vcpu(uint16_t domain, int vcpu)
{
  static struct context context;
  static struct domctl call;
  context.flags = 1; /* VGCF_online */
  context.x[0] = MEMBER_PAGE + RECORDS + (uint64_t)vcpu * RECORD_BYTES;
  context.pc = MEMBER_PAGE;
  context.cpsr = PSR_GUEST64_INIT;
  context.sctlr = SCTLR_GUEST_INIT;
  call.domain = domain;
  call.context.vcpu = (uint32_t)vcpu;
  call.context.context = (uint64_t)&context;
  must(domctl(&call, DOMCTL_SETVCPUCONTEXT), "setvcpucontext");
}

void domain_start(uint16_t domain, int vcpus)
{
  static struct domctl call;
  dsb();
  for (int i = 0; i < vcpus; i++) {
    start_vcpu(domain, i);
  }
  call.domain = domain;
  must(domctl(&call, DOMCTL_UNPAUSEDOMAIN), "unpause");
}

uint64_t domain_time(uint16_t domain)
{
  static struct domctl call;
  call.domain = domain;
  must(domctl(&call, DOMCTL_GETDOMAININFO), "getdomaininfo");
  return call.info.cpu_time;
}
