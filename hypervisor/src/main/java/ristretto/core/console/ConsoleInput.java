package ristretto.core.console;

import org.jspecify.annotations.Nullable;
import ristretto.core.cpu.LockRank;
import ristretto.core.cpu.SpinLock;
import ristretto.driver.uart.ConsoleDevice;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/**
 * Typed bytes: to Dom0, or, after control-a three times, to the debug keys. A control-a is held
 * back until it is clear that it is not the first of three, as Xen does, and is delivered then.
 */
@Cold
public final class ConsoleInput {
  /** Bytes that one receive interrupt takes; what is left raises the next. */
  private static final int BURST = 128;

  private static final int SWITCH_COUNT = 3;
  private static final int CONTROL_A = 1;

  /** From a control character to its letter. */
  private static final int LETTER = 0x60;

  private final SpinLock lock = new SpinLock(LockRank.CONSOLE);
  private final InputBuffer buffer = new InputBuffer(); // guarded by the lock
  private final DebugKeys keys;
  private @Nullable ConsoleListener listener;
  private int switchCharacter = CONTROL_A;

  // Belong to the CPU that serves the device's interrupt.
  private boolean toHypervisor;
  private int switchKeysHeld;

  @BootOnly
  ConsoleInput(DebugKeys keys) {
    this.keys = keys;
  }

  /** {@code conswitch=}: the control character which, three times, switches the input; 0: none. */
  @BootOnly
  public void switchCharacter(int character) {
    switchCharacter = character;
  }

  /** Who hears of input for Dom0. */
  @BootOnly
  public void listen(ConsoleListener newListener) {
    listener = newListener;
  }

  /** Gives the input to Dom0 or to the hypervisor, and says so. */
  public void give(boolean hypervisor) {
    toHypervisor = hypervisor;
    LogLine line = Log.print().text("*** Serial input to ").text(hypervisor ? "Xen" : "DOM0");
    if (switchCharacter != 0) {
      line.text(" (type 'CTRL-").character(switchCharacter | LETTER);
      line.text("' three times to switch input)");
    }
    line.end();
  }

  /** The device's interrupt. */
  void receive(ConsoleDevice device) {
    device.acknowledgeInterrupt();
    boolean forDom0 = false;
    for (int i = 0; i < BURST; i++) {
      int b = device.poll();
      if (b < 0) {
        break;
      }
      forDom0 |= accept(b);
    }
    ConsoleListener target = listener;
    if (forDom0 && target != null) {
      target.inputAvailable();
    }
  }

  /** Returns whether Dom0 got something. */
  private boolean accept(int b) {
    if (b == switchCharacter && b != 0) {
      switchKeysHeld++;
      if (switchKeysHeld == SWITCH_COUNT) {
        switchKeysHeld = 0;
        give(!toHypervisor);
      }
      return false;
    }
    for (; switchKeysHeld > 0; switchKeysHeld--) {
      deliver(switchCharacter);
    }
    deliver(b);
    return !toHypervisor;
  }

  private void deliver(int b) {
    if (toHypervisor) {
      keys.press(b);
      return;
    }
    lock.lock();
    buffer.add(b);
    lock.unlock();
  }

  /**
   * CONSOLEIO_read: takes up to {@code limit} bytes to the hypervisor address {@code target};
   * returns how many.
   */
  public int read(long target, int limit) {
    lock.lock();
    int count = 0;
    while (count < limit && !buffer.isEmpty()) {
      Memory.store8(target + count, buffer.take());
      count++;
    }
    lock.unlock();
    return count;
  }
}
