package ristretto.arch;

/** Function identifiers and results of the Power State Coordination Interface. Arm DEN 0022. */
public final class PsciFunction {
  public static final int PSCI_VERSION = 0x8400_0000;
  public static final int CPU_SUSPEND_32 = 0x8400_0001;
  public static final int CPU_OFF = 0x8400_0002;
  public static final int CPU_ON_32 = 0x8400_0003;
  public static final int AFFINITY_INFO_32 = 0x8400_0004;
  public static final int MIGRATE_INFO_TYPE = 0x8400_0006;
  public static final int SYSTEM_OFF = 0x8400_0008;
  public static final int SYSTEM_RESET = 0x8400_0009;
  public static final int PSCI_FEATURES = 0x8400_000a;
  public static final int SYSTEM_RESET2_32 = 0x8400_0012;
  public static final int CPU_SUSPEND_64 = 0xc400_0001;
  public static final int CPU_ON_64 = 0xc400_0003;
  public static final int AFFINITY_INFO_64 = 0xc400_0004;
  public static final int SYSTEM_RESET2_64 = 0xc400_0012;

  public static final int VERSION_1_1 = 0x1_0001;

  public static final int SUCCESS = 0;
  public static final int NOT_SUPPORTED = -1;
  public static final int INVALID_PARAMETERS = -2;
  public static final int DENIED = -3;
  public static final int ALREADY_ON = -4;
  public static final int ON_PENDING = -5;
  public static final int INVALID_ADDRESS = -9;

  /** AFFINITY_INFO: states of a CPU. */
  public static final int ON = 0;

  public static final int OFF = 1;

  /** MIGRATE_INFO_TYPE: no trusted OS that needs to be moved. */
  public static final int NO_MIGRATION = 2;

  private PsciFunction() {}
}
