/* 14: accesses to nowhere, and nowhere to execute. 15: instructions without a syndrome at emulated devices. */
#include "hostile.h"

#define GICD 0x03001000ul
#define GICC 0x03002000ul /* of GICv2: two pages of the machine's own controller */
#define GICR 0x03020000ul
#define HOLE 0x10000000ul
#define FAULT_STATUS(esr) ((esr) & 0x3f)
#define BLOCK_1GIB 0x701ul /* normal memory by MAIR's attribute 0, inner shareable, accessed */
#define TABLE 3ul

static const uint64_t nowhere[] = {0, 0x1000, HOLE, 0x38000000, 0x80000000ul, 1ul << 35, (1ul << 40) - 8, 1ul << 40, 1ul << 44};

static void data(void)
{
  struct exception *mine = my_exceptions();
  for (uint32_t i = 0; i < ENTRIES(nowhere); i++) {
    for (uint32_t insn = 0; insn < 4; insn++) {
      static const uint32_t instructions[] = {0xf9400001 /* ldr x1 */, 0xf9000001 /* str x1 */, 0xa9400c02 /* ldp */, 0x39000001};
      quietly("an access to nowhere", nowhere[i], PROVOKED(execute(instructions[insn], nowhere[i], 1)), 1);
      quietly("its class", nowhere[i], EC_OF(mine->esr), EC_DATA_ABORT);
      quietly("its place", nowhere[i], mine->elr, place_of_instruction());
      if (nowhere[i] < 1ul << 40) { /* above, the vCPU's own stage 1 says so */
        quietly("its status", nowhere[i], FAULT_STATUS(mine->esr), EXTERNAL_ABORT);
        quietly("its address", nowhere[i], mine->far, nowhere[i]);
      }
    }
  }
  expect("accesses to nowhere", ENTRIES(nowhere), ENTRIES(nowhere));
}

static void instructions(void)
{
  struct exception *mine = my_exceptions();
  static const uint64_t places[] = {0x1000, HOLE, GICD, GICR, 0x38000000, 1ul << 35};
  for (uint32_t i = 0; i < ENTRIES(places); i++) {
    quietly("an instruction from nowhere", places[i], PROVOKED(((void (*)(void))places[i])()), 1);
    quietly("its class", places[i], EC_OF(mine->esr), EC_INSTRUCTION_ABORT);
    quietly("its place", places[i], mine->elr, places[i]);
  }
  expect("instructions from nowhere", ENTRIES(places), ENTRIES(places));
}

/* Stage 1 with one block for this program, and a second root that leads into a device or a hole. */
static uint64_t roots[2][512] __attribute__((aligned(4096)));

static void tables(void)
{
  static const uint64_t bad[] = {GICD, GICR, HOLE, 0x1000, 1ul << 36};
  static uint64_t features[2];
  struct exception *mine = my_exceptions();
  roots[0][platform.memory >> 30] = (platform.memory & ~0x3ffffffful) | BLOCK_1GIB;
  roots[0][0] = BLOCK_1GIB;
  write_register(MAIR_EL1, 0x44);
  /* Both halves 39 bits, 4 KiB. */
  write_register(TCR_EL1, 25ul | 25ul << 16 | 2ul << 30 | 2ul << 32 | 3ul << 12 | 3ul << 28);
  write_register(TTBR0_EL1, roots[0]);
  uint64_t sctlr = read_register(SCTLR_EL1);
  for (uint32_t i = 0; i < ENTRIES(bad); i++) {
    write_register(TTBR1_EL1, bad[i]);
    __asm__ volatile("dsb sy\n\ttlbi vmalle1\n\tdsb sy\n\tisb");
    write_register(SCTLR_EL1, sctlr | 1);
    isb();
    uint64_t high = ~0ul << 39;
    long got = xen(XEN_VERSION, 6, high, 0, 0, 0);
    long mapped = xen(XEN_VERSION, 6, (uint64_t)features, 0, 0, 0);
    long unmapped = xen(XEN_VERSION, 6, 0x7000000000, 0, 0, 0);
    uint64_t count = PROVOKED(execute(0xf9400001, high, 0));
    uint64_t ec = EC_OF(mine->esr);
    write_register(SCTLR_EL1, sctlr);
    isb();
    quietly("a pointer through tables in a device", bad[i], (uint64_t)got, (uint64_t)EFAULT);
    quietly("a good pointer", bad[i], (uint64_t)mapped, 0);
    quietly("a pointer to nothing", bad[i], (uint64_t)unmapped, (uint64_t)EFAULT);
    quietly("an access through them", bad[i], count, 1);
    quietly("its class", bad[i], ec, EC_DATA_ABORT);
  }
  expect("tables in devices", ENTRIES(bad), ENTRIES(bad));
}

static volatile uint64_t lost;

static void loses_stack(int cpu)
{
  lost++;
  __asm__ volatile("mov sp, %0\n\tstp x0, x1, [sp, #-16]!" ::"r"(GICD + 0x800) : "memory");
}

static void loses_vectors(int cpu)
{
  lost++;
  write_register(VBAR_EL1, HOLE);
  isb();
  load32(HOLE);
}

static void loses_itself(int cpu)
{
  lost++;
  ((void (*)(void))HOLE)();
}

