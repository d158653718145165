package ristretto.abi;

/**
 * Results of hypercalls: zero or a positive number is success, these are the failures, negative as
 * a guest sees them. {@code xen/include/public/errno.h}.
 */
public final class Errno {
  public static final long OK = 0;
  public static final long EPERM = -1;
  public static final long ENOENT = -2;
  public static final long ESRCH = -3;
  public static final long EIO = -5;
  public static final long ENXIO = -6;
  public static final long E2BIG = -7;
  public static final long ENOEXEC = -8;
  public static final long EBADF = -9;
  public static final long EAGAIN = -11;
  public static final long ENOMEM = -12;
  public static final long EACCES = -13;
  public static final long EFAULT = -14;
  public static final long EBUSY = -16;
  public static final long EEXIST = -17;
  public static final long EXDEV = -18;
  public static final long ENODEV = -19;
  public static final long EINVAL = -22;
  public static final long ENOSPC = -28;
  public static final long EDOM = -33;
  public static final long ERANGE = -34;
  public static final long EDEADLK = -35;
  public static final long ENOSYS = -38;
  public static final long ENODATA = -61;
  public static final long EOVERFLOW = -75;
  public static final long EOPNOTSUPP = -95;
  public static final long EADDRNOTAVAIL = -99;
  public static final long ENOBUFS = -105;

  private Errno() {}
}
