package ristretto.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.machine.ImageSymbol;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedCpu;
import ristretto.sim.SimulatedMachine;

/** The image in a simulated machine's RAM, entered as its assembly enters Java. */
final class LoadedImage {
  private final SimulatedMachine machine;
  private final long base;
  private final long size;

  LoadedImage(SimulatedMachine machine, long base, long size) {
    this.machine = machine;
    this.base = base;
    this.size = size;
    for (int i = 0; i < machine.cpuCount(); i++) {
      SimulatedCpu cpu = machine.cpu(i);
      cpu.onRead(SysReg.TPIDR_EL2, () -> viewOf(cpu));
    }
  }

  /** Where the image would have the CPU's object, with what the vector code reads of it. */
  private long viewOf(SimulatedCpu cpu) {
    long offset = size - (cpu.index() + 1L) * Long.BYTES * 4;
    Cpu object = objectOf(cpu);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(Cpu.EMERGENCY_STACK, object.emergencyTop);
    bytes.putLong(Cpu.SERROR_WINDOW, object.systemErrorWindow);
    bytes.putLong(Cpu.SERROR_TAKEN, object.systemErrorTaken);
    machine.write(base + offset, bytes.array());
    return ImageSymbol.LINK_BASE + offset;
  }

  /** The hypervisor counts CPUs from the one that booted, the board by its device tree. */
  private static Cpu objectOf(SimulatedCpu cpu) {
    long affinity = cpu.register(SysReg.MPIDR_EL1) & 0xff_00ff_ffffL;
    for (int i = 0; i < Cpus.count(); i++) {
      if (Cpus.get(i).mpidr == affinity) {
        return Cpus.get(i);
      }
    }
    throw new AssertionError("the hypervisor does not know CPU " + cpu.index());
  }

  /** Boots on the calling CPU; the address of the frame to resume. */
  long primary(long deviceTree, long treeSize) {
    EntryCode entry = new EntryCode(base);
    entry.buildTables(deviceTree, treeSize);
    entry.enableMmu();
    return Ristretto.bootMain(deviceTree, base);
  }

  /** Starts the calling CPU, which CPU_ON gave {@code index}; the address of its first frame. */
  long secondary(long index) {
    new EntryCode(base).enableMmu();
    return Ristretto.secondaryMain(index);
  }
}