/* What a guest does to itself comes to its own vectors. */
static void its_own(void)
{
  struct exception *mine = my_exceptions();
  expect("a breakpoint", PROVOKED(execute(0xd4200000, 0, 0)), 1);
  expect("its class", EC_OF(mine->esr), EC_BREAKPOINT);
  expect("its place", mine->elr, place_of_instruction());
  expect("a halt", PROVOKED(execute(0xd4400000, 0, 0)), 1);
  expect("its class", EC_OF(mine->esr), EC_UNDEFINED);
  expect("a call to itself", PROVOKED(execute(0xd4000001, 0, 0)), 1);
  expect("its class", EC_OF(mine->esr), EC_SVC64);
}

void bad_aborts(void)
{
  its_own();
  data();
  instructions();
  tables();
  start_cpu(1, loses_stack);
  if (platform.cpus > 2) {
    start_cpu(2, loses_vectors);
  }
  while (lost + 1 < (uint64_t)(platform.cpus < 3 ? platform.cpus : 3)) {
    yield();
  }
  for (int i = 0; i < 30; i++) {
    yield();
  }
  (void)loses_itself;
  expect("a good call beside vCPUs that are lost", (uint64_t)xen(XEN_VERSION, 0, 0, 0, 0, 0) >> 16, 4);
}

/* x0 is the device's address; a load into x1, or a store of it, if nothing else is said. */
struct access {
  uint32_t instruction;
  uint8_t described; /* a syndrome describes it */
};

static const struct access accesses[] = {
    {0x39400001, 1}, {0x79400001, 1}, {0xb9400001, 1}, {0xf9400001, 1}, {0x39800001, 1}, {0x79800001, 1}, {0xb9800001, 1},
    {0x39c00001, 1}, {0x79c00001, 1}, /* ldr: 8, 16, 32, 64 bits, signed to 64 and 32 */
    {0xb940001f, 1}, {0xf940001f, 1}, {0xb900001f, 1}, /* wzr, xzr */
    {0x88dffc01, 1}, {0xc8dffc01, 1}, {0x889ffc01, 1}, /* ldar, stlr */
    {0xa9400c02, 0}, {0x29400c02, 0}, {0xa9000c02, 0}, {0xa8c10c02, 0}, {0xa9bf0c02, 0}, {0x69400c02, 0}, /* pairs */
    {0xf8408401, 0}, {0xb8404401, 0}, {0xb8004401, 0}, {0xb8404c01, 0}, {0x38401401, 0}, /* write-back */
    {0x885f7c01, 0}, {0xc85f7c01, 0}, {0x88047c01, 2}, {0x885ffc01, 0}, {0xc87f0c02, 0}, /* exclusives */
    {0x3d400000, 0}, {0x3dc00000, 0}, {0xfd400000, 0}, {0xbd000000, 0}, {0x3d800000, 0}, {0xad400400, 0}, {0x4c407000, 0}, /* SIMD */
    {0xd50b7420, 0}, /* dc zva, x0 */
};

static int changed(const uint64_t *before, const uint64_t *after, int but)
{
  for (int i = 0; i < 16; i++) {
    if (i != but && before[i] != after[i]) {
      return 1;
    }
  }
  return 0;
}

static void at_device(uint64_t address)
{
  for (uint32_t i = 0; i < ENTRIES(accesses); i++) {
    uint64_t before[16], after[16];
    for (int r = 0; r < 16; r++) {
      before[r] = after[r] = 0x5a5a5a5a5a5a0000 + (uint64_t)r;
    }
    before[0] = after[0] = address;
    uint64_t count = PROVOKED(execute_with(accesses[i].instruction, after));
    uint64_t detail = (uint64_t)accesses[i].instruction << 32 | (uint32_t)address;
    if (accesses[i].described == 1) {
      quietly("registers but one", detail, (uint64_t)changed(before, after, 1), 0);
    } else if (count) {
      quietly("registers after an abort", detail, (uint64_t)changed(before, after, -1), 0);
    }
    if (accesses[i].described == 0) {
      quietly("an access without a syndrome", detail, count, 1);
    } else {
      quietly("one abort at most", detail, count < 2, 1);
    }
  }
}

void bad_accesses(void)
{
  write_register(CPACR_EL1, 3ul << 20);
  isb();
  for (uint64_t page = GICD; page < GICD + 16 * PAGE; page += PAGE) {
    if (platform.gic_version == 3 || page - GICC >= 2 * PAGE) {
      at_device(page + 0x400);
      at_device(page + 0xff8);
    }
  }
  for (uint64_t page = 0; page < 32; page++) {
    at_device(GICR + page * PAGE + 0x8);
  }
  /* Not aligned, and over the edge of a device. */
  static const uint64_t odd[] = {GICD + 1, GICD + 2, GICD + 3, GICD + 5, GICD + 7, GICD + 0xffff, GICD + 0xfffd, GICR - 1};
  for (uint32_t i = 0; i < ENTRIES(odd); i++) {
    PROVOKED(execute(0xf9400001, odd[i], 0));
    PROVOKED(execute(0xf9000001, odd[i], ~0ul));
    PROVOKED(execute(0xb9400001, odd[i], 0));
    PROVOKED(execute(0x79400001, odd[i], 0));
  }
  expect("kinds of accesses", ENTRIES(accesses), ENTRIES(accesses));
}
