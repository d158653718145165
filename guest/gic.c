/* GICv2 and GICv3 as a kernel drives them. Arm IHI 0048, IHI 0069. */
#include "guest.h"

#define GICD_SGIR 0xf00
#define GICC_CTLR 0x00
#define GICC_PMR 0x04
#define GICC_IAR 0x0c
#define GICC_EOIR 0x10
#define GICR_FRAME 0x20000
#define GICR_SGI_BASE 0x10000
#define GICR_WAKER 0x14
#define GICR_IGROUPR0 0x80
#define FIRST_SPURIOUS 1020


volatile uint32_t interrupts_taken[64];
volatile uint32_t pings;

uint64_t gic_my_redistributor(void)
{
  uint64_t mpidr = read_register(MPIDR_EL1);
  uint32_t affinity = (uint32_t)((mpidr & 0xffffff) | (mpidr >> 8 & 0xff000000));
  uint64_t frame = platform.redistributors;
  while (load32(frame + GICR_TYPER + 4) != affinity && !(load32(frame + GICR_TYPER) & 0x10)) {
    frame += GICR_FRAME;
  }
  return frame;
}

static void start_private(uint64_t enable, uint64_t priority)
{
  for (int i = 0; i < 32; i += 4) {
    store32(priority + i, 0x80808080);
  }
  store32(enable, 0xffffu | 1u << INTID_VIRTUAL_TIMER | 1u << (platform.event_interrupt & 31));
}

void gic_start_cpu(void)
{
  if (platform.gic_version == 3) {
    uint64_t frame = gic_my_redistributor();
    store32(frame + GICR_WAKER, load32(frame + GICR_WAKER) & ~2u);
    while (load32(frame + GICR_WAKER) & 4) {}
    store32(frame + GICR_SGI_BASE + GICR_IGROUPR0, ~0u);
    start_private(frame + GICR_SGI_BASE + GICD_ISENABLER, frame + GICR_SGI_BASE + GICD_IPRIORITYR);
    write_register(ICC_SRE_EL1, read_register(ICC_SRE_EL1) | 1);
    isb();
    write_register(ICC_PMR_EL1, 0xff);
    write_register(ICC_CTLR_EL1, 0);
    write_register(ICC_IGRPEN1_EL1, 1);
    isb();
  } else {
    start_private(platform.distributor + GICD_ISENABLER, platform.distributor + GICD_IPRIORITYR);
    store32(platform.cpu_interface + GICC_PMR, 0xff);
    store32(platform.cpu_interface + GICC_CTLR, 1);
  }
}

void gic_start(void)
{
  store32(platform.distributor + GICD_CTLR, platform.gic_version == 3 ? 0x13 : 1);
  gic_start_cpu();
}

void gic_send(int cpu, int sgi)
{
  if (platform.gic_version == 3) {
    uint64_t mpidr = platform.mpidr[cpu];
    write_register(ICC_SGI1R_EL1,
                   1ul << (mpidr & 15) | (mpidr >> 8 & 0xff) << 16 | (uint64_t)sgi << 24);
    isb();
  } else {
    store32(platform.distributor + GICD_SGIR, 1u << (16 + cpu) | (uint32_t)sgi);
  }
}

void guest_interrupt(void)
{
  uint32_t acknowledged = platform.gic_version == 3 ? (uint32_t)read_register(ICC_IAR1_EL1)
                                                    : load32(platform.cpu_interface + GICC_IAR);
  uint32_t intid = acknowledged & 0x3ff;
  if (intid >= FIRST_SPURIOUS) {
    return;
  }
  if (intid == INTID_VIRTUAL_TIMER) {
    write_register(CNTV_CTL_EL0, 0);
  } else if (platform.under_xen && intid == (uint32_t)platform.event_interrupt) {
    xen_acknowledge();
  }
  if (intid == SGI_PING) {
    pings++;
  } else if (intid < 64) {
    interrupts_taken[intid]++;
  }
  if (platform.gic_version == 3) {
    write_register(ICC_EOIR1_EL1, acknowledged);
    isb();
  } else {
    store32(platform.cpu_interface + GICC_EOIR, acknowledged);
  }
}
