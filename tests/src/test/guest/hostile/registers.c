/* 12: every encoding of a system register, from EL1 and EL0 in both states. 13: registers that rule this vCPU. */
#include "hostile.h"

#define MRS 0xd5200000u
#define MSR 0xd5000000u
#define SVC64 0xd4000001u
#define SVC32 0xef000000u
#define EL0_64 0x3c0
#define EL0_32 0x1d0
#define BATCH 512

#define OP0(encoding) ((encoding) >> 14 & 3)
#define OP1(encoding) ((encoding) >> 11 & 7)
#define CRN(encoding) ((encoding) >> 7 & 15)
#define CRM(encoding) ((encoding) >> 3 & 15)
#define OP2(encoding) ((encoding) & 7)

/* What a write of may end, or make deaf, this program: number 13 writes these. */
static int rules_this_program(uint32_t encoding)
{
  if (OP0(encoding) != 3) {
    return 0;
  }
  switch (CRN(encoding)) {
  case 1: case 2: case 4: case 10: case 12: case 13: return OP1(encoding) == 0 || OP1(encoding) == 3;
  case 14: return OP1(encoding) == 3;
  default: return 0;
  }
}

static int is_of_higher_level(uint32_t encoding) { return OP0(encoding) == 3 && OP1(encoding) >= 4; }

static uint32_t sweep(int read)
{
  struct exception *mine = my_exceptions();
  uint32_t allowed = 0;
  for (uint32_t encoding = 0x8000; encoding < 0x10000; encoding++) {
    if (!read && rules_this_program(encoding)) {
      continue;
    }
    if (PROVOKED(execute((read ? MRS : MSR) | encoding << 5, 0, 0))) {
      /* The floating point unit is off: FPCR and FPSR are this vCPU's own affair. */
      int floating = encoding == 0xda20 || encoding == 0xda21;
      quietly("class of a refused register", encoding, EC_OF(mine->esr), floating ? EC_FP : EC_UNDEFINED);
      quietly("place of a refused register", encoding, mine->elr, place_of_instruction());
    } else {
      allowed++;
      quietly("a register of EL2 or EL3", encoding, (uint64_t)is_of_higher_level(encoding), 0);
    }
  }
  return allowed;
}

/* Neither another guest's, nor the machine's: these read as nothing if they can be read at all. */
static void hidden(void)
{
  static const uint16_t none[] = {
      0x8012 /* MDSCR_EL1 */, 0x8004 /* DBGBVR0 */, 0x8005, 0x8006, 0x8007, 0xdce0 /* PMCR_EL0 */, 0xdce8 /* PMCCNTR */,
      0xdce1, 0xdce2, 0xdce5, 0xdf40 /* PMEVCNTR0 */, 0xde90 /* AMCR_EL0 */, 0xdea0, 0xde80,
      0xc108 /* APIAKEYLO */, 0xc109, 0xc110, 0xc118, 0xc298 /* ERRIDR_EL1 */};
  for (uint32_t i = 0; i < ENTRIES(none); i++) {
    volatile uint64_t value = 0;
    PROVOKED(value = execute(MRS | (uint32_t)none[i] << 5, 0, 0));
    quietly("what it says", none[i], value, 0);
  }
}

static uint32_t batch[BATCH + 1] __attribute__((aligned(64)));

static void publish(void)
{
  for (uint32_t i = 0; i <= BATCH; i++) {
    __asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0" ::"r"(&batch[i]) : "memory");
  }
  __asm__ volatile("dsb ish\n\tisb");
}

static uint64_t run_batch(uint32_t end, uint64_t state)
{
  batch[BATCH] = end;
  publish();
  return PROVOKED(at_el0(batch, 0, state));
}

static void from_user(void)
{
  uint64_t refused = 0;
  for (uint32_t first = 0x8000; first < 0x10000; first += BATCH) {
    for (uint32_t i = 0; i < BATCH; i++) {
      batch[i] = MRS | (first + i) << 5;
    }
    refused += run_batch(SVC64, EL0_64);
  }
  expect("few registers at EL0", refused > 0x8000 - 64, 1);
  note("refused at EL0", refused);
}

/* MRC of coprocessors 14 and 15, all opcodes, from user code of 32 bits. */
static void from_user_of_32_bits(void)
{
  uint64_t refused = 0;
  if ((read_register(ID_AA64PFR0_EL1) & 15) != 2) {
    note("no 32-bit state at EL0", 0);
    return;
  }
  for (uint32_t coprocessor = 14; coprocessor < 16; coprocessor++) {
    for (uint32_t first = 0; first < 0x4000; first += BATCH) {
      for (uint32_t i = 0; i < BATCH; i++) {
        uint32_t at = first + i; /* opc1, CRn, CRm, opc2 */
        batch[i] = 0xee100010 | coprocessor << 8 | (at >> 11 & 7) << 21 | (at >> 7 & 15) << 16 | (at >> 3 & 15) | (at & 7) << 5;
      }
      refused += run_batch(SVC32, EL0_32);
    }
  }
  expect("few registers at EL0, 32 bits", refused > 0x8000 - 64, 1);
  note("refused at EL0, 32 bits", refused);
  batch[0] = 0xe1600070; /* smc #0 */
  batch[1] = 0xe1400070; /* hvc #0 */
  batch[2] = 0xe320f003; /* wfi */
  batch[3] = 0xec510f1e; /* mrrc p15, 1, r0, r1, c14: the counter */
  for (uint32_t i = 4; i < BATCH; i++) {
    batch[i] = 0xe1a00000; /* nop */
  }
  uint64_t count = run_batch(SVC32, EL0_32);
  expect("SMC and HVC at EL0, 32 bits", count >= 2, 1);
}

