/*
 * From reset to Java.
 *
 * The image is an arm64 Linux Image (Linux, Documentation/arch/arm64/booting.rst): entered at EL2
 * with the MMU off, x0 = physical address of the device tree, loaded at any address that is a
 * multiple of 4096. It is linked at a virtual address, so before the MMU is on, code reaches its
 * data by ADRP only and calls nothing outside this file.
 *
 * Registers that live through the boot path: x19 argument for Java (device tree or CPU index),
 * x20 physical address of the image, x21 root table, x22 next free table, x23 where to go on.
 */
#include "constants.h"

#define PAGE_SIZE       4096
#define BLOCK_SIZE      0x200000        /* what a level 2 entry maps */
#define BLOCK_SHIFT     21
#define PAGE_SHIFT      12

/*
 * Root; for the link address levels 1, 2 and two of level 3 (images up to 4 MiB); for the physical
 * addresses of this code and of the device tree at most two of level 1 and three of level 2.
 */
#define BOOT_TABLES     12

        .section .head, "ax"
        .global _start
_start:
        b       boot_entry
        .long   0
        .quad   0                       /* text_offset: none */
        .quad   _image_size
        .quad   0xa                     /* little endian, 4 KiB pages, anywhere in memory */
        .quad   0, 0, 0
        .ascii  "ARM\x64"
        .long   0

        .text
boot_entry:
        .cfi_startproc
        .cfi_undefined x30
        mov     x19, x0
        bl      prepare_el2
        adrp    x20, _text_start
        bl      build_boot_tables
        ldr     x23, =boot_virtual
        b       enable_mmu

boot_virtual:
        adrp    x0, _bss_start
        add     x0, x0, :lo12:_bss_start
        adrp    x1, _bss_end
        add     x1, x1, :lo12:_bss_end
1:      cmp     x0, x1
        b.hs    2f
        stp     xzr, xzr, [x0], #16     /* both ends are multiples of 16 */
        b       1b
2:      adrp    x0, _load_address
        str     x20, [x0, :lo12:_load_address]
        mov     x0, #0
        bl      enter_java_stack
        bl      empty_arrays
        mov     x0, x19
        mov     x1, x20
        bl      boot_main
        b       resume_or_park
        .cfi_endproc

/* PSCI CPU_ON starts a CPU here: MMU off, x0 = context id = index of the CPU. */
        .global secondary_entry
secondary_entry:
        .cfi_startproc
        .cfi_undefined x30
        mov     x19, x0
        bl      prepare_el2
        adrp    x21, boot_tables
        ldr     x23, =secondary_virtual
        b       enable_mmu

secondary_virtual:
        mov     x0, x19
        bl      enter_java_stack
        mov     x0, x19
        bl      secondary_main

/* x0 = frame to resume, or 0: this CPU has nothing to do, ever. */
resume_or_park:
        cbnz    x0, exit_to_guest
park:   wfi
        b       park
        .cfi_endproc

/*
 * Leaves EL2 in a known state. At another exception level there is nothing that we could do or,
 * with no device tree read yet, say.
 */
prepare_el2:
        msr     daifset, #15
        mrs     x1, CurrentEL
        cmp     x1, #(2 << 2)
        b.ne    park
        msr     spsel, #1
        mov     x1, #(1 << 31)          /* HCR_EL2.RW: EL1 is AArch64; E2H and all traps off */
        msr     hcr_el2, x1
        ldr     x1, =SctlrEl2_OFF
        msr     sctlr_el2, x1
        msr     tpidr_el2, xzr          /* no Cpu object yet */
        isb
        ret

/* x0 = index of the CPU. Its stack, its vectors, and the end of the chain of Java frames. */
enter_java_stack:
        adrp    x1, cpu_stacks
        add     x0, x0, #1
        add     x1, x1, x0, lsl #CpuStacks_AREA_SHIFT
        mov     sp, x1
        adrp    x1, vectors_plain
        add     x1, x1, :lo12:vectors_plain
        msr     vbar_el2, x1
        isb
        mov     x29, xzr
        ret

/*
 * Tables that map the image at its link address with its final rights, and at their physical
 * addresses the device tree and the code that turns the MMU on. Stage1 (Java) replaces them; CPUs
 * that start later pass through them.
 *
 * The caches may hold lines of this memory from before, dirty ones or fetched by speculation. The
 * first invalidation keeps dirty ones from being written over the tables, the second keeps walks
 * from finding stale ones. Arm ARM DDI 0487, "Behavior of caches at reset".
 */
build_boot_tables:
        mov     x24, x30
        adrp    x21, boot_tables
        add     x22, x21, #PAGE_SIZE
        bl      invalidate_boot_tables
        mov     x0, x21
        add     x1, x21, #(BOOT_TABLES * PAGE_SIZE)
