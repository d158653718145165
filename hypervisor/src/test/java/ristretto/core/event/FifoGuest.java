package ristretto.core.event;

import java.util.ArrayList;
import java.util.List;
import ristretto.abi.Errno;
import ristretto.abi.Evtchnop.ControlBlock;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.core.domain.Domain;
import ristretto.machine.Memory;

/**
 * The guest's side of the FIFO ABI, as the design document tells a guest to behave: takes ports off
 * the heads of the queues, masks and unmasks. Page 0 of the guest's memory holds the control
 * blocks, the pages after it the event array.
 */
final class FifoGuest {
  private static final int CONTROL_SIZE = 128;
  private static final int NO_LINK = ~(1 << EventWord.LINKED | (1 << EventWord.LINK_BITS) - 1);

  final Domain domain;
  private final long control;
  private final List<Long> arrayPages = new ArrayList<>();
  private final int[][] heads;

  FifoGuest(Domain domain) {
    this.domain = domain;
    this.control = EventMachine.page(domain, 0);
    this.heads = new int[domain.vcpus.length][EventWord.QUEUES];
    for (int vcpu = 0; vcpu < domain.vcpus.length; vcpu++) {
      check(FifoSetup.initControl(domain.events, vcpu, EventMachine.gfn(0), vcpu * CONTROL_SIZE));
      check(VcpuInfoPage.register(domain.vcpus[vcpu], EventMachine.gfn(100), vcpu * 64));
    }
  }

  private static void check(long result) {
    if (result != Errno.OK) {
      throw new AssertionError("refused: " + result);
    }
  }

  /** Adds a page of event words, all masked, as Linux does. */
  void expand() {
    int index = 1 + arrayPages.size();
    long page = EventMachine.page(domain, index);
    for (int i = 0; i < 1024; i++) {
      Memory.store32(page + 4L * i, 1 << EventWord.MASKED);
    }
    arrayPages.add(page);
    check(FifoSetup.expandArray(domain.events, EventMachine.gfn(index)));
  }

  long word(int port) {
    return arrayPages.get(port / 1024) + 4L * (port % 1024);
  }

  EventWord read(int port) {
    return new EventWord(Memory.load32(word(port)));
  }

  void mask(int port) {
    change(word(port), 1 << EventWord.MASKED, ~0);
  }

  /** Ends the mask itself while the port is not pending, otherwise asks the hypervisor. */
  void unmask(int port) {
    while (true) {
      EventWord seen = read(port);
      if (!seen.masked()) {
        return;
      }
      if (seen.pending()) {
        check(domain.events.unmask(port));
        return;
      }
      int expected = seen.bits() & ~(1 << EventWord.BUSY);
      int update = expected & ~(1 << EventWord.MASKED);
      if (Memory.compareAndExchange32(word(port), expected, update) == expected) {
        return;
      }
    }
  }

  boolean upcallPending(int vcpu) {
    return Memory.load8(info(vcpu)) != 0;
  }

  private long info(int vcpu) {
    return EventMachine.page(domain, 100) + 64L * vcpu;
  }

  /** The event interrupt's handler: all ports that it handled, in order. */
  List<Integer> upcall(int vcpu) {
    List<Integer> handled = new ArrayList<>();
    do {
      Memory.store8(info(vcpu), 0);
      takeAll(vcpu, handled);
    } while (upcallPending(vcpu));
    return handled;
  }

  private void takeAll(int vcpu, List<Integer> handled) {
    long block = control + (long) vcpu * CONTROL_SIZE;
    int ready = exchange(block + ControlBlock.READY);
    while (ready != 0) {
      int queue = Integer.numberOfTrailingZeros(ready);
      if (takeOne(vcpu, block, queue, handled) == 0) {
        ready &= ~(1 << queue);
      }
      ready |= exchange(block + ControlBlock.READY);
    }
  }

  /** Returns the next port of the queue. */
  private int takeOne(int vcpu, long block, int queue, List<Integer> handled) {
    int port = heads[vcpu][queue];
    if (port == 0) {
      port = Memory.load32Acquire(block + ControlBlock.HEAD + 4L * queue);
    }
    int before = change(word(port), 0, NO_LINK);
    int next = new EventWord(before).link();
    EventWord now = read(port);
    if (now.pending() && !now.masked()) {
      change(word(port), 0, ~(1 << EventWord.PENDING));
      handled.add(port);
    }
    heads[vcpu][queue] = next;
    return next;
  }

  private static int exchange(long address) {
    return change(address, 0, 0);
  }

  /** Sets and keeps bits, as one atomic operation; returns what was there. */
  private static int change(long address, int set, int keep) {
    int seen = Memory.load32(address);
    while (true) {
      int was = Memory.compareAndExchange32(address, seen, (seen & keep) | set);
      if (was == seen) {
        return was;
      }
      seen = was;
    }
  }
}
