/* The device tree: #address-cells and #size-cells 2, interrupts of three cells, as Xen and QEMU write them. */
#include "guest.h"

#define FDT_BEGIN_NODE 1
#define FDT_END_NODE 2
#define FDT_PROP 3
#define FDT_NOP 4

struct platform platform;

struct property {
  const uint8_t *value;
  uint32_t length;
};

struct node {
  struct property compatible, reg, interrupts, device_type, method, bootargs;
};

static uint32_t cell(const uint8_t *at)
{
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint64_t cells(const uint8_t *at) { return (uint64_t)cell(at) << 32 | cell(at + 4); }

static int same(const char *a, const char *b)
{
  while (*a && *a == *b) {
    a++;
    b++;
  }
  return *a == *b;
}

static int lists(struct property strings, const char *wanted)
{
  for (uint32_t i = 0; i < strings.length; i++) {
    if ((i == 0 || !strings.value[i - 1]) && same((const char *)strings.value + i, wanted)) {
      return 1;
    }
  }
  return 0;
}

static void take(const struct node *node)
{
  const uint8_t *reg = node->reg.value;
  if (node->bootargs.length) {
    platform.arguments = (const char *)node->bootargs.value;
  }
  if (lists(node->device_type, "cpu") && platform.cpus < MAX_CPUS) {
    platform.mpidr[platform.cpus++] = node->reg.length == 8 ? cells(reg) : cell(reg);
  } else if (lists(node->device_type, "memory") && !platform.memory_size) {
    platform.memory = cells(reg);
    platform.memory_size = cells(reg + 8);
  } else if (lists(node->compatible, "arm,gic-v3")) {
    platform.gic_version = 3;
    platform.distributor = cells(reg);
    platform.redistributors = cells(reg + 16);
  } else if (lists(node->compatible, "arm,cortex-a15-gic") || lists(node->compatible, "arm,gic-400")) {
    platform.gic_version = 2;
    platform.distributor = cells(reg);
    platform.cpu_interface = cells(reg + 16);
  } else if (lists(node->compatible, "xen,xen")) {
    platform.under_xen = 1;
    platform.event_interrupt = 16 + (int)cell(node->interrupts.value + 4);
  } else if (lists(node->compatible, "arm,pl011")) {
    platform.uart = cells(reg);
  } else if (lists(node->compatible, "arm,psci-1.0") || lists(node->compatible, "arm,psci-0.2")) {
    platform.psci_by_smc = node->method.value && node->method.value[0] == 's';
  }
}

static const uint8_t *skip_name(const uint8_t *at)
{
  while (*at) {
    at++;
  }
  return (const uint8_t *)(((uint64_t)at + 4) & ~3ul);
}

static void keep(struct node *node, const char *name, struct property property)
{
  if (same(name, "compatible")) {
    node->compatible = property;
  } else if (same(name, "reg")) {
    node->reg = property;
  } else if (same(name, "interrupts")) {
    node->interrupts = property;
  } else if (same(name, "device_type")) {
    node->device_type = property;
  } else if (same(name, "method")) {
    node->method = property;
  } else if (same(name, "bootargs")) {
    node->bootargs = property;
  }
}

void platform_discover(const uint8_t *tree)
{
  const uint8_t *at = tree + cell(tree + 8);
  const char *strings = (const char *)tree + cell(tree + 12);
  struct node open[16];
  int depth = -1;
  platform.arguments = "";
  platform.tree = (uint64_t)tree;
  for (;;) {
    uint32_t token = cell(at);
    at += 4;
    if (token == FDT_BEGIN_NODE) {
      open[++depth] = (struct node){0};
      at = skip_name(at);
    } else if (token == FDT_END_NODE) {
      take(&open[depth]);
      if (--depth < 0) {
        return;
      }
    } else if (token == FDT_PROP) {
      struct property property = {at + 8, cell(at)};
      keep(&open[depth], strings + cell(at + 4), property);
      at += 8 + ((property.length + 3) & ~3u);
    } else if (token != FDT_NOP) {
      return;
    }
  }
}

long psci(uint64_t function, uint64_t a1, uint64_t a2, uint64_t a3)
{
  return platform.psci_by_smc ? smccc_smc(function, a1, a2, a3) : smccc_hvc(function, a1, a2, a3);
}
