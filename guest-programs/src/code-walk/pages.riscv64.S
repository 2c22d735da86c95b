/* The pages of code for RISC-V. The loop's last addi and the straddling addi (4 bytes each) lie across the page's end. */
#include "code-walk.h"

    .option norelax
    .option rvc
    .text
    .balign 4096
    .globl code_pages
    .type code_pages, @function
code_pages:
    .set page, 0
    .rept CODE_PAGES
    .org code_pages + page * 4096 + MIDDLE_OFFSET
    slli a5, a0, 1
    add a0, a0, a5
    addi a0, a0, page + 1
    ret

    .org code_pages + page * 4096 + CHAIN_OFFSET
    slli a5, a0, 1
    add a0, a0, a5
    addi a0, a0, page + 7
    j code_pages + (page + 1) * 4096 + CHAIN_OFFSET

    .if page % 2
    .org code_pages + page * 4096 + LOOP_OFFSET
1:  c.add a0, a1
    slli a5, a0, 2
    c.add a0, a5
    addi a0, a0, page + 1001
    c.addi a1, -1
    bnez a1, 1b
    ret
    .else
    .org code_pages + page * 4096 + STRADDLE_OFFSET
    addi a0, a0, page + 1000
    ret
    .endif
    .set page, page + 1
    .endr

    .org code_pages + CODE_PAGES * 4096 + CHAIN_OFFSET
    ret
    .size code_pages, . - code_pages

    .section .note.GNU-stack, "", @progbits
