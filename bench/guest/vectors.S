/* Interrupts are served; every other exception ends the run. */
        .text
        .macro  unexpected
        .balign 128
        b       guest_unexpected
        .endm

        .balign 2048
        .global vectors
vectors:
        .rept   5
        unexpected
        .endr
        .balign 128
        stp     x29, x30, [sp, #-176]!
        stp     x0, x1, [sp, #16]
        stp     x2, x3, [sp, #32]
        stp     x4, x5, [sp, #48]
        stp     x6, x7, [sp, #64]
        stp     x8, x9, [sp, #80]
        stp     x10, x11, [sp, #96]
        stp     x12, x13, [sp, #112]
        stp     x14, x15, [sp, #128]
        stp     x16, x17, [sp, #144]
        str     x18, [sp, #160]
        bl      guest_interrupt
        ldr     x18, [sp, #160]
        ldp     x16, x17, [sp, #144]
        ldp     x14, x15, [sp, #128]
        ldp     x12, x13, [sp, #112]
        ldp     x10, x11, [sp, #96]
        ldp     x8, x9, [sp, #80]
        ldp     x6, x7, [sp, #64]
        ldp     x4, x5, [sp, #48]
        ldp     x2, x3, [sp, #32]
        ldp     x0, x1, [sp, #16]
        ldp     x29, x30, [sp], #176
        eret
        .rept   10
        unexpected
        .endr
