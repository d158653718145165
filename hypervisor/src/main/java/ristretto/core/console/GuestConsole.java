package ristretto.core.console;

import java.util.concurrent.atomic.AtomicLong;
import ristretto.driver.timer.GenericTimer;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * One domain's part of the console: the line that it is writing, and its budget: {@link #RATE}
 * bytes a second, {@link #BURST} at once after a quiet time (SECURITY rule 9). What the privileged
 * domain writes goes straight out and is not limited; what it makes the hypervisor say is.
 */
@Cold
public final class GuestConsole {
  /** Bytes a second. */
  public static final int RATE = 4096;

  /** Bytes at once. */
  public static final int BURST = 16 * 1024;

  private static final int LINE = 128;

  /** Retries when CPUs charge the same domain at the same moment. */
  private static final int ATTEMPTS = 8;

  /** A line of the log that the domain causes, at its usual length. */
  private static final int USUAL_LINE = 80;

  private final boolean privileged;
  private volatile int domainId;

  /** Counter ticks at which everything charged so far is paid off, at {@link #RATE}. */
  private final AtomicLong paidAt = new AtomicLong();

  private final AtomicLong dropped = new AtomicLong();
  private volatile boolean reportDue;

  // The unfinished line; guarded by the console's lock.
  private final byte[] line = new byte[LINE];
  private int length;

  @BootOnly
  public GuestConsole(int domainId, boolean privileged) {
    this.domainId = domainId;
    this.privileged = privileged;
  }

  /** Serves another domain from now on; the former one has stopped. */
  public void reuse(int newDomainId) {
    domainId = newDomainId;
    length = 0;
    paidAt.set(0);
    dropped.set(0);
    reportDue = false;
  }

  public int domainId() {
    return domainId;
  }

  /** Bytes that went nowhere because the budget was used up. */
  public long droppedBytes() {
    return dropped.get();
  }

  boolean isPrivileged() {
    return privileged;
  }

  /** May the hypervisor print a line that this domain caused? A refusal counts as dropped. */
  boolean allowsLine() {
    if (charge(0, USUAL_LINE)) {
      return true;
    }
    drop(USUAL_LINE);
    return false;
  }

  /** Charges what was printed because of this domain. */
  void charge(int bytes) {
    charge(bytes, 0);
  }

  /** Charges {@code bytes} if the budget allows them; else counts them as dropped. */
  boolean take(int bytes) {
    if (charge(bytes, bytes)) {
      return true;
    }
    drop(bytes);
    return false;
  }

  /** Charges {@code bytes} unless {@code wanted} would go beyond the burst. */
  private boolean charge(int bytes, int wanted) {
    long ticksPerByte = GenericTimer.frequency() / RATE;
    long now = SysReg.CNTPCT_EL0.read();
    for (int i = 0; i < ATTEMPTS; i++) {
      long seen = paidAt.get();
      long start = Math.max(seen, now);
      if (wanted != 0 && start - now + wanted * ticksPerByte > BURST * ticksPerByte) {
        return false;
      }
      if (paidAt.compareAndSet(seen, start + bytes * ticksPerByte)) {
        return true;
      }
    }
    return false;
  }

  private void drop(int bytes) {
    if (dropped.getAndAdd(bytes) == 0) {
      reportDue = true;
    }
  }

  /**
   * Says once, the first time, that bytes were dropped. The caller holds no lock of the console.
   */
  void reportDrops() {
    if (reportDue) {
      reportDue = false;
      Log.warn()
          .text("d")
          .dec(domainId)
          .text(" writes more than its console budget of ")
          .dec(RATE)
          .text(" bytes a second; the excess is dropped and counted")
          .end();
    }
  }

  /** Adds a byte to the line; false when the line is full. */
  boolean append(int b) {
    if (length == LINE) {
      return false;
    }
    line[length] = (byte) b;
    length++;
    return true;
  }

  int length() {
    return length;
  }

  byte at(int index) {
    return line[index];
  }

  void startLine() {
    length = 0;
  }
}
