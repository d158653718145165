/* Entry and calls of the guests. Position independent. */
        .section .head, "ax"
        .global _start
_start:
        b       1f
        .long   0
        .quad   0                               /* text_offset */
        .quad   _end - _start                   /* image_size */
        .quad   0xa                             /* little endian, 4 KiB pages, anywhere */
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .long   0
1:      mrs     x21, cntpct_el0                 /* how long it took to come here */
        mov     x20, x0
        mrs     x3, CurrentEL
        cmp     x3, #(2 << 2)
        b.ne    at_el1
        mov     x3, #(1 << 31)                  /* HCR_EL2.RW */
        msr     hcr_el2, x3
        mov     x3, #3                          /* EL1 may use the counter and timer */
        msr     cnthctl_el2, x3
        msr     cntvoff_el2, xzr
        mov     x3, #0x33ff
        msr     cptr_el2, x3
        mrs     x3, id_aa64pfr0_el1
        tst     x3, #(0xf << 24)                /* a GICv3 CPU interface */
        b.eq    2f
        mov     x3, #9                          /* ICC_SRE_EL2.Enable, SRE */
        msr     S3_4_C12_C9_5, x3
        isb
2:      mov     x3, #0x3c5                      /* EL1h, masked */
        msr     spsr_el2, x3
        adr     x3, at_el1
        msr     elr_el2, x3
        eret
at_el1: msr     SPSel, #1
        adrp    x2, boot_stack_top
        add     x2, x2, :lo12:boot_stack_top
        mov     sp, x2
        adrp    x3, _bss_start
        add     x3, x3, :lo12:_bss_start
        adrp    x4, _bss_end
        add     x4, x4, :lo12:_bss_end
3:      cmp     x3, x4
        b.hs    4f
        str     xzr, [x3], #8
        b       3b
4:      adrp    x3, first_instruction_count
        str     x21, [x3, :lo12:first_instruction_count]
        bl      use_vectors
        mov     x0, x20
        bl      guest_main
5:      wfi
        b       5b

use_vectors:
        adrp    x3, vectors
        add     x3, x3, :lo12:vectors
        msr     vbar_el1, x3
        isb
        ret

        .global secondary_entry
secondary_entry:                                /* x0: stack top */
        msr     SPSel, #1
        mov     sp, x0
        bl      use_vectors
        bl      guest_secondary
        b       5b

        .text
        .global hypercall
hypercall:                                      /* xen/include/public/arch-arm.h: number in x16 */
        mov     x16, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        hvc     #0xea1
        ret
        .global smccc_hvc
smccc_hvc:
        hvc     #0
        ret
        .global smccc_smc
smccc_smc:
        smc     #0
        ret

        .section .bss.stack, "aw", %nobits
        .balign 16
        .skip   16384
boot_stack_top:
        .skip   16384
        .global secondary_stack_top
secondary_stack_top:
