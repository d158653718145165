package ristretto.driver.gic;

import ristretto.machine.SysReg;

/** ICH_LR4_EL2 to ICH_LR15_EL2, which few implementations have and which are rarely in use. */
final class HighListRegisters {
  private HighListRegisters() {}

  static long read(int n) {
    return switch (n) {
      case 4 -> SysReg.ICH_LR4_EL2.read();
      case 5 -> SysReg.ICH_LR5_EL2.read();
      case 6 -> SysReg.ICH_LR6_EL2.read();
      case 7 -> SysReg.ICH_LR7_EL2.read();
      case 8 -> SysReg.ICH_LR8_EL2.read();
      case 9 -> SysReg.ICH_LR9_EL2.read();
      case 10 -> SysReg.ICH_LR10_EL2.read();
      case 11 -> SysReg.ICH_LR11_EL2.read();
      case 12 -> SysReg.ICH_LR12_EL2.read();
      case 13 -> SysReg.ICH_LR13_EL2.read();
      case 14 -> SysReg.ICH_LR14_EL2.read();
      default -> SysReg.ICH_LR15_EL2.read();
    };
  }

  static void write(int n, long bits) {
    switch (n) {
      case 4 -> SysReg.ICH_LR4_EL2.write(bits);
      case 5 -> SysReg.ICH_LR5_EL2.write(bits);
      case 6 -> SysReg.ICH_LR6_EL2.write(bits);
      case 7 -> SysReg.ICH_LR7_EL2.write(bits);
      case 8 -> SysReg.ICH_LR8_EL2.write(bits);
      case 9 -> SysReg.ICH_LR9_EL2.write(bits);
      case 10 -> SysReg.ICH_LR10_EL2.write(bits);
      case 11 -> SysReg.ICH_LR11_EL2.write(bits);
      case 12 -> SysReg.ICH_LR12_EL2.write(bits);
      case 13 -> SysReg.ICH_LR13_EL2.write(bits);
      case 14 -> SysReg.ICH_LR14_EL2.write(bits);
      default -> SysReg.ICH_LR15_EL2.write(bits);
    }
  }
}
