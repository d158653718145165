package ristretto.core.mm;

import ristretto.lang.BootOnly;

/**
 * Who pays for frames: a domain, or the hypervisor. Every frame that is not free is charged to one
 * account (SECURITY rule 10). All fields are guarded by the lock of {@link Frames}.
 */
public final class MemoryAccount {
  /** Most accounts: the domains and the hypervisor. */
  public static final int MAXIMUM = 256;

  private static final int UNLIMITED = Integer.MAX_VALUE;

  /** Position in the table of accounts, which the frame table refers to. */
  final int index;

  private long memoryLimit;
  private long overheadLimit;
  private long tableLimit;
  private long memory;
  private long overhead;
  private long tables;

  /** Frames of guest memory that are kept free for this account. See {@link Frames#claim}. */
  private long claimed;

  @BootOnly
  MemoryAccount(int index) {
    this.index = index;
    removeLimits();
  }

  /** As when it was new: the account is given to another domain. */
  public void removeLimits() {
    memoryLimit = UNLIMITED;
    overheadLimit = UNLIMITED;
    tableLimit = UNLIMITED;
  }

  /** Frames of guest memory, those that others still refer to included. */
  public long memory() {
    return memory;
  }

  /** Most frames of guest memory; what is there already stays. */
  public void setMemoryLimit(long frames) {
    memoryLimit = frames;
  }

  public long memoryLimit() {
    return memoryLimit;
  }

  /** Frames that the hypervisor needs on the owner's behalf, other than {@link #tables}. */
  public long overhead() {
    return overhead;
  }

  /** Most frames of overhead. */
  public void setOverheadLimit(long frames) {
    overheadLimit = frames;
  }

  public long overheadLimit() {
    return overheadLimit;
  }

  /** Frames of stage 2 tables. */
  public long tables() {
    return tables;
  }

  /** Most frames of stage 2 tables: the size of the "paging pool". */
  public void setTableLimit(long frames) {
    tableLimit = frames;
  }

  public long tableLimit() {
    return tableLimit;
  }

  /** Frames of a claim that have not been allocated yet. */
  public long claimed() {
    return claimed;
  }

  void setClaimed(long frames) {
    claimed = frames;
  }

  /** Nothing is charged: the account may be given to another domain. */
  public boolean isEmpty() {
    return memory == 0 && overhead == 0 && tables == 0;
  }

  /** Adds frames, unless that passes the limit. */
  boolean charge(int type, long frames) {
    switch (type) {
      case FrameType.RAM -> {
        if (frames > memoryLimit - memory) {
          return false;
        }
        memory += frames;
      }
      case FrameType.TABLE -> {
        if (frames > tableLimit - tables) {
          return false;
        }
        tables += frames;
      }
      default -> {
        if (frames > overheadLimit - overhead) {
          return false;
        }
        overhead += frames;
      }
    }
    return true;
  }

  void discharge(int type, long frames) {
    switch (type) {
      case FrameType.RAM -> memory -= frames;
      case FrameType.TABLE -> tables -= frames;
      default -> overhead -= frames;
    }
  }
}
