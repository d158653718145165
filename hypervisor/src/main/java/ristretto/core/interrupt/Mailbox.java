package ristretto.core.interrupt;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;

/**
 * What others ask of a vCPU's interrupt controller, whose private state belongs to the CPU that has
 * the vCPU loaded: words of bits, without a lock. Asking for something withdraws its opposite.
 */
final class Mailbox {
  /** A bit an INTID. */
  static final int RAISE = 0;

  static final int LINE_UP = 1;
  static final int LINE_DOWN = 2;
  static final int ENABLE = 3;
  static final int DISABLE = 4;
  static final int CLEAR_PENDING = 5;
  static final int SET_ACTIVE = 6;
  static final int CLEAR_ACTIVE = 7;

  /** A bit a word of 32 SPIs: some may be for this vCPU, or be its no more. */
  static final int SHARED = 8;

  /** The distributor was switched on or off. */
  static final int FORWARDING = 9;

  private static final int COUNT = 10;

  private final AtomicInteger[] boxes = new AtomicInteger[COUNT];

  /** Bit n: box n may hold something. Written after the box, taken before it. */
  private final AtomicInteger filled = new AtomicInteger();

  private final Vcpu vcpu;

  /** The CPU that has the vCPU loaded; written by that CPU, read by those who have left mail. */
  private volatile @Nullable Cpu reader;

  @BootOnly
  Mailbox(Vcpu vcpu) {
    this.vcpu = vcpu;
    for (int i = 0; i < COUNT; i++) {
      boxes[i] = new AtomicInteger();
    }
  }

  @Inline
  boolean isEmpty() {
    return filled.get() == 0;
  }

  /** The CPU that has the vCPU loaded, or null. */
  @Nullable Cpu reader() {
    return reader;
  }

  /** The owner: the vCPU is loaded here, or not any more; it looks for mail after that. */
  @Inline
  void setReader(@Nullable Cpu cpu) {
    reader = cpu;
  }

  /**
   * Any CPU: leaves {@code bits} in {@code box} and makes the vCPU see them. Its CPU looks at once,
   * a blocked vCPU wakes.
   */
  void post(int box, int bits) {
    leave(box, bits);
    // Volatile accesses: either this sees the reader, or the reader, on loading, sees the mail.
    Cpu cpu = reader;
    if (cpu == null) {
      Scheduler.wake(vcpu);
    } else {
      Interrupts.send(cpu, Sgi.GUEST_INTERRUPT);
    }
  }

  private void leave(int box, int bits) {
    int opposite = opposite(box);
    if (opposite >= 0) {
      clear(boxes[opposite], bits);
    }
    set(boxes[box], bits);
    set(filled, 1 << box);
  }

  /** The owner does the opposite itself: what lies in {@code box} for it is out of date. */
  void overtake(int box, int bits) {
    if (filled.get() != 0) {
      clear(boxes[box], bits);
    }
  }

  /** The owner: which boxes to look into. */
  int takeFilled() {
    return filled.getAndSet(0);
  }

  /** The owner: empties {@code box}. */
  int take(int box) {
    return boxes[box].getAndSet(0);
  }

  void clear() {
    filled.set(0);
    for (int i = 0; i < COUNT; i++) {
      boxes[i].set(0);
    }
  }

  private static int opposite(int box) {
    return switch (box) {
      case RAISE -> CLEAR_PENDING;
      case CLEAR_PENDING -> RAISE;
      case LINE_UP -> LINE_DOWN;
      case LINE_DOWN -> LINE_UP;
      case ENABLE -> DISABLE;
      case DISABLE -> ENABLE;
      case SET_ACTIVE -> CLEAR_ACTIVE;
      case CLEAR_ACTIVE -> SET_ACTIVE;
      default -> -1;
    };
  }

  private static void set(AtomicInteger word, int bits) {
    int seen = word.get();
    while (!word.compareAndSet(seen, seen | bits)) {
      seen = word.get();
    }
  }

  private static void clear(AtomicInteger word, int bits) {
    int seen = word.get();
    while (!word.compareAndSet(seen, seen & ~bits)) {
      seen = word.get();
    }
  }
}
