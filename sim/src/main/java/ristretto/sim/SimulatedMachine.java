package ristretto.sim;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Machine.Maintenance;
import ristretto.machine.SysReg;
import ristretto.vdev.MmioDevice;

/**
 * A machine on the JVM: RAM, devices on a bus, CPUs, time and firmware. What runs inside {@link
 * #run} reaches it through the intrinsics. A switch between CPUs happens at intrinsics only, so
 * what Java does between two of them is atomic; a loop that waits must contain one.
 *
 * <pre>{@code
 * var machine = new SimulatedMachine().ram(0x4000_0000, 64 << 20).map(0x900_0000, 0x1000, uart);
 * machine.run(() -> Memory.store64(0x4000_0000, 1));
 * }</pre>
 */
public final class SimulatedMachine {
  /** Ticks a second of the system counter, QEMU's figure. */
  public static final long COUNTER_FREQUENCY = 62_500_000;

  private static final int MAINTENANCE_KEPT = 1 << 20;

  private final Clock clock = new Clock();
  private final Bus bus = new Bus();
  private final Scheduler scheduler = new Scheduler(clock);
  private final List<SimulatedCpu> cpus = new ArrayList<>();
  private final List<Maintained> maintenance = new ArrayList<>();
  private final Map<ImageSymbol, Long> symbols = new EnumMap<>(ImageSymbol.class);
  private final Map<Long, LongConsumer> entries = new HashMap<>();
  private @Nullable SecureMonitor secureMonitor = new PsciModel();
  private @Nullable Translation translation;
  private Outcome outcome = Outcome.NONE;

  /** A machine of one CPU without RAM or devices. */
  public SimulatedMachine() {
    this(1);
  }

  public SimulatedMachine(int cpuCount) {
    for (int i = 0; i < cpuCount; i++) {
      SimulatedCpu cpu = new SimulatedCpu(this, i, scheduler, bus);
      CpuModel.CORTEX_A76.applyTo(cpu);
      cpu.setRegister(SysReg.CNTFRQ_EL0, COUNTER_FREQUENCY);
      cpus.add(cpu);
      scheduler.add(cpu);
      GenericTimer.attach(clock, cpu);
    }
  }

  /** Adds RAM, zeroed; base and size are multiples of 256 KiB. */
  public SimulatedMachine ram(long base, long size) {
    bus.addRam(base, size);
    return this;
  }

  /** Puts {@code device} on the bus. */
  public SimulatedMachine map(long base, long size, MmioDevice device) {
    bus.addDevice(base, size, device);
    return this;
  }

  /**
   * Places the image: {@code size} bytes of RAM at {@code loadAddress}, also seen at {@link
   * ImageSymbol#LINK_BASE}. Symbols that {@link #symbol(ImageSymbol, long)} did not set spread
   * evenly.
   */
  public SimulatedMachine image(long loadAddress, long size) {
    bus.aliasImage(loadAddress, size);
    ImageSymbol[] all = ImageSymbol.values();
    long step = size / all.length & -0x1000L;
    for (int i = 0; i < all.length; i++) {
      symbols.putIfAbsent(all[i], ImageSymbol.LINK_BASE + step * i);
    }
    symbols.put(ImageSymbol.IMAGE_END, ImageSymbol.LINK_BASE + size);
    bus.store(symbol(ImageSymbol.LOAD_ADDRESS), 8, loadAddress);
    return this;
  }

  public SimulatedMachine symbol(ImageSymbol symbol, long address) {
    symbols.put(symbol, address);
    return this;
  }

  /**
   * When CPUs take turns, and the seed; the system property {@code ristretto.seed} overrides it.
   */
  public SimulatedMachine schedule(Switching switching, long seed) {
    scheduler.configure(switching, seed);
    return this;
  }

  /** The CPU that {@link #run} runs on: 0 unless set. */
  public SimulatedMachine bootCpu(int index) {
    scheduler.bootCpu(index);
    return this;
  }

  /** A run that takes more steps than this is a livelock. */
  public SimulatedMachine stepLimit(long steps) {
    scheduler.stepLimit(steps);
    return this;
  }

  /** Ticks of the system counter that one intrinsic takes; 1 unless set. */
  public SimulatedMachine ticksPerStep(int ticks) {
    scheduler.ticksPerStep(ticks);
    return this;
  }

  /** Firmware other than {@link PsciModel}; null: none, an SMC is an error. */
  public SimulatedMachine secureMonitor(@Nullable SecureMonitor monitor) {
    secureMonitor = monitor;
    return this;
  }

  public SimulatedMachine translation(Translation hook) {
    translation = hook;
    return this;
  }

  /** The code at a physical address, for CPU_ON: gets the context id that the caller gave. */
  public SimulatedMachine entry(long physicalAddress, LongConsumer code) {
    entries.put(physicalAddress, code);
    return this;
  }

