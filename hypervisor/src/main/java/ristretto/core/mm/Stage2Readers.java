package ristretto.core.mm;

import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.lang.Inline;
import ristretto.machine.Barrier;
import ristretto.machine.Hint;

/**
 * CPUs that use what they found in stage 2 tables without the lock of the tables. Such a CPU is
 * like a TLB that knows one translation: who makes an entry invalid tells the TLBs and then waits
 * here, and only then has the page, or the table, another use (SECURITY rule 12).
 *
 * <p>The wait is short and cannot be drawn out: it is for the one copy, of a page at most, that
 * another CPU may be making at this moment, not for those that it begins later, which find the
 * entry invalid.
 */
public final class Stage2Readers {
  private Stage2Readers() {}

  /** This CPU is going to look at tables. Until {@link #leave} it waits for nothing. */
  @Inline
  @SuppressWarnings("NonAtomicVolatileUpdate") // only its own CPU writes it
  static void enter(Cpu cpu) {
    cpu.stage2Reads = cpu.stage2Reads + 1;
    // Pairs with the DSB behind the invalid entry: either this CPU sees that entry, or the one that
    // wrote it sees this CPU.
    Barrier.dmbIsh();
  }

  /** This CPU is done with what it found (release). */
  @Inline
  @SuppressWarnings("NonAtomicVolatileUpdate") // as above
  static void leave(Cpu cpu) {
    cpu.stage2Reads = cpu.stage2Reads + 1;
  }

  /** Ends what a fault, now contained, has interrupted. */
  public static void abandon(Cpu cpu) {
    if (isReading(cpu.stage2Reads)) {
      leave(cpu);
    }
  }

  /** Waits until no other CPU uses what it found before this call. */
  static void awaitOthers() {
    Cpu own = Cpu.current();
    for (int i = 0; i < Cpus.count(); i++) {
      Cpu other = Cpus.get(i);
      int seen = other.stage2Reads;
      while (other != own && isReading(seen) && other.stage2Reads == seen) {
        Hint.spin();
      }
    }
  }

  private static boolean isReading(int reads) {
    return (reads & 1) != 0;
  }
}
