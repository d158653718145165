package ristretto.tools.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A program of the host, run to its end with its output captured. */
public final class Command {
  private static final int TAIL_LINES = 20;

  private final List<String> words;
  private final Map<String, String> environment = new TreeMap<>();
  private @Nullable Path directory;
  private boolean inheritTerminal;

  private Command(List<String> words) {
    this.words = List.copyOf(words);
  }

  public static Command of(String... words) {
    return new Command(Arrays.asList(words));
  }

  public static Command of(List<String> words) {
    return new Command(words);
  }

  /** The directory in which the program runs. */
  public Command in(Path workingDirectory) {
    this.directory = workingDirectory;
    return this;
  }

  public Command with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Gives the program this process's terminal: for programs that ask or report themselves. */
  public Command onTerminal() {
    inheritTerminal = true;
    return this;
  }

  /** What a program left behind: its exit status, and both output streams in one text. */
  public record Result(int status, String output) {
    public boolean succeeded() {
      return status == 0;
    }

    public List<String> lines() {
      return output.lines().toList();
    }
  }

  /**
   * Runs the program and returns what it printed.
   *
   * @throws ToolException when it cannot be started or fails; carries the end of its output
   */
  public String run() {
    Result result = attempt();
    if (!result.succeeded()) {
      throw new ToolException(
          "`" + this + "` failed with status " + result.status() + tail(result.output()));
    }
    return result.output();
  }

  /** Runs the program; a failure is a result, too. */
  public Result attempt() {
    ProcessBuilder builder = builder().redirectErrorStream(true);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    if (inheritTerminal) {
      builder.inheritIO();
    } else {
      builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }
    try {
      Process process = builder.start();
      try {
        byte[] output = process.getInputStream().readAllBytes();
        return new Result(process.waitFor(), new String(output, StandardCharsets.UTF_8));
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new ToolException(
          "cannot start `" + words.getFirst() + "`: " + e.getMessage(), "./ristretto doctor");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException("interrupted while running `" + words.getFirst() + "`");
    }
  }

  /**
   * Runs programs as a pipeline, the output of each being the input of the next.
   *
   * @throws ToolException naming the first program that failed
   */
  public static void pipeline(List<Command> commands) {
    List<ProcessBuilder> builders = new ArrayList<>();
    for (Command command : commands) {
      ProcessBuilder builder = command.builder();
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      builders.add(builder);
    }
    try {
      List<Process> processes = ProcessBuilder.startPipeline(builders);
      for (int i = 0; i < processes.size(); i++) {
        int status = processes.get(i).waitFor();
        if (status != 0) {
          throw new ToolException("`" + commands.get(i) + "` failed with status " + status);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a pipeline", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ToolException("interrupted while running `" + commands.getFirst() + "`");
    }
  }

  private ProcessBuilder builder() {
    List<String> found = new ArrayList<>(words);
    if (!found.getFirst().contains("/")) {
      // Java looks along this process's PATH alone, which for most users has no sbin.
      Programs.find(found.getFirst()).ifPresent(path -> found.set(0, path.toString()));
    }
    ProcessBuilder builder = new ProcessBuilder(found);
    Map<String, String> variables = builder.environment();
    variables.put("PATH", Programs.searchPath(variables.getOrDefault("PATH", "")));
    variables.putAll(environment);
    return builder;
  }

  private static String tail(String output) {
    List<String> lines = output.strip().lines().toList();
    int from = Math.max(0, lines.size() - TAIL_LINES);
    return lines.isEmpty() ? "" : ":\n" + String.join("\n", lines.subList(from, lines.size()));
  }

  /** The command as one would type it. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      text.append(text.isEmpty() ? "" : " ").append(quoted(word));
    }
    return text.toString();
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
