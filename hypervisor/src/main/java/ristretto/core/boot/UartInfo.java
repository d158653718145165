package ristretto.core.boot;

import org.jspecify.annotations.Nullable;
import ristretto.driver.uart.UartKind;
import ristretto.fdt.Fdt;
import ristretto.fdt.FdtInterrupts;
import ristretto.fdt.FdtNode;
import ristretto.fdt.FdtPaths;
import ristretto.fdt.FdtRegisters;
import ristretto.fdt.FdtValues;
import ristretto.fdt.Text;
import ristretto.lang.BootException;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;

/** The UART that is the console. */
public final class UartInfo {
  private static final UartKind[] KINDS = UartKind.values();

  public final FdtNode node;
  public final UartKind kind;

  /** Physical address of its registers. */
  public final long base;

  /** Bytes of its registers. */
  public final long size;

  /** {@code reg-shift}: registers are 2^n bytes apart. */
  public final int registerShift;

  /** {@code reg-io-width}: bytes of an access. */
  public final int registerWidth;

  /** Its interrupt; none if it has to be polled. */
  public final GicInterrupt interrupt;

  /**
   * What followed the colon in the path, such as {@code 115200n8}. The firmware's setting stays.
   */
  public final Text options;

  @BootOnly
  private UartInfo(Fdt tree, FdtNode node, UartKind kind, Text options) {
    this.node = node;
    this.kind = kind;
    this.options = options;
    this.base = FdtRegisters.address(tree, node, 0);
    this.size = FdtRegisters.size(tree, node, 0);
    this.registerShift = (int) FdtValues.u32(tree, node, "reg-shift", 0);
    this.registerWidth = (int) FdtValues.u32(tree, node, "reg-io-width", 1);
    if (!RangeList.isPossible(base, size)) {
      throw tree.refuse(node, "reg: the console's UART is not where a CPU can reach it");
    }
    if (registerShift > 3 || registerWidth > 4 || Integer.bitCount(registerWidth) != 1) {
      throw tree.refuse(node, "reg-shift or reg-io-width is not possible");
    }
    FdtInterrupts interrupts = new FdtInterrupts(tree);
    this.interrupt = interrupts.find(node, 0) ? GicInterrupt.of(interrupts) : GicInterrupt.none();
  }

  /**
   * The console that the command line or else /chosen asks for; null if there is none, and then a
   * report says why.
   */
  @BootOnly
  static @Nullable UartInfo find(Fdt tree, CommandLine line, FdtNode chosen, Reports reports) {
    try {
      return search(tree, line, chosen, reports);
    } catch (BootException e) {
      // Without a console nobody would see why; whoever reads the ring later does.
      reports.add(e.reason());
      return null;
    }
  }

  @BootOnly
  private static @Nullable UartInfo search(
      Fdt tree, CommandLine line, FdtNode chosen, Reports reports) {
    Text console = line.console();
    if (console.is("none")) {
      return null;
    }
    if (!console.isEmpty() && !console.is("dtuart")) {
      BootMessage message = new BootMessage("command line: console: only dtuart is there, not '");
      console.appendTo(message);
      reports.add(message.text("'; dtuart is used"));
    }
    if (!line.uart().isEmpty()) {
      UartInfo asked = at(tree, line.uart(), reports);
      if (asked != null) {
        return asked;
      }
    }
    // Also when dtuart= was of no use: a console that says so is better than none.
    Text path = FdtValues.string(tree, chosen, "stdout-path");
    if (path.isEmpty()) {
      reports.add(
          new BootMessage("no console: neither dtuart= nor /chosen's stdout-path names one"));
      return null;
    }
    return at(tree, path, reports);
  }

  /** The UART that {@code path} names; null if it is none, and then a report says why. */
  @BootOnly
  private static @Nullable UartInfo at(Fdt tree, Text path, Reports reports) {
    FdtNode node = FdtPaths.find(tree, path);
    if (!node.exists()) {
      reports.add(quoted("no console there: the device tree has no '", path));
      return null;
    }
    for (int i = 0; i < KINDS.length; i++) {
      if (FdtValues.isCompatible(tree, node, KINDS[i].compatible())) {
        return new UartInfo(tree, node, KINDS[i], FdtPaths.options(path));
      }
    }
    reports.add(quoted("no console there: this is not a UART with a driver: '", path));
    return null;
  }

  @BootOnly
  private static BootMessage quoted(String what, Text path) {
    BootMessage message = new BootMessage(what);
    path.appendTo(message);
    return message.text("'");
  }
}
