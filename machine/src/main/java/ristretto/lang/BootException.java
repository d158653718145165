package ristretto.lang;

/**
 * Booting cannot go on: something that we were given (device tree, module, option) is not usable.
 * The message names the thing and the reason; whoever catches it prints it and halts.
 */
public final class BootException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient BootMessage message;

  @BootOnly
  public BootException(BootMessage message) {
    this.message = message;
  }

  @BootOnly
  public BootException(String message) {
    this.message = new BootMessage(message);
  }

  /** What to print, without a full stop. */
  public BootMessage reason() {
    return message;
  }

  @HostOnly
  @Override
  public String getMessage() {
    return message.toString();
  }
}
