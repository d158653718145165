package ristretto.tools.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ristretto.tools.host.Cache;
import ristretto.tools.host.Command;
import ristretto.tools.host.ToolException;

/** Has a card looked at by those who know best what is right: fsck.fat, e2fsck, mkimage. */
final class CardCheck {
  private CardCheck() {}

  /**
   * Checks both file systems and both scripts.
   *
   * @throws ToolException with the program's own words
   */
  static void check(Path card, PartitionTable table) throws IOException {
    Path scratch = Files.createTempDirectory("ristretto");
    try {
      Path fat = scratch.resolve("boot");
      Command.of(
              "dd",
              "if=" + card,
              "of=" + fat,
              "bs=1M",
              "skip=" + (PartitionTable.BOOT_START >> 20),
              "count=" + (table.bootBytes() >> 20),
              "conv=sparse",
              "status=none")
          .run();
      ask("fsck.fat", "-n", fat.toString());
      ask("e2fsck", "-f", "-n", card + "?offset=" + table.rootStart());
      for (String script : new String[] {"boot.scr.uimg", "boot.scr.xen.uimg"}) {
        Path file = scratch.resolve(script);
        DiskImage.open(card).get(script, file);
        ask("mkimage", "-l", file.toString());
      }
    } finally {
      Cache.delete(scratch);
    }
  }

  private static void ask(String... words) {
    Command.Result result = Command.of(words).attempt();
    if (!result.succeeded()) {
      throw new ToolException("the card is not right: " + words[0] + ":\n" + result.output());
    }
  }
}
