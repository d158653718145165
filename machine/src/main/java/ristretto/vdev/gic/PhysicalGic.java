package ristretto.vdev.gic;

import ristretto.arch.gic.Gicd;
import ristretto.lang.HostOnly;

/**
 * A whole interrupt controller as hardware has it: wires in, acknowledges and ends at each CPU's
 * interface, and list registers for a hypervisor. 32 priorities. IHI 0048, IHI 0069.
 */
@HostOnly
public final class PhysicalGic extends GicModel {
  /** What an acknowledge returns when nothing is pending. */
  public static final int SPURIOUS = 1023;

  private final int[] affinities;
  private final PrivateInterrupts[] banks;
  private final CpuInterface[] interfaces;
  private final VirtualInterface[] virtualInterfaces;

  /** By CPU and SGI: the CPUs that have sent it and have not been acknowledged. */
  private final int[][] sources;

  /** INTID of the maintenance interrupts. Arm Base System Architecture, "PPI assignments". */
  private int maintenance = 25;

  private int accessor;
  private boolean twoSecurityStates;
  private boolean overlooksGuests;

  /**
   * @param version 2 or 3
   * @param lines INTIDs, a multiple of 32
   * @param affinities of the CPUs, Aff3 in [31:24]
   * @param listRegisters of each CPU
   */
  public PhysicalGic(int version, int lines, int[] affinities, int listRegisters) {
    super(lines);
    int cpus = affinities.length;
    this.affinities = affinities.clone();
    banks = new PrivateInterrupts[cpus];
    interfaces = new CpuInterface[cpus];
    virtualInterfaces = new VirtualInterface[cpus];
    sources = new int[cpus][16];
    for (int cpu = 0; cpu < cpus; cpu++) {
      banks[cpu] = new PrivateInterrupts();
      interfaces[cpu] = new CpuInterface(this, cpu);
      virtualInterfaces[cpu] = new VirtualInterface(this, cpu, listRegisters);
    }
    configure(version, cpus, lines);
  }

  /** Accesses come from the Non-secure side of a controller that firmware has set up. */
  public void hideSecureState() {
    twoSecurityStates = true;
  }

  /**
   * What a guest deactivates by a list register is looked at again when something else happens, not
   * at once: so QEMU's GICv2.
   */
  public void overlookGuests() {
    overlooksGuests = true;
  }

  /** Makes the maintenance interrupts another PPI. */
  public void wireMaintenance(int intid) {
    maintenance = intid;
  }

  public CpuInterface cpuInterface(int cpu) {
    return interfaces[cpu];
  }

  public VirtualInterface virtualInterface(int cpu) {
    return virtualInterfaces[cpu];
  }

  /** Says which CPU makes the accesses from now on. */
  public void accessBy(int cpu) {
    accessor = cpu;
  }

  /** Drives the wire of private interrupt {@code intid} of {@code cpu}; an edge if it is one. */
  public void setPrivateLine(int cpu, int intid, boolean level) {
    PrivateInterrupts bank = banks[cpu];
    int bit = 1 << intid;
    boolean rises = level && (bank.line & bit) == 0;
    bank.line = level ? bank.line | bit : bank.line & ~bit;
    if (rises && (bank.edge & bit) != 0) {
      bank.latched |= bit;
    }
    update();
  }

