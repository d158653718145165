package ristretto.twin.runtime;

import org.jspecify.annotations.Nullable;
import ristretto.core.trap.Backtrace;
import ristretto.core.trap.Symbols;
import ristretto.lang.BootOnly;
import ristretto.lang.Export;
import ristretto.machine.BootHeap;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;
import ristretto.twin.Cpus;
import ristretto.twin.Out;
import ristretto.twin.Twin;
import ristretto.twin.Twins;
import ristretto.twin.fault.Faults;

/**
 * Runs every twin at EL2 and powers off. A twin that fails a check is reported by the fault entry
 * and followed by the next.
 */
public final class ImageMain {
  /** Bytes of each CPU's stack, at the end of the image; as in twin.S. */
  private static final long STACK_SIZE = 1 << 16;

  private static final long HEAP_BASE = 0x4800_0000L;
  private static final long HEAP_SIZE = 1 << 24;

  private static final Uart UART = new Uart();
  private static final Out OUT = new Out(UART);
  private static final ImageCpus CPUS = new ImageCpus();
  private static int position;
  private static @Nullable Backtrace backtrace;

  private ImageMain() {}

  /** The boot CPU comes here from assembly. */
  @Export("twin_boot")
  @BootOnly
  public static void boot() {
    Memory.zero(HEAP_BASE, HEAP_SIZE); // QEMU leaves its device tree there
    BootHeap.give(HEAP_BASE, HEAP_SIZE);
    backtrace = new Backtrace(new Symbols(new SymbolSection(), ImageSymbol.TEXT_START.address()));
    for (int cpu = 1; cpu < Cpus.COUNT; cpu++) {
      Psci.start(cpu);
    }
    runAll();
  }

  /** The other CPUs come here from assembly. */
  @Export("twin_secondary")
  @BootOnly
  public static void secondary(long cpu) {
    CPUS.serve((int) cpu);
  }

  /** After a fault, on an empty stack. */
  @Export("twin_resume")
  @BootOnly
  public static void resume() {
    runAll();
  }

  /** A failed check or any other exception at EL2. */
  @Export("twin_fault")
  @BootOnly
  public static void fault(long elr, long linkRegister, long framePointer, long esr, long far) {
    OUT.text("fault ").text(Fault.name(esr, far)).end();
    Backtrace trace = backtrace;
    if (trace != null) {
      long stacks = ImageSymbol.IMAGE_END.address() - Cpus.COUNT * STACK_SIZE;
      trace.print(elr, linkRegister, framePointer, stacks, stacks + STACK_SIZE, UART);
    }
    if (Fault.isUnexpected(esr, far)) {
      OUT.text("esr").hex(esr).text(" elr").hex(elr).text(" far").hex(far).end();
    }
  }

  @BootOnly
  private static void runAll() {
    while (position < Twins.ALL.length + Faults.ALL.length) {
      int now = position++;
      int fault = now - Twins.ALL.length;
      Twin twin = fault < 0 ? Twins.ALL[now] : Faults.ALL[fault];
      OUT.text("== ").text(twin.name()).end();
      twin.run(OUT, CPUS);
    }
    OUT.text("== end").end();
    Psci.powerOff();
  }
}
