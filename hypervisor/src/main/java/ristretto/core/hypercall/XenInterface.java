package ristretto.core.hypercall;

import ristretto.core.console.Console;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.event.ConsoleVirq;
import ristretto.core.event.DomainChanges;
import ristretto.core.event.EventReport;
import ristretto.core.grant.GrantReport;
import ristretto.lang.BootOnly;

/** What makes a domain one that Xen's interface serves. */
public final class XenInterface {
  private XenInterface() {}

  /**
   * Boot: the hypervisor's side of the interface.
   *
   * @param commandLine what the boot loader said to the hypervisor
   * @param release minor number of the release of Xen that guests are told of
   */
  @BootOnly
  public static void start(VersionText commandLine, int release) {
    VersionOp.setCommandLine(commandLine);
    VersionOp.setMinor(release);
    DomainChanges.start();
    Console console = Console.system();
    console.input().listen(new ConsoleVirq());
    console.keys().register(new EventReport());
    console.keys().register(new GrantReport());
  }

  /**
   * Gives a domain its shared pages and makes it known by its number.
   *
   * @param grantFrames most frames of its grant table
   * @param maptrackFrames most frames for what it maps of others' grants
   * @return false if there is no memory
   */
  public static boolean open(Domain domain, int grantFrames, int maptrackFrames) {
    domain.grants.setLimit(grantFrames);
    domain.grants.setMaptrackLimit(maptrackFrames);
    if (!domain.shared.start() || !domain.grants.start()) {
      return false;
    }
    Domains.add(domain);
    DomainChanges.note(domain.id);
    return true;
  }
}
