package ristretto.machine;

import ristretto.lang.Intrinsic;

/**
 * AArch64 system registers by their encoding. Arm ARM DDI 0487, "AArch64 System register encoding";
 * the GIC's: IHI 0069, "AArch64 System register descriptions". The receiver of {@link #read} and
 * {@link #write} is a constant in the image, because the encoding is part of the instruction. The
 * same table decodes trapped accesses.
 */
public enum SysReg {
  // op0, op1, CRn, CRm, op2
  MDSCR_EL1(2, 0, 0, 2, 2),
  OSLAR_EL1(2, 0, 1, 0, 4),
  OSLSR_EL1(2, 0, 1, 1, 4),
  OSDLR_EL1(2, 0, 1, 3, 4),

  MIDR_EL1(3, 0, 0, 0, 0),
  MPIDR_EL1(3, 0, 0, 0, 5),
  REVIDR_EL1(3, 0, 0, 0, 6),
  ID_PFR0_EL1(3, 0, 0, 1, 0),
  ID_PFR1_EL1(3, 0, 0, 1, 1),
  ID_DFR0_EL1(3, 0, 0, 1, 2),
  ID_AFR0_EL1(3, 0, 0, 1, 3),
  ID_MMFR0_EL1(3, 0, 0, 1, 4),
  ID_MMFR1_EL1(3, 0, 0, 1, 5),
  ID_MMFR2_EL1(3, 0, 0, 1, 6),
  ID_MMFR3_EL1(3, 0, 0, 1, 7),
  ID_ISAR0_EL1(3, 0, 0, 2, 0),
  ID_ISAR1_EL1(3, 0, 0, 2, 1),
  ID_ISAR2_EL1(3, 0, 0, 2, 2),
  ID_ISAR3_EL1(3, 0, 0, 2, 3),
  ID_ISAR4_EL1(3, 0, 0, 2, 4),
  ID_ISAR5_EL1(3, 0, 0, 2, 5),
  ID_MMFR4_EL1(3, 0, 0, 2, 6),
  ID_ISAR6_EL1(3, 0, 0, 2, 7),
  MVFR0_EL1(3, 0, 0, 3, 0),
  MVFR1_EL1(3, 0, 0, 3, 1),
  MVFR2_EL1(3, 0, 0, 3, 2),
  ID_PFR2_EL1(3, 0, 0, 3, 4),
  ID_DFR1_EL1(3, 0, 0, 3, 5),
  ID_MMFR5_EL1(3, 0, 0, 3, 6),
  ID_AA64PFR0_EL1(3, 0, 0, 4, 0),
  ID_AA64PFR1_EL1(3, 0, 0, 4, 1),
  ID_AA64PFR2_EL1(3, 0, 0, 4, 2),
  ID_AA64ZFR0_EL1(3, 0, 0, 4, 4),
  ID_AA64SMFR0_EL1(3, 0, 0, 4, 5),
  ID_AA64DFR0_EL1(3, 0, 0, 5, 0),
  ID_AA64DFR1_EL1(3, 0, 0, 5, 1),
  ID_AA64AFR0_EL1(3, 0, 0, 5, 4),
  ID_AA64AFR1_EL1(3, 0, 0, 5, 5),
  ID_AA64ISAR0_EL1(3, 0, 0, 6, 0),
  ID_AA64ISAR1_EL1(3, 0, 0, 6, 1),
  ID_AA64ISAR2_EL1(3, 0, 0, 6, 2),
  ID_AA64MMFR0_EL1(3, 0, 0, 7, 0),
  ID_AA64MMFR1_EL1(3, 0, 0, 7, 1),
  ID_AA64MMFR2_EL1(3, 0, 0, 7, 2),
  ID_AA64MMFR3_EL1(3, 0, 0, 7, 3),
  ID_AA64MMFR4_EL1(3, 0, 0, 7, 4),
  SCTLR_EL1(3, 0, 1, 0, 0),
  ACTLR_EL1(3, 0, 1, 0, 1),
  CPACR_EL1(3, 0, 1, 0, 2),
  TTBR0_EL1(3, 0, 2, 0, 0),
  TTBR1_EL1(3, 0, 2, 0, 1),
  TCR_EL1(3, 0, 2, 0, 2),
  APIAKEYLO_EL1(3, 0, 2, 1, 0),
  APIAKEYHI_EL1(3, 0, 2, 1, 1),
  APIBKEYLO_EL1(3, 0, 2, 1, 2),
  APIBKEYHI_EL1(3, 0, 2, 1, 3),
  APDAKEYLO_EL1(3, 0, 2, 2, 0),
  APDAKEYHI_EL1(3, 0, 2, 2, 1),
  APDBKEYLO_EL1(3, 0, 2, 2, 2),
  APDBKEYHI_EL1(3, 0, 2, 2, 3),
  APGAKEYLO_EL1(3, 0, 2, 3, 0),
  APGAKEYHI_EL1(3, 0, 2, 3, 1),
  SPSR_EL1(3, 0, 4, 0, 0),
  ELR_EL1(3, 0, 4, 0, 1),
  SP_EL0(3, 0, 4, 1, 0),
  ICC_PMR_EL1(3, 0, 4, 6, 0),
  AFSR0_EL1(3, 0, 5, 1, 0),
  AFSR1_EL1(3, 0, 5, 1, 1),
  ESR_EL1(3, 0, 5, 2, 0),
  FAR_EL1(3, 0, 6, 0, 0),
  PAR_EL1(3, 0, 7, 4, 0),
  MAIR_EL1(3, 0, 10, 2, 0),
  AMAIR_EL1(3, 0, 10, 3, 0),
  VBAR_EL1(3, 0, 12, 0, 0),
  ISR_EL1(3, 0, 12, 1, 0),
  DISR_EL1(3, 0, 12, 1, 1),
  ICC_IAR0_EL1(3, 0, 12, 8, 0),
  ICC_DIR_EL1(3, 0, 12, 11, 1),
  ICC_RPR_EL1(3, 0, 12, 11, 3),
  ICC_SGI1R_EL1(3, 0, 12, 11, 5),
  ICC_ASGI1R_EL1(3, 0, 12, 11, 6),
  ICC_SGI0R_EL1(3, 0, 12, 11, 7),
  ICC_IAR1_EL1(3, 0, 12, 12, 0),
  ICC_EOIR1_EL1(3, 0, 12, 12, 1),
  ICC_HPPIR1_EL1(3, 0, 12, 12, 2),
  ICC_BPR1_EL1(3, 0, 12, 12, 3),
  ICC_CTLR_EL1(3, 0, 12, 12, 4),
  ICC_SRE_EL1(3, 0, 12, 12, 5),
  ICC_IGRPEN0_EL1(3, 0, 12, 12, 6),
  ICC_IGRPEN1_EL1(3, 0, 12, 12, 7),
  CONTEXTIDR_EL1(3, 0, 13, 0, 1),
  TPIDR_EL1(3, 0, 13, 0, 4),
  CNTKCTL_EL1(3, 0, 14, 1, 0),

