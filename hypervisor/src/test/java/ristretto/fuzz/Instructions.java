package ristretto.fuzz;

import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.trap.GuestCpu;
import ristretto.lang.Bits;
import ristretto.machine.Machine;
import ristretto.machine.SysReg;
import ristretto.sim.SimulatedCpu;
import ristretto.sim.SimulatedGic;

/**
 * Instructions of a guest that trap, other than hypercalls: accesses to where nothing is mapped,
 * system registers, firmware calls, waiting, any exception class. Each syndrome is one that a CPU
 * may report. And those that do not trap but change what the hypervisor finds: timers, the virtual
 * CPU interface.
 */
final class Instructions {
  private static final int EC_WFX = 0x01;
  private static final int EC_HVC64 = 0x16;
  private static final int EC_SMC64 = 0x17;
  private static final int EC_SYSREG = 0x18;
  private static final int EC_INSTRUCTION_ABORT = 0x20;
  private static final int EC_DATA_ABORT = 0x24;
  private static final long DOM0_REDISTRIBUTORS = SimulatedGic.REDISTRIBUTORS;
  private static final long GUEST_DISTRIBUTOR = 0x0300_1000L;
  private static final long GUEST_REDISTRIBUTORS = 0x0302_0000L;
  private static final int REDISTRIBUTOR = 0x2_0000;
  private static final int GUEST_INTERRUPTS = 320;

  /** Of the clock in {@link Session}. */
  private static final int DEVICE_INTERRUPT = 34;

  /** Syndrome of a store of a 64-bit register to where nothing is mapped: ISV, SF, WnR, level 3. */
  private static final int STORE = 1 << 24 | 1 << 15 | 1 << 6 | 7;

  /** PSCI and SMCCC function identifiers without the bits that say 64-bit and whose. */
  private static final int STANDARD = 0x8400_0000;

  private final Values values;
  private final Choices choices;
  private final SimulatedGic gic;

  /** What was done last. */
  String last = "";

  Instructions(Values values, SimulatedGic gic) {
    this.values = values;
    this.choices = values.choices;
    this.gic = gic;
  }

  TrapFrame execute(TrapFrame frame, Guest guest) {
    return switch (choices.below(16)) {
      case 0, 1 -> systemRegister(frame);
      case 2, 3 -> firmware(frame, guest);
      case 4 -> {
        last = "WFx";
        boolean event = guest.domain().privileged || !choices.oneIn(4);
        yield GuestCpu.trap(frame, EC_WFX, event ? 1 : 0);
      }
      case 5 -> {
        last = "HVC with some immediate";
        yield GuestCpu.trap(frame, EC_HVC64, (int) values.orEdge(choices.below(0xea1)) & 0xffff);
      }
      case 6 -> {
        last = "some exception class";
        int iss = (int) choices.any() & (int) Bits.mask(24, 0);
        yield GuestCpu.trap(frame, exceptionClass(), iss);
      }
      case 7 -> timer(frame);
      case 8, 9 -> cpuInterface(frame);
      case 10 -> device(frame);
      default -> access(frame, guest);
    };
  }

  /** Any but those that others here make up rightly. */
  private int exceptionClass() {
    int chosen = choices.below(64);
    return switch (chosen) {
      case EC_WFX, EC_HVC64, EC_SMC64 -> 0;
      default -> chosen;
    };
  }

  /** As a guest's kernel begins: all its shared interrupts may come, each to some vCPU. */
  TrapFrame enableInterrupts(TrapFrame frame, Guest guest) {
    gic.virtualInterface(Cpu.current().index).guestEnables(0xff);
    TrapFrame next = store(frame, GUEST_DISTRIBUTOR, 4, 3); // GICD_CTLR: both groups
    for (int intid = 32; intid < 64 && next.address() == frame.address(); intid++) {
      int vcpu = choices.below(guest.domain().vcpuCount);
      next = store(frame, GUEST_DISTRIBUTOR + 0x6000 + 8L * intid, 8, vcpu); // GICD_IROUTER
    }
    if (next.address() == frame.address()) {
      next = store(frame, GUEST_DISTRIBUTOR + 0x084, 4, -1); // GICD_IGROUPR1
    }
    return next.address() == frame.address()
        ? store(frame, GUEST_DISTRIBUTOR + 0x104, 4, -1) // GICD_ISENABLER1
        : next;
  }