void bad_registers(void)
{
  uint32_t readable = sweep(1);
  uint32_t writable = sweep(0);
  note("registers that can be read", readable);
  note("registers that can be written", writable);
  expect("some can, most cannot", readable > 20 && readable < 600 && writable < 400, 1);
  hidden();
  write_register(CNTV_CTL_EL0, 0);
  from_user();
  from_user_of_32_bits();
  expect("a good call afterwards", (uint64_t)xen(XEN_VERSION, 0, 0, 0, 0, 0) >> 16, 4);
}

/* A version by a hypercall, while a register says something odd; no memory is used meanwhile. */
#define CALL_WHILE(name, value)                                                        \
  ({                                                                                   \
    uint64_t result_;                                                                  \
    __asm__ volatile(                                                                  \
        "mrs x9, " #name "\n\tmsr " #name ", %1\n\tisb\n\tmov x16, #17\n\tmov x0, #0\n\t"    \
        "hvc #0xea1\n\tmsr " #name ", x9\n\tisb\n\tmov %0, x0"                         \
        : "=&r"(result_) : "r"((uint64_t)(value)) : "x0", "x9", "x16", "memory");      \
    result_ >> 16;                                                                     \
  })
#define WHILE(name, value) expect("a call with " #name, CALL_WHILE(name, value), 4)

#define SCTLR_M 1ul
#define SCTLR_C (1ul << 2)
#define SCTLR_I (1ul << 12)

static void dies(int cpu)
{
  write_register(TTBR0_EL1, ~0xfful);
  write_register(TTBR1_EL1, 0x03001000);
  write_register(TCR_EL1, ~0ul);
  write_register(MAIR_EL1, ~0ul);
  write_register(VBAR_EL1, ~0x7fful);
  write_register(SCTLR_EL1, ~0ul); /* nothing can be fetched from here on */
  isb();
}

void bad_controls(void)
{
  static uint64_t features[2] = {0, 0};
  uint64_t odd = ~(SCTLR_M | SCTLR_C | SCTLR_I);
  WHILE(SCTLR_EL1, odd);
  WHILE(SCTLR_EL1, 0);
  WHILE(TCR_EL1, ~0ul);
  WHILE(TCR_EL1, 0);
  WHILE(TTBR0_EL1, ~0ul);
  WHILE(TTBR1_EL1, ~0ul);
  WHILE(MAIR_EL1, ~0ul);
  WHILE(AMAIR_EL1, ~0ul);
  WHILE(CPACR_EL1, ~0ul);
  WHILE(CPACR_EL1, 0);
  WHILE(VBAR_EL1, ~0ul);
  WHILE(VBAR_EL1, 0x03001000);
  WHILE(CONTEXTIDR_EL1, ~0ul);
  WHILE(TPIDR_EL1, ~0ul);
  WHILE(TPIDR_EL0, ~0ul);
  WHILE(TPIDRRO_EL0, ~0ul);
  WHILE(CNTKCTL_EL1, ~0ul);
  WHILE(CSSELR_EL1, ~0ul);
  WHILE(PAR_EL1, ~0ul);
  WHILE(AFSR0_EL1, ~0ul);
  WHILE(AFSR1_EL1, ~0ul);
  WHILE(SP_EL0, ~0ul);
  WHILE(ELR_EL1, ~0ul);
  WHILE(SPSR_EL1, ~0ul);
  WHILE(ESR_EL1, ~0ul);
  WHILE(FAR_EL1, ~0ul);
  WHILE(ACTLR_EL1, ~0ul);
  WHILE(MDSCR_EL1, ~0ul);
  /* Big-endian data at EL1: the hypervisor reads and writes its structures as ever. */
  uint64_t result, sctlr = read_register(SCTLR_EL1);
  __asm__ volatile("msr sctlr_el1, %1\n\tisb\n\tmov x16, #17\n\tmov x0, #6\n\tmov x1, %2\n\thvc #0xea1\n\t"
                   "msr sctlr_el1, %3\n\tisb\n\tmov %0, x0"
                   : "=&r"(result) : "r"(sctlr | 1ul << 25), "r"(features), "r"(sctlr) : "x0", "x1", "x16", "memory");
  expect("features, asked for as big-endian", result, 0);
  uint64_t big = features[0];
  features[0] = 0;
  xen(XEN_VERSION, 6, (uint64_t)features, 0, 0, 0);
  expect("the same features", big, features[0]);
  start_cpu(1, dies);
  for (int i = 0; i < 30; i++) {
    yield();
  }
  expect("a good call beside a vCPU that is lost", (uint64_t)xen(XEN_VERSION, 0, 0, 0, 0, 0) >> 16, 4);
}
