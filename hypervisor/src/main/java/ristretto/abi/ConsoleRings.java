package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code struct xencons_interface}: a page with a ring of bytes in each direction between a guest's
 * console and the console daemon. {@code xen/include/public/io/console.h}. Indexes count the bytes
 * ever moved, modulo 2^32. Each side writes its own two indexes, after the bytes that they speak
 * of.
 */
@CStruct("struct xencons_interface")
@Unboxed
public record ConsoleRings(long address) {
  public static final int IN = 0; // char[1024]: to the guest
  public static final int OUT = 1024; // char[2048]: from the guest
  public static final int IN_CONS = 3072; // XENCONS_RING_IDX, the guest's
  public static final int IN_PROD = 3076; // XENCONS_RING_IDX, the daemon's
  public static final int OUT_CONS = 3080; // XENCONS_RING_IDX, the daemon's
  public static final int OUT_PROD = 3084; // XENCONS_RING_IDX, the guest's
  public static final int SIZEOF = 3088;

  /** Bytes of each ring, powers of two. */
  public static final int IN_SIZE = OUT - IN;

  public static final int OUT_SIZE = IN_CONS - OUT;

  public int input(int index) {
    return Memory.load8(address + IN + (index & IN_SIZE - 1));
  }

  public void setOutput(int index, int b) {
    Memory.store8(address + OUT + (index & OUT_SIZE - 1), b);
  }

  public int inputConsumer() {
    return Memory.load32(address + IN_CONS);
  }

  /** The room is free for the daemon from here on (release): what was read has been read. */
  public void setInputConsumer(int index) {
    Memory.store32Release(address + IN_CONS, index);
  }

  /** Acquire: the bytes before it are there. */
  public int inputProducer() {
    return Memory.load32Acquire(address + IN_PROD);
  }

  /** Acquire: the daemon has read the bytes before it. */
  public int outputConsumer() {
    return Memory.load32Acquire(address + OUT_CONS);
  }

  public int outputProducer() {
    return Memory.load32(address + OUT_PROD);
  }

  /** Release: the bytes before it are there. */
  public void setOutputProducer(int index) {
    Memory.store32Release(address + OUT_PROD, index);
  }
}
