/* 5: mappings of grants, ended in all the wrong ways. 6: grants that change while they are used. */
#include "hostile.h"

#define EVTCHNOP_CLOSE 3
#define EVTCHNOP_STATUS 5
#define EVTCHNOP_ALLOC_UNBOUND 6
#define XENMEM_DECREASE_RESERVATION 1
#define XENMEM_REMOVE_FROM_PHYSMAP 15
#define MAP_GRANT_REF 0
#define UNMAP_GRANT_REF 1
#define SETUP_TABLE 2
#define GRANT_COPY 5
#define PERMIT 1
#define READ_ONLY 4
#define HOST_MAP 2
#define OKAY 0
#define BAD_DOMAIN (-2)
#define BAD_REFERENCE (-3)
#define BAD_HANDLE (-4)
#define WINDOW 0x38100000ul /* nothing is there */
#define FIRST 8
#define LAST 511
#define RACES 300

struct entry { volatile uint16_t flags, domid; volatile uint32_t frame; };
struct map { uint64_t address; uint32_t flags, reference; uint16_t domain; int16_t status; uint32_t handle; uint64_t bus; };
struct unmap { uint64_t address, bus; uint32_t handle; int16_t status; };

static struct entry table[512] __attribute__((aligned(4096)));
static uint8_t granted[2][PAGE] __attribute__((aligned(4096)));
static uint16_t self;

/* A port for ourselves says who we are. */
static uint16_t own_number(void)
{
  struct { uint16_t domain, remote; uint32_t port; } open = {SELF, SELF, 0};
  struct { uint16_t domain, pad; uint32_t port, status, vcpu; uint16_t remote, pad2[7]; } status = {SELF};
  struct { uint32_t port; } close;
  expect("a port", (uint64_t)xen(EVENT_CHANNEL_OP, EVTCHNOP_ALLOC_UNBOUND, (uint64_t)&open, 0, 0, 0), 0);
  close.port = status.port = open.port;
  expect("its status", (uint64_t)xen(EVENT_CHANNEL_OP, EVTCHNOP_STATUS, (uint64_t)&status, 0, 0, 0), 0);
  xen(EVENT_CHANNEL_OP, EVTCHNOP_CLOSE, (uint64_t)&close, 0, 0, 0);
  return status.remote;
}

static void open_table(void)
{
  struct { uint16_t domid, size; uint32_t space; uint64_t index, gpfn; } place = {SELF, 0, 1, 0, (uint64_t)table >> 12};
  self = own_number();
  expect("a grant table", (uint64_t)xen(MEMORY_OP, 7, (uint64_t)&place, 0, 0, 0), 0);
}

static void grant(uint32_t reference, void *page, uint16_t flags)
{
  table[reference].domid = self;
  table[reference].frame = (uint32_t)((uint64_t)page >> 12);
  dsb();
  table[reference].flags = flags;
  dsb();
}

static struct map map(uint32_t reference, uint64_t address, uint32_t flags)
{
  struct map request = {address, flags, reference, self, 1, 0, 0};
  long got = xen(GRANT_TABLE_OP, MAP_GRANT_REF, (uint64_t)&request, 1, 0, 0);
  quietly("a list of one map", reference, (uint64_t)got, 0);
  return request;
}

static int unmap(uint64_t address, uint64_t bus, uint32_t handle)
{
  struct unmap request = {address, bus, handle, 1};
  long got = xen(GRANT_TABLE_OP, UNMAP_GRANT_REF, (uint64_t)&request, 1, 0, 0);
  quietly("a list of one unmap", handle, (uint64_t)got, 0);
  return request.status;
}

static void all_flags(void)
{
  grant(FIRST, granted[0], PERMIT);
  for (uint32_t flags = 0; flags < 64; flags++) {
    struct map made = map(FIRST, WINDOW, flags);
    if (made.status == OKAY) {
      /* What is not there is ended; half of it; the rest; and what is gone. */
      quietly("a wrong address", flags, unmap(WINDOW + PAGE, 0, made.handle) != OKAY || !(flags & HOST_MAP), 1);
      unmap(0, made.bus, made.handle);
      unmap(WINDOW, 0, made.handle);
      unmap(WINDOW, made.bus, made.handle);
      quietly("a handle that is gone", flags, (uint64_t)unmap(WINDOW, 0, made.handle), (uint64_t)BAD_HANDLE);
    }
  }
  quietly("no use is left", table[FIRST].flags, table[FIRST].flags, PERMIT);
  static const uint32_t handles[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 4096, 65536};
  for (uint32_t i = 0; i < ENTRIES(handles); i++) {
    quietly("a handle of nothing", handles[i], (uint64_t)unmap(WINDOW, 0, handles[i]), (uint64_t)BAD_HANDLE);
  }
  expect("flags of a map", 64, 64);
}

