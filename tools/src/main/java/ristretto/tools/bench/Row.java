package ristretto.tools.bench;

import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What is measured, in the order in which it is printed.
 *
 * <p>The bar is docs/bars.md's: instructions an operation at most, on a CPU that needs no
 * branch-history loop. With the scheduler null it is half of that, and a switch from one vCPU to
 * another on the same CPU takes at most a part of what it takes on Xen.
 */
enum Row {
  HYPERCALL_XEN_VERSION("hypercall xen_version", 120),
  HYPERCALL_UNKNOWN("unknown hypercall", 110),
  HYPERCALL_COPY_OUT_16("hypercall copying 16 bytes out", 300),
  HYPERCALL_COPY_IN_OUT_8("hypercall copying 8 bytes in and out", 380),
  PSCI_VERSION("PSCI_VERSION", 140),
  ID_REGISTER("trapped ID register read", 140),
  GICD_TYPER_READ("GICD_TYPER read", 190),
  GICD_ISENABLER_READ("GICD_ISENABLER read", 240),
  GICD_IPRIORITYR_WRITE("GICD_IPRIORITYR write", 260),
  GICR_TYPER_READ("GICR_TYPER read", 190),
  SGI_TO_SELF("SGI to self, delivered", 420),
  VIRTUAL_TIMER("virtual timer interrupt, delivered", 300),
  EVENT_SEND_MASKED("event channel send, masked", 250),
  EVENT_SEND_DELIVERED("event channel send to self, delivered", 560),
  HYPERCALL_YIELD("yield", 600),
  WFI_WAKE_BY_TIMER("WFI, block and wake by timer", 1300),
  SGI_PING_PONG("SGI ping-pong, 2 vCPUs on one CPU", 3500),
  SGI_PING_PONG_TWO_CPUS("SGI ping-pong, 2 vCPUs on two CPUs", 3000),
  CONTEXT_SWITCH("yield to the other vCPU on the CPU", 0);

  /** The most that {@link #CONTEXT_SWITCH} may take of Xen's. */
  private static final double SWITCH_SHARE = 0.4;

  private final String label;
  private final int bar;

  Row(String label, int bar) {
    this.label = label;
    this.bar = bar;
  }

  String label() {
    return label;
  }

  /** The most that ours may take, where Xen takes {@code xen}. */
  OptionalDouble bar(OptionalDouble xen) {
    if (this != CONTEXT_SWITCH) {
      return OptionalDouble.of(bar);
    }
    return xen.isEmpty() ? xen : OptionalDouble.of(xen.getAsDouble() * SWITCH_SHARE);
  }

  /** The row's name for scripts. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The guest's name of the measurement. */
  String guestName() {
    return this == SGI_PING_PONG_TWO_CPUS ? SGI_PING_PONG.key() : key();
  }

  /** Only a machine with two CPUs shows it. */
  boolean needsTwoCpus() {
    return this == SGI_PING_PONG_TWO_CPUS;
  }
}
