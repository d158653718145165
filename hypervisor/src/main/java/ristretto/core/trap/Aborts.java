package ristretto.core.trap;

import ristretto.arch.DataAbort;
import ristretto.arch.TrapFrame;
import ristretto.core.domain.MmioMap;
import ristretto.core.domain.Vcpu;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.lang.Inline;
import ristretto.lang.NoInline;
import ristretto.machine.SysReg;
import ristretto.vdev.MmioDevice;

/** Stage 2 aborts: emulated devices, and accesses to nowhere. */
final class Aborts {
  private Aborts() {}

  static TrapOutcome onData(Vcpu vcpu, TrapFrame frame, DataAbort abort) {
    if (!abort.isTranslationFault()) {
      return refuse(vcpu);
    }
    long address = intermediateAddress();
    MmioMap mmio = vcpu.domain.mmio;
    int slot = abort.isDescribed() ? mmio.find(address, abort.size()) : -1;
    if (slot < 0) {
      return tryAgain(vcpu, address, abort.isWrite(), false);
    }
    access(frame, abort, mmio.device(slot), mmio.offset(slot, address));
    return TrapOutcome.ADVANCE;
  }

  static TrapOutcome onInstruction(Vcpu vcpu, DataAbort abort) {
    return abort.isTranslationFault()
        ? tryAgain(vcpu, intermediateAddress(), false, true)
        : refuse(vcpu);
  }

  /** A block that was being cut when the guest came by is whole again (see {@code P2m}). */
  @NoInline
  private static TrapOutcome tryAgain(Vcpu vcpu, long address, boolean write, boolean execute) {
    return vcpu.domain.p2m.resolves(address, write, execute) ? TrapOutcome.RESUME : refuse(vcpu);
  }

  @Inline
  private static void access(TrapFrame frame, DataAbort abort, MmioDevice device, int offset) {
    int register = abort.register();
    int size = abort.size();
    if (abort.isWrite()) {
      device.write(offset, size, frame.x(register) & Bits.mask(size * 8 - 1, 0));
    } else {
      frame.setX(register, extended(device.read(offset, size), abort));
    }
  }

  /** What a load leaves in the register: sign- or zero-extended, to 32 or 64 bits. */
  @Inline
  private static long extended(long value, DataAbort abort) {
    if (!abort.signExtends()) {
      return value;
    }
    long full = Bits.signExtend(value, abort.size() * 8 - 1);
    return abort.is64Bit() ? full : Integer.toUnsignedLong((int) full);
  }

  /**
   * An access to nowhere, or one that no emulation can serve: the guest hears of it, nobody else.
   */
  @Cold
  private static TrapOutcome refuse(Vcpu vcpu) {
    vcpu.domain.refusedAccesses++;
    return TrapOutcome.ABORT;
  }

  /** HPFAR_EL2 holds the page, FAR_EL2 the offset. Valid for translation faults. */
  @Inline
  static long intermediateAddress() {
    long page = Bits.get(SysReg.HPFAR_EL2.read(), 39, 4);
    return page << 12 | Bits.get(SysReg.FAR_EL2.read(), 11, 0);
  }
}
