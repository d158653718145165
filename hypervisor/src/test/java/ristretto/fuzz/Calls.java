package ristretto.fuzz;

import static ristretto.fuzz.Call.fixed;
import static ristretto.fuzz.Call.list;
import static ristretto.fuzz.Call.oneOf;
import static ristretto.fuzz.Call.u16;
import static ristretto.fuzz.Call.u32;
import static ristretto.fuzz.Call.u64;
import static ristretto.fuzz.Call.u8;

import java.util.List;
import ristretto.abi.DomctlCommand;
import ristretto.abi.Evtchnop;
import ristretto.abi.Gnttabop;
import ristretto.abi.HypercallNumber;
import ristretto.abi.SysctlCommand;
import ristretto.abi.Vcpuop;
import ristretto.abi.Xenmem;
import ristretto.core.time.SystemTime;
import ristretto.fuzz.Call.Field;
import ristretto.fuzz.Call.Source;
import ristretto.image.DomainBuilder;
import ristretto.machine.SysReg;

/** The hypercalls that guests make up, by the public headers. */
final class Calls {
  private static final Source POINTER = Arguments::pointer;
  private static final Source DOMAIN = a -> a.values().domain();

  private static final Source OTHER = a -> a.values().other();
  private static final Source GFN = a -> a.values().gfn();
  private static final Source OWN_GFN = a -> a.values().orEdge(a.values().ownGfn());
  private static final Source PORT = a -> a.values().port();
  private static final Source VCPU = a -> a.values().vcpu();
  private static final Source REFERENCE = a -> a.values().reference();
  private static final Source HANDLE = a -> a.values().handle();
  private static final Source COUNT = a -> a.values().count();
  private static final Source ORDER = a -> a.values().order();
  private static final Source ANY = a -> a.values().choices.any();

  /** Of a page; not 0, which to the call that unmaps means "nowhere". */
  private static final Source ADDRESS =
      a -> {
        long address = GFN.value(a) << 12;
        return address == 0 ? 0x1000 : address;
      };

  private static final Source BYTES = a -> a.values().orEdge(a.values().choices.below(4097));
  private static final Source STRUCTURES = a -> a.values().orEdge(a.count);

  /** Where bytes are written to: the guest's own memory, or somewhere. */
  private static final Source BUFFER =
      a -> a.values().orEdge((OWN_GFN.value(a) << 12) + a.values().choices.below(4096));

  private static final Source GFNS = list(8, GFN);
  private static final Source PORTS = list(4, PORT);

  private Calls() {}

  /** System time in nanoseconds: in the past, or soon. */
  private static long soon(Arguments a) {
    long now = SystemTime.toNanoseconds(SysReg.CNTPCT_EL0.read());
    return a.values().orEdge(now + a.values().choices.below(100_000));
  }

  private static Call memory(int operation, int size, Field... fields) {
    return call("memory_op", HypercallNumber.MEMORY_OP, operation, size, 1, fields);
  }

  private static Call events(int operation, int size, Field... fields) {
    return call("event_channel_op", HypercallNumber.EVENT_CHANNEL_OP, operation, size, 1, fields);
  }

  private static Call grants(int operation, int size, Field... fields) {
    return new Call(
        "grant_table_op " + operation,
        HypercallNumber.GRANT_TABLE_OP,
        List.of(fixed(operation), POINTER, STRUCTURES),
        size,
        4,
        List.of(fields));
  }

  private static Call call(
      String name, int number, int operation, int size, int most, Field... fields) {
    return new Call(
        name + " " + operation,
        number,
        List.of(fixed(operation), POINTER),
        size,
        most,
        List.of(fields));
  }

  private static Call vcpu(int operation, int size, Field... fields) {
    return new Call(
        "vcpu_op " + operation,
        HypercallNumber.VCPU_OP,
        List.of(fixed(operation), VCPU, POINTER),
        size,
        1,
        List.of(fields));
  }

  private static Call plain(String name, int number, Source... registers) {
    return new Call(name, number, List.of(registers), 0, 1, List.of());
  }

