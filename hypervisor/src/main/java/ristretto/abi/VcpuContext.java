package ristretto.abi;

import ristretto.lang.Unboxed;
import ristretto.machine.Memory;

/**
 * {@code struct vcpu_guest_context}: the registers with which a vCPU starts. {@code
 * xen/include/public/arch-arm.h}.
 */
@CStruct("struct vcpu_guest_context")
@Unboxed
public record VcpuContext(long address) {
  public static final int FLAGS = 0; // uint32_t

  @CMember("user_regs.x0")
  public static final int X0 = 8; // uint64_t, and so on to x30

  @CMember("user_regs.pc64")
  public static final int PC = 256; // uint64_t

  @CMember("user_regs.cpsr")
  public static final int CPSR = 264; // uint64_t

  @CMember("user_regs.spsr_el1")
  public static final int SPSR_EL1 = 272; // uint64_t

  @CMember("user_regs.spsr_fiq")
  public static final int SPSR_FIQ = 280; // uint32_t, and three more: AArch32 alone

  @CMember("user_regs.sp_el0")
  public static final int SP_EL0 = 296; // uint64_t

  @CMember("user_regs.sp_el1")
  public static final int SP_EL1 = 304; // uint64_t

  @CMember("user_regs.elr_el1")
  public static final int ELR_EL1 = 312; // uint64_t

  public static final int SCTLR = 320; // uint64_t
  public static final int TTBCR = 328; // uint64_t
  public static final int TTBR0 = 336; // uint64_t
  public static final int TTBR1 = 344; // uint64_t
  public static final int SIZEOF = 352;

  /** {@code VGCF_online}: a bit of the flags. */
  public static final int FLAG_ONLINE = 0;

  /** x0 to x30. */
  public static final int GENERAL_REGISTERS = 31;

  public int flags() {
    return Memory.load32(address + FLAGS);
  }

  public void setFlags(int flags) {
    Memory.store32(address + FLAGS, flags);
  }

  /** x0 to x30. */
  public long x(int number) {
    return Memory.load64(address + X0 + (long) number * Long.BYTES);
  }

  public void setX(int number, long value) {
    Memory.store64(address + X0 + (long) number * Long.BYTES, value);
  }

  /** Any of the 64-bit members, by its offset. */
  public long get(int offset) {
    return Memory.load64(address + offset);
  }

  public void set(int offset, long value) {
    Memory.store64(address + offset, value);
  }
}
