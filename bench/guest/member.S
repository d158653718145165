/*
 * What each of a crowd of vCPUs runs, in Dom0 and copied into DomUs: it sleeps or yields, for ever,
 * and counts. x0 is its record, struct member of crowd.c.
 */
        .text
        .balign 8
        .global crowd_member
        .hidden crowd_member
crowd_member:
        mov     x19, x0
1:      ldr     x2, [x19, #24]
        cbz     x2, 2f
        mrs     x3, cntpct_el0
        add     x3, x3, x2
        str     x3, [x19, #16]
        mov     x0, #3                          /* SCHEDOP_poll, for no port: until the time has come */
        mov     x1, x19
        b       3f
2:      mov     x0, #0                          /* SCHEDOP_yield */
3:      mov     x16, #29
        hvc     #0xea1
        ldr     x2, [x19, #32]
        add     x2, x2, #1
        str     x2, [x19, #32]
        b       1b
        .global crowd_member_end
        .hidden crowd_member_end
crowd_member_end:
