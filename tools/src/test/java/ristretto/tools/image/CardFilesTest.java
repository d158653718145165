package ristretto.tools.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ristretto.tools.board.Board;
import ristretto.tools.check.Subject;
import ristretto.tools.check.rule.Rules;
import ristretto.tools.uboot.BootScripts;

/**
 * `check` has nothing to say of anything that `image` writes for a board: both scripts as text, as
 * source of a FIT and as U-Boot takes them, the board's device tree, the DomUs' files.
 */
class CardFilesTest {
  @TempDir private Path directory;

  private List<Path> scripts(String board, Path tree) throws IOException {
    Path kernel = Files.write(directory.resolve("Image"), KernelFileTest.image(8));
    CardTarget target = CardTarget.named(board, null);
    Path fabric = board.equals("qemu") ? null : kernel;
    CardContents contents =
        new CardContents(kernel, kernel, tree, fabric, kernel, List.of(), directory, "4.20");
    BootScripts scripts = new BootScripts(new SdCard(target, contents).setup());
    Path written = Files.createDirectory(directory.resolve("scripts"));
    target.wrapping().write(written, "boot.scr", scripts.nativeScript());
    target.wrapping().write(written, "boot.scr.xen", scripts.xenScript());
    return list(written);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> !file.endsWith("README")).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"agilex5", "agilex5-modular", "agilex7", "agilex3", "qemu"})
  void checkFindsNothing(String name) throws IOException {
    Board board = Board.named(name);
    Path tree = BoardCard.compileTree(name, directory.resolve("board.dtb"));
    List<Path> scripts = scripts(name, tree);
    assertEquals(name.equals("qemu") ? 4 : 6, scripts.size(), scripts.toString());
    Path examples = Files.createDirectory(directory.resolve("xen"));
    new ExampleDomus(board, CardTarget.named(name, null).deviceType()).write(examples);
    List<Path> files = new ArrayList<>(scripts);
    files.add(tree);
    files.addAll(list(examples));
    for (Path file : files) {
      Subject alone = new Subject(board);
      alone.add(file);
      assertEquals(List.of(), Rules.check(alone), file.toString());
    }
    for (Path script : scripts) {
      Subject read = new Subject(board);
      read.add(script);
      assertEquals(1, read.scripts().size(), script + " is a script");
    }
  }
}
