package ristretto.sim;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A bank of RAM, zero at reset; a chunk takes host memory when it is first written. */
final class Ram {
  static final int CHUNK = 1 << 18;

  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  final long base;
  final long size;
  private final byte[] @Nullable [] chunks;

  Ram(long base, long size) {
    if (size <= 0 || size % CHUNK != 0 || base % CHUNK != 0) {
      throw new IllegalArgumentException("RAM comes in multiples of " + CHUNK + " bytes");
    }
    this.base = base;
    this.size = size;
    this.chunks = new byte[Math.toIntExact(size / CHUNK)][];
  }

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  boolean contains(long address, long length) {
    long offset = address - base;
    return offset >= 0 && offset <= size - length;
  }

  long load(long address, int width) {
    long offset = address - base;
    int at = (int) (offset % CHUNK);
    if (at > CHUNK - width) {
      return load(address, width / 2) | load(address + width / 2, width / 2) << (width * 4);
    }
    byte[] chunk = chunks[(int) (offset / CHUNK)];
    if (chunk == null) {
      return 0;
    }
    return switch (width) {
      case 1 -> chunk[at] & 0xffL;
      case 2 -> (short) SHORT.get(chunk, at) & 0xffffL;
      case 4 -> (int) INT.get(chunk, at) & 0xffff_ffffL;
      default -> (long) LONG.get(chunk, at);
    };
  }

  void store(long address, int width, long value) {
    long offset = address - base;
    int at = (int) (offset % CHUNK);
    if (at > CHUNK - width) {
      store(address, width / 2, value);
      store(address + width / 2, width / 2, value >>> (width * 4));
      return;
    }
    byte[] chunk = chunk((int) (offset / CHUNK));
    switch (width) {
      case 1 -> chunk[at] = (byte) value;
      case 2 -> SHORT.set(chunk, at, (short) value);
      case 4 -> INT.set(chunk, at, (int) value);
      default -> LONG.set(chunk, at, value);
    }
  }

  void zero(long address, long length) {
    long offset = address - base;
    long end = offset + length;
    while (offset < end) {
      int at = (int) (offset % CHUNK);
      int count = (int) Math.min(CHUNK - at, end - offset);
      int index = (int) (offset / CHUNK);
      byte[] chunk = chunks[index];
      if (count == CHUNK) {
        chunks[index] = null;
      } else if (chunk != null) {
        Arrays.fill(chunk, at, at + count, (byte) 0);
      }
      offset += count;
    }
  }

  void write(long address, byte[] bytes, int start, int length) {
    long offset = address - base;
    for (int done = 0; done < length; ) {
      int at = (int) ((offset + done) % CHUNK);
      int count = Math.min(CHUNK - at, length - done);
      System.arraycopy(bytes, start + done, chunk((int) ((offset + done) / CHUNK)), at, count);
      done += count;
    }
  }

  void read(long address, byte[] bytes, int start, int length) {
    long offset = address - base;
    for (int done = 0; done < length; ) {
      int at = (int) ((offset + done) % CHUNK);
      int count = Math.min(CHUNK - at, length - done);
      byte[] chunk = chunks[(int) ((offset + done) / CHUNK)];
      if (chunk == null) {
        Arrays.fill(bytes, start + done, start + done + count, (byte) 0);
      } else {
        System.arraycopy(chunk, at, bytes, start + done, count);
      }
      done += count;
    }
  }

  private byte[] chunk(int index) {
    byte[] chunk = chunks[index];
    if (chunk == null) {
      chunk = new byte[CHUNK];
      chunks[index] = chunk;
    }
    return chunk;
  }
}
