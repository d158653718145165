/* 7: event channels exhausted, raced, and of the second kind half set up. 8: words that hypervisor and guest share. */
#include "hostile.h"

#define BIND_VIRQ 1
#define CLOSE 3
#define SEND 4
#define STATUS 5
#define ALLOC_UNBOUND 6
#define BIND_IPI 7
#define BIND_VCPU 8
#define UNMASK 9
#define INIT_CONTROL 11
#define EXPAND_ARRAY 12
#define SET_PRIORITY 13
#define PORTS 4096
#define RACES 1000

static uint32_t ports[PORTS];

static long call(uint64_t operation, void *argument)
{
  return xen(EVENT_CHANNEL_OP, operation, (uint64_t)argument, 0, 0, 0);
}

static long close_port(uint32_t port)
{
  struct { uint32_t port; } close = {port};
  return call(CLOSE, &close);
}

static long open_port(uint32_t *port)
{
  struct { uint16_t domain, remote; uint32_t port; } open = {SELF, SELF, 0};
  long got = call(ALLOC_UNBOUND, &open);
  *port = open.port;
  return got;
}

static void exhaust(void)
{
  uint32_t count = 0;
  long got = 0;
  while (count < PORTS && !(got = open_port(&ports[count]))) {
    count++;
  }
  expect("no more ports", (uint64_t)got, (uint64_t)ENOSPC);
  note("ports", count);
  struct { uint32_t virq, vcpu, port; } virq = {0, 0, 0};
  expect("a VIRQ then", (uint64_t)call(BIND_VIRQ, &virq), (uint64_t)ENOSPC);
  struct { uint32_t vcpu, port; } ipi = {0, 0};
  expect("an IPI then", (uint64_t)call(BIND_IPI, &ipi), (uint64_t)ENOSPC);
  for (uint32_t i = 0; i < count; i++) {
    quietly("a port closed", ports[i], (uint64_t)close_port(ports[i]), 0);
    if (i % 64 == 0) {
      quietly("a port closed twice", ports[i], close_port(ports[i]) < 0, 1);
    }
  }
  expect("a VIRQ again", (uint64_t)call(BIND_VIRQ, &virq), 0);
  expect("its port", (uint64_t)close_port(virq.port), 0);
}

static void absurd(void)
{
  static const uint32_t numbers[] = {0, 255, 4095, 4096, 131071, 131072, 0x7fffffff, 0x80000000, 0xffffffff};
  struct { uint32_t vcpu, port; } ipi = {0, 0};
  expect("an IPI", (uint64_t)call(BIND_IPI, &ipi), 0);
  for (uint32_t i = 0; i < ENTRIES(numbers); i++) {
    uint32_t n = numbers[i];
    struct { uint32_t port, vcpu; } bind = {ipi.port, n};
    struct { uint32_t virq, vcpu, port; } virq = {n, 0, 0}, far = {0, n, 0};
    struct { uint32_t port, priority; } priority = {n, n};
    struct { uint32_t port; } one = {n};
    struct { uint16_t remote, pad; uint32_t port, local; } remote = {0, 0, n};
    if (n) {
      quietly("an IPI to another vCPU", n, call(BIND_VCPU, &bind) < 0, 1);
      quietly("a VIRQ of a vCPU", n, call(BIND_VIRQ, &far) < 0, 1);
      quietly("a VIRQ", n, call(BIND_VIRQ, &virq) < 0, 1);
      quietly("a port sent", n, n < 8 || call(SEND, &one) < 0, 1);
      quietly("a port unmasked", n, n < PORTS || call(UNMASK, &one) < 0, 1);
    }
    quietly("a priority", n, call(SET_PRIORITY, &priority) < 0, 1);
    quietly("a port of Dom0", n, call(2 * 0, &remote) < 0, 1);
  }
  expect("its end", (uint64_t)close_port(ipi.port), 0);
}

static volatile int stop;

static void opens_and_closes(int cpu)
{
  for (uint32_t i = 0; !stop; i++) {
    uint32_t port = 4 + i % 12;
    struct { uint32_t port; } one = {port};
    struct { uint32_t port, vcpu; } bind = {port, i % 3};
    struct { uint32_t vcpu, port; } ipi = {(uint32_t)cpu, 0};
    switch (i % 7) {
    case 0: call(BIND_IPI, &ipi); break;
    case 1: call(SEND, &one); break;
    case 2: call(BIND_VCPU, &bind); break;
    case 3: call(UNMASK, &one); break;
    case 4: open_port(&one.port); break;
    default: close_port(port);
    }
  }
}

