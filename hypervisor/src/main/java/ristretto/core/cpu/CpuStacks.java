package ristretto.core.cpu;

import ristretto.lang.AssemblyConstants;
import ristretto.machine.ImageSymbol;

/**
 * The stacks of the physical CPUs, which entry.S reserves in the image. From below, a CPU's area
 * holds a guard page, the emergency stack on which faults are reported, a guard page, and the stack
 * on which traps are served. Guard pages are not mapped.
 */
@AssemblyConstants
public final class CpuStacks {
  /** Most CPUs that we bring up: {@link Cpus#MAXIMUM}. */
  public static final int MAX_CPUS = 8;

  /** Base 2 logarithm of {@link #AREA}. */
  public static final int AREA_SHIFT = 15;

  /** Bytes of one CPU's area. */
  public static final int AREA = 1 << AREA_SHIFT;

  /** Bytes of the stack for traps: the compiler proves that none needs more. */
  public static final int STACK_SIZE = 0x4000;

  /** Offset of the guard page below the emergency stack. */
  public static final int EMERGENCY_GUARD = 0;

  /** Offset of the first byte above the emergency stack, which is the other guard page. */
  public static final int EMERGENCY_TOP = 0x3000;

  private CpuStacks() {}

  /** Hypervisor address of the area of CPU {@code index}. */
  public static long area(int index) {
    return ImageSymbol.CPU_STACKS.address() + (long) index * AREA;
  }

  /** First byte above the stack for traps. */
  public static long top(int index) {
    return area(index) + AREA;
  }

  /** First byte above the emergency stack. */
  public static long emergencyTop(int index) {
    return area(index) + EMERGENCY_TOP;
  }

  /** Whether the page at hypervisor address {@code page} must stay unmapped. */
  public static boolean isGuard(long page) {
    long offset = page - ImageSymbol.CPU_STACKS.address();
    if (offset < 0 || offset >= (long) MAX_CPUS * AREA) {
      return false;
    }
    long inArea = offset & AREA - 1;
    return inArea == EMERGENCY_GUARD || inArea == EMERGENCY_TOP;
  }
}
