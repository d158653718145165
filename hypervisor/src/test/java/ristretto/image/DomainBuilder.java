package ristretto.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ristretto.abi.ArchConfig;
import ristretto.abi.CreateDomain;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.DomctlVcpu;
import ristretto.abi.HypercallNumber;
import ristretto.abi.VcpuContext;
import ristretto.core.trap.GuestCpu;

/**
 * Dom0's tools as they build a domain, hypercall by hypercall, in the order that {@code xl create}
 * of 4.20 was seen to follow; with a few pages of memory instead of megabytes.
 */
public final class DomainBuilder {
  /** Dom0's page for arguments, and one for lists. */
  public static final long ARGUMENT = 0x4900_0000L;

  public static final long LIST = ARGUMENT + 0x1000;

  /** A guest frame of Dom0's with nothing in it, to see foreign pages at. */
  private static final long WINDOW_GFN = 0x2_0000;

  public static final long RAM_GFN = 0x4_0000;
  public static final long MAGIC_GFN = 0x3_9000;
  public static final long ENTRY = 0x4000_0000L;
  private static final int PAGES = 16;

  /** The port that a domain's first allocation gives. */
  private static final int FIRST_PORT = 1;

  private static final int MAGIC_PAGES = 4;

  /** HVM with HAP. */
  private static final int FLAGS = 3;

  /** {@code u.createdomain.arch.gic_version} since 4.19. */
  private static final int GIC_VERSION = 76;

  /** {@code u.createdomain.arch.nr_spis} since 4.19. */
  public static final int NR_SPIS = 80;

  /** As xl asks for with an interrupt below 64 in {@code irqs}. */
  private static final int SHARED_INTERRUPTS = 32;

  private final GuestCpu dom0;
  private final int vcpus;
  private final long argument;
  private final long list;
  private final long window;
  public int id;
  public long storePort;
  public long consolePort;

  /** What the tools made of the domain's security label. */
  public int securityId;

  public DomainBuilder(GuestCpu dom0, int vcpus) {
    this(dom0, vcpus, ARGUMENT, WINDOW_GFN);
  }

  /**
   * On a board with RAM elsewhere.
   *
   * @param pages two pages of Dom0's
   * @param window a guest frame of Dom0's with nothing in it
   */
  DomainBuilder(GuestCpu dom0, int vcpus, long pages, long window) {
    this.dom0 = dom0;
    this.vcpus = vcpus;
    this.argument = pages;
    this.list = pages + 0x1000;
    this.window = window;
  }

  private void zero(long address, int size) {
    for (int i = 0; i < size; i += 8) {
      dom0.store(address + i, 8, 0);
    }
  }

  private void begin(int command) {
    zero(argument, Domctl.SIZEOF);
    dom0.store(argument + Domctl.CMD, 4, command);
    dom0.store(argument + Domctl.INTERFACE_VERSION, 4, Domctl.VERSION_4_19);
    dom0.store(argument + Domctl.DOMAIN, 2, id);
  }

  private long submit() {
    return dom0.hypercall(HypercallNumber.DOMCTL, argument);
  }

  /** A domctl whose argument is one 64-bit number. */
  public long domctl(int command, long number) {
    begin(command);
    dom0.store(argument + Domctl.PAYLOAD, 8, number);
    return submit();
  }

  private void parameter(int index, long value) {
    dom0.store(argument, 8, id | (long) index << 32);
    dom0.store(argument + 8, 8, value);
    assertEquals(0, dom0.hypercall(HypercallNumber.HVM_OP, 0, argument));
  }

  private long unbound() {
    dom0.store(argument, 8, id); // dom; remote_dom 0
    assertEquals(0, dom0.hypercall(HypercallNumber.EVENT_CHANNEL_OP, 6, argument));
    return dom0.load(argument + 4, 4);
  }

  private void populate(long gfn, int count) {
    for (int i = 0; i < count; i++) {
      dom0.store(list + 8L * i, 8, gfn + i);
    }
    dom0.store(argument, 8, list);
    dom0.store(argument + 8, 8, count);
    dom0.store(argument + 16, 8, 0);
    dom0.store(argument + 24, 8, id);
    assertEquals(count, dom0.hypercall(HypercallNumber.MEMORY_OP, 6, argument));
  }

