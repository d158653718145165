package ristretto.core.event;

import ristretto.abi.Evtchnop;
import ristretto.abi.SharedInfo;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.Memory;

/**
 * The 2-level ABI: a pending and a mask bit for each port in the shared info page, and in each
 * vcpu_info a selector with a bit for each word of pending bits. {@code xen/include/public/xen.h},
 * {@code struct shared_info}.
 */
final class TwoLevel implements EventAbi {
  private SharedInfo shared = new SharedInfo(0);

  @BootOnly
  TwoLevel() {}

  /** The page is there from the domain's creation on. */
  void start(SharedInfo shared) {
    this.shared = shared;
  }

  @Override
  public int raise(int port, Port entry, VcpuEvents target) {
    if (GuestWord.setBit64(shared.pendingWord(port), port & 63)) {
      return OLD;
    }
    return !isMasked(port) && target.select(port >>> 6) ? UPCALL : QUIET;
  }

  @Override
  @Inline
  public boolean isSettled(int port) {
    return isPending(port);
  }

  @Override
  public int unmask(int port, Port entry, VcpuEvents target) {
    boolean masked = GuestWord.clearBit64(shared.maskWord(port), port & 63);
    return masked && isPending(port) && target.select(port >>> 6) ? UPCALL : OLD;
  }

  @Override
  public boolean isPending(int port) {
    return port < limit() && Bits.isSet(Memory.load64(shared.pendingWord(port)), port & 63);
  }

  @Override
  public boolean isMasked(int port) {
    return port >= limit() || Bits.isSet(Memory.load64(shared.maskWord(port)), port & 63);
  }

  @Override
  public boolean isBusy(int port) {
    return false;
  }

  @Override
  public void clear(int port) {
    GuestWord.clearBit64(shared.pendingWord(port), port & 63);
  }

  @Override
  public int limit() {
    return Evtchnop.TWO_LEVEL_CHANNELS;
  }
}
