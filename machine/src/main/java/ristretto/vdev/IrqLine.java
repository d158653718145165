package ristretto.vdev;

/** A level-sensitive interrupt wire, driven by one device. */
public interface IrqLine {
  /** Drives the wire; setting the level that it has is harmless. */
  void set(boolean level);
}
