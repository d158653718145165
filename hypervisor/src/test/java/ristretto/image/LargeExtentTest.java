package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomctlCommand;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Xenmem;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.trap.GuestCpu;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;
import ristretto.sim.FreshImage;
import ristretto.sim.SimulatedGic;
import ristretto.sim.Switching;

/** Dom0 gives a domain more memory at once than is cleared within one trap. */
class LargeExtentTest {
  private static final String OPTIONS =
      "console=dtuart dtuart=serial0 dom0_mem=256M dom0_max_vcpus=1";

  private static final int EC_HVC64 = 0x16;
  private static final int XEN_TAG = 0xea1;
  private static final long GFN = 0x5_0000;
  private static final int ORDER = 11;
  private static final long FRAMES = 1L << ORDER;

  /** Behind Dom0's HVC. */
  private static final long AFTER = 0x4800_1004L;

  private static final int VIRTUAL_TIMER = 27;

  /** Dom0, and a domain of it that has nothing yet. */
  private abstract static class Toolstack implements Runnable {
    GuestCpu dom0;
    DomainBuilder builder;
    Domain domain;
    TrapFrame frame;

    @Override
    public final void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      boot.board.machine().stepLimit(1L << 30);
      boot.board
          .machine()
          .run(() -> {
            dom0 = boot.bootHere();
            frame = dom0.frame();
            builder = new DomainBuilder(dom0, 1);
            create();
            use();
          });
    }

    /** A domain that may have 64 MiB. */
    void create() {
      builder.create();
      assertEquals(0, builder.domctl(DomctlCommand.MAX_MEM, 64L << 10));
      Domain made = Domains.find(builder.id);
      assertNotNull(made);
      domain = made;
    }

    abstract void use();

    /** XENMEM_populate_physmap of so many extents from {@link #GFN} on. */
    void prepare(int order, int count) {
      for (int i = 0; i < count; i++) {
        dom0.store(DomainBuilder.LIST + 8L * i, 8, GFN + ((long) i << order));
      }
      dom0.store(DomainBuilder.ARGUMENT, 8, DomainBuilder.LIST);
      dom0.store(DomainBuilder.ARGUMENT + 8, 8, count);
      dom0.store(DomainBuilder.ARGUMENT + 16, 8, order);
      dom0.store(DomainBuilder.ARGUMENT + 24, 8, builder.id);
      frame.setX(0, Xenmem.POPULATE_PHYSMAP);
      frame.setX(1, DomainBuilder.ARGUMENT);
      frame.setX(16, HypercallNumber.MEMORY_OP);
    }

    /** Dom0 executes the HVC; true: it is to be executed again. */
    boolean executeOnce() {
      frame.setElr(AFTER);
      GuestCpu.trap(frame, EC_HVC64, XEN_TAG);
      return frame.elr() != AFTER;
    }

    long populate(int order, int count, Consumer<Integer> between) {
      prepare(order, count);
      for (int step = 0; executeOnce(); step++) {
        assertEquals(AFTER - 4, frame.elr());
        between.accept(step);
      }
      return frame.x(0);
    }
  }

  @Test
  void isClearedInStepsBetweenWhichInterruptsAreTaken() {
    FreshImage.run(Steps.class);
  }

  static final class Steps extends Toolstack {
    private int steps;

    @Override
    void use() {
      long dirty = Frames.allocate(ORDER, Frames.hypervisor(), FrameType.PRIVATE);
      for (long page = dirty; page < dirty + FRAMES; page++) {
        Memory.store64((page << Frames.SHIFT) + 0x7f8, -1);
      }
      Frames.free(dirty, ORDER);
      long free = Frames.freeCount();
      dom0.store(SimulatedGic.DISTRIBUTOR, 4, 3); // GICD_CTLR: enable
      dom0.enableInterrupts();
      dom0.enablePrivateInterrupt(VIRTUAL_TIMER);
      SysReg.CNTV_CVAL_EL0.write(0);
      SysReg.CNTV_CTL_EL0.write(1); // raised from now on: noticed when the call lets go
      long result =
          populate(
              ORDER,
              1,
              step -> {
                steps++;
                if (step == 0) {
                  assertTrue(dom0.isInterrupted(), "before the first extent is done");
                  assertEquals(VIRTUAL_TIMER, dom0.acknowledge());
                  SysReg.CNTV_CTL_EL0.write(0);
                  dom0.end(VIRTUAL_TIMER);
                }
                assertFalse(domain.p2m.lookup(GFN).isValid(), "not before it is clear");
              });
      assertEquals(1, result);
      assertEquals(FRAMES / 512, steps, "2 MiB each");
      assertEquals(FRAMES, domain.memory.memory());
      assertEquals(dirty << Frames.SHIFT, domain.p2m.lookup(GFN).address(), "it was not clear");
      for (long gfn = GFN; gfn < GFN + FRAMES; gfn++) {
        assertEquals(0, Memory.load64(domain.p2m.lookup(gfn).address() + 0x7f8));
      }
      assertTrue(free - Frames.freeCount() <= FRAMES + 1, "and a table");
    }
  }

  @Test
  void whatIsLeftHalfDoneIsFreedWithTheDomain() {
    FreshImage.run(HalfDone.class);
  }

  static final class HalfDone extends Toolstack {
    @Override
    void use() {
      prepare(ORDER, 1);
      assertTrue(executeOnce() && executeOnce());
      assertEquals(FRAMES, domain.memory.memory(), "charged at once");
      assertEquals(0, builder.destroy());
      create();
      long free = Frames.freeCount();
      prepare(ORDER, 1);
      assertTrue(executeOnce() && executeOnce());
      assertEquals(free - FRAMES, Frames.freeCount());
      assertEquals(0, builder.destroy());
      create();
      assertEquals(free, Frames.freeCount());
    }
  }

  @Test
  void anExtentOfAnotherSizeTakesThePlaceOfOneThatWasLeft() {
    FreshImage.run(Another.class);
  }

  static final class Another extends Toolstack {
    @Override
    void use() {
      prepare(ORDER, 1);
      assertTrue(executeOnce() && executeOnce());
      assertEquals(3, populate(ORDER - 1, 3, step -> {}));
      assertEquals(3 * FRAMES / 2, domain.memory.memory());
      assertTrue(domain.p2m.lookup(GFN + 3 * FRAMES / 2 - 1).isValid());
    }
  }

  @Test
  void whatCannotBeIsNotDone() {
    FreshImage.run(Refused.class);
  }

  static final class Refused extends Toolstack {
    @Override
    void use() {
      assertEquals(0, populate(18, 1, step -> {}), "more than the domain may have");
      assertEquals(0, populate(19, 1, step -> {}), "more than there can be");
      assertEquals(1, populate(0, 1, step -> {}));
      assertEquals(0, populate(ORDER, 1, step -> {}), "a page is in the way");
      assertEquals(1, domain.memory.memory());
      prepare(ORDER, 1);
      dom0.store(DomainBuilder.LIST, 8, GFN + 1);
      assertFalse(executeOnce());
      assertEquals(0, frame.x(0), "not aligned");
      prepare(ORDER, 1);
      dom0.store(DomainBuilder.ARGUMENT + 24, 8, 0);
      assertFalse(executeOnce());
      assertEquals(0, frame.x(0), "Dom0 has its memory where the machine has it");
      prepare(ORDER, 1);
      frame.setX(0, Xenmem.DECREASE_RESERVATION);
      assertFalse(executeOnce());
      assertEquals(0, frame.x(0), "taken back in smaller parts");
      assertEquals(1, domain.memory.memory());
    }
  }
}
