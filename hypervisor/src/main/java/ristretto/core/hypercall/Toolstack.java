package ristretto.core.hypercall;

import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;

/**
 * What domctl and sysctl share: they are served one at a time, so that the life cycle of domains
 * has no races among Dom0's vCPUs. Permission is checked before the lock is asked for (SECURITY
 * rule 6), and each request is bounded or continued, so that nobody waits for long.
 */
final class Toolstack {
  static final SpinLock LOCK = new SpinLock(LockRank.TOOLSTACK);

  private Toolstack() {}
}
