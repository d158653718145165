package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Xenver;
import ristretto.machine.ImageSymbol;
import ristretto.machine.Memory;

class VersionOpTest {
  private static final long BUFFER = Guest.ARGUMENT;

  private static long version(Guest guest, int operation, long argument) {
    return guest.call(HypercallNumber.XEN_VERSION, operation, argument);
  }

  @Test
  void reportsXen420() {
    Guest.dom0(guest -> assertEquals(0x40014, version(guest, Xenver.VERSION, 0)));
  }

  @Test
  void unknownNumbersAreNotImplemented() {
    Guest.domU(guest -> {
      for (int number = 0; number < 64; number++) {
        if (number == 18 || number == 13) {
          continue;
        }
        for (int operation : new int[] {-1, 63, 255, Integer.MIN_VALUE}) {
          long result = guest.call(number, operation, 0, 0);
          boolean refused =
              result == Errno.ENOSYS || result == Errno.EPERM || result == Errno.EINVAL;
          assertEquals(true, refused, number + "/" + operation + ": " + result);
        }
      }
      assertEquals(Errno.ENOSYS, guest.call(0xffff));
      guest.vcpu.frame.setX(16, 1L << 32 | HypercallNumber.XEN_VERSION);
      Hypercalls.dispatch(guest.vcpu, guest.vcpu.frame);
      assertEquals(Errno.ENOSYS, guest.vcpu.frame.x(0), "the number has 64 bits");
    });
  }

  /** XSA-122: what is copied out is the text and zeros, whatever lay in our buffer before. */
  @Test
  void textsAreZeroBehindTheirEnd() {
    Guest.dom0(guest -> {
      assertText(guest, Xenver.EXTRAVERSION, ".0-ristretto", 16);
      assertText(guest, Xenver.CAPABILITIES, "xen-3.0-aarch64 xen-3.0-armv7l ", 1024);
      assertText(guest, Xenver.CHANGESET, "", 64);
      assertText(guest, Xenver.COMMANDLINE, "", 1024);
      assertText(guest, Xenver.GUEST_HANDLE, "", 16);
      assertText(guest, Xenver.PLATFORM_PARAMETERS, "", 8);
    });
  }

  private static void assertText(Guest guest, int operation, String text, int size) {
    ristretto.machine.Memory.zero(Scratch.buffer(), Scratch.BUFFER_SIZE);
    for (int i = 0; i < Scratch.BUFFER_SIZE; i++) {
      ristretto.machine.Memory.store8(Scratch.buffer() + i, 0x5a);
    }
    guest.paint(BUFFER);
    assertEquals(Errno.OK, version(guest, operation, BUFFER));
    assertEquals(text + "\0".repeat(size - text.length()), guest.text(BUFFER, size));
    assertEquals(0xa5, guest.read8(BUFFER + size));
  }

  @Test
  void compileInfoIsTheSameAtEveryBuild() {
    Guest.dom0(guest -> {
      guest.paint(BUFFER);
      assertEquals(Errno.OK, version(guest, Xenver.COMPILE_INFO, BUFFER));
      String info = guest.text(BUFFER, 144);
      assertEquals("Thu Jan  1 00:00:00 UTC 2026\0\0\0\0", info.substring(112));
      assertEquals(-1, info.indexOf(0xa5));
    });
  }

  @Test
  void featuresAreThoseOfXen() {
    Guest.dom0(guest -> assertFeatures(guest, 0x66805));
    Guest.domU(guest -> assertFeatures(guest, 0x56005));
  }

  private static void assertFeatures(Guest guest, int expected) {
    guest.write32(BUFFER, 0);
    assertEquals(Errno.OK, version(guest, Xenver.GET_FEATURES, BUFFER));
    assertEquals(expected, guest.read32(BUFFER + 4));
    guest.write32(BUFFER, 1);
    assertEquals(Errno.EINVAL, version(guest, Xenver.GET_FEATURES, BUFFER));
  }

  @Test
  void takesThePlaceOfAnotherRelease() {
    Guest.dom0(guest -> {
      int usual = VersionOp.minor();
      VersionOp.setMinor(17);
      assertEquals(0x40011, version(guest, Xenver.VERSION, 0));
      VersionOp.setMinor(usual);
    });
  }

