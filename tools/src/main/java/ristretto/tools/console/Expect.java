package ristretto.tools.console;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A conversation with a console: waits for what it says, from where the last match ended, and
 * answers. Whatever does not come in time, which is {@link Patience}'s times the deadline, fails
 * with the whole transcript.
 */
public final class Expect {
  private final SerialLine line;
  private int position;

  public Expect(SerialLine line) {
    this.line = line;
  }

  /** What did not happen, with everything that did. */
  public static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failure(String problem, String transcript) {
      super(problem + "; the console said:\n" + transcript + "\n(end of the transcript)");
    }
  }

  /**
   * Waits for a text.
   *
   * @return what the console said before it
   */
  public String text(String expected, Duration deadline) {
    return pattern(Pattern.compile(Pattern.quote(expected)), deadline).before();
  }

  /** What was found, and what the console said between the match before and this one. */
  public record Found(String before, MatchResult match) {
    public String group(int number) {
      return match.group(number);
    }
  }

  /** Waits for a match of a regular expression; `^` and `$` match at lines. */
  public Found matching(String expression, Duration deadline) {
    return pattern(Pattern.compile(expression, Pattern.MULTILINE), deadline);
  }

  /** Waits for a match. */
  public Found pattern(Pattern pattern, Duration deadline) {
    return attempt(pattern, deadline)
        .orElseThrow(() -> {
          String why =
              line.transcript().hasEnded()
                  ? "the machine stopped before it said "
                  : "nothing within " + Patience.times(deadline).toSeconds() + " s matched ";
          return new Failure(why + "\"" + pattern + "\"", line.transcript().toString());
        });
  }

  /** Waits for a match; none is a result, too. */
  public Optional<Found> attempt(Pattern pattern, Duration deadline) {
    try {
      Optional<MatchResult> match =
          line.transcript().await(pattern, position, Patience.times(deadline));
      return match.map(result -> {
        String before = line.transcript().from(position).substring(0, result.start() - position);
        position = result.end();
        return new Found(before, result);
      });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted while waiting for \"" + pattern + "\"", "");
    }
  }

  /** Types something; the caller gives the line's end. */
  public void send(String text) {
    line.send(text);
  }

  /** Types a command at a shell's prompt and returns what it printed. */
  public String command(String command, String prompt, Duration deadline) {
    send(command + "\n");
    String answer = text(prompt, deadline).replace("\r", "");
    int echo = answer.indexOf('\n');
    return echo < 0 ? answer : answer.substring(echo + 1);
  }

  /** What was said since the last match. */
  public String rest() {
    return line.transcript().from(position);
  }

  /**
   * Fails if the console has said something, whenever.
   *
   * @param unwanted what it must not have said
   */
  public void refuse(Pattern unwanted) {
    if (unwanted.matcher(line.transcript().toString()).find()) {
      throw failure("the console said \"" + unwanted + "\", which nothing here asked for");
    }
  }

  /** Fails with the transcript. */
  public Failure failure(String problem) {
    return new Failure(problem, line.transcript().toString());
  }
}
