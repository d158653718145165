package ristretto.core.sched;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ristretto.abi.Errno;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.CpuClasses;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/**
 * The pools. Each CPU is in one or in none, each domain in one. What changes them is called under
 * the toolstack's lock and takes the scheduler's; errors are those that sysctl.h has for
 * cpupool_op.
 */
@Cold
public final class Pools {
  /** The number of a pool, or of a CPU, that the caller leaves open. */
  private static final int ANY = -1;

  /** One for each CPU, and one that has none. */
  private static final int MAXIMUM = Cpus.MAXIMUM + 1;

  private static final @Nullable Pool[] POOLS = new Pool[MAXIMUM];

  private Pools() {}

  /**
   * Values of the command line for credit2, in µs: the shortest turn while others wait, how much
   * more credit it takes to change the CPU, and the period that caps are counted in.
   */
  @BootOnly
  public static void configure(int rateLimit, int resist, int capPeriod) {
    Credit2.configure(rateLimit, resist, capPeriod);
  }

  /**
   * The first pool, with every CPU, and room for others. The CPUs are known, and the counter's
   * frequency.
   *
   * @param scheduler {@code XEN_SCHEDULER_*} of the first pool
   */
  @BootOnly
  public static void start(int scheduler) {
    Placement.READY.open();
    Pool.FIRST.makeRoom();
    Pool.FIRST.cpus = (1 << Cpus.count()) - 1;
    Pool.FIRST.open(scheduler);
    POOLS[0] = Pool.FIRST;
    for (int i = 1; i < MAXIMUM; i++) {
      Pool pool = new Pool(i, 0, new Credit2());
      pool.makeRoom();
      POOLS[i] = pool;
    }
  }

  /** A pool with CPUs of the first one's, before any of these runs a vCPU. */
  @BootOnly
  public static void divide(int id, int cpus, int scheduler) {
    Pool pool = Objects.requireNonNull(POOLS[id]);
    pool.open(scheduler);
    pool.cpus = cpus;
    Pool.FIRST.cpus &= ~cpus;
    for (int i = 0; i < Cpus.count(); i++) {
      if ((cpus >>> i & 1) != 0) {
        Cpus.get(i).pool = pool;
      }
    }
  }

  /** A CPU that has not come is in no pool, nor free for one. */
  @BootOnly
  public static void leaveOut(Cpu cpu) {
    cpu.pool.cpus &= ~(1 << cpu.index);
  }

  /** The pool of that number, or null. */
  public static @Nullable Pool find(int id) {
    Pool pool = Integer.compareUnsigned(id, MAXIMUM) < 0 ? POOLS[id] : null;
    return pool != null && pool.exists ? pool : null;
  }

  /** The pool with the lowest number from {@code id} on, or null. */
  public static @Nullable Pool from(int id) {
    for (int i = Math.max(id, 0); i < MAXIMUM; i++) {
      Pool pool = find(i);
      if (pool != null) {
        return pool;
      }
    }
    return null;
  }

  /**
   * A new pool without CPUs.
   *
   * @param id its number, or -1 for any that is free
   * @return its number, or EEXIST, ENOSPC, EINVAL for a scheduler that there is not
   */
  public static long create(int id, int scheduler) {
    int free = id;
    for (int i = 0; i < MAXIMUM && free == ANY; i++) {
      free = find(i) == null ? i : free;
    }
    if (free == ANY || Integer.compareUnsigned(free, MAXIMUM) >= 0) {
      return Errno.ENOSPC;
    }
    if (find(free) != null) {
      return Errno.EEXIST;
    }
    return Objects.requireNonNull(POOLS[free]).open(scheduler) ? free : Errno.EINVAL;
  }

  /** Ends a pool that has no CPU and no domain; EBUSY otherwise. */
  public static long destroy(Pool pool) {
    if (pool == Pool.FIRST || pool.cpus != 0 || domains(pool) != 0) {
      return Errno.EBUSY;
    }
    pool.exists = false;
    return Errno.OK;
  }

