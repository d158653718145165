package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ristretto.abi.DomainId;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlCommand;
import ristretto.abi.SysctlTrace;
import ristretto.abi.SysctlTrace.Operation;
import ristretto.abi.TraceEvent;
import ristretto.abi.Vcpuop.RunstateInfo;
import ristretto.abi.Xenmem;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.machine.Memory;
import ristretto.sim.FreshImage;

/** XEN_SYSCTL_tbuf_op, and what a tool in Dom0 then maps and finds there. */
class TraceOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long LIST = Guest.LIST;
  private static final long PAYLOAD = A + Sysctl.PAYLOAD;
  private static final long WINDOW = 0x70000;

  private static long operation(Guest guest, int command) {
    guest.write32(A, SysctlCommand.TRACE_BUFFERS);
    guest.write32(A + Sysctl.INTERFACE_VERSION, Sysctl.VERSION_4_17);
    guest.write32(PAYLOAD + Operation.CMD, command);
    return guest.call(HypercallNumber.SYSCTL, A);
  }

  private static void done(Guest guest, int command) {
    assertEquals(Errno.OK, operation(guest, command));
  }

  private static long size(Guest guest, int pages) {
    guest.write32(PAYLOAD + Operation.SIZE, pages);
    return operation(guest, SysctlTrace.SET_SIZE);
  }

  private static long map(Guest guest, long frame, long gfn) {
    guest.write16(A, DomainId.SELF);
    guest.write16(A + 2, Xenmem.SPACE_GMFN_FOREIGN);
    guest.write16(A + 4, 1);
    guest.write16(A + 6, DomainId.XEN);
    guest.write64(A + 8, LIST);
    guest.write64(A + 16, LIST + 8);
    guest.write64(A + 24, LIST + 16);
    guest.write64(LIST, frame);
    guest.write64(LIST + 8, gfn);
    guest.write64(LIST + 16, 0);
    long result = guest.call(HypercallNumber.MEMORY_OP, Xenmem.ADD_TO_PHYSMAP_BATCH, A);
    return result == Errno.OK ? guest.read32(LIST + 16) : result;
  }

  @Test
  void thereIsNothingBeforeItIsAskedFor() {
    FreshImage.run(Nothing.class);
  }

  static final class Nothing implements Runnable {
    @Override
    public void run() {
      Guest.dom0(guest -> {
        Cpus.add(Cpu.current());
        guest.paint(A);
        done(guest, SysctlTrace.GET_INFO);
        assertEquals(TraceEvent.ALL, guest.read32(PAYLOAD + Operation.EVT_MASK));
        assertEquals(0, guest.read64(PAYLOAD + Operation.BUFFER_MFN));
        assertEquals(0, guest.read32(PAYLOAD + Operation.SIZE));
        assertEquals(Errno.EINVAL, operation(guest, SysctlTrace.ENABLE));
        done(guest, SysctlTrace.DISABLE);
        assertEquals(Errno.EINVAL, operation(guest, 6));
        assertEquals(Errno.EINVAL, size(guest, 0));
        assertFalse(Cpu.current().tracing);
      });
    }
  }

  @Test
  void theToolMapsTheBuffersAndReadsRecords() {
    FreshImage.run(Recorded.class);
  }

  static final class Recorded implements Runnable {
    @Override
    public void run() {
      Guest.dom0(guest -> {
        Cpu cpu = Cpu.current();
        Cpus.add(cpu);
        long free = Frames.freeCount();
        assertEquals(Errno.OK, size(guest, 2));
        assertEquals(free - 3, Frames.freeCount(), "what is not used is given back");
        assertEquals(Errno.OK, size(guest, 2));
        assertEquals(Errno.EINVAL, size(guest, 3), "they stay as they are");
        done(guest, SysctlTrace.GET_INFO);
        long info = guest.read64(PAYLOAD + Operation.BUFFER_MFN);
        assertEquals(Frames.SIZE, guest.read32(PAYLOAD + Operation.SIZE));
        assertEquals(Errno.OK, map(guest, info, WINDOW));
        long page = guest.domain.p2m.lookup(WINDOW).address();
        assertEquals(2, Memory.load16(page), "pages of a buffer");
        long list = page + 4L * Memory.load16(page + 2);
        long buffer = Integer.toUnsignedLong(Memory.load32(list));
        assertEquals(buffer + 1, Integer.toUnsignedLong(Memory.load32(list + 4)));
        assertEquals(Errno.OK, map(guest, buffer, WINDOW + 1));
        assertEquals(P2mType.FOREIGN, guest.domain.p2m.lookup(WINDOW + 1).type());
        records(guest, cpu, buffer << Frames.SHIFT);
        unmap(guest);
      });
    }

    private static void records(Guest guest, Cpu cpu, long buffer) {
      done(guest, SysctlTrace.ENABLE);
      assertTrue(cpu.tracing);
      guest.vcpu.runstate.enter(RunstateInfo.BLOCKED, 5);
      guest.vcpu.runstate.enter(RunstateInfo.RUNNING, 6);
      int at = 8 + 20; // behind the frequency
      int[] events = {
        TraceEvent.BLOCK,
        TraceEvent.runstateChange(RunstateInfo.OFFLINE, RunstateInfo.BLOCKED),
        TraceEvent.WAKE,
        TraceEvent.runstateChange(RunstateInfo.BLOCKED, RunstateInfo.RUNNABLE),
        TraceEvent.runstateChange(RunstateInfo.RUNNABLE, RunstateInfo.RUNNING)
      };
      for (int event : events) {
        int header = Memory.load32(buffer + at);
        assertEquals(event, header & 0x0fff_ffff);
        at += 12 + 4 * (header >>> 28 & 7);
      }
      assertEquals(at - 8, Memory.load32(buffer + 4));
      guest.write32(PAYLOAD + Operation.EVT_MASK, 0x00021000);
      done(guest, SysctlTrace.SET_EVENT_MASK);
      guest.vcpu.runstate.enter(RunstateInfo.BLOCKED, 7);
      assertEquals(at - 8 + 16, Memory.load32(buffer + 4), "the change of the state alone");
      guest.write64(LIST, 0);
      guest.write64(PAYLOAD + Operation.CPU_MASK, LIST);
      guest.write32(PAYLOAD + Operation.CPU_MASK + 8, 8);
      done(guest, SysctlTrace.SET_CPU_MASK);
      assertFalse(cpu.tracing);
      guest.write64(PAYLOAD + Operation.CPU_MASK, 1L << 41);
      assertEquals(Errno.EFAULT, operation(guest, SysctlTrace.SET_CPU_MASK));
      done(guest, SysctlTrace.DISABLE);
    }

    /** The mapping's end is not the end of the page. */
    private static void unmap(Guest guest) {
      long page = guest.domain.p2m.lookup(WINDOW).address();
      assertEquals(1, Frames.references(page >>> Frames.SHIFT));
      guest.write16(A, DomainId.SELF);
      guest.write64(A + 8, WINDOW);
      assertEquals(Errno.OK, guest.call(HypercallNumber.MEMORY_OP, Xenmem.REMOVE_FROM_PHYSMAP, A));
      assertEquals(0, Frames.references(page >>> Frames.SHIFT));
      assertEquals(Errno.OK, map(guest, page >>> Frames.SHIFT, WINDOW));
    }
  }

  @Test
  void otherPagesOfTheHypervisorAreNobodys() {
    Guest.dom0(guest -> {
      long own = guest.domain.p2m.lookup(A >>> Frames.SHIFT).address() >>> Frames.SHIFT;
      long secret = Frames.allocate(0, guest.domain); // a port table, say
      for (long frame : new long[] {0, own, secret, Frames.highestFrame() + 1, -1, 1L << 40}) {
        assertEquals(Errno.EINVAL, map(guest, frame, WINDOW), "frame " + frame);
      }
    });
    Guest.domU(guest -> assertEquals(Errno.EPERM, map(guest, 0, WINDOW)));
  }

  @Test
  void moreThanThereMayBeIsTheMost() {
    FreshImage.run(Most.class);
  }

  static final class Most implements Runnable {
    @Override
    public void run() {
      Guest.dom0(guest -> {
        Cpus.add(Cpu.current());
        long free = Frames.freeCount();
        assertEquals(Errno.OK, size(guest, -1));
        assertEquals(free - 512, Frames.freeCount());
      });
    }
  }
}
