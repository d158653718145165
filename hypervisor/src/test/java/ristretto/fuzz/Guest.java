package ristretto.fuzz;

import ristretto.core.cpu.Cpu;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Vcpu;
import ristretto.image.DomainBuilder;
import ristretto.machine.Machine;
import ristretto.sim.SimulatedCpu;
import ristretto.sim.Stage2Walk;

/** The guest whose vCPU is loaded on the calling CPU: where it keeps arguments, how it writes. */
record Guest(Domain domain, long argument, long list) {
  /** The page of a domain's memory from which on it keeps what it needs itself. */
  static final int FIRST_PAGE = 12;

  static Guest current() {
    Vcpu vcpu = Cpu.current().servedVcpu();
    Domain domain = vcpu.domain;
    if (domain.privileged) {
      return new Guest(domain, DomainBuilder.ARGUMENT + 0x4000, DomainBuilder.ARGUMENT + 0x5000);
    }
    // Two vCPUs may be in the middle of a call at the same time.
    long page = DomainBuilder.ENTRY + ((long) (FIRST_PAGE + 2 * (vcpu.id & 1)) << 12);
    return new Guest(domain, page, page + 0x1000);
  }

  /** Nothing, where the guest may not write. */
  void store(long ipa, int size, long value) {
    SimulatedCpu cpu = (SimulatedCpu) Machine.current();
    long physical = Stage2Walk.translate(cpu, ipa, true);
    if (physical != Stage2Walk.FAULT && cpu.machine().isRam(physical, size)) {
      cpu.machine().access(physical, size, true, value);
    }
  }

  /** 0, where the guest may not read. */
  long load(long ipa, int size) {
    SimulatedCpu cpu = (SimulatedCpu) Machine.current();
    long physical = Stage2Walk.translate(cpu, ipa, false);
    return physical != Stage2Walk.FAULT && cpu.machine().isRam(physical, size)
        ? cpu.machine().access(physical, size, false, 0)
        : 0;
  }
}
