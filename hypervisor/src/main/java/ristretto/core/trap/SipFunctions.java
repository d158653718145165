package ristretto.core.trap;

import ristretto.core.domain.FirmwareGroups;
import ristretto.lang.Bits;
import ristretto.lang.Unboxed;

/**
 * The services of the secure monitor of Agilex, by SMC function: who may call each, and which
 * arguments are addresses. What is not here is refused to everybody. Trusted Firmware-A,
 * plat/intel/soc/common, socfpga_sip_svc.h for the numbers, socfpga_sip_svc.c for the arguments.
 *
 * <p>Not here, so that no driver gets them: the asynchronous cryptographic services, whose buffers
 * are in more registers than one rule describes.
 */
final class SipFunctions {
  /** Owner 2, silicon provider, 64-bit calls: fast ones and yielding ones. DEN 0028. */
  private static final int FAST = 0xc200_0000;

  private static final int YIELDING = 0x4200_0000;

  private static final int HWMON = FirmwareGroups.HWMON;
  private static final int FPGA = FirmwareGroups.FPGA_MGR;
  private static final int RSU = FirmwareGroups.RSU_STATUS;
  private static final int FCS = FirmwareGroups.FCS;
  private static final int DOM0 = FirmwareGroups.MANAGEMENT;
  private static final int ANY = FirmwareGroups.ALL;

  private SipFunctions() {}

  /**
   * One function. [11:0] number, [12] yielding, [17:13] groups, [21:18] and [25:22] registers with
   * an address (0 none), each followed by one with a size, [27:26] unit of the sizes.
   */
  @Unboxed
  record Entry(int bits) {
    static final int BYTES = 0;
    static final int WORDS = 1;

    /** No size is given: what comes has not more than {@link #FIXED_SIZE}. */
    static final int FIXED = 2;

    static final int FIXED_SIZE = 256;

    static Entry of(int number, boolean yielding, int groups) {
      return new Entry(Bits.put(Bits.put(number, 12, 12, yielding ? 1 : 0), 17, 13, groups));
    }

    Entry withBuffer(int register) {
      return new Entry(
          first() == 0 ? Bits.put(bits, 21, 18, register) : Bits.put(bits, 25, 22, register));
    }

    Entry in(int unit) {
      return new Entry(Bits.put(bits, 27, 26, unit));
    }

    int function() {
      return Bits.get(bits, 11, 0) | (Bits.isSet(bits, 12) ? YIELDING : FAST);
    }

    int groups() {
      return Bits.get(bits, 17, 13);
    }

    /** Register with the address of a buffer; 0: there is none. */
    int first() {
      return Bits.get(bits, 21, 18);
    }

    int second() {
      return Bits.get(bits, 25, 22);
    }

    int unit() {
      return Bits.get(bits, 27, 26);
    }
  }

  private static final Entry NONE = new Entry(0);

