package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ristretto.core.boot.BootInfo;
import ristretto.core.boot.BootModule;
import ristretto.core.boot.LoaderTree;
import ristretto.machine.Machine;
import ristretto.tools.board.Board;
import ristretto.tools.console.Expect;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Command;
import ristretto.tools.host.Project;
import ristretto.tools.image.CardContents;
import ristretto.tools.image.CardTarget;
import ristretto.tools.image.DiskImage;
import ristretto.tools.image.PartitionTable;
import ristretto.tools.image.SdCard;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.qemu.VirtualMachine;
import ristretto.tools.uboot.BootScripts;
import ristretto.tools.uboot.LoadAddresses;

/**
 * The boot script of an Agilex board is run for real, by U-Boot under QEMU, on the board's device
 * tree, up to the start of the hypervisor; the tree that it leaves in memory is then read by the
 * hypervisor's own reader, and its classes boot from it on the simulated board. Agilex 5's RAM
 * begins where QEMU's machine has RAM, too: its script runs as it is. Agilex 7's begins at 0, where
 * QEMU has none: there U-Boot's copies of the files lie 2 GiB higher, and nothing else is changed.
 * What the tree says of memory and modules is what it says on the board.
 */
@Tag("system")
class BoardScriptTest {
  private static final long MIB = 1 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final VirtualMachine MACHINE = new VirtualMachine("cortex-a76", 1, 4096, 3);
  private static final int TREE_BYTES = 1 << 20;
  private static final long RAM_OF_QEMU = 0x4000_0000L;
  private static final long ELSEWHERE = 0x8000_0000L;

  /** Where a script has U-Boot put bytes, or look at them. */
  private static final Pattern PLACE = Pattern.compile("(?m)^(load \\S+ \\S+|fdt addr) 0x(\\w+)");

  /** 400 MHz, of {@code qspi_clock}. */
  private static final Pattern FLASH_CLOCK =
      Pattern.compile("qspi-clk \\{[^}]*clock-frequency = <0x17d78400>");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({
    "agilex5, 4, 3, 2048",
    "agilex5-modular, 4, 3, 2048",
    "agilex3, 2, 3, 1024",
    "agilex7, 4, 2, 2048",
  })
  void theTreeThatTheScriptLeavesIsWhatTheHypervisorExpects(
      String name, int cpus, int gic, int dom0Mib) throws IOException {
    Systems.note("the boot script of " + name);
    Boot usual = Systems.boot(MACHINE, Boot.Way.NATIVE, Suite.TRIXIE);
    CardContents contents = contents(name, usual);
    CardTarget target = CardTarget.named(name, null);
    SdCard card = new SdCard(target, contents);
    Path disk = directory.resolve("card.img");
    card.write(disk, new PartitionTable(128 * MIB, 64 * MIB));
    LoadAddresses at = card.setup().at();
    long shift = at.deviceTree() < RAM_OF_QEMU ? ELSEWHERE : 0;
    if (shift != 0) {
      moveCopies(disk, card, target, shift);
    }

    byte[] tree = prepare(usual.withDisk(disk), at, shift);
    new Memory(at.deviceTree(), ByteBuffer.wrap(tree).order(ByteOrder.LITTLE_ENDIAN))
        .run(() -> {
          LoaderTree loader = new LoaderTree(at.deviceTree());
          BootInfo info = new BootInfo(loader, at.hypervisor(), MIB, 0x8000_0000L);
          assertEquals(at.kernel(), info.kernel.base);
          assertEquals(contents.kernel().toFile().length(), info.kernel.size);
          BootModule ramdisk = info.ramdisk;
          assertNotNull(ramdisk);
          assertEquals(at.ramdisk(), ramdisk.base);
          assertEquals(usual.files().ramdisk().toFile().length(), ramdisk.size);
          assertEquals(cpus, info.cpusToUse());
          assertEquals(gic, info.gic.version);
          assertEquals(dom0Mib * MIB, info.commandLine.dom0Memory());
          assertTrue(info.commandLine.dom0Pinned());
          assertEquals(20, info.commandLine.xenRelease());
          assertEquals(
              "console=hvc0 earlycon=xenboot root=/dev/mmcblk0p2 rw rootwait panic=1",
              info.chosen.dom0Arguments().toString());
          for (int i = 0; i < info.reports.count(); i++) {
            assertFalse(info.reports.get(i).toString().startsWith("command line"));
          }
        });
    int size = ByteBuffer.wrap(tree).getInt(4); // totalsize: Devicetree Specification, "Header"
    Path prepared = Files.write(directory.resolve("prepared.dtb"), Arrays.copyOf(tree, size));
    String source = Command.of("dtc", "-q", "-I", "dtb", prepared.toString()).run();
    assertTrue(FLASH_CLOCK.matcher(source).find(), source);
    for (long bootCpu : Board.named(name).facts().numbers("cpu.boot")) {
      bootOnTheSimulatedBoard(name, bootCpu, prepared, at, cpus);
    }
  }