  @Test
  void variableTextsTellTheirSizeFirst() {
    Guest.dom0(guest -> {
      assertEquals(12, version(guest, Xenver.EXTRAVERSION2, 0));
      guest.paint(BUFFER);
      guest.write32(BUFFER, 11);
      assertEquals(Errno.ENOBUFS, version(guest, Xenver.EXTRAVERSION2, BUFFER));
      guest.write32(BUFFER, 0);
      assertEquals(Errno.EINVAL, version(guest, Xenver.EXTRAVERSION2, BUFFER));
      guest.write32(BUFFER, -1);
      assertEquals(12, version(guest, Xenver.EXTRAVERSION2, BUFFER));
      assertEquals(".0-ristretto", guest.text(BUFFER + 4, 12));
      assertEquals(0xa5, guest.read8(BUFFER + 16));
      assertEquals(0, version(guest, Xenver.CHANGESET2, 0));
      guest.write32(BUFFER, 0);
      assertEquals(0, version(guest, Xenver.CHANGESET2, BUFFER));
    });
  }

  @Test
  void aDomUIsNotToldHowTheHypervisorWasStarted() {
    Guest.domU(guest -> {
      assertText(guest, Xenver.COMMANDLINE, "<denied>", 1024);
      assertEquals(Errno.EPERM, version(guest, Xenver.COMMANDLINE2, 0));
      assertEquals(Errno.EPERM, version(guest, Xenver.BUILD_ID, 0));
    });
  }

  @Test
  void tellsDom0TheBuildId() {
    Guest.dom0(guest -> {
      long note = ImageSymbol.BUILD_ID.address();
      assertEquals(Errno.ENODATA, version(guest, Xenver.BUILD_ID, 0), "no note");
      Memory.store32(note, 4);
      Memory.store32(note + 4, 8);
      Memory.store32(note + 8, 3);
      Memory.store32(note + 12, 'G' | 'N' << 8 | 'U' << 16);
      Memory.store64(note + 16, 0x1122334455667788L);
      assertEquals(8, version(guest, Xenver.BUILD_ID, 0));
      guest.paint(BUFFER);
      guest.write32(BUFFER, 8);
      assertEquals(8, version(guest, Xenver.BUILD_ID, BUFFER));
      assertEquals(0x1122334455667788L, guest.read64(BUFFER + 4));
      assertEquals(0xa5, guest.read8(BUFFER + 12));
      guest.write32(BUFFER, 7);
      assertEquals(Errno.ENOBUFS, version(guest, Xenver.BUILD_ID, BUFFER));
      guest.write32(BUFFER, 0);
      assertEquals(Errno.EINVAL, version(guest, Xenver.BUILD_ID, BUFFER));
      Memory.store32(note + 4, -1);
      assertEquals(Errno.ENODATA, version(guest, Xenver.BUILD_ID, BUFFER));
    });
  }

  @Test
  void badBuffersAreRefused() {
    Guest.dom0(guest -> {
      int[] operations = {
        Xenver.EXTRAVERSION, Xenver.COMPILE_INFO, Xenver.CAPABILITIES, Xenver.CHANGESET,
        Xenver.PLATFORM_PARAMETERS, Xenver.GET_FEATURES, Xenver.GUEST_HANDLE, Xenver.COMMANDLINE
      };
      for (long address : guest.badAddresses(8)) {
        for (int operation : operations) {
          assertEquals(
              Errno.EFAULT, version(guest, operation, address), operation + " at " + address);
        }
      }
      guest.readOnly(BUFFER); // XSA-98
      guest.write32(BUFFER, 0);
      for (int operation : operations) {
        assertEquals(Errno.EFAULT, version(guest, operation, BUFFER));
      }
      assertEquals(0, guest.read64(BUFFER));
      assertEquals(4096, version(guest, Xenver.PAGESIZE, 0));
      assertEquals(Errno.EINVAL, version(guest, Xenver.PAGESIZE, BUFFER));
    });
  }

  @Test
  void anAnswerMayCrossPages() {
    Guest.dom0(guest -> {
      assertEquals(Errno.OK, version(guest, Xenver.EXTRAVERSION, BUFFER + 4096 - 3));
      assertEquals(".0-ristretto\0", guest.text(BUFFER + 4096 - 3, 13));
    });
  }
}
