package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomainInfo;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.DomctlVcpu;
import ristretto.abi.Errno;
import ristretto.abi.HypercallNumber;
import ristretto.abi.Virq;
import ristretto.core.cpu.Cpu;
import ristretto.core.cpu.Cpus;
import ristretto.core.domain.Domain;
import ristretto.core.domain.MachineDevices;
import ristretto.core.domain.PauseReason;
import ristretto.core.domain.ShutdownReason;
import ristretto.core.event.Bindings;
import ristretto.core.event.EventMachine;
import ristretto.core.mm.Frames;
import ristretto.core.mm.P2mType;
import ristretto.core.sched.Pools;
import ristretto.core.time.Wallclock;
import ristretto.machine.Memory;
import ristretto.sim.FreshImage;

/** domctl: who may call, for which releases, and the commands that set or tell one thing. */
class DomctlOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long LIST = Guest.LIST;
  private static final long PAYLOAD = A + Domctl.PAYLOAD;
  private static final int XEN_4_20 = 0x17;
  private static final int HARD = 1;
  private static final int SOFT = 2;

  private static long domctl(Guest guest, int command, int domain) {
    guest.write32(A, command);
    guest.write32(A + 4, XEN_4_20);
    guest.write64(A + 8, domain);
    return guest.call(HypercallNumber.DOMCTL, A);
  }

  @Test
  void isDom0sAlone() {
    Guest.domU(guest -> {
      for (int command = 0; command < 100; command++) {
        assertEquals(Errno.EPERM, domctl(guest, command, guest.domain.id), "command " + command);
      }
      assertEquals(Errno.EPERM, guest.call(HypercallNumber.DOMCTL, 0));
    });
  }

  @Test
  void knowsTheReleasesThatItServes() {
    Guest.dom0(guest -> {
      guest.write32(A, DomctlCommand.GET_DOMAIN_INFO);
      guest.write64(A + 8, 0);
      for (int version : new int[] {0x15, 0x16, 0x17, 0x18}) {
        guest.write32(A + 4, version);
        assertEquals(Errno.OK, guest.call(HypercallNumber.DOMCTL, A));
      }
      for (int version : new int[] {0, 0x14, 0x19, -1, 0x1500_0000, Integer.MIN_VALUE}) {
        guest.write32(A + 4, version);
        assertEquals(Errno.EACCES, guest.call(HypercallNumber.DOMCTL, A), "version " + version);
      }
    });
  }

  @Test
  void refusesWhatItCannotRead() {
    Guest.dom0(guest -> {
      for (long address : guest.badAddresses(Domctl.SIZEOF)) {
        assertEquals(Errno.EFAULT, guest.call(HypercallNumber.DOMCTL, address));
      }
    });
  }

  @Test
  void whatItAnswersMustBeWritable() {
    Guest.dom0(guest -> {
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_DOMAIN_INFO, 0));
      guest.readOnly(A);
      assertEquals(Errno.EFAULT, guest.call(HypercallNumber.DOMCTL, A));
    });
  }

  @Test
  void namesDomainsThatDoNotExist() {
    Guest.dom0(guest -> {
      guest.another(6);
      for (int domain : new int[] {5, 70, 0x7ff0, 0x7ff4, 0xffff}) {
        assertEquals(Errno.ESRCH, domctl(guest, DomctlCommand.GET_DOMAIN_INFO, domain));
        assertEquals(Errno.ESRCH, domctl(guest, DomctlCommand.PAUSE_DOMAIN, domain));
        assertEquals(Errno.ESRCH, domctl(guest, 1000, domain));
      }
    });
  }

  @Test
  void toolsOf417WalkFromDomainToDomain() {
    Guest.dom0(guest -> {
      guest.another(6);
      guest.write32(A, DomctlCommand.GET_DOMAIN_INFO);
      guest.write32(A + 4, Domctl.VERSION_4_17);
      guest.write64(A + 8, 1);
      assertEquals(Errno.OK, guest.call(HypercallNumber.DOMCTL, A));
      assertEquals(6, guest.read32(A + Domctl.DOMAIN) & 0xffff);
      guest.write64(A + 8, 7);
      assertEquals(Errno.ESRCH, guest.call(HypercallNumber.DOMCTL, A));
    });
  }

  @Test
  void doesNotPretend() {
    Guest.dom0(guest -> {
      guest.another(6);
      int[] absent = {
        0, 6, 7, 8, 10, 18, 21, 22, 23, 26, 28, 33, 34, 40, 42, 43, 44, 46, 54, 55, 56, 57, 59, 60,
        61, 62, 63, 64, 65, 67, 72, 73, 74, 75, 78, 79, 82, 83, 84, 88, 1000, -1
      };
      for (int command : absent) {
        assertEquals(Errno.ENOSYS, domctl(guest, command, 6), "command " + command);
      }
      int[] refused = {
        DomctlCommand.GET_DEVICE_GROUP,
        DomctlCommand.MONITOR_OP,
        DomctlCommand.DT_OVERLAY,
        DomctlCommand.SET_LLC_COLORS
      };
      for (int command : refused) {
        assertEquals(Errno.EOPNOTSUPP, domctl(guest, command, 6), "command " + command);
      }
    });
  }

  @Test
  void virtualInterruptsOfTheMachineAreDom0s() {
    Guest.dom0(guest -> {
      guest.another(6);
      guest.write32(A + Domctl.PAYLOAD, Virq.DOM_EXC);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SET_VIRQ_HANDLER, 0));
      assertEquals(Errno.EOPNOTSUPP, domctl(guest, DomctlCommand.SET_VIRQ_HANDLER, 6));
      for (int virq : new int[] {Virq.TIMER, Virq.DEBUG, Virq.ARGO, Virq.COUNT, -1}) {
        guest.write32(A + Domctl.PAYLOAD, virq);
        assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_VIRQ_HANDLER, 0));
      }
    });
  }

  // getdomaininfo

  @Test
  void describesADomain() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      other.handle[0] = 0x0102030405060708L;
      other.handle[1] = -2;
      other.memory.setMemoryLimit(1000);
      guest.paint(A);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_DOMAIN_INFO, 6));
      assertEquals(6, guest.read32(A + Domctl.DOMAIN) & 0xffff);
      assertEquals(6, guest.read32(PAYLOAD), "and no padding of the caller's or ours");
      assertEquals(256, guest.read64(PAYLOAD + DomainInfo.TOT_PAGES));
      assertEquals(1000, guest.read64(PAYLOAD + DomainInfo.MAX_PAGES));
      assertEquals(-1, guest.read64(PAYLOAD + DomainInfo.SHARED_INFO_FRAME));
      assertEquals(0, guest.read32(PAYLOAD + DomainInfo.NR_ONLINE_VCPUS));
      assertEquals(1, guest.read32(PAYLOAD + DomainInfo.MAX_VCPU_ID));
      assertEquals(0x05060708, guest.read32(PAYLOAD + DomainInfo.HANDLE));
      assertEquals(0x01020304, guest.read32(PAYLOAD + DomainInfo.HANDLE + 4));
      assertEquals(-2, guest.read32(PAYLOAD + DomainInfo.HANDLE + 8));
      assertEquals(0, guest.read32(PAYLOAD + DomainInfo.CPUPOOL));
      assertEquals(40, guest.read64(PAYLOAD + DomainInfo.GPADDR_BITS));
      assertEquals(0, guest.read64(PAYLOAD + DomainInfo.ARCH_CONFIG));
      assertEquals(0xff_0102, flags(guest), "runs; HVM, HAP; no vCPU is online");
      long gfn = EventMachine.gfn(50);
      assertEquals(Errno.OK, other.shared.map(gfn));
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_DOMAIN_INFO, 6));
      assertEquals(gfn, guest.read64(PAYLOAD + DomainInfo.SHARED_INFO_FRAME));
    });
  }

  private static int flags(Guest guest) {
    return guest.read32(PAYLOAD + DomainInfo.FLAGS);
  }

  @Test
  void tellsWhatADomainDoes() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      other.vcpus[0].pauses.set(PauseReason.BLOCKED);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_DOMAIN_INFO, 6));
      assertEquals(0xff_0112, flags(guest), "blocked");
      assertEquals(1, guest.read32(PAYLOAD + DomainInfo.NR_ONLINE_VCPUS));
      other.vcpus[1].pauses.set(0);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_DOMAIN_INFO, 6));
      assertEquals(0xff_0102, flags(guest), "runnable");
      other.shutdown(ShutdownReason.REBOOT);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_DOMAIN_INFO, 6));
      assertEquals(0x01_0106, flags(guest), "shut down");
    });
  }

  // getvcpuinfo

  @Test
  void describesAVcpu() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      other.vcpus[1].pauses.set(PauseReason.BLOCKED);
      guest.paint(A);
      guest.write32(PAYLOAD, 1);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_VCPU_INFO, 6));
      assertEquals(0x0000_0101_0000_0001L, guest.read64(PAYLOAD));
      assertEquals(0, guest.read64(PAYLOAD + DomctlVcpu.VcpuState.CPU_TIME));
      assertEquals(0, guest.read64(PAYLOAD + DomctlVcpu.VcpuState.CPU));
      for (int vcpu : new int[] {2, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
        guest.write32(PAYLOAD, vcpu);
        assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.GET_VCPU_INFO, 6));
      }
    });
  }

  // Affinities

  private static void twoCpus() {
    while (Cpus.count() < 2) {
      Cpus.add(Cpu.current());
    }
  }

  private static void affinity(Guest guest, int vcpu, int flags, int hard, int soft) {
    guest.write32(PAYLOAD, vcpu);
    guest.write32(PAYLOAD + 4, flags);
    guest.write64(PAYLOAD + 8, LIST);
    guest.write32(PAYLOAD + 16, 16);
    guest.write64(PAYLOAD + 24, LIST + 8);
    guest.write32(PAYLOAD + 32, 16);
    guest.write64(LIST, hard);
    guest.write64(LIST + 8, soft);
  }

  @Test
  void pinsVcpus() {
    Guest.dom0(guest -> {
      twoCpus();
      int cpus = (1 << Cpus.count()) - 1;
      Domain other = guest.another(6);
      affinity(guest, 1, HARD | SOFT, -1, -1);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_VCPU_AFFINITY, 6));
      assertEquals(0xffff_ffff_ffff_0000L | cpus, guest.read64(LIST), "16 bits are told");
      assertEquals(0xffff_ffff_ffff_0000L | cpus, guest.read64(LIST + 8));
      affinity(guest, 1, HARD, 1, 2);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
      assertEquals(1, other.vcpus[1].affinity);
      affinity(guest, 1, SOFT, 2, -1);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
      assertEquals(1, other.vcpus[1].affinity);
      assertEquals(0xffff_ffff_ffff_0001L, guest.read64(LIST + 8), "soft within hard");
      affinity(guest, 1, HARD | SOFT, 0, 0);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_VCPU_AFFINITY, 6));
      assertEquals(1, guest.read64(LIST));
      assertEquals(cpus, guest.read64(LIST + 8), "as it was set");
    });
  }

  @Test
  void refusesToPinToWhatThePoolHasNot() {
    FreshImage.run(LeftOut.class); // the pool would stay without that CPU
  }

  static final class LeftOut implements Runnable {
    @Override
    public void run() {
      Guest.dom0(guest -> {
        twoCpus();
        guest.another(6);
        Pools.leaveOut(Cpu.current());
        affinity(guest, 0, HARD, 1 << Cpu.current().index, 0);
        assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
        affinity(guest, 0, HARD, 0b11, 0);
        assertEquals(Errno.OK, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
      });
    }
  }

  @Test
  void refusesToPinToNothing() {
    Guest.dom0(guest -> {
      twoCpus();
      Domain other = guest.another(6);
      long before = other.vcpus[0].affinity;
      for (int cpus : new int[] {0, 0x100}) {
        affinity(guest, 0, HARD, cpus, 0);
        assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
        affinity(guest, 0, SOFT, 0, cpus);
        assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
      }
      for (int flags : new int[] {0, 4, 8, -1}) {
        affinity(guest, 0, flags, 1, 1);
        assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
        assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.GET_VCPU_AFFINITY, 6));
      }
      affinity(guest, 2, HARD, 1, 1);
      assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
      affinity(guest, 0, HARD, 1, 1);
      guest.write64(PAYLOAD + 8, 0);
      assertEquals(Errno.EFAULT, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6));
      assertEquals(Errno.EFAULT, domctl(guest, DomctlCommand.GET_VCPU_AFFINITY, 6));
      guest.write32(PAYLOAD + 16, 0);
      assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_VCPU_AFFINITY, 6), "no room");
      assertEquals(before, other.vcpus[0].affinity);
    });
  }

  /** A set with room for 2^32 members is answered as far as members can be. */
  @Test
  void hugeSetsAreBounded() {
    Guest.dom0(guest -> {
      twoCpus();
      guest.another(6);
      affinity(guest, 0, HARD, 1, 1);
      guest.write32(PAYLOAD + 16, -1);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_VCPU_AFFINITY, 6));
      assertEquals(0, guest.read64(LIST + 2040));
      assertEquals(0x55, paintedAt(guest, LIST + 2048));
    });
  }

  private static int paintedAt(Guest guest, long address) {
    Memory.store8(guest.at(address), 0x55);
    assertEquals(Errno.OK, guest.call(HypercallNumber.DOMCTL, A));
    return guest.read8(address);
  }

  @Test
  void hasOneNode() {
    Guest.dom0(guest -> {
      guest.write64(PAYLOAD, LIST);
      guest.write32(PAYLOAD + 8, 8);
      guest.write64(LIST, -1);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SET_NODE_AFFINITY, 0));
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_NODE_AFFINITY, 0));
      assertEquals(-255, guest.read64(LIST));
      guest.write64(LIST, 0xfe);
      assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_NODE_AFFINITY, 0));
      guest.write64(PAYLOAD, 0);
      assertEquals(Errno.EFAULT, domctl(guest, DomctlCommand.SET_NODE_AFFINITY, 0));
      assertEquals(Errno.EFAULT, domctl(guest, DomctlCommand.GET_NODE_AFFINITY, 0));
    });
  }

  // Settings

  private static long schedule(Guest guest, int scheduler, int command, int weight, int cap) {
    guest.write32(PAYLOAD, scheduler);
    guest.write32(PAYLOAD + 4, command);
    guest.write16(PAYLOAD + 8, weight);
    guest.write16(PAYLOAD + 10, cap);
    return domctl(guest, DomctlCommand.SCHEDULER_OP, 6);
  }

  @Test
  void keepsWeightAndCap() {
    Guest.dom0(guest -> {
      guest.another(6);
      assertEquals(Errno.OK, schedule(guest, 6, 1, 1, 1));
      assertEquals(256, guest.read32(PAYLOAD + 8), "weight 256, cap 0");
      assertEquals(Errno.OK, schedule(guest, 6, 0, 512, 0xffff));
      assertEquals(Errno.OK, schedule(guest, 6, 0, 0, 50));
      assertEquals(Errno.OK, schedule(guest, 6, 1, 0, 0));
      assertEquals(512 | 50 << 16, guest.read32(PAYLOAD + 8));
      for (int command : new int[] {2, 3, 4, -1}) {
        assertEquals(Errno.EINVAL, schedule(guest, 6, command, 1, 1));
      }
      for (int scheduler : new int[] {0, 5, 7, 9, -1}) {
        assertEquals(Errno.EINVAL, schedule(guest, scheduler, 1, 1, 1));
      }
    });
  }

  @Test
  void setsTheHandle() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      guest.write64(PAYLOAD, 0x1122334455667788L);
      guest.write64(PAYLOAD + 8, -3);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SET_DOMAIN_HANDLE, 6));
      assertEquals(0x1122334455667788L, other.handle[0]);
      assertEquals(-3, other.handle[1]);
    });
  }

  @Test
  void movesADomainsTimeOfDay() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      Wallclock.set(1_800_000_000, 0, 0);
      guest.write64(PAYLOAD, -3600);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SET_TIME_OFFSET, 6));
      assertEquals(1_799_996_400, wallclock(other));
      assertEquals(1_800_000_000, wallclock(guest.domain));
      Wallclock.set(1_900_000_000, 0, 0);
      assertEquals(1_899_996_400, wallclock(other));
    });
  }

  private static int wallclock(Domain domain) {
    return Memory.load32(domain.shared.info().address() + 1076);
  }

  @Test
  void guestsHave64Bits() {
    Guest.dom0(guest -> {
      guest.another(6);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.GET_ADDRESS_SIZE, 6));
      assertEquals(64, guest.read32(PAYLOAD));
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SET_ADDRESS_SIZE, 6));
      guest.write32(PAYLOAD, 32);
      assertEquals(Errno.EINVAL, domctl(guest, DomctlCommand.SET_ADDRESS_SIZE, 6));
    });
  }

  // Devices

  private static final int DEVICE = 0x9010;
  private static final int DEVICE_INTERRUPT = 34;

  private static void devices() {
    MachineDevices.clear();
    MachineDevices.add(DEVICE, 100);
    MachineDevices.addInterrupt(DEVICE_INTERRUPT);
  }

  private static long permit(Guest guest, long first, long count, int allowed) {
    guest.write64(PAYLOAD, first);
    guest.write64(PAYLOAD + 8, count);
    guest.write32(PAYLOAD + 16, allowed);
    return domctl(guest, DomctlCommand.IOMEM_PERMISSION, 6);
  }

  private static long map(Guest guest, long gfn, long frame, long count, int add) {
    guest.write64(PAYLOAD, gfn);
    guest.write64(PAYLOAD + 8, frame);
    guest.write64(PAYLOAD + 16, count);
    guest.write32(PAYLOAD + 24, add);
    return domctl(guest, DomctlCommand.MEMORY_MAPPING, 6);
  }

  @Test
  void mapsRegistersThatTheDomainMayHave() {
    Guest.dom0(guest -> {
      devices();
      Domain other = guest.another(6);
      assertEquals(Errno.EPERM, map(guest, 0x100, DEVICE, 1, 1), "no right yet");
      assertEquals(Errno.OK, permit(guest, DEVICE, 70, 1));
      assertEquals(Errno.OK, map(guest, 0x100, DEVICE, 2, 1));
      assertEquals(P2mType.DEVICE, other.p2m.lookup(0x101).type());
      assertEquals((DEVICE + 1L) << 12, other.p2m.lookup(0x101).address());
      assertEquals(Errno.EEXIST, map(guest, 0x101, DEVICE, 1, 1));
      assertEquals(Errno.E2BIG, map(guest, 0x200, DEVICE, 65, 1));
      assertEquals(Errno.EPERM, map(guest, 0x200, DEVICE + 69, 2, 1));
      assertEquals(Errno.EPERM, map(guest, 0x200, EventMachine.RAM >>> 12, 1, 1));
      assertEquals(Errno.EINVAL, map(guest, 0x101, DEVICE, 1, 0), "another frame is there");
      assertEquals(Errno.EINVAL, map(guest, EventMachine.gfn(0), DEVICE, 1, 0), "memory");
      assertEquals(Errno.OK, map(guest, 0x100, DEVICE, 2, 0));
      assertFalse(other.p2m.lookup(0x101).isValid());
      assertEquals(Errno.OK, permit(guest, DEVICE, 100, 0));
      assertEquals(Errno.EPERM, map(guest, 0x100, DEVICE, 1, 1));
    });
  }

  @Test
  void givesNothingButDevices() {
    Guest.dom0(guest -> {
      devices();
      guest.another(6);
      long ram = EventMachine.RAM >>> 12;
      for (long first : new long[] {ram, 0, DEVICE - 1, DEVICE + 100}) {
        assertEquals(Errno.EPERM, permit(guest, first, 1, 1), "frame " + first);
      }
      assertEquals(Errno.EPERM, permit(guest, DEVICE, 101, 1));
      for (long odd : new long[] {-1, Long.MIN_VALUE, 1L << 36, Long.MAX_VALUE}) {
        assertEquals(Errno.EINVAL, permit(guest, odd, 1, 1));
        assertEquals(Errno.EINVAL, permit(guest, DEVICE, odd, 1));
        assertEquals(Errno.EINVAL, map(guest, odd, DEVICE, 1, 1));
        assertEquals(Errno.EINVAL, map(guest, 0x100, odd, 1, 1));
        assertEquals(Errno.EINVAL, map(guest, 0x100, DEVICE, odd, 1));
      }
      assertEquals(Errno.EINVAL, permit(guest, DEVICE, 0, 1));
      for (int interrupt : new int[] {0, 27, 33, 35, 1019, 1024, -1, Integer.MIN_VALUE}) {
        guest.write32(PAYLOAD, interrupt);
        guest.write32(PAYLOAD + 4, 1);
        assertEquals(Errno.EPERM, domctl(guest, DomctlCommand.IRQ_PERMISSION, 6));
      }
      assertEquals(Errno.EOPNOTSUPP, domctl(guest, DomctlCommand.ASSIGN_DEVICE, 6));
      assertEquals(Errno.EOPNOTSUPP, domctl(guest, DomctlCommand.DEASSIGN_DEVICE, 6));
      assertEquals(Errno.EOPNOTSUPP, domctl(guest, DomctlCommand.TEST_ASSIGN_DEVICE, 0x7ff4));
    });
  }

  private static long bind(Guest guest, int command, int interrupt, int type, int own) {
    guest.write32(PAYLOAD, interrupt);
    guest.write32(PAYLOAD + 4, type);
    guest.write64(PAYLOAD + 8, own);
    return domctl(guest, command, 6);
  }

  /** With a controller: VgicTest; here, what is refused before one is asked. */
  @Test
  void routesOnlyInterruptsThatMayBeGiven() {
    Guest.dom0(guest -> {
      devices();
      guest.another(6);
      guest.write32(PAYLOAD, DEVICE_INTERRUPT);
      guest.write32(PAYLOAD + 4, 1);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.IRQ_PERMISSION, 6));
      for (int command : new int[] {DomctlCommand.BIND_PT_IRQ, DomctlCommand.UNBIND_PT_IRQ}) {
        assertEquals(Errno.EINVAL, bind(guest, command, 34, 4, 35));
        assertEquals(Errno.EPERM, bind(guest, command, 35, 4, 35));
        assertEquals(Errno.EINVAL, bind(guest, command, -1, 4, -1));
        assertEquals(Errno.EPERM, bind(guest, command, 0, 4, 0));
        for (int type : new int[] {0, 1, 2, 3, 5, -1}) {
          assertEquals(Errno.EOPNOTSUPP, bind(guest, command, 34, type, 34));
        }
      }
    });
  }

  // VIRQ_DOM_EXC

  @Test
  void dom0IsToldThatADomainShutDown() {
    Guest.dom0(guest -> {
      int port = (int) Bindings.bindVirq(guest.domain.events, Virq.DOM_EXC, 0);
      EventMachine.consume(guest.domain);
      guest.another(6).shutdown(ShutdownReason.POWEROFF);
      assertEquals(List.of(port), EventMachine.consume(guest.domain));
      guest.another(7).shutdown(ShutdownReason.SUSPEND);
      assertEquals(List.of(port), EventMachine.consume(guest.domain));
    });
  }

  @Test
  void whoSubscribedToASuspensionIsToldThere() {
    Guest.dom0(guest -> {
      int port = (int) Bindings.bindVirq(guest.domain.events, Virq.DOM_EXC, 0);
      Domain other = guest.another(6);
      int own = (int) Bindings.bindIpi(other.events, 0);
      guest.write32(PAYLOAD, own);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SUBSCRIBE, 6));
      EventMachine.consume(guest.domain);
      other.shutdown(ShutdownReason.SUSPEND);
      assertEquals(List.of(), EventMachine.consume(guest.domain));
      assertEquals(List.of(own), EventMachine.consume(other));
      Domain third = guest.another(7);
      guest.write32(PAYLOAD, 500);
      assertEquals(Errno.OK, domctl(guest, DomctlCommand.SUBSCRIBE, 7));
      third.shutdown(ShutdownReason.SUSPEND);
      assertEquals(List.of(port), EventMachine.consume(guest.domain), "no such port");
    });
  }

  @Test
  void takesAndReleasesItsLockWhateverHappens() {
    Guest.dom0(guest -> {
      long free = Frames.freeCount();
      for (int command = -1; command < 100; command++) {
        guest.write64(PAYLOAD, 0);
        domctl(guest, command, 77); // Guest.call looks for locks that are still held
      }
      assertTrue(Frames.freeCount() <= free);
    });
  }
}
