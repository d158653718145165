/* 2: bad argument pointers. 3: absurd counts and sizes. 4: arguments that change while they are read. */
#include "hostile.h"

#define XENMEM_POPULATE_PHYSMAP 6
#define XENMEM_DECREASE_RESERVATION 1
#define EVTCHNOP_STATUS 5
#define EVTCHNOP_BIND_IPI 7
#define GNTTABOP_SETUP_TABLE 2
#define GNTTABOP_COPY 5
#define HVMOP_GET_PARAM 1
#define SCHEDOP_POLL 3
#define GICD 0x03001000ul
#define NOWHERE 0x1000ul
#define ATTEMPTS 5000

static uint64_t ram_end(void) { return platform.memory + platform.memory_size; }

struct call {
  uint8_t number, operation, pointer; /* which argument is the pointer */
  int8_t wanted;                      /* status with a pointer to nowhere; 0: nothing is done, and nothing is wrong */
};

/* Calls that a DomU may make and that read a structure; the argument behind a pointer in x1 is 1 element. */
static const struct call calls[] = {
    {MEMORY_OP, 1, 1, EFAULT}, {MEMORY_OP, 3, 1, EFAULT}, {MEMORY_OP, 4, 1, EFAULT}, {MEMORY_OP, 6, 1, EFAULT},
    {MEMORY_OP, 7, 1, EFAULT}, {MEMORY_OP, 14, 1, EFAULT}, {MEMORY_OP, 15, 1, EFAULT}, {MEMORY_OP, 23, 1, EFAULT},
    {MEMORY_OP, 28, 1, EFAULT},
    {XEN_VERSION, 1, 1, EFAULT}, {XEN_VERSION, 2, 1, EFAULT}, {XEN_VERSION, 3, 1, EFAULT}, {XEN_VERSION, 4, 1, EFAULT},
    {XEN_VERSION, 5, 1, EFAULT}, {XEN_VERSION, 6, 1, EFAULT}, {XEN_VERSION, 8, 1, EFAULT}, {XEN_VERSION, 9, 1, EFAULT},
    {GRANT_TABLE_OP, 0, 1, EFAULT}, {GRANT_TABLE_OP, 1, 1, EFAULT}, {GRANT_TABLE_OP, 2, 1, EFAULT},
    {GRANT_TABLE_OP, 5, 1, EFAULT}, {GRANT_TABLE_OP, 6, 1, EFAULT}, {GRANT_TABLE_OP, 7, 1, EFAULT},
    {GRANT_TABLE_OP, 8, 1, EFAULT}, {GRANT_TABLE_OP, 10, 1, EFAULT}, {GRANT_TABLE_OP, 12, 1, EFAULT},
    {VCPU_OP, 5, 2, EFAULT}, {VCPU_OP, 10, 2, EFAULT},
    {SCHED_OP, 2, 1, EFAULT}, {SCHED_OP, 3, 1, EFAULT}, {SCHED_OP, 4, 1, EFAULT},
    {EVENT_CHANNEL_OP, 0, 1, EFAULT}, {EVENT_CHANNEL_OP, 1, 1, EFAULT}, {EVENT_CHANNEL_OP, 3, 1, EFAULT},
    {EVENT_CHANNEL_OP, 4, 1, EFAULT}, {EVENT_CHANNEL_OP, 5, 1, EFAULT}, {EVENT_CHANNEL_OP, 6, 1, EFAULT},
    {EVENT_CHANNEL_OP, 7, 1, EFAULT}, {EVENT_CHANNEL_OP, 8, 1, EFAULT}, {EVENT_CHANNEL_OP, 9, 1, EFAULT},
    {EVENT_CHANNEL_OP, 10, 1, EFAULT}, {EVENT_CHANNEL_OP, 11, 1, EFAULT}, {EVENT_CHANNEL_OP, 12, 1, EFAULT},
    {EVENT_CHANNEL_OP, 13, 1, EFAULT},
    {HVM_OP, 0, 1, EFAULT}, {HVM_OP, 1, 1, EFAULT},
    {CONSOLE_IO, 0, 2, EFAULT}, {MULTICALL, 0, 0, EFAULT},
};

static long make(const struct call *call, uint64_t pointer)
{
  switch (call->number) {
  case MULTICALL: return xen(MULTICALL, pointer, 1, 0, 0, 0);
  case CONSOLE_IO: return xen(CONSOLE_IO, 0, 16, pointer, 0, 0);
  case VCPU_OP: return xen(VCPU_OP, call->operation, 0, pointer, 0, 0);
  default: return xen(call->number, call->operation, pointer, 1, 0, 0);
  }
}

/* Short counts are how these say that nothing could be read. */
static int counts(const struct call *call)
{
  return call->number == MEMORY_OP &&
         (call->operation == XENMEM_POPULATE_PHYSMAP || call->operation == XENMEM_DECREASE_RESERVATION);
}

static uint32_t next_port(void)
{
  struct { uint32_t vcpu, port; } ipi = {0, 0};
  struct { uint32_t port; } close;
  xen(EVENT_CHANNEL_OP, EVTCHNOP_BIND_IPI, (uint64_t)&ipi, 0, 0, 0);
  close.port = ipi.port;
  xen(EVENT_CHANNEL_OP, 3, (uint64_t)&close, 0, 0, 0);
  return ipi.port;
}

