package ristretto.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import ristretto.abi.DomctlCommand;
import ristretto.abi.Gnttabop;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Xenmem;
import ristretto.arch.TrapFrame;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.ShutdownReason;
import ristretto.core.grant.GrantAudit;
import ristretto.core.mm.Frames;
import ristretto.core.mm.MemoryAudit;
import ristretto.core.mm.MemoryAudit.Leaf;
import ristretto.core.mm.P2mType;
import ristretto.core.trap.GuestCpu;
import ristretto.image.BootOnSimulatedVirt;
import ristretto.image.DomainBuilder;
import ristretto.machine.Hint;
import ristretto.sim.SimulatedMachine;
import ristretto.sim.Switching;
import ristretto.sim.VirtBoard;

/**
 * A whole machine with Dom0 on CPU 0 and other domains wherever the scheduler puts them, all of
 * which do what {@link Player} makes up. After each step of Dom0 all CPUs pause between two
 * instructions of their guests, and {@link Invariants} are checked.
 */
final class Session {
  private static final String OPTIONS =
      "console=dtuart dtuart=serial0 dom0_mem=192M dom0_max_vcpus=1 dom0_vcpus_pin";

  /** A device that Dom0 may give away. */
  private static final String DEVICE =
      """
      clock@9010000 {
        compatible = "arm,pl031"; reg = <0 0x9010000 0 0x1000>; interrupts = <0 2 4>;
        xen,passthrough;
      };
      """;

  private static final long RAM_SIZE = 512L << 20;
  private static final long STEP_LIMIT = 2_000_000_000L;
  private static final int MOST_DOMAINS = 4;
  private static final int FRAMES_OF_A_DOMAIN = 400;

  private final BootOnSimulatedVirt boot;
  private final Invariants invariants;
  private final Player.Kind kind;
  private final int cpus;
  private final boolean oneAfterAnother;

  /** By CPU: it is within the hypervisor, where all but the first begin. */
  private final boolean[] inTrap;

  /** Nobody begins anything. */
  private boolean frozen;

  private @Nullable Player player;
  private @Nullable GuestCpu dom0;
  private long balance;
  private final List<String> done = new ArrayList<>();

  Session(Player.Kind kind, int cpus, int gic, Switching switching, long seed) {
    this.kind = kind;
    this.cpus = cpus;
    this.oneAfterAnother = switching == Switching.NEVER;
    this.inTrap = new boolean[cpus];
    Arrays.fill(inTrap, 1, cpus, true);
    boot =
        new BootOnSimulatedVirt(
            new VirtBoard(cpus, RAM_SIZE, gic).nodes(DEVICE), OPTIONS, switching, seed);
    boot.board.machine().stepLimit(STEP_LIMIT);
    invariants = new Invariants(boot.board);
    boot.onSecondaryFrame(this::playForEver);
  }

  /** Boots, if that has not been, and lets the guests do {@code steps} things. */
  void run(Choices choices, int steps) {
    player = new Player(new Values(choices), boot.board.gic(), kind, oneAfterAnother);
    boot.board.machine().run(() -> onCpu0(choices, steps));
  }

  String console() {
    return boot.console();
  }

  /** What was done last, oldest first. */
  List<String> done() {
    return done;
  }

  private void onCpu0(Choices choices, int steps) {
    GuestCpu guest = dom0;
    if (guest == null) {
      guest = boot.bootHere();
      guest.sharesCpuWith(this::turnOfOthers);
      dom0 = guest;
      new DomainBuilder(guest, 1).create(); // Dom0 has its first ports and tables from now on
      destroyAll(guest);
      balance = Invariants.balance();
    }
    showGrantTable(guest, 0x7ff0);
    player().grantAsDom0();
    for (int i = 0; i < steps && choices.hasMore(); i++) {
      step(guest, choices);
      for (int turns = choices.below(6); turns >= 0; turns--) {
        guest.spin();
      }
      check();
    }
    destroyAll(guest);
    check();
    long left = Invariants.balance();
    if (left != balance) {
      throw new AssertionError("%d frames are missing".formatted(balance - left));
    }
    Invariants.checkAlone();
  }

  private Player player() {
    Player current = player;
    if (current == null) {
      throw new IllegalStateException();
    }
    return current;
  }

  private void step(GuestCpu guest, Choices choices) {
    switch (choices.below(24)) {
      case 0 -> build(guest, choices);
      case 1 -> endOne(guest, choices);
      case 2, 3, 4 -> guest.spin();
      default -> random(guest);
    }
  }

  /** One that is shut down, as the toolstack does; seldom any. */
  private void endOne(GuestCpu guest, Choices choices) {
    Domain domain = new Values(choices).living();
    if (domain != null && (domain.shutdownReason() != ShutdownReason.NONE || choices.oneIn(4))) {
      note("destroy domain " + domain.id);
      domctl(guest, DomctlCommand.DESTROY_DOMAIN, domain.id);
    }
    if (choices.oneIn(2)) {
      letGo(guest, Cpu.current().servedVcpu().domain);
    }
  }

  private void random(GuestCpu guest) {
    if (player().prefersInstructions()) {
      guest.resume(player().turnOfDom0(guest.frame()));
      note(player().last());
    } else if (player().prepareForDom0(guest.frame())) {
      note(player().last());
      inTrap[0] = true;
      guest.hypercall();
      inTrap[0] = false;
      player().rememberHandles(guest.frame(), Guest.current(), guest.executions() == 1);
    }
  }

