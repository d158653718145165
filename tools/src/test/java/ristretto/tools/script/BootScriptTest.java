package ristretto.tools.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.tools.host.Command;
import ristretto.tools.source.Position;
import ristretto.tools.source.SourceException;
import ristretto.tools.uboot.BootScripts;
import ristretto.tools.uboot.BootSetup;
import ristretto.tools.uboot.LoadAddresses;

/** Boot scripts as U-Boot's shell would read them. */
class BootScriptTest {
  @TempDir private Path directory;

  private static BootScript parse(String text) {
    return BootScript.parse(Path.of("a.cmd"), text);
  }

  @Test
  void replacesVariablesThatItKnows() {
    BootScript script =
        parse(
            """
            setenv at 0x8300
            setenv options 'one two'
            load mmc 0:1 ${at}0000 Image; load mmc 0:1 ${elsewhere} x
            fdt set /chosen xen,xen-bootargs "first ${options} $unknown last" # not this
            """);
    assertEquals(List.of(0x83000000L), script.loads().stream().map(Load::address).toList());
    assertEquals(
        List.of("first", "one", "two", "${unknown}", "last"),
        script.chosen("xen,xen-bootargs").stream().map(Word.Part::text).toList());
    assertEquals(new Position("a.cmd", 2, 21), script.chosen("xen,xen-bootargs").get(2).position());
  }

  @Test
  void looksAtEveryBranch() {
    BootScript script =
        parse(
            """
            if test -n "${x}"; then load mmc 0:1 1000 a; else load mmc 0:1 2000 b; fi
            test -n "${y}" && load mmc 0:1 3000 c || load mmc 0:1 4000 \\
              d
            """);
    assertEquals(List.of("a", "b", "c", "d"), script.loads().stream().map(Load::file).toList());
  }

  @Test
  void knowsWhatAModuleIs() {
    BootScript script =
        parse(
            """
            load mmc 0:1 0x83000000 Image
            fdt set /chosen/dom0 reg <0x0 0x83000000 0x0 0x${filesize}>
            fdt set /chosen/dom1 reg <0x8b000000 0x8000000>
            """);
    assertEquals(
        List.of(0x83000000L, 0x8b000000L),
        script.modules().stream().map(BootModule::address).toList());
    assertEquals("Image", script.modules().getFirst().sizeOf().orElseThrow().file());
    assertEquals(0x8000000, script.modules().get(1).size().orElseThrow());
  }

  @Test
  void takesSizesFromFilesBesideIt() throws IOException {
    Files.write(directory.resolve("initrd"), new byte[5000]);
    ByteBuffer kernel = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    kernel.putLong(0x10, 0x20000).putInt(0x38, 0x644d5241);
    Files.write(directory.resolve("Image"), kernel.array());
    BootScript script =
        BootScript.parse(
            directory.resolve("a.cmd"),
            "load mmc 0:1 1000 Image\nload mmc 0:1 2000 /initrd\nload mmc 0:1 3000 none\n");
    assertEquals(0x20000, script.loads().get(0).size().orElseThrow(), "memory, not file");
    assertEquals(5000, script.loads().get(1).size().orElseThrow());
    assertEquals(true, script.loads().get(2).size().isEmpty());
  }

  @Test
  void readsTheProjectsOwnScriptAsMkimageWrapsIt() throws IOException {
    LoadAddresses at =
        new LoadAddresses(0x41000000, 0x42000000, 0x8_43000000L, 0x48000000, 0x50000000);
    BootSetup setup =
        new BootSetup(
            at,
            "4.20",
            "mmc",
            "/dev/vda2",
            "ttyAMA0",
            "",
            true,
            false,
            "512M",
            "",
            List.of(),
            List.of());
    Path file = directory.resolve("boot.scr.xen.uimg");
    Path text = directory.resolve("boot.cmd");
    Files.writeString(text, new BootScripts(setup).xenScript());
    String wrap = "mkimage -A arm64 -T script -C none -d " + text + " " + file;
    Command.of(List.of(wrap.split(" "))).run();
    BootScript script = BootScript.read(file);
    assertEquals(
        List.of(at.kernel(), at.ramdisk()),
        script.modules().stream().map(BootModule::address).toList());
    assertEquals(
        List.of(at.hypervisor(), at.deviceTree()),
        script.booted().stream().map(Load::address).toList());
  }

  @Test
  void saysWhereAQuoteIsLeftOpen() {
    SourceException problem =
        assertThrows(SourceException.class, () -> parse("echo a\nsetenv b \"c\n"));
    assertEquals(new Position("a.cmd", 2, 10), problem.position());
  }
}
