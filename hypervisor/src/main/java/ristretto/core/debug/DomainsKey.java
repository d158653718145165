package ristretto.core.debug;

import ristretto.core.console.DebugKey;
import ristretto.core.console.Log;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;

/** Domains and their vCPUs. */
final class DomainsKey implements DebugKey {
  @Override
  public int key() {
    return 'q';
  }

  @Override
  public String description() {
    return "dump domain (and guest debug) info";
  }

  @Override
  public void press() {
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null) {
        print(domain);
      }
    }
  }

  private static void print(Domain domain) {
    Log.print().text("General information for domain ").dec(domain.id).text(":").end();
    Log.print()
        .text("    pages=")
        .dec(domain.memory.memory())
        .text(" overhead=")
        .dec(domain.memory.overhead())
        .text(" tables=")
        .dec(domain.memory.tables())
        .text(" shutdown=")
        .dec(domain.shutdownReason())
        .text(" refused accesses=")
        .dec(domain.refusedAccesses)
        .text(" refused firmware calls=")
        .dec(domain.refusedCalls.count())
        .end();
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      Log.print()
          .text("    VCPU")
          .dec(vcpu.id)
          .text(": CPU")
          .dec(vcpu.cpu.index)
          .text(" ")
          .text(Names.of(vcpu.residence))
          .text(" pauses=")
          .hex(vcpu.pauses.get())
          .text(" affinity=")
          .hex(vcpu.affinity)
          .end();
    }
  }
}
