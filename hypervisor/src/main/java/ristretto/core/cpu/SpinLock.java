package ristretto.core.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import ristretto.core.domain.Domain;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.CpuLocal;
import ristretto.machine.Hint;

/**
 * A fair lock: CPUs get it in the order of their asking (a ticket lock), so that none starves
 * (SECURITY rule 6). Taken with interrupts masked, as everything at EL2 runs. Taking a lock out of
 * {@link LockRank} order, or twice, is a fault.
 */
public final class SpinLock {
  final LockRank rank;

  /** The rank's place in the order. */
  final int order;

  /** The lock that the holder took before this one. The holder's alone. */
  @Nullable SpinLock outer;

  private final AtomicInteger nextTicket = new AtomicInteger();

  /** Written by the holder alone. */
  private volatile int nowServed;

  /** Whose state it guards; null for what is nobody's or everybody's. */
  final @Nullable Domain owner;

  /** A lock of the hypervisor's own state. */
  public SpinLock(LockRank rank) {
    this(rank, null);
  }

  /** A lock of {@code owner}'s state: who faults while holding it takes the owner along. */
  @SuppressWarnings("EnumOrdinal") // the order of declaration is the lock order
  public SpinLock(LockRank rank, @Nullable Domain owner) {
    this.rank = rank;
    this.owner = owner;
    this.order = rank.ordinal();
  }

  /** Waits for the lock. What the last holder wrote is visible (acquire; pairs with unlock). */
  public void lock() {
    Cpu cpu = cpuOrNull();
    if (cpu == null) {
      await();
      return;
    }
    SpinLock held = cpu.innermostLock;
    if (held != null && held.order >= order) {
      throw new AssertionError();
    }
    await();
    outer = held;
    cpu.innermostLock = this;
  }

  @Inline
  private void await() {
    int ticket = nextTicket.getAndIncrement();
    while (nowServed != ticket) {
      Hint.spin();
    }
  }

  /**
   * Takes the lock if nobody has it or waits for it. Never waits, so that any order does: it cannot
   * deadlock.
   */
  public boolean tryLock() {
    int ticket = nowServed;
    if (!nextTicket.compareAndSet(ticket, ticket + 1)) {
      return false;
    }
    Cpu cpu = cpuOrNull();
    if (cpu != null) {
      outer = cpu.innermostLock;
      cpu.innermostLock = this;
    }
    return true;
  }

  /** Gives the lock to the next (release; pairs with lock). */
  @Inline
  public void unlock() {
    Cpu cpu = cpuOrNull();
    if (cpu != null) {
      HeldLocks.remove(cpu, this);
    }
    int served = nowServed;
    nowServed = served + 1;
  }

  /** Somebody holds it. For reports and tests: it may be over at once. */
  @Cold
  public boolean isHeld() {
    return nowServed != nextTicket.getAcquire();
  }

  /** Null early in boot, when there is one CPU and no order to break. */
  private static @Nullable Cpu cpuOrNull() {
    return (Cpu) CpuLocal.get();
  }
}
