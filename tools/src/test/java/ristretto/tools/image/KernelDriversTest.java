package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.debian.KernelModules;
import ristretto.tools.host.ToolException;

class KernelDriversTest {
  private static final List<String> CARD = List.of("sdhci_cadence", "mmc_block");

  private static final List<String> DOM0 =
      List.of(
          "xenfs",
          "xen-privcmd",
          "xen-evtchn",
          "xen-gntdev",
          "xen-netback",
          "xen-blkback",
          "bridge");

  @TempDir private Path directory;

  /** A kernel with some drivers as files, some built in. */
  private KernelDrivers kernel(List<String> files, List<String> builtIn) throws IOException {
    for (String file : files) {
      Files.writeString(directory.resolve(file.replaceFirst(":.*", "")), "");
    }
    Files.write(
        directory.resolve("modules.dep"),
        files.stream().map(file -> file.contains(":") ? file : file + ":").toList());
    Files.write(
        directory.resolve("modules.builtin"),
        builtIn.stream().map(name -> "kernel/" + name + ".ko").toList());
    return new KernelDrivers(new KernelModules(directory));
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(file -> file.getFileName().toString()).toList();
  }

  private static List<String> and(List<String> some, String... more) {
    return Stream.concat(some.stream(), Stream.of(more)).toList();
  }

  @Test
  void takesWhatIsAFileWithWhatThatNeeds() throws IOException {
    KernelDrivers drivers =
        kernel(
            List.of("xen-netfront.ko", "ext4.ko: jbd2.ko", "jbd2.ko", "sdhci-cadence.ko"),
            and(DOM0, "xen-blkfront", "mmc_block"));
    assertEquals(List.of("xen-netfront.ko", "jbd2.ko", "ext4.ko"), names(drivers.ofDomu()));
    assertEquals(List.of("sdhci-cadence.ko", "jbd2.ko", "ext4.ko"), names(drivers.ofRoot(CARD)));
    assertEquals(List.of(), drivers.notes());
  }

  @Test
  void needsNoFileForAKernelWithEverythingBuiltIn() throws IOException {
    KernelDrivers drivers =
        kernel(
            List.of(),
            and(DOM0, "xen-netfront", "xen-blkfront", "ext4", "sdhci-cadence", "mmc_block"));
    assertEquals(List.of(), drivers.ofDomu());
    assertEquals(List.of(), drivers.ofRoot(CARD));
    assertEquals(List.of(), drivers.notes());
  }

  @Test
  void saysWhatAKernelLacks() throws IOException {
    KernelDrivers drivers = kernel(List.of("xen-blkfront.ko"), List.of("ext4"));
    assertEquals(List.of("xen-blkfront.ko"), names(drivers.ofDomu()));
    drivers.ofRoot(CARD);
    String notes = String.join("\n", drivers.notes());
    for (String module :
        List.of("xen_netfront", "xen_netback", "xenfs", "sdhci_cadence", "mmc_block")) {
      assertTrue(notes.contains("the kernel has no " + module + " ("), notes);
    }
    assertEquals(1 + DOM0.size() + CARD.size(), drivers.notes().size(), notes);
  }

  @Test
  void saysWhatNobodyCanSee() {
    KernelDrivers drivers = new KernelDrivers(null);
    assertEquals(List.of(), drivers.ofDomu());
    assertEquals(List.of(), drivers.ofRoot(CARD));
    String notes = String.join("\n", drivers.notes());
    assertTrue(notes.contains("xen_netfront and xen_blkfront are built into"), notes);
    assertTrue(notes.contains("the kernel must reach its root by itself"), notes);
  }

  @Test
  void refusesAListOfFilesThatAreNotThere() throws IOException {
    KernelDrivers drivers = kernel(List.of("xen-netfront.ko"), List.of());
    Files.delete(directory.resolve("xen-netfront.ko"));
    ToolException refusal = assertThrows(ToolException.class, drivers::ofDomu);
    assertTrue(refusal.toString().contains("names xen-netfront.ko, which is not there"));
  }
}