  private static final int[] TABLE = {
    // Configuring the FPGA: start, write, written, done, memory for it.
    fast(0x001, FPGA).bits(),
    yielding(0x002, FPGA).withBuffer(1).bits(),
    fast(0x003, FPGA).bits(),
    fast(0x004, FPGA).bits(),
    fast(0x005, FPGA).bits(),
    // Registers: the monitor has its own list of them.
    fast(0x007, DOM0).bits(),
    fast(0x008, DOM0).bits(),
    fast(0x009, DOM0).bits(),
    // Remote update: status, update, notify, retry counter, versions, retries, states.
    fast(0x00b, RSU).bits(),
    fast(0x00c, DOM0).bits(),
    fast(0x00d, DOM0).bits(), // a double-bit error of a memory
    fast(0x00e, DOM0).bits(),
    fast(0x00f, RSU).bits(),
    fast(0x010, RSU).bits(),
    fast(0x011, DOM0).bits(),
    fast(0x012, RSU).bits(),
    fast(0x013, DOM0).bits(),
    fast(0x014, RSU).bits(),
    fast(0x015, DOM0).bits(),
    fast(0x016, RSU).bits(),
    fast(0x01e, FCS).withBuffer(1).bits(), // a service has ended
    fast(0x01f, ANY).bits(), // version of the firmware
    fast(0x020, HWMON).bits(),
    fast(0x021, HWMON).bits(),
    fast(0x032, DOM0).bits(), // bridges to the FPGA
    fast(0x03c, DOM0).withBuffer(2).withBuffer(5).in(Entry.WORDS).bits(), // message to the SDM
    fast(0x03d, DOM0).bits(), // user code
    fast(0x040, DOM0).withBuffer(1).in(Entry.FIXED).bits(), // hash of the ROM's patch
    // Cryptographic services.
    fast(0x05a, FCS).withBuffer(1).in(Entry.FIXED).bits(), // random number
    yielding(0x05b, FCS).withBuffer(2).withBuffer(4).bits(), // encryption, decryption
    yielding(0x05d, DOM0).withBuffer(1).bits(), // certificate
    yielding(0x05e, FCS).bits(), // provision data
    fast(0x05f, DOM0).bits(), // counters
    fast(0x064, FCS).bits(), // end of a session
    fast(0x065, FCS).bits(), // number of the chip
    fast(0x066, FCS).withBuffer(1).withBuffer(3).bits(), // attestation
    fast(0x067, FCS).withBuffer(1).withBuffer(3).bits(),
    fast(0x068, FCS).withBuffer(2).bits(),
    fast(0x069, DOM0).bits(),
    fast(0x06e, FCS).bits(), // sessions
    fast(0x06f, FCS).bits(),
    yielding(0x070, FCS).withBuffer(1).bits(), // keys
    fast(0x071, FCS).withBuffer(3).bits(),
    fast(0x072, FCS).bits(),
    fast(0x073, FCS).withBuffer(3).bits(),
    fast(0x074, FCS).withBuffer(4).bits(), // AES
    yielding(0x075, FCS).withBuffer(3).withBuffer(5).bits(),
    yielding(0x076, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x077, FCS).bits(), // digests
    fast(0x078, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x079, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x07a, FCS).bits(), // authentication codes
    fast(0x07b, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x07c, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x07d, FCS).bits(), // signatures
    fast(0x07f, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x080, FCS).bits(),
    fast(0x081, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x082, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x083, FCS).bits(),
    fast(0x085, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x086, FCS).bits(),
    fast(0x087, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x088, FCS).withBuffer(3).withBuffer(5).bits(),
    fast(0x089, FCS).bits(),
    fast(0x08b, FCS).withBuffer(3).bits(),
    fast(0x08c, FCS).bits(),
    fast(0x08e, FCS).withBuffer(3).withBuffer(5).bits(),
    yielding(0x08f, FCS).bits(), // random number, to be fetched
    fast(0x090, FCS).withBuffer(4).withBuffer(6).bits(),
    fast(0x099, DOM0).bits(), // upsets of the FPGA's configuration
    fast(0x09a, DOM0).bits(),
    yielding(0x0c8, DOM0).bits(), // asynchronous: poll, which sees anybody's answers
    yielding(0x0c9, DOM0).bits(),
    yielding(0x0cc, DOM0).bits(), // flash: open, close, select, erase, write, read
    yielding(0x0cd, DOM0).bits(),
    yielding(0x0ce, DOM0).bits(),
    yielding(0x0cf, DOM0).bits(),
    yielding(0x0d0, DOM0).withBuffer(2).bits(),
    yielding(0x0d1, DOM0).withBuffer(3).bits(),
    yielding(0x0d2, DOM0).withBuffer(2).in(Entry.FIXED).bits(), // identity
    yielding(0x0e8, DOM0).bits(), // temperatures and voltages
    yielding(0x0e9, DOM0).bits(),
    yielding(0x0ea, DOM0).bits(), // remote update
    yielding(0x0eb, DOM0).bits(),
    yielding(0x0ec, DOM0).bits(),
    yielding(0x0ee, DOM0).withBuffer(3).withBuffer(5).bits(), // message to the SDM
    fast(0x200, ANY).bits(), // version of these services
    // The second version of the services.
    fast(0x400, DOM0).bits(),
    fast(0x401, DOM0).bits(),
    fast(0x402, DOM0).bits(),
    fast(0x403, DOM0).bits(),
    fast(0x404, DOM0).bits(),
    fast(0x405, DOM0).bits(),
    fast(0x420, DOM0).withBuffer(2).bits(),
    fast(0x421, DOM0).withBuffer(2).bits(),
  };

  private static Entry fast(int number, int groups) {
    return Entry.of(number, false, groups);
  }

  private static Entry yielding(int number, int groups) {
    return Entry.of(number, true, groups);
  }

  /** What is known of {@code function}; its groups are none if nothing is. */
  static Entry of(int function) {
    for (int i = 0; i < TABLE.length; i++) {
      Entry entry = new Entry(TABLE[i]);
      if (entry.function() == function) {
        return entry;
      }
    }
    return NONE;
  }
}
