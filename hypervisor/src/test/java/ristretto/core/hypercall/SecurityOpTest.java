package ristretto.core.hypercall;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import ristretto.abi.DomainInfo;
import ristretto.abi.Domctl;
import ristretto.abi.DomctlCommand;
import ristretto.abi.Errno;
import ristretto.abi.FlaskOp;
import ristretto.abi.HypercallNumber;
import ristretto.core.domain.Domain;
import ristretto.core.domain.FirmwareGroups;

/** xsm_op as libxl makes it for {@code seclabel} and for {@code xl list -Z}. */
class SecurityOpTest {
  private static final long A = Guest.ARGUMENT;
  private static final long LABEL = Guest.LIST;

  private static long xsm(Guest guest, int command, int id, int size) {
    guest.write32(A + FlaskOp.CMD, command);
    guest.write32(A + FlaskOp.INTERFACE_VERSION, FlaskOp.VERSION);
    guest.write32(A + FlaskOp.SID, id);
    guest.write32(A + FlaskOp.SIZE, size);
    guest.write64(A + FlaskOp.CONTEXT, LABEL);
    return guest.call(HypercallNumber.XSM_OP, A);
  }

  private static long toId(Guest guest, String label) {
    byte[] bytes = label.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < bytes.length; i += 4) {
      int word = 0;
      for (int j = 0; j < 4 && i + j < bytes.length; j++) {
        word |= bytes[i + j] << 8 * j;
      }
      guest.write32(LABEL + i, word);
    }
    return xsm(guest, FlaskOp.CONTEXT_TO_SID, 0, bytes.length);
  }

  @Test
  void labelsAndTheirIdsAreInEachOther() {
    Guest.dom0(guest -> {
      for (String label :
          new String[] {
            "smc:hwmon", "smc:rsu-status", "smc:fcs", "smc:hwmon,fcs", "smc:hwmon,rsu-status,fcs"
          }) {
        assertEquals(Errno.OK, toId(guest, label));
        int id = guest.read32(A + FlaskOp.SID);
        guest.paint(LABEL);
        assertEquals(Errno.OK, xsm(guest, FlaskOp.SID_TO_CONTEXT, id, 4096));
        assertEquals(label.length() + 1, guest.read32(A + FlaskOp.SIZE));
        assertEquals(label + "\0", guest.text(LABEL, label.length() + 1));
        assertEquals(0xa5, guest.read8(LABEL + label.length() + 1) & 0xff);
      }
    });
  }

  /** What `./ristretto check` takes for right. */
  @Test
  void everyGroupThatIsNamedAsGrantableIs() {
    Guest.dom0(guest -> {
      for (String name : FirmwareGroups.grantable()) {
        assertEquals(Errno.OK, toId(guest, "smc:" + name), name);
      }
      String all = "smc:" + String.join(",", FirmwareGroups.grantable());
      assertEquals(Errno.OK, toId(guest, all));
      int every = FirmwareGroups.toSecurityId(FirmwareGroups.ALL);
      assertEquals(
          FirmwareGroups.ofSecurityId(every),
          FirmwareGroups.ofSecurityId(guest.read32(A + FlaskOp.SID)));
    });
  }

  @Test
  void anyOrderIsTheSame() {
    Guest.dom0(guest -> {
      assertEquals(Errno.OK, toId(guest, "smc:fcs,hwmon,fcs"));
      int id = guest.read32(A + FlaskOp.SID);
      assertEquals(
          FirmwareGroups.FCS | FirmwareGroups.HWMON, FirmwareGroups.ofSecurityId(id), "groups");
    });
  }

  @Test
  void saysWhatIsNoLabel() {
    Guest.dom0(guest -> {
      assertEquals(Errno.EINVAL, toId(guest, "smc:hwmonitor"));
      assertEquals(Errno.EINVAL, toId(guest, "smc:hw"));
      assertEquals(Errno.EINVAL, toId(guest, "smc:,hwmon"));
      assertEquals(Errno.EINVAL, toId(guest, "smc:hwmon fcs"));
      assertEquals(Errno.ENOSYS, toId(guest, "smc"));
      assertEquals(Errno.ENOSYS, toId(guest, ""));
      assertEquals(Errno.ENOSYS, toId(guest, "system_u:system_r:domU_t"));
      assertEquals(Errno.ENOSYS, xsm(guest, FlaskOp.CONTEXT_TO_SID, 0, 4096));
      assertEquals(Errno.ENOSYS, xsm(guest, FlaskOp.CONTEXT_TO_SID, 0, -1));
    });
  }

  /** What it does with buffers would need their addresses translated: docs/adr/0014. */
  @Test
  void configuringTheFpgaIsDom0sAlone() {
    Guest.dom0(guest -> {
      assertEquals(Errno.EOPNOTSUPP, toId(guest, "smc:fpga-mgr"));
      assertEquals(Errno.EOPNOTSUPP, toId(guest, "smc:hwmon,fpga-mgr,fcs"));
      int forged = FirmwareGroups.toSecurityId(FirmwareGroups.ALL);
      int granted = FirmwareGroups.ofSecurityId(forged);
      assertEquals(0, granted & (FirmwareGroups.FPGA_MGR | FirmwareGroups.MANAGEMENT));
      assertEquals(Errno.OK, xsm(guest, FlaskOp.SID_TO_CONTEXT, forged, 4096));
      assertEquals("smc:hwmon,rsu-status,fcs\0", guest.text(LABEL, 25));
    });
  }

  @Test
  void idsOfOthersHaveNoLabel() {
    Guest.dom0(guest -> {
      for (int id : new int[] {0, 1, 12, -1, Integer.MIN_VALUE, 0x534d_0000}) {
        boolean ours = FirmwareGroups.ofSecurityId(id) != FirmwareGroups.NONE;
        assertEquals(false, ours, "id " + id);
        assertEquals(Errno.ENOSYS, xsm(guest, FlaskOp.SID_TO_CONTEXT, id, 4096));
      }
    });
  }

  @Test
  void aLabelMustFit() {
    Guest.dom0(guest -> {
      int id = FirmwareGroups.toSecurityId(FirmwareGroups.HWMON);
      assertEquals(Errno.ERANGE, xsm(guest, FlaskOp.SID_TO_CONTEXT, id, 9));
      assertEquals(Errno.OK, xsm(guest, FlaskOp.SID_TO_CONTEXT, id, 10));
      guest.readOnly(LABEL);
      assertEquals(Errno.EFAULT, xsm(guest, FlaskOp.SID_TO_CONTEXT, id, 10));
      guest.absent(LABEL);
      assertEquals(Errno.EFAULT, xsm(guest, FlaskOp.CONTEXT_TO_SID, 0, 9));
    });
  }

  @Test
  void nothingElseIsThere() {
    Guest.dom0(guest -> {
      for (int command = 0; command < 40; command++) {
        if (command != FlaskOp.CONTEXT_TO_SID && command != FlaskOp.SID_TO_CONTEXT) {
          assertEquals(Errno.ENOSYS, xsm(guest, command, 0, 0), "command " + command);
        }
      }
      for (long address : guest.badAddresses(FlaskOp.SIZEOF)) {
        assertEquals(Errno.EFAULT, guest.call(HypercallNumber.XSM_OP, address));
      }
    });
  }

  @Test
  void isDom0sAlone() {
    Guest.domU(guest -> assertEquals(Errno.ENOSYS, xsm(guest, FlaskOp.CONTEXT_TO_SID, 0, 0)));
  }

  @Test
  void theToolsSeeTheIdOfADomain() {
    Guest.dom0(guest -> {
      Domain other = guest.another(6);
      other.firmwareGroups = FirmwareGroups.FCS;
      for (int id : new int[] {0, 6}) {
        guest.write32(A, DomctlCommand.GET_DOMAIN_INFO);
        guest.write32(A + 4, Domctl.VERSION_4_19);
        guest.write64(A + 8, id);
        assertEquals(Errno.OK, guest.call(HypercallNumber.DOMCTL, A));
        assertEquals(
            id == 0 ? 0 : FirmwareGroups.toSecurityId(FirmwareGroups.FCS),
            guest.read32(A + Domctl.PAYLOAD + DomainInfo.SSIDREF));
      }
    });
  }
}
