/* 9: memory taken and given by all at once. 10: caches by set and way, and pages that go. 11: what memory held before. */
#include "hostile.h"

#define DECREASE 1
#define ADD_TO_PHYSMAP 7
#define POPULATE 6
#define REMOVE 15
#define ADD_BATCH 23
#define BLOCK (2ul << 20)
#define RACES 100
#define PAINT 0xdeadbeefcafe1234

static uint64_t end_of_ram(void) { return platform.memory + platform.memory_size; }

static long reserve(uint64_t operation, uint64_t gfn, uint32_t order)
{
  uint64_t list = gfn;
  struct { uint64_t start, count; uint32_t order, flags; uint16_t domid; } request = {(uint64_t)&list, 1, order, 0, SELF};
  return xen(MEMORY_OP, operation, (uint64_t)&request, 0, 0, 0);
}

static uint64_t contended(void) { return ((end_of_ram() - 2 * BLOCK) & ~(BLOCK - 1)) >> 12; }

/* All give away and take back the same pages. */
static void juggle(int cpu)
{
  for (uint32_t i = 0; i < RACES; i++) {
    for (uint64_t page = 0; page < 8; page++) {
      reserve((i + (uint32_t)cpu) & 1 ? DECREASE : POPULATE, contended() + page * 3, 0);
    }
  }
}

static void in_parallel(void)
{
  for (int cpu = 1; cpu < platform.cpus; cpu++) {
    start_cpu(cpu, juggle);
  }
  juggle(0);
  join_cpus();
  for (uint64_t page = 0; page < 8; page++) {
    uint64_t gfn = contended() + page * 3;
    if (!reserve(DECREASE, gfn, 0)) {
      reserve(POPULATE, gfn, 0);
      reserve(DECREASE, gfn, 0);
    }
    quietly("a page that is gone", gfn, PROVOKED(execute(0xf9400001, gfn << 12, 0)), 1);
    quietly("a page that is gone twice", gfn, (uint64_t)reserve(DECREASE, gfn, 0), 0);
    quietly("a page that comes back", gfn, (uint64_t)reserve(POPULATE, gfn, 0), 1);
    quietly("what it holds", gfn, *(volatile uint64_t *)(gfn << 12), 0);
    quietly("its neighbour is there", gfn, PROVOKED(execute(0xf9400001, (gfn + 1) << 12, 0)), 0);
  }
  expect("pages juggled", RACES, RACES);
}

/* A hole in the middle of a block, and the block as a whole. */
static void holes(void)
{
  uint64_t block = ((end_of_ram() - 3 * BLOCK) & ~(BLOCK - 1)) >> 12;
  for (uint64_t page = 0; page < 512; page++) {
    *(volatile uint64_t *)((block + page) << 12) = PAINT;
  }
  for (uint64_t page = 1; page < 512; page += 37) {
    quietly("a hole", page, (uint64_t)reserve(DECREASE, block + page, 0), 1);
  }
  for (uint64_t page = 0; page < 512; page++) {
    quietly("an access", page, PROVOKED(execute(0xf9400001, (block + page) << 12, 0)), page % 37 == 1);
  }
  quietly("a block with holes", block, (uint64_t)reserve(DECREASE, block, 9), 0);
  for (uint64_t page = 1; page < 512; page += 37) {
    quietly("a hole filled", page, (uint64_t)reserve(POPULATE, block + page, 0), 1);
    quietly("with nothing", page, *(volatile uint64_t *)((block + page) << 12), 0);
  }
  quietly("what is on top already", block, *(volatile uint64_t *)(block << 12), PAINT);
  expect("holes", 512, 512);
}

