package ristretto.core.event;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import ristretto.abi.SharedInfo;
import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.interrupt.Vgic;
import ristretto.core.mm.FrameSetup;
import ristretto.core.mm.FrameType;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2m;
import ristretto.core.mm.P2mType;
import ristretto.core.sched.SchedulingBench;
import ristretto.machine.CpuLocal;
import ristretto.machine.Memory;
import ristretto.sim.SimulatedMachine;

/** A simulated machine with frames, CPUs and domains whose event interrupts are counted. */
public final class EventMachine {
  public static final long RAM = 0x4000_0000L;
  private static final long RAM_SIZE = 64L << 20;
  private static final long IMAGE_SIZE = 2L << 20;

  /** Where the tests' domains have their memory. */
  public static final long GUEST_RAM = 0x8000_0000L;

  private static final int GUEST_FRAMES = 256;

  public final SimulatedMachine machine;
  public final List<Vcpu> interrupted = new ArrayList<>();

  public EventMachine(int cpus) {
    machine = new SimulatedMachine(cpus).ram(RAM, RAM_SIZE).image(RAM, IMAGE_SIZE);
  }

  /** Sets up memory and runs {@code body} on CPU 0. */
  public void run(Consumer<EventMachine> body) {
    machine.run(() -> {
      start();
      body.accept(this);
    });
  }

  /** On CPU 0, before anything else. */
  public void start() {
    FrameSetup setup = new FrameSetup();
    setup.addBank(RAM, RAM_SIZE);
    setup.reserve(RAM, IMAGE_SIZE);
    if (!setup.start()) {
      throw new AssertionError();
    }
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain left = Domains.inSlot(slot);
      if (left != null) {
        Domains.remove(left);
      }
    }
    SchedulingBench.makeRoom();
    enterCpu(0);
  }

  /** Makes the calling simulated CPU known to the hypervisor. */
  public static Cpu enterCpu(int index) {
    Cpu cpu = new Cpu(index, index, 0, RAM + IMAGE_SIZE - (index + 1) * 4096L);
    CpuLocal.set(cpu);
    cpu.online = true;
    return cpu;
  }

  public Domain domain(int id, boolean privileged, int vcpus) {
    P2m p2m = new P2m(Frames.newAccount());
    p2m.open();
    Domain domain = new Domain(privileged, vcpus, Vgic.MAX_LINES, p2m);
    domain.open(id, vcpus);
    for (int i = 0; i < vcpus; i++) {
      domain.vcpus[i].open(Frames.allocate(0, domain) << Frames.SHIFT, Cpu.current());
    }
    domain.vcpuCount = vcpus;
    long memory = Frames.allocate(8, domain.memory, FrameType.RAM);
    p2m.map(GUEST_RAM >>> Frames.SHIFT, memory, 8, P2mType.RAM_RW);
    if (!domain.shared.start() || !domain.grants.start()) {
      throw new AssertionError();
    }
    domain.events.setLine(new Recorder(interrupted));
    Domains.add(domain);
    return domain;
  }

  /** An interrupt line that only remembers. */
  private record Recorder(List<Vcpu> interrupted) implements EventLine {
    @Override
    public void raise(Vcpu vcpu) {
      interrupted.add(vcpu);
    }

    @Override
    public boolean isInterrupted(Vcpu vcpu) {
      return false;
    }
  }

  /** Guest frame number of a page of a domain's memory. */
  public static long gfn(int page) {
    if (page >= GUEST_FRAMES) {
      throw new IllegalArgumentException();
    }
    return (GUEST_RAM >>> Frames.SHIFT) + page;
  }

  /** Hypervisor address of that page. */
  public static long page(Domain domain, int page) {
    return domain.p2m.lookup(gfn(page)).address();
  }

  public static boolean pendingBit(Domain domain, int port) {
    long word = domain.shared.info().pendingWord(port);
    return (Memory.load64(word) >>> (port & 63) & 1) != 0;
  }

  /** The guest masks or unmasks a port itself. */
  public static void setMask(Domain domain, int port, boolean masked) {
    long word = domain.shared.info().maskWord(port);
    long bit = 1L << (port & 63);
    Memory.store64(word, masked ? Memory.load64(word) | bit : Memory.load64(word) & ~bit);
  }

  /**
   * The guest takes everything that vCPU 0 is shown, as its interrupt handler does. Ports in order.
   */
  public static List<Integer> consume(Domain domain) {
    SharedInfo info = domain.shared.info();
    List<Integer> ports = new ArrayList<>();
    Memory.store8(info.vcpu0().address(), 0);
    long selected = Memory.load64(info.vcpu0().selector());
    Memory.store64(info.vcpu0().selector(), 0);
    for (int word = 0; word < 64; word++) {
      if ((selected >>> word & 1) != 0) {
        long address = info.pendingWord(word * 64);
        long visible = Memory.load64(address) & ~Memory.load64(info.maskWord(word * 64));
        Memory.store64(address, Memory.load64(address) & ~visible);
        for (int bit = 0; bit < 64; bit++) {
          if ((visible >>> bit & 1) != 0) {
            ports.add(word * 64 + bit);
          }
        }
      }
    }
    return ports;
  }
}
