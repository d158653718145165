package ristretto.core.console;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.lang.Cold;
import ristretto.machine.CpuLocal;

/**
 * The hypervisor's messages: {@code Log.info().text("dom").dec(id).text(" starts").end();}. Each
 * CPU puts its line together in its own buffer and hands over whole lines, so lines are never
 * mixed. No argument of a line may itself log. Works before there is a {@link Cpu} (then as CPU 0)
 * and before there is a console: the ring keeps everything.
 *
 * <p>What a guest can trigger at will goes through the {@code guest} methods, which charge the line
 * to that domain's budget (SECURITY rule 9).
 */
public final class Log {
  private static final LogLine MUTED = new LogLine(LogLine.Route.NOWHERE);
  private static final LogLine[] LINES = lines(LogLine.Route.CONSOLE);
  private static final LogLine[] EMERGENCY_LINES = lines(LogLine.Route.EMERGENCY);

  private static LogLevel threshold = LogLevel.INFO;
  private static LogLevel guestThreshold = LogLevel.WARNING;

  private Log() {}

  private static LogLine[] lines(LogLine.Route route) {
    LogLine[] lines = new LogLine[Cpus.MAXIMUM];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = new LogLine(route);
    }
    return lines;
  }

  /** Shown whatever {@code loglvl=} says: the banner, answers to debug keys, a panic's text. */
  @Cold
  public static LogLine print() {
    return LINES[cpuIndex()].begin(null);
  }

  @Cold
  public static LogLine error() {
    return own(LogLevel.ERROR);
  }

  @Cold
  public static LogLine warn() {
    return own(LogLevel.WARNING);
  }

  @Cold
  public static LogLine info() {
    return own(LogLevel.INFO);
  }

  @Cold
  public static LogLine debug() {
    return own(LogLevel.DEBUG);
  }

  /** A message that the domain of {@code guest} caused; null: no domain to charge. */
  @Cold
  public static LogLine guest(LogLevel level, @Nullable GuestConsole guest) {
    if (!isGuestShown(level)) {
      return MUTED;
    }
    if (guest != null && !guest.allowsLine()) {
      guest.reportDrops();
      return MUTED;
    }
    return LINES[cpuIndex()].begin(guest);
  }

  /**
   * For the fault path: a line that takes no lock and does not touch the one that this CPU may have
   * been putting together.
   */
  @Cold
  public static LogLine emergency() {
    return EMERGENCY_LINES[cpuIndex()].begin(null);
  }

  /** {@code loglvl=}. */
  public static void showUpTo(LogLevel level) {
    threshold = level;
  }

  /** {@code guest_loglvl=}. */
  public static void showGuestUpTo(LogLevel level) {
    guestThreshold = level;
  }

  /** {@code console_timestamps=}: 0 none, 1 date, 2 with milliseconds, 3 seconds, 4 raw ticks. */
  public static void timestamps(int style) {
    Timestamp.style(style);
  }

  /** Dom0 has set the clock: nanoseconds since 1970 when the counter was 0. */
  public static void timeOfDay(long nanosecondsAtCounterZero) {
    Timestamp.timeOfDay(nanosecondsAtCounterZero);
  }

  public static LogLevel threshold() {
    return threshold;
  }

  public static LogLevel guestThreshold() {
    return guestThreshold;
  }

  /** Would a message of this level that a guest caused be shown, its budget aside? */
  public static boolean isGuestShown(LogLevel level) {
    return level.isWithin(guestThreshold);
  }

  private static LogLine own(LogLevel level) {
    return level.isWithin(threshold) ? LINES[cpuIndex()].begin(null) : MUTED;
  }

  private static int cpuIndex() {
    return CpuLocal.get() instanceof Cpu cpu ? cpu.index : 0;
  }
}
