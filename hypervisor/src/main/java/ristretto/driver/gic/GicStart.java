package ristretto.driver.gic;

/** How starting an interrupt controller ended. */
public enum GicStart {
  STARTED("started"),
  DISTRIBUTOR_STUCK("the distributor does not finish a register write"),
  NO_REDISTRIBUTOR("no redistributor has this CPU's affinity"),
  REDISTRIBUTOR_ASLEEP("the redistributor does not wake"),
  NO_SYSTEM_REGISTERS("firmware denies the system-register interface to EL2"),
  NO_CPU_INTERFACE("the distributor does not say which CPU interface this is"),
  TOO_FEW_LIST_REGISTERS("a CPU has less than two list registers"),
  TOO_MANY_PREEMPTION_LEVELS("more than 32 virtual preemption levels");

  private final String text;

  GicStart(String text) {
    this.text = text;
  }

  /** For the console. */
  public String text() {
    return text;
  }
}
