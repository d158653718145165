package ristretto.core.domain;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import ristretto.abi.Hvmop;
import ristretto.arch.HcrEl2;
import ristretto.core.console.GuestConsole;
import ristretto.core.console.Log;
import ristretto.core.cpu.Cpus;
import ristretto.core.event.DomainVirq;
import ristretto.core.event.EventChannels;
import ristretto.core.event.SharedPage;
import ristretto.core.grant.GrantTable;
import ristretto.core.interrupt.Vgic;
import ristretto.core.mm.Frames;
import ristretto.core.mm.MemoryAccount;
import ristretto.core.mm.P2m;
import ristretto.core.sched.DomainShare;
import ristretto.core.sched.Scheduler;
import ristretto.core.uart.VirtualUart;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;

/**
 * A virtual machine. The object is made at boot and lives through one domain after another: {@link
 * #open} begins a life with everything as new, and nothing of it is used after its end (SECURITY
 * rule 2). Who found it by number and then took one of its locks looks again whether {@link #id} is
 * still that number and {@link #isDying} false.
 */
public final class Domain {
  /** MPIDR_EL1 bits that tell CPUs apart: Aff3, Aff2, Aff1, Aff0. */
  private static final long AFFINITY = Bits.mask(39, 32) | Bits.mask(23, 0);

  /** vCPUs that share an Aff1: the targets that one ICC_SGI1R_EL1 can name. */
  private static final int VCPUS_PER_CLUSTER = 16;

  /** Ranges of devices' registers that one may have. */
  private static final int DEVICE_RANGES = 16;

  /** vCPUs that a domain beside Dom0 may have: as many as a GICv2 can address. */
  public static final int MAXIMUM_VCPUS = 8;

  /** PPI 0 (INTID 16), which Xen takes for Dom0 and tells it in the hypervisor node. */
  public static final int DOM0_EVENT_INTERRUPT = 16;

  /** GUEST_EVTCHN_PPI: the same for any other domain. xen/include/public/arch-arm.h. */
  public static final int EVENT_INTERRUPT = 31;

  private static final int NO_VCPU = -1;

  /** {@link #id} between two lives: a number that no domain has. */
  private static final int NOBODY = -1;

  /** {@code domid_t}. */
  public int id = NOBODY;

  /** Dom0: may drive the toolstack interface and the machine. */
  public final boolean privileged;

  /** As many as it may ever have; those that exist are the first {@link #vcpuCount}. */
  public final Vcpu[] vcpus;

  /** vCPUs that exist, memory and all. */
  public int vcpuCount;

  /** vCPUs that this life may have: {@code max_vcpus} of its creation. */
  public int maximumVcpus;

  /** HCR_EL2 of the domains that are made from now on. */
  private static long guestHcr = HcrEl2.GUEST;

  /** HCR_EL2 while one of its vCPUs is loaded. */
  public final long hcr = guestHcr;

  /** Stage 2. */
  public final P2m p2m;

  /** Who pays for its memory. */
  public final MemoryAccount memory;

  /** Its interrupt controller. */
  public final Vgic vgic;

  /** CNTVOFF_EL2: what its virtual counter is behind the physical one, in ticks. */
  public long counterOffset;

  public final MmioMap mmio = new MmioMap();

  /** By CPU: the id of the vCPU that was loaded there last, or {@link #NO_VCPU}. */
  final int[] lastVcpuOnCpu = new int[Cpus.MAXIMUM];

  /** INTID of the interrupt that tells of events: the one in its device tree's hypervisor node. */
  public int eventInterrupt = DOM0_EVENT_INTERRUPT;

  public final EventChannels events = new EventChannels(this);

  public final GrantTable grants = new GrantTable(this);

  public final VirtualUart uart = new VirtualUart(this);

  public final SharedPage shared = new SharedPage(this);

  /** What it writes with console_io, and its budget for that. */
  public final GuestConsole console;

