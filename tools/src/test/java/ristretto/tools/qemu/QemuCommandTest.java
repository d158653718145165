package ristretto.tools.qemu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.tools.host.ToolException;

class QemuCommandTest {
  private final VirtualMachine machine = new VirtualMachine("cortex-a72", 2, 1024, 2);

  @Test
  void describesTheMachine() {
    String words = String.join(" ", new QemuCommand(machine).firmware().words());
    assertTrue(words.contains("-machine virt,virtualization=on,gic-version=2 -cpu cortex-a72"));
    assertTrue(words.contains("-smp 2 -m 1024"));
    assertTrue(words.contains("-bios /usr/lib/u-boot/qemu_arm64/u-boot.bin"));
  }

  @Test
  void leavesEveryKeyToTheGuest() {
    String words = String.join(" ", new QemuCommand(machine).words());
    assertTrue(words.contains("stdio,id=console,mux=off,signal=off"));
    assertFalse(words.contains("-nographic"));
  }

  @Test
  void servesTheConsoleAtAPortInstead() {
    String words = String.join(" ", new QemuCommand(machine).telnet(4321).words());
    assertTrue(words.contains("host=127.0.0.1,port=4321,server=on,wait=on,telnet=on"));
    assertFalse(words.contains("stdio"));
  }

  @Test
  void namesTheDiskLastToMakeItTheFirst() {
    List<String> words =
        new QemuCommand(machine)
            .disk(Path.of("/a,b.img"), false)
            .commands(Path.of("/c"))
            .stopOnReset()
            .words();
    int size = words.size();
    assertTrue(words.get(size - 3).contains("file=/a,,b.img,snapshot=on"));
    assertTrue(words.get(size - 7).contains("file=/c,readonly=on"));
  }

  @Test
  void refusesMachinesThatCannotWork() {
    assertThrows(ToolException.class, () -> new VirtualMachine("a76", 0, 1024, 3));
    assertThrows(ToolException.class, () -> new VirtualMachine("a76", 9, 1024, 3));
    assertThrows(ToolException.class, () -> new VirtualMachine("a76", 1, 1024, 4));
    assertThrows(ToolException.class, () -> new VirtualMachine("a76", 1, 256, 3));
    assertThrows(ToolException.class, () -> new VirtualMachine("a76 -s", 1, 1024, 3));
  }

  @Test
  void givesDom0AReasonableShare() {
    assertEquals(512, machine.usualDom0Mib());
    assertEquals(1024, VirtualMachine.USUAL.usualDom0Mib());
  }
}
