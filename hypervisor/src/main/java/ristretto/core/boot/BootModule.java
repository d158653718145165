package ristretto.core.boot;

import ristretto.fdt.FdtNode;
import ristretto.lang.BootOnly;

/** Something that the loader put into memory for us, and said so in /chosen. */
public final class BootModule {
  /** What it is. xen, docs/misc/arm/device-tree/booting.txt, "Dom0 kernel and ramdisk modules". */
  public enum Kind {
    KERNEL("kernel"),
    RAMDISK("ramdisk"),
    POLICY("security policy"),
    UNKNOWN("module of unknown kind");

    /** For messages. */
    public final String description;

    Kind(String description) {
      this.description = description;
    }
  }

  public final Kind kind;

  /** Its node; /chosen itself for a ramdisk given by {@code linux,initrd-start}. */
  public final FdtNode node;

  /** Physical address. */
  public final long base;

  /** Bytes. */
  public final long size;

  @BootOnly
  BootModule(Kind kind, FdtNode node, long base, long size) {
    this.kind = kind;
    this.node = node;
    this.base = base;
    this.size = size;
  }
}