1:      stp     xzr, xzr, [x0], #16
        cmp     x0, x1
        b.lo    1b

        /* The image, page by page: text, then constants from _rodata_start, then data. */
        mov     x2, #PAGE_SHIFT
        mov     x8, x20
        ldr     x9, =_text_start
        ldr     x10, =Stage1Descriptor_TEXT_PAGE
        adrp    x11, _rodata_start
        bl      map_range
        ldr     x10, =Stage1Descriptor_RODATA_PAGE
        adrp    x11, _data_start
        bl      map_range
        ldr     x10, =Stage1Descriptor_DATA_PAGE
        adrp    x11, _image_end
        bl      map_range

        /* The device tree, if it says that it is one; without, Java reports that. */
        mov     x2, #BLOCK_SHIFT
        cbz     x19, 2f
        ldr     w0, [x19]
        ldr     w1, =0xedfe0dd0         /* FDT_MAGIC is big endian */
        cmp     w0, w1
        b.ne    2f
        ldr     w11, [x19, #4]          /* totalsize */
        rev     w11, w11
        mov     w0, #BLOCK_SIZE         /* the limit of booting.rst */
        cmp     w11, w0
        csel    w11, w11, w0, lo
        add     x11, x19, x11
        bic     x8, x19, #(BLOCK_SIZE - 1)
        mov     x9, x8
        ldr     x10, =Stage1Descriptor_RODATA_BLOCK
        bl      map_range

        /* This code, last: where it shares a block with the device tree it must execute. */
2:      adr     x8, enable_mmu
        add     x11, x8, #1
        bic     x8, x8, #(BLOCK_SIZE - 1)
        mov     x9, x8
        ldr     x10, =Stage1Descriptor_TEXT_BLOCK
        bl      map_range
        mov     x30, x24
        /* fall through */

/* Invalidates boot_tables to the point of coherency. Changes x0 to x3. */
invalidate_boot_tables:
        mrs     x3, ctr_el0
        ubfx    x3, x3, #16, #4         /* DminLine: log2 of the words in the smallest line */
        mov     x2, #4
        lsl     x2, x2, x3
        mov     x0, x21
        add     x1, x21, #(BOOT_TABLES * PAGE_SIZE)
        dmb     sy
1:      dc      ivac, x0
        add     x0, x0, x2
        cmp     x0, x1
        b.lo    1b
        dsb     sy
        ret

/*
 * Maps the physical addresses from x8 up to x11 at the virtual address x9 with the rights of the
 * descriptor x10, in units of 1 << x2. Leaves x8 and x9 behind the range.
 */
map_range:
        cmp     x8, x11
        b.hs    4f
        mov     x3, x21                 /* table */
        mov     x4, #39                 /* shift of its index: level 0 */
1:      lsr     x5, x9, x4
        and     x5, x5, #511
        cmp     x4, x2
        b.eq    3f
        ldr     x6, [x3, x5, lsl #3]
        cbnz    x6, 2f
        orr     x6, x22, #Stage1Descriptor_TABLE
        str     x6, [x3, x5, lsl #3]
        add     x22, x22, #PAGE_SIZE
2:      and     x3, x6, #0x0000fffffffff000
        sub     x4, x4, #9
        b       1b
3:      orr     x6, x10, x8
        str     x6, [x3, x5, lsl #3]
        mov     x6, #1
        lsl     x6, x6, x2
        add     x8, x8, x6
        add     x9, x9, x6
        b       map_range
4:      ret

/* Turns the MMU and the caches on with the root table x21 and goes on at x23. */
        .balign 128                     /* within one mapped page */
        .global enable_mmu
enable_mmu:
        ldr     x0, =MairEl2_VALUE
        msr     mair_el2, x0
        ldr     x0, =TcrEl2_BASE
        mrs     x1, id_aa64mmfr0_el1
        and     x1, x1, #0xf            /* PARange */
        mov     x2, #TcrEl2_PS_LIMIT
        cmp     x1, x2
        csel    x1, x1, x2, lo
        orr     x0, x0, x1, lsl #TcrEl2_PS_SHIFT
        msr     tcr_el2, x0
        msr     ttbr0_el2, x21
        tlbi    alle2
        ic      iallu
        dsb     nsh
        isb
        ldr     x0, =SctlrEl2_ON
        msr     sctlr_el2, x0
        isb
        br      x23
        .ltorg

        .data
        .balign 8
        .global _load_address
_load_address:
        .quad   0

/* What fault_vector reads instead of a Cpu object that does not exist yet. */
        .section .rodata, "a"
        .balign 8
        .global boot_cpu
boot_cpu:
        .skip   Cpu_EMERGENCY_STACK
        .quad   cpu_stacks + CpuStacks_EMERGENCY_TOP

/* Not cleared: the tables are in use by then, and a stack needs no contents. */
        .section .stacks, "aw", %nobits
        .balign 1 << CpuStacks_AREA_SHIFT
        .global cpu_stacks
cpu_stacks:
        .skip   CpuStacks_MAX_CPUS << CpuStacks_AREA_SHIFT
        .global boot_tables
boot_tables:
        .skip   BOOT_TABLES * PAGE_SIZE

/* Tables that Stage1 adds while booting, cleared there. */
        .global stage1_tables
stage1_tables:
        .skip   Stage1_TABLES * PAGE_SIZE

/* Objects made before there are frames. */
        .section .bss.early_heap, "aw", %nobits
        .balign 16
        .global early_heap
early_heap:
        .skip   EarlyHeap_SIZE
