package ristretto.core.boot;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomctlScheduler;
import ristretto.core.grant.GrantTable;
import ristretto.fdt.Text;
import ristretto.lang.BootMessage;
import ristretto.lang.BootOnly;
import ristretto.lang.HostOnly;

/**
 * The hypervisor's command line: Xen's names with Xen's meaning, docs/misc/xen-command-line.pandoc.
 * What is not known, not supported, or has a value that cannot be used is reported by name.
 */
public final class CommandLine {
  private static final long CONRING_DEFAULT = 32 << 10;
  private static final int MAX_FRAMES = 1 << 20;
  private static final String[] RELEASES = {"4.20", "4.17", "4.18", "4.19", "4.21", "4.22"};
  private static final int[] RELEASE_MINORS = {20, 17, 18, 19, 21, 22};
  private static final int MAX_RATE_LIMIT = 500_000;

  /** A socket is a class of CPUs, to which a vCPU keeps: all of these are the same. */
  private static final String[] RUN_QUEUES = {"socket", "node", "all"};

  private static final String[] SCHEDULERS = {"credit2", "null", "rtds", "arinc653"};
  private static final int[] SCHEDULER_NUMBERS = {
    DomctlScheduler.CREDIT2, DomctlScheduler.NULL, DomctlScheduler.RTDS, DomctlScheduler.ARINC653
  };
  private static final String[] WFI = {"trap", "native"};
  private static final String[] TIMESTAMPS = {"none", "date", "datems", "boot", "raw"};

  private final Option.Words console = new Option.Words("console", "dtuart, or none");
  private final Option.Words uart =
      new Option.Words("dtuart", "path or alias of the console's UART, perhaps :options");
  private final Dom0Options.MemorySize dom0Memory = new Dom0Options.MemorySize();
  private final Dom0Options.VcpuCount dom0Vcpus = new Dom0Options.VcpuCount();
  private final Dom0Options.SwitchKey switchKey = new Dom0Options.SwitchKey();
  private final Option.Flag dom0Pinned =
      new Option.Flag("dom0_vcpus_pin", false, "Dom0's vCPU n runs on CPU n only");
  private final Option.Whole maxCpus =
      new Option.Whole("maxcpus", Integer.MAX_VALUE, 0, Integer.MAX_VALUE, "CPUs to use");
  private final Option.Levels logLevel =
      new Option.Levels("loglvl", 3, 3, "levels of the hypervisor's messages");
  private final Option.Levels guestLogLevel =
      new Option.Levels("guest_loglvl", 0, 2, "levels of messages about guests");
  private final Option.Flag noReboot =
      new Option.Flag("noreboot", false, "halt where the machine would reboot");
  private final Option.Size ringSize =
      new Option.Size("conring_size", CONRING_DEFAULT, "bytes that xl dmesg can show");
  private final Option.Flag consoleToRing =
      new Option.Flag("console_to_ring", false, "guests' console output is kept for xl dmesg");
  private final Option.Choice timestamps =
      new Option.Choice("console_timestamps", TIMESTAMPS, 1, "what precedes a line");
  private final Option.Flag syncConsole =
      new Option.Flag("sync_console", false, "output is written before anything goes on");
  private final Option.Flag heterogeneous =
      new Option.Flag("hmp-unsafe", false, "vCPUs change between CPUs that differ");
  private final Option.Choice waitForInterrupt =
      new Option.Choice("vwfi", WFI, -1, "whether a guest's WFI gives its CPU away");
  private final Option.Whole grantFrames =
      new Option.Whole(
          "gnttab_max_frames",
          GrantTable.DEFAULT_LIMIT,
          1,
          GrantTable.CAPACITY,
          "pages of a grant table, at most " + GrantTable.CAPACITY);
  private final Option.Whole maptrackFrames =
      new Option.Whole("gnttab_max_maptrack_frames", 1024, 1, MAX_FRAMES, "pages of grant maps");
  private final Option.Flag extendedRegions =
      new Option.Flag("ext_regions", true, "Dom0 is told where it may map others' memory");
  private final Option.Choice scheduler =
      new Option.Choice("sched", SCHEDULERS, -1, "in which order the vCPUs of Pool-0 run");
  private final Option.Whole rateLimit =
      new Option.Whole("sched_ratelimit_us", 1000, 0, MAX_RATE_LIMIT, "shortest turn of a vCPU");
  private final Option.Whole migrateResist =
      new Option.Whole(
          "sched_credit2_migrate_resist", 500, 0, 100_000, "credit that changing the CPU takes");
  private final Option.Whole capPeriod =
      new Option.Whole("credit2_cap_period_ms", 10, 5, 100, "period that caps are counted in");
  private final Option.Choice runQueue =
      new Option.Choice(
          "credit2_runqueue",
          RUN_QUEUES,
          -1,
          "CPUs that share a run queue: those of a class",
          ": queues of fewer CPUs than a class has would not be fair");
  private final Option.Choice release =
      new Option.Choice("xen-version", RELEASES, -1, "release of Xen that guests are told of");

