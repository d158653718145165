package ristretto.abi;

/** {@code CONSOLEIO_*}, sub-operations of console_io. {@code xen/include/public/xen.h}. */
public final class ConsoleIo {
  public static final int WRITE = 0;
  public static final int READ = 1;

  private ConsoleIo() {}
}
