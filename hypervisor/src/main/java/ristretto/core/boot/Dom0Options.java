package ristretto.core.boot;

import ristretto.fdt.Text;

/** The options of Dom0 whose values have a form of their own. */
final class Dom0Options {
  private Dom0Options() {}

  /** {@code dom0_mem}: a list of {@code <size>}, {@code min:<size>}, {@code max:<size>}. */
  static final class MemorySize extends Option {
    private static final long DEFAULT = 512L << 20;

    private long exact;
    private long minimum;
    private long maximum = Long.MAX_VALUE;

    MemorySize() {
      super("dom0_mem", "memory of Dom0: a size, min:<size>, max:<size>, or a list of these");
    }

    /**
     * Bytes that Dom0 gets. Without an exact size it is 512 MiB, as Xen on Arm has it, within the
     * minimum and maximum.
     */
    long bytes() {
      long wanted = exact == 0 ? DEFAULT : exact;
      return Math.min(Math.max(wanted, minimum), maximum);
    }

    /** What Dom0 may grow to; as much as it begins with unless {@code max:} says more. */
    long maximumBytes() {
      return maximum == Long.MAX_VALUE ? bytes() : Math.max(maximum, bytes());
    }

    @Override
    boolean parse(Text text) {
      long newExact = exact;
      long newMinimum = minimum;
      long newMaximum = maximum;
      int start = 0;
      do {
        int end = text.find(',', start);
        Text part = text.part(start, end);
        boolean low = part.startsWith("min:");
        boolean high = part.startsWith("max:");
        NumberParser parser = new NumberParser(low || high ? part.part(4, part.length) : part);
        long size = parser.size();
        if (!parser.isComplete() || size <= 0) {
          return false;
        }
        newExact = low || high ? newExact : size;
        newMinimum = low ? size : newMinimum;
        newMaximum = high ? size : newMaximum;
        start = end + 1;
      } while (start <= text.length);
      exact = newExact;
      minimum = newMinimum;
      maximum = newMaximum;
      return true;
    }
  }

  /**
   * {@code dom0_max_vcpus}: {@code <integer>} or {@code <min>-<max>}, either of which may be
   * absent.
   */
  static final class VcpuCount extends Option {
    private int minimum = 1;
    private int maximum = Integer.MAX_VALUE;

    VcpuCount() {
      super("dom0_max_vcpus", "virtual CPUs of Dom0: a number, or <min>-<max>");
    }

    /** vCPUs of Dom0 on a machine with {@code cpus} CPUs. */
    int count(int cpus) {
      return Math.min(Math.max(cpus, minimum), maximum);
    }

    @Override
    boolean parse(Text text) {
      NumberParser parser = new NumberParser(text);
      long low = text.at(0) == '-' ? 1 : parser.integer();
      long high = low;
      if (parser.take('-')) {
        high = text.at(text.length - 1) == '-' ? Integer.MAX_VALUE : parser.integer();
      }
      if (!parser.isComplete() || low < 1 || high < low || high > Integer.MAX_VALUE) {
        return false;
      }
      minimum = (int) low;
      maximum = (int) high;
      return true;
    }
  }

  /** {@code conswitch}: a letter, and an {@code x} if the input stays with the hypervisor. */
  static final class SwitchKey extends Option {
    private static final int CONTROL = 0x1f;

    private int letter = 'a';
    private boolean stays;

    SwitchKey() {
      super("conswitch", "letter that with Ctrl three times switches the console's input");
    }

    /** The byte that Ctrl with the letter sends; 0 if switching is off. */
    int controlCharacter() {
      return letter == '`' ? 0 : letter & CONTROL;
    }

    /** The input stays with the hypervisor when Dom0 starts. */
    boolean staysWithHypervisor() {
      return stays;
    }

    @Override
    boolean parse(Text text) {
      int key = text.at(0);
      boolean isKey = (key >= 'a' && key <= 'z') || key == '`';
      if (!isKey || text.length > 2 || (text.length == 2 && text.at(1) != 'x')) {
        return false;
      }
      letter = key;
      stays = text.length == 2;
      return true;
    }
  }
}
