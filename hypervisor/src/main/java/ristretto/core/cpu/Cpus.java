package ristretto.core.cpu;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ristretto.lang.BootOnly;

/** The physical CPUs in use. */
public final class Cpus {
  /** CPUs that the hypervisor can use. */
  public static final int MAXIMUM = 8;

  private static final @Nullable Cpu[] CPUS = new Cpu[MAXIMUM];
  private static int count;

  private Cpus() {}

  public static int count() {
    return count;
  }

  public static Cpu get(int index) {
    return Objects.requireNonNull(CPUS[index]);
  }

  @BootOnly
  public static void add(Cpu cpu) {
    CPUS[count] = cpu;
    count++;
  }
}
