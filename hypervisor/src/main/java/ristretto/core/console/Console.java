package ristretto.core.console;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.driver.uart.ConsoleDevice;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/**
 * The machine's one console: the log ring, the UART, and the way to its input. Whole lines are
 * serialised by a lock of the last rank, so anything may be reported while anything is held.
 */
@Cold
public final class Console {
  /** Xen's on Arm, unless {@code conring_size=} says otherwise. */
  public static final int DEFAULT_RING_SIZE = 32 * 1024;

  /** More than anyone reads. */
  private static final int MOST_RING_SIZE = 8 << 20;

  /** Bytes that {@link #writeGuest} takes at a time, so that no trap prints for long. */
  public static final int GUEST_CHUNK = 128;

  /** Bytes of the log that are shown without giving others a turn. */
  private static final int SHOWN_PART = 64;

  /** Characters around a guest's line: "(d65535) " and the end of the line. */
  private static final int GUEST_LINE_OVERHEAD = 10;

  private static Console system = new Console(DEFAULT_RING_SIZE);

  private final SpinLock lock = new SpinLock(LockRank.CONSOLE);
  private final ConsoleRing ring;
  private final DebugKeys keys = new DebugKeys();
  private final ConsoleInput input = new ConsoleInput(keys);
  private @Nullable ConsoleDevice device;
  private int lastSent;
  private boolean keepDom0Output;

  /** The machine panics: nobody waits for the lock any more. */
  private volatile boolean abandoned;

  /** {@code ringSize} is a power of two. */
  @BootOnly
  public Console(int ringSize) {
    ring = new ConsoleRing(ringSize);
    keys.register(new DumpLogKey(this));
    LevelKey.registerAll(keys);
  }

  /** Where {@link Log} writes. */
  public static Console system() {
    return system;
  }

  /** Makes {@code console} the one that {@link Log} writes to. */
  @BootOnly
  public static void install(Console console) {
    system = console;
  }

  public DebugKeys keys() {
    return keys;
  }

  public int ringSize() {
    return ring.size();
  }

  public ConsoleInput input() {
    return input;
  }

  /** Starts the device and shows there what was logged before. */
  @BootOnly
  public void start(ConsoleDevice newDevice) {
    newDevice.start();
    lock.lock();
    device = newDevice;
    for (int position = ring.start(); position != ring.end(); position++) {
      send(newDevice, ring.at(position));
    }
    lock.unlock();
  }

  /**
   * Called once {@link #onReceive} handles the device's interrupt. What has been typed while the
   * firmware ran is taken at once: only a byte that comes now raises the interrupt.
   */
  @BootOnly
  public void enableInput() {
    ConsoleDevice uart = device;
    if (uart != null) {
      uart.enableReceiveInterrupt();
      input.receive(uart);
    }
  }

  /** The device's interrupt. */
  public void onReceive() {
    ConsoleDevice uart = device;
    if (uart != null) {
      input.receive(uart);
    }
  }

  /**
   * Bytes of the ring for {@code conring_size=}: the next power of two, not less than the default.
   */
  public static int ringSize(long wanted) {
    int size = DEFAULT_RING_SIZE;
    while (size < wanted && size < MOST_RING_SIZE) {
      size *= 2;
    }
    return size;
  }

  /** {@code size} is a power of two. */
  @BootOnly
  public void resizeRing(int size) {
    lock.lock();
    ring.resize(size);
    lock.unlock();
  }

  /** {@code console_to_ring}: what Dom0 writes is kept in the ring too. */
  @BootOnly
  public void keepDom0Output(boolean keep) {
    keepDom0Output = keep;
  }

  /** Writes whole lines of the log. */
  void write(byte[] text, int length) {
    if (abandoned) {
      writeEmergency(text, length);
      return;
    }
    lock.lock();
    writeEmergency(text, length);
    lock.unlock();
  }

  /** The same without the lock: what another CPU prints at this moment is mixed in. */
  void writeEmergency(byte[] text, int length) {
    for (int i = 0; i < length; i++) {
      put(text[i]);
    }
  }

