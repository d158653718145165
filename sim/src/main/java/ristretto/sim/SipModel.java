package ristretto.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The secure monitor of Agilex from outside: PSCI without CPU_SUSPEND, and services of the silicon
 * provider, of which only the register traffic is modelled. Trusted Firmware-A,
 * plat/intel/soc/common, socfpga_sip_svc.c.
 */
public final class SipModel implements SecureMonitor {
  private static final int OWNER = 0x3f00_0000;
  private static final int SILICON_PROVIDER = 0x0200_0000;

  /** Result n of a call is this and n: each register has one of its own. */
  public static final long RESULT = 0x5100;

  private final SecureMonitor psci = new PsciModel();
  private final List<long[]> calls = Collections.synchronizedList(new ArrayList<>());
  private Runnable during = () -> {};

  @Override
  public void call(SimulatedCpu cpu, long[] x) {
    if (((int) x[0] & OWNER) != SILICON_PROVIDER) {
      psci.call(cpu, x);
      return;
    }
    calls.add(x.clone());
    during.run();
    for (int i = 0; i < x.length; i++) {
      x[i] = RESULT + i;
    }
  }

  /** What else happens while a service works. */
  public void during(Runnable action) {
    during = action;
  }

  /** x0 to x17 of the calls of services so far. */
  public List<long[]> calls() {
    return calls;
  }
}
