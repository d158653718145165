package ristretto.compiler.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ristretto.compiler.link.CodeMap.Frame;
import ristretto.compiler.link.CodeMap.Place;

class CodeMapTest {
  @Test
  void knowsInlinedFramesAndWhereTheReturnAddressIs(@TempDir Path directory) throws IOException {
    Path elf = SmallImage.build(directory).resolve("small.elf");
    List<Place> places = new CodeMap(Toolchain.bundled(), elf).places();
    Place leaf =
        places.stream().filter(p -> outermost(p).function().equals("Table_pair")).findFirst().get();
    assertEquals(new Frame("at", "Table.java", 10), leaf.frames().getFirst());
    assertEquals(new Frame("Table_pair", "Table.java", 21), leaf.frames().getLast());
    assertTrue(leaf.returnInLinkRegister());

    Place call =
        places.stream()
            .filter(p -> p.frames().equals(List.of(new Frame("Main_trap", "Main.java", 32))))
            .findFirst()
            .get();
    assertFalse(call.returnInLinkRegister());
    assertTrue(places.stream().anyMatch(p -> outermost(p).function().equals("entry")));
  }

  @Test
  void asksForInstructionsThatCallOrFault() {
    assertTrue(CodeMap.canAppearInBacktrace(0x94000000), "bl");
    assertTrue(CodeMap.canAppearInBacktrace(0xd63f0100), "blr x8");
    assertTrue(CodeMap.canAppearInBacktrace(0xd4200020), "brk #1");
    assertTrue(CodeMap.canAppearInBacktrace(0xd53cd041), "mrs x1, TPIDR_EL2");
    assertTrue(CodeMap.canAppearInBacktrace(0xf9400a68), "ldr x8, [x19, #16]");
    assertTrue(CodeMap.canAppearInBacktrace(0x885ffc20), "ldaxr w0, [x1]");
    assertFalse(CodeMap.canAppearInBacktrace(0xa9bd7bfd), "stp x29, x30, [sp, #-48]!");
    assertFalse(CodeMap.canAppearInBacktrace(0x0b080508), "add w8, w8, w8, lsl #1");
    assertFalse(CodeMap.canAppearInBacktrace(0x58000040), "ldr x0, literal");
    assertFalse(CodeMap.canAppearInBacktrace(0xd65f03c0), "ret");
  }

  private static Frame outermost(Place place) {
    return place.frames().getLast();
  }
}
