package ristretto.core.trace;

import ristretto.abi.SysctlTrace.Head;
import ristretto.abi.TraceEvent;
import ristretto.driver.timer.GenericTimer;
import ristretto.lang.Cold;
import ristretto.machine.Barrier;
import ristretto.machine.Memory;
import ristretto.machine.SysReg;

/**
 * The records of one CPU, in pages that Dom0 has mapped too. {@code xen/include/public/trace.h},
 * {@code struct t_buf}: a record lies in one piece, and the rest of the buffer before it is filled.
 * Only that CPU writes, in EL2, where nothing interrupts it; so there is no lock. What the tool
 * writes is believed to be an offset and nothing more.
 */
@Cold
public final class TraceBuffer {
  /** Of a record with a time stamp, before its words. */
  private static final int HEADER = 12;

  private static final int LOST_WORDS = 4;

  /** Hypervisor address; 0: there is no buffer. Set once, while nothing is recorded. */
  private Head head = new Head(0);

  /** Bytes for records. */
  private int size;

  private int produced;

  /** Records that there was no room for since the last that there was, and when that began. */
  private int lost;

  private long lostSince;

  /** The buffer has become half full, and who reads it has not been told yet. */
  private boolean due;

  /** {@code dom << 16 | vcpu} of who runs here as far as has been recorded, and since when. */
  public int runner = Trace.IDLE;

  public long runsSince;

  /** The event whose record is put when what trapped has been served, and its words. */
  public int served;

  public long servedSince;
  public long cause;
  public long detail;

  /** It begins to exist: so many bytes at {@code address}, all 0. */
  void open(long address, int bytes) {
    size = bytes - Head.SIZEOF;
    head = new Head(address);
  }

  /** True once after the buffer has become half full. */
  public boolean takeDue() {
    boolean was = due;
    due = false;
    return was;
  }

  /**
   * Appends a record if the mask lets it through.
   *
   * @param words how many of the six words, of 32 bits, that follow belong to it
   */
  public void put(int event, int words, long first, long second, long third) {
    if (!Trace.wants(event) || size == 0) {
      return;
    }
    long now = SysReg.CNTPCT_EL0.read();
    if (head.consumed() == produced) { // the tool may have thrown away what was before
      boolean unused = append(TraceEvent.FREQUENCY, 2, now, GenericTimer.frequency(), 0, 0);
    }
    if (lost != 0 && append(TraceEvent.LOST_RECORDS, LOST_WORDS, now, lost, lostSince, 0)) {
      lost = 0;
    }
    if (lost == 0 && append(event, words, now, first, second, third)) {
      return;
    }
    if (lost == 0) {
      lostSince = now;
    }
    lost++;
  }

  private boolean append(int event, int words, long now, long first, long second, long third) {
    int bytes = HEADER + words * Integer.BYTES;
    int at = produced < size ? produced : produced - size;
    int rest = bytes > size - at ? size - at : 0;
    int used = used();
    if (used + rest + bytes > size) {
      return false;
    }
    long records = head.address() + Head.SIZEOF;
    if (rest != 0) {
      int words32 = rest / Integer.BYTES - 1;
      Memory.store32(records + at, TraceEvent.bareHeader(TraceEvent.WRAP_BUFFER, words32));
      at = 0;
    }
    long record = records + at;
    Memory.store32(record, TraceEvent.header(event, words));
    store(record + 4, now);
    for (int i = 0; i < words; i++) {
      long pair = i < 2 ? first : i < 4 ? second : third;
      Memory.store32(record + HEADER + (long) i * 4, (int) (i % 2 == 0 ? pair : pair >>> 32));
    }
    produced += rest + bytes;
    if (produced >= 2 * size) {
      produced -= 2 * size;
    }
    Barrier.dmbIshst(); // pairs with the tool's: it reads records after it has seen the offset
    head.setProduced(produced);
    due |= used < size / 2 && used + rest + bytes >= size / 2;
    return true;
  }

  /** Bytes that have not been read; all, if the tool's offset is none. */
  private int used() {
    int consumed = head.consumed();
    int used = produced - consumed;
    used += used < 0 ? 2 * size : 0;
    boolean sound = consumed >= 0 && consumed < 2 * size && used <= size;
    Barrier.dmbIsh(); // pairs with the tool's: it has read what is overwritten from here on
    return sound ? used : size;
  }

  private static void store(long address, long value) {
    Memory.store32(address, (int) value);
    Memory.store32(address + 4, (int) (value >>> 32));
  }
}
