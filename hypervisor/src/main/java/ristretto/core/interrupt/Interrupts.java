package ristretto.core.interrupt;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ristretto.arch.gic.Gicd;
import ristretto.core.console.Log;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Vcpu;
import ristretto.core.sched.Scheduler;
import ristretto.driver.gic.Gic;
import ristretto.driver.gic.GicStart;
import ristretto.driver.timer.GenericTimer;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.machine.Hint;
import ristretto.machine.SysReg;

/**
 * Physical interrupts: each INTID belongs to a handler of the hypervisor, to a guest, or to nobody.
 *
 * <p>A guest's interrupt stays active at the physical controller until the guest itself ends it, so
 * a device that never drops its level interrupts its own guest only. An interrupt of nobody is
 * disabled and counted.
 */
public final class Interrupts {
  /** Interrupts served in one trap; what is left traps again, after the guest made a step. */
  private static final int BATCH = 16;

  private static final int FIRST_PPI = 16;

  // PPIs as the Arm Base System Architecture recommends them, "PPI assignments", until wire().

  private static int maintenance = 25;
  private static int hypervisorTimer = 26;
  private static int virtualTimer = 27;

  private static @Nullable Gic gic;

  private static @Nullable InterruptHandler[] handlers = new InterruptHandler[0];

  /** By INTID: the guest that gets it. Written under the guest's VGIC lock. */
  private static @Nullable Vgic[] guests = new Vgic[0];

  /** PPIs with a handler, a bit each: enabled on every CPU that starts. */
  private static int privateHandlers;

  private static long unexpected;

  private Interrupts() {}

  /** INTIDs, all of PPIs, as the device tree has them; call it before {@link #start}. */
  @BootOnly
  public static void wire(int maintenanceIntid, int hypervisorTimerIntid, int virtualTimerIntid) {
    maintenance = maintenanceIntid;
    hypervisorTimer = hypervisorTimerIntid;
    virtualTimer = virtualTimerIntid;
  }

  /** INTID of the virtual timer's interrupt at the physical controller. */
  @Inline
  static int virtualTimer() {
    return virtualTimer;
  }

  /**
   * Starts the interrupt controller with the calling CPU, the boot CPU. The hypervisor's timer and
   * the maintenance interrupt are routed here; route SPIs after.
   */
  @BootOnly
  public static GicStart start(Gic controller) {
    GicStart started = controller.startDistributor();
    if (started != GicStart.STARTED) {
      return started;
    }
    handlers = new InterruptHandler[Gicd.FIRST_SPECIAL];
    guests = new Vgic[Gicd.FIRST_SPECIAL];
    gic = controller;
    privateHandlers |= 1 << virtualTimer;
    routePrivate(hypervisorTimer, new HypervisorTimerHandler());
    routePrivate(maintenance, new MaintenanceHandler());
    return startThisCpu();
  }

  /** Makes the calling CPU take interrupts; for secondary CPUs, after {@link #start}. */
  public static GicStart startThisCpu() {
    Gic controller = gic();
    Cpu cpu = Cpu.current();
    GenericTimer.startThisCpu(); // quiet before its interrupts are enabled
    GicStart started = controller.startCpu(cpu.index, SysReg.MPIDR_EL1.read());
    if (started == GicStart.STARTED) {
      for (int left = privateHandlers; left != 0; left &= left - 1) {
        controller.enable(cpu.index, Integer.numberOfTrailingZeros(left));
      }
    }
    return started;
  }

  /** The controller, once {@link #start} has run. */
  @Inline
  public static Gic gic() {
    return Objects.requireNonNull(gic);
  }

  /** An SGI or PPI is the hypervisor's on every CPU that starts from now on. */
  @BootOnly
  public static void routePrivate(int intid, InterruptHandler handler) {
    handlers[intid] = handler;
    privateHandlers |= 1 << intid;
  }

  /** SPI {@code intid} is the hypervisor's, on the calling CPU, from now on. */
  @BootOnly
  public static void route(int intid, boolean edge, InterruptHandler handler) {
    Gic controller = gic();
    int cpu = Cpu.current().index;
    handlers[intid] = handler;
    controller.setEdge(cpu, intid, edge);
    controller.setTarget(intid, cpu);
    controller.enable(cpu, intid);
  }

  /** Is {@code intid} the hypervisor's own? */
  public static boolean isOwn(int intid) {
    return handlers[intid] != null;
  }

  /** The guest that has physical interrupt {@code intid}, or null. */
  public static @Nullable Vgic guestOf(int intid) {
    return guests[intid];
  }

