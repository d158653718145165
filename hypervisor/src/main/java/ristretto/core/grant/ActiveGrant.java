package ristretto.core.grant;

import ristretto.lang.Bits;
import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * What the hypervisor knows of a grant that is in use: hypervisor memory, one for each entry of the
 * shared table, guarded by the granting domain's grant lock. While a grant is in use this is the
 * truth, whatever the granting domain writes into its entry (SECURITY rule 7, XSA-500).
 */
@Unboxed
record ActiveGrant(long address) {
  private static final int READERS = 0; // 32 bits: uses for reading alone
  private static final int WRITERS = 4; // 32 bits: uses for reading and writing
  private static final int FRAME = 8; // 48 bits: machine frame, referenced once for all uses
  private static final int GRANTEE = 14; // 16 bits: domid_t
  static final int SIZEOF = 16;

  @Inline
  boolean isUsed() {
    return Memory.load64(address + READERS) != 0;
  }

  @Inline
  boolean isWritten() {
    return Memory.load32(address + WRITERS) != 0;
  }

  @Inline
  int readers() {
    return Memory.load32(address + READERS);
  }

  @Inline
  int writers() {
    return Memory.load32(address + WRITERS);
  }

  @Inline
  int grantee() {
    return Memory.load16(address + GRANTEE);
  }

  @Inline
  long frame() {
    return Bits.get(Memory.load64(address + FRAME), 47, 0);
  }

  /** The first use is about to be counted. */
  @Inline
  void open(long frame, int grantee) {
    Memory.store64(address + FRAME, frame);
    Memory.store16(address + GRANTEE, grantee);
  }

  /** More, or with -1 fewer, uses. They are as many as there are handles and copies: it fits. */
  @Inline
  void count(boolean write, int more) {
    long at = address + (write ? WRITERS : READERS);
    Memory.store32(at, Memory.load32(at) + more);
  }
}
