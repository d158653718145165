/*
 * Exception vectors of EL2.
 *
 * While a guest runs, SP_EL2 is the address of its TrapFrame. An exception from a guest stores all
 * general registers there, moves to the CPU's stack and calls Java, which returns the frame to
 * resume: this one, or another vCPU's. Interrupts stay masked throughout.
 *
 * Instructions from HVC to the first one of trap_sync: 25; from its return to ERET: 21.
 */
#include "constants.h"

/* What a table does on entry against what the guest left in the branch predictor. */
#define NOTHING         0
#define LOOP            1
#define FIRMWARE        2

/* Hides the guest's branch history from EL2's indirect branches. Arm, "Spectre-BHB: Speculative
 * Target Reuse Attacks", "Loop workaround"; x0 is already saved. The rounds depend on the CPU and
 * are never 0 where this table is chosen (Mitigations.java). */
        .macro  discard_branch_history
        ldr     x0, [sp, #TrapFrame_HISTORY_ROUNDS]
1:      b       . + 4
        subs    x0, x0, #1
        b.ne    1b
        dsb     nsh
        isb
        ldr     x0, [sp, #TrapFrame_X0]
        .endm

/* The same, and all branch targets that the guest has trained, on CPUs where firmware alone can do
 * it: SMCCC_ARCH_WORKAROUND_1 or 3. Such a call changes x0 to x3 at most, which are saved by then.
 * Arm DEN 0028, "SMCCC_ARCH_WORKAROUND_1". */
        .macro  call_firmware
        adrp    x0, firmware_workaround
        ldr     w0, [x0, :lo12:firmware_workaround]
        smc     #0
        ldr     x0, [sp, #TrapFrame_X0]
        .endm

/* x0 to x3 into the frame; what the guest left in the branch predictor goes. */
        .macro  begin_guest_exception way
        stp     x0, x1, [sp, #TrapFrame_X0]
        .if     \way == FIRMWARE
        stp     x2, x3, [sp, #TrapFrame_X0 + 16]
        call_firmware
        .else
        .if     \way == LOOP
        discard_branch_history
        .endif
        stp     x2, x3, [sp, #TrapFrame_X0 + 16]
        .endif
        .endm

/* Stores what an earlier instruction has not yet, and calls. x0 to x3 are already in the frame. */
        .macro  save_and_call handler
        stp     x4, x5, [sp, #TrapFrame_X0 + 32]
        stp     x6, x7, [sp, #TrapFrame_X0 + 48]
        stp     x8, x9, [sp, #TrapFrame_X0 + 64]
        stp     x10, x11, [sp, #TrapFrame_X0 + 80]
        stp     x12, x13, [sp, #TrapFrame_X0 + 96]
        stp     x14, x15, [sp, #TrapFrame_X0 + 112]
        stp     x16, x17, [sp, #TrapFrame_X0 + 128]
        stp     x18, x19, [sp, #TrapFrame_X0 + 144]
        stp     x20, x21, [sp, #TrapFrame_X0 + 160]
        stp     x22, x23, [sp, #TrapFrame_X0 + 176]
        stp     x24, x25, [sp, #TrapFrame_X0 + 192]
        stp     x26, x27, [sp, #TrapFrame_X0 + 208]
        stp     x28, x29, [sp, #TrapFrame_X0 + 224]
        mrs     x1, elr_el2
        mrs     x2, spsr_el2
        stp     x30, x1, [sp, #TrapFrame_X30]   /* and ELR */
        ldr     x3, [sp, #TrapFrame_STACK_TOP]
        str     x2, [sp, #TrapFrame_SPSR]
        mov     x20, sp                         /* the argument of a @TrapRoot */
        mov     sp, x3
        adr     x30, exit_to_guest
        b       \handler
        .endm

        .macro  guest_vector handler, way
        .balign 128
        begin_guest_exception \way
        save_and_call \handler
        .endm

/* Function identifiers of SMCCC have bit 31 set; Xen's hypercalls seldom have it in w0. A table
 * without any work on entry leaves workaround calls to Java, which knows what it has offered. */
        .macro  guest_sync_vector way
        .balign 128
        begin_guest_exception \way
        .if     \way != NOTHING
        tbnz    w0, #31, workaround_call
        .endif
        save_and_call trap_sync
        .endm

/* An exception that EL2 itself took: the stack pointer may be the reason, so it is not used. */
        .macro  fault_vector kind
        .balign 128
        msr     cntp_cval_el0, x0       /* scratch: guests' physical timer is emulated */
        fault \kind
        .endm

/* The same for SErrors, but for those of a guest that Java lets in while it takes the guest from
 * the CPU (SystemErrors.java): they are noted, nothing else. */
        .macro  serror_vector
        .balign 128
        msr     cntp_cval_el0, x0
        mrs     x0, tpidr_el2
        cbz     x0, 2f
        ldr     x0, [x0, #Cpu_SERROR_WINDOW]
        cbz     x0, 2f
        mrs     x0, tpidr_el2
        str     x0, [x0, #Cpu_SERROR_TAKEN]     /* anything but 0 */
        mrs     x0, cntp_cval_el0
        eret
        dsb     nsh
        isb
2:      fault FaultFrame_KIND_SERROR
        .endm

        .macro  fault kind
        mrs     x0, tpidr_el2
        cbnz    x0, 1f
        adrp    x0, boot_cpu
        add     x0, x0, :lo12:boot_cpu
1:      ldr     x0, [x0, #Cpu_EMERGENCY_STACK]
        sub     x0, x0, #FaultFrame_SIZEOF
        stp     x1, x2, [x0, #FaultFrame_X0 + 8]
        mov     x1, #\kind
        b       report_fault
        .endm

        .macro  vector_table name, way
        .balign 2048
        .global \name
\name:
        .cfi_startproc
        .cfi_undefined x30
        fault_vector FaultFrame_KIND_UNEXPECTED         /* this EL with SP_EL0: not in use */
        fault_vector FaultFrame_KIND_UNEXPECTED
        fault_vector FaultFrame_KIND_UNEXPECTED
        fault_vector FaultFrame_KIND_UNEXPECTED
        fault_vector FaultFrame_KIND_SYNC               /* this EL */
        fault_vector FaultFrame_KIND_IRQ
        fault_vector FaultFrame_KIND_FIQ
        serror_vector
        .rept   2                                       /* guests, AArch64 and AArch32 */
        guest_sync_vector \way
        guest_vector trap_irq, \way
        guest_vector trap_irq, \way                     /* FIQ: also the GIC's */
        guest_vector trap_serror, \way
        .endr
        .balign 128
        .cfi_endproc
        .endm

        .section .vectors, "ax"
        vector_table vectors_plain, NOTHING
        vector_table vectors_loop, LOOP
        vector_table vectors_firmware, FIRMWARE

        .cfi_startproc
        .cfi_undefined x30

/* x0 = frame. Loads all of the guest and leaves EL2. */
        .global exit_to_guest
exit_to_guest:
        mov     sp, x0
        ldp     x30, x1, [sp, #TrapFrame_X30]           /* and ELR */
        ldr     x2, [sp, #TrapFrame_SPSR]
        msr     elr_el2, x1
        msr     spsr_el2, x2
        ldp     x4, x5, [sp, #TrapFrame_X0 + 32]
        ldp     x6, x7, [sp, #TrapFrame_X0 + 48]
        ldp     x8, x9, [sp, #TrapFrame_X0 + 64]
        ldp     x10, x11, [sp, #TrapFrame_X0 + 80]
        ldp     x12, x13, [sp, #TrapFrame_X0 + 96]
        ldp     x14, x15, [sp, #TrapFrame_X0 + 112]
        ldp     x16, x17, [sp, #TrapFrame_X0 + 128]
        ldp     x18, x19, [sp, #TrapFrame_X0 + 144]
        ldp     x20, x21, [sp, #TrapFrame_X0 + 160]
        ldp     x22, x23, [sp, #TrapFrame_X0 + 176]
        ldp     x24, x25, [sp, #TrapFrame_X0 + 192]
        ldp     x26, x27, [sp, #TrapFrame_X0 + 208]
        ldp     x28, x29, [sp, #TrapFrame_X0 + 224]
        ldp     x2, x3, [sp, #TrapFrame_X0 + 16]
        ldp     x0, x1, [sp, #TrapFrame_X0]
        eret
        dsb     nsh                     /* keeps speculation from running past ERET */
        isb

/*
 * Some kernels ask for the workarounds of Spectre v2 and BHB on every entry: HVC #0 with the
 * identifier in w0. Entering EL2 did the work, so that the answer is 0 at once. Everything else
 * takes the usual way. x0 to x3 are in the frame.
 */
workaround_call:
        mrs     x1, esr_el2
        mov     w2, #0x5a000000         /* EC HVC64, IL, immediate 0 */
        cmp     w1, w2
        b.ne    2f
        eor     w1, w0, #0x80000000
        cmp     w1, #0x8000             /* SMCCC_ARCH_WORKAROUND_1 */
        b.eq    1f
        mov     w2, #0x3fff             /* SMCCC_ARCH_WORKAROUND_3 */
        cmp     w1, w2
        b.ne    2f
1:      mov     x0, #0
        ldr     x1, [sp, #TrapFrame_X0 + 8]
        ldp     x2, x3, [sp, #TrapFrame_X0 + 16]
        eret
        dsb     nsh
        isb
2:      save_and_call trap_sync

/*
 * x0 = FaultFrame at the top of the emergency stack, x1 = kind; x1 and x2 are stored, x0 is in
 * CNTP_CVAL_EL0. Java prints what happened and, when only a guest is lost, goes on with another.
 */
report_fault:
        str     x1, [x0, #FaultFrame_KIND]
        stp     x3, x4, [x0, #FaultFrame_X0 + 24]
        stp     x5, x6, [x0, #FaultFrame_X0 + 40]
        stp     x7, x8, [x0, #FaultFrame_X0 + 56]
        stp     x9, x10, [x0, #FaultFrame_X0 + 72]
        stp     x11, x12, [x0, #FaultFrame_X0 + 88]
        stp     x13, x14, [x0, #FaultFrame_X0 + 104]
        stp     x15, x16, [x0, #FaultFrame_X0 + 120]
        stp     x17, x18, [x0, #FaultFrame_X0 + 136]
        stp     x19, x20, [x0, #FaultFrame_X0 + 152]
        stp     x21, x22, [x0, #FaultFrame_X0 + 168]
        stp     x23, x24, [x0, #FaultFrame_X0 + 184]
        stp     x25, x26, [x0, #FaultFrame_X0 + 200]
        stp     x27, x28, [x0, #FaultFrame_X0 + 216]
        stp     x29, x30, [x0, #FaultFrame_X29]
        mrs     x1, cntp_cval_el0
        mov     x2, sp
        mrs     x3, elr_el2
        mrs     x4, spsr_el2
        mrs     x5, esr_el2
        mrs     x6, far_el2
        str     x1, [x0, #FaultFrame_X0]
        stp     x2, x3, [x0, #FaultFrame_SP]
        stp     x4, x5, [x0, #FaultFrame_SPSR]
        str     x6, [x0, #FaultFrame_FAR]
        mov     sp, x0
        mov     x20, x0
        bl      trap_fault              /* returns the top of this CPU's stack */
        mov     sp, x0
        mov     x29, xzr
        bl      trap_recover
        b       exit_to_guest
        .cfi_endproc

/* Which of its workarounds firmware is asked for; written while booting. */
        .data
        .balign 4
        .global firmware_workaround
firmware_workaround:
        .word   0