void bad_pointers(void)
{
  uint64_t pointers[] = {0, ~0ul, ~7ul, 1ul << 63, 1ul << 48, 1ul << 40, NOWHERE, GICD, GICD + 1, ram_end() - 1,
                         ram_end(), 0x38000000 /* grant table's place, empty */};
  uint32_t port = next_port();
  for (uint32_t i = 0; i < ENTRIES(calls); i++) {
    for (uint32_t p = 0; p < ENTRIES(pointers); p++) {
      if (calls[i].number == CONSOLE_IO && pointers[p] == ram_end() - 1) {
        continue; /* 16 bytes from there are the case that follows */
      }
      long got = make(&calls[i], pointers[p]);
      if (!(counts(&calls[i]) && got == 0)) {
        quietly("a bad pointer", (uint64_t)calls[i].number << 32 | (uint64_t)calls[i].operation << 16 | p,
                (uint64_t)got, (uint64_t)(long)calls[i].wanted);
      }
    }
  }
  expect("the next port, as before", next_port(), port);
  /* The shared page is the hypervisor's; any alignment will do. */
  struct { uint8_t pad; char text[64]; } __attribute__((packed)) odd;
  expect("text to an odd address", (uint64_t)xen(XEN_VERSION, 1, (uint64_t)odd.text, 0, 0, 0), 0);
  expect("text to shared_info", (uint64_t)xen(XEN_VERSION, 1, (uint64_t)shared_info() + 3072, 0, 0, 0), (uint64_t)EFAULT);
  expect("calls with bad pointers", ENTRIES(calls), ENTRIES(calls));
}

static void orders(void)
{
  static uint64_t extents[2];
  for (uint32_t order = 0; order < 64; order++) {
    struct { uint64_t start, count; uint32_t order, flags; uint16_t domid; } reservation = {
        (uint64_t)extents, 1, order, 0, SELF};
    extents[0] = ram_end() >> 12;
    /* The toolstack leaves some pages of slack. */
    long got = xen(MEMORY_OP, XENMEM_POPULATE_PHYSMAP, (uint64_t)&reservation, 0, 0, 0);
    quietly("populate", order, got == 0 || (order < 8 && got == 1), 1);
    extents[0] = 1ul << 36;
    quietly("decrease", order, (uint64_t)xen(MEMORY_OP, XENMEM_DECREASE_RESERVATION, (uint64_t)&reservation, 0, 0, 0), 0);
  }
}

static void counts_of_extents(void)
{
  static const uint64_t counts[] = {0, 1ul << 31, 0x7fffffff, 0xffffffff, 1ul << 32, 1ul << 58, 1ul << 61, 1ul << 63, ~0ul};
  static const uint64_t starts[] = {NOWHERE, ~0ul - 7, 1ul << 63};
  for (uint32_t c = 0; c < ENTRIES(counts); c++) {
    for (uint32_t s = 0; s < ENTRIES(starts); s++) {
      struct { uint64_t start, count; uint32_t order, flags; uint16_t domid; } reservation = {
          starts[s], counts[c], 0, 0, SELF};
      quietly("extents", counts[c], (uint64_t)xen(MEMORY_OP, XENMEM_DECREASE_RESERVATION, (uint64_t)&reservation, 0, 0, 0), 0);
      quietly("extents", counts[c], (uint64_t)xen(MEMORY_OP, XENMEM_POPULATE_PHYSMAP, (uint64_t)&reservation, 0, 0, 0), 0);
    }
  }
}

static void lists(void)
{
  static const uint64_t counts[] = {0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x1ffffffff};
  uint64_t end = ram_end() & ~0xfffful;
  for (uint32_t c = 0; c < ENTRIES(counts); c++) {
    for (uint64_t operation = 0; operation < 13; operation++) {
      long got = xen(GRANT_TABLE_OP, operation, end - 4 * PAGE, counts[c], 0, 0);
      int none = (uint32_t)counts[c] == 0;
      quietly("a list that does not end", operation << 32 | c, got < 0 || (none && got == 0), 1);
    }
    long got = xen(MULTICALL, end - 4 * PAGE, counts[c], 0, 0, 0);
    quietly("calls that do not end", counts[c], (uint64_t)got, (uint64_t)EFAULT);
    struct { uint64_t ports; uint32_t count; uint64_t timeout; } poll = {NOWHERE, (uint32_t)counts[c] | 0x80, 0};
    got = xen(SCHED_OP, SCHEDOP_POLL, (uint64_t)&poll, 0, 0, 0);
    quietly("ports to poll", counts[c], got < 0, 1);
    struct { uint16_t dom; uint32_t frames; int16_t status; uint64_t list; } setup = {SELF, (uint32_t)counts[c] | 1u << 30, 1, NOWHERE};
    got = xen(GRANT_TABLE_OP, GNTTABOP_SETUP_TABLE, (uint64_t)&setup, 1, 0, 0);
    quietly("frames of grants", counts[c], got < 0 || setup.status < 0, 1);
  }
}