static void places(void)
{
  static const uint64_t gfns[] = {1ul << 28 /* the first beyond 40 bits */, 1ul << 36, 1ul << 40, 1ul << 52, (1ul << 52) - 1, 1ul << 63, ~0ul, ~0ul >> 12};
  for (uint32_t i = 0; i < ENTRIES(gfns); i++) {
    for (uint32_t space = 0; space < 8; space++) {
      struct { uint16_t domid, size; uint32_t space; uint64_t index, gpfn; } add = {SELF, 0, space, 0, gfns[i]};
      long got = xen(MEMORY_OP, ADD_TO_PHYSMAP, (uint64_t)&add, 0, 0, 0);
      quietly("a place", gfns[i], got <= 0, 1);
      if (!got) {
        struct { uint16_t domid, pad[3]; uint64_t gpfn; } remove = {SELF, {0}, gfns[i]};
        xen(MEMORY_OP, REMOVE, (uint64_t)&remove, 0, 0, 0);
      }
      add.index = 0x100000 + i;
      add.gpfn = 0x38200ul;
      quietly("an index", space, xen(MEMORY_OP, ADD_TO_PHYSMAP, (uint64_t)&add, 0, 0, 0) < 0, 1);
    }
    quietly("memory at a place", gfns[i], (uint64_t)reserve(DECREASE, gfns[i], 0), 0);
  }
  /* Pages of others: it has no right to any. */
  for (uint16_t domain = 0; domain < 64; domain++) {
    uint64_t index = 0x40000, gpfn = 0x38200ul;
    int32_t error = 0;
    struct { uint16_t domid, space, size, foreign; uint64_t idxs, gpfns, errs; } batch = {
        SELF, 4, 1, domain, (uint64_t)&index, (uint64_t)&gpfn, (uint64_t)&error};
    long got = xen(MEMORY_OP, ADD_BATCH, (uint64_t)&batch, 0, 0, 0);
    quietly("another's page", domain, got < 0 || error < 0, 1);
    uint64_t list = 0x40000;
    struct { uint64_t start, count; uint32_t order, flags; uint16_t domid; } request = {(uint64_t)&list, 1, 0, 0, domain};
    got = xen(MEMORY_OP, POPULATE, (uint64_t)&request, 0, 0, 0);
    quietly("another's memory", domain, got <= 0 || domain == 0, 1);
  }
  expect("places", ENTRIES(gfns), ENTRIES(gfns));
}

void bad_memory(void)
{
  in_parallel();
  holes();
  places();
}

void bad_caches(void)
{
  uint64_t page = contended() << 12;
  *(volatile uint64_t *)page = PAINT;
  for (uint64_t level = 0; level < 4; level++) {
    for (uint64_t set = 0; set < 64; set++) {
      for (uint64_t way = 0; way < 4; way++) {
        uint64_t value = level << 1 | set << 6 | way << 30;
        PROVOKED(execute(0xd5087640, value, 0)); /* dc isw */
        PROVOKED(execute(0xd5087a40, value, 0)); /* dc csw */
        PROVOKED(execute(0xd5087e40, value, 0)); /* dc cisw */
      }
    }
  }
  expect("what was written stays", *(volatile uint64_t *)page, PAINT);
  /* Maintenance of what is not there, and what is a device. */
  static const uint64_t places[] = {0x1000, 0x03001000, 1ul << 35, 0x38000000};
  static const uint32_t operations[] = {0xd50b7a20, 0xd50b7b20, 0xd50b7e20, 0xd5087620, 0xd50b7520};
  for (uint32_t i = 0; i < ENTRIES(places); i++) {
    for (uint32_t o = 0; o < ENTRIES(operations); o++) {
      quietly("maintenance", places[i], PROVOKED(execute(operations[o], places[i], 0)) < 2, 1);
    }
  }
  expect("a page given back", (uint64_t)reserve(DECREASE, page >> 12, 0), 1);
  expect("an access to it", PROVOKED(execute(0xf9400001, page, 0)), 1);
  expect("a page again", (uint64_t)reserve(POPULATE, page >> 12, 0), 1);
  expect("what it holds", *(volatile uint64_t *)page, 0);
}

/* Image, tree and this program's own memory aside, everything is zero; then it is painted. */
void bad_memories(void)
{
  uint64_t tree = platform.tree & ~(BLOCK - 1), first = ((uint64_t)_end + BLOCK) & ~(BLOCK - 1);
  uint64_t others = 0, words = 0;
  for (uint64_t at = first; at < end_of_ram(); at += 8) {
    if (at - tree >= BLOCK) {
      others += *(volatile uint64_t *)at != 0;
      words++;
      *(volatile uint64_t *)at = PAINT;
    }
  }
  expect("words that are not zero", others, 0);
  note("of", words);
}