  /** HVM_PARAM_*, by index. Written with release by the toolstack or by the domain itself. */
  public final long[] hvmParameters = new long[Hvmop.PARAM_COUNT];

  /** VMASST_TYPE_*, a bit each. */
  public volatile int assists;

  /** What it is to have of the CPUs. */
  public final DomainShare share = new DomainShare(this);

  /** What the toolstack set for it. */
  public final DomainSettings settings = new DomainSettings();

  /**
   * The frames of devices' registers that the toolstack lets it have. Guarded by the toolstack's
   * lock. Rights alone map nothing.
   */
  public final FrameRanges devices = new FrameRanges(DEVICE_RANGES);

  /** xen_domain_handle_t: the UUID that the toolstack gave it; Dom0's is zero. */
  public final long[] handle = new long[2];

  /** What of the firmware's services it may call: {@link FirmwareGroups}. */
  public int firmwareGroups;

  /** Calls to the firmware that were refused. */
  public final RefusedCalls refusedCalls = new RefusedCalls();

  /** Accesses that were answered by an abort; a counter, not a line each (SECURITY rule 9). */
  public long refusedAccesses;

  /** A fault of the hypervisor came while one of its locks was held. */
  public volatile boolean halfChanged;

  /** What shuts it down unless it asks for more time. */
  public final Watchdogs watchdogs = new Watchdogs(this);

  private final AtomicInteger shutdown = new AtomicInteger(ShutdownReason.NONE);

  /** The reason that a later shutdown is to have, or NONE: SCHEDOP_shutdown_code. */
  private final AtomicInteger announced = new AtomicInteger(ShutdownReason.NONE);

  /** It has run: its controller has unpaused it once. Guarded by the toolstack's lock. */
  public boolean started;

  /** How often its controller has paused it. Guarded by the toolstack's lock. */
  int controllerPauses;

  /** How far its destruction is: {@link DomainEnd}. Guarded by the toolstack's lock. */
  int endStage;

  /** A number that no other domain has or will have, {@link #id} notwithstanding. */
  public long uniqueId;

  /** Lives that have begun. Guarded by the toolstack's lock. */
  private static long lives;

  /** Its destruction has begun: it gets nothing new. Never true for Dom0. */
  private volatile boolean dying;

  /**
   * Room for domains, one after the other.
   *
   * @param mostVcpus vCPUs that each of them may have
   * @param interruptLines INTIDs that each of them may have, a multiple of 32
   */
  @BootOnly
  public Domain(boolean privileged, int mostVcpus, int interruptLines, P2m p2m) {
    this.privileged = privileged;
    this.console = new GuestConsole(NOBODY, privileged);
    this.vgic = new Vgic(this, interruptLines);
    this.vcpus = new Vcpu[mostVcpus];
    for (int i = 0; i < mostVcpus; i++) {
      vcpus[i] = new Vcpu(this, i);
    }
    this.p2m = p2m;
    this.memory = p2m.account();
    p2m.belongsTo(this);
    if (privileged) {
      p2m.setDirectMapped();
    }
  }

  /**
   * A new life, with no memory and no vCPUs yet. The caller makes it known by its number when the
   * rest is there.
   *
   * @param maximum vCPUs that it may have
   */
  public void open(int number, int maximum) {
    maximumVcpus = maximum;
    vcpuCount = 0;
    counterOffset = 0;
    eventInterrupt = privileged ? DOM0_EVENT_INTERRUPT : EVENT_INTERRUPT;
    assists = 0;
    refusedAccesses = 0;
    refusedCalls.reset();
    firmwareGroups = privileged ? FirmwareGroups.ALL : FirmwareGroups.NONE;
    shutdown.set(ShutdownReason.NONE);
    announced.set(ShutdownReason.NONE);
    dying = false;
    halfChanged = false;
    settings.reset();
    share.reset();
    devices.clear();
    started = false;
    controllerPauses = 0;
    endStage = 0;
    Arrays.fill(handle, 0);
    Arrays.fill(hvmParameters, 0);
    Arrays.fill(lastVcpuOnCpu, NO_VCPU);
    mmio.clear();
    console.reuse(number);
    for (Vcpu vcpu : vcpus) {
      vcpu.events.open(); // before the first one is shown something in the shared page
    }
    lives++;
    uniqueId = lives;
    id = number;
  }