/* As long as a text may be: interrupts come in between, and the end of memory ends it. */
static void texts(void)
{
  static const uint64_t counts[] = {0x7fffffff, 0x80000000, 0xffffffff};
  expect("no text", (uint64_t)xen(CONSOLE_IO, 0, 0, NOWHERE, 0, 0), 0);
  uint32_t before = interrupts_taken[INTID_VIRTUAL_TIMER];
  write_register(CNTV_CVAL_EL0, 0);
  write_register(CNTV_CTL_EL0, 1);
  unmask_interrupts();
  for (uint32_t i = 0; i < ENTRIES(counts); i++) {
    quietly("a text that does not end", counts[i], (uint64_t)xen(CONSOLE_IO, 0, counts[i], ram_end() - 0x10000, 0, 0), (uint64_t)EFAULT);
  }
  quietly("a text from nowhere", 0, (uint64_t)xen(CONSOLE_IO, 0, 0xffffffff, NOWHERE, 0, 0), (uint64_t)EFAULT);
  mask_interrupts();
  expect("interrupts meanwhile", interrupts_taken[INTID_VIRTUAL_TIMER] > before, 1);
}

void bad_sizes(void)
{
  orders();
  counts_of_extents();
  lists();
  texts();
  expect("a good call afterwards", (uint64_t)xen(XEN_VERSION, 0, 0, 0, 0, 0) >> 16, 4);
}

/* What is asked for, while the second vCPU keeps making one of two out of a word of it. */
static union {
  volatile uint32_t words[16];
  struct { uint16_t domid, pad; uint32_t index; uint64_t value; } param;
  struct { uint16_t domid, pad; uint32_t port; uint32_t rest[4]; } status;
  struct { uint32_t vcpu, port; } ipi;
  struct { uint64_t from; uint16_t from_domain, from_offset, pad[2]; uint64_t to; uint16_t to_domain, to_offset, pad2[2]; uint16_t length, flags; int16_t status; } copy;
} asked __attribute__((aligned(64)));

static volatile uint32_t word, one, other, stop;

static void flip(int cpu)
{
  while (!stop) {
    asked.words[word] = one;
    asked.words[word] = other;
  }
}

static void flip_from_now(uint32_t at, uint32_t first, uint32_t second)
{
  word = at;
  one = first;
  other = second;
  stop = 0;
  asked.words[at] = first;
  start_cpu(1, flip);
}

static void flip_no_more(void)
{
  stop = 1;
  join_cpus();
}

/* Makes a call many times; what it returns is one of two, and both are seen. */
#define EITHER(what, call, first, second)                          \
  do {                                                             \
    for (uint32_t i_ = 0; i_ < ATTEMPTS; i_++) {                   \
      long got_ = (call);                                          \
      quietly(what, i_, got_ == (first) || got_ == (second), 1);   \
    }                                                              \
    flip_no_more();                                                \
    expect(what, ATTEMPTS, ATTEMPTS);                              \
  } while (0)

static long get_param(void)
{
  asked.param.domid = SELF;
  long got = xen(HVM_OP, HVMOP_GET_PARAM, (uint64_t)&asked, 0, 0, 0);
  return got ? got : (long)*(volatile uint64_t *)&asked.param.value;
}

static long bind_ipi(void)
{
  long got = xen(EVENT_CHANNEL_OP, EVTCHNOP_BIND_IPI, (uint64_t)&asked, 0, 0, 0);
  struct { uint32_t port; } close = {asked.ipi.port};
  if (!got) {
    xen(EVENT_CHANNEL_OP, 3, (uint64_t)&close, 0, 0, 0);
  }
  return got;
}

static long copy(void)
{
  static uint8_t pages[2][PAGE] __attribute__((aligned(4096)));
  asked.copy.from = (uint64_t)pages[0] >> 12;
  asked.copy.to = (uint64_t)pages[1] >> 12;
  asked.copy.from_domain = asked.copy.to_domain = SELF;
  asked.copy.to_offset = 0;
  asked.copy.flags = 0;
  long got = xen(GRANT_TABLE_OP, GNTTABOP_COPY, (uint64_t)&asked, 1, 0, 0);
  return got ? got : asked.copy.status;
}

void bad_timing(void)
{
  long pfn = (long)hvm_param(17), port = (long)hvm_param(18);
  flip_from_now(1, 17, 18);
  EITHER("one of two parameters", get_param(), pfn, port);
  flip_from_now(1, 17, 0xffff0000);
  EITHER("a parameter or none", get_param(), pfn, EINVAL);
  flip_from_now(0, 0, 0xffffffff);
  EITHER("an IPI of a vCPU or of none", bind_ipi(), 0, ENOENT);
  flip_from_now(10, 4096u | 0u << 16, 8u | 0u << 16);
  EITHER("a length that fits, or also fits", copy(), 0, 0);
  flip_from_now(2, SELF, SELF | 4000u << 16);
  asked.copy.length = 4096;
  EITHER("an offset that fits or does not", (asked.copy.length = 4096, copy()), 0, -10);
}
