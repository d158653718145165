package ristretto.vdev.uart;

/** Collects bytes as text; can be blocked. */
final class FakeSink implements ByteSink {
  final StringBuilder text = new StringBuilder();
  boolean blocked;

  @Override
  public void put(int b) {
    text.append((char) b);
  }

  @Override
  public boolean isReady() {
    return !blocked;
  }
}
