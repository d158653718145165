package ristretto.fdt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Machine;
import ristretto.machine.SysReg;

/**
 * A machine that is nothing but one block of bytes: an access outside of it fails the test. So a
 * reader that leaves its input is caught at the byte, which RAM would hide.
 */
public final class StrictMemory implements Machine {
  public static final long BASE = 0x4800_0000L;

  private final ByteBuffer bytes;

  public StrictMemory(byte[] content) {
    this(content, content.length);
  }

  public StrictMemory(byte[] content, int size) {
    bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(0, content);
  }

  /** Runs {@code body} as this machine's CPU. */
  public <T> T call(Supplier<T> body) {
    Machine.enter(this);
    try {
      return body.get();
    } finally {
      Machine.enter(null);
    }
  }

  public void run(Runnable body) {
    call(() -> {
      body.run();
      return this;
    });
  }

  public byte[] read(long address, int length) {
    byte[] copy = new byte[length];
    bytes.get((int) (address - BASE), copy);
    return copy;
  }

  private int offset(long address, int size) {
    long offset = address - BASE;
    if (offset < 0 || offset > bytes.capacity() - size) {
      throw new AssertionError("access of %d bytes at 0x%x".formatted(size, address));
    }
    return (int) offset;
  }

  @Override
  public long load(long address, int size) {
    int at = offset(address, size);
    return switch (size) {
      case 1 -> bytes.get(at) & 0xffL;
      case 2 -> bytes.getShort(at) & 0xffffL;
      case 4 -> bytes.getInt(at) & 0xffff_ffffL;
      default -> bytes.getLong(at);
    };
  }

  @Override
  public void store(long address, int size, long value) {
    int at = offset(address, size);
    switch (size) {
      case 1 -> bytes.put(at, (byte) value);
      case 2 -> bytes.putShort(at, (short) value);
      case 4 -> bytes.putInt(at, (int) value);
      default -> bytes.putLong(at, value);
    }
  }

  @Override
  public void copy(long target, long source, long size) {
    bytes.put(offset(target, (int) size), bytes, offset(source, (int) size), Math.toIntExact(size));
  }

  @Override
  public void zero(long target, long size) {
    bytes.put(offset(target, (int) size), new byte[Math.toIntExact(size)]);
  }

  private static AssertionError absent() {
    return new AssertionError("this machine has memory only");
  }

  @Override
  public long compareAndExchange(long address, int size, long expected, long update) {
    throw absent();
  }

  @Override
  public long readSystemRegister(SysReg register) {
    if (register == SysReg.CTR_EL0) {
      return 0x8444_c004L; // Cortex-A53's: lines of 64 bytes
    }
    throw absent();
  }

  @Override
  public void writeSystemRegister(SysReg register, long value) {
    throw absent();
  }

  @Override
  public void maintain(Maintenance operation, long argument) {}

  @Override
  public void waitForInterrupt() {
    throw absent();
  }

  @Override
  public void yieldPoint() {}

  @Override
  public void secureMonitorCall(long block) {
    throw absent();
  }

  @Override
  public long imageSymbol(ImageSymbol symbol) {
    throw absent();
  }

  @Override
  public void translate(long virtualAddress, boolean write, boolean both) {
    throw absent();
  }

  @Override
  public void saveFloatingPoint(long block) {
    throw absent();
  }

  @Override
  public void restoreFloatingPoint(long block) {
    throw absent();
  }

  @Override
  public @Nullable Object cpuLocal() {
    return null;
  }

  @Override
  public void setCpuLocal(Object value) {}
}
