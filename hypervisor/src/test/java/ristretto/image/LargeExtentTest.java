package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.function.IntConsumer;
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

  /** What Dom0 does after a whole boot. */
  abstract static class Session implements Runnable {
    @Override
    public final void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      boot.board.machine().stepLimit(1L << 30);
      boot.board.machine().run(() -> use(new Toolstack(boot.bootHere())));
    }

    abstract void use(Toolstack tools);
  }

  /** Dom0, and a domain of it that has nothing yet. */
  static final class Toolstack {
    final GuestCpu dom0;
    final TrapFrame frame;
    final DomainBuilder builder;

    Toolstack(GuestCpu dom0) {
      this.dom0 = dom0;
      frame = dom0.frame();
      builder = new DomainBuilder(dom0, 1);
      create();
    }

    /** A domain that may have 64 MiB. */
    void create() {
      builder.create();
      assertEquals(0, builder.domctl(DomctlCommand.MAX_MEM, 64L << 10));
    }

    Domain domain() {
      return Objects.requireNonNull(Domains.find(builder.id));
    }

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

    /** Two steps towards an extent. */
    void begin() {
      prepare(ORDER, 1);
      assertTrue(executeOnce(), "taken");
      assertTrue(executeOnce(), "cleared in part");
    }

    long populate(int order, int count, IntConsumer between) {
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

  static final class Steps extends Session {
    private int steps;

    @Override
    void use(Toolstack tools) {
      long dirty = Frames.allocate(ORDER, Frames.hypervisor(), FrameType.PRIVATE);
      for (long page = dirty; page < dirty + FRAMES; page++) {
        Memory.store64((page << Frames.SHIFT) + 0x7f8, -1);
      }
      Frames.free(dirty, ORDER);
      long free = Frames.freeCount();
      tools.dom0.store(SimulatedGic.DISTRIBUTOR, 4, 3); // GICD_CTLR: enable
      tools.dom0.enableInterrupts();
      tools.dom0.enablePrivateInterrupt(VIRTUAL_TIMER);
      SysReg.CNTV_CVAL_EL0.write(0);
      SysReg.CNTV_CTL_EL0.write(1); // raised from now on: noticed when the call lets go
      long result =
          tools.populate(
              ORDER,
              1,
              step -> {
                steps++;
                if (step == 0) {
                  assertTrue(tools.dom0.isInterrupted(), "before the first extent is done");
                  assertEquals(VIRTUAL_TIMER, tools.dom0.acknowledge());
                  SysReg.CNTV_CTL_EL0.write(0);
                  tools.dom0.end(VIRTUAL_TIMER);
                }
                assertFalse(tools.domain().p2m.lookup(GFN).isValid(), "not before it is clear");
              });
      assertEquals(1, result);
      assertEquals(FRAMES / 512, steps, "2 MiB each");
      assertEquals(FRAMES, tools.domain().memory.memory());
      assertEquals(
          dirty << Frames.SHIFT, tools.domain().p2m.lookup(GFN).address(), "it was not clear");
      for (long gfn = GFN; gfn < GFN + FRAMES; gfn++) {
        assertEquals(0, Memory.load64(tools.domain().p2m.lookup(gfn).address() + 0x7f8));
      }
      assertTrue(free - Frames.freeCount() <= FRAMES + 1, "and a table");
    }
  }

  @Test
  void whatIsLeftHalfDoneIsFreedWithTheDomain() {
    FreshImage.run(HalfDone.class);
  }

  static final class HalfDone extends Session {
    @Override
    void use(Toolstack tools) {
      tools.begin();
      assertEquals(FRAMES, tools.domain().memory.memory(), "charged at once");
      assertEquals(0, tools.builder.destroy());
      tools.create();
      long free = Frames.freeCount();
      tools.begin();
      assertEquals(free - FRAMES, Frames.freeCount());
      assertEquals(0, tools.builder.destroy());
      tools.create();
      assertEquals(free, Frames.freeCount());
    }
  }

  @Test
  void anExtentOfAnotherSizeTakesThePlaceOfOneThatWasLeft() {
    FreshImage.run(Another.class);
  }

  static final class Another extends Session {
    @Override
    void use(Toolstack tools) {
      tools.begin();
      assertEquals(3, tools.populate(ORDER - 1, 3, step -> {}));
      assertEquals(3 * FRAMES / 2, tools.domain().memory.memory());
      assertTrue(tools.domain().p2m.lookup(GFN + 3 * FRAMES / 2 - 1).isValid());
    }
  }

  @Test
  void whatCannotBeIsNotDone() {
    FreshImage.run(Refused.class);
  }

  static final class Refused extends Session {
    @Override
    void use(Toolstack tools) {
      assertEquals(0, tools.populate(18, 1, step -> {}), "more than the domain may have");
      assertEquals(0, tools.populate(19, 1, step -> {}), "more than there can be");
      assertEquals(1, tools.populate(0, 1, step -> {}));
      assertEquals(0, tools.populate(ORDER, 1, step -> {}), "a page is in the way");
      assertEquals(1, tools.domain().memory.memory());
      tools.prepare(ORDER, 1);
      tools.dom0.store(DomainBuilder.LIST, 8, GFN + 1);
      assertFalse(tools.executeOnce());
      assertEquals(0, tools.frame.x(0), "not aligned");
      tools.prepare(ORDER, 1);
      tools.dom0.store(DomainBuilder.ARGUMENT + 24, 8, 0);
      assertFalse(tools.executeOnce());
      assertEquals(0, tools.frame.x(0), "Dom0 has its memory where the machine has it");
      tools.prepare(ORDER, 1);
      tools.frame.setX(0, Xenmem.DECREASE_RESERVATION);
      assertFalse(tools.executeOnce());
      assertEquals(0, tools.frame.x(0), "taken back in smaller parts");
      assertEquals(1, tools.domain().memory.memory());
    }
  }
}
