package ristretto.abi;

/** {@code XEN_DOMCTL_*}, commands of domctl. {@code xen/include/public/domctl.h}. */
public final class DomctlCommand {
  public static final int CREATE_DOMAIN = 1;
  public static final int DESTROY_DOMAIN = 2;
  public static final int PAUSE_DOMAIN = 3;
  public static final int UNPAUSE_DOMAIN = 4;
  public static final int GET_DOMAIN_INFO = 5;
  public static final int SET_VCPU_AFFINITY = 9;
  public static final int MAX_MEM = 11;
  public static final int SET_VCPU_CONTEXT = 12;
  public static final int GET_VCPU_CONTEXT = 13;
  public static final int GET_VCPU_INFO = 14;
  public static final int MAX_VCPUS = 15;
  public static final int SCHEDULER_OP = 16;
  public static final int SET_DOMAIN_HANDLE = 17;
  public static final int IRQ_PERMISSION = 19;
  public static final int IOMEM_PERMISSION = 20;
  public static final int SET_TIME_OFFSET = 24;
  public static final int GET_VCPU_AFFINITY = 25;
  public static final int RESUME_DOMAIN = 27;
  public static final int SEND_TRIGGER = 28;
  public static final int SUBSCRIBE = 29;
  public static final int SET_ADDRESS_SIZE = 35;
  public static final int GET_ADDRESS_SIZE = 36;
  public static final int ASSIGN_DEVICE = 37;
  public static final int BIND_PT_IRQ = 38;
  public static final int MEMORY_MAPPING = 39;
  public static final int TEST_ASSIGN_DEVICE = 45;
  public static final int DEASSIGN_DEVICE = 47;
  public static final int UNBIND_PT_IRQ = 48;
  public static final int GET_DEVICE_GROUP = 50;
  public static final int SET_VIRQ_HANDLER = 66;
  public static final int SET_NODE_AFFINITY = 68;
  public static final int GET_NODE_AFFINITY = 69;
  public static final int CACHE_FLUSH = 71;
  public static final int MONITOR_OP = 77;
  public static final int VUART_OP = 81;
  public static final int GET_PAGING_MEMPOOL_SIZE = 85;
  public static final int SET_PAGING_MEMPOOL_SIZE = 86;
  public static final int DT_OVERLAY = 87;
  public static final int SET_LLC_COLORS = 89;
  public static final int GET_DOMAIN_STATE = 90;

  private DomctlCommand() {}
}
