package ristretto.core.debug;

import ristretto.core.console.DebugKeys;
import ristretto.lang.BootOnly;

/** The keys whose reports concern the machine as a whole. */
public final class DebugReports {
  private DebugReports() {}

  @BootOnly
  public static void register(DebugKeys keys) {
    keys.register(new DomainsKey());
    keys.register(new RunQueuesKey());
    keys.register(new RebootKey());
    keys.register(new RegistersKey());
    keys.register(new TimeKey());
    keys.register(new MemoryKey());
  }
}
