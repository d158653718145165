package ristretto.core.cpu;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ristretto.lang.BootOnly;

/** The physical CPUs in use. */
public final class Cpus {
  /** CPUs that the hypervisor can use: those that have a stack. */
  public static final int MAXIMUM = CpuStacks.MAX_CPUS;

  private static final @Nullable Cpu[] CPUS = new Cpu[MAXIMUM];
  private static int count;

  private Cpus() {}

  public static int count() {
    return count;
  }

  public static Cpu get(int index) {
    return Objects.requireNonNull(CPUS[index]);
  }

  /**
   * Spreads vCPUs: one of the CPUs of the bit set {@code allowed} that have started, the first for
   * 0, in turn.
   */
  public static Cpu online(int number, long allowed) {
    int started = 0;
    for (int i = 0; i < count; i++) {
      started += isOnline(i, allowed) ? 1 : 0;
    }
    int left = number % Math.max(started, 1);
    for (int i = 0; i < count; i++) {
      if (isOnline(i, allowed) && left-- == 0) {
        return get(i);
      }
    }
    return get(0);
  }

  private static boolean isOnline(int index, long allowed) {
    return get(index).online && (allowed >>> index & 1) != 0;
  }

  @BootOnly
  public static void add(Cpu cpu) {
    CPUS[count] = cpu;
    count++;
  }
}