  private final Option[] options = {
    console,
    uart,
    dom0Memory,
    dom0Vcpus,
    switchKey,
    dom0Pinned,
    maxCpus,
    logLevel,
    guestLogLevel,
    noReboot,
    ringSize,
    consoleToRing,
    timestamps,
    syncConsole,
    heterogeneous,
    waitForInterrupt,
    grantFrames,
    maptrackFrames,
    extendedRegions,
    release,
    scheduler,
    rateLimit,
    migrateResist,
    capPeriod,
    runQueue,
  };

  @BootOnly
  private CommandLine() {}

  /** Reads {@code line}; what is wrong with it goes to {@code reports}. */
  @BootOnly
  public static CommandLine parse(Text line, Reports reports) {
    CommandLine result = new CommandLine();
    int at = 0;
    while (at < line.length) {
      int end = at;
      while (end < line.length && !isSpace(line.at(end))) {
        end++;
      }
      if (end > at) {
        result.word(line.part(at, end), reports);
      }
      at = end + 1;
    }
    return result;
  }

  private static boolean isSpace(int character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
  }

  /** One {@code name}, {@code name=value} or {@code no-name}. */
  @BootOnly
  private void word(Text word, Reports reports) {
    int equals = word.find('=', 0);
    Text name = word.part(0, equals);
    Text value = equals == word.length ? Text.empty() : word.part(equals + 1, word.length);
    Option option = find(name);
    boolean negated = option == null && name.startsWith("no-") && equals == word.length;
    if (negated) {
      Text rest = name.part(3, name.length);
      option = find(rest);
      value = name.part(0, 2);
      name = option == null && !KnownOptions.isKnown(rest) ? name : rest;
    }
    if (option != null) {
      if (!option.set(value)) {
        BootMessage message = rejected(name, value);
        option.explain(message);
        reports.add(message);
      } else if (option instanceof Option.Levels levels && levels.limits()) {
        reports.add(notLimited(word));
      }
    } else if (KnownOptions.isKnown(name)) {
      BootMessage message = new BootMessage("command line: not supported by this build, ignored: ");
      word.appendTo(message);
      reports.add(message);
    } else {
      BootMessage message = new BootMessage("command line: unknown option, ignored: ");
      word.appendTo(message);
      reports.add(message);
    }
  }

  /** Nothing is printed at a limited rate: a domain's lines have a budget of their own. */
  @BootOnly
  private static BootMessage notLimited(Text word) {
    BootMessage message = new BootMessage("command line: ");
    word.appendTo(message);
    return message.text(": messages of the second level are not printed");
  }

  @BootOnly
  private static BootMessage rejected(Text name, Text value) {
    BootMessage message = new BootMessage("command line: ");
    name.appendTo(message);
    message.text(": this value cannot be used, ignored: '");
    value.appendTo(message);
    return message.text("'");
  }

  private @Nullable Option find(Text name) {
    for (int i = 0; i < options.length; i++) {
      if (name.is(options[i].name)) {
        return options[i];
      }
    }
    return null;
  }

  /** Options that this build understands. */
  public int optionCount() {
    return options.length;
  }

  public Option option(int index) {
    return options[index];
  }

  /** The names of all options of Xen's and of ours, whether this build acts on them or not. */
  @HostOnly
  public static String[] names() {
    Option[] used = new CommandLine().options;
    String[] names = KnownOptions.names(used.length);
    for (int i = 0; i < used.length; i++) {
      names[i] = used[i].name;
    }
    return names;
  }

