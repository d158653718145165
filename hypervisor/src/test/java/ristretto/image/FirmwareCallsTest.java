package ristretto.image;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import ristretto.abi.Errno;
import ristretto.abi.FlaskOp;
import ristretto.abi.HypercallNumber;
import ristretto.core.domain.Domain;
import ristretto.core.domain.Domains;
import ristretto.core.trap.GuestCpu;
import ristretto.core.trap.SipFirewall;
import ristretto.sim.FreshImage;
import ristretto.sim.SipModel;
import ristretto.sim.Switching;

/** Calls of domains to the secure monitor's services: who gets through, with what, and who not. */
class FirmwareCallsTest {
  private static final String OPTIONS =
      "console=dtuart dtuart=serial0 dom0_mem=512M dom0_max_vcpus=1";

  private static final long CONFIG_START = 0xc200_0001L;
  private static final long CONFIG_WRITE = 0x4200_0002L;
  private static final long REG_READ = 0xc200_0007L;
  private static final long RSU_STATUS = 0xc200_000bL;
  private static final long RSU_UPDATE = 0xc200_000cL;
  private static final long READ_TEMPERATURE = 0xc200_0020L;
  private static final long MAILBOX = 0xc200_003cL;
  private static final long RANDOM_NUMBER = 0xc200_005aL;
  private static final long CHIP_ID = 0xc200_0065L;
  private static final long POLL = 0x4200_00c8L;
  private static final long UNKNOWN = 0xc200_0300L;
  private static final long NOT_SUPPORTED = -1;
  private static final long FORWARDED = SipModel.RESULT;

  /** SMC with arguments from x1 on; x0 afterwards. */
  private static long call(GuestCpu guest, long function, long... arguments) {
    for (int i = 1; i < 18; i++) {
      guest.frame().setX(i, i <= arguments.length ? arguments[i - 1] : 0);
    }
    return guest.secureMonitorCall(function);
  }

  private static Domain dom0() {
    return Objects.requireNonNull(Domains.find(0));
  }

  @Test
  void passesAllRegistersOfDom0InBothDirections() {
    FreshImage.run(AllRegisters.class);
  }