/* XSA-98: what may only be read is no place for an answer. */
static void read_only(void)
{
  uint64_t *words = (uint64_t *)granted[1];
  words[0] = words[100] = 0x5a5a5a5a5a5a5a5a;
  grant(FIRST + 1, granted[1], PERMIT | READ_ONLY);
  expect("a map for writing is refused", map(FIRST + 1, WINDOW, HOST_MAP).status < 0, 1);
  struct map made = map(FIRST + 1, WINDOW, HOST_MAP | READ_ONLY);
  expect("a map for reading", (uint64_t)made.status, OKAY);
  expect("what is read there", *(volatile uint64_t *)WINDOW, words[0]);
  expect("a write there", PROVOKED(execute(0xf9000001, WINDOW, 0)), 1);
  static const uint8_t version[] = {1, 2, 3, 4, 5, 6, 8, 9};
  for (uint32_t i = 0; i < ENTRIES(version); i++) {
    quietly("an answer there", version[i], (uint64_t)xen(XEN_VERSION, version[i], WINDOW, 0, 0, 0), (uint64_t)EFAULT);
  }
  quietly("an answer there", 100, xen(HVM_OP, 1, WINDOW, 0, 0, 0) < 0, 1);
  quietly("an answer there", 101, xen(EVENT_CHANNEL_OP, 7, WINDOW, 0, 0, 0) < 0, 1);
  quietly("an answer there", 102, xen(GRANT_TABLE_OP, 6, WINDOW, 1, 0, 0) < 0, 1);
  expect("what is there afterwards", words[0] == words[100] && words[0] == 0x5a5a5a5a5a5a5a5a, 1);
  uint64_t gfn = WINDOW >> 12;
  struct { uint64_t start, count; uint32_t order, flags; uint16_t domid; } give = {(uint64_t)&gfn, 1, 0, 0, SELF};
  expect("giving back what is another's", (uint64_t)xen(MEMORY_OP, XENMEM_DECREASE_RESERVATION, (uint64_t)&give, 0, 0, 0), 0);
  expect("the end of it", (uint64_t)unmap(WINDOW, 0, made.handle), OKAY);
  expect("an access afterwards", PROVOKED(execute(0xf9400001, WINDOW, 0)), 1);
}

/* The owner wants its page back while it is mapped. */
static void owner_takes_back(void)
{
  uint64_t gfn = (uint64_t)granted[0] >> 12;
  *(volatile uint64_t *)granted[0] = 0x1234;
  grant(FIRST, granted[0], PERMIT);
  struct map made = map(FIRST, WINDOW, HOST_MAP);
  struct { uint16_t domid, pad[3]; uint64_t gpfn; } remove = {SELF, {0}, gfn};
  expect("a map", (uint64_t)made.status, OKAY);
  long got = xen(MEMORY_OP, XENMEM_REMOVE_FROM_PHYSMAP, (uint64_t)&remove, 0, 0, 0);
  expect("its owner removes it, or cannot", got == 0 || got == EBUSY, 1);
  table[FIRST].flags = 0;
  table[FIRST].frame = 0;
  if (!got) {
    uint64_t list = gfn;
    struct { uint64_t start, count; uint32_t order, flags; uint16_t domid; } populate = {(uint64_t)&list, 1, 0, 0, SELF};
    expect("another page in its place", (uint64_t)xen(MEMORY_OP, 6, (uint64_t)&populate, 0, 0, 0), 1);
    expect("what that holds", *(volatile uint64_t *)granted[0], 0);
    *(volatile uint64_t *)granted[0] = 0x4321;
  }
  expect("the page is still there", *(volatile uint64_t *)WINDOW, 0x1234);
  expect("the end of it", (uint64_t)unmap(WINDOW, 0, made.handle), OKAY);
}

static volatile uint32_t handle, turn, done, winners;

static void unmaps_too(int cpu)
{
  for (uint32_t i = 1; i <= RACES; i++) {
    while (turn != i) {
      yield();
    }
    if (unmap(WINDOW, 0, handle) == OKAY) {
      __atomic_fetch_add(&winners, 1, __ATOMIC_SEQ_CST);
    }
    done = i;
  }
}