  /**
   * The code at the entry for secondary CPUs of an image that {@link #image} placed; gets the
   * context id that CPU_ON was given.
   */
  public SimulatedMachine secondaryEntry(LongConsumer code) {
    long offset = symbol(ImageSymbol.SECONDARY_ENTRY) - ImageSymbol.LINK_BASE;
    return entry(bus.load(symbol(ImageSymbol.LOAD_ADDRESS), 8) + offset, code);
  }

  /** Runs {@code body} on the boot CPU until it returns; other CPUs stay where they are then. */
  public void run(Runnable body) {
    scheduler.run(body, false);
  }

  /** {@link #run} with a result. */
  public <T> T call(Supplier<T> body) {
    List<T> result = new ArrayList<>();
    scheduler.run(() -> result.add(body.get()), false);
    if (result.isEmpty()) {
      throw new SimulationError("the machine ended before the call returned: " + outcome);
    }
    return result.getFirst();
  }

  /** Runs one body on each CPU, from CPU 0 on, until all have returned. */
  public void runAll(Runnable... bodies) {
    if (bodies.length > cpus.size()) {
      throw new IllegalArgumentException("more code than CPUs");
    }
    for (int i = 1; i < bodies.length; i++) {
      startCpu(i, bodies[i]);
    }
    scheduler.run(bodies[0], true);
  }

  public SimulatedCpu cpu(int index) {
    return cpus.get(index);
  }

  public int cpuCount() {
    return cpus.size();
  }

  public Clock clock() {
    return clock;
  }

  /** How the firmware ended the run. */
  public Outcome outcome() {
    return outcome;
  }

  /** Barriers, cache and TLB operations so far, oldest first. */
  public List<Maintained> maintenance() {
    if (maintenance.size() == MAINTENANCE_KEPT) {
      throw new SimulationError("too many operations to keep; call forgetMaintenance() earlier");
    }
    return List.copyOf(maintenance);
  }

  /** The same without CPU and argument. */
  public List<Maintenance> maintenanceOperations() {
    return maintenance().stream().map(Maintained::operation).toList();
  }

  public void forgetMaintenance() {
    maintenance.clear();
  }

  /** Writes bytes to RAM from outside, without a step. */
  public SimulatedMachine write(long address, byte[] bytes) {
    bus.write(address, bytes, bytes.length);
    return this;
  }

  /** Reads bytes of RAM from outside, without a step. */
  public byte[] read(long address, int length) {
    byte[] bytes = new byte[length];
    bus.read(address, bytes, length);
    return bytes;
  }

  /** A 64-bit word of RAM, read from outside. */
  public long word(long address) {
    return bus.load(address, 8);
  }

  /** A load or store of a guest, of whom the bus knows nothing; without a step of a CPU. */
  public long access(long physicalAddress, int size, boolean write, long value) {
    if (write) {
      bus.store(physicalAddress, size, value);
      return 0;
    }
    return bus.load(physicalAddress, size);
  }

  /**
   * Runs {@code body} on the calling CPU, for a test that looks at the hypervisor's state: its
   * intrinsics take no step, so that looking changes nothing of what comes after.
   */
  public void observe(Runnable body) {
    scheduler.observe(body);
  }

  /** The CPU sleeps in WFI. */
  public boolean isWaiting(int cpu) {
    return scheduler.isWaiting(cpu);
  }

  /** There is RAM at all of these physical addresses. */
  public boolean isRam(long physicalAddress, int size) {
    return bus.isRam(physicalAddress, size);
  }

  /** Where each CPU stands. */
  public String whereabouts() {
    return scheduler.whereabouts();
  }

  void record(Maintained operation) {
    if (maintenance.size() < MAINTENANCE_KEPT) {
      maintenance.add(operation);
    }
  }

  void invalidateEverywhere(Maintenance operation, long argument) {
    for (SimulatedCpu cpu : cpus) {
      cpu.invalidateTlb(operation, argument);
    }
  }

  @Nullable SecureMonitor secureMonitor() {
    return secureMonitor;
  }

  @Nullable Translation translation() {
    return translation;
  }

  @Nullable LongConsumer entryAt(long physicalAddress) {
    return entries.get(physicalAddress);
  }

  boolean isOff(int cpu) {
    return scheduler.isOff(cpu);
  }

  void startCpu(int cpu, Runnable body) {
    scheduler.start(cpu, body);
  }

  /** The calling CPU goes off by throwing this. */
  SimulationEnd stopCpu() {
    return scheduler.stop();
  }

  /** The machine goes off; the calling CPU throws this. */
  SimulationEnd end(Outcome how) {
    outcome = how;
    return scheduler.end();
  }

  long symbol(ImageSymbol symbol) {
    Long address = symbols.get(symbol);
    if (address == null) {
      throw new SimulationError("this machine has no image: " + symbol);
    }
    return address;
  }
}