  private static TrapFrame store(TrapFrame frame, long address, int size, long value) {
    int iss = Bits.put(STORE, 23, 22, Integer.numberOfTrailingZeros(size));
    frame.setX(0, value);
    return dataAbort(frame, address, EC_DATA_ABORT, iss);
  }

  private static TrapFrame dataAbort(TrapFrame frame, long address, int exceptionClass, int iss) {
    SimulatedCpu cpu = (SimulatedCpu) Machine.current();
    cpu.setRegister(SysReg.FAR_EL2, address);
    cpu.setRegister(SysReg.HPFAR_EL2, Bits.put(0L, 43, 4, address >>> 12));
    return GuestCpu.trap(frame, exceptionClass, iss);
  }

  /** MMIO: mostly at the interrupt controller. */
  private TrapFrame access(TrapFrame frame, Guest guest) {
    boolean write = choices.oneIn(2);
    int size = choices.below(4);
    long address = address(guest) & (choices.oneIn(8) ? -1 : -(1L << size));
    int register = choices.below(32);
    last = "access at 0x%x, size %d, write %b".formatted(address, 1 << size, write);
    int iss = Bits.put(status(), 24, 24, choices.oneIn(16) ? 0 : 1); // ISV
    iss = Bits.put(iss, 23, 22, size); // SAS
    iss = Bits.put(iss, 21, 21, choices.oneIn(8) ? 1 : 0); // SSE
    iss = Bits.put(iss, 20, 16, register); // SRT
    iss = Bits.put(iss, 15, 15, size == 3 || choices.oneIn(4) ? 1 : 0); // SF
    iss = Bits.put(iss, 10, 10, choices.oneIn(32) ? 1 : 0); // FnV
    iss = Bits.put(iss, 8, 8, choices.oneIn(32) ? 1 : 0); // CM
    iss = Bits.put(iss, 7, 7, choices.oneIn(32) ? 1 : 0); // S1PTW
    iss = Bits.put(iss, 6, 6, write ? 1 : 0); // WnR
    if (register < 31) {
      frame.setX(register, value());
    }
    int exceptionClass = choices.oneIn(32) ? EC_INSTRUCTION_ABORT : EC_DATA_ABORT;
    return dataAbort(frame, address, exceptionClass, iss);
  }

  /** DFSC: a translation fault of some level, seldom another fault. */
  private int status() {
    return choices.oneIn(16)
        ? (int) choices.of(0x0d, 0x0e, 0x0f, 0x09, 0x10, 0x21, 0x00, 0x30)
        : 4 + choices.below(4);
  }

  private long address(Guest guest) {
    boolean dom0 = guest.domain().privileged;
    long distributor = dom0 ? SimulatedGic.DISTRIBUTOR : GUEST_DISTRIBUTOR;
    long redistributors = dom0 ? DOM0_REDISTRIBUTORS : GUEST_REDISTRIBUTORS;
    return switch (choices.below(8)) {
      case 0, 1, 2 -> distributor + register();
      case 3 -> distributor + choices.below(0x1_0000);
      case 4, 5 -> redistributors + (long) REDISTRIBUTOR * choices.below(3) + 0x1_0000 + register();
      case 6 -> redistributors + choices.below(2 * REDISTRIBUTOR);
      default -> values.orEdge(values.gfn() << 12) & Bits.mask(39, 0);
    };
  }

  /** Offsets of registers that have a word for 32 interrupts or more, and of others. */
  private long register() {
    long block =
        choices.of(
            0x000, 0x080, 0x100, 0x180, 0x200, 0x280, 0x300, 0x380, 0x400, 0x800, 0xc00, 0xf00,
            0x6000);
    return block + 4L * choices.below(block >= 0x400 && block < 0xf00 ? 80 : 10);
  }

  private long value() {
    return switch (choices.below(4)) {
      case 0 -> -1;
      case 1 -> 1L << choices.below(32);
      case 2 -> choices.below(16);
      default -> choices.any();
    };
  }

