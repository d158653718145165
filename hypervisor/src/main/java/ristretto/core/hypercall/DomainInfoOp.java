package ristretto.core.hypercall;

import org.jspecify.annotations.Nullable;
import ristretto.abi.DomainId;
import ristretto.abi.DomainInfo;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlVcpu;
import ristretto.abi.Errno;
import ristretto.abi.Sysctl;
import ristretto.abi.SysctlMachine.DomainInfoList;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.FirmwareGroups;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.ShutdownReason;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.core.sched.Residence;
import ristretto.core.sched.Scheduler;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.Memory;

/** What the toolstack asks of domains and vCPUs to list them. */
@Cold
final class DomainInfoOp {
  /** Width of a guest's physical addresses that the tools may count on. */
  private static final int ADDRESS_BITS = 40;

  /** All ones in the field of the reason: the domain runs. */
  private static final int NO_REASON = -1;

  private DomainInfoOp() {}

  /** XEN_DOMCTL_getdomaininfo. */
  static long domain(Domain domain, Domctl argument) {
    DomainInfo info = new DomainInfo(argument.payload());
    fill(domain, info);
    argument.setDomainId(domain.id);
    return Errno.OK;
  }

  /** XEN_SYSCTL_getdomaininfolist: domains in the order of their numbers, from one on. */
  static long list(Vcpu caller, Sysctl argument) {
    DomainInfoList list = new DomainInfoList(argument.payload());
    DomainInfo info = new DomainInfo(Scratch.buffer());
    int id = list.first();
    int count = 0;
    while (count < list.room()) {
      Domain domain = nextDomain(id);
      if (domain == null) {
        break;
      }
      fill(domain, info);
      long element = list.buffer() + (long) count * DomainInfo.SIZEOF;
      if (!GuestMemory.copyOut(caller, element, info.address(), DomainInfo.SIZEOF)) {
        return Errno.EFAULT;
      }
      count++;
      id = domain.id + 1;
    }
    list.setCount(count);
    return Errno.OK;
  }

  /** The domain with the lowest number from {@code id} on, or null. */
  static @Nullable Domain nextDomain(int id) {
    Domain next = null;
    for (int slot = 0; slot < Domains.MAXIMUM; slot++) {
      Domain domain = Domains.inSlot(slot);
      if (domain != null
          && domain.id >= id
          && domain.id < DomainId.FIRST_RESERVED
          && (next == null || domain.id < next.id)) {
        next = domain;
      }
    }
    return next;
  }

  /** {@code info} is hypervisor memory; all of it is written. */
  private static void fill(Domain domain, DomainInfo info) {
    Memory.zero(info.address(), DomainInfo.SIZEOF);
    int online = 0;
    long cpuTime = 0;
    int state = bit(DomainInfo.FLAG_BLOCKED);
    for (int i = 0; i < domain.vcpuCount; i++) {
      Vcpu vcpu = domain.vcpus[i];
      cpuTime += Scheduler.timeRun(vcpu);
      if (!vcpu.isOffline()) {
        online++;
        if (!isBlocked(vcpu)) {
          state &= ~bit(DomainInfo.FLAG_BLOCKED);
        }
        if (isRunning(vcpu)) {
          state |= bit(DomainInfo.FLAG_RUNNING);
        }
      }
    }
    info.setDomain(domain.id);
    info.setFlags(flags(domain) | (online == 0 ? 0 : state));
    info.setPages(domain.memory.memory(), domain.memory.memoryLimit());
    info.setOutstandingPages(domain.memory.claimed());
    info.setSharedInfoFrame(domain.shared.shownAt());
    info.setCpuTime(cpuTime);
    info.setVcpus(online, domain.vcpuCount - 1); // -1 is NO_VCPUS
    info.setHandle(domain.handle[0], domain.handle[1]);
    if (!domain.privileged) {
      info.setSecurityId(FirmwareGroups.toSecurityId(domain.firmwareGroups));
    }
    info.setCpuPool(domain.share.pool().id);
    info.setAddressBits(ADDRESS_BITS);
  }

  /** Flags that do not depend on vCPUs. */
  private static int flags(Domain domain) {
    int flags = bit(DomainInfo.FLAG_HVM_GUEST) | bit(DomainInfo.FLAG_HAP);
    if (domain.isDying()) {
      flags |= bit(DomainInfo.FLAG_DYING);
    }
    if (domain.isPausedByController()) {
      flags |= bit(DomainInfo.FLAG_PAUSED);
    }
    int reason = domain.shutdownReason();
    if (reason == ShutdownReason.NONE) {
      reason = NO_REASON;
    } else {
      flags |= bit(DomainInfo.FLAG_SHUTDOWN);
    }
    return Bits.put(flags, DomainInfo.SHUTDOWN_REASON_HIGH, DomainInfo.SHUTDOWN_REASON_LOW, reason);
  }

  /** XEN_DOMCTL_getvcpuinfo. */
  static long vcpu(Domain domain, Domctl argument) {
    DomctlVcpu.VcpuState info = new DomctlVcpu.VcpuState(argument.payload());
    int id = info.vcpu();
    if (Integer.compareUnsigned(id, domain.vcpuCount) >= 0) {
      return Errno.EINVAL;
    }
    Vcpu vcpu = domain.vcpus[id];
    Memory.zero(info.address(), DomctlVcpu.VcpuState.SIZEOF);
    info.setVcpu(id);
    info.setState(!vcpu.isOffline(), isBlocked(vcpu), isRunning(vcpu));
    info.setCpuTime(Scheduler.timeRun(vcpu));
    info.setCpu(vcpu.cpu.index);
    return Errno.OK;
  }

  private static boolean isBlocked(Vcpu vcpu) {
    return (vcpu.pauses.get() & PauseReason.BLOCKED) != 0;
  }

  private static boolean isRunning(Vcpu vcpu) {
    return vcpu.residence == Residence.RUNNING;
  }

  private static int bit(int flag) {
    return (int) Bits.bit(flag);
  }
}
