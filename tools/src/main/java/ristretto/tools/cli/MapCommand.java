package ristretto.tools.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import ristretto.tools.check.Subject;
import ristretto.tools.map.SvgMap;
import ristretto.tools.map.TextMap;

/** Draws who owns what. */
@Command(
    name = "map",
    mixinStandardHelpOptions = true,
    description = {
      "Show who owns what of a board: CPUs, RAM and what is loaded where, devices with their"
          + " interrupts; with the DomUs' configurations and the boot script, theirs, too."
    },
    footer = {"", "Example: ./ristretto map --board agilex5 boot.cmd domu1.cfg --svg map.svg"})
final class MapCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Configurations and boot scripts.")
  private List<Path> files = List.of();

  @Mixin private BoardOption board = new BoardOption();

  @Option(names = "--svg", paramLabel = "FILE", description = "Write a picture instead.")
  private @Nullable Path svg;

  @Override
  public Integer call() throws IOException {
    Subject subject = new Subject(board.board());
    for (Path file : files) {
      subject.add(file);
    }
    if (svg == null) {
      System.out.print(TextMap.of(subject));
    } else {
      Files.writeString(svg, SvgMap.of(subject));
    }
    return 0;
  }
}