  private static Call control(String name, int number, int command, int version, Field... fields) {
    List<Field> all = new java.util.ArrayList<>(List.of(fields));
    all.add(u32(0, fixed(command)));
    all.add(u32(4, fixed(version)));
    return new Call(name + " " + command, number, List.of(POINTER), 144, 1, List.copyOf(all));
  }

  private static Call domctl(int command, Field... fields) {
    List<Field> all = new java.util.ArrayList<>(List.of(fields));
    all.add(u16(8, OTHER));
    return control("domctl", HypercallNumber.DOMCTL, command, 0x17, all.toArray(new Field[0]));
  }

  private static Call sysctl(int command, Field... fields) {
    return control("sysctl", HypercallNumber.SYSCTL, command, 0x15, fields);
  }

  /** What any guest may try. */
  static final List<Call> ANYBODY =
      List.of(
          memory(
              Xenmem.POPULATE_PHYSMAP,
              32,
              u64(0, GFNS),
              u64(8, COUNT),
              u32(16, ORDER),
              u32(20, fixed(0)),
              u16(24, DOMAIN)),
          memory(
              Xenmem.DECREASE_RESERVATION,
              32,
              u64(0, GFNS),
              u64(8, COUNT),
              u32(16, ORDER),
              u32(20, fixed(0)),
              u16(24, DOMAIN)),
          memory(
              Xenmem.ADD_TO_PHYSMAP,
              24,
              u16(0, DOMAIN),
              u32(4, oneOf(0, 1, 1, 1, 4)),
              u64(8, oneOf(0, 0, 0, 1, 2, 31, 32, 64)),
              u64(16, oneOf(Values.GRANT_TABLE))),
          memory(
              Xenmem.ADD_TO_PHYSMAP,
              24,
              u16(0, DOMAIN),
              u32(4, oneOf(0, 1)),
              u64(8, oneOf(0, 1, 2)),
              u64(16, GFN)),
          memory(
              Xenmem.ADD_TO_PHYSMAP_BATCH,
              32,
              u16(0, fixed(0x7ff0)),
              u16(2, oneOf(4, 4, 4, 0, 1)),
              u16(4, COUNT),
              u16(6, OTHER),
              u64(8, GFNS),
              u64(16, GFNS),
              u64(24, GFNS)),
          memory(Xenmem.REMOVE_FROM_PHYSMAP, 16, u16(0, DOMAIN), u64(8, GFN)),
          memory(
              Xenmem.ACQUIRE_RESOURCE,
              32,
              u16(0, OTHER),
              u16(2, fixed(1)),
              u32(4, fixed(0)),
              u32(8, COUNT),
              u32(12, fixed(0)),
              u64(16, oneOf(0, 0, 1, 30)),
              u64(24, GFNS)),
          memory(Xenmem.CLAIM_PAGES, 32, u64(8, oneOf(0, 0, 0, 64)), u16(24, DOMAIN)),
          new Call(
              "memory_op",
              HypercallNumber.MEMORY_OP,
              List.of(ANY, POINTER),
              32,
              1,
              List.of(u16(0, DOMAIN), u64(8, ANY), u64(16, GFN))),
          grants(
              Gnttabop.MAP_GRANT_REF,
              32,
              u64(0, ADDRESS),
              u32(8, oneOf(2, 2, 2, 6, 6, 3, 1, 7, 0)),
              u32(12, REFERENCE),
              u16(16, OTHER)),
          grants(
              Gnttabop.MAP_GRANT_REF,
              32,
              u64(0, ADDRESS),
              u32(8, oneOf(2, 6)),
              u32(12, REFERENCE),
              u16(16, OTHER)),
          grants(
              Gnttabop.UNMAP_GRANT_REF,
              24,
              u32(16, HANDLE),
              u64(0, a -> a.values().handleAddress()),
              u64(8, oneOf(0, 0, 1))),
          grants(Gnttabop.UNMAP_GRANT_REF, 24, u64(8, oneOf(0, 1)), u32(16, HANDLE)),
          grants(
              Gnttabop.COPY,
              40,
              u64(0, REFERENCE),
              u16(8, OTHER),
              u16(10, BYTES),
              u64(16, OWN_GFN),
              u16(24, oneOf(0x7ff0)),
              u16(26, BYTES),
              u16(32, BYTES),
              u16(34, oneOf(1, 1, 0, 2, 3))),
          grants(
              Gnttabop.COPY,
              40,
              u64(0, OWN_GFN),
              u16(8, fixed(0x7ff0)),
              u64(16, REFERENCE),
              u16(24, OTHER),
              u16(32, fixed(64)),
              u16(34, fixed(2))),
          grants(
              Gnttabop.SETUP_TABLE,
              24,
              u16(0, DOMAIN),
              u32(4, oneOf(1, 2, 4, 32, 64)),
              u64(16, GFNS)),
          grants(
              Gnttabop.CACHE_FLUSH,
              16,
              u64(0, ADDRESS),
              u16(8, BYTES),
              u16(10, BYTES),
              u32(12, oneOf(1, 2, 3))),
          grants(Gnttabop.QUERY_SIZE, 16, u16(0, DOMAIN)),
          grants(Gnttabop.SET_VERSION, 4, u32(0, oneOf(1, 2))),
          grants(Gnttabop.GET_VERSION, 8, u16(0, DOMAIN)),
          grants(Gnttabop.SWAP_GRANT_REF, 12, u32(0, REFERENCE), u32(4, REFERENCE)),
          events(Evtchnop.BIND_INTERDOMAIN, 12, u16(0, OTHER), u32(4, PORT)),
          events(Evtchnop.BIND_INTERDOMAIN, 12, u16(0, OTHER), u32(4, PORT)),
          events(Evtchnop.BIND_VIRQ, 12, u32(0, oneOf(0, 1, 2, 3, 23, 24)), u32(4, VCPU)),
          events(Evtchnop.CLOSE, 4, u32(0, PORT)),
          events(Evtchnop.SEND, 4, u32(0, PORT)),
          events(Evtchnop.SEND, 4, u32(0, PORT)),
          events(Evtchnop.STATUS, 24, u16(0, DOMAIN), u32(4, PORT)),
          events(Evtchnop.ALLOC_UNBOUND, 8, u16(0, fixed(0x7ff0)), u16(2, OTHER)),
          events(Evtchnop.ALLOC_UNBOUND, 8, u16(0, DOMAIN), u16(2, DOMAIN)),
          events(Evtchnop.BIND_IPI, 8, u32(0, VCPU)),
          events(Evtchnop.BIND_VCPU, 8, u32(0, PORT), u32(4, VCPU)),
          events(Evtchnop.UNMASK, 4, u32(0, PORT)),
          events(
              Evtchnop.INIT_CONTROL,
              24,
              u64(0, OWN_GFN),
              u32(8, oneOf(0, 8, 2048, 4016, 4024, 4032)),
              u32(12, VCPU)),
          events(Evtchnop.EXPAND_ARRAY, 8, u64(0, OWN_GFN)),
          events(Evtchnop.SET_PRIORITY, 8, u32(0, PORT), u32(4, oneOf(0, 7, 15, 16))),
          vcpu(Vcpuop.REGISTER_VCPU_INFO, 16, u64(0, OWN_GFN), u32(8, oneOf(0, 64, 4032, 4096, 4))),
          vcpu(Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA, 8, u64(0, BUFFER)),
          vcpu(
              Vcpuop.REGISTER_RUNSTATE_MEMORY_AREA,
              8,
              u64(0, a -> (OWN_GFN.value(a) << 12) + a.values().choices.of(0, 4064, 4080, 8))),
          vcpu(
              Vcpuop.REGISTER_RUNSTATE_PHYS_AREA,
              8,
              u64(0, a -> (OWN_GFN.value(a) << 12) + a.values().choices.of(0, 4048, 4056, 8))),
          new Call(
              "hvm_op",
              HypercallNumber.HVM_OP,
              List.of(oneOf(0, 1, 2), POINTER),
              16,
              1,
              List.of(u16(0, DOMAIN), u32(4, oneOf(0, 1, 17, 18, 19, 38, 39)), u64(8, ANY))),
          new Call(
              "console_io",
              HypercallNumber.CONSOLE_IO,
              List.of(oneOf(0, 0, 1, 2), BYTES, BUFFER),
              0,
              1,
              List.of()),
          new Call(
              "sched_op",
              HypercallNumber.SCHED_OP,
              List.of(oneOf(0, 0, 4, 5, 6, 7, 8), POINTER),
              8,
              1,
              List.of(u16(0, DOMAIN), u32(4, oneOf(0, 1, 2, 3, 4, 5, 6)))),
          plain(
              "xen_version",
              HypercallNumber.XEN_VERSION,
              a -> a.values().choices.below(12),
              BUFFER),
          plain("vm_assist", HypercallNumber.VM_ASSIST, oneOf(0, 1, 2), oneOf(5, 0, 63)),
          plain("physdev_op", HypercallNumber.PHYSDEV_OP, ANY, POINTER),
          plain("platform_op", HypercallNumber.PLATFORM_OP, POINTER),
          plain("domctl", HypercallNumber.DOMCTL, POINTER),
          plain("sysctl", HypercallNumber.SYSCTL, POINTER),
          plain("any number", Call.ANY_NUMBER, ANY, POINTER, ANY, ANY, ANY));