  static final class AllRegisters implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = new BootOnBoard("agilex5", 0x0, OPTIONS);
      boot.asDom0(guest -> {
        long pc = guest.pc();
        for (int i = 1; i < 18; i++) {
          guest.frame().setX(i, 0x77_0000 + i);
        }
        guest.frame().setX(18, 18);
        assertEquals(FORWARDED, guest.secureMonitorCall(POLL));
        assertEquals(pc + 4, guest.pc());
        long[] seen = boot.board.firmware().calls().getLast();
        assertEquals(POLL, seen[0]);
        for (int i = 1; i < 18; i++) {
          assertEquals(0x77_0000 + i, seen[i]);
          assertEquals(FORWARDED + i, guest.frame().x(i));
        }
        assertEquals(18, guest.frame().x(18));
        assertEquals(FORWARDED, guest.firmware(READ_TEMPERATURE, 0), "by HVC");
        assertEquals(FORWARDED, call(guest, REG_READ, 0x10d1_2200L));
        assertEquals(FORWARDED, call(guest, RSU_UPDATE, 0x100_0000));
        assertEquals(0, dom0().refusedCalls.count());
      });
    }
  }

  @Test
  void refusesWhatIsNotOnTheList() {
    FreshImage.run(NotOnTheList.class);
  }

  static final class NotOnTheList implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = new BootOnBoard("agilex7", 0x0, OPTIONS);
      boot.asDom0(guest -> {
        for (int i = 0; i < 3; i++) {
          assertEquals(NOT_SUPPORTED, call(guest, UNKNOWN));
          assertEquals(NOT_SUPPORTED, call(guest, 0x8200_ff01L));
          assertEquals(NOT_SUPPORTED, call(guest, CONFIG_WRITE | 0x8000_0000L), "a fast one");
        }
        assertEquals(NOT_SUPPORTED, call(guest, 0xc300_0001L), "an OEM's");
        assertEquals(9, dom0().refusedCalls.count());
        for (int i = 0; i < 20; i++) {
          assertEquals(NOT_SUPPORTED, call(guest, UNKNOWN + i));
        }
        assertEquals(29, dom0().refusedCalls.count());
      });
      assertEquals(List.of(), boot.board.firmware().calls());
      String console = boot.console();
      assertEquals(2, console.split("d0: firmware call 0xc2000300 is refused", -1).length);
      assertEquals(9, console.split("is refused", -1).length, "one a function, eight in all");
    }
  }

  /** Where firmware would read or write must be the caller's memory, all of it. */
  @Test
  void refusesAddressesThatAreNotDom0s() {
    FreshImage.run(Addresses.class);
  }

  static final class Addresses implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = new BootOnBoard("agilex7", 0x0, OPTIONS);
      boot.asDom0(guest -> {
        long own = boot.kernel + 0x10_0000;
        long buffer = 0x40_0000; // what GET_MEM names: reserved for this
        long image = boot.board.image();
        assertEquals(FORWARDED, call(guest, CONFIG_WRITE, own, 0x8_0000));
        assertEquals(FORWARDED, call(guest, CONFIG_WRITE, buffer, 0x1c0_0000));
        assertEquals(FORWARDED, call(guest, CONFIG_WRITE, 0, 0), "nothing");
        assertEquals(FORWARDED, call(guest, MAILBOX, 1, own, 16, 0, own + 64, 16));
        assertEquals(FORWARDED, call(guest, RANDOM_NUMBER, own));
        int passed = boot.board.firmware().calls().size();
        long[][] wrong = {
          {CONFIG_WRITE, image, 64},
          {CONFIG_WRITE, image - 32, 64},
          {CONFIG_WRITE, own, image - own + 1},
          {CONFIG_WRITE, 0x2_8000_0000L + (5L << 30), 64}, // free RAM
          {CONFIG_WRITE, 0xfffc_1000L, 64}, // the distributor
          {CONFIG_WRITE, 0xffd1_2000L, 64}, // a device, although Dom0's
          {CONFIG_WRITE, -64, 128},
          {CONFIG_WRITE, own, -1},
          {CONFIG_WRITE, own, 1L << 40},
          {CONFIG_WRITE, 1L << 50, 64},
          {MAILBOX, 1, own, 16, 0, image, 16},
          {MAILBOX, 1, image, 16, 0, own, 16},
          {MAILBOX, 1, own, image - own >> 2 | 1, 0, own, 16},
          {RANDOM_NUMBER, image},
          {RANDOM_NUMBER, image - 64},
        };
        for (long[] arguments : wrong) {
          long[] rest = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
          assertEquals(
              NOT_SUPPORTED,
              call(guest, arguments[0], rest),
              () -> java.util.HexFormat.of().toHexDigits(arguments[1]));
        }
        assertEquals(passed, boot.board.firmware().calls().size());
        assertEquals(wrong.length, dom0().refusedCalls.count());
      });
    }
  }

  /** One call at a time: who comes meanwhile makes his again. */
  @Test
  void letsOneCallInAtATime() {
    FreshImage.run(OneAtATime.class);
  }

  static final class OneAtATime implements Runnable {
    @Override
    public void run() {
      BootOnBoard boot = new BootOnBoard("agilex5", 0x0, OPTIONS);
      boot.asDom0(guest -> {
        List<Long> meanwhile = new ArrayList<>();
        long pc = guest.pc();
        boot.board
            .firmware()
            .during(() ->
                boot.board
                    .machine()
                    .observe(() -> {
                      boot.board.firmware().during(() -> {});
                      long before = guest.pc();
                      meanwhile.add(call(guest, RSU_STATUS));
                      meanwhile.add(guest.pc() - before);
                    }));
        assertEquals(FORWARDED, call(guest, READ_TEMPERATURE, 0));
        assertEquals(List.of(RSU_STATUS, 0L), meanwhile);
        assertEquals(pc + 4, guest.pc());
        assertEquals(1, boot.board.firmware().calls().size());
        assertEquals(FORWARDED, call(guest, RSU_STATUS));
      });
    }
  }

  /** Other machines have other firmware, which nobody has looked at. */
  @Test
  void forwardsNothingOnOtherMachines() {
    FreshImage.run(OtherMachine.class);
  }

  static final class OtherMachine implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      SipModel firmware = new SipModel();
      boot.board.machine().secureMonitor(firmware);
      boot.board
          .machine()
          .run(() -> {
            GuestCpu guest = boot.bootHere();
            assertEquals(NOT_SUPPORTED, call(guest, READ_TEMPERATURE, 0));
            assertEquals(1, dom0().refusedCalls.count());
          });
      assertEquals(List.of(), firmware.calls());
    }
  }

  @Test
  void givesOtherDomainsNothingUnlessTheirLabelSaysSo() {
    FreshImage.run(Unlabelled.class);
    FreshImage.run(Labelled.class);
    FreshImage.run(WithEveryLabel.class);
  }

  static final class Unlabelled implements Runnable {
    @Override
    public void run() {
      asDomU(
          "",
          guest -> {
            for (long function :
                new long[] {CONFIG_START, READ_TEMPERATURE, RSU_STATUS, CHIP_ID, POLL, REG_READ}) {
              assertEquals(NOT_SUPPORTED, call(guest, function));
            }
            assertEquals(NOT_SUPPORTED, guest.firmware(READ_TEMPERATURE, 0), "by HVC");
          });
    }
  }

  static final class Labelled implements Runnable {
    @Override
    public void run() {
      asDomU(
          "smc:hwmon,fcs",
          guest -> {
            assertEquals(FORWARDED, call(guest, READ_TEMPERATURE, 0));
            assertEquals(FORWARDED, call(guest, CHIP_ID));
            assertEquals(FORWARDED + 3, guest.frame().x(3));
            assertEquals(NOT_SUPPORTED, call(guest, RSU_STATUS));
            assertEquals(NOT_SUPPORTED, call(guest, CONFIG_START));
            assertEquals(NOT_SUPPORTED, call(guest, REG_READ));
            assertEquals(NOT_SUPPORTED, call(guest, RSU_UPDATE));
            assertEquals(NOT_SUPPORTED, call(guest, POLL));
            // Its own memory is elsewhere than it believes.
            assertEquals(NOT_SUPPORTED, call(guest, RANDOM_NUMBER, DomainBuilder.ENTRY));
          });
    }
  }

  /** Whoever starts a configuration stops the FPGA: no label lets a DomU do that. */
  static final class WithEveryLabel implements Runnable {
    @Override
    public void run() {
      asDomU(
          "smc:hwmon,rsu-status,fcs",
          guest -> {
            for (long number = 1; number <= 5; number++) {
              long kind = number == 2 ? CONFIG_WRITE & -16 : CONFIG_START & -16;
              assertEquals(
                  NOT_SUPPORTED,
                  call(guest, kind | number, DomainBuilder.ENTRY, 64),
                  "configuring");
            }
            assertEquals(FORWARDED, call(guest, RSU_STATUS));
          });
    }
  }

  /** Runs {@code program} in a domain with this label, on a CPU of its own. */
  private static void asDomU(String label, Consumer<GuestCpu> program) {
    var boot = new BootOnSimulatedVirt(2, 3, OPTIONS, Switching.NEVER);
    boot.board.machine().secureMonitor(new SipModel());
    boolean[] over = new boolean[1];
    boot.onSecondary(guest -> {
      program.accept(guest);
      over[0] = true;
      while (true) {
        guest.spin();
      }
    });
    boot.board
        .machine()
        .run(() -> {
          GuestCpu guest = boot.bootHere();
          SipFirewall.configure(true);
          DomainBuilder domain = new DomainBuilder(guest, 1);
          if (!label.isEmpty()) {
            assertEquals(0, toId(boot, guest, label));
            domain.securityId = (int) guest.load(DomainBuilder.ARGUMENT + FlaskOp.SID, 4);
          }
          domain.build();
          assertEquals(0, domain.unpause());
          while (!over[0]) {
            guest.spin();
          }
          Domain made = Objects.requireNonNull(Domains.find(domain.id));
          assertTrue(made.refusedCalls.count() > 0);
          assertEquals(0, dom0().refusedCalls.count());
          assertEquals(0, domain.destroy());
          assertFalse(boot.console().contains("crashed"), boot.console());
          assertTrue(boot.console().contains("d" + domain.id + ": firmware call"), boot.console());
        });
  }

  private static long toId(BootOnSimulatedVirt boot, GuestCpu dom0, String label) {
    boot.board.load(DomainBuilder.LIST, label.getBytes(US_ASCII));
    dom0.store(DomainBuilder.ARGUMENT + FlaskOp.CMD, 4, FlaskOp.CONTEXT_TO_SID);
    dom0.store(DomainBuilder.ARGUMENT + FlaskOp.INTERFACE_VERSION, 4, FlaskOp.VERSION);
    dom0.store(DomainBuilder.ARGUMENT + FlaskOp.SIZE, 4, label.length());
    dom0.store(DomainBuilder.ARGUMENT + FlaskOp.CONTEXT, 8, DomainBuilder.LIST);
    return dom0.hypercall(HypercallNumber.XSM_OP, DomainBuilder.ARGUMENT);
  }

  @Test
  void aDomainIsMadeWithWhatTheLabelMeans() {
    FreshImage.run(Labels.class);
  }

  static final class Labels implements Runnable {
    @Override
    public void run() {
      var boot = new BootOnSimulatedVirt(1, 3, OPTIONS, Switching.NEVER);
      boot.board
          .machine()
          .run(() -> {
            GuestCpu guest = boot.bootHere();
            assertEquals(0, toId(boot, guest, "smc:rsu-status"));
            assertEquals(Errno.EINVAL, toId(boot, guest, "smc:rsu"));
            assertEquals(Errno.EINVAL, toId(boot, guest, "smc:"));
            assertEquals(Errno.EINVAL, toId(boot, guest, "smc:fcs,"));
            assertEquals(Errno.ENOSYS, toId(boot, guest, "system_u:system_r:domU_t"));
          });
    }
  }
}
