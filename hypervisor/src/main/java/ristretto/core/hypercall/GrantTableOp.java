package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Gnttabop;
import ristretto.abi.Gnttabop.GetVersion;
import ristretto.abi.Gnttabop.QuerySize;
import ristretto.abi.Gnttabop.SetVersion;
import ristretto.abi.Gnttabop.SetupTable;
import ristretto.abi.Gnttabop.Status;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.NoInline;
import ristretto.machine.Memory;

/**
 * grant_table_op. x0: operation, x1: an array of its structures, x2: their number. {@code
 * xen/include/public/grant_table.h}. What is done to lists of grants is in {@link GrantList}.
 * Version 2, transfer and swapping do not come (SECURITY rule 16).
 */
final class GrantTableOp {
  private static final int VERSION = 1;

  private GrantTableOp() {}

  @NoInline
  static long call(Vcpu vcpu, TrapFrame frame) {
    long guest = frame.x(1);
    int count = (int) frame.x(2);
    return switch ((int) frame.x(0)) {
      case Gnttabop.COPY -> GrantList.copy(vcpu, frame);
      case Gnttabop.MAP_GRANT_REF -> GrantList.map(vcpu, frame);
      case Gnttabop.UNMAP_GRANT_REF -> GrantList.unmap(vcpu, frame);
      case Gnttabop.UNMAP_AND_REPLACE -> GrantList.unmapAndReplace(vcpu, frame);
      case Gnttabop.QUERY_SIZE -> count == 1 ? querySize(vcpu, guest) : Errno.EINVAL;
      case Gnttabop.SETUP_TABLE -> count == 1 ? setupTable(vcpu, guest) : Errno.EINVAL;
      case Gnttabop.SET_VERSION -> count == 1 ? setVersion(vcpu, guest) : Errno.EINVAL;
      case Gnttabop.GET_VERSION -> count == 1 ? getVersion(vcpu, guest) : Errno.EINVAL;
      case Gnttabop.CACHE_FLUSH -> GrantCacheFlush.call(vcpu, frame);
      case Gnttabop.TRANSFER -> Errno.EOPNOTSUPP; // as in Xen on Arm
      default -> Errno.ENOSYS;
    };
  }

  private static long querySize(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, QuerySize.SIZEOF)) {
      return Errno.EFAULT;
    }
    QuerySize argument = new QuerySize(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, argument.dom());
    argument.setFrames(0, 0);
    if (domain == null) {
      argument.setStatus(refusal(vcpu, argument.dom()));
    } else {
      argument.setFrames(domain.grants.count(), domain.grants.limit());
      argument.setStatus(Status.OKAY);
    }
    return answer(vcpu, guest, QuerySize.SIZEOF);
  }

  private static long setupTable(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, SetupTable.SIZEOF)) {
      return Errno.EFAULT;
    }
    SetupTable argument = new SetupTable(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, argument.dom());
    int status;
    if (domain == null) {
      status = refusal(vcpu, argument.dom());
    } else {
      status = domain.grants.setUp(argument.frameCount());
      if (status == Status.OKAY && !listFrames(vcpu, domain, argument)) {
        return Errno.EFAULT;
      }
    }
    argument.setStatus(status);
    return answer(vcpu, guest, SetupTable.SIZEOF);
  }

  /** {@link Domains#refusal} as a status. */
  private static int refusal(Vcpu vcpu, int domain) {
    return Domains.refusal(vcpu, domain) == Errno.ESRCH
        ? Status.BAD_DOMAIN
        : Status.PERMISSION_DENIED;
  }

  /** The count has been checked: at most a page table's worth of entries, within the buffer. */
  private static boolean listFrames(Vcpu vcpu, Domain domain, SetupTable argument) {
    int count = argument.frameCount();
    long buffer = Scratch.buffer();
    for (int i = 0; i < count; i++) {
      Memory.store64(buffer + (long) i * Long.BYTES, domain.grants.mappedAt(i));
    }
    return count == 0
        || GuestMemory.copyOut(vcpu, argument.frameList(), buffer, (long) count * Long.BYTES);
  }

  /** Whatever is asked for, the version stays 1, and the caller is told so. */
  private static long setVersion(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, SetVersion.SIZEOF)) {
      return Errno.EFAULT;
    }
    SetVersion argument = new SetVersion(Scratch.argument());
    int wanted = argument.version();
    if (wanted != VERSION && wanted != VERSION + 1) {
      return Errno.EINVAL;
    }
    argument.setVersion(VERSION);
    return answer(vcpu, guest, SetVersion.SIZEOF);
  }

  private static long getVersion(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, GetVersion.SIZEOF)) {
      return Errno.EFAULT;
    }
    GetVersion argument = new GetVersion(Scratch.argument());
    Domain domain = Domains.controlled(vcpu, argument.dom());
    if (domain == null) {
      return Domains.refusal(vcpu, argument.dom());
    }
    argument.setVersion(VERSION);
    return answer(vcpu, guest, GetVersion.SIZEOF);
  }

  private static long answer(Vcpu vcpu, long guest, int size) {
    return Scratch.returnArgument(vcpu, guest, size) ? Errno.OK : Errno.EFAULT;
  }
}
