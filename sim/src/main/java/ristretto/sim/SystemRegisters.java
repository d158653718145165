package ristretto.sim;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import ristretto.machine.SysReg;

/**
 * One CPU's system registers: each keeps what was written unless a model gives it behaviour. A
 * register that means nothing without a model (the GIC's) refuses to be used without one.
 */
@SuppressWarnings("EnumOrdinal") // an index into this class's own arrays, never kept
final class SystemRegisters {
  private static final int COUNT = SysReg.values().length;
  private static final boolean[] NEEDS_MODEL = new boolean[COUNT];

  static {
    for (SysReg register : SysReg.values()) {
      String name = register.name();
      NEEDS_MODEL[register.ordinal()] =
          (name.startsWith("ICC_") && !name.contains("_SRE_")) || name.startsWith("ICH_");
    }
  }

  private final long[] values = new long[COUNT];
  private final @Nullable LongSupplier[] readers = new LongSupplier[COUNT];
  private final @Nullable LongConsumer[] writers = new LongConsumer[COUNT];

  void onRead(SysReg register, LongSupplier reader) {
    readers[register.ordinal()] = reader;
  }

  void onWrite(SysReg register, LongConsumer writer) {
    writers[register.ordinal()] = writer;
  }

  /** What is stored, behaviour aside. */
  long value(SysReg register) {
    return values[register.ordinal()];
  }

  void setValue(SysReg register, long value) {
    values[register.ordinal()] = value;
  }

  long read(SysReg register) {
    LongSupplier reader = readers[register.ordinal()];
    if (reader != null) {
      return reader.getAsLong();
    }
    requireModel(register, writers[register.ordinal()] != null);
    return values[register.ordinal()];
  }

  void write(SysReg register, long value) {
    LongConsumer writer = writers[register.ordinal()];
    if (writer != null) {
      writer.accept(value);
      return;
    }
    requireModel(register, readers[register.ordinal()] != null);
    values[register.ordinal()] = value;
  }

  private static void requireModel(SysReg register, boolean hooked) {
    if (NEEDS_MODEL[register.ordinal()] && !hooked) {
      throw new SimulationError(register + " has no model on this machine");
    }
  }
}
