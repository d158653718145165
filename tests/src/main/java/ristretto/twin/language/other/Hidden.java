package ristretto.twin.language.other;

/** Has methods that a class in another package may override and may not. */
public class Hidden {
  int secret() {
    return 1;
  }

  protected int known() {
    return 10;
  }

  public final int sum() {
    return secret() + known();
  }
}
