/*
 * The ground under the twins: from QEMU's loader to Java at EL2 on every CPU, and from a fault back
 * to the next twin. The machine is QEMU's virt: RAM at 1 GiB, a PL011 at 0x0900_0000.
 *
 * The map is flat for RAM and the devices; the image is mapped where it is linked; page 0 and all
 * other addresses are not mapped, so that a null reference faults.
 */
#include "constants.h"

#define STACK_SHIFT 16                  /* 64 KiB a CPU, ImageRuntime.STACK_SIZE */

#define MAIR        0x04ff              /* 0: normal write-back, 1: device nGnRE */
#define TCR         0x80823510          /* 48 bits of VA, 4 KiB pages, 40 bits of PA, cacheable */
#define SCTLR       0x30c51835          /* RES1, MMU, data and instruction caches, SP alignment */
#define TABLE       3
#define BLOCK       0x741               /* AF, inner shareable, MAIR 0 */
#define DEVICE      0x0040000000000445  /* XN, AF, MAIR 1 */

  .section .head, "ax"
  b   boot
  .long 0
  .quad 0                               /* text_offset */
  .quad _image_size
  .quad 0xa                             /* little-endian, 4 KiB pages, anywhere in RAM */
  .quad 0, 0, 0
  .ascii "ARM\x64"
  .long 0
  b   secondary                         /* offset 64: PSCI CPU_ON comes here */

  .text
boot:
  msr daifset, #0xf
  adrp x0, _bss_start
  add x0, x0, :lo12:_bss_start
  adrp x1, _bss_end
  add x1, x1, :lo12:_bss_end
1:
  stp xzr, xzr, [x0], #16
  cmp x0, x1
  b.lo 1b

  adrp x19, _text_start                 /* load address, a multiple of 2 MiB */
  adrp x1, _load_address
  str x19, [x1, :lo12:_load_address]
  bl  tables
  mov x0, #0
  b   enter

secondary:                              /* x0: number of this CPU */
  msr daifset, #0xf
  b   enter

/* Fills the tables; x19: load address. */
tables:
  adrp x0, level0
  adrp x1, level1_low
  orr x2, x1, #TABLE
  str x2, [x0]
  adrp x3, level1_high
  orr x2, x3, #TABLE
  str x2, [x0, #256 * 8]                /* 0x8000_0000_0000 */
  adrp x4, level2_low
  orr x2, x4, #TABLE
  str x2, [x1]
  ldr x2, =0x40000000 | BLOCK
  str x2, [x1, #8]
  ldr x2, =0x08000000 | DEVICE          /* the GIC */
  str x2, [x4, #64 * 8]
  ldr x2, =0x09000000 | DEVICE          /* both UARTs */
  str x2, [x4, #72 * 8]
  ldr x2, =0x3ee00000 | DEVICE          /* PCI: ports and configuration space */
  str x2, [x4, #503 * 8]
  ldr x2, =0x3f000000 | DEVICE
  str x2, [x4, #504 * 8]
  adrp x4, level2_high
  orr x2, x4, #TABLE
  str x2, [x3]
  mov x5, #BLOCK
  orr x2, x19, x5
  mov x5, #0x200000
  mov x6, #16                           /* 32 MiB of image */
2:
  str x2, [x4], #8
  add x2, x2, x5
  subs x6, x6, #1
  b.ne 2b
  ret

/* Turns the MMU on, takes this CPU's stack and calls Java; x0: number of this CPU. */
enter:
  mov x20, x0
  ldr x1, =MAIR
  msr mair_el2, x1
  ldr x1, =TCR
  msr tcr_el2, x1
  adrp x1, level0
  msr ttbr0_el2, x1
  isb
  tlbi alle2
  dsb nsh
  isb
  ldr x1, =SCTLR
  msr sctlr_el2, x1
  isb
  ldr x1, =3f
  br  x1
3:
  ldr x1, =vectors
  msr vbar_el2, x1
  isb
  ldr x1, =stacks
  add x2, x20, #1
  add x1, x1, x2, lsl #STACK_SHIFT
  mov sp, x1
  mov x29, #0
  mov x30, #0
  cbnz x20, 4f
  bl  empty_arrays
  bl  twin_boot
  b   hang
4:
  mov x0, x20
  bl  twin_secondary
hang:
  wfi
  b   hang

/* Every exception: tell Java, drop the stack, go on with the next twin. */
fault:
  mrs x0, elr_el2
  mov x1, x30
  mov x2, x29
  mrs x3, esr_el2
  mrs x4, far_el2
  ldr x5, =stacks + (1 << STACK_SHIFT)
  sub x5, x5, #(1 << STACK_SHIFT) / 2
  mov sp, x5                            /* lower half: the frames of the fault stay readable */
  bl  twin_fault
  ldr x5, =stacks + (1 << STACK_SHIFT)
  mov sp, x5
  mov x29, #0
  bl  twin_resume
  b   hang

  .section .vectors, "ax"
  .balign 2048
vectors:
  .rept 16
  .balign 128
  b   fault
  .endr

  .data
  .balign 8
  .globl _load_address
_load_address:
  .quad 0

  .section .bss.tables, "aw", %nobits
  .balign 4096
level0:
  .space 4096
level1_low:
  .space 4096
level1_high:
  .space 4096
level2_low:
  .space 4096
level2_high:
  .space 4096

  .section .stacks, "aw", %nobits
  .balign 4096
  .globl stacks
stacks:
  .space 4 << STACK_SHIFT
