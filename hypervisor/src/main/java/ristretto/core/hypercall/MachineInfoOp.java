package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.PhysicalInfo;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlMachine.AvailableHeap;
import ristretto.abi.SysctlMachine.CpuInfo;
import ristretto.abi.SysctlMachine.CpuPlace;
import ristretto.abi.SysctlMachine.CpuTopology;
import ristretto.abi.SysctlMachine.NodeMemory;
import ristretto.abi.SysctlMachine.NumaInfo;
import ristretto.abi.SysctlMachine.SchedulerId;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.CpuClasses;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.GuestMemory;
import ristretto.core.sched.Pool;
import ristretto.core.time.SystemTime;
import ristretto.driver.timer.GenericTimer;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/**
 * What the toolstack asks of CPUs and memory. One node, as Xen on Arm says too; a socket for each
 * class of CPUs, of which there is one on most machines.
 */
@Cold
final class MachineInfoOp {
  private static final int NODES = 1;
  private static final int ANY_NODE = -1;

  /** From node 0 to itself, in the unit of ACPI's table, as Xen on Arm says. */
  private static final int DISTANCE = 20;

  private static final int HERTZ_PER_KILOHERTZ = 1000;

  private MachineInfoOp() {}

  /**
   * XEN_SYSCTL_physinfo. The frequency is the counter's, as Xen on Arm has it. All free memory can
   * be had at once: it is cleared when it is handed out, so that none waits to be scrubbed.
   */
  static long physical(Sysctl argument) {
    PhysicalInfo info = new PhysicalInfo(argument.payload());
    Memory.zero(info.address(), PhysicalInfo.SIZEOF);
    info.setCpus(Cpus.count(), CpuClasses.largest());
    info.setNodes(NODES);
    info.setKilohertz((int) (GenericTimer.frequency() / HERTZ_PER_KILOHERTZ));
    long capabilities =
        Bits.bit(PhysicalInfo.CAPABILITY_HVM)
            | Bits.bit(PhysicalInfo.CAPABILITY_HAP)
            | Bits.bit(PhysicalInfo.CAPABILITY_VPMU) // as Xen; a domain that asks is refused
            | Bits.bit(PhysicalInfo.CAPABILITY_GNTTAB_V1);
    info.setCapabilities((int) capabilities);
    info.setPages(Frames.ramCount(), Frames.freeCount());
    info.setOutstandingPages(Frames.claimedCount());
    info.setHighestFrame(Frames.highestFrame());
    return Errno.OK;
  }

  /** XEN_SYSCTL_sched_id. */
  static long scheduler(Sysctl argument) {
    new SchedulerId(argument.payload()).set(Pool.FIRST.scheduler());
    return Errno.OK;
  }

  /** XEN_SYSCTL_getcpuinfo: how long each CPU has had nothing to do. */
  static long cpus(Vcpu caller, Sysctl argument) {
    CpuInfo info = new CpuInfo(argument.payload());
    int count = (int) Math.min(info.room(), Cpus.count());
    long now = GenericTimer.counter();
    for (int i = 0; i < count; i++) {
      long idle = SystemTime.toNanoseconds(Cpus.get(i).idleTicks(now));
      Memory.store64(Scratch.buffer() + (long) i * Long.BYTES, idle);
    }
    info.setCount(count);
    return copyOut(caller, info.buffer(), count * Long.BYTES);
  }

  /** XEN_SYSCTL_availheap, for memory at any address. */
  static long heap(Sysctl argument) {
    AvailableHeap heap = new AvailableHeap(argument.payload());
    if (!heap.isUnbounded()) {
      return Errno.EOPNOTSUPP;
    }
    boolean known = heap.node() == ANY_NODE || heap.node() == 0;
    heap.setBytes(known ? Frames.freeCount() << Frames.SHIFT : 0);
    return Errno.OK;
  }

  /** XEN_SYSCTL_cputopoinfo; without a buffer, their number alone. */
  static long topology(Vcpu caller, Sysctl argument) {
    CpuTopology topology = new CpuTopology(argument.payload());
    long room = topology.room();
    int count = Cpus.count();
    topology.setCount(count);
    if (topology.buffer() == 0) {
      return Errno.OK;
    }
    if (room < count) {
      return Errno.ENOBUFS;
    }
    Memory.zero(Scratch.buffer(), (long) count * CpuPlace.SIZEOF); // core and node 0
    for (int i = 0; i < count; i++) {
      new CpuPlace(Scratch.buffer() + (long) i * CpuPlace.SIZEOF).setSocket(Cpus.get(i).kind);
    }
    return copyOut(caller, topology.buffer(), count * CpuPlace.SIZEOF);
  }

  /** XEN_SYSCTL_numainfo; without buffers, the number of nodes alone. */
  static long nodes(Vcpu caller, Sysctl argument) {
    NumaInfo info = new NumaInfo(argument.payload());
    long room = info.room();
    info.setCount(NODES);
    boolean asked = info.memory() != 0 || info.distances() != 0;
    if (asked && room < NODES) {
      return Errno.ENOBUFS;
    }
    long result = Errno.OK;
    if (info.memory() != 0) {
      new NodeMemory(Scratch.buffer())
          .set(Frames.ramCount() << Frames.SHIFT, Frames.freeCount() << Frames.SHIFT);
      result = copyOut(caller, info.memory(), NodeMemory.SIZEOF);
    }
    if (result == Errno.OK && info.distances() != 0) {
      Memory.store32(Scratch.buffer(), DISTANCE);
      result = copyOut(caller, info.distances(), Integer.BYTES);
    }
    return result;
  }

  /** The buffer's beginning, to the caller. */
  private static long copyOut(Vcpu caller, long guest, int size) {
    return size == 0 || GuestMemory.copyOut(caller, guest, Scratch.buffer(), size)
        ? Errno.OK
        : Errno.EFAULT;
  }
}
