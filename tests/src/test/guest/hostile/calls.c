/* 1: every hypercall number, every HVC immediate, from EL1 and EL0. */
#include "hostile.h"

#define XEN_TAG 0xea1
#define SMCCC_TAG 0
#define XENVER_VERSION 0
#define PSCI_VERSION 0x84000000

static int is_known(uint64_t number)
{
  static const uint8_t known[] = {
      PLATFORM_OP, MEMORY_OP, MULTICALL, XEN_VERSION, CONSOLE_IO, GRANT_TABLE_OP, VM_ASSIST, VCPU_OP,
      SCHED_OP, EVENT_CHANNEL_OP, HVM_OP, SYSCTL, DOMCTL};
  for (uint32_t i = 0; i < ENTRIES(known); i++) {
    if (known[i] == number) {
      return 1;
    }
  }
  return 0;
}

static void unknown_numbers(void)
{
  static const uint64_t large[] = {64, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
                                   0x100000000 + XEN_VERSION, ~0ul, 1ul << 63};
  for (uint64_t number = 0; number < 64; number++) {
    if (!is_known(number)) {
      quietly("unknown hypercall", number, (uint64_t)xen(number, ~0ul, ~0ul, ~0ul, ~0ul, ~0ul), (uint64_t)ENOSYS);
    }
  }
  for (uint32_t i = 0; i < ENTRIES(large); i++) {
    quietly("unknown hypercall", large[i], (uint64_t)xen(large[i], 0, 0, 0, 0, 0), (uint64_t)ENOSYS);
  }
  /* Numbers that mean something, with operations that do not. */
  for (uint64_t number = 0; number < 64; number++) {
    if (is_known(number) && number != CONSOLE_IO) {
      long got = xen(number, 0x7ffffff0, ~0ul, ~0ul, ~0ul, ~0ul);
      quietly("absurd operation is refused", number, got < 0, 1);
    }
  }
}

static void immediates(void)
{
  for (uint32_t immediate = 0; immediate < 0x10000; immediate++) {
    struct exception *mine = my_exceptions();
    uint64_t count = PROVOKED(execute(HVC(immediate), PSCI_VERSION, 0));
    if (immediate == SMCCC_TAG || immediate == XEN_TAG) {
      quietly("HVC that is served", immediate, count, 0);
    } else {
      quietly("HVC that is undefined", immediate, count, 1);
      quietly("its class", immediate, EC_OF(mine->esr), EC_UNDEFINED);
    }
  }
  expect("HVC immediates tried", 0x10000, 0x10000);
}

/* At EL0 the architecture itself makes HVC and SMC undefined. */
static void from_user(void)
{
  static const uint32_t program[] = {HVC(XEN_TAG), HVC(SMCCC_TAG), HVC(7), SMC(0), SMC(9), 0xd4000001 /* svc #0 */};
  struct exception *mine = my_exceptions();
  uint64_t count = PROVOKED(at_el0(program, PSCI_VERSION, 0x3c0));
  expect("exceptions of HVC and SMC at EL0", count, 5);
  expect("their class", EC_OF(mine->esr), EC_UNDEFINED);
  expect("at the instruction itself", mine->elr, (uint64_t)&program[4]);
}

void bad_calls(void)
{
  unknown_numbers();
  immediates();
  from_user();
  expect("a good call afterwards", (uint64_t)xen(XEN_VERSION, XENVER_VERSION, 0, 0, 0, 0) >> 16, 4);
}