static void races(void)
{
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    start_cpu(cpu, opens_and_closes);
  }
  for (uint32_t i = 0; i < RACES; i++) {
    uint32_t port;
    struct { uint64_t list; uint32_t count; uint64_t timeout; } poll = {(uint64_t)&port, 1, now() * 16};
    if (!open_port(&port)) {
      struct { uint32_t port; } one = {port};
      call(SEND, &one);
      if (i % 16 == 0) {
        xen(SCHED_OP, 3, (uint64_t)&poll, 0, 0, 0);
      }
      close_port(port);
    }
  }
  stop = 1;
  join_cpus();
  for (uint32_t port = 4; port < PORTS; port++) {
    close_port(port);
  }
  expect("races of ports", RACES, RACES);
}

static uint8_t control[PAGE] __attribute__((aligned(4096)));
static uint8_t words[2][PAGE] __attribute__((aligned(4096)));

/* XSA-107: the control block of one vCPU alone, and ports that go to the other. */
static void half_a_fifo(void)
{
  static const uint64_t nowhere[] = {0, ~0ul, 1ul << 40, 0x3001, 0x38000};
  struct { uint64_t gfn; uint32_t offset, vcpu; uint8_t bits, pad[7]; } init = {0, 0, 1};
  struct { uint64_t gfn; } expand = {(uint64_t)words[0] >> 12};
  expect("an array before its time", call(EXPAND_ARRAY, &expand) < 0, 1);
  for (uint32_t i = 0; i < ENTRIES(nowhere); i++) {
    init.gfn = nowhere[i];
    quietly("a control block nowhere", nowhere[i], call(INIT_CONTROL, &init) < 0, 1);
  }
  init.gfn = (uint64_t)control >> 12;
  for (uint32_t offset = 1; offset < 2 * PAGE; offset = offset * 2 + 1) {
    init.offset = offset;
    quietly("a control block askew", offset, call(INIT_CONTROL, &init) < 0, 1);
  }
  init.offset = PAGE - 64; /* it is 72 bytes long */
  expect("a control block over the edge", call(INIT_CONTROL, &init) < 0, 1);
  init.offset = 0;
  init.vcpu = 200;
  expect("a control block of nobody", call(INIT_CONTROL, &init) < 0, 1);
  init.vcpu = 1;
  expect("a control block of vCPU 1", (uint64_t)call(INIT_CONTROL, &init), 0);
  expect("an array", (uint64_t)call(EXPAND_ARRAY, &expand), 0);
  struct { uint32_t vcpu, port; } ipi = {0, 0};
  expect("an IPI", (uint64_t)call(BIND_IPI, &ipi), 0);
  for (uint32_t i = 0; i < 1000; i++) {
    struct { uint32_t port; } one = {ipi.port};
    struct { uint32_t port, vcpu; } bind = {3, i & 1};
    struct { uint32_t port, priority; } priority = {ipi.port, i % 20};
    call(SEND, &one);
    call(BIND_VCPU, &bind);
    call(SET_PRIORITY, &priority);
    call(UNMASK, &one);
    /* The queues themselves are ours to spoil. */
    ((volatile uint32_t *)words[0])[ipi.port] = i * 0x9e3779b9;
    ((volatile uint32_t *)control)[i % 18] = i * 0x85ebca6b;
  }
  expand.gfn = 0;
  expect("an array nowhere", call(EXPAND_ARRAY, &expand) < 0, 1);
  for (uint32_t i = 0; i < 200; i++) {
    expand.gfn = (uint64_t)words[1] >> 12;
    if (call(EXPAND_ARRAY, &expand) < 0) {
      break;
    }
  }
  expect("arrays come to an end", call(EXPAND_ARRAY, &expand) < 0, 1);
}

void bad_events(void)
{
  exhaust();
  absurd();
  races();
  half_a_fifo();
}

/* All day long: exchanges on words that the hypervisor sets bits in. */
static void hammers(int cpu)
{
  volatile uint64_t *shared = shared_info();
  while (!stop) {
    for (uint32_t i = 0; i < 160; i++) {
      uint64_t value = shared[i];
      __atomic_compare_exchange_n(&shared[i], &value, value ^ 0x10, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
    }
  }
}

void bad_hammering(void)
{
  struct { uint32_t vcpu, port; } ipi = {0, 0};
  expect("an IPI", (uint64_t)call(BIND_IPI, &ipi), 0);
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    start_cpu(cpu, hammers);
  }
  for (uint32_t i = 0; i < 10000; i++) {
    struct { uint32_t port; } one = {ipi.port};
    quietly("a signal", i, (uint64_t)call(SEND, &one), 0);
    call(UNMASK, &one);
  }
  stop = 1;
  join_cpus();
  expect("signals", 10000, 10000);
}