  /** The hypervisor's classes come from the same tree to Dom0's first instruction. */
  private void bootOnTheSimulatedBoard(
      String name, long bootCpu, Path tree, LoadAddresses at, int cpus) {
    String classes =
        System.getProperty("java.class.path")
            + File.pathSeparator
            + Project.current().home().resolve("hypervisor/target/test-classes");
    String said =
        Command.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                classes,
                "ristretto.image.BootFromTree",
                name,
                "0x" + Long.toHexString(bootCpu),
                tree.toString(),
                "0x" + Long.toHexString(at.deviceTree()),
                "0x" + Long.toHexString(at.kernel()),
                "0x" + Long.toHexString(at.hypervisor()))
            .run();
    assertTrue(said.contains("Dom0 starts at 0x" + Long.toHexString(at.kernel()) + "\n"), said);
    assertTrue(said.contains("CPUs: " + cpus + "\n"), said);
    assertTrue(said.contains("bootargs: console=hvc0 earlycon=xenboot root=/dev/mmcblk0p2 "), said);
    assertTrue(said.contains("ramdisk: true\n"), said);
  }

  /** Everything on a card but a root, which nobody reaches here. */
  private CardContents contents(String name, Boot usual) throws IOException {
    Path tree = directory.resolve("board.dtb");
    String source = Project.current().home().resolve("boards/" + name + "/board.dts").toString();
    Command.of("dtc", "-q", "-O", "dtb", "-o", tree.toString(), source).run();
    Path root = Files.createDirectory(directory.resolve("root"));
    return new CardContents(
        usual.files().kernel(),
        usual.files().ramdisk(),
        tree,
        null,
        usual.hypervisor(),
        List.of(),
        root,
        Suite.TRIXIE.xenVersion());
  }

  /** The card's script for the hypervisor, with U-Boot's copies of the files moved. */
  private void moveCopies(Path disk, SdCard card, CardTarget target, long shift)
      throws IOException {
    String moved =
        PLACE
            .matcher(new BootScripts(card.setup()).xenScript())
            .replaceAll(place ->
                Matcher.quoteReplacement(
                    place.group(1)
                        + " 0x"
                        + Long.toHexString(Long.parseLong(place.group(2), 16) + shift)));
    Path scripts = Files.createDirectory(directory.resolve("scripts"));
    target.wrapping().write(scripts, "boot.scr.xen", moved);
    DiskImage.open(disk).put(scripts.resolve(BootScripts.XEN), BootScripts.XEN);
  }

  /** Runs the script and takes the tree out of memory. */
  private byte[] prepare(Boot boot, LoadAddresses at, long shift) throws IOException {
    QemuMonitor monitor = new QemuMonitor(directory.resolve("monitor"));
    Path dump = directory.resolve("tree");
    try (Dom0Session session = Dom0Session.start(boot, monitor.options())) {
      Expect console = session.console();
      console.text("Hit any key to stop autoboot", PATIENCE);
      console.send("\n");
      for (String command :
          List.of(
              "setenv devtype virtio; setenv xen_prepare yes; setenv dom0_bootargs panic=1",
              "setenv qspi_clock \"<0x17d78400>\"", // as the board's U-Boot has it from the SDM
              "load virtio 0:1 ${loadaddr} boot.scr.xen.uimg")) {
        console.text("=> ", PATIENCE);
        console.send(command + "\n");
      }
      console.text("=> ", PATIENCE);
      console.send("source ${loadaddr}\n");
      String said = console.text("Ready: run boot_xen\r\n", PATIENCE);
      assertFalse(said.contains("FDT_ERR"), said);
      console.text("=> ", PATIENCE);
      console.send("printenv boot_xen\n");
      String start = "boot_xen=booti 0x%x - 0x%x\r\n".formatted(at.hypervisor(), at.deviceTree());
      console.text(start, PATIENCE);
      console.text("=> ", PATIENCE);
      monitor.say("pmemsave " + (at.deviceTree() + shift) + " " + TREE_BYTES + " \"" + dump + '"');
    }
    return Files.readAllBytes(dump);
  }

  /** A machine that is nothing but the tree: whatever else is touched fails the test. */
  private record Memory(long start, ByteBuffer bytes) {
    void run(Runnable body) {
      Machine.enter(
          (Machine)
              Proxy.newProxyInstance(
                  Machine.class.getClassLoader(),
                  new Class<?>[] {Machine.class},
                  (proxy, method, arguments) ->
                      switch (method.getName()) {
                        case "load" ->
                            load(bytes, (Long) arguments[0] - start, (Integer) arguments[1]);
                        default -> throw new AssertionError(method + " while reading a tree");
                      }));
      try {
        body.run();
      } finally {
        Machine.enter(null);
      }
    }

    private static long load(ByteBuffer bytes, long offset, int size) {
      int at = Math.toIntExact(offset);
      return switch (size) {
        case 1 -> bytes.get(at) & 0xffL;
        case 2 -> bytes.getShort(at) & 0xffffL;
        case 4 -> bytes.getInt(at) & 0xffff_ffffL;
        default -> bytes.getLong(at);
      };
    }
  }
}
