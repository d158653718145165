package ristretto.core.domain;

import ristretto.abi.TraceEvent;
import ristretto.core.event.DomainChanges;
import ristretto.core.event.DomainVirq;
import ristretto.core.event.EventTeardown;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2m;
import ristretto.core.mm.P2mType;
import ristretto.core.sched.Scheduler;
import ristretto.core.trace.Trace;
import ristretto.lang.Cold;

/**
 * The end of a domain, in bounded steps (XSA-344, XSA-380, XSA-410): first nothing new is let in,
 * then no vCPU is left on a CPU, then what ties it to others goes, then its memory. What others
 * still map stays charged to it and keeps the object until they let go. Under the toolstack's lock.
 */
public final class DomainEnd {
  /** Ports or grants that one step takes apart (SECURITY rule 8). */
  private static final int SLICE = 128;

  /** Mappings, likewise: those of a table at least. */
  private static final int MAPPINGS = 512;

  /** {@link Domain#endStage}: what comes next. */
  private static final int ALIVE = 0;

  private static final int EVENTS = 1;
  private static final int GRANTS = 2;
  private static final int DEVICES = 3;
  private static final int MEMORY = 4;

  /** All is gone but for frames that others use. */
  private static final int GONE = 5;

  private static final P2m.Removal MEMORY_REMOVAL = new MemoryRemoval();

  /** Domains that are gone and whose objects are not free yet. */
  private static int remains;

  private DomainEnd() {}

  /**
   * A step of the destruction; the first one makes the domain die.
   *
   * @return true when it is over; false: ask again
   */
  @Cold
  public static boolean step(Domain domain) {
    if (domain.endStage == GONE) {
      return true;
    }
    if (!domain.isDying()) {
      domain.setDying();
      DomainVirq.tell(domain.id);
    }
    switch (domain.endStage) {
      case ALIVE -> {
        if (areVcpusOut(domain)) {
          domain.endStage = EVENTS;
        }
      }
      case EVENTS -> {
        if (EventTeardown.step(domain.events, SLICE)) {
          domain.endStage = GRANTS;
        }
      }
      case GRANTS -> {
        if (domain.grants.teardown(SLICE)) {
          domain.endStage = DEVICES;
        }
      }
      case DEVICES -> {
        domain.watchdogs.end();
        domain.vgic.release();
        domain.uart.end();
        domain.endStage = MEMORY;
      }
      default -> {
        if (domain.p2m.teardown(MEMORY_REMOVAL, MAPPINGS)) {
          end(domain);
        }
      }
    }
    return domain.endStage == GONE;
  }

  /** All of it is gone, but for memory that others use. */
  public static boolean isDead(Domain domain) {
    return domain.endStage == GONE;
  }

  private static boolean areVcpusOut(Domain domain) {
    boolean out = true;
    for (int i = 0; i < domain.vcpuCount; i++) {
      Scheduler.pause(domain.vcpus[i], PauseReason.DYING);
      out &= Scheduler.evict(domain.vcpus[i]);
    }
    return out;
  }

  private static void end(Domain domain) {
    domain.p2m.close();
    domain.freeVcpus();
    domain.share.leavePool();
    long unused = Frames.claim(domain.memory, 0);
    domain.endStage = GONE;
    remains++;
    int id = domain.id;
    Trace.domain(TraceEvent.DOMAIN_REMOVED, id);
    reap();
    DomainVirq.tell(id);
  }

  /** A domain that was never made known: it has a few pages and no vCPUs. */
  @Cold
  public static void abandon(Domain domain) {
    domain.setDying();
    boolean done = false;
    while (!done) {
      done =
          EventTeardown.step(domain.events, SLICE)
              && domain.grants.teardown(SLICE)
              && domain.p2m.teardown(MEMORY_REMOVAL, MAPPINGS);
    }
    domain.p2m.close();
    domain.close();
  }

  /**
   * Frees the objects of domains that are gone and whose last frame others have let go of. Every
   * command of the toolstack begins with this: a domain that is over is not seen by it.
   */
  @Cold
  public static void reap() {
    for (int slot = 0; slot < Domains.MAXIMUM && remains != 0; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null && domain.endStage == GONE && domain.memory.isEmpty()) {
        Domains.remove(domain);
        DomainChanges.note(domain.id); // no virtual interrupt: its end has been told of
        domain.close();
        remains--;
      }
    }
  }

  /** Lets go of what a dying domain had mapped. */
  private static final class MemoryRemoval implements P2m.Removal {
    @Override
    public void removed(long gfn, long mfn, int order, int type) {
      switch (type) {
        case P2mType.RAM_RW, P2mType.RAM_RO -> Frames.free(mfn, order);
        case P2mType.FOREIGN -> Frames.dereference(mfn);
        default -> {} // devices and shared pages; grants have been unmapped before
      }
    }
  }
}
