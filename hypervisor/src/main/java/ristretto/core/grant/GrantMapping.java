package ristretto.core.grant;

import ristretto.abi.Errno;
import ristretto.abi.Gnttabop.MapFlags;
import ristretto.abi.Gnttabop.MapGrantRef;
import ristretto.abi.Gnttabop.Status;
import ristretto.abi.Gnttabop.UnmapGrantRef;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.machine.Memory;

/**
 * Mapping and unmapping what another domain grants. The granting domain's lock and the mapping
 * domain's are never held together: a mapping is an entry of the {@link Maptrack}, a use of the
 * grant, and a stage 2 entry, made in this order and ended in the other one, and each step is
 * complete in itself.
 */
public final class GrantMapping {
  /** Unmapped with one forgetting of translations. */
  public static final int BATCH = 32;

  private GrantMapping() {}

  /** GNTTABOP_map_grant_ref: one element, in hypervisor memory. */
  public static void map(Vcpu vcpu, MapGrantRef argument) {
    MapFlags flags = argument.flags();
    long address = argument.hostAddress();
    int status;
    if (!flags.isValid()) {
      status = Status.BAD_GRANT_REFERENCE; // what Xen answers
    } else if (flags.hasHostMap() && (address & Frames.SIZE - 1) != 0) {
      status = Status.GENERAL_ERROR;
    } else {
      int number = Domains.numberOf(vcpu, argument.domain());
      Domain granter = Domains.find(number);
      status = granter == null ? Status.BAD_DOMAIN : map(vcpu.domain, granter, number, argument);
    }
    argument.setStatus(status);
  }

  private static int map(Domain mapper, Domain granter, int number, MapGrantRef argument) {
    Maptrack maptrack = mapper.grants.maptrack;
    int handle = maptrack.open();
    if (handle == Maptrack.NONE) {
      return Status.NO_SPACE;
    }
    MapFlags flags = argument.flags();
    int reference = argument.reference();
    long gfn = argument.hostAddress() >>> Frames.SHIFT;
    boolean write = !flags.isReadOnly();
    long frame = granter.grants.acquire(number, reference, mapper.id, write);
    if (frame < 0) {
      maptrack.release(handle);
      return (int) frame;
    }
    if (flags.hasHostMap()) {
      int type = write ? P2mType.GRANT_RW : P2mType.GRANT_RO;
      if (mapper.p2m.replace(gfn, frame, type) != Errno.OK) {
        granter.grants.release(reference, write);
        maptrack.release(handle);
        return Status.GENERAL_ERROR;
      }
    }
    maptrack.publish(handle, reference, number, flags, gfn);
    argument.setHandle(handle);
    argument.setBusAddress(frame << Frames.SHIFT);
    return Status.OKAY;
  }

  /**
   * GNTTABOP_unmap_grant_ref.
   *
   * @param list hypervisor address of {@code count} elements, at most {@link #BATCH}
   * @param gfns hypervisor address of room for as many frame numbers
   */
  public static void unmap(Domain mapper, long list, int count, long gfns) {
    int removed = 0;
    for (int i = 0; i < count; i++) {
      UnmapGrantRef element = element(list, i);
      int status = begin(mapper, element);
      element.setStatus(status);
      if (status == Status.OKAY && endsHostMap(mapper, element)) {
        Memory.store64(gfns + (long) removed * Long.BYTES, gfn(element));
        removed++;
      }
    }
    mapper.p2m.withdrawGrants(gfns, removed);
    for (int i = 0; i < count; i++) {
      UnmapGrantRef element = element(list, i);
      if (element.status() == Status.OKAY) {
        finish(mapper, element);
      }
    }
  }

  private static UnmapGrantRef element(long list, int index) {
    return new UnmapGrantRef(list + (long) index * UnmapGrantRef.SIZEOF);
  }

  private static long gfn(UnmapGrantRef element) {
    return element.hostAddress() >>> Frames.SHIFT;
  }

  /** Takes the handle, if the element describes what it stands for. */
  private static int begin(Domain mapper, UnmapGrantRef element) {
    Maptrack maptrack = mapper.grants.maptrack;
    int handle = element.handle();
    if (!maptrack.take(handle)) {
      return Status.BAD_HANDLE;
    }
    Mapping mapping = maptrack.at(handle);
    if (endsHostMap(mapper, element) && mapping.gfn() << Frames.SHIFT != element.hostAddress()) {
      maptrack.putBack(handle, mapping.flags());
      return Status.GENERAL_ERROR;
    }
    return Status.OKAY;
  }

  private static boolean endsHostMap(Domain mapper, UnmapGrantRef element) {
    return element.hostAddress() != 0
        && mapper.grants.maptrack.at(element.handle()).flags().hasHostMap();
  }

  /** Stage 2 has forgotten the page: what the element unmaps is let go. */
  private static void finish(Domain mapper, UnmapGrantRef element) {
    int handle = element.handle();
    MapFlags left = mapper.grants.maptrack.at(handle).flags();
    if (element.hostAddress() != 0) {
      left = left.withoutHostMap();
    }
    if (element.busAddress() != 0) {
      left = left.withoutDeviceMap();
    }
    if (left.hasMap()) {
      mapper.grants.maptrack.putBack(handle, left); // XSA-224: the use ends with the last part
    } else {
      letGo(mapper, handle);
    }
  }

  private static void letGo(Domain mapper, int handle) {
    Maptrack maptrack = mapper.grants.maptrack;
    Mapping mapping = maptrack.at(handle);
    Domain granter = Domains.find(mapping.domain());
    if (granter != null) { // it is there as long as anything of it is mapped
      granter.grants.release(mapping.reference(), !mapping.flags().isReadOnly());
    }
    maptrack.release(handle);
  }

  /** Unmaps all of a mapping that has been taken: its domain dies. */
  static void close(Domain mapper, int handle) {
    Mapping mapping = mapper.grants.maptrack.at(handle);
    MapFlags flags = mapping.flags();
    if (flags.hasHostMap()) {
      mapper.p2m.withdrawGrant(mapping.gfn());
    }
    letGo(mapper, handle);
  }
}
