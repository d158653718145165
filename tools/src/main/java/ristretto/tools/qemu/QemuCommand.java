package ristretto.tools.qemu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ristretto.tools.uboot.ImageHeader;
import ristretto.tools.uboot.LoadAddresses;
import ristretto.tools.uboot.MemoryPlan;

/**
 * Builds QEMU's command line. The console is the process's standard input and output, byte for
 * byte, unless it is told otherwise.
 */
public final class QemuCommand {
  public static final String PROGRAM = "qemu-system-aarch64";

  /** From Debian's package u-boot-qemu. */
  public static final Path UBOOT = Path.of("/usr/lib/u-boot/qemu_arm64/u-boot.bin");

  /** The serial number by which Dom0's first process finds its commands. */
  private static final String EXEC_SERIAL = "ristretto-exec";

  /**
   * QEMU puts the device tree 128 MiB into the RAM when it starts the kernel itself; stay clear of
   * it.
   */
  private static final long DIRECT_BASE = 0x4a00_0000L;

  /** QEMU itself refuses what its RAM has no room for. */
  private static final long ANY_AMOUNT = 1L << 40;

  /** No multiplexer: Ctrl-a belongs to the hypervisor. No signals: Ctrl-c belongs to Dom0. */
  private static final String HERE = "stdio,id=console,mux=off,signal=off";

  private final List<String> words = new ArrayList<>(List.of(PROGRAM));
  private final List<String> drives = new ArrayList<>();

  public QemuCommand(VirtualMachine machine) {
    words.addAll(machine.arguments());
    words.addAll(List.of("-display", "none", "-monitor", "none", "-nic", "none"));
    words.addAll(List.of("-chardev", HERE));
    words.addAll(List.of("-serial", "chardev:console"));
  }

  /**
   * Puts the console at a port of this host, as a console server does; QEMU waits for a caller.
   *
   * @param port or 0 for a free one, which QEMU's own output names
   */
  public QemuCommand telnet(int port) {
    String there = "socket,id=console,host=127.0.0.1,port=" + port + ",server=on,wait=on,telnet=on";
    words.replaceAll(word -> word.equals(HERE) ? there : word);
    return this;
  }

  /** Boots as a board does: U-Boot as firmware, everything else from the disk. */
  public QemuCommand firmware() {
    return add("-bios", UBOOT.toString());
  }

  /** Boots without a boot loader: QEMU loads the hypervisor and both modules and writes /chosen. */
  public QemuCommand direct(
      Path hypervisor, String xenArguments, Path kernel, String dom0Arguments, Path ramdisk) {
    LoadAddresses at =
        LoadAddresses.in(
            new MemoryPlan().ram(DIRECT_BASE, ANY_AMOUNT),
            ImageHeader.memoryBytes(kernel),
            ramdisk.toFile().length());
    add("-kernel", hypervisor.toString(), "-append", xenArguments);
    add(
        "-device",
        "guest-loader,addr="
            + hex(at.kernel())
            + ",kernel="
            + escaped(kernel.toString())
            + ",bootargs="
            + escaped(dom0Arguments));
    return add(
        "-device",
        "guest-loader,addr=" + hex(at.ramdisk()) + ",initrd=" + escaped(ramdisk.toString()));
  }

  /**
   * Attaches a disk.
   *
   * @param keep whether changes are written to the file; otherwise they are gone when the machine
   *     is
   */
  public QemuCommand disk(Path file, boolean keep) {
    return drive("disk", file, keep ? "" : ",snapshot=on", "ristretto-disk");
  }

  /** Attaches the commands that Dom0 is to run. */
  public QemuCommand commands(Path file) {
    return drive("exec", file, ",readonly=on", EXEC_SERIAL);
  }

  /**
   * Without ACPI, the machine with firmware has a GPIO controller that its device tree tells of.
   */
  public QemuCommand gpio() {
    return add("-machine", "acpi=off");
  }

  /** Waits for a debugger on port 1234 before the first instruction. */
  public QemuCommand debugger() {
    return add("-s", "-S");
  }

  /** Makes a reset of the machine end QEMU. */
  public QemuCommand stopOnReset() {
    return add("-no-reboot");
  }

  public QemuCommand add(String... more) {
    words.addAll(List.of(more));
    return this;
  }

  /** The command line. */
  public List<String> words() {
    List<String> all = new ArrayList<>(words);
    // QEMU hands out its virtio-mmio slots from the last to the first; Linux and U-Boot count from
    // the first. The disk
    // is named last to be their first.
    all.addAll(drives);
    return List.copyOf(all);
  }

  private QemuCommand drive(String id, Path file, String options, String serial) {
    drives.addAll(
        0,
        List.of(
            "-drive", "if=none,format=raw,id=" + id + ",file=" + escaped(file.toString()) + options,
            "-device", "virtio-blk-device,drive=" + id + ",serial=" + serial));
    return this;
  }

  /** QEMU ends an option's value at a comma and writes a comma of the value twice. */
  static String escaped(String value) {
    return value.replace(",", ",,");
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
