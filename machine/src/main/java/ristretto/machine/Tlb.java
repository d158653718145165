package ristretto.machine;

import ristretto.lang.Intrinsic;
import ristretto.machine.Machine.Maintenance;

/** TLB invalidation. Arm ARM DDI 0487, "TLBI". The barriers around it are the caller's. */
public final class Tlb {
  private Tlb() {}

  /** All EL2 entries of this CPU. */
  @Intrinsic
  public static void alle2() {
    Machine.current().maintain(Maintenance.TLBI_ALLE2, 0);
  }

  /** One EL2 page on all CPUs; {@code page} is VA[55:12]. */
  @Intrinsic
  public static void vae2is(long page) {
    Machine.current().maintain(Maintenance.TLBI_VAE2IS, page);
  }

  /** Stage 1 of the current VMID on this CPU. */
  @Intrinsic
  public static void vmalle1() {
    Machine.current().maintain(Maintenance.TLBI_VMALLE1, 0);
  }

  /** Stage 1 of the current VMID on all CPUs. */
  @Intrinsic
  public static void vmalle1is() {
    Machine.current().maintain(Maintenance.TLBI_VMALLE1IS, 0);
  }

  /** Stages 1 and 2 of the current VMID on this CPU. */
  @Intrinsic
  public static void vmalls12e1() {
    Machine.current().maintain(Maintenance.TLBI_VMALLS12E1, 0);
  }

  /** Stages 1 and 2 of the current VMID on all CPUs. */
  @Intrinsic
  public static void vmalls12e1is() {
    Machine.current().maintain(Maintenance.TLBI_VMALLS12E1IS, 0);
  }

  /** Stage 2 of one page of the current VMID on all CPUs; {@code page} is IPA[51:12]. */
  @Intrinsic
  public static void ipas2e1is(long page) {
    Machine.current().maintain(Maintenance.TLBI_IPAS2E1IS, page);
  }

  /** All EL1 entries of every VMID on all CPUs. */
  @Intrinsic
  public static void alle1is() {
    Machine.current().maintain(Maintenance.TLBI_ALLE1IS, 0);
  }
}
