package ristretto.core.trap;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import ristretto.arch.TrapFrame;
import ristretto.lang.Bits;
import ristretto.machine.Hint;
import ristretto.machine.Machine;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedCpu;
import ristretto.sim.SimulatedGic;
import ristretto.sim.Stage2Walk;

/**
 * A guest's instructions on a simulated CPU, as the hypervisor sees them: each that traps fills the
 * syndrome registers and enters the trap handlers through the vectors' door. The guest is a
 * straight line of Java, so its vCPU must come back to the CPU that it left; its MMU is off.
 */
public final class GuestCpu {
  private static final int EC_WFX = 0x01;
  private static final int EC_HVC64 = 0x16;
  private static final int EC_SMC64 = 0x17;
  private static final int EC_SYSREG = 0x18;
  private static final int EC_DATA_ABORT = 0x24;
  private static final int TRANSLATION_FAULT_LEVEL3 = 0x07;
  private static final int ISENABLER = 0x100;
  private static final int SGI_FRAME = 0x1_0000;
  private static final int REDISTRIBUTOR_SIZE = 0x2_0000;
  private static final int XEN_TAG = 0xea1;

  /** The register that MMIO and MSR/MRS of this guest go through. */
  private static final int RT = 5;

  /** Where guests {@link #loop}: not where any begins. */
  private static final long LOOP = 0x1000;

  private final TrapFrame frame;
  private final SimulatedGic gic;
  private final SimulatedCpu cpu;
  private int executions;

  /** What runs here when this guest does not, one turn at a time; gives the next frame. */
  private UnaryOperator<TrapFrame> others =
      frame -> {
        throw new AssertionError("another vCPU runs here now");
      };

  /** The vCPU of {@code frame}, on the CPU that calls this. */
  public GuestCpu(TrapFrame frame, SimulatedGic gic) {
    this.frame = frame;
    this.gic = gic;
    this.cpu = (SimulatedCpu) Machine.current();
  }

  /** Others may run on this CPU in between: {@code turn} acts for the vCPU of a frame once. */
  public void sharesCpuWith(UnaryOperator<TrapFrame> turn) {
    others = turn;
  }

  /** The registers of this guest. */
  public TrapFrame frame() {
    return frame;
  }

  /** Where the guest executes next. */
  public long pc() {
    return frame.elr();
  }

  /** PSTATE as the guest's next instruction finds it. */
  public long pstate() {
    return frame.spsr();
  }

  public void setPstate(long pstate) {
    frame.setSpsr(pstate);
  }

  /** HVC #0 with an SMCCC function; returns x0. */
  public long firmware(long function, long... arguments) {
    return call(0, 0, function, arguments);
  }

