package ristretto.image;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import ristretto.arch.TrapFrame;
import ristretto.core.trap.GuestCpu;
import ristretto.fdt.DeviceTreeCompiler;
import ristretto.lang.Bits;
import ristretto.sim.DeviceTree;
import ristretto.sim.SimulatedBoard;
import ristretto.sim.Switching;

/**
 * From the entry code's call to the first instruction of Dom0 on a simulated board, which Altera's
 * boot script for Xen has loaded: same addresses, same nodes in /chosen.
 */
final class BootOnBoard {
  private static final long STEP_LIMIT = 40_000_000;

  final SimulatedBoard board;
  final long kernel;
  private final Properties facts;
  private final byte[] blob;
  private final long treeAddress;
  private final LoadedImage image;
  private Consumer<TrapFrame> program = frame -> {};

  BootOnBoard(String name, long bootMpidr, String options) {
    this(name, bootMpidr, options, UnaryOperator.identity());
  }

  /** {@code edit} changes the source of the tree before it is compiled. */
  BootOnBoard(String name, long bootMpidr, String options, UnaryOperator<String> edit) {
    facts = facts(name);
    kernel = fact("altera.kernel");
    treeAddress = fact("altera.tree");
    blob =
        DeviceTreeCompiler.board(
            name,
            edit.apply(
                """
                / {
                  chosen {
                    #address-cells = <1>; #size-cells = <1>;
                    xen,xen-bootargs = "%s";
                    xen,dom0-bootargs = "console=hvc0 earlycon=xen root=/dev/mmcblk0p2 rw rootwait";
                    dom0 { compatible = "multiboot,kernel", "multiboot,module"; reg = <0x%x 0x2400000>; };
                  };
                };
                """
                    .formatted(options, kernel)));
    board = board(bootMpidr, fact("altera.xen"));
    image = new LoadedImage(board.machine(), board.image(), SimulatedBoard.IMAGE_SIZE);
  }

  /** A board whose boot loader has left the tree {@code prepared}, and everything else where. */
  BootOnBoard(
      String name, long bootMpidr, byte[] prepared, long treeAt, long kernelAt, long imageAt) {
    facts = facts(name);
    kernel = kernelAt;
    treeAddress = treeAt;
    blob = prepared;
    board = board(bootMpidr, imageAt);
    image = new LoadedImage(board.machine(), board.image(), SimulatedBoard.IMAGE_SIZE);
  }

  private SimulatedBoard board(long bootMpidr, long imageAt) {
    long frequency = fact("timer.hertz");
    var made = new SimulatedBoard(new DeviceTree(blob), bootMpidr, frequency, imageAt);
    made.machine().schedule(Switching.RANDOM, 1).stepLimit(STEP_LIMIT);
    made.machine().translation((cpu, address, write, both) -> Bits.alignDown(address, 1 << 12));
    made.load(treeAddress, blob);
    made.load(kernel, BootOnSimulatedVirt.kernel());
    made.machine().secondaryEntry(this::secondary);
    return made;
  }

  private static Properties facts(String name) {
    Properties properties = new Properties();
    try (Reader reader =
        Files.newBufferedReader(
            DeviceTreeCompiler.board(name).resolveSibling("board.properties"))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  /** The first number of a line of board.properties. */
  long fact(String key) {
    return Long.decode(facts.getProperty(key).split(" ")[0]);
  }

  /** Address of the console's UART. */
  long uart() {
    return board.tree().compatible("snps,dw-apb-uart").getFirst().registers().getFirst().base();
  }

  String console() {
    return board.sent(uart());
  }

  void type(String text) {
    board.type(uart(), text);
  }

  /** What the vCPU that another CPU runs first executes. */
  void onSecondary(Consumer<GuestCpu> newProgram) {
    program = frame -> newProgram.accept(new GuestCpu(frame, board.gic()));
  }

  /** What another CPU does with the frame that it resumes first, of whatever vCPU. */
  void onSecondaryFrame(Consumer<TrapFrame> newProgram) {
    program = newProgram;
  }

  /** Boots and runs {@code dom0} as its first vCPU. */
  void asDom0(Consumer<GuestCpu> dom0) {
    board
        .machine()
        .run(() -> {
          long frame = image.primary(treeAddress, blob.length);
          if (frame == 0) {
            throw new AssertionError(console());
          }
          dom0.accept(new GuestCpu(new TrapFrame(frame), board.gic()));
        });
  }

  private void secondary(long index) {
    program.accept(new TrapFrame(image.secondary(index)));
  }

  /** Bytes of RAM that hold the device tree at {@code address}. */
  DeviceTree treeAt(long address) {
    byte[] head = board.machine().read(address, 8);
    int size = java.nio.ByteBuffer.wrap(head).getInt(4);
    return new DeviceTree(board.machine().read(address, size));
  }
}
