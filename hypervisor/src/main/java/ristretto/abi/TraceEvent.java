package ristretto.abi;

/**
 * {@code TRC_*}: what a trace record is about, and which records a mask lets through. {@code
 * xen/include/public/trace.h}, but for {@link #TRAP} and those after it, which are ours.
 */
public final class TraceEvent {
  /** {@code TRC_ALL}: a mask that lets every record through. */
  public static final int ALL = 0x0fff_f000;

  /** Bits of a mask, and of an event, that name classes. */
  public static final int CLASSES = 0x0fff_0000;

  /** Those that name subclasses. */
  public static final int SUBCLASSES = 0xf000;

  /** Records that there was no room for: how many, whose was the first, when it was. */
  public static final int LOST_RECORDS = 0x1f001;

  /** Fills the end of the buffer; what follows is at its beginning. */
  public static final int WRAP_BUFFER = 0x1f002;

  /** The old state is in bits 11 to 8, the new one in bits 7 to 4: {@code RUNSTATE_*}. */
  public static final int RUNSTATE_CHANGE = 0x21001;

  public static final int CONTINUE_RUNNING = 0x21002;
  public static final int SLEEP = 0x28003;
  public static final int WAKE = 0x28004;
  public static final int YIELD = 0x28005;
  public static final int BLOCK = 0x28006;
  public static final int SWITCH = 0x2800a;
  public static final int SWITCH_PREVIOUS = 0x2800e;
  public static final int SWITCH_NEXT = 0x2800f;
  public static final int DOMAIN_ADDED = 0x41001;
  public static final int DOMAIN_REMOVED = 0x41002;

  /**
   * An exception of a guest has been served: vCPU, ESR_EL2, counter ticks that it took, and 64 bits
   * of what it was about. In a subclass of the hardware's that Xen has no records in.
   */
  public static final int TRAP = 0x80_4001;

  /** A physical interrupt has been served while a vCPU ran: vCPU, INTID, counter ticks. */
  public static final int INTERRUPT = 0x80_4002;

  /** First in a buffer that has been read to its end: the counter's frequency in Hz. */
  public static final int FREQUENCY = 0x80_4003;

  private TraceEvent() {}

  /** The header of a record with a time stamp and {@code words} words. */
  public static int header(int event, int words) {
    return 1 << 31 | words << 28 | event;
  }

  /** The header of one without a time stamp. */
  public static int bareHeader(int event, int words) {
    return words << 28 | event;
  }

  /** {@link #RUNSTATE_CHANGE} between two of {@code RUNSTATE_*}. */
  public static int runstateChange(int from, int to) {
    return RUNSTATE_CHANGE | from << 8 | to << 4;
  }

  /** {@code mask} lets {@code event} through: its class, and its subclass. */
  public static boolean passes(int event, int mask) {
    int common = event & mask;
    return (common & CLASSES) != 0 && (common & SUBCLASSES) != 0;
  }
}
