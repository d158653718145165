package ristretto.core.boot;
import ristretto.core.domain.Domain;
import ristretto.lang.*;
public final class Dom0Builder {
  public Dom0Builder(BootInfo info) {}
  @BootOnly
  public Domain build() { throw new BootException(new BootMessage("no Dom0 yet")); }
}
