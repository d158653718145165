package ristretto.core.trace;

import ristretto.abi.DomainId;
import ristretto.abi.Errno;
import ristretto.abi.SysctlTrace.Placement;
import ristretto.abi.TraceEvent;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/**
 * Tracing as the toolstack has set it. Each CPU has a {@link TraceBuffer}, and a flag that says
 * whether it records, which is all that is looked at while nobody traces.
 *
 * <p>The buffers are made when they are first asked for, and stay: Dom0 may have them mapped. They
 * are the only shared frames of the hypervisor's own account, by which {@link #reference} knows
 * them. All but the recording is done under the toolstack's lock.
 */
@Cold
public final class Trace {
  /** {@code dom << 16 | vcpu} of no vCPU, but for the number of the CPU. */
  public static final int IDLE = DomainId.IDLE << 16;

  /** Pages in all buffers together; with one more, 2 MiB: what is cleared in one go at most. */
  private static final int MOST_PAGES = 511;

  private static int events = TraceEvent.ALL;
  private static long cpus = -1;
  private static boolean enabled;

  /** The page that says where the buffers are; 0: there are none. */
  private static long infoFrame;

  private static int pagesPerCpu;

  private Trace() {}

  /** {@code dom << 16 | vcpu} as two words of a record: domain, vCPU. */
  public static long words(int who) {
    return (long) who >>> 16 | Bits.get((long) who, 15, 0) << Integer.SIZE;
  }

  /** The mask lets {@code event} through. */
  static boolean wants(int event) {
    return TraceEvent.passes(event, events);
  }

  public static boolean isEnabled() {
    return enabled;
  }

  public static int events() {
    return events;
  }

  public static void setEvents(int mask) {
    events = mask;
  }

  /** Bit n: CPU n records. */
  public static void setCpus(long mask) {
    cpus = mask;
    apply();
  }

  public static long infoFrame() {
    return infoFrame;
  }

  /** Bytes at {@link #infoFrame}. */
  public static int infoSize() {
    return infoFrame == 0 ? 0 : Frames.SIZE;
  }

  /**
   * Makes the buffers.
   *
   * @param pages of each CPU's, unsigned; more than there may be are as many as there may be
   * @return OK; EINVAL for 0, and where there are buffers, of another size; ENOMEM
   */
  public static long setSize(int pages) {
    int most = MOST_PAGES / Cpus.count();
    int wanted = Integer.compareUnsigned(pages, most) > 0 ? most : pages;
    if (infoFrame != 0 || wanted == 0) {
      return wanted == pagesPerCpu && wanted != 0 ? Errno.OK : Errno.EINVAL;
    }
    int used = 1 + Cpus.count() * wanted;
    int order = Integer.SIZE - Integer.numberOfLeadingZeros(used - 1);
    long first = Frames.allocate(order, Frames.hypervisor(), FrameType.SHARED);
    if (first < 0) {
      return Errno.ENOMEM;
    }
    for (int i = used; i < 1 << order; i++) {
      Frames.free(first + i, 0);
    }
    infoFrame = first;
    pagesPerCpu = wanted;
    describe();
    return Errno.OK;
  }

  /** The first page tells the tool where the others are, and each CPU is given its own. */
  private static void describe() {
    Placement info = new Placement(infoFrame << Frames.SHIFT);
    int lists = (Placement.MFN_OFFSET + Cpus.count() * Short.BYTES) / Integer.BYTES + 1;
    for (int i = 0; i < Cpus.count(); i++) {
      long frame = infoFrame + 1 + (long) i * pagesPerCpu;
      info.list(i, lists + i * pagesPerCpu, frame, pagesPerCpu);
      Cpus.get(i).trace.open(frame << Frames.SHIFT, pagesPerCpu << Frames.SHIFT);
    }
  }

  /**
   * Begins to record, or ends it.
   *
   * @return OK, or EINVAL: there are no buffers
   */
  public static long enable(boolean on) {
    if (on && infoFrame == 0) {
      return Errno.EINVAL;
    }
    enabled = on;
    apply();
    return Errno.OK;
  }

  private static void apply() {
    for (int i = 0; i < Cpus.count(); i++) {
      Cpus.get(i).tracing = enabled && Bits.isSet(cpus, i);
    }
  }

  /**
   * One more use of a page of the buffers, by who maps it; {@link Frames#dereference} ends it.
   *
   * @return its hypervisor address, or 0 when it is no such page
   */
  public static long reference(long frame) {
    return Frames.reference(frame, Frames.hypervisor()) ? frame << Frames.SHIFT : 0;
  }

  /** A domain begins to exist, or ceases to. */
  public static void domain(int event, int id) {
    Cpu cpu = Cpu.current();
    if (cpu.tracing) {
      cpu.trace.put(event, 1, id, 0, 0);
    }
  }
}