  /** The machine panics: from now on nobody waits for the console's lock. */
  public void abandonLock() {
    abandoned = true;
  }

  /**
   * CONSOLEIO_write: up to {@link #GUEST_CHUNK} bytes, copied from the guest to the hypervisor
   * address {@code text}. Dom0's go straight out; another domain's are put together to lines,
   * named, limited, and kept in the ring.
   */
  public void writeGuest(GuestConsole guest, long text, int length) {
    lock.lock();
    for (int i = 0; i < length; i++) {
      int b = Memory.load8(text + i);
      if (guest.isPrivileged()) {
        passThrough(b);
      } else {
        addToLine(guest, b);
      }
    }
    lock.unlock();
    guest.reportDrops();
  }

  private void passThrough(int b) {
    if (keepDom0Output) {
      ring.append((byte) b);
    }
    ConsoleDevice uart = device;
    if (uart != null) {
      send(uart, b);
    }
  }

  private void addToLine(GuestConsole guest, int b) {
    if (b == '\n') {
      flush(guest);
    } else if ((b >= ' ' && b <= '~') || b == '\t') { // nothing that steers the operator's terminal
      if (!guest.append(b)) {
        flush(guest);
        guest.append(b);
      }
    }
  }

  /** Xen prints a guest's own lines at the level "debug". */
  private void flush(GuestConsole guest) {
    if (Log.isGuestShown(LogLevel.DEBUG) && guest.take(guest.length() + GUEST_LINE_OVERHEAD)) {
      put('(');
      put('d');
      putDecimal(guest.domainId());
      put(')');
      put(' ');
      for (int i = 0; i < guest.length(); i++) {
        put(guest.at(i));
      }
      put('\n');
    }
    guest.startLine();
  }

  private void putDecimal(int value) {
    int divisor = 1;
    while (value / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor != 0; divisor /= 10) {
      put('0' + value / divisor % 10);
    }
  }

  /** One byte of the log: to the ring, and out. */
  private void put(int b) {
    ring.append((byte) b);
    ConsoleDevice uart = device;
    if (uart != null) {
      send(uart, b);
    }
  }

  /** A terminal needs a carriage return before a line feed. */
  private void send(ConsoleDevice uart, int b) {
    if (b == '\n' && lastSent != '\r') {
      uart.put('\r');
    }
    uart.put(b);
    lastSent = b;
  }

  // What XEN_SYSCTL_readconsole and a dump of the ring need: see ConsoleRing for positions.

  /** Position of the oldest byte kept, or, if that is later, of {@code position}. */
  public int logResume(int position) {
    lock.lock();
    int start = ring.resume(position);
    lock.unlock();
    return start;
  }

  /** Sends the log to the device once more; others may print between its parts. */
  void showLog() {
    int position = logStart();
    for (int part = ring.size() / SHOWN_PART; part > 0; part--) {
      lock.lock();
      position = ring.resume(position);
      for (int i = 0; i < SHOWN_PART && position != ring.end(); i++, position++) {
        ConsoleDevice uart = device;
        if (uart != null) {
          send(uart, ring.at(position));
        }
      }
      lock.unlock();
    }
  }

  /** Position of the oldest byte that is kept and not cleared. */
  public int logStart() {
    lock.lock();
    int start = ring.start();
    lock.unlock();
    return start;
  }

  /**
   * Copies up to {@code limit} bytes of the log from {@code position} on to the hypervisor address
   * {@code target}; returns how many, 0 at the end.
   */
  public int readLog(int position, long target, int limit) {
    lock.lock();
    int count = ring.copy(ring.resume(position), target, limit);
    lock.unlock();
    return count;
  }

  /** {@code clear}: what is in the log before {@code position} is not read again. */
  public void clearLog(int position) {
    lock.lock();
    ring.clear(position);
    lock.unlock();
  }

  /** Bytes of the log that can be kept. */
  public int logSize() {
    return ring.size();
  }
}