  private TrapFrame systemRegister(TrapFrame frame) {
    SysReg[] all = SysReg.values();
    int encoding =
        choices.oneIn(3) ? choices.below(1 << 16) : all[choices.below(all.length)].encoding();
    int register = choices.below(32);
    boolean read = choices.oneIn(2);
    last = "system register 0x%x, read %b".formatted(encoding, read);
    frame.setX(register, value());
    int iss = Bits.put(read ? 1 : 0, 21, 20, Bits.get(encoding, 15, 14)); // Op0
    iss = Bits.put(iss, 19, 17, Bits.get(encoding, 2, 0)); // Op2
    iss = Bits.put(iss, 16, 14, Bits.get(encoding, 13, 11)); // Op1
    iss = Bits.put(iss, 13, 10, Bits.get(encoding, 10, 7)); // CRn
    iss = Bits.put(iss, 9, 5, register);
    iss = Bits.put(iss, 4, 1, Bits.get(encoding, 6, 3)); // CRm
    return GuestCpu.trap(frame, EC_SYSREG, iss);
  }

  private TrapFrame firmware(TrapFrame frame, Guest guest) {
    int function =
        switch (choices.below(8)) {
          case 0 -> (int) choices.any();
          case 1 ->
              (int) choices.of(0x8000_0000, 0x8000_0001, 0x8000_8000, 0x8000_3fff, 0x8000_7fff);
          case 2 ->
              (int) choices.of(0x8600_ff01, 0x8600_ff03, 0xb200_0060, 0x8400_0060, 0xc500_0001);
          default -> STANDARD | choices.below(0x20) | (choices.oneIn(2) ? 0x4000_0000 : 0);
        };
    if (guest.domain().privileged && endsOrBlocks(function)) {
      function = STANDARD;
    }
    last = "firmware 0x%x".formatted(function);
    frame.setX(
        0, choices.oneIn(16) ? choices.any() << 32 | function : Integer.toUnsignedLong(function));
    frame.setX(1, choices.oneIn(4) ? value() : choices.below(3));
    frame.setX(2, choices.oneIn(4) ? value() : values.ownGfn() << 12);
    frame.setX(3, value());
    int immediate = choices.oneIn(16) ? choices.below(1 << 16) : 0;
    return GuestCpu.trap(frame, choices.oneIn(2) ? EC_SMC64 : EC_HVC64, immediate);
  }

  /** PSCI: suspend, off, the machine's off and reset, as far as Dom0 must not. */
  private static boolean endsOrBlocks(int function) {
    return switch (function & ~0x4000_0000) {
      case 0x8400_0001,
          0x8400_0002,
          0x8400_0008,
          0x8400_0009,
          0x8400_000c,
          0x8400_000e,
          0x8400_0012 ->
          true;
      default -> false;
    };
  }

  /** The virtual timer's registers do not trap. */
  private TrapFrame timer(TrapFrame frame) {
    last = "timer";
    long now = SysReg.CNTVCT_EL0.read();
    SysReg.CNTV_CVAL_EL0.write(
        choices.oneIn(4) ? choices.of(0, -1, 1L << 63) : now + choices.below(4000));
    SysReg.CNTV_CTL_EL0.write(choices.below(4));
    return frame;
  }

  /** The device that Dom0 may give away wants something, or no more. */
  private TrapFrame device(TrapFrame frame) {
    last = "the device's interrupt";
    gic.setLine(DEVICE_INTERRUPT, choices.oneIn(2));
    return GuestCpu.interrupted(frame);
  }

  /** Acknowledges and ends interrupts, rightly or not. */
  private TrapFrame cpuInterface(TrapFrame frame) {
    last = "CPU interface";
    var own = gic.virtualInterface(Cpu.current().index);
    switch (choices.below(4)) {
      case 0 -> own.guestEnables((int) choices.of(0xff, 0xff, 0xff, 0x80, 0));
      case 1 -> {
        int taken = own.acknowledge();
        if (taken < 1020 && !choices.oneIn(4)) {
          own.end(taken);
        }
      }
      case 2 -> own.acknowledge();
      default -> own.end((int) choices.of(27, DEVICE_INTERRUPT, choices.below(GUEST_INTERRUPTS)));
    }
    return GuestCpu.interrupted(frame);
  }
}
