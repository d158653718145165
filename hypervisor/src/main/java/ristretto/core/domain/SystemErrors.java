package ristretto.core.domain;

import ristretto.arch.HcrEl2;
import ristretto.core.cpu.Cpu;
import ristretto.lang.Bits;
import ristretto.lang.Cold;
import ristretto.machine.Barrier;
import ristretto.machine.SysReg;

/**
 * SErrors: errors of the memory system that are reported late. One that a guest has caused is that
 * guest's alone, however late it comes (SECURITY rule 14; XSA-201).
 */
public final class SystemErrors {
  /** ISR_EL1.A: an SError is pending. */
  private static final int PENDING = 8;

  private SystemErrors() {}

  /** The loaded vCPU of this CPU takes a virtual SError once it has them unmasked. */
  @Cold
  public static void inject() {
    SysReg.HCR_EL2.write(SysReg.HCR_EL2.read() | HcrEl2.VSE);
  }

  /** What {@code vcpu}, which leaves this CPU, has not taken yet; put back by the next load. */
  static void save(Cpu cpu, Vcpu vcpu) {
    Barrier.dsbSy(); // every access that the guest made has ended, well or in error
    Barrier.isb(); // and its error is pending
    if (Bits.isSet(SysReg.ISR_EL1.read(), PENDING) && isTaken(cpu)) {
      inject();
    }
    vcpu.systemError = SysReg.HCR_EL2.read() & HcrEl2.VSE;
  }

  /** Takes what is pending, in a window that the vector code recognises. */
  @Cold
  private static boolean isTaken(Cpu cpu) {
    cpu.systemErrorTaken = 0;
    cpu.systemErrorWindow = 1;
    Barrier.takeSystemErrors();
    cpu.systemErrorWindow = 0;
    return cpu.systemErrorTaken != 0;
  }
}
