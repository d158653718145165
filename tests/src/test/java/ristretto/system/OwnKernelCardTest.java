package ristretto.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.console.Expect;
import ristretto.tools.debian.PackageStore;
import ristretto.tools.debian.Suite;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;
import ristretto.tools.host.Progress;
import ristretto.tools.image.CardBuild;
import ristretto.tools.image.CardRequest;
import ristretto.tools.image.CardTarget;
import ristretto.tools.qemu.Boot;
import ristretto.tools.qemu.Dom0Session;
import ristretto.tools.qemu.QemuCommand;

/**
 * A card with a kernel, its modules and a device tree of one's own: the root is trixie's, the
 * kernel bookworm's, unpacked from its package as anybody can. Its disk and network drivers are
 * modules, so it comes up only where the card has them: in both ramdisks and in Dom0's root.
 */
@Tag("system")
class OwnKernelCardTest {
  private static final String DOMU_PROMPT = "domu# ";
  private static final String MODEL = "somebody's own tree";
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private static Path directory;
  private static Path card = Path.of("");
  private static String release = "";

  @BeforeAll
  static void write() throws IOException {
    Systems.note("writing a card with a kernel of one's own");
    Progress progress = Progress.onStandardError();
    Path kernel =
        new PackageStore(Cache.ofUser(), progress, Suite.BOOKWORM).packages().kernelFile();
    Path own = directory.resolve("own");
    Command.of("dpkg-deb", "-x", kernel.toString(), own.toString()).run();
    release = onlyOne(own.resolve("lib/modules"));
    Path tree = tree();
    CardRequest request =
        new CardRequest(
            Suite.TRIXIE,
            Systems.small().hypervisor(),
            own.resolve("boot/vmlinuz-" + release),
            null,
            own.resolve("lib/modules/" + release),
            tree,
            null,
            List.of(),
            0);
    CardBuild.Made made =
        new CardBuild(Cache.ofUser(), progress)
            .run(CardTarget.named("qemu", tree), request, directory.resolve("card.img"));
    assertEquals(List.of(), made.notes(), "Debian's kernel lacks nothing");
    card = made.file();
  }

  private static String onlyOne(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findFirst().orElseThrow().getFileName().toString();
    }
  }

  /** What QEMU describes its machine with when it starts firmware, and a mark. */
  private static Path tree() {
    Path tree = directory.resolve("own.dtb");
    QemuCommand dump = new QemuCommand(Systems.SMALL).firmware();
    Command.of(dump.add("-machine", "dumpdtb=" + tree).words()).run();
    Command.of("fdtput", "-t", "s", tree.toString(), "/", "model", MODEL).run();
    return tree;
  }

  private static void runsOnWhatItWasGiven(Dom0Session linux) {
    assertEquals(release + "\n", linux.run("uname -r"));
    assertEquals(MODEL + "\n", linux.run("tr '\\0' '\\n' </proc/device-tree/model"));
    assertEquals("/dev/vda2 ext4\n", linux.run("findmnt -no SOURCE,FSTYPE /"));
  }

  @Test
  void linuxStartsByItself() {
    Systems.note("booting one's own kernel natively");
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.NATIVE, Suite.TRIXIE).withDisk(card);
    try (Dom0Session linux = Dom0Session.start(boot)) {
      runsOnWhatItWasGiven(linux.awaitShell());
    }
  }

  @Test
  void itIsTheKernelOfDom0AndOfItsDomUs() {
    Systems.note("booting one's own kernel as Dom0");
    Boot boot = Systems.boot(Systems.SMALL, Boot.Way.UBOOT, Suite.TRIXIE).withDisk(card);
    try (Dom0Session dom0 = Dom0Session.start(boot)) {
      runsOnWhatItWasGiven(dom0.awaitShell());
      assertEquals("control_d\n", dom0.run("cat /proc/xen/capabilities"));
      String modules = dom0.run("cat /proc/modules");
      assertTrue(modules.contains("xen_netback ") && modules.contains("ext4 "), modules);
      createDomU(dom0);
    }
  }

  /** The card's example with a network interface more. */
  private static void createDomU(Dom0Session dom0) {
    Systems.note("a DomU of one's own kernel");
    Expect console = dom0.console();
    dom0.type(
        "xl create -c /home/root/xen/DomU1.cfg 'vif=[\"bridge=xenbr0\"]'"
            + " 'extra=\"console=hvc0 rdinit=/sbin/init address=192.168.77.2/24\"'");
    console.text("domu: ready, " + release + ", ", PATIENCE);
    console.text(DOMU_PROMPT, PATIENCE);
    assertEquals(
        "ext4\nxen_blkfront\nxen_netfront\n",
        console.command(
            "lsmod | grep -oE '^(xen_.*front|ext4) ' | tr -d ' ' | sort", DOMU_PROMPT, PATIENCE));
    String answer = console.command("busybox ping -c 1 192.168.77.1", DOMU_PROMPT, PATIENCE);
    assertTrue(answer.contains("bytes from 192.168.77.1"), answer);
    dom0.type("poweroff");
    console.text(Dom0Session.PROMPT, PATIENCE);
  }
}