  /** What only another domain than the control domain does: it may block, and end itself. */
  static final List<Call> GUESTS =
      List.of(
          events(Evtchnop.RESET, 2, u16(0, DOMAIN)),
          plain("block", HypercallNumber.SCHED_OP, fixed(1)),
          new Call(
              "poll",
              HypercallNumber.SCHED_OP,
              List.of(fixed(3), POINTER),
              24,
              1,
              List.of(u64(0, PORTS), u32(8, COUNT), u64(16, Calls::soon))),
          new Call(
              "shutdown",
              HypercallNumber.SCHED_OP,
              List.of(oneOf(2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), POINTER),
              4,
              1,
              List.of(u32(0, oneOf(0, 1, 2, 3, 4, 5, 6)))));

  /** What the control domain does to others. */
  static final List<Call> CONTROL =
      List.of(
          events(Evtchnop.RESET, 2, u16(0, DOMAIN)),
          domctl(DomctlCommand.PAUSE_DOMAIN),
          domctl(DomctlCommand.UNPAUSE_DOMAIN),
          domctl(DomctlCommand.UNPAUSE_DOMAIN),
          domctl(DomctlCommand.RESUME_DOMAIN),
          domctl(DomctlCommand.GET_DOMAIN_INFO),
          domctl(DomctlCommand.MAX_MEM, u64(16, oneOf(80, 88, 96, 4096, 1 << 20))),
          domctl(DomctlCommand.MAX_VCPUS, u32(16, oneOf(1, 2))),
          domctl(
              DomctlCommand.SET_PAGING_MEMPOOL_SIZE,
              u64(16, oneOf(0, 4096, 64 << 12, 32 << 12, 16 << 12))),
          domctl(DomctlCommand.GET_PAGING_MEMPOOL_SIZE),
          domctl(DomctlCommand.CACHE_FLUSH, u64(16, GFN), u64(24, oneOf(1, 16, 512, 1024, 2048))),
          domctl(DomctlCommand.SET_VCPU_CONTEXT, u32(16, VCPU), u64(24, BUFFER)),
          domctl(DomctlCommand.GET_VCPU_CONTEXT, u32(16, VCPU), u64(24, BUFFER)),
          domctl(DomctlCommand.GET_VCPU_INFO, u32(16, VCPU)),
          domctl(
              DomctlCommand.SET_VCPU_AFFINITY,
              u32(16, VCPU),
              u32(20, oneOf(1, 2, 3, 4)),
              u64(24, list(8, oneOf(1, 2, 3, 6, 7, -1))),
              u32(32, oneOf(8, 64, 3)),
              u64(40, list(8, oneOf(1, 2, 3, 6, 7, -1))),
              u32(48, oneOf(8, 64, 3))),
          domctl(
              DomctlCommand.GET_VCPU_AFFINITY,
              u32(16, VCPU),
              u32(20, oneOf(1, 2, 3)),
              u64(24, BUFFER),
              u32(32, oneOf(8, 64))),
          domctl(
              DomctlCommand.IOMEM_PERMISSION,
              u64(16, oneOf(0x9010, 0x9010, 0x9010, 0x9000, 0x8000, 0x40000)),
              u64(24, oneOf(1, 1, 1, 2)),
              u8(32, oneOf(0, 1))),
          domctl(
              DomctlCommand.MEMORY_MAPPING,
              u64(16, GFN),
              u64(24, oneOf(0x9010, 0x9010, 0x9010, 0x9000, 0x40000)),
              u64(32, oneOf(1, 1, 1, 2)),
              u32(40, oneOf(0, 1))),
          domctl(
              DomctlCommand.IRQ_PERMISSION,
              u32(16, oneOf(34, 34, 34, 33, 27)),
              u8(20, oneOf(0, 1, 1))),
          domctl(
              DomctlCommand.BIND_PT_IRQ,
              u32(16, oneOf(34, 34, 34, 33, 27)),
              u32(20, fixed(4)),
              u16(24, oneOf(34, 34, 34, 33))),
          domctl(
              DomctlCommand.UNBIND_PT_IRQ,
              u32(16, oneOf(34, 34, 34, 33, 27)),
              u32(20, fixed(4)),
              u16(24, oneOf(34, 34, 34, 33))),
          domctl(
              DomctlCommand.SCHEDULER_OP,
              u32(16, oneOf(6, 9)),
              u32(20, oneOf(0, 1, 2, 3)),
              u64(24, ANY)),
          domctl(DomctlCommand.SUBSCRIBE, u32(16, PORT)),
          domctl(DomctlCommand.SET_TIME_OFFSET, u64(16, ANY)),
          domctl(DomctlCommand.SET_DOMAIN_HANDLE, u64(16, ANY)),
          control(
              "domctl",
              HypercallNumber.DOMCTL,
              DomctlCommand.CREATE_DOMAIN,
              0x17,
              u16(8, oneOf(0, 0, 0, 1, 5, 60, 64)),
              u32(36, fixed(3)),
              u32(44, oneOf(1, 2, 8)),
              u32(48, oneOf(1, 127, 1023)),
              u32(52, oneOf(1, 4, 32, 64)),
              u32(56, oneOf(1, 4, 1024)),
              u32(60, fixed(1)),
              u32(DomainBuilder.NR_SPIS, oneOf(0, 0, 32, 224, 960))),
          sysctl(
              SysctlCommand.READ_CONSOLE,
              u8(8, oneOf(0, 1)),
              u8(9, oneOf(0, 1)),
              u64(16, BUFFER),
              u32(24, BYTES)),
          sysctl(SysctlCommand.PHYSICAL_INFO),
          sysctl(
              SysctlCommand.GET_DOMAIN_INFO_LIST, u16(8, DOMAIN), u32(12, COUNT), u64(16, BUFFER)),
          sysctl(
              SysctlCommand.DEBUG_KEYS,
              u64(
                  8,
                  a -> a.exactly(1, a.values().choices.of('d', 't', 'm', 'r', 'q', 'g', 'e', 'h'))),
              u32(16, a -> 1)),
          sysctl(SysctlCommand.GET_CPU_INFO, u32(8, COUNT), u64(16, BUFFER)),
          sysctl(SysctlCommand.AVAILABLE_HEAP, u32(8, ANY), u32(12, ANY), u32(16, ANY)),
          sysctl(SysctlCommand.CPU_TOPOLOGY, u32(8, COUNT), u64(16, BUFFER)),
          sysctl(SysctlCommand.NUMA_INFO, u32(8, COUNT), u64(16, BUFFER), u64(24, BUFFER)),
          sysctl(SysctlCommand.CPU_POOL, u32(8, oneOf(1, 2, 3, 4, 5, 6, 7)), u32(12, ANY)),
          sysctl(SysctlCommand.SCHEDULER_OP, u32(8, ANY), u32(12, ANY), u32(16, ANY)),
          new Call(
              "settime",
              HypercallNumber.PLATFORM_OP,
              List.of(POINTER),
              136,
              1,
              List.of(
                  u32(0, fixed(62)),
                  u32(4, fixed(0x03000001)),
                  u64(8, oneOf(0, 1_700_000_000L)),
                  u32(16, oneOf(0, 999_999_999)),
                  u64(24, oneOf(0, 1_000_000, -1)))));
}
