package ristretto.machine;

import org.jspecify.annotations.Nullable;
import ristretto.lang.Intrinsic;

/** The one object that TPIDR_EL2 of this CPU points at. */
public final class CpuLocal {
  private CpuLocal() {}

  /** Null before {@link #set}. */
  @Intrinsic
  public static @Nullable Object get() {
    return Machine.current().cpuLocal();
  }

  @Intrinsic
  public static void set(Object value) {
    Machine.current().setCpuLocal(value);
  }
}
