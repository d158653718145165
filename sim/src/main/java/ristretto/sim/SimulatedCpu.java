package ristretto.sim;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import ristretto.machine.Firmware;
import ristretto.machine.FloatingPoint;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Machine;
import ristretto.machine.SysReg;
import ristretto.vdev.IrqLine;

/**
 * One CPU: its registers, its interrupt input, and its way to the bus. Each intrinsic is one step.
 */
public final class SimulatedCpu implements Machine, IrqLine {
  private static final int ZERO_BLOCK = 64;
  private static final long PAGE = 4096;
  private static final int SMC_REGISTERS = Firmware.BLOCK_SIZE / 8;

  private final SimulatedMachine machine;
  private final int index;
  private final Scheduler scheduler;
  private final Bus bus;
  private final SystemRegisters registers = new SystemRegisters();
  private final Stage1Mmu mmu;
  private final byte[] floatingPoint = new byte[FloatingPoint.BLOCK_SIZE];
  private @Nullable Object local;
  private @Nullable PpiSink ppis;
  private long ppiLevels;
  private boolean irq;
  private Runnable systemErrors = () -> {};

  SimulatedCpu(SimulatedMachine machine, int index, Scheduler scheduler, Bus bus) {
    this.machine = machine;
    this.index = index;
    this.scheduler = scheduler;
    this.bus = bus;
    this.mmu = new Stage1Mmu(registers, bus);
  }

  public int index() {
    return index;
  }

  public SimulatedMachine machine() {
    return machine;
  }

  /** Gives reading {@code register} a meaning. */
  public void onRead(SysReg register, LongSupplier reader) {
    registers.onRead(register, reader);
  }

  /** Gives writing {@code register} a meaning; {@link #setRegister} stores the value if need be. */
  public void onWrite(SysReg register, LongConsumer writer) {
    registers.onWrite(register, writer);
  }

  /** What happens when SErrors are let in. */
  public void onSystemErrorsTaken(Runnable taken) {
    systemErrors = taken;
  }

  /** The stored value, without the behaviour of a model and without a step. */
  public long register(SysReg register) {
    return registers.value(register);
  }

  /** Stores a value, as reset does. */
  public void setRegister(SysReg register, long value) {
    registers.setValue(register, value);
  }

  /** The CPU's IRQ input, which an interrupt controller's model drives. */
  @Override
  public void set(boolean level) {
    irq = level;
  }

  /** Private interrupts go to {@code sink} from now on; without one they wake the CPU directly. */
  public void connectPpis(PpiSink sink) {
    ppis = sink;
  }

  /** A device of this CPU drives private interrupt {@code number}. */
  public void driveInterrupt(int number, boolean level) {
    ppiLevels = level ? ppiLevels | 1L << number : ppiLevels & ~(1L << number);
    PpiSink sink = ppis;
    if (sink != null) {
      sink.set(number, level);
    }
  }

  /** Is private interrupt {@code number} asserted by its device? */
  public boolean isPpiHigh(int number) {
    return (ppiLevels >>> number & 1) != 0;
  }

  /** Would WFI return? */
  public boolean interruptPending() {
    return irq || (ppis == null && ppiLevels != 0);
  }

  @Override
  public long load(long address, int size) {
    scheduler.step(this);
    try {
      return bus.load(mmu.translate(address, size, false), size);
    } catch (SimulationError error) {
      throw located("load", error);
    }
  }

  @Override
  public void store(long address, int size, long value) {
    scheduler.step(this);
    try {
      bus.store(mmu.translate(address, size, true), size, value);
    } catch (SimulationError error) {
      throw located("store", error);
    }
  }

  @Override
  public long compareAndExchange(long address, int size, long expected, long update) {
    scheduler.step(this);
    try {
      long physical = mmu.translate(address, size, true);
      if (address % size != 0 || !bus.isRam(physical, size)) {
        throw new SimulationError("0x%x is not an aligned word of RAM".formatted(address));
      }
      long was = bus.load(physical, size);
      if (was == expected) {
        bus.store(physical, size, update);
      }
      return was;
    } catch (SimulationError error) {
      throw located("compare and exchange", error);
    }
  }

  @Override
  public void copy(long target, long source, long size) {
    scheduler.step(this);
    try {
      for (long done = 0; done < size; ) {
        long part = Math.min(toPageEnd(target + done), toPageEnd(source + done));
        part = Math.min(part, size - done);
        long from = mmu.translate(source + done, 1, false);
        bus.copy(mmu.translate(target + done, 1, true), from, part);
        done += part;
      }
    } catch (SimulationError error) {
      throw located("copy", error);
    }
  }