  /** Drives the wire of SPI {@code intid}; an edge if it is one. */
  public void setLine(int intid, boolean level) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    boolean rises = level && (shared.line[word] & bit) == 0;
    shared.line[word] = level ? shared.line[word] | bit : shared.line[word] & ~bit;
    if (rises && (shared.edge[word] & bit) != 0) {
      shared.latched[word] |= bit;
    }
    update();
  }

  public boolean isActive(int cpu, int intid) {
    return (active(cpu, intid >>> 5) >>> (intid & 31) & 1) != 0;
  }

  /**
   * The pending, enabled, inactive interrupt of the highest priority for {@code cpu}, or SPURIOUS.
   */
  int highest(int cpu) {
    int best = SPURIOUS;
    int bestPriority = 256;
    for (int word = 0; word < words() && isForwarding(); word++) {
      int left = pending(cpu, word) & enabled(cpu, word) & ~active(cpu, word);
      for (; left != 0; left &= left - 1) {
        int intid = word * 32 + Integer.numberOfTrailingZeros(left);
        if (priority(cpu, intid) < bestPriority && isFor(cpu, intid)) {
          best = intid;
          bestPriority = priority(cpu, intid);
        }
      }
    }
    return best;
  }

  /** Of 32 levels: the low three bits are not implemented. */
  int priority(int cpu, int intid) {
    int priority = intid < 32 ? banks[cpu].priority(intid) : shared.priority(intid);
    return priority & 0xf8;
  }

  private boolean isFor(int cpu, int intid) {
    if (intid < Gicd.FIRST_SPI) {
      return true;
    }
    if (version() == 2) {
      return (shared.route[intid] >>> cpu & 1) != 0;
    }
    return shared.isAnyCpu(intid) ? cpu == 0 : shared.route[intid] == affinities[cpu];
  }

  /** Makes {@code intid} active; returns the CPU that sent it if it is an SGI of GICv2, else 0. */
  int activate(int cpu, int intid) {
    int word = intid >>> 5;
    int bit = 1 << (intid & 31);
    if (word != 0) {
      shared.active[word] |= bit;
      shared.latched[word] &= ~bit;
      return 0;
    }
    banks[cpu].active |= bit;
    if (intid >= 16 || version() == 3) {
      banks[cpu].latched &= ~bit;
      return 0;
    }
    int source = Integer.numberOfTrailingZeros(sources[cpu][intid]);
    sources[cpu][intid] &= ~(1 << source);
    if (sources[cpu][intid] == 0) {
      banks[cpu].latched &= ~bit;
    }
    return source;
  }

  void deactivate(int cpu, int intid) {
    if (intid < lines()) {
      clearActive(cpu, intid >>> 5, 1 << (intid & 31));
    }
  }

  /** A guest has ended an interrupt whose list register names this physical one. */
  void deactivatedByGuest(int cpu, int intid) {
    if (overlooksGuests && intid < Gicd.FIRST_SPI) {
      banks[cpu].active &= ~(1 << intid);
    } else if (overlooksGuests) {
      shared.active[intid >>> 5] &= ~(1 << (intid & 31));
    } else {
      deactivate(cpu, intid);
    }
  }

  /** Drives the CPUs' interrupt inputs anew after an access of a guest's. */
  void updateForGuest() {
    if (!overlooksGuests) {
      update();
    }
  }

  /** Drives every CPU's interrupt input anew. */
  void update() {
    for (int cpu = 0; cpu < cpus(); cpu++) {
      PrivateInterrupts bank = banks[cpu];
      int bit = 1 << maintenance;
      boolean wanted = virtualInterfaces[cpu].needsMaintenance();
      bank.line = wanted ? bank.line | bit : bank.line & ~bit;
      interfaces[cpu].drive();
    }
  }

  @Override
  protected boolean hasSingleSecurityState() {
    return !twoSecurityStates;
  }

  @Override
  protected int accessor() {
    return accessor;
  }

  @Override
  protected PrivateInterrupts bank(int cpu) {
    return banks[cpu];
  }

  @Override
  protected int affinityOf(int cpu) {
    return affinities[cpu];
  }

  @Override
  protected int cpuOf(int affinity) {
    for (int cpu = 0; cpu < affinities.length; cpu++) {
      if (affinities[cpu] == affinity) {
        return cpu;
      }
    }
    return -1;
  }

  @Override
  protected void forwardingChanged() {
    update();
  }

  @Override
  protected void enable(int cpu, int word, int bits) {
    if (word == 0) {
      banks[cpu].enabled |= bits;
    } else {
      shared.enabled[word] |= bits;
    }
    update();
  }

  @Override
  protected void disable(int cpu, int word, int bits) {
    if (word == 0) {
      banks[cpu].enabled &= ~bits;
    } else {
      shared.enabled[word] &= ~bits;
    }
    update();
  }

  @Override
  protected int pending(int cpu, int word) {
    return word == 0 ? banks[cpu].pendingBits() : shared.pendingBits(word);
  }

  @Override
  protected void setPending(int cpu, int word, int bits) {
    if (word == 0) {
      banks[cpu].latched |= bits;
    } else {
      shared.latched[word] |= bits;
    }
    update();
  }

  @Override
  protected void clearPending(int cpu, int word, int bits) {
    if (word == 0) {
      banks[cpu].latched &= ~bits;
      for (int intid = 0; intid < 16; intid++) {
        sources[cpu][intid] &= (bits >>> intid & 1) != 0 ? 0 : -1;
      }
    } else {
      shared.latched[word] &= ~bits;
    }
    update();
  }

  @Override
  protected int active(int cpu, int word) {
    return word == 0 ? banks[cpu].active : shared.active[word];
  }

  @Override
  protected void setActive(int cpu, int word, int bits) {
    if (word == 0) {
      banks[cpu].active |= bits;
    } else {
      shared.active[word] |= bits;
    }
    update();
  }

  @Override
  protected void clearActive(int cpu, int word, int bits) {
    if (word == 0) {
      banks[cpu].active &= ~bits;
    } else {
      shared.active[word] &= ~bits;
    }
    update();
  }

  @Override
  protected void setEdge(int cpu, int word, int mask, int edge) {
    if (word == 0) {
      banks[cpu].edge = banks[cpu].edge & ~mask | edge & mask;
    } else {
      shared.edge[word] = shared.edge[word] & ~mask | edge & mask;
    }
    update();
  }

  @Override
  protected void setPriority(int cpu, int index, int mask, int priorities) {
    int[] words = index < 8 ? banks[cpu].priority : shared.priority;
    words[index] = words[index] & ~mask | priorities & mask;
    update();
  }

  @Override
  protected void setRoute(int intid, int route, boolean anyCpu) {
    int bit = 1 << (intid & 31);
    shared.route[intid] = route;
    int[] any = shared.anyCpu;
    any[intid >>> 5] = anyCpu ? any[intid >>> 5] | bit : any[intid >>> 5] & ~bit;
    update();
  }

  @Override
  protected void raiseSgi(int source, int cpu, int intid) {
    sources[cpu][intid] |= 1 << source;
    banks[cpu].latched |= 1 << intid;
    update();
  }

  @Override
  protected int sgiSources(int cpu, int intid) {
    return sources[cpu][intid];
  }
}