  /** {@code console}: {@code dtuart}, {@code none}, or empty where it is not given. */
  public Text console() {
    return console.value();
  }

  /** {@code dtuart}: path or alias, perhaps with options; empty: /chosen's stdout-path. */
  public Text uart() {
    return uart.value();
  }

  /** {@code dom0_mem}: bytes of Dom0's memory. */
  public long dom0Memory() {
    return dom0Memory.bytes();
  }

  /** {@code dom0_mem} with {@code max:}: bytes that Dom0 may grow to. */
  public long dom0MaximumMemory() {
    return dom0Memory.maximumBytes();
  }

  public boolean isDom0MemoryGiven() {
    return dom0Memory.isGiven();
  }

  /** {@code dom0_max_vcpus}: vCPUs of Dom0 that has {@code cpus} CPUs to run on. */
  public int dom0Vcpus(int cpus) {
    return dom0Vcpus.count(cpus);
  }

  /** {@code dom0_vcpus_pin}. */
  public boolean dom0Pinned() {
    return dom0Pinned.value();
  }

  /** {@code maxcpus}: CPUs to use, at least 1; 0 means 1, as it does for Xen. */
  public int maxCpus() {
    return (int) Math.max(1, maxCpus.value());
  }

  /**
   * {@code xen-version}, ours: the minor number of Xen's release that guests are told of. Debian's
   * wrapper of xl looks for the tools of that release.
   */
  public int xenRelease() {
    return RELEASE_MINORS[release.value()];
  }

  /** {@code loglvl}. */
  public Option.Levels logLevel() {
    return logLevel;
  }

  /** {@code guest_loglvl}. */
  public Option.Levels guestLogLevel() {
    return guestLogLevel;
  }

  /** {@code noreboot}. */
  public boolean noReboot() {
    return noReboot.value();
  }

  /** {@code conring_size}, bytes. */
  public long ringSize() {
    return ringSize.value();
  }

  /** {@code console_to_ring}. */
  public boolean consoleToRing() {
    return consoleToRing.value();
  }

  /** {@code console_timestamps}: 0 none, 1 date, 2 datems, 3 boot, 4 raw. */
  public int timestamps() {
    return timestamps.value();
  }

  /** {@code sync_console}. */
  public boolean syncConsole() {
    return syncConsole.value();
  }

  /** {@code conswitch}: the byte that switches the console's input; 0: no switching. */
  public int switchCharacter() {
    return switchKey.controlCharacter();
  }

  /** {@code conswitch=…x}: the input stays with the hypervisor when Dom0 starts. */
  public boolean inputStaysWithHypervisor() {
    return switchKey.staysWithHypervisor();
  }

  /** {@code hmp-unsafe}. */
  public boolean heterogeneous() {
    return heterogeneous.value();
  }

  /** {@code vwfi=native}: a guest's WFI keeps its CPU. */
  public boolean nativeWaitForInterrupt() {
    return waitForInterrupt.value() == 1;
  }

  /** {@code sched}: {@code XEN_SCHEDULER_*} of Pool-0. */
  public int scheduler() {
    return SCHEDULER_NUMBERS[scheduler.value()];
  }

  /** {@code XEN_SCHEDULER_*} of a scheduler's name, or -1. */
  @BootOnly
  static int scheduler(Text name) {
    for (int i = 0; i < SCHEDULERS.length; i++) {
      if (name.is(SCHEDULERS[i])) {
        return SCHEDULER_NUMBERS[i];
      }
    }
    return -1;
  }

  /** {@code sched_ratelimit_us}, µs; 0: none. */
  public int rateLimit() {
    return (int) rateLimit.value();
  }

  /** {@code sched_credit2_migrate_resist}, µs. */
  public int migrateResist() {
    return (int) migrateResist.value();
  }

  /** {@code credit2_cap_period_ms}, in µs. */
  public int capPeriod() {
    return (int) capPeriod.value() * 1000;
  }

  /** {@code gnttab_max_frames}. */
  public int grantFrames() {
    return (int) grantFrames.value();
  }

  /** {@code gnttab_max_maptrack_frames}. */
  public int maptrackFrames() {
    return (int) maptrackFrames.value();
  }

  /** {@code ext_regions}. */
  public boolean extendedRegions() {
    return extendedRegions.value();
  }
}
