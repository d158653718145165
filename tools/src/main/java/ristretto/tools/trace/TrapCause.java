package ristretto.tools.trace;

import java.util.Map;

/**
 * Why a vCPU was stopped, in words.
 *
 * @param what one of few: what is counted together
 * @param detail what tells this one from others of its kind, or nothing
 */
public record TrapCause(Kind kind, String what, String detail) {
  /** What is drawn in one colour. */
  public enum Kind {
    HYPERCALL("hypercall"),
    WAIT("wait"),
    INTERRUPT("interrupt"),
    MEMORY("memory access"),
    REGISTER("system register"),
    FIRMWARE("firmware call"),
    OTHER("other");

    final String title;

    Kind(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  /**
   * One of {@code __HYPERVISOR_*}, {@code xen/include/public/xen.h}.
   *
   * @param mask bits of a command that name it: above them, memory_op has where to go on
   * @param commands those that are called often
   */
  private record Hypercall(String name, int mask, Map<Integer, String> commands) {
    Hypercall(String name) {
      this(name, 0, Map.of());
    }

    String with(int command) {
      String known = commands.get(command & mask);
      return known == null ? name : name + " " + known;
    }
  }

  private static final Hypercall MEMORY_OP =
      new Hypercall(
          "memory_op",
          0x3f,
          Map.of(1, "decrease", 6, "populate", 7, "add_to_physmap", 15, "remove", 23, "add_batch"));

  private static final Hypercall GRANT_TABLE_OP =
      new Hypercall(
          "grant_table_op",
          -1,
          Map.of(0, "map", 1, "unmap", 2, "setup", 5, "copy", 12, "cache_flush"));

  private static final Hypercall SCHED_OP =
      new Hypercall(
          "sched_op", -1, Map.of(0, "yield", 1, "block", 2, "shutdown", 3, "poll", 6, "watchdog"));

  private static final Hypercall EVENT_CHANNEL_OP =
      new Hypercall(
          "event_channel_op",
          -1,
          Map.of(3, "close", 4, "send", 8, "bind_vcpu", 9, "unmask", 13, "set_priority"));

  private static final Map<Integer, Hypercall> HYPERCALLS =
      Map.ofEntries(
          Map.entry(7, new Hypercall("platform_op")),
          Map.entry(12, MEMORY_OP),
          Map.entry(13, new Hypercall("multicall")),
          Map.entry(17, new Hypercall("xen_version")),
          Map.entry(18, new Hypercall("console_io")),
          Map.entry(20, GRANT_TABLE_OP),
          Map.entry(21, new Hypercall("vm_assist")),
          Map.entry(24, new Hypercall("vcpu_op")),
          Map.entry(27, new Hypercall("xsm_op")),
          Map.entry(29, SCHED_OP),
          Map.entry(32, EVENT_CHANNEL_OP),
          Map.entry(33, new Hypercall("physdev_op")),
          Map.entry(34, new Hypercall("hvm_op")),
          Map.entry(35, new Hypercall("sysctl")),
          Map.entry(36, new Hypercall("domctl")),
          Map.entry(41, new Hypercall("dm_op")),
          Map.entry(42, new Hypercall("hypfs_op")));

  /** Of the SMC calling convention, without the bit that says 64 bits. */
  private static final Map<Integer, String> FIRMWARE =
      Map.ofEntries(
          Map.entry(0x8000_0000, "SMCCC_VERSION"),
          Map.entry(0x8000_0001, "SMCCC_ARCH_FEATURES"),
          Map.entry(0x8000_3fff, "ARCH_WORKAROUND_3"),
          Map.entry(0x8000_7fff, "ARCH_WORKAROUND_2"),
          Map.entry(0x8000_8000, "ARCH_WORKAROUND_1"),
          Map.entry(0x8400_0000, "PSCI_VERSION"),
          Map.entry(0x8400_0001, "CPU_SUSPEND"),
          Map.entry(0x8400_0002, "CPU_OFF"),
          Map.entry(0x8400_0003, "CPU_ON"),
          Map.entry(0x8400_0004, "AFFINITY_INFO"),
          Map.entry(0x8400_0008, "SYSTEM_OFF"),
          Map.entry(0x8400_0009, "SYSTEM_RESET"),
          Map.entry(0x8400_000a, "PSCI_FEATURES"));

  /** Op0, Op1, CRn, CRm, Op2, as the assembler writes a register without a name. */
  private static final Map<String, String> REGISTERS =
      Map.of(
          "S3_0_C12_C11_5", "ICC_SGI1R_EL1",
          "S3_0_C12_C11_6", "ICC_ASGI1R_EL1",
          "S3_0_C12_C12_5", "ICC_SRE_EL1",
          "S3_0_C4_C6_0", "ICC_PMR_EL1",
          "S3_3_C14_C2_0", "CNTP_TVAL_EL0",
          "S3_3_C14_C2_1", "CNTP_CTL_EL0",
          "S3_3_C14_C2_2", "CNTP_CVAL_EL0",
          "S2_0_C1_C0_4", "OSLAR_EL1",
          "S2_0_C1_C3_4", "OSDLR_EL1",
          "S2_0_C0_C2_2", "MDSCR_EL1");

  private static final int PPI_HYPERVISOR_TIMER = 26;
  private static final int PPI_VIRTUAL_TIMER = 27;
  private static final int PPI_MAINTENANCE = 25;
  private static final int FIRST_PPI = 16;
  private static final int FIRST_SPI = 32;

  /** An exception, by its ESR_EL2 (Arm ARM DDI 0487, "ESR_EL2") and what goes with it. */
  static TrapCause ofException(int syndrome, long about) {
    int exceptionClass = syndrome >>> 26;
    boolean firmware = (syndrome & 0xffff) == 0;
    return switch (exceptionClass) {
      case 0x01 -> new TrapCause(Kind.WAIT, (syndrome & 1) == 0 ? "WFI" : "WFE", at(about));
      case 0x07 -> new TrapCause(Kind.OTHER, "floating point", at(about));
      case 0x16, 0x17 -> firmware ? firmware((int) about) : hypercall(about);
      case 0x18 -> register(syndrome, about);
      case 0x20 -> new TrapCause(Kind.MEMORY, "instruction abort", "0x%x".formatted(about));
      case 0x24 -> memory(syndrome, about);
      default ->
          new TrapCause(Kind.OTHER, "exception class 0x%02x".formatted(exceptionClass), at(about));
    };
  }

  private static String at(long instruction) {
    return "at 0x%x".formatted(instruction);
  }

  private static TrapCause hypercall(long about) {
    int number = (int) about;
    Hypercall called = HYPERCALLS.get(number);
    String what =
        called == null
            ? "hypercall " + Integer.toUnsignedString(number)
            : called.with((int) (about >>> Integer.SIZE));
    return new TrapCause(Kind.HYPERCALL, what, "");
  }

  private static TrapCause firmware(int function) {
    String name = FIRMWARE.get(function & ~(1 << 30));
    return new TrapCause(Kind.FIRMWARE, name == null ? "0x%08x".formatted(function) : name, "");
  }

  private static TrapCause register(int syndrome, long about) {
    String name =
        "S%d_%d_C%d_C%d_%d"
            .formatted(
                syndrome >>> 20 & 3,
                syndrome >>> 14 & 7,
                syndrome >>> 10 & 15,
                syndrome >>> 1 & 15,
                syndrome >>> 17 & 7);
    String way = (syndrome & 1) == 0 ? "write " : "read ";
    return new TrapCause(Kind.REGISTER, way + REGISTERS.getOrDefault(name, name), at(about));
  }

  private static TrapCause memory(int syndrome, long about) {
    String way = (syndrome & 1 << 6) == 0 ? "read " : "write ";
    String page = "0x%x".formatted(about & ~0xfffL);
    return new TrapCause(Kind.MEMORY, way + "page " + page, "0x%x".formatted(about));
  }

  static TrapCause ofInterrupt(int intid) {
    String name =
        switch (intid) {
          case PPI_VIRTUAL_TIMER -> "virtual timer";
          case PPI_HYPERVISOR_TIMER -> "hypervisor's timer";
          case PPI_MAINTENANCE -> "maintenance";
          default ->
              intid < FIRST_PPI
                  ? "from another CPU"
                  : intid < FIRST_SPI
                      ? "PPI " + (intid - FIRST_PPI)
                      : intid < 1020 ? "SPI " + (intid - FIRST_SPI) : "gone again";
        };
    return new TrapCause(Kind.INTERRUPT, name, "INTID " + intid);
  }
}
