package ristretto.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.machine.ImageSymbol;
import ristretto.vdev.MmioDevice;

/** Routes physical addresses to RAM and devices. Page 0 is never mapped, as at EL2. */
final class Bus {
  private static final long NULL_PAGE = 0x1000;
  private static final int COPY_BLOCK = 1 << 16;

  private record Device(long base, long size, MmioDevice model) {
    boolean contains(long address, int width) {
      long offset = address - base;
      return offset >= 0 && offset <= size - width;
    }
  }

  private final List<Ram> banks = new ArrayList<>();
  private final List<Device> devices = new ArrayList<>();
  private long imageLoadAddress;
  private long imageSize;

  void addRam(long base, long size) {
    refuseOverlap(base, size);
    banks.add(new Ram(base, size));
  }

  void addDevice(long base, long size, MmioDevice model) {
    refuseOverlap(base, size);
    devices.add(new Device(base, size, model));
  }

  /** Makes the {@code size} bytes at {@link ImageSymbol#LINK_BASE} an alias of loaded RAM. */
  void aliasImage(long loadAddress, long size) {
    imageLoadAddress = loadAddress;
    imageSize = size;
  }

  private void refuseOverlap(long base, long size) {
    for (Ram bank : banks) {
      if (base < bank.base + bank.size && bank.base < base + size) {
        throw new IllegalArgumentException(
            "0x%x overlaps the RAM at 0x%x".formatted(base, bank.base));
      }
    }
    for (Device device : devices) {
      if (base < device.base + device.size && device.base < base + size) {
        throw new IllegalArgumentException(
            "0x%x overlaps the device at 0x%x".formatted(base, device.base));
      }
    }
  }

  long load(long address, int width) {
    long physical = physical(address);
    Ram bank = ram(physical, width);
    if (bank != null) {
      return bank.load(physical, width);
    }
    Device device = device(physical, width);
    return width == 8
        ? device.model.read((int) (physical - device.base), width)
        : device.model.read((int) (physical - device.base), width) & ((1L << (width * 8)) - 1);
  }

  void store(long address, int width, long value) {
    long physical = physical(address);
    Ram bank = ram(physical, width);
    if (bank != null) {
      bank.store(physical, width, value);
      return;
    }
    Device device = device(physical, width);
    device.model.write(
        (int) (physical - device.base),
        width,
        width == 8 ? value : value & ((1L << (width * 8)) - 1));
  }

  void copy(long target, long source, long size) {
    byte[] block = new byte[(int) Math.min(size, COPY_BLOCK)];
    for (long done = 0; done < size; ) {
      int count = (int) Math.min(block.length, size - done);
      read(source + done, block, count);
      write(target + done, block, count);
      done += count;
    }
  }

  void zero(long target, long size) {
    if (size != 0) {
      requireRam(target, size).zero(physical(target), size);
    }
  }

  void read(long address, byte[] bytes, int length) {
    if (length != 0) {
      requireRam(address, length).read(physical(address), bytes, 0, length);
    }
  }

  void write(long address, byte[] bytes, int length) {
    if (length != 0) {
      requireRam(address, length).write(physical(address), bytes, 0, length);
    }
  }

  /** Whether all of it is RAM. Asked by tests and by translations. */
  boolean isRam(long address, long length) {
    return ram(physical(address), length) != null;
  }

  private long physical(long address) {
    long offset = address - ImageSymbol.LINK_BASE;
    return offset >= 0 && offset < imageSize ? imageLoadAddress + offset : address;
  }

  private Ram requireRam(long address, long length) {
    Ram bank = ram(physical(address), length);
    if (bank == null) {
      throw new SimulationError(
          "the block of 0x%x bytes at 0x%x is not RAM".formatted(length, address));
    }
    return bank;
  }

  private @Nullable Ram ram(long address, long length) {
    if (Long.compareUnsigned(address, NULL_PAGE) < 0) {
      return null;
    }
    for (int i = 0; i < banks.size(); i++) {
      if (banks.get(i).contains(address, length)) {
        return banks.get(i);
      }
    }
    return null;
  }

  private Device device(long address, int width) {
    if (Long.compareUnsigned(address, NULL_PAGE) < 0) {
      throw new SimulationError("0x%x is in the null page".formatted(address));
    }
    for (int i = 0; i < devices.size(); i++) {
      Device device = devices.get(i);
      if (device.contains(address, width)) {
        if (address % width != 0) {
          throw new SimulationError(
              "%d bytes at 0x%x: unaligned access to a device".formatted(width, address));
        }
        return device;
      }
    }
    throw new SimulationError("nothing is mapped at 0x%x (%d bytes)".formatted(address, width));
  }
}
