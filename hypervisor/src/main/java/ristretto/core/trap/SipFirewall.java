package ristretto.core.trap;

import java.util.concurrent.atomic.AtomicInteger;
import ristretto.arch.Smccc;
import ristretto.arch.TrapFrame;
import ristretto.core.console.Log;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.Firmware;
import ristretto.machine.Memory;

/**
 * Calls of domains to the services of the secure monitor. What {@link SipFunctions} does not let
 * the domain have is refused; the rest goes to EL3 with all arguments and comes back with all
 * results.
 *
 * <p>An address in an argument is physical. The secure monitor would use whatever it is given, so
 * it has to be memory of the caller: Dom0's is where Dom0 believes it to be, and of any other
 * domain such a call is refused (SECURITY rules 5 and 14).
 */
@Cold
public final class SipFirewall {
  /** x0 to x17: what SMCCC 1.2 passes in either direction. */
  private static final int REGISTERS = Firmware.BLOCK_SIZE / Long.BYTES;

  /** More bytes than any service takes, so that looking at them has an end. */
  private static final long MOST_BYTES = 64 << 20;

  /** EL3 has such services: the board is an Agilex. */
  private static boolean present;

  /** A call is under way: the services are not made for several callers. */
  private static final AtomicInteger BUSY = new AtomicInteger();

  private SipFirewall() {}

  @BootOnly
  public static void configure(boolean isPresent) {
    present = isPresent;
  }

  static boolean isConcerned(int function) {
    return Smccc.owner(function) == Smccc.OWNER_SILICON_PROVIDER;
  }

  /** Returns what the caller finds in x0; the other results are in the frame. */
  static long call(Vcpu vcpu, TrapFrame frame, int function) {
    Domain domain = vcpu.domain;
    SipFunctions.Entry entry = SipFunctions.of(function);
    if (!present || (entry.groups() & domain.firmwareGroups) == 0) {
      return refuse(domain, function);
    }
    if (!mayPass(domain, frame, entry, entry.first())
        || !mayPass(domain, frame, entry, entry.second())) {
      return refuse(domain, function);
    }
    if (!BUSY.compareAndSet(0, 1)) {
      // Another CPU is there, perhaps for long: the guest calls again, interrupts come in between.
      frame.repeatCall();
      return frame.x(0);
    }
    forward(frame, function);
    BUSY.set(0);
    return frame.x(0);
  }

  /** The buffer that {@code register} holds the address of is the domain's; there need be none. */
  private static boolean mayPass(
      Domain domain, TrapFrame frame, SipFunctions.Entry entry, int register) {
    if (register == 0) {
      return true;
    }
    if (!domain.p2m.isDirectMapped()) {
      return false;
    }
    long address = frame.x(register);
    long size =
        entry.unit() == SipFunctions.Entry.FIXED
            ? SipFunctions.Entry.FIXED_SIZE
            : frame.x(register + 1);
    if (Long.compareUnsigned(size, MOST_BYTES) > 0) {
      return false;
    }
    long bytes = entry.unit() == SipFunctions.Entry.WORDS ? size * Integer.BYTES : size;
    if (bytes == 0) {
      return true;
    }
    long first = address >>> Frames.SHIFT;
    long last = address + bytes - 1 >>> Frames.SHIFT;
    return first <= last && domain.p2m.mayBeUsedByFirmware(first, last - first + 1);
  }

  private static void forward(TrapFrame frame, int function) {
    long block = Cpu.current().scratch;
    for (int i = 1; i < REGISTERS; i++) {
      Memory.store64(block + (long) i * Long.BYTES, frame.x(i));
    }
    Memory.store64(block, Integer.toUnsignedLong(function));
    Firmware.call(block);
    for (int i = 0; i < REGISTERS; i++) {
      frame.setX(i, Memory.load64(block + (long) i * Long.BYTES));
    }
  }

  private static long refuse(Domain domain, int function) {
    if (domain.refusedCalls.isNew(function)) {
      Log.warn()
          .text("d")
          .dec(domain.id)
          .text(": firmware call ")
          .hex(Integer.toUnsignedLong(function))
          .text(" is refused")
          .end();
    }
    return Smccc.NOT_SUPPORTED;
  }
}
