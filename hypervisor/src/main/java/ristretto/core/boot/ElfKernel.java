package ristretto.core.boot;

import ristretto.lang.Bits;
import ristretto.lang.BootException;
import ristretto.lang.BootOnly;
import ristretto.machine.Memory;

/**
 * An ELF file for AArch64. System V ABI, "Object Files"; ELF for the Arm 64-bit Architecture. Its
 * segments are loaded at their physical addresses if those are RAM of Dom0, and moved together
 * otherwise: an arm64 vmlinux has no physical addresses of its own.
 */
final class ElfKernel extends KernelImage {
  private static final int MAGIC = 0x464c_457f;
  private static final int CLASS_64_LITTLE = 0x0102;
  private static final int MACHINE_AARCH64 = 183;
  private static final int PT_LOAD = 1;
  private static final int HEADER_SIZE = 64;
  private static final int SEGMENT_SIZE = 56;
  private static final int MAX_SEGMENTS = 64;

  private final long segments;
  private final int segmentCount;

  /** The lowest physical address, rounded down to {@link #ALIGNMENT}; unsigned. */
  private final long first;

  private final long span;
  private final long entryPhysical;

  @BootOnly
  ElfKernel(BootModule module) {
    super(module);
    long headers = Memory.load64(module.base + 32);
    segmentCount = Memory.load16(module.base + 56);
    boolean sensible =
        Memory.load16(module.base + 18) == MACHINE_AARCH64
            && Memory.load16(module.base + 4) == CLASS_64_LITTLE
            && Memory.load16(module.base + 54) == SEGMENT_SIZE
            && segmentCount <= MAX_SEGMENTS
            && headers >= HEADER_SIZE
            && headers <= module.size - segmentCount * (long) SEGMENT_SIZE;
    if (!sensible) {
      throw new BootException("Dom0's kernel: the ELF header is not one of an AArch64 program");
    }
    segments = module.base + headers;
    long lowest = -1;
    long highest = 0;
    for (int i = 0; i < segmentCount; i++) {
      if (isLoaded(i)) {
        check(i);
        lowest = Long.compareUnsigned(physical(i), lowest) < 0 ? physical(i) : lowest;
        long end = physical(i) + memorySize(i);
        highest = Long.compareUnsigned(end, highest) > 0 ? end : highest;
      }
    }
    first = Bits.alignDown(lowest, ALIGNMENT);
    span = highest - first;
    if (lowest == -1 || Long.compareUnsigned(span, MAX_SIZE) > 0) {
      throw new BootException("Dom0's kernel: the ELF file has nothing to load, or too much");
    }
    entryPhysical = entryPhysical(Memory.load64(module.base + 24));
  }

  static boolean isElf(BootModule module) {
    return module.size >= HEADER_SIZE && Memory.load32(module.base) == MAGIC;
  }

  @BootOnly
  private void check(int segment) {
    long offset = Memory.load64(header(segment) + 8);
    if (offset < 0
        || fileSize(segment) < 0
        || offset > module.size
        || fileSize(segment) > module.size - offset
        || Long.compareUnsigned(memorySize(segment), MAX_SIZE) > 0
        || fileSize(segment) > memorySize(segment)) {
      throw new BootException("Dom0's kernel: a segment of the ELF file is not inside it");
    }
    if (Long.compareUnsigned(physical(segment) + memorySize(segment), physical(segment)) < 0) {
      throw new BootException("Dom0's kernel: a segment of the ELF file has no possible address");
    }
  }

  /** Where the entry point, which is a virtual address, is physically. */
  @BootOnly
  private long entryPhysical(long entry) {
    for (int i = 0; i < segmentCount; i++) {
      long virtual = Memory.load64(header(i) + 16);
      if (isLoaded(i) && Long.compareUnsigned(entry - virtual, memorySize(i)) < 0) {
        return physical(i) + (entry - virtual);
      }
    }
    throw new BootException("Dom0's kernel: the ELF file's entry point is in none of its segments");
  }

  private long header(int segment) {
    return segments + segment * (long) SEGMENT_SIZE;
  }

  private boolean isLoaded(int segment) {
    return Memory.load32(header(segment)) == PT_LOAD && memorySize(segment) != 0;
  }

  private long physical(int segment) {
    return Memory.load64(header(segment) + 24);
  }

  private long fileSize(int segment) {
    return Memory.load64(header(segment) + 32);
  }

  private long memorySize(int segment) {
    return Memory.load64(header(segment) + 40);
  }

  @Override
  long size() {
    return span;
  }

  @Override
  long placeToStay() {
    return -1;
  }

  @Override
  long fixedBase() {
    return RangeList.isPossible(first, span) ? first : -1;
  }

  @BootOnly
  @Override
  void load(long base) {
    for (int i = 0; i < segmentCount; i++) {
      if (isLoaded(i)) {
        long target = base + (physical(i) - first);
        Memory.copy(target, module.base + Memory.load64(header(i) + 8), fileSize(i));
        Memory.zero(target + fileSize(i), memorySize(i) - fileSize(i));
        Handover.publish(target, memorySize(i));
      }
    }
  }

  @Override
  long entry(long base) {
    return base + (entryPhysical - first);
  }
}
