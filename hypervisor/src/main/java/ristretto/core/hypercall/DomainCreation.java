package ristretto.core.hypercall;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import ristretto.abi.ArchConfig;
import ristretto.abi.CreateDomain;
import ristretto.abi.DomainId;
import ristretto.abi.Domctl;
import ristretto.abi.Errno;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.abi.TraceEvent;
import ristretto.arch.gic.Gicd;
import ristretto.core.domain.Domain;
import ristretto.core.domain.DomainEnd;
import ristretto.core.domain.DomainLife;
import ristretto.core.domain.Domains;
import ristretto.core.domain.FirmwareGroups;
import ristretto.core.domain.GuestPlatform;
import ristretto.core.grant.GrantTable;
import ristretto.core.sched.Pool;
import ristretto.core.sched.Pools;
import ristretto.core.trace.Trace;
import ristretto.lang.Bits;
import ristretto.lang.Cold;

/**
 * XEN_DOMCTL_createdomain. What an Arm domain cannot have is refused: shadow paging, nested
 * virtualisation, traces, trusted environments, SVE; a PMU and an IOMMU, which there are not here.
 * What is not said is filled in: the number, the interrupt controller's version.
 */
final class DomainCreation {
  /** Flags that every domain on Arm has: HVM and hardware-assisted paging. */
  private static final int REQUIRED =
      (int) (Bits.bit(CreateDomain.FLAG_HVM) | Bits.bit(CreateDomain.FLAG_HAP));

  private static final int GRANT_TABLE_VERSION = 1;

  /** Interrupts of a word of the interrupt controller's registers. */
  private static final int WORD = 32;

  private DomainCreation() {}

  @Cold
  static long create(Domctl argument) {
    CreateDomain config = new CreateDomain(argument.address());
    if (!isPossible(config, argument.interfaceVersion())) {
      return Errno.EINVAL;
    }
    if (!hasInterruptController(config.architecture().gicVersion())) {
      return Errno.ENODEV;
    }
    int number = argument.domainId();
    boolean chosen = number != 0 && number < DomainId.FIRST_RESERVED;
    if (chosen && !Domains.isFree(number)) {
      return Errno.EEXIST;
    }
    int lines = lines(config.architecture());
    Domain domain = DomainLife.create(chosen ? number : 0, config.maximumVcpus(), lines);
    if (domain == null) {
      return Errno.ENOMEM;
    }
    domain.handle[0] = config.handleLow();
    domain.handle[1] = config.handleHigh();
    domain.firmwareGroups = FirmwareGroups.ofSecurityId(config.securityId());
    Pools.move(domain, Objects.requireNonNull(Pools.find(config.cpuPool())));
    domain.events.maximumPorts =
        (int) Math.min(Integer.toUnsignedLong(config.maximumEventPort()) + 1, EventWord.CHANNELS);
    int grants = orDefault(config.maximumGrantFrames(), GrantTable.DEFAULT_LIMIT);
    int maptrack = orDefault(config.maximumMaptrackFrames(), GrantTable.DEFAULT_MAPTRACK_LIMIT);
    if (!XenInterface.open(domain, grants, maptrack)) {
      DomainEnd.abandon(domain);
      return Errno.ENOMEM;
    }
    answer(argument, config.architecture(), domain);
    Trace.domain(TraceEvent.DOMAIN_ADDED, domain.id);
    return Errno.OK;
  }

  private static void answer(Domctl argument, ArchConfig architecture, Domain domain) {
    argument.setDomainId(domain.id);
    architecture.setGicVersion(
        GuestPlatform.gicVersion() == 2 ? ArchConfig.GIC_V2 : ArchConfig.GIC_V3);
    architecture.setClockFrequency(GuestPlatform.timerFrequency());
  }

  @Cold
  private static boolean isPossible(CreateDomain config, int version) {
    return config.flags() == REQUIRED
        && config.iommuOptions() == 0
        && config.maximumVcpus() >= 1
        && config.maximumVcpus() <= Domain.MAXIMUM_VCPUS
        && config.grantVersion() == GRANT_TABLE_VERSION
        && !config.hasUnknownGrantOptions()
        && orDefault(config.maximumGrantFrames(), GrantTable.DEFAULT_LIMIT) >= 1
        && config.maximumGrantFrames() <= GrantTable.CAPACITY
        && config.maximumMaptrackFrames() <= GrantTable.DEFAULT_MAPTRACK_LIMIT
        && config.altp2mOptions() == 0
        && config.traceSize() == 0
        && hasCpus(Pools.find(config.cpuPool()))
        && isPossible(config.architecture(), version);
  }

  @Cold
  private static boolean isPossible(ArchConfig architecture, int version) {
    boolean vectors = version >= Domctl.VERSION_4_18 && architecture.sveVectorLength() != 0;
    return architecture.gicVersion() <= ArchConfig.GIC_V3
        && !vectors
        && architecture.teeType() == ArchConfig.TEE_NONE
        && Integer.compareUnsigned(
                architecture.sharedInterrupts(), Domains.mostLines() - Gicd.FIRST_SPI)
            <= 0;
  }

  private static boolean hasCpus(@Nullable Pool pool) {
    return pool != null && pool.cpus() != 0;
  }

  /** A virtual controller needs a physical one of its version. */
  private static boolean hasInterruptController(int version) {
    return switch (version) {
      case ArchConfig.GIC_V2 -> GuestPlatform.gicVersion() == 2;
      case ArchConfig.GIC_V3 -> GuestPlatform.gicVersion() == 3;
      default -> true;
    };
  }

  /** INTIDs of a domain with so many SPIs. */
  private static int lines(ArchConfig architecture) {
    return (int) Bits.alignUp(Gicd.FIRST_SPI + architecture.sharedInterrupts(), WORD);
  }

  private static int orDefault(int asked, int otherwise) {
    return asked < 0 ? otherwise : asked;
  }
}
