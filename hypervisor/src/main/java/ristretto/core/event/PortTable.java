package ristretto.core.event;

import ristretto.abi.Errno;
import ristretto.abi.Evtchnop.EventWord;
import ristretto.core.domain.Domain;
import ristretto.core.mm.Frames;
import ristretto.lang.BootOnly;
import ristretto.lang.Inline;
import ristretto.machine.Memory;

/**
 * The ports of a domain: a directory frame of buckets, each a frame of 256 entries that is added
 * when the ones before are full. All frames are charged to the domain and stay until it dies, so
 * that an entry once found stays valid (XSA-338, XSA-343).
 */
final class PortTable {
  private static final int BUCKET_PORTS = 256;
  private static final int BUCKETS = EventWord.CHANNELS / BUCKET_PORTS;

  /** Free ports that a guest may make unusable by leaving them linked, before it is told "full". */
  private static final int BUSY_SKIPPED = 1024;

  private final Domain domain;

  /** Ports in use of each bucket. */
  private final short[] used = new short[BUCKETS];

  /** Physical address of the directory: {@link #BUCKETS} addresses; 0 until first needed. */
  private volatile long directory;

  /** No port below is free. */
  private int lowestFree = 1;

  @BootOnly
  PortTable(Domain domain) {
    this.domain = domain;
  }

  /** The entry of any number, also one that a guest made up. Needs no lock. */
  @Inline
  Port at(int port) {
    long directory = this.directory;
    if (Integer.compareUnsigned(port, EventWord.CHANNELS) >= 0 || directory == 0) {
      return Port.ABSENT;
    }
    // Acquire: pairs with the release in addBucket, so that the bucket's zeros are seen (XSA-340).
    long bucket = Memory.load64Acquire(directory + 8L * (port >>> 8));
    return bucket == 0 ? Port.ABSENT : entry(bucket, port);
  }

  private static Port entry(long bucket, int port) {
    return new Port(bucket + (long) Port.SIZEOF * (port & BUCKET_PORTS - 1));
  }

  /**
   * Takes the lowest free port below {@code limit}, as RESERVED; the caller holds the event lock.
   *
   * @param busy tells of free ports that cannot be reused yet
   * @return the port, or ENOSPC or ENOMEM
   */
  long allocate(int limit, EventAbi busy) {
    int skipped = 0;
    for (int bucket = lowestFree / BUCKET_PORTS; bucket * BUCKET_PORTS < limit; bucket++) {
      if (used[bucket] == BUCKET_PORTS) {
        continue;
      }
      if (!hasBucket(bucket) && !addBucket(bucket)) {
        return Errno.ENOMEM;
      }
      int end = Math.min(limit, (bucket + 1) * BUCKET_PORTS);
      for (int port = Math.max(1, bucket * BUCKET_PORTS); port < end; port++) {
        if (!at(port).isFree()) {
          continue;
        }
        if (!busy.isBusy(port)) {
          take(port, skipped == 0);
          return port;
        }
        if (++skipped == BUSY_SKIPPED) {
          return Errno.ENOSPC;
        }
      }
    }
    return Errno.ENOSPC;
  }

  private void take(int port, boolean lowest) {
    used[port / BUCKET_PORTS]++;
    if (lowest) {
      lowestFree = port + 1;
    }
    at(port).setLink(Link.reserved());
  }

  /** Gives {@code port} back; the caller holds the event lock. */
  void release(int port) {
    Port entry = at(port);
    entry.setLink(Link.free());
    entry.setVcpu(0);
    entry.setPriority(EventWord.PRIORITY_DEFAULT);
    entry.setRaisedLate(false);
    used[port / BUCKET_PORTS]--;
    lowestFree = Math.min(lowestFree, port);
  }

  /** One above the highest port that could be in use. */
  int end() {
    int bucket = BUCKETS;
    while (bucket > 0 && used[bucket - 1] == 0) {
      bucket--;
    }
    return bucket * BUCKET_PORTS;
  }

  /** The first port at or above {@code port} whose bucket has ports in use, or {@link #end}. */
  int skipUnused(int port) {
    int bucket = port / BUCKET_PORTS;
    int at = port;
    while (bucket < BUCKETS && used[bucket] == 0) {
      bucket++;
      at = bucket * BUCKET_PORTS;
    }
    return at;
  }

  private boolean hasBucket(int bucket) {
    return directory != 0 && Memory.load64(directory + 8L * bucket) != 0;
  }

  private boolean addBucket(int bucket) {
    if (directory == 0) {
      long frame = Frames.allocate(0, domain);
      if (frame < 0) {
        return false;
      }
      directory = frame << Frames.SHIFT;
    }
    long frame = Frames.allocate(0, domain);
    if (frame < 0) {
      return false;
    }
    long address = frame << Frames.SHIFT;
    int first = bucket * BUCKET_PORTS;
    for (int port = first; port < first + BUCKET_PORTS; port++) {
      entry(address, port).setPriority(EventWord.PRIORITY_DEFAULT);
    }
    Memory.store64Release(directory + 8L * bucket, address); // pairs with the acquire in at
    return true;
  }

  /** Frees all frames; no port is in use and nobody can reach the domain any more. */
  void free() {
    long directory = this.directory;
    if (directory == 0) {
      return;
    }
    this.directory = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      long address = Memory.load64(directory + 8L * bucket);
      if (address != 0) {
        Frames.free(address >>> Frames.SHIFT, 0);
      }
    }
    Frames.free(directory >>> Frames.SHIFT, 0);
    lowestFree = 1;
  }
}
