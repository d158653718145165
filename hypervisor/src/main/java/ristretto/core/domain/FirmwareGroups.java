package ristretto.core.domain;

import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.lang.HostOnly;
import ristretto.machine.Memory;

/**
 * Groups of the firmware's services, a bit each, that a domain may call. The toolstack names them
 * in the domain's security label, {@code seclabel="smc:hwmon,fcs"}: the label comes here as a
 * security id, and with it the domain is created (docs/adr/0014).
 */
@Cold
public final class FirmwareGroups {
  public static final int NONE = 0;

  /** Temperatures and voltages. */
  public static final int HWMON = 1;

  /** Configuring the FPGA: Dom0's alone, as a label cannot name it. docs/adr/0014. */
  public static final int FPGA_MGR = 1 << 1;

  /** Which image of a remote update runs; nothing that changes that. */
  public static final int RSU_STATUS = 1 << 2;

  /** Cryptographic services. */
  public static final int FCS = 1 << 3;

  /** What no other domain than Dom0 gets: registers, updates, bridges, raw messages. */
  public static final int MANAGEMENT = 1 << 4;

  /** What a label can name. */
  private static final int GRANTABLE = HWMON | RSU_STATUS | FCS;

  public static final int ALL = GRANTABLE | FPGA_MGR | MANAGEMENT;

  /** By the number of the bit. */
  private static final String[] NAMES = {"hwmon", "fpga-mgr", "rsu-status", "fcs"};

  private static final String PREFIX = "smc:";

  /** Bytes of the longest label, each group named once. */
  public static final int LONGEST_LABEL = 64;

  /** Upper half of our security ids: none of Xen's own, which are small. */
  private static final int TAG = 0x534d;

  /** {@link #parse}: not a label of this kind at all. */
  public static final int OTHER_LABEL = -1;

  /** {@link #parse}: a group that there is not. */
  public static final int UNKNOWN_GROUP = -2;

  /** {@link #parse}: a group that no other domain than Dom0 can have. */
  public static final int GROUP_OF_DOM0 = -3;

  private FirmwareGroups() {}

  /** The names that a label can have. */
  @HostOnly
  public static String[] grantable() {
    String[] names = new String[Integer.bitCount(GRANTABLE)];
    int count = 0;
    for (int i = 0; i < NAMES.length; i++) {
      if (Bits.isSet(GRANTABLE, i)) {
        names[count] = NAMES[i];
        count++;
      }
    }
    return names;
  }

  /** The groups of the {@code length} bytes of label at {@code text}, or a negative number. */
  public static int parse(long text, int length) {
    if (!begins(text, length, PREFIX)) {
      return OTHER_LABEL;
    }
    int groups = NONE;
    int at = PREFIX.length();
    do {
      int end = at;
      while (end < length && Memory.load8(text + end) != ',') {
        end++;
      }
      int group = named(text + at, end - at);
      if (group < 0) {
        return UNKNOWN_GROUP;
      }
      groups |= (int) Bits.bit(group);
      if ((groups & ~GRANTABLE) != 0) {
        return GROUP_OF_DOM0;
      }
      at = end + 1;
    } while (at <= length);
    return groups;
  }

  private static int named(long text, int length) {
    for (int i = 0; i < NAMES.length; i++) {
      if (NAMES[i].length() == length && begins(text, length, NAMES[i])) {
        return i;
      }
    }
    return -1;
  }

  private static boolean begins(long text, int length, String with) {
    for (int i = 0; i < with.length(); i++) {
      if (i >= length || (Memory.load8(text + i) & 0xff) != with.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Writes the label of {@code groups}, at most {@link #LONGEST_LABEL} bytes; their number. */
  public static int print(int groups, long text) {
    int length = append(text, 0, PREFIX);
    boolean first = true;
    for (int i = 0; i < NAMES.length; i++) {
      if (Bits.isSet(groups, i)) {
        length = first ? length : append(text, length, ",");
        length = append(text, length, NAMES[i]);
        first = false;
      }
    }
    return length;
  }

  private static int append(long text, int length, String what) {
    for (int i = 0; i < what.length(); i++) {
      Memory.store8(text + length + i, what.charAt(i));
    }
    return length + what.length();
  }

  /** The security id that stands for {@code groups}; 0 for none. */
  public static int toSecurityId(int groups) {
    return groups == NONE ? 0 : Bits.put(groups, 31, 16, TAG);
  }

  /** The groups of a security id; none of one that is not ours. */
  public static int ofSecurityId(int id) {
    return Bits.get(id, 31, 16) == TAG ? id & GRANTABLE : NONE;
  }
}
