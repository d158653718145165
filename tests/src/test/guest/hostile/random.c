/* A guest without a plan: calls, accesses and registers as a generator has them, from a seed. */
#include "hostile.h"

#define ROUNDS 15000

/* xorshift64*. */
uint64_t next_random(uint64_t *state)
{
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * 0x2545f4914f6cdd1dul;
}

static uint8_t room[16 * PAGE] __attribute__((aligned(4096)));

/* Numbers near those that matter are more interesting than others. */
static uint64_t value(uint64_t *state)
{
  uint64_t bits = next_random(state);
  switch (next_random(state) % 10) {
  case 0: return bits % 16;
  case 1: return (uint64_t)-(int64_t)(bits % 16);
  case 2: return bits % 64 == 18 ? 0 : 1ul << bits % 64; /* frame 1 << 18 is this program */
  case 3: return (1ul << bits % 64) - 1;
  case 4: return platform.memory + platform.memory_size - bits % (platform.memory_size / 2) + PAGE;
  case 5: return 0x03000000 + bits % 0x200000;
  case 6: return bits & 0xffffffff;
  case 7: return bits;
  default: return (uint64_t)room + bits % (sizeof room - 256);
  }
}

/* What a structure in memory says: small numbers, domains, guest frames. */
static void fill(uint64_t *state)
{
  for (uint32_t i = 0; i < 512; i++) {
    uint64_t *at = (uint64_t *)(room + next_random(state) % (sizeof room - 8) / 8 * 8);
    uint64_t bits = next_random(state);
    switch (bits >> 60) {
    case 0: case 1: case 2: *at = SELF | (bits & 15) << 32; break;
    case 3: case 4: *at = (uint64_t)room + bits % (sizeof room - 256); break;
    case 5: *at = ((uint64_t)room >> 12) + bits % 16; break;
    default: *at = value(state);
    }
  }
}

static int is_excluded(uint64_t number, uint64_t operation, uint64_t argument)
{
  /* What ends, or stops, this guest is another guest's business; a long text has had its own. */
  return (number == SCHED_OP && (uint32_t)operation != 0) || number == CONSOLE_IO ||
         (number == MEMORY_OP && ((uint32_t)operation & 0x3f) == 1) || /* give memory back */
         (number == MEMORY_OP && ((uint32_t)operation & 0x3f) == 15) ||
         (number == EVENT_CHANNEL_OP && (uint32_t)operation == 10) || /* reset: the console's port, too */
         (number == EVENT_CHANNEL_OP && (uint32_t)operation == 3) || argument == 0xdead;
}

static void hypercall_at_random(uint64_t *state)
{
  static const uint8_t numbers[] = {MEMORY_OP, XEN_VERSION, GRANT_TABLE_OP, VM_ASSIST, VCPU_OP, EVENT_CHANNEL_OP,
                                    HVM_OP, SYSCTL, DOMCTL, PLATFORM_OP, PHYSDEV_OP, XSM_OP, SCHED_OP, EVENT_CHANNEL_OP};
  uint64_t number = next_random(state) % 8 ? numbers[next_random(state) % sizeof numbers] : next_random(state) % 64;
  uint64_t operation = next_random(state) % 4 ? next_random(state) % 32 : value(state);
  if (number == MULTICALL || is_excluded(number, operation, 0)) {
    return;
  }
  /* The page of code and stacks stays this guest's: pointers go to the room, or nowhere near. */
  uint64_t pointer = next_random(state) % 4 ? (uint64_t)room + next_random(state) % (sizeof room - 2048) : value(state);
  if (pointer >= platform.memory && pointer < (uint64_t)room) {
    pointer += 0x10000000;
  }
  if (pointer >= (uint64_t)room + sizeof room - 2048) {
    pointer = ~pointer;
  }
  uint64_t count = next_random(state) % 4 ? next_random(state) % 3 : value(state);
  if (number == VCPU_OP) {
    xen(number, operation, next_random(state) % 4, pointer, 0, 0);
  } else {
    xen(number, operation, pointer, count > 64 && next_random(state) % 16 ? 1 : count, value(state), value(state));
  }
}

static void access_at_random(uint64_t *state)
{
  static const uint32_t instructions[] = {0x39400000, 0x79400000, 0xb9400000, 0xf9400000,  /* ldr: 1, 2, 4, 8 */
                                          0x39000001, 0x79000001, 0xb9000001, 0xf9000001,  /* str x1 */
                                          0xa9400400, 0xa9000400, 0xf8408400, 0xf8008401}; /* pairs, post-index */
  uint64_t at = next_random(state) % 2 ? 0x03001000 + next_random(state) % 0x10000
                                       : 0x03020000 + next_random(state) % 0x40000;
  if (next_random(state) % 2) {
    at &= ~7ul;
  }
  uint64_t bits = next_random(state) % 2 ? value(state) : 1ul << next_random(state) % 64;
  PROVOKED(execute(instructions[next_random(state) % ENTRIES(instructions)], at, bits));
}

/* MRS and MSR of any register but those on which this program itself stands. */
static void register_at_random(uint64_t *state)
{
  uint32_t encoding = (uint32_t)(next_random(state) & 0x7fff) | 0x8000; /* op0 2 or 3, op1, CRn, CRm, op2 */
  uint32_t crn = encoding >> 7 & 15, op1 = encoding >> 11 & 7, op0 = encoding >> 14 & 3;
  int read = next_random(state) % 2;
  if (!read && op0 == 3 && (op1 == 0 || op1 == 3) && (crn == 1 || crn == 2 || crn == 4 || crn == 10 || crn == 12 || crn == 13)) {
    return; /* SCTLR, TCR, stack pointers, vectors, TPIDR: their guest is number 13 */
  }
  PROVOKED(execute((read ? 0xd5200000u : 0xd5000000u) | (encoding & 0xffff) << 5, next_random(state), 0));
}

static void act(uint64_t state)
{
  for (uint32_t round = 0; round < ROUNDS; round++) {
    switch (next_random(&state) % 8) {
    case 0: fill(&state); break;
    case 1:
      /* But PSCI's own, which would end the guest. */
      PROVOKED(smccc_smc(next_random(&state) & ~0x04000000ul, value(&state), value(&state), value(&state)));
      break;
    case 2: case 3: access_at_random(&state); break;
    case 4: register_at_random(&state); break;
    default: hypercall_at_random(&state);
    }
  }
}

static uint64_t seed;

static void act_too(int cpu) { act((seed + (uint64_t)cpu) * 0x9e3779b97f4a7c15ul + 1); }

void bad_at_random(void)
{
  seed = argument("seed", 1);
  print("seed ");
  print_decimal(seed);
  print("\n");
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    start_cpu(cpu, act_too);
  }
  act_too(0);
  join_cpus();
  expect("a good call afterwards", (uint64_t)xen(XEN_VERSION, 0, 0, 0, 0, 0) >> 16, 4);
  expect("rounds", ROUNDS, ROUNDS);
}