  /**
   * Gives it its vCPUs, all offline.
   *
   * @return false if there is no memory for them; then {@link #freeVcpus} takes back what there is
   */
  public boolean addVcpus(int count) {
    long block = 0;
    long left = 0;
    for (int i = vcpuCount; i < count; i++) {
      if (left < Vcpu.BLOCK_SIZE) {
        long frame = Frames.allocate(0, this);
        if (frame < 0) {
          return false;
        }
        block = frame << Frames.SHIFT;
        left = Frames.SIZE;
      }
      vcpus[i].open(block, Cpus.online(id + i, share.pool().cpus()));
      vcpuCount = i + 1;
      block += Vcpu.BLOCK_SIZE;
      left -= Vcpu.BLOCK_SIZE;
    }
    return true;
  }

  /** Ends its vCPUs, none of which is loaded or will be, and gives their memory back. */
  void freeVcpus() {
    for (int i = 0; i < vcpuCount; i++) {
      long block = vcpus[i].close();
      if (Bits.isAligned(block, Frames.SIZE)) {
        Frames.free(block >>> Frames.SHIFT, 0);
      }
    }
    vcpuCount = 0;
  }

  /** It is in use: a domain lives in it. */
  boolean isOpen() {
    return id != NOBODY;
  }

  /** The object is nobody's: until it is opened again no look-up finds it. */
  void close() {
    id = NOBODY;
  }

  /** Its destruction has begun. Asked again under every lock that guards what is to be added. */
  public boolean isDying() {
    return dying;
  }

  void setDying() {
    dying = true;
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
    for (int i = 0; i < vcpuCount; i++) {
      Vcpu vcpu = vcpus[i];
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
    int known = announced.get();
    int stands = known == ShutdownReason.NONE ? reason : known;
    if (shutdown.compareAndSet(ShutdownReason.NONE, stands)) {
      stop(stands);
    }
  }

  /** The next {@link #shutdown} will be for {@code reason}; the first one announced stands. */
  public void announceShutdown(int reason) {
    announced.compareAndSet(ShutdownReason.NONE, reason);
  }

  private void stop(int reason) {
    for (int i = 0; i < vcpuCount; i++) {
      Scheduler.pause(vcpus[i], PauseReason.SHUTDOWN);
    }
    if (privileged) {
      MachinePower.onDom0Shutdown(reason);
    } else {
      DomainVirq.onShutdown(this, reason);
    }
  }

  /** It was shut down to be suspended, and goes on as if nothing had been. */
  @Cold
  public void resume() {
    announced.set(ShutdownReason.NONE);
    if (shutdown.getAndSet(ShutdownReason.NONE) != ShutdownReason.NONE) {
      for (int i = 0; i < vcpuCount; i++) {
        Scheduler.resume(vcpus[i], PauseReason.SHUTDOWN);
      }
    }
  }

  /** Its controller has paused it. */
  public boolean isPausedByController() {
    return controllerPauses != 0;
  }

  /**
   * It broke a rule that has no other answer: it stops, and nothing else does. One line says so: a
   * domain ends once, which keeps within the console's budget (SECURITY rule 9).
   */
  @Cold
  public void crash(String reason) {
    if (shutdown.compareAndSet(ShutdownReason.NONE, ShutdownReason.CRASH)) {
      Log.error().text("domain ").dec(id).text(" crashed: ").text(reason).end();
      stop(ShutdownReason.CRASH);
    }
  }
}