  /** How many domains a pool has. */
  public static int domains(Pool pool) {
    int count = 0;
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      count += domain != null && domain.share.pool == pool ? 1 : 0;
    }
    return count;
  }

  /** CPUs that are in no pool. */
  public static long freeCpus() {
    long free = 0;
    for (int i = 0; i < Cpus.count(); i++) {
      free |= Cpus.get(i).pool == Pool.NONE ? 1L << i : 0;
    }
    return free;
  }

  /**
   * A CPU that is in no pool comes into one.
   *
   * @param index of the CPU, or -1 for any
   * @return OK, EINVAL: there is no such CPU; ENODEV: it is not free
   */
  public static long addCpu(Pool pool, int index) {
    int cpu = index == ANY ? Long.numberOfTrailingZeros(freeCpus()) : index;
    if (index != ANY && Integer.compareUnsigned(cpu, Cpus.count()) >= 0) {
      return Errno.EINVAL;
    }
    if (cpu >= Cpus.count() || Cpus.get(cpu).pool != Pool.NONE) {
      return Errno.ENODEV;
    }
    boolean unused = change(Cpus.get(cpu), pool); // nobody loses a CPU that is in no pool
    return Errno.OK;
  }

  /**
   * A CPU leaves its pool; what runs there goes to another one.
   *
   * @param index of the CPU, or -1 for the last of the pool
   * @return OK, EINVAL: there is no such CPU; EADDRNOTAVAIL: it is not in the pool; EBUSY: it is
   *     the last one, or the last of a class, and there are domains
   */
  public static long removeCpu(Pool pool, int index) {
    int cpu = index == ANY ? Integer.SIZE - 1 - Integer.numberOfLeadingZeros(pool.cpus) : index;
    if (index != ANY && Integer.compareUnsigned(cpu, Cpus.count()) >= 0) {
      return Errno.EINVAL;
    }
    if (cpu < 0 || (pool.cpus >>> cpu & 1) == 0) {
      return Errno.EADDRNOTAVAIL;
    }
    if (Integer.bitCount(pool.cpus) == 1 && domains(pool) != 0) {
      return Errno.EBUSY;
    }
    return change(Cpus.get(cpu), Pool.NONE) ? Errno.OK : Errno.EBUSY;
  }

  /**
   * {@code cpu} is in another pool from now on, of which one is {@link Pool#NONE}.
   *
   * @return false: a vCPU of its pool would have no CPU that it can run on
   */
  private static boolean change(Cpu cpu, Pool pool) {
    Scheduler.LOCK.lock();
    Pool old = cpu.pool;
    Vcpu stranded = null;
    for (int slot = 0; slot < Domains.MAXIMUM && stranded == null; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null && domain.share.pool == old) {
        stranded = stranger(domain, old.cpus & ~(1 << cpu.index));
      }
    }
    if (stranded == null) {
      assign(cpu, old, pool, SysReg.CNTPCT_EL0.read());
    }
    Scheduler.LOCK.unlock();
    return isPossible(stranded);
  }

  private static void assign(Cpu cpu, Pool old, Pool pool, long now) {
    cpu.pool = pool;
    cpu.contended = false;
    old.cpus &= ~(1 << cpu.index);
    if (pool != Pool.NONE) {
      pool.cpus |= 1 << cpu.index;
    }
    restrictAll(old, now);
    restrictAll(pool, now);
    pool.policy.added(cpu.index, now);
    Placement.ask(cpu);
  }

  /** A vCPU of {@code domain} that has run on a class of which there is no CPU in {@code cpus}. */
  private static @Nullable Vcpu stranger(Domain domain, int cpus) {
    for (int i = 0; i < domain.vcpuCount; i++) {
      if (domain.vcpus[i].candidate.isStrangerTo(cpus)) {
        return domain.vcpus[i];
      }
    }
    return null;
  }

  /** The log has the reason why not. */
  private static boolean isPossible(@Nullable Vcpu stranger) {
    if (stranger != null) {
      CpuClasses.refuse(stranger);
    }
    return stranger == null;
  }

  /** The CPUs of a pool choose again. The scheduler's lock is held. */
  static void askAll(Pool pool) {
    for (int i = 0; i < Cpus.count(); i++) {
      if (Cpus.get(i).pool == pool) {
        Placement.ask(Cpus.get(i));
      }
    }
  }

  /** The CPUs of a pool have changed: where its vCPUs may run is looked up again. */
  private static void restrictAll(Pool pool, long now) {
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      for (int i = 0; domain != null && domain.share.pool == pool && i < domain.vcpuCount; i++) {
        Scheduler.restrict(domain.vcpus[i], now);
      }
    }
  }

  /**
   * {@code domain} is in {@code pool} from now on, with no weight, cap and affinity of its own if
   * it was in another.
   *
   * @return OK, EBUSY: that has no CPU; EINVAL: none of the class of one of its vCPUs
   */
  public static long move(Domain domain, Pool pool) {
    if (pool == domain.share.pool) {
      return Errno.OK;
    }
    if (pool.cpus == 0) {
      return Errno.EBUSY;
    }
    Scheduler.LOCK.lock();
    Vcpu stranger = stranger(domain, pool.cpus);
    if (stranger == null) {
      move(domain, pool, SysReg.CNTPCT_EL0.read());
    }
    Scheduler.LOCK.unlock();
    return isPossible(stranger) ? Errno.OK : Errno.EINVAL;
  }

  private static void move(Domain domain, Pool pool, long now) {
    for (int i = 0; i < domain.vcpuCount; i++) {
      leave(domain.vcpus[i], now);
    }
    domain.share.enter(pool);
    for (int i = 0; i < domain.vcpuCount; i++) {
      arrive(domain.vcpus[i], now);
    }
  }

  private static void leave(Vcpu vcpu, long now) {
    Candidate candidate = vcpu.candidate;
    Policy policy = candidate.policy();
    if (vcpu.residence == Residence.RUNNING) {
      policy.charge(candidate, now);
    }
    Placement.withdraw(vcpu);
    policy.part(candidate, now);
  }

  /** A vCPU that is in a queue no more. */
  private static void arrive(Vcpu vcpu, long now) {
    Candidate candidate = vcpu.candidate;
    candidate.chargedAt = now;
    Placement.unpin(candidate);
    candidate.policy().join(candidate, now);
    switch (vcpu.residence) {
      case QUEUED, HELD -> Placement.ready(vcpu, now);
      case RUNNING, LEAVING -> {
        candidate.policy().resettle(candidate);
        Placement.ask(vcpu.cpu);
      }
      default -> {}
    }
  }
}
