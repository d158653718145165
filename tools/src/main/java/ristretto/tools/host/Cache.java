package ristretto.tools.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The user's cache directory of this project: {@code ${XDG_CACHE_HOME:-~/.cache}/ristretto}. */
public final class Cache {
  private final Path directory;

  public Cache(Path directory) {
    this.directory = directory;
  }

  /**
   * XDG Base Directory Specification, "XDG_CACHE_HOME": unset, empty and relative values do not
   * count.
   */
  public static Cache ofUser() {
    String base = System.getenv("XDG_CACHE_HOME");
    boolean usable = base != null && Path.of(base).isAbsolute();
    Path parent = usable ? Path.of(base) : Path.of(System.getProperty("user.home"), ".cache");
    return new Cache(parent.resolve("ristretto"));
  }

  /** A directory of the cache, made if it is not there. */
  public Path directory(String name) {
    try {
      return Files.createDirectories(directory.resolve(name));
    } catch (IOException e) {
      throw new ToolException(
          "cannot make " + directory.resolve(name) + ": " + e.getMessage(),
          "set XDG_CACHE_HOME to a directory that you can write to");
    }
  }

  public Path path() {
    return directory;
  }

  /** Fills a directory that does not exist yet. */
  @FunctionalInterface
  public interface Filler {
    void fill(Path directory) throws IOException;
  }

  /**
   * Returns a directory that was filled completely, by this call or by an earlier one: it gets its
   * name last, so that a fill that was interrupted is never taken for a whole one. It counts as new
   * then, for {@link #keepNewest}: somebody is about to use it.
   */
  public Path filled(String name, Filler filler) {
    Path target = directory.resolve(name);
    if (touch(target)) {
      return target;
    }
    return locked(() -> {
      if (!Files.isDirectory(target)) {
        fill(target, filler);
      }
      return target;
    });
  }

  /** Whether there was something to touch. */
  private static boolean touch(Path file) {
    return file.toFile().setLastModified(System.currentTimeMillis());
  }

  private static void fill(Path target, Filler filler) throws IOException {
    Files.createDirectories(target.getParent());
    Path unfinished = target.resolveSibling(target.getFileName() + ".unfinished");
    delete(unfinished);
    Files.createDirectory(unfinished);
    filler.fill(unfinished);
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Does something while no other process of this tool changes the cache. Not re-entrant. */
  public <T> T locked(Callable<T> work) {
    Path file = directory(".").resolve("lock");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock(); // released when the channel is closed
      return work.call();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new ToolException("cannot work in " + directory, e);
    }
  }

  /** Removes the oldest entries of a directory of the cache. */
  public void keepNewest(String name, int count) {
    try (Stream<Path> entries = Files.list(directory(name))) {
      List<Path> oldFirst =
          entries.sorted(Comparator.comparingLong((Path p) -> p.toFile().lastModified())).toList();
      for (Path old : oldFirst.subList(0, Math.max(0, oldFirst.size() - count))) {
        delete(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tidy " + directory.resolve(name), e);
    }
  }

  public static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** A short name for everything that was put into the digest. */
  public static String key(Consumer<MessageDigest> contents) {
    MessageDigest digest = sha256();
    contents.accept(digest);
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
