package ristretto.tools.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import ristretto.tools.host.ToolException;

class MachineOptionsTest {
  @Test
  void readsSizesAsQemuDoes() {
    assertEquals(1024, MachineOptions.mebibytes("1024"));
    assertEquals(1024, MachineOptions.mebibytes("1024M"));
    assertEquals(4096, MachineOptions.mebibytes("4G"));
    assertEquals(4096, MachineOptions.mebibytes("4g"));
  }

  @Test
  void refusesWhatIsNoSize() {
    assertThrows(ToolException.class, () -> MachineOptions.mebibytes("4T"));
    assertThrows(ToolException.class, () -> MachineOptions.mebibytes("-1"));
    assertThrows(ToolException.class, () -> MachineOptions.mebibytes("99999999999G"));
  }
}