  private void note(String what) {
    if (done.size() == 200) {
      done.removeFirst();
    }
    done.add(what);
  }

  private void build(GuestCpu guest, Choices choices) {
    int living = 0;
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      living += Domains.inSlot(slot) == null ? 0 : 1;
    }
    if (living <= MOST_DOMAINS && Frames.freeCount() - Frames.claimedCount() > FRAMES_OF_A_DOMAIN) {
      DomainBuilder domain = new DomainBuilder(guest, 1 + choices.below(2));
      if (choices.oneIn(8)) {
        domain.createEmpty();
        note("domain without memory or a vCPU's context " + domain.id);
      } else {
        domain.build();
        note("build domain " + domain.id);
      }
      showGrantTable(guest, domain.id);
      if (!choices.oneIn(8)) {
        domain.unpause();
      }
    }
  }

  /** Where {@link Player} expects it. */
  private static void showGrantTable(GuestCpu guest, int domain) {
    guest.store(DomainBuilder.ARGUMENT, 8, domain | 1L << 32); // XENMAPSPACE_grant_table
    guest.store(DomainBuilder.ARGUMENT + 8, 8, 0);
    guest.store(DomainBuilder.ARGUMENT + 16, 8, Values.GRANT_TABLE);
    guest.hypercall(HypercallNumber.MEMORY_OP, Xenmem.ADD_TO_PHYSMAP, DomainBuilder.ARGUMENT);
  }

  private static long domctl(GuestCpu guest, int command, int id) {
    DomainBuilder domain = new DomainBuilder(guest, 1);
    domain.id = id;
    return domain.domctl(command, 0);
  }

  /** Dom0 lets go of what it has of others, and ends them. */
  private void destroyAll(GuestCpu guest) {
    note("destroy all");
    Domain own = Cpu.current().servedVcpu().domain;
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null && !domain.privileged) {
        domctl(guest, DomctlCommand.DESTROY_DOMAIN, domain.id);
      }
    }
    resetEvents(guest);
    letGo(guest, own);
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null && !domain.privileged) {
        domctl(guest, DomctlCommand.DESTROY_DOMAIN, domain.id);
        if (Domains.inSlot(slot) == domain) {
          throw new AssertionError(
              "domain %d does not end: %d frames are left"
                  .formatted(domain.id, domain.memory.memory()));
        }
      }
    }
  }

  private static void resetEvents(GuestCpu guest) {
    guest.store(DomainBuilder.ARGUMENT, 8, 0x7ff0);
    guest.hypercall(HypercallNumber.EVENT_CHANNEL_OP, 10, DomainBuilder.ARGUMENT);
  }

  private void letGo(GuestCpu guest, Domain own) {
    for (GrantAudit.Handle handle : GrantAudit.handles(own)) {
      guest.store(DomainBuilder.ARGUMENT, 8, handle.hostAddress());
      guest.store(DomainBuilder.ARGUMENT + 8, 8, 1);
      guest.store(DomainBuilder.ARGUMENT + 16, 4, handle.number());
      guest.hypercall(
          HypercallNumber.GRANT_TABLE_OP, Gnttabop.UNMAP_GRANT_REF, DomainBuilder.ARGUMENT, 1);
    }
    List<Leaf> leaves = new ArrayList<>();
    SimulatedMachine machine = boot.board.machine();
    atRest(() -> machine.observe(() -> leaves.addAll(MemoryAudit.read(machine).leaves())));
    for (Leaf leaf : leaves) {
      if (leaf.domain() == own && leaf.type() == P2mType.FOREIGN) {
        guest.store(DomainBuilder.ARGUMENT, 8, 0x7ff0);
        guest.store(DomainBuilder.ARGUMENT + 8, 8, leaf.gfn());
        guest.hypercall(
            HypercallNumber.MEMORY_OP, Xenmem.REMOVE_FROM_PHYSMAP, DomainBuilder.ARGUMENT);
      }
    }
  }

  /** Another vCPU on CPU 0. */
  private TrapFrame turnOfOthers(TrapFrame frame) {
    inTrap[0] = true;
    TrapFrame next = player().turn(frame);
    inTrap[0] = false;
    note(player().last());
    Hint.spin();
    return next;
  }

  /** A CPU beside the first. */
  private void playForEver(TrapFrame first) {
    int cpu = Cpu.current().index;
    TrapFrame frame = first;
    inTrap[cpu] = false;
    while (true) {
      while (frozen) {
        Hint.spin();
      }
      inTrap[cpu] = true;
      frame = player().turn(frame);
      note(player().last());
      inTrap[cpu] = false;
      Hint.spin();
    }
  }

  /** All other CPUs at the same moment: one that sleeps within the hypervisor may wake up. */
  private boolean isQuiet() {
    boolean quiet = true;
    for (int i = 1; i < cpus; i++) {
      quiet &= !inTrap[i] || boot.board.machine().isWaiting(i);
    }
    return quiet;
  }

  private void check() {
    atRest(invariants::checkAll);
  }

  /** What looks at the hypervisor from outside does so while no other CPU is within it. */
  private void atRest(Runnable look) {
    frozen = true;
    while (!isQuiet()) {
      Hint.spin();
    }
    look.run();
    frozen = false;
  }
}