static void two_unmap(void)
{
  grant(FIRST, granted[0], PERMIT);
  start_cpu(1, unmaps_too);
  for (uint32_t i = 1; i <= RACES; i++) {
    handle = map(FIRST, WINDOW, HOST_MAP).handle;
    winners = 0;
    dsb();
    turn = i;
    if (unmap(WINDOW, 0, handle) == OKAY) {
      __atomic_fetch_add(&winners, 1, __ATOMIC_SEQ_CST);
    }
    while (done != i) {
      yield();
    }
    quietly("one of two unmaps", i, winners, 1);
  }
  join_cpus();
  expect("races", RACES, RACES);
}

void bad_grants(void)
{
  open_table();
  all_flags();
  read_only();
  owner_takes_back();
  two_unmap();
  for (uint32_t i = 0; i < 32; i++) { /* and so it dies */
    grant(FIRST + 16 + i, granted[i & 1], PERMIT);
    quietly("a map to die with", i, (uint64_t)map(FIRST + 16 + i, WINDOW + i * PAGE, HOST_MAP).status, OKAY);
  }
}

static volatile int stop;

static void changes_entry(int cpu)
{
  for (uint32_t i = 0; !stop; i++) {
    struct entry *entry = &table[FIRST];
    switch (i % 6) {
    case 0: entry->frame = 0xffffffff; break;
    case 1: entry->domid = 0; break;
    case 2: entry->flags = 0; break;
    case 3: entry->frame = (uint32_t)((uint64_t)granted[0] >> 12); break;
    case 4: entry->domid = self; break;
    default: entry->flags = PERMIT; break;
    }
  }
}

static void absurd_references(void)
{
  static const uint32_t references[] = {LAST + 1, 0x7fffffff, 0x80000000, 0xffffffff, 1u << 20};
  static const uint16_t domains[] = {0x7000, 0x7fef, 0x7ff1, 0x7ff2, 0x7ff4, 0xffff, 0x7fff};
  for (uint32_t i = 0; i < ENTRIES(references); i++) {
    quietly("a reference", references[i], map(references[i], WINDOW, HOST_MAP).status < 0, 1);
  }
  quietly("an empty one", 0, map(0, WINDOW, HOST_MAP).status < 0, 1);
  quietly("an empty one", LAST, map(LAST, WINDOW, HOST_MAP).status < 0, 1);
  uint16_t kept = self;
  for (uint32_t i = 0; i < ENTRIES(domains); i++) {
    self = domains[i];
    quietly("a grant of nobody", domains[i], map(FIRST, WINDOW, HOST_MAP).status < 0, 1);
  }
  self = 0; /* Dom0 has granted this domain nothing */
  for (uint32_t reference = 0; reference < 1024; reference++) {
    quietly("a grant of Dom0", reference, map(reference, WINDOW, HOST_MAP).status < 0, 1);
  }
  self = kept;
  expect("absurd references", 1024, 1024);
}

void bad_changing_grants(void)
{
  struct { uint64_t from; uint16_t from_domain, from_offset, pad[2]; uint64_t to; uint16_t to_domain, to_offset, pad2[2]; uint16_t length, flags; int16_t status; } copy;
  uint32_t good = 0, refused = 0;
  open_table();
  absurd_references();
  for (uint32_t i = 0; i < PAGE; i++) {
    granted[0][i] = 0xa5;
  }
  grant(FIRST, granted[0], PERMIT);
  start_cpu(1, changes_entry);
  for (uint32_t i = 0; i < 2 * RACES; i++) {
    struct map made = map(FIRST, WINDOW, HOST_MAP | (i & 1 ? READ_ONLY : 0));
    if (made.status == OKAY) {
      quietly("what is mapped", i, *(volatile uint8_t *)(WINDOW + i % PAGE), 0xa5);
      quietly("its end", i, (uint64_t)unmap(WINDOW, 0, made.handle), OKAY);
      good++;
    } else {
      refused++;
    }
    copy = (typeof(copy)){FIRST, self, 0, {0}, (uint64_t)granted[1] >> 12, SELF, 0, {0}, PAGE, 1, 1};
    granted[1][7] = 0;
    xen(GRANT_TABLE_OP, GRANT_COPY, (uint64_t)&copy, 1, 0, 0);
    quietly("a copy's status", i, copy.status <= 0, 1);
    quietly("what is copied", i, copy.status == OKAY ? granted[1][7] : 0xa5, 0xa5);
  }
  stop = 1;
  join_cpus();
  note("maps that came about", good);
  note("maps refused", refused);
  grant(FIRST, granted[0], PERMIT);
  struct map made = map(FIRST, WINDOW, HOST_MAP);
  expect("a map in peace", (uint64_t)made.status, OKAY);
}