  /** HVC #0xEA1; returns x0. */
  public long hypercall(int number, long... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      frame.setX(i, arguments[i]);
    }
    frame.setX(16, number);
    return hypercall();
  }

  /** How often the last hypercall was executed until it was over. */
  public int executions() {
    return executions;
  }

  /** HVC #0xEA1 with the registers as they are; returns x0. */
  public long hypercall() {
    long after = frame.elr() + 4;
    executions = 1;
    frame.setElr(after);
    trap(EC_HVC64, XEN_TAG);
    while (frame.elr() != after) { // rewound: it wants to be called again
      Hint.spin();
      frame.setElr(after);
      trap(EC_HVC64, XEN_TAG);
      executions++;
    }
    return frame.x(0);
  }

  /** SMC #0 with an SMCCC function; returns x0. */
  public long secureMonitorCall(long function) {
    frame.setX(0, function);
    trap(EC_SMC64, 0);
    return frame.x(0);
  }

  /** A trapped MRS or MSR at any encoding ({@link SysReg#encoding}). */
  public void systemRegister(int encoding, boolean read) {
    trap(EC_SYSREG, access(encoding, read));
  }

  private long call(int immediate, int first, long function, long... arguments) {
    frame.setX(first, function);
    for (int i = 0; i < arguments.length; i++) {
      frame.setX(first + 1 + i, arguments[i]);
    }
    frame.setElr(frame.elr() + 4); // HVC: the preferred return address is behind it
    trap(EC_HVC64, immediate);
    return frame.x(0);
  }

  public void waitForInterrupt() {
    trap(EC_WFX, 0);
  }

  /**
   * Serves whichever vCPU this CPU is given, from {@code first} on, with guests that do nothing but
   * loop with their interrupts off; for ever.
   *
   * @param seen told of the frame of each vCPU that begins to run, with its registers
   */
  public static void loop(TrapFrame first, Consumer<TrapFrame> seen) {
    TrapFrame frame = first;
    while (true) {
      if (frame.elr() != LOOP) {
        seen.accept(frame);
        frame.setElr(LOOP);
      }
      Hint.spin();
      frame = interrupted(frame);
    }
  }

  /** HVC #0xEA1 in the vCPU of {@code frame}; returns the frame of whichever runs here then. */
  public static TrapFrame call(TrapFrame frame, int number, long... arguments) {
    TrapFrame before = interrupted(frame);
    if (before.address() != frame.address()) {
      return before;
    }
    for (int i = 0; i < arguments.length; i++) {
      frame.setX(i, arguments[i]);
    }
    frame.setX(16, number);
    return trap(frame, EC_HVC64, XEN_TAG);
  }

  /** WFI in the vCPU of {@code frame}, likewise. */
  public static TrapFrame sleep(TrapFrame frame) {
    return trap(frame, EC_WFX, 0);
  }

  /** A trapped MRS to X5 in the vCPU of {@code frame}, likewise. */
  public static TrapFrame read(TrapFrame frame, SysReg register) {
    return trap(frame, EC_SYSREG, access(register, true));
  }

  /** Any synchronous exception of the vCPU of {@code frame}. */
  public static TrapFrame trap(TrapFrame frame, int exceptionClass, int iss) {
    SimulatedCpu cpu = (SimulatedCpu) Machine.current();
    long syndrome = Bits.put(Bits.put((long) iss, 31, 26, exceptionClass), 25, 25, 1); // EC, IL
    cpu.setRegister(SysReg.ESR_EL2, syndrome);
    return interrupted(new TrapFrame(Traps.onSync(frame.address())));
  }

  /** Physical interrupts that are pending here are taken. */
  public static TrapFrame interrupted(TrapFrame frame) {
    TrapFrame next = frame;
    while (((SimulatedCpu) Machine.current()).interruptPending()) {
      next = new TrapFrame(Traps.onIrq(next.address()));
    }
    return next;
  }

  /** Passes time, as a loop that does not trap. */
  public void spin() {
    Hint.spin();
    takeInterrupts();
  }

  /** LDR (or its narrow forms) at an intermediate physical address. */
  public long load(long ipa, int size) {
    long physical = Stage2Walk.translate(cpu, ipa, false);
    if (physical != Stage2Walk.FAULT) {
      return cpu.machine().access(physical, size, false, 0);
    }
    abort(ipa, size, false);
    return frame.x(RT);
  }

  /** STR (or its narrow forms) at an intermediate physical address. */
  public void store(long ipa, int size, long value) {
    long physical = Stage2Walk.translate(cpu, ipa, true);
    if (physical != Stage2Walk.FAULT) {
      cpu.machine().access(physical, size, true, value);
      return;
    }
    frame.setX(RT, value);
    abort(ipa, size, true);
  }

  private void abort(long ipa, int size, boolean write) {
    cpu.setRegister(SysReg.FAR_EL2, ipa);
    cpu.setRegister(SysReg.HPFAR_EL2, Bits.put(0L, 43, 4, ipa >>> 12));
    int iss = Bits.put(TRANSLATION_FAULT_LEVEL3, 24, 24, 1); // ISV
    iss = Bits.put(iss, 23, 22, Integer.numberOfTrailingZeros(size)); // SAS
    iss = Bits.put(iss, 20, 16, RT); // SRT
    iss = Bits.put(iss, 15, 15, size == 8 ? 1 : 0); // SF
    trap(EC_DATA_ABORT, Bits.put(iss, 6, 6, write ? 1 : 0)); // WnR
  }

  /** A trapped MRS. */
  public long read(SysReg register) {
    trap(EC_SYSREG, access(register, true));
    return frame.x(RT);
  }

  /** A trapped MSR. */
  public void write(SysReg register, long value) {
    frame.setX(RT, value);
    trap(EC_SYSREG, access(register, false));
  }

  private static int access(SysReg register, boolean read) {
    return access(register.encoding(), read);
  }

  private static int access(int encoding, boolean read) {
    int iss = Bits.put(read ? 1 : 0, 21, 20, Bits.get(encoding, 15, 14)); // Op0
    iss = Bits.put(iss, 19, 17, Bits.get(encoding, 2, 0)); // Op2
    iss = Bits.put(iss, 16, 14, Bits.get(encoding, 13, 11)); // Op1
    iss = Bits.put(iss, 13, 10, Bits.get(encoding, 10, 7)); // CRn
    iss = Bits.put(iss, 9, 5, RT);
    return Bits.put(iss, 4, 1, Bits.get(encoding, 6, 3)); // CRm
  }

  /** Enables a private interrupt at its distributor (GICv2) or redistributor (GICv3). */
  public void enablePrivateInterrupt(int intid) {
    boolean v2 = gic.model().version() == 2;
    long base = v2 ? gic.distributor() : redistributor();
    store(base + ISENABLER, 4, Bits.bit(intid));
  }

  private long redistributor() {
    return gic.redistributors() + SGI_FRAME + (long) REDISTRIBUTOR_SIZE * cpu.index();
  }

  /** The guest unmasks its interrupts at the CPU interface. */
  public void enableInterrupts() {
    gic.virtualInterface(cpu.index()).guestEnables(0xff);
  }

  /** Would the guest take an interrupt if PSTATE.I were clear? */
  public boolean isInterrupted() {
    takeInterrupts();
    return gic.virtualInterface(cpu.index()).isSignalled();
  }

  /** ICC_IAR1_EL1 of the virtual interface: the interrupt taken. */
  public int acknowledge() {
    return gic.virtualInterface(cpu.index()).acknowledge();
  }

  /** ICC_EOIR1_EL1 of the virtual interface. */
  public void end(int intid) {
    gic.virtualInterface(cpu.index()).end(intid);
    takeInterrupts();
  }

  private void trap(int exceptionClass, int iss) {
    takeInterrupts();
    long syndrome = Bits.put(Bits.put((long) iss, 31, 26, exceptionClass), 25, 25, 1); // EC, IL
    cpu.setRegister(SysReg.ESR_EL2, syndrome);
    resume(new TrapFrame(Traps.onSync(frame.address())));
    takeInterrupts();
  }

  /** Physical interrupts are taken between a guest's instructions, whatever its PSTATE says. */
  private void takeInterrupts() {
    while (cpu.interruptPending()) {
      resume(new TrapFrame(Traps.onIrq(frame.address())));
    }
  }

  /** Others run until this guest does again. */
  public void resume(TrapFrame first) {
    TrapFrame next = first;
    while (next.address() != frame.address()) {
      next = others.apply(next);
    }
  }
}
