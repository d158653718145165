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
  private long memory;
  private long overhead;

  @BootOnly
  MemoryAccount(int index) {
    this.index = index;
    this.memoryLimit = UNLIMITED;
    this.overheadLimit = UNLIMITED;
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

  /** Frames that the hypervisor needs on the owner's behalf: tables and shared pages. */
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

  /** Nothing is charged: the account may be given to another domain. */
  public boolean isEmpty() {
    return memory == 0 && overhead == 0;
  }

  /** Adds frames, unless that passes the limit. */
  boolean charge(int type, long frames) {
    if (type == FrameType.RAM) {
      if (frames > memoryLimit - memory) {
        return false;
      }
      memory += frames;
      return true;
    }
    if (frames > overheadLimit - overhead) {
      return false;
    }
    overhead += frames;
    return true;
  }

  void discharge(int type, long frames) {
    if (type == FrameType.RAM) {
      memory -= frames;
    } else {
      overhead -= frames;
    }
  }
}
