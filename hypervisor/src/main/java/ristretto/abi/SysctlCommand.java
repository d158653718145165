package ristretto.abi;

/** {@code XEN_SYSCTL_*}, commands of sysctl. {@code xen/include/public/sysctl.h}. */
public final class SysctlCommand {
  public static final int READ_CONSOLE = 1;
  public static final int TRACE_BUFFERS = 2;
  public static final int PHYSICAL_INFO = 3;
  public static final int SCHEDULER_ID = 4;
  public static final int GET_DOMAIN_INFO_LIST = 6;
  public static final int DEBUG_KEYS = 7;
  public static final int GET_CPU_INFO = 8;
  public static final int AVAILABLE_HEAP = 9;
  public static final int CPU_TOPOLOGY = 16;
  public static final int NUMA_INFO = 17;
  public static final int CPU_POOL = 18;
  public static final int SCHEDULER_OP = 19;
  public static final int COVERAGE_OP = 20;
  public static final int DT_OVERLAY = 30;

  private SysctlCommand() {}
}
