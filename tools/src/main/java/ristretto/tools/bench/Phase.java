package ristretto.tools.bench;

import java.util.Locale;

/**
 * What is measured of the toolstack and of a DomU of 256 MiB with one vCPU, in the order in which
 * it is printed. No phase may take more instructions in all than on Xen.
 */
enum Phase {
  XL_LIST("xl list", mark("list"), mark("list-end"), Phase.LEAST, false),
  CREATE_FIRST("xl create → DomU kernel's first line", mark("create"), Phase.KERNEL, 0, true),
  CREATE_AGAIN("the same, second time", mark("create"), Phase.KERNEL, 1, true),
  DOMU_BOOT("DomU's first line → user space", Phase.KERNEL, "DOMU-UP", Phase.LEAST, false),
  XL_DESTROY("xl destroy", mark("destroy"), mark("destroy-end"), Phase.LEAST, true);

  /** The least of all in a run. */
  static final int LEAST = -1;

  private static final String KERNEL = "[    0.000000] Booting Linux";

  private final String label;
  private final String begin;
  private final String end;
  private final int which;
  private final boolean isBuilding;

  Phase(String label, String begin, String end, int which, boolean isBuilding) {
    this.label = label;
    this.begin = begin;
    this.end = end;
    this.which = which;
    this.isBuilding = isBuilding;
  }

  String label() {
    return label;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The line at which it begins. */
  boolean beginsAt(String line) {
    return line.startsWith(begin);
  }

  /** The line at which it ends. */
  boolean endsAt(String line) {
    return line.startsWith(end);
  }

  /** Which one of several in a run, from 0, or {@link #LEAST}. */
  int which() {
    return which;
  }

  /** docs/bars.md sets a bar for the hypervisor's own part of making and ending a DomU. */
  boolean isBuilding() {
    return isBuilding;
  }

  /** What the script in Dom0 (resource bench/session) prints. */
  private static String mark(String name) {
    return "BENCH-MARK " + name + ";";
  }
}