  /** XENMEM_claim_pages. */
  long claim(long pages) {
    zero(argument, 32);
    dom0.store(argument + 8, 8, pages);
    dom0.store(argument + 24, 2, id);
    return dom0.hypercall(HypercallNumber.MEMORY_OP, 24, argument);
  }

  /** Sees a page of the domain, writes to it, and lets go of it unless it is kept. */
  void write(long gfn, boolean keep) {
    assertEquals(0, show(gfn, window));
    dom0.store(window << 12, 8, FIRST_PORT); // the domain's own: for it to send to
    dom0.store((window << 12) + 8, 8, 0); // struct sched_poll: no ports
    dom0.store((window << 12) + 16, 8, 0);
    dom0.store((window << 12) + 24, 8, 1); // and over already
    if (!keep) {
      hide(window);
    }
  }

  void hide(long gfn) {
    dom0.store(argument, 8, 0x7ff0);
    dom0.store(argument + 8, 8, gfn);
    assertEquals(0, dom0.hypercall(HypercallNumber.MEMORY_OP, 15, argument));
  }

  void hideWindow() {
    hide(window);
  }

  private long show(long gfn, long at) {
    dom0.store(list, 8, gfn);
    dom0.store(list + 8, 8, at);
    dom0.store(list + 16, 8, -1);
    dom0.store(argument, 2, 0x7ff0);
    dom0.store(argument + 2, 2, 4); // gmfn_foreign
    dom0.store(argument + 4, 2, 1);
    dom0.store(argument + 6, 2, id);
    dom0.store(argument + 8, 8, list);
    dom0.store(argument + 16, 8, list + 8);
    dom0.store(argument + 24, 8, list + 16);
    assertEquals(0, dom0.hypercall(HypercallNumber.MEMORY_OP, 23, argument));
    return (int) dom0.load(list + 16, 4);
  }

  /** Up to the point where only unpausing is left. */
  public void build() {
    createEmpty();
    assertEquals(0, domctl(DomctlCommand.MAX_MEM, 4L * (PAGES + MAGIC_PAGES)));
    storePort = unbound();
    consolePort = unbound();
    assertEquals(0, domctl(DomctlCommand.SET_PAGING_MEMPOOL_SIZE, 64L << 12));
    parameter(0, 0x0200_0000_0000_021fL);
    populate(RAM_GFN, PAGES);
    for (int i = 0; i < PAGES; i++) {
      write(RAM_GFN + i, false);
    }
    populate(MAGIC_GFN, MAGIC_PAGES);
    begin(DomctlCommand.CACHE_FLUSH);
    dom0.store(argument + Domctl.PAYLOAD, 8, RAM_GFN);
    dom0.store(argument + Domctl.PAYLOAD + 8, 8, PAGES);
    assertEquals(0, submit());
    parameter(17, MAGIC_GFN);
    parameter(1, MAGIC_GFN + 1);
    parameter(28, MAGIC_GFN + 2);
    parameter(18, consolePort);
    parameter(2, storePort);
    setContext(0);
  }

  /** With vCPUs that have no context, and no memory: as the tools leave it when they are ended. */
  public void createEmpty() {
    create();
    assertEquals(0, domctl(DomctlCommand.MAX_VCPUS, vcpus));
  }

  public void create() {
    assertEquals(0, create(ArchConfig.GIC_NATIVE));
    id = (int) dom0.load(argument + Domctl.DOMAIN, 2);
  }

