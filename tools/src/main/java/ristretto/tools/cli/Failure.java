package ristretto.tools.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Objects;
import ristretto.tools.console.Expect;
import ristretto.tools.host.ToolException;
import ristretto.tools.source.SourceException;

/** What a person is told of an exception that has ended a command. */
final class Failure {
  /** An environment variable: whoever looks for a defect of the tool wants the trace. */
  static final String TRACE = "RISTRETTO_TRACE";

  private Failure() {}

  /** Lines without a trace: what is wrong, and what to do about it. */
  static String explain(Exception problem) {
    return switch (problem) {
      case ToolException known -> String.valueOf(known.getMessage());
      case Expect.Failure known -> String.valueOf(known.getMessage());
      case SourceException source ->
          remedied(source.position() + ": " + source.problem(), source.remedy());
      case UncheckedIOException wrapped -> explain(Objects.requireNonNull(wrapped.getCause()));
      case NoSuchFileException missing ->
          remedied("there is no " + missing.getFile(), "name a file in a folder that is there");
      case AccessDeniedException denied ->
          remedied("no right to use " + denied.getFile(), "ls -l shows who has it");
      case FileSystemException other when other.getFile() != null ->
          remedied(other.getFile() + ": " + other.getReason(), "name another file");
      case IOException other -> remedied(String.valueOf(other.getMessage()), "try another file");
      default ->
          remedied(
              "a defect of this tool: " + problem + place(problem),
              "report it with the files that you gave; " + TRACE + "=1 prints the trace");
    };
  }

  private static String remedied(String problem, String remedy) {
    return problem + "\n  remedy: " + remedy;
  }

  /** The tool's own method that it came out of. */
  private static String place(Exception problem) {
    return Arrays.stream(problem.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("ristretto."))
        .findFirst()
        .map(frame -> " (" + frame + ")")
        .orElse("");
  }
}
