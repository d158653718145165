package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.tools.console.Expect;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;
import ristretto.tools.host.Progress;
import ristretto.tools.host.Project;
import ristretto.tools.image.CardBuild;
import ristretto.tools.image.CardRequest;
import ristretto.tools.image.CardTarget;
import ristretto.tools.image.PartitionTable;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;

/**
 * The card that `./ristretto image --board qemu` writes, booted as the overview document, "Boot
 * Flow", says: natively by U-Boot alone, and the hypervisor by stopping the countdown.
 */
@Tag("system")
class SdCardTest {
  private static final String DOMU_PROMPT = "domu# ";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private static Path directory;
  private static Path card = Path.of("");

  @BeforeAll
  static void write() throws IOException {
    Systems.note("writing a card");
    card = write("qemu", "card.img");
  }

  /** Named by somebody else: a card depends on what is on it alone. */
  private static Path write(String board, String name) throws IOException {
    Path hypervisor = Systems.small().hypervisor();
    CardRequest request =
        new CardRequest(Suite.TRIXIE, hypervisor, null, null, null, null, null, List.of(), 0);
    return new CardBuild(Cache.ofUser(), Progress.onStandardError())
        .run(CardTarget.named(board, null), request, directory.resolve(name))
        .file();
  }

  @Test
  void theCardWrittenTwiceIsTheSameByteForByte() throws IOException {
    Systems.note("writing the card again");
    assertSame(card, write("qemu", "again.img"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"agilex3", "agilex5", "agilex7"})
  void aBoardsCardWrittenTwiceIsTheSameByteForByte(String board) throws IOException {
    Systems.note("writing the card of " + board + " twice");
    Path first = write(board, "board.img");
    assertSame(first, write(board, "again.img"));
    Files.delete(first);
  }

  private static void assertSame(Path first, Path other) throws IOException {
    assertEquals(-1, Files.mismatch(first, other), "the first byte that differs");
    Files.delete(other);
  }

  /** A kernel, a ramdisk, modules, a tree and a configuration of the FPGA of somebody's own. */
  @Test
  void aBoardsCardHasWhatItWasGiven() throws IOException {
    Systems.note("writing a card of an Agilex 5");
    Boot usual = Systems.small();
    Path tree = directory.resolve("own.dtb");
    String source = Project.current().home().resolve("boards/agilex5/board.dts").toString();
    Command.of("dtc", "-q", "-O", "dtb", "-o", tree.toString(), source).run();
    byte[] bytes = new byte[3 << 20];
    new Random(5).nextBytes(bytes);
    Path fabric = Files.write(directory.resolve("ghrd.core.rbf"), bytes);
    CardRequest request =
        new CardRequest(
            Suite.TRIXIE,
            usual.hypervisor(),
            usual.files().kernel(),
            usual.files().ramdisk(),
            null,
            tree,
            fabric,
            List.of(),
            0);
    Path made =
        new CardBuild(Cache.ofUser(), Progress.onStandardError())
            .run(CardTarget.named("agilex5", tree), request, directory.resolve("agilex5.img"))
            .file();
    assertEquals(-1, Files.mismatch(usual.files().kernel(), onCard(made, "Image")));
    assertEquals(-1, Files.mismatch(usual.files().ramdisk(), onCard(made, "initramfs")));
    assertEquals(-1, Files.mismatch(usual.hypervisor(), onCard(made, "xen")));
    assertEquals(-1, Files.mismatch(fabric, onCard(made, "core.rbf")));
    assertEquals(-1, Files.mismatch(tree, onCard(made, "devicetree/own.dtb")));
    String script = Files.readString(onCard(made, "source/boot.scr.xen.txt"));
    assertTrue(script.contains("fpga load 0 "), script);
    Files.delete(made);
  }

  /** A copy of a file of partition 1. */
  private static Path onCard(Path file, String name) throws IOException {
    Path copy = directory.resolve("copy");
    Files.deleteIfExists(copy);
    String start = file + "@@" + PartitionTable.BOOT_START;
    Command.of("mcopy", "-n", "-i", start, "::" + name, copy.toString()).run();
    return copy;
  }

  @Test
  void linuxStartsByItself() {
    Systems.note("booting the card natively");
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.NATIVE, Suite.TRIXIE).withDisk(card);
    try (Dom0Session linux = Dom0Session.start(boot)) {
      linux.awaitShell();
      assertEquals("no Xen\n", linux.run("test -e /proc/xen || echo no Xen"));
      assertEquals("/dev/vda2 ext4\n", linux.run("findmnt -no SOURCE,FSTYPE /"));
    }
  }

  /** The words are the document's, but for QEMU's disk, which is no SD card. */
  @Test
  void theHypervisorStartsWhenTheCountdownIsStopped() {
    Systems.note("booting the hypervisor from the card");
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.NATIVE, Suite.TRIXIE).withDisk(card);
    try (Dom0Session dom0 = Dom0Session.start(boot)) {
      Expect console = dom0.console();
      console.text("Hit any key to stop autoboot", PATIENCE);
      console.send("\n");
      console.text("=> ", PATIENCE);
      console.send("load virtio 0:1 ${loadaddr} boot.scr.xen.uimg\n");
      console.text("=> ", PATIENCE);
      console.send("setenv xen_prepare yes; source ${loadaddr}\n");
      console.text("Ready: run boot_xen\r\n", PATIENCE);
      console.text("=> ", PATIENCE);
      console.send("fdt set /pl031@9010000 xen,passthrough; run boot_xen\n");
      dom0.awaitShell();
      assertEquals("control_d\n", dom0.run("cat /proc/xen/capabilities"));
      assertEquals("", dom0.run("ls /sys/class/rtc"));
      createDomU(dom0);
    }
  }

  private static void createDomU(Dom0Session dom0) {
    Systems.note("a DomU of the card's examples");
    Expect console = dom0.console();
    dom0.type("xl create -c /home/root/xen/pl031@9010000.cfg");
    console.text("domu: ready, ", XlSession.DOMU_BOOT);
    console.text(DOMU_PROMPT, PATIENCE);
    assertEquals(
        "rtc-pl031 9010000.pl031\n",
        console.command("cat /sys/class/rtc/rtc0/name", DOMU_PROMPT, PATIENCE));
    // Through cat: on a terminal ip colours its output.
    String programs =
        console.command("ip -br link | cat; ps --no-headers -p 1 -o pid", DOMU_PROMPT, PATIENCE);
    assertTrue(programs.contains("lo ") && programs.endsWith("1\n"), programs);
    dom0.type("poweroff");
    console.text(Dom0Session.PROMPT, PATIENCE);
  }
}
