package ristretto.core.domain;

import org.jspecify.annotations.Nullable;
import ristretto.abi.Errno;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Cold;

/**
 * The life of a domain beside Dom0: being built, paused by its controller; running; perhaps shut
 * down; dying, when {@link DomainEnd} takes it apart. All of it under the toolstack's lock. Nobody
 * waits here for another CPU: what is to be asked again returns false.
 */
public final class DomainLife {
  /** Frames of ports, grants and vCPUs that a domain may make the hypervisor keep for it. */
  private static final int MOST_OVERHEAD = 2048;

  /**
   * Frames of stage 2 tables before the toolstack has said how many there may be: the first table
   * and what maps a device.
   */
  private static final int FIRST_TABLES = 16;

  private DomainLife() {}

  /**
   * A new domain, paused, with no memory and no vCPUs; {@link Domains#add} makes it known.
   *
   * @param number its number, 0 for one that is free
   * @param vcpus vCPUs that it may have, at most {@link Domain#MAXIMUM_VCPUS}
   * @param lines INTIDs of its interrupt controller, a multiple of 32
   * @return null if there is no room for it
   */
  @Cold
  public static @Nullable Domain create(int number, int vcpus, int lines) {
    Domain domain = Domains.spare();
    int given = number == 0 ? Domains.nextNumber() : number;
    if (domain == null || given < 0) {
      return null;
    }
    domain.memory.removeLimits();
    domain.memory.setMemoryLimit(0);
    domain.memory.setOverheadLimit(MOST_OVERHEAD);
    domain.memory.setTableLimit(FIRST_TABLES);
    if (domain.p2m.open() != Errno.OK) {
      return null;
    }
    domain.open(given, vcpus);
    domain.controllerPauses = 1;
    if (GuestPlatform.build(domain, lines) != Errno.OK) {
      DomainEnd.abandon(domain);
      return null;
    }
    return domain;
  }

  /**
   * XEN_DOMCTL_max_vcpus: the vCPUs begin to exist, offline.
   *
   * @return OK, EINVAL for another number than at its creation, or ENOMEM
   */
  @Cold
  public static long addVcpus(Domain domain, int count) {
    if (count != domain.maximumVcpus || domain.isDying()) {
      return Errno.EINVAL;
    }
    int before = domain.vcpuCount;
    boolean added = domain.addVcpus(count);
    for (int i = before; i < domain.vcpuCount && domain.controllerPauses != 0; i++) {
      Scheduler.pause(domain.vcpus[i], PauseReason.PAUSED);
    }
    return added ? Errno.OK : Errno.ENOMEM;
  }

  /**
   * One more pause by the controller, and no vCPU runs any more.
   *
   * @return false: some are still on their CPUs, nothing is counted yet
   */
  @Cold
  public static boolean pause(Domain domain) {
    if (!hold(domain)) {
      return false;
    }
    domain.controllerPauses++;
    for (int i = 0; i < domain.vcpuCount; i++) {
      Scheduler.pause(domain.vcpus[i], PauseReason.PAUSED);
    }
    letGo(domain);
    return true;
  }

  /**
   * One pause less; with the last one it runs.
   *
   * @return OK, or EINVAL when it is not paused
   */
  @Cold
  public static long unpause(Domain domain) {
    if (domain.controllerPauses == 0) {
      return Errno.EINVAL;
    }
    domain.controllerPauses--;
    if (domain.controllerPauses == 0) {
      domain.started = true;
      for (int i = 0; i < domain.vcpuCount; i++) {
        Scheduler.resume(domain.vcpus[i], PauseReason.PAUSED);
      }
    }
    return Errno.OK;
  }

  /**
   * Stops all vCPUs and gets their registers out of the CPUs, until {@link #letGo}.
   *
   * @return false: not all are out; ask again
   */
  @Cold
  public static boolean hold(Domain domain) {
    boolean out = true;
    for (int i = 0; i < domain.vcpuCount; i++) {
      Scheduler.pause(domain.vcpus[i], PauseReason.HELD);
      out &= Scheduler.evict(domain.vcpus[i]);
    }
    return out;
  }

  /** Ends {@link #hold}. */
  @Cold
  public static void letGo(Domain domain) {
    for (int i = 0; i < domain.vcpuCount; i++) {
      Scheduler.resume(domain.vcpus[i], PauseReason.HELD);
    }
  }
}
