package ristretto.core.hypercall;

import org.jspecify.annotations.Nullable;
import ristretto.abi.Errno;
import ristretto.abi.Feature;
import ristretto.abi.Xenver;
import ristretto.abi.Xenver.CompileInfo;
import ristretto.abi.Xenver.FeatureInfo;
import ristretto.abi.Xenver.Varbuf;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.Vcpu;
import ristretto.core.mm.Frames;
import ristretto.core.mm.GuestMemory;
import ristretto.lang.Bits;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.machine.Memory;

/**
 * xen_version: who we are and what a guest may rely on. x0: operation, x1: where the answer goes.
 * {@code xen/include/public/version.h}.
 */
public final class VersionOp {
  /** The release whose interface this is, as the hypervisor node and the tools name it too. */
  public static final int MAJOR = 4;

  private static final int MINOR = 20;

  private static final VersionText EXTRA = new VersionText(".0-ristretto");

  /**
   * As Xen on arm64 says it, byte for byte: the tools compare it with the type that a guest's
   * configuration asks for. It is no promise of AArch32 kernels.
   */
  private static final VersionText CAPABILITIES =
      new VersionText("xen-3.0-aarch64 xen-3.0-armv7l ");

  private static final VersionText CHANGESET = new VersionText("");
  private static final VersionText COMPILER = new VersionText("ristretto, Java 25 by way of clang");
  private static final VersionText COMPILED_BY = new VersionText("ristretto");
  private static final VersionText COMPILE_DOMAIN = new VersionText("");

  /** Fixed: the same sources give the same image. */
  private static final VersionText COMPILE_DATE = new VersionText("Thu Jan  1 00:00:00 UTC 2026");

  private static final VersionText DENIED = new VersionText("<denied>");

  private static final int COMMON_FEATURES =
      bit(Feature.WRITABLE_PAGE_TABLES)
          | bit(Feature.AUTO_TRANSLATED_PHYSMAP)
          | bit(Feature.MEMORY_OP_VNODE_SUPPORTED)
          | bit(Feature.ARM_SMCCC_SUPPORTED)
          | bit(Feature.RUNSTATE_PHYS_AREA);

  private static final int DOM0_FEATURES =
      COMMON_FEATURES | bit(Feature.DOM0) | bit(Feature.DIRECT_MAPPED);

  private static final int DOMU_FEATURES = COMMON_FEATURES | bit(Feature.NOT_DIRECT_MAPPED);

  /** {@code xen,xen-bootargs}; set once while booting. */
  private static @Nullable VersionText commandLine;

  private static int minor = MINOR;

  private VersionOp() {}

  /** The minor number of the release that guests are told of. */
  public static int minor() {
    return minor;
  }

  /**
   * Takes the place of another release: Debian's tools run under the release that they belong to
   * only. What the interface has is the same.
   */
  @BootOnly
  public static void setMinor(int release) {
    minor = release;
  }

  /** Makes known what the boot loader said to the hypervisor. */
  @BootOnly
  public static void setCommandLine(VersionText text) {
    commandLine = text;
  }

  @Inline
  static long call(Vcpu vcpu, TrapFrame frame) {
    int operation = (int) frame.x(0);
    return operation == Xenver.VERSION
        ? (long) Bits.put(minor, 31, 16, MAJOR)
        : other(vcpu, operation, frame.x(1));
  }

  @NoInline
  private static long other(Vcpu vcpu, int operation, long guest) {
    return switch (operation) {
      case Xenver.GET_FEATURES -> features(vcpu, guest);
      case Xenver.EXTRAVERSION -> text(vcpu, guest, EXTRA, Xenver.EXTRAVERSION_SIZE);
      case Xenver.COMPILE_INFO -> compileInfo(vcpu, guest);
      case Xenver.CAPABILITIES -> text(vcpu, guest, CAPABILITIES, Xenver.CAPABILITIES_SIZE);
      case Xenver.CHANGESET -> text(vcpu, guest, CHANGESET, Xenver.CHANGESET_SIZE);
      case Xenver.PLATFORM_PARAMETERS -> platformParameters(vcpu, guest);
      case Xenver.PAGESIZE -> guest == 0 ? Frames.SIZE : Errno.EINVAL;
      case Xenver.GUEST_HANDLE -> guestHandle(vcpu, guest);
      case Xenver.COMMANDLINE -> text(vcpu, guest, commandLineFor(vcpu), Xenver.COMMANDLINE_SIZE);
      case Xenver.BUILD_ID -> vcpu.domain.privileged ? buildId(vcpu, guest) : Errno.EPERM;
      case Xenver.EXTRAVERSION2 -> variable(vcpu, guest, EXTRA);
      case Xenver.CAPABILITIES2 -> variable(vcpu, guest, CAPABILITIES);
      case Xenver.CHANGESET2 -> variable(vcpu, guest, CHANGESET);
      case Xenver.COMMANDLINE2 ->
          vcpu.domain.privileged ? variable(vcpu, guest, commandLineFor(vcpu)) : Errno.EPERM;
      default -> Errno.ENOSYS;
    };
  }

