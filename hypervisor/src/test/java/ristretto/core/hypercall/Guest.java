package ristretto.core.hypercall;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.HeldLocks;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.event.EventMachine;
import ristretto.core.mm.Frames;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/**
 * A guest that makes hypercalls: its virtual addresses are its physical ones, except where a test
 * takes a page away or makes it read-only. Each call runs until it is not continued any more.
 */
final class Guest {
  /** Where the tests put arguments: page 10 of the guest's memory. */
  static final long ARGUMENT = EventMachine.GUEST_RAM + 10 * Frames.SIZE;

  /** Another page, for lists. */
  static final long LIST = ARGUMENT + Frames.SIZE;

  private static final long PC = 0xffff_8000_0000_1000L;
  private static final long FAULT = 1;

  final EventMachine machine;
  final Domain domain;
  final Vcpu vcpu;

  /** How often the last call was made, continuations included. */
  int calls;

  private static final Set<Long> ABSENT = new HashSet<>();
  private static final Set<Long> READ_ONLY = new HashSet<>();

  private Guest(EventMachine machine, Domain domain) {
    this.machine = machine;
    this.domain = domain;
    this.vcpu = domain.vcpus[0];
  }

  /** Runs {@code body} with Dom0, of two vCPUs, calling. */
  static void dom0(Consumer<Guest> body) {
    run(0, body);
  }

  /** Runs {@code body} with domain 5, of two vCPUs, calling; Dom0 exists. */
  static void domU(Consumer<Guest> body) {
    run(5, body);
  }

  private static void run(int id, Consumer<Guest> body) {
    ABSENT.clear();
    READ_ONLY.clear();
    EventMachine machine = new EventMachine(1);
    machine.machine.translation((cpu, address, write, both) -> translate(address, write));
    machine.run(m -> {
      Domain caller = m.domain(id, id == 0, 2);
      Guest guest = new Guest(m, caller);
      if (id != 0) {
        m.domain(0, true, 1);
      }
      Cpu.current().vcpu = guest.vcpu;
      guest.vcpu.pauses.set(0);
      body.accept(guest);
    });
  }

  private static long translate(long address, boolean write) {
    long page = address & -Frames.SIZE;
    boolean fault =
        address >>> 40 != 0 || ABSENT.contains(page) || (write && READ_ONLY.contains(page));
    return fault ? FAULT : page;
  }

  /** The guest has no mapping for the page of {@code address} any more. */
  void absent(long address) {
    ABSENT.add(address & -Frames.SIZE);
  }

  void readOnly(long address) {
    READ_ONLY.add(address & -Frames.SIZE);
  }

  /** Another domain, that only exists. */
  Domain another(int id) {
    return machine.domain(id, false, 2);
  }

  long call(int number, long... arguments) {
    TrapFrame frame = vcpu.frame;
    frame.setX(16, number);
    for (int i = 0; i < 5; i++) {
      frame.setX(i, i < arguments.length ? arguments[i] : 0);
    }
    calls = 0;
    do {
      frame.setElr(PC);
      Hypercalls.dispatch(vcpu, frame);
      calls++;
    } while (frame.elr() != PC);
    if (HeldLocks.count(Cpu.current()) != 0) {
      throw new AssertionError("a lock is still held");
    }
    return frame.x(0);
  }

  long events(int operation, long argument) {
    return call(HypercallNumber.EVENT_CHANNEL_OP, operation, argument);
  }

  /** Hypervisor address of an address of the guest. */
  long at(long guest) {
    return domain.p2m.lookup(guest >>> Frames.SHIFT).address() + (guest & Frames.SIZE - 1);
  }

  int read8(long guest) {
    return Memory.load8(at(guest));
  }

  int read32(long guest) {
    return Memory.load32(at(guest));
  }

  long read64(long guest) {
    return Memory.load64(at(guest));
  }

  void write16(long guest, int value) {
    Memory.store16(at(guest), value);
  }

  void write32(long guest, int value) {
    Memory.store32(at(guest), value);
  }

  void write64(long guest, long value) {
    Memory.store64(at(guest), value);
  }

  /** Fills a page of the guest with 0xa5. */
  void paint(long guest) {
    for (long i = 0; i < Frames.SIZE; i++) {
      Memory.store8(at(guest & -Frames.SIZE) + i, 0xa5);
    }
  }

  String text(long guest, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) read8(guest + i);
    }
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /**
   * Addresses that no argument of {@code size} bytes can be at: nothing mapped, the end of the
   * address space, beyond the last page, a shared page, a device.
   */
  long[] badAddresses(int size) {
    absent(ARGUMENT + 5 * Frames.SIZE);
    long gfn = (EventMachine.GUEST_RAM >>> Frames.SHIFT) + 20;
    if (domain.shared.map(gfn) != Errno.OK) {
      throw new AssertionError();
    }
    return new long[] {
      0,
      -1,
      -size,
      Long.MIN_VALUE,
      1L << 39,
      ARGUMENT + 5 * Frames.SIZE,
      ARGUMENT + 5 * Frames.SIZE - 1,
      gfn << Frames.SHIFT,
      EventMachine.GUEST_RAM + (256L << Frames.SHIFT) - 1,
    };
  }

  static void setTime(long ticks) {
    while (SysReg.CNTPCT_EL0.read() < ticks) {
      Thread.onSpinWait();
    }
  }
}
