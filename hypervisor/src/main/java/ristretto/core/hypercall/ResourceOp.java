package ristretto.core.hypercall;

import ristretto.abi.Errno;
import ristretto.abi.Xenmem;
import ristretto.abi.Xenmem.AcquireResource;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.GuestMemory;
import ristretto.core.mm.P2mType;
import ristretto.machine.Memory;

/**
 * XENMEM_acquire_resource: shows frames that the hypervisor keeps for a domain to the toolstack.
 * The grant table is the only such resource on Arm; the toolstack writes the grants of the console
 * and of xenstore into it before the domain runs.
 */
final class ResourceOp {
  /** Frames shown in one go (SECURITY rule 8). */
  private static final int SLICE = 16;

  private ResourceOp() {}

  static long call(Vcpu vcpu, TrapFrame frame) {
    long guest = frame.x(1);
    if (!Scratch.copyArgument(vcpu, guest, AcquireResource.SIZEOF)) {
      return Errno.EFAULT;
    }
    AcquireResource argument = new AcquireResource(Scratch.argument());
    if (argument.pad() != 0) {
      return Errno.EINVAL;
    }
    Domain owner = Domains.find(argument.domainId());
    if (owner == null) {
      return Errno.ESRCH;
    }
    if (!vcpu.domain.privileged || owner == vcpu.domain) {
      return Errno.EPERM;
    }
    if (argument.type() != Xenmem.RESOURCE_GRANT_TABLE) {
      return Errno.EOPNOTSUPP;
    }
    if (argument.id() != Xenmem.RESOURCE_GRANT_TABLE_SHARED) {
      return Errno.EINVAL; // status frames come with version 2
    }
    if (argument.frameList() == 0) {
      return size(vcpu, guest, argument, owner);
    }
    return show(vcpu, frame, argument, owner);
  }

  /** No list and no frames: a question. */
  private static long size(Vcpu vcpu, long guest, AcquireResource argument, Domain owner) {
    if (argument.frameCount() != 0) {
      return Errno.EINVAL;
    }
    argument.setFrameCount(owner.grants.limit());
    return Scratch.returnArgument(vcpu, guest, AcquireResource.SIZEOF) ? Errno.OK : Errno.EFAULT;
  }

  private static long show(Vcpu vcpu, TrapFrame frame, AcquireResource argument, Domain owner) {
    ListPosition position = ListPosition.of(frame);
    long count = Integer.toUnsignedLong(argument.frameCount());
    long first = argument.firstFrame();
    long limit = owner.grants.limit();
    long done = position.done();
    if (Long.compareUnsigned(first, limit) > 0 || count > limit - first || done > count) {
      return Errno.EINVAL;
    }
    long end = Math.min(count, done + SLICE);
    for (long at = done; at < end; at++) {
      long result =
          showOne(vcpu, argument.frameList() + at * Long.BYTES, owner, (int) (first + at));
      if (result != Errno.OK) {
        return at == 0 ? result : Errno.EIO; // the caller takes back what was shown
      }
    }
    return end == count ? Errno.OK : position.continueAt(frame, end);
  }

  private static long showOne(Vcpu vcpu, long listEntry, Domain owner, int index) {
    long buffer = Scratch.buffer();
    if (!GuestMemory.copyIn(vcpu, listEntry, buffer, Long.BYTES)) {
      return Errno.EFAULT;
    }
    long gfn = Memory.load64(buffer);
    long shared = owner.grants.referenceFrame(index);
    if (shared < 0) {
      return shared;
    }
    long result = vcpu.domain.p2m.replace(gfn, shared, P2mType.FOREIGN);
    if (result != Errno.OK) {
      Frames.dereference(shared);
    }
    return result;
  }
}
