package ristretto.vdev.gic;

import ristretto.arch.gic.GicdCtlr;
import ristretto.arch.gic.GicdTyper;
import ristretto.arch.gic.IccSgi1r;
import ristretto.lang.Inline;

/**
 * An interrupt controller's state and the operations that its registers stand for. {@link
 * DistributorRegisters} and {@link RedistributorRegisters} decode accesses into these.
 *
 * <p>An operation on a word of 32 interrupts names the CPU whose they are; it matters for word 0
 * only. Bits that do not exist are not passed.
 *
 * <p>Not modelled: LPIs, the ITS, message-based SPIs, GICv3 without affinity routing, NSACR, and
 * the 1-of-N choice by load.
 */
public abstract class GicModel {
  /** Bits of an INTID without LPIs: 10, as GIC-400 and GIC-600 without an ITS have. */
  private static final int ID_BITS = 10;

  /** CPUs that GICv2 can address. */
  public static final int MAX_CPUS_V2 = 8;

  public final SharedInterrupts shared;

  private int version = 3;
  private int cpus = 1;
  private int lines = 32;
  private int control;
  private int typer;

  /**
   * @param capacity INTIDs to have room for, a multiple of 32
   */
  protected GicModel(int capacity) {
    shared = new SharedInterrupts(capacity);
  }

  /**
   * Sets the shape and resets everything shared.
   *
   * @param version 2 or 3
   * @param cpus as many as have private interrupts
   * @param lines INTIDs, a multiple of 32, at most the capacity; as GICD_TYPER tells
   */
  protected final void configure(int version, int cpus, int lines) {
    this.version = version;
    this.cpus = cpus;
    this.lines = lines;
    control = 0;
    typer = GicdTyper.of(lines, version == 2 ? cpus : 1, ID_BITS).bits();
    shared.clear(version == 2 ? 1 : affinityOf(0));
  }

  @Inline
  public final int version() {
    return version;
  }

  @Inline
  public final int cpus() {
    return cpus;
  }

  /** INTIDs are below this; the last four of 1024 are never interrupts. */
  @Inline
  public final int lines() {
    return lines;
  }

  @Inline
  public final int words() {
    return lines >>> 5;
  }

  /** GICD_TYPER. */
  @Inline
  final int typer() {
    return typer;
  }

  /** GICD_CTLR without the fixed bits: {@link GicdCtlr}'s enables. */
  @Inline
  public final int control() {
    return control;
  }

  /** The distributor forwards interrupts that the CPU interfaces may take. */
  @Inline
  public final boolean isForwarding() {
    return control != 0;
  }

  final void setControl(int enables) {
    boolean was = isForwarding();
    control = enables;
    if (was != isForwarding()) {
      forwardingChanged();
    }
  }

  /** Is there one Security state, in which IGROUPR can be written? Else all is Group 1. */
  protected abstract boolean hasSingleSecurityState();

  /** The CPU that makes the access being served. */
  protected abstract int accessor();

  protected abstract PrivateInterrupts bank(int cpu);

  /** The affinity of a CPU, Aff3 in [31:24]. */
  protected abstract int affinityOf(int cpu);

  /** The CPU of an affinity, or -1. */
  protected abstract int cpuOf(int affinity);

  protected abstract void forwardingChanged();

  protected abstract void enable(int cpu, int word, int bits);

  protected abstract void disable(int cpu, int word, int bits);

  protected abstract int pending(int cpu, int word);

  protected abstract void setPending(int cpu, int word, int bits);

  protected abstract void clearPending(int cpu, int word, int bits);

  protected abstract int active(int cpu, int word);

  protected abstract void setActive(int cpu, int word, int bits);

  protected abstract void clearActive(int cpu, int word, int bits);

  /** Replaces the triggers of the interrupts in {@code mask}. */
  protected abstract void setEdge(int cpu, int word, int mask, int edge);

  /** Replaces bytes of priority word {@code index}, those that are ones in {@code mask}. */
  protected abstract void setPriority(int cpu, int index, int mask, int priorities);

  /** SPI {@code intid} goes to the given route from now on. */
  protected abstract void setRoute(int intid, int route, boolean anyCpu);

  /** Makes SGI {@code intid} pending on {@code cpu}, sent by {@code source}. */
  protected abstract void raiseSgi(int source, int cpu, int intid);

  /** GICv2: the mask of CPUs that have sent a pending SGI. */
  protected abstract int sgiSources(int cpu, int intid);

  @Inline
  final int enabled(int cpu, int word) {
    return word == 0 ? bank(cpu).enabled : shared.enabled[word];
  }

  final int group(int cpu, int word) {
    if (!hasSingleSecurityState()) {
      return 0; // a Non-secure read: RAZ. IHI 0069, "GICD_IGROUPR"
    }
    return word == 0 ? bank(cpu).group : shared.group[word];
  }

  final void setGroup(int cpu, int word, int bits) {
    if (!hasSingleSecurityState()) {
      return;
    }
    if (word == 0) {
      bank(cpu).group = bits;
    } else {
      shared.group[word] = bits;
    }
  }

  @Inline
  final int priorities(int cpu, int index) {
    return index < 8 ? bank(cpu).priority[index] : shared.priority[index];
  }

  final int edge(int cpu, int word) {
    return word == 0 ? bank(cpu).edge : shared.edge[word];
  }

  /** A write of ICC_SGI1R_EL1 by CPU {@code source}; targets that do not exist are ignored. */
  public final void generateSgi(int source, IccSgi1r request) {
    int intid = request.intid();
    if (request.toAllOthers()) {
      for (int cpu = 0; cpu < cpus; cpu++) {
        if (cpu != source) {
          raiseSgi(source, cpu, intid);
        }
      }
      return;
    }
    int first = request.cluster() | request.firstAff0();
    for (int list = request.targetList(); list != 0; list &= list - 1) {
      int cpu = cpuOf(first + Integer.numberOfTrailingZeros(list));
      if (cpu >= 0) {
        raiseSgi(source, cpu, intid);
      }
    }
  }
}
