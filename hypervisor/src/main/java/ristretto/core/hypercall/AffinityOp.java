package ristretto.core.hypercall;

import ristretto.abi.Bitmap;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlVcpu;
import ristretto.abi.DomctlVcpu.Affinity;
import ristretto.abi.Errno;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.CpuClasses;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/**
 * Where vCPUs may run (hard affinity) and would best run (soft affinity), and the same for nodes,
 * of which there is one.
 */
@Cold
final class AffinityOp {
  /** Node 0. */
  private static final long ALL_NODES = 1;

  private static final int NODES = 1;

  private AffinityOp() {}

  /** XEN_DOMCTL_getvcpuaffinity. */
  static long get(Vcpu caller, Domain domain, Domctl argument) {
    Affinity affinity = new Affinity(argument.payload());
    long checked = check(domain, affinity);
    if (checked != Errno.OK) {
      return checked;
    }
    Vcpu vcpu = domain.vcpus[affinity.vcpu()];
    long hard = vcpu.affinity & vcpu.candidate.peers() & allCpus();
    return answer(caller, affinity, hard, vcpu.softAffinity & allCpus());
  }

  /** XEN_DOMCTL_setvcpuaffinity; answers what the affinity is in effect, as Xen does. */
  static long set(Vcpu caller, Domain domain, Domctl argument) {
    Affinity affinity = new Affinity(argument.payload());
    long checked = check(domain, affinity);
    if (checked != Errno.OK) {
      return checked;
    }
    Vcpu vcpu = domain.vcpus[affinity.vcpu()];
    long hard =
        isAsked(affinity, DomctlVcpu.AFFINITY_HARD)
            ? cpus(caller, affinity.hard())
            : vcpu.affinity & allCpus();
    long soft =
        isAsked(affinity, DomctlVcpu.AFFINITY_SOFT)
            ? cpus(caller, affinity.soft())
            : vcpu.softAffinity & allCpus();
    if (hard < 0 || soft < 0) {
      return hard < 0 ? hard : soft;
    }
    if ((hard & domain.share.pool().cpus()) == 0) {
      return Errno.EINVAL;
    }
    if (!Scheduler.setAffinity(vcpu, hard, soft)) {
      CpuClasses.refuse(vcpu);
      return Errno.EINVAL;
    }
    long effective = hard & vcpu.candidate.peers();
    return answer(caller, affinity, effective, soft & effective);
  }

  /** The CPUs that the caller's bitmap names, or why that is no answer. */
  private static long cpus(Vcpu caller, Bitmap bitmap) {
    if (!CallerBitmap.read(caller, bitmap, Cpus.count())) {
      return Errno.EFAULT;
    }
    long members = CallerBitmap.members(bitmap, Cpus.count());
    return members == 0 ? Errno.EINVAL : members; // nothing to run on
  }

  private static long check(Domain domain, Affinity affinity) {
    int known = (int) (Bits.bit(DomctlVcpu.AFFINITY_HARD) | Bits.bit(DomctlVcpu.AFFINITY_SOFT));
    int asked = affinity.flags() & ~(int) Bits.bit(DomctlVcpu.AFFINITY_FORCE);
    if (asked == 0
        || (asked & ~known) != 0
        || Integer.compareUnsigned(affinity.vcpu(), domain.vcpuCount) >= 0) {
      return Errno.EINVAL;
    }
    return Errno.OK;
  }

  private static long answer(Vcpu caller, Affinity affinity, long hard, long soft) {
    boolean told =
        (!isAsked(affinity, DomctlVcpu.AFFINITY_HARD)
                || CallerBitmap.write(caller, affinity.hard(), hard))
            && (!isAsked(affinity, DomctlVcpu.AFFINITY_SOFT)
                || CallerBitmap.write(caller, affinity.soft(), soft));
    return told ? Errno.OK : Errno.EFAULT;
  }

  private static boolean isAsked(Affinity affinity, int flag) {
    return Bits.isSet(affinity.flags(), flag);
  }

  /** XEN_DOMCTL_setnodeaffinity: all memory is in the one node there is. */
  static long setNodes(Vcpu caller, Domctl argument) {
    Bitmap nodes = new Bitmap(argument.payload());
    if (!CallerBitmap.read(caller, nodes, NODES)) {
      return Errno.EFAULT;
    }
    return CallerBitmap.members(nodes, NODES) == 0 ? Errno.EINVAL : Errno.OK;
  }

  /** XEN_DOMCTL_getnodeaffinity. */
  static long getNodes(Vcpu caller, Domctl argument) {
    Bitmap nodes = new Bitmap(argument.payload());
    return CallerBitmap.write(caller, nodes, ALL_NODES) ? Errno.OK : Errno.EFAULT;
  }

  /** A bit for each CPU. */
  static long allCpus() {
    return Bits.mask(Cpus.count() - 1, 0);
  }
}
