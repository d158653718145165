package ristretto.core.event;

import ristretto.lang.Inline;
import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * One entry of a {@link PortTable}: hypervisor memory, 16 bytes. The link is read without a lock
 * (acquire); the rest is guarded by the event lock of the domain.
 */
@Unboxed
record Port(long address) {
  private static final int LINK = 0; // Link
  private static final int VCPU = 8; // 16 bits: the vCPU that is notified
  private static final int PRIORITY = 10; // 8 bits: FIFO queue, 0 is served first
  private static final int QUEUED_PRIORITY = 11; // 8 bits: queue that it was linked into last
  private static final int QUEUED_VCPU = 12; // 16 bits: vCPU of that queue
  private static final int LATE = 14; // 8 bits: was raised when its event word was not there yet
  static final int SIZEOF = 16;

  static final Port ABSENT = new Port(0);

  @Inline
  boolean exists() {
    return address != 0;
  }

  /** What it is bound to (acquire; pairs with {@link #setLink}). */
  @Inline
  Link link() {
    return new Link(Memory.load64Acquire(address + LINK));
  }

  /** Publishes what it is bound to, after everything else was set (release). */
  void setLink(Link link) {
    Memory.store64Release(address + LINK, link.bits());
  }

  boolean isFree() {
    return link().state() == Link.FREE;
  }

  /** Bound or waiting: what a guest may name. */
  boolean inUse() {
    return exists() && link().state() > Link.RESERVED;
  }

  @Inline
  int vcpu() {
    return Memory.load16(address + VCPU);
  }

  void setVcpu(int vcpu) {
    Memory.store16(address + VCPU, vcpu);
  }

  int priority() {
    return Memory.load8(address + PRIORITY);
  }

  void setPriority(int priority) {
    Memory.store8(address + PRIORITY, priority);
  }

  int queuedPriority() {
    return Memory.load8(address + QUEUED_PRIORITY);
  }

  int queuedVcpu() {
    return Memory.load16(address + QUEUED_VCPU);
  }

  void setQueued(int vcpu, int priority) {
    Memory.store16(address + QUEUED_VCPU, vcpu);
    Memory.store8(address + QUEUED_PRIORITY, priority);
  }

  boolean raisedLate() {
    return Memory.load8(address + LATE) != 0;
  }

  void setRaisedLate(boolean late) {
    Memory.store8(address + LATE, late ? 1 : 0);
  }
}