  private static VersionText commandLineFor(Vcpu vcpu) {
    VersionText text = commandLine;
    return !vcpu.domain.privileged ? DENIED : text == null ? CHANGESET : text;
  }

  /** An answer of a fixed size. */
  @Inline
  private static long text(Vcpu vcpu, long guest, VersionText text, int size) {
    long buffer = Scratch.buffer();
    text.writeTo(buffer, size);
    return GuestMemory.copyOut(vcpu, guest, buffer, size) ? Errno.OK : Errno.EFAULT;
  }

  /** A text without NUL. */
  private static long variable(Vcpu vcpu, long guest, VersionText text) {
    text.writeTo(Scratch.buffer(), Scratch.BUFFER_SIZE);
    return variable(vcpu, guest, Scratch.buffer(), Math.min(text.length, Scratch.BUFFER_SIZE));
  }

  private static long buildId(Vcpu vcpu, long guest) {
    int length = BuildId.length();
    return length == 0 ? Errno.ENODATA : variable(vcpu, guest, BuildId.address(), length);
  }

  /**
   * An answer as long as it is; with no buffer, its length alone. Room for nothing is an error only
   * where there is something: the tools ask for an empty changeset in two calls, too.
   */
  private static long variable(Vcpu vcpu, long guest, long source, int length) {
    if (guest == 0) {
      return length;
    }
    if (!Scratch.copyArgument(vcpu, guest, Varbuf.SIZEOF)) {
      return Errno.EFAULT;
    }
    long room = new Varbuf(Scratch.argument()).length();
    if (room < length) {
      return room == 0 ? Errno.EINVAL : Errno.ENOBUFS;
    }
    return length == 0 || GuestMemory.copyOut(vcpu, guest + Varbuf.BUF, source, length)
        ? length
        : Errno.EFAULT;
  }

  private static long compileInfo(Vcpu vcpu, long guest) {
    long info = Scratch.buffer();
    COMPILER.writeTo(info + CompileInfo.COMPILER, CompileInfo.COMPILE_BY - CompileInfo.COMPILER);
    COMPILED_BY.writeTo(
        info + CompileInfo.COMPILE_BY, CompileInfo.COMPILE_DOMAIN - CompileInfo.COMPILE_BY);
    COMPILE_DOMAIN.writeTo(
        info + CompileInfo.COMPILE_DOMAIN, CompileInfo.COMPILE_DATE - CompileInfo.COMPILE_DOMAIN);
    COMPILE_DATE.writeTo(
        info + CompileInfo.COMPILE_DATE, CompileInfo.SIZEOF - CompileInfo.COMPILE_DATE);
    return GuestMemory.copyOut(vcpu, guest, info, CompileInfo.SIZEOF) ? Errno.OK : Errno.EFAULT;
  }

  /**
   * The boundary between guest and hypervisor that PV guests had: there is none, virt_start is 0.
   */
  private static long platformParameters(Vcpu vcpu, long guest) {
    Memory.store64(Scratch.buffer(), 0);
    return GuestMemory.copyOut(vcpu, guest, Scratch.buffer(), Long.BYTES) ? Errno.OK : Errno.EFAULT;
  }

  private static long guestHandle(Vcpu vcpu, long guest) {
    long buffer = Scratch.buffer();
    Memory.store64(buffer, vcpu.domain.handle[0]);
    Memory.store64(buffer + Long.BYTES, vcpu.domain.handle[1]);
    return GuestMemory.copyOut(vcpu, guest, buffer, Xenver.GUEST_HANDLE_SIZE)
        ? Errno.OK
        : Errno.EFAULT;
  }

  private static long features(Vcpu vcpu, long guest) {
    if (!Scratch.copyArgument(vcpu, guest, FeatureInfo.SIZEOF)) {
      return Errno.EFAULT;
    }
    FeatureInfo info = new FeatureInfo(Scratch.argument());
    if (info.submapIndex() != 0) {
      return Errno.EINVAL;
    }
    info.setSubmap(vcpu.domain.privileged ? DOM0_FEATURES : DOMU_FEATURES);
    return Scratch.returnArgument(vcpu, guest, FeatureInfo.SIZEOF) ? Errno.OK : Errno.EFAULT;
  }

  private static int bit(int feature) {
    return (int) Bits.bit(feature);
  }
}
