package ristretto.tools.uboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import ristretto.tools.host.Command;

/**
 * A script in the wrapping that U-Boot's `source` takes. U-Boot, doc/usage/cmd/source.rst: an old
 * image, or a FIT with a default script; boards that were built for signed images know FITs alone.
 */
public enum ScriptImage {
  LEGACY {
    @Override
    void make(Path directory, String name) {
      mkimage(
          directory,
          "-A",
          "arm64",
          "-T",
          "script",
          "-C",
          "none",
          "-n",
          "Ristretto",
          "-d",
          name + SCRIPT,
          name + UIMG);
    }
  },
  FIT {
    @Override
    void make(Path directory, String name) throws IOException {
      Files.writeString(directory.resolve(name + SOURCE), source(name + SCRIPT));
      mkimage(directory, "-f", name + SOURCE, name + UIMG);
    }
  };

  private static final String SCRIPT = ".txt";
  private static final String SOURCE = ".its";
  private static final String UIMG = ".uimg";

  /** Nobody's clock is to be found in an image. */
  private static final String EPOCH = "0";

  /**
   * Writes a script and everything that is made of it: {@code name.txt}, for a FIT its source
   * {@code name.its}, and the image {@code name.uimg}.
   */
  public void write(Path directory, String name, String script) throws IOException {
    Files.writeString(directory.resolve(name + SCRIPT), script);
    make(directory, name);
  }

  abstract void make(Path directory, String name) throws IOException;

  /** The FIT's source. U-Boot, doc/usage/fit/source_file_format.rst. */
  static String source(String script) {
    return """
    /dts-v1/;

    / {
      description = "A boot script";

      images {
        default = "script";

        script {
          description = "Ristretto";
          data = /incbin/("%s");
          type = "script";
          compression = "none";

          hash {
            algo = "crc32";
          };
        };
      };
    };
    """
        .formatted(script);
  }

  private static void mkimage(Path directory, String... arguments) {
    Command.of(words(arguments)).in(directory).with("SOURCE_DATE_EPOCH", EPOCH).run();
  }

  private static String[] words(String... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = "mkimage";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return words;
  }
}
