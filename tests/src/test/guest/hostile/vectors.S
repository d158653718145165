/* Every exception is looked at and survived. */
        .text
        .global xen
xen:                                            /* number, then five arguments */
        mov     x16, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        mov     x3, x4
        mov     x4, x5
        hvc     #0xea1
        ret

/* long at_el0(code, x0, spsr): until it executes SVC; its x0. Its stack is this one. */
        .global at_el0
at_el0: stp     x29, x30, [sp, #-112]!
        stp     x19, x20, [sp, #16]
        stp     x21, x22, [sp, #32]
        stp     x23, x24, [sp, #48]
        stp     x25, x26, [sp, #64]
        stp     x27, x28, [sp, #80]
        mov     x29, sp
        sub     x3, x29, #1024
        msr     sp_el0, x3
        msr     elr_el1, x0
        msr     spsr_el1, x2
        mov     x0, x1
        isb
        eret
        .global eret_to_el0_end
eret_to_el0_end:                                /* guest_exception lets SVC return here, at EL1 */
        ldp     x19, x20, [sp, #16]
        ldp     x21, x22, [sp, #32]
        ldp     x23, x24, [sp, #48]
        ldp     x25, x26, [sp, #64]
        ldp     x27, x28, [sp, #80]
        ldp     x29, x30, [sp], #112
        ret

/* void with_registers(code, registers): x0 to x15 are the code's. */
        .global with_registers
with_registers:
        stp     x29, x30, [sp, #-32]!
        str     x1, [sp, #16]
        mov     x16, x0
        mov     x17, x1
        ldp     x0, x1, [x17]
        ldp     x2, x3, [x17, #16]
        ldp     x4, x5, [x17, #32]
        ldp     x6, x7, [x17, #48]
        ldp     x8, x9, [x17, #64]
        ldp     x10, x11, [x17, #80]
        ldp     x12, x13, [x17, #96]
        ldp     x14, x15, [x17, #112]
        blr     x16
        ldr     x17, [sp, #16]
        stp     x0, x1, [x17]
        stp     x2, x3, [x17, #16]
        stp     x4, x5, [x17, #32]
        stp     x6, x7, [x17, #48]
        stp     x8, x9, [x17, #64]
        stp     x10, x11, [x17, #80]
        stp     x12, x13, [x17, #96]
        stp     x14, x15, [x17, #112]
        ldp     x29, x30, [sp], #32
        ret

        .macro  entry handler, source
        .balign 128
        sub     sp, sp, #272
        stp     x0, x1, [sp]
        mov     x1, #\source
        stp     x29, x30, [sp, #232]
        adr     x30, \handler
        b       survive
        .endm

        .balign 2048
        .global vectors
vectors:
        .irp    source, 0, 1, 2, 3
        entry   guest_exception, \source
        entry   interrupted, \source
        entry   interrupted, \source
        entry   guest_system_error, \source
        .endr

interrupted:
        b       guest_interrupt

survive:                                        /* x1: source, x30: handler */
        stp     x2, x3, [sp, #16]
        stp     x4, x5, [sp, #32]
        stp     x6, x7, [sp, #48]
        stp     x8, x9, [sp, #64]
        stp     x10, x11, [sp, #80]
        stp     x12, x13, [sp, #96]
        stp     x14, x15, [sp, #112]
        stp     x16, x17, [sp, #128]
        stp     x18, x19, [sp, #144]
        stp     x20, x21, [sp, #160]
        stp     x22, x23, [sp, #176]
        stp     x24, x25, [sp, #192]
        stp     x26, x27, [sp, #208]
        str     x28, [sp, #224]
        mrs     x2, elr_el1
        mrs     x3, spsr_el1
        stp     x2, x3, [sp, #248]
        mov     x0, sp
        blr     x30
        ldp     x2, x3, [sp, #248]
        msr     elr_el1, x2
        msr     spsr_el1, x3
        ldp     x2, x3, [sp, #16]
        ldp     x4, x5, [sp, #32]
        ldp     x6, x7, [sp, #48]
        ldp     x8, x9, [sp, #64]
        ldp     x10, x11, [sp, #80]
        ldp     x12, x13, [sp, #96]
        ldp     x14, x15, [sp, #112]
        ldp     x16, x17, [sp, #128]
        ldp     x18, x19, [sp, #144]
        ldp     x20, x21, [sp, #160]
        ldp     x22, x23, [sp, #176]
        ldp     x24, x25, [sp, #192]
        ldp     x26, x27, [sp, #208]
        ldr     x28, [sp, #224]
        ldp     x29, x30, [sp, #232]
        ldp     x0, x1, [sp]
        add     sp, sp, #272
        eret