  /** See {@link Vgic#giveInterrupt}, the only caller. */
  static void setGuest(int intid, @Nullable Vgic guest) {
    guests[intid] = guest;
  }

  /** Interrupts that belonged to nobody, each disabled since. */
  public static long unexpected() {
    return unexpected;
  }

  /** Waits for a physical interrupt, and serves what is pending then. */
  public static void awaitAndHandle() {
    gic().lookAgain();
    Hint.waitForInterrupt();
    handlePending();
  }

  /** Acknowledges and serves interrupts until none is pending. */
  public static void handlePending() {
    Gic controller = gic();
    int acknowledged = controller.acknowledge();
    if (Gic.intid(acknowledged) == virtualTimer) {
      onVirtualTimer(controller, acknowledged);
      if (!isPending()) {
        return;
      }
      acknowledged = controller.acknowledge();
    }
    serveFrom(controller, acknowledged);
  }

  /** Out of line, so that the guests' timer interrupts do not pay for what the others need. */
  @Cold
  private static void serveFrom(Gic controller, int first) {
    int acknowledged = first;
    for (int left = BATCH; ; left--) {
      int intid = Gic.intid(acknowledged);
      if (intid == virtualTimer) {
        onVirtualTimer(controller, acknowledged);
      } else if (intid < Gicd.FIRST_SPECIAL) {
        serve(controller, acknowledged, intid);
      } else {
        return; // nothing, or it went away
      }
      if (left == 0 || !isPending()) {
        return;
      }
      acknowledged = controller.acknowledge();
    }
  }

  /** ISR_EL1.I: a physical interrupt waits for this CPU. Only a hint, hence no ISB before it. */
  @Inline
  private static boolean isPending() {
    return Bits.isSet(SysReg.ISR_EL1.read(), 7);
  }

  @Inline
  private static void onVirtualTimer(Gic controller, int acknowledged) {
    controller.dropPriority(acknowledged);
    Vcpu vcpu = Cpu.current().vcpu;
    if (vcpu == null) {
      controller.deactivate(acknowledged); // its timer was saved while it was on its way
    } else {
      vcpu.vgic.virtualTimerFired();
    }
  }

  private static void serve(Gic controller, int acknowledged, int intid) {
    Vgic guest = guests[intid];
    if (guest != null) {
      controller.dropPriority(acknowledged); // the guest deactivates
      guest.physicalInterrupt(intid);
      return;
    }
    if (intid <= Sgi.GUEST_INTERRUPT.intid()) {
      controller.dropPriority(acknowledged);
      controller.deactivate(acknowledged);
      onSgi(intid);
      return;
    }
    InterruptHandler handler = handlers[intid];
    if (handler == null) {
      disableUnexpected(controller, intid);
    } else {
      Cpu cpu = Cpu.current();
      cpu.servedInterrupt = acknowledged;
      handler.handle(intid);
      cpu.servedInterrupt = Cpu.NO_INTERRUPT;
    }
    controller.dropPriority(acknowledged);
    controller.deactivate(acknowledged);
  }

  /** Containment of a fault: ends the interrupt whose handler did not return. */
  public static void abandon(Cpu cpu) {
    int acknowledged = cpu.servedInterrupt;
    if (acknowledged != Cpu.NO_INTERRUPT) {
      cpu.servedInterrupt = Cpu.NO_INTERRUPT;
      gic().dropPriority(acknowledged);
      gic().deactivate(acknowledged);
    }
  }

  private static void onSgi(int intid) {
    Cpu cpu = Cpu.current();
    if (intid == Sgi.RESCHEDULE.intid()) {
      cpu.askToReschedule();
      return;
    }
    Vcpu vcpu = cpu.vcpu;
    if (vcpu != null && vcpu.vgic.readMail()) {
      Scheduler.wake(vcpu);
    }
  }

  @Cold
  private static void disableUnexpected(Gic controller, int intid) {
    unexpected++;
    if (intid >= FIRST_PPI) {
      controller.disable(Cpu.current().index, intid);
      Log.warn().text("interrupt ").dec(intid).text(" belongs to nobody: disabled").end();
    }
  }

  /** Makes {@code cpu}, another one, choose again what it runs. */
  public static void sendReschedule(Cpu cpu) {
    send(cpu, Sgi.RESCHEDULE);
  }

  /** Raises {@code sgi} on {@code cpu}, which sees all that this CPU has stored. */
  public static void send(Cpu cpu, Sgi sgi) {
    gic().sendSgi(cpu.index, sgi.intid());
  }
}
