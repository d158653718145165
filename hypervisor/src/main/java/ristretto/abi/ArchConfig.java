package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code struct xen_arch_domainconfig}, the Arm part of createdomain and of a domain's information.
 * Since Xen 4.21 four more bytes follow ({@code arm_sci_type} and later ones). They are not looked
 * at: the interface version of 4.21 is that of 4.20, whose tools leave there what they had.
 */
@Unboxed
public record ArchConfig(long address) {
  static final int GIC_VERSION = 0; // uint8_t, IN and OUT
  static final int SVE_VL = 1; // uint8_t, IN: vector length / 128; since 4.18, before it padding
  static final int TEE_TYPE = 2; // uint16_t, IN
  static final int NR_SPIS = 4; // uint32_t, IN
  static final int CLOCK_FREQUENCY = 8; // uint32_t, OUT: of the device tree's timer node, or 0

  /** {@code XEN_DOMCTL_CONFIG_GIC_NATIVE}: as the machine's; the answer says which that is. */
  public static final int GIC_NATIVE = 0;

  public static final int GIC_V2 = 1;
  public static final int GIC_V3 = 2;

  /** {@code XEN_DOMCTL_CONFIG_TEE_NONE}. */
  public static final int TEE_NONE = 0;

  public int gicVersion() {
    return Memory.load8(address + GIC_VERSION);
  }

  public void setGicVersion(int version) {
    Memory.store8(address + GIC_VERSION, version);
  }

  /** In units of 128 bits; 0 is no SVE. Not to be looked at before Xen 4.18. */
  public int sveVectorLength() {
    return Memory.load8(address + SVE_VL);
  }

  public int teeType() {
    return Memory.load16(address + TEE_TYPE);
  }

  /** Shared interrupts that the domain's controller has. */
  public int sharedInterrupts() {
    return Memory.load32(address + NR_SPIS);
  }

  /** Hz, or 0: the timer tells it itself. */
  public void setClockFrequency(int frequency) {
    Memory.store32(address + CLOCK_FREQUENCY, frequency);
  }
}