  @Override
  public void zero(long target, long size) {
    scheduler.step(this);
    try {
      for (long done = 0; done < size; ) {
        long part = Math.min(toPageEnd(target + done), size - done);
        bus.zero(mmu.translate(target + done, 1, true), part);
        done += part;
      }
    } catch (SimulationError error) {
      throw located("zero", error);
    }
  }

  /** Bytes to the end of what one translation covers: a page, or everything without an MMU. */
  private long toPageEnd(long address) {
    return mmu.isOn() ? PAGE - (address & PAGE - 1) : Long.MAX_VALUE;
  }

  @Override
  public long readSystemRegister(SysReg register) {
    scheduler.step(this);
    try {
      return registers.read(register);
    } catch (SimulationError error) {
      throw located("MRS", error);
    }
  }

  @Override
  public void writeSystemRegister(SysReg register, long value) {
    scheduler.step(this);
    try {
      registers.write(register, value);
    } catch (SimulationError error) {
      throw located("MSR", error);
    }
  }

  @Override
  public void maintain(Maintenance operation, long argument) {
    scheduler.step(this);
    machine.record(new Maintained(index, operation, argument));
    if (operation == Maintenance.TLBI_VAE2IS) {
      machine.invalidateEverywhere(operation, argument);
    } else {
      mmu.invalidate(operation, argument);
    }
    if (operation == Maintenance.TAKE_SERRORS) {
      systemErrors.run();
    }
    if (operation == Maintenance.DC_ZVA) {
      try {
        bus.zero(mmu.translate(argument & -ZERO_BLOCK, ZERO_BLOCK, true), ZERO_BLOCK);
      } catch (SimulationError error) {
        throw located("DC ZVA", error);
      }
    }
  }

  @Override
  public void waitForInterrupt() {
    scheduler.sleep(this);
  }

  @Override
  public void yieldPoint() {
    scheduler.spin(this);
  }

  @Override
  public void interleave() {
    scheduler.holdUp(this);
  }

  @Override
  public void secureMonitorCall(long block) {
    scheduler.step(this);
    SecureMonitor monitor = machine.secureMonitor();
    if (monitor == null) {
      throw located("SMC", new SimulationError("this machine has no firmware"));
    }
    long[] x = new long[SMC_REGISTERS];
    for (int i = 0; i < SMC_REGISTERS; i++) {
      x[i] = bus.load(mmu.translate(block + 8L * i, 8, false), 8);
    }
    monitor.call(this, x);
    for (int i = 0; i < SMC_REGISTERS; i++) {
      bus.store(mmu.translate(block + 8L * i, 8, true), 8, x[i]);
    }
  }

  @Override
  public long imageSymbol(ImageSymbol symbol) {
    return machine.symbol(symbol);
  }

  @Override
  public void translate(long virtualAddress, boolean write, boolean both) {
    scheduler.step(this);
    Translation translation = machine.translation();
    if (translation == null) {
      throw located("AT", new SimulationError("this machine has no translation"));
    }
    registers.setValue(SysReg.PAR_EL1, translation.translate(this, virtualAddress, write, both));
  }

  @Override
  public void saveFloatingPoint(long block) {
    scheduler.step(this);
    for (int i = 0; i < floatingPoint.length; i++) {
      bus.store(mmu.translate(block + i, 1, true), 1, floatingPoint[i]);
    }
  }

  @Override
  public void restoreFloatingPoint(long block) {
    scheduler.step(this);
    for (int i = 0; i < floatingPoint.length; i++) {
      floatingPoint[i] = (byte) bus.load(mmu.translate(block + i, 1, false), 1);
    }
  }

  @Override
  public @Nullable Object cpuLocal() {
    scheduler.step(this);
    return local;
  }

  @Override
  public void setCpuLocal(Object value) {
    local = value;
  }

  void invalidateTlb(Maintenance operation, long argument) {
    mmu.invalidate(operation, argument);
  }

  /** The same error, with the CPU and the line of Java that asked. */
  private SimulationError located(String what, SimulationError error) {
    String line =
        StackWalker.getInstance()
            .walk(frames ->
                frames
                    .filter(frame -> !Scheduler.isMachinery(frame.getClassName()))
                    .findFirst()
                    .map(frame -> frame.toStackTraceElement().toString())
                    .orElse("an unknown line"));
    return new SimulationError(
        "cpu %d: %s: %s; at %s".formatted(index, what, error.getMessage(), line));
  }
}
