package ristretto.core.console;

import java.util.ArrayDeque;
import java.util.Deque;
import ristretto.driver.uart.ConsoleDevice;
import ristretto.machine.CpuLocal;

/** A console device that shows and types text; each byte is a point where CPUs may switch. */
final class FakeTerminal implements ConsoleDevice {
  final StringBuilder shown = new StringBuilder();
  private final Deque<Integer> typed = new ArrayDeque<>();
  boolean interrupts;

  void type(String text) {
    text.chars().forEach(typed::add);
  }

  String text() {
    return shown.toString().replace("\r\n", "\n");
  }

  @Override
  public void start() {}

  @Override
  public boolean canPut() {
    return true;
  }

  @Override
  public void put(int b) {
    var _ = CpuLocal.get();
    shown.append((char) (b & 0xff));
  }

  @Override
  public int poll() {
    return typed.isEmpty() ? -1 : typed.remove();
  }

  @Override
  public void enableReceiveInterrupt() {
    interrupts = true;
  }

  @Override
  public void acknowledgeInterrupt() {}
}