  /** Asks for a domain with this interrupt controller, and returns the hypercall's result. */
  long create(int gicVersion) {
    id = 0;
    begin(DomctlCommand.CREATE_DOMAIN);
    dom0.store(argument + CreateDomain.SSIDREF, 4, securityId);
    dom0.store(argument + CreateDomain.HANDLE, 4, 0xcafe);
    dom0.store(argument + CreateDomain.FLAGS, 4, FLAGS);
    dom0.store(argument + CreateDomain.MAX_VCPUS, 4, vcpus);
    dom0.store(argument + CreateDomain.MAX_EVTCHN_PORT, 4, 1023);
    dom0.store(argument + CreateDomain.MAX_GRANT_FRAMES, 4, 32);
    dom0.store(argument + CreateDomain.MAX_MAPTRACK_FRAMES, 4, 128);
    dom0.store(argument + CreateDomain.GRANT_OPTS, 4, 1);
    dom0.store(argument + GIC_VERSION, 1, gicVersion);
    dom0.store(argument + NR_SPIS, 4, SHARED_INTERRUPTS);
    return submit();
  }

  /** vCPU {@code vcpu} will begin at {@link #ENTRY}, with its interrupts off. */
  void setContext(int vcpu) {
    zero(list, VcpuContext.SIZEOF);
    dom0.store(list + VcpuContext.FLAGS, 4, 1);
    dom0.store(list + VcpuContext.PC, 8, ENTRY);
    dom0.store(list + VcpuContext.CPSR, 8, 0x1c5);
    dom0.store(list + VcpuContext.X0, 8, 0x4800_0000L);
    dom0.store(list + VcpuContext.SCTLR, 8, 0xc5_0078L);
    begin(DomctlCommand.SET_VCPU_CONTEXT);
    dom0.store(argument + Domctl.PAYLOAD, 4, vcpu);
    dom0.store(argument + Domctl.PAYLOAD + DomctlVcpu.Context.CTXT, 8, list);
    assertEquals(0, submit());
  }

  /** XEN_DOMCTL_setvcpuaffinity, hard: CPUs as a bit set. */
  long pin(int vcpu, int cpus) {
    return affinity(DomctlCommand.SET_VCPU_AFFINITY, vcpu, 1, cpus);
  }

  /** The same, soft. */
  long prefer(int vcpu, int cpus) {
    return affinity(DomctlCommand.SET_VCPU_AFFINITY, vcpu, 2, cpus);
  }

  /** XEN_DOMCTL_getvcpuaffinity, hard. */
  long pinned(int vcpu) {
    assertEquals(0, affinity(DomctlCommand.GET_VCPU_AFFINITY, vcpu, 1, 0));
    return dom0.load(list, 8);
  }

  private long affinity(int command, int vcpu, int flags, int cpus) {
    begin(command);
    dom0.store(list, 8, cpus);
    DomctlVcpu.Affinity layout = new DomctlVcpu.Affinity(argument + Domctl.PAYLOAD);
    dom0.store(layout.address() + DomctlVcpu.Affinity.VCPU, 4, vcpu);
    dom0.store(layout.address() + DomctlVcpu.Affinity.FLAGS, 4, flags);
    long bitmap = flags == 1 ? DomctlVcpu.Affinity.CPUMAP_HARD : DomctlVcpu.Affinity.CPUMAP_SOFT;
    dom0.store(layout.address() + bitmap, 8, list);
    dom0.store(layout.address() + bitmap + 8, 4, 8);
    return submit();
  }

  public long unpause() {
    return domctl(DomctlCommand.UNPAUSE_DOMAIN, 0);
  }

  long pause() {
    return domctl(DomctlCommand.PAUSE_DOMAIN, 0);
  }

  /** Dom0's daemons take the ports that wait for them. Returns the console's port of Dom0. */
  public long connect(long remotePort) {
    dom0.store(argument, 8, id | remotePort << 32);
    assertEquals(0, dom0.hypercall(HypercallNumber.EVENT_CHANNEL_OP, 0, argument));
    return dom0.load(argument + 8, 4);
  }

  long send(long port) {
    dom0.store(argument, 4, port);
    return dom0.hypercall(HypercallNumber.EVENT_CHANNEL_OP, 4, argument);
  }

  public void close(long port) {
    dom0.store(argument, 4, port);
    assertEquals(0, dom0.hypercall(HypercallNumber.EVENT_CHANNEL_OP, 3, argument));
  }

  public long destroy() {
    return domctl(DomctlCommand.DESTROY_DOMAIN, 0);
  }
}
