package ristretto.core.uart;

import ristretto.abi.ConsoleRings;
import ristretto.core.domain.Domain;
import ristretto.core.event.Connections;
import ristretto.core.event.EventMachine;
import ristretto.machine.Memory;

/** The console daemon in Dom0 at the other end of a domain's UART. */
final class ConsoleDaemon {
  private static final int PAGE = 9;

  final EventMachine machine;
  final Domain dom0;
  final Domain guest;
  final VirtualUart uart;
  private boolean interrupting;
  private final int port;
  private final long page;

  /** Makes Dom0 and domain 5, which has a UART, and connects the daemon to it. */
  ConsoleDaemon(EventMachine machine) {
    this.machine = machine;
    dom0 = machine.domain(0, true, 1);
    guest = machine.domain(5, false, 2);
    guest.vgic.reset(3, 64);
    uart = new VirtualUart(guest, level -> interrupting = level);
    page = EventMachine.page(guest, PAGE);
    int there = (int) uart.start(EventMachine.gfn(PAGE), dom0.id);
    port = (int) Connections.bind(dom0, guest, there);
    boolean unused = isTold(); // every new port starts pending
  }

  /** Hypervisor address of the rings. */
  long page() {
    return page;
  }

  /** The UART has signalled since this was asked last. */
  boolean isTold() {
    return EventMachine.consume(dom0).contains(port);
  }

  void tell() {
    long unused = dom0.events.send(port);
  }

  /** The level of the guest's interrupt. */
  boolean isInterrupting() {
    return interrupting;
  }

  /** Writes what there is room for; returns how many bytes. */
  int put(String text) {
    int count = Math.min(text.length(), 1024 - (inputProducer() - inputConsumer()));
    for (int i = 0; i < count; i++) {
      putByte(text.charAt(i));
    }
    return count;
  }

  /** Writes a byte without looking for room. */
  void putByte(int b) {
    int at = inputProducer();
    Memory.store8(page + ConsoleRings.IN + (at & 1023), b);
    setInputProducer(at + 1);
  }

  /** Takes at most {@code most} bytes of what is there. */
  String take(int most) {
    StringBuilder text = new StringBuilder();
    int at = Memory.load32(page + ConsoleRings.OUT_CONS);
    int end = outputProducer();
    while (at != end && text.length() < most) {
      text.append((char) Memory.load8(page + ConsoleRings.OUT + (at & 2047)));
      at++;
    }
    setOutputConsumer(at);
    return text.toString();
  }

  int inputConsumer() {
    return Memory.load32Acquire(page + ConsoleRings.IN_CONS);
  }

  int inputProducer() {
    return Memory.load32Acquire(page + ConsoleRings.IN_PROD);
  }

  int outputProducer() {
    return Memory.load32Acquire(page + ConsoleRings.OUT_PROD);
  }

  void setInputConsumer(int index) {
    Memory.store32Release(page + ConsoleRings.IN_CONS, index);
  }

  void setInputProducer(int index) {
    Memory.store32Release(page + ConsoleRings.IN_PROD, index);
  }

  void setOutputConsumer(int index) {
    Memory.store32Release(page + ConsoleRings.OUT_CONS, index);
  }

  void setOutputProducer(int index) {
    Memory.store32Release(page + ConsoleRings.OUT_PROD, index);
  }
}
