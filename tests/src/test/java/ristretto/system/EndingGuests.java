package ristretto.system;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Guests of a few instructions, a sector of a disk each: each ends itself for one reason of {@code
 * SCHEDOP_shutdown}, 0 to 5 (xen/include/public/sched.h). The last asks for nothing and waits: a
 * reason that there is not would end it under Xen, which takes any byte.
 */
final class EndingGuests {
  private static final int GUESTS = 7;
  private static final int SECTOR = 512;

  /** Linux, Documentation/arch/arm64/booting.rst: where the magic number is and what follows. */
  private static final int MAGIC_AT = 56;

  private static final int MAGIC = 0x644d_5241;
  private static final int HEADER = 64;

  private static final int BRANCH_OVER_HEADER = 0x1400_0010;

  /** From the first instruction behind the header. */
  private static final int BRANCH_TO_WAIT = 0x1400_0004;

  private static final List<Integer> CODE =
      List.of(
          0xd280_03b0, // mov x16, #29    __HYPERVISOR_sched_op
          0xd280_0040, // mov x0, #2      SCHEDOP_shutdown
          0x1000_0081, // adr x1, reason
          0xd401_d422, // hvc #0xea1
          0xd503_207f, // wait: wfi
          0x17ff_ffff); //      b wait

  private EndingGuests() {}

  /** Writes the disk. */
  static Path write(Path disk) throws IOException {
    ByteBuffer sectors = ByteBuffer.allocate(GUESTS * SECTOR).order(ByteOrder.LITTLE_ENDIAN);
    for (int reason = 0; reason < GUESTS; reason++) {
      int start = reason * SECTOR;
      sectors.putInt(start, BRANCH_OVER_HEADER);
      sectors.putInt(start + MAGIC_AT, MAGIC);
      sectors.position(start + HEADER);
      CODE.forEach(sectors::putInt);
      sectors.putInt(reason);
      if (reason == GUESTS - 1) {
        sectors.putInt(start + HEADER, BRANCH_TO_WAIT);
      }
    }
    return Files.write(disk, sectors.array());
  }
}
