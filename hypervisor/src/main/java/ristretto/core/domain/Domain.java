package ristretto.core.domain;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import ristretto.abi.Hvmop;
import ristretto.arch.HcrEl2;
import ristretto.core.console.GuestConsole;
import ristretto.core.cpu.Cpus;
import ristretto.core.event.EventChannels;
import ristretto.core.event.SharedPage;
import ristretto.core.grant.GrantTable;
import ristretto.core.interrupt.Vgic;
import ristretto.core.mm.MemoryAccount;
import ristretto.core.mm.P2m;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.SysReg;

/** A virtual machine. */
public final class Domain {
  /** MPIDR_EL1 bits that tell CPUs apart: Aff3, Aff2, Aff1, Aff0. */
  private static final long AFFINITY = Bits.mask(39, 32) | Bits.mask(23, 0);

  /** vCPUs that share an Aff1: the targets that one ICC_SGI1R_EL1 can name. */
  private static final int VCPUS_PER_CLUSTER = 16;

  /** PPI 0 (INTID 16), which Xen takes for Dom0 and tells it in the hypervisor node. */
  public static final int DOM0_EVENT_INTERRUPT = 16;

  public final int id;

  /** Dom0: may drive the toolstack interface and the machine. */
  public final boolean privileged;

  public final Vcpu[] vcpus;

  /** HCR_EL2 of the domains that are made from now on. */
  private static long guestHcr = HcrEl2.GUEST;

  /** HCR_EL2 while one of its vCPUs is loaded. */
  public final long hcr = guestHcr;

  /** MIDR_EL1 as its vCPUs read it: the boot CPU's. */
  public final long midr = SysReg.MIDR_EL1.read();

  /** Stage 2. */
  public final P2m p2m;

  /** Who pays for its memory. */
  public final MemoryAccount memory;

  public final IdRegisters idRegisters;

  /** Its interrupt controller. */
  public final Vgic vgic = new Vgic(this);

  /** CNTVOFF_EL2: what its virtual counter is behind the physical one, in ticks. */
  public long counterOffset;

  public final MmioMap mmio = new MmioMap();

  /** By CPU: the id of the vCPU that was loaded there last, or -1. */
  final int[] lastVcpuOnCpu = new int[Cpus.MAXIMUM];

  /** INTID of the interrupt that tells of events: the one in its device tree's hypervisor node. */
  public int eventInterrupt = DOM0_EVENT_INTERRUPT;

  public final EventChannels events = new EventChannels(this);

  public final GrantTable grants = new GrantTable(this);

  public final SharedPage shared = new SharedPage(this);

  /** What it writes with console_io, and its budget for that. */
  public final GuestConsole console;

  /** HVM_PARAM_*, by index. Written with release by the toolstack or by the domain itself. */
  public final long[] hvmParameters = new long[Hvmop.PARAM_COUNT];

  /** VMASST_TYPE_*, a bit each. */
  public volatile int assists;

  /** xen_domain_handle_t: the UUID that the toolstack gave it; Dom0's is zero. */
  public final long[] handle = new long[2];

  /** Accesses that were answered by an abort; a counter, not a line each (SECURITY rule 9). */
  public long refusedAccesses;

  private final AtomicInteger shutdown = new AtomicInteger(ShutdownReason.NONE);

  @BootOnly
  public Domain(int id, boolean privileged, int vcpuCount, P2m p2m, IdRegisters idRegisters) {
    this.id = id;
    this.privileged = privileged;
    this.console = new GuestConsole(id, privileged);
    this.vcpus = new Vcpu[vcpuCount];
    this.p2m = p2m;
    this.memory = p2m.account();
    if (privileged) {
      p2m.setDirectMapped();
    }
    this.idRegisters = idRegisters;
    for (int i = 0; i < lastVcpuOnCpu.length; i++) {
      lastVcpuOnCpu[i] = -1;
    }
  }

  /** {@code vwfi=native}: a vCPU that waits for an interrupt keeps its CPU. */
  @BootOnly
  public static void waitNatively() {
    guestHcr = HcrEl2.GUEST_WAITS_NATIVELY;
  }

  /** MPIDR_EL1 of vCPU {@code id}: 16 to a cluster, as Xen numbers them. */
  public static long mpidrOf(int id) {
    long res1 = Bits.bit(31);
    return Bits.put(Bits.put(res1, 15, 8, id / VCPUS_PER_CLUSTER), 7, 0, id % VCPUS_PER_CLUSTER);
  }

  /** The vCPU with these affinity fields, or null. */
  public @Nullable Vcpu vcpuByMpidr(long mpidr) {
    for (Vcpu vcpu : vcpus) {
      if ((vcpu.mpidr & AFFINITY) == mpidr) {
        return vcpu;
      }
    }
    return null;
  }

  /** {@link ShutdownReason}; NONE while it runs. */
  public int shutdownReason() {
    return shutdown.get();
  }

  /** Stops all vCPUs for good; the first reason given stands. Dom0 takes the machine along. */
  public void shutdown(int reason) {
    if (!shutdown.compareAndSet(ShutdownReason.NONE, reason)) {
      return;
    }
    for (Vcpu vcpu : vcpus) {
      Scheduler.pause(vcpu, PauseReason.SHUTDOWN);
    }
    if (privileged) {
      MachinePower.onDom0Shutdown(reason);
    }
  }

  /** It broke a rule that has no other answer: it stops, and nothing else does. */
  @Cold
  public void crash(String reason) {
    shutdown(ShutdownReason.CRASH);
  }
}
