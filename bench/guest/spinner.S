/* What each vCPU runs that would have all of a CPU if it could. */
        .text
        .balign 8
        .global spinner
        .hidden spinner
spinner:
        b       .
        .global spinner_end
        .hidden spinner_end
spinner_end:
