package ristretto.core.uart;

import ristretto.abi.ConsoleRings;
import ristretto.lang.BootOnly;
import ristretto.lang.Cold;
import ristretto.vdev.uart.ByteSink;

/**
 * The hypervisor's side of a page of console rings, for a guest that knows only a UART. The console
 * daemon writes to the page at any time, and so can the guest, whose page it is. Hence our own
 * indexes are kept here and only told to the page; the daemon's are read once for each question,
 * and one that no daemon in its right mind would write means that there is nothing to read, and no
 * room (SECURITY rule 7). The caller holds the UART's lock.
 */
@Cold
final class RingPage implements ByteSink {
  /** Hypervisor address of the page, 0 while there is none. */
  private long address;

  private int inputConsumer;
  private int outputProducer;
  private boolean moved;

  @BootOnly
  RingPage() {}

  /** Goes on where the page says that both rings are. */
  void attach(long page) {
    address = page;
    inputConsumer = rings().inputConsumer();
    outputProducer = rings().outputProducer();
    moved = false;
  }

  /**
   * The page is not used any more.
   *
   * @return its address, 0 if there was none
   */
  long detach() {
    long was = address;
    address = 0;
    return was;
  }

  boolean isAttached() {
    return address != 0;
  }

  private ConsoleRings rings() {
    return new ConsoleRings(address);
  }

  /** A byte for the guest is there. */
  boolean hasInput() {
    int waiting = rings().inputProducer() - inputConsumer;
    return waiting > 0 && waiting <= ConsoleRings.IN_SIZE;
  }

  /** That byte; it is gone then. */
  int take() {
    int b = rings().input(inputConsumer);
    inputConsumer++;
    rings().setInputConsumer(inputConsumer);
    moved = true;
    return b;
  }

  @Override
  public boolean isReady() {
    int waiting = outputProducer - rings().outputConsumer();
    return waiting >= 0 && waiting < ConsoleRings.OUT_SIZE;
  }

  @Override
  public void put(int b) {
    rings().setOutput(outputProducer, b);
    outputProducer++;
    rings().setOutputProducer(outputProducer);
    moved = true;
  }

  /** Since the last time this was asked a byte went either way: the daemon is to be told. */
  boolean hasMoved() {
    boolean has = moved;
    moved = false;
    return has;
  }
}
