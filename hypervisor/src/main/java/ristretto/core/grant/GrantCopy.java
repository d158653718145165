package ristretto.core.grant;

import ristretto.abi.DomainId;
import ristretto.abi.Gnttabop.Copy;
import ristretto.abi.Gnttabop.CopyEnd;
import ristretto.abi.Gnttabop.Status;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.machine.Memory;

/**
 * GNTTABOP_copy: bytes of one page into another, each either the caller's own or granted to it.
 * While the copy lasts both pages are held, own ones by a pin and granted ones by a use of the
 * grant.
 */
public final class GrantCopy {
  private GrantCopy() {}

  /** One element, in hypervisor memory. */
  public static void copy(Vcpu vcpu, Copy argument) {
    CopyEnd source = argument.source();
    CopyEnd target = argument.destination();
    int length = argument.length();
    int status;
    if (source.offset() + length > Frames.SIZE || target.offset() + length > Frames.SIZE) {
      status = Status.BAD_COPY_ARGUMENT;
    } else {
      status = copyFrom(vcpu, argument, source, target, length);
    }
    argument.setStatus(status);
  }

  private static int copyFrom(
      Vcpu vcpu, Copy argument, CopyEnd source, CopyEnd target, int length) {
    boolean granted = argument.isSourceGranted();
    long from = hold(vcpu, source, granted, false);
    if (from < 0) {
      return (int) from;
    }
    int status = Status.OKAY;
    boolean targetGranted = argument.isDestinationGranted();
    long to = hold(vcpu, target, targetGranted, true);
    if (to < 0) {
      status = (int) to;
    } else {
      Memory.copy(address(to, target), address(from, source), length);
      letGo(vcpu, target, targetGranted, true, to);
    }
    letGo(vcpu, source, granted, false, from);
    return status;
  }

  private static long address(long frame, CopyEnd end) {
    return (frame << Frames.SHIFT) + end.offset();
  }

  /** Returns the machine frame, or a status. */
  private static long hold(Vcpu vcpu, CopyEnd end, boolean granted, boolean write) {
    if (!granted) {
      if (end.domain() != DomainId.SELF) {
        return Status.PERMISSION_DENIED;
      }
      long page = vcpu.domain.p2m.pin(end.frame());
      return page == 0 ? Status.BAD_PAGE : page >>> Frames.SHIFT;
    }
    int number = Domains.numberOf(vcpu, end.domain());
    Domain granter = Domains.find(number);
    if (granter == null) {
      return Status.BAD_DOMAIN;
    }
    return granter.grants.acquire(number, end.reference(), vcpu.domain.id, write);
  }

  private static void letGo(Vcpu vcpu, CopyEnd end, boolean granted, boolean write, long frame) {
    if (!granted) {
      vcpu.domain.p2m.unpin(frame << Frames.SHIFT);
      return;
    }
    Domain granter = Domains.named(vcpu, end.domain());
    if (granter != null) { // it is there as long as a grant of it is in use
      granter.grants.release(end.reference(), write);
    }
  }
}
