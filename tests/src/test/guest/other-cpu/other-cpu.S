/*
 * A boot loader that hands over on another CPU than the one it was started on: it has the firmware
 * start CPU 1 at the image 16 MiB behind itself, with the device tree's address in x0, and switches
 * CPU 0 off. PSCI: Arm DEN 0022, "CPU_ON", "CPU_OFF".
 */
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
1:      mov     x3, x0                          /* context: the device tree */
        adr     x2, _start
        mov     x4, #(16 << 20)
        add     x2, x2, x4
        mov     x1, #1                          /* MPIDR */
        movz    x0, #0xc400, lsl #16            /* CPU_ON, SMC64 */
        movk    x0, #0x0003
        smc     #0
        movz    x0, #0x8400, lsl #16            /* CPU_OFF */
        movk    x0, #0x0002
        smc     #0
2:      wfi                                     /* it did not: the test's deadline says so */
        b       2b
