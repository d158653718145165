/*
 * The measurements. Each result is a line
 *     BENCH name per_op_x100
 * with hundredths of a tick an operation, the loop's own two instructions included. Lines are
 * printed after the last measurement: a console would disturb the others.
 */
#include "crowd.h"
#include "guest.h"
#include "shares.h"

#define ROUNDS 10000
#define SLEEPS 1000
#define EXCHANGES 2000
#define BATCHES 5
#define MAX_RESULTS 40
#define PATIENCE 50000000

#define HYPERVISOR_SCHED_OP 29
#define HYPERVISOR_XEN_VERSION 17
#define XENVER_EXTRAVERSION 1
#define XENVER_GET_FEATURES 6
#define SCHEDOP_YIELD 0
#define UNKNOWN_HYPERCALL 63
#define PSCI_VERSION 0x84000000
#define PSCI_CPU_ON 0xc4000003
#define PSCI_SYSTEM_OFF 0x84000008

uint64_t first_instruction_count;

static struct { const char *name; uint64_t hundredths; } results[MAX_RESULTS];
static int result_count;
static volatile int secondary_is_up, secondary_yields;

static void keep(const char *name, uint64_t ticks, uint64_t rounds)
{
  results[result_count].name = name;
  results[result_count++].hundredths = ticks * 100 / rounds;
}

/* The least of some batches: a DomU shares its CPU with Dom0, whose own ticks are no part of the operation. */
#define MEASURE(name, rounds, operation)                        \
  do {                                                          \
    uint64_t least_ = ~0ul;                                     \
    for (int batch_ = 0; batch_ < BATCHES; batch_++) {          \
      uint64_t start_ = now();                                  \
      for (uint32_t i_ = 0; i_ < (rounds) / BATCHES; i_++) {    \
        operation;                                              \
        __asm__ volatile("" ::: "memory");                      \
      }                                                         \
      uint64_t ticks_ = now() - start_;                         \
      least_ = ticks_ < least_ ? ticks_ : least_;               \
    }                                                           \
    keep(name, least_, (rounds) / BATCHES);                     \
  } while (0)

static void await(int intid, uint32_t before)
{
  for (uint32_t patience = PATIENCE; interrupts_taken[intid] == before; patience--) {
    if (!patience) {
      halt("interrupt did not come", (uint64_t)intid);
    }
  }
}

static void sleep_until_changed(volatile uint32_t *counter, uint32_t before)
{
  while (*counter == before) {
    wait_for_interrupt();
    unmask_interrupts();
    isb();
    mask_interrupts();
  }
}

static void measure_hypercalls(void)
{
  static uint8_t text[64] __attribute__((aligned(64)));
  struct { uint32_t index, features; } info = {0, 0};
  MEASURE("hypercall_xen_version", ROUNDS, hypercall(HYPERVISOR_XEN_VERSION, 0, 0, 0));
  MEASURE("hypercall_unknown", ROUNDS, hypercall(UNKNOWN_HYPERCALL, 0, 0, 0));
  MEASURE("hypercall_copy_out_16", ROUNDS,
          hypercall(HYPERVISOR_XEN_VERSION, XENVER_EXTRAVERSION, (uint64_t)text, 0));
  MEASURE("hypercall_copy_in_out_8", ROUNDS,
          hypercall(HYPERVISOR_XEN_VERSION, XENVER_GET_FEATURES, (uint64_t)&info, 0));
  MEASURE("hypercall_yield", ROUNDS, hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_YIELD, 0, 0));
}

static void measure_traps(void)
{
  uint64_t distributor = platform.distributor;
  MEASURE("psci_version", ROUNDS, psci(PSCI_VERSION, 0, 0, 0));
  MEASURE("id_register", ROUNDS, read_register(ID_AA64PFR0_EL1));
  MEASURE("gicd_typer_read", ROUNDS, load32(distributor + GICD_TYPER));
  MEASURE("gicd_isenabler_read", ROUNDS, load32(distributor + GICD_ISENABLER + FIRST_SPI_WORD));
  MEASURE("gicd_ipriorityr_write", ROUNDS, store32(distributor + GICD_IPRIORITYR + 32, 0x80808080));
  if (platform.gic_version == 3) {
    uint64_t frame = gic_my_redistributor();
    MEASURE("gicr_typer_read", ROUNDS, load32(frame + GICR_TYPER));
  }
}

static void measure_interrupts(void)
{
  unmask_interrupts();
  MEASURE("sgi_to_self", ROUNDS, {
    uint32_t before = interrupts_taken[SGI_SELF];
    gic_send(0, SGI_SELF);
    await(SGI_SELF, before);
  });
  MEASURE("virtual_timer", ROUNDS, {
    uint32_t before = interrupts_taken[INTID_VIRTUAL_TIMER];
    write_register(CNTV_CVAL_EL0, 0);
    write_register(CNTV_CTL_EL0, 1);
    isb();
    await(INTID_VIRTUAL_TIMER, before);
  });
  mask_interrupts();
}

static void measure_events(void)
{
  if (!xen_open_self_channel()) {
    halt("no event channel", 0);
  }
  xen_mask_channel(1);
  MEASURE("event_send_masked", ROUNDS, xen_send());
  xen_mask_channel(0);
  unmask_interrupts();
  MEASURE("event_send_delivered", ROUNDS, {
    uint32_t before = interrupts_taken[platform.event_interrupt];
    xen_send();
    await(platform.event_interrupt, before);
  });
  mask_interrupts();
}

/* The sleep itself, 100 us, is taken off. */
static void measure_sleep(void)
{
  uint64_t length = read_register(CNTFRQ_EL0) / 10000;
  int kept = result_count;
  MEASURE("wfi_wake_by_timer", SLEEPS, {
    uint32_t before = interrupts_taken[INTID_VIRTUAL_TIMER];
    write_register(CNTV_CVAL_EL0, now() + length);
    write_register(CNTV_CTL_EL0, 1);
    isb();
    sleep_until_changed(&interrupts_taken[INTID_VIRTUAL_TIMER], before);
  });
  results[kept].hundredths -= length * 100;
}

static void measure_second_cpu(void)
{
  long status = psci(PSCI_CPU_ON, platform.mpidr[1], (uint64_t)secondary_entry,
                     (uint64_t)secondary_stack_top);
  if (status) {
    halt("CPU_ON", (uint64_t)status);
  }
  while (!secondary_is_up) {
    if (platform.under_xen) {
      hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_YIELD, 0, 0);
    }
  }
  MEASURE("sgi_ping_pong", EXCHANGES, {
    uint32_t before = interrupts_taken[SGI_PONG];
    gic_send(1, SGI_PING);
    sleep_until_changed(&interrupts_taken[SGI_PONG], before);
  });
}

/* Both CPUs yield, so that on one physical CPU each yield is a switch to the other one. */
static void measure_switch(void)
{
  int kept = result_count;
  secondary_yields = 1;
  gic_send(1, SGI_PING);
  while (secondary_yields == 1) {
    hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_YIELD, 0, 0);
  }
  MEASURE("context_switch", ROUNDS, hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_YIELD, 0, 0));
  results[kept].hundredths /= 2;
  secondary_yields = 0;
}

static void yield_while_asked(void)
{
  while (secondary_yields) {
    secondary_yields = 2;
    hypercall(HYPERVISOR_SCHED_OP, SCHEDOP_YIELD, 0, 0);
  }
}

void guest_secondary(void)
{
  uint32_t answered = 0;
  gic_start_cpu();
  mask_interrupts();
  secondary_is_up = 1;
  for (;;) {
    sleep_until_changed(&pings, answered);
    answered = pings;
    yield_while_asked();
    gic_send(0, SGI_PONG);
  }
}

/* What stands behind `name` at the beginning of the command line, or 0. */
static const char *argument(const char *name)
{
  const char *at = platform.arguments;
  for (; *name; name++, at++) {
    if (*at != *name) {
      return 0;
    }
  }
  return at;
}

/* As Dom0, with "crowd=" and how many vCPUs there are to be in all. */
static int crowd_size(void)
{
  const char *at = argument("crowd=");
  int size = 0;
  for (; at && *at >= '0' && *at <= '9'; at++) {
    size = size * 10 + *at - '0';
  }
  return size;
}

static void measure_crowd(int size)
{
  struct crowd_figures figures;
  if (crowd(size, &figures)) {
    keep("crowd_sleep", figures.sleep, 100);
    keep("crowd_yield", figures.yield, 100);
  }
}

/* As Dom0, with "shares=" and a list. */
static void measure_shares(const char *list)
{
  static struct shares found;
  static char names[MOST_SHARES][sizeof "share_00"];
  shares(list, &found);
  for (int i = 0; i < found.count; i++) {
    const char *prefix = "share_";
    char *at = names[i];
    while (*prefix) {
      *at++ = *prefix++;
    }
    *at++ = (char)('0' + i / 10);
    *at++ = (char)('0' + i % 10);
    keep(names[i], found.millionths[i], 1);
  }
}

static void measure_memory(void)
{
  uint64_t pages = xen_free_pages();
  if (pages) {
    keep("free_pages", pages, 1);
  }
}

static void measure_all(enum role role)
{
  MEASURE("empty_loop", ROUNDS, );
  measure_traps();
  measure_interrupts();
  if (role != BARE) {
    measure_hypercalls();
    measure_events();
  }
  measure_sleep();
  if (platform.cpus > 1) {
    measure_second_cpu();
    if (role != BARE) {
      measure_switch();
    }
  }
  if (role == DOM0) {
    measure_memory();
  }
}

static void print_results(enum role role)
{
  print("BENCH-START role=");
  print(role == BARE ? "bare" : role == DOM0 ? "dom0" : "domu");
  print(" gic=");
  print_decimal((uint64_t)platform.gic_version);
  print(" cpus=");
  print_decimal((uint64_t)platform.cpus);
  print(" midr=");
  print_hex(read_register(MIDR_EL1));
  print("\n");
  for (int i = 0; i < result_count; i++) {
    print("BENCH ");
    print(results[i].name);
    print(" ");
    print_decimal(results[i].hundredths);
    print("\n");
  }
  print("BENCH-END\n");
}

void guest_main(const uint8_t *tree)
{
  platform_discover(tree);
  enum role role = xen_role();
  keep("instructions_to_kernel", first_instruction_count, 1);
  gic_start();
  if (crowd_size()) {
    measure_crowd(crowd_size());
  } else if (argument("shares=")) {
    measure_shares(argument("shares="));
  } else {
    measure_all(role);
  }
  print_results(role);
  if (role != BARE) {
    xen_power_off();
  }
  psci(PSCI_SYSTEM_OFF, 0, 0, 0);
}
