package ristretto.tools.board;

/**
 * An interrupt of the GIC, as its device tree binding writes it: three cells.
 *
 * @param type 0 shared (SPI), 1 private to a CPU (PPI)
 * @param number from the first of its type
 * @param flags trigger: 1 rising edge, 4 high level
 */
public record Interrupt(int type, int number, int flags) {
  public static final int SHARED = 0;
  public static final int PRIVATE = 1;
  private static final int FIRST_SHARED = 32;
  private static final int FIRST_PRIVATE = 16;

  /** The number that the GIC knows it by, and that xl's `irqs` wants. */
  public int id() {
    return number + (type == SHARED ? FIRST_SHARED : FIRST_PRIVATE);
  }

  public boolean isShared() {
    return type == SHARED;
  }

  @Override
  public String toString() {
    return id() + (isShared() ? " (SPI " : " (PPI ") + number + ")";
  }
}