  CCSIDR_EL1(3, 1, 0, 0, 0),
  CLIDR_EL1(3, 1, 0, 0, 1),
  CSSELR_EL1(3, 2, 0, 0, 0),

  CTR_EL0(3, 3, 0, 0, 1),
  DCZID_EL0(3, 3, 0, 0, 7),
  FPCR(3, 3, 4, 4, 0),
  FPSR(3, 3, 4, 4, 1),
  PMCR_EL0(3, 3, 9, 12, 0),
  TPIDR_EL0(3, 3, 13, 0, 2),
  TPIDRRO_EL0(3, 3, 13, 0, 3),
  CNTFRQ_EL0(3, 3, 14, 0, 0),
  CNTPCT_EL0(3, 3, 14, 0, 1),
  CNTVCT_EL0(3, 3, 14, 0, 2),
  CNTP_TVAL_EL0(3, 3, 14, 2, 0),
  CNTP_CTL_EL0(3, 3, 14, 2, 1),
  CNTP_CVAL_EL0(3, 3, 14, 2, 2),
  CNTV_TVAL_EL0(3, 3, 14, 3, 0),
  CNTV_CTL_EL0(3, 3, 14, 3, 1),
  CNTV_CVAL_EL0(3, 3, 14, 3, 2),

  VPIDR_EL2(3, 4, 0, 0, 0),
  VMPIDR_EL2(3, 4, 0, 0, 5),
  SCTLR_EL2(3, 4, 1, 0, 0),
  HCR_EL2(3, 4, 1, 1, 0),
  MDCR_EL2(3, 4, 1, 1, 1),
  CPTR_EL2(3, 4, 1, 1, 2),
  HSTR_EL2(3, 4, 1, 1, 3),
  HFGRTR_EL2(3, 4, 1, 1, 4),
  HFGWTR_EL2(3, 4, 1, 1, 5),
  HFGITR_EL2(3, 4, 1, 1, 6),
  HCRX_EL2(3, 4, 1, 2, 2),
  TTBR0_EL2(3, 4, 2, 0, 0),
  TCR_EL2(3, 4, 2, 0, 2),
  VTTBR_EL2(3, 4, 2, 1, 0),
  VTCR_EL2(3, 4, 2, 1, 2),
  HDFGRTR2_EL2(3, 4, 3, 1, 0),
  HDFGWTR2_EL2(3, 4, 3, 1, 1),
  HFGRTR2_EL2(3, 4, 3, 1, 2),
  HFGWTR2_EL2(3, 4, 3, 1, 3),
  HDFGRTR_EL2(3, 4, 3, 1, 4),
  HDFGWTR_EL2(3, 4, 3, 1, 5),
  HAFGRTR_EL2(3, 4, 3, 1, 6),
  HFGITR2_EL2(3, 4, 3, 1, 7),
  SPSR_EL2(3, 4, 4, 0, 0),
  ELR_EL2(3, 4, 4, 0, 1),
  SP_EL1(3, 4, 4, 1, 0),
  ESR_EL2(3, 4, 5, 2, 0),
  VSESR_EL2(3, 4, 5, 2, 3),
  FAR_EL2(3, 4, 6, 0, 0),
  HPFAR_EL2(3, 4, 6, 0, 4),
  MAIR_EL2(3, 4, 10, 2, 0),
  MPAM2_EL2(3, 4, 10, 5, 0),
  VBAR_EL2(3, 4, 12, 0, 0),
  VDISR_EL2(3, 4, 12, 1, 1),
  ICH_AP0R0_EL2(3, 4, 12, 8, 0),
  ICH_AP1R0_EL2(3, 4, 12, 9, 0),
  ICC_SRE_EL2(3, 4, 12, 9, 5),
  ICH_HCR_EL2(3, 4, 12, 11, 0),
  ICH_VTR_EL2(3, 4, 12, 11, 1),
  ICH_MISR_EL2(3, 4, 12, 11, 2),
  ICH_EISR_EL2(3, 4, 12, 11, 3),
  ICH_ELRSR_EL2(3, 4, 12, 11, 5),
  ICH_VMCR_EL2(3, 4, 12, 11, 7),
  ICH_LR0_EL2(3, 4, 12, 12, 0),
  ICH_LR1_EL2(3, 4, 12, 12, 1),
  ICH_LR2_EL2(3, 4, 12, 12, 2),
  ICH_LR3_EL2(3, 4, 12, 12, 3),
  ICH_LR4_EL2(3, 4, 12, 12, 4),
  ICH_LR5_EL2(3, 4, 12, 12, 5),
  ICH_LR6_EL2(3, 4, 12, 12, 6),
  ICH_LR7_EL2(3, 4, 12, 12, 7),
  ICH_LR8_EL2(3, 4, 12, 13, 0),
  ICH_LR9_EL2(3, 4, 12, 13, 1),
  ICH_LR10_EL2(3, 4, 12, 13, 2),
  ICH_LR11_EL2(3, 4, 12, 13, 3),
  ICH_LR12_EL2(3, 4, 12, 13, 4),
  ICH_LR13_EL2(3, 4, 12, 13, 5),
  ICH_LR14_EL2(3, 4, 12, 13, 6),
  ICH_LR15_EL2(3, 4, 12, 13, 7),
  TPIDR_EL2(3, 4, 13, 0, 2),
  CNTVOFF_EL2(3, 4, 14, 0, 3),
  CNTHCTL_EL2(3, 4, 14, 1, 0),
  CNTHP_TVAL_EL2(3, 4, 14, 2, 0),
  CNTHP_CTL_EL2(3, 4, 14, 2, 1),
  CNTHP_CVAL_EL2(3, 4, 14, 2, 2);

  private final int encoding;

  SysReg(int op0, int op1, int crn, int crm, int op2) {
    this.encoding = encoding(op0, op1, crn, crm, op2);
  }

  /** Reads the register: MRS. */
  @Intrinsic
  public long read() {
    return Machine.current().readSystemRegister(this);
  }

  /** Writes the register: MSR. The ISB that makes it take effect is the caller's. */
  @Intrinsic
  public void write(long value) {
    Machine.current().writeSystemRegister(this, value);
  }

  /** The five fields in one number that orders registers as the manual's table does. */
  public int encoding() {
    return encoding;
  }

  /** See {@link #encoding()}. */
  public static int encoding(int op0, int op1, int crn, int crm, int op2) {
    return op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
  }
}
