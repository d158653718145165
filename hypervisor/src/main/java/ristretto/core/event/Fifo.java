package ristretto.core.event;

import ristretto.abi.Evtchnop.ControlBlock;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.core.domain.Domain;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.Memory;

/**
 * The FIFO ABI: a word for each port in an array of guest pages; pending ports are linked into 16
 * queues a vCPU, one a priority, whose heads are in the vCPU's control block. The hypervisor
 * appends at the tail, which it alone knows; the guest takes from the head. Design document
 * "FIFO-based event channel ABI", draft H; {@code xen/include/public/event_channel.h}.
 *
 * <p>Links are written here, never followed: a guest that spoils them spoils its own queues.
 */
final class Fifo implements EventAbi {
  private static final int WORDS_PER_PAGE = 1024;
  static final int PAGES = EventWord.CHANNELS / WORDS_PER_PAGE;

  private final Domain domain;

  /** Physical address of each page of event words, pinned. */
  private final long[] pages = new long[PAGES];

  private int pageCount;

  /** Ports that were raised before their word was there. */
  private int late;

  @BootOnly
  Fifo(Domain domain) {
    this.domain = domain;
  }

  @Override
  public int raise(int port, Port entry, VcpuEvents target) {
    long word = word(port);
    if (word == 0) {
      return raiseLater(entry);
    }
    EventWord before = GuestWord.setFlag(word, EventWord.PENDING, true);
    // A port that is pending, not masked and not linked is one that the guest takes off its queue
    // at this moment: it is linked anew, so that it is looked at again.
    boolean upcall = !before.masked() && !before.linked() && link(port, word, entry, target);
    if (upcall) {
      return UPCALL;
    }
    return before.pending() ? OLD : QUIET;
  }

  private int raiseLater(Port entry) {
    if (!entry.raisedLate()) {
      entry.setRaisedLate(true);
      late++;
    }
    return OLD;
  }

  boolean hasLate() {
    return late != 0;
  }

  void forgetLate(Port entry) {
    if (entry.raisedLate()) {
      entry.setRaisedLate(false);
      late--;
    }
  }

  /**
   * Appends {@code port} to the queue of its priority. Returns true if that queue was empty and the
   * guest has not been told yet.
   */
  private boolean link(int port, long word, Port entry, VcpuEvents target) {
    if (target.controlBlock == 0) {
      return false; // a vCPU that never set its queues up gets nothing (XSA-107)
    }
    if (GuestWord.setFlag(word, EventWord.LINKED, true).linked()) {
      return false;
    }
    leaveOldQueue(port, entry);
    int priority = entry.priority();
    entry.setQueued(target.vcpu.id, priority);
    int tail = target.tails[priority];
    target.tails[priority] = port;
    if (tail != 0 && append(word(tail), port)) {
      return false;
    }
    // The queue is empty. Release: the guest that reads the head finds the word linked.
    Memory.store32Release(head(target, priority), port);
    long ready = target.controlBlock + ControlBlock.READY;
    return !GuestWord.setFlag(ready, priority, true).isSet(priority);
  }

  /** A port that was the tail of a queue and is linked no more has left that queue empty. */
  private void leaveOldQueue(int port, Port entry) {
    VcpuEvents old = domain.vcpus[entry.queuedVcpu()].events;
    int priority = entry.queuedPriority();
    if (old.tails[priority] == port) {
      old.tails[priority] = 0;
    }
  }

  /**
   * Makes {@code port} the successor of the tail. False if the guest has taken the tail off, which
   * empties the queue, or if it does not let go of the word.
   */
  private static boolean append(long tailWord, int port) {
    EventWord seen = new EventWord(Memory.load32(tailWord));
    for (int i = 0; i < 2 * GuestWord.ATTEMPTS; i++) {
      if (!seen.linked()) {
        return endOf(seen, tailWord);
      }
      if (i == GuestWord.ATTEMPTS) {
        // From now on an honest guest only takes the word off; it spins before anything else.
        seen = GuestWord.setFlag(tailWord, EventWord.BUSY, true).with(EventWord.BUSY, true);
      }
      int was = Memory.compareAndExchange32(tailWord, seen.bits(), seen.withLink(port).bits());
      if (was == seen.bits()) {
        return true;
      }
      seen = new EventWord(was);
    }
    return endOf(seen, tailWord);
  }

  private static boolean endOf(EventWord seen, long tailWord) {
    if (seen.busy()) {
      GuestWord.setFlag(tailWord, EventWord.BUSY, false);
    }
    return false;
  }

  @Override
  @Inline
  public boolean isSettled(int port) {
    // Not through pageCount: without the lock it may be seen before the page is.
    long page = pages[port / WORDS_PER_PAGE];
    if (page == 0) {
      return false;
    }
    EventWord word = new EventWord(Memory.load32(page + offset(port)));
    return word.pending() && (word.linked() || word.masked());
  }

  @Override
  public int unmask(int port, Port entry, VcpuEvents target) {
    long word = word(port);
    if (word == 0) {
      return OLD;
    }
    EventWord before = GuestWord.setFlag(word, EventWord.MASKED, false);
    return before.pending() ? raise(port, entry, target) : OLD;
  }

  @Override
  public boolean isPending(int port) {
    long word = word(port);
    return word != 0 && new EventWord(Memory.load32(word)).pending();
  }

  @Override
  public boolean isMasked(int port) {
    long word = word(port);
    return word == 0 || new EventWord(Memory.load32(word)).masked();
  }

  @Override
  public boolean isBusy(int port) {
    long word = word(port);
    return word != 0 && new EventWord(Memory.load32(word)).linked();
  }

  @Override
  public void clear(int port) {
    long word = word(port);
    if (word != 0) {
      GuestWord.setFlag(word, EventWord.PENDING, false);
    }
  }

  @Override
  public int limit() {
    return EventWord.CHANNELS;
  }

  boolean isFull() {
    return pageCount == PAGES;
  }

  /** Adds a pinned page for the next 1024 ports; returns the first of them. */
  int addPage(long address) {
    pages[pageCount] = address;
    pageCount++;
    return (pageCount - 1) * WORDS_PER_PAGE;
  }

  /** The guest starts over: all pages are let go. */
  void stop() {
    while (pageCount > 0) {
      pageCount--;
      domain.p2m.unpin(pages[pageCount]);
      pages[pageCount] = 0;
    }
  }

  /** Address of the word of {@code port}, 0 while its page is not there. */
  @Inline
  private long word(int port) {
    int page = port >>> 10;
    return page < pageCount ? pages[page] + offset(port) : 0;
  }

  @Inline
  private static long offset(int port) {
    return (long) EventWord.SIZEOF * (port & WORDS_PER_PAGE - 1);
  }

  private static long head(VcpuEvents target, int priority) {
    return target.controlBlock + ControlBlock.HEAD + 4L * priority;
  }
}
