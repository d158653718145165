package ristretto.core.domain;

import ristretto.lang.BootOnly;

/** A virtual machine. */
public final class Domain {
  public final int id;

  /** Dom0: may drive the toolstack interface and the machine. */
  public final boolean privileged;

  public final Vcpu[] vcpus;

  @BootOnly
  public Domain(int id, boolean privileged, int vcpuCount) {
    this.id = id;
    this.privileged = privileged;
    this.vcpus = new Vcpu[vcpuCount];
  }
}
