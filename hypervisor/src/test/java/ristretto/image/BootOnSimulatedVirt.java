package ristretto.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import ristretto.arch.TrapFrame;
import ristretto.core.trap.GuestCpu;
import ristretto.fdt.DeviceTreeCompiler;
import ristretto.lang.Bits;
import ristretto.sim.Switching;
import ristretto.sim.VirtBoard;

/** From the entry code's call to the first instruction of Dom0, on the JVM. */
public final class BootOnSimulatedVirt {
  static final long KERNEL = 0x4800_0000L;
  static final long RAMDISK = 0x4a00_0000L;
  private static final long STEP_LIMIT = 20_000_000;
  private static final long TREE = 0x4f00_0000L;
  private static final int KERNEL_SIZE = 0x1_0000;
  private static final int RAMDISK_SIZE = 0x1000;

  public final VirtBoard board;
  private final byte[] tree;
  private final LoadedImage image;
  private Consumer<TrapFrame> program = frame -> {};

  BootOnSimulatedVirt(int cpus, int gicVersion, String options, Switching switching) {
    this(cpus, gicVersion, options, switching, 1);
  }

  BootOnSimulatedVirt(int cpus, int gicVersion, String options, Switching switching, long seed) {
    this(virt(cpus, gicVersion), options, switching, seed);
  }

  /** A board with 1 GiB. */
  static VirtBoard virt(int cpus, int gicVersion) {
    return new VirtBoard(cpus, 1L << 30, gicVersion);
  }

  public BootOnSimulatedVirt(VirtBoard board, String options, Switching switching, long seed) {
    this.board = board;
    board.machine().schedule(switching, seed).stepLimit(STEP_LIMIT);
    board.machine().translation((cpu, address, write, both) -> Bits.alignDown(address, 1 << 12));
    String chosen =
        """
        #address-cells = <2>; #size-cells = <2>; stdout-path = "/pl011@9000000";
        xen,xen-bootargs = "%s"; xen,dom0-bootargs = "console=hvc0";
        module@48000000 { compatible = "multiboot,kernel", "multiboot,module"; reg = <0 0x%x 0 0x%x>; };
        module@4a000000 { compatible = "multiboot,ramdisk", "multiboot,module"; reg = <0 0x%x 0 0x%x>; };
        """
            .formatted(options, KERNEL, KERNEL_SIZE, RAMDISK, RAMDISK_SIZE);
    tree = DeviceTreeCompiler.compile(board.treeSource(chosen));
    board.load(TREE, tree);
    board.load(KERNEL, kernel());
    board.load(RAMDISK, new byte[RAMDISK_SIZE]);
    board.machine().secondaryEntry(this::secondary);
    image = new LoadedImage(board.machine(), VirtBoard.IMAGE, VirtBoard.IMAGE_SIZE);
  }

  /** An arm64 Image that asks for 2 MiB. Linux, Documentation/arch/arm64/booting.rst. */
  static byte[] kernel() {
    ByteBuffer image = ByteBuffer.allocate(KERNEL_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0010); // b #0x40
    image.putLong(16, 0x20_0000); // image_size
    image.putLong(24, 0xa); // 4 KiB pages, anywhere in RAM
    image.putInt(56, 0x644d_5241); // "ARM\x64"
    return image.array();
  }

  public String console() {
    return board.console();
  }

  /** Boots; returns the frame that the boot CPU resumes. */
  TrapFrame boot() {
    return new TrapFrame(board.machine().call(this::primary));
  }

  /** Boots, called on the boot CPU; returns its first vCPU. */
  public GuestCpu bootHere() {
    return new GuestCpu(new TrapFrame(primary()), board.gic());
  }

  /** What the vCPU that another CPU runs first executes. */
  void onSecondary(Consumer<GuestCpu> newProgram) {
    program = frame -> newProgram.accept(new GuestCpu(frame, board.gic()));
  }

  /** What another CPU does with the frame that it resumes first, of whatever vCPU. */
  public void onSecondaryFrame(Consumer<TrapFrame> newProgram) {
    program = newProgram;
  }

  private long primary() {
    return image.primary(TREE, tree.length);
  }

  private void secondary(long index) {
    program.accept(new TrapFrame(image.secondary(index)));
  }
}
